"""What is done to an image before a network reads it. `pen.js` is the twin of this."""

from __future__ import annotations

import numpy as np

from ....datasets import rotate, shift
from ...arrays import scattered


def adjusted(image, move=(0, 0), turn=0, noise=0, inverted=False) -> np.ndarray:
    """The image turned by `rotate`, then moved by `shift`, with noise that is the same each time, and inverted.

    image: (channel, row, column). move: (down, right). noise: its standard deviation in hundredths of the ink; what it
    takes beyond paper or ink is cut off.
    """
    made = np.float32(image)
    made = shift(rotate(made, turn) if turn else made, *move)
    low = np.minimum(0, made.min(axis=(1, 2), keepdims=True))
    high = np.maximum(1, made.max(axis=(1, 2), keepdims=True))
    if noise:
        grain = scattered(3 * np.arange(made.size)[:, None] + np.arange(3)).sum(axis=1).reshape(made.shape)
        made = np.clip(made + noise / 100 * grain, low, high)
    return np.float32(low + high - made if inverted else made)
