"""Random colours of ink and paper, and their conversion to grey.

A colour is red, green and blue, each 0 to 1. Its lightness is a weighted sum of the three; the weights are a *mix*.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import hsv_to_rgb
from numpy.typing import ArrayLike

from ..arguments import Seed, check_room, generator, number, whole
from ..ops.arrays import advice_on_channels, common_type
from ..ops.arrays import numbers as array_of

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""The weights of red, green and blue in lightness (ITU-R BT.601)."""

CHROMA = (0.4, 0.9)  # the least and largest distance in RGB between two colours of equal lightness
HUES = (0, 1 / 3, 2 / 3)  # red, green, blue


def grey(x: ArrayLike, mix: ArrayLike = LUMA) -> np.ndarray:
    """Return colour images in grey: the weighted sum of their three channels, (…, 1, row, column).

    x: (…, 3, row, column). mix: the weights of red, green and blue; by default those of lightness.
    Raises ValueError or TypeError unless x has three channels and mix three numbers.
    """
    x, mix = array_of("x", x), _checked_mix(mix)
    if x.ndim < 3 or x.shape[-3] != 3:
        advice = x.ndim >= 3 and advice_on_channels(x.shape, 3)
        raise ValueError(
            f"x must have three channels, (…, 3, row, column); got shape {x.shape}{f'; {advice}' if advice else ''}."
        )
    # without BLAS, whose rounding depends on the processor: a pixel is the same number on every machine
    red, green, blue = np.moveaxis(x, -3, 0)
    shares = mix.astype(common_type(x))
    return (shares[0] * red + shares[1] * green + shares[2] * blue)[..., None, :, :]


def colour_pairs(
    n: int, *, darker: float | None = None, mix: ArrayLike = LUMA, seed: Seed = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return random colours for n images, (ink, paper), each (n, 3): uniform and independent of each other.

    darker: if given, the ink is darker than its paper by at least this much, measured by `mix`; above 0, and at most
        half the sum of the absolute weights in `mix`.
    mix: the weights of red, green and blue for `darker`; by default those of lightness.
    seed: a whole number or a NumPy Generator.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    n, mix, rng = whole("n", n, least=0), _checked_mix(mix), generator(seed, "colours")
    if darker is None:
        return _uniform(n, rng)
    most = abs(mix).sum() / 2
    wanted = f", more than 0 and, for this mix, at most {most:.3g}"
    darker = number("darker", darker, wanted, lambda darker: 0 < darker <= most)
    return _kept(n, lambda ink, paper: ((paper - ink) @ mix >= darker, ink, paper), rng)


def equal_lightness_pairs(n: int, *, seed: Seed = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return random colours for n images, (ink, paper), each (n, 3): of equal lightness, but 0.4 to 0.9 apart in RGB.

    In grey the two are the same, so that only colour shows what is drawn with them.
    seed: a whole number or a NumPy Generator.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """

    def evened(ink, paper):
        ink = ink + ((paper - ink) @ LUMA)[:, None]  # white is added, or taken away, until both are equally light
        apart = np.linalg.norm(ink - paper, axis=1)
        possible = (ink >= 0).all(axis=1) & (ink <= 1).all(axis=1)
        return possible & (apart >= CHROMA[0]) & (apart <= CHROMA[1]), ink, paper

    return _kept(whole("n", n, least=0), evened, generator(seed, "equal lightness"))


def hue_pairs(n: int, *, seed: Seed = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return colours for n images and their classes, (ink, paper, labels): red, green or blue ink (0, 1, 2) on grey.

    ink and paper are (n, 3), labels (n,). Hues are within 0.08 of a full circle, saturations 0.5 to 1, values 0.3 to 1
    and the grey of the paper 0.2 to 1, so that lightness says almost nothing about the class.
    seed: a whole number or a NumPy Generator.
    """
    n, rng = whole("n", n, least=0), generator(seed, "hues")
    labels = rng.integers(0, len(HUES), n)
    hue = (np.array(HUES)[labels] + rng.uniform(-0.08, 0.08, n)) % 1
    ink = hsv_to_rgb(np.stack([hue, rng.uniform(0.5, 1, n), rng.uniform(0.3, 1, n)], axis=1))
    paper = np.repeat(rng.uniform(0.2, 1, (n, 1)), 3, axis=1)
    return ink.astype(np.float32), paper.astype(np.float32), labels


def checked_colours(name: str, colours, n: int) -> np.ndarray:
    """Return colours as float32, (n or 1, 3); raise ValueError unless they fit n images and are from 0 to 1."""
    colours = array_of(name, colours)
    if colours.shape not in ((3,), (n, 3)):
        raise ValueError(f"{name} must be one colour, (3,), or one for each image, ({n}, 3); got {colours.shape}.")
    if not ((colours >= 0) & (colours <= 1)).all():
        raise ValueError(f"{name} must be from 0 to 1; got numbers from {colours.min():.3g} to {colours.max():.3g}.")
    return colours.astype(np.float32).reshape(-1, 3)


def _checked_mix(mix) -> np.ndarray:
    mix = array_of("mix", mix)
    if mix.shape != (3,) or not np.isfinite(mix).all() or not mix.any():
        raise ValueError(f"mix must be three numbers, for red, green and blue, not all 0; got {mix.tolist()}.")
    return mix.astype(np.float32)


def _uniform(n, rng):
    check_room((n, 2, 3), "use a smaller n")
    ink, paper = rng.random((2, n, 3), dtype=np.float32)
    return ink, paper


def _kept(n, rule, rng):
    """Return n random pairs that the rule keeps; it may also change them."""
    inks, papers, found = [], [], 0
    while found < n:
        keep, ink, paper = rule(*_uniform(2 * n + 100, rng))
        inks.append(ink[keep])
        papers.append(paper[keep])
        found += keep.sum()
    return tuple(np.concatenate([np.empty((0, 3), np.float32), *parts])[:n] for parts in (inks, papers))
