// The layers side by side: for each a sheet of its maps, under it a chip with the marked number; at the end what the
// network answers. A layer whose maps are single units, as a dense one, is one map of them all.
import { h, put } from "../view/dom.js";
import { GAP, Picture } from "../view/draw/picture.js";
import { css, ink_on } from "../view/draw/colours.js";
import { plane } from "../view/twin/ops.js";
import { count, plural, short, size } from "../view/twin/words.js";
import { percent } from "./words.js";

const MOST = 8; // maps of a layer that are on show at a time
const SIDE = 20; // pixels that a map of one unit would have; others have that times the root of theirs
const LEAST = 54; // of a layer
const GROWTH = 1.5; // times that, where there is room
const APART = 14; // pixels between layers, at least
export const NARROW = 548; // pixels of the stage below which each layer is a row
const ROOM_FOR_A_LEGEND = 112; // pixels of a layer
const LETTER_WIDTH = 8; // of the words in a bar
const MOST_ROWS = 12; // on show
const ANSWER_KEYS = "Scores and probabilities. The arrow keys up and down go to other classes, Enter keeps one.";

export class Columns {
  // stages: of the network, all of them. act: {level(s), page(s)}: what chips and pagers do.
  constructor(stages, act) {
    this.stages = stages;
    this.chips = stages.map((_, s) => chip(() => act.level(s)));
    this.pages = stages.map(() => 0);
    this.all = stages.slice(1, -2).map((stage, i) => {
      const picture = new Picture(stage.name, "maps"), pager = h("button", { type: "button", class: "plain", onclick: () => act.page(i + 1) });
      picture.heading.after(pager);
      picture.node.append(this.chips[i + 1].node);
      return { s: i + 1, stage, picture, pager };
    });
  }

  // The column of a stage, if it has one.
  of(s) {
    return this.all[s - 1];
  }

  // maps: of each stage, as they are drawn; scales: of each stage.
  show(maps, { scales, palette, are_columns, room, height }) {
    const sides = this.#sides(maps, are_columns, room, height);
    for (const [i, column] of this.all.entries()) {
      const { s, stage, picture, pager } = column, tiles = this.#tiles(s, maps[s]), { side, across } = sides[i];
      const [many, ...cells] = stage.shape, is_one = is_units(stage);
      pager.hidden = is_one || many <= MOST;
      picture.frame.style.width = `${across * (side + GAP) - GAP}px`;
      picture.node.style.width = are_columns ? picture.frame.style.width : "";
      picture.show(tiles.map((each) => [each]), { scale: scales[s], palette, across });
      picture.legend.hidden = !pager.hidden || stage.kind !== "conv" || picture.node.clientWidth < ROOM_FOR_A_LEGEND;
      picture.describe(
        is_one ? plural(many, "unit") : `${count(many)} of ${size(cells)}`,
        `Arrow keys move the unit, a digit picks a map, Enter goes one layer down, Backspace up.`,
        `${stage.name}, ${is_one ? plural(many, "unit") : `${plural(many, "map")}, ${size(cells)}`}`,
      );
      put(pager, `${this.pages[s] * MOST}–${Math.min((this.pages[s] + 1) * MOST, many) - 1} ›`);
      pager.setAttribute("aria-label", `${stage.name}: maps ${pager.textContent.replace("›", "on show; the next ones")}`);
    }
  }

  // The first map of the page after the one on show.
  next(s) {
    const first = (this.pages[s] + 1) * MOST;
    return first < this.stages[s].shape[0] ? first : 0;
  }

  // How large each layer's maps are, and how many stand in a row.
  #sides(maps, are_columns, room, height) {
    const wanted = this.all.map(({ s }) => {
      const tiles = this.#tiles(s, maps[s]), [{ rows, columns }] = tiles, across = are_columns ? Math.min(tiles.length, 2) : tiles.length;
      const down = Math.ceil(tiles.length / across), least = tiles.length > 1 ? 0 : LEAST, side = Math.max(SIDE * Math.sqrt(Math.max(rows, columns)), least);
      return { side, least, across, most: are_columns ? ((height + GAP) / down - GAP) * (columns / Math.max(rows, columns)) : (room - GAP * (across - 1)) / across };
    });
    const between = wanted.reduce((sum, { across }) => sum + GAP * (across - 1) + APART, -APART);
    const all = wanted.reduce((sum, { across, side }) => sum + across * side, 0), by = are_columns ? Math.min((room - between) / all, GROWTH) : 1;
    return wanted.map(({ side, least, across, most }) => ({ side: Math.floor(Math.max(Math.min(side * by, most), least)), across }));
  }

  // The maps of a stage on its page.
  #tiles(s, maps) {
    if (!is_units(this.stages[s])) return maps.slice(this.pages[s] * MOST, (this.pages[s] + 1) * MOST);
    const columns = Math.ceil(Math.sqrt(maps.length)), made = plane(Math.ceil(maps.length / columns), columns);
    maps.forEach(({ data: [value] }, m) => (made.data[m] = value));
    return [made];
  }

  // Turn to the page that has a unit.
  turn_to([s, map]) {
    const page = Math.floor(map / MOST), is_new = this.of(s) && !is_units(this.stages[s]) && this.pages[s] !== page;
    if (is_new) this.pages[s] = page;
    return is_new;
  }

  // The unit of a cell of a column's picture, or null.
  unit({ s, stage, picture }, { tile, row, column }) {
    if (!is_units(stage)) return [s, this.pages[s] * MOST + tile, row, column];
    const map = row * picture.columns + column;
    return map < stage.shape[0] ? [s, map, 0, 0] : null;
  }

  // Where some cells of a map are, in pixels of its layer's canvas; null where its page is not on show.
  box(s, map, place) {
    const { picture, stage } = this.of(s), { columns, cell } = picture;
    if (is_units(stage)) return scaled_box({ row: Math.floor(map / columns), column: map % columns }, cell);
    const tile = map - this.pages[s] * MOST;
    return tile >= 0 && tile < picture.tiles.length ? scaled_box(place, cell, picture.corner(tile)) : null;
  }
}

// A block of cells of a size in pixels, from a corner on.
export function scaled_box({ row, column, rows = 1, columns = 1 }, cell, { x, y } = { x: 0, y: 0 }) {
  return { x: x + column * cell, y: y + row * cell, width: columns * cell, height: rows * cell };
}

export const is_units = ({ shape: [maps, rows, columns] }) => maps > 1 && rows * columns === 1;

function chip(act) {
  const [name, value] = [h("small"), h("b")], node = h("button", { type: "button", class: "chip", onclick: act }, name, " ", value);
  // is_on: whether its level's sentence is on show. heard: the words and what they leave out.
  const show = (words, number, is_on, heard) => {
    put(name, words);
    put(value, number || "–");
    node.classList.toggle("on", is_on);
    node.setAttribute("aria-label", `${heard}${number && `: ${number}`}`);
    node.setAttribute("aria-pressed", is_on);
    node.disabled = !number;
  };
  return { node, show };
}

// Scores and probabilities, a row for each class; of many, for those with the largest scores.
export class Answers {
  // act: {hover(unit or null), pin(unit)}.
  constructor(classes, stages, { hover, pin }) {
    this.classes = classes;
    this.order = classes.map((_, k) => k).slice(0, MOST_ROWS);
    const cell = (kind, s, i, ...children) => h("button", {
      type: "button", class: kind, onclick: () => pin([s, this.order[i], 0, 0]), onpointerleave: () => hover(null), onblur: () => hover(null),
      onpointerenter: ({ pointerType }) => pointerType !== "touch" && hover([s, this.order[i], 0, 0]),
    }, ...children);
    const [scores, shares] = [stages.length - 2, stages.length - 1];
    this.rows = this.order.map((_, i) => {
      const parts = { name: h("b", { "aria-hidden": "true" }), score: cell("score", scores, i), bar: h("i"), before: h("u"), words: h("span") };
      const share = cell("share", shares, i, parts.bar, parts.before, parts.words);
      return { ...parts, share, node: h("div", { class: "answer" }, parts.name, parts.score, share) };
    });
    this.node = h("div", { class: "answers", role: "group", "aria-label": ANSWER_KEYS }, this.rows.map(({ node }) => node));
    this.node.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key], at = this.rows.findIndex(({ node }) => node.contains(event.target));
      const next = by && this.rows[at + by];
      if (next) next[event.target === this.rows[at].share ? "share" : "score"].focus();
      if (by) event.preventDefault();
    });
  }

  // before: probabilities that were, or null.
  show(scores, shares, { scale, theme, before }) {
    const by_score = (a, b) => scores[b] - scores[a], best = scores.indexOf(Math.max(...scores));
    if (scores.length > MOST_ROWS) this.order = scores.map((_, k) => k).sort(by_score).slice(0, MOST_ROWS);
    const room = this.rows[0].share.clientWidth;
    this.rows.forEach(({ name, score, share, bar, before: was, words, node }, i) => {
      const k = this.order[i], called = this.classes[k];
      node.classList.toggle("best", k === best);
      score.tabIndex = share.tabIndex = k === best ? 0 : -1; // arrow keys go to the others
      put(name, called);
      put(score, short(Number(scores[k].toFixed(1))));
      score.style.background = css(scores[k], scale, theme);
      score.style.color = ink_on(scores[k], scale, theme);
      score.setAttribute("aria-label", `score of ${called}, ${score.textContent}`);
      bar.style.width = `${100 * shares[k]}%`;
      was.hidden = !(before?.[k] >= 0.01);
      if (!was.hidden) was.style.width = `${100 * before[k]}%`;
      const text = shares[k] < 0.0005 ? "" : percent(shares[k]), wide = LETTER_WIDTH * (text.length + 1), is_inside = shares[k] * room >= wide;
      put(words, is_inside || (1 - shares[k]) * room >= wide ? text : "");
      words.className = is_inside ? "in" : "";
      words.style.left = is_inside ? "0" : `${100 * shares[k]}%`;
      share.setAttribute("aria-label", `probability of ${called}, ${percent(shares[k])}`);
    });
  }

  // What shows the score of a class, or its probability; null where that is not on show.
  node_of(part, k) {
    return this.rows[this.order.indexOf(k)]?.[part];
  }
}
