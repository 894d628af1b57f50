"""Pictures of stacks of layers, with their real outputs."""

from __future__ import annotations

from functools import cache

import numpy as np

from ... import datasets, kernels, layers, training
from ...ops import conv2d
from ...style import BLUE, ORANGE
from ..sheet import Sheet, each_to_one, size_of


def convolutional_pyramid():
    """Draw three strided convolutions of the photo, each output smaller and deeper, with a classifier on top."""
    photo, *stages, scores = _pyramid()
    sheet = Sheet(5.6)
    y = _level(sheet, 5.35, photo, photo, "the photo")
    for stage in stages:
        clearest_first = stage[np.argsort(-stage.std(axis=(1, 2)))]
        y = _level(sheet, y, stage, each_to_one(clearest_first), f"{len(stage)} filters 3×3,\nstride 2")
    sheet.picture(scores[None], 1.9, y - 0.2, 2.0)
    sheet.grid((1, len(scores)), 1.9, y - 0.2, 2.0, "0.4")
    _pointer(sheet, 4.0, y - 0.1, f"{len(scores)} scores", "a classifier on top")
    sizes = ", ".join(size_of(each.shape) for each in (photo, *stages))
    return sheet.done(
        f"A pyramid, drawn to scale: {sizes}. Each convolution with stride 2 halves rows and columns and has more "
        "filters than the one before, so that its output is smaller and deeper. A classifier stands on top. Nothing is "
        "trained: the first 16 filters are edges and colours, the others random."
    )


def _pyramid():
    """Return the photo, the output of each convolution after its ReLU, and the classifier's scores."""
    photo = datasets.kitten(128)
    levels = [
        layers.Sequential(layers.Conv2D(filters, 3, stride=2, padding=1), layers.ReLU()) for filters in (16, 32, 64)
    ]
    head = layers.Sequential(layers.GlobalAvgPool2D(), layers.Dense(10))
    layers.Sequential(*levels, head).build(photo.shape)
    levels[0].parameters["0.kernels"][...] = kernels.bank()
    outputs = [photo[None]]
    for level in (*levels, head):
        outputs.append(level(outputs[-1]))
    return [output[0] for output in outputs]


def _level(sheet, y, stage, drawn, made):
    """Draw a level of the pyramid whose lower front edge is at y; return that of the next level."""
    width, thickness = 4.0 * stage.shape[1] / 128, 0.011 * len(stage)
    sheet.slab(drawn, 2.9 - 0.7 * width, y, width, thickness)
    _pointer(sheet, 2.9 + 0.55 * width, y - thickness / 2 - 0.15 * width, size_of(stage.shape), made)
    return y - thickness - 0.3 * width - 0.22


def _pointer(sheet, x, y, size, made):
    """Draw a line from x to the name of a level."""
    sheet.line([x, 5.6], [y, y], "0.6", lw=1)
    sheet.text(5.7, y, size, ha="left", va="center", weight="bold")
    sheet.text(7.3, y, made, ha="left", va="center")


def convnet_overview():
    """Draw the outputs of each layer for one digit, in a small network trained on 2,000 others."""
    net = _reader()
    digit = datasets.digit(3)
    stages, names = [digit[None]], ["a digit"]
    x = digit[None, None]
    for layer in net.layers:
        x = layer(x)
        if isinstance(layer, (layers.ReLU, layers.MaxPool2D)):
            stages.append(x[0])
            names.append("max 2×2" if isinstance(layer, layers.MaxPool2D) else "conv 5×5,\nReLU")
    chances = training.softmax(x)[0]
    sheet = Sheet(3.95)
    for i, (stage, name) in enumerate(zip(stages, names, strict=True)):
        left = 0.2 + 1.55 * i
        _maps(sheet, stage, left, 0.95, 1.25)
        sheet.text(left + 0.6, 0.75, name)
        sheet.text(left + 0.6, 3.3, size_of(stage.shape), weight="bold")
        sheet.arrow((left + 1.27, 2.0), (left + 1.52, 2.0))
    sheet.text(8.65, 0.75, "dense,\nsoftmax")
    for label, chance in enumerate(chances):
        y = 0.98 + 0.213 * label
        sheet.text(8.15, y + 0.1, str(label), size=12, va="center")
        sheet.bar(8.28, y + 0.02, max(1.1 * chance, 0.01), 0.16, BLUE if label == chances.argmax() else "0.6")
    sheet.text(8.65, 3.3, f"{chances.argmax()}: {chances.max():.0%}", weight="bold")
    sheet.text(4.8, 3.75, "features: what is where, ever more coarsely   →   classifier: which digit")
    sizes = ", ".join(size_of(stage.shape) for stage in stages)
    return sheet.done(
        "A handwritten 3 on its way through a trained network, convolution and ReLU, max pooling, the same again, then "
        f"a dense layer and softmax: {sizes}, then ten probabilities. The largest, {chances.max():.0%}, is that of "
        f"{chances.argmax()}."
    )


@cache
def _reader():
    """Return a small network that classifies digits, trained on 2,000 of them."""
    (x, labels), _ = datasets.digits()
    net = layers.Sequential(
        *(layers.Conv2D(6, 5), layers.ReLU(), layers.MaxPool2D()),
        *(layers.Conv2D(12, 5), layers.ReLU(), layers.MaxPool2D()),
        *(layers.Flatten(), layers.Dense(10)),
    )
    training.fit(net, x[:2000], labels[:2000], epochs=2, optimiser=training.Adam(8e-3), progress=False)
    return net


def _maps(sheet, stage, x, y, width):
    """Draw the maps of a stage as a table of two or three columns, or one alone, centred in a height of 2.1."""
    columns = {1: 1, 6: 2, 12: 3}[len(stage)]
    rows = len(stage) // columns
    cell = min((width + 0.05) / columns, 2.15 / rows)
    left, top = x + (width + 0.05 - columns * cell) / 2, y + (2.15 - rows * cell) / 2
    for place, one in enumerate(stage):
        row, column = divmod(place, columns)
        sheet.picture(one, left + column * cell, top + row * cell, cell - 0.05, grey=True, end=stage.max())


def one_by_one():
    """Draw every pixel's three numbers times the same weights: lightness, and red minus green."""
    photo = datasets.kitten(32)
    weights = np.array([datasets.LUMA, [0.5, -0.5, 0]])
    maps = conv2d(photo, weights[:, :, None, None])
    row, column = np.unravel_index(maps[1].argmax(), maps[1].shape)
    pixel, answer = photo[:, row, column], maps[:, row, column]
    sheet = Sheet(4.6)
    sheet.text(1.5, 0.5, size_of(photo.shape), weight="bold")
    sheet.volume(photo, 0.25, 1.15, 2.3, 0.5)
    at = 2.3 / 32
    sheet.frame(0.25 + column * at, 1.15 + row * at, at, at, ORANGE, lw=2.5)
    sheet.arrow((0.25 + (column + 1.5) * at, 1.15 + (row + 0.5) * at), (2.98, 2.1), ORANGE)
    _product(sheet, weights, pixel, answer)
    sheet.text(4.83, 3.35, "at each of the 32×32\npixels the same weights:\na dense layer per pixel", va="center")
    sheet.text(8.35, 0.42, size_of(maps.shape), weight="bold")
    at = 1.6 / 32
    for place, (name, style) in enumerate({"lightness": {"grey": True}, "red − green": {"end": 0.25}}.items()):
        y = 0.87 + 1.93 * place
        sheet.arrow((6.75, 1.84 + 0.55 * place), (7.45, y + 0.8))
        sheet.picture(maps[place], 7.55, y, 1.6, **style)
        sheet.text(8.35, y - 0.12, name)
        sheet.frame(7.55 + column * at, y + row * at, at, at, BLUE, lw=2.5)
    return sheet.done(
        "A 1×1 convolution of the photo of the kitten: at each pixel its three numbers, red, green and blue, are "
        "multiplied by the same table of 2×3 weights. One row of it makes lightness, the other red against green: "
        f"{size_of(photo.shape)} becomes {size_of(maps.shape)}. The framed pixel, "
        f"{', '.join(f'{v:.2f}' for v in pixel)}, becomes {' and '.join(f'{v:.2f}' for v in answer)}."
    )


def _product(sheet, weights, pixel, answer):
    """Draw a pixel times a table of weights, as a product of matrices."""
    sheet.text(3.33, 1.15, "pixel")
    sheet.table(pixel[:, None], 3.05, 1.3, 0.55)
    sheet.frame(3.05, 1.3, 0.55, 1.65, ORANGE)
    sheet.text(3.8, 2.25, "·", size=22)
    sheet.text(4.83, 1.15, "weights, 2×3")
    sheet.table(weights, 4.0, 1.57, 0.55)
    sheet.text(5.85, 2.2, "=", size=20)
    sheet.table(answer[:, None], 6.1, 1.57, 0.55)
    sheet.frame(6.1, 1.57, 0.55, 1.1, BLUE)
