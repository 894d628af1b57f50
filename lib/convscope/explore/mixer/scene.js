// The channel mixer: above, inputs and outputs; below, one pixel of them: pixel × weights = products → sum.
import { Card, operator } from "../view/draw/cards.js";
import { ROUNDING, map_scale, signed_scale, tinted_cell, weight_scale } from "../view/draw/colours.js";
import { picker } from "../view/controls/controls.js";
import { put } from "../view/dom.js";
import { Editor, typing_hint } from "../view/draw/editor.js";
import { beam_below, framed } from "../view/draw/marks.js";
import { MarkedView } from "../view/marked_view.js";
import { MOST_AT_ONCE } from "../view/motion.js";
import { Picture, digit_size, text_width } from "../view/draw/picture.js";
import { range } from "../view/twin/ops.js";
import { short, size } from "../view/twin/words.js";
import { rendered } from "../view/view.js";
import { rail } from "./rail.js";
import { changed, matrix, mixed, names_of } from "./state.js";
import { is_colour } from "../view/twin/colours.js";
import sheet from "./mixer.css" with { type: "css" };
import { output_name, readout_of, terms_of, written } from "./words.js";

const ALL = -1;
const NAME_SIZE = 12; // pixels, as in the style sheet
const USUAL = ["−0.555", "−0.0555"]; // numbers as long as most: of one output, and of several, which have less room

class MixerView extends MarkedView {
  static styles = [sheet];
  channel = ALL;
  chosen = ALL;
  changed = changed;

  build() {
    const { shell } = this;
    this.input = new Picture("input", "picture");
    this.output = new Picture("output", "picture");
    const pickers = [
      picker("input on show", () => this.#parts(this.made.names), () => this.channel, (channel) => this.#show({ channel })),
      picker("output on show", () => this.#parts(this.#output_names()), () => this.chosen, (chosen) => this.#show({ chosen })),
    ];
    this.input.note.after(pickers[0].node);
    this.output.note.after(pickers[1].node);
    shell.pictures.append(this.input.node, this.output.node);
    this.pixel = new Card("pixel", "gold named");
    this.weights = new Card("weights", "blue");
    this.products = new Card("products");
    this.sum = new Card("sum", "gold");
    const { pixel, weights, products, sum } = this;
    shell.sentence.append(
      pixel.node, operator("×"), weights.node, operator("=", "", "equals"), products.node, operator("→", "add"), sum.node,
    );
    this.controls = [...rail(this), ...pickers];
    this.editor = new Editor(weights, {
      get: (i) => this.#asked_weights()[this.#output_of(i)]?.[this.#input_of(i)] ?? 0,
      set: (i, value, run) => this.store.ask({ weights: this.#with_weight(i, value) }, run),
      refuse: (sentence) => this.refuse(sentence),
      name: (i) => `weight of ${this.made.names[this.#input_of(i)]}${this.shown.length > 1 ? ` in output ${this.#output_of(i)}` : ""}`,
    });
    for (const picture of [this.input, this.output]) this.marks(picture);
    this.link([pixel, weights, products], () => this.editor.drag, (i, card) => Math.floor(i / card.columns));
  }

  // ---- what follows from the settings

  is_large() {
    const { image, weights } = this.store.settings, planes = this.pictures.get(image);
    return planes.length * planes[0].data.length * matrix(weights, planes.length).length > MOST_AT_ONCE;
  }

  *derive(settings) {
    const image = this.pictures.get(settings.image), weights = matrix(settings.weights, image.length);
    const { inputs, output } = yield* mixed(settings, image);
    const seen = signed_scale(image), scales = { input: seen, weights: weight_scale(weights.flat()), output: map_scale(output, weights.flat(), seen) };
    const most = scales.weights[2] * Math.max(...range(image).map(Math.abs));
    scales.products = ["signed", -most, most];
    return { image, inputs, output, weights, scales, names: names_of(image, settings.image), is_colour: is_colour(image) };
  }

  settled(before) {
    super.settled(before);
    if (before && this.is_elsewhere(before)) this.channel = ALL;
    if (this.chosen >= this.made.weights.length) this.chosen = ALL;
  }

  // Where the inputs differ most.
  strongest() {
    const { image } = this.made, [{ rows, columns, data }] = image, [top, left] = [rows >> 3, columns >> 3];
    let [best, found] = [-1, [0, 0]];
    for (let i = 0; i < data.length; i++) {
      const [row, column] = [Math.floor(i / columns), i % columns], values = image.map((plane) => plane.data[i]);
      const spread = Math.max(...values) - Math.min(...values);
      const is_inside = row >= top && column >= left && row < rows - top && column < columns - left;
      if (is_inside && spread > best) [best, found] = [spread, [row, column]];
    }
    return found;
  }

  // The outputs that are on show.
  get shown() {
    return this.chosen === ALL ? this.made.weights.map((_, o) => o) : [this.chosen];
  }

  // A picture of one's parts: all of them, or one.
  #parts(names) {
    const short_names = names.map((name, i) => [i, names.length > 4 || /^(map|output) /.test(name) ? String(i) : name]);
    return names.length > 1 ? [[ALL, "all"], ...short_names] : [];
  }

  #output_names() {
    return this.made.weights.map((_, o) => output_name(this.made, o).replace("new ", ""));
  }

  #show(part) {
    Object.assign(this, part);
    this.repaint();
  }

  // A cell of the weights: inputs run down, the outputs on show across.
  #input_of(i) {
    return Math.floor(i / this.shown.length);
  }

  #output_of(i) {
    return this.shown[i % this.shown.length];
  }

  // As the settings have them: what is drawn may be a frame older.
  #asked_weights() {
    const { image, weights } = this.store.settings;
    return matrix(weights, this.pictures.get(image).length);
  }

  #with_weight(i, value) {
    const [output, input] = [this.#output_of(i), this.#input_of(i)];
    return this.#asked_weights().map((row, o) => row.map((weight, j) => (o === output && j === input ? value : weight)));
  }

  // ---- drawing

  paint() {
    const { made: { image, inputs, output, weights, scales, is_colour: in_colour }, palette, shown } = this;
    const [{ rows, columns }] = image, one = this.channel !== ALL;
    this.is_colour_out = in_colour && weights.length === 3 && shown.length === 3;
    this.shell.root.style.setProperty("--tall", in_colour ? Math.min(1, rows / columns) : 1);
    this.input.show(one ? [[inputs[this.channel]]] : in_colour ? [inputs] : inputs.map((map) => [map]), { scale: scales.input, palette });
    this.output.show(this.is_colour_out ? [output] : shown.map((o) => [output[o]]), { scale: scales.output, palette });
    const moves = "Arrow keys move the marked pixel.", pixels_ = size([rows, columns]);
    this.input.describe("", moves, `input, ${pixels_}`);
    this.output.describe(weights.length > 1 ? "" : pixels_, moves, `output, ${pixels_}`);
    this.pixel.shape(image.length, 1);
    for (const card of [this.weights, this.products]) card.shape(image.length, shown.length);
    if (shown.length > 1) this.sum.shape(1, shown.length);
    this.editor.label();
  }

  fit() {
    const { made: { weights }, shown } = this, { theme } = this.palette, room = low_room(this.weights.cell_size);
    const size_of_weight = digit_size(weights.flat().map(short), ...room);
    this.digits = { room, size: Math.min(size_of_weight, digit_size([USUAL[Number(shown.length > 1)]], ...room)), theme, size_of_weight };
  }

  draw() {
    const { made, here: [row, column], shown } = this, at = row * made.image[0].columns + column;
    this.#draw_marks();
    const terms = shown.map((output) => terms_of(made, output, at)), totals = shown.map((output) => made.output[output].data[at]);
    this.#draw_sentence(terms, totals, at);
    put(this.pixel.note, `(${row}, ${column})`);
    put(this.weights.note, typing_hint());
    const is_blank = Math.max(...range(made.output).map(Math.abs)) <= ROUNDING * made.scales.output[2];
    this.shell.write(...written(made, terms[0], totals[0], { shown, hot: this.hot }));
    this.shell.tell(...readout_of(made, terms[0], { shown, hot: this.hot, is_blank }));
  }

  #draw_sentence(terms, totals, at) {
    const { made: { image, scales, is_colour: in_colour, names, settings }, digits, hot, shown } = this, { theme } = digits;
    const across = (of) => terms[0].flatMap((_, i) => terms.map((column) => of(column[i])));
    const row_of = hot < 0 ? [] : shown.map((_, o) => hot * shown.length + o);
    const values = terms[0].map(({ value }) => value), before = image.map(({ data }) => data[at]);
    const [width, height] = low_room(this.pixel.cell_size), of_names = NAME_SIZE * Math.max(...names.map(text_width));
    const room = [width - of_names - 20, height]; // beside the name
    const cut = (value) => (digit_size([`${short(value)} → 0`], ...room) ? `${short(value)} → 0` : "0");
    const texts = values.map((value, i) => (settings.relu === "before" && before[i] < 0 ? cut(before[i]) : short(value)));
    this.pixel.fill(values, scales.input, { theme, hot, texts, size: digit_size(USUAL.slice(0, 1), ...room), room });
    this.pixel.cells.forEach((cell, i) => {
      cell.dataset.name = names[i];
      if (in_colour) tinted_cell(cell, i, values[i]);
    });
    this.weights.fill(across(({ weight }) => weight), scales.weights, { ...digits, hot: row_of, size: digits.size || digits.size_of_weight });
    this.products.fill(across(({ product }) => product), scales.products, { ...digits, hot: row_of });
    const bias = settings.bias[shown[0]];
    if (shown.length === 1) {
      const sum = terms[0].reduce((total, { product }) => total + product, bias), is_cut = settings.relu === "after" && sum < 0;
      this.sum.total(totals[0], scales.output, theme, is_cut ? `${short(sum)} → 0` : short(totals[0]));
    } else {
      this.sum.fill(totals, scales.output, digits);
      if (this.is_colour_out) this.sum.cells.forEach((cell, i) => tinted_cell(cell, i, totals[i]));
    }
    put(this.sum.note, shown.length > 1 ? `${shown.length} outputs` : bias ? `bias ${short(bias)}` : "one output");
  }

  #draw_marks() {
    const { input, output, palette, shell: { stage, marks }, here: [row, column] } = this, place = { row, column };
    const boxes = [input, output].map((picture) => picture.tiles.map((_, tile) => picture.box(stage, { tile, ...place })));
    const lowest = ({ across, tiles }) => Math.floor((tiles.length - 1) / across) * across; // the first tile of the last row
    const beams = [input, output].flatMap((picture, i) => beam_below(stage, picture, boxes[i][lowest(picture)], [this.pixel, this.sum][i], palette));
    marks.replaceChildren(...beams, ...boxes.flat().flatMap((box) => framed(box, palette)));
  }
}

// Cells that are wider than high hold digits of nearly their height.
const low_room = ([width, height]) => [width, 1.3 * height];

export const render = rendered(MixerView);

export default { render };
