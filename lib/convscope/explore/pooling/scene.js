// The pooling explorer: above, a picture and what a pool keeps of it; below, one window and the maps that max, average
// and striding make, whole. Turned round, where a gradient comes from and goes: share × gradient = sent back.
import { Card, operator } from "../view/cards.js";
import { grey_scale } from "../view/colours.js";
import { put } from "../view/dom.js";
import { Editor } from "../view/editor.js";
import { dotted, framed, ringed } from "../view/marks.js";
import { pointable } from "../view/motion.js";
import { Picture, digit_size } from "../view/picture.js";
import { pair } from "../view/settings.js";
import { grey } from "../view/twin/colours.js";
import { padded, range } from "../view/twin/ops.js";
import { short, size } from "../view/twin/words.js";
import { rendered } from "../view/view.js";
import { WindowView } from "../view/window_view.js";
import { slide, terms_at } from "../view/windows.js";
import { mount, revived } from "../view/wire.js";
import sheet from "./pooling.css" with { type: "css" };
import { rail } from "./rail.js";
import { LIMITS, changed, pools, under, window_of } from "./state.js";
import { code, readout_of, written, written_back } from "./words.js";

export { mount, revived };

const DOTS_FROM = 7, DOTS_BESIDE_DIGITS_FROM = 32; // pixels of a cell
const ROOM_FOR_NOTE = 560; // pixels of a stage in which a title has room for what the dots are

class PoolingView extends WindowView {
  static styles = [sheet];

  change(settings, changes) {
    return changed(settings, changes, this);
  }

  first() {
    const [image] = this.pictures.keys();
    return { image, kernel: "none", kind: "max", size: 1, stride: 1, padding: "valid", gradient: false, grad_y: null };
  }

  window_of(settings) {
    return window_of(settings);
  }

  get pads_zeros() {
    return false;
  }

  build() {
    super.build();
    this.edits = new Set();
    this.window = new Card("window", "gold");
    this.maps = Object.fromEntries(LIMITS.kinds.map((kind) => [kind, this.#map(kind)]));
    const [share, gradient, sent] = (this.parts = [new Card("share"), new Card("gradient", "blue"), new Card("sent back")]);
    const { max, average, striding } = this.maps;
    this.forth = [operator("→"), max.node, operator("", "or", "equals"), average.node, operator("", "or"), striding.node];
    this.back_again = [operator("→"), share.node, operator("×", "", "equals"), gradient.node, operator("="), sent.node];
    this.shell.sentence.append(this.window.node, ...this.forth, ...this.back_again);
    this.controls = rail(this);
    const refuse = (sentence) => this.refuse(sentence);
    this.pixels = new Editor(this.window, {
      get: (i) => this.terms?.[i]?.value ?? 0, set: (i, value, run) => this.#set_pixel(this.terms[i], value, run), refuse,
      can: (i) => this.can_edit && !this.terms[i].is_padding, name: (i) => `pixel (${this.terms[i].y}, ${this.terms[i].x})`,
    });
    this.gradient = new Editor(gradient, {
      get: () => this.made?.grad_y[0].data[this.at] ?? 1, set: (_, value, run) => this.#set_gradient(value, run), refuse,
      name: () => `gradient of output (${this.here.join(", ")})`,
    });
    this.link([this.window, share, sent], () => this.pixels.drag);
  }

  #map(kind) {
    const map = new Picture(kind, "picture");
    map.node.classList.add("card", "map");
    map.canvas.tabIndex = -1; // the segments of *keep* do the same
    pointable(map, {
      hover: ({ row, column }) => this.look({ hover: [row, column] }),
      pin: ({ row, column }) => {
        this.pin([row, column], true);
        this.store.ask({ kind });
      },
      leave: () => this.look({ hover: null }), walk() {}, toggle() {},
    });
    return map;
  }

  // ---- what follows from the settings

  *derive(settings) {
    const x = under(settings, this.pictures), made = pools(x, settings);
    const most = Math.max(...range([...made.grad_x, ...made.grad_y]).map(Math.abs)) || 1;
    const longest = settings.kernel === "none" && x.data.every(Number.isInteger) ? "000" : "0.555";
    yield;
    return { ...slide([x], window_of(settings)), ...made, greys: grey_scale([x]), signed: ["signed", -most, most], longest };
  }

  // The lesson is where the largest and the first differ most.
  strongest() {
    const { max: [max], striding: [striding] } = this.made;
    const differences = max.data.map((value, i) => value - striding.data[i]), i = differences.indexOf(Math.max(...differences));
    return [Math.floor(i / max.columns), i % max.columns];
  }

  // A picture of which a number was changed is no other picture.
  is_elsewhere(before) {
    const { settings } = this.made, is_edit = [before.image, settings.image].some((image) => this.edits.has(image));
    return before.kernel !== settings.kernel || (before.image !== settings.image && !is_edit);
  }

  get can_edit() {
    return this.made?.settings.kernel === "none" && !this.made.settings.gradient;
  }

  get at() {
    return this.here[0] * this.made.output[0].columns + this.here[1];
  }

  #set_pixel({ y, x }, value, run) {
    const { image: [image] } = this.made, data = Float32Array.from(image.data);
    data[y * image.columns + x] = value;
    this.edits.add(this.add_picture([{ ...image, data }], run));
  }

  #set_gradient(value, run) {
    const { grad_y: [{ rows, columns, data }] } = this.made, { at } = this;
    const line = (r) => Array.from(data.slice(r * columns, (r + 1) * columns), (old, c) => (r * columns + c === at ? value : old));
    this.store.ask({ grad_y: Array.from({ length: rows }, (_, r) => line(r)) }, run);
  }

  add_picture(planes, run) {
    return super.add_picture(grey(planes), run);
  }

  // ---- drawing

  paint() {
    const { made } = this, { settings: { kernel, kind, gradient } } = made, { greys, signed, padding } = made;
    made.output = made[kind]; // as NumPy says it is
    const [left, right, scale] = gradient ? [padded(made.grad_x[0], padding), made.grad_y[0], signed] : [made.wide[0], made.output[0], greys];
    const under_name = kernel === "none" ? "input" : "feature map";
    put(this.input.heading, gradient ? "gradient" : under_name);
    put(this.output.heading, gradient ? "gradient" : "output");
    this.show_pictures([left], scale, right, scale, LIMITS.largest.padding);
    this.#show_notes(under_name);
    for (const node of this.forth) node.hidden = gradient;
    for (const node of this.back_again) node.hidden = !gradient;
    if (!gradient) this.#show_maps();
    const [rows, columns] = pair(made.settings.size), [share, grad, sent] = this.parts;
    for (const card of [this.window, share, sent]) card.shape(rows, columns);
    grad.shape(1, 1);
    this.window.node.classList.toggle("can", this.can_edit);
    this.digits = { room: this.window.cell_size, size: digit_size([made.longest], ...this.window.cell_size) };
    this.shell.inside.querySelector("pre").textContent = code(made.settings);
  }

  #show_maps() {
    const { made, palette, maps } = this;
    for (const [kind, map] of Object.entries(maps)) {
      map.show([made[kind]], { scale: made.greys, palette });
      map.node.classList.toggle("chosen", kind === made.settings.kind);
      map.canvas.setAttribute("aria-label", `${kind}, ${size([made[kind][0].rows, made[kind][0].columns])}`);
    }
  }

  #show_notes(under_name) {
    const { input, output, made: { settings: { kernel, kind, gradient } } } = this;
    if (gradient) [input, output].forEach((picture, i) => put(picture.note, `of the ${i ? "output" : under_name}`));
    else if (kernel !== "none") put(input.note, `${kernel}, ReLU`);
    const has_digits = input.cell >= 18 && input.tiles[0][0].data.length <= 900;
    this.is_dotted = kind !== "average" && input.cell >= (has_digits ? DOTS_BESIDE_DIGITS_FROM : DOTS_FROM);
    const dots = this.is_dotted && !gradient && kernel === "none" && kind === "max" && this.shell.stage.clientWidth > ROOM_FOR_NOTE;
    if (dots) put(input.note, `${input.note.textContent}, dots: winners`);
  }

  draw() {
    const { made, input, palette, shell: { stage } } = this, { settings: { kind, gradient }, winners, image: [x], padding } = made;
    const winner = winners[kind]?.[this.at];
    this.terms = terms_at(made, this.here).map((term) => ({ ...term, wins: !term.is_padding && term.y * x.columns + term.x === winner }));
    const box_of = (place) => input.box(stage, { row: Math.floor(place / x.columns) + padding[0][0], column: (place % x.columns) + padding[1][0] });
    const others = this.is_dotted ? [...new Set(winners[kind])].filter((place) => place !== winner) : [];
    const ring = winner !== undefined && input.cell >= 12 ? ringed(box_of(winner), palette) : [];
    const [row, column] = this.here;
    const in_maps = gradient ? [] : Object.values(this.maps).flatMap((map) => framed(map.box(stage, { row, column }), palette));
    this.draw_marks({ beams: [this.window, null], under: dotted(others.map(box_of), palette), over: [...ring, ...in_maps] });
    this.#draw_window();
    if (gradient) this.#draw_sent();
    else for (const [each, map] of Object.entries(this.maps)) put(map.note, short(made[each][0].data[this.at]));
    this.shell.write(...(gradient ? written_back(this) : written(this)));
    this.shell.tell(...readout_of(this));
  }

  get common() {
    const padding = this.terms.map((term) => term.is_padding);
    return { ...this.digits, theme: this.palette.theme, hot: this.hot, padding };
  }

  #texts(values) {
    return values.map((value, i) => (this.terms[i].is_padding ? "" : short(value)));
  }

  #draw_window() {
    const { made: { greys, settings }, terms } = this, values = terms.map((term) => term.value);
    const ring = new Set(terms.flatMap((term, i) => (term.wins ? [i] : [])));
    this.window.fill(values, greys, { ...this.common, ring, texts: this.#texts(values) });
    this.pixels.label();
    const hint = matchMedia("(pointer: coarse)").matches ? "tap to type" : "drag, type";
    put(this.window.note, this.can_edit ? hint : size(pair(settings.size)));
  }

  #draw_sent() {
    const { made: { settings: { kind }, signed, grad_y: [grad_y] }, terms, palette: { theme } } = this, [share, gradient, sent] = this.parts;
    const pixels = terms.filter((term) => !term.is_padding).length, value = grad_y.data[this.at];
    const shares = terms.map((term) => (term.is_padding ? 0 : kind === "average" ? 1 / pixels : Number(term.wins)));
    const parts = shares.map((each) => each * value);
    share.fill(shares, ["signed", -1, 1], { ...this.common, texts: this.#texts(shares) });
    sent.fill(parts, signed, { ...this.common, texts: this.#texts(parts) });
    gradient.fill([value], signed, { room: gradient.cell_size, size: 27, theme });
    this.gradient.label();
    put(share.note, { max: "to the winner", average: "equal", striding: "to the first" }[kind]);
    put(gradient.note, matchMedia("(pointer: coarse)").matches ? "tap to type" : "drag, type");
    put(sent.note, "adds up");
  }
}

export const render = rendered(PoolingView);

export default { render };
