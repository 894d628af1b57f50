"""What the view draws of a stack of layers: a row of maps for each, and the chosen map's kernel; and it in words."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from .arrays import grey_range, own_scale, times
from .view import Link, Panel, Scene, in_digits

COLOURS = ("red", "green", "blue")


def scene(state) -> Scene:
    """All that the view shows; marked is the unit."""
    return Scene(panels(state), links(state), [chosen_panel(state), *state.unit[1:]])


def panels(state) -> list[Panel]:
    """The input, each layer's maps in one scale of colours, and the slices of the kernel of the chosen map."""
    low, high = grey_range(state.image)
    shown = [
        Panel(title, "", values, "grey", low, high, scale="input", group="input", about=times(values))
        for title, values in zip(_names(state, 0), state.input, strict=True)
    ]
    for number in range(1, state.depth + 1):
        shown += _maps(state, number)
    return shown + _slices(state)


def links(state) -> list[Link]:
    """A unit of a convolution reads its window on every map below, that of a pool its window on one of them."""
    made = []
    for number in range(1, state.depth + 1):
        rows, columns = state.windows[number - 1]
        below = _panels_of(state, number - 1)
        made += [Link(here, read, rows, columns) for here, read in _readers(state, number, below)]
    if state.weights:
        rows, columns = (table.T for table in state.windows[state.layer - 1])
        chosen, first = chosen_panel(state), first_slice(state)
        below = _panels_of(state, state.layer - 1)
        made += [Link(first + i, read, rows, columns, weights_of=chosen) for i, read in enumerate(below)]
    return made


def chosen_panel(state) -> int:
    """The number of the panel that shows the chosen map."""
    return _panels_of(state, state.layer)[state.unit[0]]


def first_slice(state) -> int:
    """The number of the panel that shows the first slice of its kernel."""
    return _panels_of(state, state.depth)[-1] + 1


def place_of(state, panel) -> tuple[int, int]:
    """The number of the layer, 0 for the input, and the map that a panel shows."""
    ends = list(accumulate(shape[0] for shape in state.shapes[: state.depth + 1]))
    number = int(np.searchsorted(ends, panel, side="right"))
    return number, panel - (ends[number - 1] if number else 0)


def _maps(state, number):
    """The maps of one layer, each from 0 to its own largest, or some would be black; signs in colours, if any."""
    values, layer = state.outputs[number], state.layers[number - 1]
    signed = values.min() < 0
    means = "blue below 0, red above" if signed else "black is 0, white a map's largest"
    made = {"scale": f"layer {number}", "group": f"layer {number}", "choosable": True}
    made["about"] = f"{layer.name}: {times(values)}; {means}"
    weights = state.weights if number == state.layer else None
    if weights and layer.activation != "none":
        made["activation"] = layer.activation
    bias = weights.bias if weights else np.zeros(len(values))
    return [Panel(f"map {i}", *own_scale(each, signed), bias=bias[i], **made) for i, each in enumerate(values)]


def _slices(state):
    if not state.weights:
        return []
    chosen = state.unit[0]
    kernel, bias = state.weights.kernels[chosen], state.weights.bias[chosen]
    most = float(abs(kernel).max()) or 1.0
    below = "the input" if state.layer == 1 else f"layer {state.layer - 1}"
    note = f"{times(kernel)} weights: a slice for each map of {below}" + (
        f", and a bias of {in_digits(bias)}" if bias else ""
    )
    group = f"kernel of layer {state.layer}, map {chosen}"
    made = {"scale": "kernel", "editable": True, "group": group, "about": note}
    return [
        Panel(f"on {title or 'the input'}", "", values, "signed", -most, most, **made)
        for title, values in zip(_names(state, state.layer - 1), kernel, strict=True)
    ]


def _names(state, number):
    """What the maps of a layer, or of the input, are called."""
    count = state.shapes[number][0]
    if number:
        return [f"map {i}" for i in range(count)]
    return {1: [""], len(COLOURS): COLOURS}.get(count, [f"channel {i}" for i in range(count)])


def _panels_of(state, number):
    """The numbers of the panels that show the maps of a layer, or of the input."""
    first = sum(shape[0] for shape in state.shapes[:number])
    return range(first, first + state.shapes[number][0])


def _readers(state, number, below):
    """Which panels read which: (readers, read)."""
    here, layer = _panels_of(state, number), state.layers[number - 1]
    if layer.kind != "conv":
        return zip(here, below, strict=True)
    if layer.weights is None:
        return [(tuple(here), tuple(below))]
    read = layer.weights_for(number - 1, len(below)).kernels.any(axis=(2, 3))
    return [(panel, tuple(np.array(below)[each])) for panel, each in zip(here, read, strict=True) if each.any()]


def caption(state) -> str:
    """The chosen layer in words: what its weights cover, and what a unit sees."""
    rows, columns = state.fields
    sees = f"A unit of it sees {rows.size} × {columns.size} pixels of the input."
    here = f"Layer {state.layer}, {state.chosen.name}"
    if not state.weights:
        return f"{here}: each map is made of the one map below it, without weights. {sees}"
    kernels = state.weights.kernels
    maps, each = len(kernels), kernels[0].size + 1
    on = "every channel of the input" if state.layer == 1 else f"all {kernels.shape[1]} maps of layer {state.layer - 1}"
    return (
        f"{here}: the kernel of each map covers {on}: "
        f"{' · '.join(map(str, kernels.shape[1:]))} weights and a bias, {each}; "
        f"{maps} {'map' if maps == 1 else 'maps'}, {maps * each:,} in all. {sees}"
    )


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    layers = "; ".join(
        f"{layer.name} gives {times(shape)}"
        for layer, shape in zip(state.layers[: state.depth], state.shapes[1:], strict=False)
    )
    which, *unit = state.unit
    value = state.outputs[state.layer][state.unit]
    return (
        f"FeatureMapsExplorer: a {times(state.image)} picture ({state.picture}) through {state.depth} "
        f"{'layer' if state.depth == 1 else 'layers'}: {layers}. Marked: layer {state.layer}, map {which}, unit "
        f"{tuple(unit)}, {in_digits(value)}, and all that it sees."
    )
