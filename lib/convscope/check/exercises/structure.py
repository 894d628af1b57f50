"""Chapter 1: what was put in."""

from __future__ import annotations

import numpy as np

from ...datasets import LUMA
from ..exercise import Design, Mistake, Write, after, before, instead
from .cases import ROUNDED, numbers_of

MIX = np.array([0.299, 0.587, 0.114])
PHOTOS = [
    {"x": np.random.default_rng(seed).integers(0, 11, shape) / 10}
    for seed, shape in enumerate([(3, 1, 1), (3, 1, 2), (3, 2, 2), (3, 3, 3), (3, 2, 4), (3, 3, 2)])
]


def to_grey(x):
    return np.tensordot(MIX, x, 1)


def one_colour(case):
    for channel in range(3):
        x = np.zeros_like(case["x"])
        x[channel] = 1
        yield {"x": x}


def runs(seeds, lead, spread, seed):
    """Accuracies of colour and grey for five sizes of the training set: colour overtakes as `lead` says."""
    rng = np.random.default_rng(seed)
    grey = np.round(70 + rng.normal(0, spread, (len(lead), seeds)), 1)
    return {
        "n": np.array([50, 100, 300, 1000, 3000])[: len(lead)],
        "grey": grey,
        "colour": np.round(grey + np.array(lead)[:, None] + rng.normal(0, spread, grey.shape), 1),
    }


def standard_error(numbers, ddof=1):
    return numbers.std(axis=1, ddof=ddof) / np.sqrt(numbers.shape[1])


def crosses(error):
    """The function that takes the first lead above twice such an error of the leads."""
    return lambda n, grey, colour: int(n[np.argmax((colour - grey).mean(axis=1) > 2 * error(colour - grey))])


crossing = crosses(standard_error)


def unpaired(n, grey, colour):
    error = np.hypot(standard_error(colour), standard_error(grey))
    return int(n[np.argmax((colour - grey).mean(axis=1) > 2 * error)])


COLOURS = [
    {"colours": colours, "grey": colours @ mix}
    for colours, mix in [
        (np.eye(3), np.array([0.2, 0.5, 0.3])),
        (np.array([[1.0, 0, 0], [1, 1, 0], [1, 1, 1]]), np.array([0.1, 0.1, 0.8])),
        (np.random.default_rng(0).integers(0, 11, (5, 3)) / 10, MIX),
        (np.random.default_rng(1).integers(0, 11, (20, 3)) / 10, np.array([0.6, 0.3, 0.3])),
    ]
]
COLOURS.append({"colours": COLOURS[-1]["colours"], "grey": np.round(COLOURS[-1]["grey"], 1)})


def find_mix(colours, grey):
    return np.linalg.lstsq(colours, grey, rcond=None)[0]


def colours_of(pair):
    return numbers_of(pair, (2, 3), "Give two colours, `(ink, paper)`, each red, green and blue from 0 to 1.")


def are_colours(pair):
    if pair.min() < 0 or pair.max() > 1:
        return f"Red, green and blue go from 0 to 1; yours go from {pair.min():g} to {pair.max():g}."


def are_far_apart(pair):
    if (apart := float(np.linalg.norm(pair[0] - pair[1]))) < 0.5:
        return f"The colours are only {apart:.2f} apart; make that at least 0.5, so that the letter is plain to see."


def are_one_grey(pair):
    ink, paper = pair @ LUMA
    if abs(ink - paper) > 0.01:
        return f"In grey they are {ink:.3f} and {paper:.3f}. Make these equal to within 0.01."


EXERCISES = [
    Write(
        "01",
        "to_grey",
        "to_grey(x)",
        to_grey,
        PHOTOS,
        [
            Mistake(
                "taking the mean of the channels",
                "Green counts more than red, and red more than blue: 0.299, 0.587 and 0.114.",
                instead(lambda x: x.mean(axis=0)),
            ),
            Mistake(
                "adding the channels without weights",
                "Each channel has a weight of its own: 0.299, 0.587 and 0.114.",
                instead(lambda x: x.sum(axis=0)),
            ),
            Mistake(
                "taking the channels as blue, green and red", "Here channel 0 is red.", before(lambda x: {"x": x[::-1]})
            ),
            Mistake(
                "keeping the channel axis",
                "A grey image has rows and columns alone: its shape is `(rows, columns)`.",
                after(lambda y, x: y[None]),
            ),
            ROUNDED,
            Mistake(
                "taking one channel for all", "All three channels add to the grey.", instead(lambda x: x[0].copy())
            ),
        ],
        [
            "Channel 0 is red, channel 1 green, channel 2 blue; `x[0]` is an array of rows and columns.",
            "Multiply each channel by its weight, and add the three arrays.",
            "`0.299 * x[0] + 0.587 * x[1] + 0.114 * x[2]`",
        ],
        {"there is more than one pixel": lambda x: x.size > 3},
        one_colour,
    ),
    Design(
        "01",
        "same_grey",
        [are_colours, are_far_apart, are_one_grey],
        [
            "Start with two plain colours, such as a red and a green. Which is lighter in grey?",
            "Red counts 0.299 and green 0.587. By how much must the green be darker?",
            "Red 1 gives 0.299, and green 0.51 gives 0.587 · 0.51 = 0.299.",
        ],
        lambda pair: "A network that sees only grey cannot read a letter in these two colours, however long it trains.",
        colours_of,
    ),
    Write(
        "01",
        "find_mix",
        "find_mix(colours, grey)",
        find_mix,
        COLOURS,
        [
            Mistake(
                "making the weights add up to 1",
                "Nothing says that they do. Solve for the weights as they are.",
                after(lambda y, **_: y / y.sum()),
            ),
            Mistake(
                "returning the usual weights of grey",
                "Each case has a mix of its own. Find it from `colours` and `grey`.",
                instead(lambda colours, grey: MIX.copy()),
            ),
            Mistake(
                "taking the first three equations alone",
                "With noise, or with equations that say the same, three are too few: use them all.",
                instead(lambda colours, grey: np.linalg.solve(colours[:3], grey[:3])),
            ),
            Mistake(
                "dividing the greys by the colours one by one",
                "Each grey is a sum of three products, so the three weights must be found together.",
                instead(lambda colours, grey: (grey[:, None] / np.where(colours == 0, 1, colours)).mean(axis=0)),
            ),
        ],
        [
            "Each row says: red · w0 + green · w1 + blue · w2 = grey. That is a system of linear equations.",
            "There are more equations than unknowns: `np.linalg.lstsq` finds the best weights.",
            "`np.linalg.lstsq(colours, grey, rcond=None)[0]`",
        ],
        {
            "the weights do not add up to 1": lambda colours, grey: not np.isclose(find_mix(colours, grey).sum(), 1),
            "there are more than three colours": lambda colours, grey: len(colours) > 3,
        },
    ),
    Write(
        "01",
        "crossing",
        "crossing(n, grey, colour)",
        crossing,
        [
            runs(4, [-10.0, 8], 1, 0),
            runs(4, [-10, -3, 1, 8], 1.0, 1),
            runs(3, [-8, 0.8, 5, 9], 2.0, 2),
            runs(6, [-9, -1, 0.5, 3, 9], 1.5, 3),
            runs(8, [-9, 1.2, 1.5, 4, 9], 3.0, 4),
            runs(5, [-12, -6, -2, 0.7, 6], 2.5, 5),
            runs(3, [-8, 1.2, 2.5, 5, 9], 1.0, 22),
        ],
        [
            Mistake(
                "taking the first lead of colour, however small",
                "Is the lead larger than twice its standard error?",
                instead(crosses(lambda lead: 0)),
            ),
            Mistake(
                "comparing with the standard deviation",
                "The standard error of a mean is the standard deviation divided by √seeds.",
                instead(crosses(lambda lead: lead.std(axis=1, ddof=1))),
            ),
            Mistake(
                "comparing with one standard error",
                "The lead should be larger than two standard errors.",
                instead(crosses(lambda lead: standard_error(lead) / 2)),
            ),
            Mistake(
                "dividing by the seeds instead of seeds − 1",
                "`std` divides by the count unless you say `ddof=1`.",
                instead(crosses(lambda lead: standard_error(lead, ddof=0))),
            ),
            Mistake(
                "adding the errors of two separate means",
                "Subtract seed by seed first, and take the standard error of those leads.",
                instead(unpaired),
            ),
            Mistake(
                "returning the position in the list",
                "Return how many letters there are, `n[i]`, and not i.",
                instead(lambda n, grey, colour: list(n).index(crossing(n, grey, colour))),
            ),
        ],
        [
            "Row i of `grey` and of `colour` holds one accuracy per seed. Subtract first: a lead for each seed.",
            "The standard error of a mean over s seeds is `lead.std(axis=1, ddof=1) / np.sqrt(s)`.",
            "`np.argmax` of an array of True and False is the position of the first True.",
        ],
    ),
]
