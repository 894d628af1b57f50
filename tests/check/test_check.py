"""Checks of exercises: a right answer passes, each known mistake is named, whatever else is wrong is told kindly."""

import itertools
import linecache
import re
from functools import partial

import numpy as np
import pytest

from convscope import Dense, Flatten, Predict, Sequential, check, models
from convscope.check import kept, trial
from convscope.check.diagnosis import diagnosed
from convscope.check.exercise import Value, Write
from convscope.check.exercises import EXERCISES

WRITTEN = [exercise for exercise in EXERCISES.values() if isinstance(exercise, Write)]
MISTAKES = [(exercise, mistake) for exercise in WRITTEN for mistake in exercise.mistakes]
counter = itertools.count()


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check, "_hints_given", {})


def written(source, name=None):
    """What a cell of this source defines, its last function if no name is given."""
    file = f"<cell {next(counter)}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    scope = {"np": np}
    exec(compile(source, file, "exec"), scope)
    return scope[name or [each for each in scope if callable(scope[each])][-1]]


def by_position(exercise, function):
    """A learner's function, who may call the arguments what they like."""
    return lambda *given: function(**dict(zip(exercise.cases[0], given, strict=True)))


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
DESIGNS = [
    ("vertical_edges", [[1, 0], [0, 1]], "(3, 3)"),
    ("vertical_edges", "Sobel", "(3, 3)"),
    ("vertical_edges", [[-1, 0, 2], [-1, 0, 1], [-1, 0, 1]], "ones"),
    ("vertical_edges", SOBEL.T, "horizontal"),
    ("vertical_edges", np.zeros((3, 3)), "at least 1"),
    ("same_grey", ((1, 0, 0), (1, 0, 0)), "apart"),
    ("same_grey", ((1, 0, 0), (0, 1, 0)), "equal"),
    ("same_grey", ((2, 0, 0), (0, 1, 0)), "from 0 to 2"),
    ("same_grey", ((0, np.nan, 0), (0, 1, 0)), "two colours"),
    ("same_grey", 7, "two colours"),
    ("seven", {"kernel_size": 3}, "not 7"),
    ("seven", {"kernel_size": 7}, "27"),
    ("seven", {"size": 7}, "no setting `size`"),
    ("seven", {"kernel_size": 99}, "does not fit"),
    ("seven", {"kernel_size": 3, "stride": 0}, "Stride must be"),
    ("bottleneck", (256, 256), "MACs"),
    ("bottleneck", (40, 40), "at least"),
    ("bottleneck", (8, 300), "waist of 8"),
    ("bottleneck", (64,), "two whole numbers"),
    ("widths", (64, 96, 128, 16, 32, 32), "parameters"),
    ("widths", (64, 96, 128, 16, 32), "six"),
    ("widths", (64, 8, 64, 8, 32, 32), "depth"),
    ("widths", (128, -1, 64, 8, 32, 32), "Filters must be"),
    ("size_of_an_edge", ([SOBEL, SOBEL], [1, 1]), "differs"),
    ("size_of_an_edge", ([SOBEL, -SOBEL], [1, -1]), "right where Sobel x is positive"),
    ("size_of_an_edge", (np.ones((3, 3)), [1, 1]), "(2, 3, 3)"),
    ("size_of_an_edge", ([SOBEL, -SOBEL], [[1, 1]]), "(2,)"),
    ("small_network", 5, "Sequential"),
    ("small_network", Sequential(Flatten(), Dense(10)), "Reach 92%"),
    ("small_network", Sequential(Flatten(), Dense(40), Dense(10)), "Stay below 5,000"),
    ("small_network", Sequential(Flatten(), Dense(9)), "10 scores"),
    ("my_network", 5, "function itself"),
    ("my_network", lambda x, labels: 5, "return a function"),
    ("my_network", lambda x, labels: lambda images: 5, "3 classes"),
    ("my_network", lambda x, labels: lambda images: None, "returns nothing"),
    ("my_network", lambda x, labels: lambda images: [1] * len(images), "Reach 80%"),
    ("my_network", lambda x, labels: x.nothing, "with AttributeError"),
    ("moved_digits", 5, "trained network"),
    ("moved_digits", models.trained_digit_net(), "of the moved digits"),
    ("moved_digits", Sequential(Flatten(), Dense(3)), "10 scores"),
]
LOOP = """def my_conv2d(x, kernel):
    k, l = kernel.shape
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - l + 1))
    for r in range(y.shape[0]):
        for q in range(y.shape[1]):
            y[r, q] = (x[r : r + k, q : q + l] * kernel).sum()
    return y
"""


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_the_right_function_is_right_in_every_case(exercise):
    found = diagnosed(exercise, by_position(exercise, exercise.right))
    assert found.right == len(exercise.cases)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=[f"{e.name}: {m.says}" for e, m in MISTAKES])
def test_each_known_mistake_is_refused_and_named(exercise, mistake):
    found = diagnosed(exercise, by_position(exercise, mistake.makes(exercise.right)))
    assert found.shown.kind in ("shape", "values")
    assert found.guess == (mistake,)


def test_each_exercise_has_three_hints_and_at_least_three_wrong_answers_that_are_tested():
    for exercise in EXERCISES.values():
        assert len(exercise.hints) == 3
        designs = [each for each in DESIGNS if each[0] == exercise.name]
        tested = {Write: "mistakes", Value: "wrong"}.get(type(exercise))
        assert len(getattr(exercise, tested) if tested else designs) >= 3, exercise.name


@pytest.mark.parametrize(
    ("exercise", "answer", "ask"),
    [(each, *known) for each in EXERCISES.values() if isinstance(each, Value) for known in each.wrong],
    ids=lambda each: getattr(each, "name", None) or str(each)[:40],
)
def test_each_known_wrong_value_is_refused_with_what_to_look_at(exercise, answer, ask):
    report = getattr(check, exercise.name)(answer)
    assert report.state == "not right yet" and report.guess == ask


def test_the_first_wrong_entry_of_a_table_is_enough_to_know_a_mistake():
    report = check.table_3a([12_352, 221_312, 5, 6, 7])
    assert "the 3×3 branch" in report.lines[0] and "3 more" in report.lines[0] and "*reduced*" in report.guess


def test_what_a_function_returns_is_called_by_its_name():
    report = check.same_padding(written("def f(n, k, s):\n    return k // 2, 0\n"))
    assert "`after`" in report.after[0]
    report = check.sgd_step(written("def f(w, g, v, rate, momentum):\n    return w - rate * (momentum * v + g)\n"))
    assert "2 values" in report.lines[0] and "an array of shape" in report.lines[0]


def test_a_stack_of_kernels_is_shown():
    report = check.fold_1x1(written("def f(kernels, mix):\n    return np.tensordot(mix + 1, kernels, 1)\n"))
    assert {"kernels[0, 0]", "mix", "yours[0, 0]"} <= {grid.title for grid in report.grids}


def test_cases_that_raise_count_as_failing_too():
    found = diagnosed(EXERCISES["conv2d"], written(LOOP.replace("* kernel)", "* kernel.T)")))
    assert found.right + found.failing == len(found.verdicts) and found.explained < found.failing


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("x.shape[1] - l", "x.shape[0] - l"), "It is wrong whenever the image is not square."),
        (
            ("return y", "return y + (x.shape == (2, 2))"),
            "",
        ),  # others have such a kernel
        (("return y", "return y + 1"), ""),
    ],
)
def test_what_the_failing_cases_have_in_common_is_told_if_few_others_have_it(change, said):
    assert diagnosed(EXERCISES["conv2d"], written(LOOP.replace(*change))).where == said


def test_every_chapter_has_at_least_four():
    chapters = [exercise.chapter for exercise in EXERCISES.values()]
    assert min(chapters.count(f"{n:02}") for n in range(1, 9)) >= 4


def test_two_mistakes_at_once_are_both_named():
    turned_mean = LOOP.replace("* kernel)", "* np.flip(kernel))").replace(".sum()", ".mean()")
    found = diagnosed(EXERCISES["conv2d"], written(turned_mean))
    assert sorted(mistake.says for mistake in found.guess) == [
        "rotating the kernel by 180°",
        "taking the mean instead of the sum",
    ]


def test_the_smallest_case_is_shown_with_what_was_expected_what_came_and_what_each_pixel_met():
    report = check.conv2d(written(LOOP.replace("* kernel)", "* kernel[::-1, ::-1])")))
    assert report.state == "not right yet" and not report.is_right
    x, kernel, expected, yours = report.grids
    assert x.numbers.size == 4 and x.numbers.sum() == 1  # a single 1
    assert (expected.numbers, yours.numbers) == (1, 4) and yours.wrong == {(0, 0)}
    assert "times 1" in report.after[0] and "times 4" in report.after[0]
    scope = {"np": np}
    exec(report.code, scope)  # the case, to go on with
    np.testing.assert_array_equal(scope["x"], x.numbers)


def test_something_else_is_refused_without_a_guess():
    report = check.conv2d(written(LOOP.replace("* kernel)", "* np.maximum(kernel, 2))")))
    assert not report.is_right and not diagnosed(EXERCISES["conv2d"], written(LOOP.replace("+ 1", "+ 1 + 0"))).guess


ODD = {
    "unsolved": ("def my_conv2d(x, kernel):\n    ...\n    return ...\n", "not yet"),
    "not implemented": ("def my_conv2d(x, kernel):\n    raise NotImplementedError\n", "not yet"),
    "nothing": (LOOP.replace("return y", "pass"), "does it end with `return`"),
    "a list": (LOOP.replace("return y", "return y.tolist()"), "an array of numbers"),
    "text": (LOOP.replace("return y", "return 'y'"), "a `str`"),
    "an exception": (LOOP.replace("q : q + l]", "q : q + l, 0]"), "IndexError"),
    "exit": ("def my_conv2d(x, kernel):\n    raise SystemExit\n", "SystemExit"),
    "too few arguments": ("def my_conv2d(x):\n    return x\n", "TypeError"),
    "endless": ("def my_conv2d(x, kernel):\n    r = 0\n    while r < 5:\n        r * 2\n", "still running"),
    "deaf and endless": (
        "def my_conv2d(x, k):\n    while 1:\n        try:\n            x\n        except Exception:\n            x\n",
        "still running",
    ),
    "changes its input": (LOOP.replace("k, l =", "x -= 1\n    k, l ="), "changes its input `x`"),
    "leaves it to the library": (
        "import convscope\n\n\ndef my_conv2d(x, kernel):\n    return convscope.conv2d(x.astype(float), kernel)\n",
        "`conv2d` of this library",
    ),
    "no function": ("my_conv2d = 5\n\n\ndef other():\n    pass\n", "without brackets"),
}


@pytest.mark.parametrize("which", ODD)
def test_what_is_no_answer_is_told_in_a_sentence(which, monkeypatch):
    monkeypatch.setattr(trial, "watched", partial(trial.watched, seconds=0.2))
    source, said = ODD[which]
    report = check.conv2d(written(source, "my_conv2d"))
    assert said in "\n".join([report.state, *report.lines]) and not report.is_right
    assert repr(report) and report._repr_html_()


def test_a_right_answer_in_memory_of_the_input_is_told():
    report = check.channels_first(written("def channels_first(x):\n    return np.moveaxis(x, -1, 0)\n"))
    assert "a view of its input `x`" in report.lines[0] and not report.is_right


RIGHT_TOO = {
    "whole numbers of NumPy": ("output_size", "def f(n, k, s, p):\n    return np.int64((n + 2 * p - k) // s + 1)\n"),
    "an array for a pair": (
        "same_padding",
        "def f(n, k, s):\n    t = max((-(-n // s) - 1) * s + k - n, 0)\n    return np.array([t // 2, t - t // 2])\n",
    ),
    "no axis": (
        "crossing",
        "def f(n, grey, colour):\n    d = colour - grey\n    s = d.shape[1]\n"
        "    return np.array(n[np.argmax(d.mean(1) > 2 * d.std(1, ddof=1) / s**0.5)])\n",
    ),
    "a long loop": (
        "global_max",
        "def f(maps):\n    for i in range(100_000):\n        pass\n    return maps.max(axis=(1, 2))\n",
    ),
}


@pytest.mark.parametrize("which", RIGHT_TOO)
def test_a_right_answer_of_another_kind_is_right(which):
    name, source = RIGHT_TOO[which]
    assert getattr(check, name)(written(source)).is_right


WRONG_ALL_THE_SAME = {
    "in column order": (
        "max_pool2d_backward",
        "def f(grad_y, x):\n    g = np.zeros(x.shape)\n    for r, q in np.ndindex(grad_y.shape):\n"
        "        j, i = divmod(x[2 * r : 2 * r + 2, 2 * q : 2 * q + 2].T.argmax(), 2)\n"
        "        g[2 * r + i, 2 * q + j] = grad_y[r, q]\n    return g\n",
    ),
    "without ddof": (
        "crossing",
        "def f(n, grey, colour):\n    d = colour - grey\n"
        "    return int(n[np.argmax(d.mean(1) > 2 * d.std(1) / d.shape[1] ** 0.5)])\n",
    ),
    "rows for seeds": (
        "crossing",
        "def f(n, grey, colour):\n    d = colour - grey\n"
        "    return int(n[np.argmax(d.mean(1) > 2 * d.std(1, ddof=1) / len(d) ** 0.5)])\n",
    ),
    "a search from −20": ("global_max", "def f(maps):\n    return np.maximum(maps.max(axis=(1, 2)), -20.0)\n"),
    "the library itself": ("conv2d", "import convscope\nf = convscope.conv2d\n"),
    "masked": ("global_max", "def f(maps):\n    return np.ma.array(np.zeros(len(maps)), mask=True)\n"),
    "a tuple of halves": ("same_padding", "def f(n, k, s):\n    return 0.5, 0.5\n"),
}


@pytest.mark.parametrize("which", WRONG_ALL_THE_SAME)
def test_a_wrong_answer_that_is_nearly_right_is_wrong(which):
    name, source = WRONG_ALL_THE_SAME[which]
    report = getattr(check, name)(written(source, "f"))
    assert report.state == "not right yet" and repr(report)


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        (LOOP.replace("my_conv2d", "mine"), "mine", "call it `my_conv2d`"),
        ("size = 1\n\n\n" + LOOP.replace("- k + 1", "- k + size"), "my_conv2d", "It uses `size`"),
        (
            "my_conv2d = lambda x, k: np.lib.stride_tricks.sliding_window_view(x, k.shape).reshape("
            "x.shape[0] - k.shape[0] + 1, -1, k.size) @ k.ravel()\n",
            "my_conv2d",
            "Only a plain `def`",
        ),
    ],
)
def test_what_cannot_be_kept_is_right_and_told(source, name, says):
    report = check.conv2d(written(source, name))
    assert report.is_right and says in report.lines[-1] and not kept.MINE.exists()


def test_what_it_prints_is_kept_out_and_told(capsys):
    report = check.conv2d(
        written(LOOP.replace("* kernel)", "* kernel[::-1])").replace("return y", "print(y)\n    return y"))
    )
    assert capsys.readouterr().out == ""
    assert any("printed" in line for line in report.lines)


def test_a_loop_over_pixels_is_found_where_there_should_be_none():
    assert not check.conv2d_fast(written(LOOP)).is_right
    fast = LOOP.replace(
        LOOP[LOOP.index("    for r") : LOOP.index("    return")],
        """    for i in range(k):
        for j in range(l):
            y += kernel[i, j] * x[i : i + y.shape[0], j : j + y.shape[1]]
""",
    )
    assert check.conv2d_fast(written(fast)).is_right


def test_a_tracer_that_was_there_is_there_again():
    import sys

    def tracer(*_):
        return None

    before = sys.gettrace()
    try:
        sys.settrace(tracer)
        check.conv2d(written(LOOP))
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_html_says_what_text_says_and_takes_nothing_for_markup():
    evil = LOOP.replace("k, l = kernel.shape", 'raise ValueError("<img src=x onerror=alert(1)>")')
    report = check.conv2d(written(evil))
    assert "<img" not in report._repr_html_() and "&lt;img" in report._repr_html_()
    report = check.conv2d(written(LOOP.replace("* kernel)", "* kernel.T)")))
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", report._repr_html_().partition("</style>")[2]))
    titles = [grid.title for grid in report.grids]
    for sentence in [*report.lines, *report.after, report.guess, report.note, *titles]:
        assert sentence.replace("`", "").replace("'", "'") in words
        assert sentence.replace("`", "") in repr(report)


@pytest.mark.parametrize("answer", [..., None, [..., 1, 2], (1, ..., 3)])
def test_what_is_not_filled_in_is_not_yet(answer):
    assert check.weight_counts(answer).state == "not yet"


@pytest.mark.parametrize(
    ("name", "answer", "right", "says"),
    [
        ("weight_counts", (529_984, 6_084, 9), True, ""),
        ("weight_counts", np.array([529_984, 6_084, 9]), True, ""),
        ("weight_counts", (784 * 784, 784 * 9, 9), False, "26 × 26"),
        ("weight_counts", (529_984, 6_084, 10), False, "the convolution"),
        ("weight_counts", (529_984, 6_084), False, "3 entries"),
        ("weight_counts", "many", False, "3 entries"),
        ("weight_counts", ("a", "b", "c"), False, "2 more"),
        ("relu_place", ("Between", "product"), True, ""),
        ("relu_place", ("after", "range"), False, "those are one"),
        ("relu_place", ("both", "product"), False, "Choose one of `after`, `before`, `between`"),
        ("relu_place", "between", False, "the place, the reason"),
        ("naive_depth", 864, True, ""),
        ("naive_depth", 672, False, "put on top as well"),
        ("naive_depth", "864", False, "without quotes"),
        ("naive_depth", (864,), False, "or brackets"),
        ("naive_depth", 864.5, False, "864.5"),
        ("weight_counts", (529_984, 6_089, 9), False, "local"),
        ("alexnet_shapes", [(96, 55, 55)] * 8, False, "pool1"),
        ("alexnet_shapes", [(96, 55, [1, 2]), *[55] * 7], False, "conv1"),
        ("alexnet_shapes", [55, 27, 27, 13, 13, 13, 13, 6], False, "3 numbers"),
        ("branch_padding", [0, 1, 2, 0], False, "slides a 3×3 window too"),
        ("table_3a", [12288, 129024, 15872, 6144, 163328], False, "has a bias"),
        ("unit", [3, -5, -1, -1, 4], False, "below 0"),
        ("unit", [3, -5, 4, 4, 4], False, "added first"),
        ("misfit", [6, 2, 1], True, ""),
        ("misfit", [7, 2, 1], False, "from 0"),
        ("misfit", [6, 2, 0], False, "2 rows"),
        ("misfit", [6, 3, 0], False, "rounds down"),
        ("ten_questions", ["Grey", 3, 456, 16, 14, 2, "stride", 1024, 256, 50], True, ""),
        ("ten_questions", ["grey", 3, 450, 16, 14, 2, "stride", 1024, 256, 50], False, "question 3"),
        ("ten_questions", ["grey", 3, 450, 16, 14, 2, "stride", 1024, 256, 50], False, "has a bias"),
        ("ten_questions", ["red", 3, 456, 16, 14, 2, "stride", 1024, 256, 50], False, "one of `colour`, `grey`"),
        ("ten_questions", ["colour", 3, 456, 16, 14, 2, "stride", 1024, 256, 50], False, "fewer numbers"),
        ("ten_questions", ["grey", 3, 456, 16, 14, 2, "max", 1024, 256, 50], False, "stride of 1"),
        ("ten_questions", ["grey", 3, 456, 15.5, 14, 2, "stride", 1024, 256, 50], False, "one position more"),
        ("ten_questions", ["grey", 3, 456, 16, 10, 2, "stride", 1024, 256, 50], False, "2 pixels apart"),
        ("ten_questions", ["grey", 3, 456, 16, 14, 2, "stride", 1024, 256, 0.5], False, "per cent"),
    ],
)
def test_numbers_words_and_tables(name, answer, right, says):
    report = getattr(check, name)(answer)
    assert report.is_right == right
    assert says in "\n".join([*report.lines, report.guess])


def test_what_may_be_chosen_does_not_give_the_answer_away():
    """A wrong word brings the words to choose from, so each entry that is a word needs a wrong one in the exercise."""
    words = 0
    for exercise in EXERCISES.values():
        if isinstance(exercise, Value):
            answers = [exercise.right, *(answer for answer, _ in exercise.wrong)]
            table = answers if exercise.entries else [(each,) for each in answers]
            for choices in zip(*table, strict=True):
                if isinstance(choices[0], str):
                    words += 1
                    assert len(set(choices)) > 1, exercise.name
    assert words


@pytest.mark.parametrize(("name", "answer", "says"), DESIGNS)
def test_designs_that_miss_a_demand(name, answer, says):
    report = getattr(check, name)(answer)
    assert report.state == "not right yet" and says in "\n".join(report.lines)


def test_mine_keeps_each_function_once_and_can_be_imported(tmp_path):
    assert check.conv2d(written(LOOP)).is_right
    assert check.max_pool2d(
        written(
            "def my_max_pool2d(x, size, stride):\n    rows, columns = [(n - size) // stride + 1 for n in x.shape]\n"
            "    return np.array([[x[r * stride : r * stride + size, q * stride : q * stride + size].max()\n"
            "                      for q in range(columns)] for r in range(rows)])\n"
        )
    ).is_right
    better = (
        LOOP.replace("k, l =", "k, l =  # better\\\n       ").replace("  # better\\\n       ", "") + "    # better\n"
    )
    assert check.conv2d(written(better)).is_right
    text = kept.MINE.read_text(encoding="utf-8")
    assert text.count("def my_conv2d") == text.count("def my_max_pool2d") == text.count("import numpy") == 1
    scope = {}
    exec(text, scope)
    np.testing.assert_array_equal(scope["my_conv2d"](np.ones((3, 3)), np.ones((2, 2))), np.full((2, 2), 4))


def test_a_wrong_answer_keeps_nothing():
    check.conv2d(written(LOOP.replace("+ 1, x", ", x")))
    assert not kept.MINE.exists()


def test_where_nothing_can_be_written_the_answer_is_right_all_the_same(monkeypatch):
    def refuse(*_, **__):
        raise OSError

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    report = check.conv2d(written(LOOP))
    assert report.is_right and "could not be written" in report.lines[-1]


def test_progress_remembers_what_was_right():
    assert "0 of" in repr(check.progress())
    check.relu_place(("after", "range"))
    check.naive_depth(864)
    check.naive_depth(1)
    assert kept.read()["exercises"] == {"relu_place": "tried", "naive_depth": "right"}
    assert "1 of" in repr(check.progress()) and "<table>" in check.progress()._repr_html_()


def test_first_guesses_in_a_notebook_are_remembered(monkeypatch):
    def asked():
        return Predict("How many?", answer=20), Predict("Which?", ["a", "b"], answer="a")

    for question, guess in zip(asked(), (21, "b"), strict=True):
        question.guess = guess
    assert not kept.PROGRESS.exists()  # no notebook here
    monkeypatch.setattr(kept, "get_ipython", object)
    monkeypatch.setenv("JPY_SESSION_NAME", "/there/05-pooling.ipynb")
    for guesses in ((21, "b"), (20, "a")):
        for question, guess in zip(asked(), guesses, strict=True):
            question.guess = guess
    told = list(kept.read()["predictions"].values())
    assert [(each["chapter"], each["guess"], each["right"]) for each in told] == [
        ("05", "21", True),
        ("05", "b", False),
    ]
    assert "1 of 2 predictions right" in repr(check.progress())


@pytest.mark.parametrize("text", ["", "[]", '{"exercises": 5}', "{"])
def test_a_damaged_file_of_progress_is_begun_anew(text):
    kept.PROGRESS.write_text(text)
    check.naive_depth(864)
    assert kept.read()["exercises"] == {"naive_depth": "right"}


def test_unsolved_exercises_leave_no_file(tmp_path):
    check.naive_depth(...)
    check.conv2d(written(ODD["unsolved"][0]))
    assert list(tmp_path.iterdir()) == []


def test_hints_come_one_by_one(capsys):
    for nth in (1, 2, 3, 1):
        check.hint("conv2d")
        assert capsys.readouterr().out.startswith(f"Hint {nth} of 3: ")
    with pytest.raises(ValueError, match="Did you mean 'conv2d'"):
        check.hint("conv2")
    with pytest.raises(AttributeError, match="Did you mean 'fold_1x1'"):
        _ = check.fold1x1
