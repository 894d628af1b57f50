"""The receptive-field explorer: layer upon layer, what one unit sees of the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from ipywidgets import IntSlider, Layout
from traitlets import validate

from .. import datasets
from ..geometry import ReceptiveField, Window, as_window, extent, output_size, receptive_field, whole, window_indices
from ..ops import conv2d
from .arrays import LARGEST_PICTURE, frozen, grey_range, plain_picture, times
from .base import Explorer, Setting
from .view import Link, Panel

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


class ReceptiveFieldExplorer(Explorer):
    """Stack layers and see how much of the picture one unit sees; point at any unit of any layer.

    layers: 1 to 8 windows, first to last, each (kernel_size, stride, padding, dilation), shortened at will, or a
        dict of these, as `receptive_field` takes them. Each layer averages its window, as a pooling layer does.
    depth: how many of them are on show, 1 to all.
    image: "kitten", "numbers" or a 2-D array (row, column); the kitten at 64 × 64 where none is given.

    Each is a trait to read, set and observe; `set(…)` changes several at once. What cannot be raises StateError,
    and the explorer stays as it was.
    """

    settings = ("image", "layers", "depth")

    image = Setting(help="The picture, (row, column).")
    layers = Setting(help="The layers, first to last, each (kernel_size, stride, padding, dilation).")
    depth = Setting(help="How many of the layers are on show.")

    def __init__(self, layers=((3, 1, "same"),) * 4, **settings):
        self._slider = IntSlider(description="layers", min=1, layout=Layout(width="auto", max_width="420px"))
        self._slider.observe(lambda change: self._request("depth", depth=change.new), "value")
        super().__init__(ReceptiveFieldState.start(), {"layers": layers, **settings}, self._slider)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the last layer on show sees: size, jump and start along the rows and along the columns."""
        return self.state.fields

    def _sentence(self, state):
        return f"{type(self).__name__}: {_sight_in_words(state)}"

    def _show_controls(self, state):
        with self._slider.hold_trait_notifications():  # the old value may lie above the new end
            self._slider.max, self._slider.value = len(state.layers), state.depth

    def _caption(self, state):
        return _sight_in_words(state)

    def _panels(self, state):
        low, high = grey_range(state.image)
        return [
            Panel(f"layer {i}" if i else "input", _note(state, i), y, "grey", low, high)
            for i, y in enumerate(state.maps)
        ]

    def _links(self, state):
        return [
            Link(i + 1, i, *(window_indices(n, w.kernel_size, **w.moves()) for n in state.maps[i].shape))
            for i, w in enumerate(state.layers[: state.depth])
        ]

    def _selected(self, state):
        """The unit in the middle of the last map: panel, row, column."""
        return [state.depth, state.maps[-1].shape[0] // 2, state.maps[-1].shape[1] // 2]


def _note(state, i):
    """The size of a map and, but for the input, the window that made it."""
    words = [times(state.maps[i])]
    if i == 0:
        return words[0]
    window = state.layers[i - 1]
    words += [f"window {window.kernel_size} × {window.kernel_size}"]
    words += [_padding_in_words(window.padding)] if window.padding not in ("valid", (0, 0)) else []
    words += [f"stride {window.stride}"] if window.stride > 1 else []
    words += [f"dilation {window.dilation}"] if window.dilation > 1 else []
    return ", ".join(words)


def _padding_in_words(padding):
    if isinstance(padding, str):
        return padding
    before, after = padding
    return f"padding {before}" if before == after else f"padding {before} before, {after} after"


def _sight_in_words(state):
    rows, columns = state.fields
    pixels = "pixel" if rows.jump == 1 else "pixels"
    padded = ", padding included" if rows.size > state.image.shape[0] or columns.size > state.image.shape[1] else ""
    return (
        f"A unit of layer {state.depth} sees {rows.size} × {columns.size} pixels of the input{padded}; "
        f"its neighbour sees as much, {rows.jump} {pixels} further on."
    )
