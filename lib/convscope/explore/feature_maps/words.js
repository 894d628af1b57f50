// A stack of layers in words: the sum of one unit, and what is pointed at.
import { h } from "../view/dom.js";
import { call, literal } from "../view/controls/settings.js";
import { count, plural, short, size } from "../view/twin/words.js";
import { part, product_of, result, sum_of } from "../view/draw/formulas.js";

const FEW = 6; // slices that are written out one by one
export const VERBS = { "max pool": "largest", "average pool": "mean" };

// How a unit comes about: slice by slice for a convolution, in one word for a pool.
export function written({ layer, terms, slices, bias, total, value }, hot) {
  const sum = h("b", {}, short(value));
  if (layer.kind !== "conv") {
    const real = terms.filter((term) => !term.is_padding).map((term) => short(term.value));
    const numbers = real.length > FEW ? plural(real.length, "number") : real.join(", ");
    return [`the ${VERBS[layer.kind]} of ${numbers} is `, sum];
  }
  const is_turned = layer.activation !== "none" && short(total) !== short(value);
  const end = [h("b", {}, short(total)), ...(is_turned ? [`; ${layer.activation}: `, sum] : [])];
  const parts = bias ? [...slices, bias] : slices;
  if (slices.length === 1) return [`${plural(terms.length, "product")}${bias ? " and a bias" : ""} add up to `, ...end];
  if (slices.length > FEW) {
    const most = slices.reduce((best, each, i) => (Math.abs(each) > Math.abs(slices[best]) ? i : best), 0);
    return [`${slices.length} slices${bias ? " and a bias" : ""} add up to `, ...end, `; the largest: map ${most}, ${short(slices[most])}`];
  }
  return ["slice by slice: ", ...sum_of(parts, (i) => i === terms[hot]?.slice), " = ", ...end];
}

// What is pointed at, or what the marked unit sees.
export function readout({ here, layer, terms, slices, field, below, reads }, hot) {
  const term = terms[hot];
  if (term && layer.kind === "conv") {
    const what = term.is_padding ? "Padding" : `Unit (${term.row}, ${term.column})`;
    const share = slices.length > 1 ? `; its slice adds ${short(slices[term.slice])} in all` : "";
    return [h("i", { class: "back" }), `${what} of ${below} ${term.slice}: ${product_of(term)}${share}.`];
  }
  const many = reads < slices.length ? `${reads} of ${slices.length}` : `all ${reads}`;
  const through = layer.kind === "conv" ? (slices.length > 1 ? `, through ${many} ${below}s below` : "") : `, through ${below} ${here.map} alone`;
  const pixels = field?.rows ? `${size([field.rows, field.columns])} pixels` : field ? "padding alone" : "what only Python knows";
  return [`Unit (${here.row}, ${here.column}) of map ${here.map} sees ${pixels}${through}.`];
}

// maps · (k · k · in + 1), each number under the word for it.
export function learns(layer, made, from, [rows, columns]) {
  if (layer.kind === "other") return [[], "Only Python knows what it learns."];
  if (layer.kind !== "conv") return [[[result("0")]], "A pool has nothing to learn."];
  const all = made * (rows * columns * from + 1);
  const line = [part(count(made), "maps"), "· (", part(`${rows} · ${columns}`, "kernel"), "·", part(count(from), "in"), "+", part("1", "bias"), ") ="];
  const slices = `A kernel has a slice for every map below: ${from} slices of ${size([rows, columns])}.`;
  return [[[...line, result(count(all))]], from === 1 ? "One slice for each kernel: there is one map below." : slices];
}

// Layers as a program makes them, but for learned and changed weights.
export function layers_in_code(layers) {
  const call_of = ({ kind, maps, kernel_size, stride, padding, dilation, activation, tanh, name }) => {
    const behind_it = { ReLU: ", ReLU()", tanh: `, Tanh(${tanh.join(", ")})`, none: "" }[activation];
    const usual = { stride: kind === "conv" ? 1 : kernel_size, padding: "valid", dilation: 1 };
    const moves = call("", { stride, padding, dilation }, usual).slice(1, -1), given = `${literal(kernel_size)}${moves && `, ${moves}`}`;
    if (kind === "other") return `…  # ${name}`;
    return { conv: `Conv2D(${maps}, ${given})`, "max pool": `MaxPool2D(${given})`, "average pool": `AvgPool2D(${given})` }[kind] + behind_it;
  };
  return `[\n${layers.map((each) => `    ${call_of(each)},\n`).join("")}]`;
}
