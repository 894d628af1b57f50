"""What the view draws of a convolution: each channel's picture, slice of the kernel and map; and it in words."""

from __future__ import annotations

import numpy as np

from .arrays import grey_range, times
from .convolution_words import size_in_words
from .view import Link, Panel, Scene

COLOURS = ("red", "green", "blue")


def scene(state) -> Scene:
    """All that the view shows; marked is the output cell in the middle."""
    selected = [output_panel(state), *(n // 2 for n in state.output.shape)]
    return Scene(panels(state), links(state), selected, columns=3 if state.channels else 0)


def panels(state) -> list[Panel]:
    """Input, kernel and output; for a picture with channels, input, slice and map of each, then their sum."""
    low, high = grey_range(state.image)
    most = abs(state.kernel).max() or 1.0
    weight_colours = ("signed", -most, most) if state.kernel.min() < 0 else ("grey", 0, most)
    (top, _), (left, _) = state.padding_amounts
    inner = (top, left, *state.image.shape[-2:])
    maps = _map_colours(state, state.channel_maps, low, high)
    output = _map_colours(state, state.output, low, high)
    shown = []
    for i, (padded, weights) in enumerate(zip(state.padded, _slices(state), strict=True)):
        channel = _channel_name(state, i)
        note = f"{times(state.image[i] if state.channels else state.image)}, {_padding_in_words(state)}"
        about = f"{state.preset}, {times(weights)}"
        shown += [
            Panel(f"input{channel}", note, padded, "grey", low, high, inner=inner),
            Panel(f"kernel{channel}", about, weights, *weight_colours, scale="kernel", editable=True),
        ]
        if state.channels:
            made = state.channel_maps[i]
            shown += [Panel(f"map{channel}", times(made), made, *maps)]
    note = f"{times(state.output)}, the maps added up" if state.channels else times(state.output)
    return [*shown, Panel("output", note, state.output, *output)]


def links(state) -> list[Link]:
    """Each output reads a window of the padded input; each weight touches one pixel for each output."""
    rows, columns = state.windows
    turned = -1 if state.flip else 1
    weights = rows.T[::turned], columns.T[::turned]
    if not state.channels:
        return [Link(2, 0, rows, columns), Link(1, 0, *weights, weights_of=2)]
    same_place = tuple(np.arange(n)[:, None] for n in state.output.shape)
    made = []
    for first in range(0, 3 * state.channels, 3):
        made += [
            Link(output_panel(state), first + 2, *same_place),
            Link(first + 2, first, rows, columns),
            Link(first + 1, first, *weights, weights_of=(first + 2, output_panel(state))),
        ]
    return made


def output_panel(state) -> int:
    """The number of the panel that shows the output."""
    return 3 * state.channels or 2


def kernel_slice(state, panel) -> tuple[int, ...]:
    """Where in the kernel the slice of a panel stands: (channel,), or () for a plain kernel."""
    return (panel // 3,) if state.channels else ()


def caption(state) -> str:
    """The size formula with its numbers."""
    return size_in_words(state)


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    channels = f" of {state.channels} channels" if state.channels else ""
    turned = ", turned by half a turn" if state.flip else ""
    return (
        f"ConvolutionExplorer: a {_sides(state.image)} picture{channels} ({state.picture}) under a "
        f"{_sides(state.kernel)} kernel ({state.preset}{turned}), stride {state.stride}, padding {state.padding}, "
        f"dilation {state.dilation}, gives a {times(state.output)} feature map."
    )


def _slices(state):
    return state.kernel if state.channels else state.kernel[None]


def _channel_name(state, i):
    if not state.channels:
        return ""
    return f", {COLOURS[i]}" if state.channels == len(COLOURS) else f", channel {i}"


def _padding_in_words(state):
    (top, bottom), (left, right) = state.padding_amounts
    if not any((top, bottom, left, right)):
        return "no padding"
    if top == bottom == left == right:
        return f"{top} of padding on each side"
    return f"padding {top} above, {bottom} below, {left} left, {right} right"


def _map_colours(state, values, low, high):
    """Signs in colours where the weights cancel out, as an edge detector's do; else greys, the input's if they do."""
    least, most = values.min(), values.max()
    if least < 0 and abs(state.kernel.sum()) < 0.05 * abs(state.kernel).sum():
        return "signed", -max(-least, most), max(-least, most)
    if low <= least and most <= high:
        return "grey", low, high
    return "grey", min(least, 0.0), max(most, 0.0)


def _sides(array):
    return times(array[0] if array.ndim == 3 else array)
