"""Windows on arrays: where they stand, how their pixels are gathered, and how numbers are given back to these.

A *place* is one position of the window, a *tap* one cell of the kernel. Between pixels, places and taps there is one
relation, along rows and columns alike:

    pixel = place · stride − before + tap · dilation

Arrays here are x [n, g, c, y, x]: image, group, channel of the group, row, column; and windows [g, c, i, j, r, q, n]:
group, channel, kernel row, kernel column, output row, output column, image. So kept, the windows of a block of places
are a matrix, taps by places, for each group. A block is three slices: images, output rows, output columns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from ..arguments import pair, whole
from ..geometry import axis_padding, output_size, padding_amounts, picture_padding, transposed_size

Block = tuple[slice, slice, slice]

SCRATCH_BYTES = 2**22  # one block of windows: fits a shared cache, and is long work for one step of Python
MOST_UNREAD = 4  # pixels that may be copied for each that is read; wide strides and dilations go tap by tap


class Slide(NamedTuple):
    """A window sliding along one axis of `n` pixels."""

    n: int
    taps: int
    stride: int
    dilation: int
    before: int
    places: int

    def pixel(self, place: int, tap: int) -> int:
        """The pixel that a tap reads at a place; outside 0 … n − 1 it lies on padding."""
        return place * self.stride - self.before + tap * self.dilation

    def real(self, places: slice, tap: int) -> tuple[slice, slice]:
        """Where one tap reads real pixels: those places, counted from the block's first, and their pixels."""
        first, count = self.pixel(places.start, tap), places.stop - places.start
        start = max(-(first // self.stride), 0)
        stop = min(-((first - self.n) // self.stride), count)
        if start >= stop:
            return slice(0, 0), slice(0, 0)
        pixel = first + start * self.stride
        return slice(start, stop), slice(pixel, first + (stop - 1) * self.stride + 1, self.stride)

    def steps(self, places: slice) -> list[tuple[slice, slice]]:
        """The same for each tap in turn."""
        return [self.real(places, tap) for tap in range(self.taps)]

    def reach(self, places: slice) -> int:
        """How many pixels a block spans, first to last, padding included."""
        return self.pixel(places.stop - 1, self.taps - 1) + 1 - self.pixel(places.start, 0)

    def overlap(self, places: slice) -> tuple[slice, slice]:
        """Where that span lies on real pixels: in its own count, and in the axis's."""
        first = self.pixel(places.start, 0)
        start = min(max(first, 0), self.n)
        stop = max(min(first + self.reach(places), self.n), start)
        return slice(start - first, stop - first), slice(start, stop)


def picture_settings(stride, padding, dilation) -> tuple:
    """What a caller says of a picture's two axes, checked, as (rows, columns) pairs: equal settings are equal keys."""
    return pair("stride", stride), picture_padding(padding), pair("dilation", dilation)


def time_settings(stride, padding, dilation) -> tuple:
    """The same of time alone, as pairs of one."""
    return (whole("stride", stride),), (axis_padding(padding),), (whole("dilation", dilation),)


def slides_over(pixels, window, strides, paddings, dilations, name="kernel_size") -> tuple[Slide, Slide]:
    """How a window slides along rows and columns, given checked settings; ValueError where it does not fit.

    name: what the learner calls the window's size.
    """
    axes = zip(("rows", "columns"), pixels, window, strides, paddings, dilations, strict=True)
    return tuple([slide_along(axis, name, *settings) for axis, *settings in axes])


def slide_along(axis: str, name: str, n: int, taps: int, stride: int, padding, dilation: int) -> Slide:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        places = output_size(n, taps, **settings)
    except ValueError as error:
        raise ValueError(f"Along the {axis}, {error}".replace("kernel_size", name)) from None
    return Slide(n, taps, stride, dilation, padding_amounts(n, taps, **settings)[0], places)


def transposed_pixels(places, window, strides, paddings, dilations) -> tuple[int, int]:
    """Return the rows and columns on which a window has these places, given checked settings."""
    pixels = []
    for axis, n, taps, stride, padding, dilation in zip(
        ("rows", "columns"), places, window, strides, paddings, dilations, strict=True
    ):
        try:
            pixels.append(transposed_size(n, taps, stride=stride, padding=padding, dilation=dilation))
        except ValueError as error:
            raise ValueError(f"Along the {axis}, {error}") from None
    return tuple(pixels)


def room(x: np.ndarray, slides: tuple[Slide, Slide], block: Block, dtype: np.dtype) -> np.ndarray:
    """Return room for the windows of a block, [g, c, i, j, r, q, n], with arbitrary content."""
    (down, across), (images, rows, columns) = slides, block
    places = rows.stop - rows.start, columns.stop - columns.start, images.stop - images.start
    return scratch("windows", (*x.shape[1:3], down.taps, across.taps, *places), dtype)


def gather(x: np.ndarray, slides: tuple[Slide, Slide], block: Block, dtype: np.dtype) -> np.ndarray:
    """What all taps read at the places of a block, as windows [g, c, i, j, r, q, n]; padding gives zeros."""
    (down, across), (images, rows, columns) = slides, block
    windows = room(x, slides, block, dtype)
    slab_shape = *x.shape[1:3], down.reach(rows), across.reach(columns), images.stop - images.start
    if prod(slab_shape) > MOST_UNREAD * windows.size:
        windows[...] = 0
        for window, pixels in _taps(windows, x, slides, block):
            window[...] = pixels
        return windows
    slab = scratch("slab", slab_shape, dtype)  # the block's pixels and its padding, images innermost: long runs
    to_rows, from_rows = down.overlap(rows)
    to_columns, from_columns = across.overlap(columns)
    slab[...] = 0
    slab[:, :, to_rows, to_columns] = x[images, :, :, from_rows, from_columns].transpose(1, 2, 3, 4, 0)
    group, channel, y, x_, image = slab.strides
    steps = down.dilation * y, across.dilation * x_, down.stride * y, across.stride * x_
    np.copyto(windows, np.ndarray(windows.shape, dtype, slab, 0, (group, channel, *steps, image)))
    return windows


def scatter(windows: np.ndarray, x: np.ndarray, slides: tuple[Slide, Slide], block: Block) -> None:
    """Add windows to the pixels of x that they were read from: the transpose of `gather`, padding left out."""
    for window, pixels in _taps(windows, x, slides, block):
        pixels += window


def _taps(windows, x, slides, block) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each kernel cell the places where it reads real pixels, and these pixels: two views [g, c, r, q, n]."""
    images, rows, columns = block
    x = x[images].transpose(1, 2, 3, 4, 0)
    across = slides[1].steps(columns)
    for i, (place_rows, pixel_rows) in enumerate(slides[0].steps(rows)):
        for j, (place_columns, pixel_columns) in enumerate(across):
            yield windows[:, :, i, j, place_rows, place_columns], x[:, :, pixel_rows, pixel_columns]


def blocks(shape: tuple[int, ...], limit: int) -> Iterable[tuple[slice, ...]]:
    """Cut a box, in reading order, into boxes of at most `limit` cells, or one, and of nearly equal size."""
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


_kept = threading.local()  # memory that is used again and again stays in the cache; each thread has its own


def scratch(purpose: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array of this shape with arbitrary content, valid until the next request for the same purpose."""
    needed = prod(shape) * dtype.itemsize
    kept = getattr(_kept, purpose, None)
    if kept is None or kept.size < needed:
        kept = np.empty(needed, np.uint8)
        setattr(_kept, purpose, kept)
    return np.ndarray(shape, dtype, kept)
