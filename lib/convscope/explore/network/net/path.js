// The marked path: a unit of each stage, or null, [from the paper to a probability]. Down it goes along what says most;
// above a unit stands what it was followed down from.
import { same } from "../../view/store.js";
import { answer, opened, strongest_below } from "./net.js";

// made: as the view derives it. above: a path that goes on above this unit, if it reads it.
export function path_of({ network, stages }, unit, above) {
  const made = stages.map(() => null);
  for (let each = unit; each; each = each[0] > 0 ? strongest_below(network, stages, each) : null) made[each[0]] = each;
  const goes_on = same(above[unit[0]], unit) || (above[unit[0] + 1] && reads({ network, stages }, above[unit[0] + 1], unit));
  return goes_on ? made.map((each, s) => (s > unit[0] ? (above[s] ?? null) : each)) : made;
}

function reads({ network, stages }, upper, [, map, ...place]) {
  if (upper[0] === stages.length - 1) return upper[1] === map;
  return opened(network, stages, upper).strips.some((strip) => strip.map === map && strip.places.some((each) => same(each, place)));
}

// Down from the answer, through what adds most to it and does not lie at the rim.
export function first_path(made) {
  const { network, stages } = made, top = stages.length - 1, which = answer(stages), score = [top - 1, which, 0, 0];
  const [, ...sides] = network.stages[top - 2].shape, is_inner = (at, axis) => sides[axis] < 4 || (at >= sides[axis] >> 2 && at < sides[axis] - (sides[axis] >> 2));
  let [most, found] = [-Infinity, null];
  for (const { map, places, products } of opened(network, stages, score).strips) {
    places.forEach((place, i) => {
      if (place?.every(is_inner) && products[i] > most) [most, found] = [products[i], [top - 2, map, ...place]];
    });
  }
  return path_of(made, found ?? score, [...Array(top - 1).fill(null), score, [top, which, 0, 0]]);
}
