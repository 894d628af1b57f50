// The marked path: a unit of each stage, or null, [from the paper to a probability]. Down it goes along the largest
// product; above a unit stands what it was followed down from.
import { same } from "../../view/store.js";
import { opened, way_down } from "./net.js";

// made: as the view derives it. above: a path that goes on above this unit, if it reads it.
export function path_of({ network, stages }, unit, above) {
  const made = stages.map(() => null);
  for (let each = unit; each; each = each[0] > 0 ? way_down(network, stages, each) : null) made[each[0]] = each;
  const goes_on = same(above[unit[0]], unit) || (above[unit[0] + 1] && reads({ network, stages }, above[unit[0] + 1], unit));
  return goes_on ? made.map((each, s) => (s > unit[0] ? (above[s] ?? null) : each)) : made;
}

function reads({ network, stages }, upper, [, map, ...place]) {
  if (upper[0] === stages.length - 1) return upper[1] === map;
  return opened(network, stages, upper).strips.some((strip) => strip.map === map && strip.places.some((each) => same(each, place)));
}
