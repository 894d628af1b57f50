"""One sheet of paper for the pictures of the notes: photos, maps, tables of numbers, blocks, arrows and words.

All is laid out in inches, so that what is close on the page is close in the code.
"""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from ..style import BLUE, COLOUR_MAPS, ink
from .chapter import WIDTH, colour_scale, digits, labelled, new_figure

TEXT = 14  # points: half of it can still be read
FRAME = 3  # points, for the lines that frame a patch and what it becomes


class Sheet:
    """A white sheet, as wide as a notebook's column, on which things are put at (x, y) inches from its top left."""

    def __init__(self, height, top=0.2):
        self.figure = new_figure(WIDTH, height - top)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(height, top))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    def done(self, words):
        return labelled(self.figure, [""], [words])

    def text(self, x, y, text, *, size=TEXT, ha="center", va="baseline", **style):
        """Text whose last line stands on y."""
        va = "bottom" if va == "baseline" and "\n" in text else va
        self.axes.text(x, y, text, fontsize=size, ha=ha, va=va, linespacing=1.25, **style)

    def arrow(self, start, end, colour="0.25"):
        style = {"arrowstyle": "-|>", "mutation_scale": 18, "lw": 2, "color": colour, "shrinkA": 0, "shrinkB": 0}
        self.axes.add_patch(FancyArrowPatch(start, end, **style))

    def frame(self, x, y, width, height, colour):
        self.axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=colour, lw=FRAME, zorder=4))

    def bar(self, x, y, width, height, colour):
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, lw=0))

    def cells(self, shape, x, y, side, *, rows, columns, colour):
        """Frame some cells, (first, how many) rows and columns, of a picture of that shape."""
        cell = side / shape[1]
        self.frame(x + columns[0] * cell, y + rows[0] * cell, columns[1] * cell, rows[1] * cell, colour)

    def picture(self, picture, x, y, side, *, end=None):
        """A square picture: in colour, or from blue to red where it has channels no more."""
        shown, style = _shown(picture, end)
        smooth = "antialiased" if picture.shape[-1] > 64 else "nearest"
        extent = (x, x + side, y + side, y)
        self.axes.imshow(shown, extent=extent, aspect="auto", interpolation=smooth, **style)

    def table(self, numbers, x, y, cell):
        """Numbers in cells, on the colours of `show`."""
        name, low, high = colour_scale(numbers, None)
        rows, columns = numbers.shape
        extent = (x, x + columns * cell, y + rows * cell, y)
        drawn = self.axes.imshow(numbers, extent=extent, aspect="auto", cmap=COLOUR_MAPS[name], vmin=low, vmax=high)
        for row, column in np.ndindex(numbers.shape):
            left, top = x + column * cell, y + row * cell
            self.axes.add_patch(Rectangle((left, top), cell, cell, fill=False, edgecolor="0.6", lw=0.5))
            place = {"ha": "center", "va": "center", "color": ink(drawn.to_rgba(numbers[row, column]))}
            self.axes.text(left + cell / 2, top + cell / 2, digits(numbers[row, column]), fontsize=34 * cell, **place)

    def strip(self, numbers, x, y, width, height):
        """Numbers from −1 to 1, one below the other, as colours."""
        shown, style = _shown(numbers[:, None], 1)
        self.axes.imshow(shown, extent=(x, x + width, y + height, y), aspect="auto", **style)
        self.frame(x, y, width, height, BLUE)

    def volume(self, maps, x, y, side, depth):
        """A photo, or maps from −1 to 1, as a block: the first in front, top rows and right columns behind."""
        self.picture(maps if len(maps) == 3 else maps[0], x, y, side, end=1)
        back = depth / 2  # how far up and right the last map stands
        self._face(maps[:, 0, :], (x, y), (side, 0), (back, -back))
        self._face(maps[:, :, -1], (x + side, y), (0, side), (back, -back))
        for corner in ((0, 0), (side, 0), (side, side)):
            start = np.add((x, y), corner)
            self._line(start, start + (back, -back))
        self._line((x + back, y - back), (x + side + back, y - back), (x + side + back, y + side - back))
        self.axes.add_patch(Rectangle((x, y), side, side, fill=False, edgecolor="0.2", lw=1))

    def column(self, x, y, cell, depth):
        """One cell of a block's front, and how it goes on through the depth."""
        self.frame(x, y, cell, cell, BLUE)
        back = depth / 2
        for corner in ((0, 0), (cell, 0), (cell, cell)):
            start = np.add((x, y), corner)
            self._line(start, start + (back, -back), color=BLUE, lw=2)
        self._line(
            (x + back, y - back), (x + cell + back, y - back), (x + cell + back, y + cell - back), color=BLUE, lw=2
        )

    def _face(self, edges, corner, along, back):
        """A side of a block: a line of cells for each channel."""
        channels, cells = edges.shape
        across, away = np.linspace(0, 1, cells + 1), np.linspace(0, 1, channels + 1)
        x, y = np.moveaxis(corner + np.outer(across, along) + np.outer(away, back)[:, None], -1, 0)
        shown, style = edges, {"cmap": COLOUR_MAPS["signed"], "vmin": -1, "vmax": 1}
        if channels == 3:
            shown, style = np.einsum("ck,cd->ckd", edges, np.eye(3)), {}  # each channel in its own light
        self.axes.pcolormesh(x, y, shown, linewidth=0, antialiased=False, **style)

    def _line(self, *points, **style):
        self.axes.add_patch(Polygon(points, closed=False, fill=False, **({"color": "0.2", "lw": 1} | style)))


def each_to_one(maps):
    """Each map on a scale of its own, so that faint ones show: 98 % of its numbers lie from −1 to 1."""
    return maps / np.quantile(np.abs(maps), 0.98, axis=(1, 2), keepdims=True)


def _shown(picture, end):
    """What imshow draws: colours as they are, one channel from blue to red."""
    if picture.ndim == 3:
        return np.moveaxis(np.clip(picture, 0, 1), 0, -1), {}
    end = end or np.abs(picture).max()
    return picture, {"cmap": COLOUR_MAPS["signed"], "vmin": -end, "vmax": end}
