"""Sizes, padding, windows and receptive fields: known figures, brute force, and every refusal."""

import numpy as np
import pytest
from hypothesis import given

from convscope import output_size, padding_amounts, receptive_field, window_indices
from convscope.arguments import pair
from convscope.geometry import ReceptiveField, Window, axis_padding, extent, picture_padding
from convscope.layers import Conv1D, Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sequential, Subsample2D
from strategies import axes


def by_hand(n, kernel_size, stride, before, after, dilation):
    """Every window, found by walking along the padded axis until one no longer fits."""
    padded = [-1] * before + list(range(n)) + [-1] * after
    windows, start = [], 0
    while start + (kernel_size - 1) * dilation < len(padded):
        windows.append([padded[start + i * dilation] for i in range(kernel_size)])
        start += stride
    return windows


@given(axes())
def test_windows_are_those_that_a_walk_along_the_axis_finds(axis):
    n, kernel_size, settings = axis
    before, after = padding_amounts(n, kernel_size, **settings)
    expected = by_hand(n, kernel_size, settings["stride"], before, after, settings["dilation"])
    assert window_indices(n, kernel_size, **settings).tolist() == expected
    assert output_size(n, kernel_size, **settings) == len(expected)


@given(axes())
def test_padding_words_mean_what_they_say(axis):
    n, kernel_size, settings = axis
    stride, dilation = settings["stride"], settings["dilation"]
    span = extent(kernel_size, dilation)
    same = {"stride": stride, "dilation": dilation, "padding": "same"}
    before, after = padding_amounts(n, kernel_size, **same)
    assert output_size(n, kernel_size, **same) == -(-n // stride)
    assert 0 <= after - before <= 1
    assert padding_amounts(n, kernel_size, **same | {"padding": "full"}) == (span - 1, span - 1)
    assert padding_amounts(n, kernel_size, **same | {"padding": "causal"}) == (span - 1, 0)
    assert output_size(n, kernel_size, dilation=dilation, padding="full") == n + span - 1
    assert output_size(n, kernel_size, dilation=dilation, padding="causal") == n


@pytest.mark.parametrize(
    ("n", "kernel_size", "settings", "size"),
    [
        (256, 3, {}, 254),
        (256, 3, {"stride": 2, "padding": 1}, 128),  # the ways from 256 to 128
        (256, 2, {"stride": 2}, 128),
        (256, 129, {}, 128),
        (32, 5, {}, 28),  # LeNet-5: C1
        (227, 11, {"stride": 4}, 55),  # AlexNet: conv1, and with 224 the quarter pixel is left out
        (224, 11, {"stride": 4}, 54),
        (55, 3, {"stride": 2}, 27),
        (7, 3, {"stride": 2}, 3),
        (8, 3, {"stride": 2}, 3),  # the last column is never read
        (1, 1, {}, 1),
        (5, 5, {}, 1),
        (3, 1, {"stride": 5}, 1),
        (5, 2, {"dilation": 4}, 1),
        (1, 3, {"padding": "full"}, 3),
    ],
)
def test_known_sizes(n, kernel_size, settings, size):
    assert output_size(n, kernel_size, **settings) == size


def test_same_puts_the_odd_zero_after_as_tensorflow_does():
    assert padding_amounts(6, 3, stride=2, padding="same") == (0, 1)
    assert padding_amounts(5, 3, stride=2, padding="same") == (1, 1)
    assert padding_amounts(5, 2, padding="same") == (0, 1)
    assert padding_amounts(6, 1, stride=3, padding="same") == (0, 0)


def test_receptive_field_of_four_convolutions_with_pools():
    layers = [(3,), (2, 2)] * 4
    assert [field.size for field in receptive_field(layers)] == [3, 4, 8, 10, 18, 22, 38, 46]
    assert [field.jump for field in receptive_field(layers)] == [1, 2, 2, 4, 4, 8, 8, 16]


def test_receptive_field_takes_dicts_padding_and_dilation():
    assert receptive_field([{"kernel_size": 3, "dilation": 2}]) == [ReceptiveField(5, 1, 0)]
    assert receptive_field([(3, 2, 1), (3, 1, "same")]) == [ReceptiveField(3, 2, -1), ReceptiveField(7, 2, -3)]
    assert receptive_field([(3, 2, "same")], n=6) == [ReceptiveField(3, 2, 0)]
    assert receptive_field([(3, 2, "same")], n=5) == [ReceptiveField(3, 2, -1)]
    assert receptive_field([]) == []


@given(axes(), axes())
def test_receptive_field_of_two_layers_is_what_their_windows_read(first, second):
    """Follow unit 0 of the second layer back to the pixels, over padding too."""
    kernels = [first[1], second[1]]
    strides = [first[2]["stride"], second[2]["stride"]]
    dilations = [first[2]["dilation"], second[2]["dilation"]]
    layers = [(k, s, 2, d) for k, s, d in zip(kernels, strides, dilations, strict=True)]
    units = [i * dilations[1] - 2 for i in range(kernels[1])]
    pixels = [unit * strides[0] - 2 + i * dilations[0] for unit in units for i in range(kernels[0])]
    field = receptive_field(layers)[1]
    assert (field.start, field.start + field.size - 1) == (min(pixels), max(pixels))
    assert field.jump == strides[0] * strides[1]


def test_numpy_integers_are_whole_numbers():
    assert output_size(np.int64(6), np.uint8(3), stride=np.int32(2), padding=np.int8(1)) == 3
    assert pair("stride", np.array([2, 3])) == (2, 3)
    assert isinstance(Window(np.int64(3)).checked().kernel_size, int)


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "said"),
    [
        ((5, 7), {}, ValueError, "kernel_size 7 does not fit into 5 pixels (n 5, padding 0 + 0); use a smaller"),
        ((1, 2), {}, ValueError, "does not fit into 1 pixel (n 1"),
        ((5, 3), {"dilation": 3}, ValueError, "kernel_size 3 with dilation 3 spans 7 pixels and does not fit"),
        ((2, 5), {"padding": (1, 0)}, ValueError, "into 3 pixels (n 2, padding 1 + 0)"),
        ((0, 1), {}, ValueError, "n must be a whole number, 1 or more; got 0."),
        ((5, 0), {}, ValueError, "kernel_size must be a whole number, 1 or more; got 0."),
        ((5, -3), {}, ValueError, "kernel_size must be a whole number, 1 or more; got -3."),
        ((5, 3), {"stride": 0}, ValueError, "stride must be a whole number, 1 or more; got 0."),
        ((5, 1), {"stride": 10**30}, ValueError, f"stride must be a whole number, 2147483647 or less; got {10**30}."),
        ((5, 1), {"padding": 10**12}, ValueError, "padding must be a whole number, 2147483647 or less; got 1000"),
        ((5, 3), {"dilation": 0}, ValueError, "dilation must be a whole number, 1 or more; got 0."),
        ((5, 3), {"padding": -1}, ValueError, "padding must be a whole number, 0 or more; got -1."),
        ((5, 3), {"padding": (0, -1)}, ValueError, "padding must be a whole number, 0 or more; got -1."),
        ((5, 3), {"padding": (1, 1, 1)}, ValueError, "a whole number or (before, after); got (1, 1, 1)."),
        ((5, 3), {"padding": "SAME"}, ValueError, 'padding must be "valid", "same", "full", "causal", a whole number'),
        ((5, 3), {"padding": "SAME"}, ValueError, "got 'SAME'. Did you mean 'same'?"),
        ((5, 3), {"padding": "Vaild"}, ValueError, "got 'Vaild'. Did you mean 'valid'?"),
        ((5, 3), {"padding": None}, TypeError, "padding must be a whole number, 0 or more; got None."),
        ((5, 3), {"padding": float("nan")}, TypeError, "padding must be a whole number, 0 or more; got nan."),
        ((5.0, 3), {}, TypeError, "n must be a whole number, 1 or more; got 5.0."),
        ((5, "3"), {}, TypeError, "kernel_size must be a whole number, 1 or more; got '3'."),
        ((5, True), {}, TypeError, "kernel_size must be a whole number, 1 or more; got True."),
        (
            (5, 3),
            {"stride": np.array([1, 2])},
            TypeError,
            "stride must be a whole number, 1 or more; got array([1, 2]).",
        ),
    ],
)
@pytest.mark.parametrize("function", [output_size, padding_amounts, window_indices])
def test_refusals_name_the_argument_and_what_would_do(function, arguments, settings, error, said):
    with pytest.raises(error) as caught:
        function(*arguments, **settings)
    assert said in str(caught.value)


def test_settings_as_large_as_they_may_be():
    most = 2**31 - 1
    assert window_indices(5, 1, stride=most).tolist() == [[0]]
    assert window_indices(5, 3, stride=most, padding=most, dilation=most).tolist() == [[-1, 0, -1]]
    with pytest.raises(
        ValueError,
        match=r"shape \(4294967299, 1\), 4,294,967,299 numbers.* smaller n or kernel_size",
    ):
        window_indices(5, 1, padding=most)


def test_receptive_field_refusals():
    with pytest.raises(TypeError, match="layers must be a list of layers, first to last, as `model.layers` is; got 5."):
        receptive_field(5)
    with pytest.raises(ValueError, match='padding "same" with a stride above 1 depends on the input size: give n'):
        receptive_field([(3, 2, "same")])
    with pytest.raises(TypeError, match=r"layers holds 3; each layer is \(kernel_size, stride"):
        receptive_field([3])
    with pytest.raises(TypeError, match="layers holds {'size': 3}"):
        receptive_field([{"size": 3}])
    with pytest.raises(ValueError, match="kernel_size 3 does not fit into 2 pixels"):
        receptive_field([(2, 2), (3,)], n=5)
    with pytest.raises(ValueError, match=r"conv 3×5, whose windows differ along rows and columns: give those of one"):
        receptive_field([Conv2D(1, (3, 5))])
    with pytest.raises(ValueError, match="dense, which reads its whole input; give the layers before it"):
        receptive_field([Conv2D(1, 3), Flatten(), Dense(2)])
    with pytest.raises(TypeError, match="sequential has no window of its own: pass the `layers` of a Sequential"):
        receptive_field([Sequential(Conv2D(1, 3))])
    with pytest.raises(TypeError, match="layers must be a list of layers, first to last, as `model.layers` is"):
        receptive_field(Sequential(Conv2D(1, 3)))


def test_receptive_field_takes_layers():
    stack = [Conv2D(4, 3, padding=1), ReLU(), MaxPool2D(), Subsample2D(), Conv2D(4, 3, dilation=2), Conv1D(1, 2)]
    windows = [(3, 1, 1), (1,), (2, 2), (2, 2), {"kernel_size": 3, "dilation": 2}, (2,)]
    assert receptive_field(Sequential(*stack).layers) == receptive_field(windows)
    wide = [Conv2D(1, (3, 5)), MaxPool2D((1, 2))]
    assert receptive_field([layer.window(1) for layer in wide])[-1].size == 6


def test_paddings_of_pictures():
    assert picture_padding("same") == ("same", "same")
    assert picture_padding(2) == ((2, 2), (2, 2))
    assert picture_padding((1, 2)) == ((1, 1), (2, 2))
    assert picture_padding([[0, 1], [2, 3]]) == ((0, 1), (2, 3))
    assert axis_padding("causal") == "causal"
    for wrong in ("causal", "zero", (1, 2, 3), ("same", "same"), ((1, 2, 3), 1)):
        with pytest.raises(ValueError, match="padding must be "):
            picture_padding(wrong)


def test_pairs():
    assert pair("stride", 2) == (2, 2)
    assert pair("stride", [1, 2]) == (1, 2)
    with pytest.raises(ValueError, match=r"stride must be a whole number or a \(rows, columns\) pair; got \(1, 2, 3\)"):
        pair("stride", (1, 2, 3))
    with pytest.raises(TypeError, match="stride must be a whole number, 1 or more; got 1.5"):
        pair("stride", (1, 1.5))
