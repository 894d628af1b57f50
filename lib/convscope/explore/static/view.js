// Panels side by side. Python sends arrays and links; hover, focus and keys are answered here alone.

const STACKED_BELOW = 520; // CSS pixels: narrower than this, panels stand under one another
const SVG = "http://www.w3.org/2000/svg";
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// A trait's bytes as a buffer of its own: views into the message are not aligned for numbers.
function bufferOf(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

class PanelsView {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "convscope-view", el);
    this.root.setAttribute("role", "group");
    this.row = element("div", "convscope-panels", this.root);
    this.lines = this.row.appendChild(document.createElementNS(SVG, "svg"));
    this.lines.setAttribute("class", "convscope-lines");
    this.lines.setAttribute("aria-hidden", "true");
    this.readout = element("p", "convscope-readout", this.root);
    this.readout.setAttribute("aria-live", "polite");
    this.caption = element("p", "convscope-caption", this.root);
    this.refusal = element("p", "convscope-refusal", this.root);
    this.refusal.setAttribute("role", "alert");
    this.spoken = element("p", "convscope-spoken", this.root);
    this.spoken.setAttribute("aria-live", "polite");
    this.panels = [];
    this.hovered = this.kept = null;
    this.resized = new ResizeObserver(() => this.drawSoon());
    this.resized.observe(this.root);
    this.changed = () => this.read();
    model.on("change", this.changed);
    this.read();
  }

  destroy() {
    this.model.off("change", this.changed);
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  read() {
    const get = (name) => this.model.get(name);
    const descriptions = get("panels");
    while (this.panels.length > descriptions.length) this.panels.pop().figure.remove();
    while (this.panels.length < descriptions.length) this.panels.push(this.addPanel(this.panels.length));
    descriptions.forEach((description, i) => {
      const values = new Float32Array(bufferOf(get("arrays")[i]));
      const colours = new Uint8Array(bufferOf(get("colour_maps")[description.colours]));
      this.panels[i].show(description, values, colours);
    });
    this.links = get("links").map(({ source, target }, i) => {
      const [rows, columns] = [0, 1].map((axis) => {
        return new Axis(bufferOf(get("tables")[2 * i + axis]), descriptions[source].shape[axis]);
      });
      return { source, target, rows, columns };
    });
    for (const name of ["caption", "refusal", "spoken"]) {
      if (this[name].textContent !== get(name)) this[name].textContent = get(name);
    }
    this.root.setAttribute("aria-label", get("label"));
    this.drawSoon();
  }

  addPanel(index) {
    const panel = new Panel(this.row);
    const { canvas } = panel;
    canvas.addEventListener("pointermove", (event) => this.hover({ panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("pointerdown", (event) => this.keep({ panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("focus", () => {
      if (this.active().panel !== index) this.keep(this.middle(index));
    });
    canvas.addEventListener("keydown", (event) => this.onKey(event, index));
    return panel;
  }

  hover(cell) {
    this.hovered = cell;
    this.drawSoon();
  }

  keep(cell) {
    this.kept = cell;
    this.hovered = null;
    this.drawSoon();
  }

  onKey(event, index) {
    const { row, column } = this.active();
    const { rows, columns } = this.panels[index];
    const limit = (value, size) => Math.max(0, Math.min(size - 1, value));
    if (event.key in KEYS) {
      const [down, right] = KEYS[event.key];
      this.keep({ panel: index, row: limit(row + down, rows), column: limit(column + right, columns) });
    } else if (event.key === "Home" || event.key === "End") {
      this.keep({ panel: index, row, column: event.key === "Home" ? 0 : columns - 1 });
    } else if (event.key === "Escape") {
      this.keep(null);
    } else return;
    event.preventDefault();
  }

  middle(panel) {
    const { rows, columns } = this.panels[panel];
    return { panel, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }

  // The cell that is marked: under the pointer, else where a person left it, else where Python points.
  active() {
    const [panel, row, column] = this.model.get("selected");
    const exists = (cell) => {
      const on = cell && this.panels[cell.panel];
      return on && cell.row < on.rows && cell.column < on.columns;
    };
    return [this.hovered, this.kept].find(exists) || { panel, row, column };
  }

  drawSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const width = this.root.clientWidth;
    if (!width || !this.panels.length) return; // rendered before it is in the page
    const here = this.active();
    const cells = { rows: new Set([here.row]), columns: new Set([here.column]) };
    const reached = reach(this.links, here.panel, cells);
    const marks = this.panels.map(() => []);
    for (const mark of reached) marks[mark.panel].push(mark);
    marks[here.panel].push({ role: "here", ...cells });
    this.arrange(width);
    const sizes = this.cellSizes();
    this.panels.forEach((panel, i) => panel.draw(sizes[i], marks[i].filter((mark) => mark.rows.size && mark.columns.size)));
    this.drawLines(here, cells, reached);
    this.readout.textContent = this.inWords(here, reached);
    this.labelSliders();
  }

  arrange(width) {
    const isPicture = (panel) => panel.description.scale === "picture";
    const pictures = this.panels.filter(isPicture);
    this.stacked = width < STACKED_BELOW || pictures.length > 2;
    const columns = this.panels.map((panel) => (isPicture(panel) ? "minmax(0, 1fr)" : "minmax(80px, 0.36fr)"));
    this.row.style.gridTemplateColumns = this.stacked ? "repeat(auto-fill, minmax(150px, 1fr))" : columns.join(" ");
    const { rows, columns: across } = this.panels[0].description.inner;
    const shape = Math.max(0.3, Math.min(1.2, rows / across));
    const widest = Math.max(...pictures.map((panel) => panel.box.clientWidth));
    for (const panel of this.panels) {
      panel.box.style.height = this.stacked && !isPicture(panel) ? "auto" : `${Math.round(widest * shape)}px`;
    }
  }

  // Panels of one scale share one cell size, so that a smaller array looks smaller.
  cellSizes() {
    const smallest = {};
    for (const { description, box, rows, columns } of this.panels) {
      const room = description.scale === "picture" ? box.clientHeight : Infinity;
      const cell = Math.min(box.clientWidth / columns, room / rows, 44);
      smallest[description.scale] = Math.min(cell, smallest[description.scale] ?? Infinity);
    }
    return this.panels.map((panel) => smallest[panel.description.scale]);
  }

  // From the marked cell to the picture cells it reads or makes: a pair of lines between facing corners.
  drawLines(here, cells, reached) {
    this.lines.replaceChildren();
    const frame = this.row.getBoundingClientRect();
    const placeOf = (panel, { rows, columns }) => {
      const corner = this.panels[panel].canvas.getBoundingClientRect();
      const place = this.panels[panel].place(rows, columns);
      return { ...place, x: place.x + corner.left - frame.left, y: place.y + corner.top - frame.top };
    };
    if (this.stacked) return;
    for (const mark of reached) {
      if (mark.from !== here.panel || !mark.rows.size || !mark.columns.size) continue;
      if (this.panels[mark.panel].description.scale !== "picture") continue;
      const [left, right] = [placeOf(here.panel, cells), placeOf(mark.panel, mark)].sort((a, b) => a.x - b.x);
      for (const share of [0, 1]) {
        const line = document.createElementNS(SVG, "line");
        const ends = { x1: left.x + left.width, y1: left.y + share * left.height, x2: right.x, y2: right.y + share * right.height };
        for (const [name, value] of Object.entries(ends)) line.setAttribute(name, value.toFixed(1));
        this.lines.append(line);
      }
    }
  }

  inWords(here, reached) {
    const on = this.panels[here.panel];
    const { top, left } = on.description.inner;
    const padding = on.isPadding(here.row, here.column);
    const place = padding ? `${on.description.title}: padding` : `${on.description.title}[${here.row - top}, ${here.column - left}]`;
    const told = reached.filter((mark) => mark.from === here.panel || (mark.panel === 0 && mark.role === "reads"));
    const parts = told.map((mark) => this.reachInWords(mark, mark.from === here.panel ? "reads" : "in all sees"));
    return [`${place} = ${inDigits(on.valueAt(here.row, here.column))}`, ...parts].join("; ");
  }

  reachInWords({ role, panel, rows, columns }, verb) {
    const { title, inner } = this.panels[panel].description;
    const count = rows.size * columns.size;
    if (role === "makes") return `used by ${count} ${count === 1 ? "cell" : "cells"} of ${title}`;
    const within = (set, first, size) => new Set([...set].map((i) => i - first).filter((i) => i >= 0 && i < size));
    const [r, c] = [within(rows, inner.top, inner.rows), within(columns, inner.left, inner.columns)];
    const zeros = count - r.size * c.size;
    if (zeros === count) return `${verb} padding of ${title} alone`;
    return `${verb} ${title} rows ${inWords(r)}, columns ${inWords(c)}${zeros ? `, and ${zeros} of padding` : ""}`;
  }

  // ipywidgets leaves the handle of a slider without a name for screen readers.
  labelSliders() {
    const explorer = this.root.closest(".convscope-explorer");
    for (const handle of explorer?.querySelectorAll(".noUi-handle") ?? []) {
      const name = handle.closest(".widget-slider, .jupyter-widgets")?.querySelector("label, .widget-label")?.textContent;
      if (name && handle.getAttribute("aria-label") !== name) handle.setAttribute("aria-label", name);
    }
  }
}

export default {
  render({ model, el }) {
    const view = new PanelsView(model, el);
    return () => view.destroy();
  },
};
