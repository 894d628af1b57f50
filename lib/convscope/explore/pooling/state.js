// The settings of a pool and what follows from them: the twin of state.py. Settings are as Python has them: {image,
// kernel, kind, size, stride, padding, gradient, grad_y}; sizes are a number, or [rows, columns] where those differ;
// grad_y is nested lists, or null for all ones.
import LIMITS from "./settings.json" with { type: "json" };
import { check, check_word, pair } from "../view/controls/settings.js";
import { PRESETS, preset } from "../view/twin/kernels.js";
import { avg_pool2d, avg_pool2d_backward, conv2d, max_pool2d, max_pool2d_backward, plane, pool_windows, relu } from "../view/twin/ops.js";
import { Refusal, refusal } from "../view/twin/words.js";

export { LIMITS };
export const KINDS = LIMITS.among.kind;
export const KERNELS = ["none", ...PRESETS.names];

// The next settings, or a Refusal. Where the output gets another shape, its gradient is all ones again.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...changes };
  check(next, LIMITS, pictures);
  check_word("kernel", next.kernel, KERNELS);
  const [image, ...others] = pictures.get(next.image), most = LIMITS.image;
  if (others.length) throw new Refusal("image must be a plain picture, (row, column).");
  if (Math.max(image.rows, image.columns) > most) throw new Refusal(`image must be (row, column), at most ${most} × ${most}.`);
  const shape = pool_windows(image, pair(next.size), window_of(next)).map((windows) => windows.length);
  if (next.grad_y !== null && !is_table(next.grad_y, shape)) {
    if ("grad_y" in changes) throw refusal("grad_y shape", { shape: `(${shape.join(", ")})`, got: shape_of(next.grad_y) });
    next.grad_y = null;
  }
  return next;
}

const shape_of = (table) => `(${[table?.length, table?.[0]?.length].join(", ")})`;

function is_table(table, shape) {
  const is_row = (row) => Array.isArray(row) && row.length === shape[1] && row.every(Number.isFinite);
  return Array.isArray(table) && table.length === shape[0] && table.every(is_row);
}

export const window_of = ({ size, stride, padding }) => ({ kernel_size: size, stride, padding, dilation: 1 });

// What is pooled: the image, or its feature map after ReLU. The rim is repeated before the kernel comes.
export function under({ image, kernel }, pictures) {
  const [picture] = pictures.get(image);
  if (kernel === "none") return picture;
  return relu(conv2d([with_rim(picture)], [preset(kernel, [3, 3])], { stride: 1, padding: "valid", dilation: 1 }));
}

function with_rim({ rows, columns, data }) {
  const made = plane(rows + 2, columns + 2), inside = (at, n) => Math.min(Math.max(at - 1, 0), n - 1);
  for (let i = 0; i < made.data.length; i++) {
    const [row, column] = [Math.floor(i / made.columns), i % made.columns];
    made.data[i] = data[inside(row, rows) * columns + inside(column, columns)];
  }
  return made;
}

// What each kind keeps of x, where that is a pixel, and the gradient of x; planes in lists, as a view has them.
export function pools(x, settings) {
  const size = pair(settings.size), moves = window_of(settings), max = max_pool2d(x, size, moves);
  const winners = { max: max.winners, striding: firsts(x, size, moves), average: null };
  const striding = { ...max, data: Float64Array.from(winners.striding, (place) => x.data[place]) };
  const kept = { max: [max], average: [avg_pool2d(x, size, moves)], striding: [striding] };
  const grad_y = { ...max, data: Float64Array.from(settings.grad_y?.flat() ?? Array(max.data.length).fill(1)) };
  const back = { max: max_pool2d_backward, average: avg_pool2d_backward, striding: strided_backward(winners.striding) };
  return { ...kept, output: kept[settings.kind], winners, grad_y: [grad_y], grad_x: [back[settings.kind](grad_y, x, size, moves)] };
}

// The first pixel of each window, in reading order.
function firsts({ rows, columns }, size, moves) {
  const [down, across] = pool_windows({ rows, columns }, size, moves);
  return Int32Array.from(down.flatMap(([r]) => across.map(([c]) => r * columns + c)));
}

const strided_backward = (places) => (grad_y, x) => {
  const made = plane(x.rows, x.columns);
  places.forEach((place, at) => (made.data[place] += grad_y.data[at]));
  return made;
};
