// The settings of a stack of layers: the twin of state.py. {image, layer, layers, cut} and, of the chosen layer, kind,
// kernel_size, stride, padding, maps and activation; image is a key of `pictures`.
import { LIMITS, MOST, shape_after } from "./layers.js";
import { check, check_whole } from "../view/controls/settings.js";
import { same } from "../view/store.js";
import { Refusal, count, refusal, size } from "../view/twin/words.js";

const USUAL = LIMITS.usual;
const OF_A_LAYER = ["kind", "kernel_size", "stride", "padding", "maps", "activation"];

// Of some settings, those of a layer, or the others.
export const of_a_layer = (settings, is_one = true) => Object.fromEntries(Object.entries(settings).filter(([name]) => OF_A_LAYER.includes(name) === is_one));

// The next settings, or a Refusal.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...of_a_layer(changes, false) };
  check(next, {}, pictures);
  check_whole("layer", next.layer, [1, next.layers.length]);
  if (!("layers" in changes) && !("layer" in changes)) { // which have those of the chosen layer in them
    next.layers = with_layer(next, of_a_layer(changes), pictures);
  }
  check_sizes(next, pictures);
  return Object.assign(next, of_a_layer(next.layers[next.layer - 1]));
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
  const layer = layers[number - 1], kind = changes.kind ?? layer.kind, below = shapes({ image, layers }, pictures)[number - 1];
  const is_new = ([name, value]) => kind !== layer.kind || !same(value, layer[name]);
  const { maps = below?.[0], ...more } = changes, wanted = Object.fromEntries(Object.entries(kind === "conv" ? changes : more).filter(is_new));
  if (kind !== "conv" && maps !== below?.[0]) throw refusal("maps of a pool", { kind, maps: below?.[0] });
  if (!Object.keys(wanted).length) return layers;
  if (layer.kind === "other") throw new Refusal(`layer ${number}, ${layer.name}, is as it is: it has no settings here.`);
  const turns = kind !== layer.kind && [kind, layer.kind].includes("conv");
  const next = { ...layer, ...(turns ? { ...(USUAL[kind] ?? USUAL.pool), dilation: 1 } : {}), ...wanted };
  if ("kind" in wanted || "kernel_size" in wanted) next.edits = {};
  check_layer(next);
  return layers.map((each, i) => (i === number - 1 ? next : each));
}

function check_layer(layer) {
  const has_pairs = [layer.padding].flat().some(Array.isArray); // ((top, bottom), (left, right)): only a network has it
  check(has_pairs ? { ...layer, padding: "same" } : layer, LIMITS);
}

function check_sizes(next, pictures) {
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
