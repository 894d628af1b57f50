// The feature-maps explorer: above, a picture and the maps of two neighbouring layers; below, one unit of them: window ×
// kernel = products → sum, where each square is a sheet of slices, one for each map below.
import { Card, operator } from "../view/draw/cards.js";
import { grey_scale, signed_scale } from "../view/draw/colours.js";
import { clamp, put } from "../view/dom.js";
import { Editor, typing_hint } from "../view/draw/editor.js";
import { beam_below, framed, looked_back } from "../view/draw/marks.js";
import { MOST_AT_ONCE, pointable } from "../view/motion.js";
import { Picture, digit_size } from "../view/draw/picture.js";
import { pair } from "../view/controls/settings.js";
import { same } from "../view/store.js";
import { padding_amounts } from "../view/twin/geometry.js";
import { channel_names, is_colour } from "../view/twin/colours.js";
import { made_by } from "../view/twin/layers.js";
import { along } from "../view/twin/ops.js";
import { plural, short, size } from "../view/twin/words.js";
import { View, rendered } from "../view/view.js";
import { planes } from "../view/wire.js";
import { shape_after, weights_for } from "./layers.js";
import { rail } from "./rail.js";
import { changed, of_a_layer, shape_of, shapes, with_weight } from "./state.js";
import { field_of, strongest, unit_of } from "./unit.js";
import { VERBS, layers_in_code, learns, readout, written } from "./words.js";
import sheet from "./scene.css" with { type: "css" };

const SIGNS = { conv: "conv", "max pool": "max", "average pool": "mean", other: "" };

class FeatureMapsView extends View {
  static styles = [sheet];
  hover = null;
  pinned = null;
  page = 0;
  learned = new Map();
  names = [];
  apart = false;
  changed = changed;

  build() {
    const { shell } = this;
    this.input = new Picture("input", "picture");
    this.sheets = [new Picture("layer 1", "maps"), new Picture("layer 2", "maps")];
    this.arrows = [operator("→", "conv"), operator("→", "conv")];
    shell.pictures.append(this.input.node, ...this.sheets.flatMap(({ node }, i) => [this.arrows[i], node]));
    this.input.canvas.tabIndex = -1; // nothing to walk over
    this.window = new Card("window", "gold");
    this.kernel = new Card("kernel", "kernel blue");
    this.products = new Card("products", "products");
    this.sum = new Card("sum", "gold sum");
    const { window, kernel, products, sum } = this;
    shell.sentence.append(window.node, operator("×"), kernel.node, operator("=", "", "equals"), products.node, operator("→", "add"), sum.node);
    this.editor = new Editor(kernel, {
      get: (i) => this.unit?.terms[i]?.weight ?? 0,
      set: (i, value, run) => this.#set_weight(i, value, run),
      can: () => this.unit?.layer.kind === "conv",
      refuse: (sentence) => this.refuse(sentence),
      name: (i) => kernel.weight_name(i, this.names),
    });
    this.controls = rail(this);
    this.#listen();
  }

  // ---- what follows from the settings

  is_large() {
    const { settings } = this.store, all = shapes(settings, this.pictures);
    const works = settings.layers.map(({ kernel_size }, i) => [...(all[i + 1] ?? [0]), ...pair(kernel_size), all[i]?.[0] ?? 0]);
    return works.reduce((sum, each) => sum + each.reduce((a, b) => a * b), 0) > MOST_AT_ONCE;
  }

  // Layers that are as they were, over such, are not computed again; those that only Python can run, and all over
  // them, are null until their numbers come.
  *derive(settings) {
    const image = this.pictures.get(settings.image), before = this.made, made = { "layer 0": image, weights: [], windows: [] };
    let is_kept = before?.["layer 0"] === image;
    for (const [i, layer] of settings.layers.entries()) {
      const [name, below] = [`layer ${i + 1}`, made[`layer ${i}`]];
      is_kept &&= same(before.settings.layers[i], layer) && Boolean(before[name]);
      if (is_kept) {
        made[name] = before[name];
        made.weights[i] = before.weights[i];
      } else if (below && layer.kind !== "other") {
        made.weights[i] = layer.kind === "conv" ? this.#weights(layer, i, below) : null;
        made[name] = (yield* made_by(layer, below, made.weights[i])).maps;
      } else made[name] = null;
    }
    return made;
  }

  #weights(layer, i, below) {
    for (const [key, { kernels, bias }] of Object.entries(this.model.get("_weights"))) {
      if (!this.learned.has(key)) this.learned.set(key, { kernels: planes(kernels), bias });
    }
    return weights_for(layer, i, below.length, this.learned.get(layer.own));
  }

  maps(number) {
    return this.made[`layer ${number}`];
  }

  // Rows and columns that the chosen layer would have with these settings of it; throws a Refusal.
  output_shape(settings) {
    const layer = { ...settings.layers[settings.layer - 1], ...of_a_layer(settings) };
    return shape_after(layer, shape_of(this.maps(settings.layer - 1))).slice(1);
  }

  // The two layers on the page follow the chosen one; the mark stays where its layer and picture do.
  settled(before) {
    const { settings } = this.made, { layer, layers } = settings;
    if (!this.page) this.page = layer - 1;
    this.page = clamp(clamp(this.page, layer - 1, layer), 1, Math.max(1, layers.length - 1));
    if (this.pinned?.layer !== layer || before?.image !== settings.image) this.pinned = null;
    this.pinned &&= this.#inside(this.pinned);
    this.hover &&= this.#inside(this.hover);
  }

  #inside({ layer, map, row, column }) {
    const maps = this.maps(layer);
    if (!maps) return null;
    const [{ rows, columns }] = maps;
    return { layer, map: clamp(map, 0, maps.length - 1), row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
  }

  get here() {
    return this.hover ?? this.pinned;
  }

  // ---- drawing

  paint() {
    const { made, palette, input, shell } = this, { settings } = made, image = this.maps(0), depth = settings.layers.length;
    made.scales = settings.layers.map((_, i) => signed_scale(this.maps(i + 1) ?? []));
    made.scales.unshift(grey_scale(image));
    shell.root.style.setProperty("--count", Math.min(depth, 2) + 1);
    shell.root.classList.toggle("alone", depth === 1);
    input.show(is_colour(image) ? [image] : image.map((channel) => [channel]), { scale: made.scales[0], palette });
    input.describe(size([image[0].rows, image[0].columns]), "What a unit sees is framed.");
    this.sheets.forEach((picture, i) => this.#paint_sheet(picture, this.page + i, this.arrows[i]));
    put(this.arrows[0].firstChild, this.page > 1 ? "⋯" : "→");
    if (this.page > 1) put(this.arrows[0].lastChild, "");
    made.padding = this.#padding(settings);
    this.pinned ??= this.maps(settings.layer) && strongest(this.made, settings.layer);
  }

  // What the chosen layer pads, [[top, bottom], [left, right]].
  #padding({ layers, layer: number }) {
    const layer = layers[number - 1], below = this.maps(number - 1);
    if (!below) return [[0, 0], [0, 0]];
    return [below[0].rows, below[0].columns].map((n, axis) => padding_amounts(n, pair(layer.kernel_size)[axis], along(axis, layer)));
  }

  #paint_sheet(picture, number, arrow) {
    const { settings, scales } = this.made, layer = settings.layers[number - 1], maps = layer && this.maps(number);
    for (const node of [picture.node, arrow]) node.hidden = !layer;
    if (!layer) return;
    picture.canvas.hidden = !maps;
    if (maps) picture.show(maps.map((map) => [map]), { scale: scales[number], palette: this.palette });
    const sizes = maps && size([maps[0].rows, maps[0].columns]);
    put(picture.heading, `layer ${number}`);
    put(arrow.lastChild, SIGNS[layer.kind]);
    if (!maps) return picture.describe("by Python", "Python works it out.", `layer ${number}, ${layer.name ?? layer.kind}`);
    const note = maps.length > 1 ? `${maps.length} of ${sizes}` : sizes;
    picture.describe(note, "Arrow keys move the unit, a digit picks a map.", `layer ${number}, ${plural(maps.length, "map")}, ${sizes}`);
  }

  in_code(settings) {
    const { image, layer, layers } = settings, is_learned = layers.some(({ own, edits }) => own || Object.keys(edits).length);
    return super.in_code({ layers, image, layer }, { layers: layers_in_code(layers) }) + (is_learned ? "  # with other weights" : "");
  }

  draw() {
    const here = this.here, unit = (this.unit = here && this.maps(here.layer) && unit_of(this.made, here, (...which) => this.#weights(...which)));
    if (unit) this.#shape(unit);
    this.#draw_marks(here, unit); // before the sentence is written: what measures after that waits for a layout
    this.shell.sentence.classList.toggle("blank", !unit);
    if (unit) return this.#draw_sentence(unit);
    this.shell.write(this.#why_blank(here));
    this.shell.tell("");
  }

  #why_blank(here) {
    const number = here?.layer ?? this.made.settings.layer, layer = this.made.settings.layers[number - 1];
    if (here && this.maps(number)) return `Layer ${number}, ${layer.name}: Python works it out, and its sums are not shown.`;
    return this.wire.is_alive ? "Python is working it out …" : `Layer ${number} needs a layer that only Python can run, and Python is not here.`;
  }

  #shape({ layer, here, slices }) {
    const { window, kernel, products } = this, [rows, columns] = pair(layer.kernel_size);
    this.names = here.layer === 1 ? channel_names(this.maps(0)) : slices.map((_, slice) => `map ${slice}`);
    for (const card of [window, kernel, products]) card.shape(rows, columns, slices.length, here.layer === 1 ? this.names : []);
    const key = `${kernel.key} ${layer.kind}`;
    if (this.labelled !== key || this.labelled_for !== this.made) this.editor.label();
    this.labelled = key;
    this.labelled_for = this.made;
  }

  #draw_sentence(unit) {
    const { window, kernel, products, sum, hot, shell } = this, { theme } = this.palette, { terms, layer, here, value, total } = unit;
    const room = kernel.cell_size, size_of = (texts) => digit_size(texts, ...room);
    const weights = terms.map((term) => short(term.weight)), fit = Math.min(size_of(["−0.555"]), size_of(weights)) || 0;
    const common = { size: fit, room, theme, hot };
    window.fill(terms.map((term) => term.value), unit.scale_below, { ...common, padding: terms.map((term) => term.is_padding) });
    kernel.fill(terms.map((term) => term.weight), unit.weight_scale, common);
    const most = (unit.weight_scale[2] * Math.max(Math.abs(unit.scale_below[1]), unit.scale_below[2])) / 2 || 1;
    products.fill(terms.map((term) => term.product), ["signed", -most, most], common);
    const is_conv = layer.kind === "conv", turned = is_conv && layer.activation === "ReLU" && total < 0;
    sum.total(value, unit.scale, theme, turned ? `${short(total)} → 0` : short(value));
    kernel.node.classList.toggle("blue", is_conv);
    put(window.note, unit.slices.length > 1 ? plural(unit.slices.length, unit.below) : size(pair(layer.kernel_size)));
    put(kernel.note, is_conv ? typing_hint() : VERBS[layer.kind]);
    put(products.note, unit.slices.length > 1 ? plural(unit.slices.length, "slice") : "");
    put(sum.note, `map ${here.map}`);
    shell.write(...written(unit, hot));
    shell.tell(...readout(unit, hot));
  }

  #draw_marks(here, unit) {
    const { shell, palette, page } = this, parts = [];
    if (!here || !this.maps(here.layer)) return shell.marks.replaceChildren();
    const picture_of = (number) => (number === 0 ? this.input : this.sheets[number - page]);
    const own = picture_of(here.layer), term = unit?.terms[this.hot];
    const box = (picture, tile, field) => picture.box(shell.stage, { tile, ...field });
    const whole = ({ rows, columns }) => ({ row: 0, column: 0, rows, columns });
    for (let number = 0; number < here.layer; number++) {
      const picture = picture_of(number), field = picture && field_of(this.made, here, number);
      if (!picture || !field?.rows) continue;
      const is_next = number === here.layer - 1, is_one = is_next && unit?.layer.kind !== "conv" && picture.tiles.length > 1;
      const boxes = picture.tiles.map((_, tile) => tile).filter((tile) => !is_one || tile === here.map).map((tile) => box(picture, tile, field));
      if (is_next) parts.unshift(...this.#wedge(picture, boxes, this.window));
      parts.push(...boxes.flatMap((each) => framed(each, palette)));
      if (is_next && term && picture.tiles.length > 1) parts.push(...looked_back(box(picture, term.slice, whole(picture)), palette));
    }
    const unit_box = box(own, here.map, here);
    parts.unshift(...this.#wedge(own, [unit_box], this.sum));
    if (own.tiles.length > 1) parts.push(...framed(box(own, here.map, whole(own)), palette));
    shell.marks.replaceChildren(...parts, ...framed(unit_box, palette));
  }

  // From the lowest of some marks to the card below, with no line across the maps between.
  #wedge(picture, boxes, card) {
    const lowest = boxes.reduce((a, b) => (b.y > a.y ? b : a));
    return beam_below(this.shell.stage, picture, { ...lowest, y: Infinity }, card, this.palette);
  }

  // ---- what a person does

  #listen() {
    this.sheets.forEach((picture, i) => {
      const here = ({ tile, row, column }) => ({ layer: this.page + i, map: tile, row, column });
      const mine = () => (this.here?.layer === this.page + i ? this.here : strongest(this.made, this.page + i));
      const ready = (act) => (...given) => this.maps(this.page + i) && act(...given);
      pointable(picture, {
        hover: ready((cell) => this.look({ hover: here(cell) })),
        pin: ready((cell) => this.#pin(here(cell))),
        leave: () => this.look({ hover: null }),
        walk: ready((down, across) => this.#pin({ ...mine(), row: mine().row + down, column: mine().column + across })),
      });
      picture.canvas.addEventListener("keydown", (event) => {
        if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
        ready(() => this.#pin({ ...mine(), map: Number(event.key) }))();
        event.stopPropagation();
      });
    });
    this.link([this.window, this.kernel, this.products], () => this.editor.drag);
  }

  #pin(unit) {
    this.pinned = this.#inside(unit);
    this.look({ hover: null, hot: -1 });
    if (unit.layer !== this.store.settings.layer) this.store.ask({ layer: unit.layer }, "layer");
    this.shell.hear();
  }

  #set_weight(i, value, run) {
    const { here, terms } = this.unit, { row, column } = this.kernel.place(i), at = [here.map, terms[i].slice, row, column];
    this.store.ask({ layers: with_weight(this.store.settings, here.layer, at, value) }, run);
  }

  // The formula of the chosen layer, and what its kernels are.
  rule() {
    const { settings } = this.made, layer = settings.layers[settings.layer - 1];
    const [maps, below] = [this.maps(settings.layer), this.maps(settings.layer - 1)];
    return learns(layer, maps?.length ?? layer.maps, below?.length ?? 1, pair(layer.kernel_size));
  }
}

export const render = rendered(FeatureMapsView);

export default { render };
