// Pictures that move, and the weights that look at them: the twin of `datasets.shift` and of explore/shift/weights.py.
import { plane } from "./ops.js";

// Down by `rows` and to the right by `columns`, up and left below 0; zeros come in, what leaves is lost.
export function shift(picture, rows, columns) {
  const made = plane(picture.rows, picture.columns), left = Math.max(columns, 0);
  const [first, last] = [Math.max(-columns, 0), Math.min(picture.columns, picture.columns - columns)];
  for (let r = Math.max(rows, 0); r < Math.min(picture.rows, picture.rows + rows); r++) {
    const from = (r - rows) * picture.columns;
    if (last > first) made.data.set(picture.data.subarray(from + first, from + last), r * made.columns + left);
  }
  return made;
}

const DEVIATION = 148; // of the sum of a hash's four bytes
const AT_ONCE = 2 ** 18; // numbers that are made in a few milliseconds

// Float32 [pixels, sums]: a generator that can be left between two slices.
export function* dense_weights(pixels) {
  const made = new Float32Array(pixels * pixels), scale = Math.fround(DEVIATION * Math.sqrt(pixels));
  for (let i = 0; i < made.length; i++) {
    let x = i ^ (i >>> 16);
    x = Math.imul(x, 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    x ^= x >>> 16;
    made[i] = ((x & 255) + ((x >>> 8) & 255) + ((x >>> 16) & 255) + (x >>> 24) - 510) / scale;
    if (i % AT_ONCE === 0) yield;
  }
  return made;
}
