// The settings of a stack of layers: the twin of state.py. {image, layer, layers, cut} and, of the chosen layer, kind,
// kernel_size, stride, padding, maps and activation; image is a key of `pictures`.
import { LIMITS, MOST, pair, shape_after } from "./layers.js";
import { same } from "../view/store.js";
import { Refusal, count, refusal, size } from "../view/twin/words.js";

const USUAL = LIMITS.usual;
const OF_A_LAYER = ["kind", "kernel_size", "stride", "padding", "maps", "activation"];

export const SIMPLEST = {
  kind: "conv", kernel_size: 1, stride: 1, padding: "valid", maps: 1, activation: "none", dilation: 1, tanh: [1, 1],
  label: "", own: null, edits: {}, reads: 0,
};

// The next settings, or a Refusal. A new image makes windows smaller where it is too small for them.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...Object.fromEntries(Object.entries(changes).filter(([name]) => !OF_A_LAYER.includes(name))) };
  if (!pictures.has(next.image)) {
    throw refusal("image unknown", { value: `'${next.image}'`, names: [...pictures.keys()].map((key) => `'${key}'`).join(", ") });
  }
  if ("image" in changes && !("layers" in changes)) next.layers = fitted(next, pictures);
  if (!Number.isInteger(next.layer) || !next.layers[next.layer - 1]) {
    throw new Refusal(`layer must be a whole number from 1 to ${next.layers.length}; got ${next.layer}.`);
  }
  const chosen = next.layers[next.layer - 1], turns = "kind" in changes && changes.kind !== chosen.kind;
  const wanted = Object.entries(changes).filter(([name, value]) => OF_A_LAYER.includes(name) && (turns || !same(value, chosen[name])));
  if (wanted.length) next.layers = with_layer(next, Object.fromEntries(wanted), pictures);
  check(next, pictures);
  return Object.assign(next, Object.fromEntries(OF_A_LAYER.map((name) => [name, next.layers[next.layer - 1][name]])));
}

// The shape of the input and of each layer's maps, [channel, row, column]; null where only Python knows it.
export function shapes({ image, layers }, pictures) {
  const all = [shape_of(pictures.get(image))];
  for (const [i, layer] of layers.entries()) {
    try {
      all.push(shape_after(layer, all[i]));
    } catch (error) {
      throw refusal("layer does not fit", { layer: i + 1, why: error.message });
    }
  }
  return all;
}

export const shape_of = (planes) => [planes.length, planes[0].rows, planes[0].columns];

// The settings' layers with another weight of one layer, at a place [map, channel, row, column].
export function with_weight({ layers }, number, place, value) {
  return layers.map((layer, i) => (i === number - 1 ? { ...layer, edits: { ...layer.edits, [place.join()]: value } } : layer));
}

function with_layer({ layers, layer: number, image }, changes, pictures) {
  const layer = layers[number - 1], kind = changes.kind ?? layer.kind;
  if (layer.kind === "other") throw new Refusal(`layer ${number}, ${layer.name}, is as it is: it has no settings here.`);
  const turns = kind !== layer.kind && [kind, layer.kind].includes("conv");
  if (kind !== "conv" && "maps" in changes) {
    throw refusal("maps of a pool", { kind, maps: shapes({ image, layers }, pictures)[number - 1]?.[0] ?? "" });
  }
  const next = { ...layer, ...(turns ? { ...(USUAL[kind] ?? USUAL.pool), dilation: 1 } : {}), ...changes };
  if ("kind" in changes || "kernel_size" in changes) next.edits = {};
  check_layer(next);
  return layers.map((each, i) => (i === number - 1 ? next : each));
}

function check_layer(layer) {
  const within = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
  for (const name of ["kernel_size", "stride"]) {
    const ok = pair(layer[name]).length === 2 && pair(layer[name]).every((each) => within(each, 1, MOST.size));
    if (!ok) throw refusal("out of range", { name, least: 1, largest: MOST.size, value: JSON.stringify(layer[name]) });
  }
  const amounts = [layer.padding].flat(2);
  if (!LIMITS.words.includes(layer.padding) && !amounts.every((each) => within(each, 0, MOST.padding))) {
    throw refusal("padding out of range", { least: 0, largest: MOST.padding, value: JSON.stringify(layer.padding) });
  }
  if (!within(layer.maps, 1, MOST.maps)) throw new Refusal(`maps must be a whole number from 1 to ${MOST.maps}; got ${layer.maps}.`);
  for (const [name, words] of [["kind", LIMITS.kinds], ["activation", LIMITS.activations]]) {
    if (!words.includes(layer[name])) throw new Refusal(`${name} must be one of ${words.join(", ")}; got ${layer[name]}.`);
  }
}

function check(next, pictures) {
  const all = shapes(next, pictures), [{ reads }] = next.layers, [[channels]] = all;
  if (reads && reads !== channels) throw refusal("learned of others", { reads, channels });
  for (const [layer, shape] of all.entries()) {
    if (shape && Math.max(...shape.slice(1)) > MOST.pixels) {
      throw refusal("too large a map", { layer, pixels: size(shape.slice(1)), most: MOST.pixels });
    }
  }
  const numbers = all.reduce((sum, shape) => sum + (shape ?? [0]).reduce((a, b) => a * b, 1), 0);
  if (numbers > MOST.numbers) throw refusal("too many numbers", { most: count(MOST.numbers) });
}

// The layers, each with the largest window that fits what comes to it.
function fitted({ image, layers }, pictures) {
  let shape = shape_of(pictures.get(image));
  return layers.map((layer) => {
    const made = fitting(layer, shape);
    shape = shape_after(made, shape);
    return made;
  });
}

function fitting(layer, shape) {
  const smaller = [layer];
  for (const padding of [layer.padding, "valid"]) {
    for (let n = Math.max(...pair(layer.kernel_size)); n > 0; n--) smaller.push({ ...layer, dilation: 1, kernel_size: n, padding, edits: {} });
  }
  return smaller.find((each) => {
    try {
      shape_after(each, shape);
      return true;
    } catch {
      return false;
    }
  });
}
