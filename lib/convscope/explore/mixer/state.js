// The settings of a mix and what follows from them: the twin of state.py. Settings are as Python has them: {image,
// weights, bias, relu}; image is a key of `pictures`, weights a name or a list for each output, bias a list.
import LIMITS from "./settings.json" with { type: "json" };
import { is_colour } from "../view/twin/colours.js";
import { conv2d_by_rows, plane, relu } from "../view/twin/ops.js";
import { refusal } from "../view/twin/words.js";
import { check, check_word } from "../view/controls/settings.js";

export { LIMITS };

// The named mixes of so many inputs, each {weights, bias}.
export function presets(n) {
  if (n === 3) return LIMITS.colours;
  const places = (length) => [...Array(length).keys()];
  const table = (rows, weight) => places(rows).map((o) => places(n).map((i) => weight(o, i)));
  const made = {
    sum: table(1, () => 1),
    mean: table(1, () => 1 / n),
    "half as many": table(Math.ceil(n / 2), (o, i) => (i >> 1 === o ? 0.5 : 0)),
    same: table(n, (o, i) => Number(o === i)),
  };
  return Object.fromEntries(Object.entries(made).map(([name, weights]) => [name, { weights, bias: 0 }]));
}

// The weights as they are applied, a list for each output.
export const matrix = (weights, n) => (is_name(weights) ? presets(n)[weights].weights : weights);

const is_name = (weights) => typeof weights === "string";

// The next settings, or a Refusal. New inputs crop a mix of one's own or widen it with zeros; a name that they do not
// have gives way to their first. A new name brings its bias; others keep the biases of outputs that were there.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...changes };
  check(next, LIMITS);
  check_word("image", next.image, [...pictures.keys()]);
  const n = pictures.get(next.image).length;
  if ("image" in changes && !("weights" in changes)) next.weights = fitted(next.weights, n);
  check_weights(next.weights, n);
  const { length } = matrix(next.weights, n);
  const is_new = is_name(next.weights) && ("weights" in changes || next.weights !== settings.weights);
  if ("bias" in changes || !is_new) next.bias = biases(next.bias, length, "bias" in changes);
  else next.bias = Array(length).fill(presets(n)[next.weights].bias);
  return next;
}

// What the settings make of an image: {inputs, output}, both lists of planes. It can be left between two rows.
export function* mixed({ weights, bias, relu: place }, image) {
  const inputs = place === "before" ? image.map(relu) : image, output = [];
  for (const [o, row] of matrix(weights, image.length).entries()) {
    const kernel = row.map((weight) => plane(1, 1, Float64Array.of(weight)));
    const map = yield* conv2d_by_rows(inputs, kernel, { stride: 1, padding: "valid", dilation: 1 });
    for (let i = 0; i < map.data.length; i++) map.data[i] += bias[o];
    output.push(place === "after" ? relu(map) : map);
  }
  return { inputs, output };
}

export function names_of(image, key) {
  return LIMITS.channels[is_colour(image) ? "colours" : key] ?? image.map((_, i) => `map ${i}`);
}

function fitted(weights, n) {
  if (is_name(weights)) return weights in presets(n) ? weights : Object.keys(presets(n))[0];
  return weights.map((row) => Array.from({ length: n }, (_, i) => row[i] ?? 0));
}

function check_weights(weights, n) {
  if (is_name(weights)) {
    check_word("weights", weights, Object.keys(presets(n)));
    return;
  }
  const is_table = Array.isArray(weights) && weights.every(Array.isArray);
  if (is_table) check_finite("weights", weights.flat());
  if (is_table && weights.length && weights.length <= LIMITS.most && weights.every((row) => row.length === n)) return;
  const shape = is_table ? `(${weights.length}, ${weights[0]?.length})` : "()";
  throw refusal("weights shape", { most: LIMITS.most, inputs: n, shape });
}

// One bias for each output. asked: whether they are asked for now, and have to be as many.
function biases(bias, outputs, asked) {
  const all = Array.isArray(bias) ? bias : Array(outputs).fill(bias);
  check_finite("bias", all);
  if (asked && all.length !== outputs) throw refusal("bias shape", { outputs, shape: `(${all.length},)` });
  return Array.from({ length: outputs }, (_, i) => all[i] ?? 0);
}

function check_finite(name, values) {
  if (!values.every((value) => Math.abs(value) <= LIMITS.largest && Number.isFinite(value))) throw refusal("not finite", { name });
}
