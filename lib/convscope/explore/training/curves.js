// Loss or right answers over a whole run: in training as a thin line, in the test as a strong one, with their names at
// their ends; of the run before dashed. The axes stand from the start, so that nothing jumps.
import { clamp, svg } from "../view/dom.js";
import { Chart, colour, line, text } from "../view/draw/chart.js";

const [LEFT, RIGHT, TOP, BELOW] = [40, 108, 8, 22]; // pixels around the curves
const APART = 15; // pixels between two names
const MOST_TICKS = 8;

export class Curves {
  // most: where the axis ends. ticks: values that have a line. guess: what guessing gives. say(value), tick(value): in words.
  constructor(title, { most, ticks, guess, say, tick }) {
    this.title = title;
    this.axis = { most, ticks, guess, tick };
    this.say = say;
    this.chart = new Chart(title, "wide");
    this.node = this.chart.node;
  }

  // training, test, before: places {x, y} with x from 0 to 1, the whole run. epochs: how many it has.
  show({ training, test, before }, epochs) {
    const { width, height } = this.chart.room;
    if (!width) return;
    const { most, ticks, guess, tick } = this.axis, [right, low] = [width - RIGHT, height - BELOW];
    const at = ({ x, y }) => ({ x: LEFT + x * (right - LEFT), y: low - clamp(y / most, 0, 1) * (low - TOP) });
    const level = (y) => at({ x: 0, y }).y;
    const ruled = ticks.flatMap((y) => [
      line(LEFT, level(y), right, level(y), { stroke: colour("line") }),
      text(LEFT - 8, level(y) + 4, tick(y), { anchor: "end" }),
    ]);
    const every = Math.ceil(epochs / MOST_TICKS), marks = Array.from({ length: Math.floor(epochs / every) + 1 }, (_, i) => i * every);
    const under = marks.map((epoch) => text(at({ x: epoch / epochs, y: 0 }).x, height - 5, epoch));
    const names = this.#names({ training, test }, at), covered = ({ x, y }) => x > right - RIGHT && Math.abs(y - level(guess)) < APART;
    const guessing = [
      line(LEFT, level(guess), right, level(guess), { stroke: colour("quiet"), "stroke-dasharray": "2 4" }),
      ...(names.some(covered) ? [] : [text(right + 8, level(guess) + 4, "guessing", { anchor: "start" })]),
    ];
    const curve = (places, attributes) => path(places.map(at), attributes);
    const parts = [
      ...ruled, ...under, text(right + 8, height - 5, "epochs", { anchor: "start" }), ...guessing,
      curve(before, { stroke: colour("quiet"), "stroke-width": 1.2, "stroke-dasharray": "5 4" }),
      curve(training, { stroke: colour("strong-line"), "stroke-width": 1.6 }),
      curve(test, { stroke: colour("ink"), "stroke-width": 2.2 }),
      ...test.map(at).map(({ x, y }) => svg("circle", { cx: x, cy: y, r: 3, fill: colour("ink") })),
      ...names.map(({ x, y, words, kind }) => text(x + 8, y + 4, words, { anchor: "start", kind })),
    ];
    this.chart.show(parts, `${this.title}: ${this.in_words({ training, test })}`);
  }

  in_words(curves) {
    const said = Object.entries(curves).filter(([, places]) => places.length).map(([name, places]) => `${name} ${this.say(places.at(-1).y)}`);
    return said.join(", ") || "nothing measured yet";
  }

  // Each beside the end of its curve; one makes way for the other.
  #names(curves, at) {
    const names = Object.entries(curves).filter(([, places]) => places.length).map(([name, places]) => {
      const end = at(places.at(-1));
      return { ...end, words: `${name} ${this.say(places.at(-1).y)}`, kind: name === "test" ? "halo strong" : "halo" };
    });
    if (names.length === 2 && Math.abs(names[0].x - names[1].x) < RIGHT) {
      const [upper, lower] = names.toSorted((a, b) => a.y - b.y), gap = Math.max(APART - (lower.y - upper.y), 0);
      const room = this.chart.room.height - BELOW - lower.y; // below the lower one
      const down = Math.min(gap / 2, room);
      lower.y += down;
      upper.y -= gap - down;
    }
    return names;
  }
}

function path(places, attributes) {
  const d = places.length ? `M${places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}` : "";
  return svg("path", { d, fill: "none", "stroke-linejoin": "round", ...attributes });
}
