"""Convolution as a layer: kernels that are learned, the same at every position."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import ops
from ..arguments import flag, pair, whole
from ..geometry import IntPair, Padding, Window
from ..ops.windows import picture_settings, time_settings
from .base import Layer, by, stride_name


class _Convolution(Layer):
    gain = 1.0
    forwards = backwards = checked = None  # the operation, its gradient, and the check of its settings

    def __init__(self, filters, kernel_size, stride, padding, dilation, groups, bias):
        self.filters, self.kernel_size, self.groups = whole("filters", filters), kernel_size, whole("groups", groups)
        self.settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        self.bias = flag("bias", bias)
        strides, paddings, dilations = self.checked(stride, padding, dilation)
        self.windows = tuple(map(Window, kernel_size, strides, paddings, dilations))
        self.kind = f"conv {by(kernel_size)}{stride_name(strides, (1,) * len(strides))}"
        if self.groups > 1:
            self.kind += f", {groups} groups"

    def window(self, axis):
        return self.windows[axis]

    def _weight_shapes(self, input_shape):
        kernels = (self.filters, max(input_shape[0] // self.groups, 1), *self.kernel_size)
        return {"kernels": kernels} | ({"bias": (self.filters,)} if self.bias else {})

    def _run(self, x, weights, training):
        kernels = self._all_kernels(weights["kernels"])

        def back(grad_y):
            grad_x, grad_kernels, grad_bias = self.backwards(grad_y, x, kernels, **self.settings)
            gradients = {"kernels": self._learned_kernels(grad_kernels), "bias": grad_bias}
            return grad_x, {name: gradients[name] for name in weights}

        return self.forwards(x, kernels, weights.get("bias"), **self.settings), back

    def _all_kernels(self, kernels: np.ndarray) -> np.ndarray:
        """Return the kernels that the operation takes, (filter, channel / groups, …), from those that are learned."""
        return kernels

    def _learned_kernels(self, kernels: np.ndarray) -> np.ndarray:
        return kernels


class Conv1D(_Convolution):
    """A convolution along time: `conv1d` with learned kernels.

    filters: their number, the depth of the output. kernel_size: in steps of time. bias: False for none.
    The other settings are those of `conv1d`, including "causal" padding.
    parameters: "kernels" (filter, channel / groups, time) and "bias" (filter,).
    """

    takes = (("channel", "time"),)
    forwards, backwards = staticmethod(ops.conv1d), staticmethod(ops.conv1d_backward)
    checked = staticmethod(time_settings)

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        *,
        stride: int = 1,
        padding: Padding = "valid",
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
    ):
        kernel_size = (whole("kernel_size", kernel_size),)
        super().__init__(filters, kernel_size, stride, padding, dilation, groups, bias)


class Conv2D(_Convolution):
    """A convolution over images: `conv2d` with learned kernels.

    filters: their number, the depth of the output. kernel_size: an int or (rows, columns). bias: False for none.
    The other settings are those of `conv2d`.
    connections: a table of booleans [filter, channel] for filters that read some channels only, as in C3 of LeNet-5
        (LeCun et al. 1998, table I); by default each filter reads all channels of its group.
    parameters: "kernels" (filter, channel / groups, row, column) and "bias" (filter,). With a table, kernels are
        (connection, row, column), in the row-major order of the table.
    """

    takes = (("channel", "row", "column"),)
    forwards, backwards = staticmethod(ops.conv2d), staticmethod(ops.conv2d_backward)
    checked = staticmethod(picture_settings)

    def __init__(
        self,
        filters: int,
        kernel_size: IntPair,
        *,
        stride: IntPair = 1,
        padding: Padding = "valid",
        dilation: IntPair = 1,
        groups: int = 1,
        bias: bool = True,
        connections: ArrayLike | None = None,
    ):
        super().__init__(filters, pair("kernel_size", kernel_size), stride, padding, dilation, groups, bias)
        self.table = None if connections is None else _checked_table(connections, self.filters, self.groups)

    def _weight_shapes(self, input_shape):
        shapes = super()._weight_shapes(input_shape)
        if self.table is not None:
            shapes["kernels"] = (int(self.table.sum()), *self.kernel_size)
        return shapes

    def _fan_in(self, shape):
        if self.table is None:
            return super()._fan_in(shape)
        readers, _ = self.table.nonzero()
        return np.prod(self.kernel_size) * self.table.sum(axis=1)[readers, None, None]

    def _all_kernels(self, kernels):
        if self.table is None:
            return kernels
        full = np.zeros((*self.table.shape, *self.kernel_size), kernels.dtype)
        full[self.table] = kernels
        return full

    def _learned_kernels(self, kernels):
        return kernels if self.table is None else kernels[self.table]


def _checked_table(connections, filters: int, groups: int) -> np.ndarray:
    table = np.asarray(connections)
    if table.dtype != bool or table.ndim != 2 or len(table) != filters or not table.any(axis=1).all():
        raise ValueError(
            f"connections must be a table of booleans with a row for each of the {filters} filters, at least one True "
            f"in each; got {table.dtype} of shape {table.shape}."
        )
    if groups > 1:
        raise ValueError(
            f"connections and groups both say what a filter reads: with a table, groups must be 1; got {groups}."
        )
    return table
