"""The questions of the course: each can be asked, and its numbers are those that the library gives."""

import re
from fractions import Fraction

import numpy as np
import pytest

from convscope import (
    ask,
    conv1d,
    conv2d,
    datasets,
    kernels,
    layers,
    max_pool2d_backward,
    output_size,
    receptive_field,
    window_indices,
)
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


def test_the_answer_of_start_here_is_that_of_the_library():
    rows, columns = conv2d(np.ones((36, 96)), np.ones((3, 3)), stride=2).shape
    assert ask("00 map at stride 2").answer == f"{rows} × {columns}"
    assert conv2d(np.ones((36, 96)), np.ones((3, 3))).shape == (34, 94)


def test_the_answers_of_chapter_3_are_those_of_the_library():
    sums = {name: kernels.preset(name).sum() for name in kernels.PRESETS}
    wall = ask("03 flat wall")
    flat = {
        choice: [abs(total) < 1e-9 for name, total in sums.items() if name in choice] for choice in wall.page["choices"]
    }
    assert [choice for choice, zeros in flat.items() if zeros and all(zeros)] == [wall.answer]
    assert sum(map(len, flat.values())) == 6  # kernels are named
    darker = np.tile([1.0, 1, 0, 0], (4, 1))  # from left to right
    assert (conv2d(darker, kernels.preset("Sobel x")) < 0).all() and not conv2d(
        darker.T, kernels.preset("Sobel x")
    ).any()
    assert re.search("vertical.*blue", ask("03 edges of Sobel x").answer)
    kernel = np.arange(1.0, 10).reshape(3, 3)
    spot = np.zeros((5, 5))
    spot[2, 2] = 1
    np.testing.assert_array_equal(conv2d(spot, kernel), kernel[::-1, ::-1])
    assert "turned by half a turn" in ask("03 table turned").answer
    photo = datasets.kitten(48)
    assert ask("03 weights of a filter").answer == layers.Conv2D(1, 3, bias=False).parameter_count(photo.shape)
    assert layers.Conv2D(1, 3).output_shape(photo.shape)[0] == 1 and ask("03 maps of a filter").answer == "one"
    assert ask("03 parameters of a layer").answer == layers.Conv2D(16, 3).parameter_count((8, 96, 96))
    cats = photo.reshape(48, 48, 3)  # its first row: three rows of red, side by side
    np.testing.assert_array_equal(cats[0].reshape(3, 48), photo[0, :3])
    assert "several" in ask("03 reshape").answer


def test_two_convolutions_are_one_and_with_a_relu_none():
    first, second, picture = np.random.default_rng(0).normal(size=(3, 3, 3))
    one = conv2d(first, second[::-1, ::-1], padding="full")
    assert one.shape == (5, 5) and re.match("yes.*5×5", ask("03 two convolutions").answer)
    picture = np.random.default_rng(1).normal(size=(9, 9))
    np.testing.assert_allclose(conv2d(conv2d(picture, first), second), conv2d(picture, one))
    through, back = (conv2d(conv2d(sign * picture, first).clip(0), second) for sign in (1, -1))
    assert not np.allclose(through, -back) and ask("03 with a ReLU").answer.startswith("no")


def test_the_answers_of_chapter_4_are_those_of_the_library():
    assert ask("04 size at stride 3").answer == output_size(32, 5, stride=3)
    assert window_indices(8, 3, stride=2).tolist() == [[0, 1, 2], [2, 3, 4], [4, 5, 6]]
    assert "last pixel is never read" in ask("04 a step that does not fit").answer
    left_out = [s for s in (1, 2, 3, 4) if len(np.unique(window_indices(96, 3, stride=s))) < 96]
    assert ask("04 strides that leave out").answer == "at {} and {}".format(*left_out)
    sizes = [output_size(10, 5, stride=2, padding=padding) for padding in ("valid", "same", "full")]
    assert ask("04 valid, same and full").answer == "{}, {} and {}".format(*sizes)
    same, one = (conv1d([1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=padding) for padding in ("same", 1))
    assert len(same) == len(one) == 3 and (same != one).all()
    assert ask("04 same or padding 1").answer.startswith("no")
    fits = [padding for padding in ("valid", "same", "full") if output_size(5, 3, padding=padding) == 7]
    assert fits == [ask("04 seven out of five").answer]
    dilated = [(3, 1, "valid", d) for d in (1, 2, 4, 8)]
    assert ask("04 dilations 1, 2, 4, 8").answer == receptive_field(dilated)[-1].size
    assert ask("04 first pool").answer == receptive_field([(3,), (2, 2)])[-1].size
    corner = conv2d(np.ones((5, 5)), kernels.preset("box blur"), padding="same")[0, 0]
    assert float(Fraction(ask("04 corner of ones").answer)) == pytest.approx(corner)


def test_the_answers_of_chapter_5_are_those_of_the_library():
    pool, maps = layers.MaxPool2D(3, stride=2), (8, 27, 27)
    assert pool.parameter_count(maps) == 0
    depth, *size = pool.output_shape(maps)
    assert ask("05 size of a pool").answer == f"{depth} maps of {'×'.join(map(str, size))}; no weights"
    gradients = max_pool2d_backward(np.ones((1, 1)), np.array([[0.0, 9], [0, 0]])).ravel()
    assert ask("05 gradient of a window").answer == "{:.0f}, {:.0f}, {:.0f} and {:.0f}".format(*gradients)


def test_the_answers_of_chapter_6_are_those_of_the_library():
    reduce, narrow, expand = (layers.Conv2D(filters, k, bias=False) for filters, k in [(64, 1), (64, 3), (256, 1)])
    maps = (256, 14, 14)
    assert ask("06 weights of a layer").answer == reduce.parameter_count(maps)
    photo = np.random.default_rng(0).normal(size=(3, 4, 5))
    order, mix = np.random.default_rng(1).permutation(20), np.ones((1, 3, 1, 1))
    shuffled = conv2d(photo.reshape(3, 20)[:, order].reshape(photo.shape), mix)
    np.testing.assert_allclose(shuffled.ravel(), conv2d(photo, mix).ravel()[order])
    assert "same map" in ask("06 shuffled pixels").answer
    waist = layers.Sequential(reduce, narrow, expand).parameter_count(maps)
    wide = layers.Conv2D(256, 3, bias=False).parameter_count(maps)
    assert ask("06 fewer weights").answer == round(wide / waist, 2)


@pytest.mark.parametrize("name", ["03 nothing", "03", "", "../03 maps of a filter", "maps of a filter", None, 3])
def test_an_unknown_question_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match="name must be one of the chapter's questions, ('03 |none: ).*; got"):
        ask(name)
