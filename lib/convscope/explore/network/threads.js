// What is drawn over the maps and behind them: the marked unit and all it sees in gold, the thread from the answer down to
// a pixel, beams; what a pixel feeds in teal; the ink's outline where something else stands in its place.
import { svg } from "../view/dom.js";
import { framed, looked_back } from "../view/draw/marks.js";
import { is_units } from "./columns.js";
import { feeds, field } from "./net/net.js";

const WHOLE = { row: 0, column: 0 };

// view: of the network. Gives lists of SVG elements, {front, back}.
export function threads(view, unit, opened, path) {
  const { palette, fed, over } = view, { network } = view.made, last = network.stages.length - 1, [s] = unit;
  if (fed) return { front: all_fed(view, fed), back: [] };
  const front = [], back = [], gold = (boxes) => boxes.filter(Boolean).flatMap((box) => framed(box, palette));
  const own = box_of(view, unit), read = read_by(view, unit, opened);
  if (s > 0 && s < last && own && view.are_abreast(s - 1, s)) back.push(...read.filter(Boolean).flatMap((box) => beam_across(box, own, palette)));
  back.push(...thread(view, path));
  for (const each of path) if (each && each[0] !== s && each[0] < last - 1 && (each[0] || !over)) front.push(...knot(box_of(view, each), palette));
  if (!over) {
    const seen = field(network, unit, 0); // of the input, where that is not the next layer anyway
    if (s > 1 && seen.rows) front.push(...gold([view.box(0, 0, seen)]));
    front.push(...gold(read));
    front.push(...gold([view.pointed_below(unit)]));
  }
  return { front: [...front, ...gold([own])], back };
}

const box_of = (view, [s, map, row, column]) => view.box(s, map, { row, column });

// Boxes of what a unit reads, one layer down.
function read_by(view, unit, { kind, strips }) {
  const [s, map] = unit;
  if (kind === "input") return [];
  if (kind === "softmax") return [view.box(s - 1, map, WHOLE)];
  if (is_units(view.made.network.stages[s - 1])) return [view.all_of(s - 1)];
  const place = field(view.made.network, unit, s - 1);
  return place.rows ? strips.map((strip) => view.box(s - 1, strip.map, place)) : [];
}

// Behind the maps, from a window to the unit that reads it.
function beam_across(from, to, palette) {
  const [x, [above, below]] = [from.x + from.width, [from, to].map(({ y, height }) => [y, y + height])];
  const fill = svg("path", { d: `M${x} ${above[0]}L${to.x} ${below[0]}V${below[1]}L${x} ${above[1]}Z`, fill: palette["gold-wash"] });
  const edges = svg("path", { d: `M${x} ${above[0]}L${to.x} ${below[0]}M${x} ${above[1]}L${to.x} ${below[1]}`, fill: "none", stroke: palette.gold, "stroke-opacity": 0.7 });
  return [fill, edges];
}

// From a chip down to the card that tells of it.
export function drop(chip, card, palette) {
  const d = `M${chip.x} ${chip.y + chip.height}H${chip.x + chip.width}L${card.x + card.width + 3} ${card.y}H${card.x - 3}Z`;
  return svg("path", { d, fill: palette["gold-wash"] });
}

function thread(view, path) {
  const points = path.filter((each, s) => each && view.are_abreast(s, s)).map((each) => box_of(view, each)).filter(Boolean);
  if (points.length < 2) return [];
  const d = points.map(({ x, y, width, height }, i) => `${i ? "L" : "M"}${x + Math.min(width / 2, 20)} ${y + height / 2}`).join("");
  return [svg("path", { d, fill: "none", stroke: view.palette.gold, "stroke-width": 2 })];
}

function knot(box, palette) {
  if (!box) return [];
  return [svg("circle", { cx: box.x + box.width / 2, cy: box.y + box.height / 2, r: 3.6, fill: palette.gold, stroke: palette["gold-edge"], "stroke-width": 1.3 })];
}

function all_fed(view, [row, column]) {
  const { made: { network: { stages } }, palette } = view, boxes = [view.box(0, 0, { row, column })];
  for (let s = 1; s < stages.length - 2; s++) {
    const place = feeds(view.made.network, [0, 0, row, column], s);
    if (is_units(stages[s])) boxes.push(view.all_of(s));
    else if (place.rows) for (let map = 0; map < stages[s].shape[0]; map++) boxes.push(view.box(s, map, place));
  }
  return boxes.filter(Boolean).flatMap((box) => looked_back(box, palette));
}

// The ink's outline over a picture. d: in pixels; box: of the whole picture.
export function outlined(d, { x, y, width }, columns, palette) {
  const place = `translate(${x} ${y}) scale(${width / columns})`;
  return svg("path", { d, transform: place, fill: "none", stroke: palette.ink, "stroke-width": 1, "vector-effect": "non-scaling-stroke" });
}
