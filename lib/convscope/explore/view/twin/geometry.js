// Where a window can stand, one axis at a time: the twin of geometry.py, under the same names and with the same
// refusals. A test runs random cases through both.
import { plural, refusal } from "./words.js";

// How many pixels a kernel spans, first to last.
export const extent = (kernel_size, dilation = 1) => dilation * (kernel_size - 1) + 1;

// Zeros before and after an axis of n pixels. padding: "valid", "same", "full", or [before, after].
export function padding_amounts(n, kernel_size, { stride = 1, padding = "valid", dilation = 1 } = {}) {
  output_size(n, kernel_size, { stride, padding, dilation }); // refuses a window that does not fit
  return amounts(n, kernel_size, { stride, padding, dilation });
}

// How many places there are for a window; throws a Refusal where there is none.
export function output_size(n, kernel_size, { stride = 1, padding = "valid", dilation = 1 } = {}) {
  const [before, after] = amounts(n, kernel_size, { stride, padding, dilation });
  const span = extent(kernel_size, dilation);
  const padded = before + n + after;
  if (span > padded) {
    const values = { kernel_size, dilation, span, pixels: plural(padded, "pixel"), n, before, after };
    throw refusal(dilation > 1 ? "does not fit dilated" : "does not fit", values);
  }
  return Math.floor((padded - span) / stride) + 1;
}

// How long an axis has n places for a window; throws a Refusal where the padding, which is cropped, leaves no pixel.
export function transposed_size(n, kernel_size, { stride = 1, padding = "valid", dilation = 1 } = {}) {
  if (padding === "same") return n * stride;
  const spread = (n - 1) * stride + extent(kernel_size, dilation);
  const [before, after] = amounts(n, kernel_size, { stride, padding, dilation });
  if (before + after >= spread) throw refusal("crops all", { cropped: before + after, spread });
  return spread - before - after;
}

// Which pixels each window reads, one array a window; −1 where it lies on padding.
export function window_indices(n, kernel_size, { stride = 1, padding = "valid", dilation = 1 } = {}) {
  const places = output_size(n, kernel_size, { stride, padding, dilation });
  const [before] = amounts(n, kernel_size, { stride, padding, dilation });
  const read = (pixel) => (pixel >= 0 && pixel < n ? pixel : -1);
  const window_from = (first) => Array.from({ length: kernel_size }, (_, i) => read(first + i * dilation));
  return Array.from({ length: places }, (_, o) => window_from(o * stride - before));
}

// What a unit of each layer sees of an axis of n pixels: {size, jump, start}, in those pixels. Unit o sees size of them
// from start + o · jump on. layers: first to last, each {kernel_size, stride, padding, dilation}.
export function receptive_field(layers, n) {
  let field = { size: 1, jump: 1, start: 0 }, pixels = n;
  return layers.map(({ kernel_size, stride = 1, padding = "valid", dilation = 1 }) => {
    const [before] = padding_amounts(pixels, kernel_size, { stride, padding, dilation });
    pixels = output_size(pixels, kernel_size, { stride, padding, dilation });
    const { size, jump, start } = field;
    field = { size: size + (extent(kernel_size, dilation) - 1) * jump, jump: jump * stride, start: start - before * jump };
    return field;
  });
}

// What a place [row, column] sees through layers of windows, {row, column, rows, columns}; no rows where that is padding
// alone. windows: first to last, each [rows, columns] as `window_indices` gives them.
export function field_through(windows, place) {
  const axes = place.map((at, axis) => windows.reduceRight((seen, each) => [...new Set(seen.flatMap((i) => each[axis][i]))].filter((i) => i >= 0), [at]));
  return box(axes);
}

// Which places see a place [row, column] through layers of windows; no rows where none does.
export function feeds_of(windows, place) {
  const reads = (seen) => (window, i) => (window.some((at) => seen.includes(at)) ? [i] : []);
  return box(place.map((at, axis) => windows.reduce((seen, each) => each[axis].flatMap(reads(seen)), [at])));
}

function box(axes) {
  if (axes.some((places) => !places.length)) return { row: 0, column: 0, rows: 0, columns: 0 };
  const [[top, bottom], [left, right]] = axes.map((places) => [Math.min(...places), Math.max(...places)]);
  return { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 };
}

function amounts(n, kernel_size, { stride, padding, dilation }) {
  const span = extent(kernel_size, dilation);
  if (padding === "valid") return [0, 0];
  if (padding === "full") return [span - 1, span - 1];
  if (padding !== "same") return padding;
  const total = Math.max((Math.ceil(n / stride) - 1) * stride + span - n, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
