// The module as streams from the input to the concatenation, as wide as they have maps: places and shapes.
import { colour, rectangle, stream, text } from "../view/draw/chart.js";
import { svg } from "../view/dom.js";
import { framed } from "../view/draw/marks.js";
import { count, plural } from "../view/twin/words.js";

const BRANCHES = ["1×1", "3×3", "5×5", "pool"]; // from left to right
const BAR = 12, TOP = 6, END = 22; // heights, in pixels: of a box, of the input, of the concatenation
const LEVELS = [0.34, 0.66]; // of the height
const BESIDE = 22; // pixels between the input's share of two branches
const SMALLEST_GRIP = 40;
const NARROW = 560; // pixels of the whole below which a label takes two lines

// How many pixels a map is wide: the widest box fits its column, and all maps the concatenation.
export function scale_of({ branches, boxes, maps }, depth, { width }) {
  const widest = Math.max(depth, ...boxes.map((box) => box.maps));
  return Math.min((width / BRANCHES.length - BESIDE) / widest, (width - 8) / (maps || branches.length));
}

// SVG elements of a module in some room. marked: the name of its gold box.
export function streams(module, marked, { depth, scale, room, palette }) {
  const { width, height } = room, is_narrow = width < NARROW, flows = [], boxes = [], words = [];
  const wide = (maps) => (maps ? Math.max(2, maps * scale) : 0), ends = placed(module, wide, width);
  for (const [i, name] of BRANCHES.entries()) {
    const middle = ((i + 0.5) * width) / BRANCHES.length, branch = module.branches.find((each) => each.label === name);
    if (!branch) {
      words.push(text(middle, height / 2, "left out"));
      continue;
    }
    const stops = stops_of(branch, middle, height).map((stop) => ({ ...stop, width: wide(stop.maps ?? depth) }));
    stops.push({ ...ends.get(name), y: height - 30 });
    for (const [from, to] of stops.slice(1).map((stop, s) => [stops[s], stop])) {
      const is_marked = [from, to].some(({ box }) => box?.name === marked);
      flows.push(stream({ ...from, y: from.y + (from.is_input ? 0 : BAR) }, to, is_marked ? "gold-wash" : "flow"));
    }
    for (const stop of stops) {
      if (stop.is_pool) boxes.push(rectangle(frame(stop), { stroke: colour("strong-line"), "stroke-width": 1.5, "stroke-dasharray": "3 3" }));
      if (stop.box) boxes.push(handle(stop, stop.box.name === marked, palette));
      if (stop.box) words.push(...titled(stop, `${stop.box.kernel_size}×${stop.box.kernel_size}`, is_narrow ? count(stop.maps) : plural(stop.maps, "map"), is_narrow));
      if (stop.is_pool) words.push(...titled(stop, is_narrow ? "3×3" : "3×3 max pool", is_narrow ? "max pool" : "", is_narrow));
    }
  }
  const input = rectangle({ x: 0, y: 0, width, height: TOP + 5 }, { fill: colour("quiet") });
  return [input, ...flows, ...boxes, ...concatenated(module, ends, marked, room, is_narrow), ...words];
}

// Where a branch has its boxes, from the input on; its pool is one that has no width of its own.
function stops_of({ label, boxes }, x, height) {
  const levels = boxes.length === 2 ? LEVELS : LEVELS.slice(1);
  const pool = label === "pool" ? [{ x, y: height * LEVELS[0], is_pool: true }] : [];
  return [{ x, y: TOP + 5, is_input: true }, ...pool, ...boxes.map((box, i) => ({ x, y: height * levels[i], maps: box.maps, box }))];
}

// The piece of the concatenation that each branch brings, by its label.
function placed({ branches, maps }, wide, width) {
  let left = (width - wide(maps)) / 2;
  return new Map(branches.map(({ label, maps: own }) => {
    const piece = { x: left + wide(own) / 2, width: wide(own), maps: own };
    left += piece.width;
    return [label, piece];
  }));
}

function concatenated({ branches, maps }, ends, marked, { width, height }, is_narrow) {
  const y = height - 30, parts = [];
  for (const { label, boxes } of branches) {
    const piece = ends.get(label), is_gold = boxes.at(-1)?.name === marked;
    parts.push(rectangle({ ...frame(piece), y, height: END }, { fill: colour(is_gold ? "gold" : "quiet"), stroke: colour("ground") }));
    const said = count(piece.maps);
    if (piece.width > 8 * said.length + 4) parts.push(text(piece.x, y + 15, said, { kind: is_gold ? "on-gold" : "on-quiet" }));
  }
  const [first, last] = [[...ends.values()][0], [...ends.values()].at(-1)];
  const [left, right] = [first.x - first.width / 2, last.x + last.width / 2], sum = `= ${plural(maps, "map")}`;
  const is_beside = width - right > 10 * sum.length + 12;
  parts.push(is_beside ? text(right + 8, y + 15, sum, { anchor: "start", kind: "sum" }) : text(width / 2, y - 8, sum, { kind: "sum halo" }));
  if (!is_narrow && left > 100) parts.push(text(left - 8, y + 15, "concatenated", { anchor: "end" }));
  return parts;
}

const frame = ({ x, y, width }) => ({ x: x - width / 2, y, width, height: BAR });

// A box that can be taken by its edges: the room round it can be taken too.
function handle(stop, is_marked, palette) {
  const box = frame(stop), reach = Math.max(stop.width, SMALLEST_GRIP);
  const room = rectangle({ x: stop.x - reach / 2, y: stop.y - 26, width: reach, height: BAR + 32 }, { fill: "transparent" });
  const edge = is_marked ? { stroke: "none" } : { stroke: colour("accent"), "stroke-width": 1.6 };
  const parts = [room, ...(is_marked ? framed(box, palette) : []), rectangle(box, { class: "grip", fill: colour("accent-wash"), ...edge })];
  return svg("g", { class: "box", "data-name": stop.box.name }, ...parts);
}

function titled({ x, y }, kind, how_many, is_narrow) {
  if (is_narrow) return [text(x, y - 19, kind, { kind: "strong halo" }), text(x, y - 6, how_many, { kind: "halo" })];
  const words = text(x, y - 7, "", { kind: "halo" });
  words.append(svg("tspan", { class: "strong" }, kind), how_many ? ` ${how_many}` : "");
  return [words];
}
