// A pool in words: what is kept, what is pointed at, where a gradient goes, and the call that makes it.
import { h } from "../view/dom.js";
import { count, plural, short } from "../view/twin/words.js";
import { never_read, pixel_at, reads_in_words } from "../view/windows/windows.js";

const FEW = 9; // numbers that are written out one by one
const NAMES = { max: "largest", average: "mean", striding: "first" };
const NO_PIXEL = "Padding is no pixel: it never wins and is not counted.";

// What is kept of a window, from its pixels.
export function written({ made: { settings: { kind }, output: [output] }, terms, at }) {
  const values = terms.filter((term) => !term.is_padding).map((term) => term.value);
  const few = values.length <= FEW, kept = h("b", {}, short(output.data[at]));
  const named = few ? values.map(short).join(", ") : plural(values.length, "number");
  if (kind !== "average") return [`The ${NAMES[kind]} of ${named} is `, kept, "."];
  const sum = few ? values.map(short).join(" + ").replaceAll("+ −", "− ") : `sum of ${named}`;
  return [`(${sum}) / ${values.length} = `, kept];
}

// Where the gradient of an output goes.
export function written_back({ made: { settings: { kind }, grad_y: [grad_y], grad_x: [grad_x], winners }, terms, at }) {
  const value = grad_y.data[at], pixels = terms.filter((term) => !term.is_padding).length;
  if (kind === "average") return [`${short(value)} / ${pixels} = `, h("b", {}, short(value / pixels)), " for each pixel of the window."];
  const place = winners[kind][at], [y, x] = [Math.floor(place / grad_x.columns), place % grad_x.columns];
  const windows = winners[kind].filter((each) => each === place).length;
  const all = windows > 1 ? [`; it is that of ${windows} windows, and gets `, h("b", {}, short(grad_x.data[place])), " in all."] : ["."];
  return [`All of ${short(value)} goes to pixel (${y}, ${x}), the ${NAMES[kind]} of its window`, ...all];
}

// What is pointed at, or what the marked output reads.
export function readout_of({ back, hot, terms, made, here, at }) {
  if (back) return [h("i", { class: "back" }), in_words_of_back(back, made)];
  if (terms[hot]) return [in_words_of_hot(terms[hot], made, at)];
  const padded = terms.filter((term) => term.is_padding).length;
  const padding = padded ? `; ${plural(padded, "place")} of padding, which is no pixel, ${padded === 1 ? "does" : "do"} not count` : "";
  return [`Output (${here.join(", ")}) reads ${reads_in_words(terms)}${padding}. ${never_read(made)}`.trimEnd()];
}

function in_words_of_hot(term, { settings: { kind, gradient, kernel }, output: [output] }, at) {
  if (term.is_padding) return NO_PIXEL;
  const pixel = `Pixel (${term.y}, ${term.x}) = ${short(term.value)}`;
  if (term.wins) return `${pixel}, the one that is kept.`;
  const can = kind === "max" && kernel === "none" && !gradient;
  return can ? `${pixel}: change it up to ${short(output.data[at])}, and the output stays.` : `${pixel}.`;
}

function in_words_of_back({ pixel, outputs }, made) {
  const { y, x, is_padding } = pixel_at(made, pixel);
  if (is_padding) return NO_PIXEL;
  const { settings: { gradient }, image: [{ columns, data }], output: [output], winners, grad_x: [grad_x] } = made, place = y * columns + x;
  const won = outputs.filter(([r, c]) => winners.max[r * output.columns + c] === place).length;
  const read = outputs.length ? `${plural(outputs.length, "window")}, and is the largest of ${won || "none"}` : "no window";
  const worth = gradient ? `gets ${short(grad_x.data[place])}: it` : `= ${short(data[place])}`;
  return `Pixel (${y}, ${x}) ${worth} is read by ${read}.`;
}

// What is beside the size: how often striding keeps the largest, or how many pixels a gradient reaches.
export function finding({ settings: { kind, gradient }, max: [max], striding: [striding], winners, image: [{ data }] }) {
  if (!gradient) {
    const kept = max.data.filter((value, i) => value === striding.data[i]).length;
    return `No weights. The first is the largest in ${count(kept)} of ${plural(max.data.length, "window")}.`;
  }
  if (kind === "average") return "Every pixel of a window gets an equal share.";
  return `${count(new Set(winners[kind]).size)} of ${plural(data.length, "pixel")} get a gradient.`;
}
