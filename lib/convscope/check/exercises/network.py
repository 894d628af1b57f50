"""Chapter 8: one unit by hand, a confusion matrix, a layer that does not fit, digits that move, and the whole course."""

from __future__ import annotations

import numpy as np

from ...datasets import digits, shift
from ...layers import Layer
from ..exercise import Design, Mistake, Unmet, Value, Write, after, before, instead
from .cases import classes_of

CASES = [
    {"labels": np.array(labels), "said": np.array(said), "classes": classes}
    for labels, said, classes in [
        ([0], [0], 1),
        ([1], [1], 2),
        ([0], [1], 2),
        ([0, 1], [1, 1], 2),
        ([1, 1], [0, 0], 2),
        ([2, 0, 2], [1, 0, 1], 3),
        ([0, 1, 1, 2, 2, 2], [1, 2, 2, 0, 0, 1], 3),
        ([1, 0, 1, 1], [1, 1, 0, 1], 4),
        ([3, 3, 0, 3, 1, 1], [2, 2, 0, 3, 0, 0], 5),
    ]
]


def confusion(labels, said, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, said), 1)
    return table


def pairs_once(labels, said, classes):
    return np.minimum(confusion(labels, said, classes), 1)


def as_shares(table, **_):
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


STEPS = 6  # pixels to one of four sides
LEAST_MOVED, LEAST_STILL = 0.7, 0.8


def moved_digits():
    """The test digits, each moved by 6 pixels to one of four sides, and their labels."""
    x, labels = digits()[1]
    sides = STEPS * np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])[np.arange(len(x)) % 4]
    return shift(x, *sides.T), labels


def on_test_digits(model):
    """The classes that a model gives to the test digits as they are, and to the same moved."""
    if not isinstance(model, Layer):
        raise Unmet(f"Give a trained network, such as `models.digit_net()`; this is a `{type(model).__name__}`.")
    return [classes_of(model, x) for x in (digits()[1][0], moved_digits()[0])]


def shares_right(found):
    return [float((np.asarray(said) == digits()[1][1]).mean()) for said in found]


def reads_moved(found):
    if (share := shares_right(found)[1]) < LEAST_MOVED:
        return f"It classifies {share:.0%} of the moved digits correctly. Reach {LEAST_MOVED:.0%}."


def still_reads(found):
    if (share := shares_right(found)[0]) < LEAST_STILL:
        return f"It classifies only {share:.0%} of the digits as they are correctly. Stay above {LEAST_STILL:.0%}."


COURSE = ("grey", 3, 456, 16, 14, 2, "stride", 1024, 256, 50)


def but(number, answer):
    """The right answers to the ten questions, but one."""
    return (*COURSE[: number - 1], answer, *COURSE[number:])


EXERCISES = [
    Value(
        "08",
        "unit",
        (3, -5, -1, 0, 4),
        [
            ((3, -5, -2, 0, 4), "The filter has a bias, which is added to the sum of all products."),
            ((3, -5, -1, -1, 4), "A ReLU turns what is below 0 into 0."),
            ((3, -5, 4, 4, 4), "The subtotals of all maps are added first. The ReLU comes after that."),
            ((3, -5, -1, 0, 1.5), "This pool keeps the largest of its four numbers, not their mean."),
            ((15, 5, 21, 21, 21), "The kernel is not rotated: each weight meets the number in its own place."),
        ],
        [
            "Multiply number by number, without rotating the kernel, and add up the four products of each map.",
            "The unit is the sum of both subtotals and the bias. Only then comes the ReLU.",
            "The first subtotal is 1·2 + 0·5 + 2·(−1) + 1·3.",
        ],
        ["the subtotal of map 0", "the subtotal of map 1", "the unit", "the unit after the ReLU", "the pool"],
        "That is how every number of the network is made, with more products.",
    ),
    Write(
        "08",
        "confusion",
        "my_confusion(labels, said, {classes})",
        confusion,
        CASES,
        [
            Mistake(
                "exchanging rows and columns",
                "The row is the label, the column is what the network said.",
                after(lambda table, **_: table.T.copy()),
            ),
            Mistake(
                "counting a pair once, however often it occurs",
                "`table[labels, said] += 1` adds once to each entry, even if the pair comes twice. `np.add.at` adds each time.",
                instead(pairs_once),
            ),
            Mistake("giving shares", "Return numbers of examples; shares of a row come later.", after(as_shares)),
            Mistake(
                "making the table as large as the largest label",
                "The table has `classes` rows and columns, even if some classes do not occur.",
                before(lambda labels, said, **_: {"classes": int(max(labels.max(), said.max())) + 1}),
            ),
            Mistake(
                "leaving out what was right",
                "The diagonal counts the examples that were classified correctly.",
                after(lambda table, **_: table - np.diag(np.diag(table))),
            ),
        ],
        [
            "Begin with a table of zeros, `classes` × `classes`, of whole numbers.",
            "Go through the examples: each adds 1 to one entry, in the row of its label.",
            "`for label, answer in zip(labels, said): table[label, answer] += 1`",
        ],
        {
            "a pair occurs more than once": lambda labels, said, **_: (
                len(set(zip(labels.tolist(), said.tolist(), strict=True))) < len(labels)
            ),
            "the last class does not occur": lambda labels, said, classes: max(labels.max(), said.max()) < classes - 1,
            "some answers are wrong": lambda labels, said, **_: (labels != said).any(),
        },
    ),
    Value(
        "08",
        "misfit",
        (6, 2, 1),
        [
            ((7, 2, 1), "The layers are counted from 0, as Python counts."),
            ((6, 3, 0), "A pool leaves out what does not fill a window: it rounds down."),
            ((6, 4, 0), "The second pool has windows of 3×3, and its stride is its size."),
            ((6, 2, 0), "A 3×3 kernel does not fit into 2 rows: it needs zeros around them."),
            ((6, 2, 2), "Padding says how many zeros go on each side."),
            ((9, 2, 1), "A dense layer takes any number of features. Go through the sizes from the first layer on."),
        ],
        [
            "Go from layer to layer: a convolution with k×k kernels turns n into n − k + 1, a pool of size k into n / k, rounded down.",
            "28, 24, 12, 8, and then the second pool.",
            "8 / 3 rounded down is 2, and a 3×3 kernel needs 3: how many zeros on each side are enough?",
        ],
        ["the layer", "the rows of its input maps", "the padding"],
    ),
    Design(
        "08",
        "moved_digits",
        [reads_moved, still_reads],
        [
            "What it has never seen, it cannot know. Train on digits that are moved, each in its own way.",
            "`datasets.shift(x, *rng.integers(-6, 7, (2, len(x))))` moves each image of x by up to 6 pixels. Make several such copies.",
            "Three copies, `np.concatenate([…])`, with `np.tile(labels, 3)`, in 5 epochs with `Adam(0.003)`, get there.",
        ],
        lambda found: "It classifies {:.0%} of the digits as they are correctly, and {:.0%} of the moved ones.".format(
            *shares_right(found)
        ),
        on_test_digits,
    ),
    Value(
        "08",
        "ten_questions",
        COURSE,
        [
            (but(1, "colour"), "With so few letters grey helps: it leaves fewer numbers to ignore."),
            (but(2, 1), "The gradient of a shared weight is the sum over all positions, not the mean."),
            (but(3, 450), "Each filter has a bias."),
            (but(3, 156), "A filter has a kernel for each channel."),
            (but(4, 15), "The padding counts on both sides: 32 + 2 + 2 − 5 = 31."),
            (but(4, 15.5), "There is one position more than steps of the kernel, and half a step is none."),
            (but(4, 16.5), "A last window that is not whole gives no output: round down."),
            (but(5, 10), "After the pool, neighbouring units lie 2 pixels apart."),
            (but(5, 13), "The window of the pool widens the field as well, by one pixel."),
            (but(6, 1), "At a tie this library gives the whole gradient to the first."),
            (but(7, "max"), "With a stride of 1, the same max follows every shift."),
            (but(8, 9216), "A 1×1 kernel has one weight for each channel, not nine."),
            (but(10, 0.5), "Give it in per cent."),
            (but(10, 100), "Two classes have the same score, and probabilities add up to 1."),
        ],
        [
            "Question n comes from chapter n up to 4; then 5 from chapter 4, 6 and 7 from chapter 5, 8 from 6, 9 from 7, 10 from 8.",
            "3: a filter has a kernel for each channel, and a bias. 5: after the pool, neighbours are 2 pixels apart. 9: depths add up.",
            "4: (32 + 2 + 2 − 5) / 2 + 1, rounded down. 8: 64 · 16. 10: softmax of two equal scores, far above the others.",
        ],
        [f"question {number}" for number in range(1, 11)],
        "That was the course.",
    ),
]
