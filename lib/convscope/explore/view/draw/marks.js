// What is drawn over pictures: gold where a cell is marked, teal where a pixel is looked back from. A box is
// {x, y, width, height}; each function answers with SVG elements.
import { svg } from "../dom.js";

const SMALLEST_FRAME = 7; // a frame is never smaller than this inside, so that one pixel's can be seen
const LARGE_CELL = 12; // cells from this size on get outlines, smaller ones one filled patch

export const framed = (box, palette) => double(box, palette.gold, palette["gold-edge"]);

export const looked_back = (box, palette) => double(box, palette.back, palette.ground);

// A bright line with a dark edge, outside the cells: it differs from any picture, and not by its colour alone.
function double(box, inner, outer) {
  const [dx, dy] = [box.width, box.height].map((side) => Math.max(0, (SMALLEST_FRAME - side) / 2) + 1.5);
  const place = { x: box.x - dx, y: box.y - dy, width: box.width + 2 * dx, height: box.height + 2 * dy, rx: 1, fill: "none" };
  return [[5, outer], [2.6, inner]].map(([width, stroke]) => svg("rect", { ...place, stroke, "stroke-width": width }));
}

// Cells that are wrong: a ring of the colour of refusals inside each.
export function refused(boxes, palette) {
  return boxes.map(({ x, y, width, height }) => {
    const inset = Math.min(2, width / 4), place = { x: x + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset };
    return svg("rect", { ...place, class: "wrong", fill: "none", stroke: palette.refusal, "stroke-width": Math.min(2.5, width / 3) });
  });
}

// A cell that wins: a ring in it. And those that win elsewhere: a dot each, in a corner, where no digit stands.
export function ringed({ x, y, width, height }, palette) {
  const place = { cx: x + width / 2, cy: y + height / 2, r: Math.max(4, Math.min(width, height) / 2 - 3), fill: "none" };
  return [[4.6, palette["gold-edge"]], [2.6, palette.gold]].map(([wide, stroke]) => svg("circle", { ...place, stroke, "stroke-width": wide }));
}

export function dotted(boxes, palette) {
  return boxes.map(({ x, y, width }) => {
    const r = Math.min(3, width / 5);
    return svg("circle", { cx: x + width - r - 4, cy: y + r + 4, r, fill: palette.gold, stroke: palette["gold-edge"] });
  });
}

// From a mark in a picture down to the card right below it: two hairlines inside, a filled wedge in the gap.
function beam(mark, bottom, card, palette) {
  const [left, right] = [mark.x, mark.x + mark.width];
  const wedge = `M${left} ${bottom}L${card.x - 3} ${card.y}H${card.x + card.width + 3}L${right} ${bottom}Z`;
  const made = [svg("path", { d: wedge, fill: palette["gold-wash"] })];
  const top = mark.y + mark.height + 3;
  if (bottom <= top) return made;
  for (const x of right - left > 3 ? [left, right] : [(left + right) / 2]) {
    const line = { d: `M${x} ${top}V${bottom}`, fill: "none" };
    made.push(svg("path", { ...line, stroke: palette["gold-edge"], "stroke-opacity": 0.3, "stroke-width": 2 }));
    made.push(svg("path", { ...line, stroke: palette.gold, "stroke-opacity": 0.85, "stroke-width": 1 }));
  }
  return made;
}

// The same from a picture's mark to a card, in pixels of the stage; none where there is no card, or it does not stand
// right below the picture, as on a phone.
export function beam_below(stage, picture, mark, card, palette) {
  if (!card) return [];
  const outer = stage.getBoundingClientRect().top, box = card.box(stage);
  const [frame, bottom] = [picture.frame, picture.canvas].map((node) => node.getBoundingClientRect().bottom - outer);
  return box.y >= frame - 1 && box.y - frame < 60 ? beam(mark, bottom, box, palette) : [];
}

// Many cells at once, looked back.
export const patches = (boxes, palette) => patched(boxes, { bright: palette.back, edge: palette.ground, fill_opacity: 0.85 });

// Large ones may have digits, over which no colour may lie.
function patched(boxes, { bright, edge, fill_opacity }) {
  if (!boxes.length) return [];
  const is_large = boxes[0].width >= LARGE_CELL, inset = is_large ? 2.5 : 0;
  const d = boxes.map((box) => outline({ x: box.x + inset, y: box.y + inset, width: box.width - 2 * inset, height: box.height - 2 * inset })).join("");
  if (!is_large) return [svg("path", { d, fill: bright, "fill-opacity": fill_opacity, stroke: bright, "stroke-width": 0.6 })];
  return [[5, edge], [2.6, bright]].map(([width, stroke]) => svg("path", { d, fill: "none", stroke, "stroke-width": width }));
}

// Pixels that no window reads, or outputs that are not there yet.
export function veiled(boxes, palette, opacity) {
  return boxes.length ? [svg("path", { d: boxes.map(outline).join(""), fill: palette.ground, "fill-opacity": opacity })] : [];
}

// Pixels that are read, where a dilated window leaves others out.
export const tinted = (boxes, palette) => patched(boxes, { bright: palette.gold, edge: palette["gold-edge"], fill_opacity: 0.35 });

const outline = ({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}Z`;
