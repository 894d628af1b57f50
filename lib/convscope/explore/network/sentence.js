// How the marked unit comes about, in four places: window × kernel = products → sum. A pool, a probability and a pixel
// stand in the same four.
import { h, put } from "../view/dom.js";
import { Card, operator } from "../view/draw/cards.js";
import { pixels, weight_scale } from "../view/draw/colours.js";
import { typing_hint } from "../view/draw/editor.js";
import { digit_size } from "../view/draw/picture.js";
import { plural, short, size } from "../view/twin/words.js";
import { has_weights, largest_product, shares_of, sum_of_unit } from "./net/net.js";
import { brief, level_name, maps_of, percent } from "./words.js";

const MOST_STRIPS = 8; // strips in a list, at most
const CLOSER = 2; // pixels that digits stand closer than elsewhere
const USUAL = ["−.55", "−9.9"]; // as long as most numbers in cells

export class Sentence {
  strip = null; // that stands large: the one pointed at in the list, or chosen for this unit, or the largest product's
  pointed = null; // its map
  chosen = { unit: "", map: null };
  maps = []; // of all strips

  constructor(view) {
    this.view = view;
    this.window = new Card("window", "gold");
    this.kernel = new Card("kernel", "kernel");
    this.products = new Card("products", "products");
    this.sum = new Card("sum", "gold sum");
    this.signs = [operator("×"), operator("=", "", "equals"), operator("→")];
    this.restore = h("button", { type: "button", class: "plain", onclick: () => view.store.ask({ edits: {} }) }, "restore");
    this.kernel.note.after(this.restore);
    this.sum.grid.className = "cells list";
    this.rows = [];
    const { window, kernel, products, sum, signs } = this;
    this.cards = [window, kernel, products];
    this.parts = [window.node, signs[0], kernel.node, signs[1], products.node, signs[2], sum.node];
    sum.grid.addEventListener("pointerover", ({ target }) => this.#point(target.closest(".strip")?.dataset.map));
    sum.grid.addEventListener("pointerleave", () => this.#point());
    sum.grid.addEventListener("click", ({ target }) => {
      const { level, map } = target.closest(".line")?.dataset ?? {};
      if (level) view.go_to(Number(level));
      if (map) this.#choose(Number(map));
    });
    for (const type of ["focusin", "pointerdown"]) kernel.node.addEventListener(type, () => this.strip && this.#choose(this.strip.map));
    kernel.grid.addEventListener("keydown", (event) => {
      const by = { PageUp: -1, PageDown: 1 }[event.key], maps = this.maps.length;
      if (!by) return;
      this.#choose(this.maps[(this.maps.indexOf(this.strip.map) + by + maps) % maps]);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // While its weights are changed, a strip stays.
  #choose(map) {
    this.chosen = { unit: this.view.here.join(), map };
    this.pointed = null;
    this.view.look({});
  }

  #point(map) {
    this.pointed = map === undefined ? null : Number(map);
    this.view.look({});
  }

  // unit: on show; opened: how it comes about; path: units above and below it, by level.
  show(unit, opened, path) {
    const { kind } = opened, is_sum = has_weights(opened);
    this.strip = null;
    this.kernel.node.classList.toggle("blue", is_sum);
    this.restore.hidden = !is_sum || !Object.keys(this.view.made.settings.edits).length;
    if (kind === "softmax") this.#probability(unit, opened);
    else if (kind === "input") this.#pixel(unit, path);
    else if (kind.endsWith("pool")) this.#pool(unit, opened);
    else this.#sum(unit, opened);
  }

  // ---- the four kinds

  #sum(unit, { strips, bias, sum, value }) {
    const [s, map] = unit;
    const { made, hot } = this.view, { stages } = made.network, folded = fold(strips, stages[s]);
    const wanted = this.pointed ?? (this.chosen.unit === unit.join() ? this.chosen.map : largest_product(strips)?.map);
    const strip = (this.strip = folded.find((each) => each.map === wanted) ?? folded[0]);
    this.maps = folded.map((each) => each.map);
    const weights = weight_scale(folded.flatMap((each) => each.weights)), below = made.scales[s - 1];
    const most = (weights[2] * Math.max(Math.abs(below[1]), below[2])) / 2 || 1;
    this.scales = [below, weights, ["signed", -most, most]];
    const cells = [strip.values, strip.weights, strip.products], shape = [strip.rows, strip.columns], padding = strip.places.map((place) => !place);
    this.cards.forEach((card, i) => this.#fill(card, shape, cells[i], this.scales[i], { hot, padding }));
    const units = strip.is_folded && plural(strips.length, "unit"), of = folded.length > 1 ? `of ${s > 1 ? "map" : "channel"} ${strip.map}` : size(shape);
    this.#titles(["window", units || of], ["kernel", typing_hint("drag or type")], ["products", ""]);
    this.#say("×", "=", "→");
    const last = s === stages.length - 2 ? `score of ${this.view.classes[map]}` : after(stages[s]);
    this.#list("sum", strips.length > 1 ? `of ${units || maps_of(strips.length, s)}` : "", [
      ...this.#strips(folded, strip), ["bias", two(bias)], ["sum", two(sum), "total-line"], [last, short(value), "end"],
    ]);
  }

  #pool([s, map, row, column], { kind, strips: [{ values, places }], value, winner }) {
    const { made, hot } = this.view, { stages, windows } = made.network, scale = made.scales[s], below = stages[s - 1];
    const before = values.map((_, i) => (places[i] ? sum_of_unit(made.stages, [s - 1, map, places[i][0], places[i][1]]) : 0));
    const shape = [windows[s][0][row].length, windows[s][1][column].length], ring = new Set(winner < 0 ? [] : [winner]), word = kind === "max pool" ? "largest" : "mean";
    const padding = places.map((place) => !place), common = { hot, padding, ring, format: short };
    this.#fill(this.window, shape, before, scale, common);
    this.#fill(this.kernel, shape, values, scale, common);
    this.#fill(this.products, [1, 1], [value], scale, { format: short });
    const has_turn = below.activation !== "none";
    this.#titles(["window", size(shape)], [has_turn ? after(below) : "as they are", ""], [word, `of ${values.length}`]);
    this.#say("→", "→", "→");
    const line = (each, i) => [places[i] ? `(${places[i].join(", ")})` : "padding", short(each), i === winner ? "here" : ""];
    const few = values.length <= MOST_STRIPS ? values.map(line) : [["numbers", String(values.length)]];
    this.#list(word, "", [...few, [word, short(value), "total-line end"]]);
    this.strip = { values, places, products: values, map, winner };
  }

  #probability([s, map], { scores, most, powers, total, value }) {
    const { made, classes } = this.view, rows = Math.ceil(scores.length / 2), shares = shares_of(made.stages);
    const named = (texts) => ({ texts: texts.map((text, k) => `${classes[k]}: ${text}`), hot: map, usual: ["8: −88.8"] });
    this.#fill(this.window, [rows, 2], scores, made.scales[s - 1], named(scores.map((each) => short(Number(each.toFixed(1))))));
    this.#fill(this.kernel, [rows, 2], powers, ["signed", -1, 1], named(powers.map(power)));
    this.#fill(this.products, [rows, 2], shares, ["signed", -1, 1], named(shares.map(percent)));
    this.#titles(["scores", "z"], ["powers", `of z − ${short(most)}`], ["shares", "100% in all"]);
    this.#say("→", "→", "→");
    this.#list("probability", "", [
      [`score of ${classes[map]}`, short(scores[map])], ["largest score", short(most)], [`e to the ${short(scores[map] - most)}`, short(powers[map])],
      [`sum of all ${scores.length}`, short(total)], ["divided", percent(value), "total-line end"],
    ]);
  }

  // The way up from a pixel: the first three windows that read what was followed, and all numbers on it.
  #pixel(unit, path) {
    const { view } = this, { made } = view, { stages } = made.network;
    this.cards.forEach((card, i) => {
      const [upper, lower] = [path[i + 1], path[i]], has = Boolean(upper && lower) && i + 1 < stages.length - 1;
      const folded = has ? fold(view.opened(upper).strips, stages[i + 1]) : [], strip = folded.find((each) => at_of(each, lower) >= 0);
      const marks = strip && { ring: new Set([at_of(strip, lower)]), padding: strip.places.map((place) => !place) };
      if (strip) this.#fill(card, [strip.rows, strip.columns], strip.values, made.scales[i], marks);
      else this.#fill(card, [1, 1], [view.number(unit)], made.scales[0], { format: short });
      card.node.classList.toggle("off", !has && i > 0);
    });
    const title = (i) => [path[i + 1] ? stages[i].name : i ? "" : "pixel", path[i + 1] && i ? `map ${path[i][1]}` : ""];
    this.#titles(title(0), title(1), title(2));
    this.#say(...[1, 2, 3].map((i) => (path[i] ? "→" : "")));
    const steps = path.flatMap((each, s) => (each ? [[`${s ? level_name(view, each) : "pixel"}${this.#times(path, s)}`, view.number_in_words(each), s ? "" : "here", s]] : []));
    this.#list(steps.length > 1 ? "the way down" : "the pixel", "", steps.toReversed());
  }

  // By which weight a unit of a path enters the next one.
  #times(path, s) {
    const upper = path[s + 1], { stages, weights } = this.view.made.network;
    if (!upper || !weights[s + 1]) return "";
    const strip = fold(this.view.opened(upper).strips, stages[s + 1]).find((each) => at_of(each, path[s]) >= 0);
    return ` × ${short(strip.weights[at_of(strip, path[s])])}`;
  }

  // ---- parts

  // shape: [rows, columns].
  #fill(card, shape, values, scale, { format = brief, texts = null, usual = USUAL, hot = -1, ring = null, padding = [] } = {}) {
    card.node.classList.remove("off");
    card.shape(shape[0], shape[1]);
    const room = this.view.measured(`${this.parts.indexOf(card.node)} ${card.key}`, () => card.cell_size.map((side) => side + CLOSER));
    const fitting = digit_size(format === short && values.length < 5 ? values.map(format) : usual, ...room);
    card.fill(values, scale, { room, theme: this.view.palette.theme, texts: texts ?? values.map(format), size: fitting, hot, ring, padding });
  }

  #titles(...all) {
    this.cards.forEach((card, i) => {
      put(card.heading, all[i][0]);
      put(card.note, all[i][1]);
    });
  }

  #say(...all) {
    this.signs.forEach((node, i) => put(node, all[i]));
  }

  // Strips, of many those that add most and the rest in one.
  #strips(all, chosen) {
    if (all.length === 1) return [["products", two(all[0].sum), "strip", null, all[0]]];
    const largest = new Set(all.toSorted((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, all.length > MOST_STRIPS ? MOST_STRIPS - 1 : MOST_STRIPS));
    const few = all.filter((each) => largest.has(each)), rest = all.filter((each) => !largest.has(each));
    const rows = few.map((each) => [`map ${each.map}`, two(each.sum), each === chosen ? "strip here" : "strip", null, each]);
    return rest.length ? [...rows, [`${rest.length} more`, two(rest.reduce((sum, each) => sum + each.sum, 0))]] : rows;
  }

  // rows: [words, number, classes, level, strip].
  #list(title, note, rows) {
    const { sum, view } = this, { theme } = view.palette;
    put(sum.heading, title);
    put(sum.note, note);
    if (this.rows.length !== rows.length) {
      this.rows = rows.map(() => h("div", {}, h("small"), h("canvas", { hidden: true }), h("canvas", { hidden: true }), h("canvas", { hidden: true }), h("span")));
      sum.grid.replaceChildren(...this.rows);
    }
    rows.forEach(([words, number, kind = "", level = null, strip = null], i) => {
      const node = this.rows[i], [name, ...rest] = node.children, number_ = rest.pop();
      node.className = `line ${kind}`;
      level === null ? delete node.dataset.level : (node.dataset.level = level);
      strip ? (node.dataset.map = strip.map) : delete node.dataset.map;
      put(name, words);
      put(number_, number);
      [strip?.values, strip?.weights, strip?.products].forEach((data, j) => {
        rest[j].hidden = !data;
        if (data) stamp(rest[j], { ...strip, data }, this.scales[j], theme);
      });
    });
  }
}

// Strips as windows have them, with the units that each reads, null for padding. Where a window is one unit of each map,
// all units are one window, as square as it can be.
function fold(strips, { kernel_size: [rows, columns] }) {
  const units = ({ map, places }) => places.map((place) => (place ? [map, ...place] : null));
  if (rows * columns > 1 || strips.length === 1) return strips.map((strip) => ({ ...strip, rows, columns, reads: units(strip) }));
  const wide = Math.ceil(Math.sqrt(strips.length)), high = Math.ceil(strips.length / wide);
  const joined = (part, rest) => [...strips.flatMap((each) => (part === "reads" ? units(each) : each[part])), ...Array(wide * high - strips.length).fill(rest)];
  const numbers = Object.fromEntries(["values", "weights", "products"].map((part) => [part, joined(part, 0)]));
  const sum = strips.reduce((total, each) => total + each.sum, 0);
  return [{ ...numbers, map: 0, sum, rows: high, columns: wide, reads: joined("reads", null), places: joined("places", null), is_folded: true }];
}

const at_of = ({ reads }, [, ...unit]) => reads.findIndex((each) => each?.every((part, i) => part === unit[i]));

const stamp = (canvas, { rows, columns, data }, scale, theme) => {
  Object.assign(canvas, { width: columns, height: rows });
  canvas.getContext("2d").putImageData(pixels([{ rows, columns, data }], scale, theme), 0, 0);
};

const after = ({ activation }) => (activation === "none" ? "value" : `after ${activation}`);
const two = (value) => value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");
const power = (value) => (value >= 0.01 ? short(Number(value.toPrecision(2))) : value.toExponential(0).replace("-", "−"));
