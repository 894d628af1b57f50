// A network at work: the paper that is its input, all maps of all layers, its answer; below, one unit of them: window ×
// kernel = products → sum; and why it says what it says.
import { answer, field, forward, network_of, opened, path_of, scores_of, shares_of } from "./net/net.js";
import { adjusted } from "./net/pen.js";
import { Answers, Columns, NARROW, is_units, scaled_box } from "./columns.js";
import { Pad, is_blank, paper } from "./pad.js";
import { rail } from "./rail.js";
import { Sentence } from "./sentence.js";
import { AS_IT_IS, changed, with_weight } from "./state.js";
import { drop, outlined, threads } from "./threads.js";
import { Why, ink_outline } from "./why.js";
import { chip_name, heard_name, percent, sight, unit_name, verdict, what_feeds, written } from "./words.js";
import { grey_scale } from "../view/draw/colours.js";
import { box_in, clamp, h, put, svg } from "../view/dom.js";
import { Editor } from "../view/draw/editor.js";
import { product_of } from "../view/draw/formulas.js";
import { looked_back } from "../view/draw/marks.js";
import { pointable } from "../view/motion.js";
import { is_colour } from "../view/twin/colours.js";
import { same } from "../view/store.js";
import { short, size } from "../view/twin/words.js";
import { View, rendered } from "../view/view.js";
import sheet from "./network.css" with { type: "css" };

const WIDE = 928; // pixels of room from which the paper stands beside the layers
const TRIALS = 48; // examples that are tried, for what is said of them and the ranges of colours
const NEARLY_ALL = 0.997; // of their numbers, which colours tell apart
const SHORT = 3; // letters of a class that needs little room
const START = "Draw, or click any unit to keep it. Another click goes one layer down, a click on a number under the maps to its layer.";
const PACE = 1600; // milliseconds that each level is shown while one is led down

class NetworkView extends View {
  static styles = [sheet];
  hover = null; // a unit
  level = null; // of the path, whose sentence is on show; null: the last convolution
  known = new Map();
  measures = new Map();
  path = []; // a unit of each stage, or null
  asked = null; // the pixel of which one asks what it feeds, [row, column]
  over = null; // what of "why" is pointed at
  note = START; // what can be done, or has just been done to the drawing
  centres = true; // own drawings, as MNIST's were
  leading = 0;
  after = false; // whether convolutions are shown after their activation
  changed = changed;

  build() {
    const { shell } = this, words = shell.written.parentNode;
    this.classes = this.options.classes; // of every network that it shows
    shell.root.classList.toggle("named", this.classes.some((name) => name.length > SHORT));
    this.examples = Object.keys(this.model.get("_pictures"));
    this.pad = new Pad(this);
    this.sentence = new Sentence(this);
    this.why = new Why(this);
    this.led = h("button", { type: "button", class: "plain", onclick: () => this.#lead() });
    this.layers = h("div", { class: "layers" });
    this.answer_column = h("section", { class: "answer-column" });
    shell.sentence.append(...this.sentence.parts);
    shell.pictures.append(this.pad.picture.node, shell.controls, this.layers, this.answer_column);
    this.beams = svg("svg", { class: "marks beams", "aria-hidden": "true" });
    shell.stage.prepend(this.beams);
    shell.stage.append(h("div", { class: "lens" }, shell.sentence, words), this.why.node);
    this.controls = rail(this);
    shell.on_room(() => this.measures.clear());
    this.#listen();
  }

  end() {
    clearTimeout(this.leading);
    this.pad.end();
    this.why.end();
    super.end();
  }

  // ---- what follows from the settings

  *derive(settings) {
    const network = this.#network(settings), planes = this.pictures.get(settings.image), seen = adjusted(planes, settings);
    return { network, seen, stages: forward(network, seen), scales: this.#scales(settings, seen) };
  }

  // All that Python has told of, by their keys.
  get networks() {
    for (const [key, each] of Object.entries(this.model.get("_networks"))) this.known.set(key, each);
    return this.known;
  }

  // Kept as long as its weights are the same.
  #network({ model, edits }) {
    if (this.kept?.model !== model || !same(this.kept.edits, edits)) this.kept = { model, edits, network: network_of(this.networks.get(model), edits) };
    return this.kept.network;
  }

  // Of each layer fixed, so that nothing flickers: by what the network, as it was learned, makes of some examples. A pool
  // has that of what it reads.
  #scales({ model }, planes) {
    if (this.ranges?.model !== model) {
      const network = network_of(this.networks.get(model)), made = this.examples.slice(0, TRIALS).map((image) => forward(network, this.pictures.get(image)));
      this.said = made.map(answer);
      const most = network.stages.map((_, s) => furthest(made.flatMap((stages) => stages[s].sums)));
      this.ranges = { model, signed: most.map((each, s) => (network.stages[s].kind.endsWith("pool") ? most[s - 1] : each)).map((each) => ["signed", -each, each]) };
    }
    const is_ink = planes.length === 1 && planes[0].data.every((value) => value >= 0 && value <= 1);
    return [is_ink ? ["ink", 0, 1] : grey_scale(planes), ...this.ranges.signed.slice(1, -1), ["signed", -1, 1]];
  }

  // A column for each layer, made anew for another architecture.
  #set_up(stages) {
    if (same(stages, this.columns?.stages)) return;
    this.depth = stages.length - 1; // the stage of the probabilities
    this.columns = new Columns(stages, { level: (s) => this.go_to(s), page: (s) => this.#turn(s) });
    this.answers = new Answers(this.classes, stages, { hover: (unit) => this.look({ hover: unit }), pin: (unit) => (this.#is_kept(unit) ? this.go_to(unit[0] - 1) : this.pin(unit)) });
    const { chips, all } = this.columns, last = h("div", { class: "two" }, chips.slice(-2).map(({ node }) => node));
    this.layers.replaceChildren(...all.map(({ picture }) => picture.node));
    this.answer_column.replaceChildren(h("header", {}, h("h3", {}, "answer"), this.led), this.answers.node, last);
    this.pad.chip?.remove();
    this.pad.picture.node.append((this.pad.chip = chips[0].node));
    for (const column of all) this.#listen_to(column);
    Object.assign(this, { path: [], level: null, hover: null, measures: new Map() });
  }

  settled() {
    const { settings: { unit }, network, stages } = this.made;
    this.#set_up(network.stages);
    this.path = unit ? path_of(this.made, unit, this.path) : path_of(this.made, [this.depth, answer(stages), 0, 0], []);
    this.level = unit ? unit[0] : (this.level ?? network.stages.findLastIndex(({ kind }) => kind === "conv" || kind === "input"));
    if (!this.path[this.level]) this.level = this.path.findLastIndex(Boolean);
    this.shown = stages.map(({ sums, maps }, s) => (!this.after && network.stages[s + 1]?.kind.endsWith("pool") ? sums : maps));
    this.#turn_to(this.path);
    this.outline = null;
  }

  // Show the pages that have a path's units; whether any was turned.
  #turn_to(path) {
    const turned = path.filter((each) => each && this.columns.turn_to(each));
    if (turned.length) this.measures.clear();
    return turned.length > 0;
  }

  in_code(settings) {
    const { is_usual, start } = this.options, { image, edits, unit } = settings, tuple = (place) => `(${place.replaceAll(",", ", ")})`;
    const code = { edits: `{${Object.entries(edits).map(([place, value]) => `${tuple(place)}: ${value}`).join(", ")}}`, unit: unit && tuple(unit.join()) };
    if (this.examples.includes(image)) code.image = this.examples.indexOf(image);
    const text = super.in_code({ ...settings, model: start.model, drawings: start.drawings }, code);
    return is_usual && settings.model === start.model ? text : text.replace("(", "(network, ").replace(", )", ")");
  }

  // ---- what parts ask of it

  // The pixel of which one asks what it feeds.
  get fed() {
    return this.asked ?? (this.pad.tool === "ask" && this.here[0] === 0 ? this.here.slice(2) : null);
  }

  get here() {
    return this.hover ?? this.path[this.level];
  }

  opened(unit) {
    return opened(this.made.network, this.made.stages, unit);
  }

  number([s, map, row, column]) {
    const { columns, data } = this.shown[s][map];
    return data[row * columns + column];
  }

  number_in_words(unit) {
    return (unit[0] === this.depth ? percent : short)(this.number(unit));
  }

  get shares() {
    return shares_of(this.made.stages);
  }

  answer_in_words(stages = this.made.stages) {
    const which = answer(stages);
    return `${this.classes[which]}, ${percent(shares_of(stages)[which])} sure`;
  }

  // The class of an image, or what else it is; null where nobody has said.
  label_of(image) {
    return this.options.labels[this.examples.indexOf(image)] ?? this.pictures.get(image).label ?? null;
  }

  // Where cells of a map are, in pixels of the stage; null where they are not on show.
  box(s, map, place) {
    if (s >= this.depth - 1) {
      const node = this.answers.node_of(s === this.depth ? "share" : "score", map);
      return node ? this.spot(node) : null;
    }
    const { canvas } = s === 0 ? this.pad.picture : this.columns.of(s).picture, { x, y, width } = this.spot(canvas);
    const box = s === 0 ? scaled_box(place, width / this.made.seen[0].columns) : this.columns.box(s, map, place);
    return box && { ...box, x: x + box.x, y: y + box.y };
  }

  // Whether these levels, and those between, stand side by side.
  are_abreast(first, last) {
    return this.is_wide || (this.are_columns && first > 0 && last < this.depth - 1);
  }

  all_of(s) {
    return this.spot(this.columns.of(s).picture.canvas);
  }

  // Where a part of the stage is: measured once for each room, since asking makes the browser lay out all that has changed.
  spot(node) {
    return this.measured(node, () => box_in(node, this.shell.stage));
  }

  measured(key, measure) {
    if (!this.measures.has(key)) this.measures.set(key, measure());
    return this.measures.get(key);
  }

  // The unit below in whose cell of the window the pointer is.
  below(unit, i) {
    const { strip } = this.sentence, [s] = unit;
    if (s === this.depth) return i >= 0 && i < this.classes.length ? [s - 1, i, 0, 0] : null;
    const place = strip?.reads?.[i] ?? (strip?.places?.[i] && [strip.map, ...strip.places[i]]);
    return place && s > 0 ? [s - 1, ...place] : null;
  }

  pointed_below(unit) {
    const below = this.hot >= 0 && this.below(unit, this.hot);
    return below ? this.box(below[0], below[1], { row: below[2], column: below[3] }) : null;
  }

  // ---- drawing

  paint() {
    const { made, palette, pad } = this, { stages, scales } = made;
    this.is_wide = this.shell.width >= WIDE;
    this.#paint_pad();
    this.are_columns = this.shell.width >= NARROW;
    this.columns.show(this.shown, { scales, palette, are_columns: this.are_columns, room: this.layers.clientWidth, height: pad.picture.frame.clientHeight });
    if (!this.why.ask(made, this.#asked_for())) this.why.show();
    this.answers.show(scores_of(stages), this.shares, { scale: scales[this.depth - 1], theme: palette.theme, before: this.#before() });
    const { words, is_wrong } = verdict(this.classes, this.shares, this.label_of(made.settings.image), is_blank(made.seen));
    pad.verdict.replaceChildren(...words);
    pad.verdict.classList.toggle("wrong", is_wrong);
    pad.hint.hidden = !is_blank(made.seen) || Boolean(pad.line);
  }

  // The class of which one asks why.
  #asked_for() {
    return this.here[0] >= this.depth - 1 ? this.here[1] : answer(this.made.stages);
  }

  #paint_pad() {
    const { made, over, pad: { picture }, palette } = this, [map, scale] = over ? this.why.of(over.picture) : [null, made.scales[0]];
    const tiles = map ? [[map]] : is_colour(made.seen) ? [made.seen] : made.seen.map((each) => [each]), shape = size(made.network.stages[0].shape.slice(1));
    picture.show(tiles, { scale, palette });
    picture.describe(shape, "Arrow keys do what the tool does: draw, erase, move or ask. The space bar puts the pen down.", `input, ${shape}`);
    this.over_drawn = over;
  }

  // How sure it was of each class before the picture was moved, turned, inverted or made noisy; null where it is as it was.
  #before() {
    const { settings, network, seen } = this.made, planes = this.pictures.get(settings.image);
    if (seen === planes) return null;
    if (this.plain?.planes !== planes || this.plain.network !== network) {
      this.plain = { planes, network, shares: shares_of(forward(network, planes)) };
    }
    return this.plain.shares;
  }

  draw() {
    const { shell, hot, sentence, made, over } = this, unit = this.here, open = this.opened(unit);
    const path = same(unit, this.path[unit[0]]) ? this.path : path_of(made, unit, []);
    if (over?.picture !== this.over_drawn?.picture) this.#paint_pad();
    this.why.ask(made, this.#asked_for());
    if (this.#turn_to(path)) return this.repaint();
    sentence.show(unit, open, path);
    this.#label(unit);
    this.#draw_chips(unit, path);
    this.#draw_marks(unit, open, path);
    shell.write(...written(this, unit, open, sentence.strip));
    shell.tell(...this.#told(unit, open, hot));
    put(this.led, this.leading ? "❚❚ stop" : "▶ follow it down");
  }

  // Weights are named once for each unit, strip and change.
  #label(unit) {
    const key = [this.made, unit.join(), this.sentence.strip?.map];
    if (this.labelled?.every((each, i) => each === key[i])) return;
    this.labelled = key;
    this.editor.label();
  }

  #draw_chips(unit, path) {
    this.columns.chips.forEach((chip, s) => {
      const each = path[s], number = each ? this.number_in_words(each) : "";
      chip.show(chip_name(this, s, each), number, s === unit[0], heard_name(this, s, each));
    });
  }

  #draw_marks(unit, open, path) {
    const { shell: { marks }, palette, why, over, made: { seen, settings } } = this, { front, back } = threads(this, unit, open, path), { chips } = this.columns, [s] = unit;
    const [{ columns }] = seen;
    if (this.is_wide) {
      back.unshift(drop(this.spot(chips[s].node), this.spot(this.sentence.sum.node), palette));
      if (s > 0) back.unshift(drop(this.spot(chips[s - 1].node), this.spot(this.sentence.window.node), palette));
    }
    const line = (this.outline ??= ink_outline(adjusted(this.pictures.get(settings.image), { ...settings, noise: 0 })[0])), shown = this.made.scales[0][0] === "ink" ? [why.hide, why.ink, ...(over ? [this.pad.picture] : [])] : [];
    front.push(...shown.map(({ canvas }) => outlined(line, this.spot(canvas), columns, palette)));
    const patch = over && why.told(over)[1];
    if (patch) front.push(...looked_back(this.box(0, 0, patch), palette));
    this.beams.replaceChildren(...back);
    marks.replaceChildren(...front);
  }

  #told(unit, { strips }, hot) {
    const { fed, over, made: { network }, sentence: { strip } } = this, back = h("i", { class: "back" });
    if (fed) return [back, what_feeds(this, fed)];
    if (over) return [this.why.told(over)[0]];
    if (hot >= 0 && strips.length && strip?.weights) {
      const product = product_of({ value: strip.values[hot], weight: strip.weights[hot], product: strip.products[hot] });
      return [`${product}. Click to go down to ${unit_name(this, this.below(unit, hot) ?? unit)}.`];
    }
    if (this.note && !this.hover) return [this.note];
    return [sight(this, unit, field(network, unit, 0))];
  }

  // ---- what a person does

  #listen() {
    const { kernel, window, products } = this.sentence;
    this.editor = new Editor(kernel, {
      get: (i) => this.sentence.strip?.weights?.[i] ?? 0,
      set: (i, value, run) => this.store.ask({ edits: with_weight(this.store.settings.edits, this.here[0], this.#place(i), value) }, run),
      can: (i) => i >= 0 && Boolean(this.sentence.strip?.weights) && (!this.sentence.strip.is_folded || Boolean(this.sentence.strip.reads[i])),
      refuse: (sentence) => this.refuse(sentence), more_keys: "Page Up and Page Down go to another map.",
      name: (i) => this.#weight_name(i),
    });
    const cell = (i, card) => (card === products && i >= 0 ? (this.sentence.strip?.winner ?? i) : i); // what a pool makes is its winner's
    this.link([window, kernel, products], () => this.editor.drag, cell);
    for (const card of [window, products]) card.grid.addEventListener("click", (event) => this.pin(this.below(this.here, cell(card.at(event), card))));
    const presses = ({ type, key }) => type !== "keydown" || ["Enter", " "].includes(key); // the button that leads
    const goes_on = (event) => event.composedPath().includes(this.led) && presses(event);
    for (const type of ["pointerdown", "keydown", "click"]) this.shell.root.addEventListener(type, (event) => this.leading && !goes_on(event) && this.#stop(), true);
  }

  // Of a folded strip, the cells' rows and columns say nothing.
  #weight_name(i) {
    const { kernel, maps, strip } = this.sentence, below = this.made.network.stages[this.here[0] - 1];
    if (strip.is_folded) return `weight of ${is_units(below) ? "unit" : "map"} ${i}`;
    return `${kernel.weight_name(i, [])}${maps.length > 1 ? `, map ${strip.map}` : ""}`;
  }

  // Where the weight in a cell stands among its layer's.
  #place(i) {
    const [s, map] = this.here, { strip } = this.sentence, [, columns] = this.made.network.stages[s].kernel_size;
    const [channel, row, column] = strip.is_folded ? [i, 0, 0] : [strip.map, Math.floor(i / columns), i % columns];
    return [map, channel, row, column];
  }

  #listen_to(column) {
    const { s, stage, picture } = column, [maps, rows, columns] = stage.shape, units = is_units(stage);
    const mine = () => (this.here[0] === s ? this.here : (this.path[s] ?? [s, 0, rows >> 1, columns >> 1]));
    const hover = (cell) => {
      const unit = this.columns.unit(column, cell);
      if (unit && !same(unit, this.hover)) this.look({ hover: unit });
    };
    let is_kept = false; // before the press, which keeps it
    picture.canvas.addEventListener("pointerdown", (event) => (is_kept = this.#is_kept(this.columns.unit(column, picture.at(event) ?? {}))));
    picture.canvas.addEventListener("click", () => is_kept && this.go_to(s - 1));
    pointable(picture, {
      hover, leave: () => this.look({ hover: null }),
      pin: (cell) => this.pin(this.columns.unit(column, cell)),
      walk: (down, across) => {
        const [, map, row, at] = mine();
        if (units) this.pin([s, clamp(map + down * picture.columns + across, 0, maps - 1), 0, 0]);
        else this.pin([s, map, clamp(row + down, 0, rows - 1), clamp(at + across, 0, columns - 1)]);
      },
    });
    picture.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [, , row, at] = mine(), unit = [s, Number(event.key), row, at];
      if (/^\d$/.test(event.key) && !units && unit[1] < maps) this.pin(unit);
      else if (event.key === "Enter") this.go_to(this.here[0] - 1);
      else if (event.key === "Backspace") this.go_to(this.here[0] + 1);
      else if (event.key === "Escape") this.#let_go();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // Whether a click on a unit goes one layer down.
  #is_kept(unit) {
    return Boolean(unit) && this.level === unit[0] && same(this.path[unit[0]], unit);
  }

  // Mark a unit, and keep it.
  pin(unit) {
    if (!unit) return;
    this.note = "";
    this.look({ hover: null, hot: -1 });
    this.store.ask({ unit }, "unit");
    this.shell.hear();
  }

  // To another level of the path.
  go_to(s) {
    if (!this.path[s]) return;
    this.note = "";
    this.look({ hover: null, hot: -1, level: s });
    if (this.store.settings.unit) this.store.ask({ unit: this.path[s] }, "unit");
    this.shell.hear();
  }

  #let_go() {
    this.sentence.chosen.unit = "";
    this.look({ hover: null, level: null });
    this.store.ask({ unit: null }, "unit");
  }

  // From the answer to the paper, level by level, until something else is done.
  #lead() {
    if (this.leading) return this.#stop();
    this.#let_go();
    const step = (s) => {
      this.go_to(s);
      this.leading = s > 0 ? setTimeout(step, PACE, s - 1) : 0;
    };
    step(this.depth);
  }

  #stop() {
    clearTimeout(this.leading);
    this.leading = 0;
    this.look({});
  }

  #turn(s) {
    const [, rows, columns] = this.made.network.stages[s].shape;
    this.pin([s, this.columns.next(s), rows >> 1, columns >> 1]);
  }

  // ---- the paper

  draw_on(planes, run, more = {}) {
    this.note = "";
    this.add_picture(planes, run, more);
  }

  clear() {
    this.draw_on(paper(this.made.seen), null, AS_IT_IS);
  }

  // Another picture, as it is.
  take(image) {
    this.note = "";
    this.store.ask({ image, ...AS_IT_IS });
  }
}

// How far from 0 nearly all numbers of some planes lie.
function furthest(planes) {
  const sizes = Float64Array.from(planes.flatMap(({ data }) => [...data]), Math.abs).sort();
  return Number(sizes[Math.floor(NEARLY_ALL * (sizes.length - 1))].toPrecision(2)) || 1;
}

export const render = rendered(NetworkView);

export default { render };
