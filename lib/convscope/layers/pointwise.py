"""Layers that change each number by itself: nonlinearities and dropout."""

from __future__ import annotations

import numpy as np

from ..arguments import number
from .base import Layer


class ReLU(Layer):
    """max(x, 0): numbers below 0 become 0. Neither they nor 0 itself get a gradient (Nair & Hinton 2010)."""

    kind = "relu"
    gain = 2.0

    def _run(self, x, weights, training):
        y = np.maximum(x, 0)
        return y, lambda grad_y: (grad_y * (y > 0), {})  # np.where takes ten times as long


class Tanh(Layer):
    """height · tanh(slope · x): between −height and height, odd and smooth.

    LeNet-5 uses a height of 1.7159 and a slope of 2/3, which map ±1 to ±1 (LeCun et al. 1998, appendix A).
    """

    kind = "tanh"
    gain = 1.0

    def __init__(self, height: float = 1.0, slope: float = 1.0):
        self.height, self.slope = number("height", height), number("slope", slope)

    def _run(self, x, weights, training):
        t = np.tanh(self.slope * x)
        return self.height * t, lambda grad_y: (grad_y * (self.height * self.slope * (1 - t * t)), {})


class Dropout(Layer):
    """Numbers set to 0 at random in training; the others are divided by 1 − rate, which keeps the mean the same.

    rate: the probability that a number is set to 0, from 0 to below 1.
    Outside training nothing changes. Source: Srivastava et al. 2014, but scaled in training, as libraries do today.
    """

    def __init__(self, rate: float = 0.5):
        self.rate = number("rate", rate, " from 0 to below 1", lambda rate: 0 <= rate < 1)
        self.kind = f"dropout {rate:g}"

    def _build(self, input_shape, rng, gain, rebuild):
        if rebuild or not self.built:
            self._chance = np.random.default_rng(rng.integers(2**63))
        super()._build(input_shape, rng, gain, rebuild)

    def _run(self, x, weights, training):
        if not training:
            return x, lambda grad_y: (grad_y, {})
        factor = (self._chance.random(x.shape, np.float32) >= self.rate) / x.dtype.type(1 - self.rate)
        return x * factor, lambda grad_y: (grad_y * factor, {})
