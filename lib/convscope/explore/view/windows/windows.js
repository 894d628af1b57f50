// A window that slides over a picture, for rows and columns at once: the twin of explore/windows.py. A window is
// {kernel_size, stride, padding, dilation}, each for both axes or [rows, columns]; and, where the picture has a pixel for
// each of its places and the output is what it slides over, `transposed`.
import { pair } from "../controls/settings.js";
import { extent, output_size, transposed_size, window_indices } from "../twin/geometry.js";
import { along, padded, picture_padding } from "../twin/ops.js";
import { plural } from "../twin/words.js";

// Rows and columns of what it makes; throws a Refusal where there is none.
export function output_shape([{ rows, columns }], window) {
  const size = pair(window.kernel_size), made = window.transposed ? transposed_size : output_size;
  return [made(rows, size[0], along(0, window)), made(columns, size[1], along(1, window))];
}

export function fits(picture, window) {
  try {
    output_shape(picture, window);
    return true;
  } catch {
    return false;
  }
}

// What follows from how it moves: the padding; the picture with it, wide; which rows and columns of that each output
// reads; how many pixels the window spans, and steps; the middle of the first, in pixels; and what no window reads.
export function slide(image, window) {
  if (window.transposed) return spread(image, window);
  const size = pair(window.kernel_size);
  const padding = picture_padding(image, [{ rows: size[0], columns: size[1] }], window);
  const wide = image.map((channel) => padded(channel, padding)), all = [wide[0].rows, wide[0].columns];
  const [rows, columns] = all.map((n, axis) => window_indices(n, size[axis], { ...along(axis, window), padding: "valid" }));
  const spans = size.map((each, axis) => extent(each, pair(window.dilation)[axis]));
  const first = spans.map((span, axis) => (span - 1) / 2 - padding[axis][0]);
  return { image, padding, wide, rows, columns, spans, steps: pair(window.stride), first, unread: missed(wide, rows, columns) };
}

// The same where it is transposed. There is no padding then, but what is cropped; what reaches an output, −1 where nothing
// does, is in the picture's order, and so meets the kernel turned by half a turn.
function spread(image, window) {
  const size = pair(window.kernel_size), stride = pair(window.stride), all = output_shape(image, window);
  const crop = picture_padding([{ rows: all[0], columns: all[1] }], [{ rows: size[0], columns: size[1] }], window);
  const [rows, columns] = all.map((n, axis) => reaching(n, size[axis], along(axis, window)));
  const spans = size.map((each, axis) => extent(each, pair(window.dilation)[axis]));
  const steps = stride.map((each) => 1 / each), first = spans.map((span, axis) => (crop[axis][0] - (span - 1) / 2) / stride[axis]);
  return { image, padding: [[0, 0], [0, 0]], crop, wide: image, rows, columns, spans, steps, first, unread: missed(image, rows, columns) };
}

function reaching(n, kernel_size, moves) {
  const made = Array.from({ length: n }, () => Array(kernel_size).fill(-1));
  for (const [pixel, outputs] of window_indices(n, kernel_size, moves).entries()) {
    outputs.forEach((output, i) => output >= 0 && (made[output][kernel_size - 1 - i] = pixel));
  }
  return made;
}

const missed = ([{ rows: high, columns: broad }], rows, columns) => ({ rows: left_out(high, rows), columns: left_out(broad, columns) });

function left_out(n, windows) {
  const seen = new Set(windows.flat());
  return Array.from({ length: n }, (_, i) => i).filter((i) => !seen.has(i));
}

// What an output reads, cell by cell and slice by slice: where in the padded picture, (y, x) in the picture itself.
export function terms_at({ wide, rows, columns, image, padding }, [row, column]) {
  return wide.flatMap((plane_, slice) =>
    rows[row].flatMap((r) =>
      columns[column].map((c) => {
        const [y, x] = [r - padding[0][0], c - padding[1][0]];
        const is_padding = !is_inside(image, y, x);
        return { slice, row: r, column: c, y, x, value: is_padding ? 0 : plane_.data[r * plane_.columns + c], is_padding };
      }),
    ),
  );
}

const is_inside = ([{ rows, columns }], y, x) => y >= 0 && x >= 0 && y < rows && x < columns;

// The outputs that read a cell of the padded picture, and the cells of their windows through which they do.
export function readers({ rows, columns, wide }, { tile, row, column }) {
  const of = (windows, at) => windows.map((window, o) => [o, window.indexOf(at)]).filter(([, i]) => i >= 0);
  const [down, across] = [of(rows, row), of(columns, column)], each = rows[0].length * columns[0].length;
  const outputs = down.flatMap(([r]) => across.map(([c]) => [r, c]));
  const places = down.flatMap(([, i]) => across.map(([, j]) => i * columns[0].length + j));
  const cells = new Set(wide.flatMap((_, slice) => places.map((place) => slice * each + place)));
  return { pixel: { tile, row, column }, outputs, cells };
}

// The pixel under a cell of the padded picture, {y, x, is_padding}.
export function pixel_at({ image, padding }, { row, column }) {
  const [y, x] = [row - padding[0][0], column - padding[1][0]];
  return { y, x, is_padding: !is_inside(image, y, x) };
}

// "rows 2 to 4, columns 0 to 2", or that it is all padding.
export function reads_in_words(terms) {
  const inside = terms.filter((term) => !term.is_padding);
  return inside.length ? `${ends(inside, "row", "y")}, ${ends(inside, "column", "x")}` : "padding alone";
}

function ends(terms, noun, axis) {
  const places = terms.map((term) => term[axis]);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`;
}

// Rows and columns of the picture itself that no window reads, in a sentence; "" where there are none.
export function never_read({ unread, image: [{ rows, columns }], padding }) {
  const said = (noun, places, n, before) => {
    const inside = places.map((place) => place - before).filter((place) => place >= 0 && place < n);
    if (!inside.length) return [];
    return inside.length === 1 ? [`${noun} ${inside[0]}`] : [plural(inside.length, noun)];
  };
  const words = [...said("row", unread.rows, rows, padding[0][0]), ...said("column", unread.columns, columns, padding[1][0])];
  return words.length ? `Never read: ${words.join(", ")}.` : "";
}
