"""What the view shows of a pooling: its input, what pools and striding make of it, and where a gradient goes."""

from __future__ import annotations

import numpy as np

from .arrays import grey_range, times
from .convolution.words import size_in_words
from .pooling_state import POOLS
from .view import Link, Panel, Pick, Scene

INPUT = 0
MOST_EDITABLE = 16  # rows and columns of a picture whose numbers a person may change


def scene(state) -> Scene:
    """All that the view shows; marked is the output in the middle."""
    selected = [output_panel(state, state.kind), *(n // 2 for n in state.output.shape)]
    return Scene(panels(state), links(state), selected, picks(state))


def panels(state) -> list[Panel]:
    """The input, the outputs, and, where it is shown, the gradient of the output and that of the input."""
    low, high = grey_range(state.x)
    feature = f", {state.kernel} and ReLU" if state.kernel != "none" else ""
    editable = not feature and max(state.x.shape) <= MOST_EDITABLE
    title = "feature map" if feature else "input"
    shown = [Panel(title, times(state.x) + feature, state.x, "grey", low, high, editable=editable)]
    size = times(state.output)
    window = f", windows {state.size} × {state.size}, stride {state.stride}"
    about = size if state.compare or state.gradient else size + window
    shown += [Panel(f"{kind} pool", about, state.pooled(kind), "grey", low, high) for kind in kinds(state)]
    if state.compare:
        shown.append(Panel("striding", size, state.strided, "grey", low, high))
    if state.gradient:
        shown += [
            _gradient("gradient of the output", "grad_y", state.grad_y, editable=True),
            _gradient(f"gradient of the {title}", "grad_x", state.grad_x),
        ]
    return shown


def links(state) -> list[Link]:
    """An output reads its window, striding one pixel of it; a pixel's gradient is made of those of its windows."""
    pools = tuple(range(1, 1 + len(kinds(state))))
    made = [Link(pools, INPUT, *state.windows)]
    if state.compare:
        made.append(Link(pools[-1] + 1, INPUT, *(first[:, None] for first in state.firsts)))
    if state.gradient:
        grad_y, grad_x = _gradient_panels(state)
        made.append(Link(grad_x, grad_y, *map(_windows_of, state.windows, state.x.shape)))
    return made


def picks(state) -> list[Pick]:
    """The winner of each window, and where its gradient goes: to a single pixel, of a max pool."""
    won = [Pick(output_panel(state, "max"), INPUT, state.winners, "won by")] if "max" in kinds(state) else []
    if state.gradient and state.kind == "max":
        won.append(Pick(*_gradient_panels(state), state.winners, "goes to"))
    return won


def kinds(state) -> list[str]:
    """The pools on show."""
    return list(POOLS) if state.compare else [state.kind]


def output_panel(state, kind) -> int:
    """The number of the panel that shows that pool."""
    return 1 + kinds(state).index(kind)


def caption(state) -> str:
    """The size formula with its numbers, and what is seen beside it."""
    return "\n".join([size_in_words(state), *_findings(state)])


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    under = f"{state.picture} under {state.kernel} and ReLU" if state.kernel != "none" else state.picture
    pooling = f"{state.kind} pooling of {under}, {times(state.x)}, windows {state.size} × {state.size}"
    size = f"stride {state.stride}, padding {state.padding}, gives {times(state.output)}."
    return " ".join([f"PoolingExplorer: {pooling}, {size}", *_findings(state)])


def _findings(state):
    if state.compare:
        kept = int((state.strided == state.pooled("max")).sum())
        yield f"Striding keeps the first pixel of each window: the largest in {kept} of {state.output.size}."
    if state.gradient and state.kind == "max":
        winners = f"{len(np.unique(state.winners))} of {state.x.size} pixels"
        yield f"Each gradient goes to the winner of its window, the first among equals: {winners}."
    elif state.gradient:
        yield "Each gradient is divided evenly among the pixels of its window."


def _gradient(title, name, values, **settings):
    most = abs(values).max() or 1.0
    colours = ("signed", -most, most) if values.min() < 0 else ("grey", 0, most)
    return Panel(title, f"{name}, {times(values)}", values, *colours, **settings)


def _gradient_panels(state):
    first = 1 + len(kinds(state)) + state.compare
    return first, first + 1


def _windows_of(windows, n):
    """Which windows of an axis hold each of its n pixels: [pixels, windows], −1 where there are no more."""
    held = [np.flatnonzero((windows == pixel).any(axis=1)) for pixel in range(n)]
    table = np.full((n, max(1, *map(len, held))), -1)
    for row, mine in zip(table, held, strict=True):
        row[: len(mine)] = mine
    return table
