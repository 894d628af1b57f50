// The controls of the chosen layer, and what it has to learn.
import { dropdown, segments, slider } from "../view/controls/controls.js";
import { arrange, image_control, rule } from "../view/controls/rail.js";
import { WindowControls } from "../view/windows/window_rail.js";
import { LIMITS, MOST } from "./layers.js";

const LABELS = {
  kernel_size: ["kernel size", "kernel columns"], stride: ["stride", "stride columns"], padding: ["zeros a side", "zeros left, right"],
};
const ON_A_SLIDER = { maps: 16, stride: 4 }; // more comes with a network

// Builds them into the view's shell; gives all that shows the state.
export function rail(view) {
  const { store } = view, limits = { ...LIMITS, largest: { ...LIMITS.largest, stride: ON_A_SLIDER.stride } };
  const window = new WindowControls(view, limits, LABELS);
  const named = {
    image: [image_control(view, view.input)],
    layer: [pager(view)],
    kind: [dropdown(store, "kind", "kind", () => kinds(view))],
    maps: [maps_of(view)],
    kernel_size: [window.slider("kernel_size")],
    stride: [window.slider("stride")],
    padding: [window.padding_words(), window.slider("padding")],
    activation: [segments(store, "activation", "activation", LIMITS.among.activation)],
  };
  return [...arrange(view, named, window.apart()), rule(view, "numbers to learn", () => [...view.rule(), view.made.settings.cut], { long: 30 })];
}

// Which of the layers is the chosen one; the page turns to it.
function pager(view) {
  const all = Array.from({ length: MOST.layers }, (_, i) => i + 1), made = segments(view.store, "layer", "layer", all);
  const labels = [...made.node.querySelectorAll("label")];
  const show = () => {
    labels.forEach((label, i) => (label.hidden = i >= view.store.settings.layers.length));
    made.show();
  };
  return { node: made.node, show };
}

function kinds({ store: { settings } }) {
  const all = settings.kind === "other" ? [settings.kind] : LIMITS.among.kind;
  return all.map((kind) => [kind, kind === "other" ? settings.layers[settings.layer - 1].name : kind, { kind }]);
}

// A pool makes as many maps as come to it.
function maps_of(view) {
  const { store } = view, count = () => (store.settings.kind === "conv" ? store.settings.maps : (view.maps(store.settings.layer)?.length ?? 1));
  return slider(store, "maps", { get: count, set: (maps) => ({ maps }), least: 1, most: ON_A_SLIDER.maps, off: () => store.settings.kind !== "conv" });
}
