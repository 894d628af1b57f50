// One array with its title and its scale of colours. Two canvases lie upon each other: the picture, drawn when the
// array or its size changes, and the marks, drawn whenever somebody points at something.

class Panel {
  constructor(parent) {
    this.figure = element("figure", "convscope-panel", parent);
    const heading = element("figcaption", "convscope-heading", this.figure);
    this.title = element("span", "convscope-title", heading);
    this.note = element("span", "convscope-note", heading);
    this.box = element("div", "convscope-box", this.figure);
    this.stack = element("div", "convscope-stack", this.box);
    this.canvas = element("canvas", "convscope-canvas", this.stack);
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true"; // letters are not for the notebook
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "grid of numbers");
    this.marks = element("canvas", "convscope-marks", this.stack);
    this.marks.setAttribute("aria-hidden", "true");
    this.scale = new Scale(this.figure);
    this.bitmap = document.createElement("canvas");
  }

  // `unread` is what nobody reads of it, {rows, columns}; `picked` are places of cells that others pick.
  show(description, values, colours, unread, picked) {
    const [rows, columns] = description.shape;
    this.description = description;
    Object.assign(this, { unread, picked });
    this.grid = new Grid(values, rows, columns, description, colours);
    this.grid.paint(this.bitmap);
    this.figure.classList.toggle("convscope-kernel", description.scale === "kernel");
    this.canvas.classList.toggle("convscope-movable", Boolean(description.drag));
    for (const part of ["title", "note"]) this[part].textContent = description[part];
    this.scale.show(this.grid);
    const enter = description.editable ? ", Enter edits" : description.choosable ? ", Enter chooses" : "";
    const arrows = description.drag ? "Arrow keys move the picture, with Shift they" : "Arrow keys";
    const keys = `${arrows} move from cell to cell${enter}.`;
    this.canvas.setAttribute("aria-label", `${[this.name, description.note || description.about].join(", ")}. ${keys}`);
  }

  get name() {
    const { group, title } = this.description;
    return [group, title].filter(Boolean).join(", ");
  }

  get rows() {
    return this.grid.rows;
  }

  get columns() {
    return this.grid.columns;
  }

  get isPicture() {
    return this.description.scale !== "kernel";
  }

  valueAt(row, column) {
    return this.grid.valueAt(row, column);
  }

  isPadding(row, column) {
    return this.grid.isPadding(row, column);
  }

  // A cell by its name: counted from the first that is not padding.
  nameOf(row, column) {
    const { top, left } = this.description.inner;
    return this.isPadding(row, column) ? `${this.name}: padding` : `${this.name}[${row - top}, ${column - left}]`;
  }

  // The cell under a pointer, the nearest one at the very edge.
  cellAt(event) {
    const place = this.canvas.getBoundingClientRect();
    return {
      row: limit(Math.floor(((event.clientY - place.top) / place.height) * this.rows), this.rows),
      column: limit(Math.floor(((event.clientX - place.left) / place.width) * this.columns), this.columns),
    };
  }

  // The rectangle, in CSS pixels of the canvas, from the first to the last of these rows and columns.
  place(rows, columns) {
    const [top, left] = [Math.min(...rows), Math.min(...columns)];
    return {
      x: left * this.cell,
      y: top * this.cell,
      width: (Math.max(...columns) - left + 1) * this.cell,
      height: (Math.max(...rows) - top + 1) * this.cell,
    };
  }

  draw(cell) {
    this.cell = cell;
    const [width, height] = [this.columns * cell, this.rows * cell];
    for (const canvas of [this.canvas, this.marks]) fit(canvas, width, height);
    const pen = penOf(this.canvas);
    this.grid.draw(pen, this.bitmap, cell);
    dot(pen, this.unread, height, width, cell);
    stud(pen, this.picked, this.columns, cell);
  }

  // Marks {role, rows, columns} round cells; from cell `unknown` on, in reading order, nothing shows yet.
  mark(marks, { unknown = Infinity, pin = null } = {}) {
    const pen = penOf(this.marks);
    pen.clearRect(0, 0, this.columns * this.cell, this.rows * this.cell);
    if (unknown < this.rows * this.columns) this.veil(pen, unknown);
    for (const { role, rows, columns } of marks) outline(pen, role, runs(rows), runs(columns), this.cell);
    if (pin) drawPin(pen, (pin.column + 1) * this.cell, pin.row * this.cell, this.columns * this.cell);
  }

  veil(pen, first) {
    const [row, column] = [Math.floor(first / this.columns), first % this.columns];
    const [width, bottom] = [this.columns * this.cell, (row + 1) * this.cell];
    const rest = new Path2D();
    rest.rect(column * this.cell, row * this.cell, width - column * this.cell, this.cell);
    rest.rect(0, bottom, width, this.rows * this.cell - bottom);
    stripe(pen, rest, UNKNOWN, 7);
  }
}

// What the colours of a grid mean: its lowest value, a bar, its highest.
class Scale {
  constructor(parent) {
    this.root = element("div", "convscope-scale", parent);
    this.low = element("span", "convscope-low", this.root);
    this.bar = element("canvas", "convscope-bar", this.root);
    this.high = element("span", "convscope-high", this.root);
  }

  show(grid) {
    paintShades(this.bar, 1, 256, grid.colours, (i) => i);
    for (const end of ["low", "high"]) this[end].textContent = inDigits(grid[end]);
  }
}

// A canvas of this size in CSS pixels, sharp on any screen. It is emptied only where its size changes.
function fit(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
}

// A pen that measures in CSS pixels.
function penOf(canvas) {
  const density = window.devicePixelRatio || 1;
  const pen = canvas.getContext("2d");
  pen.setTransform(density, 0, 0, density, 0, 0);
  return pen;
}
