"""Block diagrams: boxes in the cells of a grid, arrows between them, and in each box a strip of its parts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from .chapter import WIDTH, labelled, new_figure
from .curves import STYLES

GREY = "#8a8a8a"
HATCHES = ("", "////", "\\\\\\\\", "....", "xxxx", "----", "++++")  # of the styles 0 to 6
GAP, BETWEEN, TITLE = 0.2, 0.34, 0.45  # inches: from box to box, from row to row for arrows, above all
LINE, STRIP, INSIDE = 0.2, 0.16, 0.1  # inches: a line of text, the strip, from the frame to its content
LETTERS = 12.5  # per inch


@dataclass(frozen=True)
class Block:
    """A box of a diagram, in a cell of its grid.

    title: a line in bold. notes: the lines below it. row, column: its cell, from 0. columns: its width in cells.
    parts: pairs (amount, style), drawn as a strip on the same scale in all boxes of a diagram; style 0 is grey, style
        1 has the colour of the first curve of a chart, style 2 that of the second, and so on.
    """

    title: str
    row: int
    column: int
    columns: int = 1
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[float, int], ...] = ()


def blocks_in_words(blocks, arrows, title) -> str:
    """Return a text that names each box, its notes, and the boxes to which its arrows lead."""
    said = []
    for name, block in blocks.items():
        ends = [blocks[end].title for start, end in arrows if start == name]
        notes = f" ({', '.join(block.notes)})" if block.notes else ""
        said.append(f"{block.title}{notes}" + (f" to {' and '.join(ends)}" if ends else ""))
    return f"{title}: {'; '.join(said)}."


def draw_blocks(blocks: Mapping[str, Block], arrows, *, title: str) -> Figure:
    """Return a figure of boxes in a grid, with arrows from box to box.

    blocks: a dict from names to `Block`s. arrows: pairs of names. title: the heading.
    The figure's label says the same in words.
    """
    sheet = _Sheet(blocks, title)
    for start, end in arrows:
        sheet.join(start, end)
    for name in blocks:
        sheet.draw(name)
    return labelled(sheet.figure, [""], [blocks_in_words(blocks, arrows, title)])


class _Sheet:
    """A figure, and for each box its left, top, width and height, in inches from the top left corner."""

    def __init__(self, blocks, title):
        self.blocks = blocks
        cell = (WIDTH - GAP) / max(block.column + block.columns for block in blocks.values())
        widths = {name: cell * block.columns - GAP for name, block in blocks.items()}
        self.texts = {name: _wrapped(block, widths[name]) for name, block in blocks.items()}
        tops, heights, bottom = self._rows()
        self.places = {
            name: (GAP + cell * block.column, tops[block.row], widths[name], heights[block.row])
            for name, block in blocks.items()
        }
        totals = {name: sum(amount for amount, _ in block.parts) for name, block in blocks.items()}
        self.scale = (
            min((widths[name] - 2 * INSIDE) / total for name, total in totals.items() if total)
            if any(totals.values())
            else 0
        )
        self.figure = new_figure(WIDTH, bottom)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(bottom, 0))
        self.axes.set_axis_off()
        self.axes.text(GAP, 0.12, title, va="top", fontsize=13, weight="bold")

    def _rows(self):
        """Return the top and the height of each row that has a box, and the height of the figure."""
        tops, heights, top = {}, {}, TITLE
        for row in sorted({block.row for block in self.blocks.values()}):
            names = [name for name, block in self.blocks.items() if block.row == row]
            strip = STRIP if any(self.blocks[name].parts for name in names) else 0
            tops[row], heights[row] = top, LINE * max(len(self.texts[n]) for n in names) + strip + 2 * INSIDE
            top += heights[row] + BETWEEN
        return tops, heights, top - BETWEEN + GAP

    def draw(self, name):
        left, top, width, height = self.places[name]
        frame = {"boxstyle": "round,pad=0,rounding_size=0.06", "fc": "white", "ec": "0.35", "lw": 1.2}
        self.axes.add_patch(FancyBboxPatch((left, top), width, height, **frame))
        for line, (text, weight) in enumerate(self.texts[name]):
            at = left + width / 2, top + INSIDE + LINE * (line + 0.5)
            self.axes.text(*at, text, ha="center", va="center", fontsize=11, weight=weight)
        x = left + (width - self.scale * sum(amount for amount, _ in self.blocks[name].parts)) / 2
        for amount, style in self.blocks[name].parts:
            colour = STYLES[style - 1][0] if style else GREY
            look = {"fc": colour, "ec": "white", "hatch": HATCHES[style], "lw": 0.5}
            self.axes.add_patch(Rectangle((x, top + height - INSIDE - STRIP), amount * self.scale, STRIP, **look))
            x += amount * self.scale

    def join(self, start, end):
        """Draw an arrow from a box down to another: straight down if it meets both, else from middle to middle."""
        above, below = self.places[start], self.places[end]
        narrow, wide = sorted((above, below), key=lambda place: place[2])
        straight = wide[0] <= _middle(narrow) <= wide[0] + wide[2]
        from_x, to_x = [_middle(narrow if straight else place) for place in (above, below)]
        style = {"arrowstyle": "-|>", "color": "0.35", "lw": 1.2, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12}
        self.axes.annotate("", (to_x, below[1]), (from_x, above[1] + above[3]), arrowprops=style)


def _middle(place):
    left, _, width, _ = place
    return left + width / 2


def _wrapped(block, width):
    """Return the lines of a box, each with its font weight, wrapped to its width."""
    letters = max(4, int((width - 2 * INSIDE) * LETTERS))
    texts = [(block.title, "bold"), *((note, "normal") for note in block.notes)]
    return [(line, weight) for text, weight in texts for line in textwrap.wrap(text, letters)]
