// The sharing explorer: above, a dense layer's weights and the same with each diagonal averaged; below, the averages.
import { Chart, colour, line, stems, text } from "../view/draw/chart.js";
import { clamp, h } from "../view/dom.js";
import { result } from "../view/draw/formulas.js";
import { framed } from "../view/draw/marks.js";
import { Picture } from "../view/draw/picture.js";
import { arrange, rule } from "../view/controls/rail.js";
import { slider } from "../view/controls/controls.js";
import { count, plural, short, size } from "../view/twin/words.js";
import { MarkedView } from "../view/marked_view.js";
import { rendered } from "../view/view.js";
import { planes } from "../view/wire.js";
import { averages_of, changed, diagonal, matrix_of } from "./state.js";
import sheet from "./sharing.css" with { type: "css" };

const EDGE = 10; // pixels left of the first stem and right of the last

class SharingView extends MarkedView {
  static styles = [sheet];
  changed = changed;

  get names() {
    return Object.keys(this.options.weights);
  }

  build() {
    const { shell, store, names } = this;
    this.learned = new Picture("as learned", "picture");
    this.shared = new Picture("averaged", "picture");
    shell.pictures.append(this.learned.node, this.shared.node);
    this.chart = new Chart("averages of the diagonals", "averages");
    shell.sentence.classList.add("relation");
    shell.sentence.append(this.chart.node);
    const examples = slider(store, "examples", {
      get: () => names.indexOf(store.settings.examples), set: (i) => ({ examples: names[i] }),
      least: 0, most: names.length - 1, text: (i) => names[i],
    });
    examples.node.classList.add("fine");
    const says = rule(this, "numbers to learn", () => this.#rule());
    this.controls = [...arrange(this, { examples: [examples] }), says];
    this.#listen();
  }

  *derive({ examples }) {
    const [learned] = planes(this.options.weights[examples]), averages = averages_of(learned);
    const most = Math.max(...averages.map(Math.abs)) || 1;
    return { learned, averages, shared: [matrix_of(averages)], scale: ["signed", -most, most], output: [learned] };
  }

  strongest() {
    return [this.made.learned.rows >> 1, this.made.learned.rows >> 1];
  }

  in_code({ examples }) {
    return `SharingExplorer(matrices, examples="${examples}")`;
  }

  // ---- drawing

  paint() {
    const { made: { learned, shared, scale }, palette } = this, words = size([learned.rows, learned.rows]);
    this.learned.show([[learned]], { scale, palette });
    this.shared.show([shared], { scale, palette });
    this.learned.describe(words, "Arrow keys move the marked weight.", `weights as learned, ${words}`);
    this.shared.describe("along each diagonal", "Arrow keys move the marked weight.", `weights averaged, ${words}`);
  }

  draw() {
    const { made: { learned, averages, shared }, palette, shell } = this, [row, column] = this.here;
    const n = learned.rows, offset = column - row, places = diagonal(n, offset), { stage } = shell;
    const box = (picture) => (place) => picture.box(stage, { row: place[0], column: place[1] });
    shell.marks.replaceChildren(...[this.learned, this.shared].flatMap((picture) => [
      ...band(box(picture)(places[0]), box(picture)(places.at(-1))), ...framed(box(picture)([row, column]), palette),
    ]));
    this.#draw_chart(offset + n - 1);
    const values = places.map(([r, c]) => learned.data[r * n + c]);
    const [least, most] = [Math.min(...values), Math.max(...values)].map(short);
    shell.write(`${plural(places.length, "weight")} on this diagonal, ${least} to ${most}; the average is `, h("b", {}, short(averages[offset + n - 1])));
    const [is, becomes] = [learned.data[row * n + column], shared[0].data[row * n + column]].map(short);
    const side = offset ? `${plural(Math.abs(offset), "place")} to the ${offset < 0 ? "left" : "right"}` : "at its own place";
    shell.tell(`Output ${row} listens to input ${column}, ${side}, with the weight ${is}; averaged, ${becomes}.`);
  }

  #draw_chart(marked) {
    const { made: { averages, scale: [, , most] }, chart } = this, { width, height } = chart.room, base = height / 2;
    const last = averages.length - 1, x = (i) => EDGE + (i / last) * (width - 2 * EDGE);
    const places = averages.map((value, i) => ({ x: x(i), y: base - (value / most) * (base - 22) }));
    const ends = [text(EDGE, height - 4, "inputs to the left", { anchor: "start" }), text(width - EDGE, height - 4, "to the right", { anchor: "end" })];
    const axis = line(0, base, width, base, { stroke: "var(--line)", "stroke-width": 1 });
    chart.show([axis, ...ends, text(width / 2, height - 4, "own place"), ...stems(places, base, marked)], this.#in_words());
  }

  #in_words() {
    const { averages } = this.made, middle = (averages.length - 1) / 2;
    const near = averages.slice(Math.max(middle - 2, 0), middle + 3).map(short).join(", ");
    return `Averages of ${averages.length} diagonals; those in the middle: ${near}.`;
  }

  // How many numbers are free before and after.
  #rule() {
    const n = this.made.learned.rows;
    return [[[`${n} · ${n} = ${count(n * n)} →`, result(count(2 * n - 1))]], "One number for each diagonal, in place of one for each weight."];
  }

  // ---- what a person does

  #listen() {
    for (const picture of [this.learned, this.shared]) this.marks(picture);
    this.marks({ canvas: this.chart.box, at: (event) => this.#under(event) }, (place) => place);
  }

  // The middle of the diagonal whose stem is nearest to the pointer.
  #under(event) {
    const n = this.made.learned.rows, share = (this.chart.at(event).x - EDGE) / (this.chart.room.width - 2 * EDGE);
    const places = diagonal(n, clamp(Math.round(share * (2 * n - 2)), 0, 2 * n - 2) - n + 1);
    return places[places.length >> 1];
  }
}

// Gold lines on both sides of a diagonal, from its first cell to its last.
function band(first, last) {
  return [["gold-edge", 3.6], ["gold", 1.8]].flatMap(([name, width]) => [[1, 0], [0, 1]].map(([right, down]) => {
    const corner = ({ x, y, width: wide, height }) => [x + right * wide, y + down * height];
    return line(...corner(first), ...corner(last), { stroke: colour(name), "stroke-width": width });
  }));
}

export const render = rendered(SharingView);

export default { render };
