"""The inputs and the weights that a mixer knows by name."""

from __future__ import annotations

from functools import cache

import numpy as np

from ... import datasets, kernels
from ...ops import conv2d
from ..arrays import PICTURES, frozen
from ..settings import limits

LIMITS = limits(__package__)
MOST, RELU = LIMITS["most"], tuple(LIMITS["among"]["relu"])  # inputs, and outputs


@cache
def named(name) -> np.ndarray:
    """One of `IMAGES`."""
    return frozen(IMAGES[name]())


def edges() -> np.ndarray:
    """Edges of the kitten, (4, 96, 96): brighter to the right, to the left, below and above; the others below 0."""
    sobel = np.stack([kernels.preset(f"Sobel {axis}") for axis in "xy"]) / 4
    signs = np.stack([sobel, -sobel], axis=1).reshape(4, 1, 3, 3)
    return conv2d(datasets.kitten(96, grey=True)[None], np.float32(signs), padding="same")


def feature_maps() -> np.ndarray:
    """The kitten under the first eight filters of `kernels.bank`, (8, 96, 96)."""
    return conv2d(datasets.kitten(96), kernels.bank(5)[:MOST], padding="same")


IMAGES = {"kitten in colour": PICTURES["kitten in colour"], "edges": edges, "feature maps": feature_maps}
_OF_MAPS = {
    "sum": lambda n: np.ones((1, n)),
    "mean": lambda n: np.full((1, n), 1 / n),
    "half as many": lambda n: np.kron(np.eye((n + 1) // 2), [0.5, 0.5])[:, :n],
    "same": np.eye,
}


def presets(inputs) -> dict:
    """The named mixes of so many inputs, each (weights, bias); the first is what new inputs start with."""
    if inputs == 3:
        return {name: (np.array(mix["weights"], float), mix["bias"]) for name, mix in LIMITS["colours"].items()}
    return {name: (weights(inputs), 0) for name, weights in _OF_MAPS.items()}
