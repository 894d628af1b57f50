// The controls of a mix: its inputs, its weights as pictures of what they make, ReLU and bias; and how many numbers
// there are to learn.
import { map_scale, pixels, signed_scale } from "../view/draw/colours.js";
import { segments, slider } from "../view/controls/controls.js";
import { h, unique } from "../view/dom.js";
import { part, result } from "../view/draw/formulas.js";
import { arrange, image_control, rule } from "../view/controls/rail.js";
import { same } from "../view/store.js";
import { finished, plane } from "../view/twin/ops.js";
import { count, number } from "../view/twin/words.js";
import { LIMITS, mixed, presets } from "./state.js";
import { is_colour } from "../view/twin/colours.js";

const STEP = 0.05; // of the bias
const SMALL = 48; // pixels of a thumbnail

export function rail(view) {
  const named = {
    image: [image_control(view, view.input)],
    weights: [thumbnails(view)],
    relu: [segments(view.store, "relu", "ReLU", LIMITS.among.relu)],
    bias: [bias_slider(view)],
  };
  return [...arrange(view, named), rule(view, "numbers to learn", () => to_learn(view.made))];
}

// Of the outputs that are on show. A bias beyond the slider's ends stands at one of them.
function bias_slider(view) {
  const { store } = view, ends = 1 / STEP;
  const get = () => Math.round(Math.min(Math.max(store.settings.bias[view.shown[0]], -1), 1) / STEP);
  const set = (steps) => ({ bias: store.settings.bias.map((bias, o) => (view.shown.includes(o) ? Number((steps * STEP).toFixed(2)) : bias)) });
  const made = slider(store, "bias", { get, set, least: -ends, most: ends, text: () => number(store.settings.bias[view.shown[0]]) });
  made.node.classList.add("fine");
  return made;
}

// The weights by name, each a picture of what it makes of the input.
function thumbnails(view) {
  const { store } = view, node = h("div", { class: "thumbnails", role: "radiogroup", "aria-label": "weights" }), group = unique();
  const choice = (name) => h("label", { title: name }, h("input", { type: "radio", name: group, "aria-label": name, onchange: () => store.ask({ weights: name }) }), h("canvas"), h("span", {}, name));
  let [offered, drawn] = [[], ""];
  return {
    node,
    show() {
      const { image, relu } = store.settings, planes = view.pictures.get(image), named = presets(planes.length);
      if (!same(offered, (offered = Object.keys(named)))) node.replaceChildren(...offered.map(choice));
      const key = [image, relu, view.palette.theme].join();
      const inputs = drawn === key ? null : planes.map((each) => smaller(each));
      offered.forEach((name, i) => {
        const [input, canvas] = node.children[i].children, { weights, bias } = named[name];
        input.checked = store.settings.weights === name && store.settings.bias.every((each) => each === bias);
        if (inputs) {
          const maps = finished(mixed({ weights, bias: weights.map(() => bias), relu }, inputs)).output;
          draw(canvas, maps, view, { scale: map_scale(maps, weights.flat(), signed_scale(planes)), in_colour: is_colour(planes) });
        }
      });
      drawn = key;
    },
  };
}

// Three of colours as one picture, others side by side.
function draw(canvas, maps, { palette }, { scale, in_colour }) {
  const tiles = in_colour && maps.length === 3 ? [maps] : maps.map((map) => [map]), across = Math.ceil(Math.sqrt(tiles.length));
  const [{ rows, columns }] = maps, down = Math.ceil(tiles.length / across);
  Object.assign(canvas, { width: across * (columns + 1) - 1, height: down * (rows + 1) - 1 });
  const pen = canvas.getContext("2d");
  tiles.forEach((tile, i) => {
    pen.putImageData(pixels(tile, scale, palette.theme), (i % across) * (columns + 1), Math.floor(i / across) * (rows + 1));
  });
}

// Every so many pixels, that at most SMALL are left a side.
function smaller({ rows, columns, data }) {
  const step = Math.ceil(Math.max(rows, columns) / SMALL), [high, wide] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  return plane(high, wide, Float32Array.from({ length: high * wide }, (_, i) => data[Math.floor(i / wide) * step * columns + (i % wide) * step]));
}

// outputs · (inputs + 1) = numbers to learn, each under the word for it.
function to_learn({ weights: { length: outputs }, image }) {
  const inputs = image.length, line = [part(outputs, "outputs"), "· (", part(inputs, "inputs"), "+", part(1, "bias"), ") =", result(count(outputs * (inputs + 1)))];
  return [[line], `1 × 1: the same for each of ${count(image[0].data.length)} pixels, and none looks at its neighbours.`];
}
