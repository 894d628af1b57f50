"""The ways in which chapters show arrays: a picture below a cell, with a text that says the same in words.

Colours mean the same everywhere: greys from low to high, blue to red through white at zero, hatching for padding.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Mapping, Sequence
from html import escape
from numbers import Real

import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike
from PIL import Image, ImageChops

from ..arguments import whole
from ..geometry import as_window, output_size, padding_amounts, window_indices
from ..style import BLUE, COLOUR_MAPS, ENDS, ORANGE, PADDING, ink
from ..words import number

WIDTH, HEADING = 9.6, 0.85  # inches: a notebook's column at 100 pixels per inch; a title and a note of two lines
SMALLEST_CELL = 5  # points, for lines between cells
FLATTEST = 0.02  # of a row's width: the least height of a picture
MOST_PICTURES, MOST_PIXELS, MOST_WINDOWS, MOST_BARS = 6, 40, 24, 40
LARGE = 52_000  # bytes of a PNG before it is packed
LARGEST = sys.float_info.max

Pictures = Sequence[ArrayLike] | np.ndarray
Titles = Sequence[object] | None


def show(pictures: Pictures, titles: Titles = None, *, shared: bool = False, limit: float | None = None) -> None:
    """Display images in a row below the cell, as `draw_row` draws them."""
    display_with_words(draw_row(pictures, titles, shared=shared, limit=limit))


def show_windows(n: int, *layers, titles: Titles = None) -> None:
    """Display the windows of layers on an axis of n pixels below the cell, as `draw_windows` draws them."""
    display_with_words(draw_windows(n, *layers, titles=titles))


def show_bars(values: Mapping, *, title: str, unit: str, log: bool = False) -> None:
    """Display numbers as bars below the cell, as `draw_bars` draws them."""
    display_with_words(draw_bars(values, title=title, unit=unit, log=log))


def draw_row(pictures: Pictures, titles: Titles = None, *, shared: bool = False, limit: float | None = None) -> Figure:
    """Return a figure of images side by side, each with its title, its size and the meaning of its colours.

    pictures: 1 to 6 arrays: (row, column), drawn in greys, or from blue to red if any number is negative; or
        (3, row, column) from 0 to 1, drawn in colour.
    titles: a text for each image. shared: True for one colour scale for all.
    limit: the end of the colour scale, so that a few large numbers do not make the others pale.
    Numbers are written into cells that are large enough. The figure's label says the same in words.
    Raises ValueError, naming the argument, for what cannot be drawn.
    """
    pictures = _pictures(pictures)
    titles = _titles(titles, len(pictures))
    if limit is not None and not (isinstance(limit, Real) and 0 < limit <= LARGEST):
        raise ValueError(f"limit must be a finite number above 0, or None; got {limit!r}.")
    everything = np.concatenate([picture.ravel() for picture in pictures])
    scales = [colour_scale(everything if shared else picture, limit) for picture in pictures]
    box = min(WIDTH / len(pictures), 3.6)
    tallest = max(FLATTEST, *(picture.shape[-2] / max(picture.shape[-2:]) for picture in pictures))
    figure = new_figure(box * len(pictures), 0.92 * box * tallest + HEADING)
    room = 0.98 - HEADING / figure.get_figheight()
    notes = []
    for i, picture in enumerate(pictures):
        axes = figure.add_axes(((i + 0.04) / len(pictures), 0.02, 0.92 / len(pictures), room))
        notes.append(_draw_picture(axes, picture, scales[i], inches=0.92 * box))
        _head(figure, (i + 0.5) / len(pictures), titles[i], notes[-1])
    return labelled(figure, titles, notes)


def draw_windows(n: int, *layers, titles: Titles = None) -> Figure:
    """Return a figure of the windows on an axis of n pixels: a panel for each layer, a line for each window.

    n: pixels, at most 40 with padding. layers: 1 to 6, each (kernel_size, stride, padding, dilation), shortened as you
        like. titles: a text for each layer.
    Padding is hatched, and pixels that no window reads are crossed out. The figure's label says the same in words.
    Raises ValueError or TypeError, naming the argument, for what cannot be drawn.
    """
    if not 1 <= len(layers) <= MOST_PICTURES:
        raise ValueError(f"show_windows takes 1 to {MOST_PICTURES} layers, each such as (3, 2); got {len(layers)}.")
    titles = _titles(titles, len(layers))
    axes_of = [_Axis.of(whole("n", n), as_window(layer)) for layer in layers]
    lines = max(len(axis.windows) for axis in axes_of)
    box = WIDTH / len(layers)
    cell = min(0.28, (box - 1) / max(len(axis.padded) for axis in axes_of))
    figure = new_figure(WIDTH, cell * (lines + 2) + HEADING)
    notes = [axis.in_words() for axis in axes_of]
    for i, axis in enumerate(axes_of):
        axes = figure.add_axes((i / len(layers), 0, 1 / len(layers), 1 - HEADING / figure.get_figheight()))
        middle = sum(axis.padded[:: len(axis.padded) - 1 or 1]) / 2 + 0.5 - 0.35 / cell  # room for names on the left
        axes.set(xlim=(middle - box / cell / 2, middle + box / cell / 2), ylim=(lines + 2, 0))
        _draw_axis(axes, axis, size=min(9.5, 0.75 * 72 * cell))
        _head(figure, (i + 0.5) / len(layers), titles[i], notes[i])
    return labelled(figure, titles, notes)


def draw_bars(values: Mapping, *, title: str, unit: str, log: bool = False) -> Figure:
    """Return a figure of numbers as bars, with the number at the end of each.

    values: a dict from 1 to 40 names to numbers, 0 or more. title, unit: what is counted, and in which unit.
    log: True for a logarithmic scale, on which all numbers must be above 0.
    Raises ValueError, naming the argument, for what cannot be drawn.
    """
    check_bars(values, log)
    names, texts = [str(name) for name in values], [number(value) for value in values.values()]
    numbers = [float(value) for value in values.values()]  # matplotlib does not take large ints on 32-bit systems
    lines = range(len(names))
    figure = new_figure(WIDTH, 0.4 * len(names) + 1.2)
    axes = figure.add_axes((0.3, 0.6 / figure.get_figheight(), 0.55, 1 - 1.05 / figure.get_figheight()))
    axes.barh(lines, numbers, color=BLUE, height=0.6)
    axes.set_yticks(lines, names)
    axes.invert_yaxis()
    if log:
        axes.set(xscale="log", xlim=(10 ** np.floor(np.log10(min(numbers) * 0.99)), None))
    else:
        axes.set_xticks([])  # the numbers are at the bars
    axes.set_title(title, fontsize=12, weight="bold")
    axes.set_xlabel(f"{unit}, each mark ten times the one before" if log else unit, fontsize=11)
    axes.tick_params(labelsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    for place, text in zip(zip(numbers, lines, strict=True), texts, strict=True):
        axes.annotate(text, place, (5, 0), textcoords="offset points", va="center", fontsize=11)
    return labelled(figure, [title], [", ".join(f"{n} {text} {unit}" for n, text in zip(names, texts, strict=True))])


def check_bars(values, log):
    """Raise ValueError unless values are a dict from names to finite numbers, 0 or more, or above 0 if log."""
    if not isinstance(values, Mapping) or not 1 <= len(values) <= MOST_BARS:
        raise ValueError(f"values must be a dict from 1 to {MOST_BARS} names to numbers; got {values!r:.60}.")
    for name, value in values.items():
        if not isinstance(value, Real) or not 0 <= value <= LARGEST or log and not value:
            least = "above 0, because log is True" if log else "0 or more"
            raise ValueError(f"values must be finite numbers {least}; got {value!r:.60} for {name!r}.")


class _Axis:
    """An axis with its windows, as pixel numbers; padding is below 0 and from n on."""

    def __init__(self, n, before, after, windows):
        self.n, self.before, self.after, self.windows = n, before, after, windows
        self.padded = range(-before, n + after)
        self.unread = sorted(set(range(n)) - set(windows.ravel().tolist()))

    @classmethod
    def of(cls, n, window):
        before, after = padding_amounts(n, window.kernel_size, **window.moves())
        pixels, moves = before + n + after, window._replace(padding=0).moves()
        lines = output_size(pixels, window.kernel_size, **moves)
        if pixels > MOST_PIXELS or lines > MOST_WINDOWS:
            raise ValueError(
                f"at most {MOST_PIXELS} pixels, padding included, and {MOST_WINDOWS} windows can be drawn; "
                f"got {pixels:,} and {lines:,}."
            )
        return cls(n, before, after, window_indices(pixels, window.kernel_size, **moves) - before)

    def in_words(self):
        windows = f"{len(self.windows)} window{'s' * (len(self.windows) != 1)}"
        padding = f"padding {self.before} before, {self.after} after" if self.before or self.after else "no padding"
        unread = f"pixels never read: {', '.join(map(str, self.unread))}" if self.unread else "every pixel read"
        return f"{windows}, {padding}\n{unread}"


def _draw_axis(axes, axis, *, size):
    """Draw the pixels in the first line, and each window in a line of its own below."""
    axes.set_axis_off()
    for pixel in axis.padded:
        real = 0 <= pixel < axis.n
        axes.add_patch(Rectangle((pixel, 0), 1, 1, **({"facecolor": "white", "edgecolor": "0.3"} if real else PADDING)))
        if real:
            axes.text(pixel + 0.5, 0.53, pixel, ha="center", va="center", fontsize=size)
        if pixel in axis.unread:
            axes.plot([pixel, pixel + 1], [0, 1], [pixel, pixel + 1], [1, 0], color=ORANGE, lw=2)
    axes.text(axis.padded[0] - 0.3, 0.53, "pixel", ha="right", va="center", fontsize=size)
    for line, window in enumerate(axis.windows):
        axes.text(axis.padded[0] - 0.3, line + 1.83, f"window {line}", ha="right", va="center", fontsize=size)
        for pixel in window:
            style = {"facecolor": BLUE, "edgecolor": "white"} if 0 <= pixel < axis.n else PADDING
            axes.add_patch(Rectangle((pixel, line + 1.35), 1, 0.9, **style))


def _draw_picture(axes, picture, scale, *, inches):
    """Draw one image, with its numbers if there is room; return its size and the meaning of its colours in words."""
    name, low, high = scale
    dark, bright = ENDS[name]
    size = " × ".join(map(str, picture.shape[-2:]))
    axes.set(xticks=[], yticks=[], anchor="N")
    if picture.ndim == 3:
        axes.imshow(np.moveaxis(picture, 0, -1))
        return f"{size}\nin colour"
    drawn = axes.imshow(picture, cmap=COLOUR_MAPS[name], vmin=low, vmax=high)
    _write_numbers(axes, picture, drawn, points=72 * inches / max(picture.shape))
    below, above = ("≤" if picture.min() < low else "is"), ("≥" if picture.max() > high else "is")
    return f"{size}\n{dark} {below} {number(low)}, {bright} {above} {number(high)}"


def _head(figure, x, title, note):
    """Write a title and a note of two lines, centred at x, above a panel."""
    inch = 1 / figure.get_figheight()
    figure.text(x, 1 - 0.08 * inch, title, ha="center", va="top", fontsize=12, weight="bold")
    figure.text(x, 1 - 0.34 * inch, note, ha="center", va="top", fontsize=10)


def _write_numbers(axes, picture, drawn, *, points):
    """Draw lines between cells of `points` points, and each number in its cell, unless they would be too small."""
    if points < SMALLEST_CELL:
        return
    for axis, cells in zip((axes.axhline, axes.axvline), picture.shape, strict=True):
        for edge in range(1, cells):
            axis(edge - 0.5, color="0.6", lw=0.5)
    texts = [in_cell(value) for value in picture.ravel()]
    size = min(11, 0.45 * points, 1.5 * points / max(map(len, texts)))
    if size < 7:
        return
    for (row, column), text in zip(np.ndindex(picture.shape), texts, strict=True):
        colour = ink(drawn.to_rgba(picture[row, column]))
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color=colour)


def colour_scale(picture, limit):
    """Return a colour map and the numbers at its ends, which are symmetric about zero if a number is negative."""
    low, high = float(picture.min()), float(picture.max())
    end = float(limit or max(-low, high) or 1)
    return ("signed", -end, end) if low < 0 else ("grey", 0.0, end)


def in_cell(value) -> str:
    """Return a number as it is written in a cell: with two significant digits below 1, otherwise with three."""
    return number(value, 2 if abs(value) < 1 else 3)


def _pictures(pictures):
    advice = "pictures must be a list of images, each (row, column) or (3, row, column) in colour"
    if isinstance(pictures, np.ndarray) and pictures.ndim == 2:
        raise ValueError(f"{advice}; got one image of shape {pictures.shape}: put it into a list.")
    if isinstance(pictures, str) or not np.iterable(pictures):
        raise ValueError(f"{advice}; got {pictures!r:.60}.")
    try:
        arrays = [np.asarray(picture) for picture in pictures]
    except ValueError:
        raise ValueError(f"{advice}; got rows of different lengths.") from None
    if not 1 <= len(arrays) <= MOST_PICTURES:
        raise ValueError(f"{advice}, 1 to {MOST_PICTURES} of them; got {len(arrays)}.")
    for array in arrays:
        if array.dtype.kind not in "biuf" or array.size == 0 or array.ndim != 2 and (array.ndim, len(array)) != (3, 3):
            raise ValueError(f"{advice}; got shape {array.shape} of type {array.dtype}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{advice}, of finite numbers; got NaN or infinity.")
    return [array if array.ndim == 2 else np.clip(array, 0, 1) for array in arrays]


def _titles(titles, count):
    if titles is None:
        return [""] * count
    if isinstance(titles, str) or not np.iterable(titles):
        raise ValueError(f"titles must be a list of {count}, one text for each picture; got {titles!r:.60}.")
    titles = list(titles)
    if len(titles) != count:
        raise ValueError(f"titles must hold one text for each picture, {count}; got {len(titles)}.")
    return titles


def new_figure(width, height):
    return Figure(figsize=(width, height), dpi=100, facecolor="white")


def labelled(figure, titles, texts):
    pairs = [(title, text.replace("\n", ", ")) for title, text in zip(titles, texts, strict=True)]
    figure.set_label("; ".join(f"{title}: {text}" if title else text for title, text in pairs))
    return figure


def display_with_words(figure):
    """Display a figure below the cell, with its label as alternative text."""
    words = figure.get_label()
    display({"text/html": as_html(png(figure), words), "text/plain": words}, raw=True)


def as_html(png, words) -> str:
    """Return a PNG as an <img> with these words as its alternative text.

    JupyterLab and nbconvert ignore the alternative text in the metadata of an image/png.
    """
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def png(figure) -> bytes:
    """Return a figure as a PNG file without the name of the program; a large one has greys or 256 colours only."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    picture = Image.open(stream)
    if len(stream.getvalue()) > LARGE:  # mostly photos, which look the same with fewer colours
        return _packed(_with_fewer_colours(picture.convert("RGB")))
    return _packed(picture, dpi=picture.info["dpi"])


def _packed(picture, **settings) -> bytes:
    """Return an image as a PNG file; to make it small takes several times as long as to draw it."""
    stream = io.BytesIO()
    picture.save(stream, format="png", optimize=True, **settings)
    return stream.getvalue()


def _with_fewer_colours(picture):
    grey = picture.convert("L")
    if not ImageChops.difference(picture, grey.convert("RGB")).getbbox():
        return grey
    smaller = picture.quantize(256, Image.Quantize.FASTOCTREE)
    smaller.putpalette([255 if level > 249 else level for level in smaller.getpalette()])  # white stays white
    return smaller
