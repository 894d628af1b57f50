"""The questions of the course: each can be asked, and its numbers are those that the library gives."""

import ast
import re
from fractions import Fraction

import nbformat
import numpy as np
import pytest

import notebooks
from convscope import (
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
from convscope.explore.predict.predict import answer_file


def calls(tree):
    """The arguments of each question that is asked in a cell: positional ones, and those by keyword."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Predict":
            given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
            yield [ast.literal_eval(each) for each in node.args], given


def questions():
    """Every question of the course with a key: its choices, where it has any."""
    asked = {}
    for chapter in notebooks.CHAPTERS:
        for cell in nbformat.read(chapter, as_version=4).cells:
            if cell.cell_type == "code":
                for (text, *choices), given in calls(ast.parse(notebooks.plain(cell.source))):
                    assert text.endswith("?"), text
                    if "key" in given:
                        asked[given["key"]] = choices[0] if choices else None
    return asked


ASKED = questions()


def test_each_answer_has_its_question_and_each_question_its_answer():
    answers = answer_file()
    assert set(ASKED) == set(answers)
    for key, choices in ASKED.items():
        assert choices is None or answers[key]["answer"] in choices, key
        assert answers[key]["why"], key


def answer(key):
    """The answer that is kept for a question."""
    return answer_file()[key]["answer"]


def test_the_answer_of_start_here_is_that_of_the_library():
    rows, columns = conv2d(np.ones((36, 96)), np.ones((3, 3)), stride=2).shape
    assert answer("00 map at stride 2") == f"{rows} × {columns}"
    assert conv2d(np.ones((36, 96)), np.ones((3, 3))).shape == (34, 94)


def test_the_answers_of_chapter_3_are_those_of_the_library():
    sums = {name: kernels.preset(name).sum() for name in kernels.PRESETS}
    flat = {
        choice: [abs(total) < 1e-9 for name, total in sums.items() if name in choice]
        for choice in ASKED["03 flat wall"]
    }
    assert [choice for choice, zeros in flat.items() if zeros and all(zeros)] == [answer("03 flat wall")]
    assert sum(map(len, flat.values())) == 6  # kernels are named
    row, column = np.indices((4, 4))
    edges = {"vertical": column > 1, "diagonal": row + column > 3, "horizontal": row > 1}
    answered = [name for name, edge in edges.items() if conv2d(edge, kernels.preset("Sobel x")).any()]
    assert answer("03 edges of Sobel x") == "to the {} and the {} one".format(*answered)
    kernel = np.arange(1.0, 10).reshape(3, 3)
    spot = np.zeros((5, 5))
    spot[2, 2] = 1
    np.testing.assert_array_equal(conv2d(spot, kernel), kernel[::-1, ::-1])
    assert "rotated by 180°" in answer("03 table turned")
    photo = datasets.kitten(48)
    a_filter = layers.Conv2D(1, 3, bias=False)
    weights, depth = a_filter.parameter_count(photo.shape), a_filter.output_shape(photo.shape)[0]
    assert answer("03 weights of a filter") == f"{weights} weights, {depth} map"
    cats = photo.reshape(48, 48, 3)  # its first row: three rows of red, side by side
    np.testing.assert_array_equal(cats[0].reshape(3, 48), photo[0, :3])
    assert "several" in answer("03 reshape")


def test_two_convolutions_are_one():
    first, second = np.random.default_rng(0).normal(size=(2, 3, 3))
    one = conv2d(first, second[::-1, ::-1], padding="full")
    assert one.shape == (5, 5) and re.match("yes.*5×5", answer("03 two convolutions"))
    picture = np.random.default_rng(1).normal(size=(9, 9))
    np.testing.assert_allclose(conv2d(conv2d(picture, first), second), conv2d(picture, one))


def test_the_answers_of_chapter_4_are_those_of_the_library():
    assert answer("04 size at stride 3") == output_size(32, 5, stride=3)
    left_out = [s for s in (1, 2, 3, 4) if len(np.unique(window_indices(96, 3, stride=s))) < 96]
    assert answer("04 strides that leave out") == "at {} and {}".format(*left_out)
    same, one = (conv1d([1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=padding) for padding in ("same", 1))
    assert len(same) == len(one) == 3 and (same != one).all()
    assert answer("04 same or padding 1").startswith("no")
    fits = [padding for padding in ("valid", "same", "full") if output_size(5, 3, padding=padding) == 7]
    assert fits == [answer("04 seven out of five")]
    assert answer("04 first pool") == receptive_field([(3,), (2, 2)])[-1].size
    corner = conv2d(np.ones((5, 5)), kernels.preset("box blur"), padding="same")[0, 0]
    assert float(Fraction(answer("04 corner of ones"))) == pytest.approx(corner)


def test_the_answers_of_chapter_5_are_those_of_the_library():
    pool, maps = layers.MaxPool2D(3, stride=2), (8, 27, 27)
    assert pool.parameter_count(maps) == 0
    depth, *size = pool.output_shape(maps)
    assert answer("05 size of a pool") == f"{depth} maps of {'×'.join(map(str, size))}; no weights"
    gradients = max_pool2d_backward(np.ones((1, 1)), np.array([[0.0, 9], [0, 0]])).ravel()
    assert answer("05 gradient of a window") == "{:.0f}, {:.0f}, {:.0f} and {:.0f}".format(*gradients)


def test_the_answers_of_chapter_6_are_those_of_the_library():
    reduce, narrow, expand = (layers.Conv2D(filters, k, bias=False) for filters, k in [(64, 1), (64, 3), (256, 1)])
    maps = (256, 14, 14)
    assert answer("06 weights of a layer") == reduce.parameter_count(maps)
    photo = np.random.default_rng(0).normal(size=(3, 4, 5))
    order, mix = np.random.default_rng(1).permutation(20), np.ones((1, 3, 1, 1))
    shuffled = conv2d(photo.reshape(3, 20)[:, order].reshape(photo.shape), mix)
    np.testing.assert_allclose(shuffled.ravel(), conv2d(photo, mix).ravel()[order])
    assert "same map" in answer("06 shuffled pixels")
    waist = layers.Sequential(reduce, narrow, expand).parameter_count(maps)
    wide = layers.Conv2D(256, 3, bias=False).parameter_count(maps)
    assert answer("06 fewer weights") == round(wide / waist, 2)
