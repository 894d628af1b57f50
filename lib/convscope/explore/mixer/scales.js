// What the numbers of a mix look like: the twin of the scales of state.py.
import { grey_scale } from "../view/draw/colours.js";
import { range } from "../view/twin/ops.js";
import { is_colour } from "../view/twin/colours.js";

export const NOTHING = 1e-6; // of the largest input: a mix that is smaller is nothing
const CANCELS = 0.05; // of the weights' sizes: a sum that is smaller

// Of some maps that weights make of an image: signed where they go below 0, but for mixes of colours whose weights do
// not cancel out: those are light and dark. What is next to nothing beside the image looks so.
export function scale_of(maps, weights, image) {
  const greys = grey_scale(image), [low, high] = range(maps);
  const brightest = Math.max(...range(image).map(Math.abs)) || 1, most = Math.max(-low, high);
  if (most <= NOTHING * brightest) return ["signed", -brightest, brightest];
  if (low < -NOTHING * brightest) return is_colour(image) && !cancel(weights.flat()) ? ["grey", low, Math.max(high, 0)] : ["signed", -most, most];
  return greys[1] === 0 && high <= greys[2] ? greys : ["grey", 0, high];
}

function cancel(weights) {
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  return Math.abs(sum(weights)) < CANCELS * sum(weights.map(Math.abs));
}
