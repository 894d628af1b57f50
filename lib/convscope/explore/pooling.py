"""The pooling explorer: one number for each window, who won it, and where a gradient goes back to."""

from __future__ import annotations

from traitlets import Any, validate

from . import pooling_panels
from .arrays import PLAIN_PICTURES
from .base import Explorer, Setting
from .controls import Controls, checkbox, dropdown, slider
from .pooling_state import KERNELS, PADDINGS, POOLS, SIZES, STRIDES, PoolingState

CHOICES = {
    "kernel": KERNELS,
    "kind": POOLS,
    "size": SIZES,
    "stride": STRIDES,
    "padding": PADDINGS,
    "compare": (False, True),
    "gradient": (False, True),
}


class PoolingExplorer(Explorer):
    """Pool a picture, or a feature map of it, and see who wins each window, what striding keeps, where gradients go.

    image: "numbers" (a 7 × 7 table), "kitten", "letter", "digit", "checkerboard", "step edge", or an array
        (row, column), at most 128 × 128. Where no kernel comes before, its numbers can be changed up to 16 × 16.
    kernel: "none", or one of `convscope.kernels.PRESETS`: then its 3 × 3 feature map, after ReLU, is what is pooled.
    kind: "max" or "average". size: 1 to 5. stride: 1 to 5. padding: "valid", "same", or 1 to 4, less than the size.
    compare: True shows both pools beside striding, which keeps the first pixel of each window.
    gradient: True shows `grad_y`, how a loss changes with each output, routed back to the input. It is all ones, until
        it is given as an array in the shape of the output, or its cells are changed.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is what the pool makes,
    `grad_x` the gradient of the input. What cannot be raises StateError, and the explorer stays as it was.
    """

    settings = ("image", *CHOICES, "grad_y")
    _results = ("output",)
    _own = {"image": ("picture", "image")}
    _looks = pooling_panels

    image = Setting(help="The picture, (row, column); set it by name or by array.")
    kernel = Setting(help='"none", or the name of a kernel whose feature map is pooled.')
    kind = Setting(help='"max" or "average".')
    size = Setting(help="Rows and columns of the window, 1 to 5.")
    stride = Setting(help="Pixels from one window to the next, 1 to 5.")
    padding = Setting(help='"valid", "same", or a number a side, less than the size.')
    compare = Setting(help="Whether both pools and striding are shown.")
    gradient = Setting(help="Whether the gradient is shown.")
    grad_y = Setting(help="The gradient of the output, in its shape.")
    output = Any(read_only=True, help="What the pool makes, (row, column).")

    def __init__(self, image="numbers", **settings):
        made = {"size": slider, "stride": slider, "compare": checkbox, "gradient": checkbox}
        labels = {"compare": "compare with striding", "gradient": "route a gradient back"}
        named = {name: made.get(name, dropdown)(labels.get(name, name)) for name in ("image", *CHOICES)}
        self._controls = Controls(self._request, **named)
        super().__init__(PoolingState.start(), {"image": image, **settings}, self._controls.box)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def grad_x(self):
        """The gradient of the input, (row, column): `grad_y` routed back through the pool."""
        return self.state.grad_x

    def _edit(self, panel, row, column, value):
        """A new value for one pixel, or for the gradient of one output."""
        name = "image" if panel == self._looks.INPUT else "grad_y"
        values = getattr(self.state, name).copy()
        values[row, column] = value
        self._adopt(self._changed({name: values}), run=("edit", panel, row, column))

    def _show_controls(self, state):
        images = [*state.choices("image", PLAIN_PICTURES), *self._offer_own(state, "image")]
        shown = {name: (getattr(state, name), state.choices(name, values)) for name, values in CHOICES.items()}
        self._controls.show(shown | {"image": (state.picture, images)})
