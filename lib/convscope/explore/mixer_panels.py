"""What the view draws of a mix: the inputs above, and for each output its weights, below their inputs, and its map."""

from __future__ import annotations

import numpy as np

from .arrays import grey_range, own_scale, times
from .view import Link, Panel, Scene, in_digits


def scene(state) -> Scene:
    """All that the view shows; marked is the pixel in the middle of the row's output."""
    selected = [output_panel(state, state.row), *(n // 2 for n in state.output.shape[1:])]
    return Scene(panels(state), links(state), selected, columns=len(state.inputs) + 1)


def panels(state) -> list[Panel]:
    """A table: a column for each input and one for the outputs, a row for the inputs and one for each output."""
    signed, (low, high) = state.inputs.min() < 0, grey_range(state.inputs)
    about = times(state.inputs) + (", negative numbers set to 0 by ReLU" if state.relu == "before" else "")
    inputs = [
        ("", values, "grey", low, high) if state.in_colour else own_scale(values, signed) for values in state.inputs
    ]
    shown = [
        Panel(name, *drawn, scale="map", group="inputs", about=about)
        for name, drawn in zip(state.names, inputs, strict=True)
    ]
    most = float(abs(state.weights).max()) or 1.0
    for i, (weights, bias, values) in enumerate(zip(state.weights, state.bias, state.output, strict=True)):
        made = {"group": f"output {i}", "about": formula(state, i)}
        shown += [
            Panel(f"× {name}", "", np.array([[weight]]), "signed", -most, most, scale="kernel", editable=True, **made)
            for name, weight in zip(state.names, weights, strict=True)
        ]
        activation = "ReLU" if state.relu == "after" else ""
        made |= {"bias": bias, "activation": activation, "choosable": True, "scale": "map"}
        in_greys = state.in_colour and 0 <= values.min() <= values.max() <= high
        note, *drawn = own_scale(values, values.min() < 0)
        shown.append(Panel("", "", values, "grey", 0, high, **made) if in_greys else Panel("", note, *drawn, **made))
    return shown


def links(state) -> list[Link]:
    """A pixel of an output is made of the same pixel of every input, each times its one weight."""
    inputs = len(state.inputs)
    down, across = (np.arange(n) for n in state.inputs.shape[1:])
    made = []
    for i in range(len(state.output)):
        output = output_panel(state, i)
        made.append(Link(output, tuple(range(inputs)), down[:, None], across[:, None]))
        made += [Link(output - inputs + j, j, down[None], across[None], weights_of=output) for j in range(inputs)]
    return made


def output_panel(state, output) -> int:
    """The number of the panel that shows an output."""
    return (output + 2) * (len(state.inputs) + 1) - 2


def place_of(state, panel) -> tuple[int, int]:
    """The output that a panel belongs to, and the input of its weight; of its map, the number after the last input."""
    return divmod(panel - len(state.inputs), len(state.inputs) + 1)


def formula(state, output) -> str:
    """An output as a sum: 0.299 red + 0.587 green + 0.114 blue."""
    terms = [(weight, name) for weight, name in zip(state.weights[output], state.names, strict=True) if weight]
    words = [f"{in_digits(weight)} {name}" for weight, name in terms]
    words += [in_digits(state.bias[output])] if state.bias[output] or not terms else []
    total = " + ".join(words).replace("+ −", "− ")
    return f"= ReLU({total})" if state.relu == "after" else f"= {total}"


def caption(state) -> str:
    """That the convolution is a product of matrices, with the numbers of this state."""
    outputs, inputs = state.weights.shape
    pixels = state.inputs[0].size
    return (
        f"A matrix product: weights ({outputs} × {inputs}) times inputs ({inputs} × {pixels:,}, a column for each "
        f"pixel). conv2d with 1 × 1 kernels gives the same; largest difference: {in_digits(state.difference)}."
    )


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    mixes = "; ".join(f"output {i} {formula(state, i)}" for i in range(len(state.weights)))
    before = " after a ReLU" if state.relu == "before" else ""
    return (
        f"ChannelMixer: {len(state.image)} channels of {times(state.image[0])} ({state.picture}){before}, mixed "
        f"({state.preset}): {mixes}."
    )
