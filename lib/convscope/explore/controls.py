"""The controls of the convolution explorer: core widgets that ask for a change and show the state they got."""

from __future__ import annotations

from functools import partial

from ipywidgets import Box, Dropdown, IntSlider, Layout

A_NUMBER = "number"


class Controls:
    """Dropdowns and sliders. `request(name, value)` is called for what a person asks; `show` puts a state in.

    Only what can be is on offer: `show` takes, for each setting, the values that the state allows.
    """

    def __init__(self, request):
        self._request = request
        self._showing = False
        self.image = _dropdown("image")
        self.kernel = _dropdown("kernel")
        self.kernel_size = _slider("kernel size")
        self.stride = _slider("stride")
        self.padding = _dropdown("padding")
        self.padding_number = _slider("zeros a side")
        self.dilation = _slider("dilation")
        self._by_setting = {
            name: getattr(self, name) for name in ("image", "kernel", "kernel_size", "stride", "padding", "dilation")
        }
        for name, control in (self._by_setting | {"padding_number": self.padding_number}).items():
            control.observe(partial(self._on_value, name), "value")
        self.box = Box(
            [self.image, self.kernel, self.kernel_size, self.stride, self.padding, self.padding_number, self.dilation],
            layout=Layout(display="grid", grid_template_columns=_COLUMNS, max_width="1100px"),
        )

    def show(self, values, offers):
        """Show `values` (a value for each setting) among `offers` (the possible values of each setting)."""
        self._showing = True
        try:
            for name, control in self._by_setting.items():
                _show(control, values[name], offers[name])
            self._show_number(values["padding_number"], offers["padding_number"])
        finally:
            self._showing = False

    def _show_number(self, value, offered):
        """The slider rests, at its last possible value, while the padding is a word."""
        self.padding_number.disabled = value is None
        if offered:
            last = min(max(self.padding_number.value, min(offered)), max(offered))
            _show(self.padding_number, last if value is None else value, offered)

    def _on_value(self, name, change):
        if self._showing:
            return
        if name == "padding_number" or (name, change.new) == ("padding", A_NUMBER):
            self._request("padding", self.padding_number.value)
        else:
            self._request(name, change.new)


def _dropdown(description):
    return Dropdown(description=description, layout=_LAYOUT, style=_STYLE)


def _slider(description):
    return IntSlider(description=description, layout=_LAYOUT, style=_STYLE)


_COLUMNS = "repeat(auto-fit, minmax(min(100%, 280px), 1fr))"
_LAYOUT = Layout(width="auto", min_width="0", max_width="440px", margin="2px 8px")
_STYLE = {"description_width": "92px"}


def _show(control, value, offered):
    if isinstance(control, Dropdown):
        if tuple(control.options) != tuple(offered):
            control.options = offered
        control.value = value
    else:
        with control.hold_trait_notifications():  # the old value may lie outside the new bounds
            control.min, control.max, control.value = min(offered), max(offered), value
