// A view in which one cell of an output is marked: pointing previews another, a press or arrow keys pin it, a sweep
// marks one after another. The mark stays where it is in the picture when settings change.
import { clamp } from "./dom.js";
import { Sweep, pointable } from "./motion.js";
import { View } from "./view.js";

// A subclass has, besides what a View has: `strongest()`, the cell that is marked at first. What it derives has `output`,
// [{rows, columns}], and, where a cell is not one pixel, for both axes the middle of what the first cell reads, `first`,
// and how much further on its neighbour's is, `steps`, in pixels.
// Its settled() begins with the one here, and its build() too, if a sweep is to be played.
export class MarkedView extends View {
  hover = null;
  pinned = [0, 0];
  anchor = null;
  apart = false;
  sweep = null;

  build() {
    this.sweep = new Sweep({
      count: () => this.made.output[0].rows * this.made.output[0].columns,
      at: () => this.pinned[0] * this.made.output[0].columns + this.pinned[1],
      go: (i) => this.pin([Math.floor(i / this.made.output[0].columns), i % this.made.output[0].columns]),
      changed: () => this.repaint(),
    });
  }

  /** @type {() => any} */
  strongest() {}

  stop() {
    this.sweep?.stop();
  }

  settled(before) {
    if (before && this.is_elsewhere(before)) this.anchor = null;
    this.pinned = this.anchor ? this.nearest(this.anchor) : this.strongest();
    this.anchor ??= this.centre(this.pinned);
    this.hover &&= this.inside(this.hover);
  }

  // Whether there is another picture, in which the mark begins anew.
  is_elsewhere(before) {
    return before.image !== this.made.settings.image;
  }

  get here() {
    return this.hover ?? this.pinned;
  }

  // by_hand: which ends a sweep.
  pin(cell, by_hand = false) {
    if (by_hand) this.stop();
    this.pinned = this.inside(cell);
    this.anchor = this.centre(this.pinned);
    this.look({ hover: null, back: null });
    if (by_hand) this.shell.hear();
  }

  // The middle of what a cell reads, in pixels of the picture; and the cell that is nearest to a pixel by that.
  centre(cell) {
    const { first = [0, 0], steps = [1, 1] } = this.made;
    return cell.map((place, axis) => place * steps[axis] + first[axis]);
  }

  nearest(pixel) {
    const { first = [0, 0], steps = [1, 1] } = this.made;
    return this.inside(pixel.map((at, axis) => Math.round((at - first[axis]) / steps[axis])));
  }

  inside([row, column]) {
    const { rows, columns } = this.made.output[0];
    return [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  }

  // Pointing at a picture, or at what has its `canvas` and `at`, marks a cell, and so do keys there. place: the cell of
  // what is under the pointer.
  /** @param {any} picture @param {(at) => any} place */
  marks(picture, place = ({ row, column }) => [row, column]) {
    const [hover, pin] = [(cell) => this.look({ hover: place(cell) }), (cell) => this.pin(place(cell), true)];
    pointable(picture, { hover, pin, leave: () => this.look({ hover: null }), ...this.keys });
  }

  // What keys do on a picture, as `pointable` takes it.
  get keys() {
    return {
      walk: (down, across) => this.pin([this.here[0] + down, this.here[1] + across], true),
      toggle: () => this.sweep?.toggle(),
    };
  }
}
