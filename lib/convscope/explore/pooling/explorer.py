"""The pooling explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ..arrays import PLAIN_PICTURES, picture
from ..explorer import Explorer, Result, Setting
from ..modules import joined
from .state import PoolingState


class PoolingExplorer(Explorer):
    """Pool a picture, or a feature map of it: what max, average and striding keep, and where a gradient goes.

    image: "numbers" (a 7 × 7 table), "kitten", "letter", "digit", "checkerboard", "step edge", or an array
        (row, column), at most 256 × 256. Where no kernel comes before, its numbers can be changed.
    kernel: "none", or one of `convscope.kernels.PRESETS`: then its 3 × 3 feature map, after ReLU, is what is pooled.
    kind: "max", "average" or "striding", which keeps the first pixel of each window: the one whose map is the output.
    size: 1 to 5. stride: 1 to 5. Each an int or (rows, columns).
    padding: "valid", "same", 0 to 4, or (rows, columns), less than the size.
    gradient: True shows `grad_y`, how a loss changes with each output, routed back to the input. It is all ones, until
        it is given as an array in the shape of the output, or its cells are changed.
    one_scale: True draws input and output in cells of one size, so that a smaller output looks smaller.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is what is kept,
    `grad_x` the gradient of the input. What cannot be raises StateError, and the explorer stays as it was.
    """

    _esm = joined("pooling/scene.js")

    image, kernel, kind, size, stride, padding, gradient, grad_y = Setting.several(8)
    output, grad_x = Result(), Result()

    def __init__(self, image: ArrayLike = "numbers", *, one_scale=False, **settings):
        super().__init__(
            PoolingState.start(),
            {"image": image, **settings},
            options={"one_scale": bool(one_scale)},
            pictures={name: picture(name)[0] for name in PLAIN_PICTURES},
        )
