// Where the panels stand, how large their cells are, and the lines between them. Measured when the state or the width
// changes, never on the way of a pointer.

const STACKED_BELOW = 520; // CSS pixels: narrower than this, panels stand under one another
const BESIDE_FROM = 640; // and from here on, those left over from full rows stand beside the rows
const ROW = 190; // CSS pixels that a row of many is high, at most
const LARGEST_CELL = 44;
const [NARROWEST, WIDEST] = [84, 132]; // of a panel under the heading of a group
const WIDEST_OF_TABLE = 190; // CSS pixels of a column
const MOST_IN_A_ROW = 8; // panels of a group
const SVG = "http://www.w3.org/2000/svg";

class Layout {
  constructor(parent) {
    this.row = element("div", "convscope-panels", parent);
    this.headings = [];
    this.lines = this.row.appendChild(document.createElementNS(SVG, "svg"));
    this.lines.setAttribute("class", "convscope-lines");
    this.lines.setAttribute("aria-hidden", "true");
  }

  // `perRow`: panels in a row; 0 puts a few in one row and lets many wrap. Groups have rows of their own.
  arrange(panels, perRow, width) {
    this.panels = panels;
    this.groups = groupsOf(panels);
    this.head();
    if (this.groups.length) this.arrangeGroups(perRow, width);
    else this.arrangeRow(perRow, width);
    const cells = this.cellSizes();
    panels.forEach((panel, i) => panel.draw(cells[i]));
    this.measure();
  }

  arrangeRow(perRow, width) {
    const { panels } = this;
    const { rows, columns } = panels[0].description.inner;
    const shape = Math.max(0.3, Math.min(1.2, rows / columns));
    const pictures = panels.filter((panel) => panel.isPicture);
    this.perRow = perRow;
    this.stacked = !perRow && (width < STACKED_BELOW || pictures.length > 2);
    this.row.classList.toggle("convscope-rows", perRow > 0);
    this.row.classList.toggle("convscope-stacked", this.stacked);
    this.row.style.gridTemplateRows = "";
    if (perRow) this.arrangeRows(shape, width);
    else this.arrangeOne();
    const widest = Math.max(...pictures.map((panel) => panel.box.clientWidth));
    const height = Math.round(Math.min(widest * shape, perRow ? ROW : Infinity, this.tallest(pictures)));
    for (const panel of panels) panel.box.style.height = this.stacked && !panel.isPicture ? "auto" : `${height}px`;
  }

  // Few large cells need no more room than they fill. What padding may add has room from the first padding on, and
  // keeps it: nothing jumps.
  tallest(pictures) {
    this.padded ||= pictures.some(({ rows, description }) => description.inner.rows < rows);
    return this.padded ? Infinity : LARGEST_CELL * Math.max(...pictures.map((panel) => panel.rows));
  }

  // A heading for each group, before its first panel: its name, what its panels share, and their scale of colours.
  head() {
    this.row.classList.toggle("convscope-groups", this.groups.length > 0);
    while (this.headings.length > this.groups.length) this.headings.pop().root.remove();
    while (this.headings.length < this.groups.length) this.headings.push(new Heading(this.row));
    this.groups.forEach((group, i) => {
      const [first] = group;
      this.headings[i].show(group);
      if (first.figure.previousSibling !== this.headings[i].root) first.figure.before(this.headings[i].root);
    });
  }

  // Small panels, each group in rows of its own; those of the first, the input, twice as wide where there is room, and
  // one alone at the left of all others. With `perRow` they are a table of so many columns.
  arrangeGroups(perRow, width) {
    const [input, ...others] = this.groups.map((group) => group.length);
    const gap = parseFloat(getComputedStyle(this.row).columnGap);
    const room = Math.max(2, Math.floor((width + gap) / (NARROWEST + gap)));
    const most = Math.max(2, Math.min(MOST_IN_A_ROW, ...others.length ? [Math.max(...others)] : []));
    const beside = !perRow && input === 1 && room >= most + 2;
    const columns = perRow || (beside ? most + 2 : Math.min(room, Math.max(2 * input, most)));
    const rows = others.reduce((sum, count) => sum + 1 + Math.ceil(count / most), 0);
    const span = perRow || columns < 2 * input ? 1 : 2;
    this.stacked = true; // no lines from group to group
    this.row.classList.remove("convscope-rows", "convscope-stacked");
    this.row.classList.toggle("convscope-table", perRow > 0);
    this.row.style.gridTemplateColumns = `repeat(${columns}, minmax(0, ${perRow ? WIDEST_OF_TABLE : WIDEST}px))`;
    this.row.style.gridTemplateRows = beside ? `repeat(${rows}, auto) 1fr` : "";
    this.headings.forEach(({ root }, i) => (root.style.gridColumn = beside ? (i ? "3 / -1" : "1 / span 2") : ""));
    this.panels.forEach(({ figure, box }, i) => {
      figure.style.gridArea = i >= input ? "" : beside ? "2 / 1 / -1 / span 2" : `auto / span ${span}`;
      box.style.height = "auto";
    });
  }

  arrangeOne() {
    const columns = this.panels.map((panel) => (panel.isPicture ? "minmax(0, 1fr)" : "minmax(96px, 0.36fr)"));
    this.row.style.gridTemplateColumns = this.stacked ? "repeat(auto-fit, minmax(150px, 1fr))" : columns.join(" ");
    for (const { figure } of this.panels) figure.style.gridArea = "";
  }

  arrangeRows(shape, width) {
    const { panels, perRow } = this;
    this.full = width < BESIDE_FROM ? panels.length : panels.length - (panels.length % perRow);
    const widths = [...panels.slice(0, perRow), ...panels.slice(this.full)].map((panel) =>
      panel.isPicture ? `minmax(0, ${Math.round(ROW / shape)}px)` : "minmax(60px, 110px)",
    );
    this.row.style.gridTemplateColumns = widths.join(" ");
    panels.forEach(({ figure }, i) => {
      const beside = `1 / ${perRow + 1 + i - this.full} / span ${Math.max(1, Math.floor(this.full / perRow))}`;
      figure.style.gridArea = i < this.full ? "" : beside;
      figure.classList.toggle("convscope-beside", i >= this.full);
    });
  }

  // Panels of one scale share one cell size, so that a smaller array looks smaller.
  cellSizes() {
    const smallest = {};
    for (const { description, isPicture, box, rows, columns } of this.panels) {
      const tall = this.groups.length ? 1.2 * box.clientWidth : isPicture ? box.clientHeight : Infinity;
      const cell = Math.min(box.clientWidth / columns, tall / rows, LARGEST_CELL);
      smallest[description.scale] = Math.min(cell, smallest[description.scale] ?? Infinity);
    }
    return this.panels.map((panel) => smallest[panel.description.scale]);
  }

  measure() {
    const frame = this.row.getBoundingClientRect();
    this.origins = this.panels.map(({ canvas }) => {
      const place = canvas.getBoundingClientRect();
      return { x: place.left - frame.left, y: place.top - frame.top };
    });
  }

  // From cells to the picture cells they read or make: a pair of lines between facing corners.
  connect(reached) {
    const pairs = this.stacked ? [] : reached.filter((mark) => mark.by && this.areJoined(mark.from, mark.panel));
    while (this.lines.childElementCount > 2 * pairs.length) this.lines.lastChild.remove();
    while (this.lines.childElementCount < 2 * pairs.length) this.lines.append(document.createElementNS(SVG, "line"));
    pairs.forEach((mark, i) => {
      const [left, right] = [this.place(mark.from, mark.by), this.place(mark.panel, mark)].sort((a, b) => a.x - b.x);
      for (const share of [0, 1]) {
        const start = { x1: left.x + left.width, y1: left.y + share * left.height };
        const ends = { ...start, x2: right.x, y2: right.y + share * right.height };
        const line = this.lines.children[2 * i + share];
        for (const [name, value] of Object.entries(ends)) line.setAttribute(name, value.toFixed(1));
      }
    });
  }

  // Lines lead to pictures, and only to those in the same row or beside all rows.
  areJoined(from, to) {
    const rowOf = (panel) => (!this.perRow || panel >= this.full ? null : Math.floor(panel / this.perRow));
    const [a, b] = [rowOf(from), rowOf(to)];
    return this.panels[to].isPicture && (a === b || a === null || b === null);
  }

  place(panel, { rows, columns }) {
    const place = this.panels[panel].place(rows, columns);
    return { ...place, x: place.x + this.origins[panel].x, y: place.y + this.origins[panel].y };
  }
}

// Panels that follow one another under the same heading; none where panels have no headings.
function groupsOf(panels) {
  const groups = [];
  for (const panel of panels.filter(({ description }) => description.group)) {
    const last = groups.at(-1);
    if (last?.[0].description.group === panel.description.group) last.push(panel);
    else groups.push([panel]);
  }
  return groups;
}

class Heading {
  constructor(parent) {
    this.root = element("div", "convscope-group", parent);
    this.title = element("span", "convscope-title", this.root);
    this.note = element("span", "convscope-group-note", this.root);
    this.scale = new Scale(this.root);
  }

  show([{ description, grid }, ...others]) {
    say(this.title, description.group);
    say(this.note, description.about);
    this.scale.show(grid);
    this.scale.root.hidden = others.some((other) => other.grid.low !== grid.low || other.grid.high !== grid.high);
  }
}
