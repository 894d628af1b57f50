// A mix in words: the sum at a pixel, and each output as a formula.
import { h } from "../view/dom.js";
import { product_of, sum_of } from "../view/draw/formulas.js";
import { short } from "../view/twin/words.js";

const FEW = 3; // outputs whose formulas are written out

// What makes one pixel of one output: what goes in, its weight and their product.
export function terms_of({ inputs, weights, names }, output, at) {
  return inputs.map(({ data }, i) => ({ name: names[i], value: data[at], weight: weights[output][i], product: data[at] * weights[output][i] }));
}

export function written({ settings, names }, terms, total, { shown, hot }) {
  if (shown.length > 1) return [`Each output has a column of ${names.length} weights, the same at every pixel.`];
  const [output] = shown, bias = settings.bias[output];
  const sum = sum_of([...terms.map((term) => term.product), ...(bias ? [bias] : [])], (i) => i === hot);
  const whole = settings.relu === "after" ? ["ReLU(", ...sum, ")"] : sum;
  return [...whole, " = ", h("b", {}, short(total))];
}

// What is pointed at, or the whole mix; where nothing comes out, the question why.
export function readout_of(made, terms, { shown, hot, is_blank }) {
  if (terms[hot] && shown.length === 1) {
    return [`${terms[hot].name}: ${product_of(terms[hot])}`];
  }
  if (is_blank && made.settings.relu !== "before" && made.names.length > 1) {
    return ["The inputs cancel: the sum is 0 everywhere. What does a ReLU before the sum do?"];
  }
  const said = shown.slice(0, FEW).map((output) => `${output_name(made, output)} = ${formula(made, output)}`);
  return [said.join(", ") + (shown.length > FEW ? ", …" : "")];
}

export function output_name({ weights, names, is_colour }, output) {
  if (weights.length === 1) return "output";
  return is_colour && weights.length === 3 ? `new ${names[output]}` : `output ${output}`;
}

function formula({ settings, weights, names }, output) {
  const bias = settings.bias[output], parts = weights[output].flatMap((weight, i) => (weight ? [[weight, names[i]]] : []));
  const part = ([weight, name]) => {
    const input = settings.relu === "before" ? `ReLU(${name})` : name;
    return [weight < 0, Math.abs(weight) === 1 ? input : `${short(Math.abs(weight))} ${input}`];
  };
  const all = [...parts.map(part), ...(bias || !parts.length ? [[bias < 0, short(Math.abs(bias))]] : [])];
  const sum = all.map(([is_less, text], i) => (i ? (is_less ? " − " : " + ") : is_less ? "−" : "") + text).join("");
  return settings.relu === "after" ? `ReLU(${sum})` : sum;
}
