// A network in the browser: what every unit of every stage is, what it reads, and what it answers to. Stages are as
// layers.py says them: {kind, name, shape, kernel_size, stride, padding, dilation, activation, tanh}, from the input to
// the softmax. A unit is [stage, map, row, column]; a place in a stage {row, column, rows, columns}.
import { extent, feeds_of, field_through, window_indices } from "../../view/twin/geometry.js";
import { made_by, pool_weights } from "../../view/twin/layers.js";
import { along, avg_pool2d_backward, conv_transpose2d, finished, max_pool2d_backward, plane } from "../../view/twin/ops.js";

// What comes from Python, {stages, weights: {data}}, ready to run: {stages, weights, windows}. weights: of each stage
// null or {kernels, bias}, in which kernels are a list of planes for each map. edits: {"stage,map,channel,row,column":
// value}, and {"stage,map": value} of biases.
export function network_of({ stages, weights }, edits = {}) {
  const { buffer, byteOffset, byteLength } = weights.data, numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  let from = 0;
  const take = (count) => numbers.subarray(from, (from += count));
  const learned = stages.map(({ shape: [maps], kernel_size: [rows, columns] }, s) => {
    if (!has_weights(stages[s])) return null;
    const slices = () => Array.from({ length: stages[s - 1].shape[0] }, () => plane(rows, columns, take(rows * columns)));
    return { kernels: Array.from({ length: maps }, slices), bias: take(maps) };
  });
  for (const [place, value] of Object.entries(edits)) {
    const [s, map, channel, row, column] = place.split(",").map(Number);
    if (channel === undefined) learned[s].bias[map] = value;
    else learned[s].kernels[map][channel].data[row * stages[s].kernel_size[1] + column] = value;
  }
  const windows = stages.map((stage, s) => s && [0, 1].map((axis) => window_indices(stages[s - 1].shape[axis + 1], stage.kernel_size[axis], along(axis, stage))));
  return { stages, weights: learned, windows };
}

export const has_weights = (stage) => ["conv", "dense"].includes(stage?.kind);

// Of each stage {sums, maps}: its planes before and after the activation. planes: of the input.
export function forward(network, planes) {
  const made = [{ sums: planes, maps: planes }];
  for (let s = 1; s < network.stages.length; s++) made.push(run(network, s, made[s - 1].maps));
  return made;
}

function run({ stages, weights }, s, below) {
  return stages[s].kind === "softmax" ? softmax(below) : finished(made_by(stages[s], below, weights[s]));
}

function softmax(scores) {
  const { powers, total } = powers_of(numbers_of(scores)), maps = powers.map((power) => plane(1, 1, Float64Array.of(power / total)));
  return { sums: maps, maps };
}

function powers_of(scores) {
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
  return { most, powers, total: powers.reduce((sum, each) => sum + each) };
}

const numbers_of = (maps) => maps.map(({ data }) => data[0]); // each of one unit
export const scores_of = (made) => numbers_of(made.at(-2).maps);
export const shares_of = (made) => numbers_of(made.at(-1).maps);

// The class with the largest score.
export function answer(made) {
  const scores = scores_of(made);
  return scores.indexOf(Math.max(...scores));
}

// ---- one unit

export const sum_of_unit = (made, [s, map, row, column]) => number_at(made[s].sums[map], row, column);
export const value_of = (made, [s, map, row, column]) => number_at(made[s].maps[map], row, column);
const number_at = ({ columns, data }, row, column) => data[row * columns + column];

// How a unit comes about: {kind, sum, value, bias, strips, winner}, sum before and value after the activation. A strip for each
// map that it reads: {map, places, values, weights, products, sum}, cell by cell; places are [row, column], or null on padding.
// winner: of a max pool, the cell that won. Of a probability: {scores, most, powers, total} in place of strips.
export function opened({ stages, weights, windows }, made, unit) {
  const [s, map, row, column] = unit, { kind } = stages[s], of = { kind, sum: sum_of_unit(made, unit), value: value_of(made, unit), bias: 0, strips: [], winner: -1 };
  if (kind === "input") return of;
  const below = made[s - 1].maps;
  if (kind === "softmax") return { ...of, scores: numbers_of(below), ...powers_of(numbers_of(below)) };
  const places = windows[s][0][row].flatMap((r) => windows[s][1][column].map((c) => (r < 0 || c < 0 ? null : [r, c])));
  const strip = (from, kernel) => {
    const values = places.map((place) => (place ? number_at(below[from], place[0], place[1]) : 0));
    const ones = kernel ? [...kernel.data] : pool_weights(kind, values, (i) => places[i]), products = values.map((value, i) => value * ones[i]);
    return { map: from, places, values, weights: ones, products, sum: products.reduce((sum, each) => sum + each, 0) };
  };
  if (weights[s]) return { ...of, bias: weights[s].bias[map], strips: weights[s].kernels[map].map((kernel, from) => strip(from, kernel)) };
  const only = strip(map, null);
  return { ...of, strips: [only], winner: kind === "max pool" ? only.weights.indexOf(1) : -1 };
}

// The largest product of all strips, {map, i, place, product}; null where there is padding alone.
export function largest_product(strips) {
  let most = null;
  for (const { map, places, products } of strips) {
    places.forEach((place, i) => {
      if (place && !(products[i] <= most?.product)) most = { map, i, place, product: products[i] };
    });
  }
  return most;
}

// The unit one layer down that one goes on with: a pool's winner, a sum's largest product, a probability's score.
function way_down(network, made, unit) {
  const [s, map] = unit;
  if (network.stages[s].kind === "softmax") return [s - 1, map, 0, 0];
  const { strips, winner } = opened(network, made, unit);
  if (winner >= 0) return [s - 1, map, ...strips[0].places[winner]];
  const most = largest_product(strips);
  return most && [s - 1, most.map, ...most.place];
}

// The marked path: a unit of each stage, or null, [from the paper to a probability]. Down it goes along the largest
// product; above a unit stands what it was followed down from. above: a path that goes on above this unit, if it reads it.
export function path_of({ network, stages }, unit, above) {
  const made = stages.map(() => null), [s] = unit;
  for (let each = unit; each; each = each[0] > 0 ? way_down(network, stages, each) : null) made[each[0]] = each;
  return above[s + 1] && reads(network, above[s + 1], unit) ? [...made.slice(0, s + 1), ...above.slice(s + 1)] : made;
}

function reads({ stages, windows }, [s, own, row, column], [, map, r, c]) {
  return (has_weights(stages[s]) || own === map) && windows[s][0][row].includes(r) && windows[s][1][column].includes(c);
}

// What a unit sees of a stage further down; no rows where that is padding alone.
export const field = ({ windows }, [s, , row, column], to) => field_through(windows.slice(to + 1, s + 1), [row, column]);

// Which units of a stage further up see a unit.
export const feeds = ({ windows }, [s, , row, column], to) => feeds_of(windows.slice(s + 1, to + 1), [row, column]);

// ---- why

// How a unit's sum changes with each number of the input: planes, as the input's. Of a probability, its score's.
export function pixel_gradient(network, made, [s, map, row, column]) {
  const { stages, weights } = network;
  if (stages[s].kind === "softmax") s -= 1;
  let grad = made[s].sums.map(({ rows, columns }) => plane(rows, columns));
  grad[map].data[row * grad[map].columns + column] = 1;
  for (; s > 0; s--) {
    const stage = stages[s], below = made[s - 1], { kind, kernel_size } = stage;
    if (weights[s]) grad = below.maps.map((x, channel) => sent_back(grad, weights[s].kernels.map((kernel) => kernel[channel]), stage, x));
    else grad = below.maps.map((x, m) => (kind === "max pool" ? max_pool2d_backward : avg_pool2d_backward)(grad[m], x, kernel_size, stage));
    grad.forEach((each, m) => sent_through(stages[s - 1], each, below.maps[m]));
  }
  return grad;
}

// Through a convolution to one of the maps that it read. At the end of each axis there may be padding that no window
// reads, and pixels, which get no gradient.
function sent_back(grad, kernels, stage, { rows, columns }) {
  const padding = [rows, columns].map((n, axis) => {
    const { stride, padding: [before, after], dilation } = along(axis, stage);
    return [before, Math.max(0, after - ((before + n + after - extent(stage.kernel_size[axis], dilation)) % stride))];
  });
  const read = conv_transpose2d(grad, kernels, { ...stage, padding }), made = plane(rows, columns);
  for (let r = 0; r < read.rows; r++) made.data.set(read.data.subarray(r * read.columns, (r + 1) * read.columns), r * columns);
  return made;
}

function sent_through({ activation, tanh: [height, slope] }, grad, y) {
  if (activation === "none") return;
  for (let i = 0; i < grad.data.length; i++) {
    grad.data[i] *= activation === "ReLU" ? Number(y.data[i] > 0) : height * slope * (1 - (y.data[i] / height) ** 2);
  }
}

// By how much the score of a class leads the largest other; where there is no other, its score.
export function lead_of(made, which) {
  const scores = scores_of(made), [own] = scores.splice(which, 1);
  return own - (scores.length ? Math.max(...scores) : 0);
}

// How the lead of a class changes where a patch of paper hides the input: a plane, a number for each place of the patch's
// middle, every `step` pixels. A generator that may be left between two places.
export function* occlusion(network, planes, which, { patch = 5, step = 2 } = {}) {
  const [{ rows, columns }] = planes, made = plane(Math.ceil(rows / step), Math.ceil(columns / step)), half = patch >> 1, lead = lead_of(forward(network, planes), which);
  for (let i = 0; i < made.data.length; i++) {
    const [top, left] = [Math.floor(i / made.columns) * step - half, (i % made.columns) * step - half];
    const hidden = planes.map((each) => ({ ...each, data: each.data.slice() }));
    for (const { data } of hidden) {
      for (let r = Math.max(top, 0); r < Math.min(top + patch, rows); r++) data.fill(0, r * columns + Math.max(left, 0), r * columns + Math.min(left + patch, columns));
    }
    made.data[i] = lead_of(forward(network, hidden), which) - lead;
    yield i;
  }
  return made;
}
