"""Kernels that people give names to, at any size: a preset is drawn from its rule, never stretched.

Most presets are stated at 3 × 3. A larger one is the 3 × 3 blurred by a binomial kernel, which is how the
usual 5 × 5 Sobel comes about (Jähne 2005, "Digital Image Processing", regularised edge detectors).
"""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np

from .arguments import meant, pair, whole
from .ops import conv2d
from .ops.arrays import numbers

_TABLES = json.loads((files(__package__) / "kernels.json").read_text(encoding="utf-8"))  # the browser's, too
LARGEST, PRESETS = _TABLES["largest"], tuple(_TABLES["names"])


def preset(name, kernel_size=3) -> np.ndarray:
    """The named kernel, (row, column), float64.

    name: one of `PRESETS`, in any case. "random" is one fixed table of which a smaller kernel is the middle.
    kernel_size: an int or (rows, columns), from `least_size(name)` to 11.
    Raises ValueError or TypeError that lists what would do.
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


def bank(kernel_size=3) -> np.ndarray:
    """Sixteen filters for a photo in colour, (16, 3, row, column), float32: four shapes for each of four colour mixes.

    kernel_size: an int, 2 or more. The shapes answer to brightness, vertical edges, horizontal edges and corners
        (a bell, and its differences along either axis); the mixes are all colours together, red against green, green
        against blue, red against blue. The sizes of a filter's weights add up to 1.
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
    """The spelling of `PRESETS` for a name in any case; ValueError lists the names."""
    for known in PRESETS:
        if isinstance(name, str) and known.casefold() == name.strip().casefold():
            return known
    raise ValueError(
        f"kernel {name!r} is unknown; use one of {', '.join(map(repr, PRESETS))}, or a 2-D array.{meant(name, PRESETS)}"
    )


def least_size(name) -> int:
    """The smallest size at which a preset is itself: 3 where it compares both neighbours, else 1."""
    return 3 if preset_name(name) in ("sharpen", *_TABLES["stated"]) else 1


def resized(kernel, kernel_size) -> np.ndarray:
    """`kernel`, (…, row, column), cropped or padded with zeros about its centre, an odd row or column at the end."""
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
    """Rows of Pascal's triangle as weights that add up to 1: 1 2 1, 1 4 6 4 1 …, for rows and columns."""
    down, across = (np.poly1d([0.5, 0.5]) ** (n - 1) for n in (rows, columns))
    return np.outer(np.atleast_1d(down), np.atleast_1d(across))
