// What is drawn over cells: stripes, dots, frames and a pin.

const PADDING = { ground: "#e9e4f2", stripes: "#8c7bb0", fence: "#5b4a86" };
const UNKNOWN = { ground: "#d8d8d8", stripes: "#a9a9a9" };
const MARKS = {
  here: { colour: "#ffd500", dash: [] },
  reads: { colour: "#ffd500", dash: [] },
  makes: { colour: "#00d5ff", dash: [4, 3] },
  won: { colour: "#ffd500", dash: [], frame: ringed },
};
const ROOM_FOR_FRAMES = 8; // CSS pixels of a cell

// Slanted stripes on a plain ground, inside a path.
function stripe(pen, path, { ground, stripes }, gap) {
  const { width, height } = pen.canvas;
  pen.save();
  pen.clip(path, "evenodd");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = stripes;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = -height; at < width; at += gap) {
    pen.moveTo(at, height);
    pen.lineTo(at + height, 0);
  }
  pen.stroke();
  pen.restore();
}

// Dots in black and white, which show on any colour, over rows and columns that nobody reads.
function dot(pen, { rows, columns }, height, width, cell) {
  const pattern = document.createElement("canvas");
  [pattern.width, pattern.height] = [5, 5];
  const ink = pattern.getContext("2d");
  ink.fillStyle = "rgba(255, 255, 255, 0.55)";
  ink.fillRect(0, 0, 5, 5);
  ink.fillStyle = "#000";
  ink.fillRect(1, 1, 2, 2);
  pen.fillStyle = pen.createPattern(pattern, "repeat");
  const band = (first, last) => [first * cell, Math.max(2, (last - first + 1) * cell)]; // seen, however small a cell
  for (const [y, tall] of runs(rows).map((run) => band(...run))) pen.fillRect(0, y, width * cell, tall);
  for (const [x, wide] of runs(columns).map((run) => band(...run))) pen.fillRect(x, 0, wide, height * cell);
}

// Every run of cells in its own frame: gaps that a stride or a dilation leaves stay visible. Where a frame
// would hide the gap beside it, runs are filled, with one frame round them all. `down` and `across` are runs of rows
// and of columns.
function outline(pen, role, down, across, cell) {
  const { colour, dash, frame = framed } = MARKS[role];
  const filled = down.length * across.length > 1 && cell < ROOM_FOR_FRAMES;
  if (filled) fillRuns(pen, colour, down, across, cell);
  const frames = filled ? boundary(down, across, cell) : frame(down, across, cell);
  const width = down.length * across.length > 9 ? 1 : Math.max(1.5, Math.min(3, cell / 4));
  pen.lineWidth = width + 2;
  pen.strokeStyle = "rgba(0, 0, 0, 0.75)";
  pen.stroke(frames);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.setLineDash(dash);
  pen.stroke(frames);
  pen.setLineDash([]);
}

function framed(down, across, cell) {
  const frames = new Path2D();
  for (const [top, bottom] of down) {
    for (const [left, right] of across) {
      frames.rect(left * cell, top * cell, (right - left + 1) * cell, (bottom - top + 1) * cell);
    }
  }
  return frames;
}

// A ring round one cell, which can be seen however small the cell is.
function ringed([[row]], [[column]], cell) {
  const ring = new Path2D();
  ring.arc((column + 0.5) * cell, (row + 0.5) * cell, Math.max(5, 0.42 * cell), 0, 2 * Math.PI);
  return ring;
}

// A dot in the corner of each of these places, where cells have room for it.
function stud(pen, places, columns, cell) {
  if (cell < ROOM_FOR_FRAMES) return;
  const radius = Math.max(1.5, Math.min(4, cell / 10));
  pen.fillStyle = MARKS.won.colour;
  pen.strokeStyle = "#000";
  pen.lineWidth = 1;
  for (const place of places) {
    const [row, column] = [Math.floor(place / columns), place % columns];
    pen.beginPath();
    pen.arc((column + 1) * cell - 2 * radius, row * cell + 2 * radius, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

// One row of cells is filled once and then drawn for every run of rows: thousands of cells cost hundreds of steps.
function fillRuns(pen, colour, down, across, cell) {
  const [left, width] = [across[0][0], across.at(-1)[1] - across[0][0] + 1];
  const strip = document.createElement("canvas");
  [strip.width, strip.height] = [width, 1];
  const ink = strip.getContext("2d");
  ink.fillStyle = colour;
  for (const [first, last] of across) ink.fillRect(first - left, 0, last - first + 1, 1);
  pen.globalAlpha = 0.8;
  pen.imageSmoothingEnabled = false;
  for (const [top, bottom] of down) {
    pen.drawImage(strip, left * cell, top * cell, width * cell, (bottom - top + 1) * cell);
  }
  pen.globalAlpha = 1;
}

function boundary(down, across, cell) {
  const [top, left] = [down[0][0], across[0][0]];
  const frame = new Path2D();
  frame.rect(left * cell, top * cell, (across.at(-1)[1] - left + 1) * cell, (down.at(-1)[1] - top + 1) * cell);
  return frame;
}

// A pin whose point is at (x, y): its head above and to the right, or wherever the canvas has room for it.
function drawPin(pen, x, y, width) {
  const [right, up] = [x + 12 < width ? 1 : -1, y > 14 ? -1 : 1];
  pen.lineWidth = 2;
  pen.strokeStyle = "#000";
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + 5 * right, y + 6 * up);
  pen.stroke();
  pen.beginPath();
  pen.arc(x + 7 * right, y + 9 * up, 4.5, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}
