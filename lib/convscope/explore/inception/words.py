"""An Inception module in words: what it makes of what, at what cost, and what its rivals cost."""

from __future__ import annotations

from ...words import number
from ..arrays import OWN

MODULE, NAIVE, PLAIN = "this module", "naive module", "one 5×5 convolution"
NOTHING_REDUCED = "This is a naive module: nothing reduces the maps before 3×3 and 5×5 and after the pool."
ON_SHOW = " On show is the naive module."


def sentence(state) -> str:
    """The whole state, for print and for whoever reads without a kernel."""
    module, naive, plain = (state.costs[name] for name in (MODULE, NAIVE, PLAIN))
    costs = [
        f"{cost.weights:,} weights ({cost.parameters:,} with biases), {cost.macs:,} MACs"
        for cost in (module, naive, plain)
    ]
    made = f"{title(state)}: {maps(state.input_shape)} become {module.shape[0]:,}, by {costs[0]}."
    beside = f"The naive module, without reductions: {costs[1]}, {_times(naive, module)}, and {maps(naive.shape)}."
    large = f"One 5×5 convolution that gives {plain.shape[0]:,} maps: {costs[2]}, {_times(plain, module)}."
    shown = ON_SHOW if state.naive and naive != module else ""
    return f"InceptionDesigner: {made} {NOTHING_REDUCED if naive == module else beside} {large}{shown}"


def title(state) -> str:
    """The module's name."""
    return "Your own Inception module" if state.module == OWN else f"Inception {state.module}"


def maps(shape) -> str:
    """How many maps of which size."""
    depth, rows, columns = shape
    return f"{count(depth)} of {rows} × {columns}"


def count(depth) -> str:
    """How many maps."""
    return f"{depth:,} {'map' if depth == 1 else 'maps'}"


def _times(rival, module) -> str:
    """How a rival compares: in weights as in MACs, for at stride 1 each weight is used once at each place."""
    return f"{number(rival.weights / module.weights)} times as many weights and MACs"
