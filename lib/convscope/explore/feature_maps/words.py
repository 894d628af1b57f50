"""A stack of layers in words and as a still picture: all of it, and how the marked unit comes about."""

from __future__ import annotations

import numpy as np

from ...words import number, size, sum_of
from ..arrays import grey_range, is_colour
from ..still import Panel, sheet

FEW = 6  # slices that are written out one by one


def sentence(state) -> str:
    """The whole state in one sentence, or two where something is left out."""
    layers = "; ".join(
        f"{layer.name} gives {size(shape)}" for layer, shape in zip(state.layers, state.shapes[1:], strict=True)
    )
    which, *unit = map(int, state.marked)
    many = "layer" if len(state.layers) == 1 else "layers"
    marked = f"layer {state.layer}, map {which}, unit {tuple(unit)}, {number(state.output[state.marked])}"
    return (
        f"FeatureMapsExplorer: a {size(state.image.shape)} picture ({state.picture}) through {len(state.layers)} "
        f"{many}: {layers}. Marked: {marked}, and all that it sees.{state.cut and ' ' + state.cut}"
    )


def sum_in_words(state) -> str:
    """The slices of the marked unit's sum, or what a pool does."""
    which, row, column = map(int, state.marked)
    total, kind = number(state.output[state.marked]), state.chosen.kind
    unit = f"layer {state.layer}, map {which}, unit ({row}, {column})"
    if kind == "other":
        return f"{unit} = {total}"
    if kind != "conv":
        verb = "largest" if kind == "max pool" else "mean"
        return f"{unit} = {total}, the {verb} of its window on map {which} below"
    below, (rows, columns) = state.outputs[state.layer - 1], state.windows(state.layer)
    window = np.pad(below, ((0, 0), (0, 1), (0, 1)))[:, rows[row]][:, :, columns[column]]  # −1 is a zero
    weights = state.chosen.weights_for(state.layer - 1, len(below))
    parts = (window * weights.kernels[which]).sum(axis=(1, 2)).tolist()
    bias = float(weights.bias[which])
    if not 1 < len(parts) <= FEW:
        slices = "" if len(parts) == 1 else f"{len(parts)} slices with "
        return f"{unit} = {total}, a sum of {slices}{weights.kernels[which].size} products"
    parts += [bias] if bias else []
    behind = "" if number(sum(parts)) == total else f"; {state.activation}: {total}"
    return f"{unit}, slice by slice: {sum_of(parts)} = {number(sum(parts))}{behind}"


def panels(state) -> list[Panel]:
    """The input, the maps below and the chosen layer's, with what the marked unit sees of each."""
    low, high = grey_range(state.image)
    shown = state.input if is_colour(state.input) else state.input[0]
    numbers = [number for number in (state.layer - 1, state.layer) if number]
    return [Panel("input", shown, ("grey", low, high), state.field(0)), *(_sheet(state, number) for number in numbers)]


def _sheet(state, which):
    """The maps of one layer in rows and columns, in one scale of colours."""
    maps, is_chosen = state.outputs[which], which == state.layer
    reads_all, one = state.chosen.kind == "conv" and not is_chosen, min(state.marked[0], len(maps) - 1)
    most = float(abs(maps).max()) or 1.0
    scale = ("signed", -most, most) if maps.min() < 0 else ("grey", 0.0, most)
    marked = slice(None) if reads_all else slice(one, one + 1)
    return sheet(f"layer {which}", maps, scale, state.field(which), marked, len(maps))
