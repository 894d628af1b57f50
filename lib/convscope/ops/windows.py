"""Windows on arrays: where they stand, how they are cut into blocks that fit the cache, gathered and scattered.

A *place* is one position of the window: (image, output row, output column).
A *tap* is one cell of the kernel: (channel, kernel row, kernel column).
A block of either is a box, given as three slices; boxes follow each other in reading order.
Between image pixels, places and taps there is one relation, and `Slide` holds it:

    pixel = place · stride − before + tap · dilation        (rows and columns alike)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from ..geometry import axis_padding, output_size, padding_amounts, pair, picture_padding, whole

Box = tuple[slice, slice, slice]

SCRATCH_BYTES = 2**22  # one block of windows: fits a shared cache, and is long work for one step of Python


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

    @property
    def apart(self) -> bool:
        """Whether no pixel lies in two windows."""
        return self.stride > (self.taps - 1) * self.dilation

    def reach(self, places: slice, taps: slice) -> tuple[int, int]:
        """The first pixel that a block reads, and the one after its last."""
        return self.pixel(places.start, taps.start), self.pixel(places.stop - 1, taps.stop - 1) + 1

    def real(self, places: slice, tap: int) -> tuple[slice, slice]:
        """Where one tap reads real pixels: those places, counted from the block's first, and their pixels."""
        first, count = self.pixel(places.start, tap), places.stop - places.start
        start = max(-(first // self.stride), 0)
        stop = min(-((first - self.n) // self.stride), count)
        if start >= stop:
            return slice(0, 0), slice(0, 0)
        pixel = first + start * self.stride
        return slice(start, stop), slice(pixel, first + (stop - 1) * self.stride + 1, self.stride)


ONE_ROW = Slide(n=1, taps=1, stride=1, dilation=1, before=0, places=1)


def picture_settings(stride, padding, dilation) -> tuple:
    """What a caller says of a picture's two axes, checked, as (rows, columns) pairs: equal settings are equal keys."""
    return pair("stride", stride), picture_padding(padding), pair("dilation", dilation)


def time_settings(stride, padding, dilation) -> tuple:
    """The same of time alone, as pairs of one."""
    return (whole("stride", stride),), (axis_padding(padding),), (whole("dilation", dilation),)


def slides_over(shape, window, strides, paddings, dilations, name="kernel_size") -> tuple[Slide, Slide]:
    """How a window slides over the last axes of a shape, given checked settings; ValueError where it does not fit.

    name: what the learner calls the window's size.
    """
    if len(strides) == 1:  # time is a picture of one row
        return ONE_ROW, _slide("time axis", name, shape[-1], window[-1], strides[0], paddings[0], dilations[0])
    return (
        _slide("rows", name, shape[-2], window[-2], strides[0], paddings[0], dilations[0]),
        _slide("columns", name, shape[-1], window[-1], strides[1], paddings[1], dilations[1]),
    )


def _slide(axis: str, name: str, n: int, taps: int, stride: int, padding, dilation: int) -> Slide:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        places = output_size(n, taps, **settings)
    except ValueError as error:
        raise ValueError(f"Along the {axis}, {error}".replace("kernel_size", name)) from None
    return Slide(n, taps, stride, dilation, padding_amounts(n, taps, **settings)[0], places)


def blocks(shape: tuple[int, ...], limit: int) -> Iterable[tuple[slice, ...]]:
    """Cut a box, in reading order, into boxes of at most `limit` cells and of nearly equal size."""
    cells = prod(shape)
    if cells > limit:
        return _cut(shape, limit)
    return [tuple([slice(0, length) for length in shape])] if cells else []


def _cut(shape: tuple[int, ...], limit: int) -> Iterator[tuple[slice, ...]]:
    size, inner = shape[0], prod(shape[1:])
    if inner > limit:
        for index in range(size):
            for rest in _cut(shape[1:], limit):
                yield (slice(index, index + 1), *rest)
        return
    count = -(-size // max(limit // inner, 1))
    step = -(-size // count)
    for start in range(0, size, step):
        yield (slice(start, min(start + step, size)), *[slice(0, length) for length in shape[1:]])


class Scratch(threading.local):
    """Memory that is used again and again, so that a block's windows stay in the cache; each thread has its own."""

    def __init__(self):
        self._kept = {}

    def array(self, purpose: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """An array of this shape with arbitrary content, valid until the next request for the same purpose."""
        needed = prod(shape) * dtype.itemsize
        kept = self._kept.get(purpose)
        if kept is None or kept.size < needed:
            kept = self._kept[purpose] = np.empty(needed, np.uint8)
        return np.ndarray(shape, dtype, kept)


scratch = Scratch()


def gather(x: np.ndarray, slides: tuple[Slide, Slide], places: Box, taps: Box, windows: np.ndarray) -> None:
    """Copy what the taps read at the places into `windows`; padding gives zeros.

    x [n image, g group, c channel, y, x]; windows [g, c, i, j kernel cell, r, q place, n]: kernel-major, so that the
    whole is a matrix ready for one product, and with the images innermost, so that even small maps make long runs.
    """
    rows, columns = slides
    top, bottom = rows.reach(places[1], taps[1])
    left, right = columns.reach(places[2], taps[2])
    inside = top >= 0 and left >= 0 and bottom <= rows.n and right <= columns.n
    if inside and windows.shape[-1] == 1 and x.dtype == windows.dtype and x.flags.c_contiguous:
        image, group, channel, down, along = x.strides
        corner = places[0].start * image + taps[0].start * channel + top * down + left * along
        np.copyto(windows, _windows_view(x, corner, (group, channel, down, along, image), slides, windows.shape))
        return
    x = _images_last(x[places[0], :, taps[0]])
    slab_shape = (*x.shape[:2], bottom - top, right - left, x.shape[4])
    if prod(slab_shape) * windows.itemsize > SCRATCH_BYTES:
        _gather_tap_by_tap(x, slides, places, taps, windows)
        return
    slab = scratch.array("slab", slab_shape, windows.dtype)
    _fill_padded(slab, x, top, left)
    np.copyto(windows, _windows_view(slab, 0, slab.strides, slides, windows.shape))


def scatter(windows: np.ndarray, slides: tuple[Slide, Slide], places: Box, taps: Box, x: np.ndarray) -> None:
    """Add `windows` to the pixels of `x` that they were read from: the transpose of `gather`, padding left out."""
    x = _images_last(x[places[0], :, taps[0]])
    if x.shape[4] == 1 or x.nbytes > SCRATCH_BYTES:
        _add_taps(windows, slides, places, taps, x)
        return
    slab = scratch.array("slab", x.shape, x.dtype)  # long runs again
    slab[...] = 0
    _add_taps(windows, slides, places, taps, slab)
    x += slab


def _add_taps(windows, slides, places, taps, x) -> None:
    for window, pixels in _tap_views(x, slides, places, taps, windows):
        pixels += window


def _gather_tap_by_tap(x, slides, places, taps, windows) -> None:
    """For strides or dilations so wide that the pixels between would need more room than those that are read."""
    windows[...] = 0
    for window, pixels in _tap_views(x, slides, places, taps, windows):
        window[...] = pixels


def _tap_views(x, slides, places, taps, windows):
    """For each kernel cell, the places where it reads real pixels, and these pixels: two views [g, c, r, q, n]."""
    rows, columns = slides
    across = [columns.real(places[2], j) for j in range(taps[2].start, taps[2].stop)]
    for i in range(taps[1].start, taps[1].stop):
        place_rows, pixel_rows = rows.real(places[1], i)
        for j, (place_columns, pixel_columns) in enumerate(across):
            window = windows[:, :, i - taps[1].start, j, place_rows, place_columns]
            yield window, x[:, :, pixel_rows, pixel_columns]


def _images_last(x: np.ndarray) -> np.ndarray:
    """[n, g, c, y, x] as a view [g, c, y, x, n]."""
    return x.transpose(1, 2, 3, 4, 0)


def _fill_padded(slab: np.ndarray, x: np.ndarray, top: int, left: int) -> None:
    """Copy into the slab the pixels of x [g, c, y, x, n] from (top, left) on, with zeros where that lies outside."""
    down, rows = _overlap(top, slab.shape[2], x.shape[2])
    across, columns = _overlap(left, slab.shape[3], x.shape[3])
    slab[...] = 0
    slab[:, :, down, across] = x[:, :, rows, columns]


def _overlap(first: int, length: int, n: int) -> tuple[slice, slice]:
    """Where `length` pixels from `first` on lie on an axis of n: in their own count, and in the axis's."""
    start = min(max(first, 0), n)
    stop = max(min(first + length, n), start)
    return slice(start - first, stop - first), slice(start, stop)


def _windows_view(memory: np.ndarray, corner: int, strides, slides: tuple[Slide, Slide], shape) -> np.ndarray:
    """Every window from a corner on as one view [g, c, i, j, r, q, n]; nothing is copied.

    memory: in the order of C; corner and strides (of group, channel, row, column, image): in bytes.
    (NumPy's as_strided would do for any array, at ten times the price of a small call.)
    """
    group, channel, down, along, image = strides
    rows, columns = slides
    cell = rows.dilation * down, columns.dilation * along
    step = rows.stride * down, columns.stride * along
    return np.ndarray(shape, memory.dtype, memory, corner, (group, channel, *cell, *step, image))
