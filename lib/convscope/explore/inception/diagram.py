"""An Inception module as a still picture: its boxes, and what it costs beside its rivals."""

from __future__ import annotations

from ...figures.blocks import Block, draw_blocks
from ...words import number
from .words import MODULE, NAIVE, PLAIN, count, maps, title


def figure(state):
    """The module on show as boxes, each with a strip as long as it has maps, over the weights of all three."""
    blocks, arrows, branches = {"input": Block(maps(state.input_shape), 0, 0, 12)}, [], state.branches()
    for column, branch in enumerate(branches):
        place, last = (column * 12 // len(branches), 12 // len(branches)), "input"
        steps = [(f"{box.kernel_size}×{box.kernel_size}", box.maps) for box in branch.boxes]
        if branch.label == "pool":
            steps.insert(0, ("3×3 max pool", state.input_shape[0]))
        for row, (name, made) in enumerate(steps, 3 - len(steps)):
            style = column + 1 if row == 2 else 0  # as in the stack
            blocks[branch.label, row] = Block(name, row, *place, (count(made),), ((made, style),))
            arrows.append((last, last := (branch.label, row)))
        arrows.append((last, "stack"))
    stack = tuple((branch.maps, i + 1) for i, branch in enumerate(branches))
    blocks["stack"] = Block(f"= {count(sum(amount for amount, _ in stack))}", 3, 0, 12, (), stack)
    for column, (name, said) in enumerate({MODULE: "with 1×1", NAIVE: "naive", PLAIN: "one 5×5"}.items()):
        cost, times = state.costs[name], number(state.costs[name].weights / state.costs[MODULE].weights)
        blocks[name] = Block(said, 4, 4 * column, 4, (count(cost.shape[0]), f"{cost.weights:,} weights, {times} ×"))
    return draw_blocks(blocks, arrows, title=title(state) + (", naive" if state.naive else ""))
