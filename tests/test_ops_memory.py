"""Memory stays bounded, and each thread has its own scratch."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convscope import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv2d,
    conv2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

MEBIBYTE = 2**20
LIMIT = 64 * MEBIBYTE


def beyond_output(function, *arrays, **settings):
    """The most bytes held at once while a function works, less those of its answer. NumPy reports to tracemalloc."""

    def peak():
        tracemalloc.start()
        try:
            out = function(*arrays, **settings)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        return most - sum(array.nbytes for array in (out if isinstance(out, tuple) else (out,)))

    with ThreadPoolExecutor(1) as fresh:  # a thread that has no scratch yet: it counts too
        return fresh.submit(peak).result()


def numbers(*shape, dtype=np.float32):
    return np.ones(shape, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_large_picture_with_a_large_kernel(dtype, padding):
    picture, kernel = numbers(4096, 4096, dtype=dtype), numbers(11, 11)
    # a stride takes time off the test, not memory: a block of windows is as large as it may be
    assert beyond_output(conv2d, picture, kernel, stride=(8, 4), padding=padding) < LIMIT


def test_its_gradients():
    picture, kernel = numbers(2048, 2048), numbers(5, 5)
    grad_y = conv2d(picture, kernel, stride=2)
    assert beyond_output(conv2d_backward, grad_y, picture, kernel, stride=2) < LIMIT


@pytest.mark.parametrize(
    ("x", "kernels", "settings"),
    [
        (numbers(1, 512, 4, 4096), numbers(8, 512, 3, 3), {}),  # many channels and wide
        (numbers(1, 512, 3, 4096, dtype=np.uint8), numbers(2, 512, 3, 3), {"padding": "same", "stride": 4}),
        (numbers(1, 1, 2048, 2048), numbers(1, 1, 2000, 2000), {"stride": 24}),  # kernel of 4 million weights
        (numbers(1, 1, 3000, 3000), numbers(1, 1, 3, 3), {"dilation": 1400, "padding": "same", "stride": 3}),
        (numbers(1, 1, 4096, 4096), numbers(1, 1, 1, 1), {"stride": 64, "padding": 1}),
        (numbers(1, 256, 6, 6), numbers(4096, 256, 6, 6), {}),  # AlexNet's fc6
        (numbers(64, 1, 128, 128), numbers(32, 1, 1, 1), {}),  # many filters of few weights
        (numbers(1024, 4, 8, 8), numbers(4, 1, 3, 3), {"groups": 4}),
    ],
)
def test_whatever_the_shapes(x, kernels, settings):
    assert beyond_output(conv2d, x, kernels, **settings) < LIMIT


def test_weights_as_large_as_a_dense_layer_have_gradients_within_the_limit():
    x, kernels = numbers(2, 256, 6, 6), numbers(1024, 256, 6, 6)
    assert beyond_output(conv2d_backward, numbers(2, 1024, 1, 1), x, kernels) < LIMIT


def test_a_long_signal():
    assert beyond_output(conv1d, numbers(2**22), numbers(31)) < LIMIT
    recording = numbers(2**24, dtype=np.uint8)  # as floats, it alone would take as much
    assert beyond_output(conv1d, recording, numbers(31), stride=64) < LIMIT


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
@pytest.mark.parametrize(
    ("forward", "backward", "settings"),
    [
        (max_pool2d, max_pool2d_backward, {"size": 3, "stride": 1, "padding": "same"}),
        (avg_pool2d, avg_pool2d_backward, {"size": 3, "stride": 1, "padding": "same"}),
        (avg_pool2d, avg_pool2d_backward, {"size": 6, "stride": 1, "padding": 5, "count_padding": True}),
        (global_avg_pool2d, global_avg_pool2d_backward, {}),
    ],
)
def test_pools_of_a_large_picture(layout, forward, backward, settings):
    picture = layout(numbers(2048, 2048))  # a quarter of what the limit is for
    assert beyond_output(forward, picture, **settings) < LIMIT / 4
    assert beyond_output(backward, forward(picture, **settings), picture, **settings) < LIMIT / 4


def test_threads_do_not_disturb_each_other():
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=(2, 3, 40 + n, 40)), rng.normal(size=(4, 3, 3, 3))) for n in range(8)]

    def work(case):
        y = conv2d(*case, padding="same")
        return y, *conv2d_backward(y, *case, padding="same"), max_pool2d(y, 3, stride=1)

    alone = [work(case) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(work, cases * 20))
    for n, answers in enumerate(together):
        for answer, expected in zip(answers, alone[n % len(cases)], strict=True):
            assert_allclose(answer, expected)
