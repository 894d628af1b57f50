"""The channel mixer: each pixel's channels weighed and added up, which is a convolution with 1 × 1 kernels."""

from __future__ import annotations

from traitlets import Any, validate

from . import mixer_panels
from .base import Explorer, Setting, StateError
from .controls import Controls, dropdown, fine_slider
from .mixer_state import IMAGES, MOST, RELU, MixerState, presets

FINE = 0.01  # the step of a weight's slider
ENDS = (-2.0, 2.0)  # of the slider, or as far as the weight itself


class ChannelMixer(Explorer):
    """Mix the channels of a photo, or feature maps, pixel by pixel: a 1 × 1 convolution, by hand.

    image: "kitten in colour", "edges" (4 maps, left and right, up and down), "feature maps" (8), or an array
        (channel, row, column), at most 8 channels of 512 × 512.
    weights: an array (output, input), at most 8 × 8, or a name: for three channels "grey", "mean", "red",
        "red − green", "lightness and two differences", "swap red and blue", "invert"; else "sum", "mean",
        "half as many", "same".
    bias: a number, or one for each output. relu: "none", "before" the mix or "after" it.
    row: the output whose weights the sliders change, from 0.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once; `output` is the mix, (output,
    row, column). What cannot be raises StateError, and the explorer stays as it was.
    """

    settings = ("image", "weights", "bias", "relu", "row")
    _results = ("output",)
    _own = {"image": ("picture", "image"), "weights": ("preset", "weights", "bias")}
    _looks = mixer_panels

    image = Setting(help="The inputs, (channel, row, column); set them by name or by array.")
    weights = Setting(help="The weights, (output, input); set them by name or by array.")
    bias = Setting(help="What is added to each output.")
    relu = Setting(help='Where negative numbers are set to 0: "none", "before" or "after" the mix.')
    row = Setting(help="The output whose weights the sliders change, from 0.")
    output = Any(read_only=True, help="The mix, (output, row, column).")

    def __init__(self, image="kitten in colour", **settings):
        self._sliders = {f"weight {i}": i for i in range(MOST)} | {"bias of row": None}
        self._controls = Controls(
            self._request,
            image=dropdown("inputs"),
            weights=dropdown("weights"),
            relu=dropdown("ReLU"),
            row=dropdown("sliders of"),
            **{name: fine_slider("bias", FINE) for name in self._sliders},
        )
        super().__init__(MixerState.start(), {"image": image, **settings}, self._controls.box)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    def _show_controls(self, state):
        shown = {
            "image": (state.picture, [*IMAGES, *self._offer_own(state, "image")]),
            "weights": (state.preset, [*presets(len(state.image)), *self._offer_own(state, "weights")]),
            "relu": (state.relu, RELU),
            "row": (state.row, [(f"output {i}", i) for i in range(len(state.weights))]),
            "bias of row": _slide(state.bias[state.row]),
        }
        for i, (name, weight) in enumerate(zip(state.names, state.weights[state.row], strict=True)):
            self._controls.named[f"weight {i}"].description = name
            shown[f"weight {i}"] = _slide(weight)
        self._controls.show(shown)

    def _request(self, run=None, **changes):
        """A slider asks for one weight or bias of the row."""
        if run in self._sliders:
            (value,) = changes.values()
            column = self._sliders[run]
            now = self.bias[self.row] if column is None else self.weights[self.row, column]
            if abs(value - now) <= FINE / 2:  # the browser rounds what it is shown to whole steps, and says so
                return
            state = self.state.with_cell(self.row, column, value)
            changes = {"bias": state.bias} if column is None else {"weights": state.weights}
        super()._request(run, **changes)

    def _choose(self, panel, row, column):
        """The sliders change the weights of the output that was chosen."""
        self.set(row=self._looks.place_of(self.state, panel)[0])

    def _edit(self, panel, row, column, value):
        """A new value for one weight."""
        place = self._looks.place_of(self.state, panel)
        try:
            state = self.state.with_cell(*place, value).changed(row=place[0])
        except ValueError as error:
            raise StateError(str(error)) from None
        self._adopt(state, run=("edit", panel))


def _slide(value):
    """A slider's value, and how far it goes."""
    return value, (min(ENDS[0], value), max(ENDS[1], value))
