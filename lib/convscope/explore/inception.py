"""The Inception designer: widths and reductions by slider, and at once what the module costs beside its rivals."""

from __future__ import annotations

from collections.abc import Mapping

from traitlets import validate

from ..figures.chapter import png
from ..layers import Parallel
from ..models import GOOGLENET, Widths
from . import inception_charts
from .base import Explorer, Setting
from .bundle import display_alive
from .chart import ChartView
from .controls import Controls, dropdown, grid, slider
from .drawing import stacked
from .inception_state import MAPS, PIXELS, WIDTHS, Cost, InceptionState

# As far as a slider goes; further can be set.
REACH = {"one": 512, "reduce_three": 256, "three": 512, "reduce_five": 128, "five": 256, "pool": 256}
DEEPEST, LARGEST = 1024, 64
NAMES = {
    "one": "1×1",
    "reduce_three": "1×1 before 3×3",
    "three": "3×3",
    "reduce_five": "1×1 before 5×5",
    "five": "5×5",
    "pool": "1×1 after pool",
}
REDUCES = {"reduce_three": "three", "reduce_five": "five"}


class InceptionDesigner(Explorer):
    """Design an Inception module, and see its branches, its depth, and its cost beside two rivals of it.

    module: one of GoogLeNet's, "3a" to "5b"; "your own" once anything of it is changed.
    input_shape: what comes to it, (channel, row, column): at most 2,048 maps of 256 × 256.
    one, three, five: how many filters of 1×1, 3×3 and 5×5 it has, 0 to 1,024; 0 leaves the branch out, not all three.
    reduce_three, reduce_five: 1×1 filters before them; pool: 1×1 filters after the pool. 0 leaves out the reduction
        alone, and what comes goes on as it is.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once, the module first; `costs` tells
    shape, weights and MACs of "this module", of the "naive module" without reductions, and of "one 5×5 convolution"
    that gives as many maps as this one; `model` is the module, to be built and run. What cannot be raises StateError,
    and the designer stays as it was.
    """

    settings = ("module", "input_shape", *WIDTHS)
    _own = {"module": ("module", *Widths._fields)}
    _looks = inception_charts

    module = Setting(help='One of GoogLeNet\'s, "3a" to "5b".')
    input_shape = Setting(help="What comes to it, (channel, row, column).")
    one = Setting(help="Filters of 1×1, alone in their branch.")
    reduce_three = Setting(help="Filters of 1×1 before those of 3×3.")
    three = Setting(help="Filters of 3×3.")
    reduce_five = Setting(help="Filters of 1×1 before those of 5×5.")
    five = Setting(help="Filters of 5×5.")
    pool = Setting(help="Filters of 1×1 after the pool.")

    def __init__(self, module="3a", **settings):
        numbers = {name: slider(label) for name, label in NAMES.items()}
        shape = {"depth": slider("input maps"), "size": slider("input size")}
        self._controls = Controls(self._request, module=dropdown("module"), **shape, **numbers)
        self._charts = ChartView(), ChartView()
        super().__init__(InceptionState.start(), {"module": module, **settings}, self._controls.box)
        self.children = (*self.children, grid(list(self._charts)))

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def widths(self) -> Widths:
        """The module as `models.inception` takes it."""
        return self.state.widths

    @property
    def model(self) -> Parallel:
        """The module as a layer, with no weights yet."""
        return self.state.model

    @property
    def costs(self) -> Mapping[str, Cost]:
        """Shape, weights, parameters and MACs of this module and of its two rivals, by name."""
        return self.state.costs

    def figure(self):
        """A matplotlib figure of this state: the module over what it costs."""
        charts = self._looks.blocks(self.state), *self._looks.bars(self.state)
        return stacked(*(chart.figure() for chart in charts))

    def _ipython_display_(self, **_):
        """Show the live designer where there is a kernel, the picture, small, and the sentence everywhere else."""
        display_alive(self, self.sentence, png=png(self.figure()))

    def _new_view(self):
        return ChartView()

    def _request(self, run=None, **changes):
        depth, *sizes = self.state.input_shape
        if "depth" in changes:
            changes = {"input_shape": (changes["depth"], *sizes)}
        elif "size" in changes:
            changes = {"input_shape": (depth, changes["size"], changes["size"])}
        super()._request(run, **changes)

    def _drawing(self, state):
        looks = self._looks
        return {"chart": looks.blocks(state), "caption": looks.caption(state), "spoken": looks.spoken(state)}

    def _show(self, drawing):
        super()._show(drawing)
        for view, chart in zip(self._charts, self._looks.bars(self.state), strict=True):
            view.show(chart)

    def _show_controls(self, state):
        depth, rows, columns = state.input_shape
        self._controls.show(
            {
                "module": (state.module, [*GOOGLENET, *self._offer_own(state, "module")]),
                "depth": (depth, range(MAPS[0], max(DEEPEST, depth) + 1)),
                "size": (rows, range(PIXELS[0], max(LARGEST, rows) + 1) if rows == columns else ()),
            }
            | {name: _offered(state, name) for name in WIDTHS}
        )
        for reduction, branch in REDUCES.items():
            self._controls.named[reduction].disabled = getattr(state, branch) == 0  # it is left out with its branch


def _offered(state, name):
    """The value of a width and what its slider offers."""
    value, least = getattr(state, name), 0 if state.allows(**{name: 0}) else 1
    return value, range(least, max(REACH[name], value) + 1)
