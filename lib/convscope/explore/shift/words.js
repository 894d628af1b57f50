// A shift in words.
import { h } from "../view/dom.js";
import { number, short } from "../view/twin/words.js";
import { LIMITS } from "./state.js";

export const is_same = (error) => error < 1e-9;
const percent = (share) => `${number(share * 100)} %`;

export function written({ settings: { shift: [down, across] }, error }) {
  const steps = [down && `${Math.abs(down)} ${down > 0 ? "down" : "up"}`, across && `${Math.abs(across)} to the ${across > 0 ? "right" : "left"}`];
  const moved = `Shifted ${steps.filter(Boolean).join(", ") || "not at all"}: `;
  if (is_same(error)) return [`${moved}f(shift x) = shift f(x). `, h("b", {}, "Equivariant.")];
  return [`${moved}the two maps differ by `, h("b", {}, percent(error)), " of their size."];
}

// A cell that is pointed at; else why the maps move along, or do not.
export function readout({ settings, fields, there, back, shown }, hover) {
  if (hover) {
    const [row, column] = hover, [one, other] = [there, back].map((maps) => maps[shown].data[row * maps[shown].columns + column]);
    return `Cell (${row}, ${column}): ${short(one)} and ${short(other)}; difference ${short(one - other)}.`;
  }
  if (settings.layer === "dense") return "Dense: a weight for every pixel, and none is shared. Nothing follows the shift.";
  const [down, across] = fields.map((field) => field.jump), jump = down === across ? down : `${down} × ${across}`;
  if (jump === 1) return "The same weights meet the same pixels, only elsewhere.";
  return `A step of the map is worth ${jump} pixels: only multiples of ${jump} come out whole.`;
}

export function of_answers({ answers: [before], answer_error }) {
  const those = before.length > 1 ? `All ${before.length}` : "Those";
  if (is_same(answer_error)) return `${those} of x (left) and of shifted x (right) agree: invariant.`;
  return `Those of x (left) and of shifted x (right) differ by ${percent(answer_error)}.`;
}

// Settings that change something, as code has them.
export function in_use(settings) {
  const idle = settings.layer === "dense" ? LIMITS.of_convolution : settings.pooling === "none" ? LIMITS.of_pooling : [];
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !idle.includes(name)));
}
