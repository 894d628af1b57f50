"""A window that slides over a picture: what follows from its settings, for every explorer that has one.

`view/windows/windows.js` is its twin in the browser.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..geometry import Window, extent, output_size, padding_amounts, transposed_size, window_indices
from .arrays import frozen


def seen(tables, cell) -> np.ndarray:
    """Which cells of an axis a unit is made of; tables: `window_indices` of the layers between, first to last."""
    cells = np.array([cell])
    for table in reversed(tables):
        cells = np.unique(table[cells])
        cells = cells[cells >= 0]
    return cells


def tables_of(pixels, windows) -> tuple[np.ndarray, np.ndarray]:
    """Which rows and which columns each place of a window reads, on rows and columns of so many pixels; −1 is padding.

    windows: along rows and along columns.
    """
    axes = zip(pixels, windows, strict=True)
    return tuple(window_indices(n, window.kernel_size, **window.moves()) for n, window in axes)


def field_through(layers, place) -> tuple[int, int, int, int] | None:
    """What a unit sees through layers of windows, as row, column, rows and columns; None of padding alone.

    layers: their `tables_of`, first to last. place: the unit's row and column.
    """
    both = [seen([tables[axis] for tables in layers], at) for axis, at in enumerate(place)]
    if not all(map(len, both)):
        return None
    (top, bottom), (left, right) = ((int(cells[0]), int(cells[-1])) for cells in both)
    return top, left, bottom - top + 1, right - left + 1


class Windowed:
    """For a state with `under`, the array (…, row, column) that its window slides over, and `window`.

    `window` is (kernel_size, stride, padding, dilation), each for both axes alike or a (rows, columns) pair.
    Where it is `transposed`, `under` has a pixel for each place of the window, and the output is what it slides over.
    """

    transposed = False

    @cached_property
    def axes(self) -> tuple[tuple[int, Window], tuple[int, Window]]:
        """For the rows and for the columns: how many pixels the window slides over, and how."""
        settings = [(each,) * 2 if isinstance(each, (int, str)) else each for each in self.window]
        windows = [Window(*axis) for axis in zip(*settings, strict=True)]
        sizes = self.under.shape[-2:]
        if self.transposed:
            pairs = zip(sizes, windows, strict=True)
            sizes = [transposed_size(n, window.kernel_size, **window.moves()) for n, window in pairs]
        return tuple(zip(sizes, windows, strict=True))

    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output; ValueError where there is none."""
        if self.transposed:
            return tuple(n for n, _ in self.axes)
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
        """((top, bottom), (left, right)): what goes round the picture; of a transposed window, what is cropped."""
        return tuple(padding_amounts(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, and which columns, each window lies on, −1 for padding: [places, kernel_size] each."""
        return tuple(frozen(window_indices(n, window.kernel_size, **window.moves())) for n, window in self.axes)

    @cached_property
    def padded(self) -> np.ndarray:
        """The picture as an input shows it, with its padding round it, as zeros; transposed, there is none."""
        if self.transposed:
            return self.under
        return frozen(np.pad(self.under, [(0, 0)] * (self.under.ndim - 2) + [*self.padding_amounts]))

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """Where the picture lies within its padding: row, column, rows and columns."""
        (top, _), (left, _) = self.padding_amounts
        return top, left, *self.under.shape[-2:]

    def reaching(self, place) -> list[np.ndarray]:
        """Which rows, and which columns, reach an output of a transposed window, −1 where none does.

        As many each as weights, in the picture's order: they meet the kernel turned by half a turn.
        """
        hits = (windows == at for windows, at in zip(self.windows, place, strict=True))
        return [np.where(each.any(axis=0), each.argmax(axis=0), -1)[::-1] for each in hits]

    def read(self, place) -> np.ndarray:
        """What an output reads, (…, row, column) of its window: 0 on padding, and where no pixel reaches it."""
        if not self.transposed:
            return self.padded[..., *self.cells(place)]
        rows, columns = self.reaching(place)
        bordered = np.pad(self.under, [(0, 0)] * (self.under.ndim - 2) + [(0, 1)] * 2)  # a zero at −1
        return bordered[..., rows[:, None], columns]

    def framed(self, place) -> tuple[int, int, int, int] | None:
        """The window of an output in the padded picture: row, column, rows and columns of what it spans.

        Of a transposed window, the pixels that reach the output; None where none does.
        """
        if self.transposed:
            reaching = [each[each >= 0] for each in self.reaching(place)]
            if not all(each.size for each in reaching):
                return None
            return *(each.min() for each in reaching), *(np.ptp(each) + 1 for each in reaching)
        corner = (at * window.stride for at, (_, window) in zip(place, self.axes, strict=True))
        return *corner, *(extent(window.kernel_size, window.dilation) for _, window in self.axes)

    def cells(self, place) -> tuple[slice, slice]:
        """The rows and the columns of the padded picture that an output reads."""
        row, column, rows, columns = self.framed(place)
        down, across = (window.dilation for _, window in self.axes)
        return slice(row, row + rows, down), slice(column, column + columns, across)

    def inside(self, margin) -> np.ndarray:
        """Which outputs have a window that keeps off the picture's rim: [row, column]."""
        far, sizes = [], zip(self.under.shape[-2:], self.output_shape(), strict=True)
        for (n, places), (before, _), (_, window) in zip(sizes, self.padding_amounts, self.axes, strict=True):
            at, further = np.arange(places), extent(window.kernel_size, window.dilation) - 1
            first = (at + before - further) / window.stride if self.transposed else at * window.stride - before
            last = (at + before) / window.stride if self.transposed else first + further
            far.append((first >= margin) & (last < n - margin))
        return far[0][:, None] & far[1]
