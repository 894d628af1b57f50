"""Sliding windows on arrays: where they are, how their pixels are gathered, and how numbers are added back to them.

A *position* is where a window can be, a *tap* is one cell of the window. Along rows and columns alike,

    pixel = position · stride − before + tap · dilation

An image batch is x [n, g, c, y, x]: image, group, channel of the group, row, column. Its windows are an array
[g, c, i, j, r, q, n]: group, channel, kernel row, kernel column, output row, output column, image. In this order
`reshape` turns them into one matrix for each group, with a row for each tap and a column for each position. A 5×5 image
under a 3×3 kernel has windows [1, 1, 3, 3, 3, 3, 1], which become a matrix of 9 taps by 9 positions.
They are made block by block; a block is three slices, of the images, the output rows and the output columns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from ..arguments import pair, whole
from ..geometry import axis_padding, output_size, padding_amounts, picture_padding

Block = tuple[slice, slice, slice]

SCRATCH_BYTES = 2**22  # for one block: small enough for a shared cache, large enough to hide Python's own time
MOST_UNREAD = 4  # pixels copied for each pixel read, at most; above, a block is gathered tap by tap


class Slide(NamedTuple):
    """A window that slides along one axis of `n` pixels, with `before` zeros before them."""

    n: int
    taps: int
    stride: int
    dilation: int
    before: int
    positions: int

    @classmethod
    def over(cls, n: int, taps: int, **settings) -> Slide:
        """Return how a window with these settings slides over n pixels; raise ValueError if it does not fit."""
        before, _ = padding_amounts(n, taps, **settings)
        return cls(n, taps, settings["stride"], settings["dilation"], before, output_size(n, taps, **settings))

    def pixel(self, position: int, tap: int) -> int:
        """Return the pixel that a tap reads; outside 0 … n − 1 it is padding."""
        return position * self.stride - self.before + tap * self.dilation

    def real(self, positions: slice, tap: int) -> tuple[slice, slice]:
        """Return which of these positions let the tap read a real pixel, counted from the first, and these pixels.

        On 5 pixels with a zero at each end, tap 0 reads a pixel at positions 1 … 4 of 0 … 4: pixels 0 … 3.
        """
        first, count = self.pixel(positions.start, tap), positions.stop - positions.start
        start = max(-(first // self.stride), 0)  # −first / stride rounded up: the first position on pixel 0 or later
        stop = min(-((first - self.n) // self.stride), count)
        if start >= stop:
            return slice(0, 0), slice(0, 0)
        pixel = first + start * self.stride
        return slice(start, stop), slice(pixel, first + (stop - 1) * self.stride + 1, self.stride)

    def steps(self, positions: slice | None = None) -> list[tuple[slice, slice]]:
        """Return `real` for each tap in turn, at all positions by default."""
        return [self.real(positions or slice(0, self.positions), tap) for tap in range(self.taps)]

    def reach(self, positions: slice) -> int:
        """Return how many pixels these windows span together, padding included."""
        return self.pixel(positions.stop - 1, self.taps - 1) + 1 - self.pixel(positions.start, 0)

    def overlap(self, positions: slice) -> tuple[slice, slice]:
        """Return the real pixels in that span: counted from its start, and along the axis.

        With a zero before the axis, positions 0 and 1 of 3 taps span 4 pixels: 1 … 3 of the span are pixels 0 … 2.
        """
        first = self.pixel(positions.start, 0)
        start, stop = [min(max(pixel, 0), self.n) for pixel in (first, first + self.reach(positions))]
        return slice(start - first, stop - first), slice(start, stop)


def picture_settings(stride, padding, dilation) -> tuple:
    """Return the settings of an image, checked, each as a (rows, columns) pair."""
    return pair("stride", stride), picture_padding(padding), pair("dilation", dilation)


def time_settings(stride, padding, dilation) -> tuple:
    """Return the settings of a signal, checked, each as a tuple of one."""
    return (whole("stride", stride),), (axis_padding(padding),), (whole("dilation", dilation),)


def along_axes(function, *arguments, name="kernel_size") -> tuple:
    """Return function(n, taps, stride=…, padding=…, dilation=…) for each axis: rows and columns, or time alone.

    arguments: these five, checked, each a tuple with one value per axis.
    name: the argument that gives the window's size, for the message of a ValueError, which also names the axis.
    """
    answers, axes = [], ("rows", "columns") if len(arguments[0]) == 2 else ("time axis",)
    for axis, n, taps, stride, padding, dilation in zip(axes, *arguments, strict=True):
        try:
            answers.append(function(n, taps, stride=stride, padding=padding, dilation=dilation))
        except ValueError as error:
            raise ValueError(f"Along the {axis}, {error}".replace("kernel_size", name)) from None
    return tuple(answers)


def gather(x: np.ndarray, slides: tuple[Slide, ...], block: Block, dtype: np.dtype) -> np.ndarray:
    """Return the windows of a block, [g, c, i, j, r, q, n], in memory that the next call uses again.

    x: [n, g, c, y, x]. Padding is read as zeros.
    """
    (down, across), (images, rows, columns) = slides, block
    windows = window_room(x, slides, block, dtype)
    slab_shape = *x.shape[1:3], down.reach(rows), across.reach(columns), images.stop - images.start
    if prod(slab_shape) > MOST_UNREAD * windows.size:  # so large a stride or dilation that few pixels are read
        windows[...] = 0
        for window, pixels in _taps(windows, x, slides, block):
            window[...] = pixels
        return windows
    # First the pixels under the block, padding included, with the images innermost so that copies run along memory.
    # Then each window is a view of them, as in chapter 3: a tap or a position further is a fixed number of bytes
    # further, in a 5×5 image of float64 40 down and 8 across.
    slab = scratch("slab", slab_shape, dtype)
    slab[...] = 0
    (to_rows, from_rows), (to_columns, from_columns) = down.overlap(rows), across.overlap(columns)
    slab[:, :, to_rows, to_columns] = x[images, :, :, from_rows, from_columns].transpose(1, 2, 3, 4, 0)
    group, channel, row, column, image = slab.strides
    taps, positions = (down.dilation * row, across.dilation * column), (down.stride * row, across.stride * column)
    views = np.ndarray(windows.shape, dtype, buffer=slab, strides=(group, channel, *taps, *positions, image))
    np.copyto(windows, views)
    return windows


def scatter(windows: np.ndarray, x: np.ndarray, slides: tuple[Slide, ...], block: Block) -> None:
    """Add the numbers of each window to the pixels of x that it was gathered from; what fell on padding is dropped."""
    for window, pixels in _taps(windows, x, slides, block):
        pixels += window


def window_room(x: np.ndarray, slides: tuple[Slide, ...], block: Block, dtype: np.dtype) -> np.ndarray:
    """Return memory for the windows of a block, [g, c, i, j, r, q, n], with arbitrary content."""
    (down, across), (images, rows, columns) = slides, block
    positions = rows.stop - rows.start, columns.stop - columns.start, images.stop - images.start
    return scratch("windows", (*x.shape[1:3], down.taps, across.taps, *positions), dtype)


def _taps(windows, x, slides, block) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each tap, its numbers in the windows and the real pixels that it reads: two views [g, c, r, q, n]."""
    (down, across), (images, rows, columns) = slides, block
    x, across_steps = x[images].transpose(1, 2, 3, 4, 0), across.steps(columns)
    for i, (in_rows, pixel_rows) in enumerate(down.steps(rows)):
        for j, (in_columns, pixel_columns) in enumerate(across_steps):
            yield windows[:, :, i, j, in_rows, in_columns], x[:, :, pixel_rows, pixel_columns]


def scratch_blocks(shape: tuple[int, ...], bytes_each: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array of this shape into blocks whose work fits the scratch, at `bytes_each` for each element."""
    return blocks(shape, max(SCRATCH_BYTES // bytes_each, 1))


def blocks(shape: tuple[int, ...], limit: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array of this shape, in row-major order, into blocks of nearly equal size, at most `limit` elements."""
    inner = prod(shape[1:])
    if inner > limit:
        for index in range(shape[0]):
            for rest in blocks(shape[1:], limit):
                yield slice(index, index + 1), *rest
    elif prod(shape):
        count = -(-shape[0] // (limit // inner))  # rounded up, and so is the step
        step = -(-shape[0] // count)
        for start in range(0, shape[0], step):
            yield slice(start, min(start + step, shape[0])), *[slice(0, length) for length in shape[1:]]


_kept = threading.local()  # memory that is used again stays in the cache; each thread has its own


def scratch(purpose: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return an array of this shape with arbitrary content, valid until the next request for the same purpose."""
    needed = prod(shape) * dtype.itemsize
    kept = getattr(_kept, purpose, None)
    if kept is None or kept.size < needed:
        kept = np.empty(needed, np.uint8)
        setattr(_kept, purpose, kept)
    return np.ndarray(shape, dtype, kept)
