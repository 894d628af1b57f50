// Weights as learned, and the same with every diagonal averaged: the twin of state.py. Settings: {examples}.
import { check_word } from "../view/controls/settings.js";
import { plane } from "../view/twin/ops.js";

export function changed(settings, changes, { names }) {
  const next = { ...settings, ...changes };
  check_word("examples", next.examples, names);
  return next;
}

// The average of each diagonal of a square plane, from the one farthest below to the one farthest above.
export function averages_of({ rows, data }) {
  return Array.from({ length: 2 * rows - 1 }, (_, i) => {
    const values = diagonal(rows, i - rows + 1).map(([r, c]) => data[r * rows + c]);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

// The matrix whose diagonals have these numbers.
export function matrix_of(averages) {
  const n = (averages.length + 1) / 2;
  return plane(n, n, Float64Array.from({ length: n * n }, (_, i) => averages[(i % n) - Math.floor(i / n) + n - 1]));
}

// The places, [row, column], of a diagonal: offset 0 is the main one, above it come 1, 2 and so on.
export function diagonal(n, offset) {
  const first = [Math.max(-offset, 0), Math.max(offset, 0)];
  return Array.from({ length: n - Math.abs(offset) }, (_, i) => first.map((place) => place + i));
}
