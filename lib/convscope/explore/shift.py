"""The shift explorer: drag the picture, and see whether the layer's maps move with it."""

from __future__ import annotations

from functools import partial

from traitlets import Any, validate

from . import shift_panels
from .base import Explorer, Setting
from .chart import ChartView
from .controls import Controls, dropdown, slider
from .drawing import stacked
from .shift_state import GLOBAL_POOLS, LAYERS, OF_CONVOLUTION, OF_POOLING, PICTURES, POOLS, RANGES, ShiftState

WORDS = {"image": PICTURES, "layer": LAYERS, "pooling": POOLS, "global_pool": GLOBAL_POOLS}


class ShiftExplorer(Explorer):
    """Drag a picture over blank paper, 48 × 48: does a layer's map move with it, and does a global pool notice?

    image: "digit", "letter", "kitten", or an array (row, column), not all 0, at most 48 × 48.
    shift: (rows, columns), down and to the right, or up and to the left below 0: at most 8, and only as far as blank
        paper stays round the picture, as much of it as a cell of the map sees.
    layer: "convolution", of eight random kernels, or "dense", with a weight for each pixel in each cell of its map.
        Both end in ReLU. All that follows but `global_pool` is for a convolution alone.
    kernel: which of the eight maps is on show, 0 to 7. kernel_size: 1 to 5. stride: 1 to 4.
    pooling: "none", "max" or "average", after the convolution; pool_size and pool_stride: 1 to 4.
    global_pool: "max" or "average", over each whole map.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. `error` is
    ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ over all maps, `answer_error` the same of the global pool's answers, which do not
    shift, and `curve` the error at each shift of columns. What cannot be raises StateError, and the explorer stays as
    it was.
    """

    settings = ("image", "shift", "layer", *OF_CONVOLUTION, "global_pool")
    _results = ("error",)
    _own = {"image": ("picture", "image")}
    _looks = shift_panels

    image = Setting(help="The picture, (row, column); set it by name or by array.")
    shift = Setting(help="Rows down and columns to the right, (rows, columns).")
    layer = Setting(help='"convolution" or "dense".')
    kernel = Setting(help="Which map is on show, 0 to 7.")
    kernel_size = Setting(help="Rows and columns of the kernels, 1 to 5.")
    stride = Setting(help="Pixels from one window to the next, 1 to 4.")
    pooling = Setting(help='"none", "max" or "average".')
    pool_size = Setting(help="Rows and columns of the pooling window, 1 to 4.")
    pool_stride = Setting(help="Cells from one pooling window to the next, 1 to 4.")
    global_pool = Setting(help='"max" or "average".')
    error = Any(read_only=True, help="‖f(shift x) − shift f(x)‖ / ‖f(x)‖.")

    def __init__(self, image="digit", **settings):
        words = {name: dropdown(name.replace("_", " ")) for name in WORDS}
        numbers = {name: slider(name.replace("_", " ")) for name in RANGES}
        steps = {"rows": slider("rows down"), "columns": slider("columns right")}
        named = words | numbers | steps
        order = ("image", "layer", "rows", "columns", *OF_CONVOLUTION, "global_pool")
        self._controls = Controls(self._request, **{name: named[name] for name in order})
        self._charts = (ChartView(),)
        super().__init__(ShiftState.start(), {"image": image, **settings}, self._controls.box)
        self.children = (*self.children, *self._charts)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def answer_error(self) -> float:
        """By how much of its size the global pool's answer changes with the shift."""
        return self.state.answer_error

    @property
    def curve(self):
        """Shifts of columns, the rows as they are, and the error at each: two arrays."""
        return self.state.curve

    def figure(self):
        """A matplotlib figure of this state: the panels, with one cell and what it reads marked, over the curve."""
        curve = self._looks.error_curve(self.state)
        return stacked(super().figure(), *([curve.figure(self.shift[1])] if curve else []))

    def _request(self, run=None, **changes):
        steps = dict(zip(("rows", "columns"), self.state.shift, strict=True))
        if steps.keys() & changes.keys():
            changes = {"shift": tuple((steps | changes).values())}
        super()._request("shift" if "shift" in changes else run, **changes)

    def _move(self, rows, columns):
        self._request(shift=(rows, columns))

    def _show(self, drawing):
        curve, (chart,) = self._looks.error_curve(self.state), self._charts
        chart.layout.display = None if curve else "none"
        if curve:
            chart.show(curve, marked=self.state.shift[1])
        super()._show(drawing)

    def _show_controls(self, state):
        idle = OF_CONVOLUTION if state.layer == "dense" else OF_POOLING if state.pooling == "none" else ()
        choices = partial(_choices, state, idle)
        shown = {name: (getattr(state, name), choices(name, words)) for name, words in WORDS.items()}
        shown |= {name: (getattr(state, name), choices(name, among)) for name, among in RANGES.items()}
        for name, step, (least, most) in zip(("rows", "columns"), state.shift, state.room, strict=True):
            shown[name] = step, range(least, most + 1)
        self._controls.show(shown | {"image": (state.picture, [*PICTURES, *self._offer_own(state, "image")])})


def _choices(state, idle, name, values):
    return [] if name in idle else state.choices(name, values)
