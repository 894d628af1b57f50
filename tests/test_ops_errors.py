"""Bad input is refused before anything is computed: the argument named, its value said, what would do."""

from functools import partial
from typing import Generic, TypeVar

import numpy as np
import pytest

import convscope
from convscope import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from refusing import refused

PICTURE, IMAGE, BATCH = np.ones((6, 5)), np.ones((3, 6, 5)), np.ones((2, 3, 6, 5))
KERNEL, KERNELS = np.ones((3, 3)), np.ones((4, 3, 3, 3))
NAN = float("nan")


@pytest.mark.parametrize(
    ("x", "kernels", "parts"),
    [
        (PICTURE, KERNELS, "kernels … (row, column) … (6, 5) … (4, 3, 3, 3) … one kernel … x[None]"),
        (IMAGE, KERNEL, "kernels … (filter, channel, row, column) … (3, 6, 5) … (3, 3)"),
        (IMAGE, KERNEL, "one of x … kernels[None, None]"),
        (np.ones((6, 5, 3)), KERNEL, "channels-last x … x[:, :, 0]."),
        (BATCH, np.ones((3, 3, 3)), "(3, 3, 3) … one kernel for each channel"),
        (np.ones(5), KERNEL, "x … (batch, channel, row, column), (channel, row, column) or (row, column) … (5,)"),
        (5, KERNEL, "x … (batch, channel, row, column), (channel, row, column) or (row, column) … ()"),
        (np.ones((1, 1, 1, 6, 5)), KERNEL, "x … (1, 1, 1, 6, 5)"),
        (np.ones((6, 5, 3)), KERNELS, "x … (6, 5, 3) … 6 … channels seem to come last … np.moveaxis(x, -1, 0)"),
        (np.ones((2, 6, 5, 3)), KERNELS, "channels seem to come last … np.moveaxis(x, -1, 1)"),
        (np.ones((2, 2, 6, 5)), KERNELS, "kernels … (4, 3, 3, 3) … 3 channels … x … (2, 2, 6, 5) … 2 … 2 channels"),
        (np.ones((8, 8, 4)), KERNELS, "opacity … np.moveaxis(x[..., :3], -1, 0)"),
        (np.ones((2, 8, 8, 4)), KERNELS, "opacity … np.moveaxis(x[..., :3], -1, 1)"),
        (np.ones((4, 8, 8)), KERNELS, "4 … x[..., :3, :, :] … opacity"),
        (np.ones((8, 9, 3)), KERNELS[:, :1], "np.moveaxis(x, -1, 0) … kernels of 3 channels."),
        (np.ones((0, 3)), KERNEL, "x … row … (0, 3)"),
        (np.ones((2, 0, 6, 5)), KERNELS, "x … channel … (2, 0, 6, 5)"),
        (PICTURE, np.ones((3, 0)), "kernels … column … (3, 0)"),
        (BATCH, np.ones((0, 3, 3, 3)), "kernels … filter"),
        (PICTURE, np.ones((7, 3)), "rows … kernel_size 7 … 6 pixels"),
        (PICTURE, np.ones((3, 6)), "columns … kernel_size 6 … 5 pixels"),
        ([[1, 2], [3]], KERNEL, "x … rows differ in length"),
        (PICTURE, [[1, 2], [3]], "kernels … rows differ in length"),
    ],
)
def test_shapes(x, kernels, parts):
    with refused(parts, ValueError):
        conv2d(x, kernels)


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (np.ones((6, 5), complex), "complex numbers"),
        ([["a", "b"]], "text"),
        ("picture", "text"),
        (None, "objects"),
        ([[None]], "objects"),
        ({"a": 1}, "objects"),
        (np.ones((6, 5), "datetime64[s]"), "dates"),
    ],
)
@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("x", lambda value: conv2d(value, KERNEL)),
        ("x", lambda value: max_pool2d(value)),
        ("kernels", lambda value: conv2d(PICTURE, value)),
        ("grad_y", lambda value: conv2d_backward(value, PICTURE, KERNEL)),
        ("bias", lambda value: conv2d(PICTURE, KERNEL, [value])),
    ],
)
def test_only_real_numbers_are_taken(value, got, name, function):
    with refused(f"{name} … real numbers (float32, float64, integers or booleans) … got {got}", TypeError):
        function(value)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("x", lambda masked: conv2d(masked, KERNEL)),
        ("kernels", lambda masked: conv2d(PICTURE, masked)),
        ("x", lambda masked: convscope.global_avg_pool2d(masked)),
    ],
)
def test_a_mask_is_not_lost(name, function):
    with refused(f"{name} has masked values … {name}.filled(0)", ValueError):
        function(np.ma.masked_equal(PICTURE * [1, 1, 7, 1, 1], 7))
    assert (conv2d(np.ma.array(PICTURE), KERNEL) == 9).all()  # nothing is masked


@pytest.mark.parametrize(
    ("settings", "error", "parts"),
    [
        ({"stride": 0}, ValueError, "stride … 1 or more … 0"),
        ({"stride": (1, 0)}, ValueError, "stride … 1 or more … 0"),
        ({"stride": (1, 1, 1)}, ValueError, "stride … (rows, columns) … (1, 1, 1)"),
        ({"stride": 2**62}, ValueError, "stride … 2147483647 or less … 4611686018427387904"),
        ({"padding": 10**12}, ValueError, "padding … 2147483647 or less … 1000000000000"),
        (
            {"padding": 10**6},
            ValueError,
            "(2000004, 2000002), 4,000,012,000,008 … 4,294,967,296 … smaller x … fewer filters … less padding … stride",
        ),
        ({"stride": NAN}, TypeError, "stride … 1 or more … nan"),
        ({"stride": 2.0}, TypeError, "stride … 1 or more … 2.0"),
        ({"stride": "2"}, TypeError, "stride … 1 or more … '2'"),
        ({"stride": True}, TypeError, "stride … 1 or more … True"),
        ({"dilation": 0}, ValueError, "dilation … 1 or more … 0"),
        ({"dilation": 3}, ValueError, "rows … kernel_size 3 … dilation 3 … 7 pixels"),
        ({"dilation": (1, 2)}, ValueError, "columns … kernel_size 3 … dilation 2 … 5 pixels"),
        ({"padding": -1}, ValueError, "padding … 0 or more … -1"),
        ({"padding": ((0, 0), (0, -2))}, ValueError, "padding … 0 or more … -2"),
        ({"padding": "zero"}, ValueError, 'padding … "valid", "same", "full" … \'zero\''),
        ({"padding": "causal"}, ValueError, 'padding … "valid", "same", "full" … \'causal\''),
        ({"padding": 0.5}, TypeError, "padding … 0 or more … 0.5"),
        ({"padding": None}, TypeError, "padding … 0 or more … None"),
        ({"padding": (1, 2, 3, 4)}, ValueError, "(rows, columns) … ((top, bottom), (left, right)) … (1, 2, 3, 4)"),
        ({"groups": 0}, ValueError, "groups … 1 or more … 0"),
        ({"groups": 1.0}, TypeError, "groups … 1 or more … 1.0"),
        ({"groups": 2}, ValueError, "groups … channels of x, 1 … filters of kernels, 1 … 2"),
    ],
)
def test_settings(settings, error, parts):
    picture = np.ones((6, 4))
    for function in (conv2d, partial(conv2d_backward, picture)):
        with refused(parts, error):
            function(picture, KERNEL, **settings)


@pytest.mark.parametrize(
    ("kernels", "groups", "parts"),
    [
        ((6, 2, 3, 3), 4, "groups … channels of x, 4 … filters of kernels, 6 … 4"),
        ((6, 2, 3, 3), 1, "kernels … (6, 2, 3, 3) … 2 channels … x … (1, 4, 5, 5) … 4 … kernels of 4 channels"),
        ((6, 4, 3, 3), 2, "2 groups … 8 channels … x … (1, 4, 5, 5) … 4 … kernels of 2 channels"),
    ],
)
def test_groups(kernels, groups, parts):
    with refused(parts, ValueError):
        conv2d(np.ones((1, 4, 5, 5)), np.ones(kernels), groups=groups)


@pytest.mark.parametrize(
    ("x", "kernels", "bias", "parts"),
    [
        (BATCH, KERNELS, np.ones(3), "bias … per filter … (4,) … (3,)"),
        (BATCH, KERNELS, 1.0, "bias … (4,) … ()"),
        (BATCH, KERNELS, np.ones((4, 1)), "bias … (4,) … (4, 1)"),
        (PICTURE, KERNEL, [1, 2], "bias … one number … (2,)"),
    ],
)
def test_bias(x, kernels, bias, parts):
    with refused(parts, ValueError):
        conv2d(x, kernels, bias)


@pytest.mark.parametrize(
    ("function", "grad_y", "shapes"),
    [
        (lambda grad_y: conv2d_backward(grad_y, BATCH, KERNELS), np.ones((2, 4, 6, 5)), "(2, 4, 4, 3) … (2, 4, 6, 5)"),
        (lambda grad_y: conv2d_backward(grad_y, PICTURE, KERNEL), 1.0, "(4, 3) … ()"),
        (lambda grad_y: conv1d_backward(grad_y, np.ones(5), np.ones(3)), np.ones(5), "output, (3,) … (5,)"),
        (lambda grad_y: max_pool2d_backward(grad_y, PICTURE), np.ones((2, 3)), "(3, 2) … (2, 3)"),
        (lambda grad_y: convscope.global_avg_pool2d_backward(grad_y, IMAGE), np.ones(3), "(3, 1, 1) … (3,)"),
        (lambda grad_y: convscope.global_max_pool2d_backward(grad_y, IMAGE), np.ones(3), "(3, 1, 1) … (3,)"),
    ],
)
def test_gradients_must_have_the_shape_of_the_output(function, grad_y, shapes):
    with refused(f"grad_y … {shapes}", ValueError):
        function(grad_y)


@pytest.mark.parametrize(
    ("x", "kernels", "settings", "parts"),
    [
        ((4,), (5,), {}, "time axis … kernel_size 5 … 4 pixels"),
        (BATCH.shape, (4, 3, 3), {}, "x … (batch, channel, time), (channel, time) or (time,)"),
        ((2, 3, 9), (3,), {}, "kernels … (filter, channel, time)"),
        ((2, 3, 9), (4, 3, 3), {"stride": (1, 2)}, "stride … 1 or more … (1, 2)"),
        (
            (2, 3, 9),
            (4, 3, 3),
            {"padding": "left"},
            'padding … "valid", "same", "full", "causal" … (before, after) … \'left\'',
        ),
    ],
)
def test_time(x, kernels, settings, parts):
    with refused(parts):
        conv1d(np.ones(x), np.ones(kernels), **settings)


@pytest.mark.parametrize(
    ("settings", "error", "parts"),
    [
        ({"size": 0}, ValueError, "size … 1 or more … 0"),
        ({"size": 2.5}, TypeError, "size … 1 or more … 2.5"),
        ({"size": (2, 2, 2)}, ValueError, "size … (rows, columns) … (2, 2, 2)"),
        ({"size": 2, "stride": 0}, ValueError, "stride … 1 or more … 0"),
        ({"size": 7}, ValueError, "rows … size 7 … 6 pixels"),
        ({"size": (1, 6)}, ValueError, "columns … size 6 … 5 pixels"),
        ({"size": 10**6, "stride": 1, "padding": 10**6 - 1}, ValueError, "4,294,967,296 … less padding"),
        ({"size": 2, "padding": "zeros"}, ValueError, "padding"),
        ({"size": 2, "padding": 2}, ValueError, "rows, window 0 … padding … nothing to pool"),
        ({"size": 2, "padding": ((0, 0), (0, 3))}, ValueError, "columns, window 3 … padding"),
    ],
)
@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_pools(pool, settings, error, parts):
    with refused(parts, error):
        pool(PICTURE, **settings)


@pytest.mark.parametrize(
    ("x", "padding", "parts"),
    [([[5.0]], 1, "window 0 … nothing to pool … smaller dilation than 2"), (PICTURE, 3, "wholly on padding")],
)
def test_a_window_that_steps_over_all_pixels_is_told_of_dilation(x, padding, parts):
    with refused(parts, ValueError):
        max_pool2d(x, 2, stride=1, padding=padding, dilation=2)


@pytest.mark.parametrize("function", [avg_pool2d, partial(avg_pool2d_backward, np.ones((3, 2)))])
def test_padding_counts_or_not(function):
    with refused("count_padding … True or False … 'no'", TypeError):
        function(PICTURE, count_padding="no")


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"])
@pytest.mark.parametrize(
    ("shape", "parts"),
    [
        ((3, 0), "x … column … (3, 0)"),
        ((3,), "x … (batch, channel, row, column)"),
        ((0, 3, 3), "x … channel"),
    ],
)
def test_pools_refuse_pictures_without_pixels(name, shape, parts):
    with refused(parts, ValueError):
        getattr(convscope, name)(np.ones(shape))


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (
            partial(avg_pool2d, PICTURE, 2, ceil_mode=True),
            "avg_pool2d … ceil_mode … x, size, stride, padding, count_padding",
        ),
        (partial(convscope.MaxPool2D, 3, dilation=2), "MaxPool2D … dilation … size, stride, padding."),
        (partial(conv2d, PICTURE, KERNEL, strides=2, rate=2), "conv2d … strides … Did you mean 'stride'?"),
        (partial(convscope.Sequential, layers=[convscope.ReLU()]), "Sequential … layers; it takes *layers."),
        (partial(convscope.SGD, 0.1, weight_decay=1e-4), "SGD … weight_decay … rate, momentum."),
        (partial(convscope.Adam, learning_rate=0.1), "Adam … learning_rate … rate."),
        (partial(convscope.fit, convscope.ReLU(), 0, 0, batch_size=8), "fit … batch_size … batch, optimiser"),
    ],
)
def test_an_argument_of_another_library_is_told_of_those_there_are(call, parts):
    with refused(parts, TypeError):
        call()


def test_a_layer_of_ones_own_takes_what_it_likes():
    class Own(convscope.ReLU):
        def __init__(self, **anything):
            self.anything = anything

    assert Own(color="red").anything == {"color": "red"}


def test_a_layer_of_ones_own_may_be_generic():
    number = TypeVar("number")

    class Own(convscope.ReLU, Generic[number]):
        """Of which `Generic` has to hear."""

    assert Own[int]().forward(np.array([[-1.0, 2.0]])).tolist() == [[0, 2]]
