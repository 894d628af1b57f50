// An array as a grid of coloured cells: colours, padding and numbers, on any canvas.

const ROOM_FOR_NUMBERS = 18; // CSS pixels of a cell
const SMALLEST_TEXT = 7; // CSS pixels
const ORDINARY = 6; // letters of a number

class Grid {
  constructor(values, rows, columns, { inner, low, high }, colours) {
    Object.assign(this, { values, rows, columns, inner, low, high, colours });
  }

  valueAt(row, column) {
    return this.values[row * this.columns + column];
  }

  isPadding(row, column) {
    const { top, left, rows, columns } = this.inner;
    return row < top || row >= top + rows || column < left || column >= left + columns;
  }

  // The cells where these rows and columns cross, as a grid of their own.
  pick(rows, columns) {
    const values = Float32Array.from(rows.flatMap((row) => columns.map((column) => this.valueAt(row, column))));
    const among = (places, first, last) => places.filter((place) => place >= first && place < last).length;
    const { top, left } = this.inner;
    const inner = {
      top: among(rows, 0, top),
      left: among(columns, 0, left),
      rows: among(rows, top, top + this.inner.rows),
      columns: among(columns, left, left + this.inner.columns),
    };
    return new Grid(values, rows.length, columns.length, { inner, low: this.low, high: this.high }, this.colours);
  }

  shadeOf(value) {
    const share = this.high > this.low ? (value - this.low) / (this.high - this.low) : 0.5;
    return Math.max(0, Math.min(255, Math.floor(share * 256)));
  }

  // One pixel a cell.
  paint(bitmap) {
    paintShades(bitmap, this.rows, this.columns, this.colours, (i) => this.shadeOf(this.values[i]));
  }

  // The bitmap with cells of this size, the padding and, where there is room, the numbers.
  draw(pen, bitmap, cell, room = ROOM_FOR_NUMBERS) {
    pen.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < 1; // several cells share a pixel: blend them
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, this.columns * cell, this.rows * cell);
    this.hatchPadding(pen, cell);
    if (cell >= room) this.writeNumbers(pen, cell);
  }

  // Padding is striped and fenced off, so that a zero of the padding never looks like a black pixel.
  hatchPadding(pen, cell) {
    const { top, left, rows, columns } = this.inner;
    if (rows === this.rows && columns === this.columns) return;
    const ring = new Path2D();
    ring.rect(0, 0, this.columns * cell, this.rows * cell);
    ring.rect(left * cell, top * cell, columns * cell, rows * cell);
    stripe(pen, ring, PADDING, Math.max(5, Math.min(9, cell / 2)));
    if (!rows || !columns) return;
    pen.strokeStyle = PADDING.fence;
    pen.lineWidth = 1.5;
    pen.strokeRect(left * cell, top * cell, columns * cell, rows * cell);
  }

  // All in one size, with three digits or, where these would be small, two. A rare long number, such as 0.0123 or
  // 5.6e−17, is written smaller, with one digit or not at all.
  writeNumbers(pen, cell) {
    const largest = Math.min(14, 0.42 * cell);
    const sizeOf = (text) => Math.min(largest, (1.5 * cell) / text.length);
    const written = (digits) => Array.from(this.values, (value) => inDigits(value, digits));
    const ordinary = (texts) => texts.filter((text) => text.length <= ORDINARY && sizeOf(text) >= SMALLEST_TEXT);
    const three = written(3);
    const texts = three.some((text) => text.length <= ORDINARY && sizeOf(text) < largest) ? written(2) : three;
    const size = Math.min(largest, ...ordinary(texts).map(sizeOf));
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    texts.forEach((long, i) => {
      const text = sizeOf(long) < SMALLEST_TEXT ? inDigits(this.values[i], 1) : long;
      if (sizeOf(text) >= SMALLEST_TEXT) this.writeNumber(pen, cell, i, text, Math.min(size, sizeOf(text)));
    });
  }

  writeNumber(pen, cell, i, text, size) {
    const [row, column] = [Math.floor(i / this.columns), i % this.columns];
    const [x, y] = [(column + 0.5) * cell, (row + 0.5) * cell];
    const padding = this.isPadding(row, column);
    if (padding) {
      pen.fillStyle = PADDING.ground; // a clear spot in the stripes
      pen.fillRect(x - 0.45 * size, y - 0.6 * size, 0.9 * size, 1.2 * size);
    }
    pen.fillStyle = padding || this.isLight(this.values[i]) ? "#000" : "#fff";
    pen.font = `${size}px ui-sans-serif, system-ui, sans-serif`;
    pen.fillText(text, x, y);
  }

  // Whether black is easier to read here than white: WCAG's contrast.
  isLight(value) {
    const linear = (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
    const first = 3 * this.shadeOf(value);
    const [red, green, blue] = Array.from(this.colours.subarray(first, first + 3), linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05 > Math.sqrt(0.05 * 1.05);
  }
}

// Four bytes a pixel are written as one number, from a table of 256 colours: quick enough for 512 × 512.
function paintShades(bitmap, height, width, colours, shadeOf) {
  if (bitmap.width !== width || bitmap.height !== height) [bitmap.width, bitmap.height] = [width, height];
  const bytes = new Uint8ClampedArray(4 * 256).fill(255);
  for (let shade = 0; shade < 256; shade++) bytes.set(colours.subarray(3 * shade, 3 * shade + 3), 4 * shade);
  const table = new Uint32Array(bytes.buffer);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[shadeOf(i)];
  bitmap.getContext("2d").putImageData(image, 0, 0);
}
