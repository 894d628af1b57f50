// A network in words: its units, how the marked one comes about, and what it sees.
import { h } from "../view/dom.js";
import { feeds, largest_product } from "./net/net.js";
import { product_of } from "../view/draw/formulas.js";
import { plural, short, size } from "../view/twin/words.js";

// Two digits, for cells: .89, 4.8, −12.
export function brief(value) {
  const far = Math.abs(value), sign = value < 0 ? "−" : "";
  if (far < 0.005) return "0";
  if (far >= 9.95) return short(Math.round(value));
  return sign + (far >= 0.995 ? far.toFixed(1) : far.toFixed(2).slice(1));
}

// A share of 1: 97 %, and with a decimal near the ends.
export function percent(share) {
  if (share > 0.9995) return "100%";
  if (share < 0.0005) return "0%";
  return `${share > 0.995 || share < 0.0095 ? (100 * share).toFixed(1) : Math.round(100 * share)}%`;
}

export const maps_of = (count, s) => plural(count, s > 1 ? "map" : "channel");

// Of which layer a unit is; and all of its name. view: of the network.
export function level_name({ made: { network: { stages } }, classes }, [s, map, row, column]) {
  if (s === 0) return `pixel (${row}, ${column})${stages[0].shape[0] > 1 ? `, channel ${map}` : ""}`;
  if (s === stages.length - 1) return `probability of ${classes[map]}`;
  return s === stages.length - 2 ? `score of ${classes[map]}` : stages[s].name;
}

export function unit_name(view, unit) {
  const { stages } = view.made.network, [s, map, row, column] = unit, [maps, rows, columns] = stages[s].shape, name = level_name(view, unit);
  if (s === 0 || s >= stages.length - 2) return name;
  return rows * columns === 1 ? `${name}, unit ${map}` : `${name}${maps > 1 ? `, map ${map}` : ""} (${row}, ${column})`;
}

// In little room, under its layer; of a layer that has none on the path, too.
export function chip_name(view, s, unit) {
  const { stages } = view.made.network, [, map, row, column] = unit ?? [], [, rows, columns] = stages[s].shape;
  if (s === stages.length - 1) return "softmax";
  if (!unit) return s === stages.length - 2 ? "score" : "·";
  if (s === 0 || s === stages.length - 2) return level_name(view, unit);
  return rows * columns === 1 ? `unit ${map}` : `map ${map} (${row}, ${column})`;
}

// The same for those who do not see what stands above it.
export function heard_name(view, s, unit) {
  const { stages } = view.made.network, words = chip_name(view, s, unit);
  if (!unit) return stages[s].name;
  if (s === 0 || s === stages.length - 2) return words;
  return `${s === stages.length - 1 ? level_name(view, unit) : stages[s].name}, ${words}`;
}

// What a pixel feeds.
export function what_feeds({ made: { network }, classes }, [row, column]) {
  const counts = network.stages.slice(1, -2).map(({ name, shape: [maps, high, wide] }, i) => {
    const seen = feeds(network, [0, 0, row, column], i + 1);
    return `${high * wide === 1 ? `all ${maps}` : seen.rows * seen.columns} of ${name}`;
  });
  return `Pixel (${row}, ${column}) feeds, in each map, ${counts.join(", ")}; and all ${plural(classes.length, "score")}.`;
}

// How a unit comes about, in one sentence. strip: of a sum, the one that stands large.
export function written(view, [s, map, row, column], { kind, strips, sum, value, bias, scores = [] }, strip) {
  const { classes, made: { network: { stages } } } = view, stage = stages[s], strong = (number) => h("b", {}, short(number));
  if (kind === "input") return ["Down to the paper: ", `pixel (${row}, ${column}) holds `, strong(value), value > 0.05 ? ", ink." : ", no ink."];
  if (kind === "softmax") return of_probability(classes, map, scores);
  if (kind.endsWith("pool")) return of_pool(stage, strips[0], value);
  const i = largest_product([strip])?.i ?? 0;
  const largest = product_of({ value: strip.values[i], weight: strip.weights[i], product: strip.products[i] });
  const turns = { none: ".", tanh: `; tanh makes it ${short(value)}.`, ReLU: sum > 0 ? ", and ReLU lets it pass." : ", and ReLU makes it 0." };
  const with_bias = bias ? " and the bias" : "", many = strips.length > 1 && !strip.is_folded, numbers = strip.is_folded ? strips.length : strip.products.length;
  return [
    `${plural(numbers, "product")}${many ? ` of map ${strip.map}` : ""} add up to `, strong(strip.sum), `; the largest: ${largest}. `,
    ...(many || bias ? [`${many ? maps_of(strips.length, s) : "All"}${with_bias}: `, strong(sum)] : ["The sum: ", strong(sum)]), turns[stage.activation],
  ];
}

function of_pool({ kind }, { values }, value) {
  const many = values.length === 4 ? "four" : String(values.length);
  if (kind === "average pool") return [`The mean of ${many} goes on: `, h("b", {}, short(value)), ". Which of them was large is forgotten."];
  if (value === 0) return [`None of the ${many} is above 0: `, h("b", {}, "0"), " goes on."];
  return [`The largest of ${many} goes on: `, h("b", {}, short(value)), ". Where it stood, and the others, are forgotten."];
}

function of_probability(classes, map, scores) {
  const other = scores.reduce((best, each, k) => (k !== map && (best < 0 || each > scores[best]) ? k : best), -1), gap = scores[map] - scores[other];
  if (other < 0) return ["There is one class: softmax gives it all."];
  return [
    `The score of ${classes[map]} is ${short(Math.abs(gap))} ${gap >= 0 ? "above" : "below"} that of ${classes[other]}: its probability is e to the ${short(gap)} = `,
    h("b", {}, short(Math.exp(gap))), " times the other’s. All of them add up to 100%.",
  ];
}

// What a unit sees of the input: a place.
export function sight(view, unit, seen) {
  const [s] = unit, { made: { network: { stages } } } = view, name = unit_name(view, unit), [, rows, columns] = stages[0].shape;
  const start = name[0].toUpperCase() + name.slice(1), span = (from, count) => (count > 1 ? `${from}–\u2060${from + count - 1}` : String(from));
  if (s === 0) return `${start}: “ask” shows all that it feeds.`;
  if (s === stages.length - 1) return `It depends on all ${plural(stages[s].shape[0], "score")}, and through them on all ${size([rows, columns])} pixels.`;
  const [read, high, wide] = stages[s - 1].shape, is_score = s === stages.length - 2 && stages[s].kind === "dense";
  if (is_score && high * wide === 1) return `It reads all ${plural(read, "unit")} of ${stages[s - 1].name}.`;
  if (is_score) return "Its kernels are as large as the maps: they cannot move over them, so the place counts.";
  if (!seen.rows) return `${start} sees padding alone.`;
  if (seen.rows === rows && seen.columns === columns) return `${start} sees all ${size([rows, columns])} pixels.`;
  return `${start} sees ${size([seen.rows, seen.columns])} pixels: rows ${span(seen.row, seen.rows)}, columns ${span(seen.column, seen.columns)}.`;
}

// What the network says of the input, and whether that is right. label: its class, or a word that is none; null where unknown.
export function verdict(classes, shares, label, is_blank) {
  const best = shares.indexOf(Math.max(...shares)), said = [h("b", {}, classes[best]), `, ${percent(shares[best])} sure`];
  if (is_blank) return { words: ["blank paper: only the biases answer"], is_wrong: false };
  const is_wrong = label !== null && label !== best, what = typeof label === "number" ? `this ${classes[label]}` : label;
  return { words: is_wrong ? [`${what} is called `, ...said] : ["it says ", ...said], is_wrong };
}

// Why the answer changed.
export const FOOLED = {
  move: "The maps moved along; the kernels of the scores, as large as the maps, stayed. Point at the old score: why not?",
  turn: "Its kernels learned upright strokes: few look for turned ones.",
  inverted: "Paper is ink now: each kernel meets every edge the wrong way round.",
  letter: "It knows only its classes: softmax shares out 100% among them, whatever it sees.",
};
