// A picture's lightness, as datasets/colours.py has it; and whether it is in colour.
import { range } from "./ops.js";

const LUMA = [0.299, 0.587, 0.114];
const COLOURS = ["red", "green", "blue"];

// Of red, green and blue the lightness alone, one plane; a grey picture as it is.
export function grey(planes) {
  if (planes.length !== 3) return planes;
  const data = planes[0].data.map((_, i) => planes.reduce((sum, plane_, c) => sum + LUMA[c] * plane_.data[i], 0));
  return [{ ...planes[0], data }];
}

// Whether planes are red, green and blue of one picture.
export function is_colour(planes) {
  const [low, high] = range(planes);
  return planes.length === 3 && low >= 0 && high <= 1;
}

// What the channels of a picture are called.
export const channel_names = (planes) => (is_colour(planes) ? COLOURS : planes.map((_, i) => `channel ${i}`));
