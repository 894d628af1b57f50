"""The channel mixer: each pixel's channels weighed and added up, which is a convolution with 1 × 1 kernels."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ..explorer import Explorer, Result, Setting, in_sight
from ..modules import joined
from .mixes import IMAGES, named
from .state import MixerState

CONTROLS = ("image", "weights", "relu", "bias")


class ChannelMixer(Explorer):
    """Mix the channels of a photo, or feature maps, pixel by pixel: a 1 × 1 convolution, by hand.

    image: "kitten in colour", "edges" (4 maps, left and right, up and down), "feature maps" (8), or an array
        (channel, row, column), at most 8 channels of 512 × 512.
    weights: an array (output, input), at most 8 × 8, or a name: for three channels "grey", "mean", "red",
        "red − green", "swap red and blue", "invert"; else "sum", "mean", "half as many", "same".
    bias: a number, or one for each output. relu: "none", "before" the mix or "after" it.
    controls: which of these settings have their control in sight; the others' are folded away.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is the mix, (output,
    row, column). What cannot be raises StateError, and the explorer stays as it was.
    """

    _esm = joined("mixer/scene.js")

    image, weights, bias, relu = Setting.several(4)
    output = Result()

    def __init__(self, image: ArrayLike = "kitten in colour", *, controls=CONTROLS, **settings):
        super().__init__(
            MixerState.start(),
            {"image": image, **settings},
            options={"controls": in_sight(controls, CONTROLS)},
            pictures={name: named(name) for name in IMAGES},
        )
