"""A picture and the stack of layers over it, as a state that is always possible, and the maps that it makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..arguments import whole
from ..geometry import ReceptiveField, receptive_field, window_indices
from ..layers import Layer, Sequential
from .arrays import LARGEST_PICTURE, frozen, picture, times
from .feature_maps_layers import KINDS, USUAL, MapLayer, Weights, map_layers
from .settings import Choosing, whole_among, word_among

LARGEST_NUMBER = 1e38
POOLED = {"kind": "max pool", **USUAL["pool"]}
LAYERS = (MapLayer(maps=4), MapLayer(**POOLED), MapLayer(maps=6), MapLayer(**POOLED), MapLayer(maps=8))
OF_A_LAYER = ("kind", "kernel_size", "stride", "padding", "maps", "activation")


@dataclass(frozen=True, eq=False)
class FeatureMapsState(Choosing):
    """A picture and layers, of which the first `depth` are on show; in layer number `layer`, a `unit` is marked."""

    image: np.ndarray  # (row, column) or (channel, row, column)
    picture: str  # the name of the image
    layers: tuple[MapLayer, ...]
    depth: int
    layer: int  # from 1
    unit: tuple[int, int, int]  # map, row, column

    @classmethod
    def start(cls):
        """The kitten under a convolution, a max pool and a convolution."""
        return cls(*picture("kitten"), LAYERS, 3, 3, (0, 20, 15))

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        New layers are all on show; a new image without them makes their windows smaller where it is too small for them.
        The chosen layer stays within the depth, and a unit that another layer, or another size, leaves behind gives way
        to the middle one. Settings of a layer are those of the chosen one.
        """
        new = self
        if "image" in settings:
            image, name = picture(settings["image"])
            new = replace(new, image=image, picture=name)
            new = replace(new, layers=_fitted(new.layers, new.input.shape))
        if settings.get("layers", self.layers) is not self.layers:
            layers = map_layers(settings["layers"], new.input.shape[0])
            new = replace(new, layers=layers, depth=len(layers))
        if "depth" in settings:
            new = replace(new, depth=whole_among("depth", settings["depth"], range(1, len(new.layers) + 1)))
        layer = settings.get("layer", min(new.layer, new.depth))
        new = replace(new, layer=whole_among("layer", layer, range(1, new.depth + 1)))
        new = new._with_layer({name: settings[name] for name in OF_A_LAYER if name in settings})
        new._check_sizes()
        if "unit" in settings:
            return replace(new, unit=_unit(settings["unit"], new.shapes[new.layer]))
        stays = new.layer == self.layer and new.shapes[new.layer][1:] == self.shapes[self.layer][1:]
        return new._with_unit(self.unit) if stays else new._with_unit((self.unit[0], *new.middle))

    def choices(self, name, values) -> list:
        """Those of `values` that a setting of the chosen layer could take with all others as they are."""
        return [value for value in values if self._fits({name: value})]

    def edited(self, place, value):
        """The state with another weight in the chosen layer, a convolution; its weights are then its own.

        place: (map, map below, row, column).
        """
        weights = self.weights
        kernels = weights.kernels.copy()
        kernels[place] = value
        return self._with_layer({"weights": Weights(frozen(kernels), frozen(weights.bias))})

    @property
    def chosen(self) -> MapLayer:
        return self.layers[self.layer - 1]

    @property
    def maps(self) -> int:
        """How many maps the chosen layer makes."""
        return self.shapes[self.layer][0]

    @property
    def middle(self) -> tuple[int, int]:
        """The row and column in the middle of the chosen layer's maps."""
        return tuple(n // 2 for n in self.shapes[self.layer][1:])

    @property
    def input(self) -> np.ndarray:
        """The image with an axis for its channels, (channel, row, column)."""
        return self.image.reshape(-1, *self.image.shape[-2:])

    @cached_property
    def shapes(self) -> list[tuple[int, int, int]]:
        """The shape of the input and of each layer's maps, also of those not on show: (channel, row, column)."""
        shapes = [self.input.shape]
        for number, layer in enumerate(self.layers, 1):
            channels, *size = shapes[-1]
            try:
                shapes.append((layer.maps_after(channels), *layer.size_after(*size)))
            except ValueError as error:
                raise ValueError(f"layer {number} does not fit: {error}") from None
        return shapes

    @cached_property
    def stages(self) -> list[list[Layer]]:
        """Each layer on show as layers that run: the window, then the activation, if any."""
        layers = enumerate(self.layers[: self.depth])
        return [layer.made(i, self.shapes[i]) for i, layer in layers]

    @cached_property
    def outputs(self) -> list[np.ndarray]:
        """The input, then the maps of each layer on show, (channel, row, column)."""
        outputs = [self.input]
        with np.errstate(over="ignore", invalid="ignore"):  # `check_numbers` says so in a sentence
            for stage in self.stages:
                outputs.append(Sequential(*stage)(outputs[-1][None])[0])
        return outputs

    def check_numbers(self):
        """Refuse maps with NaN or infinity in them, or with numbers that the view's float32 cannot hold."""
        for number, values in enumerate(self.outputs):
            if not (-LARGEST_NUMBER < values.min() and values.max() < LARGEST_NUMBER):
                raise ValueError(
                    f"layer {number} makes numbers beyond {LARGEST_NUMBER:.0e}, or NaN; use smaller weights, or a "
                    "picture of smaller numbers."
                )

    @cached_property
    def weights(self) -> Weights | None:
        """The kernels and biases of the chosen layer; None of a pool."""
        if self.chosen.kind != "conv":
            return None
        return self.chosen.weights_for(self.layer - 1, self.shapes[self.layer - 1][0])

    @cached_property
    def windows(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each layer on show, which rows and which columns of the layer below each of its units reads."""
        return [
            tuple(
                window_indices(n, window.kernel_size, **window.moves())
                for n, window in zip(shape[1:], _axes(stage), strict=True)
            )
            for (shape, _), stage in zip(pairwise(self.shapes), self.stages, strict=False)
        ]

    @property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the chosen layer sees of the input, along the rows and along the columns."""
        axes = zip(*map(_axes, self.stages[: self.layer]), strict=True)
        return tuple(receptive_field(windows, n)[-1] for windows, n in zip(axes, self.input.shape[1:], strict=True))

    def __getattr__(self, name):
        """Settings of the chosen layer."""
        if name in OF_A_LAYER:
            return getattr(self.chosen, name)
        raise AttributeError(name)

    def _with_layer(self, settings):
        layer = self.chosen
        kind = word_among("kind", settings.get("kind", layer.kind), KINDS)
        if kind != layer.kind and "conv" in (kind, layer.kind):
            settings = USUAL.get(kind, USUAL["pool"]) | settings
        if kind != "conv" and settings.get("maps", self.maps) != self.maps:
            raise ValueError(f"maps of a {kind} are those that come to it, {self.maps}; set them in a layer before.")
        if kind != "conv":
            settings = {name: value for name, value in settings.items() if name != "maps"}
        layers = list(self.layers)
        layers[self.layer - 1] = replace(layer, **settings)
        return replace(self, layers=tuple(layers)) if settings else self

    def _fits(self, settings):
        try:
            self._with_layer(settings)._check_sizes()
        except ValueError:
            return False
        return True

    def _with_unit(self, unit):
        return replace(self, unit=(min(unit[0], self.maps - 1), *unit[1:]))

    def _check_sizes(self):
        """Refuse layers that do not fit, or whose padding makes a map too large to show."""
        for number, shape in enumerate(self.shapes):
            if max(shape[1:]) > LARGEST_PICTURE:
                raise ValueError(
                    f"layer {number} would give {times(shape[1:])} pixels; {LARGEST_PICTURE} can be shown."
                )


def _fitted(layers, shape):
    """The layers, each with the largest window that fits a picture of this shape."""
    fitted, size = [], shape[1:]
    for layer in layers:
        fitted.append(layer.fitted(*size))
        size = fitted[-1].size_after(*size)
    return tuple(fitted)


def _axes(stage):
    return stage[0].window(0), stage[0].window(1)


def _unit(unit, shape):
    advice = "unit must be (map, row, column)"
    if not isinstance(unit, (tuple, list)) or len(unit) != 3:
        raise ValueError(f"{advice}; got {unit!r}.")
    found = tuple([whole("each number of unit", n, least=0) for n in unit])
    if any(n >= most for n, most in zip(found, shape, strict=True)):
        raise ValueError(f"{advice}, from 0 and less than {shape} in this layer; got {unit!r}.")
    return found
