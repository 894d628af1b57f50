"""The convolution explorer: a kernel moves over a picture, and the feature map answers."""

from __future__ import annotations

from traitlets import Any, Bool, validate

from .. import kernels
from ..geometry import extent
from .arrays import OWN, PICTURES, times
from .base import Explorer, Setting
from .controls import A_NUMBER, Controls
from .convolution_state import (
    LARGEST_DILATION,
    LARGEST_PADDING,
    LARGEST_STRIDE,
    PADDING_WORDS,
    ConvolutionState,
)
from .view import Link, Panel


class ConvolutionExplorer(Explorer):
    """Move a kernel over a picture and watch the feature map answer.

    image: "kitten", "numbers" (a 7 × 7 table), or a 2-D array (row, column), at most 512 × 512.
    kernel: one of `convscope.kernels.PRESETS`, or a square 2-D array, at most 11 × 11.
    kernel_size: 1 to 11. stride: 1 to 4. dilation: 1 to 3. padding: "valid", "same", "full" or 0 to 10.
    formula: False hides the size formula from a reader who is to find it.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is the feature
    map. What cannot be raises StateError, and the explorer stays as it was.
    """

    settings = ("image", "kernel", "kernel_size", "stride", "padding", "dilation")

    image = Setting(help="The picture, (row, column); set it by name or by array.")
    kernel = Setting(help="The weights, (row, column); set them by name or by array.")
    kernel_size = Setting(help="Rows and columns of the kernel, 1 to 11.")
    stride = Setting(help="Pixels from one window to the next, 1 to 4.")
    padding = Setting(help='"valid", "same", "full", or zeros a side, 0 to 10.')
    dilation = Setting(help="Pixels from one weight to the next, 1 to 3; 1 is the ordinary kernel.")
    output = Any(read_only=True, help="The feature map, (row, column).")
    formula = Bool(True, help="Whether the size formula is shown.")

    def __init__(self, image="kitten", kernel="Sobel x", *, formula=True, **settings):
        self._own = {}
        self._controls = Controls(self._request)
        changes = {"image": image, "kernel": kernel, **settings}
        super().__init__(ConvolutionState.start(), changes, self._controls.box, formula=formula)
        self.observe(lambda _: self._show(self.state), "formula")

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def sentence(self) -> str:
        """The state in words."""
        state = self.state
        return (
            f"ConvolutionExplorer: a {times(state.image)} picture ({state.picture}) under a {times(state.kernel)} "
            f"kernel ({state.preset}), stride {state.stride}, padding {state.padding}, dilation {state.dilation}, "
            f"gives a {times(state.output)} feature map."
        )

    def _show(self, state):
        self.set_trait("output", state.output)
        super()._show(state)

    def _show_controls(self, state):
        origins = {"image": state.picture, "kernel": state.preset}
        self._own |= {name: getattr(state, name) for name, origin in origins.items() if origin == OWN}
        self._controls.show(_values(state), _offers(state, self._own))

    def _request(self, name, value):
        super()._request(name, self._own[name] if value == OWN else value)

    def _caption(self, state):
        return size_in_words(state) if self.formula else ""

    def _panels(self, state):
        low, high = min(0.0, state.image.min()), state.image.max()
        most = abs(state.kernel).max()
        (top, _), (left, _) = state.padding_amounts
        inner = (top, left, *state.image.shape)
        photo, weights = f"{times(state.image)}, {_padding_in_words(state)}", f"{state.preset}, {times(state.kernel)}"
        return [
            Panel("input", photo, state.padded, "grey", low, high, inner=inner),
            Panel("kernel", weights, state.kernel, "signed", -most, most, scale="kernel"),
            Panel("output", times(state.output), state.output, *_output_colours(state, low, high)),
        ]

    def _links(self, state):
        rows, columns = state.windows
        return [Link(2, 0, rows, columns), Link(1, 0, rows.T, columns.T)]

    def _selected(self, state):
        """The output cell in the middle: panel, row, column."""
        return [2, state.output.shape[0] // 2, state.output.shape[1] // 2]


def size_in_words(state) -> str:
    """The size formula with this state's numbers, for the rows and, where they differ, the columns."""
    rows, columns = (_axis_in_words(state, axis) for axis in (0, 1))
    if rows == columns:
        return f"rows and columns: {rows}"
    return f"rows: {rows}\ncolumns: {columns}"


def _axis_in_words(state, axis):
    n, (before, after) = state.image.shape[axis], state.padding_amounts[axis]
    span, size = extent(state.kernel_size, state.dilation), state.output.shape[axis]
    formula = f"⌊({n} + {before} + {after} − {span}) / {state.stride}⌋ + 1 = {size}"
    if state.dilation == 1:
        return formula
    return f"{formula}, since the kernel spans {state.dilation} · ({state.kernel_size} − 1) + 1 = {span}"


def _padding_in_words(state):
    (top, bottom), (left, right) = state.padding_amounts
    if not any((top, bottom, left, right)):
        return "no padding"
    if top == bottom == left == right:
        return f"{top} of padding on each side"
    return f"padding {top} above, {bottom} below, {left} left, {right} right"


def _output_colours(state, low, high):
    """Signs in colours where the weights cancel out, as an edge detector's do; else greys, the input's if they do."""
    least, most = state.output.min(), state.output.max()
    if least < 0 and abs(state.kernel.sum()) < 0.05 * abs(state.kernel).sum():
        return "signed", -max(-least, most), max(-least, most)
    if low <= least and most <= high:
        return "grey", low, high
    return "grey", min(least, 0.0), max(most, 0.0)


def _offers(state, own):
    """For each setting, the values that it could take now."""
    numbers = state.choices("padding", range(LARGEST_PADDING + 1))
    return {
        "image": [*PICTURES, *([OWN] if "image" in own else [])],
        "kernel": state.choices("kernel", [*kernels.PRESETS, *([OWN] if "kernel" in own else [])]),
        "kernel_size": state.choices("kernel_size", range(1, kernels.LARGEST + 1)),
        "stride": range(1, LARGEST_STRIDE + 1),
        "padding": [*state.choices("padding", PADDING_WORDS), *([A_NUMBER] if numbers else [])],
        "padding_number": numbers,
        "dilation": state.choices("dilation", range(1, LARGEST_DILATION + 1)),
    }


def _values(state):
    """What each control shows of the state."""
    return {
        "image": state.picture,
        "kernel": state.preset,
        "kernel_size": state.kernel_size,
        "stride": state.stride,
        "padding": A_NUMBER if isinstance(state.padding, int) else state.padding,
        "padding_number": state.padding if isinstance(state.padding, int) else None,
        "dilation": state.dilation,
    }
