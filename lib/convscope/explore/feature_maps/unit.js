// One unit of a layer: what it sees, and how it comes about. `made` is what the view derives: {settings, "layer 0": the
// picture's planes, "layer 1": maps or null …, weights and windows, by layer, scales}. A unit is {layer, map, row, column}.
import { weight_scale } from "../view/draw/colours.js";
import { pair } from "../view/controls/settings.js";
import { field_through, window_indices } from "../view/twin/geometry.js";
import { pool_weights } from "../view/twin/layers.js";
import { along } from "../view/twin/ops.js";

// Which rows, and which columns, of the layer below each unit of a layer reads; null where only Python knows.
function windows_of(made, number) {
  const layer = made.settings.layers[number - 1], below = made[`layer ${number - 1}`];
  if (layer.kind === "other" || !below) return null;
  const [{ rows, columns }] = below;
  return (made.windows[number] ??= [rows, columns].map((n, axis) => window_indices(n, pair(layer.kernel_size)[axis], along(axis, layer))));
}

// What a unit sees of a layer further down, {row, column, rows, columns}, no rows where that is padding alone; null
// where only Python knows.
export function field_of(made, { layer, row, column }, number) {
  const windows = Array.from({ length: layer - number }, (_, i) => windows_of(made, number + 1 + i));
  return windows.every(Boolean) ? field_through(windows, [row, column]) : null;
}

// The largest unit of a layer that does not lie at the rim.
export function strongest(made, layer) {
  let [best, found] = [-1, null];
  for (const [map, { rows, columns, data }] of made[`layer ${layer}`].entries()) {
    for (let row = rows >> 3; row < rows - (rows >> 3); row++) {
      for (let column = columns >> 3; column < columns - (columns >> 3); column++) {
        const value = Math.abs(data[row * columns + column]);
        if (value > best) [best, found] = [value, { layer, map, row, column }];
      }
    }
  }
  return found;
}

// How a unit comes about: a term for each weight, slice by slice, and what they add up to; null where only Python
// knows. weights_of(layer, index, below): of a convolution.
export function unit_of(made, here, weights_of) {
  const number = here.layer, layer = made.settings.layers[number - 1], below = made[`layer ${number - 1}`];
  const windows = windows_of(made, number), { columns, data } = made[`layer ${number}`][here.map];
  if (!windows) return null;
  const weights = layer.kind === "conv" ? (made.weights[number - 1] ??= weights_of(layer, number - 1, below)) : null;
  const from = weights ? below.map((map, slice) => [map, slice, weights.kernels[here.map][slice]]) : [[below[here.map], here.map, null]];
  const reads = [windows[0][here.row], windows[1][here.column]];
  const terms = from.flatMap(([map, slice, kernel]) => read(map, reads, slice, kernel)), each = terms.length / from.length;
  const ones = weights ? null : pool_weights(layer.kind, terms.map(({ value }) => value), (i) => !terms[i].is_padding);
  for (const [i, term] of terms.entries()) {
    if (ones) term.weight = ones[i];
    term.product = term.value * term.weight;
  }
  const sum = (some) => some.reduce((total, { product }) => total + product, 0), bias = weights?.bias[here.map] ?? 0;
  return {
    here, layer, terms, bias, total: sum(terms) + bias, value: data[here.row * columns + here.column],
    slices: from.map((_, s) => sum(terms.slice(s * each, (s + 1) * each))),
    reads: from.filter(([, , kernel]) => kernel?.data.some(Boolean)).length,
    below: number > 1 || below.length === 1 ? "map" : "channel", field: field_of(made, here, 0),
    scale: made.scales[number], scale_below: made.scales[number - 1],
    weight_scale: weight_scale(weights ? weights.kernels.flat().flatMap((kernel) => [...kernel.data]) : terms.map((term) => term.weight)),
  };
}

// What a window reads of one map, with the weights of a slice.
function read({ columns: wide, data }, reads, slice, kernel) {
  const [rows, columns] = reads;
  return rows.flatMap((row, i) => columns.map((column, j) => {
    const is_padding = row < 0 || column < 0;
    return { slice, row, column, is_padding, value: is_padding ? 0 : data[row * wide + column], weight: kernel ? kernel.data[i * columns.length + j] : 0 };
  }));
}
