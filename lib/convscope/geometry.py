"""The arithmetic of sliding windows: output sizes, padding, the pixels of each window, receptive fields.

All of it holds along one axis; an image has two, and each obeys the same three formulas:

    extent = dilation · (kernel_size − 1) + 1               pixels from a kernel's first weight to its last
    output = ⌊(n + before + after − extent) / stride⌋ + 1   positions that a window has on n pixels
    window o reads pixels o · stride − before + i · dilation, for i = 0 … kernel_size − 1

Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from .arguments import check_room, is_sequence, meant, pair, whole
from .words import refusal

IntPair = int | tuple[int, int]  # one number for both axes, or (rows, columns)
# The words are listed for editors to offer; str is there so that a word may also come out of a list of text.
Padding = Literal["valid", "same", "full", "causal"] | str | IntPair | tuple[tuple[int, int], tuple[int, int]]
PICTURE_WORDS = ("valid", "same", "full")
TIME_WORDS = (*PICTURE_WORDS, "causal")


def output_size(n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Return the output size along one axis: how many positions a window of `kernel_size` has on `n` pixels.

    n, kernel_size, stride, dilation: whole numbers, 1 or more. With dilation 1 the weights touch neighbouring pixels.
    padding: "valid" (none), "same" (output = ⌈n / stride⌉), "full" (every overlap of at least one pixel),
        "causal" (all of it before), a whole number for both ends, or (before, after).
    Pixels at the end that no window reaches are not read; this is no error.
    Raises ValueError or TypeError, naming the argument, if no window fits or an argument is invalid.
    Formula: Dumoulin & Visin 2016, relationship 6, with the dilated extent of their section 5.1.
    """
    return _output_size(whole("n", n), Window(kernel_size, stride, padding, dilation).checked())


def padding_amounts(
    n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> tuple[int, int]:
    """Return how many zeros are put before and after an axis of `n` pixels: (before, after).

    Arguments and errors as for `output_size`. "same" needs max((⌈n / stride⌉ − 1) · stride + extent − n, 0) zeros in
    all and puts an odd one after, as TensorFlow's SAME does.
    """
    n, window = whole("n", n), Window(kernel_size, stride, padding, dilation).checked()
    _output_size(n, window)  # raises if the window does not fit
    return _padding_amounts(n, window)


def window_indices(
    n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> np.ndarray:
    """Return the pixels that each window reads: an int array [output, kernel_size], with −1 for padding.

    Arguments and errors as for `output_size`.
    """
    n, window = whole("n", n), Window(kernel_size, stride, padding, dilation).checked()
    outputs = _output_size(n, window)
    check_room((outputs, window.kernel_size), "use a smaller n or kernel_size, less padding or a larger stride")
    first = np.arange(outputs) * window.stride - _padding_amounts(n, window)[0]
    indices = first[:, None] + np.arange(window.kernel_size) * window.dilation
    indices[(indices < 0) | (indices >= n)] = -1
    return indices


def transposed_size(n: int, kernel_size: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Return the output size of a transposed convolution along one axis: the size on which a window has n positions.

    Arguments as for `output_size`, whose result is n again. If several sizes have n positions, "same" takes the
    largest, n · stride, and any other padding the smallest.
    Raises ValueError or TypeError, naming the argument, if the padding leaves no pixel or an argument is invalid.
    Formula: (n − 1) · stride + extent − before − after (Dumoulin & Visin 2016, relationship 13, smallest size).
    """
    n, window = whole("n", n), Window(kernel_size, stride, padding, dilation).checked()
    if window.padding == "same":
        return n * window.stride
    spread = (n - 1) * window.stride + extent(window.kernel_size, window.dilation)
    cropped = sum(_padding_amounts(n, window))  # n is not the pixels, but only "same" depends on them
    if cropped >= spread:
        raise ValueError(refusal("crops all", cropped=cropped, spread=spread))
    return spread - cropped


def extent(kernel_size: int, dilation: int = 1) -> int:
    """Return the pixels from a kernel's first weight to its last."""
    return dilation * (kernel_size - 1) + 1


class Window(NamedTuple):
    """The settings of a sliding window along one axis, with the defaults of `output_size`."""

    kernel_size: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1

    def checked(self) -> Window:
        """Return this window as plain Python values; raise ValueError or TypeError for a setting that is invalid."""
        return Window(
            whole("kernel_size", self.kernel_size),
            whole("stride", self.stride),
            axis_padding(self.padding),
            whole("dilation", self.dilation),
        )

    def moves(self) -> dict:
        """Return stride, padding and dilation as keyword arguments."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}


class ReceptiveField(NamedTuple):
    """The pixels that can change unit o of a layer: `size` of them, the first being `start` + o · `jump`."""

    size: int
    jump: int
    start: int

    def through(self, window: Window, before: int) -> ReceptiveField:
        """Return the field in the next layer, whose `window` slides over units with this field and `before` zeros.

        Formula: size += (extent − 1) · jump; start −= before · jump; jump ·= stride (Araujo et al. 2019, Distill).
        """
        added = (extent(window.kernel_size, window.dilation) - 1) * self.jump
        return ReceptiveField(self.size + added, self.jump * window.stride, self.start - before * self.jump)


def receptive_field(layers, n: int | None = None) -> list[ReceptiveField]:
    """Return the receptive field of a unit in each layer: its size, jump and start, in pixels of the input.

    layers: first to last, each (kernel_size, stride, padding, dilation), shortened as you like, or a dict with these
        names; what is left out has the default of `output_size`. Pools count as layers. Layers such as Conv2D(4, 3)
        will do if their windows are the same along rows and columns; otherwise pass `layer.window(0)` (rows) or
        `layer.window(1)` (columns) of each.
    n: pixels of the input; needed only for "same" padding with a stride above 1, because it depends on the size.
    Unit o of a layer reads pixels start + o · jump … start + o · jump + size − 1; negative ones are padding.
    Raises ValueError or TypeError for a layer that reads its whole input or has branches, and for invalid settings.
    """
    if not np.iterable(layers):
        raise TypeError(f"layers must be a list of layers, first to last, as `model.layers` is; got {layers!r}.")
    fields, field = [], ReceptiveField(1, 1, 0)
    n = None if n is None else whole("n", n)
    for layer in layers:
        window = as_window(layer)
        if n is None and window.padding == "same" and window.stride > 1:
            raise ValueError('padding "same" with a stride above 1 depends on the input size: give n, its pixels.')
        before, _ = _padding_amounts(n or 1, window)  # without n, any will do: it makes no difference
        field = field.through(window, before)
        fields.append(field)
        n = None if n is None else _output_size(n, window)
    return fields


def as_window(layer) -> Window:
    """Return the window of one item of `receptive_field`'s layers, checked."""
    if hasattr(layer, "window"):
        window = layer.window(0)
        if window is None:
            raise ValueError(f"layers holds {layer!r}, which reads its whole input; give the layers before it.")
        try:
            columns = layer.window(1)
        except IndexError:  # a signal has one axis
            columns = window
        if columns != window:
            raise ValueError(
                f"layers holds {layer!r}, whose windows differ along rows and columns: give those of one axis, "
                "[layer.window(0) for layer in layers]."
            )
        return window.checked()
    try:
        window = Window(**layer) if isinstance(layer, dict) else Window(*layer)
    except TypeError:
        raise TypeError(
            f"layers holds {layer!r}; each layer is (kernel_size, stride, padding, dilation), shortened "
            "as you like, or a dict with these names."
        ) from None
    return window.checked()


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
            outputs = -(-n // window.stride)  # rounded up
            total = max((outputs - 1) * window.stride + span - n, 0)
            return total // 2, total - total // 2
        case before, after:
            return before, after
    raise AssertionError(f"{window.padding!r} was not checked")


def _output_size(n: int, window: Window) -> int:
    before, after = _padding_amounts(n, window)
    span, padded = extent(window.kernel_size, window.dilation), before + n + after
    if span > padded:
        kind = "does not fit dilated" if window.dilation > 1 else "does not fit"
        pixels = f"{padded} pixel{'s' * (padded != 1)}"
        raise ValueError(refusal(kind, **window._asdict(), n=n, before=before, after=after, span=span, pixels=pixels))
    return (padded - span) // window.stride + 1


def axis_padding(padding, words=TIME_WORDS) -> str | tuple[int, int]:
    """Return the padding of one axis, checked: one of the words, or (before, after)."""
    if isinstance(padding, str):
        if padding in words:
            return padding
    elif not is_sequence(padding) or len(padding) == 2:
        return pair("padding", padding, least=0)
    raise ValueError(
        f"padding must be {_listed(words)}, a whole number or (before, after); got {padding!r}.{meant(padding, words)}"
    )


def picture_padding(padding) -> tuple[str | tuple[int, int], str | tuple[int, int]]:
    """Return the padding of an image, checked: that of its rows and that of its columns, each as in `axis_padding`."""
    if not is_sequence(padding):
        return (axis_padding(padding, PICTURE_WORDS),) * 2
    if len(padding) != 2 or any(isinstance(amount, str) for amount in padding):
        raise ValueError(
            f"padding must be {_listed(PICTURE_WORDS)}, a whole number, (rows, columns) or "
            f"((top, bottom), (left, right)); got {padding!r}."
        )
    return axis_padding(padding[0], PICTURE_WORDS), axis_padding(padding[1], PICTURE_WORDS)


def _listed(words) -> str:
    return ", ".join(f'"{word}"' for word in words)
