"""The questions of the course: each can be asked, and its numbers are those that the library gives."""

import numpy as np
import pytest

from convscope import ask, conv2d, layers
from convscope.explore.asking import question_names

NAMES = question_names()


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_asked_anew_each_time(name):
    question = ask(name)
    assert question.page["question"].endswith("?") and not question.answered
    if question.page["known"]:
        question.show()
        assert question.page["why"] and question.answered
    assert not ask(name).answered


def test_the_numbers_are_those_of_the_library():
    kernel = np.arange(1.0, 10).reshape(3, 3)
    spot = np.zeros((5, 5))
    spot[2, 2] = 1
    np.testing.assert_array_equal(conv2d(spot, kernel), kernel[::-1, ::-1])
    assert ask("03 the table turned").answer == "the table, turned by half a turn"
    photo = (3, 96, 96)
    assert ask("03 weights of a dense layer").answer == layers.Dense(16, bias=False).parameter_count((np.prod(photo),))
    assert ask("03 weights of a filter").answer == layers.Conv2D(1, 3, bias=False).parameter_count(photo)
    assert layers.Conv2D(1, 3).output_shape(photo)[0] == 1 and ask("03 maps of a filter").answer == "one"
    assert ask("03 parameters of a layer").answer == layers.Conv2D(16, 3).parameter_count((8, 96, 96))
    assert conv2d(kernel, kernel, padding="full").shape == (5, 5) and "5×5" in ask("03 two convolutions").answer


@pytest.mark.parametrize("name", ["03 nothing", "03", "", "../03 maps of a filter", "maps of a filter", None, 3])
def test_an_unknown_question_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match="name must be one of the chapter's questions, ('03 |none: ).*; got"):
        ask(name)
