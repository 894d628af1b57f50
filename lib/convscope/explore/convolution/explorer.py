"""The convolution explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from traitlets import Bool

from ..arrays import PICTURES, picture
from ..explorer import Explorer, Result, Setting, in_sight
from ..modules import joined
from .state import LIMITS, ConvolutionState
from .words import as_code

CONTROLS = ("image", "kernel", *LIMITS["largest"], "flip")


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
    controls: which of these settings have their control in sight; the others' are folded away.
    one_scale: True draws input and output in cells of one size, so that a smaller output looks smaller.

    Each setting is a trait to read, set and observe (arrays too; to link one of those, use `dlink`); `set(…)` changes
    several at once; `output` is the feature map; `code()` is the program that makes it. What cannot be raises
    StateError, and the explorer stays as it was.
    """

    _esm = joined("convolution/scene.js")
    options = ("formula",)

    image, kernel, kernel_size, stride, padding, dilation, flip = Setting.several(7)
    output = Result()
    formula = Bool(True).tag(sync=True)

    def __init__(
        self, image="kitten", kernel="Sobel x", *, formula=True, controls=CONTROLS[:-2], one_scale=False, **settings
    ):
        super().__init__(
            ConvolutionState.start(),
            {"image": image, "kernel": kernel, **settings},
            options={"controls": in_sight(controls, CONTROLS), "one_scale": bool(one_scale)},
            pictures={name: picture(name)[0] for name in PICTURES},
            formula=formula,
        )

    def code(self) -> str:
        """The program that makes this output: with the explorer's name for an image of your own."""
        return as_code(self.state)
