"""Optimisers: they change the weights in small steps against the gradient, and remember earlier steps."""

from __future__ import annotations

import numpy as np

from ..arguments import number, with_known_arguments


class Optimiser:
    """The base of all optimisers: a rate, and a memory for each array of weights."""

    def __init__(self, rate: float):
        self.rate = number("rate", rate, " above 0", lambda rate: rate > 0)
        self._memory = {}

    def step(self, parameters, gradients, share=1.0) -> None:
        """Change each array of parameters in place; parameters and gradients are dicts with the same names.

        share: a factor for the rate of this step, below 1 if the rate falls during training.
        """
        for name, weights in parameters.items():
            known, *memory = self._memory.get(name, (None,))
            if known is not weights:  # not the array of the last step: there is nothing to remember
                memory = self._start(weights)
            self._memory[name] = (weights, *self._change(weights, gradients[name], self.rate * share, *memory))

    def forget(self) -> None:
        """Forget earlier steps, which is necessary after the weights were set to other values."""
        self._memory = {}


class SGD(Optimiser):
    """Stochastic gradient descent with momentum: velocity = momentum · velocity + gradient; weights −= rate · velocity.

    rate: above 0. momentum: from 0 (none) to below 1.
    Source: Polyak 1964; as in PyTorch, the rate is not part of the velocity.
    """

    @with_known_arguments
    def __init__(self, rate: float = 0.02, momentum: float = 0.9):
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
    """Adam: for each weight, the running mean of its gradient divided by the root of the running mean of its square.

    rate: above 0. The running means keep 0.9 and 0.999 of their value in each step.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    FORGETS, SQUARE_FORGETS, SMALLEST = 0.9, 0.999, 1e-8

    @with_known_arguments
    def __init__(self, rate: float = 1e-3):
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
