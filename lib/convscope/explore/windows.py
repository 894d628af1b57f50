"""A window that slides over a picture: what follows from its settings, for every explorer that has one.

`view/windows/windows.js` is its twin in the browser.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..geometry import Window, extent, output_size, padding_amounts, window_indices
from .arrays import frozen


def seen(tables, cell) -> np.ndarray:
    """Which cells of an axis a unit is made of; tables: `window_indices` of the layers between, first to last."""
    cells = np.array([cell])
    for table in reversed(tables):
        cells = np.unique(table[cells])
        cells = cells[cells >= 0]
    return cells


class Windowed:
    """For a state with `under`, the array (…, row, column) that its window slides over, and `window`.

    `window` is (kernel_size, stride, padding, dilation), each for both axes alike or a (rows, columns) pair.
    """

    @cached_property
    def axes(self) -> tuple[tuple[int, Window], tuple[int, Window]]:
        """For the rows and for the columns: how many pixels there are, and how the window slides over them."""
        settings = [(each,) * 2 if isinstance(each, (int, str)) else each for each in self.window]
        rows, columns = (Window(*axis) for axis in zip(*settings, strict=True))
        return (self.under.shape[-2], rows), (self.under.shape[-1], columns)

    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output; ValueError where no window fits."""
        return tuple(output_size(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    def fits(self) -> bool:
        """Whether there is room for the window."""
        try:
            self.output_shape()
        except ValueError:
            return False
        return True

    @cached_property
    def padding_amounts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """((top, bottom), (left, right)): what goes round the picture."""
        return tuple(padding_amounts(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, and which columns, each window reads, −1 for padding: [outputs, kernel_size] each."""
        return tuple(frozen(window_indices(n, window.kernel_size, **window.moves())) for n, window in self.axes)

    @cached_property
    def padded(self) -> np.ndarray:
        """The picture with its padding round it, as zeros: what the window moves over."""
        return frozen(np.pad(self.under, [(0, 0)] * (self.under.ndim - 2) + [*self.padding_amounts]))

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """Where the picture lies within its padding: row, column, rows and columns."""
        (top, _), (left, _) = self.padding_amounts
        return top, left, *self.under.shape[-2:]

    def framed(self, place) -> tuple[int, int, int, int]:
        """The window of an output in the padded picture: row, column, rows and columns of what it spans."""
        corner = (at * window.stride for at, (_, window) in zip(place, self.axes, strict=True))
        return *corner, *(extent(window.kernel_size, window.dilation) for _, window in self.axes)

    def cells(self, place) -> tuple[slice, slice]:
        """The rows and the columns of the padded picture that an output reads."""
        row, column, rows, columns = self.framed(place)
        down, across = (window.dilation for _, window in self.axes)
        return slice(row, row + rows, down), slice(column, column + columns, across)

    def inside(self, margin) -> np.ndarray:
        """Which outputs have a window that keeps off the picture's rim: [row, column]."""
        far = []
        for reads, n in zip(self.windows, self.under.shape[-2:], strict=True):
            first, last = reads[:, 0], reads[:, -1]
            far.append((first >= margin) & (last >= 0) & (last < n - margin))
        return far[0][:, None] & far[1]
