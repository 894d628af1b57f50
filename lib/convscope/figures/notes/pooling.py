"""Pictures of pooling: one number for each window, the largest or the mean."""

from __future__ import annotations

import numpy as np

from ... import datasets, kernels
from ...ops import avg_pool2d, conv2d, max_pool2d
from ...style import BLUE, ORANGE
from ...words import number
from ..sheet import Sheet


def pooling():
    """Draw 2×2 windows on a feature map of small numbers, with the largest and the mean of each."""
    numbers = datasets.numbers()[1:, :6]
    largest, mean = max_pool2d(numbers), avg_pool2d(numbers)
    before, after = ("×".join(map(str, each.shape)) for each in (numbers, largest))
    sheet = Sheet(4.75)
    sheet.text(1.85, 0.5, f"a feature map, {before}", weight="bold")
    sheet.table(numbers, 0.2, 0.65, 0.55)
    for edge in (1.1, 2.2):  # between windows
        sheet.line([0.2 + edge] * 2, [0.6, 4.0], "white", lw=8)
        sheet.line([0.15, 3.55], [0.65 + edge] * 2, "white", lw=8)
    sheet.frame(0.2, 0.65, 1.05, 1.05, ORANGE)
    sheet.text(1.85, 4.3, "2×2 windows, side by side")
    values = [number(each) for each in numbers[:2, :2].ravel()]
    shapes = "width/2 × height/2.\nEach map is pooled\non its own, so the\ndepth stays."
    sums = f"({' + '.join(values)}) / 4\n= {number(mean[0, 0])}"
    _pooled(sheet, 0.65, largest, "the largest", f"max pooling, {after}", shapes)
    _pooled(sheet, 2.65, mean, "the mean", f"average, {after}", sums)
    return sheet.done(
        f"A feature map of {before} numbers in windows of 2×2. Max pooling keeps the largest of each window, average "
        f"pooling the mean; both give {after}, width/2 × height/2, and the depth stays. The first window, "
        f"{', '.join(values)}, gives {number(largest[0, 0])} and {number(mean[0, 0])}."
    )


def _pooled(sheet, y, pooled, how, name, words):
    """Draw an arrow to the output of a pool, and a text."""
    sheet.arrow((3.75, y + 0.8), (5.35, y + 0.8))
    sheet.text(4.55, y + 0.65, how)
    sheet.table(pooled, 5.5, y, 0.55)
    sheet.frame(5.5, y, 0.55, 0.55, BLUE)
    sheet.text(7.4, y + 0.2, name, ha="left", weight="bold")
    sheet.text(7.4, y + 0.3, words, ha="left", va="top")


def max_pooling():
    """Draw an edge map made smaller three times: by 2×2 max pools, and by keeping every second number."""
    edges = np.maximum(conv2d(datasets.kitten(130, grey=True), kernels.preset("Sobel x")), 0)
    end = np.quantile(edges, 0.99)
    pool, step = [edges], [edges]
    for _ in range(3):
        pool.append(max_pool2d(pool[-1]))
        step.append(step[-1][::2, ::2])
    sheet = Sheet(6.0)
    sheet.text(1.3, 1.75, "edges of the kitten")
    sheet.picture(edges, 0.2, 1.9, 2.2, grey=True, end=end)
    sheet.text(1.3, 4.4, "×".join(map(str, edges.shape)))
    _ever_smaller(sheet, (2.5, 2.8), 0.6, "max pooling: the largest of each 2×2", pool[1:], end)
    _ever_smaller(sheet, (2.5, 3.3), 3.25, "stride 2: the first of each 2×2", step[1:], end)
    cost = edges.size // pool[1].size
    sheet.text(0.2, 5.8, f"one halving by max pooling costs {cost} times the MACs of one by stride", ha="left")
    left = [maps[-1].max() / edges.max() for maps in (pool, step)]
    return sheet.done(
        "The edges of the kitten halved three times, from 128×128 to 16×16: by the largest of each 2×2, where strong "
        "edges stay, and by the first, where thin ones are lost. In the smallest maps the largest number is "
        f"{left[0]:.0%} and {left[1]:.0%} of that in the first. One halving by max pooling costs {cost} times the MACs "
        "of one by stride."
    )


def _ever_smaller(sheet, start, y, name, maps, end):
    """Draw maps in a row below a name, with an arrow to each; the first starts at the input."""
    sheet.text(6.1, y - 0.15, name, weight="bold")
    sheet.arrow(start, (2.95, y + 0.9))
    for place, each in enumerate(maps):
        x = 3.05 + 2.2 * place
        sheet.picture(each, x, y, 1.85, grey=True, end=end)
        sheet.frame(x, y, 1.85, 1.85, "0.5", lw=0.8)
        sheet.text(x + 0.925, y + 2.12, "×".join(map(str, each.shape)))
        if place:
            sheet.arrow((x - 0.32, y + 0.92), (x - 0.03, y + 0.92))


def average_pooling():
    """Draw the photo average pooled, as a blur of which every eighth number is kept, and max pooled."""
    photo = datasets.kitten(128, grey=True)
    blurred, mean, largest = avg_pool2d(photo, 8, stride=1), avg_pool2d(photo, 8), max_pool2d(photo, 8)
    assert np.allclose(mean, blurred[::8, ::8], atol=1e-6)
    sheet = Sheet(3.75)
    heads = ["a photo", "a blur", "average pooling", "max pooling"]
    notes = ["", "the mean of 8×8\nat each position", "every 8th position\nof the blur", "the largest of\neach 8×8"]
    for i, (name, picture, note) in enumerate(zip(heads, (photo, blurred, mean, largest), notes, strict=True)):
        x = 0.2 + 2.36 * i
        sheet.text(x + 1.05, 0.5, name, weight="bold")
        sheet.picture(picture, x, 0.65, 2.1, grey=True)
        sheet.text(x + 1.05, 3.02, "×".join(map(str, picture.shape)))
        sheet.text(x + 1.05, 3.1, note, va="top")
    return sheet.done(
        "The kitten, 128×128; the mean of the 8×8 pixels at each position, a blurred version, 121×121; average "
        "pooling with windows of 8×8, which is every eighth position of that blur, 16×16; and max pooling, the "
        "largest of each 8×8, which comes out brighter."
    )
