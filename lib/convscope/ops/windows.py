"""Sliding windows on arrays: where they are, how their pixels are gathered, and how numbers are added back to them.

A *position* is where a window can be, a *tap* is one cell of the window. Along rows and columns alike,

    pixel = position · stride − before + tap · dilation

Images are x [n, c, row, column]: image, channel, row, column. Their windows are an array [c, i, j, r, q, n]: channel,
kernel row, kernel column, output row, output column, image. In this order `reshape` turns them into a matrix with a row
for each tap of each channel and a column for each position. A 5×5 image under a 3×3 kernel has windows
[1, 3, 3, 3, 3, 1], which become a matrix of 9 taps by 9 positions.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from ..arguments import pair, whole
from ..geometry import axis_padding, extent, output_size, padding_amounts, picture_padding

SCRATCH_BYTES = 2**22  # for a block's windows, or its maps: they fit a shared cache, and Python's own time is hidden
MOST_COPIED = 4  # times as many pixels as the windows have numbers, at most; above, they are gathered tap by tap


def gather(x: np.ndarray, slides: Slides, dtype: np.dtype) -> np.ndarray:
    """Return the windows of images x [n, c, row, column] as an array [c, i, j, r, q, n], in memory that is used again.

    Padding is read as zeros.
    """
    down, across = slides
    windows, images_last = window_room(x, slides, dtype), x.transpose(1, 2, 3, 0)
    slab_shape = x.shape[1], down.span, across.span, len(x)
    if prod(slab_shape) > MOST_COPIED * windows.size:  # so large a stride or dilation that few pixels are read
        windows[...] = 0
        for tap, positions, pixels in taps(slides):
            windows[:, *tap, *positions] = images_last[:, *pixels]
        return windows
    # First the pixels under the windows, with zeros for padding and the images innermost, so that copies run along
    # memory. Then each window is a view of them, as in chapter 3: a tap or a position further is a fixed number of
    # bytes further, for one 5×5 image of float64 at stride and dilation 1 40 down and 8 across.
    slab = scratch("slab", slab_shape, dtype)
    slab[...] = 0
    (to_rows, rows), (to_columns, columns) = down.spanned(), across.spanned()
    slab[:, to_rows, to_columns] = images_last[:, rows, columns]
    channel, row, column, image = slab.strides  # in bytes
    strides = channel, down.dilation * row, across.dilation * column, down.stride * row, across.stride * column, image
    windows[...] = np.ndarray(windows.shape, dtype, slab, strides=strides)
    return windows


def scatter(windows: np.ndarray, x: np.ndarray, slides: Slides) -> None:
    """Add the numbers of each window to the pixels of x that it was gathered from; what fell on padding is dropped.

    A pixel of several windows gets their sum. For one tap no pixel comes twice, so that += loses nothing.
    """
    images_last = x.transpose(1, 2, 3, 0)
    for tap, positions, pixels in taps(slides):
        images_last[:, *pixels] += windows[:, *tap, *positions]


def window_room(x: np.ndarray, slides: Slides, dtype: np.dtype) -> np.ndarray:
    """Return memory for the windows of x, [c, i, j, r, q, n], with arbitrary content."""
    down, across = slides
    shape = x.shape[1], down.taps, across.taps, down.positions, across.positions, len(x)
    return scratch("windows", shape, dtype)


def taps(slides: Slides) -> Iterator[tuple[tuple, tuple, tuple]]:
    """Yield, for each tap (i, j), the positions at which it reads a real pixel and these pixels, as pairs of slices."""
    down, across = [list(enumerate(slide.steps())) for slide in slides]
    for i, (rows, pixel_rows) in down:
        for j, (columns, pixel_columns) in across:
            yield (i, j), (rows, columns), (pixel_rows, pixel_columns)


class Slide(NamedTuple):
    """A window that slides along one axis of `n` pixels; the first one begins `before` pixels before the axis.

    Where `before` is negative, it begins that far inside.
    """

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

    def part(self, positions: slice) -> Slide:
        """Return the slide that has these positions alone."""
        before = self.before - positions.start * self.stride
        return self._replace(before=before, positions=positions.stop - positions.start)

    @property
    def extent(self) -> int:
        """The pixels from a window's first tap to its last."""
        return extent(self.taps, self.dilation)

    @property
    def span(self) -> int:
        """The pixels from the first window's first tap to the last window's last, padding included."""
        return (self.positions - 1) * self.stride + self.extent

    def real(self, first: int, step: int, count: int) -> tuple[slice, slice]:
        """Return which of `count` pixels, `step` apart from `first` on, are on the axis: their numbers, and the pixels.

        Of the pixels −1, 1, 3 and 5, numbers 1 and 2 are on an axis of 5: pixels 1 and 3.
        """
        start = max(-(first // step), 0)  # −first / step rounded up: the first one that is 0 or more
        stop = max(min(-((first - self.n) // step), count), start)
        return slice(start, stop), slice(first + start * step, first + stop * step, step)

    def spanned(self) -> tuple[slice, slice]:
        """Return which cells of the span are real pixels, and which pixels of the axis these are."""
        return self.real(-self.before, 1, self.span)

    def steps(self) -> list[tuple[slice, slice]]:
        """Return, for each tap in turn, at which positions it reads a real pixel, and which pixels these are."""
        return [self.real(tap * self.dilation - self.before, self.stride, self.positions) for tap in range(self.taps)]


Slides = tuple[Slide, Slide]  # down the rows and across the columns


def blocks(shape: tuple[int, ...], bytes_each: int) -> Iterator[tuple[slice, ...]]:
    """Yield slices that cut an array of this shape, in row-major order, into blocks whose work fits the scratch.

    bytes_each: what the work takes for each element.
    """
    most, inner = max(SCRATCH_BYTES // bytes_each, 1), prod(shape[1:])
    if inner > most:
        for index in range(shape[0]):
            for rest in blocks(shape[1:], bytes_each):
                yield slice(index, index + 1), *rest
    elif prod(shape):  # or there is nothing to cut
        count = -(-shape[0] // (most // inner))  # rounded up, and so is the step
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
