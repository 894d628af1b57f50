"""Every bad input is refused at the door: the argument named, its value said, what would do."""

from functools import partial

import numpy as np
import pytest

import convscope
from convscope import avg_pool2d, avg_pool2d_backward, conv1d, conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

PICTURE, IMAGE, BATCH = np.ones((6, 5)), np.ones((3, 6, 5)), np.ones((2, 3, 6, 5))
KERNEL, KERNELS = np.ones((3, 3)), np.ones((4, 3, 3, 3))
NAN = float("nan")


def said_by(function, *arguments, error=ValueError, **settings):
    """What a refusal says; it has to be one sentence or two, with an end."""
    with pytest.raises(error) as caught:
        function(*arguments, **settings)
    said = str(caught.value)
    assert said.endswith(".")
    assert "broadcast" not in said and "operand" not in said
    return said


@pytest.mark.parametrize(
    ("x", "kernels", "said"),
    [
        (
            PICTURE,
            KERNELS,
            "kernels must be (row, column) for an x of shape (6, 5); got shape (4, 3, 3, 3). Give one plain",
        ),
        (
            IMAGE,
            KERNEL,
            "kernels must be (filter, channel, row, column) for an x of shape (3, 6, 5); got shape (3, 3).",
        ),
        (IMAGE, KERNEL, "A plain kernel filters a plain x: give one channel of x, or kernels[None, None]"),
        (np.ones((6, 5, 3)), KERNEL, "one channel, x[:, :, 0], of this channels-last x."),
        (BATCH, np.ones((3, 3, 3)), "got shape (3, 3, 3). Each filter has one kernel per channel that it reads."),
        (
            np.ones(5),
            KERNEL,
            "x must be (batch, channel, row, column), (channel, row, column) or (row, column); got shape (5,)",
        ),
        (5, KERNEL, "x must be (batch, channel, row, column), (channel, row, column) or (row, column); got shape ()."),
        (np.ones((1, 1, 1, 6, 5)), KERNEL, "got shape (1, 1, 1, 6, 5)."),
        (
            np.ones((6, 5, 3)),
            KERNELS,
            "but x of shape (6, 5, 3) has 6; its channels seem to come last: np.moveaxis(x, -1, 0)",
        ),
        (np.ones((2, 6, 5, 3)), KERNELS, "its channels seem to come last: np.moveaxis(x, -1, 1) puts them first."),
        (
            np.ones((2, 2, 6, 5)),
            KERNELS,
            "kernels of shape (4, 3, 3, 3) read 3 channels, but x of shape (2, 2, 6, 5) has 2; give",
        ),
        (np.ones((8, 8, 4)), KERNELS, "opacity too: np.moveaxis(x[..., :3], -1, 0) puts colours first."),
        (np.ones((2, 8, 8, 4)), KERNELS, "opacity too: np.moveaxis(x[..., :3], -1, 1) puts colours first."),
        (np.ones((4, 8, 8)), KERNELS, "has 4; x[..., :3, :, :] leaves its opacity out."),
        (np.ones((8, 9, 3)), KERNELS[:, :1], "np.moveaxis(x, -1, 0) puts them first, for kernels of 3 channels."),
        (np.ones((0, 3)), KERNEL, "x must not have an empty row axis; got shape (0, 3)."),
        (np.ones((2, 0, 6, 5)), KERNELS, "x must not have an empty channel axis; got shape (2, 0, 6, 5)."),
        (PICTURE, np.ones((3, 0)), "kernels must not have an empty column axis; got shape (3, 0)."),
        (BATCH, np.ones((0, 3, 3, 3)), "kernels must not have an empty filter axis"),
        (PICTURE, np.ones((7, 3)), "Along the rows, kernel_size 7 does not fit into 6 pixels"),
        (PICTURE, np.ones((3, 6)), "Along the columns, kernel_size 6 does not fit into 5 pixels"),
        ([[1, 2], [3]], KERNEL, "x must be a full block of numbers; its rows differ in length."),
        (PICTURE, [[1, 2], [3]], "kernels must be a full block of numbers; its rows differ in length."),
    ],
)
def test_shapes(x, kernels, said):
    assert said in said_by(conv2d, x, kernels)


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
def test_only_real_numbers_are_taken(value, got):
    numbers = "must hold real numbers (float32, float64, integers or booleans); got "
    assert said_by(conv2d, value, KERNEL, error=TypeError) == f"x {numbers}{got}."
    assert said_by(conv2d, PICTURE, value, error=TypeError) == f"kernels {numbers}{got}."
    assert said_by(max_pool2d, value, error=TypeError) == f"x {numbers}{got}."
    assert said_by(conv2d_backward, value, PICTURE, KERNEL, error=TypeError) == f"grad_y {numbers}{got}."
    if value is not None:
        assert said_by(conv2d, PICTURE, KERNEL, value, error=TypeError) == f"bias {numbers}{got}."


def test_a_mask_is_not_lost():
    masked = np.ma.masked_equal(PICTURE * [1, 1, 7, 1, 1], 7)
    assert said_by(conv2d, masked, KERNEL) == "x has masked values: fill them, x.filled(0)."
    assert said_by(conv2d, PICTURE, masked) == "kernels has masked values: fill them, kernels.filled(0)."
    assert said_by(convscope.global_avg_pool2d, masked) == "x has masked values: fill them, x.filled(0)."
    assert (conv2d(np.ma.array(PICTURE), KERNEL) == 9).all()  # nothing is masked


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"stride": 0}, ValueError, "stride must be a whole number, 1 or more; got 0."),
        ({"stride": (1, 0)}, ValueError, "stride must be a whole number, 1 or more; got 0."),
        ({"stride": (1, 1, 1)}, ValueError, "stride must be a whole number or a (rows, columns) pair; got (1, 1, 1)."),
        ({"stride": 2**62}, ValueError, "stride must be a whole number, 2147483647 or less; got 4611686018427387904."),
        ({"padding": 10**12}, ValueError, "padding must be a whole number, 2147483647 or less; got 1000000000000."),
        (
            {"padding": 10**6},
            ValueError,
            "The answer would have shape (2000004, 2000002), 4,000,012,000,008 numbers, and may have 4,294,967,296; "
            "use a smaller x, fewer filters, less padding or a larger stride.",
        ),
        ({"stride": NAN}, TypeError, "stride must be a whole number, 1 or more; got nan."),
        ({"stride": 2.0}, TypeError, "stride must be a whole number, 1 or more; got 2.0."),
        ({"stride": "2"}, TypeError, "stride must be a whole number, 1 or more; got '2'."),
        ({"stride": True}, TypeError, "stride must be a whole number, 1 or more; got True."),
        ({"dilation": 0}, ValueError, "dilation must be a whole number, 1 or more; got 0."),
        ({"dilation": 3}, ValueError, "Along the rows, kernel_size 3 with dilation 3 spans 7 pixels and does not fit"),
        ({"dilation": (1, 2)}, ValueError, "Along the columns, kernel_size 3 with dilation 2 spans 5 pixels"),
        ({"padding": -1}, ValueError, "padding must be a whole number, 0 or more; got -1."),
        ({"padding": ((0, 0), (0, -2))}, ValueError, "padding must be a whole number, 0 or more; got -2."),
        ({"padding": "zero"}, ValueError, 'padding must be "valid", "same", "full"'),
        ({"padding": "causal"}, ValueError, 'padding must be "valid", "same", "full"'),
        ({"padding": 0.5}, TypeError, "padding must be a whole number, 0 or more; got 0.5."),
        ({"padding": None}, TypeError, "padding must be a whole number, 0 or more; got None."),
        ({"padding": (1, 2, 3, 4)}, ValueError, "(rows, columns) or ((top, bottom), (left, right)); got (1, 2, 3, 4)."),
        ({"groups": 0}, ValueError, "groups must be a whole number, 1 or more; got 0."),
        ({"groups": 1.0}, TypeError, "groups must be a whole number, 1 or more; got 1.0."),
        ({"groups": 2}, ValueError, "groups must divide the channels of x, 1, and the filters of kernels, 1; got 2."),
    ],
)
def test_settings(settings, error, said):
    picture = np.ones((6, 4))
    assert said in said_by(conv2d, picture, KERNEL, error=error, **settings)
    assert said in said_by(conv2d_backward, picture, picture, KERNEL, error=error, **settings)


def test_groups():
    x, kernels = np.ones((1, 4, 5, 5)), np.ones((6, 2, 3, 3))
    assert "groups must divide the channels of x, 4, and the filters of kernels, 6; got 4." in said_by(
        conv2d, x, kernels, groups=4
    )
    assert (
        "kernels of shape (6, 2, 3, 3) read 2 channels, but x of shape (1, 4, 5, 5) has 4; give kernels of 4"
        in said_by(conv2d, x, kernels)
    )
    said = said_by(conv2d, x, np.ones((6, 4, 3, 3)), groups=2)
    assert "in 2 groups read 8 channels, but x of shape (1, 4, 5, 5) has 4; give kernels of 2 channels" in said


def test_bias():
    said = said_by(conv2d, BATCH, KERNELS, np.ones(3))
    assert said == "bias must be one number per filter, shape (4,); got shape (3,)."
    assert "shape (4,); got shape ()." in said_by(conv2d, BATCH, KERNELS, 1.0)
    assert "shape (4,); got shape (4, 1)." in said_by(conv2d, BATCH, KERNELS, np.ones((4, 1)))
    assert said_by(conv2d, PICTURE, KERNEL, [1, 2]) == "bias must be one number for a plain x; got shape (2,)."


def test_gradients_must_have_the_shape_of_the_output():
    said = said_by(conv2d_backward, np.ones((2, 4, 6, 5)), BATCH, KERNELS)
    assert said == "grad_y must have the shape of the output, (2, 4, 4, 3); got (2, 4, 6, 5)."
    assert "the output, (4, 3); got ()." in said_by(conv2d_backward, 1.0, PICTURE, KERNEL)
    assert "the output, (3, 2); got (2, 3)." in said_by(max_pool2d_backward, np.ones((2, 3)), PICTURE)
    assert "the output, (3, 1, 1); got (3,)." in said_by(convscope.global_avg_pool2d_backward, np.ones(3), IMAGE)
    assert "the output, (3, 1, 1); got (3,)." in said_by(convscope.global_max_pool2d_backward, np.ones(3), IMAGE)


def test_time():
    signal, kernels = np.ones((2, 3, 9)), np.ones((4, 3, 3))
    assert "Along the time axis, kernel_size 5 does not fit into 4 pixels" in said_by(conv1d, np.ones(4), np.ones(5))
    assert "x must be (batch, channel, time), (channel, time) or (time,)" in said_by(conv1d, BATCH, kernels)
    assert "kernels must be (filter, channel, time) for an x" in said_by(conv1d, signal, np.ones(3))
    assert "stride must be a whole number, 1 or more; got (1, 2)." in said_by(
        conv1d, signal, kernels, stride=(1, 2), error=TypeError
    )
    said = said_by(conv1d, signal, kernels, padding="left")
    assert said == 'padding must be "valid", "same", "full", "causal", a whole number or (before, after); got \'left\'.'


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"size": 0}, ValueError, "size must be a whole number, 1 or more; got 0."),
        ({"size": 2.5}, TypeError, "size must be a whole number, 1 or more; got 2.5."),
        ({"size": (2, 2, 2)}, ValueError, "size must be a whole number or a (rows, columns) pair; got (2, 2, 2)."),
        ({"size": 2, "stride": 0}, ValueError, "stride must be a whole number, 1 or more; got 0."),
        ({"size": 7}, ValueError, "Along the rows, size 7 does not fit into 6 pixels"),
        ({"size": (1, 6)}, ValueError, "Along the columns, size 6 does not fit into 5 pixels"),
        ({"size": 10**6, "stride": 1, "padding": 10**6 - 1}, ValueError, "4,294,967,296; use less padding"),
        ({"size": 2, "padding": "zeros"}, ValueError, "padding must be "),
        (
            {"size": 2, "padding": 2},
            ValueError,
            "Along the rows, window 0 would lie wholly on padding, with nothing to pool",
        ),
        (
            {"size": 2, "padding": ((0, 0), (0, 3))},
            ValueError,
            "Along the columns, window 3 would lie wholly on padding",
        ),
    ],
)
@pytest.mark.parametrize("name", ["max", "avg"])
def test_pools(name, settings, error, said):
    assert said in said_by(getattr(convscope, f"{name}_pool2d"), PICTURE, error=error, **settings)


def test_a_window_that_steps_over_all_pixels_is_told_of_dilation():
    said = said_by(max_pool2d, [[5.0]], 2, stride=1, padding=1, dilation=2)
    assert said.endswith("window 0 would step over all pixels, with nothing to pool; use a smaller dilation than 2.")
    said = said_by(max_pool2d, PICTURE, 2, stride=1, padding=3, dilation=2)
    assert "lie wholly on padding" in said


def test_padding_counts_or_not():
    for function in (avg_pool2d, partial(avg_pool2d_backward, np.ones((3, 2)))):
        said = said_by(function, PICTURE, count_padding="no", error=TypeError)
        assert said == "count_padding must be True or False; got 'no'."


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"])
def test_pools_refuse_pictures_without_pixels(name):
    assert "x must not have an empty column axis; got shape (3, 0)." in said_by(
        getattr(convscope, name), np.ones((3, 0))
    )
    assert "x must be (batch, channel, row, column)" in said_by(getattr(convscope, name), np.ones(3))
    assert "x must not have an empty channel axis" in said_by(getattr(convscope, name), np.ones((0, 3, 3)))
