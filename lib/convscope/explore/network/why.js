// Why it says so: how its lead changes where a patch of paper hides the input, and its score with a little more ink.
import { h, put } from "../view/dom.js";
import { pointable } from "../view/motion.js";
import { Picture } from "../view/draw/picture.js";
import { plane, range } from "../view/twin/ops.js";
import { answer, lead_of, pixel_gradient, occlusion } from "./net/net.js";
import { short } from "../view/twin/words.js";

const PER_FRAME = 8; // milliseconds of a frame that hiding may take, and while a pen draws
const PER_FRAME_DRAWING = 2;
const STEP = 2; // pixels from one hidden patch to the next
const PATCH = 5; // its side
const LEAST_CHANGE = 0.1; // of the lead that has its full colour

export class Why {
  found = null; // {plane, of}: how the lead of a class changes where the patch lies
  work = null;
  id = 0;
  made = null; // and the class of which one asks
  which = -1;
  begun = -1; // the class whose lead is being worked out
  gradient = null; // of the class's score, by pixels; null before anybody needs it
  is_due = false; // whether something else is asked than what is on show

  constructor(view) {
    this.view = view;
    this.heading = h("h3");
    this.hide = new Picture("hide", "map");
    this.ink = new Picture("add ink", "map");
    this.node = h("section", { class: "why" }, h("header", {}, this.heading), this.hide.node, this.ink.node);
    for (const picture of [this.hide, this.ink]) {
      picture.legend.remove();
      picture.be_still(); // seen on the paper when pointed at, and told in words beside it
      const hover = ({ row, column }) => view.look({ over: { picture, row, column } });
      pointable(picture, { hover, leave: () => view.look({ over: null }), walk() {} });
    }
  }

  end() {
    cancelAnimationFrame(this.id);
    this.work = null;
  }

  // Begin anew for a class, unless that is what was asked; whether the answer comes later. made: as the view derives it.
  ask(made, which) {
    if (this.made === made && this.which === which) return false;
    Object.assign(this, { made, which, gradient: null, is_due: true });
    if (this.work && this.view.pad.line) this.is_stale = true; // under a pen that goes on, one is worked out whole
    else this.#begin();
    return Boolean(this.hide.tiles); // the first is to be shown at once, since then there is room for the others
  }

  #begin() {
    const { made, which } = this;
    this.is_stale = false;
    this.begun = which;
    this.work = occlusion(made.network, made.seen, which, { patch: PATCH, step: STEP });
    cancelAnimationFrame(this.id);
    this.id = requestAnimationFrame(() => this.#next()); // the frame after the one in which the change itself is shown
  }

  #next() {
    this.id = requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    this.id = 0;
    if (this.is_due) this.show();
    const until = performance.now() + (this.view.pad.line ? PER_FRAME_DRAWING : PER_FRAME);
    while (this.work && performance.now() < until) {
      const { done, value } = this.work.next();
      if (!done) continue;
      this.work = null;
      const [{ rows, columns }] = this.made.seen, changes = plane(rows, columns);
      const seen_at = (i) => value.data[Math.floor(Math.floor(i / columns) / STEP) * value.columns + Math.floor((i % columns) / STEP)];
      for (let i = 0; i < changes.data.length; i++) changes.data[i] = seen_at(i);
      this.found = { plane: changes, of: this.begun };
      if (this.is_stale) this.#begin();
      this.show();
      this.view.look({});
    }
    if (this.work && !this.id) this.#next();
  }

  get slope() {
    const { made: { network, stages }, which } = this;
    return (this.gradient ??= pixel_gradient(network, stages, [stages.length - 2, which, 0, 0])[0]);
  }

  // What was found of the class that one asks of.
  get changes() {
    return this.found?.of === this.which ? this.found.plane : null;
  }

  // [plane, scale] of one of the pictures.
  of(picture) {
    const map = picture === this.ink ? this.slope : (this.changes ?? plane(this.slope.rows, this.slope.columns));
    const most = Math.max(...range([map]).map(Math.abs), picture === this.hide ? LEAST_CHANGE : 1e-9);
    return [map, ["signed", -most, most]];
  }

  show() {
    this.is_due = false;
    const { made, which, view: { palette, classes } } = this;
    put(this.heading, `why${answer(made.stages) === which ? "" : " not"} ${classes[which]}?`);
    for (const picture of [this.hide, this.ink]) {
      const [map, scale] = this.of(picture);
      picture.show([[map]], { scale, palette });
    }
    const changed = this.changes ? `changes the lead of ${classes[which]} by ${range([this.changes]).map(short).join(" to ")}` : "is being tried";
    this.hide.describe("blue: needed", "", `hiding ${PATCH} × ${PATCH} pixels ${changed}`);
    this.ink.describe("red: helps", "", `where more ink raises the score of ${classes[which]}, and where it lowers it`);
  }

  // What is pointed at, in words; and the patch that is hidden there.
  told({ picture, row, column }) {
    const name = this.view.classes[this.which];
    if (picture === this.ink) return [`A little more ink where it is red raises the score of ${name}; where it is blue, it lowers it.`, null];
    if (!this.changes) return ["computing …", null];
    const lead = lead_of(this.made.stages, this.which), { columns, data } = this.changes;
    const [top, left] = [row, column].map((at) => at - (at % STEP) - (PATCH >> 1)), place = { row: top, column: left, rows: PATCH, columns: PATCH };
    const changed = `With these ${PATCH} × ${PATCH} pixels hidden, the lead of ${name} is ${short(lead + data[row * columns + column])} instead of ${short(lead)}.`;
    return [`${changed} It needs what is blue; without what is red, it grows.`, place];
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
