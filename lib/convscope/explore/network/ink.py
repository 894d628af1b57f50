"""Ink on paper: moved, turned, made noisy, and centred as MNIST's digits were. `pen.js` is the twin of this."""

from __future__ import annotations

import numpy as np

from ..arrays import scattered

BOX = 20 / 28  # of the paper, the longer side of a digit


def centred(image) -> np.ndarray:
    """The image as MNIST's digits were made: the longer side of the ink's box 20 of 28 pixels, its centre of mass in
    the middle. image: (row, column), 0 (paper) to 1 (ink); returned as it is where it is blank."""
    rows, columns = image.shape
    inked = [np.flatnonzero((image > 0).any(axis=axis)) for axis in (1, 0)]
    if not inked[0].size:
        return image
    side = max(np.ptp(places) for places in inked) + 1
    scale, ink = BOX * max(rows, columns) / side, image.clip(0).astype(float)
    middle = [(ink.sum(axis=1 - axis) * _middles(n)).sum() / ink.sum() for axis, n in enumerate((rows, columns))]
    y, x = np.ix_(*(at + (_middles(n) - n / 2) / scale for at, n in zip(middle, (rows, columns), strict=True)))
    return sampled(image, y, x)


def adjusted(image, move=(0, 0), turn=0, noise=0, inverted=False) -> np.ndarray:
    """The image turned clockwise about its middle by `turn` degrees, then moved by (down, right) pixels, with noise
    (0 to 100: its standard deviation in hundredths of the ink) that is the same each time, and inverted, in that order.

    image: (channel, row, column); paper comes in from beyond its edge.
    """
    _, rows, columns = image.shape
    made = np.float32(image)
    if turn or any(move):
        sine, cosine = np.sin(np.deg2rad(turn)), np.cos(np.deg2rad(turn))
        v, u = np.ix_(_middles(rows) - move[0] - rows / 2, _middles(columns) - move[1] - columns / 2)
        x, y = columns / 2 + cosine * u + sine * v, rows / 2 - sine * u + cosine * v
        made = np.stack([sampled(channel, y, x) for channel in made])
    low = np.minimum(0, image.min(axis=(1, 2), keepdims=True))
    high = np.maximum(1, image.max(axis=(1, 2), keepdims=True))
    if noise:
        grain = scattered(3 * np.arange(image.size)[:, None] + np.arange(3)).sum(axis=1).reshape(image.shape)
        made = np.clip(made + noise / 100 * grain, low, high)
    return np.float32(low + high - made if inverted else made)


def sampled(image, y, x) -> np.ndarray:
    """An image (row, column) read between its pixels at points y and x, in pixels from the corner; paper round it."""
    paper = np.pad(image.astype(float), 1)
    y, x = (np.clip(at + 0.5, 0, n - 1.000001) for at, n in zip((y, x), paper.shape, strict=True))
    r, c = np.int64(y), np.int64(x)
    p, q = y - r, x - c
    upper = (1 - q) * paper[r, c] + q * paper[r, c + 1]
    return np.float32((1 - p) * upper + p * ((1 - q) * paper[r + 1, c] + q * paper[r + 1, c + 1]))


def _middles(n):
    return np.arange(n) + 0.5
