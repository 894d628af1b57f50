"""Pooling: one number for each window of each channel, its largest or its mean.

Both are separable: the largest of a window is the largest over its columns of the largest over its rows, and sums
likewise. So a k × k window costs 2 k steps in place of k².
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import check_room, flag, pair
from ..geometry import IntPair, Padding
from ..words import refusal
from . import windows
from .arrays import DOUBLE, PICTURE, check_channels_first, check_gradient, check_input, common_type, numbers
from .windows import Slide, blocks, picture_settings, scratch, slides_over


def max_pool2d(
    x: ArrayLike, size: IntPair = 2, *, stride: IntPair | None = None, padding: Padding = "valid", dilation: IntPair = 1
) -> np.ndarray:
    """The largest value of each window, channel by channel.

    x: (batch, channel, row, column), (channel, row, column) or a plain picture (row, column).
    size: the window in pixels, an int or (rows, columns). stride: the step, likewise; left out, the size.
    padding: as for `conv2d`; padding never wins. dilation: the distance between the pixels of a window.
    Returns an array with as many axes as x, its rows and columns pooled; a window with NaN gives NaN.
    Raises ValueError or TypeError, naming the argument, also where a window would lie wholly on padding.
    Formula: y[r, q] = max over i, j of x[r·stride + i·dilation, q·stride + j·dilation] (Dumoulin & Visin 2016,
        section 3).
    """
    pool = _pool(x, size, stride, padding, dilation)
    y = np.empty(pool.y, common_type(pool.x))
    for block in _row_blocks(pool):
        y[block] = _reduced(pool, block, np.maximum, -np.inf, y.dtype)
    return y.reshape(pool.y_shape)


def avg_pool2d(
    x: ArrayLike,
    size: IntPair = 2,
    *,
    stride: IntPair | None = None,
    padding: Padding = "valid",
    count_padding: bool = False,
) -> np.ndarray:
    """The mean of each window, channel by channel.

    count_padding: whether the zeros of the padding count as pixels; if not, a window at the border is divided by the
        number of its real pixels.
    All else as for `max_pool2d`.
    """
    pool = _pool(x, size, stride, padding, 1)
    down, right = _counts(pool, count_padding)
    y = np.empty(pool.y, common_type(pool.x))
    for block in _row_blocks(pool):
        sums = _reduced(pool, block, np.add, 0, DOUBLE)
        sums /= down[block[2]] * right
        y[block] = sums
    return y.reshape(pool.y_shape)


def global_max_pool2d(x: ArrayLike) -> np.ndarray:
    """The largest value of each channel: as `max_pool2d` with a window of the whole picture; rows and columns are 1."""
    x = _picture(x)
    return x.max(axis=(-2, -1), keepdims=True).astype(common_type(x), copy=False)


def global_avg_pool2d(x: ArrayLike) -> np.ndarray:
    """The mean of each channel: as `avg_pool2d` with a window of the whole picture; rows and columns are 1.

    Source: Lin, Chen & Yan 2013, "Network in network".
    """
    x = _picture(x)
    return x.mean(axis=(-2, -1), keepdims=True, dtype=DOUBLE).astype(common_type(x), copy=False)


def max_pool2d_backward(
    grad_y: ArrayLike,
    x: ArrayLike,
    size: IntPair = 2,
    *,
    stride: IntPair | None = None,
    padding: Padding = "valid",
    dilation: IntPair = 1,
) -> np.ndarray:
    """The gradient of `max_pool2d` for x: each output's gradient goes to the pixel that won its window.

    grad_y: the loss's gradient for each output. x and the settings: as they were given to `max_pool2d`.
    Among equals, the first in reading order wins, and in a window with NaN the first NaN.
    """
    pool = _pool(x, size, stride, padding, dilation)
    grad_y, grad_x = _gradients(grad_y, x, pool)
    for block in _row_blocks(pool):
        images, channels, rows = block
        y = _reduced(pool, block, np.maximum, -np.inf, common_type(pool.x))
        _send_to_winners(pool, rows, pool.x[images, channels], y, grad_y[block], grad_x[images, channels])
    return grad_x.reshape(pool.x_shape)


def avg_pool2d_backward(
    grad_y: ArrayLike,
    x: ArrayLike,
    size: IntPair = 2,
    *,
    stride: IntPair | None = None,
    padding: Padding = "valid",
    count_padding: bool = False,
) -> np.ndarray:
    """The gradient of `avg_pool2d` for x: each output's gradient, divided evenly among the pixels of its window.

    grad_y: the loss's gradient for each output. x and the settings: as they were given to `avg_pool2d`.
    """
    pool = _pool(x, size, stride, padding, 1)
    grad_y, grad_x = _gradients(grad_y, x, pool)
    tall_counts, wide_counts = _counts(pool, count_padding)
    down, right = pool.slides
    for images, channels, rows in _row_blocks(pool):
        share = grad_y[images, channels, rows] / (tall_counts[rows] * wide_counts)
        tall = scratch("tall", (*share.shape[:3], right.n), grad_x.dtype)
        tall[...] = 0
        for places, pixels in right.steps(slice(0, right.places)):
            tall[..., pixels] += share[..., places]
        target = grad_x[images, channels]
        for places, pixels in down.steps(rows):
            target[:, :, pixels] += tall[:, :, places]
    return grad_x.reshape(pool.x_shape)


def global_max_pool2d_backward(grad_y: ArrayLike, x: ArrayLike) -> np.ndarray:
    """The gradient of `global_max_pool2d` for x: to the first winner of each channel alone."""
    dtype = common_type(grad_y, x)
    x, grad_y = _picture(x), numbers("grad_y", grad_y)
    check_gradient(grad_y, (*x.shape[:-2], 1, 1))
    grad_x = np.zeros((*x.shape[:-2], x.shape[-2] * x.shape[-1]), dtype)
    winners = x.reshape(grad_x.shape).argmax(axis=-1)
    np.put_along_axis(grad_x, winners[..., None], grad_y[..., 0], axis=-1)
    return grad_x.reshape(x.shape)


def global_avg_pool2d_backward(grad_y: ArrayLike, x: ArrayLike) -> np.ndarray:
    """The gradient of `global_avg_pool2d` for x: the same share for each pixel of a channel."""
    dtype = common_type(grad_y, x)
    x, grad_y = _picture(x), numbers("grad_y", grad_y)
    check_gradient(grad_y, (*x.shape[:-2], 1, 1))
    grad_x = np.empty(x.shape, dtype)
    grad_x[...] = grad_y / (x.shape[-2] * x.shape[-1])
    return grad_x


class _Pool(NamedTuple):
    """One pooling, checked: four axes, and where the windows stand."""

    x: np.ndarray  # [n image, c channel, y, x]
    y: tuple[int, ...]  # [n, c, r, q]
    slides: tuple[Slide, Slide]
    x_shape: tuple[int, ...]  # as the caller sees it, like the next
    y_shape: tuple[int, ...]


def _pool(x, size, stride, padding, dilation) -> _Pool:
    x, size = _picture(x), pair("size", size)
    settings = picture_settings(size if stride is None else stride, padding, dilation)
    slides = _pool_slides(x.shape[-2:], size, *settings)
    outputs = tuple([slide.places for slide in slides])
    y_shape, ones = (*x.shape[:-2], *outputs), (1,) * (4 - x.ndim)
    return _Pool(x.reshape(ones + x.shape), ones + y_shape, slides, x.shape, y_shape)


@lru_cache(maxsize=512)
def _pool_slides(shape, size, strides, paddings, dilations) -> tuple[Slide, Slide]:
    """Where the windows stand; ValueError where none fits, or where one has nothing to pool."""
    slides = slides_over(shape, size, strides, paddings, dilations, name="size")
    check_room(tuple([slide.places for slide in slides]))
    for axis, slide, padding in zip(("rows", "columns"), slides, paddings, strict=True):
        real = _real_pixels(slide)
        if not real.all():
            window = int(real.argmin())
            first, last = slide.pixel(window, 0), slide.pixel(window, slide.taps - 1)
            if first >= slide.n or last < 0:
                raise ValueError(refusal("on padding", axis=axis, window=window, padding=padding, size=slide.taps))
            raise ValueError(
                f"Along the {axis}, window {window} would step over all pixels, with nothing to pool; use a smaller "
                f"dilation than {slide.dilation}."
            )
    return slides


def _picture(x) -> np.ndarray:
    x = numbers("x", x)
    check_input(x.shape, PICTURE)
    if x.ndim == 3:  # a batch may as well come from inside a net, and hold maps of any shape
        check_channels_first("x has shape", x.shape)
    return x


def _real_pixels(slide: Slide) -> np.ndarray:
    """How many real pixels each window of an axis holds."""
    counts = np.zeros(slide.places, int)
    for places, _ in slide.steps(slice(0, slide.places)):
        counts[places] += 1
    return counts


def _counts(pool: _Pool, count_padding: bool) -> tuple[np.ndarray, np.ndarray]:
    """How many of each window's rows [r, 1] and columns [q] count: a sum is divided by the product of the two."""
    whole_windows = flag("count_padding", count_padding)
    down, right = [np.full(s.places, s.taps) if whole_windows else _real_pixels(s) for s in pool.slides]
    return down[:, None], right


def _reduced(pool: _Pool, block, combine: np.ufunc, start: float, dtype: np.dtype) -> np.ndarray:
    """Combine the pixels of a block's windows, first down their columns, then along the row that is left."""
    (images, channels, rows), (down, right) = block, pool.slides
    x = pool.x[images, channels]
    tall = scratch("tall", (*x.shape[:2], rows.stop - rows.start, right.n), dtype)
    out = scratch("pooled", (*tall.shape[:3], right.places), dtype)
    tall[...], out[...] = start, start
    for places, pixels in down.steps(rows):
        combine(tall[:, :, places], x[:, :, pixels], out=tall[:, :, places])
    for places, pixels in right.steps(slice(0, right.places)):
        combine(out[..., places], tall[..., pixels], out=out[..., places])
    return out


def _send_to_winners(pool: _Pool, rows: slice, x, y, grad_y, grad_x) -> None:
    """Tap by tap in reading order: whoever equals the maximum first takes the gradient, and the window is closed."""
    down, right = pool.slides
    waiting, some_nan, finite = np.ones(y.shape, bool), np.isnan(y).any(), np.isfinite(grad_y).all()
    for place_rows, pixel_rows in down.steps(rows):
        for place_columns, pixel_columns in right.steps(slice(0, right.places)):
            place, pixel = (..., place_rows, place_columns), (..., pixel_rows, pixel_columns)
            wins = x[pixel] == y[place]
            if some_nan:
                wins |= np.isnan(x[pixel])
            wins &= waiting[place]
            waiting[place] ^= wins
            # the product is faster, but infinity times a loser's 0 would be NaN
            grad_x[pixel] += grad_y[place] * wins if finite else np.where(wins, grad_y[place], 0)


def _gradients(grad_y, x, pool: _Pool) -> tuple[np.ndarray, np.ndarray]:
    """grad_y checked, with four axes, and room for grad_x; x as the caller gave it."""
    grad_x = np.zeros(pool.x.shape, common_type(grad_y, x))
    grad_y = numbers("grad_y", grad_y)
    check_gradient(grad_y, pool.y_shape)
    return grad_y.reshape(pool.y), grad_x


def _row_blocks(pool: _Pool):
    """The output rows of all channels in blocks whose pixels fit the scratch."""
    down, right = pool.slides
    limit = windows.SCRATCH_BYTES // (8 * max(right.n, right.places))
    return blocks((*pool.x.shape[:2], down.places), max(limit, 1))
