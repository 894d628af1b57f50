// The second view: one chart as SVG. Python says what it shows; pointing and stepping are answered here alone.

const KINDS = { curves: CurvesChart, bars: BarsChart, blocks: BlocksChart };
const HATCHES = [
  "M-2 8L8 -2M4 14L14 4", "M-2 2L8 12M4 -4L14 8", "M2 2h2v2h-2ZM7 7h2v2h-2Z", "M0 0L10 10M10 0L0 10", "M0 5H10", "M5 0V10M0 5H10",
];
let views = 0;

class ChartView {
  constructor(model, el) {
    this.model = model;
    this.id = `convscope-${++views}`; // patterns are found by a name of the whole page
    this.root = element("figure", "convscope-view convscope-chart", el);
    this.title = element("figcaption", "convscope-title", this.root);
    this.legend = element("div", "convscope-legend", this.root);
    this.box = element("div", "convscope-drawing", this.root);
    this.svg = shape("svg", { "data-lm-suppress-shortcuts": "true" }, this.box);
    this.readout = element("p", "convscope-readout", this.root);
    this.refusal = element("p", "convscope-refusal", this.root);
    this.refusal.setAttribute("role", "alert");
    this.caption = element("p", "convscope-caption", this.root);
    for (const name of ["spoken", "announced"]) {
      this[name] = element("p", `convscope-${name} convscope-heard`, this.root);
      this[name].setAttribute("aria-live", "polite");
    }
    this.measure = new Measure(this.root);
    this.hovered = this.kept = -1;
    this.listen();
    this.read();
  }

  listen() {
    this.svg.addEventListener("pointermove", (event) => this.hover(event));
    this.svg.addEventListener("pointerleave", () => this.hover(null));
    this.svg.addEventListener("click", (event) => this.pin(this.pointUnder(event)));
    this.svg.addEventListener("focus", () => this.svg.matches(":focus-visible") && this.active() < 0 && this.keep(0));
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.resized = new ResizeObserver(([entry]) => this.resize(entry.contentRect.width));
    this.resized.observe(this.box);
    this.changed = () => this.read();
    this.model.on("change", this.changed);
  }

  destroy() {
    this.model.off("change", this.changed);
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  read() {
    const get = (name) => this.model.get(name);
    for (const name of ["caption", "spoken", "refusal"]) say(this[name], get(name));
    for (const name of ["caption", "refusal"]) this[name].hidden = !get(name);
    if (get("chart") !== this.shown) this.readChart(get("chart"));
    this.drawSoon();
  }

  readChart(chart) {
    this.shown = chart;
    this.kind = chart.kind ? new KINDS[chart.kind](this, chart) : null;
    say(this.title, chart.title ?? "");
    const steps = this.kind?.steps ?? 0;
    if (this.kept >= steps) this.kept = -1;
    this.hovered = -1;
    this.readout.hidden = !steps;
    if (steps) this.svg.tabIndex = 0;
    else this.svg.removeAttribute("tabindex");
    this.svg.setAttribute("role", steps ? "application" : "img");
    if (steps) this.svg.setAttribute("aria-roledescription", "chart");
    this.box.style.setProperty("--convscope-least", `${this.kind?.least ?? 0}px`);
  }

  resize(width) {
    if (width === this.width) return;
    this.width = width;
    this.drawSoon();
  }

  drawSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (!this.width || !this.kind) return; // rendered before it is in the page
    const width = Math.max(this.width, this.kind.least ?? 0);
    this.svg.replaceChildren();
    const height = Math.ceil(this.kind.draw(this.svg, width, this.model.get("marked")));
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
      this.svg.setAttribute(name, value);
    }
    const keys = this.kind.steps ? " Arrow keys move from point to point." : "";
    this.svg.setAttribute("aria-label", `${this.model.get("spoken")}${keys}`);
    this.drawLegend();
    this.keepRoom();
    this.point();
    tendControls(this.root.closest(".convscope-explorer"));
  }

  drawLegend() {
    this.legend.replaceChildren();
    this.kind.names.forEach((name, i) => {
      const entry = element("span", "convscope-entry", this.legend);
      sample(entry, i);
      entry.append(name);
    });
    this.legend.hidden = !this.kind.names.length;
  }

  // Lines for the longest readout, so that nothing moves.
  keepRoom() {
    const texts = Array.from({ length: this.kind.steps }, (_, i) => this.kind.inWords(i));
    const lines = Math.max(1, ...texts.map((text) => this.measure.wrap(text, this.width * 0.9).length));
    this.readout.style.minHeight = `${lines * 1.45}em`;
  }

  pointUnder(event) {
    if (!this.kind?.steps) return -1;
    return this.kind.nearest(event.clientX - this.svg.getBoundingClientRect().left);
  }

  hover(event) {
    const point = event ? this.pointUnder(event) : -1;
    if (point === this.hovered) return;
    this.hovered = point;
    this.point();
  }

  pin(point) {
    this.keep(point === this.kept ? -1 : point);
  }

  // A point stays marked until another one is, or none.
  keep(point) {
    this.kept = point;
    this.hovered = -1;
    this.point();
    say(this.announced, this.readout.textContent);
  }

  onKey(event) {
    const { steps } = this.kind;
    const here = this.active();
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: steps - 1, Escape: -1 }[event.key];
    if (to === undefined || !steps) return;
    event.preventDefault();
    this.keep(to < 0 && event.key !== "Escape" ? 0 : Math.min(to, steps - 1));
  }

  // The point that is marked: under the pointer, else where a person left it, else where Python says we are.
  active() {
    const marked = this.model.get("marked");
    const points = [this.hovered, this.kept, marked === null || !this.kind.steps ? -1 : this.kind.pointAt(marked)];
    return points.find((point) => point >= 0) ?? -1;
  }

  point() {
    if (!this.kind?.steps || !this.kind.pointer) return;
    const point = this.active();
    this.kind.point(point);
    const hint = "Point at the curves, or press the arrow keys on them, to read their numbers.";
    say(this.readout, point < 0 ? hint : this.kind.inWords(point));
  }

  // The pattern, over its colour, of a style from 1 on; its name.
  hatch(svg, style) {
    const id = `${this.id}-${style}`;
    if (!svg.querySelector(`#${id}`)) {
      const box = { id, width: 10, height: 10, patternUnits: "userSpaceOnUse" };
      const pattern = shape("pattern", box, shape("defs", {}, svg));
      shape("path", { class: "convscope-hatch", d: HATCHES[style - 1] }, pattern);
    }
    return id;
  }
}

function render({ model, el }) {
  const view = new ChartView(model, el);
  return () => view.destroy();
}

export default { render };
