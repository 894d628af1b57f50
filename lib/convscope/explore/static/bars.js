// Bars for a few names, the number written at the end of each.

class BarsChart {
  constructor(view, chart) {
    Object.assign(this, { view, chart, steps: 0, names: [] });
  }

  draw(svg, width) {
    const { bars, unit, log } = this.chart;
    const { measure } = this.view;
    const widest = (texts) => Math.max(...texts.map((text) => measure.width(text)));
    const named = widest(bars.map(({ name }) => name)) + 10;
    const beside = named < width * 0.36; // else each name stands above its bar
    const left = beside ? named : 0;
    const right = width - widest(bars.map(({ text }) => text)) - 12;
    const values = bars.map(({ value }) => value);
    const low = log ? 10 ** Math.floor(Math.log10(Math.min(...values) * 0.99)) : 0;
    const scale = new Scale(low, Math.max(...values), left, right, log);
    const tens = log ? goodPowers(low, Math.max(...values)).filter((power) => Number.isInteger(Math.log10(power))) : [];
    const step = beside ? 30 : 46;
    for (const power of tens.slice(1)) {
      shape("path", { class: "convscope-grid", d: `M${scale.at(power)} 0V${bars.length * step}` }, svg);
    }
    bars.forEach(({ name, value, text }, i) => {
      const y = i * step + (beside ? 15 : 31);
      const end = scale.at(value);
      if (beside) write([name], left - 10, y, { "text-anchor": "end" }, svg);
      else write([name], 0, y - 21, {}, svg);
      shape("rect", { x: left, y: y - 9, width: Math.max(0, end - left), height: 18, fill: look(0) }, svg);
      write([text], end + 6, y, {}, svg);
      shape("path", { class: "convscope-axis", d: beside ? `M${left} ${y - 15}v30` : `M${left} ${y - 11}v22` }, svg);
    });
    const bottom = bars.length * step;
    const foot = measure.wrap(log ? `${unit}, each line ten times the one before` : unit, width - left);
    write(foot, left, bottom + LINE / 2 + 4, {}, svg);
    return bottom + foot.length * LINE + 8;
  }
}
