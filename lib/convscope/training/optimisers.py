"""How weights are changed: small steps against the gradient, with a memory of the steps before."""

from __future__ import annotations

import numpy as np

from ..arguments import number


class Optimiser:
    """What optimisers share: a rate, and what they remember of each array of weights."""

    def __init__(self, rate):
        self.rate = number("rate", rate, " above 0", lambda rate: rate > 0)
        self._memory = {}

    def step(self, parameters, gradients, share=1.0) -> None:
        """Change each array of parameters, in place, by its gradient; both are dictionaries with the same names.

        share: the part of the rate that this step takes, where the rate falls during training.
        """
        for name, weights in parameters.items():
            known, *memory = self._memory.get(name, (None,))
            if known is not weights:  # other weights than last time: nothing to remember
                memory = self._start(weights)
            self._memory[name] = (weights, *self._change(weights, gradients[name], self.rate * share, *memory))

    def forget(self) -> None:
        """Drop the memory of earlier steps, for when other values have been put into the weights."""
        self._memory = {}


class SGD(Optimiser):
    """Stochastic gradient descent with momentum: velocity = momentum · velocity + gradient; weights −= rate · velocity.

    rate: above 0. momentum: from 0 (none) to below 1.
    Source: Polyak 1964, in the form of Sutskever et al. 2013 that keeps the rate out of the velocity, as PyTorch does.
    """

    def __init__(self, rate=0.02, momentum=0.9):
        super().__init__(rate)
        self.momentum = number("momentum", momentum, " from 0 to below 1", lambda momentum: 0 <= momentum < 1)

    def _start(self, weights):
        return [np.zeros_like(weights)]

    def _change(self, weights, gradient, rate, velocity):
        velocity *= self.momentum
        velocity += gradient
        weights -= rate * velocity
        return [velocity]


class Adam(Optimiser):
    """Steps of nearly equal size for each weight: its mean gradient divided by the root of its mean square.

    rate: above 0. The means forget by factors 0.9 and 0.999 a step.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    FORGETS, SQUARE_FORGETS, SMALLEST = 0.9, 0.999, 1e-8

    def __init__(self, rate=1e-3):
        super().__init__(rate)

    def _start(self, weights):
        return [np.zeros_like(weights), np.zeros_like(weights), 0]

    def _change(self, weights, gradient, rate, mean, square, steps):
        steps += 1
        mean += (1 - self.FORGETS) * (gradient - mean)
        square += (1 - self.SQUARE_FORGETS) * (gradient * gradient - square)
        size = np.sqrt(square / (1 - self.SQUARE_FORGETS**steps)) + self.SMALLEST
        weights -= (rate / (1 - self.FORGETS**steps)) * mean / size
        return [mean, square, steps]
