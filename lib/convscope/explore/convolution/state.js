// The settings of a convolution and what follows from them: the twin of state.py. Settings are as Python has them:
// {image, kernel, kernel_size, stride, padding, dilation, flip, transposed}; sizes are a number, or [rows, columns] where
// those differ; image is a key of `pictures`; kernel is a preset's name or nested lists, a slice for each channel.
import LIMITS from "./settings.json" with { type: "json" };
import { check, pair, plain } from "../view/controls/settings.js";
import { check_preset, preset, resized, table } from "../view/twin/kernels.js";
import { Refusal } from "../view/twin/words.js";
import { fits, output_shape } from "../view/windows/windows.js";

export { LIMITS };
export const is_own = (kernel) => typeof kernel !== "string";

// The next settings, or a Refusal. A new size redraws a preset, and crops or pads an own kernel about its centre; a
// new image gives the kernel a slice for each of its channels, and lowers dilation, then size, until the kernel fits;
// not where it is transposed, since a smaller kernel would leave less.
export function changed(settings, changes, { pictures }) {
  const next = { ...settings, ...changes };
  check(next, LIMITS, pictures);
  if (is_own(next.kernel)) check_weights(next.kernel);
  if ("kernel" in changes && is_own(next.kernel)) next.kernel_size = own_size(next.kernel);
  if (is_own(next.kernel)) next.kernel = fitted(next.kernel, next, pictures);
  if ("image" in changes && !next.transposed) adapt(next, pictures);
  if (!is_own(next.kernel)) check_preset(next.kernel, pair(next.kernel_size)); // before anything is drawn from its rule
  output_shape(pictures.get(next.image), next); // refuses a window that does not fit, and a crop of everything
  return next;
}

// Whether the kernel meets what an output reads turned by half a turn: flipped, or transposed, and not both.
export const is_turned = ({ flip, transposed }) => flip !== transposed;
export const turned = (slice) => ({ ...slice, data: slice.data.toReversed() });

// The kernel as planes, one for each channel of the image, as it meets what an output reads.
export function kernel_planes(settings, pictures) {
  const { kernel, image, kernel_size } = settings, channels = pictures.get(image).length;
  const slices = is_own(kernel) ? own_slices(kernel) : Array(channels).fill(preset(kernel, pair(kernel_size)));
  return is_turned(settings) ? slices.map(turned) : slices;
}

// The kernel with another weight at one place of one slice of these planes.
export function with_weight(settings, i, value, pictures) {
  const planes = kernel_planes(settings, pictures), each = planes[0].data.length;
  const [slice, place] = [Math.floor(i / each), i % each];
  const [rows, columns] = pair(settings.kernel_size);
  const lists = planes.map(({ data }, s) => {
    const weights = Array.from(data);
    if (s === slice) weights[place] = value;
    if (is_turned(settings)) weights.reverse();
    return lists_of({ rows, columns, data: weights });
  });
  return planes.length > 1 || is_deep(settings.kernel) ? lists : lists[0];
}

const is_deep = (kernel) => is_own(kernel) && Array.isArray(kernel[0][0]);
const own_slices = (kernel) => (is_deep(kernel) ? kernel : [kernel]).map(table);
const lists_of = ({ rows, columns, data }) => Array.from({ length: rows }, (_, r) => Array.from(data.slice(r * columns, (r + 1) * columns)));

function own_size(kernel) {
  const [{ rows, columns }] = own_slices(kernel);
  return plain([rows, columns]);
}

// An own kernel at the size that is set, with a slice for each channel: of too many the mean, of one the same on each.
function fitted(kernel, { image, kernel_size }, pictures) {
  const channels = pictures.get(image).length;
  let slices = own_slices(kernel);
  if (slices.length !== channels) {
    const mean = slices[0].data.map((_, i) => slices.reduce((sum, { data }) => sum + data[i], 0) / slices.length);
    slices = Array(channels).fill({ ...slices[0], data: mean });
  }
  const lists = slices.map((slice) => lists_of(resized(slice, pair(kernel_size))));
  return channels > 1 ? lists : lists[0];
}

// A new image may be too small for the window: it is made smaller, the dilation first.
function adapt(next, pictures) {
  for (const name of ["dilation", "kernel_size"]) {
    while (!fits(pictures.get(next.image), next) && Math.max(...pair(next[name])) > 1) next[name] = Math.max(...pair(next[name])) - 1;
  }
  if (is_own(next.kernel)) next.kernel = fitted(next.kernel, next, pictures);
}

function check_weights(kernel) {
  const largest = LIMITS.largest.kernel_size, is_list = (value) => Array.isArray(value) && value.length > 0;
  const slices = is_list(kernel) && is_list(kernel[0]) && is_list(kernel[0][0]) ? kernel : [kernel];
  const [lines, columns] = [slices[0]?.length, slices[0]?.[0]?.length];
  const is_row = (row) => is_list(row) && row.length === columns && row.every(Number.isFinite);
  const are_tables = slices.every((slice) => is_list(slice) && slice.length === lines && slice.every(is_row));
  if (are_tables && Math.max(lines, columns) <= largest) return;
  throw new Refusal(`kernel must be (row, column) or (channel, row, column), finite numbers, at most ${largest} × ${largest}.`);
}
