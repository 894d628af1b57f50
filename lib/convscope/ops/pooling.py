"""Pooling: one number for each window of each channel, its largest or its mean.

Both are separable. The largest number of a window is the largest of its columns' largest numbers, and sums work the
same way, so k × k windows take 2 k array operations instead of k². (The gradient of the largest takes k², because it
has to know the place.)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import check_room, flag, pair
from ..geometry import IntPair, Padding
from ..words import refusal
from .arrays import DOUBLE, PICTURE, check_channels_first, check_gradient, check_input, common_type, numbers
from .windows import Slide, Slides, along_axes, blocks, picture_settings, scratch, taps


def max_pool2d(
    x: ArrayLike, size: IntPair = 2, *, stride: IntPair | None = None, padding: Padding = "valid", dilation: IntPair = 1
) -> np.ndarray:
    """Return the largest value of each window, channel by channel.

    x: (batch, channel, row, column), (channel, row, column) or (row, column).
    size: the window in pixels, an int or (rows, columns). stride: from one window to the next, likewise; by default
        the size.
    padding: as for `conv2d`; it is never the largest. dilation: the distance between the pixels of a window.
    Returns an array with as many axes as x, its type as for `conv2d`. A window that contains NaN gives NaN.
    Raises ValueError or TypeError, naming the argument, also if a window would read nothing but padding.
    Formula: y[r, q] = max over i, j of x[r·stride + i·dilation, q·stride + j·dilation] on the padded x (Dumoulin &
        Visin 2016, section 3).
    """
    pool = _pool(x, size, stride, padding, dilation)
    y = np.empty(pool.y, common_type(pool.x))
    for block, maps, slides in pool.blocks():
        y[block] = _reduced(maps, slides, np.maximum, -np.inf, y.dtype)
    return y.reshape(pool.y_shape)


def avg_pool2d(
    x: ArrayLike,
    size: IntPair = 2,
    *,
    stride: IntPair | None = None,
    padding: Padding = "valid",
    count_padding: bool = False,
) -> np.ndarray:
    """Return the mean of each window, channel by channel.

    count_padding: whether the zeros of the padding count; if not, the sum is divided by the number of real pixels.
    The rest is as for `max_pool2d`.
    """
    pool, count_padding = _pool(x, size, stride, padding, 1), flag("count_padding", count_padding)
    y = np.empty(pool.y, common_type(pool.x))
    for block, maps, slides in pool.blocks():
        sums = _reduced(maps, slides, np.add, 0, DOUBLE)
        sums /= _counts(slides, count_padding)
        y[block] = sums
    return y.reshape(pool.y_shape)


def global_max_pool2d(x: ArrayLike) -> np.ndarray:
    """Return the largest value of each channel, as `max_pool2d` with the whole map as its window: (…, 1, 1)."""
    x = _picture(x)
    return x.max(axis=(-2, -1), keepdims=True).astype(common_type(x), copy=False)


def global_avg_pool2d(x: ArrayLike) -> np.ndarray:
    """Return the mean of each channel, as `avg_pool2d` with the whole map as its window: (…, 1, 1).

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
    """Return the gradient of a loss with respect to x of `max_pool2d`: each output's goes to the pixel that it took.

    grad_y: the gradient with respect to the output, in its shape. x and the settings: as given to `max_pool2d`.
    If several pixels of a window are largest, the first in row-major order gets the gradient; NaN counts as largest.
    """
    pool = _pool(x, size, stride, padding, dilation)
    grad_y, grad_x = _grad_arrays(grad_y, x, pool)
    for block, maps, slides in pool.blocks():
        y = _reduced(maps, slides, np.maximum, -np.inf, common_type(maps))
        _add_to_largest(maps, y, grad_y[block], grad_x[block[:2]], slides)
    return grad_x.reshape(np.shape(x))


def avg_pool2d_backward(
    grad_y: ArrayLike,
    x: ArrayLike,
    size: IntPair = 2,
    *,
    stride: IntPair | None = None,
    padding: Padding = "valid",
    count_padding: bool = False,
) -> np.ndarray:
    """Return the gradient of a loss with respect to x of `avg_pool2d`: each output's is shared equally by its pixels.

    grad_y: the gradient with respect to the output, in its shape. x and the settings: as given to `avg_pool2d`.
    """
    pool, count_padding = _pool(x, size, stride, padding, 1), flag("count_padding", count_padding)
    grad_y, grad_x = _grad_arrays(grad_y, x, pool)
    for block, _, (down, across) in pool.blocks():
        share = grad_y[block] / _counts((down, across), count_padding)
        wide = scratch("wide", (*share.shape[:3], across.n), grad_x.dtype)
        wide[...] = 0
        for positions, pixels in across.steps():
            wide[..., pixels] += share[..., positions]
        target = grad_x[block[:2]]
        for positions, pixels in down.steps():
            target[:, :, pixels] += wide[:, :, positions]
    return grad_x.reshape(np.shape(x))


def global_max_pool2d_backward(grad_y: ArrayLike, x: ArrayLike) -> np.ndarray:
    """Return the gradient of a loss with respect to x of `global_max_pool2d`: all of it at the first largest pixel."""
    dtype = common_type(grad_y, x)
    x = _picture(x)
    grad_y = check_gradient(grad_y, (*x.shape[:-2], 1, 1))
    grad_x = np.zeros((*x.shape[:-2], x.shape[-2] * x.shape[-1]), dtype)
    largest = x.reshape(grad_x.shape).argmax(axis=-1)
    np.put_along_axis(grad_x, largest[..., None], grad_y[..., 0], axis=-1)
    return grad_x.reshape(x.shape)


def global_avg_pool2d_backward(grad_y: ArrayLike, x: ArrayLike) -> np.ndarray:
    """Return the gradient of a loss with respect to x of `global_avg_pool2d`: an equal share for each pixel."""
    dtype = common_type(grad_y, x)
    x = _picture(x)
    grad_y = check_gradient(grad_y, (*x.shape[:-2], 1, 1))
    return np.full(x.shape, grad_y / (x.shape[-2] * x.shape[-1]), dtype)


class _Pool(NamedTuple):
    """The checked arguments of a pool, with four axes."""

    x: np.ndarray  # [n image, c channel, row, column]
    y: tuple[int, ...]  # [n, c, r, q]
    slides: Slides
    y_shape: tuple[int, ...]  # as the caller sees it

    def blocks(self) -> Iterator[tuple[tuple[slice, ...], np.ndarray, Slides]]:
        """Cut y into blocks [n, c, r] that fit the scratch in double precision; yield each with its maps and slides."""
        down, across = self.slides
        for images, channels, rows in blocks(self.y[:3], DOUBLE.itemsize * max(across.n, across.positions)):
            yield (images, channels, rows), self.x[images, channels], (down.part(rows), across)


def _pool(x, size, stride, padding, dilation) -> _Pool:
    x, size = _picture(x), pair("size", size)
    settings = picture_settings(size if stride is None else stride, padding, dilation)
    slides = _pool_slides(x.shape[-2:], size, *settings)
    y_shape, ones = (*x.shape[:-2], *[slide.positions for slide in slides]), (1,) * (4 - x.ndim)
    return _Pool(x.reshape(ones + x.shape), ones + y_shape, slides, y_shape)


@lru_cache(maxsize=512)
def _pool_slides(shape, size, strides, paddings, dilations) -> tuple[Slide, ...]:
    """Return how the windows slide; raise ValueError if none fits, or if one reads no pixel."""
    slides = along_axes(Slide.over, shape, size, strides, paddings, dilations, name="size")
    check_room(tuple([slide.positions for slide in slides]))
    for axis, slide, padding in zip(("rows", "columns"), slides, paddings, strict=True):
        real = _real_pixels(slide)
        if not real.all():
            window = int(real.argmin())
            first = window * slide.stride - slide.before
            if first >= slide.n or first + slide.extent <= 0:
                raise ValueError(refusal("on padding", axis=axis, window=window, padding=padding, size=slide.taps))
            raise ValueError(
                f"Along the {axis}, window {window} would step over all pixels, with nothing to pool; use a smaller "
                f"dilation than {slide.dilation}."
            )
    return slides


def _picture(x) -> np.ndarray:
    x = numbers("x", x)
    check_input(x.shape, PICTURE)
    if x.ndim == 3:  # a batch may come from inside a network, where maps have any shape
        check_channels_first("x has shape", x.shape)
    return x


def _real_pixels(slide: Slide) -> np.ndarray:
    """Return how many real pixels each window along an axis has."""
    counts = np.zeros(slide.positions, int)
    for positions, _ in slide.steps():
        counts[positions] += 1
    return counts


def _counts(slides: Slides, count_padding: bool) -> np.ndarray:
    """Return how many pixels of each window count, [r, q]."""
    return np.outer(*[slide.taps if count_padding else _real_pixels(slide) for slide in slides])


def _reduced(x: np.ndarray, slides: Slides, combine: np.ufunc, start: float, dtype: np.dtype) -> np.ndarray:
    """Return the pixels of each window combined into one number: first each column, then their results."""
    down, across = slides
    wide = scratch("wide", (*x.shape[:2], down.positions, across.n), dtype)
    out = scratch("pooled", (*wide.shape[:3], across.positions), dtype)
    wide[...], out[...] = start, start
    for positions, pixels in down.steps():
        combine(wide[:, :, positions], x[:, :, pixels], out=wide[:, :, positions])
    for positions, pixels in across.steps():
        combine(out[..., positions], wide[..., pixels], out=out[..., positions])
    return out


def _add_to_largest(x, y, grad_y, grad_x, slides: Slides) -> None:
    """Add each output's gradient to the first pixel, in row-major order, that equals the maximum of its window."""
    waiting, some_nan, finite = np.ones(y.shape, bool), np.isnan(y).any(), np.isfinite(grad_y).all()
    for _, positions, pixels in taps(slides):
        position, pixel = (..., *positions), (..., *pixels)
        takes = x[pixel] == y[position]
        if some_nan:
            takes |= np.isnan(x[pixel])
        takes &= waiting[position]
        waiting[position] ^= takes
        if finite:
            grad_x[pixel] += grad_y[position] * takes  # faster than np.where
        else:  # infinity times 0 would be NaN
            grad_x[pixel] += np.where(takes, grad_y[position], 0)


def _grad_arrays(grad_y, x, pool: _Pool) -> tuple[np.ndarray, np.ndarray]:
    """Return grad_y, checked, with four axes, and zeros for grad_x; x is as the caller gave it."""
    grad_x = np.zeros(pool.x.shape, common_type(grad_y, x))
    return check_gradient(grad_y, pool.y_shape).reshape(pool.y), grad_x
