"""Gradients of the convolutions: central differences, the adjoint identity, and the textbook's other way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from convscope import conv1d, conv1d_backward, conv2d, conv2d_backward
from convscope.ops import windows
from strategies import arrays, convolutions


def central_differences(function, array, step=1e-3):
    """The gradient of a function of one array, number by number; exact where the function is at most quadratic."""
    array, gradient = array.copy(), np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = function(array)
        array[index] = kept - step
        gradient[index] = (above - function(array)) / (2 * step)
        array[index] = kept
    return gradient


def gradient_of_output(y):
    return np.random.default_rng(y.size).normal(size=y.shape)


def check_adjoint(forward, backward, case):
    """Convolution is linear in x and in the kernels: ⟨conv(d), g⟩ = ⟨d, gradient⟩ for any direction d."""
    x, kernels, settings = case.x, case.kernels, case.settings
    grad_y = gradient_of_output(forward(x, kernels, **settings))
    grad_x, grad_kernels, grad_bias = backward(grad_y, x, kernels, **settings)
    assert (grad_x.shape, grad_kernels.shape, grad_bias.shape) == (x.shape, kernels.shape, kernels.shape[:1])
    rng = np.random.default_rng(1)
    along_x, along_kernels = rng.normal(size=x.shape), rng.normal(size=kernels.shape)
    assert_allclose((along_x * grad_x).sum(), (forward(along_x, kernels, **settings) * grad_y).sum(), atol=1e-8)
    change = (forward(x, along_kernels, **settings) * grad_y).sum()
    assert_allclose((along_kernels * grad_kernels).sum(), change, atol=1e-8)
    assert_allclose(grad_bias, grad_y.swapaxes(0, 1).reshape(len(kernels), -1).sum(axis=1), atol=1e-9)


@given(convolutions(), st.sampled_from([2**22, 9000, 3000, 500, 64, 8]))
def test_conv2d_gradients_are_adjoint_in_blocks_of_every_size(case, scratch_bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        check_adjoint(conv2d, conv2d_backward, case)


@given(convolutions(spatial=1))
def test_conv1d_gradients_are_adjoint(case):
    check_adjoint(conv1d, conv1d_backward, case)


@given(arrays((2, 3, 6, 5)), arrays((4, 3, 3, 2)), arrays((2, 4, 4, 4)))
def test_at_stride_one_grad_x_is_the_full_convolution_with_flipped_kernels(x, kernels, grad_y):
    grad_x, _, _ = conv2d_backward(grad_y, x, kernels)
    flipped = kernels[:, :, ::-1, ::-1].swapaxes(0, 1)  # each channel now gathers from all filters
    assert_allclose(grad_x, conv2d(grad_y, flipped, padding="full"), atol=1e-9)


@given(convolutions())
def test_gradients_have_the_axes_of_the_arrays(case):
    x, kernels, settings = case.x, case.kernels, case.settings
    grad_y = gradient_of_output(conv2d(x[:1], kernels, **settings))
    batch = conv2d_backward(grad_y, x[:1], kernels, **settings)
    image = conv2d_backward(grad_y[0], x[0], kernels, **settings)
    assert_allclose(image[0], batch[0][0])
    assert_allclose(image[1], batch[1])
    assert_allclose(image[2], batch[2])
    settings = settings | {"groups": 1}
    grad_x, grad_kernel, grad_bias = conv2d_backward(grad_y[0, 0], x[0, 0], kernels[0, 0], **settings)
    assert (grad_x.shape, grad_kernel.shape) == (x[0, 0].shape, kernels[0, 0].shape)
    assert np.isscalar(grad_bias)
    assert_allclose(grad_bias, grad_y[0, 0].sum())


def test_a_plain_signal_has_plain_gradients():
    grad_x, grad_kernel, grad_bias = conv1d_backward([1, 0, 2], [1, 2, 3, 4], [5, 6])
    assert grad_x.tolist() == [5, 6, 10, 12]
    assert grad_kernel.tolist() == [1 + 6, 2 + 8]
    assert grad_bias == 3


@given(convolutions(dtypes=("float32",)))
def test_float32_gradients_are_float32_and_close(case):
    x, kernels, settings = case.x, case.kernels, case.settings
    grad_y = gradient_of_output(conv2d(x, kernels, **settings)).astype(np.float32)
    single = conv2d_backward(grad_y, x, kernels, **settings)
    double = conv2d_backward(grad_y.astype(float), x.astype(float), kernels.astype(float), **settings)
    for a, b in zip(single, double, strict=True):
        assert a.dtype == np.float32
        assert_allclose(a, b, rtol=1e-3, atol=1e-3)


def test_an_empty_batch_has_gradients_of_zero():
    x, kernels = np.empty((0, 4, 8, 8)), np.ones((6, 2, 3, 3))
    grad_x, grad_kernels, grad_bias = conv2d_backward(np.empty((0, 6, 6, 6)), x, kernels, groups=2)
    assert grad_x.shape == x.shape
    assert not grad_kernels.any()
    assert grad_bias.tolist() == [0] * 6
