"""Kernels that have a name, at any size.

Most of them are defined at 3 × 3. A larger one is the 3 × 3 kernel blurred by a binomial kernel, which is also how the
usual 5 × 5 Sobel kernel is made (Jähne 2005, "Digital Image Processing", regularised edge detectors).
"""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from .arguments import meant, pair, whole
from .geometry import IntPair
from .ops import conv2d
from .ops.arrays import numbers

_TABLES = json.loads((files(__package__) / "kernels.json").read_text(encoding="utf-8"))  # the browser reads them too
LARGEST, PRESETS = _TABLES["largest"], tuple(_TABLES["names"])


def preset(name: str, kernel_size: IntPair = 3) -> np.ndarray:
    """Return the kernel of that name, (row, column), float64.

    name: one of `PRESETS`, in upper or lower case. "random" is the middle of one fixed table of random numbers.
    kernel_size: an int or (rows, columns), from `least_size(name)` to 11.
    Raises ValueError or TypeError, listing the names or sizes that are possible.
    """
    name = preset_name(name)
    rows, columns = pair("kernel_size", kernel_size)
    if min(rows, columns) < least_size(name) or max(rows, columns) > LARGEST:
        raise ValueError(
            f"kernel_size must be from {least_size(name)} to {LARGEST} for the kernel {name!r}; got {kernel_size!r}."
        )
    match name:
        case "identity":
            return resized(np.ones((1, 1)), (rows, columns))
        case "box blur":
            return np.full((rows, columns), 1 / (rows * columns))
        case "Gaussian":
            return _binomial(rows, columns)
        case "sharpen":
            return preset("identity", (rows, columns)) - preset("Laplacian", (rows, columns))
        case "random":
            return resized(np.array(_TABLES["random"]), (rows, columns))
    return conv2d(np.array(_TABLES["stated"][name], dtype=float), _binomial(rows - 2, columns - 2), padding="full")


def bank(kernel_size: int = 3) -> np.ndarray:
    """Return sixteen filters for colour photos, (16, 3, row, column), float32: four shapes times four colour mixes.

    kernel_size: an int, 2 or more.
    The shapes respond to brightness, vertical edges, horizontal edges and corners: a Gaussian bell and its slopes along
        either axis or both. The mixes are the sum of all colours, red minus green, green minus blue, and red minus
        blue. The absolute values of a filter's weights add up to 1.
    """
    size = whole("kernel_size", kernel_size, least=2)
    t = (np.arange(size) - (size - 1) / 2) / (size / 4)
    bell = np.exp(-t * t / 2)
    profiles = [bell, bell * t]
    shapes = [np.outer(down, across) for down in profiles for across in profiles]
    mixes = [[1, 1, 1], [1, -1, 0], [0, 1, -1], [1, 0, -1]]  # of red, green and blue
    filters = np.einsum("mc,sij->mscij", mixes, shapes).reshape(16, 3, size, size)
    return np.float32(filters / abs(filters).sum(axis=(1, 2, 3), keepdims=True))


def preset_name(name) -> str:
    """Return a name as `PRESETS` spells it; raise ValueError, listing the names, for an unknown one."""
    for known in PRESETS:
        if isinstance(name, str) and known.casefold() == name.strip().casefold():
            return known
    raise ValueError(
        f"kernel {name!r} is unknown; use one of {', '.join(map(repr, PRESETS))}, or a 2-D array.{meant(name, PRESETS)}"
    )


def least_size(name: str) -> int:
    """Return the smallest size of a preset: 3 if it compares a pixel with the neighbours on both sides, else 1."""
    return 3 if preset_name(name) in ("sharpen", *_TABLES["stated"]) else 1


def resized(kernel: ArrayLike, kernel_size: IntPair) -> np.ndarray:
    """Return `kernel`, (…, row, column), cropped or padded with zeros around its centre.

    An odd row or column is cut off, or added, at the end.
    """
    kernel = numbers("kernel", kernel)
    if kernel.ndim < 2:
        raise ValueError(f"kernel must have rows and columns, (…, row, column); got shape {kernel.shape}.")
    new, old = pair("kernel_size", kernel_size), kernel.shape[-2:]
    result = np.zeros((*kernel.shape[:-2], *new), dtype=kernel.dtype)
    kept = np.minimum(old, new)
    result[..., *_middle(new, kept)] = kernel[..., *_middle(old, kept)]
    return result


def _middle(shape, kept):
    return [slice((size - keep) // 2, (size - keep) // 2 + keep) for size, keep in zip(shape, kept, strict=True)]


def _binomial(rows, columns):
    """Return the product of two rows of Pascal's triangle (1 2 1, 1 4 6 4 1, …), each scaled to a sum of 1."""
    down, across = (np.poly1d([0.5, 0.5]) ** (n - 1) for n in (rows, columns))
    return np.outer(np.atleast_1d(down), np.atleast_1d(across))
