// The paper, which is the input: a pen, a rubber, a hand that moves it, and a finger that asks what a pixel feeds. With
// keys, arrows do what the tool does, and the space bar puts the pen down or lifts it.
import { clamp, h } from "../view/dom.js";
import { pointable } from "../view/motion.js";
import { Picture } from "../view/draw/picture.js";
import { plane } from "../view/twin/ops.js";
import { centred, centred_strokes, drawn, on_drawing } from "./net/pen.js";
import { AS_IT_IS } from "./state.js";

const CALM_AFTER = 700; // milliseconds after which a drawing is centred
const WIDTH_OF_PEN = 0.14; // of the paper, the pen

const FAINT_INK = 0.02; // is none
const LETTER = [[[0.3, 0.8], [0.5, 0.2], [0.7, 0.8]], [[0.38, 0.6], [0.62, 0.6]]]; // lines of an A, in widths of the paper

export const A = "the letter A";
export const TOOLS = ["draw", "erase", "move", "ask"];

export class Pad {
  tool = "draw";
  pointer = null; // that draws or holds: no id for keys
  chip = null; // under it
  cursor = null; // [x, y] of the keys' pen, in pixels
  line = null; // {strokes, under, label, run} while the pen is down
  grip = null; // {x, y, move, run} while the paper is held

  constructor(view) {
    this.view = view;
    this.picture = new Picture("input", "drawing pad");
    this.picture.node.classList.add("pad");
    this.verdict = h("p", { class: "verdict" });
    this.picture.legend.replaceWith(this.verdict);
    this.brush = h("span", { class: "brush", hidden: true });
    this.hint = h("span", { class: "hint" }, "draw here");
    this.picture.frame.append(this.brush, this.hint);
    this.#listen(this.picture.canvas);
  }

  end() {
    clearTimeout(this.resting);
  }

  use(tool) {
    this.#lift();
    this.tool = tool;
    this.picture.canvas.dataset.tool = tool;
    this.brush.hidden = true;
    this.view.look({ asked: null });
  }

  get is_busy() {
    return Boolean(this.line || this.grip);
  }

  // A point of the paper, in its pixels.
  #at({ clientX, clientY }) {
    const box = this.picture.canvas.getBoundingClientRect();
    return [(clientX - box.left) / this.picture.cell, (clientY - box.top) / this.picture.cell];
  }

  #pixel([x, y]) {
    const { rows, columns } = this.picture;
    return [clamp(Math.floor(y), 0, rows - 1), clamp(Math.floor(x), 0, columns - 1)];
  }

  #listen(canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || this.is_busy) return; // with another finger
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({ preventScroll: true });
      this.pointer = event.pointerId;
      this.#press(this.#at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.is_busy && event.pointerId !== this.pointer) return;
      const all = event.getCoalescedEvents?.() ?? [], points = (all.length ? all : [event]).map((each) => this.#at(each));
      this.#go(points, event.buttons > 0);
      this.#show_brush(points.at(-1), event.pointerType !== "touch");
    });
    for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, ({ pointerId }) => pointerId === this.pointer && this.#lift());
    canvas.addEventListener("pointerleave", () => this.#leave());
    canvas.addEventListener("blur", () => {
      this.#lift();
      this.#leave();
    });
    pointable(this.picture, { walk: (down, across) => this.#walk(down, across), toggle: () => (this.line ? this.#lift() : this.#press(this.#keys_pen())) });
  }

  #leave() {
    this.brush.hidden = true;
    if (this.view.asked) this.view.look({ asked: null });
  }

  #keys_pen() {
    const { rows, columns } = this.picture;
    return (this.cursor ??= [columns / 2, rows / 2]);
  }

  // Arrow keys: the paper is moved, or the pen is.
  #walk(down, across) {
    const { rows, columns } = this.picture, { store } = this.view;
    if (this.tool === "move") return store.ask({ move: this.#within([store.settings.move[0] + down, store.settings.move[1] + across]) }, "move");
    const [x, y] = this.#keys_pen();
    this.cursor = [clamp(x + across, 0.5, columns - 0.5), clamp(y + down, 0.5, rows - 0.5)];
    this.#show_brush(this.cursor, true);
    this.#go([this.cursor], false);
  }

  #within(move) {
    const { rows, columns } = this.picture;
    return [clamp(move[0], -rows, rows), clamp(move[1], -columns, columns)];
  }

  #press(point) {
    const { view } = this, { settings } = view.store;
    clearTimeout(this.resting);
    if (this.tool === "move") this.grip = { point, move: settings.move, run: Symbol("move") };
    else if (this.tool === "ask") view.pin([0, 0, ...this.#pixel(point)]);
    else {
      const { start } = view.store, is_first = this.tool === "draw" && !view.store.reaches(({ image }) => image !== start.image);
      const planes = view.pictures.get(settings.image); // a first stroke begins on clean paper
      const { under = planes, strokes = [] } = is_first ? { under: paper(planes) } : planes, label = is_first || is_blank(planes) ? null : view.label_of(settings.image);
      this.line = { under, label, strokes: [...strokes, { points: [], is_erasing: this.tool === "erase" }], run: Symbol("stroke") };
      this.#go([point], true);
    }
  }

  #go(points, is_held) {
    const { view, line, grip } = this;
    if (grip) {
      const [x, y] = points.at(-1), [down, across] = [Math.round(y - grip.point[1]), Math.round(x - grip.point[0])];
      view.store.ask({ move: this.#within([grip.move[0] + down, grip.move[1] + across]) }, grip.run);
    } else if (line) {
      const on = points.map((point) => on_drawing(point, view.store.settings, line.under[0])), last = line.strokes.at(-1);
      line.strokes = [...line.strokes.slice(0, -1), { ...last, points: [...last.points, ...on] }];
      this.#put(line);
    } else if (this.tool === "ask") {
      const pixel = this.#pixel(points.at(-1));
      view.look({ asked: pixel });
      if (is_held) view.pin([0, 0, ...pixel]);
    }
  }

  // What strokes make of the paper under them is the input. label: what it is.
  #put({ under, strokes, label, run = null }, more = {}) {
    this.view.draw_on(Object.assign(under.map((each) => drawn(each, strokes)), { under, strokes, label }), run, more);
  }

  #lift() {
    const { line, view } = this;
    if (line || this.grip) view.store.rest();
    this.line = this.grip = this.pointer = null;
    clearTimeout(this.resting);
    if (line && view.centres) this.resting = setTimeout(() => this.#centre(line), CALM_AFTER);
  }

  // As the digits were that such networks learn from; only what was drawn on blank paper. Lines stay as thick as they are;
  // where some was rubbed out, the pixels are scaled.
  #centre({ under, strokes }) {
    const { store, pictures } = this.view, { move, turn, image } = store.settings, ink = pictures.get(image);
    if (ink.strokes !== strokes) return; // it has been taken back
    if (turn || move[0] || move[1] || !is_blank(under) || is_blank(ink)) return;
    const is_rubbed = strokes.some((each) => each.is_erasing), placed = is_rubbed ? [] : centred_strokes(strokes, under[0]);
    if (!placed) return;
    const said = this.view.answer_in_words();
    this.#put({ under: is_rubbed ? ink.map(centred) : under, strokes: placed, label: ink.label });
    this.view.note = `Centred and scaled, as the digits were that it learned from. Where you drew it, it said ${said}.`;
  }

  write_letter() {
    const under = paper(this.view.made.seen), [{ rows, columns }] = under;
    const strokes = LETTER.map((line) => ({ points: line.map(([x, y]) => [x * columns, y * rows]), is_erasing: false }));
    this.#put({ under, strokes: centred_strokes(strokes, under[0]) ?? strokes, label: A }, AS_IT_IS);
  }

  #show_brush([x, y], is_on) {
    const { cell, columns } = this.picture, wide = WIDTH_OF_PEN * columns * cell * (this.tool === "erase" ? 1.3 : 1);
    this.brush.hidden = !is_on || !["draw", "erase"].includes(this.tool);
    const at = [x, y].map((place) => `${place * cell - wide / 2}px`).join(); // moved so, nothing is laid out anew
    Object.assign(this.brush.style, { transform: `translate(${at})`, width: `${wide}px`, height: `${wide}px` });
  }
}

export const is_blank = (planes) => planes.every(({ data }) => data.every((value) => value < FAINT_INK));

export const paper = (planes) => planes.map(({ rows, columns }) => plane(rows, columns));
