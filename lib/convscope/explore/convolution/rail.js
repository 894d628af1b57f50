// The controls of a convolution: what the lesson needs stands in the rail, the rest behind *more*.
import { checkbox, dropdown } from "../view/controls/controls.js";
import { arrange, image_control, scale_control, speed_control } from "../view/controls/rail.js";
import { OWN } from "../view/controls/settings.js";
import { PRESETS } from "../view/twin/kernels.js";
import { plural, size } from "../view/twin/words.js";
import { WindowControls, size_rule } from "../view/windows/window_rail.js";
import { LIMITS, is_own } from "./state.js";

const LABELS = {
  kernel_size: ["kernel size", "kernel columns"], stride: ["stride", "stride columns"],
  dilation: ["dilation", "dilation columns"], padding: ["zeros a side", "zeros left, right"],
};

// Builds them into the view's shell; gives all that shows the state.
export function rail(view) {
  const { store } = view, window = new WindowControls(view, LIMITS, LABELS);
  const named = {
    image: [image_control(view, view.input)],
    kernel: [dropdown(store, "kernel", "kernel", () => kernels(view))],
    kernel_size: [window.slider("kernel_size")],
    stride: [window.slider("stride")],
    padding: [window.padding_words(), window.slider("padding")],
    dilation: [window.slider("dilation")],
    flip: [checkbox("flip the kernel (true convolution)", () => store.settings.flip, (flip) => store.ask({ flip }))],
    transposed: [transposed_box(store)],
  };
  const folded = [...window.apart(), ["scale", scale_control(view)], ["speed", speed_control(view)]];
  const note = () => spans(view.made);
  return [...arrange(view, named, folded), size_rule(view, window, { zeros: "zeros", window: "kernel", note })];
}

function transposed_box(store) {
  const other = () => ({ transposed: !store.settings.transposed });
  return checkbox("transposed (each pixel adds the kernel)", () => store.settings.transposed, () => store.ask(other()), () => store.could(other()));
}

function kernels(view) {
  const { kernel } = view.store.settings;
  if (is_own(kernel)) view.own_kernel = kernel;
  const own = view.own_kernel ? [["own", OWN, { kernel: view.own_kernel }]] : [];
  return [...PRESETS.names.map((name) => [name, name, { kernel: name }]), ...own];
}

function spans({ settings: { dilation, kernel_size: k }, spans: [span], output: [output] }) {
  if (dilation > 1 && k > 0) return `The kernel spans ${dilation} · (${k} − 1) + 1 = ${span} pixels.`;
  return `${size([output.rows, output.columns])} = ${plural(output.data.length, "output")}`;
}
