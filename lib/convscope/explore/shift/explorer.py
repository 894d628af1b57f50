"""The shift explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ..explorer import Explorer, Result, Setting, in_sight
from ..modules import joined
from .state import PICTURES, ShiftState, named

IN_SIGHT = ("image", "layer", "stride", "pooling", "pool_stride")
CONTROLS = (*IN_SIGHT, "kernel", "kernel_size", "pool_size", "global_pool", "shift")


class ShiftExplorer(Explorer):
    """Drag a picture over blank paper, 48 × 48: does a layer's map move with it, and does a global pool notice?

    image: "digit", "letter", "kitten", or an array (row, column), not all 0, at most 48 × 48.
    shift: (rows, columns), down and to the right, or up and to the left below 0: at most 8, and only as far as blank
        paper stays round the picture, as much of it as a cell of the map sees.
    layer: "convolution", of eight random kernels, or "dense", with a weight for each pixel in each cell of its map.
        Both end in ReLU. All that follows but `global_pool` is for a convolution alone.
    kernel: which of the eight maps is on show, 0 to 7. kernel_size: 1 to 5. stride: 1 to 4.
    pooling: "none", "max" or "average", after the convolution; pool_size and pool_stride: 1 to 4.
        Sizes and strides are each an int or (rows, columns).
    global_pool: "max" or "average", over each whole map.
    controls: which of these settings have their control in sight; the others' are folded away.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. `error` is
    ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ over all maps. What cannot be raises StateError, and the explorer stays as it
    was.
    """

    _esm = joined("shift/scene.js")

    image, shift, layer, kernel, kernel_size, stride = Setting.several(6)
    pooling, pool_size, pool_stride, global_pool = Setting.several(4)
    error = Result()

    def __init__(self, image: ArrayLike = "digit", *, controls=IN_SIGHT, **settings):
        super().__init__(
            ShiftState.start(),
            {"image": image, **settings},
            options={"controls": in_sight(controls, CONTROLS)},
            pictures={name: named(name) for name in PICTURES},
        )
