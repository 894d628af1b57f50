"""The door: what a caller hands in is what an operation can work on, or is refused in a sentence."""

from __future__ import annotations

import warnings

import numpy as np

_OTHER_KINDS = {"c": "complex numbers", "U": "text", "S": "text", "O": "objects", "M": "dates", "m": "spans of time"}
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
LONGEST_SUM = 4096  # terms that BLAS adds up in single precision
PICTURE, TIME = ("row", "column"), ("time",)  # the axes along which a window slides; batch and channel come before


def numbers(name: str, value) -> np.ndarray:
    """`value` as an array of booleans, integers or floats; its own memory wherever it is an array already."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a full block of numbers; its rows differ in length.") from None
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ValueError(f"{name} has masked values: fill them, {name}.filled(0).")
    kind = array.dtype.kind
    if kind not in "biuf" or kind == "f" and array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must hold real numbers (float32, float64, integers or booleans); "
            f"got {_OTHER_KINDS.get(kind, array.dtype)}."
        )
    return array


def common_type(*values) -> np.dtype:
    """The float type of an answer: that of the widest array of floats that came in, or float64 where none did.

    A list, a number or None decides nothing: all floats of Python are double, and would widen every answer.
    """
    dtypes = [np.asarray(value).dtype for value in values if getattr(value, "ndim", 0)]
    floats = {dtype for dtype in dtypes if dtype.kind == "f"}
    if not floats:
        return DOUBLE
    return np.result_type(SINGLE, *floats)  # half precision is computed, and answered, in float32


def exact_sum(values: np.ndarray, axis, dtype: np.dtype | None = None) -> np.ndarray:
    """The sum along some axes, taken in double precision and returned in the type of `values`, or in `dtype`.

    NumPy adds numbers of single precision pairwise only where they lie side by side in memory. Elsewhere it adds them
    one after another, and a million of them come out wrong by a percent.
    """
    return values.sum(axis=axis, dtype=DOUBLE).astype(dtype or values.dtype)


def exact_product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b, of matrices or stacks of them; a long sum of single precision is taken in pieces, added up in double.

    BLAS adds as it is fast on a machine: on some, ninety thousand equal products came out wrong by 6e-4.
    """
    terms = a.shape[-1]
    if terms <= LONGEST_SUM or np.result_type(a, b) != SINGLE:
        return a @ b
    pieces = (slice(start, start + LONGEST_SUM) for start in range(0, terms, LONGEST_SUM))
    return sum((a[..., piece] @ b[..., piece, :]).astype(DOUBLE) for piece in pieces).astype(SINGLE)


def check_input(shape: tuple[int, ...], spatial: tuple[str, ...]) -> None:
    """Refuse an x that is neither plain (the `spatial` axes alone), nor has channels, nor a batch of these."""
    axes = ("batch", "channel", *spatial)
    if not len(spatial) <= len(shape) <= len(axes):
        raise ValueError(f"x must be {_axes(axes)}, {_axes(axes[1:])} or {_axes(spatial)}; got shape {shape}.")
    _check_not_empty("x", shape, axes[-len(shape) :])


def channels_seem_last(shape: tuple[int, ...]) -> bool:
    """Whether a shape looks like (…, row, column, channel): a last axis as short as colours, two longer before it."""
    return len(shape) >= 3 and shape[-1] in (1, 3, 4) and min(shape[-3:-1]) > 6


def check_channels_first(said: str, shape: tuple[int, ...]) -> None:
    """Refuse a picture whose channels come last, for use where no kernel says how many there are.

    Refused are as many channels as rows, and 32 or more maps of which each is 3 or 4 pixels wide, as no net has them;
    with fewer it is a warning.
    """
    if not channels_seem_last(shape):
        return
    rows, columns, channels = shape
    said = (
        f"{said} {shape}, whose channels seem to come last; here they come first, {(channels, rows, columns)}: "
        "np.moveaxis(x, -1, -3) puts them there."
    )
    if rows == columns or channels > 1 and min(rows, columns) >= 32:
        raise ValueError(said)
    if channels > 1:  # signals are often given as pictures of one column
        warnings.warn(said, stacklevel=3)


def check_kernels(kernels: tuple[int, ...], x: tuple[int, ...], spatial: tuple[str, ...], groups: int) -> None:
    """Refuse kernels whose axes, channels or filters do not go with x and its groups; both are given as shapes."""
    _check_axes_of_kernels(kernels, x, spatial, ("filter", "channel"))
    channels, filters, read = (1, 1, 1) if len(x) == len(spatial) else (x[-1 - len(spatial)], *kernels[:2])
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels of x, {channels}, and the filters of kernels, {filters}; got {groups}."
        )
    if read * groups != channels:
        raise ValueError(_mismatched_channels(x, kernels, spatial, groups))


def check_transposed_kernels(kernels: tuple[int, ...], x: tuple[int, ...], groups: int) -> None:
    """Refuse kernels that do not go with x and its groups in a transposed convolution; both are given as shapes."""
    _check_axes_of_kernels(kernels, x, PICTURE, ("channel", "filter"))
    channels, taken = (1, 1) if len(x) == len(PICTURE) else (x[-3], kernels[0])
    if taken != channels:
        turned = kernels[1] == channels and "kernels.swapaxes(0, 1) turns those of conv2d"
        advice = turned or advice_on_channels(x, taken) or f"give kernels of {channels} channels, or another x"
        raise ValueError(
            f"kernels of shape {kernels} take {taken} {'channel' if taken == 1 else 'channels'}, their first axis, "
            f"but x of shape {x} has {channels}; {advice}."
        )
    if channels % groups:
        raise ValueError(f"groups must divide the channels of x, {channels}; got {groups}.")


def check_bias(bias, shape: tuple[int, ...]) -> np.ndarray:
    """A bias as an array: one number per filter, or for a plain picture a number."""
    bias = numbers("bias", bias)
    if bias.shape != shape and not (shape == () and bias.shape == (1,)):
        wanted = f"one number per filter, shape {shape}" if shape else "one number for a plain x"
        raise ValueError(f"bias must be {wanted}; got shape {bias.shape}.")
    return bias


def check_gradient(grad_y: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse a gradient that has not the very shape of the output; nothing is broadcast."""
    if grad_y.shape != shape:
        raise ValueError(f"grad_y must have the shape of the output, {shape}; got {grad_y.shape}.")


def _check_axes_of_kernels(kernels, x, spatial: tuple[str, ...], first: tuple[str, str]) -> None:
    """Refuse kernels that have not the axes for an x of this shape, or an empty one; `first` comes before `spatial`."""
    axes = spatial if len(x) == len(spatial) else (*first, *spatial)
    if len(kernels) != len(axes):
        raise ValueError(
            f"kernels must be {_axes(axes)} for an x of shape {x}; got shape {kernels}. "
            + _advice_on_axes(x, kernels, spatial)
        )
    _check_not_empty("kernels", kernels, axes)


def _check_not_empty(name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
    for size, axis in zip(shape, axes, strict=True):
        if size == 0 and axis != "batch":
            raise ValueError(f"{name} must not have an empty {axis} axis; got shape {shape}.")


def _advice_on_axes(x: tuple[int, ...], kernels: tuple[int, ...], spatial: tuple[str, ...]) -> str:
    if len(x) == len(spatial):
        return "Give one plain kernel, or x a channel axis, x[None]."
    if len(kernels) != len(spatial):
        return "Each filter has one kernel per channel that it reads."
    if len(x) == 3 and x[-1] in (3, 4):
        return "A plain kernel filters a plain picture: one channel, x[:, :, 0], of this channels-last x."
    return "A plain kernel filters a plain x: give one channel of x, or kernels[None, None] for an x of one channel."


def _mismatched_channels(x: tuple[int, ...], kernels: tuple[int, ...], spatial: tuple[str, ...], groups: int) -> str:
    channels, expected = x[-1 - len(spatial)], kernels[1] * groups
    said = f"kernels of shape {kernels}"
    if groups > 1:
        said += f" in {groups} groups"
    said += f" read {expected} {'channel' if expected == 1 else 'channels'}, but x of shape {x} has {channels}"
    instead = f"give kernels of {channels // groups} channels, or another x"
    return f"{said}; {advice_on_channels(x, expected, spatial) or instead}."


def advice_on_channels(x: tuple[int, ...], expected: int, spatial: tuple[str, ...] = PICTURE) -> str:
    """How to give an x of this shape the expected number of channels; nothing where that is not plain."""
    axis = len(x) - 1 - len(spatial)
    if x[-1] == expected:
        return f"its channels seem to come last: np.moveaxis(x, -1, {axis}) puts them first"
    if spatial is TIME:
        return ""
    if expected == 3 and x[axis] == 4:
        return "x[..., :3, :, :] leaves its opacity out"
    if expected == 3 and x[-1] == 4:
        return (
            f"its channels seem to come last, and opacity too: np.moveaxis(x[..., :3], -1, {axis}) puts colours first"
        )
    if channels_seem_last(x):
        return (
            f"its channels seem to come last: np.moveaxis(x, -1, {axis}) puts them first, "
            f"for kernels of {x[-1]} {'channel' if x[-1] == 1 else 'channels'}"
        )
    return ""


def _axes(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
