// The shift explorer: above, a picture to drag, the map of the shifted picture and the shifted map, with = or ≠ between
// them; below, their difference, its size, and that size at every shift, as a comb.
import { Card, operator } from "../view/draw/cards.js";
import { Chart, bars, colour, line, rectangle } from "../view/draw/chart.js";
import { segments, slider } from "../view/controls/controls.js";
import { clamp, h, put } from "../view/dom.js";
import { typing_hint } from "../view/draw/editor.js";
import { framed } from "../view/draw/marks.js";
import { draggable, pointable } from "../view/motion.js";
import { Picture } from "../view/draw/picture.js";
import { arrange, image_control } from "../view/controls/rail.js";
import { shift } from "../view/twin/shift.js";
import { range } from "../view/twin/ops.js";
import { number, size } from "../view/twin/words.js";
import { View, rendered } from "../view/view.js";
import { WindowControls } from "../view/windows/window_rail.js";
import { Comb } from "./comb.js";
import { answers, apart, layer_of, relative, shifted } from "./layer.js";
import sheet from "./shift.css" with { type: "css" };
import { LIMITS, changed, fields_of, laid, room_of } from "./state.js";
import { in_use, is_same, of_answers, readout, written } from "./words.js";

const FAINT = 4; // a difference has its full colour from this part of the brightest cell on
const LABELS = {
  kernel_size: ["kernel size", "kernel columns"], stride: ["stride", "stride columns"],
  pool_size: ["pool size", "pool columns"], pool_stride: ["pool stride", "pool stride columns"],
};

class ShiftView extends View {
  static styles = [sheet];
  hover = null;
  drag = null;
  cached = null;
  changed = changed;

  build() {
    const { shell } = this;
    this.input = new Picture("x, shifted", "picture");
    this.one = new Picture("f(shift x)", "map");
    this.other = new Picture("shift f(x)", "map");
    this.difference = new Picture("difference", "map");
    this.input.node.classList.add("moving");
    this.other.node.classList.add("follower");
    this.sign = operator("=", "", "sign");
    shell.pictures.append(this.input.node, operator("→", "f"), this.one.node, this.sign, this.other.node);
    this.error = new Card("error", "gold error");
    this.comb = new Comb({ go: (across, run) => this.#move([this.store.settings.shift[0], across], run), rest: () => this.store.rest() });
    shell.sentence.append(this.difference.node, operator("→", "size"), this.error.node, h("span"), this.comb.node);
    this.maxima = new Chart("", "answers");
    this.rule_note = h("p", { class: "note" });
    shell.rule.append(this.maxima.node, this.rule_note);
    this.controls = this.#rail();
    this.#listen();
  }

  #rail() {
    const { store } = this, windows = new WindowControls(this, LIMITS, LABELS);
    const named = {
      image: [image_control(this, this.input, { plain: true, largest: LIMITS.own })],
      layer: [segments(store, "layer", "layer", LIMITS.among.layer)],
      stride: [windows.slider("stride")],
      pooling: [segments(store, "pooling", "pooling", shortened(LIMITS.among.pooling))],
      pool_stride: [windows.slider("pool_stride")],
      kernel: [slider(store, "map", { get: () => store.settings.kernel, set: (kernel) => ({ kernel }), least: 0, most: LIMITS.whole.kernel[1] })],
      kernel_size: [windows.slider("kernel_size")],
      pool_size: [windows.slider("pool_size")],
      global_pool: [segments(store, "global_pool", "global pool", shortened(LIMITS.among.global_pool))],
      shift: [this.#step("down", 0), this.#step("to the right", 1)],
    };
    this.shell.controls.classList.add("tight");
    return arrange(this, named, windows.apart());
  }

  #step(label, axis) {
    const { store } = this, set = (step) => ({ shift: store.settings.shift.with(axis, step) });
    return slider(store, label, { get: () => store.settings.shift[axis], set, least: -LIMITS.furthest, most: LIMITS.furthest, text: number });
  }

  // ---- what follows from the settings

  is_large() {
    return this.store.settings.layer === "dense";
  }

  *derive(settings) {
    const { paper, ...place } = laid(this.pictures.get(settings.image));
    const look = yield* layer_of(settings, paper.data.length);
    const home = look(paper), moved = shift(paper, ...settings.shift), there = look(moved);
    const back = shifted(home, settings.shift, settings), gap = apart(there, back);
    const both = [home, there].map((maps) => answers(maps, settings.global_pool));
    const curve = yield* this.#curve(settings, paper, look, home);
    return {
      place, moved, home, there, back, gap, curve, fields: fields_of(settings), error: relative(there, back, home), answers: both,
      answer_error: relative(...both.map((each) => [{ data: each }]).toReversed(), [{ data: both[0] }]),
      shown: settings.layer === "dense" ? 0 : settings.kernel,
    };
  }

  // The error at each shift of columns; it is the same wherever among these the picture stands.
  *#curve(settings, paper, look, home) {
    const key = JSON.stringify({ ...settings, shift: settings.shift[0], kernel: 0, global_pool: "" });
    if (this.cached?.key === key) return this.cached.curve;
    const [, [least, most]] = room_of(settings, this.pictures), curve = [];
    for (let across = least; across <= most; across++) {
      const steps = [settings.shift[0], across];
      curve.push([across, relative(look(shift(paper, ...steps)), shifted(home, steps, settings), home)]);
      yield;
    }
    this.cached = { key, curve };
    return curve;
  }

  settled() {
    this.hover = null;
  }

  in_code(settings) {
    return super.in_code(in_use(settings));
  }

  // ---- drawing

  paint() {
    const { made, palette } = this, { moved, there, back, gap, shown, error } = made;
    const [one, other, difference] = [there, back, gap].map((maps) => maps[shown]);
    const most = range([one, other])[1] || 1, off = Math.max(...range([difference]).map(Math.abs), most / FAINT);
    this.input.show([[moved]], { scale: ["grey", Math.min(0, range([moved])[0]), range([moved])[1]], palette });
    this.one.show([[one]], { scale: ["grey", 0, most], palette });
    this.other.show([[other]], { scale: ["grey", 0, most], palette });
    this.difference.show([[difference]], { scale: ["signed", -off, off], palette });
    const words = size([one.rows, one.columns]), walk = "Arrow keys walk over it.";
    this.input.describe(typing_hint("drag it", "slide it"), "Arrow keys move it.", "picture on blank paper");
    this.one.describe(words, walk, `map of the shifted picture, ${words}`);
    this.other.describe(there.length > 1 ? `map ${shown} of ${there.length}` : "", walk, `shifted map, ${words}`);
    this.difference.describe(is_same(error) ? "all 0" : "", walk, `difference, ${words}`);
    this.#paint_sign(is_same(error));
    this.error.total(error, ["signed", -1, 1], palette.theme);
    put(this.error.note, is_same(error) ? "none" : "of the map");
    this.#paint_answers();
  }

  #paint_sign(are_same) {
    put(this.sign, are_same ? "=" : "≠");
    this.sign.classList.toggle("not", !are_same);
    this.other.heading.parentNode.dataset.sign = are_same ? "=" : "≠";
  }

  // A pair of bars for each map: of x, and of shifted x.
  #paint_answers() {
    const { answers: both, settings } = this.made, { width, height } = this.maxima.room;
    const each = width / both[0].length, wide = Math.min(14, each / 2 - 3), most = Math.max(...both.flat()) || 1;
    const places = (values, side) => values.map((value, i) => ({ x: (i + 0.5) * each + (side * (wide + 1)) / 2, y: height - (value / most) * (height - 2) }));
    const parts = [bars(places(both[0], -1), height, wide, "strong-line"), bars(places(both[1], 1), height, wide, "ink")];
    this.maxima.show([...parts, line(0, height, width, height, { stroke: colour("strong-line") })], both.map((values, i) => `${values.map(number).join(", ")} of ${i ? "shifted x" : "x"}`).join("; "));
    put(this.maxima.heading, `global ${settings.global_pool === "max" ? "max" : "mean"} of f`);
    put(this.rule_note, of_answers(this.made));
  }

  draw() {
    const { made, hover, shell, palette } = this, { stage } = shell;
    const marks = this.#ways();
    if (hover) {
      const [row, column] = hover;
      marks.push(...framed(this.input.box(stage, this.#seen(row, column)), palette));
      for (const picture of [this.one, this.other, this.difference]) marks.push(...framed(picture.box(stage, { row, column }), palette));
    }
    shell.marks.replaceChildren(...marks);
    this.comb.draw({ curve: made.curve, jump: made.fields[1].jump, across: made.settings.shift[1] });
    shell.write(...written(made));
    shell.tell(readout(made, hover));
  }

  // Where the picture was, dashed; where it is, in blue, since it can be moved.
  #ways() {
    const { place: { top: row, left: column, rows, columns }, settings: { shift: [down, across] } } = this.made, { stage } = this.shell;
    const [home, now] = [[0, 0], [down, across]].map(([r, c]) => this.input.box(stage, { row: row + r, column: column + c, rows, columns }));
    const blue = { stroke: colour("accent"), "stroke-width": 2 };
    const parts = [rectangle(home, { stroke: colour("strong-line"), "stroke-dasharray": "3 3" }), rectangle(now, blue)];
    return down || across ? [...parts, line(home.x, home.y, now.x, now.y, blue)] : parts;
  }

  // The pixels of the paper that a cell of the map sees.
  #seen(...cell) {
    const ends = this.made.fields.map(({ start, jump, size: span }, axis) => {
      const first = start + cell[axis] * jump, last = first + span;
      return span ? [Math.max(first, 0), Math.min(last, LIMITS.paper)] : [0, LIMITS.paper];
    });
    const [[top, bottom], [left, right]] = ends;
    return { row: top, column: left, rows: bottom - top, columns: right - left };
  }

  // ---- what a person does

  #listen() {
    for (const picture of [this.one, this.other, this.difference]) {
      const hover = ({ row, column }) => this.look({ hover: [row, column] }), leave = () => this.look({ hover: null });
      pointable(picture, { hover, leave, walk: (down, across) => this.#walk(down, across) });
      picture.canvas.addEventListener("blur", leave);
    }
    pointable(this.input, { walk: (...by) => this.#move(this.store.settings.shift.map((step, axis) => step + by[axis])) });
    draggable(this.input.canvas, { press: (event) => this.#take(event), move: (event) => this.#drag(event), end: () => this.store.rest() });
  }

  // As far as there is room.
  #move(steps, run = null) {
    const room = room_of(this.store.settings, this.pictures);
    this.store.ask({ shift: steps.map((step, axis) => clamp(step, ...room[axis])) }, run);
  }

  #take({ clientX, clientY }) {
    this.drag = { x: clientX, y: clientY, from: this.store.settings.shift, run: Symbol("drag") };
    return true;
  }

  #drag({ clientX, clientY }) {
    const { x, y, from: [down, across], run } = this.drag, { cell } = this.input;
    this.#move([down + Math.round((clientY - y) / cell), across + Math.round((clientX - x) / cell)], run);
  }

  #walk(down, across) {
    const { rows, columns } = this.made.there[0], [row, column] = this.hover ?? [rows >> 1, columns >> 1];
    this.look({ hover: [clamp(row + down, 0, rows - 1), clamp(column + across, 0, columns - 1)] });
  }
}

// There is little room for "average".
const shortened = (words) => words.map((word) => [word, word === "average" ? "mean" : word]);

export const render = rendered(ShiftView);

export default { render };
