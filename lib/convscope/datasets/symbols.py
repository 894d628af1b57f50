"""Images of small and large symbols, made to show when kernels of two sizes are useful side by side."""

from __future__ import annotations

import numpy as np

from ..arguments import Seed, check_room, generator, number, whole
from .pictures import shift

SIZE = 16  # pixels a side
APART = 8  # pixels between the first rows, or columns, of the squares of a large symbol

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
# The first row and column of each of the two 3 × 3 squares of a large symbol.
_LARGE = {
    "vertical pair": ((0, 0), (APART, 0)),
    "horizontal pair": ((0, 0), (0, APART)),
    "falling pair": ((0, 0), (APART, APART)),
    "rising pair": ((APART, 0), (0, APART)),
}
SYMBOL_NAMES = (*_SMALL, *_LARGE)
"""The names of the twelve symbols, by label: eight of 3 × 3 pixels, then four that span 11."""


def symbols(n: int, *, noise: float = 0.15, seed: Seed = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return n images of one symbol each, at a random position, and which symbols they are: (x, labels).

    noise: the standard deviation of the noise added to each pixel. seed: a whole number or a NumPy Generator.
    Eight symbols are patterns of 3 × 3 pixels. The other four are two full 3 × 3 squares, 8 pixels apart along the
    rows, the columns or a diagonal; only a window of 11 pixels shows both squares.
    x: (n, 1, 16, 16), float32, ink 1 and paper 0 plus noise. labels: (n,), int64, indices into `SYMBOL_NAMES`.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
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
    """Return each symbol in the top left corner of its image, (symbol, row, column)."""
    masks = np.zeros((len(SYMBOL_NAMES), SIZE, SIZE), np.float32)
    for mask, rows in zip(masks, _SMALL.values(), strict=False):
        mask[:3, :3] = [[pixel == "#" for pixel in row] for row in rows]
    for mask, squares in zip(masks[len(_SMALL) :], _LARGE.values(), strict=True):
        for row, column in squares:
            mask[row : row + 3, column : column + 3] = 1
    return masks
