// The settings of a stack of layers and what follows from them: the twin of state.py. Settings are as Python has them:
// {image, layers, depth}; a layer is [kernel_size, stride, padding, dilation], its padding a word or [before, after],
// the others a number, or [rows, columns] where those differ.
import LIMITS from "./settings.json" with { type: "json" };
import { check, pair } from "../view/controls/settings.js";
import { extent, output_size, receptive_field, window_indices } from "../view/twin/geometry.js";
import { Refusal, refusal } from "../view/twin/words.js";

export { LIMITS };
const WORDS = ["valid", "same", "full"];

// The next settings, or a Refusal. New layers lower the depth where there are fewer of them.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...changes };
  check(next, {}, pictures);
  const [image, ...others] = pictures.get(next.image);
  if (others.length) throw new Refusal("image must be a plain picture, (row, column).");
  check_layers(next.layers);
  if ("layers" in changes && !("depth" in changes)) next.depth = Math.min(next.depth, next.layers.length);
  if (!Number.isInteger(next.depth) || next.depth < 1 || next.depth > next.layers.length) {
    throw refusal("depth", { most: next.layers.length, depth: next.depth });
  }
  for (const axis of [0, 1]) check_sizes(axis ? image.columns : image.rows, next.layers.map((layer) => window_along(layer, axis)));
  return next;
}

// A layer as its window along the rows (0) or the columns (1).
function window_along([kernel_size, stride, padding, dilation], axis) {
  return { kernel_size: pair(kernel_size)[axis], stride: pair(stride)[axis], padding, dilation: pair(dilation)[axis] };
}

// Of one axis of n pixels: for the picture and each layer on show how many cells it has, n, and what a unit of it sees;
// and which cells each unit of a layer reads.
export function axis_of(n, { layers, depth }, axis) {
  const windows = layers.slice(0, depth).map((layer) => window_along(layer, axis)), tables = [];
  for (const { kernel_size, ...moves } of windows) tables.push(window_indices(tables.at(-1)?.length ?? n, kernel_size, moves));
  const fields = [{ size: 1, jump: 1, start: 0 }, ...receptive_field(windows, n)];
  return { windows, tables, levels: fields.map((field, i) => ({ ...field, n: i ? tables[i - 1].length : n })) };
}

// The cells of each level that a unit of the last one is made of, and the ways from each to the unit: maps, input first.
export function trace({ tables }, unit) {
  const found = [new Map([[unit, 1]])];
  for (const table of tables.toReversed()) {
    const below = new Map();
    for (const [cell, ways] of found[0]) {
      for (const each of table[cell]) if (each >= 0) below.set(each, (below.get(each) ?? 0) + ways);
    }
    found.unshift(below);
  }
  return found;
}

function check_layers(layers) {
  const is_whole = (least) => (value) => Number.isInteger(value) && value >= least;
  const is_axis = (value) => pair(value).length === 2 && pair(value).every(is_whole(1));
  const is_padding = (value) => WORDS.includes(value) || (Array.isArray(value) && value.length === 2 && value.every(is_whole(0)));
  const is_layer = (layer) => Array.isArray(layer) && layer.length === 4 && is_padding(layer[2]) && [0, 1, 3].every((i) => is_axis(layer[i]));
  if (!Array.isArray(layers) || !layers.every(is_layer)) throw new Refusal("layers must be a list of [kernel_size, stride, padding, dilation].");
  const { layers: most, pixels } = LIMITS;
  if (layers.length < 1 || layers.length > most) throw refusal("layers", { most, got: layers.length });
  for (const layer of layers) {
    const spans = [0, 1].map((axis) => window_along(layer, axis)).flatMap(({ kernel_size, stride, dilation }) => [extent(kernel_size, dilation), stride]);
    if (Math.max(...spans) > pixels) throw refusal("large layer", { most: pixels, layer: JSON.stringify(layer) });
  }
}

function check_sizes(n, windows) {
  let pixels = n;
  for (const { kernel_size, ...moves } of windows) {
    pixels = output_size(pixels, kernel_size, moves);
    if (pixels > LIMITS.pixels) throw refusal("large map", { most: LIMITS.pixels, layer: `kernel_size ${kernel_size}`, pixels });
  }
}
