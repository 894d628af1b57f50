"""What chapter 03 concludes holds with a margin: in the committed chapter, and in what was measured at length."""

import re
from functools import partial

import numpy as np
import pytest

import committed
from committed import numbers
from convscope.datasets import measured

printed = partial(committed.printed, "03")


@pytest.mark.parametrize("name", [name for name in committed.cells("03") if "True" in printed(name)])
def test_what_is_compared_agrees(name):
    """But for the cell with a ReLU, whose two maps must not add up to a constant."""
    assert printed(name).count("False") == (name == "with-relu")


def test_a_photo_takes_thousands_of_steps_and_noise_one():
    assert "in 1 step" in printed("from-noise")
    assert numbers(printed("count-show"))[0] == 1  # the blur's
    (steps,) = numbers(re.search(r"It is ([\d,]+) steps", printed("count-show"))[1])
    assert steps > 3000


def test_a_small_loss_hides_a_wrong_kernel():
    (line,) = [line for line in printed("on-the-way").splitlines() if line.startswith("step 1,000:")]
    _, loss, off = numbers(line)
    assert loss < 0.5 and off > 15


def test_crops_of_the_photo():
    crops = measured("03", "steps_from_crops")
    for name in ("Sobel x", "Laplacian"):
        raw, centred = np.array(crops[name]), np.array(crops[f"{name}, centred"])
        assert raw.min() > 1000 and np.median(raw) > 10_000 and np.percentile(raw, 90) > 100_000
        assert (centred < raw / 2).all() and np.median(centred / raw) < 0.1


def test_noise_is_slow_with_a_mean():
    noises = measured("03", "steps_from_noise")
    assert max(noises["mean 0"]) <= 3
    assert min(noises["mean and spread of the photo"]) > 40


@pytest.mark.parametrize("digits", ["100 digits", "1,000 digits", "4,000 digits"])
def test_learned_kernels_are_as_good_as_a_good_guess(digits):
    arms = measured("03", "by_hand_or_learned")[digits]
    best = {name: np.array(max(rates.values(), key=np.mean)) for name, rates in arms.items()}
    assert len(best["learned"]) >= 8
    assert abs((best["learned"] - best["Sobel"]).mean()) < 1.5
    assert (best["learned"] - best["random"]).mean() > 0.5


def test_learned_kernels_are_better_than_a_poor_guess():
    arms = measured("03", "by_hand_or_learned")["1,000 digits"]
    learned, mixed = (np.array(max(arms[name].values(), key=np.mean)) for name in ("learned", "mixed"))
    assert (learned > mixed).sum() >= 7 and (learned - mixed).mean() > 0.5
