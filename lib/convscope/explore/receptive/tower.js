// One row of every layer, each cell where it lies over the pixels: a cone from one unit down to all that it is made of,
// so that stride and dilation are seen as spacing. Below, the ways from each pixel to the unit.
import { bars, colour, cone, text } from "../view/draw/chart.js";
import { svg } from "../view/dom.js";
import { count } from "../view/twin/words.js";

const BARS = 44, TOP = 14, BOTTOM = 14, LINE = 14; // pixels; from a line on, each row has its name

// axis: the columns; found: what `trace` gives. Gives the parts of a chart of that room.
export function tower({ levels, tables }, found, { width, height }) {
  const pixel = width / levels[0].n, gap = (height - TOP - BARS - BOTTOM - 8) / (levels.length - 1);
  const y = (i) => height - BARS - BOTTOM - i * gap;
  const x = (i, cell) => (levels[i].start + cell * levels[i].jump + (levels[i].size - 1) / 2 + 0.5) * pixel;
  const inside = found.map((cells, i) => ends(cells, i, x, y(i), pixel)).filter(Boolean);
  const on_right = x(levels.length - 1, [...found.at(-1).keys()][0]) > width / 2;
  const named = levels.map((_, i) => i).filter((i) => gap >= LINE || i === 0 || i === levels.length - 1);
  const names = named.map((i) => text(on_right ? 2 : width - 2, y(i) - 6, i ? `layer ${i}` : "input", { anchor: on_right ? "start" : "end", kind: "halo" }));
  return [cone(inside, "gold-wash"), ...threads(tables, found, x, y), ...levels.flatMap((level, i) => row(level, i, found, x, y(i), pixel)), ...names, ...ways(found[0], pixel, height)];
}

function ends(cells, i, x, y, pixel) {
  const edge = i ? 4 : pixel / 2 + 1, places = [...cells.keys()];
  return places.length ? { y, left: x(i, Math.min(...places)) - edge, right: x(i, Math.max(...places)) + edge } : null;
}

function threads(tables, found, x, y) {
  const lines = tables.flatMap((table, i) => [...found[i + 1].keys()].flatMap((cell) => table[cell].filter((each) => each >= 0).map((each) => `M${x(i + 1, cell)} ${y(i + 1)}L${x(i, each)} ${y(i)}`)));
  const d = lines.join("");
  return [svg("path", { d, stroke: colour("gold-edge"), "stroke-opacity": 0.5, "stroke-width": 2 }), svg("path", { d, stroke: colour("gold"), "stroke-width": 1 })];
}

// A level's cells: those that the unit is made of as dots, the others as short lines.
function row({ n, jump }, i, found, x, y, pixel) {
  const is_last = i === found.length - 1, radius = is_last ? 6 : Math.max(1.6, Math.min(4, pixel * (i ? jump : 1) * 0.36));
  const others = Array.from({ length: n }, (_, cell) => cell).filter((cell) => !found[i].has(cell)).map((cell) => `M${x(i, cell) - 1} ${y}h2`);
  const dot = (cell) => svg("circle", { cx: x(i, cell), cy: y, r: radius, fill: colour("gold"), stroke: colour("gold-edge"), "stroke-width": is_last ? 1.6 : 0.8 });
  return [svg("path", { d: others.join(""), stroke: colour("strong-line"), "stroke-width": 2 }), ...[...found[i].keys()].map(dot)];
}

function ways(cells, pixel, height) {
  const most = Math.max(...cells.values(), 1), base = height - BARS + 2;
  const places = [...cells].map(([cell, number]) => ({ x: (cell + 0.5) * pixel, y: base + (number / most) * (BARS - 18) }));
  return [bars(places, base, Math.max(1, pixel - 1), "quiet"), text(0, height - 2, `ways to the unit: ≤ ${count(most)}`, { anchor: "start" })];
}
