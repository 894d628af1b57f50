"""The convolution explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from numpy.typing import ArrayLike
from traitlets import Bool, Dict

from ..arrays import PICTURES, picture
from ..explorer import Explorer, Result, Setting, StateError, described, in_sight
from ..modules import joined
from .state import LIMITS, ConvolutionState
from .words import as_code
from .yours import compared

CONTROLS = ("image", "kernel", *LIMITS["largest"], "flip", "transposed")


class ConvolutionExplorer(Explorer):
    """Move a kernel over a picture and watch the feature map answer.

    image: "kitten", "kitten in colour", "numbers" (a 7 × 7 table), "letter", "digit", "checkerboard", "step edge",
        or an array (row, column) or (channel, row, column), at most 4 channels of 512 × 512.
    kernel: one of `convscope.kernels.PRESETS`, or an array, at most 11 × 11: (row, column), for a picture with
        channels the same on each, or (channel, row, column).
    kernel_size: 1 to 11. stride: 1 to 4. dilation: 1 to 3. Each an int or (rows, columns).
    padding: "valid", "same", "full", 0 to 15, or (rows, columns).
    flip: True turns the kernel by half a turn first: the convolution of mathematics. False is what libraries do.
    transposed: True leads the other way, as `conv_transpose2d` does: each pixel adds the kernel, times itself, to the
        output; stride is from one pixel's kernel to the next, and padding is cropped.
    formula: False hides the size formula, and the sizes of other paddings, from a reader who is to find it.
    controls: which of these settings have their control in sight; the others' are folded away.
    function: one of your own, called with the image, the kernel and those of stride, padding, dilation and transposed
        that it takes: cells in which its numbers are not those of NumPy get a ring.
    one_scale: True draws input and output in cells of one size, so that a smaller output looks smaller.

    Each setting is a trait to read, set and observe (arrays too; to link one of those, use `dlink`); `set(…)` changes
    several at once; `output` is the feature map; `code()` is the program that makes it. What cannot be raises
    StateError, and the explorer stays as it was.
    """

    _esm = joined("convolution/scene.js")
    options = ("formula",)

    image, kernel, kernel_size, stride, padding, dilation, flip, transposed = Setting.several(8)
    output = Result()
    formula = Bool(True).tag(sync=True)
    _yours = Dict().tag(sync=True)  # what the function says to which settings

    def __init__(
        self,
        image: ArrayLike = "kitten",
        kernel: ArrayLike = "Sobel x",
        *,
        function=None,
        formula=True,
        controls=CONTROLS[:-3],
        one_scale=False,
        **settings,
    ):
        if not (function is None or callable(function)):
            raise StateError(f"function must be a function, without brackets after its name; got {function!r}.")
        self._function = function
        super().__init__(
            ConvolutionState.start(),
            {"image": image, "kernel": kernel, **settings},
            options={"controls": in_sight(controls, CONTROLS), "one_scale": bool(one_scale)},
            pictures={name: picture(name)[0] for name in PICTURES},
            formula=formula,
        )

    def _say(self, state, told=None, **refusal):
        super()._say(state, told, **refusal)
        if self._function is not None:
            sentence, numbers = compared(self._function, state)
            map_ = {} if numbers is None else described(numbers)
            self._yours = {"settings": self._said["settings"], "sentence": sentence, "numbers": map_}

    def code(self) -> str:
        """The program that makes this output: with the explorer's name for an image of your own."""
        return as_code(self.state)
