"""Channels and the weights that mix them, as a state that is always possible, and what the mix gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from .. import datasets, kernels
from ..ops import conv2d
from ..ops.arrays import numbers
from .arrays import LARGEST_PICTURE, OWN, PICTURES, frozen, table
from .settings import Choosing, whole_among, word_among

MOST = 8  # inputs, and outputs
LARGEST_WEIGHT = 1e6
RELU = ("none", "before", "after")
COLOURS = ("red", "green", "blue")
EDGES = ("right", "left", "below", "above")  # which side of each edge is the brighter one


def edges() -> np.ndarray:
    """Edges of the kitten, (4, 96, 96): brighter to the right, to the left, below and above; the others below 0."""
    sobel = np.stack([kernels.preset(f"Sobel {axis}") for axis in "xy"]) / 4
    signs = np.stack([sobel, -sobel], axis=1).reshape(4, 1, 3, 3)
    return conv2d(datasets.kitten(96, grey=True)[None], np.float32(signs), padding="same")


def feature_maps() -> np.ndarray:
    """The kitten under the first eight filters of `kernels.bank`, (8, 96, 96)."""
    return conv2d(datasets.kitten(96), kernels.bank(5)[:MOST], padding="same")


IMAGES = {
    "kitten in colour": PICTURES["kitten in colour"],
    "edges": edges,
    "feature maps": feature_maps,
}
_LUMA = [float(share) for share in datasets.LUMA.astype(str)]  # as they are written, not as float32 rounds them
_RED, _GREEN, _BLUE = np.eye(3)
_OF_COLOURS = {  # (weights, bias)
    "grey": ([_LUMA], 0),
    "mean": (np.full((1, 3), 1 / 3), 0),
    "red": ([_RED], 0),
    "red − green": ([_RED - _GREEN], 0),
    "lightness and two differences": ([_LUMA, _BLUE - _LUMA, _RED - _LUMA], 0),
    "swap red and blue": ([_BLUE, _GREEN, _RED], 0),
    "invert": (-np.eye(3), 1),
}
_OF_MAPS = {
    "sum": lambda n: (np.ones((1, n)), 0),
    "mean": lambda n: (np.full((1, n), 1 / n), 0),
    "half as many": lambda n: (np.kron(np.eye((n + 1) // 2), [0.5, 0.5])[:, :n], 0),
    "same": lambda n: (np.eye(n), 0),
}


def presets(inputs) -> dict:
    """The named mixes of so many inputs, each (weights, bias); the first is what new inputs start with."""
    if inputs == len(COLOURS):
        return _OF_COLOURS
    return {name: made(inputs) for name, made in _OF_MAPS.items()}


@dataclass(frozen=True, eq=False)
class MixerState(Choosing):
    """Inputs, and for each output a weight for each input and a bias; with ReLU before the mix, after it or nowhere."""

    image: np.ndarray  # (input, row, column)
    picture: str  # the name of the image
    weights: np.ndarray  # (output, input)
    preset: str  # the name of weights and bias
    bias: np.ndarray  # (output,)
    relu: str = "none"
    row: int = 0  # the output that is marked

    @classmethod
    def start(cls):
        """The kitten in colour, made grey."""
        image = _named("kitten in colour")
        return cls(image, "kitten in colour", *_mix("grey", len(image)))

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        New inputs crop a mix of one's own, or widen it with zeros; one by a name that they do not have gives way to
        their first. Weights by name bring their bias; others keep the biases of outputs that were there.
        """
        new = self
        if "image" in settings:
            image, name = _image(settings["image"])
            new = replace(new, image=image, picture=name)._fitted()
        if "weights" in settings:
            new = new._with_weights(settings["weights"])
        if "bias" in settings:
            bias = _bias(settings["bias"], len(new.weights))
            new = replace(new, bias=bias, preset=new.preset if np.array_equal(bias, new.bias) else OWN)
        if "relu" in settings:
            new = replace(new, relu=word_among("relu", settings["relu"], RELU))
        row = settings.get("row", min(new.row, len(new.weights) - 1))
        return replace(new, row=whole_among("row", row, range(len(new.weights))))

    def with_cell(self, output, column, value):
        """The state with another weight, or, where `column` is None, another bias."""
        if column is None:
            return self.changed(bias=_with(self.bias, output, value))
        return self.changed(weights=_with(self.weights, (output, column), value))

    @property
    def in_colour(self) -> bool:
        """Whether the inputs are red, green and blue, from 0 up."""
        return len(self.image) == len(COLOURS) and self.image.min() >= 0

    @property
    def names(self) -> list[str]:
        """What the inputs are called."""
        inputs = len(self.image)
        if self.picture == "edges":
            return list(EDGES)
        return list(COLOURS) if self.in_colour else [f"map {i}" for i in range(inputs)]

    @cached_property
    def inputs(self) -> np.ndarray:
        """What is mixed, (input, row, column): the image, through a ReLU if that comes before."""
        return np.maximum(self.image, 0) if self.relu == "before" else self.image

    @cached_property
    def output(self) -> np.ndarray:
        """The mix, (output, row, column), by a convolution with 1 × 1 kernels."""
        mix = conv2d(self.inputs, self._typed(self.weights)[:, :, None, None], self._typed(self.bias))
        return frozen(np.maximum(mix, 0) if self.relu == "after" else mix)

    @cached_property
    def product(self) -> np.ndarray:
        """The same mix by a product of matrices: weights times one column of inputs for each pixel, plus the bias."""
        columns = self.inputs.reshape(len(self.inputs), -1)
        mix = self._typed(self.weights) @ columns + self._typed(self.bias)[:, None]
        return (np.maximum(mix, 0) if self.relu == "after" else mix).reshape(self.output.shape)

    @property
    def difference(self) -> float:
        """The largest difference between the two."""
        return float(abs(self.output - self.product).max())

    def _typed(self, array):
        return array.astype(self.image.dtype)

    def _fitted(self):
        """Weights for as many inputs as there are now."""
        inputs, named = len(self.image), presets(len(self.image))
        if self.preset in named or self.weights.shape[1] != inputs and self.preset != OWN:
            return self._with_weights(self.preset if self.preset in named else next(iter(named)))
        if self.weights.shape[1] == inputs:
            return self
        weights = np.zeros((len(self.weights), inputs))
        kept = min(inputs, self.weights.shape[1])
        weights[:, :kept] = self.weights[:, :kept]
        return replace(self, weights=frozen(weights))

    def _with_weights(self, weights):
        inputs = len(self.image)
        if isinstance(weights, str):
            weights, preset, bias = _mix(weights, inputs)
        else:
            weights, preset = _matrix(weights, inputs), OWN
            bias = np.zeros(len(weights))
            bias[: len(self.bias)] = self.bias[: len(weights)]
        return replace(self, weights=weights, preset=preset, bias=frozen(bias))


@cache
def _named(name):
    return frozen(IMAGES[name]())


def _image(image):
    if isinstance(image, str):
        name = word_among("image", image, IMAGES)
        return _named(name), name
    image = table("image", image, LARGEST_PICTURE, MOST)
    return image.reshape(-1, *image.shape[-2:]), OWN


def _mix(name, inputs):
    """Weights, name and bias of a preset."""
    weights, bias = presets(inputs)[word_among("weights", name, presets(inputs))]
    weights = frozen(np.array(weights, float))
    return weights, name, frozen(np.full(len(weights), float(bias)))


def _matrix(weights, inputs):
    weights = np.atleast_2d(_finite("weights", weights))
    if weights.ndim != 2 or weights.shape[1] != inputs or not 1 <= len(weights) <= MOST:
        raise ValueError(
            f"weights must be a name or (output, input), 1 to {MOST} outputs of {inputs} weights each; got shape "
            f"{weights.shape}."
        )
    return frozen(weights)


def _bias(bias, outputs):
    bias = _finite("bias", bias)
    if bias.shape not in ((), (outputs,)):
        raise ValueError(f"bias must be one number, or one for each of {outputs} outputs; got shape {bias.shape}.")
    return frozen(np.array(np.broadcast_to(bias, outputs)))


def _finite(name, values):
    values = numbers(name, values).astype(float)
    if not (abs(values) <= LARGEST_WEIGHT).all():  # NaN is not
        raise ValueError(f"{name} must be finite numbers from −{LARGEST_WEIGHT:.0e} to {LARGEST_WEIGHT:.0e}.")
    return values


def _with(array, place, value):
    array = array.copy()
    array[place] = value
    return array
