"""Handwritten digits, from MNIST."""

from __future__ import annotations

import io

import numpy as np

from ..arguments import whole
from ..ops import avg_pool2d
from .sources import content

_TRAINING = 4000  # the others are for testing
_SIZES = (28, 14, 7)


def digits(
    size: int = 28,
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return 5,000 handwritten digits from MNIST, 500 of each: (x_train, y_train), (x_test, y_test).

    size: 28 for the original pixels; 14 or 7 for the means of blocks.
    x: (4000 or 1000, 1, size, size), float32, 0 (paper) to 1 (ink). y: the digits, int64. Both parts contain every
    digit equally often, in a fixed random order.
    Raises ValueError or TypeError for another size.
    """
    if whole("size", size) not in _SIZES:
        raise ValueError(f"size must be one of {', '.join(map(str, _SIZES))}; got {size!r}. `canvas` adds a border.")
    with np.load(io.BytesIO(content("digits.npz")), allow_pickle=False) as stored:
        images, labels = stored["images"], stored["labels"]
    x, y = images[:, None].astype(np.float32) / 255, labels.astype(np.int64)
    x = avg_pool2d(x, _SIZES[0] // size) if size < _SIZES[0] else x
    return (x[:_TRAINING], y[:_TRAINING]), (x[_TRAINING:], y[_TRAINING:])


def digit(which: int = 3) -> np.ndarray:
    """Return a handwritten digit, (28, 28), 0 (paper) to 1 (ink): the first of its class in the test part of `digits`.

    which: 0 to 9. Raises ValueError or TypeError for anything else.
    """
    which = whole("which", which, least=0)
    if which > 9:
        raise ValueError(f"which must be a digit from 0 to 9; got {which}.")
    x, y = digits()[1]
    return x[np.argmax(y == which), 0]
