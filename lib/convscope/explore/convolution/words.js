// A convolution in words: the sum, what is pointed at, and the call that makes it.
import { h } from "../view/dom.js";
import { plural, short } from "../view/twin/words.js";
import { is_own } from "./state.js";

const FEW = 9; // products that are written out one by one

// What makes one output cell: each pixel of its window, its weight and their product.
export function terms_of({ wide, kernel, rows, columns, image, padding }, [row, column]) {
  const [{ rows: high, columns: broad }] = image;
  return kernel.flatMap((slice, s) =>
    rows[row].flatMap((r, i) =>
      columns[column].map((c, j) => {
        const [value, weight] = [wide[s].data[r * wide[s].columns + c], slice.data[i * slice.columns + j]];
        const [y, x] = [r - padding[0][0], c - padding[1][0]];
        const is_padding = y < 0 || x < 0 || y >= high || x >= broad;
        return { slice: s, row: r, column: c, y, x, value, weight, product: value * weight, is_padding };
      }),
    ),
  );
}

// The sum: all products where they are few, else the largest.
export function written(terms, total, hot) {
  const sum = h("b", {}, short(total));
  if (terms.length > FEW) {
    const largest = terms.reduce((a, b) => (Math.abs(b.product) > Math.abs(a.product) ? b : a));
    const zeros = terms.filter((term) => term.is_padding).length;
    const rest = zeros ? `; ${zeros} are 0, on padding.` : ".";
    return [`${plural(terms.length, "product")} add up to `, sum, `; the largest: ${product(largest)}${rest}`];
  }
  const parts = terms.flatMap(({ product: value }, i) => [
    i ? (value < 0 ? " − " : " + ") : value < 0 ? "−" : "",
    h("span", { class: i === hot ? "term hot" : "term" }, short(Math.abs(value))),
  ]);
  return [...parts, " = ", sum];
}

const product = ({ value, weight, product: made }) => `${short(value)} · ${weight < 0 ? `(${short(weight)})` : short(weight)} = ${short(made)}`;

// What is pointed at, or what the marked cell reads.
export function readout_of({ back, hot, terms, made, here }) {
  if (back) return [h("i", { class: "back" }), in_words_of_back(back, made)];
  if (terms[hot]) {
    const term = terms[hot], channel = made.image.length > 1 ? `, channel ${term.slice}` : "";
    return [`${term.is_padding ? "Padding" : `Pixel (${term.y}, ${term.x})`}${channel}: ${product(term)}`];
  }
  const [unread, inside] = [never_read(made), terms.filter((term) => !term.is_padding)];
  const zeros = terms.length - inside.length;
  const reads = inside.length ? `${span(inside, "row", "y")}, ${span(inside, "column", "x")}` : "padding alone";
  const padding = zeros && inside.length ? `, and ${plural(zeros, "zero")} of padding` : "";
  return [`Output (${here.join(", ")}) reads ${reads}${padding}.${unread ? ` ${unread}` : ""}`];
}

function in_words_of_back({ pixel, outputs, weights }, { wide, image, padding }) {
  const [y, x] = [pixel.row - padding[0][0], pixel.column - padding[1][0]];
  const is_padding = y < 0 || x < 0 || y >= image[0].rows || x >= image[0].columns;
  const values = wide.map((channel) => short(channel.data[pixel.row * channel.columns + pixel.column]));
  const name = is_padding ? "This zero of padding" : `Pixel (${y}, ${x}) = ${values.length === 1 ? values : `(${values.join(", ")})`}`;
  if (!outputs.length) return `${name} is read by no output.`;
  return `${name} is read by ${plural(outputs.length, "output")}, through ${plural(weights.size, "weight")}.`;
}

function span(terms, noun, axis) {
  const places = terms.map((term) => term[axis]);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`;
}

// Rows and columns of the image itself that no window reads.
function never_read({ unread, image: [{ rows, columns }], padding }) {
  const said = (noun, places, n, before) => {
    const inside = places.map((place) => place - before).filter((place) => place >= 0 && place < n);
    if (!inside.length) return [];
    return inside.length === 1 ? [`${noun} ${inside[0]}`] : [`${inside.length} ${noun}s`];
  };
  const words = [...said("row", unread.rows, rows, padding[0][0]), ...said("column", unread.columns, columns, padding[1][0])];
  return words.length ? `Never read: ${words.join(", ")}.` : "";
}

// The call that makes an explorer as this one stands.
export function code({ image, kernel, ...settings }) {
  const literal = (value) => {
    if (typeof value === "boolean") return value ? "True" : "False";
    return Array.isArray(value) ? `(${value.join(", ")})` : JSON.stringify(value);
  };
  const weights = is_own(kernel) ? JSON.stringify(kernel).replaceAll(",", ", ") : JSON.stringify(kernel);
  const picture = image.startsWith("your own") ? "explorer.image" : JSON.stringify(image);
  const given = Object.entries(settings).map(([name, value]) => `${name}=${literal(value)}`);
  return `ConvolutionExplorer(${[picture, weights, ...given].join(", ")})`;
}
