"""The arrays that operations take: checked, of one float type, and summed without losing precision."""

from __future__ import annotations

import warnings

import numpy as np

_OTHER_KINDS = {"c": "complex numbers", "U": "text", "S": "text", "O": "objects", "M": "dates", "m": "spans of time"}
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
LONGEST_SUM = 4096  # terms that BLAS may add up in single precision
PICTURE, TIME = ("row", "column"), ("time",)  # the axes along which a window slides; batch and channel come before


def numbers(name: str, value) -> np.ndarray:
    """Return `value` as an array of booleans, integers or floats, without a copy if it is an array already."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a full block of numbers; its rows differ in length.") from None
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ValueError(f"{name} has masked values, which would be read as numbers: fill them, {name}.filled(0).")
    kind = array.dtype.kind
    if kind not in "biuf" or kind == "f" and array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must hold real numbers (float32, float64, integers or booleans); "
            f"got {_OTHER_KINDS.get(kind, array.dtype)}."
        )
    return array


def common_type(*values) -> np.dtype:
    """Return the float type of an output: that of the widest float array given, or float64 if there is none.

    Lists, numbers and None do not count, because Python's floats are all double and would widen every output.
    """
    dtypes = [np.asarray(value).dtype for value in values if getattr(value, "ndim", 0)]
    floats = {dtype for dtype in dtypes if dtype.kind == "f"}
    if not floats:
        return DOUBLE
    return np.result_type(SINGLE, *floats)  # half precision is computed, and returned, in float32


def sum_in_double(values: np.ndarray, axis, dtype: np.dtype | None = None) -> np.ndarray:
    """Return the sum along some axes, computed in double precision, in the type of `values` or in `dtype`.

    NumPy adds float32 numbers pairwise only if they are neighbours in memory. Otherwise it adds one after another, and
    the sum of a million of them is wrong by 1%.
    """
    return values.sum(axis=axis, dtype=DOUBLE).astype(dtype or values.dtype)


def product_in_pieces(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a @ b, of matrices or stacks of them, with long float32 sums computed in pieces and added in double.

    The order in which BLAS adds depends on the machine: on some, the sum of 90,000 equal products was wrong by 6e-4.
    """
    terms = a.shape[-1]
    if terms <= LONGEST_SUM or np.result_type(a, b) != SINGLE:
        return a @ b
    total = np.zeros((*a.shape[:-1], b.shape[-1]), DOUBLE)
    for start in range(0, terms, LONGEST_SUM):
        piece = slice(start, start + LONGEST_SUM)
        total += a[..., piece] @ b[..., piece, :]
    return total.astype(SINGLE)


def check_input(shape: tuple[int, ...], spatial: tuple[str, ...]) -> None:
    """Raise ValueError unless x has the spatial axes, alone, after a channel axis, or after batch and channel."""
    axes = ("batch", "channel", *spatial)
    if not len(spatial) <= len(shape) <= len(axes):
        raise ValueError(f"x must be {_axes(axes)}, {_axes(axes[1:])} or {_axes(spatial)}; got shape {shape}.")
    _check_not_empty("x", shape, axes[-len(shape) :])


def check_kernels(kernels: tuple[int, ...], x: tuple[int, ...], spatial: tuple[str, ...], groups: int) -> None:
    """Raise ValueError unless x has axes as for `check_input`, and kernels of this shape go with it and its groups."""
    check_input(x, spatial)
    _check_axes_of_kernels(kernels, x, spatial, ("filter", "channel"))
    channels, filters, read = (1, 1, 1) if len(x) == len(spatial) else (x[-1 - len(spatial)], *kernels[:2])
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels of x, {channels}, and the filters of kernels, {filters}; got {groups}."
        )
    if read * groups != channels:
        in_groups = f" in {groups} groups" if groups > 1 else ""
        instead = f"give kernels of {_channels(channels // groups)}, or another x"
        raise ValueError(
            f"kernels of shape {kernels}{in_groups} read {_channels(read * groups)}, but x of shape {x} has "
            f"{channels}; {advice_on_channels(x, read * groups, spatial) or instead}."
        )


def check_transposed_kernels(kernels: tuple[int, ...], x: tuple[int, ...], groups: int) -> None:
    """Raise ValueError as `check_kernels` does, for the images and kernels of a transposed convolution."""
    check_input(x, PICTURE)
    _check_axes_of_kernels(kernels, x, PICTURE, ("channel", "filter"))
    channels, taken = (1, 1) if len(x) == len(PICTURE) else (x[-3], kernels[0])
    if taken != channels:
        turned = "kernels.swapaxes(0, 1) turns those of conv2d" if kernels[1] == channels else ""
        advice = turned or advice_on_channels(x, taken) or f"give kernels of {_channels(channels)}, or another x"
        raise ValueError(
            f"kernels of shape {kernels} take {_channels(taken)}, their first axis, but x of shape {x} has {channels}; "
            f"{advice}."
        )
    if channels % groups:
        raise ValueError(f"groups must divide the channels of x, {channels}; got {groups}.")


def check_bias(bias, shape: tuple[int, ...]) -> np.ndarray:
    """Return a bias as an array, zeros for None; raise ValueError unless it has this shape, or (1,) in place of ()."""
    bias = np.zeros(shape) if bias is None else numbers("bias", bias)
    if bias.shape != shape and not (shape == () and bias.shape == (1,)):
        wanted = f"one number per filter, shape {shape}" if shape else "one number for an x of one channel"
        raise ValueError(f"bias must be {wanted}; got shape {bias.shape}.")
    return bias


def check_gradient(grad_y, shape: tuple[int, ...]) -> np.ndarray:
    """Return a gradient as an array; raise ValueError unless it has exactly the shape of the output."""
    grad_y = numbers("grad_y", grad_y)
    if grad_y.shape != shape:
        raise ValueError(f"grad_y must have the shape of the output, {shape}; got {grad_y.shape}.")
    return grad_y


def channels_seem_last(shape: tuple[int, ...]) -> bool:
    """Return whether a shape looks like (…, row, column, channel): 1, 3 or 4 channels after longer axes."""
    return len(shape) >= 3 and shape[-1] in (1, 3, 4) and min(shape[-3:-1]) > 6


def check_channels_first(said: str, shape: tuple[int, ...]) -> None:
    """Raise ValueError, or warn, if an image (channel, row, column) seems to have its channels last.

    said: the start of the message, before the shape.
    It is an error if the image is square after the move, or if there would be 32 or more maps of 3 or 4 columns, which
    no network has. Otherwise it is a warning, because a signal may be an image of one column.
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
    if channels > 1:
        warnings.warn(said, stacklevel=3)


def advice_on_channels(x: tuple[int, ...], expected: int, spatial: tuple[str, ...] = PICTURE) -> str:
    """Return how to give an x of this shape the expected number of channels, or "" if there is no obvious way."""
    axis = len(x) - 1 - len(spatial)
    last = "its channels seem to come last"
    if x[-1] == expected:
        return f"{last}: np.moveaxis(x, -1, {axis}) puts them first"
    if spatial is TIME:
        return ""
    if expected == 3 and x[axis] == 4:
        return "x[..., :3, :, :] leaves its opacity out"
    if expected == 3 and x[-1] == 4:
        return f"{last}, and opacity too: np.moveaxis(x[..., :3], -1, {axis}) puts colours first"
    if channels_seem_last(x):
        return f"{last}: np.moveaxis(x, -1, {axis}) puts them first, for kernels of {_channels(x[-1])}"
    return ""


def _check_axes_of_kernels(kernels, x, spatial: tuple[str, ...], first: tuple[str, str]) -> None:
    """Raise ValueError unless kernels have the axes that go with x, none of them empty; `first` precede `spatial`."""
    axes = spatial if len(x) == len(spatial) else (*first, *spatial)
    if len(kernels) == len(axes):
        _check_not_empty("kernels", kernels, axes)
        return
    if axes == spatial:
        advice = "Give one kernel, or give x a channel axis, x[None]."
    elif len(kernels) != len(spatial):
        advice = "Each filter has one kernel for each channel that it reads."
    elif spatial is PICTURE and len(x) == 3 and x[-1] in (3, 4):
        advice = "A single kernel needs a single channel: of this channels-last x, x[:, :, 0]."
    else:
        advice = "A single kernel needs a single channel: give one of x, or kernels[None, None] if x has only one."
    raise ValueError(f"kernels must be {_axes(axes)} for an x of shape {x}; got shape {kernels}. {advice}")


def _check_not_empty(name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
    for size, axis in zip(shape, axes, strict=True):
        if size == 0 and axis != "batch":
            raise ValueError(f"{name} must not have an empty {axis} axis; got shape {shape}.")


def _axes(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _channels(count: int) -> str:
    return f"{count} channel{'s' * (count != 1)}"
