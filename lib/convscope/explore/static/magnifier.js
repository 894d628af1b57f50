// Small squares that show, with their numbers, the cells that the marked cell reads, or its neighbours.

const MOST_MAGNIFIED = 11; // rows and columns
const FEWEST_MAGNIFIED = 5;
const MAGNIFIER = 264; // CSS pixels, of one alone
const SMALLER_MAGNIFIER = 220; // of several
const ROOM_FOR_SMALL_NUMBERS = 18;
const SMALLEST_MAGNIFIER = 150;

class Magnifier {
  constructor(parent) {
    this.root = element("div", "convscope-magnifier", parent);
    this.glasses = [];
  }

  // Views of `grid`, {grid, title, marks: [{role, rows, columns}]}: the first mark is what is to be seen.
  show(views, width) {
    const room = Math.floor((width - 12 * (views.length - 1)) / Math.max(1, views.length));
    const size = Math.max(SMALLEST_MAGNIFIER, Math.min(views.length > 1 ? SMALLER_MAGNIFIER : MAGNIFIER, room));
    this.root.classList.toggle("convscope-several", views.length > 1);
    while (this.glasses.length > views.length) this.glasses.pop().figure.remove();
    while (this.glasses.length < views.length) this.glasses.push(this.addGlass());
    views.forEach((view, i) => this.draw(this.glasses[i], view, size));
  }

  addGlass() {
    const figure = element("figure", "convscope-glass", this.root);
    const canvas = element("canvas", "convscope-glass-canvas", figure);
    canvas.setAttribute("role", "img");
    const caption = element("figcaption", "convscope-glass-caption", figure);
    return { figure, canvas, caption, bitmap: document.createElement("canvas") };
  }

  draw({ figure, canvas, caption, bitmap }, { grid, title, marks }, size) {
    figure.style.width = canvas.style.width = canvas.style.height = `${size}px`;
    const [rows, columns] = [around(marks[0].rows, grid.rows), around(marks[0].columns, grid.columns)];
    const cell = Math.floor(size / Math.max(rows.length, columns.length));
    const crop = grid.pick(rows, columns);
    fit(canvas, size, size);
    const pen = penOf(canvas);
    pen.clearRect(0, 0, size, size);
    pen.save();
    pen.translate(Math.floor((size - columns.length * cell) / 2), Math.floor((size - rows.length * cell) / 2));
    crop.paint(bitmap);
    crop.draw(pen, bitmap, cell, ROOM_FOR_SMALL_NUMBERS);
    for (const mark of marks) {
      outline(pen, mark.role, runsAmong(mark.rows, rows), runsAmong(mark.columns, columns), cell);
    }
    pen.restore();
    const { inner } = grid;
    const [down, across] = [span(rows, inner.top, inner.rows), span(columns, inner.left, inner.columns)];
    const words = `${title}, rows ${down}, columns ${across}`;
    say(caption, words);
    canvas.setAttribute("aria-label", `Magnified: ${words}`);
  }
}

// The cells with a rim of neighbours, as many as have room; where their span has none, the middle ones alone.
function around(cells, size) {
  const [first, last] = [Math.min(...cells), Math.max(...cells)];
  const length = last - first + 1;
  if (length > MOST_MAGNIFIED) {
    const before = Math.max(0, Math.floor((cells.size - MOST_MAGNIFIED) / 2));
    return [...cells].sort((a, b) => a - b).slice(before, before + MOST_MAGNIFIED);
  }
  const shown = Math.min(size, MOST_MAGNIFIED, Math.max(FEWEST_MAGNIFIED, length + 2));
  const start = Math.max(0, Math.min(size - shown, first - Math.floor((shown - length) / 2)));
  return Array.from({ length: shown }, (_, i) => start + i);
}

// The runs of cells as places in `shown`, which may leave cells out: what is not neighbours gets two frames.
function runsAmong(cells, shown) {
  const seen = [...cells].filter((cell) => shown.includes(cell));
  return runs(seen).map((run) => run.map((cell) => shown.indexOf(cell)));
}

function span(places, first, size) {
  const inside = within(places, first, size);
  return [inWords(inside), inside.size < places.length && "padding"].filter(Boolean).join(" and ");
}
