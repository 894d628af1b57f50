"""Channels and the weights that mix them, as a state that is always possible, and what the mix gives.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...ops import conv2d
from ...ops.arrays import numbers
from ...words import refusal
from ..arrays import LARGEST_PICTURE, OWN, Pictured, frozen, grey_range, is_colour, map_scale, table, weight_scale
from ..settings import checked, checks, word_among
from ..still import Panel
from . import words
from .mixes import IMAGES, LIMITS, MOST, named, presets

MOST_PANELS = 4  # inputs, and outputs, that a still picture shows


@dataclass(frozen=True, eq=False)
class MixerState(Pictured):
    """Inputs, and for each output a weight for each input and a bias; with ReLU before the mix, after it or nowhere."""

    image: np.ndarray  # (input, row, column)
    picture: str  # the name of the image
    weights: np.ndarray  # (output, input)
    preset: str  # the name of the weights
    bias: np.ndarray  # (output,)
    relu: str = "none"

    @classmethod
    def start(cls):
        """The kitten in colour, made grey."""
        image = named("kitten in colour")
        return cls(image, "kitten in colour", np.empty((0, 3)), OWN, np.empty(0)).changed(weights="grey")

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        New inputs crop a mix of one's own, or widen it with zeros; one by a name that they do not have gives way to
        their first. Weights by a new name bring their bias; others keep the biases of outputs that were there.
        """
        new = replace(self, **checked(settings, checks(LIMITS)))
        if "image" in settings:
            image, name = _image(settings["image"])
            new = replace(new, image=image, picture=name)
            if "weights" not in settings:
                new = new._fitted()
        if "weights" in settings:
            new = new._with_weights(settings["weights"])
        if "bias" in settings:
            new = replace(new, bias=_biases(settings["bias"], len(new.weights)))
        return new

    @property
    def settings(self) -> dict:
        weights = self.weights.tolist() if self.preset == OWN else self.preset
        return {"image": self.picture_key, "weights": weights, "bias": self.bias.tolist(), "relu": self.relu}

    @property
    def numbers(self) -> dict:
        return {"output": self.output}

    @cached_property
    def in_colour(self) -> bool:
        """Whether the inputs are red, green and blue, from 0 to 1."""
        return is_colour(self.image)

    @property
    def names(self) -> list[str]:
        """What the inputs are called."""
        known = "colours" if self.in_colour else self.picture
        return LIMITS["channels"].get(known) or [f"map {i}" for i in range(len(self.image))]

    @cached_property
    def inputs(self) -> np.ndarray:
        """What is mixed, (input, row, column): the image, through a ReLU if that comes before."""
        return frozen(np.maximum(self.image, 0)) if self.relu == "before" else self.image

    @cached_property
    def output(self) -> np.ndarray:
        """The mix, (output, row, column), by a convolution with 1 × 1 kernels."""
        weights, bias = (each.astype(self.image.dtype) for each in (self.weights, self.bias))
        mix = conv2d(self.inputs, weights[:, :, None, None], bias)
        return frozen(np.maximum(mix, 0) if self.relu == "after" else mix)

    @cached_property
    def marked(self) -> tuple[int, int]:
        """The pixel to look at first: where the inputs differ most, not too near the rim."""
        spread = np.ptp(self.image, axis=0)
        top, left = (n // 8 for n in spread.shape)
        inside = spread[top : spread.shape[0] - top, left : spread.shape[1] - left]
        row, column = np.unravel_index(inside.argmax(), inside.shape)
        return int(row) + top, int(column) + left

    sentence, sum_in_words = property(words.sentence), property(words.sum_in_words)

    @property
    def panels(self) -> list[Panel]:
        """Inputs, weights and outputs, as a still picture shows them; three of colours as one picture."""
        mark = (*self.marked, 1, 1)
        weights = Panel("weights", self.weights.T, weight_scale(self.weights))
        inputs, outputs = self.scales
        shown = self._several(self.inputs, self.names, inputs, mark)
        return [*shown, weights, *self._several(self.output, words.outputs(self), outputs, mark)]

    def _several(self, maps, names, scale, mark):
        if self.in_colour and len(maps) == 3:
            return [Panel("in colour", maps, scale, mark)]
        return [Panel(name, each, scale, mark) for name, each in zip(names, maps[:MOST_PANELS], strict=False)]

    @property
    def scales(self):
        """Of the inputs and of the outputs."""
        low, high = grey_range(self.image)
        inputs = ("signed", -(most := float(abs(self.image).max())), most) if low < 0 else ("grey", low, high)
        return inputs, map_scale(self.output, self.weights, inputs)

    def _fitted(self):
        """Weights for as many inputs as there are now."""
        inputs, named = len(self.image), presets(len(self.image))
        if self.preset in named:
            return self._weighed(named[self.preset][0], self.preset)
        if self.preset != OWN:
            return self._with_weights(next(iter(named)))
        weights = np.zeros((len(self.weights), inputs))
        kept = min(inputs, self.weights.shape[1])
        weights[:, :kept] = self.weights[:, :kept]
        return self._weighed(weights, OWN)

    def _with_weights(self, weights):
        if not isinstance(weights, str):
            return self._weighed(_matrix(weights, len(self.image)), OWN)
        named = presets(len(self.image))
        matrix, bias = named[word_among("weights", weights, named)]
        return replace(self, weights=frozen(matrix), preset=weights, bias=frozen(np.full(len(matrix), float(bias))))

    def _weighed(self, weights, preset):
        bias = np.zeros(len(weights))
        bias[: len(self.bias)] = self.bias[: len(weights)]
        return replace(self, weights=frozen(weights), preset=preset, bias=frozen(bias))


def _image(image):
    if isinstance(image, str):
        name = word_among("image", image, IMAGES)
        return named(name), name
    image = table("image", image, LARGEST_PICTURE, MOST)
    return frozen(image.reshape(-1, *image.shape[-2:])), OWN


def _matrix(weights, inputs):
    weights = np.atleast_2d(_finite("weights", weights))
    if weights.ndim != 2 or weights.shape[1] != inputs or not 1 <= len(weights) <= MOST:
        raise ValueError(refusal("weights shape", most=MOST, inputs=inputs, shape=weights.shape))
    return weights


def _biases(bias, outputs):
    bias = _finite("bias", bias)
    if bias.shape not in ((), (outputs,)):
        raise ValueError(refusal("bias shape", outputs=outputs, shape=bias.shape))
    return frozen(np.array(np.broadcast_to(bias, outputs)))


def _finite(name, values):
    values = numbers(name, values).astype(float)
    if not (abs(values) <= LIMITS["largest"]).all():  # NaN is not
        raise ValueError(refusal("not finite", name=name))
    return values
