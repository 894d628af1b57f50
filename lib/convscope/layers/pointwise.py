"""What is done to each number by itself: nonlinearities, and dropout."""

from __future__ import annotations

import numpy as np

from ..arguments import number
from .base import Layer


class ReLU(Layer):
    """max(x, 0): what is negative becomes 0, and gives no gradient back, nor does 0 itself (Nair & Hinton 2010)."""

    kind = "relu"
    gain = 2.0

    def _run(self, x, weights, training):
        y = np.maximum(x, 0)
        return y, lambda grad_y: (grad_y * (y > 0), {})  # np.where takes ten times as long


class Tanh(Layer):
    """height · tanh(slope · x): between −height and height, odd and smooth.

    LeNet-5 takes a height of 1.7159 and a slope of 2/3, so that ±1 stay ±1 (LeCun et al. 1998, appendix A).
    """

    kind = "tanh"
    gain = 1.0

    def __init__(self, height=1.0, slope=1.0):
        self.height, self.slope = number("height", height), number("slope", slope)

    def _run(self, x, weights, training):
        t = np.tanh(self.slope * x)
        return self.height * t, lambda grad_y: (grad_y * (self.height * self.slope * (1 - t * t)), {})


class Dropout(Layer):
    """In training each number is dropped, set to 0, by chance; those that stay grow, so that the mean stays.

    rate: the chance of being dropped, from 0 up to but not including 1.
    Outside training nothing changes. Source: Srivastava et al. 2014; scaled in training, as libraries do it now.
    """

    def __init__(self, rate=0.5):
        self.rate = number("rate", rate, " from 0 to below 1", lambda rate: 0 <= rate < 1)
        self.kind = f"dropout {rate:g}"

    def _build(self, input_shape, rng, gain, anew):
        if anew or not self.built:
            self._chance = np.random.default_rng(rng.integers(2**63))
        super()._build(input_shape, rng, gain, anew)

    def _run(self, x, weights, training):
        if not training:
            return x, lambda grad_y: (grad_y, {})
        factor = (self._chance.random(x.shape, np.float32) >= self.rate) / x.dtype.type(1 - self.rate)
        return x * factor, lambda grad_y: (grad_y * factor, {})
