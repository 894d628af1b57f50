"""Chapter 7: several sizes side by side, and a network that the learner wrote."""

from __future__ import annotations

import numpy as np

from ...datasets import digits
from ...models import GOOGLENET, Widths, inception
from ...training import cross_entropy as library_loss
from ...training import softmax
from ...watch import TooLong, watched
from ..exercise import Design, Mistake, Unmet, Value, Write, after, before, instead
from .cases import filled

IN = GOOGLENET["3a"].input_shape
BRANCHES = tuple(branch.parameter_count(IN) for branch in inception("3a").layers)
BIASES = (64, 96 + 128, 16 + 32, 32)
TOTAL = sum(BRANCHES)
UNREDUCED = (BRANCHES[0], 192 * 128 * 9 + 128, 192 * 32 * 25 + 32, BRANCHES[3])
NAIVE_DEPTH = 192 + 3 * (64 + 128 + 32)


def module(widths):
    return inception(Widths(IN, *widths))


def are_widths(widths):
    if np.shape(widths) != (6,) or not all(isinstance(width, int | np.integer) for width in widths):
        return "Give six whole numbers of filters: `(one, reduce_three, three, reduce_five, five, pool)`."
    if min(widths[0], widths[2], widths[4], widths[5]) < 16:
        return "Every branch should return at least 16 maps."


def has_depth(widths):
    depth = module(widths).output_shape(IN)[0]
    if depth != 256:
        return f"Its depth is {depth}, and should be 256."


def is_affordable(widths):
    count = module(widths).parameter_count(IN)
    if count > 100_000:
        return f"It has {count:,} parameters. Stay within 100,000."


SCORES = [
    {"scores": filled(n, c, seed=n) / 2, "labels": np.arange(n) * 2 % c}
    for n, c in [(1, 2), (1, 3), (2, 2), (3, 4), (5, 10)]
]
SCORES.append({"scores": np.array([[1000.0, 0], [0, 1000]]), "labels": np.array([0, 0])})


def cross_entropy(scores, labels):
    loss, gradient = library_loss(scores, labels)
    return float(loss), gradient


def cross_entropy_along(scores, labels, axis):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return loss_of(powers / powers.sum(axis=axis, keepdims=True), labels)


def overflowing(scores, labels):
    with np.errstate(over="ignore", invalid="ignore"):
        return loss_of(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), labels)


def all_columns(scores, labels):
    shares = softmax(scores)
    gradient = shares.copy()
    gradient[:, labels] -= 1
    with np.errstate(divide="ignore"):
        return float(-np.log(shares[:, labels]).mean()), gradient / len(labels)


def loss_of(shares, labels):
    picked = np.arange(len(labels)), labels
    gradient = shares.copy()
    gradient[picked] -= 1
    with np.errstate(divide="ignore"):
        return float(-np.log(shares[picked]).mean()), gradient / len(labels)


STEPS = [
    {
        "weights": filled(*shape),
        "gradient": filled(*shape, seed=1) - 2,
        "velocity": v * filled(*shape, seed=2),
        "rate": 0.5,
        "momentum": m,
    }
    for shape, v, m in [
        ((1,), 0, 0.0),
        ((2,), 0, 0.0),
        ((2,), 0, 0.5),
        ((3,), 1, 0.5),
        ((2, 2), 1, 0.9),
        ((3, 2), 1, 0.0),
    ]
]


def sgd_step(weights, gradient, velocity, rate, momentum):
    velocity = momentum * velocity + gradient
    return weights - rate * velocity, velocity


def rate_inside(weights, gradient, velocity, rate, momentum):
    velocity = momentum * velocity + rate * gradient
    return weights - velocity, velocity


SIDE, EXAMPLES, LEAST, MOST_SECONDS = 14, 500, 0.8, 120


def small_digits():
    """500 digits with their labels, and 500 new ones with theirs."""
    (x, labels), (new_x, new_labels) = digits(SIDE)
    return x[:EXAMPLES, 0], labels[:EXAMPLES], new_x[:EXAMPLES, 0], new_labels[:EXAMPLES]


def answered(function, case):
    """What a learner's function returns, and what was seen; one that returns `...` is not written yet."""
    answer, seen = watched(function, case, MOST_SECONDS)
    if answer is ...:
        raise NotImplementedError
    return answer, seen


def classes_of_new(train):
    """What a learner's training makes of the new digits; tried on 20 first."""
    if not callable(train):
        raise Unmet("Give the function itself, `my_train`, without brackets.")
    x, labels, new_x, _ = small_digits()
    try:
        predict, trained = answered(train, {"x": x[:20].copy(), "labels": labels[:20].copy()})
        if not callable(predict):
            raise Unmet("`my_train(x, labels)` should return a function that takes images and returns their classes.")
        classes, used = answered(predict, {"images": new_x[:3].copy()})
        if np.shape(classes) != (3,):
            came = "nothing" if classes is None else f"the shape {np.shape(classes)}"
            raise Unmet(
                f"For 3 images, your function from images to classes should return 3 classes; it returns {came}."
            )
        if borrowed := trained.borrowed or used.borrowed:
            raise Unmet(f"It calls `{borrowed}` of this library. Use the functions of your `mine.py`.")
        predict, _ = watched(train, {"x": x, "labels": labels}, MOST_SECONDS)
        return np.asarray(watched(predict, {"images": new_x}, MOST_SECONDS)[0])
    except TooLong as stop:
        raise Unmet(f"It ran for more than {MOST_SECONDS} seconds, mostly in line {stop.args[0][0]}.") from None


def share_right(classes) -> float:
    return float((classes == small_digits()[3]).mean())


def has_learned(classes):
    if (share := share_right(classes)) < LEAST:
        return f"It classifies {share:.0%} of {EXAMPLES} new digits correctly. Reach {LEAST:.0%}."


EXERCISES = [
    Value(
        "07",
        "branch_padding",
        (0, 1, 2, 1),
        [
            (
                (0, 0, 0, 0),
                "Without padding the branches return maps of different sizes, and those cannot be put on top of each other.",
            ),
            ((1, 1, 1, 1), "A 1×1 window needs no zeros, and a 5×5 needs more than one."),
            ((0, 2, 4, 2), "That is for both ends together: half of it goes on each."),
            ((0, 1, 2, 0), "The pool slides a 3×3 window too."),
            ((1, 3, 5, 3), "Padding says how many zeros go on each side."),
        ],
        [
            "All branches have to return 28 × 28. At stride 1 an n-wide axis becomes n + 2p − k + 1.",
            "So 2p = k − 1.",
            "k is 1, 3, 5 and 3.",
        ],
        ["the 1×1", "the 3×3", "the 5×5", "the 3×3 pool"],
        "p = (k − 1) / 2 on each side keeps the size, which is why kernels are odd.",
    ),
    Value(
        "07",
        "table_3a",
        (*BRANCHES, TOTAL),
        [
            ((*BRANCHES[:3], 0, TOTAL - BRANCHES[3]), "The pool has nothing to learn, but the 1×1 after it has."),
            (
                (*(p - b for p, b in zip(BRANCHES, BIASES, strict=True)), TOTAL - sum(BIASES)),
                "Each filter has a bias as well.",
            ),
            ((*UNREDUCED, sum(UNREDUCED)), "The 3×3 and the 5×5 read the *reduced* maps, 96 and 16, not all 192."),
        ],
        [
            "A convolution from c to f channels with k×k kernels has f · (c · k² + 1) parameters.",
            "The 3×3 branch is a 1×1 from 192 to 96 and a 3×3 from 96 to 128; the pool's branch is a 1×1 from 192 to 32.",
            "The 1×1 branch: 64 · (192 + 1) = 12,352.",
        ],
        ["the 1×1 branch", "the 3×3 branch", "the 5×5 branch", "the pool's branch", "the module"],
    ),
    Value(
        "07",
        "naive_depth",
        NAIVE_DEPTH,
        [
            (192 + 224, "That is after one module."),
            (256 * 3, "Without a 1×1 behind it, the pool passes on all the maps that it gets."),
            (224 * 3, "The pool's maps are put on top as well."),
        ],
        [
            "In a naive module the pool has no 1×1 behind it. How many maps does it return?",
            "Each module adds 64 + 128 + 32 maps to those that came in.",
            "192 + 3 · 224",
        ],
        why=f"192 became {NAIVE_DEPTH}: the depth grows with every module, and cannot do otherwise.",
    ),
    Design(
        "07",
        "widths",
        [are_widths, has_depth, is_affordable],
        [
            "The depth is one + three + five + pool. The reductions do not count.",
            "Most parameters are in the 3×3 branch: 9 · reduce_three · three. Which branch gives maps for less?",
            "`(128, 48, 64, 8, 32, 32)` comes to about 76,000.",
        ],
        lambda widths: f"{module(widths).parameter_count(IN):,} parameters; 3a has {TOTAL:,}.",
    ),
    Write(
        "07",
        "cross_entropy",
        "my_cross_entropy(scores, labels)",
        cross_entropy,
        SCORES,
        [
            Mistake(
                "adding up over the examples",
                "Both the loss and its gradient are means over the examples.",
                after(lambda y, scores, labels: (y[0] * len(scores), y[1] * len(scores))),
            ),
            Mistake(
                "forgetting to divide the gradient by the number of examples",
                "The loss is a mean, so each example contributes a share of the gradient.",
                after(lambda y, scores, labels: (y[0], y[1] * len(scores))),
            ),
            Mistake(
                "taking the softmax over the examples",
                "Each row of scores is one example: the sum runs over axis 1.",
                instead(lambda scores, labels: cross_entropy_along(scores, labels, 0)),
            ),
            Mistake(
                "leaving out the − 1 at the right class",
                "The gradient is softmax minus 1 at the right class.",
                after(lambda y, scores, labels: (y[0], softmax(scores) / len(scores))),
            ),
            Mistake(
                "getting the sign of the gradient wrong",
                "A larger score of the right class makes the loss smaller.",
                after(lambda y, **_: (y[0], -y[1])),
            ),
            Mistake(
                "getting the sign of the loss wrong",
                "The log of a probability is negative, and the loss is *minus* that log.",
                after(lambda y, **_: (-y[0], y[1])),
            ),
            Mistake(
                "picking the columns of all labels in every row",
                "`z[:, labels]` takes columns. `z[np.arange(len(labels)), labels]` takes one number of each row.",
                instead(all_columns),
            ),
            Mistake(
                "taking the log of a share that has become 0",
                "log softmax is score − maximum − log of the sum: take the log of the sum instead of dividing by it.",
                instead(lambda scores, labels: cross_entropy_along(scores, labels, 1)),
            ),
            Mistake(
                "letting the exponential overflow",
                "Subtract the largest score of each row first; it changes nothing else.",
                instead(overflowing),
            ),
        ],
        [
            "`softmax` of a row is `exp(scores)` divided by its sum. The loss is −log of the probability of the right class, on average.",
            "Subtract the row's maximum before `exp`. The gradient is softmax, minus 1 at the right class, divided by the number of examples.",
            "With z = scores − maximum of the row, the loss is log(Σ exp(z)) − z at the right class, `z[np.arange(len(labels)), labels]`.",
        ],
        {
            "there is more than one example": lambda scores, labels: len(scores) > 1,
            "scores are large": lambda scores, labels: scores.max() > 100,
        },
        keeps=True,
        returns=("loss", "gradient"),
    ),
    Write(
        "07",
        "sgd_step",
        "my_sgd_step(weights, gradient, velocity, {rate}, {momentum})",
        sgd_step,
        STEPS,
        [
            Mistake(
                "going up the gradient",
                "The gradient points to where the loss grows. Go the other way.",
                after(lambda y, weights, **_: (2 * weights - y[0], y[1])),
            ),
            Mistake(
                "ignoring the momentum",
                "The velocity keeps a share of what it was: `momentum * velocity`.",
                before(lambda momentum, **_: {"momentum": 0.0}),
            ),
            Mistake(
                "ignoring the rate", "The velocity is multiplied by `rate`.", before(lambda rate, **_: {"rate": 1.0})
            ),
            Mistake(
                "moving by the old velocity instead of the new one",
                "First update the velocity, then use it for the weights.",
                instead(
                    lambda weights, gradient, velocity, rate, momentum: (
                        weights - rate * velocity,
                        momentum * velocity + gradient,
                    )
                ),
            ),
            Mistake(
                "putting the rate into the velocity",
                "Here the rate comes in only where the weights move: the velocity is momentum · velocity + gradient.",
                instead(rate_inside),
            ),
            Mistake(
                "weighing the gradient by 1 − momentum",
                "The whole gradient is added: momentum · velocity + gradient.",
                before(lambda gradient, momentum, **_: {"gradient": (1 - momentum) * gradient}),
            ),
            Mistake(
                "returning the velocity as it came",
                "The next step needs the new velocity.",
                after(lambda y, velocity, **_: (y[0], velocity.copy())),
            ),
            Mistake(
                "returning the velocity first", "Return the weights, then the velocity.", after(lambda y, **_: y[::-1])
            ),
        ],
        [
            "The velocity remembers: it is a share of the last velocity, plus the gradient.",
            "Do not change `velocity` in place: make a new array, `momentum * velocity + gradient`.",
            "`return weights - rate * velocity, velocity`",
        ],
        {
            "the momentum is not 0": lambda momentum, **_: momentum > 0,
            "the velocity is not 0": lambda velocity, **_: velocity.any(),
        },
        keeps=True,
        returns=("weights", "velocity"),
    ),
    Design(
        "07",
        "my_network",
        [has_learned],
        [
            "One convolution is enough: 4 kernels of 5×5, ReLU, 2×2 max pool, and a matrix from 4 · 5 · 5 numbers to 10 scores.",
            "Forward for one digit: `my_conv2d_fast`, `np.maximum`, `my_max_pool2d`. Backward: `my_cross_entropy`, then `my_max_pool2d_backward`, "
            "the ReLU's mask, `my_conv2d_backward`.",
            "One epoch of `my_sgd_step` after each digit, with a rate of 0.02 and no momentum, gets there.",
        ],
        lambda classes: (
            f"{share_right(classes):.0%} of {EXAMPLES} new digits classified correctly, with code of your own alone."
        ),
        classes_of_new,
    ),
]
