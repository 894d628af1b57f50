"""Chapter 3: one sum at every position."""

from __future__ import annotations

import numpy as np

from ... import kernels, ops
from ..exercise import Design, Mistake, Write, after, before, instead
from .cases import LOOPS, ROUNDED, case, filled, numbers_of, only, plainer

SIZES = [
    ((1, 1), (1, 1)),
    ((2, 2), (2, 2)),
    ((3, 3), (2, 2)),
    ((4, 4), (3, 3)),
    ((3, 4), (3, 3)),
    ((4, 3), (2, 2)),
    ((3, 4), (1, 2)),
    ((4, 4), (3, 2)),
    ((6, 5), (5, 3)),
]
CASES = [case(*sizes) for sizes in SIZES]
CASES.insert(3, {"x": filled(3, 3), "kernel": np.ones((2, 2))})
CASES.append({**case((3, 3), (2, 2)), "kernel": np.array([[0.5, 1], [1.5, 2]])})
CASES.append({"x": filled(4, 4).astype(np.uint8), "kernel": np.array([[0.5, 1], [1.5, 2]])})
TURNED = Mistake(
    "rotating the kernel by 180°",
    "Did you flip it? A convolution layer does not: weight (0, 0) meets the first pixel of the window.",
    before(lambda kernel, **_: {"kernel": kernel[::-1, ::-1]}),
)
MISTAKES = [
    TURNED,
    Mistake(
        "swapping the kernel's rows and columns",
        "Do the row and column index of the window match those of the kernel?",
        before(lambda kernel, **_: {"kernel": kernel.T}),
    ),
    Mistake(
        "adding up the window without its weights",
        "Where do you multiply by the kernel?",
        before(lambda kernel, **_: {"kernel": np.ones_like(kernel)}),
    ),
    Mistake(
        "taking the mean instead of the sum",
        "Do you divide by the number of weights, or call `mean`?",
        after(lambda y, kernel, **_: y / kernel.size),
    ),
    Mistake(
        "multiplying as matrices with `@`",
        "`*` multiplies number by number, as the window and the kernel need it.",
        instead(lambda x, kernel: (windows(x, kernel) @ kernel).sum(axis=(2, 3))),
    ),
    Mistake(
        "overwriting instead of adding",
        "Every weight's part adds to what is there already: use `+=`.",
        before(lambda kernel, **_: {"kernel": only(kernel, np.s_[-1, -1])}),
    ),
    ROUNDED,
    Mistake(
        "giving the output the image's type",
        "Bytes hold 0 to 255 and no fractions. `np.zeros((rows, columns))` holds any number.",
        after(lambda y, x, **_: y.astype(x.dtype)),
    ),
    *LOOPS,
    Mistake(
        "making the output as large as the input",
        "A window must lie inside the image. How many positions does that leave?",
        after(lambda y, x, **_: np.pad(y, [(0, n - m) for n, m in zip(x.shape, y.shape, strict=True)])),
    ),
]
FEATURES = {
    "the kernel changes when it is rotated": lambda kernel, **_: not np.array_equal(kernel, kernel[::-1, ::-1]),
    "the kernel has more than one weight": lambda kernel, **_: kernel.size > 1,
    "a weight is a fraction": lambda kernel, **_: bool((kernel % 1).any()),
    "the image holds whole numbers of a byte": lambda x, **_: x.dtype == np.uint8,
    "the image is not square": lambda x, **_: x.shape[0] != x.shape[1],
    "the kernel is not square": lambda kernel, **_: kernel.shape[0] != kernel.shape[1],
}


def conv2d(x, kernel):
    return ops.conv2d(x.astype(float), kernel)


def windows(x, kernel):
    """All windows, as (row, column, row in it, column in it)."""
    return np.lib.stride_tricks.sliding_window_view(x.astype(float), kernel.shape)


PHOTO = [
    {"x": filled(*shape)} for shape in [(1, 1, 3), (1, 2, 3), (2, 2, 3), (3, 2, 3), (2, 4, 3), (3, 3, 1), (4, 4, 2)]
]
TWO = [
    {"first": filled(*a), "second": filled(*b, seed=1)}
    for a, b in [
        ((1, 1), (1, 1)),
        ((1, 2), (1, 2)),
        ((2, 2), (2, 2)),
        ((3, 3), (2, 2)),
        ((2, 3), (3, 2)),
        ((3, 3), (3, 3)),
    ]
]


def fold(first, second):
    return ops.conv2d(first, second[::-1, ::-1], padding="full")


def overwritten(first, second):
    y = np.zeros(np.add(first.shape, second.shape) - 1)
    for (i, j), weight in np.ndenumerate(second):
        y[i : i + first.shape[0], j : j + first.shape[1]] = weight * first
    return y


def response(kernel, picture) -> float:
    return float(abs(ops.conv2d(picture, kernel)).max())


LEFT_DARK = np.tile([0.0, 0, 0, 1, 1, 1], (6, 1))


def sees_vertical(kernel):
    if response(kernel, LEFT_DARK) < 1:
        return "On a vertical edge from 0 to 1, some output should be at least 1 in size; none of yours is."


def ignores_flat(kernel):
    if (total := response(kernel, np.ones((5, 5)))) > 1e-9:
        return f"On an image of ones, with no edge at all, the output should be 0; yours is {total:g}."


def ignores_horizontal(kernel):
    if response(kernel, LEFT_DARK.T) > 1e-9:
        return "On a horizontal edge the output should be 0 everywhere; yours is not."


EXERCISES = [
    Write(
        "03",
        "conv2d",
        "my_conv2d(x, kernel)",
        conv2d,
        CASES,
        MISTAKES,
        [
            "How many positions does a window of k pixels have on n pixels? Make an output of that size first.",
            "Go through the output with two loops, r over its rows and q over its columns. The window of output (r, q) begins at pixel (r, q).",
            "`window = x[r : r + kernel.shape[0], q : q + kernel.shape[1]]`, and the output is the sum of `window * kernel`.",
        ],
        FEATURES,
        plainer,
        linear="x",
        keeps=True,
    ),
    Design(
        "03",
        "vertical_edges",
        [ignores_flat, ignores_horizontal, sees_vertical],
        [
            "Where all pixels are equal, the output is that pixel times the sum of the weights. What must the sum be?",
            "On a horizontal edge every row is flat. So what must each row of the kernel add up to?",
            "Compare the right with the left: negative weights in one column, the same weights, positive, in another.",
        ],
        lambda kernel: (
            "It answers to vertical edges alone. Compare it with `kernels.preset('Sobel x')`:\n"
            + str(kernels.preset("Sobel x").astype(int))
        ),
        lambda kernel: numbers_of(kernel, (3, 3), "The kernel should be three rows of three numbers, shape `(3, 3)`."),
    ),
    Write(
        "03",
        "channels_first",
        "channels_first(x)",
        lambda x: np.moveaxis(x, -1, 0).copy(),
        PHOTO,
        [
            Mistake(
                "reshaping instead of moving an axis",
                "`reshape` only cuts the same numbers, in the same order, into new rows. Which function moves an axis?",
                instead(lambda x: x.reshape(x.shape[-1], *x.shape[:-1]).copy()),
            ),
            Mistake(
                "reversing all three axes",
                "`x.T` also swaps rows and columns. Move the channel axis and leave the others in order.",
                instead(lambda x: x.T.copy()),
            ),
            Mistake(
                "moving the columns to the front",
                "The last axis should come first: rows and columns keep their order.",
                instead(lambda x: x.transpose(1, 2, 0).copy()),
            ),
        ],
        [
            "The shape `(rows, columns, 3)` should become `(3, rows, columns)`. Which axis moves, and where to?",
            "Look up `np.moveaxis`, or `transpose` with the order of the old axes.",
            "`np.moveaxis(x, -1, 0)` is a view; `.copy()` gives it memory of its own.",
        ],
        {
            "the image is not square": lambda x: x.shape[0] != x.shape[1],
            "there is more than one channel": lambda x: x.shape[2] > 1,
        },
    ),
    Write(
        "03",
        "conv2d_fast",
        "my_conv2d_fast(x, kernel)",
        conv2d,
        CASES,
        MISTAKES,
        [
            "The loop over the image is the long one. A loop over the kernel's weights is allowed: it has only a few rounds.",
            "Weight (i, j) meets the pixel at row r + i, column q + j, for all r and q at once. Which slice of the image holds those pixels?",
            "Add `x[i : i + rows, j : j + columns] * kernel[i, j]` for every weight, where rows and columns are the output's size.",
        ],
        FEATURES,
        plainer,
        linear="x",
        keeps=True,
        without_loop=lambda n: case((n, n), (3, 3)),
    ),
    Write(
        "03",
        "fold",
        "fold(first, second)",
        fold,
        TWO,
        [
            Mistake(
                "multiplying the kernels weight by weight",
                "The second kernel meets every output of the first, so the result is larger than both.",
                instead(lambda first, second: first * second),
            ),
            Mistake(
                "leaving the padding out",
                "Every overlap of the two kernels counts, also that of a single weight.",
                instead(lambda first, second: ops.conv2d(first, second[::-1, ::-1])),
            ),
            Mistake(
                "not rotating the second kernel",
                "Push a single 1 through both convolutions and look at where its weights end up.",
                instead(lambda first, second: ops.conv2d(first, second, padding="full")),
            ),
            Mistake(
                "overwriting instead of adding",
                "Several products belong to the same weight of the result: use `+=`.",
                instead(overwritten),
            ),
            Mistake(
                "adding the kernels",
                "One after the other is not one beside the other.",
                instead(lambda first, second: first + second),
            ),
        ],
        [
            "How large is the result? A 3×3 kernel after a 3×3 kernel sees 5×5 pixels.",
            "Weight (i, j) of the first and weight (k, l) of the second meet pixel (i + k, j + l). Their product adds to that weight of the result.",
            "Start with zeros of the size `k1 + k2 − 1`, loop over the weights of the second kernel, and add `first * weight` where it belongs.",
        ],
        {
            "the kernels are not square": lambda first, second: (
                first.shape[0] != first.shape[1] or second.shape[0] != second.shape[1]
            ),
            "a kernel has more than one weight": lambda first, second: first.size > 1 or second.size > 1,
        },
    ),
]
