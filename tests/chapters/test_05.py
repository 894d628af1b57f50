"""What chapter 5 concludes from its measurements holds, with a margin."""

from functools import partial

import numpy as np
import pytest

from convscope import conv2d, datasets, global_max_pool2d, kernels, max_pool2d, models, summary


def measured(experiment):
    return {name: np.array(each) for name, each in datasets.measured("05", experiment).items()}


def leads(run):
    """By how many points the largest leads each rival, seed by seed."""
    right = measured(f"pools_and_strides_{run}")
    return {name: right["largest"] - each for name, each in right.items()}


def test_a_stride_takes_the_largest_as_often_as_a_lot_would():
    edges = np.maximum(conv2d(np.pad(datasets.kitten(96, grey=True), 1, mode="edge"), kernels.preset("Sobel x")), 0)
    first, largest = edges[::2, ::2], max_pool2d(edges)
    assert 0.22 < (first == largest)[largest > 0].mean() < 0.30


def test_at_equal_parameters_the_largest_leads_whenever_one_stops():
    for run in ("6_epochs", "24_epochs"):
        assert leads(run)["first"].min() > 1 and leads(run)["first"].mean() > 2


def test_at_equal_macs_a_smaller_lead_grows_with_training():
    early, late = leads("6_epochs")["first, wider"], leads("24_epochs")["first, wider"]
    assert late.min() > 0 and 0.2 < (late - early).mean() and late.mean() < leads("24_epochs")["first"].mean() - 0.5


def test_the_mean_is_slow_and_not_worse():
    early, late = leads("6_epochs"), leads("24_epochs")
    assert early["mean"].mean() > 1.5 and late["mean"].mean() < 1
    assert early["mean, doubled"].mean() < early["mean"].mean() - 1


def test_with_more_digits_the_leads_shrink():
    few, many = leads("24_epochs"), leads("4000_digits")
    assert all(many[name].mean() < few[name].mean() - 0.4 for name in ("first", "first, wider"))


@pytest.fixture(scope="module")
def maps():
    """The maps of forty digits, each under eight random kernels, at each shift to the right."""
    digits = datasets.canvas(datasets.digits(28)[0][0][:40], 64)
    eight = np.random.default_rng(0).normal(size=(40, 8, 1, 3, 3))

    def at(columns):
        moved = datasets.shift(digits, 0, columns)
        return np.stack([np.maximum(conv2d(digit, own), 0) for digit, own in zip(moved, eight, strict=True)])

    return [at(columns) for columns in range(4)]


def norm(maps):
    return np.sqrt((maps**2).sum(axis=(1, 2, 3)))


def error(maps, shrink, stride, columns):
    still, moved = shrink(maps[0]), shrink(maps[columns])
    return norm(moved - datasets.shift(still, 0, columns // stride)) / norm(still)


def test_the_stride_breaks_shifting_and_the_max_does_not(maps):
    def first(maps):
        return maps[..., ::2, ::2]

    for columns in (1, 3):
        by_first, by_max = error(maps, first, 2, columns), error(maps, max_pool2d, 2, columns)
        assert (by_max > 0.2).all() and (by_max < by_first).all()
    for columns in range(4):
        assert not error(maps, partial(max_pool2d, stride=1), 1, columns).any()
    assert not error(maps, first, 2, 2).any() and not error(maps, max_pool2d, 2, 2).any()


def test_larger_pools_change_less_and_the_global_one_not_at_all(maps):
    pools = [lambda maps: maps, max_pool2d, partial(max_pool2d, size=4), global_max_pool2d]
    none, small, larger, whole = (norm(pool(maps[1]) - pool(maps[0])) / norm(pool(maps[0])) for pool in pools)
    assert (none > small).all() and (small > larger).all() and not whole.any()


def test_a_blur_before_the_stride_flattens_the_comb(maps):
    def blurred(maps, weights):
        blur = np.outer(weights, weights) / sum(weights) ** 2
        return conv2d(max_pool2d(maps, stride=1), np.broadcast_to(blur, (8, 1, *blur.shape)), stride=2, groups=8)

    errors = [error(maps, partial(blurred, weights=each), 2, 1) for each in ([1], [1, 1], [1, 2, 1], [1, 4, 6, 4, 1])]
    assert (np.diff(errors, axis=0) < 0).all()


def test_alexnet_keeps_its_weights_in_its_dense_layers_and_works_in_its_convolutions():
    rows = [row for row in summary(models.alexnet(), (3, 227, 227)).rows if row.parameters]
    weights = np.array([row.parameters - row.output_shape[0] for row in rows])
    macs = np.array([row.macs for row in rows])
    assert round(100 * weights[-3:].sum() / weights.sum(), 1) == 96.2
    assert round(100 * macs[-3:].sum() / macs.sum(), 1) == 8.1


def test_a_global_mean_ends_a_point_behind_and_reads_what_has_moved():
    early, late = measured("heads_8_epochs"), measured("heads_24_epochs")
    gap = {run: (found["dense"] - found["global mean"]).mean() for run, found in (("early", early), ("late", late))}
    assert gap["early"] > 3 > 2.5 > gap["late"]
    for name in ("global mean", "global max"):
        assert late[f"{name}, moved by 3 pixels"].min() > late["dense, moved by 3 pixels"].max() + 20
