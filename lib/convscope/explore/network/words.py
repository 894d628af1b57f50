"""A network at work in words and as a still picture: what it is, what it says, and how the marked unit comes about."""

from __future__ import annotations

import numpy as np

from ...words import number, size, sum_of
from ..arrays import grey_range, is_colour
from ..still import Panel, sheet
from ..windows import field_through, tables_of
from .net.layers import has_weights

FEW = 6  # strips that are written out one by one
MOST_PANELS, MOST_MAPS = 5, 16


def percent(share) -> str:
    """A share of 1: 97%, and with a decimal near the ends."""
    digits = 0 if 0.01 <= share <= 0.99 or share < 0.0005 or share > 0.9995 else 1
    return f"{100 * share:.{digits}f}%"


def answer(state) -> str:
    """The class with the largest probability, and that."""
    best = int(state.probabilities.argmax())
    return f"{state.names[best]}, {percent(state.probabilities[best])}"


def sentence(state) -> str:
    """The whole state in two sentences."""
    layers = "; ".join(f"{stage.name} gives {size(stage.shape)}" for stage in state.stages[1:-1])
    what = state.picture + (f", of class {state.names[state.label]}" if state.label is not None else "")
    tools = [f"moved by {state.move}"] if any(state.move) else []
    tools += [f"turned by {state.turn}°"] if state.turn else []
    tools += [f"noise {state.noise}"] if state.noise else []
    tools += ["inverted"] if state.inverted else []
    image = ", ".join([f"a {size(state.input.shape)} image ({what})", *tools])
    return f"NetworkExplorer: {image}; {layers}. It says {answer(state)}. Marked: {_unit(state)}."


def sum_in_words(state) -> str:
    """How the marked unit comes about, and what the network says."""
    return f"{_unit(state)}{_how(state)}. It says {answer(state)}"


def _how(state):
    s, which, row, column = state.marked
    stage = state.stages[s]
    if stage.kind in ("input", "softmax"):
        return ""
    rows, columns = (each[at] for each, at in zip(_windows(state, s), (row, column), strict=True))
    below = np.pad(state.outputs[s - 1], ((0, 0), (0, 1), (0, 1)))[:, rows][:, :, columns]  # −1 is a zero
    if stage.kind.endswith("pool"):
        return f", the {'largest' if stage.kind == 'max pool' else 'mean'} of {below[0].size}"
    kernels, bias = state.learned(s)
    parts = [*(kernels[which] * below).sum(axis=(1, 2)).tolist(), float(bias[which])]
    if len(parts) > FEW + 1:
        return f", a sum of {len(parts) - 1} slices and a bias"
    behind = "" if stage.activation == "none" else f", before the {stage.activation}"
    return f": {sum_of(parts)} = {number(sum(parts))}{behind}"


def panels(state) -> list[Panel]:
    """The input and the maps of each stage but the scores, with what the marked unit sees of each."""
    shape, s = state.stages[0].shape, state.marked[0]
    pixels = state.input if is_colour(state.input) else state.input.reshape(shape)[0]
    if pixels.ndim == 2 and 0 <= pixels.min() and pixels.max() <= 1:
        pixels = 1 - pixels  # ink is dark
    found = [Panel("input", pixels, ("grey", *grey_range(pixels)), _field(state, 0))]
    shown = [i for i, stage in enumerate(state.stages) if i and stage.shape[1:] != (1, 1)]
    for i in shown[: MOST_PANELS - 1]:
        maps = state.outputs[i][:MOST_MAPS]
        most = float(abs(maps).max()) or 1.0
        box = _field(state, i) if i <= s else None
        reads_all = any(map(has_weights, state.stages[i + 1 : s + 1]))
        marked = slice(None) if reads_all else slice(state.marked[1], state.marked[1] + 1)
        stage = state.stages[i]
        found.append(sheet(stage.name, maps, ("signed", -most, most), box, marked, stage.shape[0]))
    return found


def _unit(state):
    s, *at = state.marked
    return f"{state.stages[s].name}, map {at[0]}, unit {tuple(at[1:])}, {number(state.outputs[s][tuple(at)])}"


def _windows(state, s):
    """Which rows and which columns of the stage below each unit reads; −1 is padding."""
    return tables_of(state.stages[s - 1].shape[1:], state.stages[s].windows)


def _field(state, to):
    """What the marked unit sees of a stage further down: row, column, rows and columns; None of padding alone."""
    s, _, *place = state.marked
    return field_through([_windows(state, above) for above in range(to + 1, min(s, len(state.stages) - 2) + 1)], place)
