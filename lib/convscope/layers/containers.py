"""Layers made of layers: one after the other, or side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import accumulate
from types import MappingProxyType

import numpy as np

from ..ops.arrays import check_gradient
from .base import Arrays, Layer, Shape, apart


class _Container(Layer):
    """A layer made of layers. Its parameters are theirs, under names such as "0.kernels" and "2.1.bias"."""

    gain = 1.0

    def __init__(self, *layers: Layer):
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"{type(self).__name__} takes layers, such as Conv2D(6, 5); got {layer!r}.")
        self.layers = layers
        for layer in self.leaves():
            if self.leaves().count(layer) > 1:
                raise ValueError(
                    f"{layer.name} appears twice in this model. A layer stores what its backward pass needs from one "
                    "forward pass, so create a separate layer for each position."
                )

    @property
    def name(self) -> str:
        return self.label or self.kind

    @property
    def built(self) -> bool:
        return all(layer.built for layer in self.layers)

    @property
    def parameters(self) -> Arrays:
        return self._named_arrays("parameters")

    @property
    def gradients(self) -> Arrays:
        return self._named_arrays("gradients")

    def parameter_count(self, input_shape):
        return sum(layer.parameter_count(shape) for layer, shape in self.inputs(input_shape))

    def macs(self, input_shape):
        return sum(layer.macs(shape) for layer, shape in self.inputs(input_shape))

    def connections(self, input_shape):
        return sum(layer.connections(shape) for layer, shape in self.inputs(input_shape))

    def _weight_shapes(self, input_shape):
        return {
            f"{index}.{name}": size
            for index, (layer, shape) in enumerate(self.inputs(input_shape))
            for name, size in layer.weight_shapes(shape).items()
        }

    def inputs(self, input_shape: Shape) -> Iterator[tuple[Layer, Shape]]:
        """Yield each layer with the shape of its input."""
        raise NotImplementedError

    def window(self, axis):
        raise TypeError(
            f"{self.name} has no window of its own: pass the `layers` of a Sequential; for branches use `summary`."
        )

    def leaves(self):
        return [leaf for layer in self.layers for leaf in layer.leaves()]

    def _named_arrays(self, which: str) -> Arrays:
        arrays = {
            f"{index}.{name}": array
            for index, layer in enumerate(self.layers)
            for name, array in getattr(layer, which).items()
        }
        return MappingProxyType(arrays)  # read-only, because an array put in here would not reach a layer

    def __repr__(self):
        return f"{self.name}({', '.join(map(repr, self.layers))})"


class Sequential(_Container):
    """Layers one after the other: the output of each is the input of the next."""

    kind = "sequential"

    def forward(self, x, training=False):
        y = x = self._ready(x)
        for layer in self.layers:
            y = layer.forward(y, training)
        return apart(y, x)

    def backward(self, grad_y):
        grad_x = grad_y
        for layer in reversed(self.layers):
            grad_x = layer.backward(grad_x)
        return apart(grad_x, grad_y)

    def output_shape(self, input_shape):
        shape = self.checked_shape(input_shape)
        for layer in self.layers:
            shape = layer.output_shape(shape)
        return shape

    def inputs(self, input_shape):
        shape = self.checked_shape(input_shape)
        for layer in self.layers:
            yield layer, shape
            shape = layer.output_shape(shape)

    def _build(self, input_shape, rng, gain, rebuild):
        gains = [layer.gain for layer in self.layers[1:]] + [gain]
        for index, (layer, shape) in enumerate(self.inputs(input_shape)):
            after = next(each for each in gains[index:] if each is not None)
            layer._build(shape, rng, after, rebuild)


class Parallel(_Container):
    """Layers side by side with the same input; their outputs are concatenated along depth, in their order.

    Raises ValueError if the shapes of their outputs differ in more than depth, the first axis.
    """

    kind = "parallel"

    def __init__(self, *branches: Layer):
        if not branches:
            raise ValueError("Parallel needs at least one branch.")
        super().__init__(*branches)

    def forward(self, x, training=False):
        x = self._ready(x)
        outputs = [branch.forward(x, training) for branch in self.layers]
        self._check_agreement([y.shape[1:] for y in outputs])
        y = np.concatenate(outputs, axis=1)
        ends, shape = list(accumulate(each.shape[1] for each in outputs)), y.shape
        self._back = lambda grad_y: np.split(check_gradient(grad_y, shape), ends[:-1], axis=1)
        return y

    def backward(self, grad_y):
        parts = self._way_back()(grad_y)
        return reduce(np.add, [branch.backward(part) for branch, part in zip(self.layers, parts, strict=True)])

    def output_shape(self, input_shape):
        shapes = [branch.output_shape(shape) for branch, shape in self.inputs(input_shape)]
        self._check_agreement(shapes)
        return (sum(depth for depth, *_ in shapes), *shapes[0][1:])

    def inputs(self, input_shape):
        shape = self.checked_shape(input_shape)
        return ((branch, shape) for branch in self.layers)

    def _build(self, input_shape, rng, gain, rebuild):
        self.output_shape(input_shape)  # raises if the branches do not agree
        for branch, shape in self.inputs(input_shape):
            branch._build(shape, rng, gain, rebuild)

    def _check_agreement(self, shapes: list[Shape]) -> None:
        if len({shape[1:] for shape in shapes}) > 1:
            said = ", ".join(f"{branch!r} gives {shape}" for branch, shape in zip(self.layers, shapes, strict=True))
            raise ValueError(f"The branches of {self.name} must agree in all but depth: {said}.")
