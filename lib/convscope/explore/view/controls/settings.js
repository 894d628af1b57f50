// Settings at a view's door: the twin of explore/settings.py. Limits are as a settings.json has them.
import { refusal } from "../twin/words.js";

// A setting of rows and columns: a number where they agree, else [rows, columns].
export const pair = (setting) => /** @type {[any, any]} */ (Array.isArray(setting) ? setting : [setting, setting]);
export const plain = ([rows, columns]) => (rows === columns ? rows : [rows, columns]);

export const OWN = "your own"; // what has no other name

// A value as Python writes it: tables as lists, a pair as a tuple.
export function literal(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value) && !Array.isArray(value[0])) return `(${value.join(", ")})`;
  return JSON.stringify(value).replaceAll(",", ", ");
}

// The image's name as code, or where a program finds one that has none.
export const image_literal = (image) => (image.startsWith(OWN) ? "explorer.image" : JSON.stringify(image));

const in_words = (value) => (Array.isArray(value) ? `(${value.join(", ")})` : JSON.stringify(value));
const listed = (words, quote) => words.map((word) => `${quote}${word}${quote}`).join(", ");

// Refuse sizes out of their range.
export function check_axes(settings, { least, largest, words }) {
  for (const name of Object.keys(least)) {
    if (name === "padding" && words.includes(settings.padding)) continue;
    const sizes = pair(settings[name]), is_among = (size) => Number.isInteger(size) && size >= least[name] && size <= largest[name];
    if (sizes.length === 2 && sizes.every(is_among)) continue;
    const values = { name, least: least[name], largest: largest[name], words: listed(words, '"'), value: in_words(settings[name]) };
    throw refusal(name === "padding" ? "padding out of range" : "out of range", values);
  }
}

export function check_whole(name, value, limits) {
  const [least, largest] = limits;
  if (!Number.isInteger(value) || value < least || value > largest) throw refusal("whole", { name, least, largest, value });
}

export function check_word(name, value, words) {
  if (!words.includes(value)) throw refusal("one of", { name, words: listed(words, "'"), value: `'${value}'` });
}

export function check_flag(name, value) {
  if (typeof value !== "boolean") throw refusal("no flag", { name, value: in_words(value) });
}

export function check_image(image, pictures) {
  if (!pictures.has(image)) throw refusal("image unknown", { value: `'${image}'`, names: listed([...pictures.keys()], "'") });
}
