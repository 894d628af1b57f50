"""One layer of feature maps as a setting: how its window moves, what it makes, and its weights.

`layers.js` is its twin in the browser.
"""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ... import kernels
from ...arguments import pair
from ...geometry import Window, picture_padding
from ...layers import AvgPool2D, Conv2D, Layer, MaxPool2D, ReLU, Tanh
from ...words import size
from ..arrays import LARGEST_VALUE, frozen, scattered
from ..settings import both_axes, checks, limits

LIMITS = limits(__package__)
MOST, USUAL, ACTIVATIONS = LIMITS["most"], LIMITS["usual"], tuple(LIMITS["among"]["activation"])
KINDS = {"conv": Conv2D, "max pool": MaxPool2D, "average pool": AvgPool2D}
_PLAIN = ("kind", "kernel_size", "stride", "padding", "maps", "activation", "dilation", "tanh", "label")
OTHER = "other"  # the kind of a layer that only Python can run


@dataclass(frozen=True, eq=False)
class Weights:
    """What a convolution has learned, as nobody can change it: kernels (map, channel, row, column), bias (map,)."""

    kernels: np.ndarray
    bias: np.ndarray

    @property
    def key(self) -> str:
        """What the browser calls them."""
        data = self.kernels.tobytes() + self.bias.tobytes()
        return f"weights {hashlib.sha1(str(self.kernels.shape).encode() + data).hexdigest()[:12]}"


@dataclass(frozen=True)
class MapLayer:
    """A convolution, a pool or, of the kind "other", any `layer` that makes maps; with the activation behind it.

    Sizes are an int or (rows, columns). maps: how many a convolution makes; a pool makes as many as come to it.
    weights: a convolution's own, cropped or padded with zeros where its settings ask for another size; None for those
    that it starts with, `start_kernels`, and no bias. edits: weights that a person has changed, at this kernel size:
    {(map, channel, row, column): value}.
    """

    kind: str = "conv"
    kernel_size: int | tuple[int, int] = 3
    stride: int | tuple[int, int] = 1
    padding: str | int | tuple = "same"
    maps: int = 4
    activation: str = "ReLU"
    dilation: int | tuple[int, int] = 1
    tanh: tuple[float, float] = (1.0, 1.0)  # its height and slope
    label: str = ""
    weights: Weights | None = None
    edits: tuple = ()
    layer: Layer | None = None

    def __post_init__(self):
        """Refuse, in a sentence, what is no layer; settings get the shortest form that says the same."""
        for name, check in _CHECKS.items():
            if name != "kind" or not self.layer:
                object.__setattr__(self, name, check(getattr(self, name)))
        object.__setattr__(self, "edits", _edits(self.edits, pair("kernel_size", self.kernel_size)))

    @property
    def name(self) -> str:
        """What it is, for people: "conv 3×3, ReLU"."""
        padding = "" if self.padding in ("valid", 0) or self.layer else f", padding {self.padding}"
        return self._window().name + padding + ("" if self.activation == "none" else f", {self.activation}")

    @property
    def key(self) -> str | None:
        """What the browser calls what it cannot make: learned weights, or a layer that only Python can run."""
        return f"layer {id(self.layer)}" if self.layer else self.weights.key if self.weights else None

    @property
    def windows(self) -> tuple[Window, Window] | None:
        """How its window moves along the rows and along the columns; None of one that has none, or not only one."""
        return None if self.layer else tuple(map(self._window().window, (0, 1)))

    def output_shape(self, shape) -> tuple[int, int, int]:
        """The shape of its maps, (map, row, column), where such come to it; ValueError where it does not fit."""
        return self._window().output_shape(shape)

    def weights_for(self, index, channels) -> Weights:
        """Its kernels and bias for so many maps coming to it, as layer number `index` from 0."""
        made = start_kernels(index, self.maps, channels, pair("kernel_size", self.kernel_size)).copy()
        bias = np.zeros(self.maps, np.float32)
        if self.weights:
            own = kernels.resized(self.weights.kernels[: self.maps, :channels], self.kernel_size)
            made[: len(own)] = 0  # what was learned reads nothing of maps that came later
            made[: len(own), : own.shape[1]] = own
            bias[: len(own)] = self.weights.bias[: len(own)]
        for (which, channel, *cell), value in self.edits:
            if which < self.maps and channel < channels:
                made[which, channel, *cell] = value
        return Weights(made, bias)

    def made(self, index, shape) -> list[Layer]:
        """Itself as layers that run, for inputs of this shape, (channel, row, column)."""
        layer = copy.deepcopy(self.layer) if self.layer else self._window()
        if self.kind == "conv":
            layer.build(shape)
            weights = self.weights_for(index, shape[0])
            layer.parameters["kernels"][:], layer.parameters["bias"][:] = weights.kernels, weights.bias
        return [layer, *{"none": [], "ReLU": [ReLU()], "tanh": [Tanh(*self.tanh)]}[self.activation]]

    def plain(self) -> dict:
        """Itself as the browser has it."""
        settings = {name: json.loads(json.dumps(getattr(self, name))) for name in _PLAIN} | {"own": self.key}
        settings["edits"] = {",".join(map(str, place)): value for place, value in self.edits}
        settings["reads"] = self.weights.kernels.shape[1] if self.weights else 0  # how many maps it has learned to read
        return settings | ({"name": self.name} if self.layer else {})

    @classmethod
    def of(cls, plain, known) -> MapLayer:
        """The layer that the browser has so. known: weights and layers that only Python can run, by their keys."""
        settings = {name: _tuples(plain[name]) for name in _PLAIN}
        settings["edits"] = tuple((tuple(map(int, at.split(","))), value) for at, value in plain["edits"].items())
        own = plain["own"] and known[plain["own"]]
        return cls(**settings, **{"layer" if isinstance(own, Layer) else "weights": own})

    def _window(self) -> Layer:
        """Itself as a layer, without its weights and its activation."""
        if self.layer:
            return self.layer
        moves = {"stride": self.stride, "padding": self.padding}
        if self.kind == "conv":
            return Conv2D(self.maps, self.kernel_size, **moves, dilation=self.dilation).named(self.label)
        return KINDS[self.kind](self.kernel_size, **moves).named(self.label)


@lru_cache(maxsize=256)
def start_kernels(index, maps, channels, kernel_size) -> np.ndarray:
    """Kernels to begin with, (map, channel, row, column), float32: a filter's weights above 0 add up to 1.

    The first layer has the edges, bells and corners of `kernels.bank`, on a grey picture in either direction. Those
    above mix the same shapes, each input map its own way, by fixed random numbers; on the whole no bell is upside
    down, or ReLU would leave nothing.
    """
    bank = kernels.resized(kernels.bank(max(2, *kernel_size)).astype(float), kernel_size)
    bell, down, across, corner = plain = 3 * bank[:4, 0]
    which, channel, shape = np.ogrid[:maps, :channels, :4]
    mixes = scattered(((index * MOST["maps"] + which) * MOST["maps"] + channel) * 4 + shape)
    mixes *= [1, 4, 4, 4]  # a photo's edges are faint
    mixes[..., 0] *= np.where(mixes[..., 0].sum(axis=1, keepdims=True) < 0, -1, 1)
    made = np.einsum("mcs,sij->mcij", mixes, plain)
    if index == 0 and channels == 3:
        made[: len(bank)] = bank[:maps]
    if index == 0 and channels == 1:
        made[:7, 0] = [down, across, bell, corner, -down, -across, -corner][:maps]
    sizes = made.clip(0).sum(axis=(1, 2, 3), keepdims=True)
    return frozen(np.float32(made / np.where(sizes > 0, sizes, 1)))


def _padding(padding):
    """A word, a number, (rows, columns) or ((top, bottom), (left, right)): the shortest that says it."""
    rows, columns = picture_padding(padding)
    if isinstance(rows, str):
        return rows
    if max(*rows, *columns) > (most := LIMITS["largest"]["padding"]):
        raise ValueError(f"padding must be at most {most} a side; got {padding!r}.")
    if len({*rows, *columns}) == 1:
        return rows[0]
    return (rows[0], columns[0]) if rows[0] == rows[1] and columns[0] == columns[1] else (rows, columns)


_CHECKS = checks(LIMITS) | {
    "padding": _padding,
    "dilation": partial(both_axes, "dilation", largest=kernels.LARGEST),
}


def _edits(edits, kernel_size):
    for place, value in edits:
        if len(place) != 4 or not all(
            0 <= n < most for n, most in zip(place, (*[MOST["maps"]] * 2, *kernel_size), strict=True)
        ):
            raise ValueError(
                f"a weight stands at (map, channel, row, column) of a {size(kernel_size)} kernel; got {place}."
            )
        if not abs(float(value)) <= LARGEST_VALUE:
            raise ValueError(f"A weight must be from −{LARGEST_VALUE:.0e} to {LARGEST_VALUE:.0e}; got {value:.3g}.")
    return tuple(edits)


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
