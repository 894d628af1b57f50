"""A network as layers of feature maps: what of it can be shown, with the weights that it has learned."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np

from ...layers import Conv2D, Dropout, Layer, ReLU, Sequential, Subsample2D, Tanh
from ..arrays import frozen
from .layers import KINDS, MOST, OTHER, MapLayer, Weights


def map_layers(model, shape) -> tuple[tuple[MapLayer, ...], str]:
    """A network's layers of maps, up to the first that has none, such as Flatten; and what is left out, in a sentence.

    model: a Sequential, or a list of layers or of MapLayers; what is not built yet gets the weights of the start.
    shape: the picture's, (channel, row, column).
    """
    if isinstance(model, Sequential):
        model = flat(model)
    if not isinstance(model, (list, tuple)) or not all(isinstance(each, (Layer, MapLayer)) for each in model):
        raise TypeError(f"layers must be a Sequential or a list of layers, as Conv2D(4, 3) and ReLU(); got {model!r}.")
    found, cut, room = [], "", MOST["weights"]  # room for weights that travel with a page
    for layer in model:
        if isinstance(layer, (ReLU, Tanh)) and found and found[-1].activation == "none":
            found[-1] = with_activation(found[-1], layer)
        elif not isinstance(layer, Dropout):  # which does nothing outside training
            after = _shape_after(layer, shape)
            why = f"{MOST['layers']} layers can be" if len(found) == MOST["layers"] else _why_not(layer, after)
            if why:
                cut = f"From {layer.name} on, nothing is shown: {why}."
                break
            found.append(layer if isinstance(layer, MapLayer) else _read(layer, shape[0], room))
            room -= found[-1].weights.kernels.size if found[-1].weights else 0
            shape = after or shape
    if not found:
        raise ValueError(f"layers must begin with one that makes maps of a picture, as Conv2D(4, 3). {cut}".rstrip())
    return tuple(found), cut


def flat(model) -> list[Layer]:
    """The layers of a Sequential, those of a Sequential in it one by one."""
    return [leaf for layer in model.layers for leaf in (flat(layer) if isinstance(layer, Sequential) else [layer])]


def with_activation(layer, activation):
    """A MapLayer, or what has its fields, with a ReLU or Tanh behind it."""
    if isinstance(activation, ReLU):
        return replace(layer, activation="ReLU")
    return replace(layer, activation="tanh", tanh=(activation.height, activation.slope))


def _shape_after(layer, shape):
    try:
        return layer.output_shape(shape)
    except ValueError:
        return None


def _why_not(layer, after) -> str:
    """Why a layer cannot be shown; "" where it can, or does not fit and is refused for that. after: what it makes."""
    if after is None:
        return "" if isinstance(layer, (MapLayer, *KINDS.values(), Subsample2D)) else "it makes no maps of what comes"
    if len(after) != 3:
        return "it makes no maps"
    return f"it makes {after[0]} maps, and {MOST['maps']} can be" if after[0] > MOST["maps"] else ""


def _read(layer, channels, room) -> MapLayer:
    """A layer that makes maps as a MapLayer, without activation. room: how many weights it may have."""
    plain = {"activation": "none", "label": layer.label}
    kind = next((kind for kind, made in KINDS.items() if isinstance(layer, made)), OTHER)
    weights = None
    if isinstance(layer, Subsample2D):
        moves = {"kernel_size": layer.size, "stride": layer.size, "padding": "valid", "maps": channels}
        weights, kind = _subsampling(layer, channels), "conv"
    elif kind != OTHER:
        moves = {name: layer.settings[name] for name in ("stride", "padding")}
    if isinstance(layer, Conv2D):
        moves |= {"kernel_size": layer.kernel_size, "dilation": layer.settings["dilation"], "maps": layer.filters}
        weights = _dense(layer, channels) if layer.built else None
    elif kind in ("max pool", "average pool"):
        moves["kernel_size"] = layer.size
    too_many = weights and weights.kernels.size > room
    if kind == OTHER or too_many or getattr(layer, "settings", {}).get("count_padding"):
        return MapLayer(OTHER, 1, maps=1, layer=copy.deepcopy(layer), **plain)
    return MapLayer(kind, **moves, weights=weights, **plain)


def _dense(layer, channels):
    """A convolution's weights over all channels: 0 on those that a filter does not read."""
    kernels = layer._all_kernels(layer.parameters["kernels"])
    reads = kernels.shape[1] * layer.groups
    full = np.zeros((layer.filters, reads, *kernels.shape[2:]), np.float32)
    for filter, slices in enumerate(kernels):
        first = filter * layer.groups // layer.filters * len(slices)
        full[filter, first : first + len(slices)] = slices
    return Weights(frozen(full), frozen(layer.parameters.get("bias", np.zeros(layer.filters, np.float32))))


def _subsampling(layer, channels):
    """Subsampling as a convolution: each map reads its own map alone, all weights of its window the same."""
    if not layer.built:
        layer = Subsample2D(layer.size).build((channels, *layer.size))
    channels = len(layer.parameters["bias"])
    full = np.zeros((channels, channels, *layer.size), np.float32)
    full[range(channels), range(channels)] = layer.parameters["coefficients"][:, None, None]
    return Weights(frozen(full), frozen(layer.parameters["bias"]))
