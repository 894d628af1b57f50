"""The question that takes a guess first: what it keeps, refuses and opens, without a browser."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import notebooks
from convscope import Predict, StateError

MAPS = {"question": "How many maps?", "choices": ["one", "three"], "answer": "one", "why": "All go into `one` sum."}
SECRET = "442,368"


def weights(**changed):
    return Predict("How many weights?", unit="weights", low=0, answer=442_368, why="96 · 96 · 3 · 16", **changed)


def press(question, **request):
    """What the page sends when a person presses something in it."""
    question.request = {"serial": question.request.get("serial", 0) + 1, **request}


def in_page(question):
    return json.dumps([question.get_state(key) for key in question.keys], default=repr, ensure_ascii=False)


def test_the_answer_is_nowhere_in_the_page_before_a_guess_and_beside_it_after():
    question = weights()
    assert SECRET not in in_page(question) and "96 ·" not in in_page(question)
    question.guess = 160_000
    assert question.answered
    assert question.sentence == "You said 160,000 weights; it is 442,368 weights: 2.8 times too low."
    page = question.page
    assert (page["guess"], page["answer"], page["why"]) == ("160,000 weights", "442,368 weights", "96 · 96 · 3 · 16")
    assert page["lengths"] == pytest.approx([160_000 / 442_368, 1])


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        ("one", "You were right: one."),
        ("three", "You guessed otherwise. It is: one."),
    ],
)
def test_a_choice_is_compared(guess, words):
    question = Predict(**MAPS)
    press(question, kind="guess", guess=guess)
    assert (question.guess, question.sentence, question.page["answer"]) == (guess, words, "one")


@pytest.mark.parametrize(
    ("guess", "answer", "words"),
    [
        (72, 72.0, "You said 72 %, and so it is."),
        (60, 72, "You said 60 %; it is 72 %: 12 too low."),
        (70, 72, "You said 70 %; it is 72 %: close, 2 too low."),
        (60, 8.512, "You said 60 %; it is 8.51 %: 7 times too high."),
        (50, 5211, "You said 50 %; it is 5,211 %: 104 times too low."),
        (-3, 2, "You said −3 %; it is 2 %: 5 too low."),
        (0, 50, "You said 0 %; it is 50 %: 50 too low."),
        (0, 0, "You said 0 %, and so it is."),
    ],
)
def test_a_number_is_compared_kindly_and_exactly(guess, answer, words):
    question = Predict("?", unit="%", answer=answer)
    question.guess = guess
    assert question.sentence == words


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_any_two_numbers_are_compared(guess, answer):
    question = Predict("?", answer=answer)
    question.guess = guess
    assert question.sentence.startswith("You said ")
    assert ("high" in question.sentence) <= (guess > answer) and ("low" in question.sentence) <= (guess < answer)
    assert all(0 <= length <= 1 for length in question.page["lengths"])


@pytest.mark.parametrize(
    ("written", "number"),
    [("442,368", 442_368), ("442 368", 442_368), (" 60 % ", 60), ("−0.5", -0.5), ("1e6", 10**6), ("60", 60)],
)
def test_a_number_may_be_written_as_people_write_it(written, number):
    question = Predict("?", unit="%")
    press(question, kind="guess", guess=written)
    assert question.guess == number and question.refusal == ""


@pytest.mark.parametrize("guess", ["abc", "0,5", "1,23", "", True, [1, 2], "nan", float("inf"), 101, -1, "101 %"])
def test_what_cannot_be_a_guess_is_refused_in_a_sentence(guess):
    question = Predict("?", unit="%", low=0, high=100, answer=50)
    with pytest.raises(StateError, match=r"^Your guess must be .*; got .*\.$"):
        question.guess = guess
    press(question, kind="guess", guess=guess)
    assert question.refusal.startswith("Your guess must be")
    assert question.guess is None and not question.answered


def test_a_choice_that_is_not_there_is_refused():
    question = Predict(**MAPS)
    with pytest.raises(StateError, match="Your guess must be one of 'one', 'three'; got 'two'."):
        question.guess = "two"
    assert not question.answered


def test_a_guess_is_locked_in_until_it_is_asked_again():
    question = weights()
    question.guess = 5
    question.guess = "5"  # the same
    with pytest.raises(StateError, match="locked in"):
        question.guess = 6
    press(question, kind="guess", guess="6")
    assert "locked in" in question.refusal and question.guess == 5
    press(question, kind="reset")
    assert question.guess is None and not question.answered and SECRET not in in_page(question)
    question.guess = 6
    assert question.answered


def test_it_shows_the_answer_to_whoever_does_not_want_to_guess():
    question = weights()
    press(question, kind="show")
    assert question.answered and question.guess is None
    assert question.sentence == "It is 442,368 weights." and question.page["lengths"] == []
    with pytest.raises(StateError, match="locked in"):
        question.guess = 6


def test_a_later_cell_measures_the_answer():
    question = Predict("How many are still read?", unit="%")
    assert not question.page["known"]
    with pytest.raises(StateError, match="not known yet"):
        question.show()
    question.guess = 60
    assert not question.answered and "Run the cell that measures it" in question.page["verdict"]
    said = question.reveal(8.512, "It learned places.")
    assert repr(said) == str(said) == question.sentence == "You said 60 %; it is 8.51 %: 7 times too high."
    assert question.answered and question.page["why"] == "It learned places."
    assert question.reveal(9) == "You said 60 %; it is 9 %: 6.7 times too high."  # measured again
    assert question.page["answer"] == "9 %"


def test_measured_before_there_is_a_guess_it_goes_on_asking():
    question = Predict("How many are still read?", unit="%")
    assert question.reveal(8.512) == "It is 8.51 %."
    assert not question.answered and "8.51" not in in_page(question) and question.page["known"]
    question.guess = 10
    assert question.sentence == "You said 10 %; it is 8.51 %: 1.49 too high."


def test_a_function_gives_the_answer_once_when_it_is_needed():
    calls = []
    question = Predict("?", answer=lambda: calls.append(1) or 7)
    question._draw()
    assert not calls
    question.guess = 7
    question.reset()
    question.guess = 6
    assert calls == [1] and question.sentence == "You said 6; it is 7: 1 too low."


def test_a_function_that_fails_is_said_and_can_be_asked_again():
    ready = {}
    question = Predict("?", answer=lambda: ready["net"])
    press(question, kind="guess", guess="3")
    assert question.refusal.startswith("The answer cannot be worked out yet ('net').")
    assert question.guess == 3 and not question.answered and question.page["guess"] == "3"
    ready["net"] = 4
    press(question, kind="show")
    assert question.sentence == "You said 3; it is 4: 1 too low." and question.refusal == ""


def test_changes_are_told():
    question = weights()
    told = []
    question.on_change(lambda each: told.append((each.guess, each.answered)))
    question.guess = 5
    question.reset()
    question.show()
    assert told == [(5, True), (None, False), (None, True)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"choices": ["one"]}, "choices must be two texts or more, all different"),
        ({"choices": ["one", "one"]}, "all different"),
        ({"choices": ["one", "three"], "answer": "two"}, "answer must be one of 'one', 'three'; got 'two'"),
        ({"answer": "many"}, "answer must be a number"),
        ({"answer": 120, "high": 100, "unit": "%"}, "answer must be 100 % or less; got 120 %"),
    ],
)
def test_a_question_that_cannot_be_is_refused(settings, words):
    with pytest.raises(ValueError, match=words):
        Predict("?", **settings)


def shown(question, monkeypatch):
    bundles = []
    monkeypatch.setattr("convscope.explore.bundle.display", lambda bundle, **how: bundles.append(bundle))
    question._ipython_display_()
    return bundles[0]


def test_without_a_kernel_the_answer_is_folded_away(monkeypatch):
    bundle = shown(Predict(**MAPS | {"question": "Is `a < b`?"}), monkeypatch)
    assert bundle["text/html"] == (
        "<p><strong>Predict.</strong> Is <code>a &lt; b</code>?</p><ul><li>one</li><li>three</li></ul>"
        "<details><summary>Answer</summary><p><strong>one.</strong> All go into <code>one</code> sum.</p></details>"
    )
    assert bundle["text/plain"] == "Predict: Is `a < b`? (1) one (2) three"
    assert notebooks.bare({"data": bundle}) and set(bundle) == {"text/html", "text/plain"}  # as it is committed


@pytest.mark.parametrize("answer", [None, lambda: 1 / 0])
def test_without_a_kernel_a_measured_answer_is_left_to_the_cell_that_measures_it(monkeypatch, answer):
    bundle = shown(Predict("How many?", answer=answer), monkeypatch)
    assert "<details>" not in bundle["text/html"] and "measured" in bundle["text/html"]
