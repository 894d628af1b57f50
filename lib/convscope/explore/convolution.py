"""The convolution explorer: a kernel moves over a picture, and the feature map answers."""

from __future__ import annotations

import numpy as np
from traitlets import Any, Bool, validate

from . import convolution_panels
from .base import Explorer, Setting, StateError
from .convolution_controls import Controls
from .convolution_state import ConvolutionState
from .convolution_words import as_code


class ConvolutionExplorer(Explorer):
    """Move a kernel over a picture and watch the feature map answer.

    image: "kitten", "kitten in colour", "numbers" (a 7 × 7 table), "letter", "digit", "checkerboard", "step edge",
        or an array (row, column) or (channel, row, column), at most 4 channels of 512 × 512.
    kernel: one of `convscope.kernels.PRESETS`, or an array, at most 11 × 11: (row, column), for a picture with
        channels the same on each, or (channel, row, column).
    kernel_size: 1 to 11. stride: 1 to 4. dilation: 1 to 3. Each an int or (rows, columns).
    padding: "valid", "same", "full", 0 to 15, or (rows, columns).
    flip: True turns the kernel by half a turn first: the convolution of mathematics. False is what libraries do.
    formula: False hides the size formula, and the sizes of other paddings, from a reader who is to find it.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is the feature
    map; `code()` is the program that makes it. What cannot be raises StateError, and the explorer stays as it was.
    """

    settings = ("image", "kernel", "kernel_size", "stride", "padding", "dilation", "flip")
    _results = ("output",)
    _own = {"image": ("picture", "image"), "kernel": ("preset", "kernel")}
    _looks = convolution_panels

    image = Setting(help="The picture, (row, column) or (channel, row, column); set it by name or by array.")
    kernel = Setting(help="The weights, with as many axes as the picture; set them by name or by array.")
    kernel_size = Setting(help="Rows and columns of the kernel, 1 to 11.")
    stride = Setting(help="Pixels from one window to the next, 1 to 4.")
    padding = Setting(help='"valid", "same", "full", or zeros a side, 0 to 15.')
    dilation = Setting(help="Pixels from one weight to the next, 1 to 3; 1 is the ordinary kernel.")
    flip = Setting(help="Whether the kernel is turned by half a turn: true convolution.")
    output = Any(read_only=True, help="The feature map, (row, column).")
    formula = Bool(True, help="Whether the size formula is shown.")

    def __init__(self, image="kitten", kernel="Sobel x", *, formula=True, **settings):
        self._controls = Controls(self._request)
        changes = {"image": image, "kernel": kernel, **settings}
        super().__init__(ConvolutionState.start(), changes, self._controls.box, formula=formula)
        self._view.uploads = True
        self.observe(lambda _: self._show(self._drawing(self.state)), "formula")

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    def code(self) -> str:
        """The program that makes this output: with the explorer's name for an image of your own."""
        return as_code(self.state)

    def _drawing(self, state):
        drawing = super()._drawing(state) | {"code": as_code(state)}
        return drawing if self.formula else drawing | {"caption": ""}

    def _show_controls(self, state):
        own = {name: self._offer_own(state, name) for name in self._own}
        self._controls.show(state, own, compare=self.formula)

    def _own_in(self, state, name):
        """The learner's own, the kernel with a slice for each channel that there is now."""
        own = super()._own_in(state, name)
        return {"kernel": state.fitted(own["kernel"])} if "kernel" in own else own

    def _edit(self, panel, row, column, value):
        """A new value for one cell of the kernel."""
        kernel = self.kernel.copy()
        kernel[(*self._looks.kernel_slice(self.state, panel), row, column)] = value
        self._adopt(self._changed({"kernel": kernel}), run=("edit", panel, row, column))

    def _take_picture(self, pixels, rows, columns):
        """A picture that a person chose, red, green, blue and opacity as bytes, in place of the image."""
        if pixels.size != rows * columns * 4:
            raise StateError("The picture did not arrive whole; choose it again.")
        colours = pixels.reshape(rows, columns, 4)[..., :3].astype(np.float32) / 255
        self.set(image=np.moveaxis(colours, -1, 0))
