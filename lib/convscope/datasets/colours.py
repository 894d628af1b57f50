"""Colours of ink and paper, drawn at random, and the grey that is left of them.

A colour is red, green and blue, each 0 to 1. How light it is follows from a *mix*: so much of each, added.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import hsv_to_rgb

from ..arguments import check_room, generator, number, whole
from ..ops.arrays import advice_on_channels, common_type
from ..ops.arrays import numbers as array_of

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""How much red, green and blue add to lightness (ITU-R BT.601)."""

CHROMA = (0.4, 0.9)  # how far apart two colours of equal lightness are, in RGB: plain to see
HUES = (0, 1 / 3, 2 / 3)  # red, green, blue


def grey(x, mix=LUMA) -> np.ndarray:
    """Colour pictures in grey: their three channels added, in the shares of `mix`, to one.

    x: (…, 3, row, column). mix: how much of red, of green and of blue; left out, their share in lightness.
    Returns (…, 1, row, column). Raises ValueError or TypeError where x has not three channels or mix three numbers.
    """
    x, mix = array_of("x", x), _checked_mix(mix)
    if x.ndim < 3 or x.shape[-3] != 3:
        advice = x.ndim >= 3 and advice_on_channels(x.shape, 3)
        raise ValueError(
            f"x must have three channels, (…, 3, row, column); got shape {x.shape}{f'; {advice}' if advice else ''}."
        )
    # not BLAS, which rounds as the processor likes: one pixel is the same number on every machine
    red, green, blue = np.moveaxis(x, -3, 0)
    shares = mix.astype(common_type(x))
    return (shares[0] * red + shares[1] * green + shares[2] * blue)[..., None, :, :]


def colour_pairs(n, *, darker=None, mix=LUMA, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Colours for n pictures, (ink, paper), each (n, 3): all colours equally likely, ink and paper independent.

    darker: keep only pairs whose ink is darker than its paper by at least this much, measured by `mix`; more than 0,
        at most half of what mix can tell apart, the sum of its sizes.
    mix: how much red, green and blue count in that; left out, their share in lightness.
    seed: a whole number or a NumPy Generator.
    """
    n, mix, rng = whole("n", n, least=0), _checked_mix(mix), generator(seed, "colours")
    if darker is None:
        return _uniform(n, rng)
    most = abs(mix).sum() / 2
    wanted = f", more than 0 and, for this mix, at most {most:.3g}"
    darker = number("darker", darker, wanted, lambda darker: 0 < darker <= most)
    return _kept(n, lambda ink, paper: ((paper - ink) @ mix >= darker, ink, paper), rng)


def equal_lightness_pairs(n, *, mix=LUMA, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Colours for n pictures, (ink, paper), each (n, 3): as light as each other, yet 0.4 to 0.9 apart in RGB.

    Grey cannot tell them apart: what is drawn with them, only colour shows. mix: what counts as light. seed: a whole
    number or a NumPy Generator.
    """
    n, mix = whole("n", n, least=0), _checked_mix(mix)
    if abs(mix.sum()) < 0.1 * abs(mix).sum():
        raise ValueError(f"mix must not cancel out, or no grey can even two colours; got {mix.tolist()}.")

    def evened(ink, paper):
        ink = ink + ((paper - ink) @ mix / mix.sum())[:, None]  # more or less of white
        apart = np.linalg.norm(ink - paper, axis=1)
        possible = (ink >= 0).all(axis=1) & (ink <= 1).all(axis=1)
        return possible & (apart >= CHROMA[0]) & (apart <= CHROMA[1]), ink, paper

    return _kept(n, evened, generator(seed, "equal lightness"))


def hue_pairs(n, *, seed=0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colours for n pictures and their classes, (ink, paper, labels): red, green or blue ink (0, 1, 2) on grey paper.

    Hues lie within 0.08 of a turn, saturation in 0.5 … 1, value in 0.3 … 1, the paper's grey in 0.2 … 1: lightness says
    next to nothing of the class. seed: a whole number or a NumPy Generator.
    """
    n, rng = whole("n", n, least=0), generator(seed, "hues")
    labels = rng.integers(0, len(HUES), n)
    hue = (np.array(HUES)[labels] + rng.uniform(-0.08, 0.08, n)) % 1
    ink = hsv_to_rgb(np.stack([hue, rng.uniform(0.5, 1, n), rng.uniform(0.3, 1, n)], axis=1))
    paper = np.repeat(rng.uniform(0.2, 1, (n, 1)), 3, axis=1)
    return ink.astype(np.float32), paper.astype(np.float32), labels


def checked_colours(name: str, colours, n: int) -> np.ndarray:
    """Colours as floats (n or 1, 3) in 0 … 1."""
    colours = array_of(name, colours)
    if colours.shape not in ((3,), (n, 3)):
        raise ValueError(f"{name} must be one colour, (3,), or one for each picture, ({n}, 3); got {colours.shape}.")
    if not ((colours >= 0) & (colours <= 1)).all():
        raise ValueError(f"{name} must lie between 0 and 1; it goes from {colours.min():.3g} to {colours.max():.3g}.")
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
    """Pairs drawn again and again until n are kept by the rule, which may also change them."""
    inks, papers, found = [], [], 0
    while found < n:
        keep, ink, paper = rule(*_uniform(2 * n + 100, rng))
        inks.append(ink[keep])
        papers.append(paper[keep])
        found += keep.sum()
    return tuple(np.concatenate([np.empty((0, 3), np.float32), *parts])[:n] for parts in (inks, papers))
