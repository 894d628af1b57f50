"""The colours of every picture, drawn or interactive, and the text colour that can be read on them."""

from __future__ import annotations

import numpy as np

BLUE, ORANGE = "#2a6fb0", "#c85200"
"""Blue for outputs, orange for inputs; both can be read on white, and told apart by colour-blind readers."""

PADDING = {"facecolor": "#e9e4f2", "edgecolor": "#8c7bb0", "hatch": "////", "linewidth": 0}
"""The style of padding, for matplotlib patches."""

COLOUR_MAPS = {"grey": "gray", "signed": "RdBu_r"}
"""Matplotlib colour maps for colour-blind readers too: `grey` from low to high, `signed` with white at zero."""

ENDS = {"grey": ("black", "white"), "signed": ("blue", "red")}
"""The names of the lowest and the highest colour of each map."""


def ink(colour) -> str:
    """Return "black" or "white", whichever has the higher contrast on a colour by the formula of WCAG 2.

    colour: red, green and blue from 0 to 1; an opacity after them is ignored.
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    return "black" if luminance + 0.05 > (0.05 * 1.05) ** 0.5 else "white"
