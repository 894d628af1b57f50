"""The curves of a training run as a still picture."""

from __future__ import annotations

from math import log

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...figures.chapter import labelled, new_figure
from ...figures.curves import moved_apart
from ..still import EDGE, WIDTH, colour

HEIGHT, LEFT, RIGHT, BETWEEN, LINE = 4.4, 0.5, 1.2, 0.5, 0.2  # inches
BESIDE = {"xycoords": "axes fraction", "textcoords": "offset points"}


def draw_curves_of(session):
    """Return a figure of loss and right answers, in training and in the test, over the whole of a run."""
    figure, run, guess = new_figure(WIDTH, HEIGHT), session.run, 1 / session.classes
    high = HEIGHT / 2 - BETWEEN
    for i, (name, title, most, guessing) in enumerate(
        (("loss", "loss", -1.1 * log(guess), -log(guess)), ("accuracy", "right answers", 1, guess))
    ):
        bottom = HEIGHT / 2 * (1 - i) + 0.25
        place = (LEFT / WIDTH, bottom / HEIGHT, (WIDTH - LEFT - RIGHT) / WIDTH, high / HEIGHT)
        axes = figure.add_axes(place, xlim=(0, run.total / run.per_epoch), ylim=(0, most))
        figure.text(EDGE / WIDTH, (bottom + high + 0.08) / HEIGHT, title, weight="bold", color=colour("ink"))
        axes.axhline(guessing, color=colour("quiet"), lw=1, ls=(0, (2, 3)))
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9, colors=colour("quiet"))
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.annotate("epochs", (1, 0), (12, -14), **BESIDE, color=colour("quiet"), fontsize=9)
        axes.annotate("guessing", (1, guessing / most), (12, -3), **BESIDE, color=colour("quiet"), fontsize=9)
        if name == "accuracy":
            axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        _draw_curves(axes, session, name, high)
    return labelled(figure, [""], [f"Loss and right answers during training. {session.run.history}"])


def _draw_curves(axes, session, name, high):
    """Draw the curves of a measurement, each with its name at its end."""
    run, most, ends = session.run, axes.get_ylim()[1], {}
    thin = {"color": colour("strong-line"), "lw": 1.5}
    strong = {"color": colour("ink"), "lw": 2, "marker": "o", "ms": 4}
    tested = getattr(run.history, f"validation_{name}")
    for label, values, each, line in (
        ("training", session.curves[name], session.every, thin),
        ("test", tested, run.per_epoch, strong),
    ):
        x = np.minimum(np.arange(1, len(values) + 1) * each, run.total) / run.per_epoch
        axes.plot(x, np.minimum(values, most), clip_on=False, **line)
        if values:
            ends[label] = (x[-1], min(values[-1], most) / most * high)
    if not ends:
        return
    for (label, (x, _)), y in zip(ends.items(), moved_apart([y for _, y in ends.values()], LINE, high), strict=True):
        at = {"xytext": (8, 72 * y - 4), "textcoords": ("offset points", "axes points")}
        axes.annotate(label, (x, 0), **at, color=colour("ink" if label == "test" else "quiet"), annotation_clip=False)
