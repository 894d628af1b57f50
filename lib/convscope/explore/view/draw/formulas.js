// Sums and formulas, as elements.
import { h } from "../dom.js";
import { short } from "../twin/words.js";

// Numbers added up: 3 − 2 + 0.5. is_hot(i): whether one of them is pointed at.
export function sum_of(numbers, is_hot) {
  return numbers.flatMap((value, i) => [
    i ? (value < 0 ? " − " : " + ") : value < 0 ? "−" : "",
    h("span", { class: is_hot(i) ? "term hot" : "term" }, short(Math.abs(value))),
  ]);
}

// A value times its weight, in words: 0.5 · (−2) = −1.
export const product_of = ({ value, weight, product }) => `${short(value)} · ${weight < 0 ? `(${short(weight)})` : short(weight)} = ${short(product)}`;

// A number under the word for it, and what a formula comes to.
export const part = (number, word) => h("span", { class: "part" }, h("i", {}, word), String(number));

// Words for what is drawn: the line of a fraction.
export const aloud = (words) => h("span", { class: "heard" }, words);

export const result = (number) => h("span", { class: "result" }, String(number));
