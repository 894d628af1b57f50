// Every number and size that people read, and what they type: the twin of words.py, under the same names.
import REFUSALS from "../../../refusals.json" with { type: "json" };

const SMALLEST = 1e-3; // below, and from LARGEST on, numbers have a power of ten
const LARGEST = 1e15;
const COMMAS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 }); // made once: toLocaleString is slow

// In three digits, whole from 100 on: 0.333, 2.5, 1,235, −12, 5.44e−4.
export function number(value) {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (!Number.isFinite(size)) return Number.isNaN(size) ? "NaN" : `${sign}∞`;
  if (size === 0) return "0";
  const rounded = Number(size.toPrecision(3));
  if (rounded < SMALLEST || rounded >= LARGEST) return with_power(value);
  return sign + COMMAS.format(size >= 100 ? Math.round(size) : rounded);
}

function with_power(value) {
  const [digits, power] = Math.abs(value).toExponential(2).split("e");
  return `${value < 0 ? "−" : ""}${Number(digits)}e${power.replace("+", "").replace("-", "−")}`;
}

// The same for where there is little room: from a million on with a power of ten, 1.82e12.
export const short = (value) => (Math.abs(value) < 1e6 || !Number.isFinite(value) ? number(value) : with_power(value));

export const count = (n) => COMMAS.format(n).replace("-", "−");

export const size = (shape) => shape.join(" × ");

export const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

// What cannot be, in a sentence that says what would do.
export class Refusal extends Error {}

export function refusal(name, values) {
  return new Refusal(REFUSALS[name].replace(/\{(\w+)\}/g, (_, key) => (key === "value" ? echo(values[key]) : values[key])));
}

const LONGEST_ECHO = 60; // letters
const echo = (value, most = LONGEST_ECHO) => (String(value).length > most ? `${String(value).slice(0, most)}…` : String(value));

const LARGEST_TYPED = 1e15;
const PLAIN = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

// What somebody typed, as a number: 0.5, 0,5, −1 or 1/9. Throws a Refusal where it is none, or could be two.
export function number_in(text) {
  const typed = text.trim().replaceAll("−", "-");
  const shown = echo(text.trim(), 40);
  if (/^[-+]?\d{1,3}(,\d{3})+$/.test(typed)) {
    const [whole, broken] = [typed.replaceAll(",", ""), typed.replace(",", ".")];
    throw new Refusal(`“${shown}” could be ${whole} or ${broken}: write it without a comma.`);
  }
  const [over, under = "1", ...more] = typed.replace(",", ".").split("/").map((part) => part.trim());
  if (more.length || !PLAIN.test(over) || !PLAIN.test(under)) {
    throw new Refusal(`“${shown}” is not a number: write one like 0.5, −1 or 1/9.`);
  }
  if (Number(under) === 0) throw new Refusal("Nothing can be divided by 0: write another number.");
  const value = Number(over) / Number(under);
  if (!(Math.abs(value) <= LARGEST_TYPED)) throw new Refusal(`“${shown}” is too large: write one up to 1e15.`);
  return value;
}
