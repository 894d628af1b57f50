"""Layers of windows over a picture, as a state that is always possible, and what a unit of the last one sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .. import datasets
from ..arguments import whole
from ..geometry import ReceptiveField, Window, as_window, extent, output_size, receptive_field
from ..ops import conv2d
from .arrays import LARGEST_PICTURE, frozen, plain_picture

MOST_LAYERS = 8


@dataclass(frozen=True, eq=False)
class ReceptiveFieldState:
    """A picture and layers that average it, one upon another, of which the first `depth` are on show."""

    image: np.ndarray
    layers: tuple[Window, ...]
    depth: int

    @classmethod
    def start(cls):
        """The kitten under one ordinary 3 × 3 layer."""
        return cls(frozen(datasets.kitten(64, grey=True)), (Window(3, padding="same"),), 1)

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        New layers lower the depth where there are fewer of them.
        """
        new = self
        if "image" in settings:
            new = replace(new, image=plain_picture(settings["image"])[0])
        if "layers" in settings:
            layers = _layers(settings["layers"])
            new = replace(new, layers=layers, depth=min(self.depth, len(layers)))
        if "depth" in settings:
            new = replace(new, depth=_depth(settings["depth"], len(new.layers)))
        _check_sizes(new.image.shape, new.layers)
        return new

    @cached_property
    def maps(self) -> list[np.ndarray]:
        """The image, then the output of each layer on show: the average of each window."""
        maps = [self.image]
        for window in self.layers[: self.depth]:
            average = np.full((window.kernel_size,) * 2, window.kernel_size**-2, dtype=self.image.dtype)
            maps.append(conv2d(maps[-1], average, **window.moves(axes=2)))
        return maps

    @cached_property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the last layer on show sees, along the rows and along the columns."""
        return tuple(receptive_field(self.layers[: self.depth], n)[-1] for n in self.image.shape)


def _layers(layers):
    if not isinstance(layers, (tuple, list)):
        raise TypeError(f"layers must be a list of (kernel_size, stride, padding, dilation); got {layers!r}.")
    windows = tuple(as_window(layer) for layer in layers)
    if not 1 <= len(windows) <= MOST_LAYERS:
        raise ValueError(f"layers must be 1 to {MOST_LAYERS} windows; got {len(windows)}.")
    for window in windows:
        if window.padding == "causal":
            raise ValueError('layers of a picture know no "causal" padding; use "valid", "same", "full" or a number.')
        if max(extent(window.kernel_size, window.dilation), window.stride) > LARGEST_PICTURE:
            raise ValueError(f"layers must span and step at most {LARGEST_PICTURE} pixels; got {tuple(window)}.")
    return windows


def _check_sizes(shape, layers):
    """Refuse layers that do not fit, or whose padding makes a map too large to show."""
    for n in shape:
        for window in layers:
            n = output_size(n, window.kernel_size, **window.moves())
            if n > LARGEST_PICTURE:
                raise ValueError(
                    f"layers must give maps of at most {LARGEST_PICTURE} pixels; {tuple(window)} gives {n}."
                )


def _depth(depth, most):
    depth = whole("depth", depth)
    if depth > most:
        raise ValueError(f"depth must be from 1 to {most}, the number of layers; got {depth}.")
    return depth
