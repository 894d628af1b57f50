// The pooling explorer: above, a picture and what a pool keeps of it; below, one window and the maps that max, average
// and striding make, whole. Turned round, where a gradient comes from and goes: share × gradient = sent back.
import { Card, operator } from "../view/draw/cards.js";
import { grey_scale } from "../view/draw/colours.js";
import { put } from "../view/dom.js";
import { Editor, typing_hint } from "../view/draw/editor.js";
import { dotted, ringed } from "../view/draw/marks.js";
import { digit_size } from "../view/draw/picture.js";
import { pair } from "../view/controls/settings.js";
import { padded, range } from "../view/twin/ops.js";
import { short, size } from "../view/twin/words.js";
import { rendered } from "../view/view.js";
import { WindowView } from "../view/windows/window_view.js";
import { slide, terms_at } from "../view/windows/windows.js";
import sheet from "./pooling.css" with { type: "css" };
import { Maps } from "./maps.js";
import { rail } from "./rail.js";
import { SentBack } from "./sent_back.js";
import { LIMITS, changed, pools, under, window_of } from "./state.js";
import { readout_of, written, written_back } from "./words.js";

const DOTS_FROM = 7, DOTS_BESIDE_DIGITS_FROM = 32; // pixels of a cell
const ROOM_FOR_NOTE = 560; // pixels of a stage in which a title has room for what the dots are

class PoolingView extends WindowView {
  static styles = [sheet];

  changed = changed;
  window_of = window_of;

  get pads_zeros() {
    return false;
  }

  build() {
    super.build();
    this.edits = new Set();
    this.window = new Card("window", "gold");
    this.maps = new Maps(this);
    this.sent_back = new SentBack(this);
    const [max, average, striding] = this.maps.nodes;
    this.forth = [operator("→"), max, operator("", "or", "equals"), average, operator("", "or"), striding];
    this.shell.sentence.append(this.window.node, ...this.forth, ...this.sent_back.nodes);
    this.controls = rail(this);
    this.pixels = new Editor(this.window, {
      get: (i) => this.terms?.[i]?.value ?? 0, set: (i, value, run) => this.#set_pixel(this.terms[i], value, run),
      can: (i) => this.can_edit && !this.terms[i].is_padding, refuse: (sentence) => this.refuse(sentence),
      name: (i) => `pixel (${this.terms[i].y}, ${this.terms[i].x})`,
    });
    this.link([this.window, this.sent_back.share, this.sent_back.sent], () => this.pixels.drag);
  }

  // ---- what follows from the settings

  *derive(settings) {
    const x = under(settings, this.pictures), made = pools(x, settings);
    const most = Math.max(...range([...made.grad_x, ...made.grad_y]).map(Math.abs)) || 1;
    const longest = settings.kernel === "none" && x.data.every(Number.isInteger) ? "000" : "0.555";
    yield;
    return { ...slide([x], window_of(settings)), ...made, greys: grey_scale([x]), signed: ["signed", -most, most], longest };
  }

  // The lesson is where the largest and the first differ most.
  strongest() {
    const { max: [max], striding: [striding] } = this.made;
    const differences = max.data.map((value, i) => value - striding.data[i]), i = differences.indexOf(Math.max(...differences));
    return [Math.floor(i / max.columns), i % max.columns];
  }

  // A picture of which a number was changed is no other picture.
  is_elsewhere(before) {
    const { settings } = this.made, is_edit = [before.image, settings.image].some((image) => this.edits.has(image));
    return before.kernel !== settings.kernel || (before.image !== settings.image && !is_edit);
  }

  get can_edit() {
    return this.made?.settings.kernel === "none" && !this.made.settings.gradient;
  }

  get at() {
    return this.here[0] * this.made.output[0].columns + this.here[1];
  }

  #set_pixel({ y, x }, value, run) {
    const { image: [image] } = this.made, data = Float32Array.from(image.data);
    data[y * image.columns + x] = value;
    this.edits.add(this.add_picture([{ ...image, data }], run));
  }

  in_code(settings) {
    return super.in_code(settings, settings.grad_y?.flat().length > 100 ? { grad_y: "explorer.grad_y" } : {});
  }

  // ---- drawing

  paint() {
    const { made } = this, { settings: { kernel, kind, gradient } } = made, { greys, signed, padding } = made;
    made.output = made[kind]; // as NumPy says it is
    const [left, right, scale] = gradient ? [padded(made.grad_x[0], padding), made.grad_y[0], signed] : [made.wide[0], made.output[0], greys];
    const under_name = kernel === "none" ? "input" : "feature map";
    put(this.input.heading, gradient ? "gradient" : under_name);
    put(this.output.heading, gradient ? "gradient" : "output");
    this.show_pictures([left], scale, right, scale, LIMITS.largest.padding);
    this.#show_notes(under_name);
    for (const node of this.forth) node.hidden = gradient;
    for (const node of this.sent_back.nodes) node.hidden = !gradient;
    if (!gradient) this.maps.paint(this);
    const [rows, columns] = pair(made.settings.size);
    this.window.shape(rows, columns);
    this.sent_back.paint(rows, columns);
    this.window.node.classList.toggle("can", this.can_edit);
  }

  #show_notes(under_name) {
    const { input, output, made: { settings: { kernel, kind, gradient } } } = this;
    if (gradient) [input, output].forEach((picture, i) => put(picture.note, `of the ${i ? "output" : under_name}`));
    else if (kernel !== "none") put(input.note, `${kernel}, ReLU`);
    const has_digits = input.cell >= 18 && input.tiles[0][0].data.length <= 900;
    this.is_dotted = kind !== "average" && input.cell >= (has_digits ? DOTS_BESIDE_DIGITS_FROM : DOTS_FROM);
    const dots = this.is_dotted && !gradient && kernel === "none" && kind === "max" && this.shell.width > ROOM_FOR_NOTE;
    if (dots) put(input.note, `${input.note.textContent}, dots: winners`);
  }

  draw() {
    const { made, input, palette, shell: { stage } } = this, { settings: { kind, gradient }, winners, image: [x], padding } = made;
    const winner = winners[kind]?.[this.at];
    this.terms = terms_at(made, this.here).map((term) => ({ ...term, wins: !term.is_padding && term.y * x.columns + term.x === winner }));
    const box_of = (place) => input.box(stage, { row: Math.floor(place / x.columns) + padding[0][0], column: (place % x.columns) + padding[1][0] });
    const others = this.is_dotted ? [...new Set(winners[kind])].filter((place) => place !== winner) : [];
    const ring = winner !== undefined && input.cell >= 12 ? ringed(box_of(winner), palette) : [];
    const in_maps = gradient ? [] : this.maps.draw(this);
    this.draw_marks({ beams: [this.window, null], under: dotted(others.map(box_of), palette), over: [...ring, ...in_maps] });
    this.#draw_window();
    if (gradient) this.sent_back.draw(this);
    this.shell.write(...(gradient ? written_back(this) : written(this)));
    this.shell.tell(...readout_of(this));
  }

  fit() {
    const room = this.window.cell_size;
    this.digits = { room, size: digit_size([this.made.longest], ...room) };
  }

  // A card with a number for each pixel of the window; what is padding has none.
  fill = (card, values, scale, ring = null) => {
    const texts = values.map((value, i) => (this.terms[i].is_padding ? "" : short(value)));
    const padding = this.terms.map((term) => term.is_padding), { theme } = this.palette;
    card.fill(values, scale, { ...this.digits, theme, hot: this.hot, padding, ring, texts });
  };

  get hint() {
    return typing_hint("drag, type");
  }

  #draw_window() {
    const { made: { greys, settings }, terms } = this, ring = new Set(terms.flatMap((term, i) => (term.wins ? [i] : [])));
    this.fill(this.window, terms.map((term) => term.value), greys, ring);
    this.pixels.label();
    put(this.window.note, this.can_edit ? this.hint : size(pair(settings.size)));
  }
}

export const render = rendered(PoolingView);

export default { render };
