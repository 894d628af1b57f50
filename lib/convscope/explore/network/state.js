// The settings of a network at work: the twin of state.py. {image, model, edits, unit, move, turn, noise, inverted, drawings}: image is
// a key of `pictures`, model one of `networks`, which are as Python describes them; edits {"stage,map,channel,row,column":
// weight, "stage,map": bias}, unit [stage, map, row, column] or null, move [down, right], drawings
// [[class, pixels in 255ths as base64], …].
import { has_weights } from "./net/net.js";
import LIMITS from "./net/settings.json" with { type: "json" };
import { check } from "../view/controls/settings.js";
import { Refusal, refusal, size } from "../view/twin/words.js";

export { LIMITS };
export const AS_IT_IS = { move: [0, 0], turn: 0, noise: 0, inverted: false }; // an image with nothing done to it
const { weight: LARGEST_WEIGHT, move: FURTHEST, drawings: MOST_DRAWINGS, maps: MOST_CLASSES } = LIMITS.most;

// The next settings, or a Refusal. Another model has no edits; a unit that it does not have is let go.
export function changed(settings, changes, { pictures, networks }) {
  const next = { ...settings, ...changes };
  check(next, LIMITS, pictures);
  if (!networks.has(next.model)) throw new Refusal("This network is not known here: run its cell again.");
  const { stages } = networks.get(next.model);
  if ("model" in changes && !("edits" in changes)) next.edits = {};
  if ("model" in changes && !("unit" in changes) && next.unit && !has_unit(stages, next.unit)) next.unit = null;
  check_move(next.move);
  for (const [place, value] of Object.entries(next.edits)) {
    if (!has_weight(stages, place.split(",").map(Number))) throw refusal("no weight there", { value: `(${place.replaceAll(",", ", ")})` });
    if (!(Math.abs(value) <= LARGEST_WEIGHT)) throw refusal("not finite", { name: "edits" });
  }
  if (next.unit && !has_unit(stages, next.unit)) throw refusal("no unit", {});
  check_drawings(next.drawings, stages[0].shape);
  return next;
}

const is_among = (places, shape) => places.length === shape.length && places.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]);

function has_unit(stages, unit) {
  const [s, ...place] = unit;
  return Boolean(stages[s]) && is_among(place, stages[s].shape);
}

function has_weight(stages, at) {
  const [s, ...place] = at;
  if (!has_weights(stages[s])) return false;
  const [maps] = stages[s].shape;
  return is_among(place, place.length === 1 ? [maps] : [maps, stages[s - 1].shape[0], ...stages[s].kernel_size]);
}

function check_move(move) {
  const is_one = Array.isArray(move) && move.length === 2 && move.every((n) => Number.isInteger(n) && Math.abs(n) <= FURTHEST);
  if (!is_one) throw refusal("move", { most: FURTHEST, value: Array.isArray(move) ? `(${move.join(", ")})` : move });
}

function check_drawings(drawings, shape) {
  const bytes = shape.reduce((a, b) => a * b), letters = 4 * Math.ceil(bytes / 3);
  const is_one = ([label, text]) => Number.isInteger(label) && label >= 0 && label < MOST_CLASSES && text.length === letters;
  if (drawings.length > MOST_DRAWINGS || !drawings.every(is_one)) throw refusal("drawings", { most: MOST_DRAWINGS, shape: size(shape) });
}

// Edits with another weight, or with one more: of a stage, at [map, channel, row, column], or [map] for its bias.
export const with_weight = (edits, s, place, value) => ({ ...edits, [[s, ...place].join()]: value });
