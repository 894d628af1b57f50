"""The receptive-field explorer: layer upon layer, what one unit sees of the picture."""

from __future__ import annotations

from ipywidgets import IntSlider, Layout
from traitlets import validate

from ..geometry import ReceptiveField
from . import receptive_panels
from .base import Explorer, Setting
from .controls import slide
from .receptive_state import ReceptiveFieldState


class ReceptiveFieldExplorer(Explorer):
    """Stack layers and see how much of the picture one unit sees; point at any unit of any layer.

    layers: 1 to 8 windows, first to last, each (kernel_size, stride, padding, dilation), shortened at will, or a
        dict of these, as `receptive_field` takes them. Each layer averages its window, as a pooling layer does.
    depth: how many of them are on show, 1 to all.
    image: "kitten", "numbers" or a 2-D array (row, column); the kitten at 64 × 64 where none is given.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. What cannot be raises
    StateError, and the explorer stays as it was.
    """

    settings = ("image", "layers", "depth")
    _looks = receptive_panels

    image = Setting(help="The picture, (row, column).")
    layers = Setting(help="The layers, first to last, each (kernel_size, stride, padding, dilation).")
    depth = Setting(help="How many of the layers are on show.")

    def __init__(self, layers=((3, 1, "same"),) * 4, **settings):
        self._slider = IntSlider(description="layers", layout=Layout(width="auto", max_width="420px"))
        self._slider.observe(lambda change: self._request("depth", depth=change.new), "value")
        super().__init__(ReceptiveFieldState.start(), {"layers": layers, **settings}, self._slider)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the last layer on show sees: size, jump and start along the rows and along the columns."""
        return self.state.fields

    def _show_controls(self, state):
        slide(self._slider, state.depth, range(1, len(state.layers) + 1))
