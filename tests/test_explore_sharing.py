"""The sharing explorer without a browser: averages of diagonals, and refusals."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscope import SharingExplorer, StateError, conv1d

KERNEL = [1.0, -2.0, 1.0]
TOEPLITZ = sum(weight * np.eye(6, k=k) for k, weight in zip((-1, 0, 1), KERNEL, strict=True))


@given(st.integers(1, 9), st.integers(0, 99))
def test_each_diagonal_becomes_its_average(n, seed):
    learned = np.random.default_rng(seed).normal(size=(n, n))
    explorer = SharingExplorer({8: learned})
    np.testing.assert_array_equal(explorer.learned, learned)
    for offset in range(1 - n, n):
        assert explorer.averages[offset + n - 1] == pytest.approx(np.trace(learned, offset) / (n - abs(offset)))
        assert np.ptp(explorer.shared.diagonal(offset)) == 0
        assert explorer.shared.diagonal(offset)[0] == explorer.averages[offset + n - 1]


def test_what_is_shared_already_stays_and_is_a_convolution():
    explorer = SharingExplorer({"all": TOEPLITZ})
    np.testing.assert_allclose(explorer.shared, TOEPLITZ)
    x = np.arange(6.0)
    np.testing.assert_allclose(explorer.shared @ x, conv1d(x[None, None], [[KERNEL]], padding="same")[0, 0])
    assert explorer.sentence.endswith("The averages of the middle diagonals: 1, −2, 1.")


def test_other_weights_are_chosen_by_the_number_of_examples():
    heard, explorer = [], SharingExplorer({33: 2 * TOEPLITZ, 64: TOEPLITZ}, examples=64)
    explorer.observe(lambda change: heard.append(change.name), ["examples", "learned", "averages", "shared"])
    assert explorer.examples == "64"
    explorer.examples = 33
    assert explorer.learned[0, 0] == -4 and sorted(heard) == ["averages", "examples", "learned", "shared"]
    explorer._told = {"view": "a", "serial": 1, "settings": {"examples": "64"}, "mine": ["examples"]}
    assert explorer.examples == "64" and explorer._said["answers"] == 1
    assert np.frombuffer(explorer._said["numbers"]["shared"]["data"], "<f4")[0] == -2
    assert json.loads(json.dumps(explorer.state.settings)) == {"examples": "64"}
    before = explorer.state
    with pytest.raises(StateError, match="examples must be one of '33', '64'; got '7'."):
        explorer.examples = 7
    assert explorer.state is before
    explorer.examples = 33
    explorer.reset()
    assert explorer.examples == "64"  # what it was made with


@pytest.mark.parametrize(
    ("matrices", "words"),
    [
        ({}, "matrices must be square and of one size, \\(output, input\\); got none."),
        ({1: np.eye(3), 2: np.eye(4)}, "got 3 × 3, 4 × 4."),
        ({1: np.ones((2, 3))}, "got 2 × 3."),
        ({1: np.full((3, 3), np.nan)}, "weights of 1 must be .* got NaN or infinity"),
        ({1: [["a"]]}, "weights of 1 must be .* got values of type"),
        ({1: np.eye(65)}, "at most 64 × 64; got shape"),
    ],
)
def test_what_is_no_square_matrix_is_refused(matrices, words):
    with pytest.raises(StateError, match=words):
        SharingExplorer(matrices)


def test_its_still_shows_both_matrices():
    explorer = SharingExplorer({5: TOEPLITZ})
    assert [panel.title for panel in explorer.state.panels] == ["as learned", "each diagonal averaged"]
    assert all(panel.scale == ("signed", -2, 2) for panel in explorer.state.panels)
    assert explorer.figure().get_size_inches()[0] > 5 and len(explorer.page()) < 300_000
