// What stands in every rail: the image, the state's code, and the order of things.
import { checkbox, dropdown, player, undo_buttons } from "./controls.js";
import { h, put } from "../dom.js";
import { OWN } from "./settings.js";
import { LARGEST_SIDE, upload } from "./upload.js";
import { grey } from "../twin/colours.js";

// Put controls into the view's shell, and give them all. named: {setting: [controls]}, of which those that the option
// `controls` names stand in sight, the others behind *more*; folded: [words, control] of what always stands there.
export function arrange(view, named, folded = []) {
  const { shell, options } = view, main = new Set(options.controls ?? Object.keys(named)), words = [];
  for (const [name, controls] of Object.entries(named)) {
    (main.has(name) ? shell.controls : shell.inside).append(...controls.map(({ node }) => node));
    if (!main.has(name)) words.push(name.replace("_", " "));
  }
  const always = [...(view.sweep ? [player(view.sweep)] : []), undo_buttons(view.store)];
  shell.controls.append(...always.map(({ node }) => node));
  shell.inside.append(...folded.map(([, { node }]) => node), shell.code);
  words.push(...folded.map(([word]) => word).filter(Boolean), "code");
  put(shell.more.firstElementChild, `more: ${words.join(", ")}`);
  return [...Object.values(named).flat(), ...always, ...folded.map(([, control]) => control)];
}

// What follows from the settings, under a title in the rail. say(): a formula's lines, each a list of parts, of which two
// that are the same are one; and notes. kind: a class of the formula; long: letters from which it is written small.
export function rule(view, title, say, { kind = "flat", long = 50 } = {}) {
  const formula = h("div"), notes = h("div");
  view.shell.rule.append(h("header", {}, h("h3", {}, title)), formula, notes);
  return {
    node: view.shell.rule,
    show() {
      const [made, ...words] = say(), all = made.map((parts) => h("div", { class: "line" }, parts));
      const lines = all.filter((line, i) => i === 0 || line.textContent !== all[0].textContent);
      formula.replaceChildren(...lines);
      formula.className = `formula ${kind}${lines.length > 1 || formula.textContent.length > long ? " small" : ""}`;
      notes.replaceChildren(...words.map((text) => h("p", { class: "note" }, text)));
    },
  };
}

// The images that there are, and one's own: the last one stays on offer. picture: where it may be dropped; plain: whether
// its colours are left out; largest: pixels a side to which it is scaled down.
export function image_control(view, picture, { plain = false, largest = LARGEST_SIDE } = {}) {
  const { store, shell } = view, made = dropdown(store, "image", "image", () => images(view));
  const take = (planes) => view.add_picture(plain ? grey(planes) : planes);
  made.node.classList.add("with-file");
  made.node.append(upload(picture, { take, refuse: (text) => shell.refuse(text), ends: shell.ends, largest }));
  return made;
}

function images(view) {
  const { image } = view.store.settings, names = Object.keys(view.model.get("_pictures"));
  if (!names.includes(image)) view.own_image = image;
  const own = view.own_image ? [["own", OWN, { image: view.own_image }]] : [];
  return [...names.map((name) => [name, name, { image: name }]), ...own];
}

export function scale_control(view) {
  return checkbox("one scale for both pictures", () => view.one_scale, (on) => {
    view.one_scale = on;
    view.repaint();
  });
}

export function speed_control(view) {
  const speeds = [[0.4, "slow"], [1, "normal"], [3, "fast"]].map(([value, text]) => h("option", { value, selected: value === 1 }, text));
  const node = h("select", { "aria-label": "speed", onchange: () => (view.sweep.speed = Number(node.value)) }, speeds);
  return { node: h("label", { class: "row" }, h("span", {}, "speed"), node), show() {} };
}
