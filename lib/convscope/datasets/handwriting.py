"""Handwritten digits, from MNIST."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import whole
from ..ops import avg_pool2d
from ..ops.arrays import common_type, numbers
from .pictures import read_between
from .sources import content

_TRAINING = 4000  # the others are for testing
_SIZES = (28, 14, 7)
_BOX = 20 / 28  # of the paper, the longer side of a digit


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


def centre(x: ArrayLike) -> np.ndarray:
    """Return drawings scaled and moved as MNIST's digits were: 20 of 28 pixels long, the ink's centre in the middle.

    x: (…, row, column), 0 (paper) to 1 (ink). The longer side of the box round all ink gets 20/28 of the paper's, and
    the ink's centre of mass its middle; between pixels it is read as by `rotate`. Blank paper stays as it is.
    Returns float32 for float32 and float64 otherwise, in the shape of x. Source: LeCun et al. 1998, section III.A.
    Raises ValueError or TypeError for an x without rows and columns, or without numbers.
    """
    x = numbers("x", x)
    if x.ndim < 2:
        raise ValueError(f"x must have rows and columns, (…, row, column); got shape {x.shape}.")
    made = x.astype(common_type(x))
    for image in made.reshape(-1, *x.shape[-2:]):
        image[:] = _centred(image)
    return made


def _centred(image):
    ink = image.clip(0).astype(float)
    inked = np.nonzero(ink)
    if not len(inked[0]):
        return image
    longest = max(np.ptp(places) + 1 for places in inked)
    scale = _BOX * max(image.shape) / longest
    middle = [(ink * places).sum() / ink.sum() for places in np.indices(image.shape)]
    at = np.indices(image.shape) - (np.array(image.shape).reshape(2, 1, 1) - 1) / 2
    return read_between(image, at / scale + np.reshape(middle, (2, 1, 1)))
