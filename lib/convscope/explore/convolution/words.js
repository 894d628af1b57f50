// A convolution in words: the sum, what is pointed at, and the call that makes it.
import { h } from "../view/dom.js";
import { product_of, sum_of } from "../view/draw/formulas.js";
import { plural, short } from "../view/twin/words.js";
import { never_read, pixel_at, reads_in_words, terms_at } from "../view/windows/windows.js";

const FEW = 9; // products that are written out one by one

// What makes one output cell: each pixel of its window, its weight and their product.
export function terms_of(made, cell) {
  return terms_at(made, cell).map((term, i) => ({ ...term, weight: made.weights[i], product: term.value * made.weights[i] }));
}

// The sum: all products where they are few, else the largest.
export function written(terms, total, hot, { transposed }) {
  const sum = h("b", {}, short(total));
  if (terms.length > FEW) {
    const largest = terms.reduce((a, b) => (Math.abs(b.product) > Math.abs(a.product) ? b : a));
    const zeros = terms.filter((term) => term.is_padding).length;
    const rest = zeros ? `; ${zeros} are 0, ${transposed ? "where no pixel is" : "on padding"}.` : ".";
    return [`${plural(terms.length, "product")} add up to `, sum, `; the largest: ${product_of(largest)}${rest}`];
  }
  return [...sum_of(terms.map((term) => term.product), (i) => i === hot), " = ", sum];
}

// What is pointed at, or what the marked cell reads.
export function readout_of({ back, hot, terms, made, here }) {
  if (back) return [h("i", { class: "back" }), in_words_of_back(back, made)];
  const { transposed } = made.settings, nothing = transposed ? "No pixel" : "Padding";
  if (terms[hot]) {
    const term = terms[hot], channel = made.image.length > 1 ? `, ${made.names[term.slice]}` : "";
    return [`${term.is_padding ? nothing : `Pixel (${term.y}, ${term.x})`}${channel}: ${product_of(term)}`];
  }
  const zeros = terms.filter((term) => term.is_padding).length;
  const padding = !transposed && zeros && zeros < terms.length ? `, and ${plural(zeros, "zero")} of padding` : "";
  const reads = transposed && zeros === terms.length ? "no pixel" : reads_in_words(terms);
  return [`Output (${here.join(", ")}) reads ${reads}${padding}. ${never_read(made)}`.trimEnd()];
}

function in_words_of_back({ pixel, outputs, cells }, made) {
  const { y, x, is_padding } = pixel_at(made, pixel);
  const values = made.wide.map((channel) => short(channel.data[pixel.row * channel.columns + pixel.column]));
  const name = is_padding ? "This zero of padding" : `Pixel (${y}, ${x}) = ${values.length === 1 ? values : `(${values.join(", ")})`}`;
  if (made.settings.transposed) return `${name} adds the kernel, times itself, to ${plural(outputs.length, "output")}.`;
  if (!outputs.length) return `${name} is read by no output.`;
  return `${name} is read by ${plural(outputs.length, "output")}, through ${plural(cells.size, "weight")}.`;
}
