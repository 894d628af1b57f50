// The controls of a window, one for both axes until rows and columns are set apart, and the rule for its output's size.
import { checkbox, segments, slider } from "../controls/controls.js";
import { h } from "../dom.js";
import { aloud, part, result } from "../draw/formulas.js";
import { rule } from "../controls/rail.js";
import { pair } from "../controls/settings.js";

// Sliders for settings of a WindowView's rows and columns. limits: as settings.json has them; labels: for each
// setting, the slider's name and, where columns are set apart, that of theirs.
export class WindowControls {
  constructor(view, limits, labels) {
    this.view = view;
    this.limits = limits;
    this.labels = labels;
  }

  // For both axes, or for the rows alone where columns have a slider of their own.
  slider(name) {
    const value_of = (value) => (this.view.apart ? [value, this.#shown(name, 1)] : value);
    return this.#slider(name, 0, value_of);
  }

  // Words with the size that each would give, where formulas are shown.
  padding_words() {
    const { view, limits } = this;
    const size_with = (padding) => (view.formula === false ? "" : this.#size({ padding }));
    return segments(view.store, "padding", "padding", limits.words, size_with);
  }

  // What sets rows and columns apart, and the sliders that are then there, each as `arrange` folds it.
  apart() {
    const { view } = this, { store } = view;
    const box = checkbox("rows and columns apart", () => view.apart || this.is_apart(), (on) => {
      view.apart = on;
      const rows = Object.keys(this.labels).filter((name) => Array.isArray(store.settings[name]));
      if (on || !rows.length) view.repaint();
      else store.ask(Object.fromEntries(rows.map((name) => [name, store.settings[name][0]])));
    });
    const columns = Object.keys(this.labels).map((name) => {
      const made = this.#slider(name, 1, (value) => [this.#shown(name, 0), value]);
      const show = () => {
        made.node.hidden = !view.apart;
        if (view.apart) made.show();
      };
      return ["", { node: made.node, show }];
    });
    return [...columns, ["rows and columns apart", box]];
  }

  is_apart() {
    return Object.keys(this.labels).some((name) => Array.isArray(this.view.store.settings[name]));
  }

  #slider(name, axis, value_of) {
    const { view: { store }, limits: { least, largest, words } } = this;
    const is_word = () => name === "padding" && words.includes(store.settings.padding);
    return slider(store, this.labels[name][axis], {
      get: () => this.#shown(name, axis), set: (value) => ({ [name]: value_of(value) }), least: least[name], most: largest[name],
      called: () => this.#label(name, axis), off: is_word, text: (value) => (is_word() ? this.#both_sides(axis) : String(value)),
    });
  }

  // A transposed window crops what the other would pad.
  #label(name, axis) {
    const label = this.labels[name][axis];
    return this.view.store.settings.transposed ? label.replace("zeros", "crop") : label;
  }

  // What a slider shows: of a padding word, the zeros that it gives.
  #shown(name, axis) {
    const setting = this.view.store.settings[name];
    if (typeof setting !== "string") return pair(setting)[axis];
    return Math.min(Math.max(...this.#amounts(axis)), this.limits.largest.padding);
  }

  #both_sides(axis) {
    const [before, after] = this.#amounts(axis);
    return before === after ? String(before) : `${before}+${after}`;
  }

  #amounts(axis) {
    const { crop, padding } = this.view.made;
    return (crop ?? padding)[axis];
  }

  #size(changes) {
    try {
      const [rows, columns] = this.view.output_shape({ ...this.view.store.settings, ...changes });
      if (rows !== columns) return `${rows}×${columns}`;
      return rows < 1000 ? `→ ${rows}` : String(rows);
    } catch {
      return "none"; // why is said where the hand rests
    }
  }
}

// ⌊(n + zeros − span) / stride⌋ + 1, each number under the word for it, of which zeros and window are given. note(): the
// line below.
export function size_rule(view, controls, { zeros, window, note }) {
  const line = (axis) => (view.made.crop ? enlarged_line(view.made, axis, window) : size_line(view.made, axis, { zeros, window }));
  const lines = () => [0, 1].map(line);
  const { node, show } = rule(view, "output size", () => [lines(), note()], { kind: "fraction", long: Infinity });
  return {
    node,
    show() {
      view.apart ||= controls.is_apart();
      node.hidden = view.formula === false;
      if (!node.hidden) show();
    },
  };
}

function size_line({ image: [{ rows, columns }], padding, spans, steps, output: [output] }, axis, { zeros, window }) {
  const [before, after] = padding[axis];
  const over = h("span", { class: "over" }, part([rows, columns][axis], "input"), " + ", part(`${before} + ${after}`, zeros), " − ", part(spans[axis], window));
  const under = h("span", { class: "under" }, part(steps[axis], "stride"));
  return [h("span", { class: "floor" }), h("span", {}, over, aloud(" divided by "), under), h("span", { class: "floor end" }), aloud(", rounded down, "), "+ 1 =", result([output.rows, output.columns][axis])];
}

// (n − 1) · stride + span − cropped; "same" may add zeros at the end instead.
function enlarged_line({ image: [{ rows, columns }], crop, spans, steps, output: [output] }, axis, window) {
  const n = [rows, columns][axis], made = [output.rows, output.columns][axis], [before, after] = crop[axis];
  const added = made - (n - 1) / steps[axis] - spans[axis] + before + after;
  const end = added ? ["+", part(added, "zeros")] : ["−", part(before + after, "crop")];
  return ["(", part(n, "input"), "− 1) ·", part(1 / steps[axis], "stride"), "+", part(spans[axis], window), ...end, "=", result(made)];
}
