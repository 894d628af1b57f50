// Where the panels stand, how large their cells are, and the lines between them. Measured when the state or the width
// changes, never on the way of a pointer.

const STACKED_BELOW = 520; // CSS pixels: narrower than this, panels stand under one another
const BESIDE_FROM = 640; // and from here on, those left over from full rows stand beside the rows
const ROW = 190; // CSS pixels that a row of many is high, at most
const LARGEST_CELL = 44;
const SVG = "http://www.w3.org/2000/svg";

class Layout {
  constructor(parent) {
    this.row = element("div", "convscope-panels", parent);
    this.lines = this.row.appendChild(document.createElementNS(SVG, "svg"));
    this.lines.setAttribute("class", "convscope-lines");
    this.lines.setAttribute("aria-hidden", "true");
  }

  // `perRow`: panels in a row; 0 puts a few in one row and lets many wrap.
  arrange(panels, perRow, width) {
    this.panels = panels;
    const { rows, columns } = panels[0].description.inner;
    const shape = Math.max(0.3, Math.min(1.2, rows / columns));
    const pictures = panels.filter((panel) => panel.isPicture);
    this.perRow = perRow;
    this.stacked = !perRow && (width < STACKED_BELOW || pictures.length > 2);
    this.row.classList.toggle("convscope-rows", perRow > 0);
    this.row.classList.toggle("convscope-stacked", this.stacked);
    if (perRow) this.arrangeRows(shape, width);
    else this.arrangeOne();
    const widest = Math.max(...pictures.map((panel) => panel.box.clientWidth));
    const height = Math.round(Math.min(widest * shape, perRow ? ROW : Infinity));
    for (const panel of panels) panel.box.style.height = this.stacked && !panel.isPicture ? "auto" : `${height}px`;
    const cells = this.cellSizes();
    panels.forEach((panel, i) => panel.draw(cells[i]));
    this.measure();
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
      const cell = Math.min(box.clientWidth / columns, (isPicture ? box.clientHeight : Infinity) / rows, LARGEST_CELL);
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
    const pairs = this.stacked ? [] : reached.filter((mark) => this.areJoined(mark.from, mark.panel));
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
