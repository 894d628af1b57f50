// The controls of the chosen layer, and what it has to learn.
import { dropdown, segments, slider, undo_buttons } from "../view/controls.js";
import { h, put } from "../view/dom.js";
import { upload } from "../view/upload.js";
import { LIMITS, MOST, pair } from "./layers.js";

const YOUR_OWN = "your own";
const SLIDER = { maps: 16, kernel_size: 11, stride: 4 }; // a slider offers so many; more come with a network

// Builds them into the view's shell; gives all that shows the state.
export function rail(view) {
  const { shell, store } = view;
  const image = dropdown(store, "image", "image", () => images(view));
  image.node.classList.add("with-file");
  image.node.append(upload(view.input, { take: (planes) => view.add_picture(planes), refuse: (text) => shell.refuse(text), ends: shell.ends }));
  const main = [
    image, numbers_of(view), dropdown(store, "kind", "kind", () => kinds(view)),
    one_slider(view, "maps", "maps"), one_slider(view, "kernel_size", "kernel size"), one_slider(view, "stride", "stride"), undo_buttons(store),
  ];
  shell.controls.append(...main.map(({ node }) => node));
  const padding = segments(store, "padding", "padding", LIMITS.words, () => "");
  const activation = segments(store, "activation", "behind it", LIMITS.activations, () => "");
  shell.inside.append(padding.node, activation.node, h("pre", { class: "code" }));
  put(shell.more.firstElementChild, "more: padding, activation, code");
  return [...main, padding, activation, rule_box(view)];
}

// The pager: which of the layers is the chosen one.
function numbers_of(view) {
  const made = Array.from({ length: MOST.layers }, (_, i) => i + 1);
  const line = segments(view.store, "layer", "layer", made, () => "");
  const labels = [...line.node.querySelectorAll("label")];
  return {
    node: line.node,
    show() {
      labels.forEach((label, i) => (label.hidden = i >= view.store.settings.layers.length));
      line.show();
    },
  };
}

function images(view) {
  const { image } = view.store.settings, names = Object.keys(view.model.get("_pictures"));
  if (!names.includes(image)) view.own_image = image;
  const own = view.own_image ? [["own", YOUR_OWN, { image: view.own_image }]] : [];
  return [...names.map((name) => [name, name, { image: name }]), ...own];
}

function kinds({ store: { settings } }) {
  const all = settings.kind === "other" ? [settings.kind] : LIMITS.kinds;
  return all.map((kind) => [kind, kind === "other" ? settings.layers[settings.layer - 1].name : kind, { kind }]);
}

function one_slider(view, name, label) {
  const { store } = view, get = () => pair(store.settings[name])[0];
  const made = slider(store, label, { get, set: (value) => ({ [name]: value }), least: 1, most: SLIDER[name], text: () => text_of(view, name) });
  return made;
}

function text_of({ store: { settings }, made }, name) {
  const maps = made?.[`layer ${settings.layer}`];
  if (name === "maps" && settings.kind !== "conv") return maps ? String(maps.length) : "";
  return pair(settings[name]).length && Array.isArray(settings[name]) ? settings[name].join("×") : String(settings[name]);
}

function rule_box(view) {
  const formula = h("div", { class: "formula" }, h("div", { class: "line" })), [note, left_out] = [0, 1].map(() => h("p", { class: "note" }));
  view.shell.rule.append(h("header", {}, h("h3", {}, "numbers to learn")), formula, note, left_out);
  return { node: view.shell.rule, show: () => view.show_rule(formula, note, left_out) };
}
