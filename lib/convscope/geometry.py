"""Where a window can stand: output sizes, padding, window positions and receptive fields, in integers.

Everything here speaks of one axis. A picture has two, and each obeys the same three sentences:

    extent = dilation · (kernel_size − 1) + 1               how many pixels a kernel spans
    output = ⌊(n + before + after − extent) / stride⌋ + 1   how many places it can stand
    window o reads pixels o · stride − before + i · dilation, for i = 0 … kernel_size − 1

Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from .arguments import check_room, is_sequence, meant, whole
from .words import refusal

IntPair = int | tuple[int, int]  # one number for both axes, or (rows, columns)
# str: so that a word may come out of a list; the words themselves, so that editors offer them
Padding = Literal["valid", "same", "full", "causal"] | str | IntPair | tuple[tuple[int, int], tuple[int, int]]
PADDING_WORDS = ("valid", "same", "full", "causal")


def output_size(n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """How many places a window of `kernel_size` can stand on an axis of `n` pixels.

    n, kernel_size, stride, dilation: whole numbers, at least 1. A dilation of 1 is the ordinary kernel.
    padding: "valid" (none), "same" (output = ⌈n / stride⌉), "full" (every overlap of one pixel or more),
        "causal" (all of it before), a whole number for both ends, or (before, after).
    Pixels at the end that no window reaches are left out, never an error.
    Raises ValueError or TypeError, naming the argument, when no window fits.
    Formula: Dumoulin & Visin 2016, relationship 6, with the dilated extent of their section 5.1.
    """
    window = Window(kernel_size, stride, padding, dilation).checked()
    return _output_size(whole("n", n), window)


def padding_amounts(
    n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> tuple[int, int]:
    """How many zeros go before and after an axis of `n` pixels: (before, after).

    Arguments as for `output_size`. "same" puts an odd zero after; the total is
    max((⌈n / stride⌉ − 1) · stride + extent − n, 0), as in TensorFlow's SAME.
    """
    window = Window(kernel_size, stride, padding, dilation).checked()
    n = whole("n", n)
    _output_size(n, window)  # refuses a window that does not fit
    return _padding_amounts(n, window)


def window_indices(
    n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> np.ndarray:
    """Which pixels each window reads: an int array [outputs, kernel_size], −1 where it lies on padding.

    Arguments as for `output_size`.
    """
    window = Window(kernel_size, stride, padding, dilation).checked()
    n = whole("n", n)
    places = _output_size(n, window)
    check_room((places, window.kernel_size), "use a smaller n or kernel_size, less padding or a larger stride")
    starts = np.arange(places) * window.stride - _padding_amounts(n, window)[0]
    indices = starts[:, None] + np.arange(window.kernel_size) * window.dilation
    indices[(indices < 0) | (indices >= n)] = -1
    return indices


def transposed_size(n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Return the output size of a transposed convolution on an axis of `n` pixels: how long an axis has n places.

    Arguments as for `output_size`, which leads back to n. Where several lengths do, "same" takes the longest,
    n · stride, and any other padding the shortest.
    Raises ValueError or TypeError, naming the argument, when the padding leaves no pixel.
    Formula: (n − 1) · stride + extent − before − after (Dumoulin & Visin 2016, relationship 13, shortest axis).
    """
    window = Window(kernel_size, stride, padding, dilation).checked()
    n = whole("n", n)
    if window.padding == "same":
        return n * window.stride
    spread = (n - 1) * window.stride + extent(window.kernel_size, window.dilation)
    cropped = sum(_padding_amounts(n, window))
    if cropped >= spread:
        raise ValueError(f"padding crops {cropped} of {spread} pixels and leaves none: use less padding.")
    return spread - cropped


def extent(kernel_size: int, dilation: int = 1) -> int:
    """How many pixels a kernel spans, first to last: dilation · (kernel_size − 1) + 1."""
    return dilation * (kernel_size - 1) + 1


class Window(NamedTuple):
    """One layer as geometry sees it: a window that slides. A plain tuple or a dict does as well."""

    kernel_size: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1

    def checked(self) -> Window:
        """This window with every setting a plain Python value; ValueError or TypeError says what would do."""
        return Window(
            whole("kernel_size", self.kernel_size),
            whole("stride", self.stride),
            axis_padding(self.padding),
            whole("dilation", self.dilation),
        )

    def moves(self, axes=1) -> dict:
        """All but the size, by keyword: for the functions of one axis, or of a picture's two alike."""
        padding = self.padding if axes == 1 or isinstance(self.padding, str) else (self.padding,) * axes
        return {"stride": self.stride, "padding": padding, "dilation": self.dilation}


class ReceptiveField(NamedTuple):
    """What unit 0 of a layer sees: `size` pixels from pixel `start` on; its neighbour sees `jump` pixels further."""

    size: int
    jump: int
    start: int

    def through(self, window: Window, before: int) -> ReceptiveField:
        """The field of a unit in the next layer, whose window reads units with this field, after `before` zeros.

        Formula: size += (extent − 1) · jump; start −= before · jump; jump ·= stride (Araujo et al. 2019, Distill).
        """
        span = extent(window.kernel_size, window.dilation)
        return ReceptiveField(
            self.size + (span - 1) * self.jump, self.jump * window.stride, self.start - before * self.jump
        )


def receptive_field(layers, n=None) -> list[ReceptiveField]:
    """What a unit of each layer sees of the input: per layer its size, jump and start, in input pixels.

    layers: first to last, each (kernel_size, stride, padding, dilation) or a dict of these; whatever is
        left out has the default of `output_size`. A pooling layer is a layer like any other. Layers such as
        Conv2D(4, 3) will do as well, if their windows are the same along rows and columns; if not, pass their
        `window(0)` for the rows or `window(1)` for the columns.
    n: pixels of the input, needed only where "same" padding meets a stride above 1, since that padding
        depends on the size.
    Unit o of a layer sees pixels start + o · jump … start + o · jump + size − 1; a negative start lies on padding.
    Raises ValueError or TypeError for a layer without such a window: one that reads its whole input, or branches.
    """
    fields, field = [], ReceptiveField(1, 1, 0)
    n = None if n is None else whole("n", n)
    if not np.iterable(layers):
        raise TypeError(f"layers must be a list of layers, first to last, as `model.layers` is; got {layers!r}.")
    for layer in layers:
        window = as_window(layer)
        if n is not None:
            before = _padding_amounts(n, window)[0]
            n = _output_size(n, window)
        elif window.padding == "same" and window.stride > 1:
            raise ValueError('padding "same" with a stride above 1 depends on the input size: give n, its pixels.')
        else:
            before = _padding_amounts(extent(window.kernel_size, window.dilation), window)[0]
        field = field.through(window, before)
        fields.append(field)
    return fields


def as_window(layer) -> Window:
    if hasattr(layer, "window"):
        return _window_of(layer).checked()
    try:
        window = Window(**layer) if isinstance(layer, dict) else Window(*layer)
    except TypeError:
        raise TypeError(
            f"layers holds {layer!r}; each layer is (kernel_size, stride, padding, dilation), shortened "
            "as you like, or a dict with these names."
        ) from None
    return window.checked()


def _window_of(layer) -> Window:
    """The window of a layer, an object with `window(axis)`, where it is the same along each axis."""
    window = layer.window(0)
    if window is None:
        raise ValueError(f"layers holds {layer!r}, which reads its whole input; give the layers before it.")
    try:
        columns = layer.window(1)
    except IndexError:  # time has no columns
        columns = window
    if columns != window:
        raise ValueError(
            f"layers holds {layer!r}, whose windows differ along rows and columns: give those of one axis, "
            "[layer.window(0) for layer in layers]."
        )
    return window


def _padding_amounts(n: int, window: Window) -> tuple[int, int]:
    span = extent(window.kernel_size, window.dilation)
    match window.padding:
        case "valid":
            return 0, 0
        case "full":
            return span - 1, span - 1
        case "causal":
            return span - 1, 0
        case "same":
            outputs = -(-n // window.stride)
            total = max((outputs - 1) * window.stride + span - n, 0)
            return total // 2, total - total // 2
        case before, after:
            return before, after
        case both:
            return both, both


def _output_size(n: int, window: Window) -> int:
    before, after = _padding_amounts(n, window)
    span, padded = extent(window.kernel_size, window.dilation), before + n + after
    if span > padded:
        kind = "does not fit dilated" if window.dilation > 1 else "does not fit"
        pixels = f"{padded} pixel{'s' * (padded != 1)}"
        values = {"n": n, "before": before, "after": after, "span": span, "pixels": pixels}
        raise ValueError(refusal(kind, kernel_size=window.kernel_size, dilation=window.dilation, **values))
    return (padded - span) // window.stride + 1


def axis_padding(padding, words=PADDING_WORDS) -> str | tuple[int, int]:
    """The padding of one axis, checked: one of the words, or (before, after)."""
    if isinstance(padding, str):
        if padding in words:
            return padding
    elif not is_sequence(padding):
        return (whole("padding", padding, least=0),) * 2
    elif len(padding) == 2:
        return whole("padding", padding[0], least=0), whole("padding", padding[1], least=0)
    raise ValueError(
        f"padding must be {_listed(words)}, a whole number or (before, after); got {padding!r}.{meant(padding, words)}"
    )


def picture_padding(padding) -> tuple[str | tuple[int, int], str | tuple[int, int]]:
    """The padding of a picture as one for its rows and one for its columns, each as `axis_padding` gives it.

    padding: "valid", "same", "full", a whole number, (rows, columns), or ((top, bottom), (left, right)).
    """
    words = PADDING_WORDS[:3]  # "causal" speaks of time
    if not is_sequence(padding):
        both = axis_padding(padding, words)
        return both, both
    if len(padding) != 2 or any(isinstance(amount, str) for amount in padding):
        raise ValueError(
            f"padding must be {_listed(words)}, a whole number, (rows, columns) or "
            f"((top, bottom), (left, right)); got {padding!r}."
        )
    return axis_padding(padding[0], words), axis_padding(padding[1], words)


def _listed(words) -> str:
    return ", ".join(f'"{word}"' for word in words)
