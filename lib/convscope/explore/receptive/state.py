"""Layers of windows over a picture, as a state that is always possible, and what a unit of the last one sees.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from ... import datasets
from ...arguments import pair, whole
from ...geometry import ReceptiveField, Window, as_window, extent, output_size, receptive_field
from ...ops import conv2d
from ...words import refusal, size
from ..arrays import Pictured, frozen, grey_range, plain_picture
from ..settings import limits, plain
from ..still import Panel
from ..windows import field_through, seen, tables_of

LIMITS = limits(__package__)
START = (Window(3, padding="same"),) * 4
FACE, MOST_LAYERS, MOST_PIXELS = "face", LIMITS["layers"], LIMITS["pixels"]


@cache
def face() -> np.ndarray:
    """The kitten, in pixels large enough to be told apart."""
    return frozen(datasets.kitten(64, grey=True))


@dataclass(frozen=True, eq=False)
class ReceptiveFieldState(Pictured):
    """A picture and layers that average it, one upon another, of which the first `depth` are on show.

    A layer's size, stride and dilation are an int where rows and columns agree, else a (rows, columns) pair.
    """

    image: np.ndarray
    picture: str
    layers: tuple[Window, ...]
    depth: int

    @classmethod
    def start(cls):
        """The kitten under four ordinary layers."""
        return cls(face(), FACE, START, len(START))

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        New layers lower the depth where there are fewer of them.
        """
        new = self
        if "image" in settings:
            is_face = isinstance(settings["image"], str) and settings["image"] == FACE
            image, name = (face(), FACE) if is_face else plain_picture(settings["image"], MOST_PIXELS)
            new = replace(new, image=image, picture=name)
        if "layers" in settings:
            layers = _layers(settings["layers"])
            new = replace(new, layers=layers, depth=min(self.depth, len(layers)))
        if "depth" in settings:
            new = replace(new, depth=_depth(settings["depth"], len(new.layers)))
        for axis, n in enumerate(new.image.shape):
            _check_sizes(n, [along(layer, axis) for layer in new.layers])
        return new

    @property
    def settings(self) -> dict:
        layers = [[list(each) if isinstance(each, tuple) else each for each in layer] for layer in self.layers]
        return {"image": self.picture_key, "layers": layers, "depth": self.depth}

    @property
    def sentence(self) -> str:
        return f"ReceptiveFieldExplorer: {self.sum_in_words}"

    @property
    def sum_in_words(self) -> str:
        rows, columns = self.fields
        beyond = rows.size > self.image.shape[0] or columns.size > self.image.shape[1]
        further = f"{columns.jump} pixel{'s' * (columns.jump != 1)} further on"
        if rows.jump != columns.jump:
            further = f"{rows.jump} pixels further down or {columns.jump} to the right"
        return (
            f"A unit of layer {self.depth} sees {size((rows.size, columns.size))} pixels of the input"
            f"{', padding included' * beyond}; its neighbour sees as much, {further}."
        )

    def shown(self, axis) -> list[Window]:
        """The layers on show, along the rows (0) or the columns (1)."""
        return [along(layer, axis) for layer in self.layers[: self.depth]]

    @cached_property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the last layer on show sees, along the rows and along the columns."""
        return tuple(receptive_field(self.shown(axis), n)[-1] for axis, n in enumerate(self.image.shape))

    @cached_property
    def map(self) -> np.ndarray:
        """The last layer on show, (row, column), where each layer takes the average of each window."""
        made = self.image
        for layer in self.layers[: self.depth]:
            shape = pair("kernel_size", layer.kernel_size)
            average = np.full(shape, 1 / np.prod(shape), made.dtype)
            padding = layer.padding if isinstance(layer.padding, str) else (layer.padding,) * 2
            made = conv2d(made, average, stride=layer.stride, padding=padding, dilation=layer.dilation)
        return frozen(made)

    def seen(self, unit) -> tuple[np.ndarray, np.ndarray]:
        """The rows and the columns of the picture that a unit of the last layer on show is made of."""
        return tuple(seen([tables[axis] for tables in self._tables()], cell) for axis, cell in enumerate(unit))

    def _tables(self):
        tables, pixels = [], self.image.shape
        for windows in zip(self.shown(0), self.shown(1), strict=True):
            tables.append(tables_of(pixels, windows))
            pixels = tuple(map(len, tables[-1]))
        return tables

    @property
    def panels(self) -> list[Panel]:
        scale, unit = ("grey", *grey_range(self.image)), tuple(n // 2 for n in self.map.shape)
        sees = field_through(self._tables(), unit)
        return [Panel("input", self.image, scale, sees), Panel(f"layer {self.depth}", self.map, scale, (*unit, 1, 1))]


def along(layer, axis) -> Window:
    """A layer as its window along the rows (0) or the columns (1)."""
    chosen = {
        name: value[axis] if isinstance(value, tuple) and len(value) == 2 else value
        for name, value in layer._asdict().items()
        if name != "padding"
    }
    return layer._replace(**chosen)


def _layers(layers):
    if not isinstance(layers, (tuple, list)):
        raise TypeError(f"layers must be a list of (kernel_size, stride, padding, dilation); got {layers!r}.")
    windows = tuple(map(_layer, layers))
    if not 1 <= len(windows) <= MOST_LAYERS:
        raise ValueError(refusal("layers", most=MOST_LAYERS, got=len(windows)))
    for window in windows:
        if window.padding == "causal":
            raise ValueError('layers of a picture know no "causal" padding; use "valid", "same", "full" or a number.')
        for each in (along(window, 0), along(window, 1)):
            if max(extent(each.kernel_size, each.dilation), each.stride) > MOST_PIXELS:
                raise ValueError(refusal("large layer", most=MOST_PIXELS, layer=tuple(window)))
    return windows


def _layer(layer) -> Window:
    """A layer of the network, a tuple or a dict as a window of both axes."""
    if hasattr(layer, "window"):
        axes = [layer.window(axis) or as_window(layer) for axis in (0, 1)]
    else:
        try:
            window = Window(**layer) if isinstance(layer, dict) else Window(*map(_unlisted, layer))
        except TypeError:
            window = as_window(layer)
        axes = [along(window, 0), along(window, 1)]
    rows, columns = (each.checked() for each in axes)
    if rows.padding != columns.padding:
        raise ValueError(f"layers holds {layer!r}, whose padding differs along rows and columns.")
    return Window(*map(plain, zip(rows, columns, strict=True)))


def _unlisted(value):
    return tuple(value) if isinstance(value, list) else value


def _check_sizes(n, windows):
    """Refuse layers that do not fit an axis, or whose padding makes a map too large to show."""
    for window in windows:
        n = output_size(n, window.kernel_size, **window.moves())
        if n > MOST_PIXELS:
            raise ValueError(refusal("large map", most=MOST_PIXELS, layer=tuple(window), pixels=n))


def _depth(depth, most):
    depth = whole("depth", depth)
    if depth > most:
        raise ValueError(refusal("depth", most=most, depth=depth))
    return depth
