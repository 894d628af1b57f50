"""Layers that pool: one number for each window, or for each whole map."""

from __future__ import annotations

from math import prod

import numpy as np

from .. import ops
from ..arguments import flag, pair
from ..geometry import IntPair, Padding, Window
from ..ops.arrays import sum_in_double
from ..ops.windows import picture_settings
from .base import Layer, by, stride_name

PICTURES = (("channel", "row", "column"),)


class _Pool(Layer):
    takes = PICTURES
    word = forwards = backwards = None  # its name, the operation, and its gradient

    def __init__(self, size: IntPair, stride: IntPair, padding: Padding, **more):
        self.size = pair("size", size)
        self.settings = {"size": self.size, "stride": self.size if stride is None else stride, "padding": padding}
        self.settings |= more
        strides, paddings, _ = picture_settings(self.settings["stride"], padding, 1)
        self.windows = tuple(map(Window, self.size, strides, paddings))
        self.kind = f"{self.word} {by(self.size)}{stride_name(strides, self.size)}"

    def window(self, axis):
        return self.windows[axis]

    def _run(self, x, weights, training):
        y = self.forwards(x, **self.settings)
        return y, lambda grad_y: (self.backwards(grad_y, x, **self.settings), {})


class MaxPool2D(_Pool):
    """A max pool: the largest value of each window, as `max_pool2d`. stride: by default the size."""

    word = "max pool"
    forwards, backwards = staticmethod(ops.max_pool2d), staticmethod(ops.max_pool2d_backward)

    def __init__(self, size: IntPair = 2, *, stride: IntPair | None = None, padding: Padding = "valid"):
        super().__init__(size, stride, padding)


class AvgPool2D(_Pool):
    """An average pool: the mean of each window, as `avg_pool2d`. stride: by default the size."""

    word = "average pool"
    forwards, backwards = staticmethod(ops.avg_pool2d), staticmethod(ops.avg_pool2d_backward)

    def __init__(
        self,
        size: IntPair = 2,
        *,
        stride: IntPair | None = None,
        padding: Padding = "valid",
        count_padding: bool = False,
    ):
        super().__init__(size, stride, padding, count_padding=flag("count_padding", count_padding))


class Subsample2D(Layer):
    """The sum of each window, times a coefficient, plus a bias; both are learned for each map (LeCun et al. 1998).

    size: the window and the stride, an int or (rows, columns). parameters: "coefficients" and "bias", one per channel;
    with the initial coefficients the output is the mean.
    """

    takes = PICTURES
    gain = 1.0

    def __init__(self, size: IntPair = 2):
        self.size = pair("size", size)
        self.kind = f"subsample {by(self.size)}"

    def window(self, axis):
        return Window(self.size[axis], self.size[axis])

    def connections(self, input_shape):
        """Return the connections: from each output to all pixels of its window, and to its bias."""
        return prod(self.output_shape(input_shape)) * (prod(self.size) + 1)

    def _weight_shapes(self, input_shape):
        return {"coefficients": input_shape[:1], "bias": input_shape[:1]}

    def _start(self, name, shape, rng, gain):
        return np.full(shape, 0 if name == "bias" else 1 / prod(self.size), np.float32)

    def _run(self, x, weights, training):
        sums = ops.avg_pool2d(x, self.size) * prod(self.size)
        coefficients, bias = (weights[name][:, None, None] for name in ("coefficients", "bias"))

        def back(grad_y):
            over = (0, 2, 3)
            gradients = {"coefficients": sum_in_double(grad_y * sums, over), "bias": sum_in_double(grad_y, over)}
            return ops.avg_pool2d_backward(grad_y * coefficients * prod(self.size), x, self.size), gradients

        return sums * coefficients + bias, back


class _GlobalPool(Layer):
    forwards = backwards = None

    def window(self, axis):
        return None

    def _run(self, x, weights, training):
        picture = x if x.ndim == 4 else x[:, :, None]  # a signal is an image with one row
        y = self.forwards(picture)

        def back(grad_y):
            return self.backwards(grad_y.reshape(y.shape), picture).reshape(x.shape), {}

        return y.reshape(x.shape[:2]), back


class GlobalAvgPool2D(_GlobalPool):
    """A global average: the mean of each map, which turns (channel, row, column) into (feature,)."""

    kind = "global average pool"
    takes = PICTURES
    forwards, backwards = staticmethod(ops.global_avg_pool2d), staticmethod(ops.global_avg_pool2d_backward)


class GlobalMaxPool(_GlobalPool):
    """A global max: the largest value of each channel, which turns (channel, …) into (feature,)."""

    kind = "global max pool"
    takes = (("channel", "time"), *PICTURES)
    forwards, backwards = staticmethod(ops.global_max_pool2d), staticmethod(ops.global_max_pool2d_backward)
