"""The question that takes a guess first: what it keeps, refuses and opens, without a browser."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscope import Predict, StateError
from convscope.explore import bundle
from convscope.explore.predict import predict

MAPS = {"question": "How many maps?", "choices": ["one", "three"], "answer": "one", "why": "All go into `one` sum."}
SECRET = "442,368"


def weights(**changed):
    return Predict("How many weights?", unit="weights", low=0, answer=442_368, why="96 · 96 · 3 · 16", **changed)


def told(question, guess=None, opened=False):
    """What a view sends when a person does something there; gives what Python then says."""
    serial = question._told.get("serial", 0) + 1
    question._told = {"view": "a", "serial": serial, "guess": guess, "opened": opened}
    return question._said


def in_page(question):
    return json.dumps(
        [question.get_state(key) for key in question.keys if key[:1] == "_"], default=repr, ensure_ascii=False
    )


def sealed(question):
    return json.loads(base64.b64decode(question._said["sealed"]))


def test_the_answer_is_in_the_page_as_a_code_alone():
    question = weights()
    assert SECRET not in in_page(question) and "442368" not in in_page(question) and "96 ·" not in in_page(question)
    assert sealed(question) == {"answer": 442_368, "why": "96 · 96 · 3 · 16"}
    question.guess = 160_000
    assert question.answered and question.sentence == "You said 160,000 weights; it is 442,368 weights."


def test_a_guess_in_a_view_is_adopted_and_answered():
    question = Predict(**MAPS)
    said = told(question, guess="three", opened=True)
    assert (said["view"], said["to"], said["guess"], said["opened"]) == ("a", 1, "three", True)
    assert (question.guess, question.answered) == ("three", True)
    said = told(question)  # asked again
    assert (question.guess, question.answered, said["guess"]) == (None, False, None)
    told(question, opened=True)  # shown without a guess
    assert question.answered and question.sentence == "It is one."


@pytest.mark.parametrize("message", [{}, {"guess": "two", "opened": True}, {"guess": 10**400, "opened": False}])
def test_whatever_a_front_end_sends_the_question_goes_on(message):
    question = Predict(**MAPS)
    question._told = {"view": "a", "serial": 1, **message}
    assert question._said["refusal"] and question.guess is None and not question.answered
    question.guess = "one"
    assert question.answered and not question._said["refusal"]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_any_two_numbers_can_be_guess_and_answer(guess, answer):
    question = Predict("?", answer=answer)
    question.guess = guess
    assert question.sentence.startswith("You said ") and question.guess == guess


@pytest.mark.parametrize(
    ("written", "number"),
    [("442,368", 442_368), ("442 368", 442_368), (" 60 % ", 60), ("−0.5", -0.5), ("1e6", 10**6), ("60", 60)],
)
def test_a_number_may_be_written_as_people_write_it(written, number):
    question = Predict("?", unit="%", low=-0.5, high=10**6)
    question.guess = written
    assert question.guess == number


@pytest.mark.parametrize(
    "guess", ["abc", "0,5", "1,23", "", True, [1, 2], "nan", float("inf"), 10**400, 101, -1, "101 %"]
)
def test_what_cannot_be_a_guess_is_refused_in_a_sentence(guess):
    question = Predict("?", unit="%", low=0, high=100, answer=50)
    with pytest.raises(StateError, match=r"^Your guess must be .*; got .*\.$"):
        question.guess = guess
    assert question.guess is None and not question.answered


def test_a_guess_is_locked_in_until_it_is_asked_again():
    question = weights()
    question.guess = 5
    question.guess = "5"  # the same
    with pytest.raises(StateError, match="locked in"):
        question.guess = 6
    assert "locked in" in told(question, guess=6)["refusal"] and question.guess == 5
    question.reset()
    assert question.guess is None and not question.answered
    question.guess = 6
    assert question.answered


def test_an_answer_that_is_measured_opens_a_guess_that_waits_and_none_that_is_not_made():
    question = Predict("How many?", unit="%", low=0, high=100)
    with pytest.raises(StateError, match="not known yet"):
        question.show()
    assert question._said["sealed"] == ""
    question.reveal(72)
    assert not question.answered and sealed(question)["answer"] == 72
    question.guess = 60
    assert question.answered
    other = Predict("How many?", unit="%")
    other.guess = 60
    assert other.sentence == "You said 60%. Run the cell that measures it: the answer then opens here."
    other.reveal(72.5, why="So it is.")
    assert other.answered and sealed(other) == {"answer": 72.5, "why": "So it is."}
    with pytest.raises(ValueError, match="answer must be"):
        question.reveal(172)


@pytest.fixture
def displayed(monkeypatch):
    caught = []
    monkeypatch.setattr(predict, "display", lambda data, **how: caught.append(data))
    monkeypatch.setattr(bundle, "display", lambda data, **how: caught.append(data))
    return caught


def test_a_cell_that_measures_folds_all_it_shows_until_there_is_a_guess(displayed):
    question = Predict("How many?", unit="%")
    with question.folded():
        print("5 of <10>")
        question.reveal(50)
    [fold] = displayed
    assert fold["text/html"].startswith(f'<details data-question="{question._asked["id"]}"><summary>')
    assert '<pre style="font-family: monospace">5 of &lt;10&gt;\nIt is 50%.</pre></details>' in fold["text/html"]
    assert fold["text/plain"] == "5 of <10>\nIt is 50%."
    question.guess = 5
    with question.folded():
        question.reveal(50)
    assert " open>" in displayed[-1]["text/html"]


def test_a_cell_that_fails_shows_what_it_had_to_show(displayed, capsys):
    question = Predict("How many?")
    with pytest.raises(ZeroDivisionError), question.folded():
        print("so far")
        raise ZeroDivisionError
    assert "so far" in capsys.readouterr().out and displayed == []


def test_without_a_kernel_it_asks_with_its_answer_folded_away(displayed):
    question = Predict("Is `a < b`?", ["yes", "no"], answer="yes", why="It is.")
    question._ipython_display_()
    [data] = displayed
    assert data["text/plain"] == "Predict: Is `a < b`? (1) yes (2) no"
    assert "<code>a &lt; b</code>" in data["text/html"]
    assert "<details><summary>Answer</summary><p><strong>yes.</strong> It is.</p></details>" in data["text/html"]
    assert data[bundle.STATE]["view"] == "Predict" and "yes" not in json.dumps(data[bundle.STATE]["_said"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"choices": ["one"]}, "choices must be two texts or more, all different"),
        ({"choices": ["one", "one"]}, "choices must be two texts or more"),
        ({"choices": ["one", "two"], "answer": "three"}, "answer must be one of 'one', 'two'; got 'three'"),
        ({"answer": "many"}, "answer must be a number"),
        ({"answer": 10**5000}, "answer must be a finite number, at most 1e.15; got inf."),
        ({"low": 0, "answer": -1}, "answer must be 0 or more; got −1"),
        ({"key": "03 nothing"}, "key must be one of the course's questions, .*; got '03 nothing'"),
    ],
)
def test_what_cannot_be_a_question_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        Predict("?", **arguments)
