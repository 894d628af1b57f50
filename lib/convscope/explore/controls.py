"""Core widgets as every explorer uses them: made alike, and put to a value with nothing but what can be on offer."""

from __future__ import annotations

from functools import partial

from ipywidgets import Box, Checkbox, Dropdown, FloatSlider, IntSlider, Layout

SLIDERS = IntSlider, FloatSlider
STYLE = {"description_width": "108px"}


def one_control():
    """The layout of one control, its own, since some are hidden at times."""
    return Layout(width="auto", min_width="0", max_width="440px", margin="2px 8px")


def dropdown(description):
    return Dropdown(description=description, layout=one_control(), style=STYLE)


def slider(description):
    return IntSlider(description=description, layout=one_control(), style=STYLE)


def fine_slider(description, step):
    return FloatSlider(description=description, step=step, layout=one_control(), style=STYLE)


def checkbox(description):
    return Checkbox(description=description, indent=False, layout=one_control())


def grid(controls):
    """Controls side by side, as many as there is room for."""
    columns = "repeat(auto-fit, minmax(min(100%, max(280px, 40%)), 1fr))"
    return Box(controls, layout=Layout(display="grid", grid_template_columns=columns, max_width="1100px"))


def choose(control, value, options):
    """Put a dropdown, or toggle buttons, to a value among these options."""
    if tuple(control.options) != tuple(options):
        control.options = options
    control.value = value


def slide(control, value, offered):
    """Put a slider to a value, between the least and the most of what is on offer."""
    if offered:
        # The old value may lie outside the new bounds. Told one by one, the page would clamp it, and ask for that.
        with control.hold_sync(), control.hold_trait_notifications():
            control.min, control.max = min(offered), max(offered)
            control.value = min(max(value, control.min), control.max)


class Controls:
    """A control for each of several settings. `request(run, name=value)` is called for what a person asks of one."""

    def __init__(self, request, **controls):
        self._request = request
        self._showing = False
        self.named = controls
        self.box = grid(list(controls.values()))
        for name, control in controls.items():
            control.observe(partial(self._on_change, name), "value")

    def show(self, shown):
        """Show these values, {name: (value, what is on offer)}; a control with nothing on offer hides."""
        self._showing = True
        try:
            for name, control in self.named.items():
                value, offered = shown.get(name, (None, ()))
                control.layout.display = None if offered else "none"
                self._put(control, value, offered)
        finally:
            self._showing = False

    @staticmethod
    def _put(control, value, offered):
        if isinstance(control, Checkbox):
            control.value = bool(value)
        elif isinstance(control, SLIDERS):
            slide(control, value, offered)
        elif offered:
            choose(control, value, offered)

    def _on_change(self, name, change):
        if not self._showing:
            self._request(name if isinstance(change.owner, SLIDERS) else None, **{name: change.new})
