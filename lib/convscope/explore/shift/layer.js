// What a layer makes of papers, and how far two answers are apart.
import TABLE from "./kernels.json" with { type: "json" };
import { pair } from "../view/controls/settings.js";
import { avg_pool2d, conv2d, max_pool2d, plane, range, relu } from "../view/twin/ops.js";
import { dense_weights, shift } from "../view/twin/shift.js";
import { fields_of, layers_of } from "./state.js";

const POOLS = { max: max_pool2d, average: avg_pool2d };
let weights = null; // of the dense layer, made when first needed

// A function from a paper to the layer's maps, after ReLU and pooling: a generator, for many weights are to be made.
export function* layer_of(settings, pixels) {
  if (settings.layer === "dense") {
    weights ??= yield* dense_weights(pixels);
    return (paper) => [relu(sums(paper, weights))];
  }
  const [window, pool] = layers_of(settings), kernels = kernels_of(pair(settings.kernel_size));
  return (paper) => kernels.map((kernel) => {
    const map = relu(conv2d([paper], [kernel], window));
    return pool ? POOLS[settings.pooling](map, pair(pool.kernel_size), pool) : map;
  });
}

// Corners of the table's, which are 5 × 5, in 64ths.
function kernels_of([rows, columns]) {
  const at = (i) => Math.floor(i / columns) * 5 + (i % columns);
  return TABLE.map((kernel) => plane(rows, columns, Float64Array.from({ length: rows * columns }, (_, i) => kernel[at(i)] / 64)));
}

function sums({ rows, columns, data }, all) {
  const made = plane(rows, columns), n = data.length;
  data.forEach((value, pixel) => {
    if (value) for (let o = 0, at = pixel * n; o < n; o++) made.data[o] += value * all[at + o];
  });
  return made;
}

// The maps, shifted by as many whole cells as the picture's shift is worth, halves up.
export function shifted(maps, steps, settings) {
  const [down, across] = fields_of(settings).map(({ jump }, axis) => Math.floor(steps[axis] / jump + 0.5));
  return maps.map((map) => shift(map, down, across));
}

export const apart = (maps, others) => maps.map((map, i) => ({ ...map, data: map.data.map((value, at) => value - others[i].data[at]) }));

// ‖maps − others‖ / ‖whole‖; 0 where the whole is 0.
export function relative(maps, others, whole) {
  const size = distance(whole);
  return size ? distance(maps, others) / size : 0;
}

function distance(maps, others = null) {
  let sum = 0;
  for (const [m, { data }] of maps.entries()) {
    for (let i = 0; i < data.length; i++) {
      const gap = others ? data[i] - others[m].data[i] : data[i];
      sum += gap * gap;
    }
  }
  return Math.sqrt(sum);
}

// What a global pool says of each map.
export function answers(maps, pool) {
  const mean = ({ data }) => data.reduce((sum, value) => sum + value, 0) / data.length;
  return maps.map((map) => (pool === "max" ? range([map])[1] : mean(map)));
}
