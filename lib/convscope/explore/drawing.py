"""An explorer as a still picture: the panels, colours and marks of the browser, drawn by matplotlib."""

from __future__ import annotations

import io
import textwrap
from itertools import groupby, product

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from PIL import Image, ImageColor

from ..style import COLOUR_MAPS, ENDS, PADDING, ink
from .view import colour_table, in_digits

MARK = "#ffd500"
DOTS = 100  # an inch
ABOVE_LINES = 3
LETTERS = 14.5  # of a note, in an inch
GAP, HEADING = 0.36, 0.9  # inches between panels, and above each
SMALL, LARGE, BESIDE = 0.85, 1.8, 0.1  # inches of panels in groups, of the first group's, and between them
IN_A_TABLE, WIDEST_TABLE = 1.3, 7.2  # inches of panels that make columns, and of all columns
TITLE, GROUP = 0.2, 0.5  # inches above such a panel, and above the first of a group
LARGEST_CELL = 0.6  # inches
IN_A_GROUP = 8  # panels in a row
ROOM_FOR_NUMBERS, SMALLEST_TEXT = 12, 5.4  # points of a cell, and of the numbers in it
MORE_ROOM = 24  # points of a cell where panels have few: all of a kind with numbers, or none
ROOM_FOR_FRAMES = 0.1  # inches of a cell
MOST_IN_A_ROW, MOST_WITH_LINES = 4, 3  # panels


def draw(panels, links, selected, picks=(), in_row=0) -> Figure:
    """A `Scene`: panels side by side, with the cell `selected` framed, and all it is made of."""
    sheet = Sheet(panels, in_row)
    for target in {target for link in links for _, target in link.pairs()}:
        sheet.veil(target, *_never_read(links, target, panels[target].values.shape))
    panel, row, column = selected
    for pick in picks:
        sheet.stud(pick.target, np.unique(pick.cells))
        if pick.source == panel:
            sheet.ring(pick.target, pick.cells[row, column])
    sheet.frame(panel, [row], [column])
    for source, target, rows, columns in _reads(links, panel, np.array([row]), np.array([column])):
        sheet.frame(target, rows, columns)
        if source == panel and (in_row and not panels[0].group or len(panels) <= MOST_WITH_LINES):
            sheet.join((panel, row, column), (target, rows, columns))
    return sheet.figure


def _never_read(links, target, shape):
    """The rows and the columns of a panel that no cell of another reads."""
    into = [link for link in links if target in {target for _, target in link.pairs()}]
    tables = zip(*((link.rows, link.columns) for link in into), strict=True)
    return [
        np.setdiff1d(np.arange(n), np.concatenate([t.ravel() for t in each]))
        for n, each in zip(shape, tables, strict=True)
    ]


def _reads(links, panel, rows, columns):
    """What these cells are made of, panel after panel, each once: (panel, the panel it reads, rows, columns)."""
    ways, seen = [(panel, rows, columns)], set()
    for near, rows, columns in ways:
        for link in links:
            for target in (target for source, target in link.pairs() if source == near):
                read_rows, read_columns = np.unique(link.rows[rows]), np.unique(link.columns[columns])
                read = target, read_rows[read_rows >= 0], read_columns[read_columns >= 0]
                if (key := (target, *(cells.tobytes() for cells in read[1:]))) not in seen:
                    seen.add(key)
                    ways.append(read)
                    yield near, *read


class Drawing(Figure):
    """A figure that a notebook shows as it is, without pyplot."""

    few_colours = False  # whether it is stored in a table of them, so that many small pictures take little room

    def _repr_png_(self):
        picture = io.BytesIO()
        self.savefig(picture, format="png", dpi=100, metadata={"Software": None}, pil_kwargs={"optimize": True})
        return _in_few_colours(picture) if self.few_colours else picture.getvalue()


def stacked(*figures) -> Figure:
    """One figure of several, one under another, each as it is drawn."""
    rasters = []
    for figure in figures:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        rasters.append(np.asarray(canvas.buffer_rgba()))
    heights, widths = zip(*(raster.shape[:2] for raster in rasters), strict=True)
    whole = Drawing(figsize=(max(widths) / DOTS, sum(heights) / DOTS), dpi=DOTS)
    for i, raster in enumerate(rasters):
        whole.figimage(raster, 0, sum(heights[i + 1 :]))
    return whole


class Sheet:
    """A figure measured in inches from its top left, so that every panel's cells have a place on one plane."""

    def __init__(self, panels, in_row):
        boxes = _boxes_of_groups(panels, in_row) if panels[0].group else _boxes(panels, in_row)
        width = max(left + size for left, _, size in boxes) + GAP
        height = max(top + size for _, top, size in boxes) + GAP / 2
        self.figure = Drawing(figsize=(width, height), dpi=DOTS)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.figure.few_colours = bool(panels[0].group)
        self.axes.set_axis_off()
        self.places, self.groups = [], set()
        self.shapes = [panel.values.shape for panel in panels]
        for panel, (left, top, size) in zip(panels, boxes, strict=True):
            largest = max(max(other.values.shape) for other in panels if other.scale == panel.scale)
            self._place(panel, left + size / 2, top, size, min(size, largest * LARGEST_CELL) / largest)

    def frame(self, panel, rows, columns):
        """A frame round every run of cells: gaps that a dilation leaves stay visible. Small runs are filled."""
        runs = list(product(_runs(rows), _runs(columns)))
        small = len(runs) > 1 and self.places[panel][2] < ROOM_FOR_FRAMES
        filled, framed = {"fc": MARK, "alpha": 0.8, "lw": 0}, {"fill": False}
        styles = [filled] if small else [framed | {"ec": "black", "lw": 3.5}, framed | {"ec": MARK, "lw": 1.8}]
        for style, ((top, bottom), (left, right)) in product(styles, runs):
            self._rectangle(panel, top, left, bottom + 1, right + 1, **style)

    def ring(self, panel, place):
        """A ring round one cell, by its place in reading order."""
        row, column = divmod(place, self.shapes[panel][1])
        middle, radius = self._at(panel, row + 0.5, column + 0.5), max(0.06, 0.42 * self.places[panel][2])
        for colour, width in (("black", 3.5), (MARK, 1.8)):
            self.axes.add_patch(Circle(middle, radius, fill=False, ec=colour, lw=width, zorder=ABOVE_LINES))

    def stud(self, panel, places):
        """A dot in the corner of each of these cells, where they have room for it."""
        cell = self.places[panel][2]
        if cell < ROOM_FOR_FRAMES:
            return
        for row, column in zip(*np.divmod(places, self.shapes[panel][1]), strict=True):
            middle = self._at(panel, row + 0.2, column + 0.8)
            self.axes.add_patch(Circle(middle, cell / 10, fc=MARK, ec="black", lw=0.8, zorder=ABOVE_LINES))

    def veil(self, panel, rows, columns):
        """Dots over whole rows and columns: nobody reads them."""
        height, width = self.shapes[panel]
        sides = [(first, 0, last + 1, width) for first, last in _runs(rows)]
        sides += [(0, first, height, last + 1) for first, last in _runs(columns)]
        for side in sides:
            self._rectangle(panel, *side, fc=(1, 1, 1, 0.6), ec="black", hatch="....", lw=0)

    def join(self, cell, read):
        """Two lines from the cells that are read, (panel, rows, columns), to the one that reads them."""
        (panel, row, column), (other, rows, columns) = cell, read
        for start, end in ((min(rows), row), (max(rows) + 1, row + 1)):
            ends = self._at(other, start, max(columns) + 1), self._at(panel, end, column)
            self.axes.plot(*zip(*ends, strict=True), color="0.35", lw=0.8, ls="--", zorder=2)

    def _place(self, panel, middle, above, size, cell):
        """Draw a panel in the middle of its box, whose top edge is at `above`, under its heading."""
        rows, columns = panel.values.shape
        left, top = middle - columns * cell / 2, above + (size - rows * cell) / 2
        self.places.append((left, top, cell))
        self.axes.imshow(
            panel.values,
            cmap=COLOUR_MAPS[panel.colours],
            vmin=panel.low,
            vmax=panel.high,
            extent=(left, left + columns * cell, top + rows * cell, top),
            interpolation="nearest",
            aspect="auto",
            zorder=ABOVE_LINES if panel.scale == "kernel" else 1,
        )
        self._write_heading(panel, middle, above, size)
        self._hatch_padding(len(self.places) - 1, panel)
        self._write_numbers(len(self.places) - 1, panel, MORE_ROOM if panel.group else ROOM_FOR_NUMBERS)

    def _write_heading(self, panel, middle, above, size):
        """Title, note and colour scale, on as many lines as the box is narrow, down to its top edge."""
        if panel.group:
            self._write_group(panel, middle, above, size)
            return
        lines = [*textwrap.wrap(panel.note, int(LETTERS * (size + GAP))), _span(panel)]
        self.axes.text(middle, above - 0.06, "\n".join(lines), ha="center", va="bottom", fontsize=8.5)
        title = above - 0.12 - 0.145 * len(lines)
        self.axes.text(middle, title, panel.title, ha="center", va="bottom", weight="bold")

    def _write_group(self, panel, middle, above, size):
        """The title of a panel and, over the first of a group, what stands over all of them."""
        words = f"{panel.title} {panel.note}"
        self.axes.text(middle, above - 0.04, words, ha="center", va="bottom", fontsize=7.5)
        if panel.group in self.groups:
            return
        self.groups.add(panel.group)
        left, top = middle - size / 2, above - TITLE
        title = self.axes.annotate(panel.group, (left, top), weight="bold", fontsize=9, va="bottom")
        beside = {"xycoords": title, "xytext": (7, 0), "textcoords": "offset points"}
        self.axes.annotate(panel.about, (1, 0), **beside, fontsize=8.5, va="bottom")

    def _hatch_padding(self, index, panel):
        rows, columns = panel.values.shape
        top, left, inner_rows, inner_columns = panel.inner or (0, 0, rows, columns)
        bottom, right = top + inner_rows, left + inner_columns
        above, below = (0, 0, top, columns), (bottom, 0, rows, columns)
        for sides in (above, below, (top, 0, bottom, left), (top, right, bottom, columns)):
            self._rectangle(index, *sides, **PADDING)

    def _write_numbers(self, index, panel, room):
        points = 72 * self.places[index][2]
        if points < room:
            return
        texts = [in_digits(value, 2) for value in panel.values.ravel()]
        size = min(9, 0.42 * points, 1.6 * points / max(map(len, texts)))
        if size < SMALLEST_TEXT:
            return
        colours = self.axes.images[-1]
        for (row, column), text in zip(np.ndindex(panel.values.shape), texts, strict=True):
            x, y = self._at(index, row + 0.5, column + 0.5)
            style = {"ha": "center", "va": "center", "fontsize": size, "zorder": ABOVE_LINES}
            if panel.is_padding(row, column):
                self.axes.text(x, y, text, **style, bbox={"fc": PADDING["facecolor"], "lw": 0, "pad": 0.3})
            else:
                self.axes.text(x, y, text, **style, color=ink(colours.to_rgba(panel.values[row, column])))

    def _rectangle(self, panel, top, left, bottom, right, **style):
        corner, cell = self._at(panel, top, left), self.places[panel][2]
        self.axes.add_patch(Rectangle(corner, (right - left) * cell, (bottom - top) * cell, **style))

    def _at(self, panel, row, column):
        left, top, cell = self.places[panel]
        return left + column * cell, top + row * cell


def _boxes(panels, in_row):
    """For each panel the square it is drawn in: left edge, top edge and size, in inches.

    in_row: panels in a row, what is left over standing beside them; 0 for one row, or several of small panels.
    """
    many = in_row or sum(panel.scale != "kernel" for panel in panels) > 2
    picture, kernel = (1.9, 1.2) if many else (3.3, 1.4)
    sizes = [kernel if panel.scale == "kernel" else picture for panel in panels]
    width = in_row or (MOST_IN_A_ROW if many else len(panels))
    beside = len(panels) % in_row if in_row else 0
    boxes, left, top = [], GAP, HEADING
    for i, size in enumerate(sizes[: len(panels) - beside]):
        if i and i % width == 0:
            left, top = GAP, top + picture + HEADING
        boxes.append((left, top + (picture - size) / 2, size))
        left += size + GAP
    boxes += [(left, (HEADING + top) / 2, size) for size in sizes[len(panels) - beside :]]
    return boxes


def _in_few_colours(picture):
    """The PNG with the nearest of a table of colours: greys, those of signed maps, and the marks'."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    signed = np.frombuffer(colour_table("signed"), np.uint8).reshape(-1, 3)[2::4]
    greys = np.linspace(0, 255, 60).astype(np.uint8)[:, None].repeat(3, axis=1)
    table = np.vstack([greys, signed, [ImageColor.getrgb(MARK)]])
    packed, places = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_inverse=True)
    found = packed[:, None] >> [16, 8, 0] & 255
    nearest = ((found[:, None] - table) ** 2).sum(axis=-1).argmin(axis=1).astype(np.uint8)
    few = Image.fromarray(nearest[places].reshape(pixels.shape[:2]))
    few.putpalette(table.astype(np.uint8).tobytes())
    small = io.BytesIO()
    few.save(small, format="png", optimize=True)
    return small.getvalue()


def _boxes_of_groups(panels, in_row):
    """The same for panels under the headings of groups, which have rows of their own; the first group's are large.

    in_row: how many columns they make, all groups alike; 0 leaves it to the drawing.
    """
    boxes, top = [], 0.0
    for group, members in groupby(panels, lambda panel: panel.group):
        size = min(IN_A_TABLE, WIDEST_TABLE / in_row) if in_row else LARGE if group == panels[0].group else SMALL
        for i, _ in enumerate(members):
            place = i % (in_row or IN_A_GROUP)
            top += 0 if place else (TITLE if i else GROUP) + (boxes[-1][2] if boxes else 0)
            boxes.append((GAP / 2 + place * (size + BESIDE), top, size))
    return boxes


def _span(panel):
    dark, bright = ENDS[panel.colours]
    return f"{dark} is {in_digits(panel.low)}, {bright} is {in_digits(panel.high)}"


def _runs(numbers):
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [(run[0], run[-1]) for run in runs if len(run)]
