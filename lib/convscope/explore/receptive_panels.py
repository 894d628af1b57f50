"""What the view draws of a stack of windows: the picture, and the map of each layer; and it in words."""

from __future__ import annotations

from ..geometry import window_indices
from .arrays import grey_range, times
from .view import Link, Panel, Scene


def scene(state) -> Scene:
    """All that the view shows; marked is the unit in the middle of the last map."""
    low, high = grey_range(state.image)
    panels = [
        Panel(f"layer {i}" if i else "input", _note(state, i), y, "grey", low, high) for i, y in enumerate(state.maps)
    ]
    links = [
        Link(i + 1, i, *(window_indices(n, w.kernel_size, **w.moves()) for n in state.maps[i].shape))
        for i, w in enumerate(state.layers[: state.depth])
    ]
    return Scene(panels, links, [state.depth, *(n // 2 for n in state.maps[-1].shape)])


def caption(state) -> str:
    """What a unit of the last layer sees, and how far its neighbour looks from it."""
    rows, columns = state.fields
    pixels = "pixel" if rows.jump == 1 else "pixels"
    padded = ", padding included" if rows.size > state.image.shape[0] or columns.size > state.image.shape[1] else ""
    return (
        f"A unit of layer {state.depth} sees {rows.size} × {columns.size} pixels of the input{padded}; "
        f"its neighbour sees as much, {rows.jump} {pixels} further on."
    )


def sentence(state) -> str:
    """The same under the explorer's name, for print, for screen readers and for whoever reads without a kernel."""
    return f"ReceptiveFieldExplorer: {caption(state)}"


def _note(state, i):
    """The size of a map and, but for the input, the window that made it."""
    words = [times(state.maps[i])]
    if i == 0:
        return words[0]
    window = state.layers[i - 1]
    words += [f"window {window.kernel_size} × {window.kernel_size}"]
    words += [_padding_in_words(window.padding)] if window.padding not in ("valid", (0, 0)) else []
    words += [f"stride {window.stride}"] if window.stride > 1 else []
    words += [f"dilation {window.dilation}"] if window.dilation > 1 else []
    return ", ".join(words)


def _padding_in_words(padding):
    if isinstance(padding, str):
        return padding
    before, after = padding
    return f"padding {before}" if before == after else f"padding {before} before, {after} after"
