"""The one view of every explorer: a row of array panels with links between their cells.

Python says what to draw; `static/*.js` draws it and answers hover, focus and keys in the browser alone. Arrays
travel as binary float32, links as the pixel numbers that `geometry.window_indices` gives.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

import anywidget
import matplotlib
import numpy as np
from traitlets import Bytes, Dict, Int, List, Unicode

from ..style import COLOUR_MAPS


@dataclass(frozen=True)
class Drag:
    """A picture that a person may move over its panel: where it is and how far it may go, each (rows, columns)."""

    at: tuple[int, int]
    least: tuple[int, int]
    most: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Panel:
    """One array on show: what it is called, what its numbers mean as colours, and where it is padding."""

    title: str
    note: str
    values: np.ndarray
    colours: str
    low: float
    high: float
    scale: str = "picture"  # panels of one scale draw their cells at one size
    inner: tuple[int, int, int, int] | None = None  # top, left, rows and columns of what is not padding
    editable: bool = False  # whether a person may ask for another number in a cell
    bias: float = 0.0  # what is added to the products that make a cell
    drag: Drag | None = None  # where a person may move what it shows
    activation: str = ""  # the name of what then makes the cell of that sum
    group: str = ""  # the heading that it stands under, with its neighbours of the same group
    about: str = ""  # what that heading says of them all
    choosable: bool = False  # whether a click asks Python to go to that cell

    def is_padding(self, row, column) -> bool:
        """Whether a cell lies outside what is not padding."""
        top, left, rows, columns = self.inner or (0, 0, *self.values.shape)
        return not (top <= row < top + rows and left <= column < left + columns)

    def described(self):
        """All but the values, as plain Python for the browser."""
        top, left, rows, columns = self.inner or (0, 0, *self.values.shape)
        return {
            "title": self.title,
            "note": self.note,
            "shape": list(self.values.shape),
            "colours": self.colours,
            "low": float(self.low),
            "high": float(self.high),
            "scale": self.scale,
            "inner": {"top": top, "left": left, "rows": rows, "columns": columns},
            "editable": self.editable,
            "bias": float(self.bias),
            "drag": self.drag and asdict(self.drag),
            "activation": self.activation,
            "group": self.group,
            "about": self.about,
            "choosable": self.choosable,
        }


@dataclass(frozen=True, eq=False)
class Link:
    """Which cells of panel `target` each cell of panel `source` is made of, as one table for each axis.

    source, target: a panel, or several: each of the sources then reads the same cells of every target.
    rows, columns: int arrays [cells of the source, cells it reads of the target], −1 for none. Cell (r, c)
    reads rows[r] × columns[c].
    weights_of: the panel, or panels, whose cells are sums of products of these two: with weights in the source,
    pixels in the target, and in column p of rows and columns the pixels for row and column p of the sums.
    """

    source: int | tuple[int, ...]
    target: int | tuple[int, ...]
    rows: np.ndarray
    columns: np.ndarray
    weights_of: int | tuple[int, ...] | None = None

    def described(self):
        """All but the tables, as plain Python for the browser."""
        sums = () if self.weights_of is None else self.weights_of
        return {"sources": _several(self.source), "targets": _several(self.target), "weights_of": _several(sums)}

    def pairs(self):
        """Each source with each target."""
        return product(_several(self.source), _several(self.target))


@dataclass(frozen=True, eq=False)
class Pick:
    """One cell of panel `target` for each cell of panel `source`, such as the winner of its window.

    cells: int array in the shape of the source, the place of each picked cell in reading order. verb: how the source
    says it, "won by". Every picked cell has a dot, that of the marked cell a ring.
    """

    source: int
    target: int
    cells: np.ndarray
    verb: str

    def described(self):
        """All but the cells, as plain Python for the browser."""
        return {"source": self.source, "target": self.target, "verb": self.verb}


class Scene(NamedTuple):
    """What there is to see of a state.

    selected: the cell that is marked until a person moves: panel, row, column. columns: panels in a row, what is left
    over standing beside them; 0 for as many as there is room for.
    """

    panels: list[Panel]
    links: list[Link]
    selected: list[int]
    picks: tuple[Pick, ...] | list[Pick] = ()
    columns: int = 0


class PanelsView(anywidget.AnyWidget):
    """Panels side by side, the links between them, a caption, and a line that says what was refused."""

    panels = List(Dict()).tag(sync=True)
    arrays = List(Bytes()).tag(sync=True)
    links = List(Dict()).tag(sync=True)
    tables = List(Bytes()).tag(sync=True)
    picks = List(Dict()).tag(sync=True)
    picked = List(Bytes()).tag(sync=True)
    colour_maps = Dict().tag(sync=True)
    selected = List().tag(sync=True)  # the cell that is marked until a person moves: panel, row, column
    label = Unicode().tag(sync=True)
    caption = Unicode().tag(sync=True)
    spoken = Unicode().tag(sync=True)
    refusal = Unicode().tag(sync=True)
    columns = Int(0).tag(sync=True)  # panels in a row, those left over beside them; 0: as many as there is room for
    request = Dict().tag(sync=True)  # what a person asks of Python: serial, kind (edit, choose, move), and of what

    def __init__(self, **kwargs):
        super().__init__(colour_maps={name: colour_table(name) for name in COLOUR_MAPS}, **kwargs)

    def show(self, panels, links, picks=(), **text):
        """Draw these panels, links and picks, with new text for the traits that are named, in one message."""
        with self.hold_sync():
            self.panels = [panel.described() for panel in panels]
            self.arrays = [np.ascontiguousarray(panel.values, dtype="<f4").tobytes() for panel in panels]
            self.links = [link.described() for link in links]
            tables = [table for link in links for table in (link.rows, link.columns)]
            self.tables = [np.ascontiguousarray(table, dtype="<i4").tobytes() for table in tables]
            self.picks = [pick.described() for pick in picks]
            self.picked = [np.ascontiguousarray(pick.cells, dtype="<i4").tobytes() for pick in picks]
            self.refusal = ""
            for name, value in text.items():
                setattr(self, name, value)

    def still(self):
        """What it shows now, by the names of its traits, for a page where nobody answers a request."""
        panels = [panel | {"editable": False, "drag": None, "choosable": False} for panel in self.panels]
        shown = {name: getattr(self, name) for name in _SHOWN}
        return shown | {"panels": panels, "refusal": "", "request": {}}


def _several(panels):
    return [int(panel) for panel in np.atleast_1d(np.asarray(panels, int))]


def in_digits(value, digits=3) -> str:
    """A number in so many digits, as the browser writes it too: 0.333, 12.3, 1235, 1.2e+06. Halves go up."""
    size = abs(value)
    if size and not 1e-4 <= size < 99999.5:
        text = f"{float(_rounded(value, 2)):.1e}"
    else:
        whole = size >= 10**digits - 0.5
        number = Decimal(float(value)).quantize(1, ROUND_HALF_UP) if whole else _rounded(value, digits).normalize()
        text = f"{number:f}"
    return "0" if text in ("0", "-0") else text.replace("-", "−")


def _rounded(value, digits):
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(float(value))


@cache
def colour_table(name) -> bytes:
    """256 colours, low to high, as red, green and blue bytes."""
    return matplotlib.colormaps[COLOUR_MAPS[name]](np.arange(256), bytes=True)[:, :3].tobytes()


def static(*names) -> str:
    """Files of the view in one: browsers get it as a single module, which cannot import relatively."""
    folder = files(__package__) / "static"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


_SHOWN = "arrays links tables picks picked colour_maps selected columns label caption spoken".split()
_PARTS = """
    basics links picks products marks grid panel magnifier sum
    tend words details motion editor drag layout view
""".split()
PanelsView._esm = static(*(f"{part}.js" for part in _PARTS))
PanelsView._css = static("basics.css", "view.css")
