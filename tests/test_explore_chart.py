"""Charts without a browser: what they tell the view, what they say in words, and what they refuse."""

import re
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import pictures
from convscope import figures
from convscope.explore.chart import Bars, Blocks, ChartView, Curves
from convscope.figures import Block
from convscope.figures.blocks import HATCHES
from convscope.figures.curves import STYLES

LABELS = {"title": "Shifts", "x_label": "shift, pixels", "y_label": "error"}
SERIES = {"dense": [0.0, 0.4, 0.9], "conv": [[0.0, 0.1, 0.1], [0.0, 0.2, 0.3]]}
BOXES = {
    "in": Block("input", 0, 0, columns=2, notes=("28 × 28 × 192",), parts=((192, 0),)),
    "a": Block("1×1", 1, 0, notes=("192 → 64",), parts=((64, 1),)),
    "b": Block("3×3", 1, 1, notes=("192 → 128",), parts=((128, 2),)),
    "out": Block("concatenation", 2, 0, columns=2, parts=((64, 1), (128, 2))),
}
ARROWS = (("in", "a"), ("in", "b"), ("a", "out"), ("b", "out"))


def test_a_view_gets_means_and_spreads_over_seeds():
    view = ChartView()
    view.show(Curves([0, 1, 2], SERIES, limits=(0, 1), **LABELS), marked=1, caption="two seeds")
    chart = view.chart
    assert (chart["kind"], chart["x"], chart["limits"], view.marked) == ("curves", [0, 1, 2], [0, 1], 1)
    dense, conv = chart["curves"]
    assert dense == {"name": "dense", "y": [0, 0.4, 0.9], "spread": None}
    np.testing.assert_allclose(conv["y"], [0, 0.15, 0.2])
    np.testing.assert_allclose(conv["spread"], np.std([[0, 0.1, 0.1], [0, 0.2, 0.3]], axis=0, ddof=1))
    assert view.spoken == "Shifts: error, at shift, pixels 1: dense 0.4; conv 0.15." and view.caption == "two seeds"


def test_curves_without_a_mark_say_where_they_begin_and_end():
    words = Curves([0, 1, 2], SERIES, **LABELS).in_words()
    assert words == "Shifts: error, at shift, pixels 0 and 2: dense 0, 0.9; conv 0, 0.2."


def test_bars_and_blocks_say_all_that_they_show():
    assert Bars({"naive": 1234, "one": 5}, "MACs", "millions").in_words() == "MACs: naive 1,234, one 5 millions."
    assert Blocks(BOXES, ARROWS, "3a").in_words() == (
        "3a: input (28 × 28 × 192) to 1×1 and 3×3; 1×1 (192 → 64) to concatenation; "
        "3×3 (192 → 128) to concatenation; concatenation."
    )


def test_blocks_are_told_by_their_places_in_a_list():
    described = Blocks(BOXES, ARROWS, "3a").described()
    assert [box["title"] for box in described["blocks"]] == ["input", "1×1", "3×3", "concatenation"]
    assert described["arrows"] == [[0, 1], [0, 2], [1, 3], [2, 3]]


@pytest.mark.parametrize(
    "chart", [Curves([0, 1, 2], SERIES, **LABELS), Bars({"a": 2, "b": 1}, "t", "u"), Blocks(BOXES, ARROWS, "3a")]
)
def test_a_view_shows_itself_live_and_as_a_picture_with_words(chart, monkeypatch):
    bundles = []
    monkeypatch.setattr("convscope.explore.bundle.display", lambda bundle, **how: bundles.append(bundle))
    view = ChartView()
    view.show(chart)
    view._ipython_display_()
    (bundle,) = bundles
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    alt, png = pictures.shown(bundle["text/html"])
    assert bundle["text/plain"] == view.figure().get_label() == alt and png.startswith(b"\x89PNG")


def test_the_strips_of_blocks_have_one_scale():
    axes = figures.draw_blocks(BOXES, ARROWS, title="3a").axes[0]
    strips = [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
    amounts = [amount for box in BOXES.values() for amount, _ in box.parts]
    np.testing.assert_allclose(np.array(strips) / strips[0], np.array(amounts) / amounts[0])


def test_the_texts_of_blocks_stay_in_their_boxes():
    longer = {
        f"{i}": Block("a convolution of 3×3 pixels", i // 6, i % 6, notes=("192 → 128 feature maps",))
        for i in range(12)
    }
    figure = figures.draw_blocks(longer, (("0", "1"), ("0", "7"), ("8", "3")), title="many")
    figures.png(figure)
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert all(0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_a_view_without_a_chart_says_so():
    with pytest.raises(ValueError, match="There is no chart yet"):
        ChartView().figure()


def test_a_chart_that_cannot_be_leaves_the_one_on_show():
    view = ChartView()
    view.show(Curves([0, 1, 2], SERIES, **LABELS), marked=1)
    before = view.chart
    with pytest.raises(ValueError, match="mark must lie on x, from 0 to 2; got 3"):
        view.show(Curves([0, 1, 2], SERIES, **LABELS), marked=3)
    assert view.chart is before and view.marked == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Curves([0, 1], SERIES, **LABELS), "series 'dense' must have a number for each of the 2 places"),
        (lambda: Bars({}, "t", "u"), "values must be a dict from 1 to 40 names to numbers"),
        (lambda: Bars({"a": 0}, "t", "u", log=True), "above 0, since log is True; got 0 for 'a'"),
        (lambda: Bars({"a": float("nan")}, "t", "u"), "finite numbers 0 or more; got nan for 'a'"),
        (lambda: Blocks({}, (), "t"), "blocks must hold at least one Block"),
        (
            lambda: Blocks(BOXES, (("in", "c"),), "t"),
            "must join two of 'in', 'a', 'b', 'out'; got ('in', 'c')",
        ),
        (lambda: Blocks({"a": BOXES["a"], "x": BOXES["a"]}, (), "t"), "'a' and 'x' stand in one cell"),
        (lambda: Block("a", -1, 0), "row and column 0 or later"),
        (lambda: Block("a", 0, 0, columns=0), "1 or more columns wide"),
        (lambda: Block("a", 0, 0, parts=((-1, 0),)), "an amount, 0 or more"),
        (lambda: Block("a", 0, 0, parts=((1, 7),)), "a style from 0 to 6"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(make, words):
    with pytest.raises(ValueError) as refusal:
        make()
    assert words in str(refusal.value)


def contrast(one, other):
    def light(colour):
        parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_browser_and_pictures_have_the_same_styles_and_names_can_be_read():
    css = (files("convscope.explore") / "static" / "basics.css").read_text()
    light, dark, dark_by_system = (
        [re.search(rf"--convscope-style-{i}: (#\w+);", part)[1] for i in range(7)]
        for part in css.split("-style-0")[1:]
        for part in ["--convscope-style-0" + part]
    )
    assert light[1:] == [colour for colour, *_ in STYLES] and dark == dark_by_system
    assert len(HATCHES) == 1 + len(STYLES)
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in light[1:])
    assert all(contrast(colour, "#111111") >= 4.5 for colour in dark[1:])
    assert all(one != other for one, other in pairwise(sorted(light)))
