"""What convolution and pooling mean, in plain loops: slow, short, and trusted.

Nothing here is clever. `convscope.ops` answers with the same numbers fast; the tests hold it against these loops.

The letters, everywhere:  n image   c channel   f filter   r, q row and column of the output   i, j of the kernel.
Where a window reads comes from `window_indices`: the pixel of each output and kernel cell, −1 on padding.

Everything is reckoned in float64, so that bytes cannot overflow.

Source: Dumoulin & Visin 2016; Goodfellow, Bengio & Courville 2016, chapter 9.
"""

from __future__ import annotations

import numpy as np

from .arguments import pair
from .geometry import picture_padding, transposed_size, window_indices


def feature_map(picture, kernel, *, stride=1, padding="valid", dilation=1) -> np.ndarray:
    """One picture (row, column) under one kernel (row, column): the four loops of a convolution."""
    picture, kernel = np.asarray(picture, float), np.asarray(kernel, float)
    rows, columns = _windows(picture.shape, kernel.shape, stride, padding, dilation)
    y = np.zeros((len(rows), len(columns)))
    for r in range(len(rows)):
        for q in range(len(columns)):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    if rows[r, i] >= 0 and columns[q, j] >= 0:  # padding is zero and adds nothing
                        y[r, q] += picture[rows[r, i], columns[q, j]] * kernel[i, j]
    return y


def conv2d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """Pictures (batch, channel, row, column) under kernels (filter, channel / groups, row, column).

    A filter has one kernel for each channel that it reads, and sums what they give. With groups, the first filters
    read the first channels, the next filters the next.
    """
    x, kernels = np.asarray(x, float), np.asarray(kernels, float)
    _check_channels(x, kernels, groups)
    filters, channels_read = kernels.shape[:2]
    filters_per_group = filters // groups
    images = []
    for n in range(len(x)):
        maps = []
        for f in range(filters):
            first = f // filters_per_group * channels_read
            y = 0 if bias is None else bias[f]
            for c in range(channels_read):
                y = y + feature_map(x[n, first + c], kernels[f, c], stride=stride, padding=padding, dilation=dilation)
            maps.append(y)
        images.append(maps)
    return np.array(images)


def spread(picture, kernel, *, stride=1, padding="valid", dilation=1) -> np.ndarray:
    """One picture (row, column) through one kernel, transposed: the loops of `feature_map`, led the other way."""
    picture, kernel = np.asarray(picture, float), np.asarray(kernel, float)
    strides, paddings, dilations = pair("stride", stride), picture_padding(padding), pair("dilation", dilation)
    axes = zip(picture.shape, kernel.shape, strides, paddings, dilations, strict=True)
    y = np.zeros([transposed_size(n, k, stride=s, padding=p, dilation=d) for n, k, s, p, d in axes])
    rows, columns = _windows(y.shape, kernel.shape, stride, padding, dilation)
    for r in range(len(rows)):
        for q in range(len(columns)):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    if rows[r, i] >= 0 and columns[q, j] >= 0:  # what falls on padding is cropped
                        y[rows[r, i], columns[q, j]] += picture[r, q] * kernel[i, j]
    return y


def conv_transpose2d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """Pictures (batch, channel, row, column) through kernels (channel, filter / groups, row, column), transposed.

    A filter adds up what the channels of its group give.
    """
    x, kernels = np.asarray(x, float), np.asarray(kernels, float)
    (channels, filters_per_group), channels_per_group = kernels.shape[:2], len(kernels) // groups
    if channels != x.shape[1] or channels % groups:
        raise ValueError(f"kernels for {channels} channels in {groups} group(s) do not fit the {x.shape[1]} of x.")
    images = []
    for n in range(len(x)):
        maps = []
        for f in range(groups * filters_per_group):
            group, filter_ = divmod(f, filters_per_group)
            y = 0 if bias is None else bias[f]
            for c in range(group * channels_per_group, (group + 1) * channels_per_group):
                y = y + spread(x[n, c], kernels[c, filter_], stride=stride, padding=padding, dilation=dilation)
            maps.append(y)
        images.append(maps)
    return np.array(images)


def conv1d(x, kernels, bias=None, *, stride=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    """Signals (batch, channel, time) under kernels (filter, channel / groups, time)."""
    x, kernels = np.asarray(x, float), np.asarray(kernels, float)
    _check_channels(x, kernels, groups)
    windows = window_indices(x.shape[2], kernels.shape[2], stride=stride, padding=padding, dilation=dilation)
    filters, channels_read, taps = kernels.shape
    y = np.zeros((len(x), filters, len(windows)))
    for n in range(len(x)):
        for f in range(filters):
            first = f // (filters // groups) * channels_read
            for t in range(len(windows)):
                y[n, f, t] = 0 if bias is None else bias[f]
                for c in range(channels_read):
                    for i in range(taps):
                        if windows[t, i] >= 0:
                            y[n, f, t] += x[n, first + c, windows[t, i]] * kernels[f, c, i]
    return y


def max_pool2d(x, size=2, *, stride=None, padding="valid", dilation=1) -> np.ndarray:
    """The largest pixel of each window; padding is no pixel."""
    return _pool(x, size, stride, padding, dilation, np.max)


def avg_pool2d(x, size=2, *, stride=None, padding="valid", count_padding=False) -> np.ndarray:
    """The mean of each window: of its pixels, or, if padding counts, their sum divided by the window's size."""
    rows, columns = pair("size", size)

    def mean(pixels):
        return np.sum(pixels) / (rows * columns if count_padding else len(pixels))

    return _pool(x, size, stride, padding, 1, mean)


def global_max_pool2d(x) -> np.ndarray:
    """The largest pixel of each channel."""
    return max_pool2d(x, np.shape(x)[2:])


def global_avg_pool2d(x) -> np.ndarray:
    """The mean of each channel."""
    return avg_pool2d(x, np.shape(x)[2:])


def _check_channels(x, kernels, groups) -> None:
    """Every channel has to be read, and every group to have as many filters."""
    channels, (filters, channels_read) = x.shape[1], kernels.shape[:2]
    if filters % groups:
        raise ValueError(f"{filters} filters do not fall into {groups} groups of one size.")
    if channels != channels_read * groups:
        raise ValueError(
            f"kernels of {channels_read} channels in {groups} group(s) do not read the {channels} channels of x."
        )


def _pool(x, size, stride, padding, dilation, summary) -> np.ndarray:
    """One number, `summary`, for the pixels of each window of each channel."""
    x = np.asarray(x, float)
    rows, columns = _windows(x.shape[2:], pair("size", size), size if stride is None else stride, padding, dilation)
    y = np.zeros((*x.shape[:2], len(rows), len(columns)))
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for r in range(len(rows)):
                for q in range(len(columns)):
                    pixels = [x[n, c, i, j] for i in rows[r] for j in columns[q] if i >= 0 and j >= 0]
                    y[n, c, r, q] = summary(pixels)
    return y


def _windows(picture_shape, window_shape, stride, padding, dilation) -> list[np.ndarray]:
    """Where the windows read along the rows [r, i], and along the columns [q, j]."""
    strides, paddings, dilations = pair("stride", stride), picture_padding(padding), pair("dilation", dilation)
    return [
        window_indices(
            picture_shape[axis],
            window_shape[axis],
            stride=strides[axis],
            padding=paddings[axis],
            dilation=dilations[axis],
        )
        for axis in (0, 1)
    ]
