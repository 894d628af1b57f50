// Ink on paper, a plane from 0 to 1: what a pen draws, how it is moved, turned and made noisy, and how it is centred as
// MNIST's digits were. `adjusted` is the twin of ink.py, `centred` of datasets.centre. Points are [x, y] in pixels, from the corner.
import { plane } from "../../view/twin/ops.js";
import { scattered } from "../../view/twin/scattered.js";

const PEN = 2.5, SOFT = 1.3, ERASER = 3.25; // as thick and as soft as MNIST's digits, in pixels of 28
const BOX = 20 / 28; // of the paper, the longer side of a digit
const OFF = [-1, -1]; // a point beside the paper
const NEAR = 0.03, STILL = 0.5; // closer to its size, and pixels to its place, nothing needs to be moved

// A line through points, as ink or as paper, on a plane.
export function stroke({ rows, columns, data }, points, is_erasing = false) {
  const grain = rows / 28, half = ((is_erasing ? ERASER : PEN) / 2) * grain, soft = SOFT * grain, reach = half + soft;
  for (const [i, [x1, y1]] of points.entries()) {
    const [x0, y0] = points[Math.max(0, i - 1)], [vx, vy] = [x1 - x0, y1 - y0], long = vx * vx + vy * vy;
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(y0, y1) - reach)), Math.min(rows - 1, Math.ceil(Math.max(y0, y1) + reach))];
    const [left, right] = [Math.max(0, Math.floor(Math.min(x0, x1) - reach)), Math.min(columns - 1, Math.ceil(Math.max(x0, x1) + reach))];
    for (let r = top; r <= bottom; r++) {
      for (let c = left; c <= right; c++) {
        const [x, y] = [c + 0.5 - x0, r + 0.5 - y0], t = long && Math.min(1, Math.max(0, (x * vx + y * vy) / long));
        const covered = Math.min(1, Math.max(0, 0.5 + (half - Math.hypot(x - t * vx, y - t * vy)) / soft)), at = r * columns + c;
        data[at] = is_erasing ? Math.min(data[at], 1 - covered) : Math.max(data[at], covered);
      }
    }
  }
}

// Strokes, {points, is_erasing}, on a copy of a plane.
export function drawn(under, strokes) {
  const made = plane(under.rows, under.columns, Float32Array.from(under.data));
  for (const { points, is_erasing } of strokes) stroke(made, points, is_erasing);
  return made;
}

// A picture turned counter-clockwise about its middle by degrees, moved by [down, right], made noisy (0 to 100), inverted.
export function adjusted(planes, settings) {
  const { move, turn, noise, inverted } = settings, [{ rows, columns }] = planes;
  if (!(turn || move[0] || move[1] || noise || inverted)) return planes;
  const is_on = (at, n) => at >= 0 && at < n; // what was turned off the paper does not come back
  const from = (r, c) => (is_on(r - move[0], rows) && is_on(c - move[1], columns) ? on_drawing([c + 0.5, r + 0.5], settings, planes[0]) : OFF);
  return planes.map((each, channel) => {
    const made = turn || move[0] || move[1] ? sampled(each, from) : plane(rows, columns, each.data.slice());
    const low = Math.min(0, ...made.data), high = Math.max(1, ...made.data);
    for (let i = 0; i < made.data.length; i++) {
      if (noise) made.data[i] = Math.min(high, Math.max(low, made.data[i] + (noise / 100) * grain_of(channel * rows * columns + i)));
      if (inverted) made.data[i] = low + high - made.data[i];
    }
    return made;
  });
}

// Where on the drawing lies what is seen at a point once it is turned and moved.
export function on_drawing([x, y], { move: [down, right], turn }, { rows, columns }) {
  const [sine, cosine] = [Math.sin, Math.cos].map((of) => of((turn * Math.PI) / 180)), [u, v] = [x - right - columns / 2, y - down - rows / 2];
  return [columns / 2 + cosine * u - sine * v, rows / 2 + sine * u + cosine * v];
}

// As MNIST's digits: the longer side 20 of 28 pixels, the ink's centre of mass in the middle.
export function centred(ink) {
  const { rows, columns, data } = ink, [row, column, side] = extent_of(ink);
  if (!side) return ink;
  const scale = (BOX * Math.max(rows, columns)) / side;
  return sampled({ rows, columns, data }, (r, c) => [column + (c + 0.5 - columns / 2) / scale, row + (r + 0.5 - rows / 2) / scale]);
}

// The same for strokes: the lines are moved, as thick as they were; null where they are well placed.
export function centred_strokes(strokes, { rows, columns }) {
  const points = strokes.flatMap((each) => each.points), sides = [0, 1].map((axis) => points.map((point) => point[axis]));
  const long = Math.max(...sides.map((side) => Math.max(...side) - Math.min(...side)), 1), size = Math.max(rows, columns);
  const scale = Math.min(3, (BOX * size - (PEN * rows) / 28) / long), middle = sides.map((side) => (Math.max(...side) + Math.min(...side)) / 2);
  const placed = (to) => strokes.map((each) => ({ ...each, points: each.points.map((point) => point.map((at, axis) => to[axis] + (at - middle[axis]) * scale)) }));
  const half = [columns / 2, rows / 2], [row, column] = extent_of(drawn(plane(rows, columns), placed(half)));
  const to = [columns - column, rows - row], [x, y] = points[0];
  const moved = Math.hypot(to[0] + (x - middle[0]) * scale - x, to[1] + (y - middle[1]) * scale - y);
  return Math.abs(scale - 1) < NEAR && moved < STILL ? null : placed(to);
}

// The ink's centre of mass, in pixels from the corner, and the longer side of the box round it; 0 on blank paper.
function extent_of({ rows, columns, data }) {
  let [mass, row, column, top, bottom, left, right] = [0, 0, 0, rows, -1, columns, -1];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const value = data[r * columns + c];
      if (value <= 0) continue;
      [mass, row, column] = [mass + value, row + value * (r + 0.5), column + value * (c + 0.5)];
      [top, bottom, left, right] = [Math.min(top, r), Math.max(bottom, r), Math.min(left, c), Math.max(right, c)];
    }
  }
  return mass ? [row / mass, column / mass, Math.max(bottom - top, right - left) + 1] : [rows / 2, columns / 2, 0];
}

// A plane read between its pixels, paper round it. from(row, column): the point [x, y] that a pixel shows.
function sampled({ rows, columns, data }, from) {
  const made = plane(rows, columns, new Float32Array(rows * columns));
  const ink = (r, c) => (r < 0 || c < 0 || r >= rows || c >= columns ? 0 : data[r * columns + c]);
  for (let i = 0; i < made.data.length; i++) {
    const [x, y] = from(Math.floor(i / columns), i % columns), [r, c] = [Math.floor(y - 0.5), Math.floor(x - 0.5)], [p, q] = [y - 0.5 - r, x - 0.5 - c];
    made.data[i] = (1 - p) * ((1 - q) * ink(r, c) + q * ink(r, c + 1)) + p * ((1 - q) * ink(r + 1, c) + q * ink(r + 1, c + 1));
  }
  return made;
}

// The same grain each time, about normal with a standard deviation of 1: the slider scales it.
const grain_of = (i) => scattered(3 * i) + scattered(3 * i + 1) + scattered(3 * i + 2);
