// Cells that a person can change: drag up and down, click or type, arrow keys to walk, + and − to step.
import { h } from "../dom.js";
import { draggable } from "../motion.js";
import { number, number_in } from "../twin/words.js";

const PIXELS_A_STEP = 4;
const KEYS = "Arrow keys walk, Enter or a digit types, + adds a step, Alt and − takes one away.";

// card: whose cells these are. get(i): the number there. set(i, value, run): asks for another; run names a drag, so
// that its steps are one step of undo. can(i): whether it may be changed. refuse(sentence) says why not; "" takes that back. name(i): what it is called.
// more_keys: what other keys do, in a sentence.
export class Editor {
  focused = 0;
  drag = null;

  constructor(card, { get, set, can = (i) => i >= 0, refuse, name, more_keys = "" }) {
    this.card = card;
    this.get = get;
    this.set = set;
    this.can = can;
    this.refuse = refuse;
    this.name = name;
    this.keys = `${KEYS} ${more_keys}`.trim();
    draggable(card.grid, { press: (event) => this.#press(event), move: (event) => this.#move(event), end: (event) => this.#release(event) });
    card.grid.addEventListener("keydown", (event) => this.#key(event));
  }

  // Say what each cell is to those who cannot see it; one of them is a stop of the Tab key.
  label() {
    const { card: { grid, cells } } = this, first = cells.findIndex((_, i) => this.can(i));
    if (!cells[this.focused] || !this.can(this.focused)) this.focused = first;
    for (const [name, value] of [["role", "group"], ["aria-label", this.keys]]) first < 0 ? grid.removeAttribute(name) : grid.setAttribute(name, value);
    cells.forEach((cell, i) => {
      if (!this.can(i)) {
        for (const name of ["role", "aria-label", "aria-valuenow", "aria-valuetext", "tabindex"]) cell.removeAttribute(name);
        return;
      }
      cell.setAttribute("role", "spinbutton");
      cell.setAttribute("aria-label", this.name(i));
      cell.setAttribute("aria-valuenow", Number(this.get(i).toPrecision(6)));
      cell.setAttribute("aria-valuetext", number(this.get(i)));
      cell.tabIndex = i === this.focused ? 0 : -1;
    });
  }

  #press(event) {
    const i = this.card.at(event);
    if (i < 0 || !this.can(i)) return false;
    this.drag = { i, y: event.clientY, from: this.get(i), step: this.#step(), moved: false, run: Symbol("drag") };
    return true;
  }

  #move(event) {
    if (event.pointerType === "touch") return; // a finger scrolls the page; with it, a tap opens the field
    const { i, y, from, step, run } = this.drag;
    const steps = Math.trunc((y - event.clientY) / PIXELS_A_STEP) * (event.shiftKey ? 10 : 1);
    if (!steps && !this.drag.moved) return;
    this.drag.moved = true;
    this.set(i, tidied(from + steps * step, step), run);
  }

  #release({ type }) {
    const { i, moved } = this.drag;
    this.drag = null;
    if (type === "pointerup" && !moved) this.open(i);
  }

  #key(event) {
    const i = this.card.at(event);
    if (i < 0 || event.ctrlKey || event.metaKey) return;
    const go = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (go) this.#walk(i, go);
    else if (!this.can(i)) return;
    else if (event.key === "+" || (event.key === "-" && event.altKey)) this.#nudge(i, event.key === "+" ? 1 : -1);
    else if (event.key === "Enter" || event.key === "F2") this.open(i);
    else if (/^[\d.−-]$/.test(event.key)) this.open(i, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // To the next one that way that can be changed.
  #walk(from, way) {
    let i = from;
    do i = this.card.beside(i, way);
    while (i >= 0 && !this.can(i));
    if (i < 0) return;
    this.focused = i;
    this.label();
    this.card.cells[i].focus();
  }

  #nudge(i, by) {
    const step = this.#step();
    this.set(i, tidied(this.get(i) + by * step, step), null);
  }

  // A field over a cell. begun: the first key, which takes the place of what stands there.
  open(i, begun) {
    const { card } = this, cell = card.cells[i];
    this.focused = i;
    const field = h("input", { class: "field", "aria-label": this.name(i), inputmode: "text" });
    field.value = begun ?? number(this.get(i)).replaceAll(",", "");
    const [outer, box] = [card.node.getBoundingClientRect(), cell.getBoundingClientRect()];
    field.style.left = `${box.left - outer.left + box.width / 2}px`;
    field.style.top = `${box.top - outer.top + box.height / 2}px`;
    let is_open = true;
    const close = () => {
      is_open = false;
      field.remove();
      this.refuse("");
    };
    const keep = () => {
      try {
        const value = number_in(field.value);
        close();
        if (value !== this.get(i)) this.set(i, value, null);
      } catch (refusal) {
        field.setAttribute("aria-invalid", "true");
        this.refuse(refusal.message);
      }
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") keep();
      if (event.key === "Escape") close();
      if (!is_open) card.cells[i]?.focus();
    });
    field.addEventListener("blur", () => {
      if (is_open) keep();
      if (is_open) close(); // what cannot be read is dropped with the field
    });
    card.node.append(field);
    field.focus();
    if (begun === undefined) field.select();
  }

  // A hundredth of the largest weight or so, in a round number.
  #step() {
    const most = Math.max(...this.card.cells.map((_, i) => Math.abs(this.get(i)))) || 1;
    return most >= 20 ? 1 : most >= 2 ? 0.1 : most > 0.5 ? 0.05 : 10 ** Math.floor(Math.log10(most) - 0.7);
  }
}

const tidied = (value, step) => Number((Math.round(value / step) * step).toPrecision(10));

// What a title says of what can be changed.
export const typing_hint = (by_mouse = "drag or type", by_touch = "tap to type") => (matchMedia("(pointer: coarse)").matches ? by_touch : by_mouse);
