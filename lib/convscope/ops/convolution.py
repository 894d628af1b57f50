"""Convolution: gather the windows, one matrix product, and on the way back scatter.

    forward             y = weights · windows
    backward            grad_weights = grad_y · windowsᵀ        grad_windows = weightsᵀ · grad_y

and what comes back for a window is added to the pixels that it was read from. The work goes block by block, so that
the windows, kernel_size² times as many numbers as the picture, never exist all at once.

What every deep-learning library calls convolution is cross-correlation: the kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import check_room, whole
from ..geometry import IntPair, Padding, padding_amounts
from . import windows
from .arrays import (
    PICTURE,
    TIME,
    check_bias,
    check_gradient,
    check_input,
    check_kernels,
    check_transposed_kernels,
    common_type,
    exact_product,
    exact_sum,
    numbers,
)
from .windows import (
    Block,
    Slide,
    blocks,
    gather,
    picture_settings,
    room,
    scatter,
    scratch,
    slide_along,
    slides_over,
    time_settings,
    transposed_pixels,
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
    """The feature maps of pictures under kernels: at each place, the sum of window times kernel, plus the bias.

    x: (batch, channel, row, column), or one image (channel, row, column), or a plain picture (row, column).
    kernels: (filter, channel / groups, row, column); for a plain picture one kernel, (row, column).
    bias: one number per filter; left out, zero.
    stride, dilation: in pixels, an int or (rows, columns); 1 is every pixel.
    padding: zeros round the input: "valid" (none), "same" (output = ⌈input / stride⌉, an odd zero at the bottom or
        right), "full", an int, (rows, columns), or ((top, bottom), (left, right)).
    groups: the channels in this many equal parts; each part of the filters reads its own part alone.
    Returns an array with as many axes as x: float32 from float32, float64 from float64; lists and whole numbers
        follow the arrays of floats beside them, and alone become float64.
    Raises ValueError or TypeError, naming the argument, when the arguments do not fit each other.
    Formula: y[n, f, r, q] = bias[f] + Σ x[n, c, r·stride + i·dilation, q·stride + j·dilation] · kernels[f, c, i, j]
        on the padded x: cross-correlation (Dumoulin & Visin 2016; Goodfellow et al. 2016, equation 9.6).
    """
    dtype = common_type(x, kernels, bias)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    plan = _plan(x.shape, kernels.shape, *picture_settings(stride, padding, dilation), whole("groups", groups))
    x, weights = x.reshape(plan.x), kernels.reshape(plan.weights).astype(dtype, copy=False)
    bias = None if bias is None else check_bias(bias, plan.bias_shape).reshape(plan.bias)
    y = np.empty(plan.y, dtype)
    for block in plan.blocks(dtype):
        matrix = _as_matrices(gather(x, plan.slides, block, dtype))
        product = np.matmul(weights, matrix, out=scratch("product", (*weights.shape[:2], matrix.shape[2]), dtype))
        if bias is not None:
            product += bias
        _at(y, block)[...] = product.reshape(_at(y, block).shape)
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
    """How a loss changes with what went into `conv2d`: (grad_x, grad_kernels, grad_bias).

    grad_y: the loss's gradient for each output, in the shape of the output.
    x, kernels and the settings: as they were given to `conv2d`.
    Returns gradients in the shapes of x, of kernels, and of a bias (one per filter; for a plain picture a number).
    Each weight gathers from all places, since all share it. At stride 1 and dilation 1, grad_x of a valid convolution
        is the full convolution of grad_y with the kernels flipped (Dumoulin & Visin 2016, relationship 8).
    Raises ValueError or TypeError, naming the argument.
    """
    dtype = common_type(grad_y, x, kernels)
    grad_y, x, kernels = numbers("grad_y", grad_y), numbers("x", x), numbers("kernels", kernels)
    plan = _plan(x.shape, kernels.shape, *picture_settings(stride, padding, dilation), whole("groups", groups))
    check_gradient(grad_y, plan.y_shape)
    weights, grad_y = kernels.reshape(plan.weights).astype(dtype, copy=False), grad_y.reshape(plan.y)
    grad_x, grad_weights = np.zeros(plan.x, dtype), np.zeros(plan.weights, dtype)
    for block in plan.blocks(dtype):
        box = gather(x.reshape(plan.x), plan.slides, block, dtype)
        grad = _copied(grad_y, block, dtype)
        grad_weights += exact_product(grad, _as_matrices(box).swapaxes(1, 2))
        _fill(box, weights, grad)  # the windows have served; their room is used again
        scatter(box, grad_x, plan.slides, block)
    grad_bias = exact_sum(grad_y, (0, 3, 4), dtype).reshape(plan.bias_shape)
    return grad_x.reshape(x.shape), grad_weights.reshape(kernels.shape), grad_bias[()]


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
    """Return x enlarged by a transposed convolution: each pixel adds its kernel, times itself, to the output.

    This is the way back through `conv2d` with these kernels and settings, as its backward pass takes it for grad_x.

    x: (batch, channel, row, column), (channel, row, column) or (row, column).
    kernels: (channel, filter / groups, row, column), as in PyTorch: those of the conv2d that leads the other way. For
        a plain picture one kernel, (row, column).
    bias: one number per filter; left out, zero.
    stride: pixels of the output from one pixel of x to the next. dilation: from one weight to the next. Each an int or
        (rows, columns).
    padding: what that conv2d pads is cropped here: "valid" (nothing), "same" (output = input · stride), "full", an
        int, (rows, columns), or ((top, bottom), (left, right)).
    groups: the channels in this many equal parts; each adds to its own part of the filters alone.
    Returns an array with as many axes as x, its type as for conv2d. Along each axis the size is
        (n − 1) · stride + extent − before − after, with extent = dilation · (kernel_size − 1) + 1.
    Differs from PyTorch: there is no output_padding. Crop less at the end: padding=1, output_padding=1 is
        ((1, 0), (1, 0)) here. "same" is TensorFlow's, and crops an odd pixel at the end.
    Raises ValueError or TypeError, naming the argument, when the arguments do not fit each other.
    Formula: y[n, f, r·stride + i·dilation, q·stride + j·dilation] += x[n, c, r, q] · kernels[c, f, i, j], then the
        crop (Dumoulin & Visin 2016, chapter 4).
    """
    dtype = common_type(x, kernels, bias)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    settings = *picture_settings(stride, padding, dilation), whole("groups", groups)
    y_shape = _transposed_shape(x.shape, kernels.shape, *settings)
    plan = _plan(y_shape, kernels.shape, *settings)  # of the convolution that leads from y to x
    x, weights = x.reshape(plan.y), kernels.reshape(plan.weights).astype(dtype, copy=False)
    y = np.zeros(plan.x, dtype)
    if bias is not None:
        y += check_bias(bias, y_shape[-3:-2]).reshape(-1, *plan.x[2:3], 1, 1)
    for block in plan.blocks(dtype):
        box = room(y, plan.slides, block, dtype)
        _fill(box, weights, _copied(x, block, dtype))
        scatter(box, y, plan.slides, block)
    return y.reshape(y_shape)


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
    """The feature maps of signals under kernels that slide along time: `conv2d` of pictures of one row.

    x: (batch, channel, time), or (channel, time), or a plain signal (time,).
    kernels: (filter, channel / groups, time); for a plain signal one kernel, (time,).
    stride, dilation: in steps of time. padding: as for `conv2d`, also "causal" (all of it before, so that no output
        looks ahead) and (before, after).
    All else as for `conv2d`.
    """
    dtype = common_type(x, kernels, bias)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    settings = _of_one_row(x.shape, kernels.shape, stride, padding, dilation, groups)
    y = conv2d(x[..., None, :], kernels[..., None, :], bias, **settings, groups=groups)
    return y[..., 0, :].astype(dtype, copy=False)


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
    """How a loss changes with what went into `conv1d`: (grad_x, grad_kernels, grad_bias); see `conv2d_backward`."""
    dtype = common_type(grad_y, x, kernels)
    grad_y, x, kernels = numbers("grad_y", grad_y), numbers("x", x), numbers("kernels", kernels)
    settings = _of_one_row(x.shape, kernels.shape, stride, padding, dilation, groups)
    x, kernels = x[..., None, :], kernels[..., None, :]
    *axes, _, time = _plan(x.shape, kernels.shape, *picture_settings(**settings), groups).y_shape
    check_gradient(grad_y, (*axes, time))
    grad_x, grad_kernels, grad_bias = conv2d_backward(grad_y[..., None, :], x, kernels, **settings, groups=groups)
    return grad_x[..., 0, :].astype(dtype), grad_kernels[..., 0, :].astype(dtype), grad_bias.astype(dtype)


def _of_one_row(x, kernels, stride, padding, dilation, groups) -> dict:
    """The settings of time as those of a picture of one row; what does not fit is refused in words of time."""
    (stride,), (padding,), (dilation,) = time_settings(stride, padding, dilation)
    check_input(x, TIME)
    check_kernels(kernels, x, TIME, whole("groups", groups))
    slide_along("time axis", "kernel_size", x[-1], kernels[-1], stride, padding, dilation)
    around = padding_amounts(x[-1], kernels[-1], stride=stride, padding=padding, dilation=dilation)
    return {"stride": (1, stride), "padding": ((0, 0), around), "dilation": (1, dilation)}


class _Plan(NamedTuple):
    """What the shapes and settings of a convolution decide before any number is seen."""

    x: tuple[int, ...]  # [n image, g group, c channel of the group, y, x]
    weights: tuple[int, ...]  # [g, f filter of the group, taps]
    y: tuple[int, ...]  # [n, g, f, r, q]
    slides: tuple[Slide, Slide]
    bias_shape: tuple[int, ...]  # as the caller sees it, like the next
    y_shape: tuple[int, ...]

    @property
    def bias(self) -> tuple[int, ...]:
        return *self.weights[:2], 1

    def blocks(self, dtype: np.dtype) -> Iterable[Block]:
        """The places in blocks, such that their windows, and what the filters make of them, fit the scratch."""
        images, groups, filters, rows, columns = self.y
        cells = windows.SCRATCH_BYTES // dtype.itemsize
        return blocks((images, rows, columns), max(cells // (groups * max(filters, self.weights[2])), 1))


@lru_cache(maxsize=512)  # most of a small call's cost; a drag or a training loop makes few distinct ones
def _plan(x, kernels, strides, paddings, dilations, groups) -> _Plan:
    """Check that shapes and settings go together; every refusal is said here."""
    check_input(x, PICTURE)
    check_kernels(kernels, x, PICTURE, groups)
    slides = slides_over(x[-2:], kernels[-2:], strides, paddings, dilations)
    images, channels, *pixels = (1,) * (4 - len(x)) + x
    filters, *taps = (1,) * (4 - len(kernels)) + kernels
    outputs = tuple([slide.places for slide in slides])
    bias_shape = () if len(x) == 2 else (filters,)
    y_shape = (*x[:-3], *bias_shape, *outputs)
    check_room(y_shape, "use a smaller x, fewer filters, less padding or a larger stride")
    return _Plan(
        x=(images, groups, channels // groups, *pixels),
        weights=(groups, filters // groups, prod(taps)),
        y=(images, groups, filters // groups, *outputs),
        slides=slides,
        bias_shape=bias_shape,
        y_shape=y_shape,
    )


def _transposed_shape(x, kernels, strides, paddings, dilations, groups) -> tuple[int, ...]:
    """The shape of a transposed convolution's output, once x and kernels are found to go together."""
    check_input(x, PICTURE)
    check_transposed_kernels(kernels, x, groups)
    filters = () if len(x) == 2 else (kernels[1] * groups,)
    y_shape = *x[:-3], *filters, *transposed_pixels(x[-2:], kernels[-2:], strides, paddings, dilations)
    check_room(y_shape, "use a smaller x, fewer filters, more padding or a smaller stride")
    return y_shape


def _as_matrices(box: np.ndarray) -> np.ndarray:
    """Windows [g, c, i, j, r, q, n] as matrices [g, taps, places]."""
    return box.reshape(len(box), prod(box.shape[1:4]), -1)


def _copied(y: np.ndarray, block: Block, dtype: np.dtype) -> np.ndarray:
    """The outputs of a block, of y [n, g, f, r, q], as matrices [g, f, places] in scratch."""
    copy = scratch("product", _at(y, block).shape, dtype)
    copy[...] = _at(y, block)
    return copy.reshape(*copy.shape[:2], -1)


def _fill(box: np.ndarray, weights: np.ndarray, grad: np.ndarray) -> None:
    """Fill windows with what comes back for them: weightsᵀ · grad."""
    multiply = np.matmul if weights.shape[1] > 1 else np.multiply  # BLAS is slow at products of rank one
    multiply(weights.swapaxes(1, 2), grad, out=_as_matrices(box))


def _at(y: np.ndarray, block: Block) -> np.ndarray:
    """The outputs of a block, of y [n, g, f, r, q], as a view [g, f, r, q, n]."""
    images, rows, columns = block
    return y[images, :, :, rows, columns].transpose(1, 2, 3, 4, 0)
