"""The pictures that explain a convolution, each drawn from real arrays: the photo, its filters, its feature maps.

All are laid out in inches on one sheet, so that what is close on the page is close in the code. The photo, a patch, a
kernel and a feature map keep their colours from picture to picture: orange frames what is read, blue what is made.
"""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from .. import datasets, kernels
from ..geometry import output_size, window_indices
from ..ops import conv2d
from .chapter import BLUE, ORANGE, WIDTH, colour_scale, digits, labelled, new_figure

TEXT = 14  # points: half of it can still be read
FRAME = 3  # points, for the lines that frame a patch and what it becomes


def convolutions_1():
    """A patch of the photo becomes one column of the output's depth."""
    photo, filters = datasets.kitten(32), kernels.bank()
    maps = conv2d(photo, filters)
    row, column = 9, 8
    sheet = Sheet(4.6)
    sheet.picture(photo, 0.2, 0.75, 3.2)
    sheet.cells(photo.shape[1:], 0.2, 0.75, 3.2, rows=(row, 3), columns=(column, 3), colour=ORANGE)
    sheet.text(1.8, 0.6, "a photo, 32×32×3")
    sheet.text(1.8, 4.35, "one patch, 3×3×3")
    patch = photo[:, row : row + 3, column : column + 3]
    sheet.arrow((1.5, 1.85), (3.85, 1.85))
    sheet.picture(patch, 3.95, 1.45, 0.8)
    sheet.frame(3.95, 1.45, 0.8, 0.8, ORANGE)
    sheet.text(4.35, 3.0, "times each of\n16 filters")
    sheet.arrow((4.85, 1.85), (5.45, 1.85))
    maps = _each_to_one(maps)
    sheet.strip(maps[:, row, column], 5.55, 0.75, 0.2, 3.2)
    sheet.text(5.65, 4.35, "16 numbers")
    sheet.arrow((5.85, 1.85), (6.3, 1.85))
    sheet.volume(maps, 6.4, 1.55, 2.4, 0.75)
    at = 2.4 / 30
    sheet.column(6.4 + column * at, 1.55 + row * at, at, 0.75)
    sheet.text(7.8, 0.6, "16 feature maps")
    sheet.text(7.8, 4.35, "one column, 1×1×16")
    words = "A patch of 3×3×3 numbers of a photo of the kitten, times each of 16 filters, gives 16 numbers: "
    return sheet.done(words + "one column through the depth of the output, 30×30×16.")


def convolutions_2():
    """A photo of 256×256×3 becomes 128×128×16: every feature map of it."""
    photo = datasets.kitten(256)
    maps = conv2d(photo, kernels.bank(), stride=2, padding=1)
    sheet = Sheet(4.75)
    sheet.picture(photo, 0.3, 1.1, 2.8)
    sheet.text(1.7, 0.95, "256×256×3: a photo")
    sheet.text(1.7, 4.2, "red, green and blue")
    sheet.text(4.3, 2.25, "16 filters\nof 3×3×3")
    sheet.arrow((3.35, 2.5), (5.3, 2.5))
    for place, each in enumerate(maps):
        y, x = divmod(place, 4)
        sheet.picture(each, 5.55 + 0.93 * x, 0.7 + 0.91 * y, 0.87, end=np.quantile(np.abs(each), 0.98))
    sheet.text(7.4, 0.55, "128×128×16: 16 feature maps")
    sheet.text(7.4, 4.6, "red: above 0   white: 0   blue: below")
    words = (
        "A photo of the kitten, 256×256×3, and the 16 feature maps, 128×128 each, that 16 filters of 3×3×3 make of it: "
    )
    return sheet.done(words + "four show brightness and edges, twelve show the same of differences of colours.")


def convolutions_3():
    """The same as two volumes, with the arithmetic of size, depth and weights."""
    photo, filters = datasets.kitten(256), kernels.bank()
    maps = conv2d(photo, filters, stride=2, padding=1)
    count, size = maps.shape[0], maps.shape[1]
    assert size == output_size(256, 3, stride=2, padding=1)
    sheet = Sheet(5.3)
    sheet.volume(photo, 0.5, 0.9, 2.7, 0.22)
    sheet.volume(_each_to_one(maps), 6.1, 1.75, 1.4, 1.2)
    sheet.arrow((3.7, 2.4), (5.7, 2.4))
    sheet.text(4.7, 2.15, "16 filters\n3×3×3")
    sheet.text(1.9, 3.95, "256 × 256 × 3")
    sheet.text(7.1, 3.95, f"{size} × {size} × {count}")
    lines = [
        ("depth", "16 filters make 16 feature maps"),
        ("weights", f"16 × (3·3·3 + 1 bias) = {filters.size + count}"),
        ("size", f"⌊(256 + 1 + 1 − 3) / 2⌋ + 1 = {size}: stride 2, a zero on each side"),
    ]
    for line, (name, sum_) in enumerate(lines):
        y = 4.48 + 0.32 * line
        sheet.text(1.9, y, name, ha="right", weight="bold")
        sheet.text(2.1, y, sum_, ha="left")
    return sheet.done(
        "Two blocks drawn to scale in rows and columns: a photo of 256×256×3 and its feature maps, 128×128×16. "
        + "; ".join(f"{name}: {sum_}" for name, sum_ in lines)
    )


def patch_feature_map():
    """Patch, kernel and feature map told apart, with numbers that can be checked."""
    picture, kernel = datasets.numbers(), kernels.preset("Sobel x")
    output = conv2d(picture, kernel)
    row, column = 0, 1
    patch = picture[row : row + 3, column : column + 3]
    sheet = Sheet(4.0)
    sheet.table(picture, 0.15, 0.75, 0.4)
    sheet.frame(0.15 + 0.4 * column, 0.75 + 0.4 * row, 1.2, 1.2, ORANGE)
    sheet.table(patch, 3.35, 1.35, 0.4)
    sheet.frame(3.35, 1.35, 1.2, 1.2, ORANGE)
    sheet.table(kernel, 5.15, 1.35, 0.4)
    sheet.table(output, 7.45, 1.15, 0.4)
    sheet.frame(7.45 + 0.4 * column, 1.15 + 0.4 * row, 0.4, 0.4, BLUE)
    sheet.arrow((3.0, 1.95), (3.32, 1.95))
    sheet.text(4.85, 2.05, "×", size=22)
    sheet.arrow((6.45, 1.95), (7.38, 1.95))
    sheet.text(6.92, 1.8, "add up")
    heads = [(1.55, 0.6, "picture"), (3.95, 1.2, "patch"), (5.75, 1.2, "kernel"), (8.45, 1.0, "feature map")]
    for x, y, name in heads:
        sheet.text(x, y, name, weight="bold")
    sheet.text(3.95, 3.0, "input values:\na new patch at\neach position", va="center")
    sheet.text(5.75, 3.0, "weights:\nthe same at\neach position", va="center")
    sheet.text(8.45, 3.55, "one number\nfor each patch", va="center")
    total = digits(output[row, column])
    return sheet.done(
        "A picture of 7×7 numbers with a patch of 3×3 framed; the patch, input values; the kernel, weights, the "
        f"same at each position; their product adds up to {total}, one number of the feature map of 5×5."
    )


def stride():
    """The windows of one row at stride 1 and at stride 2: the stride is from position to position."""
    picture, kernel = datasets.numbers(), kernels.preset("Sobel x")
    sheet = Sheet(4.35)
    counts = []
    for step, x in ((1, 0.15), (2, 5.05)):
        output = conv2d(picture, kernel, stride=step)
        counts.append(len(output))
        sheet.table(picture, x, 0.6, 0.34)
        starts = window_indices(7, 3, stride=step)[:, 0]
        for place in range(2):
            left, top = x + 0.34 * starts[place], 0.6 + 0.06 * place
            sheet.frame(left, top, 1.02, 1.02 - 0.12 * place, (ORANGE, BLUE)[place])
        sheet.text(x + 1.2, 0.42, f"stride {step}", weight="bold")
        sheet.table(output, x + 2.85, 0.6, 0.34)
        sheet.text(x + 2.85 + 0.17 * len(output), 0.42, f"{len(output)}×{len(output)}", weight="bold")
        for line, start in enumerate(starts):
            y = 3.15 + 0.2 * line
            colour = (ORANGE, BLUE)[line % 2]
            sheet.bar(x + 0.34 * start, y, 1.02, 0.13, colour)
        sheet.text(x + 2.5, 3.5, f"{len(starts)} positions in a row,\n{step} pixel{'s' * (step > 1)} apart", ha="left")
    return sheet.done(
        f"A picture of 7×7 numbers under a kernel of 3×3. Stride 1: {counts[0]} positions in a row, each one pixel "
        f"after the last. Stride 2: {counts[1]} positions, two pixels apart; neighbouring patches still share a pixel."
    )


NOTES = {
    "convolutions-1": convolutions_1,
    "convolutions-2": convolutions_2,
    "convolutions-3": convolutions_3,
    "cnn-patch-feature-map": patch_feature_map,
    "cnn-stride": stride,
}
"""The pictures of the notes, by name."""


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
        (name, _, _), low, high = colour_scale(numbers, None)
        rows, columns = numbers.shape
        extent = (x, x + columns * cell, y + rows * cell, y)
        drawn = self.axes.imshow(numbers, extent=extent, aspect="auto", cmap=name, vmin=low, vmax=high)
        lightness = drawn.to_rgba(numbers)[..., :3] @ datasets.LUMA
        for row, column in np.ndindex(numbers.shape):
            left, top = x + column * cell, y + row * cell
            self.axes.add_patch(Rectangle((left, top), cell, cell, fill=False, edgecolor="0.6", lw=0.5))
            place = {"ha": "center", "va": "center", "color": "black" if lightness[row, column] > 0.55 else "white"}
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
        shown, style = edges, {"cmap": "RdBu_r", "vmin": -1, "vmax": 1}
        if channels == 3:
            shown, style = np.einsum("ck,cd->ckd", edges, np.eye(3)), {}  # each channel in its own light
        self.axes.pcolormesh(x, y, shown, linewidth=0, antialiased=False, **style)

    def _line(self, *points, **style):
        self.axes.add_patch(Polygon(points, closed=False, fill=False, **({"color": "0.2", "lw": 1} | style)))


def _each_to_one(maps):
    """Each map on a scale of its own, so that faint ones show: 98 % of its numbers lie from −1 to 1."""
    return maps / np.quantile(np.abs(maps), 0.98, axis=(1, 2), keepdims=True)


def _shown(picture, end):
    """What imshow draws: colours as they are, one channel from blue to red."""
    if picture.ndim == 3:
        return np.moveaxis(np.clip(picture, 0, 1), 0, -1), {}
    end = end or np.abs(picture).max()
    return picture, {"cmap": "RdBu_r", "vmin": -end, "vmax": end}
