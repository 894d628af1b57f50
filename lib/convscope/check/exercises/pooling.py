"""Chapter 5: one number for each window."""

from __future__ import annotations

import numpy as np

from ... import ops
from ...datasets import digits
from ...layers import Sequential
from ..exercise import Design, Mistake, Unmet, Value, Write, after, before, instead
from .cases import LOOPS, ROUNDED, classes_of, filled


def pooled(*shapes):
    """Cases of these (rows, columns, size, stride); the last, negative everywhere."""
    for rows, columns, size, stride in shapes:
        yield {"x": filled(rows, columns), "size": size, "stride": stride}
    yield {"x": filled(4, 4) - 2000, "size": 2, "stride": 2}
    yield {"x": filled(4, 4) / 4 - 2, "size": 2, "stride": 2}


CASES = list(
    pooled(
        (1, 1, 1, 1),
        (2, 2, 2, 2),
        (4, 4, 2, 2),
        (2, 6, 2, 2),
        (3, 3, 2, 1),
        (5, 5, 2, 2),
        (6, 4, 3, 3),
        (5, 7, 3, 2),
        (7, 6, 2, 3),
    )
)
FEATURES = {
    "the stride differs from the size": lambda size, stride, **_: size != stride,
    "windows overlap": lambda size, stride, **_: stride < size,
    "the last window does not end at the border": lambda x, size, stride: any((n - size) % stride for n in x.shape),
    "there is more than one row of windows": lambda x, size, stride: (x.shape[0] - size) // stride > 0,
    "the map is negative everywhere": lambda x, **_: (x < 0).all(),
    "the window holds more than one number": lambda size, **_: size > 1,
}


def max_pool2d(x, size, stride):
    return ops.max_pool2d(x, size, stride=stride)


def avg_pool2d(x, size, stride):
    return ops.avg_pool2d(x, size, stride=stride)


def rounded_up(x, size, stride):
    more = [-(n - size) % stride for n in x.shape]
    return max_pool2d(np.pad(x, [(0, extra) for extra in more], constant_values=-np.inf), size, stride)


SHARED = [
    Mistake(
        "ignoring the stride",
        "Window r begins at row `r * stride`, which need not be `r * size`.",
        before(lambda size, **_: {"stride": size}),
    ),
    Mistake(
        "moving the window by 1", "Window r begins at row `r * stride`.", before(lambda stride, **_: {"stride": 1})
    ),
    Mistake(
        "moving the window by 1 although the size counts the stride",
        "Output r is made of the window that begins at row `r * stride`.",
        lambda pool: (
            lambda x, size, stride: pool(x, size, 1)[
                : (len(x) - size) // stride + 1, : (x.shape[1] - size) // stride + 1
            ]
        ),
    ),
    ROUNDED,
    *LOOPS,
]
HINTS = [
    "A map of n rows has `(n - size) // stride + 1` rows of windows. Make an output of that size first.",
    "The window of output (r, q) begins at row `r * stride` and column `q * stride`, and is `size` pixels wide and high.",
]
BACKWARD = [{"grad_y": filled(n // 2, m // 2, seed=3), "x": filled(n, m)} for n, m in [(2, 2), (2, 4), (4, 4), (4, 6)]]
BACKWARD += [
    {"grad_y": np.array([[0.5]]), "x": np.array([[1.0, 4], [2, 3]])},
    {"grad_y": np.array([[-0.5]]), "x": np.array([[1.0, 2], [2, 0]])},
]
BACKWARD += [
    {"grad_y": filled(1, 1) * 3, "x": np.ones((2, 2))},
    {"grad_y": filled(2, 2), "x": np.repeat(filled(4, 2), 2, axis=1)},
]


def routed(grad_y, x):
    return ops.max_pool2d_backward(grad_y, x)


def windows(x):
    """2×2 windows as (row, column, 4), in reading order; and back."""
    rows, columns = x.shape
    return x.reshape(rows // 2, 2, columns // 2, 2).transpose(0, 2, 1, 3).reshape(rows // 2, columns // 2, 4)


def unwound(flat):
    rows, columns, _ = flat.shape
    return flat.reshape(rows, columns, 2, 2).transpose(0, 2, 1, 3).reshape(2 * rows, 2 * columns)


def to_all_winners(grad_y, x):
    flat = windows(x)
    return unwound((flat == flat.max(axis=2, keepdims=True)) * grad_y[..., None])


def shared_out(grad_y, x):
    wins = to_all_winners(np.ones_like(grad_y), x)
    return to_all_winners(grad_y / windows(wins).sum(axis=2), x)


def to_last_winner(grad_y, x):
    return routed(grad_y[::-1, ::-1], x[::-1, ::-1])[::-1, ::-1].copy()


SHAPES = (
    (96, 55, 55),
    (96, 27, 27),
    (256, 27, 27),
    (256, 13, 13),
    (384, 13, 13),
    (384, 13, 13),
    (256, 13, 13),
    (256, 6, 6),
)
MOST_WEIGHTS, LEAST_RIGHT, SIDE = 5000, 0.92, 14


def measured(model):
    """(parameters, classes of the test digits) of a model; anything else as it is."""
    if not isinstance(model, Sequential):
        raise Unmet(f"Give a trained `Sequential`; the type of this is `{type(model).__name__}`.")
    x = digits(SIDE)[1][0]
    said = classes_of(model, x)
    return model.parameter_count(x.shape[1:]), said


def is_small(found):
    if found[0] >= MOST_WEIGHTS:
        return f"It has {found[0]:,} parameters. Stay below {MOST_WEIGHTS:,}."


def right_on_new(found) -> float:
    return float((np.asarray(found[1]) == digits(SIDE)[1][1]).mean())


def is_good(found):
    if (share := right_on_new(found)) < LEAST_RIGHT:
        return f"It classifies {share:.1%} of the test digits correctly. Reach {LEAST_RIGHT:.0%}."


EXERCISES = [
    Write(
        "05",
        "max_pool2d",
        "my_max_pool2d(x, {size}, {stride})",
        max_pool2d,
        CASES,
        [
            Mistake("taking the mean instead of the max", "Which number of the window stays?", instead(avg_pool2d)),
            *SHARED,
            Mistake(
                "taking the max over one axis alone",
                "`window.max(axis=0)` leaves one number per column; `window.max()` leaves one.",
                instead(
                    lambda x, size, stride: x[::stride][: (x.shape[0] - size) // stride + 1, ::stride][
                        :, : (x.shape[1] - size) // stride + 1
                    ].copy()
                ),
            ),
            Mistake(
                "starting the search at 0",
                "All numbers of a window may be negative. Start with its first, or use `max`.",
                after(lambda y, **_: np.maximum(y, 0)),
            ),
            Mistake(
                "rounding the size up", "A window that does not fit is left out: `//` rounds down.", instead(rounded_up)
            ),
        ],
        [*HINTS, "`x[r * stride : r * stride + size, q * stride : q * stride + size].max()`"],
        FEATURES,
        keeps=True,
    ),
    Write(
        "05",
        "avg_pool2d",
        "my_avg_pool2d(x, {size}, {stride})",
        avg_pool2d,
        CASES,
        [
            Mistake("taking the max instead of the mean", "All numbers of the window count.", instead(max_pool2d)),
            Mistake(
                "adding up without dividing",
                "Divide by how many numbers the window holds.",
                after(lambda y, size, **_: y * size**2),
            ),
            Mistake(
                "dividing by the width of the window alone",
                "A window of size 2 holds 4 numbers.",
                after(lambda y, size, **_: y * size),
            ),
            *SHARED,
        ],
        [*HINTS, "`x[r * stride : r * stride + size, q * stride : q * stride + size].mean()`"],
        FEATURES,
        linear="x",
        keeps=True,
    ),
    Write(
        "05",
        "max_pool2d_backward",
        "my_max_pool2d_backward(grad_y, x)",
        routed,
        BACKWARD,
        [
            Mistake(
                "sending the gradient to every pixel that equals the max",
                "With ties, the first in reading order wins, so that the gradient arrives once.",
                instead(to_all_winners),
            ),
            Mistake(
                "dividing the gradient among pixels that equal the max",
                "That is a valid slope too, but here the first in reading order gets it all.",
                instead(shared_out),
            ),
            Mistake(
                "swapping the winner's row and column",
                "`divmod(position, 2)` gives the row first, then the column.",
                after(lambda y, **_: unwound(windows(y)[..., [0, 2, 1, 3]])),
            ),
            Mistake(
                "sending the gradient to the last of equal pixels",
                "With ties, the first in reading order wins.",
                instead(to_last_winner),
            ),
            Mistake(
                "dividing the gradient among all pixels of the window",
                "Changing a pixel that lost changes nothing, so its gradient is 0.",
                instead(lambda grad_y, x: np.repeat(np.repeat(grad_y, 2, 0), 2, 1) / 4),
            ),
            Mistake(
                "sending the whole gradient to all pixels of the window",
                "Changing a pixel that lost changes nothing, so its gradient is 0.",
                instead(lambda grad_y, x: np.repeat(np.repeat(grad_y, 2, 0), 2, 1)),
            ),
            Mistake(
                "sending it to the window's first pixel",
                "Which pixel of the window was the largest?",
                instead(lambda grad_y, x: unwound(np.eye(1, 4) * grad_y[..., None])),
            ),
            Mistake(
                "sending the max itself instead of the gradient",
                "What flows back is `grad_y`.",
                instead(lambda grad_y, x: routed(ops.max_pool2d(x), x)),
            ),
        ],
        [
            "Go through the 2×2 windows. Only one pixel of each was passed on; all others have the gradient 0.",
            "`window.argmax()` counts in reading order and gives the first of equals. Row and column are `divmod(window.argmax(), 2)`.",
            "`i, j = divmod(x[2 * r : 2 * r + 2, 2 * q : 2 * q + 2].argmax(), 2)`, then `grad_x[2 * r + i, 2 * q + j] = grad_y[r, q]`",
        ],
        {
            "two pixels of a window are equal": lambda grad_y, x: any(
                len(np.unique(w)) < 4 for w in windows(x).reshape(-1, 4)
            ),
            "there is more than one window": lambda grad_y, x: grad_y.size > 1,
        },
        keeps=True,
    ),
    Value(
        "05",
        "alexnet_shapes",
        SHAPES,
        [
            ((*SHAPES[:1], (96, 28, 28), *SHAPES[2:]), "(55 − 3) / 2 + 1 = 27."),
            (tuple((*reversed(shape),) for shape in SHAPES), "Channels come first: (channels, rows, columns)."),
            (((96, 54, 54), *SHAPES[1:]), "(227 − 11) / 4 + 1 = 55: the paper says 224, but 227 is what fits."),
            (
                (*SHAPES[:2], (256, 23, 23), *SHAPES[3:]),
                "From conv2 on, padding keeps the size of a convolution's maps.",
            ),
            (
                tuple((3, *SHAPES[i][1:]) if i in (1, 3, 7) else shape for i, shape in enumerate(SHAPES)),
                "A pool keeps the channels: it reads each map on its own.",
            ),
        ],
        [
            "Each size follows from the one before: ⌊(n + zeros − kernel) / stride⌋ + 1. A convolution sets the channels, a pool keeps them.",
            "conv1: (227 − 11) / 4 + 1. The pools are 3×3 with stride 2. conv2 to conv5 keep the size, by padding.",
            "Rows and columns go 55, 27, 27, 13, 13, 13, 13, 6.",
        ],
        ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"],
        "256 · 6 · 6 = 9,216 numbers reach the dense layers, of 154,587 that went in.",
    ),
    Design(
        "05",
        "small_network",
        [is_small, is_good],
        [
            "A dense layer on many numbers is what costs. Pool before it, twice.",
            'Try `Conv2D(8, 5, padding="same")`, `ReLU()`, `MaxPool2D()`, the same with 16 filters and a 3×3 kernel, `Flatten()`, `Dense(10)`.',
            "Train on `digits(14)` for 8 epochs with `Adam(0.005)`.",
        ],
        lambda found: f"{found[0]:,} parameters, {right_on_new(found):.0%} of the test digits correct.",
        measured,
    ),
]
