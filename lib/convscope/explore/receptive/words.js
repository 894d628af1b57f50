// A stack of layers in words: what one unit sees, the rule for it, and the call that makes it.
import { h } from "../view/dom.js";
import { plural, size } from "../view/twin/words.js";
import { part, result } from "../view/draw/formulas.js";
import { extent } from "../view/twin/geometry.js";

const both = (axes, i, name) => axes.map(({ levels }) => levels.at(i)[name]);
const is_square = (axes) => axes[0].levels.every((level, i) => level.size === axes[1].levels[i].size);
const in_size = (axes, i, name) => size(both(axes, i, name));

// What a unit sees, layer by layer; seen: the rows and the columns that it is made of.
export function written({ made: { axes, settings: { depth } }, seen }) {
  const field = in_size(axes, -1, "size"), [rows, columns] = both(axes, -1, "size");
  const skips = seen.some((places) => places.length && places.at(-1) - places[0] + 1 > places.length);
  const read = skips ? `, and reads ${seen[0].length * seen[1].length} of these ${rows * columns}` : "";
  const wide = axes[0].levels.slice(1).map((level) => level.size);
  const each = is_square(axes) && depth > 1 ? `: ${wide.slice(0, -1).join(", ")} and ${wide.at(-1)} wide` : "";
  return [`One unit of layer ${depth} sees `, h("b", {}, field), ` pixels${read}${each}.`];
}

export function readout({ made: { axes }, seen, here }) {
  const [rows, columns] = seen, unit = `Unit (${here.join(", ")})`;
  if (!rows.length || !columns.length) return `${unit} sees padding alone.`;
  const ends = (noun, places) => (places.length === 1 ? `${noun} ${places[0]}` : `${noun}s ${places[0]} to ${places.at(-1)}`);
  const is_cut = seen.some((places, axis) => places.at(-1) - places[0] + 1 < axes[axis].levels.at(-1).size);
  return `${unit}: ${ends("row", rows)}, ${ends("column", columns)}${is_cut ? "; the rest is padding" : ""}.`;
}

// before + (kernel − 1) · jump = what a unit sees, along one axis.
export function rule_line({ levels, windows }) {
  const [before, now] = levels.slice(-2), { kernel_size, dilation } = windows.at(-1);
  const grows = [part(extent(kernel_size, dilation), "kernel"), "− 1) ·", part(before.jump, "jump")];
  return [part(before.size, "before"), "+ (", ...grows, "=", result(now.size)];
}

export function rule_note({ axes, settings: { depth } }) {
  const [{ kernel_size, dilation }] = axes.map(({ windows }) => windows[depth - 1]), jumps = both(axes, -1, "jump");
  const spans = dilation > 1 ? `The kernel spans ${dilation} · (${kernel_size} − 1) + 1 = ${extent(kernel_size, dilation)}. ` : "";
  const further = jumps[0] === jumps[1] ? plural(jumps[0], "pixel") : `${jumps[0]} pixels down or ${jumps[1]} across`;
  return `${spans}A neighbour sees as much, ${further} further on.`;
}

// A table row's cell for each level: the input has no window.
export const COLUMNS = {
  kernel: (axes, i) => (i ? size(axes.map(({ windows }) => windows[i - 1].kernel_size)) : ""),
  stride: (axes, i) => (i ? of_both(axes.map(({ windows }) => windows[i - 1].stride)) : ""),
  dilation: (axes, i) => (i ? of_both(axes.map(({ windows }) => windows[i - 1].dilation)) : ""),
  map: (axes, i) => in_size(axes, i, "n"),
  sees: (axes, i) => in_size(axes, i, "size"),
  jump: (axes, i) => of_both(both(axes, i, "jump")),
};

const of_both = ([rows, columns]) => (rows === columns ? String(rows) : `${rows}, ${columns}`);
