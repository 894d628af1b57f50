"""The dense layer, in which every output has a weight for every input, and the layer that leads to it."""

from __future__ import annotations

from math import prod

import numpy as np

from ..arguments import flag, number, whole
from ..ops.arrays import product_in_pieces, sum_in_double
from .base import Layer


class Dense(Layer):
    """A dense layer: each output is a weighted sum of all inputs, plus a bias. PyTorch calls it Linear.

    units: the number of outputs. bias: False for none.
    start: a factor for the initial weights; 0.1 suits the last layer of a classifier, whose scores are then nearly
        equal before training.
    parameters: "weights" (unit, feature) and "bias" (unit,).
    Formula: y = x · weightsᵀ + bias.
    """

    takes = (("feature",),)
    kind = "dense"
    gain = 1.0

    def __init__(self, units: int, bias: bool = True, *, start: float = 1.0):
        self.units, self.bias = whole("units", units), flag("bias", bias)
        self.start = number("start", start, ", 0 or more", lambda start: start >= 0)

    def window(self, axis):
        return None

    def _weight_shapes(self, input_shape):
        return {"weights": (self.units, input_shape[0])} | ({"bias": (self.units,)} if self.bias else {})

    def _start(self, name, shape, rng, gain):
        return super()._start(name, shape, rng, gain * self.start**2)

    def _run(self, x, weights, training):
        matrix = weights["weights"]
        if x.shape[1] != matrix.shape[1]:
            raise ValueError(f"{self.name} was built for {matrix.shape[1]} features; got x of shape {x.shape}.")
        x = np.ascontiguousarray(x)  # in other layouts NumPy 2.0 does without BLAS: 150 times as slow, less exact
        y = product_in_pieces(x, matrix.T)
        if self.bias:
            y += weights["bias"]

        def back(grad_y):
            grad_y = np.ascontiguousarray(grad_y)
            gradients = {"weights": product_in_pieces(grad_y.T, x), "bias": sum_in_double(grad_y, 0)}
            return product_in_pieces(grad_y, matrix), {name: gradients[name] for name in weights}

        return y, back

    def _advice(self, shape, batch):
        return " Put Flatten() before it." if len(shape) > len(batch) + 1 else super()._advice(shape, batch)


class Flatten(Layer):
    """The numbers of an input as one row of features, channel by channel."""

    kind = "flatten"

    def _run(self, x, weights, training):
        return x.reshape(len(x), prod(x.shape[1:])), lambda grad_y: (grad_y.reshape(x.shape), {})
