// Charts: SVG in a box of its own under a title, drawn anew whenever its room or its numbers change. Lengths are in
// pixels of the box. Colours are the palette's, by name, so that a chart follows the theme by itself.
import { h, svg } from "../dom.js";

export class Chart {
  // kind: classes that say how wide and how high it is.
  constructor(title, kind = "") {
    this.heading = h("h3", {}, title);
    this.note = h("span", { class: "note" });
    this.drawing = svg("svg", { role: "img" });
    this.box = h("div", { class: "plot" }, this.drawing);
    this.node = h("section", { class: `chart ${kind}` }, h("header", {}, this.heading, this.note), this.box);
  }

  get room() {
    return { width: this.box.clientWidth, height: this.box.clientHeight };
  }

  // parts: SVG elements, those at the back first. label: what they show, in words.
  show(parts, label) {
    this.drawing.replaceChildren(...parts);
    if (this.drawing.getAttribute("aria-label") !== label) this.drawing.setAttribute("aria-label", label);
  }

  // Where an event happened.
  at({ clientX, clientY }) {
    const box = this.box.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }
}

// A colour of the palette as an attribute takes it.
export const colour = (name) => `var(--${name})`;

// anchor: which end of the words is at x. kind: classes; "halo" for words that lie on something.
export function text(x, y, words, { anchor = "middle", kind = "" } = {}) {
  return svg("text", { x, y, "text-anchor": anchor, class: kind }, words);
}

export function rectangle({ x, y, width, height }, attributes = {}) {
  return svg("rect", { x, y, width: Math.max(width, 0), height: Math.max(height, 0), fill: "none", ...attributes });
}

export function line(x1, y1, x2, y2, attributes = {}) {
  return svg("path", { d: `M${x1} ${y1}L${x2} ${y2}`, fill: "none", ...attributes });
}

// What flows down from one level to another. An end is {x, y, width}, with x in its middle.
export function stream(from, to, fill) {
  const half = (from.y + to.y) / 2;
  const [a, b] = [from, to].map(({ x, width }) => [x - width / 2, x + width / 2]);
  const left = `M${a[0]} ${from.y}C${a[0]} ${half} ${b[0]} ${half} ${b[0]} ${to.y}`;
  return svg("path", { d: `${left}H${b[1]}C${b[1]} ${half} ${a[1]} ${half} ${a[1]} ${from.y}Z`, fill: colour(fill) });
}

// One area with straight sides through all levels, each {y, left, right}.
export function cone(levels, fill) {
  const corners = [...levels.map(({ left, y }) => `${left} ${y}`), ...levels.toReversed().map(({ right, y }) => `${right} ${y}`)];
  return svg("path", { d: `M${corners.join("L")}Z`, fill: colour(fill) });
}

// Bars that stand on a line, or hang from it: places {x, y}, with x in the middle of each.
export function bars(places, base, width, fill) {
  const d = places.map(({ x, y }) => `M${x - width / 2} ${base}V${y}h${width}V${base}Z`).join("");
  return svg("path", { d, fill: colour(fill) });
}

// Stems with heads, on a line: places {x, y}. Those of no length have a hollow head. marked: the index of the gold one.
export function stems(places, base, marked = -1) {
  const others = places.filter((_, i) => i !== marked).flatMap((place) => stem(place, base, false));
  return places[marked] ? [...others, ...stem(places[marked], base, true)] : others;
}

function stem({ x, y }, base, is_marked) {
  const hollow = Math.abs(y - base) < 0.5;
  const [fill, stroke] = is_marked ? ["gold", "gold-edge"] : [hollow ? "ground" : "quiet", "quiet"];
  const head = svg("circle", { cx: x, cy: y, r: is_marked ? 6 : 3.2, fill: colour(fill), stroke: colour(stroke), "stroke-width": 1.5 });
  if (!is_marked) return [line(x, base, x, y, { stroke: colour(stroke), "stroke-width": 2 }), head];
  return [[5, stroke], [3, fill]].map(([width, name]) => line(x, base, x, y, { stroke: colour(name), "stroke-width": width })).concat(head);
}
