// One layer of feature maps: its shape and its weights. The twin of layers.py; a layer is as Python says
// it, {kind, kernel_size, stride, padding, maps, activation, dilation, tanh, label, own, edits, reads}. Of the kind
// "other" it is one that only Python can run.
import LIMITS from "./settings.json" with { type: "json" };
import { pair } from "../view/controls/settings.js";
import { output_size } from "../view/twin/geometry.js";
import { bank, resized } from "../view/twin/kernels.js";
import { along, plane, pool_windows } from "../view/twin/ops.js";
import { scattered } from "../view/twin/scattered.js";

export { LIMITS };
export const MOST = LIMITS.most;

// [maps, rows, columns] where such come to it; throws a Refusal where it does not fit, null where only Python knows.
export function shape_after(layer, shape) {
  if (!shape || layer.kind === "other") return null;
  const [channels, rows, columns] = shape, size = pair(layer.kernel_size);
  if (layer.kind !== "conv") return [channels, ...pool_windows({ rows, columns }, size, layer).map((windows) => windows.length)];
  return [layer.maps, ...[rows, columns].map((n, axis) => output_size(n, size[axis], along(axis, layer)))];
}

// Kernels, a list of slices for each map, and biases, for so many maps coming to it, as layer number `index` from 0.
// learned: {kernels: planes, map by map, bias}, of what the layer has of its own.
export function weights_for(layer, index, channels, learned) {
  const size = pair(layer.kernel_size), kernels = start_kernels(index, layer.maps, channels, size);
  const bias = Array(layer.maps).fill(0);
  if (learned) {
    const reads = learned.kernels.length / learned.bias.length;
    const slice = (m, c) => (c < reads ? resized(learned.kernels[m * reads + c], size) : plane(...size));
    for (let m = 0; m < Math.min(layer.maps, learned.bias.length); m++) {
      kernels[m] = kernels[m].map((_, c) => slice(m, c));
      bias[m] = learned.bias[m];
    }
  }
  for (const [place, value] of Object.entries(layer.edits)) {
    const [m, c, row, column] = place.split(",").map(Number);
    if (m < layer.maps && c < channels) kernels[m][c].data[row * size[1] + column] = value;
  }
  return { kernels, bias };
}

// Kernels to begin with: edges, bells and corners on the picture, above it mixed by fixed random numbers.
export function start_kernels(index, maps, channels, size) {
  const filters = bank(Math.max(2, ...size)).map((slices) => slices.map((slice) => resized(slice, size)));
  const plain = filters.slice(0, 4).map(([slice]) => slice.data.map((value) => 3 * value));
  const [bell, down, across, corner] = plain, less = (data) => data.map((value) => -value);
  const grey = [down, across, bell, corner, less(down), less(across), less(corner)];
  return Array.from({ length: maps }, (_, m) => {
    let slices = mixed(index, m, channels, plain);
    if (index === 0 && channels === 3 && filters[m]) slices = filters[m].map(({ data }) => data);
    if (index === 0 && channels === 1 && grey[m]) slices = [grey[m]];
    const above = slices.reduce((sum, data) => data.reduce((a, b) => a + Math.max(b, 0), sum), 0) || 1;
    return slices.map((data) => plane(size[0], size[1], Float64Array.from(data, (value) => Math.fround(value / above))));
  });
}

function mixed(index, m, channels, plain) {
  const number = (c, s) => scattered(((index * MOST.maps + m) * MOST.maps + c) * 4 + s) * (s ? 4 : 1);
  const all = Array.from({ length: channels }, (_, c) => plain.map((shape, s) => number(c, s)));
  const turn = all.reduce((sum, [first]) => sum + first, 0) < 0 ? -1 : 1;
  return all.map(([first, ...rest]) => plain[0].map((value, i) => turn * first * value + rest.reduce((sum, each, s) => sum + each * plain[s + 1][i], 0)));
}
