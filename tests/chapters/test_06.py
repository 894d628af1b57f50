"""What chapter 6 concludes from its measurements holds, with a margin."""

import numpy as np

from convscope import conv2d, datasets, kernels

PLACE = {name: np.array(each) for name, each in datasets.measured("06", "relu_place").items()}
STARTS = {name: np.array(each) for name, each in datasets.measured("06", "why_not_half").items()}
WAIST = datasets.measured("06", "waist")


def best(name):
    """The accuracies of a middle, seed by seed, at the rate that suits it."""
    return max((np.array(WAIST[name][rate]) for rate in ("0.003", "0.01")), key=np.mean)


def test_only_a_relu_between_the_two_mixes_finds_both_kinds():
    assert PLACE["conv → ReLU → 1×1 → scores"].min() > 90
    assert PLACE["conv → eight 1×1 → ReLU → scores"].min() > 90 and PLACE["conv → Tanh → 1×1 → scores"].min() > 90
    for order in ("one conv", "conv → 1×1 → scores"):
        assert PLACE[order].max() < 10
    assert PLACE["conv → 1×1 → ReLU → scores"].max() < 60


def test_one_kind_of_edge_needs_no_nonlinearity():
    assert PLACE["one kind"].min() > 90


def test_half_is_within_reach_and_seldom_found():
    found = STARTS["overlap"] > 25
    assert 0 < found.sum() < 10 and STARTS["overlap"].max() < 60 and STARTS["overlap"][~found].max() < 5
    assert STARTS["loss"][found].max() < np.median(STARTS["loss"][~found]) - 0.03
    assert STARTS["above 0"][found].max() < 0.2 and (STARTS["above 0"][~found] > 0.7).mean() > 0.8


def test_marking_nothing_is_mostly_accurate():
    sobel = conv2d(datasets.kitten(96, grey=True), kernels.preset("Sobel x").astype(np.float32) / 4)[:, 48:]
    edges, one_kind = abs(sobel) > 0.12, sobel > 0.12
    assert 0.13 < edges.mean() < 0.17
    assert 0.45 < one_kind.sum() / edges.sum() < 0.55


def test_a_waist_of_half_the_maps_is_worth_its_layer_and_a_narrower_one_is_not():
    behind = {name: best("3×3") - best(name) for name in WAIST}
    assert (behind["16"] < behind["nothing"]).all() and 0 < behind["16"].mean() < 1
    for waist in ("8", "4", "2"):
        assert (behind[waist] > behind["nothing"]).all()
    assert behind["8"].mean() > 1.5 and behind["2"].mean() > 5


def test_a_depthwise_pair_is_as_good_as_the_waist_of_16_for_about_half_the_work():
    assert abs(best("depthwise").mean() - best("16").mean()) < 0.5
    assert 0.5 < WAIST["depthwise"]["macs"] / WAIST["16"]["macs"] < 0.6
