"""What cases of several chapters are made of."""

from __future__ import annotations

import numpy as np


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
