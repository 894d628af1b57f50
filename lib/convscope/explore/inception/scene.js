// The Inception designer: above, the module as streams whose widths are numbers of maps; below, what it costs beside
// its rivals, as bars in pieces, one for each of its boxes.
import { Chart } from "../view/draw/chart.js";
import { dropdown, segments, slider } from "../view/controls/controls.js";
import { clamp, h, put } from "../view/dom.js";
import { part, result } from "../view/draw/formulas.js";
import { arrange, rule } from "../view/controls/rail.js";
import { conv_weights, inception, macs } from "../view/twin/models.js";
import { count, number, plural, size } from "../view/twin/words.js";
import { View, rendered } from "../view/view.js";
import { draggable } from "../view/motion.js";
import sheet from "./inception.css" with { type: "css" };
import { LIMITS, WIDTHS, changed, made_of } from "./state.js";
import { OWN } from "../view/controls/settings.js";
import { scale_of, streams } from "./streams.js";
import { NAMES, described, large, readout, written } from "./words.js";

const DRAGGED = 4; // maps in a step of a dragged edge
const ROOM_FOR_WORDS = 36; // pixels of a piece of a bar
const RIVAL = 5; // the kernel size of the one convolution beside the modules

class InceptionView extends View {
  static styles = [sheet];
  hover = null;
  pinned = null;
  drag = null;
  own = null;
  changed = changed;

  build() {
    const { shell, store } = this;
    this.chart = new Chart("input", "wide streams");
    this.chart.note.after(h("span", { class: "note unit" }, "width = maps"));
    shell.pictures.append(this.chart.node);
    this.rows = ["with 1×1", "naive", "one 5×5"].map(cost_row);
    shell.sentence.className = "costs";
    const heading = h("header", {}, h("h3", {}, "cost"), h("span", { class: "note" }, "bars: weights, a piece for each box"));
    shell.sentence.append(heading, ...this.rows.map(({ node }) => node));
    const says = rule(this, "concatenated", () => this.#rule(), { long: 28 });
    const [maps, rows, columns] = ["input maps", "input rows", "input columns"].map((label, axis) => this.#input_slider(label, axis));
    shell.controls.classList.add("tight");
    this.controls = [says, ...arrange(this, {
      module: [dropdown(store, "module", "module", () => this.#modules())],
      input_shape: [maps, ...WIDTHS.map((name) => this.#width_slider(name))],
      naive: [segments(store, "naive", "1×1 first", [[false, "with"], [true, "naive"]])],
    }, [["size of the input", rows], ["", columns]])];
    this.#listen();
  }

  // GoogLeNet's and, at the end, the last one of one's own.
  #modules() {
    const { settings } = this.store, names = Object.keys(this.options.modules);
    if (settings.module === OWN) this.own = made_of(settings);
    const own = this.own ? [["own", OWN, { module: OWN, ...this.own }]] : [];
    return [...names.map((name) => [name, name, { module: name }]), ...own];
  }

  // A width that would change nothing is idle: of a reduction whose branch is left out, or of a naive module.
  #width_slider(name) {
    const { store } = this, of = { reduce_three: "three", reduce_five: "five" }[name];
    const reduces = of || name === "pool";
    const idle = () => Boolean((reduces && store.settings.naive) || (of && !store.settings[of]));
    const made = slider(store, NAMES[name], {
      get: () => store.settings[name], set: (value) => ({ [name]: value }), least: 0, most: LIMITS.reach[name],
      idle, text: (value) => (idle() ? "–" : String(value)),
    });
    made.node.addEventListener("focusin", () => this.look({ pinned: name }));
    return made;
  }

  #input_slider(label, axis) {
    const { store } = this;
    const set = (value) => ({ input_shape: store.settings.input_shape.with(axis, value) });
    return slider(store, label, { get: () => store.settings.input_shape[axis], set, least: 1, most: LIMITS.reach.input_shape[axis] });
  }

  *derive(settings) {
    const [lean, naive] = [inception(settings), inception(settings, true)];
    const weights = conv_weights(RIVAL, settings.input_shape[0], lean.maps);
    return { lean, naive, plain: { maps: lean.maps, weights, boxes: [{ weights }] }, module: settings.naive ? naive : lean };
  }

  paint() {
    const { settings: { input_shape: [depth, ...places] } } = this.made;
    put(this.chart.note, `${plural(depth, "map")} of ${size(places)}`);
  }

  #rule() {
    const { module, settings: { input_shape: [, ...places] } } = this.made;
    const parts = module.branches.flatMap(({ label, maps }, i) => [i ? "+" : "", part(count(maps), label)]);
    const note = `Depths add up; ${size(places)} must be the same in all, or there is nothing to stack.`;
    return [[[...parts, "=", result(count(module.maps))]], note];
  }

  // Of a module with a name, that says it all.
  in_code({ module, naive, ...widths }) {
    return super.in_code(module === OWN ? { ...widths, naive } : { module, naive });
  }

  draw() {
    const { module, settings: { input_shape } } = this.made, { palette, chart } = this, { room } = chart;
    const marked = this.#marked();
    this.scale = this.drag?.scale ?? scale_of(module, input_shape[0], room);
    const parts = streams(module, marked.name, { depth: input_shape[0], scale: this.scale, room, palette });
    chart.show(parts, described(module));
    this.#draw_costs(marked);
    this.shell.write(...written(marked, module));
    this.shell.tell(readout(marked, module, input_shape));
  }

  // What is pointed at; else the box with most weights.
  #marked() {
    const { boxes } = this.made.module, found = [this.hover, this.pinned].map((name) => boxes.find((box) => box.name === name));
    return found.find(Boolean) ?? boxes.reduce((one, other) => (other.weights > one.weights ? other : one));
  }

  #draw_costs(marked) {
    const { lean, naive, plain, module, settings } = this.made, rivals = [lean, naive, plain];
    const most = Math.max(...rivals.map(({ weights }) => weights)), room = this.rows[0].bar.clientWidth;
    for (const [i, { node, bar, maps, numbers: [weights, work, times] }] of this.rows.entries()) {
      const rival = rivals[i];
      node.classList.toggle("this", rival === module);
      bar.replaceChildren(...rival.boxes.map((box) => piece(box, box.weights / most, box.name === marked.name, room)));
      put(maps, plural(rival.maps, "map"));
      put(weights, count(rival.weights));
      put(work, large(macs(rival.weights, settings.input_shape.slice(1))));
      put(times, number(rival.weights / lean.weights));
    }
  }

  // ---- what a person does

  #listen() {
    const { box } = this.chart, name_at = (event) => event.target.closest?.("[data-name]")?.dataset.name ?? null;
    for (const area of [box, this.shell.sentence]) {
      area.addEventListener("pointermove", (event) => this.#point(name_at(event)));
      area.addEventListener("pointerleave", () => this.#point(null));
    }
    this.shell.sentence.addEventListener("click", (event) => name_at(event) && this.#pin(name_at(event)));
    draggable(box, { press: (event) => this.#press(event), move: (event) => this.#move(event), end: (event) => this.#release(event) });
  }

  #point(name) {
    if (!this.drag && name !== this.hover) this.look({ hover: name });
  }

  #pin(name) {
    this.look({ pinned: name, hover: null });
    this.shell.hear();
  }

  // An edge that is dragged takes the other with it, since boxes stand in the middle of their branch.
  #press(event) {
    const node = event.target.closest?.(".box");
    if (!node) return false;
    const { name } = node.dataset, grip = node.querySelector(".grip").getBoundingClientRect();
    const way = event.clientX < grip.left + grip.width / 2 ? -2 : 2;
    this.drag = { name, x: event.clientX, from: this.store.settings[name], scale: this.scale, way, run: Symbol("drag") };
    return true;
  }

  #move(event) {
    const { name, x, from, scale, way, run } = this.drag, by = ((event.clientX - x) * way) / scale;
    if (Math.abs(event.clientX - x) < 2) return;
    const width = Math.round((from + by) / DRAGGED) * DRAGGED;
    this.store.ask({ [name]: clamp(width, 0, Math.max(from, LIMITS.reach[name])) }, run);
  }

  #release({ type }) {
    const { name } = this.drag;
    this.drag = null;
    if (type === "pointerup") this.#pin(name);
    this.store.rest();
    this.frames.request();
  }
}

// A row of costs: what stands in it is put there later.
function cost_row(name) {
  const bar = h("div", { class: "bar" }), maps = h("small"), numbers = Array.from({ length: 3 }, () => h("b"));
  const cells = ["weights", "multiply–adds", "times"].map((unit, i) => h("span", {}, numbers[i], h("small", {}, unit)));
  return { node: h("div", { class: "line" }, h("span", { class: "name" }, h("b", {}, name), maps), bar, cells), bar, maps, numbers };
}

// What a box takes of a bar; the words only where there is room for them.
function piece({ name, kernel_size: k }, share, is_marked, room) {
  const words = k && share * room > ROOM_FOR_WORDS ? `${k}×${k}` : "";
  return h("i", { class: is_marked ? "marked" : k === 1 ? "one" : "", "data-name": name, style: `width: ${share * 100}%` }, words);
}

export const render = rendered(InceptionView);

export default { render };
