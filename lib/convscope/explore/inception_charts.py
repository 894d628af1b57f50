"""How an Inception module looks, box by box, what it costs beside its rivals, and both in words."""

from __future__ import annotations

from itertools import pairwise

from ..layers import ReLU
from ..models import inception
from .arrays import OWN
from .chart import Bars, Block, Blocks
from .inception_state import MODULE, NAIVE, PLAIN
from .view import in_digits

BRANCHES = ("1×1", "3×3", "5×5", "pool")  # from left to right; the place of each is its colour too
LAST = 3  # the row of the concatenation


def blocks(state) -> Blocks:
    """The module from input to concatenation; every strip is as long as its box has maps."""
    depth, *_ = state.input_shape
    boxes = {"input": Block("input", 0, 0, len(BRANCHES), (maps(state.input_shape),), ((depth, 0),))}
    arrows, stacked = [], []
    for branch in inception(state.widths, bias=False).layers:
        column = BRANCHES.index(branch.label)
        steps = [step for step in branch.inputs(state.input_shape) if not isinstance(step[0], ReLU)]
        path = [f"{branch.label}, step {i}" for i, _ in enumerate(steps)]
        made = [_block(*step, LAST - len(steps) + i, column) for i, step in enumerate(steps)]
        boxes |= zip(path, made, strict=True)
        arrows += pairwise(["input", *path, "output"])
        stacked += made[-1].parts
    output = maps(state.costs[MODULE].shape)
    boxes["output"] = Block("concatenation", LAST, 0, len(BRANCHES), (output,), tuple(stacked))
    return Blocks(boxes, tuple(arrows), title(state))


def bars(state) -> tuple[Bars, Bars]:
    """Weights and MACs of the module and its rivals."""
    named = {f"{name}: {cost.shape[0]:,} maps": cost for name, cost in state.costs.items()}
    weights = Bars({name: cost.weights for name, cost in named.items()}, "Weights", "weights, without biases")
    macs = Bars({name: cost.macs for name, cost in named.items()}, "Work", "multiply–accumulates for one picture")
    return weights, macs


def sentence(state) -> str:
    """What the module makes of what, at what cost, and by how much its rivals cost more."""
    module, naive, plain = (state.costs[name] for name in (MODULE, NAIVE, PLAIN))
    made = f"{title(state)}: {maps(state.input_shape)} become {module.shape[0]:,}."
    cost = f"{module.weights:,} weights ({module.parameters:,} with biases), {module.macs:,} MACs."
    beside = f"The naive module, without reductions, has {_against(naive, module)}, and gives {naive.shape[0]:,} maps."
    if naive == module:  # even the biases, one for each filter: there is no filter more
        beside = "This is a naive module: nothing reduces the maps before 3×3 and 5×5 and after the pool."
    large = f"One 5×5 convolution that gives {plain.shape[0]:,} maps has {_against(plain, module)}."
    return f"{made} {cost}\n{beside}\n{large}"


def title(state) -> str:
    return "Your own Inception module" if state.module == OWN else f"Inception {state.module}"


def maps(shape) -> str:
    depth, rows, columns = shape
    return f"{depth:,} {'map' if depth == 1 else 'maps'} of {rows} × {columns}"


def _block(layer, shape, row, column):
    """A layer that is fed this shape, with the depth it gives as its strip."""
    depth, *_ = layer.output_shape(shape)
    weights = layer.parameter_count(shape)
    notes = (f"{shape[0]:,} → {depth:,}", *([f"{weights:,} weights"] if weights else []))
    return Block(layer.name.partition(",")[0], row, column, notes=notes, parts=((depth, column + 1),))


def _against(rival, module) -> str:
    times = in_digits(rival.weights / module.weights)
    return f"{rival.weights:,} weights and {rival.macs:,} MACs, {times} times as many"
