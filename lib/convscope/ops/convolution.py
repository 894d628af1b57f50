"""Convolution: gather the windows, multiply them by the weights, and on the backward pass scatter the gradients.

    forward             y = weights · windows
    backward            grad_weights = grad_y · windowsᵀ        grad_windows = weightsᵀ · grad_y

The windows are a matrix with a column for each position, as in chapter 3: a colour photo of 48×48 pixels has 46×46
positions, and 16 filters of 3×3 make [16, 27] · [27, 2116] = [16, 2116]. The windows have kernel_size² times as many
numbers as the image, so they are never all made at once: the work goes from block to block of positions.

Like every deep-learning library, this one calls cross-correlation convolution: the kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import check_room, whole
from ..geometry import IntPair, Padding, output_size, padding_amounts, transposed_size
from .arrays import (
    PICTURE,
    TIME,
    check_bias,
    check_gradient,
    check_kernels,
    check_transposed_kernels,
    common_type,
    numbers,
    product_in_pieces,
    sum_in_double,
)
from .windows import (
    Slide,
    Slides,
    along_axes,
    blocks,
    gather,
    picture_settings,
    scatter,
    scratch,
    time_settings,
    window_room,
)


def conv2d(
    x: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: IntPair = 1,
    padding: Padding = "valid",
    dilation: IntPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the feature maps of images: at each position, the sum of window times kernel, plus the bias.

    x: (batch, channel, row, column), or one image (channel, row, column), or a single channel (row, column).
    kernels: (filter, channel / groups, row, column); for a single channel one kernel, (row, column).
    bias: one number per filter; zero by default.
    stride, dilation: in pixels, an int or (rows, columns).
    padding: zeros around the input: "valid" (none), "same" (output = ⌈input / stride⌉, an odd zero at the bottom or
        right), "full", an int, (rows, columns), or ((top, bottom), (left, right)).
    groups: the number of equal parts into which channels and filters are divided; a filter reads its own part only.
    Returns an array with as many axes as x: float32 if the arrays of floats given are float32, float64 if one of them
        is; lists and whole numbers do not count, and alone give float64.
    Raises ValueError or TypeError, naming the argument, if the arguments do not fit each other.
    Formula: y[n, f, r, q] = bias[f] + Σ x[n, c, r·stride + i·dilation, q·stride + j·dilation] · kernels[f, c, i, j]
        on the padded x: cross-correlation (Dumoulin & Visin 2016; Goodfellow et al. 2016, equation 9.6).
    """
    dtype = common_type(x, kernels, bias)  # before lists become arrays
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    plan = _plan(x.shape, kernels.shape, *picture_settings(stride, padding, dilation), whole("groups", groups))
    x, weights = x.reshape(plan.x), kernels.reshape(plan.weights).astype(dtype, copy=False)
    bias = check_bias(bias, kernels.shape[:-3]).astype(dtype, copy=False).reshape(-1, 1, 1, 1)
    y = np.empty(plan.y, dtype)
    for images, rows, columns, slides in plan.blocks(dtype):
        windows = plan.as_matrices(gather(x[images], slides, dtype))  # [g, tap, position]
        part = y[images, :, rows, columns].transpose(1, 2, 3, 0)  # a view of y, [f, r, q, n], that no matrix fits
        maps = scratch("maps", part.shape, dtype)
        np.matmul(weights, windows, out=plan.as_matrices(maps))
        np.add(maps, bias, out=part)
    return y.reshape(plan.y_shape)


def conv2d_backward(
    grad_y: ArrayLike,
    x: ArrayLike,
    kernels: ArrayLike,
    *,
    stride: IntPair = 1,
    padding: Padding = "valid",
    dilation: IntPair = 1,
    groups: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a loss with respect to the inputs of `conv2d`: (grad_x, grad_kernels, grad_bias).

    grad_y: the gradient of the loss with respect to the output, in the output's shape.
    x, kernels and the settings: as given to `conv2d`.
    Returns arrays in the shapes of x, of kernels and of a bias: one number per filter, or one for a single channel.
    The gradient of a weight is a sum over all positions, because they share it. At stride 1 and dilation 1, grad_x of a
        valid convolution is the full convolution of grad_y with the flipped kernels (Dumoulin & Visin 2016,
        relationship 8).
    Raises as `conv2d` does.
    """
    dtype = common_type(grad_y, x, kernels)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    plan = _plan(x.shape, kernels.shape, *picture_settings(stride, padding, dilation), whole("groups", groups))
    images_of_x, grad_y = x.reshape(plan.x), check_gradient(grad_y, plan.y_shape).reshape(plan.y)
    weights = kernels.reshape(plan.weights).astype(dtype, copy=False)
    grad_x, grad_weights = np.zeros(plan.x, dtype), np.zeros(plan.weights, dtype)
    for images, rows, columns, slides in plan.blocks(dtype):
        windows = gather(images_of_x[images], slides, dtype)
        grad_maps = plan.as_matrices(_copied(grad_y[images, :, rows, columns], dtype))
        grad_weights += product_in_pieces(grad_maps, plan.as_matrices(windows).swapaxes(1, 2))
        _window_gradients(weights, grad_maps, out=plan.as_matrices(windows))  # written over the windows
        scatter(windows, grad_x[images], slides)
    grad_bias = sum_in_double(grad_y, (0, 2, 3), dtype).reshape(kernels.shape[:-3])[()]  # [()] makes shape () a number
    return grad_x.reshape(x.shape), grad_weights.reshape(kernels.shape), grad_bias


class _Plan(NamedTuple):
    """What follows from the shapes and settings of a convolution alone; x, weights and y are shapes."""

    x: tuple[int, ...]  # [n image, c channel, row, column]
    weights: tuple[int, ...]  # [g group, filter of the group, tap of each channel read]
    y: tuple[int, ...]  # [n, f filter, r, q]
    slides: Slides
    y_shape: tuple[int, ...]  # as the caller sees it

    def blocks(self, dtype: np.dtype) -> Iterator[tuple[slice, slice, slice, Slides]]:
        """Cut the positions of all images into blocks whose windows and whose maps fit the scratch."""
        count, filters, *positions = self.y
        groups, _, weights = self.weights
        down, across = self.slides
        for images, rows, columns in blocks((count, *positions), max(filters, groups * weights) * dtype.itemsize):
            yield images, rows, columns, (down.part(rows), across.part(columns))

    def as_matrices(self, array: np.ndarray) -> np.ndarray:
        """Return windows [c, i, j, r, q, n], or maps [f, r, q, n], as a matrix for each group, [g, …, position].

        It is a view, because scratch memory is contiguous.
        """
        return array.reshape(self.weights[0], -1, prod(array.shape[-3:]))


@lru_cache(maxsize=512)  # a training loop or an explorer repeats a few calls, and this is most of a small call's time
def _plan(x, kernels, strides, paddings, dilations, groups) -> _Plan:
    """Return the plan for these shapes and checked settings; raise ValueError if they do not fit each other."""
    check_kernels(kernels, x, PICTURE, groups)
    slides = along_axes(Slide.over, x[-2:], kernels[-2:], strides, paddings, dilations)
    images, channels = (1, 1, *x[:-2])[-2:]  # x has both, channels alone, or neither
    filters, positions = prod(kernels[:-3]), [slide.positions for slide in slides]
    y_shape = (*x[:-3], *kernels[:-3], *positions)
    check_room(y_shape, "use a smaller x, fewer filters, less padding or a larger stride")
    return _Plan(
        x=(images, channels, *x[-2:]),
        weights=(groups, filters // groups, channels // groups * prod(kernels[-2:])),
        y=(images, filters, *positions),
        slides=slides,
        y_shape=y_shape,
    )


def _copied(part: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return a block's part of maps [n, f, r, q] with the images last, [f, r, q, n], in memory that is used again."""
    part = part.transpose(1, 2, 3, 0)
    copy = scratch("maps", part.shape, dtype)
    copy[...] = part
    return copy


def _window_gradients(weights: np.ndarray, grad_maps: np.ndarray, out: np.ndarray) -> None:
    """Fill `out`, [g, tap, position], with the gradients of the windows: weightsᵀ · grad_maps."""
    multiply = np.matmul if weights.shape[1] > 1 else np.multiply  # BLAS is slow at products of rank one
    multiply(weights.swapaxes(1, 2), grad_maps, out=out)


def conv_transpose2d(
    x: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: IntPair = 1,
    padding: Padding = "valid",
    dilation: IntPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return x enlarged by a transposed convolution: each pixel adds its kernel, times its value, to the output.

    It is what the backward pass of `conv2d`, with the same kernels and settings, does to get grad_x from grad_y.

    kernels: (channel, filter / groups, row, column), as in PyTorch: those of the `conv2d` in the other direction.
    stride: pixels of the output from one pixel of x to the next. dilation: from one weight to the next.
    padding: as for that `conv2d`; what it adds is cropped here, so that "same" gives output = input · stride.
    The rest is as for `conv2d`. Along each axis the output has (n − 1) · stride + extent − before − after pixels, with
        extent = dilation · (kernel_size − 1) + 1.
    PyTorch's output_padding is a smaller crop at the end: for padding=1, output_padding=1 give ((1, 0), (1, 0)). "same"
        is TensorFlow's, and crops an odd pixel at the end.
    Formula: y[n, f, r·stride + i·dilation, q·stride + j·dilation] += x[n, c, r, q] · kernels[c, f, i, j], then the
        crop (Dumoulin & Visin 2016, chapter 4).
    """
    dtype = common_type(x, kernels, bias)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    settings = *picture_settings(stride, padding, dilation), whole("groups", groups)
    y_shape = _transposed_shape(x.shape, kernels.shape, *settings)
    plan = _plan(y_shape, kernels.shape, *settings)  # of the convolution from y to x: its y has the shape of this x
    x, weights = x.reshape(plan.y), kernels.reshape(plan.weights).astype(dtype, copy=False)
    y = np.empty(plan.x, dtype)
    y[...] = check_bias(bias, y_shape[-3:-2]).reshape(-1, 1, 1)
    for images, rows, columns, slides in plan.blocks(dtype):
        windows = window_room(y[images], slides, dtype)
        maps = plan.as_matrices(_copied(x[images, :, rows, columns], dtype))
        _window_gradients(weights, maps, out=plan.as_matrices(windows))
        scatter(windows, y[images], slides)
    return y.reshape(y_shape)


def _transposed_shape(x, kernels, strides, paddings, dilations, groups) -> tuple[int, ...]:
    """Return the shape of a transposed convolution's output; raise ValueError if x and kernels do not fit."""
    check_transposed_kernels(kernels, x, groups)
    filters = () if len(x) == 2 else (kernels[1] * groups,)
    pixels = along_axes(transposed_size, x[-2:], kernels[-2:], strides, paddings, dilations)
    y_shape = *x[:-3], *filters, *pixels
    check_room(y_shape, "use a smaller x, fewer filters, more padding or a smaller stride")
    return y_shape


def conv1d(
    x: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the feature maps of signals under kernels that slide along time: `conv2d` of images with one row.

    x: (batch, channel, time), or (channel, time), or a single channel (time,).
    kernels: (filter, channel / groups, time); for a single channel one kernel, (time,).
    stride, dilation: in steps of time, an int. padding: as for `conv2d`, and "causal" (all of it before, so that no
        output depends on later input) or (before, after).
    The rest is as for `conv2d`.
    """
    dtype = common_type(x, kernels, bias)
    x, kernels, settings = _one_row(x, kernels, dtype, stride, padding, dilation, groups)
    return conv2d(x, kernels, bias, **settings)[..., 0, :]


def conv1d_backward(
    grad_y: ArrayLike,
    x: ArrayLike,
    kernels: ArrayLike,
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
    groups: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a loss with respect to the inputs of `conv1d`: (grad_x, grad_kernels, grad_bias).

    Arguments and errors as for `conv2d_backward`.
    """
    dtype = common_type(grad_y, x, kernels)
    x, kernels, settings = _one_row(x, kernels, dtype, stride, padding, dilation, groups)
    positions = output_size(x.shape[-1], kernels.shape[-1], stride=stride, padding=padding, dilation=dilation)
    grad_y = check_gradient(_typed("grad_y", grad_y, dtype), (*x.shape[:-3], *kernels.shape[:-3], positions))
    grad_x, grad_kernels, grad_bias = conv2d_backward(grad_y[..., None, :], x, kernels, **settings)
    return grad_x[..., 0, :], grad_kernels[..., 0, :], grad_bias


def _one_row(x, kernels, dtype: np.dtype, stride, padding, dilation, groups) -> tuple[np.ndarray, np.ndarray, dict]:
    """Return signals and their kernels as images and kernels with one row, and the settings that `conv2d` takes."""
    x, kernels = _typed("x", x, dtype), _typed("kernels", kernels, dtype)
    settings = *time_settings(stride, padding, dilation), whole("groups", groups)
    settings = _one_row_settings(x.shape, kernels.shape, *settings)
    return x[..., None, :], kernels[..., None, :], settings


def _typed(name: str, value, dtype: np.dtype) -> np.ndarray:
    """Return `value` as an array: a list in this type, because to `conv2d` it would be an array of doubles."""
    array = numbers(name, value)
    return array if getattr(value, "ndim", 0) else array.astype(dtype)


@lru_cache(maxsize=512)
def _one_row_settings(x, kernels, strides, paddings, dilations, groups) -> dict:
    """Return the settings of signals of this shape as those of images; raise ValueError if they do not fit."""
    check_kernels(kernels, x, TIME, groups)
    (amounts,) = along_axes(padding_amounts, x[-1:], kernels[-1:], strides, paddings, dilations)
    return {"stride": (1, *strides), "padding": ((0, 0), amounts), "dilation": (1, *dilations), "groups": groups}
