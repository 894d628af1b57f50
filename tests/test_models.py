"""The famous networks: every figure that their papers, or a recount of them, state."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convscope import models
from convscope.layers import Conv2D, Dense, GlobalAvgPool2D, MaxPool2D, ReLU, Sequential, summary
from convscope.models import (
    C3_READS,
    GOOGLENET,
    Codes,
    Widths,
    alexnet,
    digit_codes,
    inception,
    lenet5,
    lenet5_1998,
)
from refusing import refused
from test_layers import check_gradients


def figures(model, shape):
    """What the labelled layers of a model hold: {label: (output shape, parameters)}."""
    return {row.name.split()[0]: (row.output_shape, row.parameters) for row in summary(model, shape).rows}


def test_lenet_of_1998_layer_by_layer():
    model, shape = lenet5_1998(), (1, 32, 32)
    labelled = figures(model, shape)
    assert labelled["C1"] == ((6, 28, 28), 156)
    assert labelled["S2"] == ((6, 14, 14), 12)
    assert labelled["C3"] == ((16, 10, 10), 1516)
    assert labelled["S4"] == ((16, 5, 5), 32)
    assert labelled["C5"] == ((120, 1, 1), 48120)
    assert labelled["F6"] == ((84,), 10164)
    assert labelled["output"] == ((10,), 0)
    assert summary(model, shape).parameters == 60_000


def test_lenet_of_1998_has_340_908_connections():
    model, shape = lenet5_1998(), (1, 32, 32)
    each = {layer.label: layer.connections(into) for layer, into in model.inputs(shape) if layer.label}
    assert each == {"C1": 122304, "S2": 5880, "C3": 151600, "S4": 2000, "C5": 48120, "F6": 10164, "output": 840}
    assert model.connections(shape) == 340_908


def test_c3_reads_three_four_or_six_maps_each_map_equally_often():
    assert [len(reads) for reads in C3_READS] == [3] * 6 + [4] * 9 + [6]
    assert [sum(channel in reads for reads in C3_READS) for channel in range(6)] == [10] * 6
    assert len(set(C3_READS)) == 16


def test_c3_answers_only_to_the_maps_it_reads():
    c3 = next(layer for layer in lenet5_1998().layers if layer.label == "C3").build((6, 14, 14))
    for channel in range(6):
        x = np.zeros((1, 6, 14, 14), np.float32)
        x[:, channel] = 1
        answers = c3(x)[0].any(axis=(1, 2))
        assert answers.tolist() == [channel in reads for reads in C3_READS]


def test_the_small_network_of_the_last_chapter():
    shape = (1, 28, 28)
    assert [row.output_shape for row in summary(models.digit_net(), shape).rows] == [
        *[(4, 24, 24)] * 2,
        (4, 12, 12),
        *[(8, 8, 8)] * 2,
        (8, 4, 4),
        (128,),
        (10,),
    ]
    assert summary(models.digit_net(), shape).parameters == 2_202
    assert [repr(layer) for layer in models.digit_net(3, pool="average").layers[:3]] == [
        "conv 3×3",
        "relu",
        "average pool 2×2",
    ]


def test_the_modern_lenet():
    shape = (1, 32, 32)
    labelled = figures(lenet5(), shape)
    assert [labelled[label][1] for label in ("C1", "C3", "C5", "F6", "output")] == [156, 2416, 48120, 10164, 850]
    assert summary(lenet5(), shape).parameters == 61_706
    assert summary(lenet5(padding=2), (1, 28, 28)).parameters == 61_706
    assert lenet5(padding=2)(np.ones((2, 1, 28, 28))).shape == (2, 10)


ALEXNET = {
    2: [34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000],
    1: [34_944, 614_656, 885_120, 1_327_488, 884_992, 37_752_832, 16_781_312, 4_097_000],
}


@pytest.mark.parametrize(("groups", "total", "macs"), [(2, 60_965_224, 724.4), (1, 62_378_344, 1135.3)])
def test_alexnet(groups, total, macs):
    table = summary(alexnet(groups), (3, 227, 227))
    assert [row.parameters for row in table.rows if row.parameters] == ALEXNET[groups]
    assert table.parameters == total
    assert round(table.macs / 1e6, 1) == macs
    convolved = [row.output_shape for row in table.rows if row.name.startswith("conv")]
    assert convolved == [(96, 55, 55), (256, 27, 27), (384, 13, 13), (384, 13, 13), (256, 13, 13)]


def test_where_the_weights_and_the_work_of_alexnet_sit():
    table = summary(alexnet(), (3, 227, 227))
    dense = [row for row in table.rows if row.name.endswith("dense")]
    assert round(100 * sum(row.parameters for row in dense) / table.parameters, 1) == 96.2
    assert round(100 * sum(row.macs for row in dense) / table.macs, 1) == 8.1


def test_nothing_is_allocated_before_a_build():
    for model in (lenet5_1998(), lenet5(), alexnet(), inception("3a")):
        assert not model.parameters


# Weights without biases, MACs, weights of the naive module, its depth, and how many times fewer weights.
MODULES = {
    "3a": (163_328, 128_049_152, 387_072, 416, 2.37),
    "3b": (388_096, 304_267_264, 1_089_536, 672, 2.81),
    "4a": (375_552, 73_608_192, 1_566_720, 928, 4.17),
    "4b": (448_512, 87_908_352, 1_933_312, 960, 4.31),
    "4c": (509_440, 99_850_240, 2_064_384, 960, 4.05),
    "4d": (604_672, 118_515_712, 2_203_648, 976, 3.64),
    "4e": (867_328, 169_996_288, 3_345_408, 1_232, 3.86),
    "5a": (1_042_432, 51_079_168, 5_271_552, 1_536, 5.06),
    "5b": (1_442_816, 70_697_984, 5_857_280, 1_728, 4.06),
}


@pytest.mark.parametrize("name", MODULES)
def test_inception_modules(name):
    shape = GOOGLENET[name].input_shape
    reduced, naive = inception(name, bias=False), inception(name, naive=True, bias=False)
    kept, unreduced = reduced.parameter_count(shape), naive.parameter_count(shape)
    ratio = round(unreduced / kept, 2)
    assert (kept, reduced.macs(shape), unreduced, naive.output_shape(shape)[0], ratio) == MODULES[name]


def test_each_module_feeds_the_next():
    names = list(GOOGLENET)
    for name, following in zip(names, names[1:], strict=False):
        depth = inception(name).output_shape(GOOGLENET[name].input_shape)[0]
        assert depth == GOOGLENET[following].input_shape[0]


def test_inception_3a_in_full():
    shape = (192, 28, 28)
    assert inception("3a").output_shape(shape) == (256, 28, 28)
    assert inception("3a").parameter_count(shape) == 163_696
    assert inception("3a", naive=True).macs(shape) == 303_464_448
    five, naive_five = (inception("3a", naive, bias=False).layers[2] for naive in (False, True))
    assert (naive_five.parameter_count(shape), five.parameter_count(shape)) == (153_600, 15_872)


def test_the_whole_of_googlenet_is_put_together_from_its_modules():
    def pool():
        return MaxPool2D(3, stride=2, padding="same")

    stem = Conv2D(64, 7, stride=2, padding="same"), ReLU(), pool()
    stem += Conv2D(64, 1), ReLU(), Conv2D(192, 3, padding="same"), ReLU(), pool()
    third, fourth, fifth = ([inception(name) for name in GOOGLENET if name[0] == stage] for stage in "345")
    net = Sequential(*stem, *third, pool(), *fourth, pool(), *fifth, GlobalAvgPool2D(), Dense(1000))
    table = summary(net, (3, 224, 224))
    assert table.parameters == 6_998_552
    assert {row.name: row.output_shape for row in table.rows}["inception 5b"] == (1024, 7, 7)


def test_a_module_of_ones_own():
    module, x = inception(Widths((3, 6, 6), 2, 2, 3, 2, 1, 1)), np.ones((2, 3, 6, 6), np.float32)
    assert module(x).shape == (2, 7, 6, 6)
    assert summary(Sequential(module), (3, 6, 6)).rows[0].receptive_field == (5, 5)
    for branch in module.layers:
        assert isinstance(branch.layers[-1], ReLU)
    assert repr(inception("4c", naive=True).layers[3]) == "pool(max pool 3×3, stride 1)"


def test_a_width_of_0_leaves_out_what_it_counts():
    shape, own = (6, 4, 4), Widths((6, 4, 4), 2, 3, 4, 1, 5, 2)
    for without, depth, branches in [
        ({}, 13, ["1×1", "3×3", "5×5", "pool"]),
        ({"one": 0}, 11, ["3×3", "5×5", "pool"]),
        ({"three": 0}, 9, ["1×1", "5×5", "pool"]),
        ({"five": 0, "one": 0}, 6, ["3×3", "pool"]),
        ({"reduce_three": 0, "reduce_five": 0}, 13, ["1×1", "3×3", "5×5", "pool"]),
        ({"pool": 0}, 17, ["1×1", "3×3", "5×5", "pool"]),
    ]:
        module = inception(own._replace(**without))
        assert module.output_shape(shape) == (depth, 4, 4)
        assert [branch.name for branch in module.layers] == branches
    unreduced = inception(own._replace(reduce_three=0, reduce_five=0, pool=0))
    assert repr(unreduced.layers) == repr(inception(own, naive=True).layers)
    assert inception(own._replace(reduce_three=0)).layers[1].parameter_count(shape) == 6 * 4 * 9 + 4


def test_codes_are_ten_different_pictures_of_ink_and_paper():
    codes = digit_codes()
    assert codes.shape == (10, 84) and set(codes.ravel()) == {-1, 1}
    apart = (codes[:, None] != codes).sum(axis=2)
    assert apart[~np.eye(10, dtype=bool)].min() >= 5
    seven = codes[7].reshape(12, 7)
    assert seven[1].tolist() == [1] * 7 and seven[5].tolist() == [-1, -1, -1, -1, 1, 1, -1]


def test_codes_answer_with_minus_the_squared_distance():
    codes, x = digit_codes(), np.random.default_rng(0).normal(size=(3, 84))
    answers = Codes(codes)(x)
    for n in range(3):
        for k in range(10):
            assert_allclose(answers[n, k], -sum((x[n, i] - codes[k, i]) ** 2 for i in range(84)))
    assert Codes(codes)(codes).argmax(axis=1).tolist() == list(range(10))
    check_gradients(Codes(codes[:3, :5]), x[:, :5].copy())


@pytest.mark.parametrize(
    ("act", "parts"),
    [
        (lambda: models.digit_net(pool="mean"), "pool … max, average … 'mean'"),
        (lambda: inception("6a"), "widths … one of 3a, 3b, 4a"),
        (lambda: inception(Widths((3, 6, 6), 0, 2, 0, 2, 0, 1)), "one, three and five must not all be 0"),
        (lambda: inception(Widths((3, 6, 6), 2, -1, 3, 2, 1, 1)), "filters must be"),
        (lambda: inception((1, 2)), "widths … name or input_shape, one, reduce_three"),
        (lambda: Codes([1, 2]), "codes … (class, feature) … shape (2,)"),
        (lambda: Codes([[1, 2]])(np.ones((1, 3))), "codes … (3,) … 2 features"),
        (lambda: lenet5().output_shape((1, 28, 28)), "C5 conv 5×5 … (16, 4, 4)"),
        (lambda: alexnet(3).build((3, 227, 227)), "groups must divide"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(act, parts):
    with refused(parts):
        act()
