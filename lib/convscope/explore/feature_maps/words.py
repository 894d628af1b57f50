"""A stack of layers in words: all of it, and how the marked unit comes about."""

from __future__ import annotations

import numpy as np

from ...words import number, size


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
