"""What cases, mistakes and demands of several chapters are made of."""

from __future__ import annotations

import numpy as np

from ...training import logits
from ..exercise import Mistake, Unmet, after


def filled(*shape, seed=0) -> np.ndarray:
    """1, 2, 3, … in some order, so that no two numbers can be mixed up."""
    return np.random.default_rng(seed).permutation(np.arange(1.0, np.prod(shape) + 1)).reshape(shape)


def case(x, kernel, **settings) -> dict:
    """An image and a kernel of these shapes, the kernel 1, 2, 3, … in reading order."""
    return {"x": filled(*x), "kernel": np.arange(1.0, np.prod(kernel) + 1).reshape(kernel), **settings}


def plainer(case):
    """A single 1 in the image, then ones alone."""
    for pixel in np.ndindex(case["x"].shape):
        dot = np.zeros_like(case["x"])
        dot[pixel] = 1
        yield {**case, "x": dot}
    yield {**case, "x": np.ones_like(case["x"])}


def only(y: np.ndarray, part) -> np.ndarray:
    """This part of an array, and 0 everywhere else."""
    kept = np.zeros_like(y)
    kept[part] = y[part]
    return kept


def numbers_of(answer, shape: tuple[int, ...], ask: str) -> np.ndarray:
    """An answer as an array of this shape, or Unmet, which asks for it."""
    try:
        numbers = np.asarray(answer, float)
    except (TypeError, ValueError):
        raise Unmet(ask) from None
    if numbers.shape != shape or not np.isfinite(numbers).all():
        raise Unmet(ask)
    return numbers


def classes_of(model, images) -> np.ndarray:
    """The digits that a network says images are, or Unmet if it does not give ten scores for each."""
    if model.output_shape(images.shape[1:]) != (10,):
        raise Unmet("The last layer should give 10 scores for each image: add `Flatten()` and `Dense(10)`.")
    return logits(model, images).argmax(axis=1)


ROUNDED = Mistake(
    "rounding to whole numbers",
    "`//`, `dtype=int`, and `np.zeros_like` of whole numbers cut fractions off. `np.zeros(…)` does not.",
    after(lambda y, **_: np.trunc(y)),
)
# What goes wrong in two loops over a map's rows and columns.
LOOPS = [
    Mistake(
        "swapping the output's rows and columns",
        "Which loop is the outer one, and which index of the output does it set?",
        after(lambda y, **_: y.T),
    ),
    Mistake(
        "stopping one position early along both axes",
        "How many positions are there from 0 to the last that fits, both included?",
        after(lambda y, **_: y[:-1, :-1]),
    ),
    Mistake(
        "leaving the last row of the output at 0",
        "`range(n)` ends at n − 1. Does your loop over the rows go on to the last?",
        after(lambda y, **_: only(y, np.s_[:-1])),
    ),
    Mistake(
        "leaving the last column of the output at 0",
        "`range(n)` ends at n − 1. Does your loop over the columns go on to the last?",
        after(lambda y, **_: only(y, np.s_[:, :-1])),
    ),
    Mistake(
        "returning after the first number",
        "`return` ends the function. Is it indented as far as a loop's lines?",
        after(lambda y, **_: only(y, np.s_[:1, :1])),
    ),
    Mistake(
        "returning after the first row",
        "`return` ends the function. Is it indented as far as the lines of the outer loop?",
        after(lambda y, **_: only(y, np.s_[:1])),
    ),
]
