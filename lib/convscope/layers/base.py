"""What every layer is: a pure step, `_run`, and round it the weights, the last forward, and what can be counted."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from types import MappingProxyType
from typing import Self

import numpy as np

from ..arguments import flag, generator, whole
from ..geometry import Window
from ..ops.arrays import channels_seem_last, check_channels_first, check_gradient, common_type, numbers

Shape = tuple[int, ...]
Arrays = dict[str, np.ndarray]
NOTHING = MappingProxyType({})


class Layer:
    """One step of a network: arrays in, arrays out, and gradients back.

    A kind of layer says what it does in `_run`, the shapes of its weights in `_weight_shapes` and its window in
    `window`; all else, here, follows. Shapes leave the batch out: (channel, row, column), (channel, time), (feature,).
    """

    parameters: Arrays = NOTHING  # the weights by name; an optimiser changes them in place
    gradients: Arrays = NOTHING  # the loss's gradient for each, under the same names; each backward writes them anew
    takes: tuple[tuple[str, ...], ...] = ()  # the axes that an input may have; any, where none is said
    kind = "layer"  # what it is called in summaries
    label = ""
    gain: float | None = None  # n times the variance that weights before it start with; None: ask the layer behind
    built = False
    _back: Callable | None = None

    @property
    def name(self) -> str:
        """What it is, for people: "conv 5×5", or with its label "C1 conv 5×5"."""
        return f"{self.label} {self.kind}".lstrip()

    def named(self, label: str) -> Self:
        """This layer, with a label of its own before its name."""
        self.label = label
        return self

    def build(self, input_shape, seed=0) -> Self:
        """Make the weights, float32, for inputs of this shape; built again, it starts anew. Returns the layer.

        seed: a whole number or a NumPy Generator; the same number gives the same weights.
        Biases start at 0, weights as normal noise of variance 2 / n before a ReLU, which halves what comes through
        (He et al. 2015, equation 10), else 1 / n (LeCun et al. 1998, "Efficient BackProp"), n inputs to each output.
        """
        self.check_channels("input_shape is", self.checked_shape(input_shape))
        self._build(input_shape, generator(seed), 1.0, anew=True)
        return self

    def forward(self, x, training=False) -> np.ndarray:
        """The output for a batch x; a layer that was never built is built for it, with seed 0.

        training: whether to do what is done in training only, as `Dropout` does.
        Returns float32 from float32 and from whole numbers, float64 from float64.
        """
        x = self._ready(x)
        y, back = self._run(x, self.parameters, flag("training", training))
        shape = y.shape
        self._back = lambda grad_y: back(checked_gradient(grad_y, shape))
        return apart(y, x)

    def __call__(self, x, training=False) -> np.ndarray:
        return self.forward(x, training)

    def backward(self, grad_y) -> np.ndarray:
        """The loss's gradient for the x of the last forward, from that for its output; fills `gradients`."""
        grad_x, self.gradients = self._way_back()(grad_y)
        return apart(grad_x, grad_y)

    def output_shape(self, input_shape) -> Shape:
        """The shape that comes out, without weights or numbers: an empty batch is sent through.

        Raises ValueError or TypeError, naming the layer, where the shape cannot go in.
        """
        shape = self.checked_shape(input_shape)
        zero = np.float32(0)  # broadcast, it costs no memory
        weights = {name: np.broadcast_to(zero, size) for name, size in self._weight_shapes(shape).items()}
        try:
            y, _ = self._run(np.empty((0, *shape), np.float32), weights, training=False)
        except ValueError as error:
            raise ValueError(f"{self.name} cannot take shape {shape}. {error}") from None
        return y.shape[1:]

    def weight_shapes(self, input_shape) -> dict[str, Shape]:
        """The shape of each of its `parameters`, by name."""
        self.output_shape(input_shape)  # refuses what cannot go in
        return self._weight_shapes(tuple(input_shape))

    def parameter_count(self, input_shape) -> int:
        """How many numbers it learns."""
        return sum(map(prod, self.weight_shapes(input_shape).values()))

    def macs(self, input_shape) -> int:
        """How many multiply–accumulates one input costs: each weight, biases apart, is used once at each place."""
        weights = self.weight_shapes(input_shape) | {"bias": (0,)}
        return sum(map(prod, weights.values())) * self._places(input_shape)

    def connections(self, input_shape) -> int:
        """How often a weight or a bias is used for one input, as LeCun et al. (1998) count."""
        return self.parameter_count(input_shape) * self._places(input_shape)

    def leaves(self) -> list[Layer]:
        """The layers in it that are not made of layers, first to last; of a plain layer, itself."""
        return [self]

    def window(self, axis: int) -> Window | None:
        """What one output reads along a spatial axis; None where it reads the whole."""
        return Window(1)

    def _run(self, x: np.ndarray, weights: Arrays, training: bool) -> tuple[np.ndarray, Callable]:
        """The output, and the way back: a function of grad_y that gives grad_x and the weights' gradients by name."""
        raise NotImplementedError

    def _weight_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        return {}

    def _fan_in(self, shape: Shape):
        """How many inputs go into an output, from the shape of the weights."""
        return prod(shape[1:])

    def _places(self, input_shape) -> int:
        return prod(self.output_shape(input_shape)[1:])

    def _build(self, input_shape, rng: np.random.Generator, gain: float, anew: bool) -> None:
        if self.built and not anew:
            return
        shapes = self.weight_shapes(input_shape)
        self.parameters = {name: self._start(name, shape, rng, gain) for name, shape in shapes.items()}
        self.gradients, self._back, self.built = {}, None, True

    def _start(self, name: str, shape: Shape, rng: np.random.Generator, gain: float) -> np.ndarray:
        if name == "bias":
            return np.zeros(shape, np.float32)
        return rng.standard_normal(shape, np.float32) * np.sqrt(gain / self._fan_in(shape)).astype(np.float32)

    def _ready(self, x) -> np.ndarray:
        """The batch as floats; what was never built is built for it."""
        x = numbers("x", x)
        self._check_axes(x.shape, ("batch",))
        if not self.built:
            self.check_channels("x holds pictures of shape", x.shape[1:])
            self._build(x.shape[1:], generator(0), 1.0, anew=False)
        return x.astype(common_type(x) if x.dtype.kind == "f" else np.float32, copy=False)

    def _way_back(self) -> Callable:
        if self._back is None:
            raise RuntimeError(f"{self.name} has nothing to go back through: call forward before backward.")
        return self._back

    def checked_shape(self, input_shape) -> Shape:
        """`input_shape` as a tuple of ints with axes that this layer takes, or an error in a sentence."""
        if not isinstance(input_shape, (tuple, list)):
            raise TypeError(f"input_shape must be a tuple such as (channel, row, column); got {input_shape!r}.")
        shape = tuple([whole("each size in input_shape", n) for n in input_shape])
        self._check_axes(shape)
        return shape

    def _check_axes(self, shape: Shape, batch: tuple[str, ...] = ()) -> None:
        own = len(shape) - len(batch)
        if own < 1 or self.takes and own not in map(len, self.takes):
            wanted = " or ".join(f"({', '.join((*batch, *axes))})" for axes in self.takes or (("feature",),))
            raise ValueError(f"{self.name} takes {wanted}; got shape {shape}.{self._advice(shape, batch)}")

    def _advice(self, shape: Shape, batch: tuple[str, ...]) -> str:
        """How to add the axes that are missing, as a sentence; nothing where that is not plain."""
        missing = min(map(len, self.takes), default=1) - (len(shape) - len(batch))
        one = self.takes[0][0] if self.takes else "feature"
        if missing == 1 and not batch:
            return f" With one {one} that is {(1, *shape)}; x[:, None] gives a batch of them."
        if missing == 1 and channels_seem_last(shape):
            return " np.moveaxis(x, -1, 0)[None] makes it a batch of one, channels first."
        if missing == 1 and shape:
            many = (shape[0], 1, *shape[1:])
            return f" x[None] makes it a batch of one, {(1, *shape)}; x[:, None] a batch with one {one} each, {many}."
        if missing == 2 and shape:
            return f" x[None, None] makes it a batch of one with one {one}, {(1, 1, *shape)}."
        return ""

    def check_channels(self, name: str, shape: Shape) -> None:
        """Refuse pictures whose channels come last, if the first layer that minds its axes takes pictures."""
        takes = next((leaf.takes for leaf in self.leaves() if leaf.takes), ())
        if len(shape) == 3 and 3 in map(len, takes):
            check_channels_first(name, shape)

    def __getstate__(self):
        """A copy, or a file, holds the weights, not what the last forward left behind."""
        return {name: value for name, value in self.__dict__.items() if name != "_back"}

    def __repr__(self):
        return self.name


def check_model(model) -> None:
    if not isinstance(model, Layer):
        raise TypeError(f"model must be a layer, such as Sequential(Flatten(), Dense(10)); got {model!r}.")


def by(sizes) -> str:
    """Sizes for people: "5×3"."""
    return "×".join(map(str, sizes))


def stride_name(strides, usual) -> str:
    """What a name says of strides: ", stride 4", or nothing where they are the usual ones."""
    if tuple(strides) == tuple(usual):
        return ""
    return f", stride {strides[0] if len(set(strides)) == 1 else by(strides)}"


def apart(answer: np.ndarray, given) -> np.ndarray:
    """`answer`, or a copy of it if it shares memory with `given`: changing one must not change the other."""
    return answer.copy() if np.may_share_memory(answer, given) else answer


def checked_gradient(grad_y, shape: Shape) -> np.ndarray:
    grad_y = numbers("grad_y", grad_y)
    check_gradient(grad_y, shape)
    return grad_y
