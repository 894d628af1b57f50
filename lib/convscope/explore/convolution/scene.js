// The convolution explorer: above, a picture and the feature map that a kernel makes of it; below, one of its cells:
// window × kernel = products → sum.
import { Card, operator } from "../view/draw/cards.js";
import { grey_scale, map_scale, weight_scale } from "../view/draw/colours.js";
import { h, put } from "../view/dom.js";
import { Editor, typing_hint } from "../view/draw/editor.js";
import { refused } from "../view/draw/marks.js";
import { digit_size } from "../view/draw/picture.js";
import { pair } from "../view/controls/settings.js";
import { channel_names } from "../view/twin/colours.js";
import { conv2d_by_rows, conv_transpose2d_by_rows } from "../view/twin/ops.js";
import { short, size } from "../view/twin/words.js";
import { MOST_AT_ONCE } from "../view/motion.js";
import { same } from "../view/store.js";
import { rendered } from "../view/view.js";
import { planes } from "../view/wire.js";
import { WindowView } from "../view/windows/window_view.js";
import { slide } from "../view/windows/windows.js";
import { rail } from "./rail.js";
import { LIMITS, changed, is_turned, kernel_planes, turned, with_weight } from "./state.js";
import { readout_of, terms_of, written } from "./words.js";

const MOST_RINGS = 900; // of a map that is wrong everywhere, the first

class ConvolutionView extends WindowView {
  changed = changed;
  window_of = (settings) => settings;

  get formula() {
    return this.model.get("formula");
  }

  build() {
    super.build();
    const { model, shell } = this;
    this.window = new Card("window", "gold");
    this.kernel = new Card("kernel", "blue");
    this.products = new Card("products");
    this.sum = new Card("sum", "gold");
    const { window, kernel, products, sum } = this;
    shell.sentence.append(
      window.node, operator("×"), kernel.node, operator("=", "", "equals"), products.node, operator("→", "add"), sum.node,
    );
    this.controls = rail(this);
    const repaint = () => this.repaint();
    for (const name of ["change:formula", "change:_yours"]) {
      model.on(name, repaint);
      shell.ends.push(() => model.off(name, repaint));
    }
    this.verdict = h("p", { class: "verdict", role: "status", hidden: true });
    shell.marks.before(this.verdict);
    this.editor = new Editor(kernel, {
      get: (i) => this.made?.weights[i] ?? 0,
      set: (i, value, run) => this.store.ask({ kernel: with_weight(this.store.settings, i, value, this.pictures) }, run),
      refuse: (sentence) => this.refuse(sentence),
      name: (i) => kernel.weight_name(i, this.made.names),
    });
    this.link([kernel, window, products], () => this.editor.drag);
  }

  // ---- what follows from the settings

  is_large() {
    const { settings } = this.store, [rows, columns] = this.output_shape(settings);
    const [down, across] = pair(settings.kernel_size);
    return rows * columns * down * across * this.pictures.get(settings.image).length > MOST_AT_ONCE;
  }

  *derive(settings) {
    const image = this.pictures.get(settings.image);
    const kernel = kernel_planes(settings, this.pictures);
    const output = yield* (settings.transposed ? conv_transpose2d_by_rows(image, kernel.map(turned), settings) : conv2d_by_rows(image, kernel, settings));
    const weights = kernel.flatMap(({ data }) => [...data]);
    const greys = grey_scale(image), strengths = weight_scale(weights);
    const most = strengths[2] * Math.max(Math.abs(greys[1]), Math.abs(greys[2]));
    const scales = { input: greys, weights: strengths, products: ["signed", -most, most], output: map_scale([output], weights, greys) };
    const longest = longest_product(image, weights, most);
    return { ...slide(image, settings), names: channel_names(image), kernel, weights, longest, output: [output], scales };
  }

  strongest() {
    const { output: [output], image: [{ rows, columns }], spans, steps } = this.made;
    const reach = spans.map((span, axis) => (span / 2) * Math.min(1, steps[axis])); // in pixels: below 1, steps are of an enlarged output
    let [best, found] = [-1, [output.rows >> 1, output.columns >> 1]];
    output.data.forEach((value, i) => {
      const cell = [Math.floor(i / output.columns), i % output.columns], [y, x] = this.centre(cell);
      const rim = Math.min(y - reach[0], rows - 1 - y - reach[0], x - reach[1], columns - 1 - x - reach[1]);
      if (rim >= Math.min(rows, columns) / 8 - 1 && Math.abs(value) > best) [best, found] = [Math.abs(value), cell];
    });
    return found;
  }

  // ---- drawing

  draw() {
    this.terms = terms_of(this.made, this.here);
    const { output } = this, over = refused((this.wrong ?? []).map((cell) => output.box(this.shell.stage, cell)), this.palette);
    this.draw_marks({ beams: [this.window, this.sum], over }); // before the sentence is written: what measures after that waits for a layout
    this.#draw_sentence();
  }

  paint() {
    const { wide, image, output: [output], scales } = this.made;
    this.show_pictures(wide, scales.input, output, scales.output, LIMITS.largest.padding);
    const [{ rows, columns }] = this.made.kernel, { names } = this.made;
    this.shell.root.classList.toggle("slices", image.length > 1);
    for (const card of [this.window, this.kernel, this.products]) card.shape(rows, columns, image.length, names);
    this.editor.label();
    this.#compare();
  }

  // What a function of the learner's makes of these settings, once Python has said so.
  #compare() {
    const yours = this.model.get("_yours") ?? {}, { settings, output: [{ columns, data }] } = this.made;
    const is_for_these = same(yours.settings, settings);
    this.yours = is_for_these && yours.numbers.data ? planes(yours.numbers)[0].data : null;
    const most = this.yours ? data.reduce((top, value) => Math.max(top, Math.abs(value)), 0) : 0;
    const is_wrong = (i) => !(Math.abs(this.yours[i] - data[i]) <= 1e-4 * (Math.abs(data[i]) + most));
    const wrong = this.yours ? [...data.keys()].filter(is_wrong).slice(0, MOST_RINGS) : [];
    this.wrong = wrong.map((i) => ({ row: Math.floor(i / columns), column: i % columns }));
    this.verdict.hidden = !yours.sentence;
    put(this.verdict, is_for_these ? yours.sentence : "");
  }

  #draw_sentence() {
    const { output: [output], scales, weights, kernel, settings } = this.made, { theme } = this.palette;
    const { terms, here: cell } = this;
    const common = { ...this.digits, theme, hot: this.hot };
    this.window.fill(terms.map((term) => term.value), scales.input, { ...common, padding: terms.map((term) => term.is_padding) });
    this.kernel.fill(weights, scales.weights, { ...common, size: common.weight_size, met: this.back?.cells });
    this.products.fill(terms.map((term) => term.product), scales.products, common);
    const at = cell[0] * output.columns + cell[1], total = output.data[at], own = this.yours?.[at];
    this.sum.total(total, scales.output, theme);
    put(this.window.note, kernel.length > 1 ? `${kernel.length} channels` : size([kernel[0].rows, kernel[0].columns]));
    put(this.kernel.note, is_turned(settings) ? "half turned" : typing_hint());
    put(this.products.note, "per cell");
    const place = `${kernel.length > 1 ? "" : "output "}(${cell.join(", ")})`;
    put(this.sum.note, own === undefined || own === total ? place : `yours: ${short(own)}`);
    this.shell.write(...written(terms, total, this.hot, settings));
    this.shell.tell(...readout_of(this));
  }

  // One size of digits in the three grids; it follows from the settings and not from the place, so nothing jumps.
  fit() {
    const room = this.kernel.cell_size, { weights, longest } = this.made;
    const weight_size = digit_size(weights.map(short), ...room);
    const all = Math.min(weight_size, digit_size([longest], ...room));
    this.digits = { room, size: all, weight_size: all || weight_size };
  }
}

// A text as long as the products of a picture usually are, of which the largest is `most`.
function longest_product(image, weights, most) {
  if (most >= 1e6) return "−5.55e12";
  const whole = weights.every(Number.isInteger) && image.every(({ data }) => data.every(Number.isInteger));
  if (whole) return most < 1000 ? "−000" : "−000,000";
  return most < 0.01 ? "−5.55e−10" : "−0.555";
}

export const render = rendered(ConvolutionView);

export default { render };
