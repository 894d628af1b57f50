// Settings at a view's door: the twin of explore/settings.py. Limits are as a settings.json has them.
import { same } from "../store.js";
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

// The call that makes an explorer with these settings, but for those that are as usual. code: of settings for which
// Python has other words, or a name where a program finds them.
export function call(label, settings, usual, code = {}) {
  const asked = Object.keys(settings).filter((name) => !same(settings[name], usual[name]));
  const value = (name) => code[name] ?? (name === "image" && settings.image.startsWith(OWN) ? "explorer.image" : literal(settings[name]));
  return `${label}(${asked.map((name) => `${name}=${value(name)}`).join(", ")})`;
}

const in_words = (value) => (Array.isArray(value) ? `(${value.join(", ")})` : JSON.stringify(value));
const listed = (words, quote) => words.map((word) => `${quote}${word}${quote}`).join(", ");

// Refuse settings that are not as their limits say: a settings.json, of which checks() in settings.py tells; and an image
// that is none of the pictures.
export function check(settings, limits, pictures = null) {
  if (pictures && !pictures.has(settings.image)) {
    throw refusal("image unknown", { value: `'${settings.image}'`, names: listed([...pictures.keys()], "'") });
  }
  for (const name of Object.keys(limits.least ?? {})) check_axes(name, settings[name], limits);
  for (const [name, words] of Object.entries(limits.among ?? {})) check_word(name, settings[name], words);
  for (const [name, ends] of Object.entries(limits.whole ?? {})) check_whole(name, settings[name], ends);
  for (const name of limits.flags ?? []) {
    if (typeof settings[name] !== "boolean") throw refusal("no flag", { name, value: in_words(settings[name]) });
  }
}

function check_axes(name, setting, { least, largest, words }) {
  if (name === "padding" && words.includes(setting)) return;
  const sizes = pair(setting), is_among = (size) => Number.isInteger(size) && size >= least[name] && size <= largest[name];
  if (sizes.length === 2 && sizes.every(is_among)) return;
  const values = { name, least: least[name], largest: largest[name], words: listed(words ?? [], '"'), value: in_words(setting) };
  throw refusal(name === "padding" ? "padding out of range" : "out of range", values);
}

export function check_whole(name, value, [least, largest]) {
  if (!Number.isInteger(value) || value < least || value > largest) throw refusal("whole", { name, least, largest, value });
}

export function check_word(name, value, words) {
  if (!words.includes(value)) throw refusal("one of", { name, words: listed(words, "'"), value: `'${value}'` });
}
