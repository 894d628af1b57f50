"""A network as a list of stages: each makes maps of those of the stage before. `net.js` runs such a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

import numpy as np

from ....geometry import Window, padding_amounts
from ....layers import (
    AvgPool2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    MaxPool2D,
    ReLU,
    Sequential,
    Tanh,
)
from ....training import softmax
from ...feature_maps.network import flat, with_activation
from ...settings import limits

LIMITS = limits(__package__)
MOST = LIMITS["most"]
_FITS = "Conv2D, MaxPool2D, AvgPool2D, GlobalAvgPool2D, ReLU, Tanh, Flatten, Dense and Dropout"
_KINDS = {
    Conv2D: "conv",
    MaxPool2D: "max pool",
    AvgPool2D: "average pool",
    GlobalAvgPool2D: "average pool",
    Dense: "dense",
}


@dataclass(frozen=True)
class Stage:
    """One level of a network: the input, a layer with the activation behind it, or the softmax of all scores.

    A dense layer is a convolution whose kernels are as large as the maps that it reads; its outputs are maps of one
    unit. So all stages read windows, and all make maps.
    """

    kind: str  # "input", "conv", "max pool", "average pool", "dense" or "softmax"
    name: str
    shape: tuple[int, int, int]  # of what it makes, (map, row, column)
    windows: tuple[Window, Window] = (Window(1, padding=(0, 0)),) * 2  # along rows and columns, padding in zeros
    activation: str = "none"  # "none", "ReLU" or "tanh"
    tanh: tuple[float, float] = (1.0, 1.0)  # its height and slope
    at: int = -1  # which of the network's `flat` layers it is
    end: int = -1  # which is the last of its layers

    def plain(self) -> dict:
        """Itself as the browser has it."""
        moves = {name: [getattr(window, name) for window in self.windows] for name in Window._fields}
        settings = {name: getattr(self, name) for name in ("kind", "name", "activation")}
        padding = [list(zeros) for zeros in moves.pop("padding")]
        return settings | {"shape": list(self.shape), "tanh": list(self.tanh), "padding": padding} | moves


def stages(model, shape) -> tuple[Stage, ...]:
    """The stages of a network for inputs of this shape, (channel, row, column), from the input to the softmax.

    Raises ValueError or TypeError, naming the layer, where one does not fit or cannot be shown.
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"model must be a Sequential, such as models.digit_net(); got {model!r}.")
    made = [Stage("input", "input", shape)]
    for at, layer in enumerate(flat(model)):
        after = layer.output_shape(shape)
        if isinstance(layer, (ReLU, Tanh)):
            made[-1] = _activated(made[-1], layer)
        elif kind := _KINDS.get(type(layer)):
            before = made[-1].shape
            made.append(Stage(kind, "", (*after, 1, 1)[:3], _windows(layer, before), at=at))
        elif not isinstance(layer, (Flatten, Dropout)):  # neither of which changes a number outside training
            raise ValueError(f"{layer.name} cannot be shown; a network on show is made of {_FITS}.")
        made[-1], shape = replace(made[-1], end=at), after
    if len(shape) != 1 or made[-1].shape[1:] != (1, 1):
        last = made[-1].shape
        raise ValueError(f"model must end in scores, one for each class; it gives {last}: add Flatten() and Dense(10).")
    _check_sizes(made, model)
    return (*_named(made, model), Stage("softmax", "probability", made[-1].shape))


def weights(model, stage) -> tuple[np.ndarray, np.ndarray]:
    """The kernels, (map, channel, row, column), and the bias, (map,), of a stage: views of the network's own."""
    parameters = flat(model)[stage.at].parameters
    kernels = parameters["kernels" if stage.kind == "conv" else "weights"]
    size = tuple(window.kernel_size for window in stage.windows)
    bias = parameters.get("bias", np.zeros(len(kernels), np.float32))
    return kernels.reshape(len(kernels), -1, *size), bias


def has_weights(stage) -> bool:
    return stage.kind in ("conv", "dense")


def weight_count(stage, below) -> int:
    """How many numbers a stage has learned of the maps of the stage below."""
    size = prod(window.kernel_size for window in stage.windows)
    return stage.shape[0] * (size * below.shape[0] + 1) if has_weights(stage) else 0


def all_weights(model, stages) -> np.ndarray:
    """All weights in a row, float32: of each stage its kernels, then its bias."""
    each = [array.ravel() for stage in filter(has_weights, stages) for array in weights(model, stage)]
    return np.concatenate(each or [[]]).astype("<f4")


def outputs(model, stages, x) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each stage the sums and, after its activation, the maps, (example, map, row, column), of images such."""
    layers, y, made, done = flat(model), x, [], 0
    for stage in stages[:-1]:
        sums = y = _run(layers[done : stage.at + 1], y)
        y, done = _run(layers[stage.at + 1 : stage.end + 1], y), stage.end + 1
        made.append(tuple(each.reshape(-1, *stage.shape) for each in (sums, y)))
    return [*made, (softmax(y).reshape(-1, *stages[-1].shape),) * 2]


def _run(layers, y):
    for layer in layers:
        y = layer(y)
    return y


def _activated(stage, layer):
    if stage.kind == "input" or stage.activation != "none":
        raise ValueError(f"{layer.name} cannot be shown where it stands: it must follow a layer that has none yet.")
    return with_activation(stage, layer)


def _windows(layer, before) -> tuple[Window, Window]:
    """How a layer's window moves over maps of this shape; a dense layer's, and a global pool's, stays where it is."""
    sizes = before[1:]
    if isinstance(layer, (Dense, GlobalAvgPool2D)):
        return tuple(Window(n, padding=(0, 0)) for n in sizes)
    if isinstance(layer, Conv2D) and (layer.groups > 1 or layer.table is not None):
        raise ValueError(f"{layer.name} cannot be shown: each of its filters must read all maps.")
    if layer.settings.get("count_padding"):
        raise ValueError(f"{layer.name} cannot be shown: it counts padding; leave count_padding out.")
    made = (layer.window(axis).checked() for axis in (0, 1))
    return tuple(
        window._replace(padding=padding_amounts(n, window.kernel_size, **window.moves()))
        for n, window in zip(sizes, made, strict=True)
    )


def _named(made, model):
    """The stages under their labels, or as "conv 1", "conv 2"."""
    layers, seen = flat(model), Counter()
    kinds = ["pool" if stage.kind.endswith("pool") else stage.kind for stage in made]
    for kind, stage in zip(kinds, made, strict=True):
        seen[kind] += 1
        number = f" {seen[kind]}" if kinds.count(kind) > 1 else ""
        yield replace(stage, name=(layers[stage.at].label if stage.at >= 0 else "") or kind + number)


def _check_sizes(made, model):
    if len(made) > MOST["stages"]:
        raise ValueError(f"model must have at most {MOST['stages']} layers, activations aside; got {len(made) - 1}.")
    for stage in made:
        if stage.shape[0] > MOST["maps"] or max(stage.shape[1:]) > MOST["pixels"]:
            which = flat(model)[stage.at].name if stage.at >= 0 else "the input"
            raise ValueError(
                f"{which} has shape {stage.shape}; at most {MOST['maps']} maps of {MOST['pixels']} pixels a side can "
                "be shown."
            )
    learned = sum(weight_count(stage, below) for below, stage in pairwise(made))
    if learned > MOST["weights"]:
        raise ValueError(f"model must have at most {MOST['weights']:,} weights; got {learned:,}.")
