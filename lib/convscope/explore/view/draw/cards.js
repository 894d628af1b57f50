// The parts of a sentence: grids of cells (a sheet of them where there are channels), or one total.
import { css, ink_on } from "./colours.js";
import { box_in, h, put } from "../dom.js";
import { digit_size } from "./picture.js";
import { short } from "../twin/words.js";

export class Card {
  constructor(title, kind = "") {
    this.heading = h("h3", {}, title);
    this.note = h("span", { class: "note" });
    this.grid = h("div", { class: "cells" });
    this.node = h("section", { class: `card ${kind}` }, h("header", {}, this.heading, this.note), this.grid);
    this.cells = [];
  }

  // Make room for some slices of rows × columns cells each; nothing is made anew where the room is the same. names: of
  // the slices, which stand where the last row of them leaves room.
  shape(rows, columns, slices = 1, names = []) {
    const key = [rows, columns, slices, names].join();
    if (this.key === key) return;
    this.key = key;
    this.rows = rows;
    this.columns = columns;
    this.slices = slices;
    this.cells = Array.from({ length: rows * columns * slices }, (_, i) => h("div", { class: "cell", "data-i": i }));
    const template = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
    this.grid.className = slices > 1 ? "cells sheet" : "cells";
    this.grid.style.backgroundColor = "";
    this.grid.style.gridTemplate = slices > 1 ? sheet_template(slices) : template;
    this.grid.replaceChildren(...(slices > 1 ? this.#sheet(template) : this.cells));
    if (slices > 1 && names.length === 3) this.grid.append(h("div", { class: "names" }, names.map((name) => h("span", {}, name))));
  }

  #sheet(template) {
    const each = this.rows * this.columns;
    return Array.from({ length: this.slices }, (_, s) => {
      const slice = h("div", { class: "slice" }, this.cells.slice(s * each, (s + 1) * each));
      slice.style.gridTemplate = template;
      return slice;
    });
  }

  // ring: the cells that win; texts: what stands in the cells, where that is not their number.
  // size: of the digits, in pixels, smaller in a cell whose number is too long for its room; 0: none. padding, hot: which cells are padding, and which one, or list of them, is pointed at.
  fill(values, scale, { size, room, theme, padding = [], hot = -1, met = null, ring = null, texts = null }) {
    const are_hot = new Set([hot].flat());
    this.cells.forEach((cell, i) => {
      const text = size ? (texts?.[i] ?? short(values[i])) : "", fitting = size && Math.min(size, digit_size([text], ...room));
      const state = `${padding[i] ? " zero" : ""}${are_hot.has(i) ? " hot" : ""}${met?.has(i) ? " met" : ""}${ring?.has(i) ? " ring" : ""}`;
      cell.className = `cell${state}`;
      cell.style.backgroundColor = padding[i] ? "" : css(values[i], scale, theme);
      cell.style.color = padding[i] ? "" : ink_on(values[i], scale, theme);
      cell.style.fontSize = `${fitting}px`;
      put(cell, fitting ? text : "");
    });
  }

  total(value, scale, theme, text = short(value)) {
    if (this.key) this.grid.replaceChildren(); // its cells
    this.key = null;
    this.cells = [];
    this.grid.className = text.length > 6 ? "cells total long" : "cells total";
    put(this.grid, text);
    this.grid.style.backgroundColor = css(value, scale, theme);
    this.grid.style.color = ink_on(value, scale, theme);
  }

  /** @returns {[number, number]} */
  get cell_size() {
    return [this.cells[0]?.clientWidth ?? 0, this.cells[0]?.clientHeight ?? 0];
  }

  // Where a cell stands.
  place(i) {
    const at = i % (this.rows * this.columns);
    return { slice: Math.floor(i / (this.rows * this.columns)), row: Math.floor(at / this.columns), column: at % this.columns };
  }

  // What a weight in a cell is called. names: of the slices.
  weight_name(i, names) {
    const { slice, row, column } = this.place(i);
    return `weight, row ${row}, column ${column}${this.slices > 1 ? `, ${names[slice]}` : ""}`;
  }

  // The number of the cell that an event happened on, or −1.
  at(event) {
    return Number(event.target.closest?.(".cell")?.dataset.i ?? -1);
  }

  box(within) {
    return box_in(this.node, within);
  }
}

export function operator(sign, word = "", name = "") {
  return h("span", { class: `operator ${name}`, "aria-hidden": "true" }, sign, word ? h("small", {}, word) : null);
}

function sheet_template(slices) {
  const across = Math.ceil(Math.sqrt(slices));
  return `repeat(${across}, minmax(0, 1fr)) / repeat(${across}, minmax(0, 1fr))`;
}
