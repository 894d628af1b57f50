// A layer of maps: a convolution, whose kernels may be as large as what they read, or a pool, and the activation behind
// it. A layer is {kind, kernel_size, stride, padding, dilation, activation, tanh}; tanh is its height and slope.
import { pair } from "../controls/settings.js";
import { avg_pool2d, conv2d_by_rows, max_pool2d, relu } from "./ops.js";

// What it makes of maps before and behind its activation, {sums, maps}, row by row. weights: of a convolution {kernels,
// bias}, kernels a list of slices for each map; null of a pool.
export function* made_by(layer, below, weights) {
  const sums = weights ? [] : below.map((map) => (layer.kind === "max pool" ? max_pool2d : avg_pool2d)(map, pair(layer.kernel_size), layer));
  for (const [m, kernel] of weights?.kernels.entries() ?? []) {
    const map = yield* conv2d_by_rows(below, kernel, layer), bias = weights.bias[m];
    for (let i = 0; i < map.data.length; i++) map.data[i] += bias;
    sums.push(map);
  }
  return { sums, maps: sums.map((map) => activated(layer, map)) };
}

function activated({ activation, tanh: [height, slope] }, map) {
  if (activation === "none") return map;
  return activation === "ReLU" ? relu(map) : { ...map, data: map.data.map((value) => height * Math.tanh(slope * value)) };
}

// A pool as a sum: for each number of a window 1 for the largest, the first of equals, or equal parts of a mean. is_real:
// whether it is no padding.
export function pool_weights(kind, values, is_real) {
  const real = values.flatMap((_, i) => (is_real(i) ? [i] : []));
  const best = real.reduce((most, i) => (values[i] > values[most] ? i : most), real[0]);
  return values.map((_, i) => (kind === "max pool" ? Number(i === best) : is_real(i) ? 1 / real.length : 0));
}
