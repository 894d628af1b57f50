"""What chapter 01 concludes holds with a margin: in the committed chapter, and in what was measured at length."""

from functools import partial

import numpy as np
import pytest

import committed
from committed import numbers
from convscope.datasets import measured

printed, means = (partial(each, "01") for each in (committed.printed, committed.curve))


def kept(experiment, name):
    return np.array(measured("01", experiment)[name])


def test_grey_leads_in_each_of_five_pairs():
    difference = numbers(printed("spread").partition("difference")[2].partition("mean")[0])
    assert len(difference) == 5 and min(difference) > 10


def test_the_curves_cross():
    lead = np.subtract(means("curves", "grey"), means("curves", "colour"))
    assert lead[:3].min() > 4 and lead[-1] < -4
    lead = kept("crossing", "grey") - kept("crossing", "colour")
    assert lead[:, :3].min() > 0 and lead[:, 2].mean() > 15
    assert lead[:, 3:].max() < 0 and lead[:, -1].mean() < -7


def test_what_stops_early_turns_the_order():
    lead = np.subtract(means("steps", "grey"), means("steps", "colour"))
    assert lead[:2].min() > 5 and lead[-1] < -6


def test_grey_fails_where_ink_and_paper_are_equally_light_and_is_level_where_they_are_not():
    lead = kept("lightness", "grey") - kept("lightness", "colour")
    assert lead[:, 0].max() < -40 and abs(lead[:, 2:].mean(axis=0)).max() < 4
    equal, *_, clear = (numbers(line)[-2:] for line in printed("by-lightness").splitlines()[:4])
    assert equal[1] - equal[0] > 40 and abs(clear[1] - clear[0]) < 4


@pytest.mark.parametrize("run", range(3))
def test_stopping_where_the_loss_is_lowest_costs_accuracy(run):
    _, lowest, early, last, late = numbers(printed("stopping").splitlines()[run])
    assert last > 1.3 * lowest and late > early + 3


def test_a_network_learns_100_letters_by_heart():
    assert means("two-curves", "its own letters")[-1] > 99 and means("two-curves", "new letters")[-1] < 35


def test_the_gap_closes_with_letters():
    gaps = (kept("gap", "colour old") - kept("gap", "colour new")).mean(axis=1)
    assert (np.diff(gaps) < 0).all() and gaps[0] > 75 and gaps[-1] < 10


def test_what_narrows_the_gap_is_knowledge_then_dropout_and_no_smaller_network():
    new = {name: np.array(each["new"]) for name, each in measured("01", "narrowing").items() if name.startswith("300")}
    gain = {name.removeprefix("300 "): (each - new["300 as it is"]).mean() for name, each in new.items()}
    assert gain["grey"] > 18 and gain["three weights"] > 12 and gain["dropout"] > 8
    assert gain["8 units"] < -8 and abs(gain["256 units"]) < 4


def test_the_verdict_is_the_same_at_half_the_rate_and_at_twice_the_rate():
    for n, sign in ((300, 1), (3000, -1)):
        lead = kept("rates", f"{n} grey") - kept("rates", f"{n} colour")
        assert (sign * lead[:3].mean(axis=1)).min() > 3


def test_hidden_mixes_are_found():
    *_, hidden, found = np.array([numbers(line)[-2:] for line in printed("found").splitlines()[-3:]]).T
    np.testing.assert_allclose(found, hidden, atol=0.12)
    for each in measured("01", "hidden").values():
        assert abs(np.array(each["found"]) - each["hidden"]).max() < 0.15


def test_few_mixes_make_every_letter_clearly_dark_on_light():
    assert max(kept("rivals", "dark")) < 6 and max(kept("rivals", "clearly dark")) < 2


@pytest.mark.parametrize("n", [300, 3000])
def test_three_learned_weights_have_the_worth_of_grey_and_its_ceiling(n):
    colour, three, grey = (kept("three_weights", f"{n} {name}") for name in ("colour", "three weights", "grey"))
    assert (three - colour).min() > 10 if n == 300 else (three - colour).max() < -5
    assert abs(three - grey).max() < 8


def test_a_control_and_an_order_of_pixels_change_nothing():
    grey, thrice, colour = (numbers(line)[3] for line in printed("thrice").splitlines()[:3])
    assert thrice > grey - 4 and thrice > colour + 10
    grey, shuffled = (numbers(line)[3] for line in printed("shuffle-scores").splitlines()[:2])
    assert abs(grey - shuffled) < 5


def test_grey_fails_where_colour_is_the_answer():
    grey, colour = (numbers(line)[3] for line in printed("hue-scores").splitlines()[:2])
    assert colour > 95 and grey < 60
