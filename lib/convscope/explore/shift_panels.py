"""What the view shows of a shift: the picture, f(shift x), shift f(x), their difference and the global answers."""

from __future__ import annotations

import numpy as np

from ..geometry import window_indices
from .arrays import grey_range, times
from .chart import Curves
from .shift_state import PAPER
from .view import Drag, Link, Panel, Scene, in_digits

INPUT, MAP, SHIFTED_MAP, DIFFERENCE = range(4)
HIGHEST = 1.5  # that the curve shows at least: maps of nothing below 0 and of one size differ by at most √2
FAINT = 4  # a difference is drawn in full colour from this part of the brightest cell on


def scene(state) -> Scene:
    """All that the view shows; marked is the cell in the middle of the shifted picture's map."""
    return Scene(panels(state), links(state), [MAP, *(n // 2 for n in state.maps.shape[-2:])])


def panels(state) -> list[Panel]:
    """The shifted picture, its map, the shifted map of the picture in the middle, their difference, and the answers."""
    shown = 0 if state.layer == "dense" else state.kernel
    one, other = state.maps_of_shifted[shown], state.shifted_maps[shown]
    most = max(one.max(), other.max()) or 1.0
    apart = max(abs(one - other).max(), most / FAINT)
    (least, furthest), size = zip(*state.room, strict=True), times(one)
    return [
        Panel("input", f"x shifted, {times(state.paper)}", state.shifted, "grey", *grey_range(state.image),
              drag=Drag(state.shift, least, furthest)),
        Panel("map of shifted x", f"f(shift x), {size}", one, "grey", 0, most, scale="map"),
        Panel("shifted map of x", f"shift f(x), {size}", other, "grey", 0, most, scale="map"),
        Panel("difference", f"of the two, {size}", one - other, "signed", -apart, apart, scale="map"),
        Panel(f"global {state.global_pool}", "map by map: of x, of x shifted", state.answers.T, "grey",
              0, state.answers.max() or 1.0, scale="answer"),
    ]  # fmt: skip


def links(state) -> list[Link]:
    """A cell of the map reads its receptive field; one of the difference reads the two cells at its place."""
    reads = _reads(state)
    same = np.arange(state.maps.shape[-1])[:, None]
    return [
        Link(MAP, INPUT, reads, reads),
        Link(DIFFERENCE, MAP, same, same),
        Link(DIFFERENCE, SHIFTED_MAP, same, same),
    ]


def error_curve(state) -> Curves | None:
    """The error at each shift of columns; None where there is room for a single one."""
    columns, errors = state.curve
    if len(columns) < 2:
        return None
    rows = f", rows {_steps_in_words((state.shift[0], 0))}" if state.shift[0] else ""
    return Curves(
        columns,
        {"error": errors},
        title=f"Error at each shift of columns{rows}",
        x_label="columns to the right",
        y_label="‖f(shift x) − shift f(x)‖ / ‖f(x)‖",
        limits=(0, max(HIGHEST, errors.max())),
    )


def caption(state) -> str:
    """The error and the global answer in words, and where the comb has its gaps."""
    lines = [f"{_shift_in_words(state)}: {_error_in_words(state)}", _global_in_words(state)]
    if state.jump > 1:
        lines.append(f"A step of the map is worth {state.jump} pixels: only multiples of {state.jump} come out whole.")
    return "\n".join(lines)


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    return f"ShiftExplorer: {state.picture} under {_layer_in_words(state)}. {caption(state)}".replace("\n", " ")


def _reads(state):
    """Which pixels of an axis each cell of the map reads, through pooling and convolution: [cells, pixels]."""
    if not state.windows:
        return np.tile(np.arange(PAPER), (PAPER, 1))
    reads, n = np.arange(PAPER)[:, None], PAPER
    for window in state.windows:
        cells = window_indices(n, window.kernel_size, **window.moves())
        reads = np.where(cells[..., None] < 0, -1, reads[cells]).reshape(len(cells), -1)
        n = len(cells)
    return reads


def _layer_in_words(state):
    if state.layer == "dense":
        return "a dense layer and ReLU"
    size = f"{state.kernel_size} × {state.kernel_size}"
    words = f"a convolution of {len(state.maps)} kernels {size}, stride {state.stride}, and ReLU"
    if state.pooling == "none":
        return words
    return f"{words}, then {state.pooling} pooling {state.pool_size} × {state.pool_size}, stride {state.pool_stride}"


def _shift_in_words(state):
    return f"Shifted by {_steps_in_words(state.shift)}" if any(state.shift) else "Not shifted yet"


def _steps_in_words(shift):
    ways = zip(shift, ("down", "right"), ("up", "left"), strict=True)
    return " and ".join(f"{abs(n)} {on if n > 0 else back}" for n, on, back in ways if n)


def _error_in_words(state):
    several = len(state.maps) > 1
    made, moved = (
        ("maps of the shifted input", "shifted maps") if several else ("map of the shifted input", "shifted map")
    )
    if not state.error:
        return f"the {made} and the {moved} are the same."
    differ, their = ("differ", "their") if several else ("differs", "its")
    return f"the {made} {differ} from the {moved} by {_percent(state.error)} of {their} size."


def _global_in_words(state):
    if not state.answer_error:
        return f"The global {state.global_pool} stays as it was."
    return f"The global {state.global_pool} changes by {_percent(state.answer_error)} of its size."


def _percent(share):
    return f"{in_digits(100 * share, 2)} %"
