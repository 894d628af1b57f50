"""An explorer as a still picture, for where nothing is alive: its arrays, the marked cell, the sum that makes it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from PIL import Image

from ..style import PADDING, ink
from ..words import number, size

WIDTH, HEADING, WORDS, GAP, EDGE = 8.6, 0.3, 0.5, 0.25, 0.04  # inches; the edge leaves room for frames
LARGEST_CELL, SMALLEST_WITH_LINES = 0.42, 0.14  # inches
ROOM_FOR_NUMBERS = 0.26  # inches
COLOURS = 128


@dataclass(frozen=True, eq=False)
class Panel:
    """One array of a still picture: (row, column), or (3, row, column) in colour."""

    title: str
    values: np.ndarray
    scale: tuple[str, float, float]  # "grey" or "signed", lowest, highest
    mark: tuple[int, int, int, int] | None = None  # row, column, rows and columns of what is framed
    inner: tuple[int, int, int, int] | None = None  # of what is not padding
    ring: tuple[int, int] | None = None  # row and column of a cell that wins
    marks: tuple = ()  # more frames, as `mark`
    note: str = ""  # in place of its size


def draw(panels, words) -> Figure:
    """Panels side by side, as `look` has them in the light, and a line of words under them."""
    side = (WIDTH - 2 * EDGE - GAP * (len(panels) - 1)) / len(panels)
    tall = max(panel.values.shape[-2] * _cell(panel, side) for panel in panels)
    height = HEADING + tall + WORDS
    figure = Figure(figsize=(WIDTH, height), dpi=100, facecolor="white")
    for i, panel in enumerate(panels):
        rows, columns = panel.values.shape[-2:]
        cell, left = _cell(panel, side), EDGE + i * (side + GAP)
        box = (left / WIDTH, 1 - (HEADING + rows * cell) / height, columns * cell / WIDTH, rows * cell / height)
        _draw_panel(figure.add_axes(box), panel, cell)
        top = 1 - 0.22 / height
        figure.text(left / WIDTH, top, panel.title, fontsize=11, weight="bold", color=colour("ink"))
        note = panel.note or size((rows, columns))
        figure.text((left + side) / WIDTH, top, note, fontsize=9, color=colour("quiet"), ha="right")
    figure.text(EDGE / WIDTH, 0.12 / height, words, fontsize=10, color=colour("ink"))
    return figure


def sheet(title, maps, scale, box, marked, count) -> Panel:
    """Maps, (map, row, column), in rows and columns in one panel.

    box: row, column, rows and columns of what is framed in each of the maps that the slice `marked` takes; or None.
    count: how many maps there are in all.
    """
    shown, rows, columns = maps.shape
    across, gap = int(np.ceil(np.sqrt(shown))), max(1, columns // 24) if shown > 1 else 0
    made = np.full((-(-shown // across) * (rows + gap) - gap, across * (columns + gap) - gap), np.nan)
    corners = [(i // across * (rows + gap), i % across * (columns + gap)) for i in range(shown)]
    for (top, left), each in zip(corners, maps, strict=True):
        made[top : top + rows, left : left + columns] = each
    marks = tuple((box[0] + top, box[1] + left, *box[2:]) for top, left in corners[marked]) if box else ()
    return Panel(title, made, scale, marks=marks, note=f"{count} of {size((rows, columns))}" if count > 1 else "")


def png(figure) -> bytes:
    """A figure as a small PNG file: few colours, which a still picture of a photo is recognised by."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    stream = io.BytesIO()
    picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(stream, "png", optimize=True)
    return stream.getvalue()


def _cell(panel, side) -> float:
    return min(side / max(panel.values.shape[-2:]), LARGEST_CELL)


def _draw_panel(axes, panel, cell):
    rows, columns = panel.values.shape[-2:]
    axes.set(xticks=[], yticks=[], xlim=(0, columns), ylim=(rows, 0))
    axes.spines[:].set(color=colour("line"))
    place = {"extent": (0, columns, rows, 0), "interpolation": "nearest"}
    if panel.values.ndim == 3:
        axes.imshow(np.moveaxis(panel.values, 0, -1).clip(0, 1), aspect="auto", **place)
    else:
        kind, low, high = panel.scale
        drawn = axes.imshow(panel.values, cmap=_map(kind), vmin=low, vmax=high, aspect="auto", **place)
        _write(axes, panel, drawn, cell)
    for patch in _padding(panel):
        axes.add_patch(patch)
    if panel.ring:
        _ring(axes, *panel.ring)
    for mark in filter(None, (panel.mark, *panel.marks)):
        _frame(axes, *mark, cell)


def _write(axes, panel, drawn, cell):
    """Lines and numbers where there is room for them."""
    rows, columns = panel.values.shape
    if cell < SMALLEST_WITH_LINES:
        return
    axes.vlines(range(1, columns), 0, rows, color="0.5", lw=0.4, alpha=0.6)
    axes.hlines(range(1, rows), 0, columns, color="0.5", lw=0.4, alpha=0.6)
    texts = [number(value) if np.isfinite(value) else "" for value in panel.values.ravel()]  # no number in a gap
    points = min(10, 72 * cell / max(2.2, 0.68 * max(map(len, texts))))
    if cell < ROOM_FOR_NUMBERS or points < 6:
        return
    for (row, column), text in zip(np.ndindex(rows, columns), texts, strict=True):
        colour = ink(drawn.to_rgba(panel.values[row, column]))
        axes.text(column + 0.5, row + 0.53, text, fontsize=points, color=colour, ha="center", va="center")


def _padding(panel):
    rows, columns = panel.values.shape[-2:]
    top, left, high, wide = panel.inner or (0, 0, rows, columns)
    below, right = top + high, left + wide
    strips = [(0, 0, columns, top), (0, below, columns, rows - below)]
    strips += [(0, top, left, high), (right, top, columns - right, high)]
    return [Rectangle((x, y), width, height, **PADDING) for x, y, width, height in strips if width and height]


def _frame(axes, row, column, rows, columns, cell):
    grow = max(0, 0.06 / cell - min(rows, columns)) / 2 + 0.015 / cell  # outside the cells, and never too small to see
    place = (column - grow, row - grow), columns + 2 * grow, rows + 2 * grow
    for width, name in ((3.6, "gold-edge"), (1.9, "gold")):
        axes.add_patch(Rectangle(*place, fill=False, edgecolor=colour(name), linewidth=width, clip_on=False, zorder=3))


def _ring(axes, row, column):
    for width, name in ((3.6, "gold-edge"), (1.9, "gold")):
        place = (column + 0.5, row + 0.5)
        axes.add_patch(Circle(place, 0.42, fill=False, edgecolor=colour(name), linewidth=width, zorder=3))


def colour(name) -> str:
    """A colour of the palette, in the light."""
    return _palette()["light"][name]


@cache
def _palette():
    return json.loads((files(__package__) / "view" / "draw" / "palette.json").read_text(encoding="utf-8"))


@cache
def _map(kind):
    """The colours of the browser: a signed value's strength is its size to a power below 1."""
    if kind == "grey":
        return "gray"
    t = np.linspace(-1, 1, 257)
    stops = LinearSegmentedColormap.from_list("stops", _palette()["light"]["signed"])
    strength = np.sign(t) * abs(t) ** _palette()["strength"]
    return LinearSegmentedColormap.from_list("signed", stops((strength + 1) / 2))
