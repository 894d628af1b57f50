"""Chapter 6: one pixel, all channels."""

from __future__ import annotations

import numpy as np

from ... import kernels, ops
from ..exercise import Design, Mistake, Value, Write, after, before, instead
from .cases import filled, numbers_of, only

CASES = [
    {"x": filled(*x), "weights": filled(filters, x[0], seed=1), "bias": filled(filters, seed=2) - 1.5}
    for x, filters in [
        ((1, 1, 1), 1),
        ((2, 1, 1), 1),
        ((2, 1, 2), 2),
        ((2, 2, 3), 3),
        ((3, 2, 2), 2),
        ((4, 3, 2), 2),
        ((3, 3, 3), 3),
        ((2, 4, 3), 4),
    ]
]


def conv1x1(x, weights, bias):
    return ops.conv2d(x, weights[:, :, None, None], bias)


def scrambled(x, weights, bias):
    """Channels and pixels mixed up by a reshape: pixels by channels of an array that is channels by pixels."""
    channels, rows, columns = x.shape
    y = x.reshape(rows * columns, channels) @ weights.T + bias
    return y.T.reshape(len(weights), rows, columns)


def backward(grad_y, x, weights, bias, passes=lambda product, grad: product > 0):
    """The gradients of a 1×1 with a ReLU: for x, weights and bias. `passes` says where the ReLU lets them through."""
    pixels, grad = x.reshape(len(x), -1), grad_y.reshape(len(weights), -1)
    grad = grad * passes(weights @ pixels + bias[:, None], grad)
    return (weights.T @ grad).reshape(x.shape), grad @ pixels.T, grad.sum(axis=1)


def passing(where):
    return instead(lambda **case: backward(**case, passes=where))


BACKWARD = [
    {"grad_y": filled(f, *x[1:], seed=3) - f * x[1] * x[2] // 2, "x": filled(*x) - np.prod(x) // 2, **rest}
    for x, f, rest in [
        (shape, f, {"weights": filled(f, shape[0], seed=1) - 1.5, "bias": filled(f, seed=2) - 1.5})
        for shape, f in [
            ((1, 1, 1), 1),
            ((1, 1, 2), 1),
            ((2, 1, 2), 1),
            ((2, 2, 2), 2),
            ((3, 2, 2), 2),
            ((3, 2, 3), 3),
            ((2, 3, 3), 4),
        ]
    ]
]


def along_pixels(x, weights, bias):
    product = weights @ x.reshape(len(x), -1) + bias
    return product.reshape(len(weights), *x.shape[1:])


FOLD = [
    {"kernels": filled(*k), "mix": filled(f, k[0], seed=1)}
    for k, f in [
        ((1, 1, 1, 1), 1),
        ((2, 1, 1, 1), 1),
        ((2, 1, 2, 2), 1),
        ((2, 3, 1, 2), 3),
        ((3, 2, 2, 2), 2),
        ((3, 3, 3, 3), 3),
    ]
]


def fold(kernels, mix):
    return np.tensordot(mix, kernels, 1)


IN, OUT, SIDE, LEAST, BUDGET = 256, 256, 14, 15_000_000, 20_000_000
WIDE = IN * OUT * 9 * SIDE**2


def work(widths) -> int:
    reduce, middle = widths
    return SIDE**2 * (IN * reduce + reduce * middle * 9 + middle * OUT)


def are_widths(widths):
    whole = np.shape(widths) == (2,) and all(type(width) in (int, np.int64) and width > 0 for width in widths)
    if not whole:
        return "Give two whole numbers above 0: the filters of the first 1×1 and those of the 3×3."


def fits_budget(widths):
    if (macs := work(widths)) > BUDGET:
        return f"That takes {macs:,} MACs. Stay within {BUDGET:,}."


def uses_the_budget(widths):
    if (macs := work(widths)) < LEAST:
        return f"That takes {macs:,} MACs. Use at least {LEAST:,}: what is narrower loses more."


def is_not_too_narrow(widths):
    if min(widths) < 32:
        return f"A waist of {min(widths)} leaves little room. Keep both widths at 32 or more."


def photo():
    from ...datasets import kitten

    return kitten(96, grey=True)


def run(answer, x):
    filters, mix = answer
    return ops.conv2d(np.maximum(ops.conv2d(x[None], filters[:, None]), 0), mix[None, :, None, None])[0]


def two_maps(answer):
    filters, mix = answer
    return (
        numbers_of(filters, (2, 3, 3), "`filters` should be two kernels of 3×3 numbers, shape `(2, 3, 3)`."),
        numbers_of(mix, (2,), "`mix` should be two numbers, one for each map, shape `(2,)`."),
    )


def is_size_of_edge(answer):
    wanted, got = abs(ops.conv2d(photo(), kernels.preset("Sobel x"))), run(answer, photo())
    if not np.allclose(got, wanted, atol=1e-4):
        sobel, off = ops.conv2d(photo(), kernels.preset("Sobel x")), float(abs(got - wanted).max())
        rest = (
            " It is right where Sobel x is positive."
            if np.allclose(got[sobel >= 0], wanted[sobel >= 0], atol=1e-4)
            else ""
        )
        return f"It differs from |Sobel x| by up to {off:.2f}.{rest}"


EXERCISES = [
    Value(
        "06",
        "relu_place",
        ("between", "product"),
        [
            (("after", "product"), "After both, two linear layers are still in a row, and those are one."),
            (("before", "product"), "Before both, two linear layers are still in a row, and those are one."),
            (("between", "range"), "A linear layer takes numbers of any size: it would only multiply them."),
            (("between", "pixels"), "A 1×1 reads one pixel at a time, with a ReLU before it or without."),
        ],
        [
            "What could a single layer not do that two can? Write both as matrices, W₁ and W₂.",
            "W₂(W₁x) = (W₂W₁)x. Which place for the ReLU breaks this?",
            "Before both or after both, the product W₂W₁ is still there, and one layer can have these weights.",
        ],
        ["the place", "the reason"],
        "Only between the two layers does it keep them from being one matrix.",
    ),
    Write(
        "06",
        "conv1x1",
        "my_conv1x1(x, weights, bias)",
        conv1x1,
        CASES,
        [
            Mistake(
                "leaving the bias out",
                "Each filter has one bias, added to its whole map.",
                before(lambda bias, **_: {"bias": 0 * bias}),
            ),
            Mistake(
                "swapping the rows and columns of the weights",
                "`weights` is (filter, channel): row f belongs to output map f.",
                before(lambda weights, **_: {"weights": weights.T}),
            ),
            Mistake(
                "mixing channels and pixels up in a reshape",
                "`x.reshape(channels, rows * columns)` keeps each channel in a row of its own. What does your reshape do?",
                instead(scrambled),
            ),
            Mistake(
                "adding the biases along the pixels",
                "Bias f belongs to row f of the product: `bias[:, None]` makes a column of them.",
                instead(along_pixels),
            ),
            Mistake(
                "multiplying along the rows of the image",
                "`weights @ x` takes each map for a matrix. Make one matrix of x, with a row for each channel.",
                instead(lambda x, weights, bias: weights @ x + bias[:, None, None]),
            ),
            Mistake(
                "swapping rows and columns of the maps",
                "Do the rows of the output come from the rows of the input?",
                after(lambda y, **_: y.transpose(0, 2, 1).copy()),
            ),
            Mistake(
                "adding the channels without weights",
                "Where do you multiply by the weights?",
                before(lambda weights, **_: {"weights": np.ones_like(weights)}),
            ),
        ],
        [
            "At one pixel the input is a vector of channels, and the output is `weights @ vector + bias`.",
            "Lay the pixels side by side: `x.reshape(channels, rows * columns)` is a matrix with one column per pixel.",
            "`weights @ pixels + bias[:, None]`, then reshape to (filters, rows, columns).",
        ],
        {
            "there is more than one channel": lambda x, **_: len(x) > 1,
            "there is more than one pixel": lambda x, **_: x[0].size > 1,
            "a bias is not 0": lambda bias, **_: bias.any(),
        },
        keeps=True,
        without_loop=lambda n: {"x": filled(3, n, n), "weights": filled(2, 3), "bias": filled(2)},
    ),
    Write(
        "06",
        "fold_1x1",
        "fold_1x1(kernels, mix)",
        fold,
        FOLD,
        [
            Mistake(
                "mixing the input channels instead of the filters",
                "`mix` weighs the outputs of the first layer: its columns belong to axis 0 of the kernels.",
                instead(lambda kernels, mix: np.einsum("fc,gcij->gfij", mix, kernels)),
            ),
            Mistake(
                "swapping the rows and columns of the mix",
                "`mix` is (new filter, old filter).",
                before(lambda mix, **_: {"mix": mix.T}),
            ),
            Mistake(
                "adding the kernels without weights",
                "Each old filter counts as much as `mix` says.",
                before(lambda mix, **_: {"mix": np.ones_like(mix)}),
            ),
            Mistake(
                "multiplying one by one instead of adding up",
                "A new filter is a sum over all old ones.",
                instead(lambda kernels, mix: mix[0][:, None, None, None] * kernels),
            ),
            Mistake(
                "overwriting instead of adding",
                "Every old filter adds its part to the new one: use `+=`.",
                before(lambda mix, **_: {"mix": only(mix, np.s_[:, -1])}),
            ),
            Mistake(
                "going on from the filter before",
                "Every new filter begins with zeros. Where does your sum begin?",
                after(lambda y, **_: np.cumsum(y, axis=0)),
            ),
        ],
        [
            "The 1×1 adds the maps of the first layer. A sum of maps is the map of a sum of kernels.",
            "New filter f is `mix[f, 0] * kernels[0] + mix[f, 1] * kernels[1] + …`.",
            "`np.tensordot(mix, kernels, 1)` or `np.einsum('fg,gcij->fcij', mix, kernels)`",
        ],
        {"there is more than one old filter": lambda kernels, mix: len(kernels) > 1},
    ),
    Design(
        "06",
        "bottleneck",
        [are_widths, is_not_too_narrow, fits_budget, uses_the_budget],
        [
            f"At each of the 196 pixels the three layers take 256·a, 9·a·b and b·256 products. The budget is {BUDGET // 196:,} a pixel.",
            "With a = b the sum is 512·a + 9·a².",
            "a = b = 64 takes 69,632 products a pixel, a little too few. Try a little more.",
        ],
        lambda widths: (
            f"{work(widths):,} MACs, {WIDE / work(widths):.0f} times fewer than the 3×3 from 256 to 256 channels."
        ),
    ),
    Design(
        "06",
        "size_of_an_edge",
        [is_size_of_edge],
        [
            "A ReLU keeps what is positive. Which kernel makes the dark-to-bright edges positive, and which the bright-to-dark ones?",
            "Sobel x and −Sobel x: after the ReLU each map holds one half of the edges.",
            "The 1×1 adds the two: its weights are 1 and 1.",
        ],
        lambda answer: "|v| = ReLU(v) + ReLU(−v): two maps and a 1×1 do what a single linear layer cannot.",
        two_maps,
    ),
    Write(
        "06",
        "repaired_backward",
        "repaired_backward(grad_y, x, weights, bias)",
        backward,
        BACKWARD,
        [
            Mistake(
                "stopping the gradient where the gradient itself is negative",
                "Measure the slopes along x, weights and bias. All three are off: what do they share?",
                passing(lambda product, grad: grad > 0),
            ),
            Mistake(
                "leaving the ReLU out",
                "Where the ReLU returned 0, a small change of its input changes nothing.",
                passing(lambda product, grad: 1),
            ),
            Mistake(
                "stopping the gradient where the ReLU let it through",
                "Where its input was above 0, the ReLU passes the gradient on as it is.",
                passing(lambda product, grad: product <= 0),
            ),
            Mistake(
                "multiplying by the ReLU's output",
                "The slope of a ReLU is 1 above 0, and not what it returned.",
                passing(lambda product, grad: np.maximum(product, 0)),
            ),
            Mistake(
                "forgetting the bias on the way to the ReLU",
                "The ReLU sees `weights @ pixels + bias[:, None]`. Is that what decides here?",
                instead(lambda grad_y, x, weights, bias: backward(grad_y, x, weights, 0 * bias)),
            ),
        ],
        [
            "Compare all three with their slopes: `slopes(lambda w: (grad_y * forward(x, w, bias)).sum(), weights)`, and the same for x.",
            "All three are off, so look at the line that they share. Which numbers decide what a ReLU lets through?",
            "The ReLU let through what was above 0 on the way *forward*: `grad * (weights @ pixels + bias[:, None] > 0)`.",
        ],
        {
            "a gradient is negative": lambda grad_y, **_: (grad_y < 0).any(),
            "there is more than one filter": lambda weights, **_: len(weights) > 1,
        },
        returns=("grad_x", "grad_weights", "grad_bias"),
    ),
]
