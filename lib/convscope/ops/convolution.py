"""Convolution as matrix products: the windows of a block of places side by side, times all kernels at once.

    forward             y = kernels · windows
    backward            grad_kernels = grad_y · windowsᵀ        grad_windows = kernelsᵀ · grad_y

and what comes back for a window is added to the pixels that it was read from. The work goes block by block, so that
the windows, kernel_size² times as many numbers as the picture, never exist all at once.

What every deep-learning library calls convolution is cross-correlation: the kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np

from ..geometry import check_room, whole
from . import windows
from .arrays import (
    PICTURE,
    TIME,
    check_bias,
    check_gradient,
    check_input,
    check_kernels,
    common_type,
    exact_product,
    exact_sum,
    numbers,
)
from .windows import Box, Slide, blocks, gather, picture_settings, scatter, scratch, slides_over, time_settings


def conv2d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
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
    return _forward(PICTURE, x, kernels, bias, *picture_settings(stride, padding, dilation), whole("groups", groups))


def conv1d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """The feature maps of signals under kernels that slide along time.

    x: (batch, channel, time), or (channel, time), or a plain signal (time,).
    kernels: (filter, channel / groups, time); for a plain signal one kernel, (time,).
    stride, dilation: in steps of time. padding: as for `conv2d`, also "causal" (all of it before, so that no output
        looks ahead) and (before, after).
    All else as for `conv2d`.
    """
    return _forward(TIME, x, kernels, bias, *time_settings(stride, padding, dilation), whole("groups", groups))


def conv2d_backward(grad_y, x, kernels, *, stride=1, padding="valid", dilation=1, groups=1):
    """How a loss changes with what went into `conv2d`: (grad_x, grad_kernels, grad_bias).

    grad_y: the loss's gradient for each output, in the shape of the output.
    x, kernels and the settings: as they were given to `conv2d`.
    Returns gradients in the shapes of x, of kernels, and of a bias (one per filter; for a plain picture a number).
    Each weight gathers from all places, since all share it. At stride 1 and dilation 1, grad_x of a valid convolution
        is the full convolution of grad_y with the kernels flipped (Dumoulin & Visin 2016, relationship 8).
    Raises ValueError or TypeError, naming the argument.
    """
    return _backward(PICTURE, grad_y, x, kernels, *picture_settings(stride, padding, dilation), whole("groups", groups))


def conv1d_backward(grad_y, x, kernels, *, stride=1, padding="valid", dilation=1, groups=1):
    """How a loss changes with what went into `conv1d`: (grad_x, grad_kernels, grad_bias); see `conv2d_backward`."""
    return _backward(TIME, grad_y, x, kernels, *time_settings(stride, padding, dilation), whole("groups", groups))


# A block of windows is worth its steps of Python from so many places on; where kernels are so large that fewer would
# fit the scratch, their taps are cut up. A block of weights may be as large as so many scratches.
FEWEST_PLACES, WEIGHTS_IN_SCRATCHES = 64, 4


class _Plan(NamedTuple):
    """What the shapes and settings of a convolution decide before any number is seen."""

    x: tuple[int, ...]  # [n image, g group, c channel of the group, y, x]
    kernels: tuple[int, ...]  # [g, f filter of the group, c, i, j]
    y: tuple[int, ...]  # [n, g, f, r, q]
    slides: tuple[Slide, Slide]
    bias_shape: tuple[int, ...]  # as the caller sees it, like the next
    y_shape: tuple[int, ...]


@lru_cache(maxsize=512)  # most of a small call's cost; a drag or a training loop makes few distinct ones
def _plan(spatial, x_shape, kernels_shape, strides, paddings, dilations, groups) -> _Plan:
    """Check that shapes and settings go together; every refusal is said here."""
    check_input(x_shape, spatial)
    check_kernels(kernels_shape, x_shape, spatial, groups)
    slides = slides_over(x_shape, kernels_shape, strides, paddings, dilations)
    images, channels, *pixels = _four_axes(x_shape, spatial)
    filters, channels_read, *cells = _four_axes(kernels_shape, spatial)
    outputs = tuple(slide.places for slide in slides)
    bias_shape = () if len(x_shape) == len(spatial) else (filters,)
    y_shape = (*x_shape[: -1 - len(spatial)], *bias_shape, *outputs[-len(spatial) :])
    check_room(y_shape, "use a smaller x, fewer filters, less padding or a larger stride")
    return _Plan(
        x=(images, groups, channels // groups, *pixels),
        kernels=(groups, filters // groups, channels_read, *cells),
        y=(images, groups, filters // groups, *outputs),
        slides=slides,
        bias_shape=bias_shape,
        y_shape=y_shape,
    )


def _four_axes(shape: tuple[int, ...], spatial: tuple[str, ...]) -> tuple[int, ...]:
    """A shape with its missing axes, each of size 1; time is a picture of one row."""
    if spatial is TIME:
        shape = (*shape[:-1], 1, shape[-1])
    return (1,) * (4 - len(shape)) + shape


class _Work(NamedTuple):
    """A plan with the arrays it is carried out on, block by block."""

    plan: _Plan
    x: np.ndarray
    kernels: np.ndarray
    dtype: np.dtype

    def tap_blocks(self) -> Iterable[Box]:
        """The taps in blocks: all at once, save where kernels are so large that few windows would fit the scratch."""
        groups, filters, *taps = self.plan.kernels
        cells = windows.SCRATCH_BYTES // self.dtype.itemsize
        most = min(cells // (groups * FEWEST_PLACES), WEIGHTS_IN_SCRATCHES * cells // (groups * filters))
        return blocks(taps, max(most, 1))

    def place_blocks(self, taps: Box) -> Iterable[Box]:
        """The places in blocks, such that their windows, and what the filters make of them, fit the scratch."""
        images, groups, filters, rows, columns = self.plan.y
        cells = windows.SCRATCH_BYTES // self.dtype.itemsize
        return blocks((images, rows, columns), max(cells // (groups * max(filters, prod(_lengths(taps)))), 1))

    @property
    def rows_shared(self) -> int:
        """How many output rows at a time `_products_by_row` takes; 0 where it would not be faster."""
        images, groups, filters, _, width = self.plan.y
        _, _, channels, kernel_rows, kernel_columns = self.plan.kernels
        rows = self.plan.slides[0]
        copied, added = channels * kernel_columns, kernel_rows * filters
        # per pixel: each sum is written and read again; at a tie, one 3×3 kernel, the plain way is faster
        if images != 1 or rows.stride > 1 or kernel_rows == 1 or copied + 2 * added >= copied * kernel_rows:
            return 0
        surplus = (kernel_rows - 1) * rows.dilation
        cells = windows.SCRATCH_BYTES // self.dtype.itemsize
        at_once = cells // (groups * max(copied, added) * width) - surplus
        return at_once if at_once >= min(surplus, rows.places) else 0

    def windows(self, places: Box, taps: Box, slides: tuple[Slide, Slide]) -> np.ndarray:
        """What the taps read at the places: a box [g, c, i, j, r, q, n]."""
        images, *positions = _lengths(places)
        box = scratch.array("windows", (len(self.kernels), *_lengths(taps), *positions, images), self.dtype)
        gather(self.x, slides, places, taps, box)
        return box

    def weights(self, taps: Box) -> np.ndarray:
        """The kernels' cells at the taps as matrices [g, f, taps]."""
        block = self.kernels[:, :, *taps]
        return block.reshape(*block.shape[:2], -1).astype(self.dtype, copy=False)


def _forward(spatial, x, kernels, bias, *settings) -> np.ndarray:
    dtype = common_type(x, kernels, bias)
    x, kernels = numbers("x", x), numbers("kernels", kernels)
    plan = _plan(spatial, x.shape, kernels.shape, *settings)
    if bias is not None:
        bias = check_bias(bias, plan.bias_shape).reshape(*plan.kernels[:2], 1, 1, 1)
    work = _Work(plan, x.reshape(plan.x), kernels.reshape(plan.kernels), dtype)
    y = np.empty(plan.y, work.dtype)
    for out in _products_by_row(work, y) if work.rows_shared else _products(work, y):
        if bias is not None:
            out += bias
    return y.reshape(plan.y_shape)


def _products(work: _Work, y: np.ndarray) -> Iterator[np.ndarray]:
    """Fill y by windows times kernels; hand over each block [g, f, r, q, n] once, while it is in the cache."""
    for taps in work.tap_blocks():
        weights = work.weights(taps)
        first = not any(part.start for part in taps)
        for places in work.place_blocks(taps):
            out = _filters_first(y, places)
            _multiply(weights, _as_matrices(work.windows(places, taps, work.plan.slides)), out, add=not first)
            if first:
                yield out


def _products_by_row(work: _Work, y: np.ndarray) -> Iterator[np.ndarray]:
    """The same where filters are few: a kernel is the sum of its rows, and neighbouring windows share theirs.

    So the pixels are copied once per kernel column only, each kernel row meets all of them, and their products are
    added, each shifted by its row. For one picture under an 11×11 kernel that takes half the time.
    """
    (groups, filters, channels, kernel_rows, kernel_columns), (rows, columns) = work.plan.kernels, work.plan.slides
    weights = work.kernels.transpose(0, 3, 1, 2, 4).reshape(groups, kernel_rows * filters, channels * kernel_columns)
    weights = weights.astype(work.dtype, copy=False)
    surplus = (kernel_rows - 1) * rows.dilation
    slides = rows._replace(taps=1, places=rows.places + surplus), columns
    taps = slice(0, channels), slice(0, 1), slice(0, kernel_columns)
    for images, down, along in blocks((1, rows.places, columns.places), work.rows_shared * columns.places):
        out = _filters_first(y, (images, down, along))[..., 0]
        height, width = out.shape[2:]
        matrix = _as_matrices(work.windows((images, slice(down.start, down.stop + surplus), along), taps, slides))
        product = scratch.array("product", (groups, kernel_rows * filters, matrix.shape[2]), work.dtype)
        product = np.matmul(weights, matrix, out=product).reshape(groups, kernel_rows, filters, -1, width)
        shifted = [product[:, i, :, i * rows.dilation :][:, :, :height] for i in range(kernel_rows)]
        np.add(shifted[0], shifted[1], out=out)
        for one in shifted[2:]:
            out += one
        yield out[..., None]


def _multiply(weights: np.ndarray, matrix: np.ndarray, out: np.ndarray, add: bool) -> None:
    """Put, or add, the product into a block of outputs [g, f, r, q, n]."""
    if out.shape[4] == 1 and not add:  # the places of one image lie side by side: no detour
        np.matmul(weights, matrix, out=out.reshape(*weights.shape[:2], -1))
        return
    product = scratch.array("product", (*weights.shape[:2], matrix.shape[2]), out.dtype)
    product = np.matmul(weights, matrix, out=product).reshape(out.shape)
    if add:
        out += product
    else:
        out[...] = product


def _backward(spatial, grad_y, x, kernels, *settings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dtype = common_type(grad_y, x, kernels)
    grad_y, x, kernels = numbers("grad_y", grad_y), numbers("x", x), numbers("kernels", kernels)
    plan = _plan(spatial, x.shape, kernels.shape, *settings)
    check_gradient(grad_y, plan.y_shape)
    work = _Work(plan, x.reshape(plan.x), kernels.reshape(plan.kernels), dtype)
    grad_y = grad_y.reshape(plan.y)
    grad_x = np.zeros(plan.x, work.dtype)
    grad_kernels = np.zeros(plan.kernels, work.dtype)
    for taps in work.tap_blocks():
        weights, of_weights = work.weights(taps), grad_kernels[:, :, *taps]
        for places in work.place_blocks(taps):
            box = work.windows(places, taps, work.plan.slides)
            matrix = _as_matrices(box)
            grad = _gradient_matrices(_filters_first(grad_y, places), work.dtype)
            of_weights += exact_product(grad, matrix.swapaxes(1, 2)).reshape(of_weights.shape)
            # the windows have served; their room is used again. One filter: BLAS is slow at products of rank one
            (np.multiply if weights.shape[1] == 1 else np.matmul)(weights.swapaxes(1, 2), grad, out=matrix)
            scatter(box, plan.slides, places, taps, grad_x)
    grad_bias = exact_sum(grad_y, (0, 3, 4), work.dtype).reshape(plan.bias_shape)
    return grad_x.reshape(x.shape), grad_kernels.reshape(kernels.shape), grad_bias[()]


def _as_matrices(box: np.ndarray) -> np.ndarray:
    """Windows [g, c, i, j, r, q, n] as matrices [g, taps, places]."""
    groups, *taps = box.shape[:4]
    return box.reshape(groups, prod(taps), -1)


def _gradient_matrices(block: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """A block of gradients [g, f, r, q, n] as matrices [g, f, places], side by side in memory as BLAS wants them."""
    room = scratch.array("product", block.shape, dtype)
    np.copyto(room, block)
    return room.reshape(*block.shape[:2], -1)


def _filters_first(y: np.ndarray, places: Box) -> np.ndarray:
    """A block of outputs [n, g, f, r, q] as a view [g, f, r, q, n]."""
    images, rows, columns = places
    return y[images, :, :, rows, columns].transpose(1, 2, 3, 4, 0)


def _lengths(box: Box) -> list[int]:
    return [part.stop - part.start for part in box]
