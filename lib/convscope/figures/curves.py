"""Curves below a cell: the mean at each x as a line, each seed as a dot, and a text with the numbers.

Curves differ not only in colour: each has its own dashes and markers, and its name at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Real

import numpy as np
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath
from numpy.typing import ArrayLike

from ..style import BLUE, ORANGE
from ..words import number
from .chapter import WIDTH, display_with_words, labelled, new_figure

STYLES = (
    (BLUE, "-", "o"),
    (ORANGE, "--", "s"),
    ("#3b7d23", "-.", "^"),
    ("#7b3f98", ":", "D"),
    ("#444444", (0, (7, 2)), "v"),
    ("#a3195b", (0, (3, 1, 1, 1, 1, 1)), "P"),
)
"""The colour, dashes and marker of each curve in turn."""
HEIGHT, LEFT, ABOVE, BELOW = 4.2, 0.75, 0.8, 0.65  # inches
NAME, LINE, BESIDE = 11, 0.2, 0.2  # points of the text, inches from name to name, and from the axes to the names
LONGEST = 5  # inches that a name may take
FEW = 24  # points of a curve, at most, if each has a marker and its seeds
SAID = 8  # points of a curve, at most, in the text
TICK = 0.6  # inches between two ticks, at least


@dataclass(frozen=True, eq=False)
class Curve:
    """A named series, (seed, point), and how it is drawn."""

    name: str
    values: np.ndarray
    colour: str
    dashes: str | tuple
    marker: str

    @property
    def mean(self):
        return self.values.mean(axis=0)

    @property
    def spread(self):
        """The standard deviation over seeds (divided by seeds − 1), or None for a single seed."""
        return self.values.std(axis=0, ddof=1) if len(self.values) > 1 else None

    def in_words(self, points):
        spread = [""] * len(self.mean) if self.spread is None else [f" ± {number(each, 2)}" for each in self.spread]
        return f"{self.name} " + ", ".join(number(self.mean[point]) + spread[point] for point in points)


def show_curves(
    x: ArrayLike,
    series: Mapping,
    *,
    title: str,
    x_label: str,
    y_label: str,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    mark: float | None = None,
) -> None:
    """Display measurements as curves below the cell, as `draw_curves` draws them."""
    words = {"title": title, "x_label": x_label, "y_label": y_label}
    display_with_words(draw_curves(x, series, **words, log=log, limits=limits, mark=mark))


def draw_curves(
    x: ArrayLike,
    series: Mapping,
    *,
    title: str,
    x_label: str,
    y_label: str,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    mark: float | None = None,
) -> Figure:
    """Return a figure of curves over x: the mean of each as a line, and one standard deviation over seeds as a band.

    x: at least two numbers, in increasing order. series: a dict from 1 to 6 names to numbers, (point,) or
        (seed, point). title: the heading. x_label, y_label: what the axes show, with the units.
    log: True for a logarithmic x axis. limits: (lowest, highest) of y. mark: a number on the x axis at which to draw a
        vertical line.
    With up to 24 points, each seed is a dot. The figure's label gives the numbers in words.
    Raises ValueError, naming the argument, for what cannot be drawn.
    """
    x, curves = checked(x, series, log=log, limits=limits, mark=mark)
    for curve in curves:
        if not curve.name.strip() or _inches(curve.name) > LONGEST:
            raise ValueError(f"names of series must have from 1 to about 40 letters; got {curve.name!r:.60}.")
    right = BESIDE + 0.15 + max(_inches(curve.name) for curve in curves)
    figure = new_figure(WIDTH, HEIGHT)
    width, height = WIDTH - LEFT - right, HEIGHT - ABOVE - BELOW
    axes = figure.add_axes((LEFT / WIDTH, BELOW / HEIGHT, width / WIDTH, height / HEIGHT))
    axes.set(xscale="log" if log else "linear")
    for curve in curves:
        _draw_curve(axes, x, curve)
    if limits is not None:
        axes.set_ylim(*map(float, limits))
    axes.margins(x=0.02)
    axes.autoscale_view()  # now, because names and ticks are placed by the limits
    _draw_scales(figure, axes, x, (title, x_label, y_label))
    if mark is not None:
        axes.axvline(float(mark), color="0.4", lw=1.5, ls=(0, (1, 1)), zorder=1)
        axes.text(float(mark), 1.01, number(mark), transform=axes.get_xaxis_transform(), ha="center", fontsize=NAME)
    _write_names(axes, x, curves, height)
    return labelled(figure, [title], [_in_words(x, curves, x_label, y_label, mark)])


def checked(x, series, *, log=False, limits=None, mark=None):
    """Return the x and the curves of `draw_curves`, checked."""
    x, curves = _places(x, log), curves_of(series)
    _check(x, curves, limits, mark)
    return x, curves


def curves_of(series) -> list[Curve]:
    """Return the series of `draw_curves`, checked, each with a style of its own."""
    if not isinstance(series, Mapping) or not 1 <= len(series) <= len(STYLES):
        got = f"{len(series)} names" if isinstance(series, Mapping) else type(series).__name__
        raise ValueError(f"series must be a dict from 1 to {len(STYLES)} names to numbers; got {got}.")
    return [
        Curve(str(name), _values(name, each), *style)
        for (name, each), style in zip(series.items(), STYLES, strict=False)
    ]


def _places(x, log):
    x = _numbers("x", x)
    if x.ndim != 1 or len(x) < 2 or not (np.diff(x) > 0).all():
        raise ValueError(f"x must be at least two numbers, in increasing order; got shape {x.shape}.")
    if log and x[0] <= 0:
        raise ValueError(f"x must be above 0, because log is True; got {x[0]:g}.")
    return x


def _values(name, values):
    values = np.atleast_2d(_numbers(f"series {name!r}", values))
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"series {name!r} must have the axes (point) or (seed, point); got shape {values.shape}.")
    return values


def _numbers(name, values):
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be numbers, as many for each seed; got rows of different lengths.") from None
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers; got {values!r:.60}.")
    return array.astype(float)


def _check(x, curves, limits, mark):
    for curve in curves:
        if curve.values.shape[1] != len(x):
            raise ValueError(
                f"series {curve.name!r} must have a number for each of the {len(x)} numbers in x; "
                f"got {curve.values.shape[1]}."
            )
    if limits is not None:
        least, most = (pick([pick(curve.values.ravel()) for curve in curves]) for pick in (min, max))
        if not _holds(limits, least, most):
            raise ValueError(
                f"limits must be (lowest, highest) around all numbers, {least:g} to {most:g}; got {limits!r}."
            )
    if mark is not None and not (isinstance(mark, Real) and x[0] <= mark <= x[-1]):
        raise ValueError(f"mark must be a number on the x axis, from {x[0]:g} to {x[-1]:g}; got {mark!r}.")


def _holds(limits, least, most):
    try:
        low, high = map(float, limits)
    except (TypeError, ValueError, OverflowError):
        return False
    return isfinite(high - low) and low < high and low <= least <= most <= high


def _draw_curve(axes, x, curve):
    few = len(x) <= FEW
    line = {"color": curve.colour, "ls": curve.dashes, "marker": curve.marker, "lw": 2, "ms": 7}
    axes.plot(x, curve.mean, **line, markevery=1 if few else len(x) // 8, zorder=3)
    if curve.spread is None:
        return
    band = curve.mean - curve.spread, curve.mean + curve.spread
    axes.fill_between(x, *band, color=curve.colour, alpha=0.15, lw=0, zorder=1)
    for seed in curve.values if few else ():
        axes.plot(x, seed, color=curve.colour, ls="", marker=curve.marker, ms=3.5, mew=0, alpha=0.5, zorder=2)


def _draw_scales(figure, axes, x, texts):
    title, x_label, y_label = texts
    figure.text(0.02, 1 - 0.1 / HEIGHT, title, va="top", fontsize=13, weight="bold")
    figure.text(0.02, 1 - 0.42 / HEIGHT, y_label, va="top", fontsize=NAME)
    axes.set_xlabel(x_label, fontsize=NAME)
    axes.tick_params(labelsize=NAME)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.9")
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.xaxis.set_minor_formatter("")
    if len(x) <= FEW:
        axes.set_xticks(_apart(axes, x), minor=False)
        axes.set_xticks([], minor=True)


def _apart(axes, x):
    """Return the numbers of x that get a tick: from the first, each that leaves enough room."""
    kept = []
    for place in x:
        at = axes.transData.transform((place, 0))[0] / axes.figure.dpi
        if not kept or at - kept[-1][1] >= TICK:
            kept.append((place, at))
    return [place for place, _ in kept]


def _write_names(axes, x, curves, height):
    """Write each name beside the end of its curve, moved as little as possible so that names do not overlap."""
    ends = [axes.transAxes.inverted().transform(axes.transData.transform((x[-1], c.mean[-1])))[1] for c in curves]
    places = moved_apart(ends, LINE / height, 1)
    for curve, place in zip(curves, places, strict=True):
        text = {"color": curve.colour, "weight": "bold", "fontsize": NAME, "va": "center", "annotation_clip": False}
        line = {"arrowstyle": "-", "color": curve.colour, "lw": 0.8, "shrinkA": 0, "shrinkB": 5, "relpos": (0, 0.5)}
        at = (1 + BESIDE / (axes.bbox.width / axes.figure.dpi), place)
        axes.annotate(curve.name, (x[-1], curve.mean[-1]), at, textcoords="axes fraction", arrowprops=line, **text)


def moved_apart(places, gap, room):
    """Return positions from 0 to `room`, as near to the given ones as possible, and at least `gap` apart if they fit.

    After subtracting the gaps, the positions must not decrease, which is isotonic regression; it is solved by its
    max–min formula (Barlow et al. 1972).
    """
    order = np.argsort(places, kind="stable")
    gaps = gap * np.arange(len(places))
    wanted = np.asarray(places, float)[order] - gaps
    n = range(len(wanted))
    level = [max(min(wanted[first : last + 1].mean() for last in n[i:]) for first in n[: i + 1]) for i in n]
    result = np.empty(len(wanted))
    result[order] = np.clip(level, 0, max(0, room - gaps[-1])) + gaps
    return result


def _inches(name):
    return TextPath((0, 0), name, size=NAME, prop={"weight": "bold"}).get_extents().width / 72


def _in_words(x, curves, x_label, y_label, mark):
    points = np.unique(np.linspace(0, len(x) - 1, min(len(x), SAID)).round().astype(int))
    seeds = max(len(curve.values) for curve in curves)
    at = ", ".join(number(x[point]) for point in points)
    words = f"{y_label}, at {x_label} {at}: " + "; ".join(curve.in_words(points) for curve in curves)
    words += f" (mean ± standard deviation of {seeds} seeds)" if seeds > 1 else ""
    return words + (f"; {number(mark)} is marked" if mark is not None else "")
