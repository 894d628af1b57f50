// Kernels that people give names to, at any size: the twin of kernels.py. A preset is drawn from its rule, never
// stretched; the tables stand in kernels.json, which Python reads too.
import PRESETS from "../../../kernels.json" with { type: "json" };
import { conv2d, plane } from "./ops.js";
import { refusal } from "./words.js";

export { PRESETS };

// Refuse a preset that there is not, or not at this size: [rows, columns].
export function check_preset(name, [rows, columns]) {
  const least = name === "sharpen" || name in PRESETS.stated ? 3 : 1; // 3 where it compares both neighbours
  if (!PRESETS.names.includes(name)) {
    throw refusal("kernel unknown", { value: `'${name}'`, names: PRESETS.names.map((each) => `'${each}'`).join(", ") });
  }
  if (Math.min(rows, columns) < least || Math.max(rows, columns) > PRESETS.largest) {
    const value = rows === columns ? rows : `(${rows}, ${columns})`;
    throw refusal("kernel too small", { name, least, largest: PRESETS.largest, value });
  }
}

export function preset(name, [rows, columns]) {
  check_preset(name, [rows, columns]);
  if (name === "identity") return resized(table([[1]]), [rows, columns]);
  if (name === "box blur") return plane(rows, columns, new Float64Array(rows * columns).fill(1 / (rows * columns)));
  if (name === "Gaussian") return binomial(rows, columns);
  if (name === "random") return resized(table(PRESETS.random), [rows, columns]);
  if (name === "sharpen") {
    const [centre, edges] = ["identity", "Laplacian"].map((each) => preset(each, [rows, columns]));
    return plane(rows, columns, centre.data.map((value, i) => value - edges.data[i]));
  }
  const moves = { stride: 1, padding: "full", dilation: 1 };
  return conv2d([table(PRESETS.stated[name])], [binomial(rows - 2, columns - 2)], moves);
}

// Sixteen filters for a photo in colour, each three slices: a bell and its differences, for each of four colour mixes.
export function bank(size) {
  const t = Array.from({ length: size }, (_, i) => (i - (size - 1) / 2) / (size / 4));
  const bell = t.map((each) => Math.exp((-each * each) / 2)), profiles = [bell, bell.map((value, i) => value * t[i])];
  const shapes = profiles.flatMap((down) => profiles.map((across) => down.flatMap((y) => across.map((x) => y * x))));
  const mixes = [[1, 1, 1], [1, -1, 0], [0, 1, -1], [1, 0, -1]]; // of red, green and blue
  return mixes.flatMap((mix) => shapes.map((shape) => {
    const all = mix.flatMap((share) => shape.map((value) => share * value));
    const sizes = all.reduce((sum, value) => sum + Math.abs(value), 0);
    return mix.map((share) => plane(size, size, Float64Array.from(shape, (value) => Math.fround((share * value) / sizes))));
  }));
}

// Cropped or padded with zeros about the centre, an odd row or column at the end.
export function resized(kernel, [rows, columns]) {
  const made = plane(rows, columns);
  const [high, wide] = [Math.min(kernel.rows, rows), Math.min(kernel.columns, columns)];
  const middle = (room, kept) => Math.floor((room - kept) / 2);
  const [top, left] = [middle(rows, high), middle(columns, wide)];
  const [from, first] = [middle(kernel.rows, high), middle(kernel.columns, wide)];
  for (let i = 0; i < high; i++) {
    for (let j = 0; j < wide; j++) {
      made.data[(top + i) * columns + left + j] = kernel.data[(from + i) * kernel.columns + first + j];
    }
  }
  return made;
}

export function table(lines) {
  return plane(lines.length, lines[0].length, Float64Array.from(lines.flat()));
}

// Rows of Pascal's triangle as weights that add up to 1, for rows and columns.
function binomial(rows, columns) {
  const line = (n) => {
    let weights = [1];
    while (weights.length < n) weights = [...weights, 0].map((value, i) => (value + (weights[i - 1] ?? 0)) / 2);
    return weights;
  };
  return table(line(rows).map((down) => line(columns).map((across) => down * across)));
}
