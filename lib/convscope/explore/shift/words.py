"""A shift in words, and in panels for a still picture."""

from __future__ import annotations

from ...arguments import pair
from ...words import number, size
from ..arrays import grey_range
from ..still import Panel

FAINT = 4  # a difference is drawn in full colour from this part of the brightest cell on


def panels(state) -> list[Panel]:
    """The shifted picture, its map, the shifted map of the picture in the middle, and their difference."""
    shown = 0 if state.layer == "dense" else state.kernel
    one, other = state.maps_of_shifted[shown], state.shifted_maps[shown]
    most = max(one.max(), other.max()) or 1.0
    apart = max(abs(one - other).max(), most / FAINT)
    return [
        Panel("x, shifted", state.shifted, ("grey", *grey_range(state.image))),
        Panel("f(shift x)", one, ("grey", 0, most)),
        Panel("shift f(x)", other, ("grey", 0, most)),
        Panel("difference", one - other, ("signed", -apart, apart)),
    ]


def caption(state) -> str:
    """The error and the global answer, and which shifts come out whole."""
    steps = " and ".join(filter(None, map(_step, state.shift, ("down", "right"), ("up", "left"))))
    moved = f"Shifted by {steps}" if steps else "Not shifted yet"
    lines = [f"{moved}: {_error(state)}", _global(state)]
    if jump := step_in_words(state):
        lines.append(f"A step of the map is worth {jump} pixels: only multiples of {jump} come out whole.")
    return " ".join(lines)


def sentence(state) -> str:
    """The whole state."""
    return f"ShiftExplorer: {state.picture} under {_layer(state)}. {caption(state)}"


def step_in_words(state) -> str:
    """How many pixels a step of the map is worth, along rows and columns where they differ; "" for one."""
    down, across = (field.jump for field in state.fields)
    return "" if down == across == 1 else str(down) if down == across else f"{down} × {across}"


def _step(n, on, back):
    return f"{abs(n)} {on if n > 0 else back}" if n else ""


def _layer(state):
    if state.layer == "dense":
        return "a dense layer and ReLU"
    kernel, pool = (size(pair("size", each)) for each in (state.kernel_size, state.pool_size))
    words = f"a convolution of {len(state.maps)} kernels {kernel}, stride {state.stride}, and ReLU"
    if state.pooling == "none":
        return words
    return f"{words}, then {state.pooling} pooling {pool}, stride {state.pool_stride}"


def _error(state):
    maps, differ, their = ("map", "differs", "its") if len(state.maps) == 1 else ("maps", "differ", "their")
    made, moved = f"the {maps} of the shifted input", f"the shifted {maps}"
    if not state.error:
        return f"{made} and {moved} are the same."
    return f"{made} {differ} from {moved} by {_percent(state.error)} of {their} size."


def _global(state):
    if not state.answer_error:
        return f"The global {state.global_pool} stays as it was."
    return f"The global {state.global_pool} changes by {_percent(state.answer_error)} of its size."


def _percent(share):
    return f"{number(100 * share, 2)} %"
