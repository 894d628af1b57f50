"""Convolution forward: against the loops, against SciPy, on known numbers, in every shape, type and layout."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.signal import correlate2d

import convscope
from convscope import conv1d, conv2d, padding_amounts, reference
from convscope.arguments import pair
from convscope.geometry import picture_padding
from convscope.ops import windows
from strategies import arrays, convolutions, plain_arrays

NUMBERS = ("float64", "float32", "float16", "int64", "int8", "uint8", "bool")


def close(actual, expected, terms=0):
    """Equal but for rounding, shape included: nothing may be broadcast here. In float32, rounding goes with `terms`."""
    assert actual.shape == expected.shape
    single = np.float32 in (actual.dtype, expected.dtype)
    assert (np.abs(actual - expected) <= (2e-6 * terms if single else 1e-9 * (1 + np.abs(expected)))).all()


def sizes_of_terms(loops, case):
    """What the terms of each sum, |x| · |kernel| and |bias|, add up to."""
    sizes = [None if array is None else np.abs(array.astype(float)) for array in case.inputs]
    return loops(*sizes, **case.settings)


@given(convolutions(dtypes=NUMBERS), st.sampled_from([2**22, 9000, 3000, 500, 64, 8]))
def test_conv2d_equals_the_loops_in_blocks_of_every_size(case, scratch_bytes):
    """With little scratch, positions, taps and channels are all cut up, and the padded slab no longer fits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", scratch_bytes)
        y = conv2d(*case.inputs, **case.settings)
    close(y, reference.conv2d(*case.inputs, **case.settings), sizes_of_terms(reference.conv2d, case))


@given(convolutions(spatial=1, dtypes=NUMBERS))
def test_conv1d_equals_the_loops(case):
    expected, terms = reference.conv1d(*case.inputs, **case.settings), sizes_of_terms(reference.conv1d, case)
    close(conv1d(*case.inputs, **case.settings), expected, terms)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 80))
def test_blocks_cover_a_box_once_in_reading_order(shape, limit):
    cells = np.arange(np.prod(shape)).reshape(shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "SCRATCH_BYTES", 8 * limit)
        parts = [cells[box].ravel() for box in windows.blocks(tuple(shape), 8)]
    assert np.concatenate(parts).tolist() == cells.ravel().tolist()
    assert max(len(part) for part in parts) <= limit


@given(arrays((9, 7)), arrays((3, 5)), st.sampled_from(["valid", "full", "same"]))
def test_a_plain_picture_equals_scipy(picture, kernel, padding):
    close(conv2d(picture, kernel, padding=padding), correlate2d(picture, kernel, padding))


def test_same_and_padding_one_give_other_numbers_at_stride_two():
    x, kernel = [1, 2, 3, 4, 5, 6], [1, 10, 100]
    assert conv1d(x, kernel, stride=2, padding="same").tolist() == [321, 543, 65]
    assert conv1d(x, kernel, stride=2, padding=1).tolist() == [210, 432, 654]
    column, down = np.transpose([x]), np.transpose([kernel])
    assert conv2d(column, down, stride=(2, 1), padding="same").ravel().tolist() == [321, 543, 65]
    assert conv2d(column, down, stride=(2, 1), padding=(1, 0)).ravel().tolist() == [210, 432, 654]


def test_the_bias_of_a_single_channel_is_one_number():
    assert conv2d([[1, 2]], [[1]], 10).tolist() == [[11, 12]]
    assert conv2d([[1, 2]], [[1]], [10]).tolist() == [[11, 12]]


@given(st.one_of([st.tuples(st.just(conv), convolutions(n)) for n, conv in ((1, conv1d), (2, conv2d))]))
def test_an_answer_has_the_axes_of_the_question(drawn):
    convolve, case = drawn
    x, kernels, bias = case.inputs
    y = convolve(*case.inputs, **case.settings)
    close(convolve(x[0], kernels, bias, **case.settings), y[0])
    settings = case.settings | {"groups": 1}
    one = convolve(x[:1, :1], kernels[:1, :1], **settings)
    close(convolve(x[0, 0], kernels[0, 0], **settings), one[0, 0])


@pytest.mark.parametrize(
    ("x", "kernels", "y"),
    [
        ("float32", "float32", "float32"),
        ("float64", "float64", "float64"),
        ("float32", "float64", "float64"),
        ("float16", "float16", "float32"),
        ("float16", "float64", "float64"),
        ("uint8", "int64", "float64"),
        ("bool", "bool", "float64"),
        ("float32", "int64", "float32"),
        ("uint8", "float32", "float32"),
        (">f4", "float32", "float32"),
    ],
)
def test_the_widest_float_that_comes_in_comes_out(x, kernels, y):
    x, kernels = np.ones((4, 4), x), np.ones((2, 2), kernels)
    out = conv2d(x, kernels)
    assert out.dtype == np.dtype(y)
    assert (out == 4).all()
    grads = convscope.conv2d_backward(out, x, kernels)
    assert {grad.dtype for grad in grads} == {np.dtype(y)}


def test_a_number_as_bias_does_not_widen_the_answer():
    picture, kernel = np.ones((3, 3), np.float32), np.ones((1, 1), np.float32)
    assert conv2d(picture, kernel, 0.5).dtype == np.float32
    assert conv2d(picture[None], kernel[None, None], np.zeros(1)).dtype == np.float64


def test_a_list_follows_the_arrays_beside_it():
    image, kernels = np.ones((1, 3, 3), np.float32), np.ones((2, 1, 2, 2), np.float32)
    for y in (
        conv2d(image, kernels, [0.1, 0.2]),
        conv2d(image, kernels.tolist(), (0.1, 0.2)),
        conv2d(image.tolist(), kernels),
        convscope.max_pool2d_backward([[[0.5]]], image),
        convscope.avg_pool2d_backward(np.ones((1, 1, 1), np.float32), image.tolist()),
        convscope.global_max_pool2d_backward([[[0.5]]], image),
        convscope.global_avg_pool2d_backward([[[0.5]]], image),
        *convscope.conv2d_backward(conv2d(image, kernels).tolist(), image, kernels.tolist()),
        conv1d([0.5, 1.5], np.ones(1, np.float32)),
        *convscope.conv1d_backward([0.5, 1.5], [1.0, 2.0], np.ones(1, np.float32)),
    ):
        assert y.dtype == np.float32
    assert conv2d(image.tolist(), kernels.tolist()).dtype == np.float64


def test_degenerate_sizes():
    assert conv2d([[3]], [[2]]).tolist() == [[6]]
    picture = np.arange(6.0).reshape(2, 3)
    assert conv2d(picture, picture).tolist() == [[55]]  # a kernel as large as the picture
    assert conv2d(picture, [[1.0]], stride=(5, 2)).tolist() == [[0, 2]]  # a stride larger than the kernel
    assert conv2d([[1.0]], np.ones((3, 3)), padding="full").tolist() == np.ones((3, 3)).tolist()
    assert conv2d([[5.0]], np.ones((1, 1)), padding=2)[0].tolist() == [0] * 5  # windows wholly on padding
    assert conv2d([[5.0]], [[1.0, 1.0]], padding=((0, 0), (9, 0)), dilation=9).tolist() == [[5]]


def test_an_empty_batch_gives_an_empty_answer():
    assert conv2d(np.empty((0, 4, 8, 8)), np.ones((6, 2, 3, 3)), groups=2).shape == (0, 6, 6, 6)
    assert conv1d(np.empty((0, 2, 8), np.float32), np.ones((3, 2, 3), np.float32)).dtype == np.float32


def test_a_wide_dilation_or_stride_reads_only_what_it_needs():
    """The pixels between would fill more than the scratch: each tap is then copied by itself."""
    x = np.random.default_rng(0).normal(size=(1, 1, 900, 900))
    kernel = np.random.default_rng(1).normal(size=(1, 1, 3, 3))
    y = conv2d(x, kernel, dilation=800, padding="same")
    padded = np.pad(x[0, 0], 800)
    expected = sum(
        padded[800 * i : 800 * i + 900, 800 * j : 800 * j + 900] * kernel[0, 0, i, j]
        for i in range(3)
        for j in range(3)
    )
    close(y[0, 0], expected)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_and_infinity_reach_only_the_windows_that_hold_them(value):
    picture = np.zeros((5, 5))
    picture[0, 0] = value
    y = conv2d(picture, np.ones((2, 2)))
    assert not np.isfinite(y[0, 0])
    assert np.isfinite(y).sum() == 15


@given(convolutions(layouts=False))
def test_the_inputs_stay_as_they_are(case):
    copies = [None if array is None else array.copy() for array in case.inputs]
    y = conv2d(*case.inputs, **case.settings)
    convscope.conv2d_backward(y, *case.inputs[:2], **case.settings)
    y[...] = 0  # nor is the answer part of an input
    for array, copy in zip(case.inputs, copies, strict=True):
        if array is not None:
            assert_array_equal(array, copy)


@given(plain_arrays((1, 1, 6, 6)))
def test_answers_share_no_memory_with_each_other(x):
    kernels = np.ones((1, 1, 1, 1))
    first, second = conv2d(x, kernels), conv2d(-x, kernels)
    assert not np.shares_memory(first, second)
    close(first, x)


@pytest.mark.parametrize("name", convscope.ops.__all__)
def test_every_operation_is_exported_and_documented(name):
    assert name in convscope.__all__
    assert getattr(convscope, name) is getattr(convscope.ops, name)
    assert getattr(convscope, name).__doc__


@settings(max_examples=30)
@given(convolutions(layouts=False, dtypes=("float32",)))
def test_conv2d_equals_pytorch(case):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second opinion")
    x, kernels, bias = case.inputs
    others = dict(case.settings)
    padding = picture_padding(others.pop("padding"))
    strides, dilations = pair("stride", others["stride"]), pair("dilation", others["dilation"])
    before_after = [
        padding_amounts(x.shape[axis], kernels.shape[axis], stride=s, padding=p, dilation=d)
        for axis, s, p, d in zip((2, 3), strides, padding, dilations, strict=True)
    ]
    padded = torch.from_numpy(np.pad(x, [(0, 0), (0, 0), *before_after]))
    tensors = [None if array is None else torch.from_numpy(array) for array in (kernels, bias)]
    expected = torch.nn.functional.conv2d(padded, *tensors, **others).numpy()
    close(conv2d(x, kernels, bias, **case.settings), expected, sizes_of_terms(reference.conv2d, case))


def test_the_loops_take_lists_and_refuse_channels_that_nobody_reads():
    x, kernels = np.ones((1, 4, 3, 3)), np.ones((2, 3, 2, 2))
    assert reference.conv2d(x[:, :3].tolist(), kernels.tolist(), [0, 1])[0, :, 0, 0].tolist() == [12, 13]
    assert reference.global_max_pool2d([[[[1, 2], [3, 4]]]]).item() == 4
    assert reference.global_avg_pool2d([[[[1, 2], [3, 4]]]]).item() == 2.5
    for loops, of_x, of_kernels in ((reference.conv2d, x, kernels), (reference.conv1d, x[..., 0], kernels[..., 0])):
        with pytest.raises(ValueError, match=r"kernels of 3 channels in 1 group.* do not read the 4 channels of x"):
            loops(of_x, of_kernels)
        with pytest.raises(ValueError, match=r"3 filters .* 2 groups"):
            loops(of_x, of_kernels[:1, :2].repeat(3, axis=0), groups=2)
