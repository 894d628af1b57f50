"""The kitten, small computed images, and ways to prepare images for a network."""

from __future__ import annotations

import io
from typing import overload

import matplotlib.image
import numpy as np
from numpy.typing import ArrayLike

from ..arguments import flag, number, pair, whole
from ..geometry import IntPair
from ..ops import avg_pool2d
from ..ops.arrays import check_channels_first, common_type
from ..ops.arrays import numbers as array_of
from .colours import grey as to_grey
from .sources import content

_FACE = (6, 294, 80, 368)  # rows from and to, columns from and to, of the square around the kitten's face


def kitten(size: int | None = None, *, grey: bool = False) -> np.ndarray:
    """Return the photo of Chelsea the cat: (3, row, column), or (row, column) in grey.

    size: None for all 300 × 451 pixels; otherwise the face alone, size × size pixels (1 to 288), each the
        average of a square of photo pixels.
    grey: True for the lightness, 0.299 red + 0.587 green + 0.114 blue.
    Raises ValueError or TypeError for a size that is not a whole number from 1 to 288.
    """
    photo = np.moveaxis(_load_png("kitten.png"), -1, 0)
    if size is not None:
        photo = _square(photo, whole("size", size))
    return np.ascontiguousarray(to_grey(photo)[0] if flag("grey", grey) else photo)


def numbers() -> np.ndarray:
    """Return a 7 × 7 image of small whole numbers with an edge, a bright spot and a corner, to check sums by hand."""
    return np.array(
        [
            [0, 0, 0, 5, 5, 5, 5],
            [0, 0, 0, 5, 5, 5, 5],
            [0, 9, 0, 5, 5, 5, 5],
            [0, 0, 0, 5, 5, 5, 5],
            [0, 0, 0, 2, 2, 2, 2],
            [1, 2, 3, 2, 2, 2, 2],
            [1, 2, 3, 2, 2, 2, 2],
        ],
        dtype=np.float32,
    )


def checkerboard(size: int = 16) -> np.ndarray:
    """Return a checkerboard, (size, size), of 0 and 1 in squares of 2 × 2 pixels; the first is 0, black."""
    squares = np.arange(whole("size", size)) // 2
    return ((squares[:, None] + squares) % 2).astype(np.float32)


def step_edge(size: int = 16) -> np.ndarray:
    """Return an image, (size, size), of 0 in the left half and 1 in the right."""
    row = np.arange(whole("size", size)) >= size / 2
    return np.tile(row, (size, 1)).astype(np.float32)


def shift(x: ArrayLike, rows: ArrayLike, columns: ArrayLike) -> np.ndarray:
    """Return images shifted down by `rows` and right by `columns` pixels (up and left if negative), with zeros behind.

    x: (…, row, column). rows, columns: whole numbers, or one for each image of a batch (batch, …, row, column).
    Returns an array of the same shape and type; pixels that are shifted over the border are lost.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    x, rows, columns = array_of("x", x), _steps("rows", rows), _steps("columns", columns)
    if x.ndim < 2:
        raise ValueError(f"x must have rows and columns, (…, row, column); got shape {x.shape}.")
    check_channels_first("x holds images of shape", x.shape[-3:])
    if rows.ndim or columns.ndim:
        if x.ndim < 3 or any(steps.shape not in ((), (len(x),)) for steps in (rows, columns)):
            raise ValueError(
                f"rows and columns must each be one number, or one for each image of x {x.shape}; "
                f"got shapes {rows.shape} and {columns.shape}."
            )
        rows, columns = np.broadcast_to(rows, len(x)), np.broadcast_to(columns, len(x))
        moved = np.empty_like(x)
        for i in range(len(x)):
            moved[i] = shift(x[i], rows[i], columns[i])
        return moved
    moved = np.zeros_like(x)
    to_rows, from_rows = _parts(int(rows), x.shape[-2])
    to_columns, from_columns = _parts(int(columns), x.shape[-1])
    moved[..., to_rows, to_columns] = x[..., from_rows, from_columns]
    return moved


def rotate(x: ArrayLike, degrees: float) -> np.ndarray:
    """Return images rotated about their middle, counter-clockwise for positive degrees, with zeros at the corners.

    x: (…, row, column). Each new pixel is a mean of the four that it falls between, weighted by nearness (bilinear).
    Returns float32 for float32 and float64 otherwise, in the shape of x.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    x, angle = array_of("x", x), np.deg2rad(number("degrees", degrees))
    if x.ndim < 2:
        raise ValueError(f"x must have rows and columns, (…, row, column); got shape {x.shape}.")
    check_channels_first("x holds images of shape", x.shape[-3:])
    middle = (np.array(x.shape[-2:]).reshape(2, 1, 1) - 1) / 2
    r, q = np.indices(x.shape[-2:]) - middle
    turned = np.stack([np.cos(angle) * r + np.sin(angle) * q, np.cos(angle) * q - np.sin(angle) * r])
    return read_between(x, turned + middle)


def read_between(x, at) -> np.ndarray:
    """Images (…, row, column) read at points between their pixels, at: (2, row, column), with zeros round them."""
    x = np.pad(x.astype(common_type(x), copy=False), [(0, 0)] * (x.ndim - 2) + [(1, 1)] * 2)
    last = np.array(x.shape[-2:]) - 1
    at = np.clip(at + 1, 0, last.reshape(2, 1, 1))  # beyond it, the border of zeros
    (top, left), (down, right) = np.floor(at).astype(int), at % 1
    bottom, far = np.minimum(top + 1, last[0]), np.minimum(left + 1, last[1])
    upper = x[..., top, left] * (1 - right) + x[..., top, far] * right
    lower = x[..., bottom, left] * (1 - right) + x[..., bottom, far] * right
    return (upper * (1 - down) + lower * down).astype(x.dtype)


def canvas(x: ArrayLike, size: IntPair) -> np.ndarray:
    """Return images in the middle of a larger canvas of zeros.

    x: (…, row, column). size: of the canvas in pixels, an int or (rows, columns), at least that of x; an odd row or
        column is added at the bottom or right.
    Raises ValueError or TypeError for a smaller size.
    """
    x, size = array_of("x", x), pair("size", size)
    check_channels_first("x holds images of shape", x.shape[-3:])
    if x.ndim < 2 or any(room < n for room, n in zip(size, x.shape[-2:], strict=True)):
        raise ValueError(f"size must be at least that of the images, {x.shape[-2:]}; got {size}.")
    larger = np.zeros((*x.shape[:-2], *size), x.dtype)
    top, left = ((room - n) // 2 for room, n in zip(size, x.shape[-2:], strict=True))
    larger[..., top : top + x.shape[-2], left : left + x.shape[-1]] = x
    return larger


@overload
def standardise(x: ArrayLike, /) -> np.ndarray: ...
@overload
def standardise(x: ArrayLike, /, *others: ArrayLike) -> tuple[np.ndarray, ...]: ...


def standardise(x: ArrayLike, *others: ArrayLike):
    """Return x with mean 0 and standard deviation 1 over all its numbers; others by the mean and deviation of x.

    x: the training examples. others: such as the test examples. Returns one array, or a tuple if there are others.
    Raises ValueError if the numbers of x are all the same or not finite.
    """
    x, *others = (array_of("x", each) for each in (x, *others))
    mean, deviation = (x.mean(dtype=np.float64), x.std(dtype=np.float64)) if x.size else (0, 0)
    if not 0 < deviation < np.inf:
        raise ValueError(
            "x must hold finite numbers that are not all equal, or its standard deviation is 0 or unknown."
        )
    done = tuple([((each - mean) / deviation).astype(common_type(each)) for each in (x, *others)])
    return done if others else done[0]


def _steps(name, value) -> np.ndarray:
    steps = array_of(name, value)
    if steps.dtype.kind not in "iu" or steps.ndim > 1:
        raise TypeError(f"{name} must be a whole number, or one for each image; got {value!r}.")
    return steps


def _parts(step, n) -> tuple[slice, slice]:
    """Return where a shifted image ends up on an axis of n pixels, and which of its pixels do."""
    step = min(max(step, -n), n)
    return slice(max(step, 0), n + min(step, 0)), slice(max(-step, 0), n - max(step, 0))


def _square(photo, size):
    """Return the face as `size` × `size` averaged blocks; pixels at its border that fill no block are left out."""
    top, bottom, left, right = _FACE
    if size > bottom - top:
        raise ValueError(f"size must be at most {bottom - top}, the pixels of the kitten's face; got {size}.")
    block = (bottom - top) // size
    margin = (bottom - top - block * size) // 2
    rows = slice(top + margin, top + margin + block * size)
    columns = slice(left + margin, left + margin + block * size)
    return avg_pool2d(photo[:, rows, columns], block)


def _load_png(name):
    """Return a bundled PNG as float32, 0 to 1, channels last."""
    return matplotlib.image.imread(io.BytesIO(content(name)), format="png")
