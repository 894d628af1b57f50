"""A sheet for the pictures of the notes: photos, maps, tables of numbers, blocks, arrows and text.

Everything is placed in inches.
"""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from ..style import BLUE, COLOUR_MAPS, ink
from .chapter import WIDTH, colour_scale, in_cell, labelled, new_figure

TEXT = 14  # points, which can still be read at half the size
FRAME = 3  # points, for the frames of a window and of its output


class Sheet:
    """A white sheet, as wide as a notebook's column; things are placed at (x, y) inches from its top left corner."""

    def __init__(self, height, top=0.2):
        self.figure = new_figure(WIDTH, height - top)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(height, top))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    def done(self, words):
        return labelled(self.figure, [""], [words])

    def text(self, x, y, text, *, size=TEXT, ha="center", va="baseline", **style):
        """Write text whose last line has its baseline at y."""
        va = "bottom" if va == "baseline" and "\n" in text else va
        self.axes.text(x, y, text, fontsize=size, ha=ha, va=va, linespacing=1.25, **style)

    def arrow(self, start, end, colour="0.25"):
        style = {"arrowstyle": "-|>", "mutation_scale": 18, "lw": 2, "color": colour, "shrinkA": 0, "shrinkB": 0}
        self.axes.add_patch(FancyArrowPatch(start, end, **style))

    def frame(self, x, y, width, height, colour, *, lw=FRAME, **style):
        self.box(x, y, width, height, fill=False, edgecolor=colour, lw=lw, zorder=4, **style)

    def line(self, x, y, colour="0.25", **style):
        self.axes.plot(x, y, color=colour, **({"lw": 1.5} | style))

    def box(self, x, y, width, height, **style):
        self.axes.add_patch(Rectangle((x, y), width, height, **style))

    def bar(self, x, y, width, height, colour):
        self.box(x, y, width, height, facecolor=colour, lw=0)

    def cells(self, shape, x, y, side, *, rows, columns, colour):
        """Frame some cells of an image of that shape; rows, columns: (the first, their number)."""
        cell = side / shape[1]
        self.frame(x + columns[0] * cell, y + rows[0] * cell, columns[1] * cell, rows[1] * cell, colour)

    def picture(self, picture, x, y, width, *, end=None, grey=False):
        """Draw an image in colour, or one channel from blue to red, or from black (0) to white (1)."""
        shown, style = _shown(picture, end, grey)
        smooth = "antialiased" if picture.shape[-1] > 64 else "nearest"
        extent = (x, x + width, y + width * picture.shape[-2] / picture.shape[-1], y)
        self.axes.imshow(shown, extent=extent, aspect="auto", interpolation=smooth, **style)

    def grid(self, shape, x, y, width, colour="0.75"):
        """Draw thin lines between and around the cells of a table of that shape."""
        cell = width / shape[1]
        for row, column in np.ndindex(shape):
            self.box(x + column * cell, y + row * cell, cell, cell, fill=False, edgecolor=colour, lw=0.5)

    def table(self, numbers, x, y, cell):
        """Write numbers in cells, on the colours of `show`."""
        name, low, high = colour_scale(numbers, None)
        rows, columns = numbers.shape
        extent = (x, x + columns * cell, y + rows * cell, y)
        self.grid(numbers.shape, x, y, columns * cell, "0.6")
        drawn = self.axes.imshow(numbers, extent=extent, aspect="auto", cmap=COLOUR_MAPS[name], vmin=low, vmax=high)
        size = cell * min(34, 104 / max(len(in_cell(value)) for value in numbers.ravel()))
        for row, column in np.ndindex(numbers.shape):
            left, top = x + column * cell, y + row * cell
            place = {"ha": "center", "va": "center", "color": ink(drawn.to_rgba(numbers[row, column]))}
            self.axes.text(left + cell / 2, top + cell / 2, in_cell(numbers[row, column]), fontsize=size, **place)

    def strip(self, numbers, x, y, width, height):
        """Draw numbers from −1 to 1, one below the other, as colours."""
        shown, style = _shown(numbers[:, None], 1)
        self.axes.imshow(shown, extent=(x, x + width, y + height, y), aspect="auto", **style)
        self.frame(x, y, width, height, BLUE)

    def volume(self, maps, x, y, side, depth):
        """Draw a photo, or maps from −1 to 1, as a block: the first in front, behind it top rows and right columns."""
        self.picture(maps if len(maps) == 3 else maps[0], x, y, side, end=1)
        back = depth / 2  # how far up and to the right the last map is
        self._face(maps[:, 0, :], (x, y), (side, 0), (back, -back))
        self._face(maps[:, :, -1], (x + side, y), (0, side), (back, -back))
        for corner in ((0, 0), (side, 0), (side, side)):
            start = np.add((x, y), corner)
            self._line(start, start + (back, -back))
        self._line((x + back, y - back), (x + side + back, y - back), (x + side + back, y + side - back))
        self.box(x, y, side, side, fill=False, edgecolor="0.2", lw=1)

    def slab(self, maps, x, y, width, thickness):
        """Draw a photo, or maps from −1 to 1, lying flat: the first on top, its front edge from (x, y − thickness)."""
        back = np.array((0.4, -0.3)) * width
        top = np.moveaxis(maps, 0, -1) if len(maps) == 3 else maps[0]
        self._plane(top[::-1], (x, y - thickness), (width, 0), back)
        self._face(maps[::-1, -1, :], (x, y), (width, 0), (0, -thickness))
        self._face(maps[::-1, ::-1, -1], (x + width, y), back, (0, -thickness))
        corners = np.array([(0, 0), (width, 0), (width, 0) + back, back]) + (x, y - thickness)
        self._line(*corners, corners[0])
        self._line(corners[0], (x, y), (x + width, y), (x + width, y) + back, corners[2])
        self._line(corners[1], (x + width, y))

    def block(self, x, y, height, depth, colour):
        """Draw a plain block centred at (x, y), or a bar if it has no depth."""
        width, back = (height, depth) if depth else (0.16, 0)
        left, top = x - (width + back) / 2, y - (height - back) / 2
        sides = [(left, top), (left + back, top - back), (left + width + back, top - back)]
        sides += [(left + width + back, top + height - back), (left + width, top + height)]
        style = {"facecolor": colour, "edgecolor": "0.2", "lw": 1}
        self.axes.add_patch(Polygon([*sides, (left + width, top)], **style, alpha=0.6))
        self.box(left, top, width, height, **style)

    def label_box(self, x, y, width, height, text, colour):
        """Write text in a frame."""
        self.box(x, y, width, height, facecolor="white", edgecolor=colour, lw=2)
        self.text(x + width / 2, y + height / 2, text, va="center")

    def column(self, x, y, cell, depth):
        """Frame one cell on the front of a block, and its edges through the depth."""
        self.frame(x, y, cell, cell, BLUE)
        back = depth / 2
        for corner in ((0, 0), (cell, 0), (cell, cell)):
            start = np.add((x, y), corner)
            self._line(start, start + (back, -back), color=BLUE, lw=2)
        self._line(
            (x + back, y - back), (x + cell + back, y - back), (x + cell + back, y + cell - back), color=BLUE, lw=2
        )

    def _face(self, edges, corner, along, back):
        """Draw a side of a block, with a line of cells for each channel."""
        if len(edges) == 3:
            edges = np.einsum("ck,cd->ckd", edges, np.eye(3))  # each channel in its own colour
        self._plane(edges, corner, along, back)

    def _plane(self, cells, corner, along, back):
        """Draw cells, (row, column) or (row, column, 3), on a plane; from a corner, columns go `along`, rows `back`."""
        rows, columns = cells.shape[:2]
        across, away = np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1)
        x, y = np.moveaxis(corner + np.outer(across, along) + np.outer(away, back)[:, None], -1, 0)
        style = {"cmap": COLOUR_MAPS["signed"], "vmin": -1, "vmax": 1} if cells.ndim == 2 else {}
        self.axes.pcolormesh(x, y, cells, linewidth=0, antialiased=False, **style)

    def _line(self, *points, **style):
        self.axes.add_patch(Polygon(points, closed=False, fill=False, **({"color": "0.2", "lw": 1} | style)))


def each_to_one(maps):
    """Return each map scaled so that 98% of its numbers are from −1 to 1, which makes faint maps visible."""
    return maps / np.maximum(np.quantile(np.abs(maps), 0.98, axis=(1, 2), keepdims=True), 1e-9)


def size_of(shape) -> str:
    """Return a shape, (channel, row, column), as text: rows×columns×depth."""
    return "×".join(map(str, (*shape[1:], shape[0])))


def _shown(picture, end, grey=False):
    """Return an array and the style in which imshow draws it: in colour, from blue to red, or in grey."""
    if picture.ndim == 3:
        return np.moveaxis(np.clip(picture, 0, 1), 0, -1), {}
    if grey:
        return picture, {"cmap": COLOUR_MAPS["grey"], "vmin": 0, "vmax": end or 1}
    end = end or np.abs(picture).max()
    return picture, {"cmap": COLOUR_MAPS["signed"], "vmin": -end, "vmax": end}
