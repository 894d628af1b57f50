// Curves over x with their bands and names, and what a person points at: one place on x, and all curves there.

const NARROW = 460; // pixels, below which the names of curves stand above them
const MOST_MARKED = 24; // points, each with its marker

class CurvesChart {
  constructor(view, chart) {
    Object.assign(this, { view, chart });
    this.ends = this.vertical();
  }

  get steps() {
    return this.chart.x.length;
  }

  vertical() {
    const { curves, limits } = this.chart;
    if (limits) return limits;
    const band = (curve, sign) => curve.y.map((y, i) => y + sign * (curve.spread?.[i] ?? 0));
    let low = Math.min(...curves.flatMap((curve) => band(curve, -1)));
    let high = Math.max(...curves.flatMap((curve) => band(curve, 1)));
    if (low === high) [low, high] = [Math.min(0, 2 * low), Math.max(0, 2 * high) || 1]; // a flat line, from zero
    const ticks = goodNumbers(low, high, 6, true);
    return [ticks[0], ticks.at(-1)];
  }

  draw(svg, width, marked) {
    const { x, y_label: label, curves, log } = this.chart;
    const { measure } = this.view;
    const names = Math.max(...curves.map(({ name }) => measure.width(name, 600)));
    this.beside = width >= NARROW && names < width * 0.3;
    const ticks = goodNumbers(...this.ends, 6);
    const head = measure.wrap(label, width);
    const top = head.length * LINE + (marked === null ? 8 : LINE + 8);
    const left = Math.max(...ticks.map((tick) => measure.width(inFigures(tick)))) + 12;
    const foot = measure.wrap(this.chart.x_label, width - left);
    const lastTick = measure.width(inFigures(x.at(-1))) / 2;
    const right = width - (this.beside ? names + 40 : Math.max(14, lastTick));
    const plot = Math.round(Math.min(300, Math.max(170, width * 0.42)));
    const bottom = top + plot;
    this.across = new Scale(x[0], x.at(-1), left + 8, right, log);
    this.down = new Scale(...this.ends, bottom, top);
    this.place = { left, right, top, bottom };
    write(head, 0, LINE / 2, {}, svg);
    for (const tick of ticks) this.horizontal(svg, tick);
    this.drawTicks(svg);
    write(foot, (left + right) / 2, bottom + LINE * 1.5 + 8, { "text-anchor": "middle" }, svg);
    this.drawHere(svg, marked);
    this.drawCurves(svg);
    this.pointer = shape("g", {}, svg);
    return bottom + LINE * (1 + foot.length) + 12;
  }

  horizontal(svg, tick) {
    const { left, right } = this.place;
    const y = this.down.at(tick);
    shape("path", { class: "convscope-grid", d: `M${left} ${y}H${right}` }, svg);
    write([inFigures(tick)], left - 6, y, { "text-anchor": "end" }, svg);
  }

  // Ticks where the points are, if few or multiplying, else at good numbers; the first that leave each other room.
  drawTicks(svg) {
    const { x, log } = this.chart;
    const { left, right, bottom } = this.place;
    shape("path", { class: "convscope-axis", d: `M${left} ${bottom}H${right}` }, svg);
    const good = log ? goodPowers(x[0], x.at(-1)) : goodNumbers(x[0], x.at(-1), Math.floor((right - left) / 50) + 1);
    let free = -Infinity;
    for (const tick of x.length <= (log ? MOST_MARKED : 8) ? x : good) {
      const [at, text] = [this.across.at(tick), inFigures(tick)];
      const half = this.view.measure.width(text) / 2;
      if (at - half < free) continue;
      free = at + half + 10;
      shape("path", { class: "convscope-axis", d: `M${at} ${bottom}v4` }, svg);
      write([text], at, bottom + LINE / 2 + 6, { "text-anchor": "middle" }, svg);
    }
  }

  // Where Python says we are.
  drawHere(svg, marked) {
    if (marked === null) return;
    const { top, bottom } = this.place;
    const at = this.across.at(marked);
    shape("path", { class: "convscope-here", d: `M${at} ${top - 4}V${bottom}` }, svg);
    shape("path", { d: `M${at} ${bottom}l-5 -8h10Z` }, svg);
    write([inFigures(marked)], at, top - LINE / 2 - 4, { class: "convscope-strong", "text-anchor": "middle" }, svg);
  }

  drawCurves(svg) {
    const { x, curves } = this.chart;
    const { left, right, top, bottom } = this.place;
    const inside = shape("svg", { x: 0, y: top - 6, width: right + 8, height: bottom - top + 12 }, svg);
    inside.setAttribute("viewBox", `0 ${top - 6} ${right + 8} ${bottom - top + 12}`); // what lies beyond is cut off
    const path = (ys) => ys.map((y, i) => `${this.across.at(x[i]).toFixed(1)} ${this.down.at(y).toFixed(1)}`);
    curves.forEach(({ y, spread }, i) => {
      if (!spread) return;
      const [above, below] = [1, -1].map((sign) => path(y.map((value, j) => value + sign * spread[j])));
      shape("path", { class: "convscope-band", d: `M${[...above, ...below.reverse()].join("L")}Z`, fill: look(i) }, inside);
    });
    const every = x.length <= MOST_MARKED ? 1 : Math.ceil(x.length / 8);
    curves.forEach(({ y }, i) => {
      const line = { class: "convscope-curve", stroke: look(i), "stroke-dasharray": DASHES[i] };
      shape("path", { ...line, d: `M${path(y).join("L")}` }, inside);
      y.forEach((_, j) => (j % every === 0 || j === y.length - 1) && this.marker(inside, i, j));
    });
    if (this.beside) this.drawNames(svg, left);
  }

  marker(parent, curve, point, scale = 1) {
    const [x, y] = [this.across.at(this.chart.x[point]), this.down.at(this.chart.curves[curve].y[point])];
    return shape("path", { d: MARKERS[curve], fill: look(curve), transform: `translate(${x} ${y}) scale(${scale})` }, parent);
  }

  // Each name beside the end of its curve, with its marker, for names that had to move.
  drawNames(svg) {
    const { right, top, bottom } = this.place;
    const ends = this.chart.curves.map(({ y }) => this.down.at(y.at(-1)));
    movedApart(ends, LINE, top, bottom).forEach((y, i) => {
      if (Math.abs(y - ends[i]) > 3) {
        shape("path", { class: "convscope-lead", d: `M${right + 6} ${ends[i]}L${right + 18} ${y}`, stroke: look(i) }, svg);
      }
      shape("path", { d: MARKERS[i], fill: look(i), transform: `translate(${right + 24} ${y})` }, svg);
      write([this.chart.curves[i].name], right + 33, y, { class: "convscope-strong", fill: look(i) }, svg);
    });
  }

  // The point nearest to a pixel of the drawing, by its place on x.
  nearest(pixel) {
    const apart = this.chart.x.map((value) => Math.abs(this.across.at(value) - pixel));
    return apart.indexOf(Math.min(...apart));
  }

  // The point at a place on x; where there is none, none.
  pointAt(value) {
    return this.chart.x.indexOf(value);
  }

  point(index) {
    this.pointer.replaceChildren();
    if (index < 0) return;
    const { top, bottom } = this.place;
    shape("path", { class: "convscope-rule", d: `M${this.across.at(this.chart.x[index])} ${top}V${bottom}` }, this.pointer);
    const [low, high] = this.ends;
    this.chart.curves.forEach(({ y }, i) => {
      if (y[index] >= low && y[index] <= high) this.marker(this.pointer, i, index, 1.5);
    });
  }

  inWords(index) {
    const { x, x_label: label, curves } = this.chart;
    const values = curves.map(({ name, y, spread }) => {
      return `${name} ${inFigures(y[index])}${spread ? ` ± ${inFigures(spread[index], 2)}` : ""}`;
    });
    return `${label} ${inFigures(x[index])}: ${values.join("; ")}`;
  }

  get names() {
    return this.beside ? [] : this.chart.curves.map(({ name }) => name);
  }
}
