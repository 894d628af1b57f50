// The error at every shift of columns, as a comb of stems that is a slider too.
import { Chart, colour, line, stems, text } from "../view/draw/chart.js";
import { h, put } from "../view/dom.js";
import { draggable } from "../view/motion.js";
import { number } from "../view/twin/words.js";
import { is_same } from "./words.js";

const LEAST = 0.2; // error that the axis reaches at least
const MARGIN = { left: 34, right: 10, top: 12, bottom: 20 }; // pixels round the stems
const APART = 26; // pixels from one number of the axis to the next, at least

export class Comb extends Chart {
  // go(across, run): asks for another shift; rest(): the hand rests.
  constructor({ go, rest }) {
    super("error by shift", "comb");
    put(this.note, "of columns");
    const slide = () => go(Number(this.handle.value), "comb");
    this.handle = h("input", { type: "range", "aria-label": "shift of columns", oninput: slide, onchange: rest }); // unseen, for keys
    this.box.append(this.handle);
    const follow = (event) => go(this.#step_at(event), "comb");
    draggable(this.box, {
      press: (event) => {
        this.handle.focus({ preventScroll: true });
        event.preventDefault(); // or the focus would go
        if (event.pointerType !== "touch") follow(event); // a finger may be there to scroll
        return true;
      },
      move: follow,
      end: (event) => {
        if (event.type === "pointerup") follow(event);
        rest();
      },
    });
  }

  // curve: [step, error] for each; jump: the steps of one cell of the map; across: the shift that is.
  draw({ curve, jump, across }) {
    const { height } = this.room, are_0 = curve.every(([, error]) => is_same(error));
    const top = Math.max(LEAST, ...curve.map(([, error]) => error)), base = height - MARGIN.bottom;
    this.ends = [Math.min(-1, curve[0][0]), Math.max(1, curve.at(-1)[0])];
    const y = (error) => base - (error / top) * (base - MARGIN.top);
    const every = jump * Math.ceil(APART / (this.#x(jump) - this.#x(0)));
    const steps = curve.filter(([step]) => step % every === 0).map(([step]) => text(this.#x(step), height - 4, number(step)));
    const places = curve.map(([step, error]) => ({ x: this.#x(step), y: y(error) }));
    const comb = stems(places, base, curve.findIndex(([step]) => step === across));
    const words = are_0 ? [text(this.#x((this.ends[0] + this.ends[1]) / 2), base / 2, "0 at every shift")] : [];
    const levels = (are_0 ? [0] : [0, top / 2, top]).flatMap((error) => this.#level(error, y(error)));
    this.show([...levels, ...comb, ...steps, ...words], are_0 ? "0 at every shift" : `error, from 0 to ${number(top)}, at every shift`);
    Object.assign(this.handle, { min: curve[0][0], max: curve.at(-1)[0], value: across });
    this.handle.setAttribute("aria-valuetext", `${across} to the right`);
  }

  #level(error, y) {
    return [
      line(MARGIN.left, y, this.room.width - MARGIN.right, y, { stroke: colour(error ? "line" : "quiet") }),
      text(MARGIN.left - 5, y + 4, number(Number(error.toPrecision(2))), { anchor: "end" }),
    ];
  }

  #step_at(event) {
    const [low, high] = this.ends, { left, right } = MARGIN;
    return Math.round(low + ((this.at(event).x - left) / (this.room.width - left - right)) * (high - low));
  }

  #x(step) {
    const [low, high] = this.ends;
    return MARGIN.left + ((step - low) / (high - low)) * (this.room.width - MARGIN.left - MARGIN.right);
  }
}
