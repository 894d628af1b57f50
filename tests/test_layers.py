"""Layers: gradients against central differences, counts against what running does, and what is refused."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from convscope import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    global_avg_pool2d,
    max_pool2d,
    max_pool2d_backward,
    padding_amounts,
)
from convscope.arguments import pair
from convscope.datasets import canvas, shift
from convscope.geometry import picture_padding
from convscope.layers import (
    AvgPool2D,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    Subsample2D,
    Tanh,
    summary,
)
from convscope.models import Codes, inception, lenet5
from convscope.training import fit
from refusing import refused
from strategies import LAYOUTS, convolutions, pools
from test_ops_backward import central_differences, gradient_of_output

few = settings(max_examples=30)  # the operations have theirs
TABLE = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 0]], bool)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def in_double(layer, shape):
    """The layer built, its weights and biases random and in double precision."""
    layer.build(shape)
    for leaf in layer.leaves():
        for name, array in leaf.parameters.items():
            leaf.parameters[name] = noise(*array.shape, seed=array.size)
    return layer


def check_gradients(layer, x):
    """Every gradient equals central differences; the step is small, as maxima and corners have no middle."""
    in_double(layer, x.shape[1:])
    y = layer(x)
    grad_y = gradient_of_output(y)
    grad_x = layer.backward(grad_y)
    assert layer.gradients.keys() == layer.parameters.keys()

    def check(gradient, array):
        assert gradient.shape == array.shape
        kept = array.copy()

        def loss(values):
            array[...] = values
            return (layer(x) * grad_y).sum()

        expected = central_differences(loss, kept, step=1e-6)
        array[...] = kept
        assert_allclose(gradient, expected, rtol=1e-5, atol=1e-6)

    gradients = dict(layer.gradients)
    for name, array in layer.parameters.items():
        check(gradients[name], array)
    check(grad_x, x)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv2D(4, 2, connections=TABLE, padding=1), (2, 3, 3, 4)),
        (AvgPool2D(3, stride=2, padding=1, count_padding=True), (2, 2, 5, 4)),
        (Subsample2D(), (2, 3, 5, 4)),
        (Subsample2D((1, 3)), (2, 1, 2, 7)),
        (GlobalAvgPool2D(), (2, 3, 3, 4)),
        (GlobalMaxPool(), (2, 3, 3, 4)),
        (GlobalMaxPool(), (2, 3, 5)),
        (Dense(3), (4, 5)),
        (Dense(1, bias=False), (1, 5)),
        (ReLU(), (3, 7)),
        (Tanh(), (3, 2, 4)),
        (Tanh(1.7159, 2 / 3), (3, 7)),
        (Flatten(), (2, 2, 3, 2)),
        (Dropout(), (3, 4)),
        (Sequential(), (3, 4)),
        (Sequential(Conv2D(2, 3), ReLU(), MaxPool2D(), Flatten(), Dense(3)), (2, 2, 6, 7)),
        (Sequential(Conv1D(3, 2, padding="causal"), Tanh(), GlobalMaxPool(), Dense(2)), (2, 2, 5)),
        (Parallel(Conv2D(2, 1), Sequential(Conv2D(2, 1), ReLU(), Conv2D(3, 3, padding="same"))), (2, 2, 4, 3)),
        (Parallel(Dense(2), Dense(3)), (2, 4)),
        (Sequential(Parallel(ReLU(), Tanh()), Sequential(Flatten(), Dense(2))), (2, 2, 3, 1)),
    ],
    ids=repr,
)
def test_gradients_equal_central_differences(layer, shape):
    check_gradients(layer, noise(*shape, seed=1))


def test_dropout_gradients_go_where_the_numbers_went():
    layer, x = Dropout(0.3).build((50,)), noise(20, 50)
    y = layer(x, training=True)
    assert_allclose(layer.backward(np.ones_like(y)), y / x)


def check_operation(layer, forwards, backwards, x, **settings):
    """The layer does what the operation does with its parameters, forward and back."""
    weights = list(in_double(layer, x.shape[1:]).parameters.values())
    y = layer(x)
    assert_array_equal(y, forwards(x, *weights, **settings))
    grad_y = gradient_of_output(y)
    expected = backwards(grad_y, x, *weights[:1], **settings)
    expected = expected if weights else [expected]
    answers = [layer.backward(grad_y), *layer.gradients.values()]
    assert len(answers) == 1 + len(weights)
    for answer, wanted in zip(answers, expected, strict=False):  # there may be no bias
        assert_array_equal(answer, wanted)


@given(st.one_of(convolutions(layouts=False), convolutions(spatial=1, layouts=False)), st.booleans())
@few
def test_a_convolution_does_what_the_operation_does(case, bias):
    filters, _, *size = case.kernels.shape
    if len(size) == 1:
        layer, operations = Conv1D(filters, *size, bias=bias, **case.settings), (conv1d, conv1d_backward)
    else:
        layer, operations = Conv2D(filters, size, bias=bias, **case.settings), (conv2d, conv2d_backward)
    check_operation(layer, *operations, case.x, **case.settings)


@given(pools())
@few
def test_a_pool_does_what_the_operation_does(case):
    check_operation(MaxPool2D(**case.settings), max_pool2d, max_pool2d_backward, case.x, **case.settings)
    check_operation(AvgPool2D(**case.settings), avg_pool2d, avg_pool2d_backward, case.x, **case.settings)


def test_a_table_of_connections_cuts_kernels_out():
    layer, x = in_double(Conv2D(4, 2, connections=TABLE), (3, 5, 5)), noise(2, 3, 5, 5)
    kernels, bias = layer.parameters.values()
    full, rest = np.zeros((4, 3, 2, 2)), iter(kernels)
    for read, into in zip(TABLE, full, strict=True):
        for channel in np.flatnonzero(read):
            into[channel] = next(rest)
    assert_array_equal(layer(x), conv2d(x, full, bias))
    assert layer.parameter_count((3, 5, 5)) == 8 * 4 + 4


def counted_by_running(layer, x):
    """Each use of a weight adds 1 to an output where all inputs and weights are 1: (with biases, without)."""
    layer.build(x.shape[1:])
    for array in layer.parameters.values():
        array[...] = 1
    with_biases = layer(x).sum()
    if "bias" in layer.parameters:
        layer.parameters["bias"][...] = 0
    return with_biases, layer(x).sum()


@given(convolutions(layouts=False), st.booleans())
def test_counts_of_a_convolution_are_what_running_does(case, bias):
    layer = Conv2D(len(case.kernels), case.kernels.shape[2:], bias=bias, **case.settings)
    shape = case.x.shape[1:]
    axes = zip(shape[1:], layer.kernel_size, picture_padding(case.settings["padding"]), strict=True)
    steps = pair("stride", case.settings["stride"]), pair("dilation", case.settings["dilation"])
    amounts = [
        padding_amounts(n, k, stride=s, padding=p, dilation=d) for (n, k, p), s, d in zip(axes, *steps, strict=True)
    ]
    padded = np.pad(np.ones((1, *shape), np.float32), [(0, 0), (0, 0), *amounts], constant_values=1)
    plain = Conv2D(layer.filters, layer.kernel_size, bias=bias, **case.settings | {"padding": "valid"})
    assert (layer.connections(shape), layer.macs(shape)) == counted_by_running(plain, padded)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv2D(4, 2, connections=TABLE), (3, 5, 4)),
        (Conv1D(4, 3, stride=2, groups=2), (2, 9)),
        (Dense(7), (5,)),
        (Dense(7, bias=False), (5,)),
    ],
    ids=repr,
)
def test_counts_are_what_running_does(layer, shape):
    assert (layer.connections(shape), layer.macs(shape)) == counted_by_running(layer, np.ones((1, *shape), np.float32))


def test_subsampling_joins_each_output_to_its_window_and_bias():
    assert counted_by_running(Subsample2D(), np.ones((1, 6, 28, 28), np.float32))[0] == 5880
    assert Subsample2D().connections((6, 28, 28)) == 5880
    assert Subsample2D().macs((6, 28, 28)) == 6 * 14 * 14  # one product each, of the sum
    layer, x = Subsample2D().build((2, 4, 6)), noise(1, 2, 4, 6)
    assert_allclose(layer(x), x.reshape(1, 2, 2, 2, 3, 2).mean(axis=(3, 5)), rtol=1e-6)  # it starts as the mean


EVERY = [
    (Conv1D(3, 3, stride=2), (2, 8)),
    (Conv2D(4, (3, 2), stride=(1, 2), padding="same", dilation=2, groups=2), (2, 7, 8)),
    (Conv2D(4, 2, connections=TABLE), (3, 5, 4)),
    (MaxPool2D(3, stride=2), (2, 8, 7)),
    (AvgPool2D((1, 2), padding="same"), (2, 8, 7)),
    (Subsample2D(), (2, 8, 7)),
    (GlobalAvgPool2D(), (2, 8, 7)),
    (GlobalMaxPool(), (2, 8, 7)),
    (GlobalMaxPool(), (2, 8)),
    (Dense(7), (5,)),
    (ReLU(), (2, 3)),
    (Tanh(), (2, 3)),
    (Flatten(), (2, 3, 4)),
    (Dropout(), (2, 3)),
    (Sequential(Conv2D(4, 3), ReLU(), Parallel(MaxPool2D(), AvgPool2D()), Flatten(), Dense(3)), (1, 8, 8)),
]
every = pytest.mark.parametrize(("layer", "shape"), EVERY, ids=lambda value: repr(value).replace("/", ""))


@every
def test_what_is_foretold_is_what_running_gives(layer, shape):
    fresh = copy.deepcopy(layer)
    foretold = fresh.output_shape(shape), fresh.parameter_count(shape)
    assert not fresh.parameters and not fresh.gradients
    assert foretold == (fresh(noise(2, *shape)).shape[1:], sum(array.size for array in fresh.parameters.values()))


@every
@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8"])
def test_float32_stays_and_whole_numbers_follow_it(layer, shape, dtype):
    layer.build(shape)
    y = layer(np.ones((2, *shape), dtype), training=True)
    grad_x = layer.backward(y)
    wanted = np.float64 if dtype == "float64" else np.float32
    assert {y.dtype, grad_x.dtype} == {np.dtype(wanted)}
    assert {array.dtype for array in layer.parameters.values()} <= {np.dtype(np.float32)}


@every
def test_an_empty_batch_passes(layer, shape):
    y = layer(np.empty((0, *shape), np.float32))
    assert y.shape == (0, *layer.output_shape(shape))
    assert layer.backward(y).shape == (0, *shape)


@every
def test_the_input_and_the_gradient_stay_as_they_are(layer, shape):
    x = noise(2, *shape)
    grad_y = gradient_of_output(layer(x, training=True))
    copies = x.copy(), grad_y.copy()
    layer.backward(grad_y)
    assert_array_equal(x, copies[0])
    assert_array_equal(grad_y, copies[1])


@pytest.mark.parametrize(
    ("layer", "shape"),
    [*EVERY, (Codes(np.ones((3, 5))), (5,)), (Sequential(), (2, 3)), (Parallel(Sequential()), (2, 3))],
    ids=lambda value: repr(value).replace("/", ""),
)
@pytest.mark.parametrize("training", [True, False])
def test_what_a_layer_returns_is_no_part_of_what_it_was_given(layer, shape, training):
    for layout in LAYOUTS:
        x = layout(noise(2, *shape))
        y = layer(x, training)
        grad_y = layout(gradient_of_output(y))
        grad_x = layer.backward(grad_y)
        kept = [x, grad_y, *layer.parameters.values(), *layer.gradients.values()]
        assert not any(np.may_share_memory(answer, given) for answer in (y, grad_x) for given in kept), layout


@every
def test_the_same_seed_gives_the_same_weights_and_another_others(layer, shape):
    def weights(seed):
        return [array.copy() for array in layer.build(shape, seed).parameters.values()]

    def same(one, other):
        return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

    assert same(weights(3), weights(3))
    assert same(weights(np.random.default_rng(3)), weights(3))
    random = layer.parameters and not isinstance(layer, Subsample2D)
    assert same(weights(3), weights(4)) != bool(random)


@every
def test_copies_and_files_keep_the_weights_and_go_their_own_way(layer, shape):
    x = noise(2, *shape)
    y = layer.build(shape)(x)
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert_array_equal(twin(x), y)
        for array in twin.parameters.values():
            array += 1
    assert_array_equal(layer(x), y)


def test_a_layer_built_again_starts_anew():
    layer = Sequential(Conv2D(2, 3), Dropout()).build((1, 5, 5))
    layer.backward(layer(noise(1, 1, 5, 5)))
    layer.build((3, 6, 6), seed=1)
    assert layer.parameters["0.kernels"].shape == (2, 3, 3, 3) and not layer.gradients
    with pytest.raises(RuntimeError, match="call forward before backward"):
        layer.backward(np.zeros((1, 2, 4, 4)))


def test_a_last_layer_may_start_small():
    usual, small = (Dense(3, start=start).build((4,), seed=5).parameters["weights"] for start in (1, 0.1))
    np.testing.assert_allclose(small, usual / 10, rtol=1e-6)
    for start in (-1, float("nan"), "small", 10**400, True):
        with pytest.raises((ValueError, TypeError), match="start must be a number, 0 or more"):
            Dense(3, start=start)


def test_what_was_built_is_kept_when_it_is_put_into_a_net():
    learned = Conv2D(2, 3).build((1, 5, 5), seed=7)
    kernels = learned.parameters["kernels"]
    net = Sequential(learned, Flatten(), Dense(2))
    net(noise(1, 1, 5, 5))
    assert net.parameters["0.kernels"] is kernels


def test_twins_in_a_net_that_builds_itself_start_apart():
    net = Parallel(Dense(3), Dense(3))
    first, second = np.split(net(noise(1, 4)), 2, axis=1)
    assert not np.allclose(first, second)


def test_weights_start_as_wide_as_what_comes_behind_asks():
    """He et al. before a ReLU, whatever lies between; else 1 / inputs."""
    net = Sequential(
        Sequential(Conv2D(64, 5), MaxPool2D()), ReLU(), Dropout(), Flatten(), Dense(500), Tanh(), Dense(200)
    ).build((8, 16, 16))
    spread = {name: float(array.std()) for name, array in net.parameters.items()}
    assert_allclose(spread["0.0.kernels"], np.sqrt(2 / 200), rtol=0.02)
    assert_allclose(spread["4.weights"], np.sqrt(1 / 2304), rtol=0.02)
    assert_allclose(spread["6.weights"], np.sqrt(1 / 500), rtol=0.02)
    assert spread["6.bias"] == 0
    wide = np.zeros((200, 30), bool)
    wide[:100, :2], wide[100:] = True, True  # half read two channels, half read all
    kernels = Conv2D(200, 5, connections=wide).build((30, 5, 5)).parameters["kernels"]
    assert_allclose(kernels[:200].std(), np.sqrt(1 / 50), rtol=0.05)
    assert_allclose(kernels[200:].std(), np.sqrt(1 / 750), rtol=0.05)


def test_an_optimiser_changes_the_layers_own_arrays():
    net = Sequential(Parallel(Dense(2), Dense(3)), Dense(1)).build((4,))
    assert list(net.parameters) == ["0.0.weights", "0.0.bias", "0.1.weights", "0.1.bias", "1.weights", "1.bias"]
    for array in net.parameters.values():
        array[...] = 1
    assert net(np.ones((1, 4))).item() == 5 * 5 + 1
    with pytest.raises(TypeError):
        net.parameters["1.bias"] = np.zeros(1)  # it would reach no layer


def test_each_backward_writes_its_gradients_anew():
    layer, x = Dense(2).build((3,)), noise(4, 3)
    layer(x)
    layer.backward(np.ones((4, 2)))
    once = layer.gradients["weights"]
    layer.backward(np.ones((4, 2)))
    assert_array_equal(layer.gradients["weights"], once)


def test_dropout_keeps_the_mean_and_is_off_outside_training():
    layer, x = Dropout(0.25).build((1000,)), np.ones((200, 1000), np.float32)
    assert_array_equal(layer(x), x)
    y = layer(x, training=True)
    assert set(np.unique(y)) == {0, np.float32(1 / 0.75)}
    assert abs(y.mean() - 1) < 0.01 and abs((y == 0).mean() - 0.25) < 0.01
    assert not np.array_equal(layer(x, training=True), y)  # each time others
    assert_array_equal(layer.build((1000,))(x, training=True), y)  # the same seed, the same ones
    assert_array_equal(Sequential(Dropout(0)).build((3,))(x[:, :3], training=True), x[:, :3])


def test_scaled_tanh_keeps_one():
    assert_allclose(Tanh(1.7159, 2 / 3)([[-1.0, 0.0, 1.0]]), [[-1, 0, 1]], atol=1e-4)


def test_global_pools_leave_one_number_a_channel():
    x = noise(2, 3, 4, 5)
    assert_array_equal(GlobalMaxPool()(x), x.max(axis=(2, 3)))
    assert_allclose(GlobalAvgPool2D()(x), x.mean(axis=(2, 3)))
    assert_array_equal(GlobalMaxPool()(x[:, 0]), x[:, 0].max(axis=2))


def test_parallel_stacks_on_depth_in_order():
    x = noise(2, 3, 4, 4)
    y = Parallel(MaxPool2D(), AvgPool2D(), MaxPool2D(3, stride=2, padding="same"))(x)
    assert y.shape == (2, 9, 2, 2)
    assert_array_equal(y[:, :3], max_pool2d(x))
    assert_array_equal(y[:, 6:], max_pool2d(x, 3, stride=2, padding="same"))


def test_names_say_what_a_layer_is():
    assert repr(Conv2D(1, (3, 5), stride=(1, 2), groups=1).named("C1")) == "C1 conv 3×5, stride 1×2"
    assert repr(Conv2D(96, 11, stride=4, groups=2)) == "conv 11×11, stride 4, 2 groups"
    assert repr(MaxPool2D(3, stride=2)) == "max pool 3×3, stride 2"
    assert repr(Parallel(AvgPool2D((2, 3)), Subsample2D())) == "parallel(average pool 2×3, subsample 2×2)"


REFUSED = [
    (lambda: Conv2D(0, 3), "filters … 1 or more … 0"),
    (lambda: Conv2D(1, 0), "kernel_size … 1 or more … 0"),
    (lambda: Conv2D(1, 3, padding="causal"), 'padding … "valid", "same", "full"'),
    (
        lambda: Conv2D(4, 3, connections=[[1, 0]] * 4),
        "connections … table of booleans with a row for each of the 4",
    ),
    (lambda: Conv2D(2, 3, connections=[[True], [False]]), "connections … at least one True"),
    (lambda: Conv2D(4, 3, connections=TABLE, groups=2), "connections and groups … 1 … 2"),
    (
        lambda: Conv2D(4, 3, connections=TABLE).build((2, 5, 5)),
        "conv 3×3 cannot take shape (2, 5, 5). kernels of shape",
    ),
    (
        lambda: Conv2D(1, 5).output_shape((1, 4, 9)),
        "conv 5×5 cannot take shape (1, 4, 9). Along the rows, kernel_size 5",
    ),
    (lambda: Conv2D(4, 3, groups=2).parameter_count((1, 5, 5)), "groups must divide the channels of x, 1, and the"),
    (lambda: Conv2D(1, 3).macs((5, 5)), "conv 3×3 takes (channel, row, column) … shape (5, 5)"),
    (lambda: Conv2D(1, 3)(np.ones((5, 5))), "conv 3×3 takes (batch, channel, row, column) … shape (5, 5)"),
    (
        lambda: Conv2D(1, 3).build((3, 5, 5))(np.ones((1, 1, 5, 5))),
        "read 3 channels, but x of shape (1, 1, 5, 5) has 1",
    ),
    (
        lambda: MaxPool2D(3, padding=3).connections((1, 4, 4)),
        "max pool 3×3 cannot take shape (1, 4, 4). Along the rows, win",
    ),
    (lambda: GlobalMaxPool()(np.ones((3, 4))), "takes (batch, channel, time) or (batch, channel, row, column)"),
    (
        lambda: Dense(3)(np.ones((2, 3, 4))),
        "dense takes (batch, feature) … shape (2, 3, 4). Put Flatten() before it",
    ),
    (lambda: Conv2D(1, 3)(np.ones((9, 5, 5))), "(9, 5, 5) … x[None] … (1, 9, 5, 5)"),
    (lambda: Conv2D(1, 3)(np.ones((9, 5, 5))), "x[:, None] … (9, 1, 5, 5)"),
    (lambda: Conv1D(1, 3)(np.ones(5)), "x[None, None] … (1, 1, 5)"),
    (lambda: Conv2D(1, 3)(np.ones((9, 9, 3))), "np.moveaxis(x, -1, 0)[None] … batch of one"),
    (lambda: Dense(1)(np.ones(5)), "x[None] … (1, 5) … x[:, None] … (5, 1)"),
    (lambda: summary(Sequential(ReLU(), Conv2D(1, 3)), (9, 5)), "(9, 5) … (1, 9, 5) … x[:, None]"),
    (lambda: Dense(784, 10), "bias … True or False … 10"),
    (lambda: Dense(3).build((4,))(np.ones((2, 5))), "dense was built for 4 features … x of shape (2, 5)"),
    (lambda: ReLU()(np.ones(3)), "relu takes (batch, feature) … shape (3,)"),
    (lambda: ReLU()(["a"]), "x must hold real numbers"),
    (lambda: ReLU().output_shape(5), "input_shape … tuple such as (channel, row, column) … 5"),
    (lambda: ReLU().build((2, 0)), "each size in input_shape … 1 or more … 0"),
    (lambda: ReLU().build((2,), seed="a"), "seed … 0 or more … 'a'"),
    (lambda: ReLU()(np.ones((2, 3)), [0, 1]), "training … True or False … [0, 1]"),
    (lambda: Sequential(ReLU())(np.ones((2, 3)), "yes"), "training … True or False … 'yes'"),
    (lambda: inception("3a", naive="no"), "naive … True or False … 'no'"),
    (lambda: Dropout(1), "rate … number from 0 to below 1 … 1"),
    (lambda: Dropout("half"), "rate … number from 0 to below 1 … 'half'"),
    (lambda: Tanh(float("nan")), "height … number … nan"),
    (lambda: Sequential(ReLU), "Sequential … layers … <class"),
    (
        lambda: Sequential(Conv2D(1, 3), Dense(2)).build((1, 5, 5)),
        "dense takes (feature) … shape (1, 3, 3). Put Flatten",
    ),
    (lambda: Parallel(), "Parallel needs at least one branch."),
    (
        lambda: Parallel(Conv2D(4, 3), Conv2D(2, 5).named("b")).output_shape((1, 9, 9)),
        "The branches of parallel must agree in all but depth: conv 3×3 gives (4, 7, 7), b conv 5×5 gives (2, 5, 5)",
    ),
]


@pytest.mark.parametrize(("act", "parts"), REFUSED, ids=[parts for _, parts in REFUSED])
def test_what_cannot_be_is_refused_in_a_sentence(act, parts):
    with refused(parts):
        act()


LAST = {
    "a picture": lambda x: Conv2D(4, 3, padding=1)(x),
    "a pool": lambda x: Sequential(ReLU(), MaxPool2D(), Conv2D(4, 1))(x),
    "branches": lambda x: Parallel(Conv2D(2, 1), AvgPool2D(1))(x),
    "a shape": lambda x: summary(Sequential(Conv2D(4, 3, padding="same")), x.shape[1:]),
    "building": lambda x: GlobalAvgPool2D().build(x.shape[1:]),
    "training": lambda x: fit(lenet5(), x, [0, 1], epochs=1, progress=False),
    "an operation": lambda x: max_pool2d(x[0]),
    "a whole map": lambda x: global_avg_pool2d(x[0]),
    "a canvas": lambda x: canvas(x, 64),
    "a shift": lambda x: shift(x, 1, 0),
}


@pytest.mark.parametrize("act", LAST.values(), ids=LAST)
def test_channels_that_come_last_are_refused_where_no_kernel_tells_their_number(act):
    for shape in ((32, 32, 3), (28, 28, 1), (7, 7, 4), (300, 451, 3)):
        with pytest.raises(
            ValueError, match=r"channels seem to come last; .* np.moveaxis\(x, -1, -3\) puts them there"
        ):
            act(np.zeros((2, *shape), np.float32))


def test_channels_that_may_come_last_are_warned_of_and_others_are_not():
    with pytest.warns(UserWarning, match=r"\(16, 9, 4\), whose channels seem to come last"):
        Conv2D(1, 1)(np.zeros((2, 16, 9, 4)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Conv2D(1, (3, 1))(np.zeros((2, 64, 500, 1)))  # a signal as a picture
        Conv2D(1, 3)(np.zeros((2, 3, 300, 451)))
        Sequential(Flatten(), Dense(2))(np.zeros((2, 32, 32, 3)))  # which has no channels
        Sequential(Conv2D(32, 3, padding="same"), MaxPool2D((1, 8)), Conv2D(1, 1))(np.zeros((2, 1, 32, 32)))
        Conv2D(1, 1).build((32, 5, 5))(np.zeros((2, 32, 32, 3)))  # it knows that it reads 32


def test_branches_that_part_with_the_size_of_the_picture_are_refused_when_run():
    net = Parallel(Conv2D(1, 2, stride=2), Conv2D(1, 2, stride=2, padding="same")).build((1, 4, 4))
    with pytest.raises(ValueError, match="must agree in all but depth"):
        net(np.ones((1, 1, 5, 5)))


@pytest.mark.parametrize("layer", [ReLU(), Parallel(ReLU()), Sequential(ReLU()), Dense(2)], ids=repr)
def test_backward_without_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match="call forward before backward"):
        layer.backward(np.ones((1, 2)))


@pytest.mark.parametrize("layer", [ReLU(), Parallel(ReLU()), Sequential(ReLU()), Dense(2)], ids=repr)
def test_a_gradient_of_another_shape_is_refused(layer):
    layer(np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"grad_y must have the shape of the output, \(3, 2\); got \(1, 2\)"):
        layer.backward(np.ones((1, 2)))


def test_one_layer_at_two_places_is_refused():
    relu = ReLU()
    with pytest.raises(ValueError, match="relu appears twice .* separate layer"):
        Sequential(relu, Sequential(Dense(2), relu))
