"""A stack of layers in words and as a still picture: all of it, and how the marked unit comes about."""

from __future__ import annotations

import numpy as np

from ...words import number, size
from ..arrays import grey_range
from ..still import Panel


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
    total = number(state.output[state.marked])
    unit = f"layer {state.layer}, map {which}, unit ({row}, {column}) = {total}"
    if state.chosen.kind == "other":
        return unit
    below, (rows, columns) = state.outputs[state.layer - 1], state.windows(state.layer)
    window = np.pad(below, ((0, 0), (0, 1), (0, 1)))[:, rows[row]][:, :, columns[column]]  # −1 is a zero
    if state.chosen.kind != "conv":
        return (
            f"{unit}, the {'largest' if state.chosen.kind == 'max pool' else 'mean'} of its window on map {which} below"
        )
    weights = state.chosen.weights_for(state.layer - 1, len(below))
    parts = (window * weights.kernels[which]).sum(axis=(1, 2)).tolist()
    bias = float(weights.bias[which])
    if len(parts) > 9:
        return f"{unit}, a sum of {len(parts)} slices with {weights.kernels[which].size} products"
    parts += [bias] if bias else []
    terms = " ".join(f"{'−' if each < 0 else '+'} {number(abs(each))}" for each in parts).removeprefix("+ ")
    behind = "" if state.activation == "none" else f", {state.activation}"
    return f"slice by slice: {terms} = {number(sum(parts))}{behind}; {unit}"


def panels(state) -> list[Panel]:
    """The input, the maps below and the chosen layer's, with what the marked unit sees of each."""
    low, high = grey_range(state.image)
    is_colour = len(state.input) == 3 and low >= 0 and high <= 1
    shown = state.input if is_colour else state.input[0]
    numbers = [number for number in (state.layer - 1, state.layer) if number]
    return [Panel("input", shown, ("grey", low, high), state.field(0)), *(_sheet(state, number) for number in numbers)]


def _sheet(state, which):
    """The maps of one layer in rows and columns, in one scale of colours."""
    maps, is_chosen = state.outputs[which], which == state.layer
    count, rows, columns = maps.shape
    across, gap = int(np.ceil(np.sqrt(count))), max(1, columns // 24) if count > 1 else 0
    sheet = np.full((-(-count // across) * (rows + gap) - gap, across * (columns + gap) - gap), np.nan)
    corners = [(i // across * (rows + gap), i % across * (columns + gap)) for i in range(count)]
    for (top, left), each in zip(corners, maps, strict=True):
        sheet[top : top + rows, left : left + columns] = each
    box, (top, left) = state.field(which), corners[state.marked[0] if is_chosen else 0]
    mark = box and (box[0] + top, box[1] + left, *box[2:])
    most = float(abs(maps).max()) or 1.0
    scale = ("signed", -most, most) if maps.min() < 0 else ("grey", 0.0, most)
    return Panel(f"layer {which}, {count} {'map' if count == 1 else 'maps'}", sheet, scale, mark)
