"""The door: what a caller hands in is an array of real numbers with the right axes, or is refused in a sentence."""

from __future__ import annotations

import numpy as np

_OTHER_KINDS = {"c": "complex numbers", "U": "text", "S": "text", "O": "objects", "M": "dates", "m": "spans of time"}
PICTURE, TIME = ("row", "column"), ("time",)  # the axes along which a window slides; batch and channel come before


def numbers(name: str, value) -> np.ndarray:
    """`value` as an array of booleans, integers or floats; its own memory wherever it is an array already."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a full block of numbers; its rows differ in length.") from None
    kind = array.dtype.kind
    if kind not in "biuf" or kind == "f" and array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must hold real numbers (float32, float64, integers or booleans); "
            f"got {_OTHER_KINDS.get(kind, array.dtype)}."
        )
    return array


def common_type(*arrays: np.ndarray) -> np.dtype:
    """The float type of an answer: the widest float that came in, or float64 where only whole numbers did."""
    floats = {array.dtype for array in arrays if array.dtype.kind == "f"}
    if not floats:
        return np.dtype(np.float64)
    return np.result_type(np.float32, *floats)  # half precision is computed, and answered, in float32


def with_groups(array: np.ndarray, spatial: tuple[str, ...], groups: int, axis: int) -> np.ndarray:
    """A view with all five axes: the missing ones of size 1, and `axis`, batch 0 or channel 1, cut into its groups."""
    if spatial is TIME:
        array = array[..., None, :]
    shape = (1,) * (4 - array.ndim) + array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])


def check_input(x: np.ndarray, spatial: tuple[str, ...]) -> None:
    """Refuse an x that is neither plain (the `spatial` axes alone), nor has channels, nor a batch of these."""
    axes = ("batch", "channel", *spatial)
    if not len(spatial) <= x.ndim <= len(axes):
        raise ValueError(f"x must be {_axes(axes)}, {_axes(axes[1:])} or {_axes(spatial)}; got shape {x.shape}.")
    _check_not_empty("x", x, axes[-x.ndim :])


def check_kernels(kernels: np.ndarray, x: np.ndarray, spatial: tuple[str, ...], groups: int) -> None:
    """Refuse kernels whose axes, channels or filters do not go with x and its groups."""
    plain = x.ndim == len(spatial)
    axes = spatial if plain else ("filter", "channel", *spatial)
    if kernels.ndim != len(axes):
        raise ValueError(
            f"kernels must be {_axes(axes)} for an x of shape {x.shape}; got shape {kernels.shape}. "
            + _advice_on_axes(x, kernels, spatial)
        )
    _check_not_empty("kernels", kernels, axes)
    channels, filters, read = (1, 1, 1) if plain else (x.shape[-1 - len(spatial)], *kernels.shape[:2])
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels of x, {channels}, and the filters of kernels, {filters}; got {groups}."
        )
    if read * groups != channels:
        raise ValueError(_mismatched_channels(x, kernels, spatial, groups))


def check_bias(bias, filters: tuple[int, ...]) -> np.ndarray:
    """A bias as an array: one number per filter, or for a plain picture a number."""
    bias = numbers("bias", bias)
    if bias.shape != filters and not (filters == () and bias.shape == (1,)):
        wanted = f"one number per filter, shape {filters}" if filters else "one number for a plain x"
        raise ValueError(f"bias must be {wanted}; got shape {bias.shape}.")
    return bias


def check_gradient(grad_y: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse a gradient that has not the very shape of the output; nothing is broadcast."""
    if grad_y.shape != shape:
        raise ValueError(f"grad_y must have the shape of the output, {shape}; got {grad_y.shape}.")


def _check_not_empty(name: str, array: np.ndarray, axes: tuple[str, ...]) -> None:
    if array.size == 0:
        for size, axis in zip(array.shape, axes, strict=True):
            if size == 0 and axis != "batch":
                raise ValueError(f"{name} must not have an empty {axis} axis; got shape {array.shape}.")


def _advice_on_axes(x: np.ndarray, kernels: np.ndarray, spatial: tuple[str, ...]) -> str:
    if x.ndim == len(spatial):
        return "Give one plain kernel, or x a channel axis, x[None]."
    if kernels.ndim != len(spatial):
        return "Each filter has one kernel per channel that it reads."
    if x.ndim == 3 and x.shape[-1] in (3, 4):
        return "A plain kernel filters a plain picture: one channel, x[:, :, 0], of this channels-last x."
    return "A plain kernel filters a plain x: give one channel of x, or kernels[None, None] for an x of one channel."


def _mismatched_channels(x: np.ndarray, kernels: np.ndarray, spatial: tuple[str, ...], groups: int) -> str:
    channels, expected = x.shape[-1 - len(spatial)], kernels.shape[1] * groups
    said = f"kernels of shape {kernels.shape}"
    if groups > 1:
        said += f" in {groups} groups"
    said += f" read {expected} {'channel' if expected == 1 else 'channels'}, but x of shape {x.shape} has {channels}"
    if x.shape[-1] == expected:
        before_them = x.ndim - 1 - len(spatial)
        return f"{said}; its channels seem to come last: np.moveaxis(x, -1, {before_them}) puts them first."
    return f"{said}; give kernels of {channels // groups} channels, or another x."


def _axes(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
