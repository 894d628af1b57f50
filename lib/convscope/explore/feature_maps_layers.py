"""One layer of feature maps as a setting: how its window moves, what it makes, and its weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import numpy as np

from .. import kernels
from ..arguments import pair
from ..geometry import picture_padding
from ..layers import AvgPool2D, Conv2D, Dropout, Layer, MaxPool2D, ReLU, Sequential, Subsample2D, Tanh
from .arrays import frozen
from .convolution.state import LIMITS, both_axes
from .settings import whole_among, word_among

MOST_LAYERS, MOST_MAPS = 8, 32
KINDS = {"conv": Conv2D, "max pool": MaxPool2D, "average pool": AvgPool2D}
ACTIVATIONS = ("none", "ReLU", "tanh")
USUAL = {  # what a layer that turns into another kind starts with
    "conv": {"kernel_size": 3, "stride": 1, "padding": "same"},
    "pool": {"kernel_size": 2, "stride": 2, "padding": "valid", "activation": "none"},
}


@dataclass(frozen=True, eq=False)
class Weights:
    """What a convolution has learned, as nobody can change it: kernels (map, channel, row, column), bias (map,)."""

    kernels: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class MapLayer:
    """A convolution or a pool, with the activation behind it. Sizes are an int or (rows, columns).

    maps: how many a convolution makes; a pool makes as many as come to it.
    weights: a convolution's own, cropped or padded with zeros where its settings ask for another size; None for those
        that it starts with, `start_kernels`, and no bias.
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

    def __post_init__(self):
        """Refuse, in a sentence, what is no layer; settings get the shortest form that says the same."""
        checked = {
            "kind": word_among("kind", self.kind, KINDS),
            "kernel_size": both_axes("kernel_size", self.kernel_size, kernels.LARGEST),
            "stride": both_axes("stride", self.stride, kernels.LARGEST),
            "padding": _padding(self.padding),
            "maps": whole_among("maps", self.maps, range(1, MOST_MAPS + 1)),
            "activation": word_among("activation", self.activation, ACTIVATIONS),
            "dilation": both_axes("dilation", self.dilation, kernels.LARGEST),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """What it is, for people: "conv 3×3, ReLU"."""
        made = _window(self.kind, self.kernel_size, self.stride, self.padding, self.dilation).named(self.label)
        padding = "" if self.padding in ("valid", 0) else f", padding {self.padding}"
        return made.name + padding + ("" if self.activation == "none" else f", {self.activation}")

    def size_after(self, rows, columns) -> tuple[int, int]:
        """Rows and columns of its maps; ValueError in a sentence where its window does not fit."""
        return _size_after(self.kind, self.kernel_size, self.stride, self.padding, self.dilation, (rows, columns))

    def fitted(self, rows, columns) -> MapLayer:
        """Itself where it fits; else undilated, with the largest window that does, without padding if it must be."""
        sizes = range(max(pair("kernel_size", self.kernel_size)), 0, -1)
        smaller = ({"kernel_size": n, "padding": how} for how in (self.padding, "valid") for n in sizes)
        layers = chain([self], (replace(self, dilation=1, **settings) for settings in smaller))
        return next(layer for layer in layers if layer._fits(rows, columns))

    def maps_after(self, channels) -> int:
        """How many maps it makes of so many."""
        return self.maps if self.kind == "conv" else channels

    def weights_for(self, index, channels) -> Weights:
        """Its kernels and bias for so many maps coming to it, as layer number `index` from 0."""
        made = start_kernels(index, self.maps, channels, pair("kernel_size", self.kernel_size))
        if self.weights is None:
            return Weights(made, np.zeros(self.maps, np.float32))
        own = kernels.resized(self.weights.kernels[: self.maps, :channels], self.kernel_size)
        made, bias = made.copy(), np.zeros(self.maps, np.float32)
        made[: len(own)] = 0  # what was learned reads nothing of maps that came later
        made[: len(own), : own.shape[1]] = own
        bias[: len(own)] = self.weights.bias[: len(own)]
        return Weights(made, bias)

    def made(self, index, shape) -> list[Layer]:
        """Itself as layers that run, for inputs of this shape, (channel, row, column)."""
        if self.kind == "conv":
            moves = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
            layer = Conv2D(self.maps, self.kernel_size, **moves).build(shape)
            weights = self.weights_for(index, shape[0])
            layer.parameters["kernels"][:], layer.parameters["bias"][:] = weights.kernels, weights.bias
        else:
            layer = KINDS[self.kind](self.kernel_size, stride=self.stride, padding=self.padding)
        behind = {"none": [], "ReLU": [ReLU()], "tanh": [Tanh(*self.tanh)]}[self.activation]
        return [layer.named(self.label), *behind]

    def _fits(self, rows, columns):
        try:
            self.size_after(rows, columns)
        except ValueError:
            return False
        return True


def map_layers(model, channels) -> tuple[MapLayer, ...]:
    """A network's layers of maps, up to the first that has none, such as Flatten, or more than 32 of them.

    model: a Sequential, or a list of layers or of MapLayers; what is not built yet gets the weights of the start.
    channels: how many the picture has.
    """
    if isinstance(model, Sequential):
        model = list(_flat(model))
    if not isinstance(model, (list, tuple)) or not all(isinstance(each, (Layer, MapLayer)) for each in model):
        raise TypeError(f"layers must be a Sequential or a list of layers, as Conv2D(4, 3) and ReLU(); got {model!r}.")
    found = []
    for layer in model:
        if isinstance(layer, (ReLU, Tanh)) and found and found[-1].activation == "none":
            found[-1] = _with_activation(found[-1], layer)
        elif not isinstance(layer, Dropout):  # which does nothing outside training
            read = layer if isinstance(layer, MapLayer) else _read(layer, channels)
            if read is None:
                break
            found.append(read)
            channels = read.maps_after(channels)
    if not 1 <= len(found) <= MOST_LAYERS:
        raise ValueError(
            f"layers must be 1 to {MOST_LAYERS} of Conv2D, MaxPool2D, AvgPool2D or Subsample2D, each with ReLU or Tanh "
            f"behind it or none, of at most {MOST_MAPS} maps; got {len(found)} such layers first."
        )
    return tuple(found)


@lru_cache(maxsize=256)
def start_kernels(index, maps, channels, kernel_size) -> np.ndarray:
    """Kernels to begin with, (map, channel, row, column), float32: a filter's weights above 0 add up to 1.

    The first layer has the edges, bells and corners of `kernels.bank`, on a grey picture in either direction. Those
    above mix the same shapes, each input map its own way, by fixed random numbers; on the whole no bell is upside
    down, or ReLU would leave nothing.
    """
    bank = kernels.resized(kernels.bank(max(2, *kernel_size)), kernel_size)
    bell, down, across, corner = plain = 3 * bank[:4, 0]
    rng = np.random.default_rng(index)
    mixes = rng.normal(size=(MOST_MAPS, MOST_MAPS, 4))[:, :channels] * [1, 4, 4, 4]  # a photo's edges are faint
    mixes[..., 0] *= np.where(mixes[..., 0].sum(axis=1, keepdims=True) < 0, -1, 1)
    made = np.einsum("mcs,sij->mcij", mixes, plain)
    if index == 0 and channels == 3:
        made[: len(bank)] = bank
    if index == 0 and channels == 1:
        made[:7, 0] = down, across, bell, corner, -down, -across, -corner
    made = made[:maps]
    sizes = made.clip(0).sum(axis=(1, 2, 3), keepdims=True)
    return frozen(np.float32(made / np.where(sizes > 0, sizes, 1)))


def _window(kind, kernel_size, stride, padding, dilation):
    """The layer without weights: of a pool, and of a convolution that makes one map."""
    if kind == "conv":
        return Conv2D(1, kernel_size, stride=stride, padding=padding, dilation=dilation)
    return KINDS[kind](kernel_size, stride=stride, padding=padding)


@lru_cache(maxsize=4096)
def _size_after(kind, kernel_size, stride, padding, dilation, size):
    return _window(kind, kernel_size, stride, padding, dilation).output_shape((1, *size))[1:]


def _flat(model):
    for layer in model.layers:
        yield from _flat(layer) if isinstance(layer, Sequential) else (layer,)


def _with_activation(layer, activation):
    if isinstance(activation, ReLU):
        return replace(layer, activation="ReLU")
    return replace(layer, activation="tanh", tanh=(activation.height, activation.slope))


def _read(layer, channels):
    """A layer as a MapLayer without activation; None where it has no maps that this can show."""
    plain = {"activation": "none", "label": layer.label}
    if isinstance(layer, Subsample2D):
        moves = {"kernel_size": layer.size, "stride": layer.size, "padding": "valid", "maps": channels}
        return MapLayer(**moves, weights=_subsampling(layer, channels), **plain)
    kind = next((kind for kind, made in KINDS.items() if isinstance(layer, made)), None)
    if kind is None or kind == "conv" and layer.filters > MOST_MAPS:
        return None
    moves = {name: layer.settings[name] for name in ("stride", "padding")}
    if kind != "conv":
        return MapLayer(kind, layer.size, **moves, **plain)
    moves |= {"kernel_size": layer.kernel_size, "dilation": layer.settings["dilation"], "maps": layer.filters}
    return MapLayer(**moves, weights=_dense(layer, channels) if layer.built else None, **plain)


def _dense(layer, channels):
    """A convolution's weights over all channels: 0 on those that a filter does not read."""
    kernels = layer._all_kernels(layer.parameters["kernels"])
    full = np.zeros((layer.filters, channels, *kernels.shape[2:]), np.float32)
    for filter, slices in enumerate(kernels):
        first = filter * layer.groups // layer.filters * len(slices)
        full[filter, first : first + len(slices)] = slices
    return Weights(frozen(full), frozen(layer.parameters.get("bias", np.zeros(layer.filters, np.float32))))


def _subsampling(layer, channels):
    """Subsampling as a convolution: each map reads its own map alone, all weights of its window the same."""
    if not layer.built:
        layer = Subsample2D(layer.size).build((channels, *layer.size))
    full = np.zeros((channels, channels, *layer.size), np.float32)
    full[range(channels), range(channels)] = layer.parameters["coefficients"][:, None, None]
    return Weights(frozen(full), frozen(layer.parameters["bias"]))


def _padding(padding):
    """A word, a number, (rows, columns) or ((top, bottom), (left, right)): the shortest that says it."""
    rows, columns = picture_padding(padding)
    if isinstance(rows, str):
        return rows
    if max(*rows, *columns) > LIMITS["largest"]["padding"]:
        raise ValueError(f"padding must be at most {LIMITS['largest']['padding']} a side; got {padding!r}.")
    if len({*rows, *columns}) == 1:
        return rows[0]
    return (rows[0], columns[0]) if rows[0] == rows[1] and columns[0] == columns[1] else (rows, columns)
