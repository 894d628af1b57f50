"""The controls of the convolution explorer: core widgets that ask for a change and show the state they got."""

from __future__ import annotations

from functools import partial

from ipywidgets import Layout, ToggleButtons, VBox

from .. import kernels
from ..geometry import extent
from .arrays import PICTURES, times
from .controls import STYLE, checkbox, choose, dropdown, grid, slide, slider
from .convolution_state import LARGEST_DILATION, LARGEST_PADDING, LARGEST_STRIDE, PADDING_WORDS

A_NUMBER = "number"
SLIDERS = {  # the values that each could have
    "kernel_size": range(1, kernels.LARGEST + 1),
    "stride": range(1, LARGEST_STRIDE + 1),
    "dilation": range(1, LARGEST_DILATION + 1),
    "padding": range(LARGEST_PADDING + 1),
}
NAMES = {"kernel_size": "kernel size", "stride": "stride", "dilation": "dilation", "padding": "zeros a side"}
APART = {"kernel_size": "kernel", "stride": "stride", "dilation": "dilation", "padding": "zeros"}  # … rows, … columns


class Controls:
    """Dropdowns, sliders and a switch. `request(name, value)` is called for what a person asks; `show` puts a state in.

    Only what can be is on offer. A slider sets rows and columns alike until `by_axis` is ticked: then each has its own.
    """

    def __init__(self, request):
        self._request = request
        self._showing = False
        self.image, self.kernel, self.padding = (dropdown(name) for name in ("image", "kernel", "padding"))
        self.rows = {name: slider(label) for name, label in NAMES.items()}
        self.columns = {name: slider(f"{label} columns") for name, label in APART.items()}
        self.by_axis = checkbox("rows and columns apart")
        self.flip = checkbox("flip the kernel (true convolution)")
        self.compare = ToggleButtons(description="compare", layout=_WIDE, style={**STYLE, "button_width": "auto"})
        self._listen()
        self.box = self._arranged()

    def show(self, state, own, compare):
        """Show `state` and what it allows; `own` is what image and kernel each offer beside their names.

        compare: whether the sizes that other paddings give may be seen.
        """
        self._showing = True
        try:
            choose(self.image, state.picture, [*PICTURES, *own["image"]])
            presets = [*kernels.PRESETS, *own["kernel"]]
            choose(self.kernel, state.preset, state.choices("kernel", presets))
            self.flip.value = state.flip
            apart = {name for name in SLIDERS if isinstance(getattr(state, name), tuple)}
            self.by_axis.value = self.by_axis.value or bool(apart)
            self.compare.layout.display = None if compare else "none"
            self._show_padding(state)
            for name in SLIDERS:
                self._show_sliders(state, name)
        finally:
            self._showing = False

    def _listen(self):
        for name in ("image", "kernel", "padding", "flip"):
            getattr(self, name).observe(partial(self._on_choice, name), "value")
        self.compare.observe(partial(self._on_choice, "padding"), "value")
        self.by_axis.observe(self._on_by_axis, "value")
        for name in SLIDERS:
            self.rows[name].observe(partial(self._on_slider, name), "value")
            self.columns[name].observe(partial(self._on_slider, name), "value")

    def _arranged(self):
        sliders = [each[name] for name in NAMES for each in (self.rows, self.columns)]
        choices = [self.image, self.kernel, *sliders[:-2], self.by_axis, self.padding, *sliders[-2:], self.flip]
        return VBox([grid(choices), self.compare], layout=Layout(max_width="1100px"))

    def _show_padding(self, state):
        numbers = state.choices("padding", SLIDERS["padding"])
        is_word = isinstance(state.padding, str)
        offered = [*state.choices("padding", PADDING_WORDS), *([A_NUMBER] if numbers or not is_word else [])]
        choose(self.padding, state.padding if is_word else A_NUMBER, offered)
        conventions = _conventions(state)
        choose(self.compare, state.padding if state.padding in dict(conventions).values() else None, conventions)

    def _show_sliders(self, state, name):
        value, apart = getattr(state, name), self.by_axis.value
        is_word = isinstance(value, str)  # of a padding, whose sliders then hide, at the zeros that the word gives
        rows, columns = map(max, state.padding_amounts) if is_word else _pair(value)
        for control, axis, here in ((self.rows[name], 0, rows), (self.columns[name], 1, columns)):
            pairs = [_replaced((rows, columns), axis, v) if apart else (v, v) for v in SLIDERS[name]]
            slide(control, here, [pair[axis] for pair in state.choices(name, pairs)])
            control.disabled = is_word
            control.layout.visibility = "hidden" if is_word else None
        self.rows[name].description = f"{APART[name]} rows" if apart else NAMES[name]
        self.columns[name].layout.display = None if apart else "none"

    def _on_choice(self, name, change):
        if self._showing or change.new is None:
            return
        is_number = name == "padding" and isinstance(change.new, str) and change.new == A_NUMBER
        self._request(**{name: self._number_of_zeros() if is_number else change.new})

    def _number_of_zeros(self):
        rows, columns = (max(1, axis["padding"].value) for axis in (self.rows, self.columns))  # 0 would change nothing
        return (rows, columns) if self.by_axis.value else rows

    def _on_slider(self, name, change):
        if not self._showing:
            rows, columns = self.rows[name].value, self.columns[name].value
            self._request(name, **{name: (rows, columns) if self.by_axis.value else change.new})

    def _on_by_axis(self, change):
        """Rows and columns come apart where they are; put together, the columns follow the rows."""
        if not self._showing:
            rows = {name: slider.value for name, slider in self.rows.items() if not slider.disabled}
            self._request(**({} if change.new else rows))


_WIDE = Layout(width="auto", min_width="0", margin="2px 8px")


def _conventions(state):
    """What libraries call their paddings, each with the size that it gives: (label, padding) for those that fit."""
    spans = [extent(window.kernel_size, window.dilation) for _, window in state.axes]
    half = spans[0] // 2 if spans[0] == spans[1] else tuple(span // 2 for span in spans)
    strides = _pair(state.stride)
    names = {
        "valid": "valid",
        "same": "same (TensorFlow, PyTorch)" if strides == (1, 1) else "SAME (TensorFlow; PyTorch refuses)",
        half: f"padding={half} (PyTorch)",
        "full": "full",
    }
    sizes = {padding: times(state.output_shape(padding)) for padding in state.choices("padding", names)}
    return [(f"{names[padding]}: {size}", padding) for padding, size in sizes.items()]


def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def _replaced(pair, axis, value):
    return (value, pair[1]) if axis == 0 else (pair[0], value)
