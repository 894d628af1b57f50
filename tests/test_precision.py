"""Long sums in single precision are as good as in double, however the numbers lie in memory."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convscope import datasets
from convscope.layers import Conv1D, Conv2D, Dense, GlobalAvgPool2D, Sequential, Subsample2D
from convscope.models import Codes
from convscope.ops import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d_backward,
    conv2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
)
from convscope.training import cross_entropy, softmax
from strategies import LAYOUTS

layouts = pytest.mark.parametrize("layout", LAYOUTS)
# One after another, a hundred thousand numbers of single precision are off by 1e-3; what BLAS adds up, by 1e-5.
TOLERANCE = 5e-5


def check(function, layout, *shapes):
    """The answers to many a 0.1, in this layout, are those of double precision."""
    arrays = [layout(np.full(shape, 0.1, np.float32)) for shape in shapes]
    single, double = function(*arrays), function(*[array.astype(float) for array in arrays])
    for one, exact in zip(*(each if isinstance(each, tuple) else (each,) for each in (single, double)), strict=True):
        assert_allclose(one, exact, rtol=TOLERANCE, atol=TOLERANCE * np.abs(exact).max())


@layouts
@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (global_avg_pool2d, [(2, 2, 300, 300)]),
        (global_avg_pool2d_backward, [(2, 2, 1, 1), (2, 2, 300, 300)]),
        (lambda x: avg_pool2d(x, (300, 200)), [(1, 2, 320, 320)]),
        (lambda grad_y, x: avg_pool2d_backward(grad_y, x, 64, stride=1), [(1, 2, 65, 65), (1, 2, 128, 128)]),
        (conv2d_backward, [(1, 2, 299, 299), (1, 1, 300, 300), (2, 1, 2, 2)]),
        (conv2d_backward, [(1, 1, 500, 500), (1, 1, 500, 500), (1, 1, 1, 1)]),
        (conv2d_backward, [(1, 2, 300, 300), (1, 3, 300, 300), (2, 3, 1, 1)]),
        (conv2d_backward, [(100_000, 2, 1, 1), (100_000, 1, 2, 2), (2, 1, 2, 2)]),
        (conv1d_backward, [(199_998,), (200_000,), (3,)]),
        (conv1d_backward, [(1, 2, 199_998), (1, 2, 200_000), (2, 2, 3)]),
        (lambda x: softmax(x * (np.arange(90_000, dtype=x.dtype) % 7)[:, None]), [(1, 90_000, 2)]),
        (lambda logits: cross_entropy(logits, np.zeros((1, 300, 300), int)), [(1, 3, 300, 300)]),
        (lambda x: datasets.standardise(x + np.eye(300, dtype=x.dtype)), [(300, 300)]),
    ],
)
def test_an_operation(layout, function, shapes):
    check(function, layout, *shapes)


@layouts
@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Dense(1), (1, 200_000)),
        (Dense(2), (90_000, 3)),
        (Conv1D(2, 3), (4, 2, 50_000)),
        (Conv2D(2, 3), (4, 2, 200, 200)),
        (Subsample2D(), (4, 2, 300, 300)),
        (GlobalAvgPool2D(), (2, 2, 300, 300)),
        (Codes(np.zeros((2, 100_000))), (2, 100_000)),
        (Codes(np.zeros((100_000, 2))), (2, 2)),
        (Sequential(Conv2D(1, 3), GlobalAvgPool2D(), Dense(2)), (2, 1, 300, 300)),
    ],
    ids=repr,
)
def test_a_layer(layout, layer, shape):
    layer.build(shape[1:])

    def there_and_back(x, grad_y):
        for leaf in layer.leaves():
            for name, array in leaf.parameters.items():
                leaf.parameters[name] = np.full(array.shape, 0.1, x.dtype)
        return layer(x), layer.backward(grad_y), *layer.gradients.values()

    check(there_and_back, layout, shape, (shape[0], *layer.output_shape(shape[1:])))


def test_the_mean_colour_of_the_kittens_face_is_that_of_its_pixels():
    assert_allclose(datasets.kitten(1)[:, 0, 0], datasets.kitten(288).mean(axis=(1, 2), dtype=float), rtol=1e-6)
