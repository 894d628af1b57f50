"""Transposed convolution: against the loops, against the backward pass, on PyTorch's figures; and its refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from convscope import conv2d, conv2d_backward, conv_transpose2d, reference
from convscope.arguments import pair
from convscope.geometry import output_size, picture_padding, transposed_size
from convscope.ops import windows
from strategies import convolutions, fits


def transposed(case):
    """The places of a convolution as an x for the way back: any pixels will do, so these are a picture of its own."""
    y = conv2d(*case.inputs, **case.settings)
    return np.random.default_rng(y.size).normal(size=y.shape), case.kernels


def shortest(case, x):
    """The sizes that the way back gives, axis by axis."""
    settings = pair("stride", case.settings["stride"]), picture_padding(case.settings["padding"])
    axes = zip(x.shape[2:], case.kernels.shape[2:], *settings, pair("dilation", case.settings["dilation"]), strict=True)
    return [transposed_size(n, k, stride=s, padding=p, dilation=d) for n, k, s, p, d in axes]


def has_pixels(case):
    try:
        return shortest(case, transposed(case)[0])
    except ValueError:
        return False


cases = convolutions().filter(has_pixels)


@given(cases, st.sampled_from([2**22, 9000, 500, 64, 8]))
def test_it_equals_the_loops_in_blocks_of_every_size(case, scratch_bytes):
    x, kernels = transposed(case)
    bias = np.arange(1.0, 1 + kernels.shape[1] * case.settings["groups"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        y = conv_transpose2d(x, kernels, bias, **case.settings)
    expected = reference.conv_transpose2d(x, kernels, bias, **case.settings)
    assert y.shape == expected.shape
    assert_allclose(y, expected, atol=1e-9)


@given(cases)
def test_it_is_the_backward_pass_of_the_convolution_that_leads_back(case):
    x, kernels = transposed(case)
    y = conv_transpose2d(x, kernels, **case.settings)
    assert conv2d(y, kernels, **case.settings).shape == x.shape
    grad_x, _, _ = conv2d_backward(x, np.zeros_like(y), kernels, **case.settings)
    assert_array_equal(y, grad_x)


@given(cases)
def test_an_answer_has_the_axes_of_the_question(case):
    x, kernels = transposed(case)
    y = conv_transpose2d(x, kernels, **case.settings)
    assert_allclose(conv_transpose2d(x[0], kernels, **case.settings), y[0])
    settings = case.settings | {"groups": 1}
    one = conv_transpose2d(x[:1, :1], kernels[:1, :1], **settings)
    assert_allclose(conv_transpose2d(x[0, 0], kernels[0, 0], **settings), one[0, 0])


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_sizes_lead_back(n, kernel_size, stride, dilation):
    for padding in ("valid", "same", "full", (0, 2)):
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        try:
            size = transposed_size(n, kernel_size, **settings)
        except ValueError:
            continue
        fitting = [m for m in range(1, 60) if fits(m, kernel_size, **settings)]
        lead_back = [m for m in fitting if output_size(m, kernel_size, **settings) == n]
        assert size == (max if padding == "same" else min)(lead_back)


X, KERNEL = np.arange(1.0, 5).reshape(2, 2), np.arange(1.0, 10).reshape(3, 3)


@pytest.mark.parametrize(
    ("settings", "y"),
    [
        (
            {"stride": 2},
            [[1, 2, 5, 4, 6], [4, 5, 14, 10, 12], [10, 14, 36, 24, 30], [12, 15, 34, 20, 24], [21, 24, 55, 32, 36]],
        ),
        ({"stride": 2, "padding": 1}, [[5, 14, 10], [14, 36, 24], [15, 34, 20]]),
        (
            {"stride": 2, "padding": ((1, 0), (1, 0))},
            [[5, 14, 10, 12], [14, 36, 24, 30], [15, 34, 20, 24], [24, 55, 32, 36]],
        ),
        (
            {"stride": (1, 3), "padding": (0, 1), "dilation": (2, 1)},
            [[2, 3, 2, 4], [6, 9, 4, 8], [5, 6, 8, 10], [15, 18, 16, 20], [8, 9, 14, 16], [24, 27, 28, 32]],
        ),
        (
            {"stride": 3, "padding": 2, "dilation": 2},
            [[5, 8, 6, 10], [6, 4, 9, 8], [8, 14, 9, 16], [15, 16, 18, 20]],
        ),
    ],
)
def test_figures_of_pytorch(settings, y):
    """torch.nn.functional.conv_transpose2d, PyTorch 2.13: x 1 … 4, kernel 1 … 9; ((1, 0), (1, 0)) is its padding=1 with
    output_padding=1."""
    assert conv_transpose2d(X, KERNEL, **settings).tolist() == y


def test_figures_of_pytorch_with_channels():
    """The same source: x 1 … 8 in four channels of one row, kernels counted up in their order."""
    x = np.arange(1.0, 9).reshape(4, 1, 2)
    y = conv_transpose2d(x, np.arange(1.0, 13).reshape(4, 1, 1, 3), [100, 200], groups=2)
    assert y.tolist() == [[[113, 135, 145, 130]], [[305, 439, 465, 350]]]
    kernels = np.arange(1.0, 17).reshape(4, 2, 1, 2)
    assert conv_transpose2d(x, kernels, stride=(1, 2), groups=2).tolist() == [
        [[16, 20, 22, 28]],
        [[24, 28, 34, 40]],
        [[136, 148, 158, 172]],
        [[160, 172, 186, 200]],
    ]
    assert conv_transpose2d(x, kernels, stride=(1, 2)).tolist() == [[[152, 168, 180, 200]], [[184, 200, 220, 240]]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types(dtype):
    x, kernels = np.ones((2, 3, 4, 4), dtype), np.ones((3, 2, 3, 3), dtype)
    assert conv_transpose2d(x, kernels, np.ones(2, dtype), stride=2).dtype == dtype
    assert conv_transpose2d(x[:0], kernels, stride=2).shape == (0, 2, 9, 9)


@pytest.mark.parametrize(
    ("x", "kernels", "settings", "said"),
    [
        (
            (3, 6, 5),
            (2, 3, 3, 3),
            {},
            "take 2 channels, their first axis, but x of shape (3, 6, 5) has 3; kernels.",
        ),
        ((3, 6, 5), (4, 2, 3, 3), {}, "has 3; give kernels of 3 channels, or another x."),
        ((6, 5, 3), (3, 2, 3, 3), {}, "channels seem to come last"),
        ((3, 6, 5), (3, 2, 3, 3), {"groups": 2}, "groups must divide the channels of x, 3; got 2."),
        ((3, 6, 5), (3, 3), {}, "kernels must be (channel, filter, row, column) for an x of shape (3, 6, 5)"),
        ((6, 5), (2, 1, 3, 3), {}, "kernels must be (row, column) for an x of shape (6, 5)"),
        ((3, 6, 5), (3, 0, 3, 3), {}, "kernels must not have an empty filter axis"),
        ((5,), (3, 3), {}, "x must be (batch, channel, row, column)"),
        ((1, 5), (1, 3), {"padding": 1}, "Along the rows, padding crops 2 of 1 pixels and leaves none: use less"),
        ((6, 5), (3, 3), {"padding": "causal"}, "padding must be "),
        ((6, 5), (3, 3), {"stride": 0}, "stride must be a whole number, 1 or more; got 0."),
        ((6, 5), (3, 3), {"stride": 10**5}, "use a smaller x, fewer filters, more padding or a smaller stride."),
    ],
)
def test_refusals(x, kernels, settings, said):
    with pytest.raises(ValueError) as caught:
        conv_transpose2d(np.ones(x), np.ones(kernels), **settings)
    assert said in str(caught.value) and str(caught.value).endswith(".")


def test_a_bias_has_a_number_for_each_filter():
    with pytest.raises(ValueError, match=r"bias must be one number per filter, shape \(4,\); got shape \(2,\)."):
        conv_transpose2d(np.ones((2, 3, 3)), np.ones((2, 4, 2, 2)), np.ones(2))
    assert conv_transpose2d([[1]], [[2]], 5).tolist() == [[7]]
