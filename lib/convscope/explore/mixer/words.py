"""A mix in words: each output as a sum, and what makes one pixel."""

from __future__ import annotations

from ...words import number, size


def formula(state, output) -> str:
    """An output as a sum: 0.299 red + 0.587 green + 0.114 blue."""
    pairs = zip(state.weights[output], state.names, strict=True)
    return _sum(state, output, [_product(weight, name) for weight, name in pairs if weight])


def outputs(state) -> list[str]:
    """What the outputs are called."""
    return ["output"] if len(state.weights) == 1 else [f"output {i}" for i in range(len(state.weights))]


def sentence(state) -> str:
    """The whole state: what is mixed, and each output as a sum."""
    mixes = "; ".join(f"{name} = {formula(state, i)}" for i, name in enumerate(outputs(state)))
    before = " after a ReLU" if state.relu == "before" else ""
    return (
        f"ChannelMixer: {len(state.image)} channels of {size(state.image.shape[1:])} ({state.picture}){before}, mixed "
        f"({state.preset}): {mixes}."
    )


def sum_in_words(state) -> str:
    """Pixel times weights, added up: what makes the marked pixel of the first output."""
    row, column = state.marked
    pairs = zip(state.weights[0], state.inputs[:, row, column], strict=True)
    total = _sum(state, 0, [f"{number(weight)} · {number(value)}" for weight, value in pairs])
    return f"{total} = {outputs(state)[0]} ({row}, {column}) = {number(state.output[0, row, column])}"


def _sum(state, output, terms) -> str:
    """Terms and the bias of an output, added up."""
    bias = state.bias[output]
    if bias or not terms:
        terms = [*terms, number(bias)]
    total = " + ".join(terms).replace("+ −", "− ")
    return f"ReLU({total})" if state.relu == "after" else total


def _product(weight, name) -> str:
    return {1: name, -1: f"−{name}"}.get(weight, f"{number(weight)} {name}")
