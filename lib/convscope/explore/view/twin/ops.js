// What a window makes of a picture: the twin of the part of `ops` that explorers need. A plane is one channel,
// {rows, columns, data}; a picture and a kernel are lists of planes, a plane for each channel.
import { output_size, padding_amounts, transposed_size, window_indices } from "./geometry.js";
import { Refusal, refusal } from "./words.js";

const AXES = ["rows", "columns"];

/** @param {Float32Array | Float64Array} [data] */
export function plane(rows, columns, data = new Float64Array(rows * columns)) {
  return { rows, columns, data };
}

// A plane with its zeros round it, itself where there are none. around: [[top, bottom], [left, right]].
export function padded(map, around) {
  const { rows, columns, data } = map, [[top, bottom], [left, right]] = around;
  if (!(top || bottom || left || right)) return map;
  const made = plane(top + rows + bottom, left + columns + right, new Float32Array((top + rows + bottom) * (left + columns + right)));
  for (let r = 0; r < rows; r++) {
    made.data.set(data.subarray(r * columns, (r + 1) * columns), (top + r) * made.columns + left);
  }
  return made;
}

// The settings of one axis, 0 for rows and 1 for columns.
export function along(axis, { stride, padding, dilation }) {
  const of = (setting) => (Array.isArray(setting) ? setting[axis] : setting);
  const zeros = of(padding);
  return { stride: of(stride), padding: typeof zeros === "number" ? [zeros, zeros] : zeros, dilation: of(dilation) };
}

// [[top, bottom], [left, right]] of a picture under a kernel.
export function picture_padding([{ rows, columns }], [kernel], moves) {
  return [
    padding_amounts(rows, kernel.rows, along(0, moves)),
    padding_amounts(columns, kernel.columns, along(1, moves)),
  ];
}

// The feature map of a picture under a kernel with a slice for each channel: the products of all slices, added up.
// moves: {stride, padding, dilation}, each for both axes or [rows, columns]. Throws a Refusal where no window fits.
export const conv2d = (picture, kernel, moves) => finished(conv2d_by_rows(picture, kernel, moves));

// What a generator gives in the end, all of its work done at once.
export function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

// The same, row by row: a generator that can be left between two rows, so that large pictures hold up nobody.
export function* conv2d_by_rows(picture, kernel, moves) {
  const [{ rows, columns }] = picture, [down, across] = [along(0, moves), along(1, moves)];
  const made = plane(output_size(rows, kernel[0].rows, down), output_size(columns, kernel[0].columns, across));
  const around = picture_padding(picture, kernel, moves);
  const wide = picture.map((channel) => padded(channel, around));
  for (let row = 0; row < made.rows; row++) {
    for (const [channel, weights] of kernel.entries()) {
      add_row(made, row, wide[channel], weights, down, across);
    }
    yield row;
  }
  return made;
}

// Add to one row of the output what one slice of the kernel makes of one padded channel.
function add_row(made, row, source, weights, down, across) {
  const to = row * made.columns, end = to + made.columns, { data } = made, { data: pixels, columns } = source, { stride } = across;
  for (let i = 0, at = 0; i < weights.rows; i++) {
    for (let j = 0; j < weights.columns; j++, at++) {
      const weight = weights.data[at];
      if (weight === 0) continue;
      let from = (row * down.stride + i * down.dilation) * columns + j * across.dilation;
      for (let c = to; c < end; c++, from += stride) data[c] += weight * pixels[from];
    }
  }
}

// A picture enlarged: each pixel adds its kernel, times itself, to the output, of which the padding is cropped.
export const conv_transpose2d = (picture, kernel, moves) => finished(conv_transpose2d_by_rows(picture, kernel, moves));

export function* conv_transpose2d_by_rows(picture, kernel, moves) {
  const [{ rows, columns }] = picture, [down, across] = [along(0, moves), along(1, moves)];
  const made = plane(transposed_size(rows, kernel[0].rows, down), transposed_size(columns, kernel[0].columns, across));
  const [[top], [left]] = picture_padding([made], kernel, moves);
  for (let row = 0; row < rows; row++) {
    for (const [channel, weights] of kernel.entries()) {
      for (let i = 0; i < weights.rows; i++) {
        const r = row * down.stride + i * down.dilation - top;
        if (r >= 0 && r < made.rows) spread_row(made, r, picture[channel], row, weights, i, left, across);
      }
    }
    yield row;
  }
  return made;
}

// Add to row r of the output what row i of one slice of the kernel makes of a row of one channel.
function spread_row(made, r, source, row, weights, i, left, { stride, dilation }) {
  for (let j = 0; j < weights.columns; j++) {
    const weight = weights.data[i * weights.columns + j];
    if (weight === 0) continue;
    for (let c = 0, q = j * dilation - left; c < source.columns; c++, q += stride) {
      if (q >= 0 && q < made.columns) made.data[r * made.columns + q] += weight * source.data[row * source.columns + c];
    }
  }
}

// A plane in which negative numbers are 0.
export function relu({ rows, columns, data }) {
  const made = data.slice();
  for (let i = 0; i < made.length; i++) if (made[i] <= 0) made[i] = 0;
  return plane(rows, columns, made);
}

// The largest number of each window of a plane; padding never wins. size: [rows, columns]. winners: the place of each,
// in reading order; among equals the first.
export function max_pool2d(x, size, moves) {
  const [down, across] = pool_windows(x, size, moves), made = plane(down.length, across.length);
  const winners = new Int32Array(made.data.length);
  visit(down, across, (rows, columns, at) => {
    let best = rows[0] * x.columns + columns[0];
    for (const r of rows) for (const c of columns) if (x.data[r * x.columns + c] > x.data[best]) best = r * x.columns + c;
    [made.data[at], winners[at]] = [x.data[best], best];
  });
  return { ...made, winners };
}

// The mean of each window, of its real pixels.
export function avg_pool2d(x, size, moves) {
  const [down, across] = pool_windows(x, size, moves), made = plane(down.length, across.length);
  visit(down, across, (rows, columns, at) => {
    let sum = 0;
    for (const r of rows) for (const c of columns) sum += x.data[r * x.columns + c];
    made.data[at] = sum / (rows.length * columns.length);
  });
  return made;
}

// The gradient for x: each output's goes to the pixel that won its window.
export function max_pool2d_backward(grad_y, x, size, moves) {
  const made = plane(x.rows, x.columns);
  max_pool2d(x, size, moves).winners.forEach((place, at) => (made.data[place] += grad_y.data[at]));
  return made;
}

// The gradient for x: each output's, divided evenly among the pixels of its window.
export function avg_pool2d_backward(grad_y, x, size, moves) {
  const [down, across] = pool_windows(x, size, moves), made = plane(x.rows, x.columns);
  visit(down, across, (rows, columns, at) => {
    const share = grad_y.data[at] / (rows.length * columns.length);
    for (const r of rows) for (const c of columns) made.data[r * x.columns + c] += share;
  });
  return made;
}

// Which rows, and which columns, each window reads, padding left out; throws a Refusal where that is all there is.
export function pool_windows({ rows, columns }, size, moves) {
  const both = [rows, columns].map((n, axis) => {
    try {
      return window_indices(n, size[axis], along(axis, moves)).map((window) => window.filter((place) => place >= 0));
    } catch ({ message }) {
      throw new Refusal(message.replace("kernel_size", `Along the ${AXES[axis]}, size`));
    }
  });
  for (const [axis, windows] of both.entries()) {
    const window = windows.findIndex((places) => !places.length), { padding } = along(axis, moves);
    if (window >= 0) throw refusal("on padding", { axis: AXES[axis], window, padding: `(${padding.join(", ")})`, size: size[axis] });
  }
  return both;
}

function visit(down, across, what) {
  down.forEach((rows, r) => across.forEach((columns, c) => what(rows, columns, r * across.length + c)));
}

// The smallest and the largest number of some planes.
export function range(planes) {
  let [low, high] = [Infinity, -Infinity];
  for (const { data } of planes) {
    for (let i = 0; i < data.length; i++) {
      if (data[i] < low) low = data[i];
      if (data[i] > high) high = data[i];
    }
  }
  return [low, high];
}
