"""Chapter 2: the same, anywhere."""

from __future__ import annotations

import numpy as np

from ... import ops
from ..exercise import Mistake, Value, Write, after, before, instead
from .cases import ROUNDED, filled, only


def shared(weights):
    """Each diagonal replaced by its mean."""
    rows, columns = np.indices(weights.shape)
    offset = columns - rows
    return np.array([[weights[offset == d].mean() for d in line] for line in offset])


def circular(weights):
    n = len(weights)
    means = [np.mean([weights[r, (r + d) % n] for r in range(n)]) for d in range(n)]
    return np.array([[means[(q - r) % n] for q in range(n)] for r in range(n)])


def signals(*sizes):
    for n, k in sizes:
        yield {"x": filled(n), "grad_y": filled(n - k + 1, seed=1)}


def shared_gradient(x, grad_y):
    return ops.conv1d(x, grad_y)


MAPS = [
    {"maps": filled(*shape) - shift}
    for shape, shift in [
        ((1, 1, 1), 0),
        ((2, 1, 2), 0),
        ((2, 2, 2), 0),
        ((3, 2, 3), 0),
        ((2, 3, 2), 2000),
        ((4, 3, 3), 5.25),
    ]
]


def largest(maps):
    return maps.max(axis=(1, 2))


EXERCISES = [
    Value(
        "02",
        "weight_counts",
        (784 * 676, 676 * 9, 9),
        [
            ((784 * 784, 784 * 9, 9), "A 3×3 window has 26 × 26 positions on 28 × 28 pixels, without padding."),
            ((784 * 676 + 676, 676 * 9 + 676, 10), "Count the weights alone, without biases."),
            ((784 * 676, 676 * 9, 676 * 9), "With sharing, all positions use the same weights."),
            ((784 * 676, 9, 9), "Without sharing, each position has nine weights of its own."),
            ((28 * 26, 26 * 9, 9), "An image of 28 × 28 has 784 pixels."),
        ],
        [
            "How many numbers come out, when a 3×3 window slides over 28 × 28 pixels without padding?",
            "Dense: every output has a weight for every pixel. Local: every output has nine weights of its own.",
            "There are 26 · 26 = 676 outputs and 28 · 28 = 784 pixels.",
        ],
        ["the dense layer", "the local layer", "the convolution"],
        "From 529,984 to 6,084 by looking at neighbours alone, and to 9 by using the same weights everywhere.",
    ),
    Write(
        "02",
        "global_max",
        "global_max(maps)",
        largest,
        MAPS,
        [
            Mistake(
                "taking the max over the channels",
                "`maps` is (channel, row, column): the axes of rows and columns are 1 and 2.",
                instead(lambda maps: maps.max(axis=0)),
            ),
            Mistake(
                "taking the max over the columns alone",
                "Rows have to go too: give `max` both axes.",
                instead(lambda maps: maps.max(axis=2)),
            ),
            Mistake(
                "taking the mean",
                "The question is how strong the strongest response is.",
                instead(lambda maps: maps.mean(axis=(1, 2))),
            ),
            Mistake(
                "starting the search at 0",
                "A map may be negative everywhere. Start with its first number, or use `max`.",
                after(lambda y, maps: np.maximum(y, 0)),
            ),
            Mistake(
                "leaving the last map out",
                "`range(n)` ends at n − 1. Does your loop go on to the last map?",
                after(lambda y, maps: only(y, np.s_[:-1])),
            ),
            ROUNDED,
        ],
        [
            "The answer has one number for each map: its shape is `(channels,)`.",
            "`x.max(axis=…)` takes several axes at once, as a tuple.",
            "`maps.max(axis=(1, 2))`",
        ],
        {
            "there is more than one map": lambda maps: len(maps) > 1,
            "a map is negative everywhere": lambda maps: (largest(maps) < 0).any(),
        },
    ),
    Write(
        "02",
        "share",
        "share(weights)",
        shared,
        [{"weights": filled(*n)} for n in [(1, 1), (2, 2), (3, 3), (4, 4), (2, 3), (5, 5)]],
        [
            Mistake(
                "averaging the diagonals from top right to bottom left",
                "Along the diagonals that you want, column minus row stays the same.",
                instead(lambda weights: shared(weights[:, ::-1])[:, ::-1].copy()),
            ),
            Mistake("going around the edge of the matrix", "A diagonal ends where the matrix ends.", instead(circular)),
            Mistake(
                "leaving out the diagonals below the main one",
                "Diagonals with a negative number begin further down. There are rows − 1 of them.",
                after(lambda y, weights: np.triu(y)),
            ),
            Mistake(
                "averaging the whole matrix",
                "Every diagonal has a mean of its own.",
                instead(lambda weights: np.full(weights.shape, weights.mean())),
            ),
            Mistake(
                "averaging rows",
                "The weights to share lie on diagonals, because each output reads one pixel further on.",
                instead(lambda weights: np.broadcast_to(weights.mean(axis=1, keepdims=True), weights.shape).copy()),
            ),
            Mistake(
                "adding up the diagonals",
                "Shared evidence is averaged: divide by how many weights the diagonal has.",
                instead(
                    lambda weights: (
                        shared(weights)
                        * np.array(
                            [
                                [len(np.diagonal(weights, q - r)) for q in range(weights.shape[1])]
                                for r in range(weights.shape[0])
                            ]
                        )
                    )
                ),
            ),
        ],
        [
            "Weight (r, q) lies on diagonal q − r. There are rows + columns − 1 diagonals.",
            "`np.diagonal(weights, d)` gives diagonal d, and `np.eye(rows, columns, d, dtype=bool)` marks its places.",
            "For each d from −(rows − 1) to columns − 1: `y[np.eye(*weights.shape, d, dtype=bool)] = np.diagonal(weights, d).mean()`",
        ],
        {
            "the matrix is not square": lambda weights: weights.shape[0] != weights.shape[1],
            "a diagonal holds more than one weight": lambda weights: min(weights.shape) > 1,
        },
    ),
    Write(
        "02",
        "shared_gradient",
        "shared_gradient(x, grad_y)",
        shared_gradient,
        list(signals((1, 1), (2, 1), (2, 2), (4, 2), (5, 3), (7, 3), (6, 5))),
        [
            Mistake(
                "taking the mean over the positions",
                "The gradients of a shared weight add up.",
                after(lambda y, x, grad_y: y / len(grad_y)),
            ),
            Mistake(
                "overwriting instead of adding",
                "Every position adds its part to what is there already: use `+=`.",
                before(lambda grad_y, **_: {"grad_y": only(grad_y, np.s_[-1])}),
            ),
            Mistake(
                "using the first position alone",
                "The weight is used at every position, and each contributes a gradient.",
                instead(lambda x, grad_y: grad_y[0] * x[: len(x) - len(grad_y) + 1]),
            ),
            Mistake(
                "reversing the gradient",
                "Output r reads pixel r + i through weight i.",
                before(lambda grad_y, **_: {"grad_y": grad_y[::-1]}),
            ),
            Mistake(
                "reversing the answer",
                "Which weight met which pixel? Weight 0 meets the first pixel of each window.",
                after(lambda y, **_: y[::-1].copy()),
            ),
            Mistake(
                "leaving out the last position",
                "How many outputs are there, and do all of them contribute?",
                after(lambda y, x, grad_y: y - grad_y[-1] * x[len(grad_y) - 1 :]),
            ),
        ],
        [
            "Weight i of the kernel meets pixel r + i on its way into output r.",
            "By the chain rule, output r contributes `grad_y[r] * x[r + i]` to the gradient of weight i.",
            "For each i: `(grad_y * x[i : i + len(grad_y)]).sum()`",
        ],
        {
            "there is more than one position": lambda x, grad_y: len(grad_y) > 1,
            "the kernel has more than one weight": lambda x, grad_y: len(x) > len(grad_y),
        },
        linear="x",
    ),
]
