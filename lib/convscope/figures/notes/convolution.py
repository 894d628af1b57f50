"""The pictures that explain a convolution: the photo, its filters, its feature maps.

The photo, a patch, a kernel and a feature map keep their colours from picture to picture.
"""

from __future__ import annotations

import numpy as np

from ... import datasets, kernels
from ...geometry import output_size, window_indices
from ...ops import conv2d
from ...style import BLUE, ORANGE
from ...words import number
from ..sheet import Sheet, each_to_one


def convolutions_1():
    """Draw how one window of the photo becomes one position of the output, through all its depth."""
    photo, filters = datasets.kitten(32), kernels.bank()
    maps = conv2d(photo, filters)
    row, column = 9, 8
    sheet = Sheet(4.6)
    sheet.picture(photo, 0.2, 0.75, 3.2)
    sheet.cells(photo.shape[1:], 0.2, 0.75, 3.2, rows=(row, 3), columns=(column, 3), colour=ORANGE)
    sheet.text(1.8, 0.6, "a photo, 32×32×3")
    sheet.text(1.8, 4.35, "one patch, 3×3×3")
    patch = photo[:, row : row + 3, column : column + 3]
    sheet.arrow((1.5, 1.85), (3.85, 1.85))
    sheet.picture(patch, 3.95, 1.45, 0.8)
    sheet.frame(3.95, 1.45, 0.8, 0.8, ORANGE)
    sheet.text(4.35, 3.0, "times each of\n16 filters")
    sheet.arrow((4.85, 1.85), (5.45, 1.85))
    maps = each_to_one(maps)
    sheet.strip(maps[:, row, column], 5.55, 0.75, 0.2, 3.2)
    sheet.text(5.65, 4.35, "16 numbers")
    sheet.arrow((5.85, 1.85), (6.3, 1.85))
    sheet.volume(maps, 6.4, 1.55, 2.4, 0.75)
    at = 2.4 / 30
    sheet.column(6.4 + column * at, 1.55 + row * at, at, 0.75)
    sheet.text(7.8, 0.6, "16 feature maps")
    sheet.text(7.8, 4.35, "one column, 1×1×16")
    words = "A patch of 3×3×3 numbers of a photo of the kitten, times each of 16 filters, gives 16 numbers: "
    return sheet.done(words + "one column through the depth of the output, 30×30×16.")


def convolutions_2():
    """Draw a photo of 256×256×3 and all feature maps of its output, 128×128×16."""
    photo = datasets.kitten(256)
    maps = conv2d(photo, kernels.bank(), stride=2, padding=1)
    sheet = Sheet(4.75)
    sheet.picture(photo, 0.3, 1.1, 2.8)
    sheet.text(1.7, 0.95, "256×256×3: a photo")
    sheet.text(1.7, 4.2, "red, green and blue")
    sheet.text(4.3, 2.25, "16 filters\nof 3×3×3")
    sheet.arrow((3.35, 2.5), (5.3, 2.5))
    for place, each in enumerate(maps):
        y, x = divmod(place, 4)
        sheet.picture(each, 5.55 + 0.93 * x, 0.7 + 0.91 * y, 0.87, end=np.quantile(np.abs(each), 0.98))
    sheet.text(7.4, 0.55, "128×128×16: 16 feature maps")
    sheet.text(7.4, 4.6, "red: above 0   white: 0   blue: below")
    words = (
        "A photo of the kitten, 256×256×3, and the 16 feature maps, 128×128 each, that 16 filters of 3×3×3 make of it: "
    )
    return sheet.done(words + "four show brightness and edges, twelve show the same of differences of colours.")


def convolutions_3():
    """Draw the same as two volumes, with the arithmetic of size, depth and weights."""
    photo, filters = datasets.kitten(256), kernels.bank()
    maps = conv2d(photo, filters, stride=2, padding=1)
    count, size = maps.shape[0], maps.shape[1]
    assert size == output_size(256, 3, stride=2, padding=1)
    sheet = Sheet(5.3)
    sheet.volume(photo, 0.5, 0.9, 2.7, 0.22)
    sheet.volume(each_to_one(maps), 6.1, 1.75, 1.4, 1.2)
    sheet.arrow((3.7, 2.4), (5.7, 2.4))
    sheet.text(4.7, 2.15, "16 filters\n3×3×3")
    sheet.text(1.9, 3.95, "256 × 256 × 3")
    sheet.text(7.1, 3.95, f"{size} × {size} × {count}")
    lines = [
        ("depth", "16 filters make 16 feature maps"),
        ("weights", f"16 × (3·3·3 + 1 bias) = {filters.size + count}"),
        ("size", f"⌊(256 + 1 + 1 − 3) / 2⌋ + 1 = {size}: stride 2, a zero on each side"),
    ]
    for line, (name, sum_) in enumerate(lines):
        y = 4.48 + 0.32 * line
        sheet.text(1.9, y, name, ha="right", weight="bold")
        sheet.text(2.1, y, sum_, ha="left")
    return sheet.done(
        "Two blocks drawn to scale in rows and columns: a photo of 256×256×3 and its feature maps, 128×128×16. "
        + "; ".join(f"{name}: {sum_}" for name, sum_ in lines)
    )


def patch_feature_map():
    """Draw a patch, a kernel and a feature map, with numbers that can be checked."""
    picture, kernel = datasets.numbers(), kernels.preset("Sobel x")
    output = conv2d(picture, kernel)
    row, column = 0, 1
    patch = picture[row : row + 3, column : column + 3]
    sheet = Sheet(4.0)
    sheet.table(picture, 0.15, 0.75, 0.4)
    sheet.frame(0.15 + 0.4 * column, 0.75 + 0.4 * row, 1.2, 1.2, ORANGE)
    sheet.table(patch, 3.35, 1.35, 0.4)
    sheet.frame(3.35, 1.35, 1.2, 1.2, ORANGE)
    sheet.table(kernel, 5.15, 1.35, 0.4)
    sheet.table(output, 7.45, 1.15, 0.4)
    sheet.frame(7.45 + 0.4 * column, 1.15 + 0.4 * row, 0.4, 0.4, BLUE)
    sheet.arrow((3.0, 1.95), (3.32, 1.95))
    sheet.text(4.85, 2.05, "×", size=22)
    sheet.arrow((6.45, 1.95), (7.38, 1.95))
    sheet.text(6.92, 1.8, "add up")
    heads = [(1.55, 0.6, "picture"), (3.95, 1.2, "patch"), (5.75, 1.2, "kernel"), (8.45, 1.0, "feature map")]
    for x, y, name in heads:
        sheet.text(x, y, name, weight="bold")
    sheet.text(3.95, 3.0, "input values:\na new patch at\neach position", va="center")
    sheet.text(5.75, 3.0, "weights:\nthe same at\neach position", va="center")
    sheet.text(8.45, 3.55, "one number\nfor each patch", va="center")
    total = number(output[row, column])
    return sheet.done(
        "A picture of 7×7 numbers with a patch of 3×3 framed; the patch, input values; the kernel, weights, the "
        f"same at each position; their product adds up to {total}, one number of the feature map of 5×5."
    )


def stride():
    """Draw the windows of one row at stride 1 and at stride 2."""
    picture, kernel = datasets.numbers(), kernels.preset("Sobel x")
    sheet = Sheet(4.35)
    counts = []
    for step, x in ((1, 0.15), (2, 5.05)):
        output = conv2d(picture, kernel, stride=step)
        counts.append(len(output))
        sheet.table(picture, x, 0.6, 0.34)
        starts = window_indices(7, 3, stride=step)[:, 0]
        for place in range(2):
            left, top = x + 0.34 * starts[place], 0.6 + 0.06 * place
            sheet.frame(left, top, 1.02, 1.02 - 0.12 * place, (ORANGE, BLUE)[place])
        sheet.text(x + 1.2, 0.42, f"stride {step}", weight="bold")
        sheet.table(output, x + 2.85, 0.6, 0.34)
        sheet.text(x + 2.85 + 0.17 * len(output), 0.42, f"{len(output)}×{len(output)}", weight="bold")
        for line, start in enumerate(starts):
            y = 3.15 + 0.2 * line
            colour = (ORANGE, BLUE)[line % 2]
            sheet.bar(x + 0.34 * start, y, 1.02, 0.13, colour)
        sheet.text(x + 2.5, 3.5, f"{len(starts)} positions in a row,\n{step} pixel{'s' * (step > 1)} apart", ha="left")
    return sheet.done(
        f"A picture of 7×7 numbers under a kernel of 3×3. Stride 1: {counts[0]} positions in a row, each one pixel "
        f"after the last. Stride 2: {counts[1]} positions, two pixels apart; neighbouring patches still share a pixel."
    )
