// The receptive-field explorer: a picture and what one unit sees of it; beside it the cone of all between; below, a
// table of the layers, of which one can be set.
import { Chart } from "../view/draw/chart.js";
import { h, put } from "../view/dom.js";
import { grey_scale } from "../view/draw/colours.js";
import { MarkedView } from "../view/marked_view.js";
import { framed, veiled } from "../view/draw/marks.js";
import { Picture } from "../view/draw/picture.js";
import { size } from "../view/twin/words.js";
import { rendered } from "../view/view.js";
import sheet from "./receptive.css" with { type: "css" };
import { rule } from "../view/controls/rail.js";
import { rail } from "./rail.js";
import { axis_of, changed, trace } from "./state.js";
import { tower } from "./tower.js";
import { COLUMNS, readout, rule_line, rule_note, written } from "./words.js";

const MANY = 6; // layers from which the table's numbers are small

class ReceptiveFieldView extends MarkedView {
  static styles = [sheet];

  changed = changed;

  build() {
    super.build();
    const { shell } = this;
    this.layer = null;
    this.input = new Picture("input", "picture");
    this.tower = new Chart("layers", "tower");
    put(this.tower.note, "one row of each");
    shell.pictures.append(this.input.node, this.tower.node);
    shell.sentence.className = "ladder";
    shell.sentence.tabIndex = 0; // keys scroll it where it is wider than its room
    const says = rule(this, "what a unit sees", () => [this.made.axes.map(rule_line), rule_note(this.made)]);
    this.controls = [...rail(this), says];
    this.#listen();
  }

  // The layer that is set, counted from 1: at first the last one on show.
  get chosen() {
    return Math.min(this.layer ?? Infinity, this.store.settings.depth);
  }

  look_at(layer) {
    this.layer = layer;
    this.repaint();
  }

  // ---- what follows from the settings

  *derive(settings) {
    const image = this.pictures.get(settings.image), [{ rows, columns }] = image;
    yield;
    const axes = [rows, columns].map((n, axis) => axis_of(n, settings, axis)), last = axes.map(({ levels }) => levels.at(-1));
    const [units, steps] = ["n", "jump"].map((name) => last.map((level) => level[name]));
    const output = [{ rows: units[0], columns: units[1] }], first = last.map((level) => level.start + (level.size - 1) / 2);
    return { image, axes, output, first, steps, greys: grey_scale(image) };
  }

  strongest() {
    const [{ rows, columns }] = this.made.output;
    return [rows >> 1, columns >> 1];
  }

  settled(before) {
    super.settled(before);
    if (before && before.depth !== this.made.settings.depth) this.layer = null;
  }

  // ---- drawing

  paint() {
    const { made, palette, shell } = this, { image: [image], settings, greys } = made;
    shell.root.style.setProperty("--tall", Math.min(1, image.rows / image.columns));
    this.input.show([[image]], { scale: greys, palette });
    this.input.describe(size([image.rows, image.columns]), `Arrow keys move the unit of layer ${settings.depth}.`);
    this.#paint_table();
  }

  #paint_table() {
    const { axes, settings: { depth } } = this.made, levels = axes[0].levels.map((_, i) => i), { chosen } = this;
    const cell = (tag, i, words, kind = "") => h(tag, { "data-layer": i, class: `${i === chosen ? "set" : ""} ${kind}`.trim() }, words);
    const head = h("tr", {}, h("td"), levels.map((i) => cell("th", i, i ? `layer ${i}` : "input")));
    const lines = Object.entries(COLUMNS).map(([name, words]) => h("tr", {}, h("th", {}, name), levels.map((i) => cell("td", i, words(axes, i), name === "sees" && i === depth ? "gold" : ""))));
    this.shell.sentence.classList.toggle("many", depth >= MANY);
    this.shell.sentence.replaceChildren(h("table", { "aria-label": "layers" }, h("thead", {}, head), h("tbody", {}, lines)));
  }

  draw() {
    const { made, tower: chart, shell } = this, { axes } = made, found = axes.map((axis, i) => trace(axis, this.here[i]));
    this.seen = found.map(([cells]) => [...cells.keys()].sort((a, b) => a - b));
    chart.show(tower(axes[1], found[1], chart.room), `a cone from one unit of layer ${made.settings.depth} down to ${found[1][0].size} columns of the picture`);
    this.#draw_marks();
    shell.write(...written(this));
    shell.tell(readout(this));
  }

  #draw_marks() {
    const { made: { image: [{ rows: high, columns: wide }] }, input, palette, seen: [rows, columns], shell: { stage, marks } } = this;
    if (!rows.length || !columns.length) return marks.replaceChildren();
    const [top, left, bottom, right] = [rows[0], columns[0], rows.at(-1) + 1, columns.at(-1) + 1];
    const field = { row: top, column: left, rows: bottom - top, columns: right - left };
    const around = [
      { row: 0, column: 0, rows: top, columns: wide }, { row: bottom, column: 0, rows: high - bottom, columns: wide },
      { row: top, column: 0, rows: bottom - top, columns: left }, { row: top, column: right, rows: bottom - top, columns: wide - right },
    ].filter((box) => box.rows && box.columns);
    const skipped = [
      ...gaps(rows).map((row) => ({ ...field, row, rows: 1 })), ...gaps(columns).map((column) => ({ ...field, column, columns: 1 })),
    ];
    const boxes = (places) => places.map((place) => input.box(stage, place));
    marks.replaceChildren(...veiled(boxes(around), palette, 0.42), ...veiled(boxes(skipped), palette, 0.8), ...framed(input.box(stage, field), palette));
  }

  // ---- what a person does

  #listen() {
    const { tower: cone } = this, column_at = (event) => (cone.at(event).x / cone.room.width) * this.made.image[0].columns - 0.5;
    this.marks(this.input, ({ row, column }) => this.nearest([row, column]));
    this.marks({ canvas: cone.box, at: column_at }, (column) => [this.here[0], this.nearest([0, column])[1]]);
    this.shell.sentence.addEventListener("click", (event) => {
      const layer = Number(event.target.closest("[data-layer]")?.dataset.layer);
      if (layer) this.look_at(layer);
    });
  }
}

const gaps = (places) => places.slice(1).flatMap((place, i) => Array.from({ length: place - places[i] - 1 }, (_, step) => places[i] + 1 + step));

export const render = rendered(ReceptiveFieldView);

export default { render };
