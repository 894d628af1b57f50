// The controls of a convolution, and the rule for its output's size. What the lesson needs stands in the rail, the
// rest behind *more*.
import { checkbox, dropdown, player, segments, slider, undo_buttons } from "../view/controls.js";
import { h, put } from "../view/dom.js";
import { upload } from "../view/upload.js";
import { PRESETS } from "../view/twin/kernels.js";
import { extent } from "../view/twin/geometry.js";
import { plural, size } from "../view/twin/words.js";
import { LIMITS, is_own, output_shape, pair } from "./state.js";

const LABELS = { kernel_size: "kernel size", stride: "stride", dilation: "dilation", padding: "zeros a side" };
const COLUMNS = { kernel_size: "kernel columns", stride: "stride columns", dilation: "dilation columns", padding: "zeros left, right" };
const YOUR_OWN = "your own";

// Builds them into the view's shell; gives all that shows the state.
export function rail(view) {
  const { shell, options } = view;
  const named = controls_of(view);
  const main = new Set(options.controls), extra = [];
  for (const [name, controls] of Object.entries(named)) {
    (main.has(name) ? shell.controls : shell.inside).append(...controls.map(({ node }) => node));
    if (!main.has(name)) extra.push(name.replace("_", " "));
  }
  const [play, undo] = [player(view.sweep), undo_buttons(view.store)];
  shell.controls.append(play.node, undo.node);
  const columns = Object.keys(LABELS).map((name) => columns_of(view, name));
  const checks = extras(view);
  shell.inside.append(...[...columns, ...checks].map(({ node }) => node), h("pre", { class: "code" }));
  put(shell.more.firstElementChild, `more: ${[...extra, "rows and columns apart", "scale", "speed", "code"].join(", ")}`);
  return [...Object.values(named).flat(), play, undo, ...columns, ...checks, rule(view)];
}

function controls_of(view) {
  const { store } = view;
  const image = dropdown(store, "image", "image", () => images(view));
  const add = upload(view.input, { take: (planes) => view.add_picture(planes), refuse: (text) => view.shell.refuse(text), ends: view.shell.ends });
  image.node.classList.add("with-file");
  image.node.append(add);
  const sizes = (word) => (view.formula ? size_of(view, { padding: word }) : "");
  return {
    image: [image],
    kernel: [dropdown(store, "kernel", "kernel", () => kernels(view))],
    kernel_size: [rows_of(view, "kernel_size")],
    stride: [rows_of(view, "stride")],
    padding: [segments(store, "padding", "padding", LIMITS.words, sizes), rows_of(view, "padding")],
    dilation: [rows_of(view, "dilation")],
    flip: [checkbox("flip the kernel (true convolution)", () => store.settings.flip, (flip) => store.ask({ flip }))],
  };
}

// The names that there are and, at the end, the last picture of one's own.
function images(view) {
  const { image } = view.store.settings, names = Object.keys(view.model.get("_pictures"));
  if (!names.includes(image)) view.own_image = image;
  const own = view.own_image ? [["own", YOUR_OWN, { image: view.own_image }]] : [];
  return [...names.map((name) => [name, name, { image: name }]), ...own];
}

function kernels(view) {
  const { kernel } = view.store.settings;
  if (is_own(kernel)) view.own_kernel = kernel;
  const own = view.own_kernel ? [["own", YOUR_OWN, { kernel: view.own_kernel }]] : [];
  return [...PRESETS.names.map((name) => [name, name, { kernel: name }]), ...own];
}

function size_of(view, changes) {
  try {
    const [rows, columns] = output_shape({ ...view.store.settings, ...changes }, view.pictures);
    return rows === columns ? `→ ${rows}` : `${rows}×${columns}`;
  } catch {
    return "none"; // why is said where the hand rests
  }
}

// A slider for both axes, or for the rows alone where columns have one of their own.
function rows_of(view, name) {
  const [get] = axes(view, name);
  return axis_slider(view, name, LABELS[name], get, (value) => (view.apart ? [value, axes(view, name)[1]()] : value));
}

function columns_of(view, name) {
  const made = axis_slider(view, name, COLUMNS[name], () => axes(view, name)[1](), (value) => [axes(view, name)[0](), value]);
  return {
    node: made.node,
    show() {
      made.node.hidden = !view.apart;
      if (view.apart) made.show();
    },
  };
}

function axis_slider(view, name, label, get, value_of) {
  const { store } = view;
  const is_word = () => name === "padding" && LIMITS.words.includes(store.settings.padding);
  return slider(store, label, {
    get, set: (value) => ({ [name]: value_of(value) }), least: LIMITS.least[name], most: LIMITS.largest[name],
    off: is_word, text: (value) => (is_word() ? zeros(view, label === LABELS.padding ? 0 : 1) : String(value)),
  });
}

// What the two sliders of a setting show: of a padding word, the zeros that it gives.
function axes(view, name) {
  const of = (axis) => () => {
    const setting = view.store.settings[name];
    if (typeof setting !== "string") return pair(setting)[axis];
    return Math.min(Math.max(...view.made.padding[axis]), LIMITS.largest.padding);
  };
  return [of(0), of(1)];
}

function zeros({ made }, axis) {
  const [before, after] = made.padding[axis];
  return before === after ? String(before) : `${before}+${after}`;
}

function extras(view) {
  const { store } = view;
  const apart = checkbox("rows and columns apart", () => view.apart || is_apart(store.settings), (on) => {
    view.apart = on;
    const rows = Object.keys(LABELS).filter((name) => Array.isArray(store.settings[name]));
    if (on || !rows.length) view.repaint();
    else store.ask(Object.fromEntries(rows.map((name) => [name, store.settings[name][0]])));
  });
  const scale = checkbox("one scale for both pictures", () => view.one_scale, (on) => {
    view.one_scale = on;
    view.repaint();
  });
  const speeds = h("select", { "aria-label": "speed", onchange: () => (view.sweep.speed = Number(speeds.value)) },
    [[0.4, "slow"], [1, "normal"], [3, "fast"]].map(([value, text]) => h("option", { value, selected: value === 1 }, text)));
  return [apart, scale, { node: h("label", { class: "row" }, h("span", {}, "speed"), speeds), show() {} }];
}

const is_apart = (settings) => Object.keys(LABELS).some((name) => Array.isArray(settings[name]));

// ⌊(n + zeros − span) / stride⌋ + 1, each number under the word for it.
function rule(view) {
  const formula = h("div", { class: "formula" }), note = h("p", { class: "note" });
  view.shell.rule.append(h("header", {}, h("h3", {}, "output size")), formula, note);
  return {
    node: view.shell.rule,
    show() {
      view.apart ||= is_apart(view.store.settings);
      view.shell.rule.hidden = !view.formula;
      if (!view.formula) return;
      const { settings, image: [{ rows, columns }], output: [output] } = view.made;
      const lines = [0, 1].map((axis) => line(view.made, axis, [rows, columns][axis]));
      const is_one = lines[0].textContent === lines[1].textContent;
      formula.replaceChildren(...(is_one ? lines.slice(0, 1) : lines));
      formula.classList.toggle("two", !is_one);
      const [dilation, k] = [pair(settings.dilation)[0], pair(settings.kernel_size)[0]];
      const spans = `The kernel spans ${dilation} · (${k} − 1) + 1 = ${extent(k, dilation)} pixels.`;
      put(note, is_one && dilation > 1 ? spans : `${size([output.rows, output.columns])} = ${plural(output.data.length, "output")}`);
    },
  };
}

function line({ settings, padding, output: [output] }, axis, n) {
  const [before, after] = padding[axis];
  const span = extent(pair(settings.kernel_size)[axis], pair(settings.dilation)[axis]);
  const part = (text, label) => h("span", { class: "part" }, h("i", {}, label), String(text));
  const over = h("span", { class: "over" }, part(n, "input"), " + ", part(`${before} + ${after}`, "zeros"), " − ", part(span, "kernel"));
  const under = h("span", { class: "under" }, part(pair(settings.stride)[axis], "stride"));
  const result = h("span", { class: "result" }, String([output.rows, output.columns][axis]));
  return h("div", { class: "line" }, h("span", { class: "floor" }), h("span", {}, over, under), h("span", { class: "floor end" }), " + 1 = ", result);
}
