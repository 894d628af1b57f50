// A block diagram: boxes in the cells of a grid, arrows between them, and in each box a strip of what it holds.

const BETWEEN = { boxes: 12, rows: 30 }; // pixels
const INSIDE = 8; // from the frame to the text
const STRIP = 12; // high
const LEAST = 80; // pixels that a column needs: the word "convolution"

class BlocksChart {
  constructor(view, chart) {
    Object.assign(this, { view, chart, steps: 0, names: [] });
    this.columns = Math.max(...chart.blocks.map(({ column, columns }) => column + columns));
    this.least = this.columns * (LEAST + BETWEEN.boxes);
  }

  draw(svg, width) {
    const boxes = this.placed(width);
    const total = ({ parts }) => parts.reduce((sum, [amount]) => sum + amount, 0);
    const scales = boxes.map((box) => (box.width - 2 * INSIDE) / total(box.block));
    const scale = Math.min(...scales.filter(Number.isFinite)); // pixels of one, the same in all boxes
    for (const [start, end] of this.chart.arrows) this.join(svg, boxes[start], boxes[end]);
    for (const box of boxes) this.drawBox(svg, box, scale, total(box.block) * scale);
    return Math.max(...boxes.map((box) => box.y + box.height)) + 2;
  }

  // Boxes with their lines of text; those of one row are as high as the highest of them.
  placed(width) {
    const cell = (width + BETWEEN.boxes - 2) / this.columns;
    const boxes = this.chart.blocks.map((block) => {
      const box = { block, x: 1 + block.column * cell, width: block.columns * cell - BETWEEN.boxes };
      const wrap = (text, weight) => this.view.measure.wrap(text, box.width - 2 * INSIDE, weight);
      return { ...box, title: wrap(block.title, 600), notes: block.notes.flatMap((note) => wrap(note)) };
    });
    let top = 1;
    for (const row of [...new Set(boxes.map(({ block }) => block.row))].sort((a, b) => a - b)) {
      const here = boxes.filter(({ block }) => block.row === row);
      const lines = Math.max(...here.map(({ title, notes }) => title.length + notes.length));
      const strip = here.some(({ block }) => block.parts.length) ? STRIP + 4 : 0;
      const height = lines * LINE + strip + 2 * INSIDE;
      for (const box of here) Object.assign(box, { y: top, height });
      top += height + BETWEEN.rows;
    }
    return boxes;
  }

  drawBox(svg, { block, x, y, width, height, title, notes }, scale, length) {
    shape("rect", { class: "convscope-block", x, y, width, height, rx: 5 }, svg);
    const middle = x + width / 2;
    const first = y + INSIDE + LINE / 2;
    write(title, middle, first, { class: "convscope-strong", "text-anchor": "middle" }, svg);
    write(notes, middle, first + title.length * LINE, { "text-anchor": "middle" }, svg);
    let start = middle - length / 2;
    for (const [amount, style] of block.parts) {
      const place = { x: start, y: y + height - INSIDE - STRIP, width: amount * scale, height: STRIP };
      shape("rect", { class: "convscope-part", ...place, fill: look(style - 1) }, svg);
      if (style) shape("rect", { ...place, fill: `url(#${this.view.hatch(svg, style)})` }, svg);
      start += amount * scale;
    }
  }

  // From the edge of one box to that of the other: along a row where both stand in it, else down or up.
  join(svg, one, other) {
    const isRow = one.block.row === other.block.row;
    const [along, size, across, breadth] = isRow ? ["x", "width", "y", "height"] : ["y", "height", "x", "width"];
    const forth = one[along] < other[along];
    const edges = forth ? [one[along] + one[size], other[along]] : [one[along], other[along] + other[size]];
    const [narrow, wide] = one[breadth] <= other[breadth] ? [one, other] : [other, one];
    const centre = narrow[across] + narrow[breadth] / 2;
    const straight = wide[across] <= centre && centre <= wide[across] + wide[breadth];
    const sides = [one, other].map((box) => (straight ? centre : box[across] + box[breadth] / 2));
    const [[x1, y1], [x2, y2]] = edges.map((edge, i) => (isRow ? [edge, sides[i]] : [sides[i], edge]));
    const length = Math.hypot(x2 - x1, y2 - y1);
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    shape("path", { class: "convscope-axis", d: `M${x1} ${y1}L${x2 - 6 * dx} ${y2 - 6 * dy}` }, svg);
    const [bx, by] = [x2 - 8 * dx, y2 - 8 * dy];
    shape("path", { d: `M${x2} ${y2}L${bx - 4 * dy} ${by + 4 * dx}L${bx + 4 * dy} ${by - 4 * dx}Z` }, svg);
  }
}
