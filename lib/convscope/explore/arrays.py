"""Arrays at an explorer's door: named pictures, the learner's own tables, and copies that nobody can change."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import datasets

LARGEST_PICTURE = 512
OWN = "your own"
PICTURES = {"kitten": lambda: datasets.kitten(96, grey=True), "numbers": datasets.numbers}


def frozen(array) -> np.ndarray:
    """A copy that nobody can write to, not even by setting a flag."""
    return np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape)


def picture(image) -> tuple[np.ndarray, str]:
    """An image given by name or as a 2-D array, frozen, and its name."""
    if not isinstance(image, str):
        return table("image", image, LARGEST_PICTURE), OWN
    if image not in PICTURES:
        names = ", ".join(map(repr, PICTURES))
        raise ValueError(f"image {image!r} is unknown; use one of {names}, or a 2-D array (row, column).")
    return _named(image), image


def table(name, values, largest) -> np.ndarray:
    """The learner's own array as a frozen (row, column) table of finite numbers, float32 or float64."""
    advice = f"{name} must be a 2-D array (row, column) of finite numbers, at most {largest} × {largest}"
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{advice}; got rows of different lengths.") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{advice}; got values of type {array.dtype}.")
    if array.ndim != 2 or not 0 < min(array.shape) <= max(array.shape) <= largest:
        raise ValueError(f"{advice}; got shape {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{advice}; got NaN or infinity in it.")
    return frozen(array if array.dtype == np.float32 else array.astype(float))


def times(array) -> str:
    """An array's shape as people write it: 7 × 7."""
    return " × ".join(map(str, array.shape))


@cache
def _named(name):
    return frozen(PICTURES[name]())
