// The controls of a stack of layers: which there are, how many are on show, and the window of one of them.
import { dropdown, segments, slider } from "../view/controls/controls.js";
import { arrange, image_control, speed_control } from "../view/controls/rail.js";
import { OWN } from "../view/controls/settings.js";
import { same } from "../view/store.js";
import { WindowControls } from "../view/windows/window_rail.js";
import { LIMITS } from "./state.js";

const LABELS = { kernel_size: ["kernel size", "kernel columns"], stride: ["stride", "stride columns"], dilation: ["dilation", "dilation columns"] };
const PLACES = ["kernel_size", "stride", "padding", "dilation"]; // in a layer

export function rail(view) {
  const { store } = view, one = store_of_one(view), window = new WindowControls(one, { ...LIMITS, words: [] }, LABELS);
  const chosen = {
    settings: {}, could: ({ layer }) => (layer > store.settings.depth ? "There are no more layers on show." : ""),
    ask: ({ layer }) => view.look_at(layer), rest() {},
  };
  const named = {
    layers: [dropdown(store, "layers", "stack", () => stacks(view))],
    depth: [slider(store, "layers", { get: () => store.settings.depth, set: (depth) => ({ depth }), least: 1, most: LIMITS.layers })],
    layer: [slider(chosen, "set layer", { get: () => view.chosen, set: (layer) => ({ layer }), least: 1, most: LIMITS.layers })],
    ...Object.fromEntries(Object.keys(LABELS).map((name) => [name, [window.slider(name)]])),
  };
  const folded = [
    ["padding", segments(one.store, "padding", "padding", ["valid", "same"])], ...window.apart(),
    ["picture", image_control(view, view.input, { plain: true })], ["speed", speed_control(view)],
  ];
  view.shell.controls.classList.add("tight");
  return [{ show: () => (one.apart ||= window.is_apart()) }, ...arrange(view, named, folded)];
}

// Stands in for a view of one window: its settings are those of the layer that is set.
function store_of_one(view) {
  const { store } = view, layer = () => store.settings.layers[view.chosen - 1];
  const changes = (asked) => {
    const next = layer().map((value, i) => asked[PLACES[i]] ?? value);
    return { layers: store.settings.layers.with(view.chosen - 1, next) };
  };
  const one = {
    get settings() {
      return Object.fromEntries(PLACES.map((name, i) => [name, layer()[i]]));
    },
    could: (asked) => store.could(changes(asked)), ask: (asked, run) => store.ask(changes(asked), run), rest: () => store.rest(),
  };
  return { store: one, apart: false, repaint: () => view.repaint() };
}

// Those that have a name and, at the end, the last one of one's own.
function stacks(view) {
  const { layers } = view.store.settings, known = Object.entries(LIMITS.stacks);
  if (!known.some(([, each]) => same(each, layers))) view.own_layers = layers;
  const own = view.own_layers ? [[OWN, view.own_layers]] : [];
  return [...known, ...own].map(([name, each]) => [name, name, { layers: each }]);
}
