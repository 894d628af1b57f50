"""The base of all layers: the weights, the forward and backward pass, and the counts of weights and work."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import Seed, flag, generator, whole, with_known_arguments
from ..geometry import Window
from ..ops.arrays import channels_seem_last, check_channels_first, check_gradient, common_type, numbers

Shape = tuple[int, ...]
Arrays = dict[str, np.ndarray]
NOTHING = MappingProxyType({})


class Layer:
    """One step of a network: it turns arrays into arrays, and gradients into gradients.

    A subclass computes in `_run`, and gives the shapes of its weights in `_weight_shapes` and its window in `window`;
    the rest follows here. Shapes leave out the batch: (channel, row, column), (channel, time) or (feature,).
    """

    parameters: Arrays = NOTHING  # weights and biases by name; an optimiser changes them in place
    gradients: Arrays = NOTHING  # of the loss, under the same names; each backward pass replaces them
    takes: tuple[tuple[str, ...], ...] = ()  # the axes that an input may have; () means any
    kind = "layer"  # its name in summaries
    label = ""
    # n times the variance of the initial weights in the layer before this one; None leaves it to the layer after
    gain: float | None = None
    built = False
    input_shape: Shape | None = None  # that it was built for
    _back: Callable | None = None

    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        if "__init__" in vars(cls):
            cls.__init__ = with_known_arguments(cls.__init__)

    @property
    def name(self) -> str:
        """The name in summaries and messages: "conv 5×5", or with a label "C1 conv 5×5"."""
        return f"{self.label} {self.kind}".lstrip()

    def named(self, label: str) -> Self:
        """Return this layer after giving it a label, which is put before its name."""
        self.label = label
        return self

    def build(self, input_shape: Shape, seed: Seed = 0) -> Self:
        """Return this layer with new initial weights, float32, for inputs of this shape.

        seed: a whole number or a NumPy Generator; the same number gives the same weights.
        Biases start at 0. Weights are normal noise of variance 2 / n if a ReLU follows, because it halves the variance
        (He et al. 2015, equation 10), and 1 / n otherwise (LeCun et al. 1998, "Efficient BackProp"); n is the number of
        inputs to each output.
        Raises ValueError or TypeError, naming the layer, if it cannot take this shape.
        """
        self.check_channels("input_shape is", self.checked_shape(input_shape))
        self._build(input_shape, generator(seed), 1.0, rebuild=True)
        return self

    def forward(self, x: ArrayLike, training: bool = False) -> np.ndarray:
        """Return the output for a batch x; a layer that was never built is built first, with seed 0.

        training: True in training, where `Dropout` behaves differently.
        Returns float32 for float32 and for whole numbers, float64 for float64.
        """
        x = self._ready(x)
        y, back = self._run(x, self.parameters, flag("training", training))
        shape = y.shape
        self._back = lambda grad_y: back(check_gradient(grad_y, shape))
        return apart(y, x)

    def __call__(self, x: ArrayLike, training: bool = False) -> np.ndarray:
        return self.forward(x, training)

    def backward(self, grad_y: ArrayLike) -> np.ndarray:
        """Return the gradient of the loss with respect to the x of the last `forward`, and fill `gradients`.

        grad_y: the gradient with respect to the output of that `forward`, in its shape.
        """
        grad_x, self.gradients = self._way_back()(grad_y)
        return apart(grad_x, grad_y)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the output, found by sending an empty batch through the layer.

        Raises ValueError or TypeError, naming the layer, if it cannot take this shape.
        """
        shape = self.checked_shape(input_shape)
        zero = np.float32(0)  # broadcast to the shape of the weights, it needs no memory
        weights = {name: np.broadcast_to(zero, size) for name, size in self._weight_shapes(shape).items()}
        try:
            y, _ = self._run(np.empty((0, *shape), np.float32), weights, training=False)
        except ValueError as error:
            raise ValueError(f"{self.name} cannot take shape {shape}. {error}") from None
        return y.shape[1:]

    def weight_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape of each array of `parameters`, by name."""
        self.output_shape(input_shape)  # raises if the layer cannot take this shape
        return self._weight_shapes(tuple(input_shape))

    def parameter_count(self, input_shape: Shape) -> int:
        """Return the number of parameters: all weights and biases."""
        return sum(map(prod, self.weight_shapes(input_shape).values()))

    def macs(self, input_shape: Shape) -> int:
        """Return the multiply–adds for one input: each weight, but no bias, is used once at each position."""
        weights = self.weight_shapes(input_shape) | {"bias": (0,)}
        return sum(map(prod, weights.values())) * self._positions(input_shape)

    def connections(self, input_shape: Shape) -> int:
        """Return how often a weight or a bias is used for one input, as LeCun et al. (1998) count."""
        return self.parameter_count(input_shape) * self._positions(input_shape)

    def leaves(self) -> list[Layer]:
        """Return the layers that this one is made of, first to last, without containers; here the layer itself."""
        return [self]

    def window(self, axis: int) -> Window | None:
        """Return the window of one output along a spatial axis, or None if an output reads the whole axis."""
        return Window(1)

    def _run(self, x: np.ndarray, weights: Arrays, training: bool) -> tuple[np.ndarray, Callable]:
        """Return the output and the backward pass: a function from grad_y to grad_x and the gradients by name."""
        raise NotImplementedError

    def _weight_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        return {}

    def _fan_in(self, shape: Shape):
        """Return how many inputs one output has, from the shape of the weights."""
        return prod(shape[1:])

    def _positions(self, input_shape) -> int:
        return prod(self.output_shape(input_shape)[1:])

    def _build(self, input_shape, rng: np.random.Generator, gain: float, rebuild: bool) -> None:
        if self.built and not rebuild:
            return
        shapes = self.weight_shapes(input_shape)
        self.parameters = {name: self._start(name, shape, rng, gain) for name, shape in shapes.items()}
        self.gradients, self._back = {}, None
        self.input_shape, self.built = tuple(input_shape), True

    def _start(self, name: str, shape: Shape, rng: np.random.Generator, gain: float) -> np.ndarray:
        if name == "bias":
            return np.zeros(shape, np.float32)
        return rng.standard_normal(shape, np.float32) * np.sqrt(gain / self._fan_in(shape)).astype(np.float32)

    def _ready(self, x) -> np.ndarray:
        """Return the batch as floats, after building a layer that was never built."""
        x = numbers("x", x)
        self._check_axes(x.shape, ("batch",))
        if not self.built:
            self.check_channels("x holds images of shape", x.shape[1:])
            self._build(x.shape[1:], generator(0), 1.0, rebuild=False)
        return x.astype(common_type(x) if x.dtype.kind == "f" else np.float32, copy=False)

    def _way_back(self) -> Callable:
        if self._back is None:
            raise RuntimeError(f"{self.name} has no forward pass to go back through: call forward before backward.")
        return self._back

    def checked_shape(self, input_shape: Shape) -> Shape:
        """Return `input_shape` as a tuple of ints; raise an error that names the layer if it takes other axes."""
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
        """Return a sentence on how to add the axes that are missing, or "" if there is no obvious way."""
        missing = min(map(len, self.takes), default=1) - (len(shape) - len(batch))
        one = self.takes[0][0] if self.takes else "feature"
        if missing == 1 and not batch:
            return f" With one {one} it would be {(1, *shape)}; x[:, None] makes a batch of such inputs."
        if missing == 1 and channels_seem_last(shape):
            return " np.moveaxis(x, -1, 0)[None] makes x a batch of one, channels first."
        if missing == 1 and shape:
            many = (shape[0], 1, *shape[1:])
            return f" x[None] makes x a batch of one, {(1, *shape)}; x[:, None] a batch with one {one} each, {many}."
        if missing == 2 and shape:
            return f" x[None, None] makes x a batch of one with one {one}, {(1, 1, *shape)}."
        return ""

    def check_channels(self, name: str, shape: Shape) -> None:
        """Raise ValueError, or warn, for images whose channels seem to come last, if the first layer takes images."""
        takes = next((leaf.takes for leaf in self.leaves() if leaf.takes), ())
        if len(shape) == 3 and 3 in map(len, takes):
            check_channels_first(name, shape)

    def __getstate__(self):
        """Return what a copy or a pickled file keeps: everything but the arrays of the last forward pass."""
        return {name: value for name, value in self.__dict__.items() if name != "_back"}

    def __repr__(self):
        return self.name


def check_model(model: Layer) -> None:
    """Raise TypeError unless `model` is a layer."""
    if not isinstance(model, Layer):
        raise TypeError(f"model must be a layer, such as Sequential(Flatten(), Dense(10)); got {model!r}.")


def by(sizes) -> str:
    """Return sizes as text: "5×3"."""
    return "×".join(map(str, sizes))


def stride_name(strides, usual) -> str:
    """Return what a layer's name says of its strides: ", stride 4", or "" for the usual ones."""
    if tuple(strides) == tuple(usual):
        return ""
    return f", stride {strides[0] if len(set(strides)) == 1 else by(strides)}"


def apart(result: np.ndarray, given) -> np.ndarray:
    """Return `result`, or a copy if it shares memory with `given`, because changing one must not change the other."""
    return result.copy() if np.may_share_memory(result, given) else result
