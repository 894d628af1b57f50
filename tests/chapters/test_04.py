"""What chapter 4 says that its cells and its measured results show, with a margin."""

from contextlib import contextmanager
from itertools import product

import numpy as np
import pytest

import convscope
from committed import cells
from convscope import datasets, padding_amounts


class Question:
    """In place of a question: nothing is folded, and the answer is kept."""

    @contextmanager
    def folded(self):
        yield

    def reveal(self, answer, why=None):
        self.answer = answer


def after(*ids):
    """What the names of the chapter stand for once these cells have run, its pictures left out."""
    names = {name: getattr(convscope, name) for name in convscope.__all__} | {"np": np, "datasets": datasets}
    names |= {name: lambda *_, **__: None for name in ("show", "show_curves", "show_picture", "show_windows")}
    names |= {name: Question() for name in ("left_out", "share_read", "times_apart", "corner", "at_stride_3")}
    for each in ids:
        exec(cells("04")[each].source, names)
    return names


def test_the_rule_of_sizes_holds_in_every_case():
    assert all(after("check-rule")["right"])


def test_what_no_window_reads_changes_nothing():
    assert after("spoiled")["unchanged"]


def test_same_is_padding_one_for_an_odd_number_of_pixels_alone():
    for n in range(3, 60):
        assert (padding_amounts(n, 3, stride=2, padding="same") == (1, 1)) == bool(n % 2)


def test_the_two_paddings_differ_by_about_the_norm_of_the_map():
    assert 0.8 < after("spoiled", "same-or-one-photo")["ratio"] < 1.2


def test_the_comb_of_a_transposed_convolution_needs_a_stride_that_does_not_divide_the_kernel():
    three, four = after("comb")["combs"]
    assert set(three[0]) == {1, 2} and set(three[2]) == {2, 4}
    assert set(four[2:-2, 2:-2].ravel()) == {4}


def test_the_four_ways_cost_what_the_chapter_says():
    names = after("ways", "ways-ratios")
    first, _, pool, large = names["macs"]
    assert {y.shape for y in names["ways"].values()} == {(16, 128, 128)}
    assert (pool / first, large / first) == (4, 1849)
    assert names["times_apart"].answer == 129**2 / 4


def test_there_is_no_hole_while_no_dilation_outgrows_what_a_unit_spans():
    names = after("holes")
    for dilations in product(range(1, 6), repeat=3):
        span, outgrown = 1, False
        for d in sorted(dilations):
            outgrown, span = outgrown or d > span, span + 2 * d
        assert names["pixels_read"](dilations).all() == (not outgrown), dilations
    assert names["share_read"].answer == pytest.approx(100 * 81 / 289, abs=0.1)


def test_shifts_by_multiples_of_the_stride_are_exact_and_no_others():
    for name, errors in after("spoiled", "stride-shifts")["errors"].items():
        stride = int(name.split()[1])
        for shift, error in enumerate(errors):
            assert error == 0 if shift % stride == 0 else error > 0.2, (name, shift)


def test_the_middle_of_a_field_counts_most():
    names = after("random-net", "random-net-back")
    size, square = (each[:, 5:16, 5:16].sum(axis=(1, 2)).mean() for each in names["shares"])
    assert 0.75 < size < 0.83 and 0.91 < square < 0.96


def test_relu_and_tanh_are_level_and_a_sigmoid_gets_no_gradient():
    found = datasets.measured("04", "activations")
    relu, tanh, sigmoid = (np.mean(found[f"{name} correct"]) for name in ("relu", "tanh", "sigmoid"))
    assert abs(relu - tanh) < 2.5 and min(relu, tanh) > 85 and sigmoid < 20
    assert np.min(found["relu gradient"]) > 20 * np.max(found["sigmoid gradient"])
