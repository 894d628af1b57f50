// The settings of a shift and how far it may go: the twin of state.py. Settings are as Python has them: {image, shift,
// layer, kernel, kernel_size, stride, pooling, pool_size, pool_stride, global_pool}; image is a key of `pictures`.
import LIMITS from "./settings.json" with { type: "json" };
import { check, pair } from "../view/controls/settings.js";
import { receptive_field } from "../view/twin/geometry.js";
import { plane } from "../view/twin/ops.js";
import { refusal } from "../view/twin/words.js";
import { clamp } from "../view/dom.js";

export { LIMITS };
const EVERYTHING = { size: 0, jump: 1, start: 0 }; // of a dense layer, whose every cell sees all of the paper

// The next settings, or a Refusal. A new image goes back to the middle where it has no room for the shift.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...changes }, asked = (names) => names.find((name) => name in changes);
  check(next, LIMITS, pictures);
  if (!pictures.get(next.image)[0].data.some(Boolean)) throw refusal("blank", {});
  if ("image" in changes && !("shift" in changes) && !has_room(next, pictures)) next.shift = [0, 0];
  // settings of what is not there, unless what they are of comes along with them, as undo has it
  if (next.layer === "dense" && !("layer" in changes) && asked(LIMITS.of_convolution)) {
    throw refusal("of a convolution", { name: asked(LIMITS.of_convolution) });
  }
  if (next.pooling === "none" && !("pooling" in changes) && asked(LIMITS.of_pooling)) {
    throw refusal("of a pool", { name: asked(LIMITS.of_pooling) });
  }
  if (!has_room(next, pictures)) throw refusal("no room to shift", room_in_words(next, pictures));
  return next;
}

// The windows of convolution and pooling, one upon the other; none in a dense layer.
export function layers_of({ layer, kernel_size, stride, pooling, pool_size, pool_stride }) {
  if (layer === "dense") return [];
  const layers = [{ kernel_size, stride }, { kernel_size: pool_size, stride: pool_stride }];
  return layers.slice(0, pooling === "none" ? 1 : 2).map((each) => ({ ...each, padding: "same", dilation: 1 }));
}

// What a cell of the map sees, along rows and columns.
export function fields_of(settings) {
  return [0, 1].map((axis) => {
    const layers = layers_of(settings).map((layer) => ({ ...layer, kernel_size: pair(layer.kernel_size)[axis], stride: pair(layer.stride)[axis] }));
    return receptive_field(layers, LIMITS.paper).at(-1) ?? EVERYTHING;
  });
}

// The least and the most shift of rows and of columns: beyond it stay as many blank pixels as a cell sees.
export function room_of(settings, pictures) {
  const edges = ends_of(pictures.get(settings.image)), fields = fields_of(settings);
  return edges.map(([first, last], axis) => {
    const [before, after] = [first, LIMITS.paper - 1 - last].map((blank) => clamp(blank - fields[axis].size, 0, LIMITS.furthest));
    return [before && -before, after];
  });
}

const has_room = (settings, pictures) => room_of(settings, pictures).every(([least, most], axis) => settings.shift[axis] >= least && settings.shift[axis] <= most);

function room_in_words(settings, pictures) {
  const [[up, down], [left, right]] = room_of(settings, pictures), sizes = fields_of(settings).map((field) => field.size);
  const sees = sizes[0] === sizes[1] ? sizes[0] : sizes.join(" × ");
  const beyond = sees ? `beyond it the ${sees} blank pixels that a cell of the map sees` : "it whole";
  return { beyond, up, down, left, right, value: `(${settings.shift.join(", ")})` };
}

// The paper with the picture in its middle, and where that is: {paper, top, left, rows, columns}.
export function laid([picture]) {
  const paper = plane(LIMITS.paper, LIMITS.paper), { rows, columns } = picture;
  const [top, left] = [rows, columns].map((n) => Math.floor((LIMITS.paper - n) / 2));
  for (let r = 0; r < rows; r++) paper.data.set(picture.data.subarray(r * columns, (r + 1) * columns), (top + r) * LIMITS.paper + left);
  return { paper, top, left, rows, columns };
}

// The first and the last row, and column, of the paper that are not blank; worked out once for each picture.
const ends = new WeakMap();
function ends_of(picture) {
  if (!ends.has(picture)) {
    const { paper } = laid(picture), found = [0, 1].map(() => [LIMITS.paper, -1]);
    paper.data.forEach((value, i) => {
      if (!value) return;
      for (const [axis, at] of [Math.floor(i / paper.columns), i % paper.columns].entries()) {
        found[axis] = [Math.min(found[axis][0], at), Math.max(found[axis][1], at)];
      }
    });
    ends.set(picture, found);
  }
  return ends.get(picture);
}
