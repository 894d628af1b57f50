// One array on a canvas: colours, padding, numbers where there is room, and marks around cells.

const MARKS = {
  here: { colour: "#ffd500", dash: [] },
  reads: { colour: "#ffd500", dash: [] },
  makes: { colour: "#00d5ff", dash: [4, 3] },
};
const ROOM_FOR_NUMBERS = 24; // CSS pixels of a cell
const ROOM_FOR_FRAMES = 8;

function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function inDigits(value) {
  const size = Math.abs(value);
  const text = size >= 1000 ? value.toPrecision(4) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  const short = text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
  return short.replace(/^-0$/, "0").replace("-", "−");
}

class Panel {
  constructor(parent) {
    this.figure = element("figure", "convscope-panel", parent);
    const heading = element("figcaption", "convscope-heading", this.figure);
    this.title = element("span", "convscope-title", heading);
    this.note = element("span", "convscope-note", heading);
    this.box = element("div", "convscope-box", this.figure);
    this.canvas = element("canvas", "convscope-canvas", this.box);
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true"; // letters are not for the notebook
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "grid of numbers");
    this.scale = element("div", "convscope-scale", this.figure);
    this.low = element("span", "convscope-low", this.scale);
    this.bar = element("canvas", "convscope-bar", this.scale);
    this.high = element("span", "convscope-high", this.scale);
    this.bitmap = document.createElement("canvas");
  }

  show(description, values, colours) {
    Object.assign(this, { description, values, colours });
    [this.rows, this.columns] = description.shape;
    this.figure.classList.add(`convscope-${description.scale}`);
    this.title.textContent = description.title;
    this.note.textContent = description.note;
    this.low.textContent = inDigits(description.low);
    this.high.textContent = inDigits(description.high);
    this.canvas.setAttribute("aria-label", `${description.title}, ${description.note}. Arrow keys move from cell to cell.`);
    this.paint(this.bitmap, this.columns, this.rows, (i) => values[i]);
    const { low, high } = description;
    this.paint(this.bar, 256, 1, (i) => low + ((high - low) * i) / 255);
  }

  // Pixels in the colour of their value, one pixel a cell.
  paint(canvas, width, height, valueOf) {
    [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) image.data.set([...this.colourOf(valueOf(i)), 255], 4 * i);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  colourOf(value) {
    const { low, high } = this.description;
    const share = high > low ? (value - low) / (high - low) : 0.5;
    const i = 3 * Math.max(0, Math.min(255, Math.floor(share * 256)));
    return this.colours.subarray(i, i + 3);
  }

  isPadding(row, column) {
    const { top, left, rows, columns } = this.description.inner;
    return row < top || row >= top + rows || column < left || column >= left + columns;
  }

  valueAt(row, column) {
    return this.values[row * this.columns + column];
  }

  // The cell under a pointer, the nearest one at the very edge.
  cellAt(event) {
    const place = this.canvas.getBoundingClientRect();
    const nearest = (at, cells) => Math.max(0, Math.min(cells - 1, Math.floor(at * cells)));
    return {
      row: nearest((event.clientY - place.top) / place.height, this.rows),
      column: nearest((event.clientX - place.left) / place.width, this.columns),
    };
  }

  // The rectangle, in CSS pixels of the canvas, from the first to the last of these rows and columns.
  place(rows, columns) {
    const [r, c] = [[...rows], [...columns]];
    const [top, left] = [Math.min(...r), Math.min(...c)];
    return {
      x: left * this.cell,
      y: top * this.cell,
      width: (Math.max(...c) - left + 1) * this.cell,
      height: (Math.max(...r) - top + 1) * this.cell,
    };
  }

  draw(cell, marks) {
    this.cell = cell;
    const density = window.devicePixelRatio || 1;
    const [width, height] = [this.columns * cell, this.rows * cell];
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    const pen = this.canvas.getContext("2d");
    pen.scale(density, density);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.bitmap, 0, 0, width, height);
    this.hatchPadding(pen, width, height);
    if (cell >= ROOM_FOR_NUMBERS) this.writeNumbers(pen);
    for (const mark of marks) this.outline(pen, mark);
  }

  // Padding is striped and fenced off, so that a zero of the padding never looks like a black pixel.
  hatchPadding(pen, width, height) {
    const { top, left, rows, columns } = this.description.inner;
    if (rows === this.rows && columns === this.columns) return;
    const [x, y, w, h] = [left, top, columns, rows].map((cells) => cells * this.cell);
    pen.save();
    const ring = new Path2D();
    ring.rect(0, 0, width, height);
    ring.rect(x, y, w, h);
    pen.clip(ring, "evenodd");
    pen.fillStyle = "#e9e4f2";
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = "#8c7bb0";
    pen.lineWidth = 1;
    pen.beginPath();
    const gap = Math.max(5, Math.min(9, this.cell / 2));
    for (let at = -height; at < width; at += gap) {
      pen.moveTo(at, height);
      pen.lineTo(at + height, 0);
    }
    pen.stroke();
    pen.restore();
    pen.strokeStyle = "#5b4a86";
    pen.lineWidth = 1.5;
    pen.strokeRect(x, y, w, h);
  }

  writeNumbers(pen) {
    const texts = Array.from(this.values, inDigits);
    const longest = Math.max(...texts.map((text) => text.length));
    const size = Math.min(14, 0.42 * this.cell, (1.6 * this.cell) / longest);
    if (size < 7.5) return;
    pen.font = `${size}px ui-sans-serif, system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    texts.forEach((text, i) => {
      const [row, column] = [Math.floor(i / this.columns), i % this.columns];
      const [x, y] = [(column + 0.5) * this.cell, (row + 0.5) * this.cell];
      if (this.isPadding(row, column)) {
        pen.fillStyle = "#e9e4f2"; // a clear spot in the stripes
        pen.fillRect(x - 0.45 * size, y - 0.6 * size, 0.9 * size, 1.2 * size);
      }
      const [red, green, blue] = this.colourOf(this.values[i]);
      const light = this.isPadding(row, column) || 0.299 * red + 0.587 * green + 0.114 * blue > 140;
      pen.fillStyle = light ? "#000" : "#fff";
      pen.fillText(text, x, y);
    });
  }

  // Every run of cells in its own frame: gaps that a stride or a dilation leaves stay visible. Where a frame
  // would hide the gap beside it, runs are filled.
  outline(pen, { role, rows, columns }) {
    const { colour, dash } = MARKS[role];
    const width = Math.max(1.5, Math.min(3, this.cell / 4));
    const frames = new Path2D();
    const [down, across] = [runs(rows), runs(columns)];
    for (const [top, bottom] of down) {
      for (const [left, right] of across) {
        const place = this.place([top, bottom], [left, right]);
        frames.rect(place.x, place.y, place.width, place.height);
      }
    }
    if (down.length * across.length > 1 && this.cell < ROOM_FOR_FRAMES) {
      pen.fillStyle = colour;
      pen.globalAlpha = 0.8;
      pen.fill(frames);
      pen.globalAlpha = 1;
      return;
    }
    pen.lineWidth = width + 2;
    pen.strokeStyle = "rgba(0, 0, 0, 0.75)";
    pen.stroke(frames);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.setLineDash(dash);
    pen.stroke(frames);
    pen.setLineDash([]);
  }
}
