"""The weights of the layers, always the same ones: as random as they look, and the same in the browser."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import numpy as np

from ..arrays import frozen

TABLE = json.loads((files(__package__) / "kernels.json").read_text(encoding="utf-8"))  # of 5×5 kernels, in 64ths
DEVIATION = 148  # of the sum of a hash's four bytes


@cache
def kernels(rows, columns) -> np.ndarray:
    """The eight random kernels of a size, at most 5 × 5: (8, 1, row, column). Smaller ones are corners of larger ones.

    Normal, in steps of 1/64: with pixels in single precision and sums in double, no sum is rounded, whatever the order
    it is made in, so that what is equal is equal to the last bit.
    """
    return frozen(np.reshape(TABLE, (-1, 1, 5, 5))[..., :rows, :columns] / 64)


@cache
def dense_weights(pixels) -> np.ndarray:
    """A weight for each pixel in each of as many sums, none shared, float32 [pixels, sums].

    They are too many to be sent to a browser, so both make them: about normal, from the bytes of a hash of their place.
    The hash is lowbias32 of Chris Wellons, in the public domain.
    """
    x = np.arange(pixels * pixels, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    total = x.view(np.uint8).reshape(-1, 4).sum(axis=1, dtype=np.int16) - 510
    return (total / np.float32(DEVIATION * pixels**0.5)).reshape(pixels, pixels)
