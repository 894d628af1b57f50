"""Chapter 4: how large, and what lies around it."""

from __future__ import annotations

from itertools import product

import numpy as np

from ... import geometry, ops
from ..exercise import Design, Mistake, Write, after, before, instead
from .cases import LOOPS, case, filled, only, plainer

AXES = [
    {"n": n, "kernel_size": k, "stride": s, "padding": p}
    for n, k, s, p in [
        (1, 1, 1, 0),
        (3, 2, 1, 0),
        (5, 5, 1, 0),
        (6, 3, 1, 1),
        (4, 2, 2, 0),
        (5, 2, 2, 0),
        (7, 3, 2, 0),
        (8, 3, 2, 1),
        (9, 2, 4, 0),
        (32, 5, 3, 0),
        (28, 5, 1, 2),
        (227, 11, 4, 0),
        (224, 7, 2, 3),
    ]
]


def output_size(n, kernel_size, stride, padding):
    return geometry.output_size(n, kernel_size, stride=stride, padding=padding)


def sized(formula):
    return instead(lambda n, kernel_size, stride, padding: int(formula(n, kernel_size, stride, padding)))


SAME = [
    {"n": n, "kernel_size": k, "stride": s}
    for n, k, s in [
        (1, 1, 1),
        (5, 3, 1),
        (4, 2, 1),
        (6, 5, 1),
        (4, 4, 1),
        (8, 3, 2),
        (7, 3, 2),
        (9, 1, 3),
        (10, 5, 4),
        (5, 2, 2),
        (224, 7, 2),
    ]
]


def same_padding(n, kernel_size, stride):
    return geometry.padding_amounts(n, kernel_size, stride=stride, padding="same")


def conv2d(x, kernel, stride, padding):
    return ops.conv2d(np.asarray(x, float), kernel, stride=stride, padding=padding)


SHAPES = [((2, 2), (2, 2)), ((3, 4), (3, 3)), ((5, 5), (3, 3)), ((6, 5), (2, 3)), ((7, 7), (3, 3))]
CASES = [case(x, k, stride=s, padding=p) for (x, k), s, p in product(SHAPES, (1, 2, 3), (0, 1, 2))]
CASES.sort(
    key=lambda case: (case["padding"] + case["stride"] > 1, case["padding"] + case["stride"] > 2, case["x"].size)
)


def rounded_up(x, kernel, stride, padding):
    x = np.pad(x, padding)
    missing = [-(n - k) % stride for n, k in zip(x.shape, kernel.shape, strict=True)]
    return conv2d(np.pad(x, [(0, more) for more in missing]), kernel, stride, 0)


def stepping(rows, columns):
    """Windows that move by the stride, or by 1, along rows and columns, as many as the stride leaves room for."""

    def change(y, x, kernel, stride, padding):
        every = conv2d(x, kernel, 1, padding)[:: stride if rows else 1, :: stride if columns else 1]
        return every[: len(y), : y.shape[1]]

    return after(change)


def with_gaps(y, x, kernel, stride, padding):
    """The loops go by the stride, and use their counters for the output and for the image."""
    return only(conv2d(x, kernel, 1, padding)[: len(y), : y.shape[1]], np.s_[::stride, ::stride])


def padded(*amounts, **mode):
    """The convolution after another padding: how many times its amount goes before and after, for rows and columns."""
    return instead(
        lambda x, kernel, stride, padding: conv2d(np.pad(x, padding * np.array(amounts), **mode), kernel, stride, 0)
    )


MISTAKES = [
    Mistake("ignoring the stride", "Where does your function use `stride`?", before(lambda stride, **_: {"stride": 1})),
    Mistake(
        "ignoring the padding", "Where does your function use `padding`?", before(lambda padding, **_: {"padding": 0})
    ),
    Mistake(
        "moving the window by 1 although the size counts the stride",
        "Output r starts at pixel `r * stride`. Where does your window start?",
        stepping(rows=False, columns=False),
    ),
    Mistake(
        "moving the window by the stride along the rows alone",
        "The window's first column is `q * stride`.",
        stepping(rows=True, columns=False),
    ),
    Mistake(
        "moving the window by the stride along the columns alone",
        "The window's first row is `r * stride`.",
        stepping(rows=False, columns=True),
    ),
    Mistake(
        "leaving gaps in the output",
        "Let r count the outputs, 0, 1, 2, …, and begin its window at pixel `r * stride`.",
        after(with_gaps),
    ),
    Mistake(
        "leaving out pixels instead of positions",
        "A window reads pixels that lie side by side. Only where it begins is a multiple of the stride.",
        instead(lambda x, kernel, stride, padding: conv2d(np.pad(x, padding)[::stride, ::stride], kernel, 1, 0)),
    ),
    Mistake(
        "padding the output instead of the input",
        "Zeros go around the input, before anything is added up.",
        instead(lambda x, kernel, stride, padding: np.pad(conv2d(x, kernel, stride, 0), padding)),
    ),
    Mistake(
        "putting all the padding after the image",
        "`np.pad(x, padding)` puts zeros on every side.",
        padded((0, 2), (0, 2)),
    ),
    Mistake("padding at the top and left alone", "Bottom and right need zeros too.", padded((1, 0), (1, 0))),
    Mistake("padding at the bottom and right alone", "Top and left need zeros too.", padded((0, 1), (0, 1))),
    Mistake("padding the rows alone", "Left and right need zeros too.", padded((1, 1), (0, 0))),
    Mistake(
        "repeating the border instead of adding zeros",
        "Padding means zeros here.",
        padded((1, 1), (1, 1), mode="edge"),
    ),
    Mistake("rounding the size up", "A window that does not fit is left out: `//` rounds down.", instead(rounded_up)),
    Mistake(
        "rotating the kernel by 180°",
        "A convolution layer does not flip: weight (0, 0) meets the first pixel of the window.",
        before(lambda kernel, **_: {"kernel": kernel[::-1, ::-1]}),
    ),
    *LOOPS,
]
FEATURES = {
    "the stride is above 1": lambda stride, **_: stride > 1,
    "there is padding": lambda padding, **_: padding > 0,
    "the last window does not end at the border": lambda x, kernel, stride, padding: any(
        (n + 2 * padding - k) % stride for n, k in zip(x.shape, kernel.shape, strict=True)
    ),
    "the image is not square": lambda x, **_: x.shape[0] != x.shape[1],
}


def backward(grad_y, x, kernel):
    return ops.conv2d_backward(grad_y, x, kernel)[:2]


def overwritten(grad_y, x, kernel):
    grad_x = np.zeros(x.shape)
    for r, q in np.ndindex(grad_y.shape):
        grad_x[r : r + kernel.shape[0], q : q + kernel.shape[1]] = grad_y[r, q] * kernel
    return grad_x


BACKWARD = [
    {"grad_y": filled(*[n - m + 1 for n, m in zip(x, k, strict=True)], seed=2), **case(x, k)}
    for x, k in [
        ((1, 1), (1, 1)),
        ((2, 2), (1, 1)),
        ((2, 2), (2, 2)),
        ((3, 3), (2, 2)),
        ((4, 3), (2, 2)),
        ((4, 4), (3, 3)),
        ((5, 4), (2, 3)),
    ]
]


def never_read(n, kernel_size, stride):
    return np.setdiff1d(np.arange(n), geometry.window_indices(n, kernel_size, stride=stride))


READ = [
    {"n": n, "kernel_size": k, "stride": s}
    for n, k, s in [(3, 1, 2), (4, 3, 1), (5, 1, 2), (6, 2, 3), (7, 3, 3), (8, 3, 2), (10, 2, 4), (11, 3, 5), (9, 3, 3)]
]


def are_settings(settings):
    names = {"kernel_size", "stride", "padding", "dilation"}
    if isinstance(settings, dict) and (unknown := sorted(settings.keys() - names)):
        return f"There is no setting `{unknown[0]}`; the names are `kernel_size`, `stride`, `padding` and `dilation`."
    if not isinstance(settings, dict) or "kernel_size" not in settings:
        return 'Give a dict of settings, such as `{"kernel_size": 3, "stride": 2, "padding": 0}`.'


def make_seven(settings):
    size = geometry.output_size(13, **settings)
    if size != 7:
        return f"On 13 pixels these settings give {size} outputs, not 7."


def make_fourteen(settings):
    size = geometry.output_size(27, **settings)
    if size != 14:
        return f"The same settings should take 27 pixels to 14; they give {size}."


EXERCISES = [
    Write(
        "04",
        "output_size",
        "my_output_size({n}, {kernel_size}, {stride}, {padding})",
        output_size,
        AXES,
        [
            Mistake(
                "rounding up",
                "A window that does not fit is left out: `//` rounds down.",
                sized(lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1),
            ),
            Mistake(
                "forgetting the + 1",
                "With n = k there is one position, and n − k is 0.",
                sized(lambda n, k, s, p: (n + 2 * p - k) // s),
            ),
            Mistake(
                "counting the padding once", "Zeros go on both ends.", sized(lambda n, k, s, p: (n + p - k) // s + 1)
            ),
            Mistake(
                "adding 1 before dividing",
                "The first window needs no step. Divide n + 2p − k by the stride, then add 1.",
                sized(lambda n, k, s, p: (n + 2 * p - k + 1) // s),
            ),
            Mistake(
                "ignoring the stride",
                "Where does your function use `stride`?",
                sized(lambda n, k, s, p: n + 2 * p - k + 1),
            ),
            Mistake(
                "ignoring the padding",
                "Where does your function use `padding`?",
                sized(lambda n, k, s, p: (n - k) // s + 1),
            ),
        ],
        [
            "With padding the axis has n + 2 · padding pixels. Where can the first window begin, and where the last?",
            "The first pixel of the last window is at n + 2 · padding − kernel_size, or before it. How many strides fit into that?",
            "`(n + 2 * padding - kernel_size) // stride + 1`",
        ],
        {
            "the last window does not end at the border": lambda n, kernel_size, stride, padding: (
                (n + 2 * padding - kernel_size) % stride > 0
            ),
            "there is padding": lambda padding, **_: padding > 0,
            "the stride is above 1": lambda stride, **_: stride > 1,
        },
        keeps=True,
    ),
    Design(
        "04",
        "seven",
        [are_settings, make_seven, make_fourteen],
        [
            "Going from 13 to 7 is roughly halving. Which setting halves?",
            "With stride 2 and a 3-wide kernel, ⌊(13 + zeros − 3) / 2⌋ + 1 should be 7. How many zeros make that so?",
            "Seven windows at stride 2 reach over 15 pixels with a 3-wide kernel: one zero at each end.",
        ],
        lambda settings: (
            f'13 → 7 and 27 → 14, which is what padding "same" gives at stride {settings.get("stride", 1)}.'
        ),
    ),
    Write(
        "04",
        "same_padding",
        "same_padding({n}, {kernel_size}, {stride})",
        same_padding,
        SAME,
        [
            Mistake(
                "putting the odd zero before",
                'With padding "same", an odd zero goes after: at the bottom or right.',
                after(lambda y, **_: y[::-1]),
            ),
            Mistake(
                "ignoring the stride",
                "At stride s, only ⌈n / s⌉ windows are needed. How many pixels do they span?",
                before(lambda stride, **_: {"stride": 1}),
            ),
            Mistake(
                "putting all zeros on each end",
                "The total is shared out: half of it goes before, the rest after.",
                after(lambda y, **_: (sum(y), sum(y))),
            ),
            Mistake(
                "putting half the kernel on both ends",
                "For an even kernel the two ends differ.",
                instead(lambda n, kernel_size, stride: (kernel_size // 2,) * 2),
            ),
            Mistake(
                "allowing negative amounts",
                "When windows leave pixels between them, no zeros are needed: `max(total, 0)`.",
                instead(
                    lambda n, kernel_size, stride: (lambda t: (t // 2, t - t // 2))(
                        (-(-n // stride) - 1) * stride + kernel_size - n
                    )
                ),
            ),
        ],
        [
            '"same" promises ⌈n / stride⌉ outputs. How many pixels do so many windows span, from the first to the last?',
            "They span (outputs − 1) · stride + kernel_size pixels. What is missing from that is the total of the zeros, and never less than 0.",
            "`total = max((-(-n // stride) - 1) * stride + kernel_size - n, 0)`, and then `(total // 2, total - total // 2)`.",
        ],
        {
            "the stride is above 1": lambda stride, **_: stride > 1,
            "the kernel size is even": lambda kernel_size, **_: kernel_size % 2 == 0,
        },
        returns=("before", "after"),
    ),
    Write(
        "04",
        "conv2d_settings",
        "my_conv2d(x, kernel, {stride}, {padding})",
        conv2d,
        CASES,
        MISTAKES,
        [
            "Padding comes first and once. After that you can forget about it.",
            "`x = np.pad(x, padding)`. Then the output has `(rows of x - rows of kernel) // stride + 1` rows.",
            "The window of output (r, q) begins at row `r * stride` and column `q * stride`.",
        ],
        FEATURES,
        plainer,
        linear="x",
        keeps=True,
    ),
    Write(
        "04",
        "never_read",
        "never_read({n}, {kernel_size}, {stride})",
        never_read,
        READ,
        [
            Mistake(
                "leaving out the pixels after the last window",
                "The last windows may end before the border: those pixels count too.",
                instead(
                    lambda n, kernel_size, stride: (
                        lambda r: r[r <= geometry.window_indices(n, kernel_size, stride=stride).max()]
                    )(never_read(n, kernel_size, stride))
                ),
            ),
            Mistake(
                "counting only where windows begin",
                "A window reads kernel_size pixels, beginning at its first.",
                instead(
                    lambda n, kernel_size, stride: np.setdiff1d(
                        np.arange(n), geometry.window_indices(n, kernel_size, stride=stride)[:, 0]
                    )
                ),
            ),
            Mistake(
                "letting the last window hang over the border",
                "Without padding, a window that does not fit is left out.",
                instead(
                    lambda n, kernel_size, stride: np.array([i for i in range(n) if i % stride >= kernel_size], int)
                ),
            ),
            Mistake(
                "returning the pixels that are read",
                "Which pixels are left when you take those away?",
                instead(
                    lambda n, kernel_size, stride: np.unique(geometry.window_indices(n, kernel_size, stride=stride))
                ),
            ),
        ],
        [
            "Window o reads pixels `o * stride` to `o * stride + kernel_size - 1`. How many windows are there?",
            "Start with an array of n times True, and set to False whatever a window reads.",
            "`np.flatnonzero(unread)` gives the positions that are still True.",
        ],
        {
            "the stride is larger than the kernel": lambda n, kernel_size, stride: stride > kernel_size,
            "the last window does not end at the border": lambda n, kernel_size, stride: (n - kernel_size) % stride > 0,
        },
    ),
    Write(
        "04",
        "conv2d_backward",
        "my_conv2d_backward(grad_y, x, kernel)",
        backward,
        BACKWARD,
        [
            Mistake(
                "rotating the kernel by 180° in the input's gradient",
                "If you add window by window, do not rotate it. Only a full convolution of `grad_y` needs the rotated kernel.",
                instead(
                    lambda grad_y, x, kernel: (
                        ops.conv2d(grad_y, kernel, padding="full"),
                        backward(grad_y, x, kernel)[1],
                    )
                ),
            ),
            Mistake(
                "taking the mean over positions for the kernel's gradient",
                "The gradients of a shared weight add up.",
                after(lambda y, grad_y, **_: (y[0], y[1] / grad_y.size)),
            ),
            Mistake(
                "overwriting the kernel's gradient instead of adding to it",
                "Every position adds its part to the kernel's gradient: use `+=`.",
                instead(
                    lambda grad_y, x, kernel: (
                        backward(grad_y, x, kernel)[0],
                        backward(only(grad_y, np.s_[-1, -1]), x, kernel)[1],
                    )
                ),
            ),
            Mistake("swapping the two gradients", "Return the input's gradient first.", after(lambda y, **_: y[::-1])),
            Mistake(
                "overwriting the input's gradient instead of adding to it",
                "Windows overlap, and each adds its part: use `+=`.",
                instead(lambda grad_y, x, kernel: (overwritten(grad_y, x, kernel), backward(grad_y, x, kernel)[1])),
            ),
        ],
        [
            "Output (r, q) is the sum of `x[r + i, q + j] * kernel[i, j]`. So what is its derivative by that pixel, and by that weight?",
            "For each output (r, q): add `grad_y[r, q] * kernel` to the pixels of its window, and `grad_y[r, q] * window` to the kernel's gradient.",
            "`grad_x[r : r + k, q : q + l] += grad_y[r, q] * kernel` and `grad_kernel += grad_y[r, q] * x[r : r + k, q : q + l]`",
        ],
        {
            "windows overlap": lambda grad_y, kernel, **_: grad_y.size > 1 and kernel.size > 1,
            "the image is not square": lambda x, **_: x.shape[0] != x.shape[1],
        },
        keeps=True,
        returns=("grad_x", "grad_kernel"),
    ),
]
