"""The shift explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from ..explorer import Explorer, Result, Setting
from ..modules import joined
from ..still import draw
from .state import PICTURES, ShiftState, named
from .words import caption, panels, sentence


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

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. `error` is
    ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ over all maps, `answer_error` the same of the global pool's answers, which do not
    shift, and `curve` the error at each shift of columns. What cannot be raises StateError, and the explorer stays as
    it was.
    """

    _esm = joined("shift/scene.js")

    image = Setting(help="The picture, (row, column); set it by name or by array.")
    shift = Setting(help="Rows down and columns to the right, (rows, columns).")
    layer = Setting(help='"convolution" or "dense".')
    kernel = Setting(help="Which map is on show, 0 to 7.")
    kernel_size = Setting(help="Rows and columns of the kernels, 1 to 5.")
    stride = Setting(help="Pixels from one window to the next, 1 to 4.")
    pooling = Setting(help='"none", "max" or "average".')
    pool_size = Setting(help="Rows and columns of the pooling window, 1 to 4.")
    pool_stride = Setting(help="Cells from one pooling window to the next, 1 to 4.")
    global_pool = Setting(help='"max" or "average".')
    error = Result(help="‖f(shift x) − shift f(x)‖ / ‖f(x)‖.")

    def __init__(self, image="digit", **settings):
        pictures = {name: named(name) for name in PICTURES}
        super().__init__(ShiftState.start(), {"image": image, **settings}, options={}, pictures=pictures)

    @property
    def sentence(self) -> str:
        return sentence(self.state)

    @property
    def answer_error(self) -> float:
        """By how much of its size the global pool's answer changes with the shift."""
        return self.state.answer_error

    @property
    def curve(self):
        """Shifts of columns, the rows as they are, and the error at each: two arrays."""
        return self.state.curve

    def figure(self):
        """A matplotlib figure of this state: the picture, both maps and their difference."""
        return draw(panels(self.state), caption(self.state))
