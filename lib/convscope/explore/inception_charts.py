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
NOTHING_REDUCED = "This is a naive module: nothing reduces the maps before 3×3 and 5×5 and after the pool."


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
    """The whole state, for print and for whoever reads without a kernel."""
    return f"InceptionDesigner: {spoken(state)}"


def spoken(state) -> str:
    """What the module makes of what, at what cost, and what its rivals cost."""
    module, naive, plain = _costs(state)
    costs = [
        f"{cost.weights:,} weights ({cost.parameters:,} with biases), {cost.macs:,} MACs" for cost in _costs(state)
    ]
    beside = f"The naive module, without reductions: {costs[1]}, {_times(naive, module)}, and {maps(naive.shape)}."
    large = f"One 5×5 convolution that gives {plain.shape[0]:,} maps: {costs[2]}, {_times(plain, module)}."
    made = f"{title(state)}: {maps(state.input_shape)} become {module.shape[0]:,}, by {costs[0]}."
    return " ".join([made, NOTHING_REDUCED if naive == module else beside, large])


def caption(state) -> str:
    """The same in short, under the picture that shows the rest."""
    module, naive, plain = _costs(state)
    beside = f"The naive module, without reductions, has {_times(naive, module)}, and gives {naive.shape[0]:,} maps."
    return "\n".join(
        [
            f"{module.weights:,} weights, {module.parameters:,} with biases, make {module.shape[0]:,} maps.",
            NOTHING_REDUCED if naive == module else beside,
            f"One 5×5 convolution that gives {plain.shape[0]:,} maps has {_times(plain, module)}.",
        ]
    )


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


def _costs(state):
    return [state.costs[name] for name in (MODULE, NAIVE, PLAIN)]


def _times(rival, module) -> str:
    """How a rival compares: in weights as in MACs, for at stride 1 each weight is used once at each place."""
    return f"{in_digits(rival.weights / module.weights)} times as many weights and MACs"
