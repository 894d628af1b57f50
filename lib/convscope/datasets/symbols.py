"""Small symbols and large ones: pictures that call for kernels of two sizes side by side. Made to show that point."""

from __future__ import annotations

import numpy as np

from ..arguments import check_room, generator, number, whole
from .pictures import shift

SIZE = 16  # pixels a side
APART = 8  # pixels from one square of a large symbol to the other

# Any two differ in four pixels or more.
_SMALL = {
    "plus": (".#.", "###", ".#."),
    "cross": ("#.#", ".#.", "#.#"),
    "tee": ("###", ".#.", ".#."),
    "foot": (".#.", ".#.", "###"),
    "ell": ("#..", "#..", "###"),
    "jay": ("..#", "..#", "###"),
    "seven": ("###", "..#", "..#"),
    "bolt": ("..#", "###", "#.."),
}
# Where the two 3 × 3 squares of a large symbol have their first rows and columns.
_LARGE = {
    "vertical pair": ((0, 0), (APART, 0)),
    "horizontal pair": ((0, 0), (0, APART)),
    "falling pair": ((0, 0), (APART, APART)),
    "rising pair": ((APART, 0), (0, APART)),
}
SYMBOL_NAMES = (*_SMALL, *_LARGE)
"""The names of the twelve symbols, by label: eight of 3 × 3 pixels, then four that span 11."""


def symbols(n, *, noise=0.15, seed=0):
    """Pictures of one symbol each, anywhere on blank paper, and which it is: (x, labels).

    n: how many. noise: the standard deviation of what is added to each pixel. seed: a whole number, 0 or more.
    Eight symbols are patterns of 3 × 3 pixels. Four are two full squares of 3 × 3, 8 pixels apart down, across or
    along a diagonal: told apart only by who sees 11 pixels at once.
    Returns x (n, 1, 16, 16), float32, ink 1 and paper 0 but for the noise, and labels (n,), int64, places in
    `SYMBOL_NAMES`.
    Raises ValueError or TypeError, naming the argument.
    """
    n = whole("n", n, least=0)
    check_room((n, 1, SIZE, SIZE), "use a smaller n")
    noise = number("noise", noise, ", 0 or more", lambda noise: noise >= 0)
    rng = generator(seed, "symbols")
    masks = _masks()
    labels = rng.integers(0, len(masks), n)
    spans = np.array([[np.flatnonzero(mask.any(axis=axis))[-1] + 1 for axis in (1, 0)] for mask in masks])
    x = shift(masks[labels, None], *rng.integers(0, SIZE + 1 - spans[labels]).T)
    x += np.float32(noise) * rng.standard_normal(x.shape, dtype=np.float32)
    return x, labels


def _masks() -> np.ndarray:
    """Each symbol in the top left corner of its picture, (symbol, row, column)."""
    masks = np.zeros((len(SYMBOL_NAMES), SIZE, SIZE), np.float32)
    for mask, rows in zip(masks, _SMALL.values(), strict=False):
        mask[:3, :3] = [[pixel == "#" for pixel in row] for row in rows]
    for mask, squares in zip(masks[len(_SMALL) :], _LARGE.values(), strict=True):
        for row, column in squares:
            mask[row : row + 3, column : column + 3] = 1
    return masks
