// SVG that fits: elements, the width of a text, lines of words, and the looks that tell one curve from another.

const SVG = "http://www.w3.org/2000/svg";
const LINE = 16; // pixels from one line of text to the next
const DASHES = ["", "8 4", "9 3 2 3", "2 3", "14 4", "6 2 2 2 2 2"];
const MARKERS = [ // round 0, 0
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
  "M-3.6 -3.6h7.2v7.2h-7.2Z",
  "M0 -4.6L4.6 3.6H-4.6Z",
  "M0 -5L5 0L0 5L-5 0Z",
  "M0 4.6L4.6 -3.6H-4.6Z",
  "M-1.6 -4.8h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2Z",
];

function shape(tag, attributes, parent, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

// The look of the curve, or of the part of a block, with this number, from 0.
function look(index) {
  return `var(--convscope-style-${index + 1})`;
}

// A line and its marker as a curve has them, in a box of 28 × 12.
function sample(parent, index) {
  const root = shape("svg", { class: "convscope-sample", width: 28, height: 12, viewBox: "-14 -6 28 12" }, parent);
  root.setAttribute("aria-hidden", "true");
  shape("path", { class: "convscope-curve", d: "M-14 0H14", stroke: look(index), "stroke-dasharray": DASHES[index] }, root);
  shape("path", { d: MARKERS[index], fill: look(index) }, root);
}

// How wide texts come out in the font of an element.
class Measure {
  constructor(node) {
    this.node = node;
    this.pen = document.createElement("canvas").getContext("2d");
  }

  width(text, weight = 400) {
    this.pen.font = `${weight} 12px ${getComputedStyle(this.node).fontFamily}`;
    return this.pen.measureText(text).width;
  }

  // Words in lines no wider than `room`; a word that is wider has a line of its own.
  wrap(text, room, weight) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (!lines.at(-1) || this.width(longer, weight) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }
}

// Lines of text, the first one's middle at y.
function write(lines, x, y, attributes, parent) {
  lines.forEach((line, i) => shape("text", { x, y: y + i * LINE, dy: "0.35em", ...attributes }, parent, line));
}
