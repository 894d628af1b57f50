// A picture in its square: one plane, one colour picture, or a sheet of several planes.
import { gradient, ink_on, pixels } from "./colours.js";
import { h, put } from "../dom.js";
import { range } from "../twin/ops.js";
import { short } from "../twin/words.js";

export const GAP = 5; // pixels between the tiles of a sheet
const LINES_FROM = 14; // pixels of a cell from which lines are drawn between cells, and digits from 18
const DIGITS_FROM = 18;
const MOST_DIGITS = 900;
const SMALLEST_DIGIT = 9;
const HATCH = 6; // pixels from one line of the hatching to the next

export class Picture {
  constructor(title, role) {
    // the canvas itself says it
    this.legend = h("span", { class: "legend", "aria-hidden": "true" }, h("span"), h("i"), h("span"));
    this.note = h("span", { class: "note" });
    this.heading = h("h3", {}, title);
    this.canvas = h("canvas", { tabindex: "0", role: "application", "aria-roledescription": role });
    this.frame = h("div", { class: "frame" }, this.canvas);
    this.node = h("section", { class: "picture" }, h("header", {}, this.heading, this.note, this.legend), this.frame);
    this.small = document.createElement("canvas");
    this.middle = document.createElement("canvas");
  }

  // tiles: lists of planes, [plane] or [red, green, blue]. scale: of all tiles that are not in colour. inner: where
  // padding ends, {top, left, rows, columns}; zeros: whether it has digits, or is no pixels at all. largest: pixels that a cell may have.
  // across: tiles in a row of a sheet.
  show(tiles, { scale, inner = null, zeros = true, largest = Infinity, across = Math.ceil(Math.sqrt(tiles.length)), palette }) {
    const [{ rows, columns }] = tiles[0];
    this.across = across;
    this.tile = Math.max(this.frame.clientWidth - GAP * (this.across - 1), 0) / this.across; // 0 if it was hidden just now
    const high = tiles.length > 1 ? this.tile : this.frame.clientHeight;
    this.cell = Math.min(this.tile / columns, high / rows, largest);
    this.tiles = tiles;
    this.rows = rows;
    this.columns = columns;
    this.reach = tiles[0].length === 3 ? "in colour" : span_in_words(range(tiles.flat()));
    this.inner = inner;
    this.zeros = zeros;
    const down = Math.ceil(tiles.length / this.across);
    const [width, height] = [this.#size(this.across, columns), this.#size(down, rows)];
    const ratio = devicePixelRatio || 1;
    const pen = this.#cleared(width, height, ratio);
    this.node.classList.toggle("sheet", tiles.length > 1);
    tiles.forEach((planes, i) => {
      const { x, y } = this.corner(i);
      pen.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
      this.#paint(pen, planes, scale, palette, ratio);
    });
    this.#show_legend(tiles[0].length === 3 ? null : scale, palette.theme);
  }

  // What draws on the canvas, which is blank and of this size.
  #cleared(width, height, ratio) {
    const { canvas } = this, pen = canvas.getContext("2d"), wide = Math.round(width * ratio), high = Math.round(height * ratio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, wide, high);
    resize(canvas, wide, high);
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    return pen;
  }

  // What stands beside the title, in a canvas's name too, with what can be seen and how it is used.
  describe(note, use, name = `${this.heading.textContent}, ${note}`) {
    put(this.note, note);
    this.canvas.setAttribute("aria-label", `${[name, this.reach].filter(Boolean).join(", ")}. ${use}`.trim());
  }

  // For a picture that keys do nothing on.
  be_still() {
    this.canvas.setAttribute("role", "img");
    for (const name of ["tabindex", "aria-roledescription"]) this.canvas.removeAttribute(name);
    return this;
  }

  // The cell under the pointer, {tile, row, column}, or null.
  at({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const pitch = this.tile + GAP;
    const [x, y] = [clientX - box.left, clientY - box.top];
    const tile = Math.floor(y / pitch) * this.across + Math.floor(x / pitch);
    const [row, column] = [Math.floor((y % pitch) / this.cell), Math.floor((x % pitch) / this.cell)];
    const inside = row >= 0 && column >= 0 && row < this.rows && column < this.columns && this.tiles[tile];
    return inside ? { tile, row, column } : null;
  }

  // Where a block of cells lies, in pixels of an element that holds the picture.
  box(within, { tile = 0, row, column, rows = 1, columns = 1 }) {
    const [here, outer] = [this.canvas.getBoundingClientRect(), within.getBoundingClientRect()];
    const { x, y } = this.corner(tile);
    return {
      x: here.left - outer.left + x + column * this.cell,
      y: here.top - outer.top + y + row * this.cell,
      width: columns * this.cell,
      height: rows * this.cell,
    };
  }

  // Where a tile stands on the canvas.
  corner(tile) {
    return { x: (tile % this.across) * (this.tile + GAP), y: Math.floor(tile / this.across) * (this.tile + GAP) };
  }

  #size(tiles, cells) {
    return (tiles - 1) * (this.tile + GAP) + cells * this.cell;
  }

  #paint(pen, planes, scale, palette, ratio) {
    const [width, height] = [this.columns * this.cell, this.rows * this.cell];
    this.#enlarge(pen, pixels(planes, scale, palette.theme), width, height, ratio);
    if (this.inner) this.#hatch(pen, width, height, palette);
    if (this.cell >= LINES_FROM) lines(pen, width, height, this.cell);
    if (planes.length === 1) this.#digits(pen, planes[0], scale, palette);
  }

  // Cells as squares of one size, at any size: nearest neighbour up, then smoothly down to the room there is.
  #enlarge(pen, image, width, height, ratio) {
    const { small, middle } = this, zoom = Math.ceil(this.cell * ratio);
    resize(small, image.width, image.height);
    small.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    if (zoom > 10 || Math.abs(zoom - this.cell * ratio) < 1e-6) {
      pen.drawImage(small, 0, 0, width, height);
      return;
    }
    resize(middle, image.width * zoom, image.height * zoom);
    const between = middle.getContext("2d");
    between.imageSmoothingEnabled = false;
    between.drawImage(small, 0, 0, middle.width, middle.height);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(middle, 0, 0, width, height);
  }

  #hatch(pen, width, height, palette) {
    const { top, left, rows, columns } = this.inner, { cell } = this;
    if (rows === this.rows && columns === this.columns) return;
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, width, height);
    pen.rect(left * cell, top * cell, columns * cell, rows * cell);
    pen.clip("evenodd");
    pen.fillStyle = palette["hatch-ground"];
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = palette.hatch;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let x = -height; x < width; x += HATCH) {
      pen.moveTo(x, height);
      pen.lineTo(x + height, 0);
    }
    pen.stroke();
    pen.restore();
  }

  // Numbers in all cells or in none, at one size.
  #digits(pen, { columns, data }, scale, palette) {
    if (this.cell < DIGITS_FROM || data.length > MOST_DIGITS) return;
    const texts = Array.from(data, short);
    const size = digit_size(texts, this.cell);
    if (!size) return;
    Object.assign(pen, { font: `${size}px system-ui, sans-serif`, textAlign: "center", textBaseline: "middle" });
    texts.forEach((text, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const [x, y] = [(column + 0.5) * this.cell, (row + 0.5) * this.cell];
      if (this.is_padding(row, column)) {
        if (!this.zeros) return;
        pen.fillStyle = palette["hatch-ground"]; // a clear patch under the 0
        pen.fillRect(x - size / 2, y - 0.6 * size, size, 1.2 * size);
        pen.fillStyle = palette.ink;
      } else pen.fillStyle = ink_on(data[i], scale, palette.theme);
      pen.fillText(text, x, y + 0.5);
    });
  }

  is_padding(row, column) {
    const { top, left, rows, columns } = this.inner ?? { top: 0, left: 0, rows: this.rows, columns: this.columns };
    return row < top || column < left || row >= top + rows || column >= left + columns;
  }

  #show_legend(scale, theme) {
    this.legend.hidden = !scale;
    if (!scale) return;
    const [low, bar, high] = this.legend.children;
    put(low, short(scale[1]));
    put(high, short(scale[2]));
    const key = `${scale[0]} ${theme}`;
    if (bar.dataset.key !== key) bar.style.background = gradient(scale, theme);
    bar.dataset.key = key;
  }
}

/** @param {number[]} ends */
const span_in_words = ([low, high]) => (low === high ? `all ${short(low)}` : `from ${short(low)} to ${short(high)}`);

// A canvas that has its size already is neither made anew nor laid out.
function resize(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

function lines(pen, width, height, cell) {
  pen.fillStyle = "rgba(128, 132, 140, .45)"; // on black as on white
  for (let x = cell; x < width - 1; x += cell) pen.fillRect(Math.round(x) - 0.5, 0, 1, height);
  for (let y = cell; y < height - 1; y += cell) pen.fillRect(0, Math.round(y) - 0.5, width, 1);
}

// The size, in pixels, at which the longest of some texts fits a cell; 0 where that would be too small to read.
export function digit_size(texts, width, height = width) {
  const size = Math.min((width - 4) / Math.max(...texts.map(text_width)), 0.48 * height, LINES_FROM);
  return size >= SMALLEST_DIGIT ? Math.floor(2 * size) / 2 : 0;
}

const widths = new Map(); // measured once each: a text's width at a size of 1 pixel
let ruler = null;
export function text_width(text) {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d");
    ruler.font = "100px system-ui, sans-serif";
  }
  if (widths.size > 5000) widths.clear();
  if (!widths.has(text)) widths.set(text, ruler.measureText(text).width / 100);
  return widths.get(text);
}
