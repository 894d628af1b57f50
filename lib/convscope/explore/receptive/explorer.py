"""The receptive-field explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from ...geometry import ReceptiveField
from ..arrays import PLAIN_PICTURES, picture
from ..explorer import Explorer, Setting
from ..modules import joined
from .state import FACE, START, ReceptiveFieldState, face


class ReceptiveFieldExplorer(Explorer):
    """Stack layers and see how much of the picture one unit sees, and through which units of the layers between.

    layers: 1 to 8 windows, first to last, each (kernel_size, stride, padding, dilation), shortened at will, or a
        dict of these, as `receptive_field` takes them; size, stride and dilation may be (rows, columns). Layers such
        as Conv2D(4, (1, 3)) will do as well.
    depth: how many of them are on show, 1 to all; left out, all.
    image: "face" (the kitten at 64 × 64), "kitten", "numbers", "letter", "digit", "checkerboard", "step edge", or an
        array (row, column).

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. What cannot be raises
    StateError, and the explorer stays as it was.
    """

    _esm = joined("receptive/scene.js")

    image, layers, depth = Setting.several(3)

    def __init__(self, layers=START, *, depth=None, **settings):
        if depth is None and isinstance(layers, (tuple, list)):
            depth = len(layers)
        super().__init__(
            ReceptiveFieldState.start(),
            {"layers": layers, "depth": depth, **settings},
            pictures={FACE: face()} | {name: picture(name)[0] for name in PLAIN_PICTURES},
        )

    @property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a unit of the last layer on show sees: size, jump and start along the rows and along the columns."""
        return self.state.fields
