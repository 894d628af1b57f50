"""Convolution and pooling as plain loops: slow and short, so that anyone can see that they are right.

`convscope.ops` computes the same numbers fast, and the tests compare it with these loops.

Indices: n image, c channel, f filter, r and q row and column of the output, i and j row and column of the kernel.
`window_indices` gives the pixel that each kernel cell reads at each output position, −1 for padding.

Everything is computed in float64, so that 8-bit images cannot overflow.

Source: Dumoulin & Visin 2016; Goodfellow, Bengio & Courville 2016, chapter 9.
"""

from __future__ import annotations

import numpy as np

from .arguments import pair
from .geometry import IntPair, Padding, padding_amounts, picture_padding, transposed_size, window_indices


def feature_map(
    picture, kernel, *, stride: IntPair = 1, padding: Padding = "valid", dilation: IntPair = 1
) -> np.ndarray:
    """Return the feature map of one image channel (row, column) under one kernel (row, column): the four loops."""
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


def conv2d(
    x, kernels, bias=None, *, stride: IntPair = 1, padding: Padding = "valid", dilation: IntPair = 1, groups=1
) -> np.ndarray:
    """Return the feature maps of images (batch, channel, row, column): (batch, filter, row, column).

    kernels: (filter, channel / groups, row, column). A filter has a kernel for each channel that it reads, and adds up
    their maps. With groups, the first filters read the first channels, the next filters the next channels, and so on.
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


def spread(picture, kernel, *, stride: IntPair = 1, padding: Padding = "valid", dilation: IntPair = 1) -> np.ndarray:
    """Return one channel (row, column) enlarged by one kernel: the loops of `feature_map`, from output to input."""
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


def conv_transpose2d(
    x, kernels, bias=None, *, stride: IntPair = 1, padding: Padding = "valid", dilation: IntPair = 1, groups=1
) -> np.ndarray:
    """Return images (batch, channel, row, column) enlarged by a transposed convolution: (batch, filter, row, column).

    kernels: (channel, filter / groups, row, column). A filter adds up the enlarged channels of its group.
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


def conv1d(x, kernels, bias=None, *, stride=1, padding: Padding = "valid", dilation=1, groups=1) -> np.ndarray:
    """Return the feature maps of signals (batch, channel, time) under kernels (filter, channel / groups, time).

    A signal is an image with one row.
    """
    x, kernels = np.asarray(x, float)[:, :, None], np.asarray(kernels, float)[:, :, None]
    before_after = padding_amounts(x.shape[3], kernels.shape[3], stride=stride, padding=padding, dilation=dilation)
    settings = {"stride": (1, stride), "padding": ((0, 0), before_after), "dilation": (1, dilation)}
    return conv2d(x, kernels, bias, groups=groups, **settings)[:, :, 0]


def max_pool2d(
    x, size: IntPair = 2, *, stride: IntPair | None = None, padding: Padding = "valid", dilation: IntPair = 1
) -> np.ndarray:
    """Return the largest pixel of each window; padding does not take part."""
    return _pool(x, size, stride, padding, dilation, np.max)


def avg_pool2d(
    x, size: IntPair = 2, *, stride: IntPair | None = None, padding: Padding = "valid", count_padding=False
) -> np.ndarray:
    """Return the mean of each window: over its pixels alone, or over padding too if `count_padding`."""
    rows, columns = pair("size", size)

    def mean(pixels):
        return np.sum(pixels) / (rows * columns if count_padding else len(pixels))

    return _pool(x, size, stride, padding, 1, mean)


def global_max_pool2d(x) -> np.ndarray:
    """Return the largest pixel of each channel."""
    return max_pool2d(x, np.shape(x)[2:])


def global_avg_pool2d(x) -> np.ndarray:
    """Return the mean of each channel."""
    return avg_pool2d(x, np.shape(x)[2:])


def _check_channels(x, kernels, groups) -> None:
    """Raise ValueError unless all groups have equally many filters, and together read every channel."""
    channels, (filters, channels_read) = x.shape[1], kernels.shape[:2]
    if filters % groups:
        raise ValueError(f"{filters} filters cannot be divided into {groups} groups of equal size.")
    if channels != channels_read * groups:
        raise ValueError(
            f"kernels of {channels_read} channels in {groups} group(s) do not read the {channels} channels of x."
        )


def _pool(x, size, stride, padding, dilation, summary) -> np.ndarray:
    """Return summary(pixels) for each window of each channel."""
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
    """Return the pixels that the windows read along the rows [r, i] and along the columns [q, j]."""
    strides, paddings, dilations = pair("stride", stride), picture_padding(padding), pair("dilation", dilation)
    axes = zip(picture_shape, window_shape, strides, paddings, dilations, strict=True)
    return [window_indices(n, k, stride=s, padding=p, dilation=d) for n, k, s, p, d in axes]
