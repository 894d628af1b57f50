"""Sliding windows on arrays: where they are, how their pixels are gathered, and how numbers are added back to them.

A *position* is where a window can be, a *tap* is one cell of the window. Along rows and columns alike,

    pixel = position · stride − before + tap · dilation

An image batch is x [n, g, c, y, x]: image, group, channel of the group, row, column. Its windows are an array
[g, c, i, j, r, q, n]: group, channel, kernel row, kernel column, output row, output column, image. In this order
`reshape` turns them into one matrix for each group, with a row for each tap and a column for each position.
They are made block by block; a block is three slices, of the images, the output rows and the output columns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from ..arguments import pair, whole
from ..geometry import axis_padding, output_size, padding_amounts, picture_padding, transposed_size

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

    def pixel(self, position: int, tap: int) -> int:
        """Return the pixel that a tap reads; outside 0 … n − 1 it is padding."""
        return position * self.stride - self.before + tap * self.dilation

    def real(self, positions: slice, tap: int) -> tuple[slice, slice]:
        """Return which of these positions let the tap read a real pixel, counted from the first, and these pixels."""
        first, count = self.pixel(positions.start, tap), positions.stop - positions.start
        start = max(-(first // self.stride), 0)
        stop = min(-((first - self.n) // self.stride), count)
        if start >= stop:
            return slice(0, 0), slice(0, 0)
        pixel = first + start * self.stride
        return slice(start, stop), slice(pixel, first + (stop - 1) * self.stride + 1, self.stride)

    def steps(self, positions: slice) -> list[tuple[slice, slice]]:
        """Return `real` for each tap in turn."""
        return [self.real(positions, tap) for tap in range(self.taps)]

    def reach(self, positions: slice) -> int:
        """Return how many pixels these windows span together, padding included."""
        return self.pixel(positions.stop - 1, self.taps - 1) + 1 - self.pixel(positions.start, 0)

    def overlap(self, positions: slice) -> tuple[slice, slice]:
        """Return the real pixels in that span: counted from its start, and along the axis."""
        first = self.pixel(positions.start, 0)
        start = min(max(first, 0), self.n)
        stop = max(min(first + self.reach(positions), self.n), start)
        return slice(start - first, stop - first), slice(start, stop)


def picture_settings(stride, padding, dilation) -> tuple:
    """Return the settings of an image, checked, each as a (rows, columns) pair."""
    return pair("stride", stride), picture_padding(padding), pair("dilation", dilation)


def time_settings(stride, padding, dilation) -> tuple:
    """Return the settings of a signal, checked, each as a tuple of one."""
    return (whole("stride", stride),), (axis_padding(padding),), (whole("dilation", dilation),)


def slides_over(pixels, window, strides, paddings, dilations, name="kernel_size") -> tuple[Slide, ...]:
    """Return how a window slides along rows and columns, given checked settings; raise ValueError if it does not fit.

    name: the argument that gives the window's size, for the message.
    """
    axes = zip(("rows", "columns"), pixels, window, strides, paddings, dilations, strict=True)
    return tuple([slide_along(axis, name, *settings) for axis, *settings in axes])


def slide_along(axis: str, name: str, n: int, taps: int, stride: int, padding, dilation: int) -> Slide:
    """Return how a window slides along one axis; raise ValueError, naming axis and argument, if it does not fit."""
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        positions = output_size(n, taps, **settings)
    except ValueError as error:
        raise ValueError(f"Along the {axis}, {error}".replace("kernel_size", name)) from None
    return Slide(n, taps, stride, dilation, padding_amounts(n, taps, **settings)[0], positions)


def transposed_pixels(positions, window, strides, paddings, dilations) -> tuple[int, ...]:
    """Return the rows and columns on which a window has these positions, given checked settings."""
    pixels = []
    axes = zip(("rows", "columns"), positions, window, strides, paddings, dilations, strict=True)
    for axis, n, taps, stride, padding, dilation in axes:
        try:
            pixels.append(transposed_size(n, taps, stride=stride, padding=padding, dilation=dilation))
        except ValueError as error:
            raise ValueError(f"Along the {axis}, {error}") from None
    return tuple(pixels)


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
    # First the pixels under the block, padding included, with the images innermost so that copies run along memory;
    # then each window as a view of them: a tap or a position further is a fixed number of bytes further.
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
    if inner > limit and len(shape) > 1:
        for index in range(shape[0]):
            for rest in blocks(shape[1:], limit):
                yield slice(index, index + 1), *rest
    elif inner:
        count = -(-shape[0] // max(limit // inner, 1))
        step = -(-shape[0] // max(count, 1))
        for start in range(0, shape[0], max(step, 1)):
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
