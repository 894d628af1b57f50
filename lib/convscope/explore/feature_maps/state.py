"""A picture and the stack of layers over it, as a state that is always possible, and the maps that it makes.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np

from ...layers import Layer, Sequential
from ...words import number, refusal, size
from ..arrays import Pictured, frozen, picture
from ..settings import whole_among, word_among
from ..windows import field_through, tables_of
from .layers import KINDS, MOST, OTHER, USUAL, MapLayer
from .network import map_layers
from .words import panels, sentence, sum_in_words

LARGEST_NUMBER = 1e38
LAYERS = (MapLayer(maps=4), MapLayer("max pool", **USUAL["pool"]), MapLayer(maps=9))
OF_A_LAYER = ("kind", "kernel_size", "stride", "padding", "maps", "activation")


@dataclass(frozen=True, eq=False)
class FeatureMapsState(Pictured):
    """A picture and layers, of which number `layer` is the chosen one."""

    image: np.ndarray  # (row, column) or (channel, row, column)
    picture: str  # the name of the image
    layers: tuple[MapLayer, ...]
    layer: int  # from 1
    cut: str = ""  # what of a network is not shown, in a sentence

    @classmethod
    def start(cls):
        """The kitten under a convolution, a max pool and a convolution."""
        return cls(*picture("kitten"), LAYERS, 3)

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        Of new layers the last convolution among the first three is chosen. Settings of a layer are those of the chosen
        one.
        """
        new, layer = self, self.layer
        if "image" in settings:
            image, name = picture(settings["image"])
            new = replace(new, image=image, picture=name)
        if settings.get("layers", self.layers) is not self.layers:
            layers, cut = map_layers(settings["layers"], new.input.shape)
            if isinstance(settings["layers"], (list, tuple)) and list(layers) == list(settings["layers"]):
                cut, layer = cut or self.cut, min(layer, len(layers))  # read before, as a view has them
            else:
                layer = max((i for i, each in enumerate(layers[:3], 1) if each.kind == "conv"), default=1)
            new = replace(new, layers=layers, cut=cut)
        layer = whole_among("layer", settings.get("layer", layer), range(1, len(new.layers) + 1))
        new = replace(new, layer=layer)
        new = new._with_layer({name: settings[name] for name in OF_A_LAYER if name in settings})
        new._check()
        return new

    def asked(self, settings, arrays):
        """The changes that settings of the browser are, as `changed` takes them: those of a layer stand in `layers`.

        arrays: by the keys that the settings have for them, images that have no name, learned weights, and layers.
        """
        asked = super().asked({name: settings[name] for name in ("image", "layer") if name in settings}, arrays)
        if "layers" in settings:
            asked["layers"] = [MapLayer.of(plain, arrays) for plain in settings["layers"]]
        return asked

    @property
    def settings(self) -> dict:
        layers = [layer.plain() for layer in self.layers]
        chosen = {name: layers[self.layer - 1][name] for name in OF_A_LAYER}
        return {"image": self.picture_key, "layer": self.layer, "layers": layers, "cut": self.cut, **chosen}

    @property
    def numbers(self) -> dict:
        return {f"layer {number}": maps for number, maps in enumerate(self.outputs) if number}

    panels, sum_in_words, sentence = property(panels), property(sum_in_words), property(sentence)

    @property
    def chosen(self) -> MapLayer:
        return self.layers[self.layer - 1]

    @property
    def maps(self) -> int:
        """How many maps the chosen layer makes."""
        return self.shapes[self.layer][0]

    @property
    def output(self) -> np.ndarray:
        """The maps of the chosen layer, (map, row, column)."""
        return self.outputs[self.layer]

    @property
    def input(self) -> np.ndarray:
        """The image with an axis for its channels, (channel, row, column)."""
        return self.image.reshape(-1, *self.image.shape[-2:])

    @cached_property
    def shapes(self) -> list[tuple[int, int, int]]:
        """The shape of the input and of each layer's maps, (channel, row, column)."""
        shapes = [self.input.shape]
        for which, layer in enumerate(self.layers, 1):
            try:
                shapes.append(layer.output_shape(shapes[-1]))
            except ValueError as error:
                raise ValueError(f"layer {which} does not fit: {error}") from None
        return shapes

    @cached_property
    def stages(self) -> list[list[Layer]]:
        """Each layer as layers that run: the window, then the activation, if any."""
        return [layer.made(i, self.shapes[i]) for i, layer in enumerate(self.layers)]

    @cached_property
    def outputs(self) -> list[np.ndarray]:
        """The input, then the maps of each layer, (channel, row, column)."""
        outputs = [self.input]
        with np.errstate(over="ignore", invalid="ignore"):  # `_check` says so in a sentence
            for stage in self.stages:
                outputs.append(frozen(Sequential(*stage)(outputs[-1][None])[0]))
        return outputs

    def windows(self, number) -> tuple[np.ndarray, np.ndarray]:
        """Which rows and which columns of the layer below each unit of a layer reads; −1 is padding."""
        return tables_of(self.shapes[number - 1][1:], self.layers[number - 1].windows)

    @cached_property
    def marked(self) -> tuple[int, int, int]:
        """The unit to look at first: the largest of the chosen layer that does not lie at the rim."""
        _, rows, columns = self.output.shape
        inside = np.zeros(self.output.shape, bool)
        inside[:, rows // 8 : rows - rows // 8, columns // 8 : columns - columns // 8] = True
        return np.unravel_index(np.argmax(np.where(inside, abs(self.output), -1)), self.output.shape)

    def field(self, number) -> tuple[int, int, int, int] | None:
        """What the marked unit sees of layer `number`: row, column, rows and columns; None where that is not known, or
        padding alone."""
        if any(layer.layer for layer in self.layers[number : self.layer]):
            return None
        return field_through([self.windows(above) for above in range(number + 1, self.layer + 1)], self.marked[1:])

    def __getattr__(self, name):
        """Settings of the chosen layer."""
        if name in OF_A_LAYER:
            return getattr(self.chosen, name)
        raise AttributeError(name)

    def _with_layer(self, settings):
        layer = self.chosen
        if settings.get("kind", layer.kind) == layer.kind:
            settings = {name: value for name, value in settings.items() if value != getattr(self, name)}
        if not settings:
            return self
        if layer.kind == OTHER:
            raise ValueError(f"layer {self.layer}, {layer.name}, is as it is: it has no settings here.")
        kind = word_among("kind", settings.get("kind", layer.kind), KINDS)
        if kind != layer.kind and "conv" in (kind, layer.kind):
            settings = USUAL.get(kind, USUAL["pool"]) | {"dilation": 1} | settings
        if kind != "conv" and (maps := self.shapes[self.layer - 1][0]) != settings.pop("maps", maps):
            raise ValueError(refusal("maps of a pool", kind=kind, maps=maps))
        if {"kind", "kernel_size"} & set(settings):
            settings["edits"] = ()
        layers = list(self.layers)
        layers[self.layer - 1] = replace(layer, **settings)
        return replace(self, layers=tuple(layers))

    def _check(self):
        """Refuse layers that do not fit, and maps that are too large, too many, or hold what float32 cannot."""
        first = self.layers[0]
        if first.weights and first.weights.kernels.shape[1] != len(self.input):
            reads = first.weights.kernels.shape[1]
            raise ValueError(refusal("learned of others", reads=reads, channels=len(self.input)))
        for which, shape in enumerate(self.shapes):
            if max(shape[1:]) > MOST["pixels"]:
                raise ValueError(refusal("too large a map", layer=which, pixels=size(shape[1:]), most=MOST["pixels"]))
        if sum(map(prod, self.shapes)) > MOST["numbers"]:
            raise ValueError(refusal("too many numbers", most=f"{MOST['numbers']:,}"))
        for which, values in enumerate(self.outputs):
            if not (-LARGEST_NUMBER < values.min() and values.max() < LARGEST_NUMBER):
                raise ValueError(
                    f"layer {which} makes numbers beyond {number(LARGEST_NUMBER)}, or NaN; use smaller weights, or a "
                    "picture of smaller numbers."
                )
