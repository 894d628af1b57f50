"""Convolution as matrix products: the windows of a block of places side by side, times all kernels at once.

    forward             y = kernels · windows
    backward            grad_kernels = grad_y · windowsᵀ        grad_windows = kernelsᵀ · grad_y

and what comes back for a window is added to the pixels that it was read from. The work goes block by block, so that
the windows, kernel_size² times as many numbers as the picture, never exist all at once.

What every deep-learning library calls convolution is cross-correlation: the kernel is not flipped.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np

from ..geometry import whole
from . import windows
from .arrays import (
    PICTURE,
    TIME,
    check_bias,
    check_gradient,
    check_input,
    check_kernels,
    common_type,
    numbers,
    with_groups,
)
from .windows import Box, Slide, blocks, gather, scatter, scratch, slides_in_time, slides_over


def conv2d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """The feature maps of pictures under kernels: at each place, the sum of window times kernel, plus the bias.

    x: (batch, channel, row, column), or one image (channel, row, column), or a plain picture (row, column).
    kernels: (filter, channel / groups, row, column); for a plain picture one kernel, (row, column).
    bias: one number per filter; left out, zero.
    stride, dilation: in pixels, an int or (rows, columns); 1 is every pixel.
    padding: zeros round the input: "valid" (none), "same" (output = ⌈input / stride⌉, an odd zero at the bottom or
        right), "full", an int, (rows, columns), or ((top, bottom), (left, right)).
    groups: the channels in this many equal parts; each part of the filters reads its own part alone.
    Returns an array with as many axes as x: float32 from float32, float64 from float64; whole numbers follow the
        floats beside them, and alone become float64.
    Raises ValueError or TypeError, naming the argument, when the arguments do not fit each other.
    Formula: y[n, f, r, q] = bias[f] + Σ x[n, c, r·stride + i·dilation, q·stride + j·dilation] · kernels[f, c, i, j]
        on the padded x: cross-correlation (Dumoulin & Visin 2016; Goodfellow et al. 2016, equation 9.6).
    """
    return _forward(_problem(PICTURE, x, kernels, stride, padding, dilation, groups, bias))


def conv1d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """The feature maps of signals under kernels that slide along time.

    x: (batch, channel, time), or (channel, time), or a plain signal (time,).
    kernels: (filter, channel / groups, time); for a plain signal one kernel, (time,).
    stride, dilation: in steps of time. padding: as for `conv2d`, also "causal" (all of it before, so that no output
        looks ahead) and (before, after).
    All else as for `conv2d`.
    """
    return _forward(_problem(TIME, x, kernels, stride, padding, dilation, groups, bias))


def conv2d_backward(grad_y, x, kernels, *, stride=1, padding="valid", dilation=1, groups=1):
    """How a loss changes with what went into `conv2d`: (grad_x, grad_kernels, grad_bias).

    grad_y: the loss's gradient for each output, in the shape of the output.
    x, kernels and the settings: as they were given to `conv2d`.
    Returns gradients in the shapes of x, of kernels, and of a bias (one per filter; for a plain picture a number).
    Each weight gathers from all places, since all share it. At stride 1 and dilation 1, grad_x of a valid convolution
        is the full convolution of grad_y with the kernels flipped (Dumoulin & Visin 2016, relationship 8).
    Raises ValueError or TypeError, naming the argument.
    """
    return _backward(_problem(PICTURE, x, kernels, stride, padding, dilation, groups), grad_y)


def conv1d_backward(grad_y, x, kernels, *, stride=1, padding="valid", dilation=1, groups=1):
    """How a loss changes with what went into `conv1d`: (grad_x, grad_kernels, grad_bias); see `conv2d_backward`."""
    return _backward(_problem(TIME, x, kernels, stride, padding, dilation, groups), grad_y)


class Shapes(NamedTuple):
    """Shapes as the caller sees them."""

    x: tuple[int, ...]
    kernels: tuple[int, ...]
    bias: tuple[int, ...]
    y: tuple[int, ...]


class _Problem(NamedTuple):
    """One convolution, checked: the arrays with a group axis, and where the windows stand."""

    x: np.ndarray  # [n image, g group, c channel of the group, y, x]
    kernels: np.ndarray  # [g, f filter of the group, c, i, j]
    bias: np.ndarray | None  # [g, f, 1, 1, 1]
    slides: tuple[Slide, Slide]
    dtype: np.dtype
    shapes: Shapes

    @property
    def y_shape(self) -> tuple[int, ...]:
        """[n, g, f, r, q]: outputs, the filters by their groups."""
        return (len(self.x), *self.kernels.shape[:2], *(slide.places for slide in self.slides))

    def tap_blocks(self):
        """The taps in blocks: all at once, save where kernels are so large that few windows would fit the scratch."""
        groups, filters, *tap_shape = self.kernels.shape
        cells = windows.SCRATCH_BYTES // self.dtype.itemsize
        limit = min(cells // (groups * 64), 8 * cells // (groups * filters))
        return blocks(tuple(tap_shape), max(limit, 1))

    def place_blocks(self, taps: Box):
        """The places in blocks, such that their windows, and what the filters make of them, fit the scratch."""
        groups, filters = self.kernels.shape[:2]
        cells = windows.SCRATCH_BYTES // self.dtype.itemsize
        limit = cells // (groups * max(filters, _count(taps)))
        return blocks((len(self.x), *self.y_shape[3:]), max(limit, 1))

    def windows(self, places: Box, taps: Box) -> tuple[np.ndarray, np.ndarray]:
        """What the taps read at the places: a box [g, c, i, j, n, r, q], and the same as matrices [g, taps, places]."""
        groups = len(self.kernels)
        box = scratch.array("windows", (groups, *_lengths(taps), *_lengths(places)), self.dtype)
        gather(self.x, self.slides, places, taps, box)
        return box, box.reshape(groups, _count(taps), _count(places))

    def weights(self, taps: Box) -> np.ndarray:
        """The kernels' cells at the taps as matrices [g, f, taps]."""
        block = self.kernels[:, :, *taps]
        return block.reshape(*block.shape[:2], -1).astype(self.dtype, copy=False)


def _forward(problem: _Problem) -> np.ndarray:
    y = np.empty(problem.y_shape, problem.dtype)
    for taps in problem.tap_blocks():
        weights, start = problem.weights(taps), _starts(taps)
        for places in problem.place_blocks(taps):
            _, matrix = problem.windows(places, taps)
            out = _filters_first(y, places)
            if start and _lengths(places)[0] == 1:  # the places of one image lie side by side in y
                np.matmul(weights, matrix, out=out.reshape(weights.shape[:2] + (-1,)))
            else:
                product = scratch.array("product", (*weights.shape[:2], matrix.shape[-1]), problem.dtype)
                np.matmul(weights, matrix, out=product)
                product = product.reshape(out.shape)
                if start:
                    out[...] = product
                else:
                    out += product
            if start and problem.bias is not None:
                out += problem.bias
    return y.reshape(problem.shapes.y)


def _backward(problem: _Problem, grad_y):
    grad_y = numbers("grad_y", grad_y)
    shapes = problem.shapes
    check_gradient(grad_y, shapes.y)
    problem = problem._replace(dtype=common_type(grad_y, problem.x, problem.kernels))
    grad_y = grad_y.reshape(problem.y_shape)
    grad_x = np.zeros(problem.x.shape, problem.dtype)
    grad_kernels = np.zeros(problem.kernels.shape, problem.dtype)
    for taps in problem.tap_blocks():
        weights = problem.weights(taps)
        of_weights = grad_kernels[:, :, *taps]
        for places in problem.place_blocks(taps):
            box, matrix = problem.windows(places, taps)
            grad = _filters_first(grad_y, places).reshape(*weights.shape[:2], -1).astype(problem.dtype, copy=False)
            of_weights += (grad @ matrix.swapaxes(1, 2)).reshape(of_weights.shape)
            np.matmul(weights.swapaxes(1, 2), grad, out=matrix)  # the windows have served; their room is used again
            scatter(box, problem.slides, places, taps, grad_x)
    grad_bias = grad_y.sum(axis=(0, 3, 4), dtype=problem.dtype)
    return grad_x.reshape(shapes.x), grad_kernels.reshape(shapes.kernels), grad_bias.reshape(shapes.bias)[()]


def _filters_first(y: np.ndarray, places: Box) -> np.ndarray:
    """A block of outputs [n, g, f, r, q] as a view [g, f, n, r, q]."""
    images, rows, columns = places
    return y[images, :, :, rows, columns].transpose(1, 2, 0, 3, 4)


def _lengths(box: Box) -> tuple[int, int, int]:
    return tuple([part.stop - part.start for part in box])


def _count(box: Box) -> int:
    return prod(_lengths(box))


def _starts(box: Box) -> bool:
    return all(part.start == 0 for part in box)


def _problem(spatial, x, kernels, stride, padding, dilation, groups, bias=None) -> _Problem:
    """Check what was handed to a convolution, and lay it out with all axes there are."""
    x, kernels, groups = numbers("x", x), numbers("kernels", kernels), whole("groups", groups)
    check_input(x, spatial)
    check_kernels(kernels, x, spatial, groups)
    slide_over = slides_in_time if spatial is TIME else slides_over
    slides = slide_over(x.shape, kernels.shape, stride, padding, dilation)
    x5, kernels5 = with_groups(x, spatial, groups, axis=1), with_groups(kernels, spatial, groups, axis=0)
    plain = x.ndim == len(spatial)
    filters = () if plain else kernels.shape[:1]
    bias = None if bias is None else check_bias(bias, filters)
    floats = (x, kernels) if bias is None or bias.ndim == 0 else (x, kernels, bias)
    batch = x.shape[:1] if x.ndim == len(spatial) + 2 else ()
    outputs = tuple(slide.places for slide in slides[-len(spatial) :])
    return _Problem(
        x=x5,
        kernels=kernels5,
        bias=None if bias is None else bias.reshape(groups, -1, 1, 1, 1),
        slides=slides,
        dtype=common_type(*floats),
        shapes=Shapes(x.shape, kernels.shape, filters, (*batch, *filters, *outputs)),
    )
