// An Inception module in words: the marked box, its share of the work.
import { h } from "../view/dom.js";
import { count, number } from "../view/twin/words.js";
import { macs } from "../view/twin/models.js";

export const NAMES = {
  one: "1×1", reduce_three: "before 3×3", three: "3×3", reduce_five: "before 5×5", five: "5×5", pool: "after pool",
};

// In three digits with a word for what is large: 128 million.
export function large(n) {
  const rounded = Number(n.toPrecision(3));
  if (rounded >= 1e9) return `${number(rounded / 1e9)} billion`;
  return rounded >= 1e6 ? `${number(rounded / 1e6)} million` : count(n);
}

// What a box has to learn, and its share.
export function written({ name, kernel_size: k, reads, maps, weights }, module) {
  const square = k > 1 ? `${k} · ${k} · ` : "", said = name.startsWith("reduce") || name === "pool" ? `1×1 ${NAMES[name]}` : NAMES[name];
  return [`${said}: ${square}${count(reads)} maps in · ${count(maps)} out = `, h("b", {}, count(weights)), ` weights, ${number((weights / module.weights) * 100)} % of all`];
}

export function readout({ weights }, module, [, rows, columns]) {
  const [own, all] = [weights, module.weights].map((each) => large(macs(each, [rows, columns])));
  return `Each is used at ${rows} · ${columns} places: ${own} of ${all} multiply–adds.`;
}

export function described({ branches, maps }) {
  const ways = branches.map(({ label, boxes, maps: last }) => `${label} ${[...boxes.map((box) => box.maps), ...(boxes.length ? [] : [last])].join(" then ")}`);
  return `maps in each branch: ${ways.join(", ")}; ${count(maps)} in all`;
}
