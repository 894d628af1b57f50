"""Pooling, forward and backward: against the loops, by central differences, and where ties, padding and NaN meet."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import convscope
from convscope import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    reference,
)
from convscope.ops import windows
from strategies import arrays, pools
from test_ops_backward import central_differences, gradient_of_output

NUMBERS = ("float64", "float32", "float16", "int64", "uint8", "bool")
budgets = st.sampled_from([2**21, 2000, 200, 8])


def close(actual, expected):
    assert actual.shape == expected.shape
    single = actual.dtype == np.float32
    assert_allclose(actual, expected, rtol=1e-4 if single else 1e-9, atol=1e-4 if single else 1e-9)


@given(pools(NUMBERS), budgets)
def test_max_pool_equals_the_loops(pool, scratch_bytes):
    settings = pool.settings | {"dilation": pool.dilation}
    assume(each_window_holds_a_pixel(pool.x.shape, settings))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        y = max_pool2d(pool.x, **settings)
    close(y, reference.max_pool2d(pool.x, **settings))


@given(pools(NUMBERS), budgets, st.booleans())
def test_average_pool_equals_the_loops(pool, scratch_bytes, count_padding):
    assume(each_window_holds_a_pixel(pool.x.shape, pool.settings))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        y = avg_pool2d(pool.x, **pool.settings, count_padding=count_padding)
    close(y, reference.avg_pool2d(pool.x, **pool.settings, count_padding=count_padding))


def each_window_holds_a_pixel(shape, settings):
    """As the loops see it: the pixels of a picture of ones, summed."""
    size, stride = settings["size"], settings["stride"]
    slides = {"stride": size if stride is None else stride, "padding": settings["padding"]}
    ones = np.ones(shape[2:])
    return reference.feature_map(
        ones, np.ones(np.broadcast_to(size, 2)), **slides, dilation=settings.get("dilation", 1)
    ).all()


@given(arrays((2, 3, 5, 4), NUMBERS))
def test_global_pools_equal_the_loops(x):
    close(global_max_pool2d(x), reference.global_max_pool2d(x))
    close(global_avg_pool2d(x), reference.global_avg_pool2d(x))


@given(pools(), budgets)
def test_max_pool_gradient_equals_central_differences(pool, scratch_bytes):
    settings = pool.settings | {"dilation": pool.dilation}
    assume(each_window_holds_a_pixel(pool.x.shape, settings))
    x = np.random.default_rng(0).permutation(pool.x.size).reshape(pool.x.shape) / 4  # no ties: steps stay winners
    grad_y = gradient_of_output(max_pool2d(x, **settings))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        grad_x = max_pool2d_backward(grad_y, x, **settings)
    one = (slice(0, 1), slice(0, 1))
    loss = central_differences(lambda x: (max_pool2d(x, **settings) * grad_y[one]).sum(), x[one])
    assert grad_x.shape == x.shape
    assert_allclose(grad_x[one], loss, atol=1e-8)
    assert_allclose(grad_x.sum(axis=(2, 3)), grad_y.sum(axis=(2, 3)), atol=1e-8)


@given(pools(), budgets, st.booleans())
def test_average_pool_gradient_is_adjoint(pool, scratch_bytes, count_padding):
    assume(each_window_holds_a_pixel(pool.x.shape, pool.settings))
    settings = pool.settings | {"count_padding": count_padding}
    along = np.random.default_rng(1).normal(size=pool.x.shape)
    change = avg_pool2d(along, **settings)
    grad_y = gradient_of_output(change)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        grad_x = avg_pool2d_backward(grad_y, pool.x, **settings)
    assert grad_x.shape == pool.x.shape
    assert_allclose((along * grad_x).sum(), (change * grad_y).sum(), atol=1e-8)


def test_global_pool_gradients_equal_central_differences():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    for forward, backward in (
        (global_max_pool2d, global_max_pool2d_backward),
        (global_avg_pool2d, global_avg_pool2d_backward),
    ):
        grad_y = gradient_of_output(forward(x))
        loss = central_differences(lambda x: (forward(x) * grad_y).sum(), x)  # noqa: B023 called at once
        assert_allclose(backward(grad_y, x), loss, atol=1e-8)


@pytest.mark.parametrize("size", [(1000, 1), (1, 1000), 1000])
def test_the_mean_of_a_large_window_is_as_exact_as_that_of_a_whole_picture(size):
    x = np.full((1000, 1000), 0.1, np.float32)
    assert_allclose(avg_pool2d(x, size), np.float32(0.1), rtol=2e-7)
    assert_allclose(global_avg_pool2d(x), np.float32(0.1), rtol=2e-6)


def test_padding_never_wins_and_is_not_a_pixel():
    picture = -np.ones((3, 3))
    assert (max_pool2d(picture, 3, stride=1, padding=1) == -1).all()
    assert (avg_pool2d(picture, 3, stride=1, padding=1) == -1).all()
    counted = avg_pool2d(picture, 3, stride=1, padding=1, count_padding=True)
    assert_allclose(counted, -np.array([[4, 6, 4], [6, 9, 6], [4, 6, 4]]) / 9)


def test_among_equals_the_first_in_reading_order_wins():
    assert max_pool2d_backward([[5]], np.ones((2, 2))).tolist() == [[5, 0], [0, 0]]
    assert max_pool2d_backward([[5]], [[0, 1], [1, 0]]).tolist() == [[0, 5], [0, 0]]
    assert max_pool2d_backward([[5]], np.full((2, 2), -np.inf)).tolist() == [[5, 0], [0, 0]]
    assert global_max_pool2d_backward([[5]], [[0, 1], [1, 0]]).tolist() == [[0, 5], [0, 0]]
    # overlapping windows add up at their common winner
    assert max_pool2d_backward([[1, 2]], [[0, 3, 0]], (1, 2), stride=1).tolist() == [[0, 3, 0]]


def test_a_window_with_nan_is_nan_and_its_first_nan_takes_the_gradient():
    x = np.array([[1, np.nan, 0, 9], [np.nan, 2, 3, 1]])
    assert_array_equal(max_pool2d(x), [[np.nan, 9]])
    assert max_pool2d_backward([[1, 1]], x).tolist() == [[0, 1, 0, 1], [0, 0, 0, 0]]
    assert global_max_pool2d_backward([[1]], x).tolist() == [[0, 1, 0, 0], [0, 0, 0, 0]]


def test_an_infinite_gradient_reaches_the_winner_alone():
    assert max_pool2d_backward([[np.inf]], [[1, 2], [3, 4]]).tolist() == [[0, 0], [0, np.inf]]


@pytest.mark.parametrize("shape", [(4, 6), (3, 4, 6), (2, 3, 4, 6), (0, 3, 4, 6)])
def test_an_answer_has_the_axes_of_the_question(shape):
    x = np.random.default_rng(0).normal(size=shape)
    pooled, single = (*shape[:-2], 2, 3), (*shape[:-2], 1, 1)
    for name, expected in (("max", pooled), ("avg", pooled), ("global_max", single), ("global_avg", single)):
        y = getattr(convscope, f"{name}_pool2d")(x)
        assert y.shape == expected
        assert getattr(convscope, f"{name}_pool2d_backward")(y, x).shape == shape


@pytest.mark.parametrize("name", ["max", "avg", "global_max", "global_avg"])
@pytest.mark.parametrize(
    ("x", "grad_y", "expected"),
    [("float32", "float32", "float32"), ("uint8", "float32", "float32"), ("float32", "float64", "float64")],
)
def test_types(name, x, grad_y, expected):
    x = np.ones((2, 2), x)
    y = getattr(convscope, f"{name}_pool2d")(x)
    assert y.dtype == (np.float32 if x.dtype == np.float32 else np.float64)
    assert getattr(convscope, f"{name}_pool2d_backward")(y.astype(grad_y), x).dtype == np.dtype(expected)


@given(arrays((2, 3, 5, 4)))
def test_the_inputs_stay_as_they_are(x):
    kept = x.copy()
    for name in ("max", "avg", "global_max", "global_avg"):
        y = getattr(convscope, f"{name}_pool2d")(x)
        grad_x = getattr(convscope, f"{name}_pool2d_backward")(y, x)
        y[...] = grad_x[...] = 77
    assert_array_equal(x, kept)
