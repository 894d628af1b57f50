"""What colours mean in every picture, still or live, and what can be read on them."""

from __future__ import annotations

import numpy as np

BLUE, ORANGE = "#2a6fb0", "#c85200"
"""Blue for what is made, orange for what is read; both can be read on white, and told apart by colour-blind eyes."""

PADDING = {"facecolor": "#e9e4f2", "edgecolor": "#8c7bb0", "hatch": "////", "linewidth": 0}
"""How a patch of padding is drawn."""

COLOUR_MAPS = {"grey": "gray", "signed": "RdBu_r"}
"""Colour-blind-safe matplotlib maps: `grey` from low to high, `signed` with white at zero."""

ENDS = {"grey": ("black", "white"), "signed": ("blue", "red")}
"""What the lowest and the highest colour of a map are called."""


def ink(colour) -> str:
    """Black or white, whichever is easier to read on a colour: the higher of the two contrasts that WCAG 2 defines.

    colour: red, green and blue from 0 to 1; an opacity behind them is not looked at.
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    return "black" if luminance + 0.05 > (0.05 * 1.05) ** 0.5 else "white"
