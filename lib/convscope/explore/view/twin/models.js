// What an Inception module is made of, and what it costs: the twin of `inception` in models.py.
import { refusal } from "./words.js";

const NAIVE = { reduce_three: 0, reduce_five: 0, pool: 0 };

// Its branches, each {label, boxes, maps}; those of no convolution beside the pool's are left out. A box is one of the
// convolutions, {name, kernel_size, reads, maps, weights}. widths: {input_shape, one, reduce_three, …}.
export function inception(widths, naive = false) {
  const { one, reduce_three, three, reduce_five, five, pool } = { ...widths, ...(naive ? NAIVE : {}) };
  if (!(one || three || five)) throw refusal("no module", {});
  const [depth] = widths.input_shape;
  const branches = [
    branch("1×1", depth, [["one", 1, one]]),
    branch("3×3", depth, three ? [["reduce_three", 1, reduce_three], ["three", 3, three]] : []),
    branch("5×5", depth, five ? [["reduce_five", 1, reduce_five], ["five", 5, five]] : []),
    branch("pool", depth, [["pool", 1, pool]]),
  ];
  const kept = branches.filter(({ label, boxes }) => boxes.length || label === "pool");
  return { branches: kept, boxes: kept.flatMap(({ boxes }) => boxes), maps: total(kept, "maps"), weights: total(kept.flatMap(({ boxes }) => boxes), "weights") };
}

// Of one convolution, without biases.
export const conv_weights = (kernel_size, reads, maps) => kernel_size * kernel_size * reads * maps;

// At stride 1 and the same size each weight is used once at each place.
export const macs = (weights, [rows, columns]) => weights * rows * columns;

// A filter of width 0 is left out: what comes goes on as it is.
function branch(label, depth, steps) {
  const boxes = [];
  for (const [name, kernel_size, maps] of steps) {
    const reads = boxes.at(-1)?.maps ?? depth;
    if (maps) boxes.push({ name, kernel_size, reads, maps, weights: conv_weights(kernel_size, reads, maps) });
  }
  return { label, boxes, maps: boxes.at(-1)?.maps ?? depth };
}

const total = (list, name) => list.reduce((sum, each) => sum + each[name], 0);
