"""The second view of explorers: curves, bars and block diagrams, said by Python and drawn as SVG in the browser.

Each chart takes what the function of `figures` takes that draws it where no kernel runs. `static/chart.js` and its
parts place, point and step; they know no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import anywidget
import numpy as np
from traitlets import Dict, Float, Unicode

from ..figures.blocks import Block, blocks_in_words, check_blocks, draw_blocks
from ..figures.chapter import check_bars, draw_bars, png
from ..figures.curves import checked, draw_curves
from ..words import number
from .bundle import display_alive
from .view import static


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves over x, all as `figures.draw_curves` takes it: one number for each x, or one for each seed and x."""

    x: np.ndarray
    series: Mapping[str, np.ndarray]
    title: str
    x_label: str
    y_label: str
    log: bool = False
    limits: tuple[float, float] | None = None

    def __post_init__(self):
        self._checked()

    def described(self, marked=None):
        """Means and spreads, as plain Python for the browser."""
        x, curves = self._checked(marked)
        rest = {name: getattr(self, name) for name in ("title", "x_label", "y_label", "log")}
        described = [{"name": each.name, "y": _listed(each.mean), "spread": _listed(each.spread)} for each in curves]
        return {"kind": "curves", "x": _listed(x), "curves": described, "limits": _listed(self.limits)} | rest

    def in_words(self, marked=None):
        """What is drawn, in short: where each curve stands at the marked place or, where none is, at both ends."""
        x, curves = self._checked(marked)
        points = [0, -1] if marked is None else [abs(x - marked).argmin()]
        at = " and ".join(number(x[point]) for point in points)
        series = "; ".join(f"{each.name} {', '.join(number(each.mean[p]) for p in points)}" for each in curves)
        return f"{self.title}: {self.y_label}, at {self.x_label} {at}: {series}."

    def figure(self, marked=None):
        """The same by matplotlib, with all numbers as its label."""
        words = {"title": self.title, "x_label": self.x_label, "y_label": self.y_label}
        return draw_curves(self.x, self.series, **words, log=self.log, limits=self.limits, mark=marked)

    def _checked(self, marked=None):
        return checked(self.x, self.series, log=self.log, limits=self.limits, mark=marked)


@dataclass(frozen=True, eq=False)
class Bars:
    """Numbers by name, as `figures.draw_bars` takes them. log: True where each step to the right multiplies."""

    values: Mapping[str, float]
    title: str
    unit: str
    log: bool = False

    def __post_init__(self):
        check_bars(self.values, self.log)

    def described(self, marked=None):
        """As plain Python for the browser."""
        bars = [{"name": name, "value": float(v), "text": number(v)} for name, v in self.values.items()]
        return {"kind": "bars", "title": self.title, "unit": self.unit, "log": self.log, "bars": bars}

    def in_words(self, marked=None):
        """Each name with its number."""
        return f"{self.title}: {', '.join(f'{name} {number(v)}' for name, v in self.values.items())} {self.unit}."

    def figure(self, marked=None):
        """The same by matplotlib, with its words as label."""
        return draw_bars(self.values, title=self.title, unit=self.unit, log=self.log)


@dataclass(frozen=True, eq=False)
class Blocks:
    """Boxes by name, each a `Block`, and arrows, pairs of names, as `figures.draw_blocks` draws them."""

    blocks: Mapping[str, Block]
    arrows: tuple[tuple[str, str], ...]
    title: str

    def __post_init__(self):
        check_blocks(self.blocks, self.arrows)

    def described(self, marked=None):
        """As plain Python for the browser: arrows join places in the list of blocks."""
        names = list(self.blocks)
        arrows = [[names.index(end) for end in arrow] for arrow in self.arrows]
        blocks = [asdict(block) for block in self.blocks.values()]
        return {"kind": "blocks", "title": self.title, "blocks": blocks, "arrows": arrows}

    def in_words(self, marked=None):
        """Each box with its notes, and where its arrows lead."""
        return blocks_in_words(self.blocks, self.arrows, self.title)

    def figure(self, marked=None):
        """The same by matplotlib, with its words as label."""
        return draw_blocks(self.blocks, self.arrows, title=self.title)


class ChartView(anywidget.AnyWidget):
    """One chart, a line that says what is pointed at, one that says what was refused, and a caption."""

    chart = Dict().tag(sync=True)
    marked = Float(None, allow_none=True).tag(sync=True)  # where on the x of curves a line stands: you are here
    caption = Unicode().tag(sync=True)
    spoken = Unicode().tag(sync=True)
    refusal = Unicode().tag(sync=True)

    def show(self, chart, *, marked=None, caption="", spoken=""):
        """Draw this chart, with its words, in one message.

        chart: Curves, Bars or Blocks. marked: a place on the x of curves, from its first to its last. caption: a
        text below it. spoken: the chart in words, for who cannot see it; its own where none is given.
        Raises ValueError, in a sentence, for what cannot be drawn; what was on show stays.
        """
        described, words = chart.described(marked), spoken or chart.in_words(marked)
        with self.hold_sync():
            self._drawn = chart
            self.chart, self.marked, self.caption, self.spoken = described, marked, caption, words
            self.refusal = ""

    def still(self):
        """What it shows now, by the names of its traits, for a page."""
        return {name: getattr(self, name) for name in ("chart", "marked", "caption", "spoken")} | {"refusal": ""}

    def figure(self):
        """A matplotlib figure of what is on show."""
        if not self.chart:
            raise ValueError("There is no chart yet: show(…) one first.")
        return self._drawn.figure(self.marked)

    def _ipython_display_(self, **_):
        """Show the live chart where there is a kernel, the picture and its words everywhere else."""
        figure = self.figure()
        display_alive(self, figure.get_label(), png=png(figure))


def _listed(numbers):
    return None if numbers is None else np.asarray(numbers, float).tolist()


ChartView._esm = static(*(f"{part}.js" for part in "basics tend svg scales curves bars blocks chart".split()))
ChartView._css = static("basics.css", "chart.css")
