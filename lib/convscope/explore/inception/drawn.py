"""An Inception module as a still picture: streams as wide as they have maps, and what they cost as bars."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ...words import number
from ..still import colour
from .state import BOXES, MODULE, NAIVE, PLAIN
from .words import maps, title

WIDTH, HEIGHT = 8.6, 4.5  # inches
COLUMN, BAR = 2.1, 0.13  # inches of a branch, and of a box's height
INPUT, LEVELS, END = 0.42, (1.1, 2.0), 2.7  # inches from the top
COSTS, BETWEEN, LONGEST = 3.45, 0.42, 4.4  # inches: the first bar, from bar to bar, and the longest of them


def drawn(state) -> Figure:
    """The module on show over the weights of all three."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=100, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    _streams(axes, state)
    _bars(axes, state)
    return figure


def _streams(axes, state):
    depth, branches = state.input_shape[0], state.branches()
    total = sum(branch.maps for branch in branches)
    widest = max(depth, *(box.maps for branch in branches for box in branch.boxes))
    inch = min((COLUMN - 0.2) / widest, (WIDTH - 1.6) / total)
    _write(axes, 0, 0.2, title(state) + (", naive" if state.naive else ""), weight="bold", size=11)
    _write(axes, WIDTH, 0.2, maps(state.input_shape), size=9, colour_="quiet", ha="right")
    _rectangle(axes, 0, INPUT - BAR, WIDTH, BAR, "quiet")
    end = (WIDTH - total * inch) / 2
    for branch in branches:
        middle = (list(BOXES).index(branch.label) + 0.5) * COLUMN
        levels = LEVELS[-len(branch.boxes) :] if branch.boxes else ()
        stops = [(middle, INPUT, depth), *((middle, y, box.maps) for y, box in zip(levels, branch.boxes, strict=True))]
        if branch.label == "pool":
            stops.insert(1, (middle, LEVELS[0], depth))
            _write(axes, middle, LEVELS[0] - 0.1, "3×3 max pool", size=9, ha="center")
        stops.append((end + branch.maps * inch / 2, END, branch.maps))
        for (x, y, width), (to_x, to_y, to_width) in pairwise(stops):
            _stream(axes, (x, y + BAR * (y != INPUT), width * inch), (to_x, to_y, to_width * inch))
        for box, y in zip(branch.boxes, levels, strict=True):
            _rectangle(axes, middle - box.maps * inch / 2, y, box.maps * inch, BAR, "accent-wash", edge="accent")
            said = f"{box.kernel_size}×{box.kernel_size}: {box.maps:,} maps"
            _write(axes, middle, y - 0.1, said, size=9, ha="center")
        _rectangle(axes, end, END, branch.maps * inch, 0.24, "quiet", edge="ground")
        end += branch.maps * inch
    _write(axes, end + 0.1, END + 0.14, f"= {total:,} maps", size=10, weight="bold")


def _bars(axes, state):
    costs = state.costs
    most = max(cost.weights for cost in costs.values())
    for i, (name, said) in enumerate({MODULE: "with 1×1", NAIVE: "naive", PLAIN: "one 5×5"}.items()):
        cost, y = costs[name], COSTS + i * BETWEEN
        _write(axes, 0, y, said, size=10, weight="bold")
        _write(axes, 0.95, y, f"{cost.shape[0]:,} maps", size=9, colour_="quiet")
        _rectangle(axes, 1.9, y - 0.13, LONGEST * cost.weights / most, 0.22, "quiet")
        times = number(cost.weights / costs[MODULE].weights)
        _write(axes, WIDTH, y, f"{cost.weights:,} weights, {times} ×", size=9, ha="right")


def _stream(axes, start, stop):
    """From one level down to another, each (middle, y, width)."""
    (x, top, wide), (to_x, bottom, to_wide) = start, stop
    half = (top + bottom) / 2
    left, right = (
        [(x + side * wide / 2, top), (x + side * wide / 2, half), (to_x + side * to_wide / 2, half),
         (to_x + side * to_wide / 2, bottom)]
        for side in (-1, 1)
    )  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
    axes.add_patch(PathPatch(Path([*left, *right[::-1]], codes), facecolor=colour("line"), linewidth=0, alpha=0.55))


def _rectangle(axes, x, y, width, height, fill, edge=None):
    edge = colour(edge) if edge else "none"
    axes.add_patch(Rectangle((x, y), width, height, facecolor=colour(fill), edgecolor=edge, linewidth=1.2))


def _write(axes, x, y, words, *, size, colour_="ink", weight="normal", ha="left"):
    axes.text(x, y, words, fontsize=size, weight=weight, color=colour(colour_), ha=ha, va="center_baseline")
