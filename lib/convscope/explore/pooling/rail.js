// The controls of a pool: what is shown and what is kept in sight, padding by number behind *more*.
import { dropdown, segments } from "../view/controls/controls.js";
import { arrange, image_control, scale_control, speed_control } from "../view/controls/rail.js";
import { WindowControls, size_rule } from "../view/windows/window_rail.js";
import { KERNELS, KINDS, LIMITS } from "./state.js";
import { finding } from "./words.js";

const LABELS = { size: ["window", "window columns"], stride: ["stride", "stride columns"], padding: ["padding a side", "padding left, right"] };

export function rail(view) {
  const { store } = view, window = new WindowControls(view, LIMITS, LABELS);
  const named = {
    gradient: [segments(store, "gradient", "show", [[false, "values"], [true, "gradient"]])],
    image: [image_control(view, view.input, { plain: true })],
    kernel: [dropdown(store, "kernel", "first", () => KERNELS.map((name) => [name, name, { kernel: name }]))],
    kind: [segments(store, "kind", "keep", KINDS)],
    size: [window.slider("size")],
    stride: [window.slider("stride")],
    padding: [window.padding_words()],
  };
  const folded = [
    ["padding by number", window.slider("padding")], ...window.apart(),
    ["scale", scale_control(view)], ["speed", speed_control(view)],
  ];
  view.shell.controls.classList.add("tight");
  return [...arrange(view, named, folded), size_rule(view, window, { zeros: "pad", window: "window", note: () => finding(view.made) })];
}
