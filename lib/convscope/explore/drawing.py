"""An explorer as a still picture: the panels, colours and marks of the browser, drawn by matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .view import COLOUR_MAPS

MARK = "#ffd500"
COLOUR_NAMES = {"grey": ("black", "white"), "signed": ("blue", "red")}
BOX = {"picture": 3.3, "kernel": 1.4}  # inches that a panel has, each way
GAP, HEADING = 0.4, 0.75  # inches between panels, and above them


def draw(panels, links, selected) -> Figure:
    """Panels side by side, with the cell `selected` (panel, row, column) framed and joined to the cells it reads."""
    sheet = Sheet(panels)
    panel, row, column = selected
    sheet.frame(panel, [row], [column])
    for link in links:
        if link.source == panel:
            sheet.frame(link.target, link.rows[row], link.columns[column])
            sheet.join(link, row, column)
    return sheet.figure


class Sheet:
    """A figure measured in inches from its top left, so that every panel's cells have a place on one plane."""

    def __init__(self, panels):
        widths = [BOX[panel.scale] for panel in panels]
        self.height = HEADING + max(widths)
        width = sum(widths) + GAP * (len(panels) + 1)
        self.figure = Figure(figsize=(width, self.height + GAP / 2))
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(self.height + GAP / 2, 0))
        self.axes.set_axis_off()
        self.places = []
        for i, panel in enumerate(panels):
            largest = max(max(other.values.shape) for other in panels if other.scale == panel.scale)
            self._place(panel, GAP * (i + 1) + sum(widths[:i]) + widths[i] / 2, widths[i] / largest)

    def frame(self, panel, rows, columns):
        """A frame round every run of cells: gaps that a dilation leaves stay visible. −1 is no cell."""
        for top, bottom in _runs(rows):
            for left, right in _runs(columns):
                for width, colour in ((3.5, "black"), (1.8, MARK)):
                    self._rectangle(panel, top, left, bottom + 1, right + 1, fill=False, ec=colour, lw=width)

    def join(self, link, row, column):
        """Two lines from what the source cell reads to the cell."""
        rows, columns = link.rows[row], link.columns[column]
        for start, end in ((min(rows), row), (max(rows) + 1, row + 1)):
            ends = self._at(link.target, start, max(columns) + 1), self._at(link.source, end, column)
            self.axes.plot(*zip(*ends, strict=True), color="0.35", lw=0.8, ls="--")

    def _place(self, panel, middle, cell):
        rows, columns = panel.values.shape
        left, top = middle - columns * cell / 2, (HEADING + self.height) / 2 - rows * cell / 2
        self.places.append((left, top, cell))
        self.axes.imshow(
            panel.values,
            cmap=COLOUR_MAPS[panel.colours],
            vmin=panel.low,
            vmax=panel.high,
            extent=(left, left + columns * cell, top + rows * cell, top),
            interpolation="nearest",
            aspect="auto",
        )
        dark, bright = COLOUR_NAMES[panel.colours]
        text = f"{panel.note}\n{dark} is {_digits(panel.low)}, {bright} is {_digits(panel.high)}"
        self.axes.text(middle, 0.12, panel.title, ha="center", va="top", weight="bold")
        self.axes.text(middle, 0.34, text, ha="center", va="top", fontsize=8.5)
        self._hatch_padding(len(self.places) - 1, panel)
        self._write_numbers(len(self.places) - 1, panel)

    def _hatch_padding(self, index, panel):
        rows, columns = panel.values.shape
        top, left, inner_rows, inner_columns = panel.inner or (0, 0, rows, columns)
        bottom, right = top + inner_rows, left + inner_columns
        for sides in ((0, 0, top, columns), (bottom, 0, rows, columns), (top, 0, bottom, left), (top, right, bottom, columns)):
            self._rectangle(index, *sides, fc="#e9e4f2", ec="#8c7bb0", hatch="////", lw=0)

    def _write_numbers(self, index, panel):
        texts = [_digits(value) for value in panel.values.ravel()]
        points = 72 * self.places[index][2]
        size = min(9, 0.42 * points, 1.6 * points / max(map(len, texts)))
        if size < 5.5:
            return
        colours = self.axes.images[-1]
        for (row, column), text in zip(np.ndindex(panel.values.shape), texts, strict=True):
            lightness = colours.to_rgba(panel.values[row, column])[:3] @ np.array([0.299, 0.587, 0.114])
            colour = "black" if panel.is_padding(row, column) or lightness > 0.55 else "white"
            x, y = self._at(index, row + 0.5, column + 0.5)
            self.axes.text(x, y, text, ha="center", va="center", fontsize=size, color=colour)

    def _rectangle(self, panel, top, left, bottom, right, **style):
        corner, cell = self._at(panel, top, left), self.places[panel][2]
        self.axes.add_patch(Rectangle(corner, (right - left) * cell, (bottom - top) * cell, **style))

    def _at(self, panel, row, column):
        left, top, cell = self.places[panel]
        return left + column * cell, top + row * cell


def _runs(numbers):
    numbers = np.asarray([number for number in numbers if number >= 0])
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [(run[0], run[-1]) for run in runs if len(run)]


def _digits(value):
    return f"{value:.2g}".replace("-", "−") if abs(value) < 100 else f"{value:.0f}".replace("-", "−")
