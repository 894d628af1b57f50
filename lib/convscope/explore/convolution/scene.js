// The convolution explorer: above, a picture and the feature map that a kernel makes of it; below, one of its cells:
// window × kernel = products → sum.
import { Card, operator } from "../view/cards.js";
import { grey_scale, map_scale, weight_scale } from "../view/colours.js";
import { clamp, put } from "../view/dom.js";
import { Editor } from "../view/editor.js";
import { beam, framed, looked_back, patches, tinted, veiled } from "../view/marks.js";
import { Sweep, pointable } from "../view/motion.js";
import { Picture, digit_size } from "../view/picture.js";
import { conv2d_by_rows, padded, picture_padding } from "../view/twin/ops.js";
import { extent, window_indices } from "../view/twin/geometry.js";
import { short, size } from "../view/twin/words.js";
import { View, rendered } from "../view/view.js";
import { mount, revived } from "../view/wire.js";
import { rail } from "./rail.js";
import { LIMITS, changed, kernel_planes, output_shape, pair, with_weight } from "./state.js";
import { code, readout_of, terms_of, written } from "./words.js";

export { mount, revived };

const MOST_AT_ONCE = 8e6; // multiply–accumulates that fit into a frame: 256 × 256 under 11 × 11

class ConvolutionView extends View {
  change(settings, changes) {
    return changed(settings, changes, this);
  }

  first() {
    const [image] = this.pictures.keys();
    return { image, kernel: "identity", kernel_size: 1, stride: 1, padding: "valid", dilation: 1, flip: false };
  }

  stop() {
    this.sweep.stop();
  }

  get formula() {
    return this.model.get("formula");
  }

  build() {
    const { model, shell, options: { one_scale } } = this;
    Object.assign(this, { hover: null, back: null, hot: -1, anchor: null, pinned: [0, 0], one_scale, apart: false });
    this.input = new Picture("input", "picture");
    this.output = new Picture("output", "picture");
    shell.pictures.append(this.input.node, this.output.node);
    this.window = new Card("window", "gold");
    this.kernel = new Card("kernel", "blue");
    this.products = new Card("products");
    this.sum = new Card("sum", "gold");
    const { window, kernel, products, sum } = this;
    shell.sentence.append(
      window.node, operator("×"), kernel.node, operator("=", "", "equals"), products.node, operator("→", "add"), sum.node,
    );
    this.sweep = new Sweep({
      count: () => this.made.output[0].data.length,
      at: () => this.pinned[0] * this.made.output[0].columns + this.pinned[1],
      go: (i) => this.#pin([Math.floor(i / this.made.output[0].columns), i % this.made.output[0].columns]),
      changed: () => this.repaint(),
    });
    this.controls = rail(this);
    const show_formula = () => this.repaint();
    model.on("change:formula", show_formula);
    shell.ends.push(() => model.off("change:formula", show_formula));
    this.editor = new Editor(kernel, {
      get: (i) => this.made?.weights[i] ?? 0,
      set: (i, value, run) => this.store.ask({ kernel: with_weight(this.store.settings, i, value, this.pictures) }, run),
      refuse: (sentence) => this.refuse(sentence),
      name: (i) => this.#weight_name(i),
    });
    this.#listen();
  }

  // ---- what follows from the settings

  is_large() {
    const { settings } = this.store, [rows, columns] = output_shape(settings, this.pictures);
    const [down, across] = pair(settings.kernel_size);
    return rows * columns * down * across * this.pictures.get(settings.image).length > MOST_AT_ONCE;
  }

  *derive(settings) {
    const image = this.pictures.get(settings.image);
    const kernel = kernel_planes(settings, this.pictures);
    const output = yield* conv2d_by_rows(image, kernel, settings);
    const [padding, weights] = [picture_padding(image, kernel, settings), kernel.flatMap(({ data }) => [...data])];
    const [rows, columns] = [0, 1].map((axis) => this.#windows(axis, image, kernel, padding, settings));
    const greys = grey_scale(image), strengths = weight_scale(weights);
    const most = strengths[2] * Math.max(Math.abs(greys[1]), Math.abs(greys[2]));
    const scales = { input: greys, weights: strengths, products: ["signed", -most, most], output: map_scale(output, weights, greys) };
    const wide = image.map((channel) => padded(channel, padding));
    const longest = longest_product(image, weights, most);
    return { image, kernel, weights, longest, output: [output], padding, wide, rows, columns, scales, unread: unread(wide[0], rows, columns) };
  }

  // Which rows, or columns, of the padded picture each output reads.
  #windows(axis, [{ rows, columns }], [kernel], padding, { stride, dilation }) {
    const [before, after] = padding[axis], n = [rows, columns][axis] + before + after;
    const moves = { stride: pair(stride)[axis], dilation: pair(dilation)[axis] };
    return window_indices(n, [kernel.rows, kernel.columns][axis], moves);
  }

  // The mark stays on its pixels when stride or padding change; at first it stands where most happens.
  settled(before) {
    if (before && before.image !== this.made.settings.image) this.anchor = null;
    this.pinned = this.anchor ? this.#nearest(this.anchor) : this.#strongest();
    this.anchor = this.#centre(this.pinned);
    this.hover &&= this.#inside(this.hover);
    this.back = null;
  }

  #strongest() {
    const { output: [output], image: [{ rows, columns }] } = this.made;
    const reach = this.#spans().map((span) => span / 2);
    let [best, found] = [-1, [output.rows >> 1, output.columns >> 1]];
    output.data.forEach((value, i) => {
      const cell = [Math.floor(i / output.columns), i % output.columns], [y, x] = this.#centre(cell);
      const rim = Math.min(y - reach[0], rows - 1 - y - reach[0], x - reach[1], columns - 1 - x - reach[1]);
      if (rim >= Math.min(rows, columns) / 8 - 1 && Math.abs(value) > best) [best, found] = [Math.abs(value), cell];
    });
    return found;
  }

  #spans() {
    const { settings } = this.made;
    return [0, 1].map((axis) => extent(pair(settings.kernel_size)[axis], pair(settings.dilation)[axis]));
  }

  // The middle of the window of an output cell, in pixels of the image; and the cell whose window is nearest to there.
  #centre(cell) {
    const { settings, padding } = this.made, spans = this.#spans();
    return cell.map((place, axis) => place * pair(settings.stride)[axis] + (spans[axis] - 1) / 2 - padding[axis][0]);
  }

  #nearest(pixel) {
    const { settings, padding } = this.made, spans = this.#spans();
    return this.#inside(pixel.map((at, axis) => Math.round((at + padding[axis][0] - (spans[axis] - 1) / 2) / pair(settings.stride)[axis])));
  }

  #inside([row, column]) {
    const { rows, columns } = this.made.output[0];
    return [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  }

  // ---- drawing

  draw() {
    this.terms = terms_of(this.made, this.here);
    this.#draw_marks(); // before the sentence is written: what measures after that waits for a layout
    this.#draw_sentence();
  }

  paint() {
    const { wide, image, output: [output], padding, scales, settings } = this.made, { palette } = this;
    const inner = { top: padding[0][0], left: padding[1][0], rows: image[0].rows, columns: image[0].columns };
    const is_colour = image.length === 3 && scales.input[1] >= 0 && scales.input[2] <= 1;
    const is_flat = is_colour || image.length === 1;
    this.shell.root.style.setProperty("--tall", is_flat ? flatness(image[0]) : 1);
    this.input.show(is_colour ? [wide] : wide.map((channel) => [channel]), { scale: scales.input, inner, palette });
    const largest = this.one_scale ? this.input.cell : Infinity;
    this.output.show([[output]], { scale: scales.output, largest, palette });
    put(this.input.note, size([image[0].rows, image[0].columns]));
    put(this.output.note, size([output.rows, output.columns]));
    this.input.canvas.setAttribute("aria-label", `input, ${size([image[0].rows, image[0].columns])}. Arrow keys move the window.`);
    this.output.canvas.setAttribute("aria-label", `output, ${size([output.rows, output.columns])}. Arrow keys move the marked cell.`);
    for (const card of [this.window, this.kernel, this.products]) card.shape(this.made.kernel[0].rows, this.made.kernel[0].columns, image.length);
    this.digits = this.#digits();
    this.editor.label();
    this.shell.inside.querySelector("pre").textContent = code(settings);
  }

  get here() {
    return this.hover ?? this.pinned;
  }

  #draw_sentence() {
    const { output: [output], scales, weights, kernel, settings } = this.made, { theme } = this.palette;
    const { terms, here: cell } = this;
    const common = { ...this.digits, theme, hot: this.hot };
    this.window.fill(terms.map((term) => term.value), scales.input, { ...common, padding: terms.map((term) => term.is_padding) });
    this.kernel.fill(weights, scales.weights, { ...common, size: common.weight_size, met: this.back?.weights });
    this.products.fill(terms.map((term) => term.product), scales.products, common);
    const total = output.data[cell[0] * output.columns + cell[1]];
    this.sum.total(total, scales.output, theme);
    put(this.window.note, kernel.length > 1 ? `${kernel.length} channels` : size([kernel[0].rows, kernel[0].columns]));
    put(this.kernel.note, settings.flip ? "half turned" : matchMedia("(pointer: coarse)").matches ? "tap to type" : "drag or type");
    put(this.products.note, "per cell");
    put(this.sum.note, `output (${cell.join(", ")})`);
    this.shell.write(...written(terms, total, this.hot));
    this.shell.tell(...readout_of(this));
  }

  // One size of digits in the three grids; it follows from the settings and not from the place, so nothing jumps.
  #digits() {
    const room = this.kernel.cell_size, { weights, longest } = this.made;
    const weight_size = digit_size(weights.map(short), ...room);
    const all = Math.min(weight_size, digit_size([longest], ...room));
    return { room, size: all, weight_size: all || weight_size };
  }

  #draw_marks() {
    const { made, palette, input, output, shell } = this, { stage } = shell;
    const [row, column] = this.here, [high, wide] = this.#spans();
    const window = { row: made.rows[row][0], column: made.columns[column][0], rows: high, columns: wide };
    const place = { row, column };
    const windows = input.tiles.map((_, tile) => input.box(stage, { tile, ...window }));
    const parts = [
      ...this.#beam(input, windows.at(-1), this.window), ...this.#beam(output, output.box(stage, place), this.sum),
      ...this.#veils(place), ...this.#dilated(row, column),
      ...patches((this.back?.outputs ?? []).map(([r, c]) => output.box(stage, { row: r, column: c })), palette),
      ...windows.flatMap((box) => framed(box, palette)), ...framed(output.box(stage, place), palette),
    ];
    if (this.back) parts.push(...looked_back(input.box(stage, this.back.pixel), palette));
    const hot = this.terms[this.hot];
    if (hot) parts.push(...framed(input.box(stage, { tile: input.tiles.length > 1 ? hot.slice : 0, row: hot.row, column: hot.column }), palette));
    shell.marks.replaceChildren(...parts);
  }

  // None where the card does not stand right below its picture, as on a phone.
  #beam(picture, mark, card) {
    const { stage } = this.shell, outer = stage.getBoundingClientRect().top, box = card.box(stage);
    const [frame, bottom] = [picture.frame, picture.canvas].map((node) => node.getBoundingClientRect().bottom - outer);
    return box.y >= frame - 1 && box.y - frame < 60 ? beam(mark, bottom, box, this.palette) : [];
  }

  #veils({ row, column }) {
    const { made, input, output, palette, shell: { stage } } = this;
    const across = (r) => ({ row: r, column: 0, columns: made.wide[0].columns }), down = (c) => ({ row: 0, column: c, rows: made.wide[0].rows });
    const lines = [...made.unread.rows.map(across), ...made.unread.columns.map(down)];
    const parts = veiled(lines.flatMap((line) => input.tiles.map((_, tile) => input.box(stage, { tile, ...line }))), palette, 0.55);
    if (!this.sweep.is_playing) return parts;
    const [{ rows, columns }] = made.output;
    const rest = [];
    if (column + 1 < columns) rest.push({ row, column: column + 1, columns: columns - column - 1 });
    if (row + 1 < rows) rest.push({ row: row + 1, column: 0, rows: rows - row - 1, columns });
    return [...parts, ...veiled(rest.map((box) => output.box(stage, box)), palette, 0.94)];
  }

  #dilated(row, column) {
    const { made, input, palette, shell: { stage } } = this;
    if (Math.max(...pair(made.settings.dilation)) === 1) return [];
    const cells = made.rows[row].flatMap((r) => made.columns[column].map((c) => ({ row: r, column: c })));
    return tinted(input.tiles.flatMap((_, tile) => cells.map((cell) => input.box(stage, { tile, ...cell }))), palette);
  }

  // ---- what a person does

  #listen() {
    pointable(this.output, {
      hover: ({ row, column }) => this.look({ hover: [row, column] }),
      pin: ({ row, column }) => this.#pin([row, column], true),
      leave: () => this.look({ hover: null }),
      ...this.#keys(),
    });
    pointable(this.input, {
      hover: (cell) => this.look({ back: this.#looking_back(cell) }),
      pin: ({ row, column }) => this.#pin(this.#nearest([row - this.made.padding[0][0], column - this.made.padding[1][0]]), true),
      leave: () => this.look({ back: null }),
      ...this.#keys(),
    });
    for (const { grid } of [this.window, this.kernel, this.products]) {
      grid.addEventListener("pointerover", (event) => !this.editor.drag && this.look({ hot: this.kernel.at(event) }));
      grid.addEventListener("pointerleave", () => !this.editor.drag && this.look({ hot: -1 }));
    }
    this.shell.stage.addEventListener("pointerdown", () => this.refuse(""));
  }

  #keys() {
    return {
      walk: (down, across) => this.#pin([this.here[0] + down, this.here[1] + across], true),
      toggle: () => this.sweep.toggle(),
    };
  }

  // by_hand: which ends a sweep.
  #pin(cell, by_hand = false) {
    if (by_hand) this.sweep.stop();
    this.pinned = this.#inside(cell);
    this.anchor = this.#centre(this.pinned);
    this.look({ hover: null, back: null });
    if (by_hand) this.shell.hear();
  }

  // The outputs that read a pixel, and the weights through which they do.
  #looking_back({ tile, row, column }) {
    const { rows, columns, kernel } = this.made;
    const readers = (windows, pixel) => windows.map((window, o) => [o, window.indexOf(pixel)]).filter(([, i]) => i >= 0);
    const [down, across] = [readers(rows, row), readers(columns, column)];
    const outputs = down.flatMap(([r]) => across.map(([c]) => [r, c]));
    const places = down.flatMap(([, i]) => across.map(([, j]) => i * kernel[0].columns + j));
    const weights = new Set(kernel.flatMap(({ data }, s) => places.map((place) => s * data.length + place)));
    return { pixel: { tile, row, column }, outputs, weights };
  }

  #weight_name(i) {
    const { rows, columns, slices } = this.kernel, place = i % (rows * columns);
    const slice = slices > 1 ? `, channel ${Math.floor(i / (rows * columns))}` : "";
    return `weight, row ${Math.floor(place / columns)}, column ${place % columns}${slice}`;
  }
}

// How high a frame is for its width: as the picture is, with room for padding. It does not change with the settings.
function flatness({ rows, columns }) {
  const room = 2 * LIMITS.largest.padding;
  return Math.min(1, (rows + room) / (columns + room));
}

// A text as long as the products of a picture usually are, of which the largest is `most`.
function longest_product(image, weights, most) {
  if (most >= 1e6) return "−5.55e12";
  const whole = weights.every(Number.isInteger) && image.every(({ data }) => data.every(Number.isInteger));
  if (whole) return most < 1000 ? "−000" : "−000,000";
  return most < 0.01 ? "−5.55e−10" : "−0.555";
}

// Rows and columns of the padded picture that no window reads.
function unread({ rows, columns }, down, across) {
  const left = (n, windows) => {
    const seen = new Set(windows.flat());
    return Array.from({ length: n }, (_, i) => i).filter((i) => !seen.has(i));
  };
  return { rows: left(rows, down), columns: left(columns, across) };
}

export const render = rendered(ConvolutionView);

export default { render };
