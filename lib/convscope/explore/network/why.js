// Why it says so: how sure it stays where a patch of paper hides the input, and how more ink would change the score.
import { h, put } from "../view/dom.js";
import { pointable } from "../view/motion.js";
import { Picture } from "../view/draw/picture.js";
import { plane, range } from "../view/twin/ops.js";
import { answer, pixel_gradient, occlusion } from "./net/net.js";
import { percent } from "./words.js";

const PER_FRAME = 8; // milliseconds of a frame that hiding may take, and while a pen draws
const PER_FRAME_DRAWING = 2;
const STEP = 2; // pixels from one hidden patch to the next
const PATCH = 5; // its side
const LEAST_FALL = 0.02; // a fall of the probability that has its full colour, at least

export class Why {
  found = null; // {plane, of, from, lowest, highest}: how far the probability of a class falls where the patch lies, and to what
  work = null;
  id = 0;
  made = null; // and the class of which one asks
  which = -1;
  begun = { of: -1, from: 0 }; // of which one is being told, and its probability with nothing hidden

  constructor(view) {
    this.view = view;
    this.heading = h("h3");
    this.hide = new Picture("hide", "map");
    this.ink = new Picture("add ink", "map");
    this.node = h("section", { class: "why" }, h("header", {}, this.heading), this.hide.node, this.ink.node);
    for (const picture of [this.hide, this.ink]) {
      picture.legend.remove();
      picture.canvas.tabIndex = -1; // seen on the paper when pointed at, and told in words beside it
      const hover = ({ row, column }) => view.look({ over: { picture, row, column } });
      pointable(picture, { hover, leave: () => view.look({ over: null }), walk() {} });
    }
  }

  end() {
    cancelAnimationFrame(this.id);
    this.work = null;
  }

  // Begin anew for a class, unless that is what was asked; whether it was not. made: as the view derives it.
  ask(made, which) {
    if (this.made === made && this.which === which) return false;
    Object.assign(this, { made, which });
    this.slope = pixel_gradient(made.network, made.stages, [made.stages.length - 2, which, 0, 0])[0];
    if (this.work && this.view.pad.line) this.is_stale = true; // under a pen that goes on, one is worked out whole
    else this.#begin();
    return true;
  }

  #begin() {
    const { made, which } = this;
    this.is_stale = false;
    this.begun = { of: which, from: made.stages.at(-1).maps[which].data[0] };
    this.work = occlusion(made.network, made.seen, which, { patch: PATCH, step: STEP });
    this.id ||= requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    this.id = 0;
    const until = performance.now() + (this.view.pad.line ? PER_FRAME_DRAWING : PER_FRAME);
    while (this.work && performance.now() < until) {
      const { done, value } = this.work.next();
      if (!done) continue;
      this.work = null;
      const { from } = this.begun, [{ rows, columns }] = this.made.seen, falls = plane(rows, columns);
      const seen_at = (i) => value.data[Math.floor(Math.floor(i / columns) / STEP) * value.columns + Math.floor((i % columns) / STEP)];
      for (let i = 0; i < falls.data.length; i++) falls.data[i] = from - seen_at(i);
      this.found = { plane: falls, ...this.begun, lowest: Math.min(...value.data), highest: Math.max(...value.data) };
      if (this.is_stale) this.#begin();
      this.show();
      this.view.look({});
    }
    if (this.work) this.id ||= requestAnimationFrame(() => this.#frame());
  }

  // What was found of the class that one asks of.
  get falls() {
    return this.found?.of === this.which ? this.found : null;
  }

  // [plane, scale] of one of the pictures.
  of(picture) {
    const map = picture === this.ink ? this.slope : (this.falls?.plane ?? plane(this.slope.rows, this.slope.columns));
    const most = Math.max(...range([map]).map(Math.abs), picture === this.hide ? LEAST_FALL : 1e-9);
    return [map, ["signed", -most, most]];
  }

  show() {
    const { made, which, view: { palette, classes } } = this;
    put(this.heading, `why${answer(made.stages) === which ? "" : " not"} ${classes[which]}?`);
    for (const picture of [this.hide, this.ink]) {
      const [map, scale] = this.of(picture);
      picture.show([[map]], { scale, palette });
    }
    const is_answer = answer(made.stages) === which, to = this.falls && percent(is_answer ? this.falls.lowest : this.falls.highest);
    this.hide.describe(to ? `${is_answer ? "to" : "up to"} ${to}` : "", "", `hiding ${PATCH} × ${PATCH} pixels brings ${classes[which]} ${is_answer ? "down" : "up"} to ${to}`);
    this.ink.describe("", "", `where more ink raises the score of ${classes[which]}, and where it lowers it`);
  }

  // What is pointed at, in words; and the patch that is hidden there.
  told({ picture, row, column }) {
    const name = this.view.classes[this.which];
    if (picture === this.ink) return [`More ink where it is red raises the score of ${name}; where it is blue, it lowers it.`, null];
    if (!this.falls) return ["computing …", null];
    const { plane: { columns, data }, from } = this.falls, hidden = percent(from - data[row * columns + column]);
    const [top, left] = [row, column].map((at) => at - (at % STEP) - (PATCH >> 1)), place = { row: top, column: left, rows: PATCH, columns: PATCH };
    return [`With these ${PATCH} × ${PATCH} pixels hidden, it would be ${hidden} sure of ${name} instead of ${percent(from)}. Red speaks for ${name}, blue against.`, place];
  }
}

// The ink as a line between pixels, a path in pixels of the input.
export function ink_outline({ rows, columns, data }) {
  const on = (r, c) => r >= 0 && c >= 0 && r < rows && c < columns && data[r * columns + c] > 0.5;
  let d = "";
  for (let r = 0; r <= rows; r++) {
    for (let c = 0; c <= columns; c++) {
      if (on(r, c) !== on(r - 1, c)) d += `M${c} ${r}h1`;
      if (on(r, c) !== on(r, c - 1)) d += `M${c} ${r}v1`;
    }
  }
  return d;
}
