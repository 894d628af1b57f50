"""The channel mixer: each pixel's channels weighed and added up, which is a convolution with 1 × 1 kernels."""

from __future__ import annotations

from traitlets import Any, validate

from .arrays import OWN
from .base import Explorer, Setting, StateError
from .controls import Controls, dropdown, fine_slider
from .mixer_panels import caption, links, output_panel, panels, place_of, sentence
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

    Each is a trait to read, set and observe; `set(…)` changes several at once; `output` is (output, row, column). What
    cannot be raises StateError, and the explorer stays as it was.
    """

    settings = ("image", "weights", "bias", "relu", "row")

    image = Setting(help="The inputs, (channel, row, column); set them by name or by array.")
    weights = Setting(help="The weights, (output, input); set them by name or by array.")
    bias = Setting(help="What is added to each output.")
    relu = Setting(help='Where negative numbers are set to 0: "none", "before" or "after" the mix.')
    row = Setting(help="The output whose weights the sliders change, from 0.")
    output = Any(read_only=True, help="The mix, (output, row, column).")

    def __init__(self, image="kitten in colour", **settings):
        self._own = {}
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

    def _show(self, drawing):
        self.set_trait("output", self.state.output)
        super()._show(drawing)

    def _show_controls(self, state):
        self._own |= {"image": state.image} if state.picture == OWN else {}
        self._own |= {"weights": (state.weights, state.bias)} if state.preset == OWN else {}
        own = self._own.get("weights")
        fits = own is not None and own[0].shape[1] == len(state.image)
        shown = {
            "image": (state.picture, [*IMAGES, *([OWN] if "image" in self._own else [])]),
            "weights": (state.preset, [*presets(len(state.image)), *([OWN] if fits else [])]),
            "relu": (state.relu, RELU),
            "row": (state.row, [(f"output {i}", i) for i in range(len(state.weights))]),
            "bias of row": _slide(state.bias[state.row]),
        }
        for i, (name, weight) in enumerate(zip(state.names, state.weights[state.row], strict=True)):
            self._controls.named[f"weight {i}"].description = name
            shown[f"weight {i}"] = _slide(weight)
        self._controls.show(shown)

    def _request(self, run=None, **changes):
        """A slider asks for one weight or bias of the row; "your own" for what it was."""
        (name, value), *_ = changes.items()
        if run in self._sliders:
            column = self._sliders[run]
            now = self.bias[self.row] if column is None else self.weights[self.row, column]
            if abs(value - now) <= FINE / 2:  # the browser rounds what it is shown to whole steps, and says so
                return
            state = self.state.with_cell(self.row, column, value)
            changes = {"bias": state.bias} if column is None else {"weights": state.weights}
        elif value == OWN and name == "weights":
            changes = dict(zip(("weights", "bias"), self._own["weights"], strict=True))
        elif value == OWN:
            changes = {"image": self._own["image"]}
        super()._request(run, **changes)

    def _choose(self, panel, row, column):
        """The sliders change the weights of the output that was chosen."""
        self.set(row=place_of(self.state, panel)[0])

    def _edit(self, panel, row, column, value):
        """A new value for one weight."""
        place = place_of(self.state, panel)
        try:
            state = self.state.with_cell(*place, value).changed(row=place[0])
        except ValueError as error:
            raise StateError(str(error)) from None
        self._adopt(state, run=("edit", panel))

    def _sentence(self, state):
        return sentence(state)

    def _caption(self, state):
        return caption(state)

    def _panels(self, state):
        return panels(state)

    def _links(self, state):
        return links(state)

    def _columns(self, state):
        return len(state.inputs) + 1

    def _selected(self, state):
        """The pixel in the middle of the row's output: panel, row, column."""
        return [output_panel(state, state.row), *(n // 2 for n in state.output.shape[1:])]


def _slide(value):
    """A slider's value, and how far it goes."""
    return value, (min(ENDS[0], value), max(ENDS[1], value))
