"""Pictures of networks that made history: their layers, and where their parameters are."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ... import layers, models
from ...style import BLUE, ORANGE
from ..chapter import WIDTH
from ..sheet import Sheet, size_of

KINDS = (
    (layers.Conv2D, "conv", BLUE),
    ((layers.MaxPool2D, layers.Subsample2D), "pool", "0.75"),
    (layers.Dense, "dense", ORANGE),
    (models.Codes, "fixed output", ORANGE),
)
"""The layers that are drawn, with their names and colours."""


def famous_cnn_architectures():
    """Draw LeNet-5 and AlexNet layer by layer, with the output of each layer and where the parameters are."""
    sheet = Sheet(6.1)
    words = [
        _network(sheet, 0.3, "LeNet-5, 1998", models.lenet5_1998(), (1, 32, 32)),
        _network(sheet, 3.25, "AlexNet, 2012", models.alexnet(), (3, 227, 227)),
    ]
    return sheet.done("; ".join(words) + ". Neither is two convolutions, two pools and two dense layers.")


def _network(sheet, y, name, net, shape):
    """Draw a line of blocks, one for each layer that is shown, below a heading; return it in words."""
    drawn = [(layer, inner, *kind) for layer, inner in net.inputs(shape) if (kind := _kind(layer))]
    counts = Counter(word for _, _, word, _ in drawn)
    dense = [(layer.parameter_count(inner), layer.macs(inner)) for layer, inner, word, _ in drawn if word == "dense"]
    total = net.parameter_count(shape)
    weights, macs = np.sum(dense, axis=0) / (total, net.macs(shape))
    made = ", ".join(f"{count} {word}" for word, count in counts.items())
    sheet.text(0.2, y + 0.15, f"{name}: {made}; {total:,} parameters", ha="left", weight="bold")
    steps = [("input", shape, "white")]
    steps += [(layer.label or word, layer.output_shape(inner), colour) for layer, inner, word, colour in drawn]
    for place, (label, size, colour) in enumerate(steps):
        x = 0.75 + (WIDTH - 1.15) / (len(steps) - 1) * place if place else 0.6
        sheet.block(x, y + 0.95, *_block(size, shape[-1]), colour)
        sheet.text(x, y + 1.74, label)
        sheet.text(x, y + 2.02, "×".join(map(str, size[1:])) or f"{size[0]:,}")
        sheet.text(x, y + 2.3, f"×{size[0]}" if size[1:] else "")
    sheet.text(0.2, y + 2.65, f"dense layers: {weights:.0%} of the parameters, {macs:.0%} of the MACs", ha="left")
    sizes = ", ".join(f"{label} {size_of(size)}" for label, size, _ in steps)
    held = f"dense layers {weights:.0%} of them and {macs:.0%} of the MACs"
    return f"{name}: {made}; {total:,} parameters, {held}; {sizes}"


def _kind(layer):
    """Return the name and colour of a layer, or nothing for one that is not drawn."""
    return next(((word, colour) for kind, word, colour in KINDS if isinstance(layer, kind)), None)


def _block(size, largest):
    """Return the height and depth of a block: from the root of its rows and the logarithm of its depth."""
    if not size[1:]:
        return 0.1 + 0.07 * np.log2(size[0]), 0.0
    return 0.95 * (size[-1] / largest) ** 0.5, 0.035 * np.log2(1 + size[0])


def inception_module():
    """Draw GoogLeNet's module 3a: four branches side by side, concatenated along depth."""
    module, naive = models.inception("3a"), models.inception("3a", naive=True)
    shape = models.GOOGLENET["3a"].input_shape
    output = module.output_shape(shape)
    sheet = Sheet(5.3)
    sheet.label_box(0.15, 1.9, 1.5, 0.8, f"input\n{size_of(shape)}", "0.25")
    depths, top, scale = [], 0.45, 3.72 / output[0]  # of the stack on the right
    for line, branch in enumerate(module.layers):
        depth, end = _branch(sheet, 0.45 + line, branch, shape)
        sheet.box(7.25, top, 0.5, scale * depth, facecolor="#cfe0f0", edgecolor=BLUE, lw=1.5)
        sheet.arrow(end, (7.2, top + scale * depth / 2))
        sheet.text(7.5, top + scale * depth / 2, str(depth), va="center")
        depths.append(depth)
        top += scale * depth
    sheet.text(7.95, 2.0, "stacked\non depth", ha="left")
    sheet.text(7.95, 2.35, size_of(output), ha="left", weight="bold")
    cost, without = (
        f"{each.parameter_count(shape):,} parameters, {each.macs(shape) / 1e6:.0f} million MACs"
        for each in (module, naive)
    )
    sheet.text(0.15, 4.75, cost, ha="left")
    sheet.text(0.15, 5.1, f"without the orange 1×1: {without}", ha="left")
    return sheet.done(
        f"Inception module 3a: an input of {size_of(shape)} goes into four branches side by side, 1×1; 1×1 then 3×3; "
        f"1×1 then 5×5; a 3×3 pool then 1×1. Their outputs, {', '.join(map(str, depths))} maps, are stacked on depth: "
        f"{size_of(output)}. {cost}; without the 1×1 that reduce, {without}."
    )


def _branch(sheet, y, branch, shape):
    """Draw a branch as boxes from the input to the right; return the depth of its output and its right end."""
    steps = [(layer, layer.output_shape(inner)) for layer, inner in branch.inputs(shape)]
    steps = [(layer, size) for layer, size in steps if not isinstance(layer, layers.ReLU)]
    end = (1.65, 2.3)
    for place, (layer, size) in enumerate(steps):
        x = 2.2 + 2.35 * place
        reduces = len(steps) > 1 and layer.kind == "conv 1×1"
        text = f"{layer.kind.split(',')[0]}\n{size_of(size)}"
        sheet.label_box(x, y, 1.9, 0.72, text, ORANGE if reduces else BLUE)
        sheet.arrow(end, (x - 0.03, y + 0.36))
        end = (x + 1.9, y + 0.36)
    return size[0], end
