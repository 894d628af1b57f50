"""The pictures that code draws: those in images/ are the ones that the code draws now, and helpers refuse nonsense."""

import io
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

import pictures
from convscope import ConvolutionExplorer, datasets, figures, style
from convscope.figures import chapter, curves
from convscope.ops import avg_pool2d
from pinned import is_locked
from refusing import refused

IMAGES = Path(__file__).parents[1] / "images"


def pixels(png):
    """A PNG's colours, (3, row, column), each the mean of 4 × 4 pixels: fonts differ by less, pictures by more."""
    return avg_pool2d(np.moveaxis(colours(png), -1, 0) / 255, 4)


def colours(png):
    """(row, column, 3), 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def same_picture(one, other):
    one, other = pixels(one), pixels(other)
    return one.shape == other.shape and (abs(one - other).max(axis=0) > 0.2).mean() < 0.002


@cache
def of_notes(name):
    """A picture of the notes, as the code draws it now."""
    return figures.NOTES[name]()


@pytest.mark.skipif(not is_locked("matplotlib"), reason="another matplotlib, which sets text a little differently")
@pytest.mark.parametrize("name", figures.NOTES)
def test_a_committed_picture_is_what_the_code_draws(name):
    committed = (IMAGES / "cnns" / f"{name}.png").read_bytes()
    assert same_picture(committed, figures.png(of_notes(name))), f"images/cnns/{name}.png is stale: make figures"


def test_a_changed_picture_is_noticed():
    explorer = ConvolutionExplorer("kitten", "Sobel x", stride=2, padding="same")
    before = figures.png(explorer.figure())
    assert same_picture(before, before)
    for change in ({"stride": 1}, {"kernel": "Sobel y"}, {"kernel_size": 5}, {"padding": "valid"}, {"padding": 2}):
        explorer.reset()
        explorer.set(**change)
        assert not same_picture(before, figures.png(explorer.figure())), change


def test_every_picture_is_committed_and_small():
    assert len(figures.NOTES) == 18
    notes = {f"cnns/{name}.png" for name in figures.NOTES}
    assert {file.relative_to(IMAGES).as_posix() for file in IMAGES.rglob("*.png")} == notes | {"explorer.png"}
    assert all(10_000 < (IMAGES / name).stat().st_size < 150_000 for name in notes)


def test_the_pictures_are_drawn_into_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(figures, "NOTES", {name: lambda: figures.draw_row([np.eye(2)]) for name in "ab"})
    figures.main(tmp_path / "new")
    drawn = sorted(tmp_path.rglob("*.png"))
    assert drawn == [tmp_path / "new" / "cnns" / f"{name}.png" for name in "ab"]
    assert same_picture(drawn[0].read_bytes(), figures.png(figures.draw_row([np.eye(2)])))
    assert capsys.readouterr().out.splitlines() == [str(file) for file in drawn]


# What is so, by arithmetic or by the papers, where the notes say little or something else.
SAID = {
    "structure-helps-learning": ["In colour 6 numbers differ", "in grey 2, in the letter 0"],
    "translation-invariance": ["the same 16 numbers wherever the kitten is"],
    "translation-invariance-2": ["it says animal of kitten at every place"],
    "statistical-invariance": ["standard deviations 0.029; 0.028; 0.015; 0.016", "0.19; 0.22; 0.23; 0.23"],
    "convnets-weight-sharing": ["dense 120, local 30, shared: a convolution 3 weights"],
    "convolutions-1": ["A patch of 3×3×3 numbers", "gives 16 numbers", "30×30×16"],
    "convolutions-2": ["256×256×3, and the 16 feature maps, 128×128 each"],
    "convolutions-3": ["128×128×16", "16 × (3·3·3 + 1 bias) = 448", "/ 2⌋ + 1 = 128"],
    "convolutional-pyramid": ["128×128×3, 64×64×16, 32×32×32, 16×16×64", "Nothing is trained"],
    "convnet-overview": ["28×28×1, 24×24×6, 12×12×6, 8×8×12, 4×4×12", "is that of 3"],
    "cnn-patch-feature-map": ["the patch, input values; the kernel, weights", "adds up to 11"],
    "cnn-stride": ["3 positions"],
    "pooling": ["both give 3×3, width/2 × height/2", "0, 0, 0, 9, gives 9 and 2.25"],
    "max-pooling": ["128×128 to 16×16", "100% and 83%", "4 times the MACs"],
    "average-pooling": ["121×121", "16×16"],
    "famous-cnn-architectures": [
        "LeNet-5, 1998: 3 conv, 2 pool, 1 dense, 1 fixed output; 60,000 parameters",
        "C1 28×28×6, S2 14×14×6, C3 10×10×16, S4 5×5×16, C5 1×1×120, F6 84, output 10",
        "AlexNet, 2012: 5 conv, 3 pool, 3 dense; 60,965,224 parameters, dense layers 96% of them and 8% of the MACs",
        "conv1 55×55×96, pool 27×27×96, conv2 27×27×256, pool 13×13×256, conv3 13×13×384",
    ],
    "1-1-convolutions": ["32×32×3 becomes 32×32×2"],
    "inception-module": [
        "64, 128, 32, 32 maps, are stacked on depth: 28×28×256",
        "163,696 parameters, 128 million MACs; without the 1×1 that reduce, 387,296 parameters, 303 million MACs",
    ],
}


@pytest.mark.parametrize("name", figures.NOTES)
def test_a_picture_of_the_notes_is_legible_and_says_what_is_so(name):
    figure = of_notes(name)
    assert not overlaps(figure)
    assert all(text.get_fontsize() >= 14 for text in texts(figure) if not is_number(text.get_text()))
    for words in SAID[name]:
        assert words in figure.get_label()


def test_a_picture_of_the_notes_is_shown_by_name(monkeypatch):
    shown = []
    monkeypatch.setattr(chapter, "display", lambda data, **how: shown.append(data))
    figures.show_picture("cnn-stride")
    alt, png = pictures.shown(shown[0]["text/html"])
    assert "3 positions" in alt and len(png) > 10_000
    for unknown in ("stride", ["cnn-stride"]):
        with pytest.raises(ValueError, match="one of 'structure-helps-learning', .*; got .*stride"):
            figures.show_picture(unknown)


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_numbers_are_written_in_the_ink_of_higher_contrast(colour):
    parts = np.array(colour)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    on_black, on_white = (light + 0.05) / 0.05, 1.05 / (light + 0.05)
    assert style.ink(colour) == ("black" if on_black > on_white else "white") or np.isclose(on_black, on_white)


def test_a_large_grey_picture_keeps_every_grey():
    figure = chapter.new_figure(6, 6)
    noise = np.random.default_rng(0).integers(0, 256, (600, 600))
    figure.add_axes((0, 0, 1, 1)).imshow(noise, cmap="gray", vmin=0, vmax=255)
    figure.axes[0].set_axis_off()
    as_drawn = io.BytesIO()
    figure.savefig(as_drawn, format="png")
    smaller = figures.png(figure)
    assert chapter.LARGE < len(smaller) < len(as_drawn.getvalue())
    np.testing.assert_array_equal(colours(smaller), colours(as_drawn.getvalue()))


def test_a_row_says_in_words_what_it_shows():
    figure = figures.draw_row([np.eye(3), -np.eye(3), datasets.kitten(8)], ["ones", "signs", "photo"])
    assert figure.get_label() == (
        "ones: 3 × 3, black is 0, white is 1; signs: 3 × 3, blue is −1, red is 1; photo: 8 × 8, in colour"
    )


def test_a_row_shares_one_scale_or_ends_it_at_a_limit():
    small, large = np.full((2, 2), 1), np.full((2, 2), -4)
    assert figures.draw_row([small, large], shared=True).get_label() == (
        "2 × 2, blue is −4, red is 4; 2 × 2, blue is −4, red is 4"
    )
    assert figures.draw_row([small, large], limit=2).get_label() == (
        "2 × 2, black is 0, white is 2; 2 × 2, blue ≤ −2, red is 2"
    )


def test_numbers_are_written_where_there_is_room():
    numbers = np.array([[1 / 256, -0.001], [250.4, 2.25]])
    assert written(figures.draw_row([numbers])) == ["0.0039", "−0.001", "250", "2.25"]
    assert written(figures.draw_row([np.ones((96, 96))])) == []


def test_no_text_of_a_figure_overlaps_another():
    row = figures.draw_row([np.arange(49).reshape(7, 7)] * 4, ["the same title", "valid, stride 2", "a", "b"])
    windows = figures.draw_windows(12, (3, 1), (3, 2, "same", 2), (2, 3), titles=["stride 1", "dilation 2", "gaps"])
    bars = figures.draw_bars({"a long name of a layer": 10, "b": 13_087_014_912}, title="cost", unit="MACs", log=True)
    for figure in (row, windows, bars):
        assert not overlaps(figure)


def test_windows_say_what_they_leave_out():
    assert figures.draw_windows(8, (3, 2), (3, 3), (2, 3)).get_label() == (
        "3 windows, no padding, pixels never read: 7; 2 windows, no padding, pixels never read: 6, 7; "
        "3 windows, no padding, pixels never read: 2, 5"
    )
    assert figures.draw_windows(6, (3, 2, "same"), (6,), titles=["same", "whole"]).get_label() == (
        "same: 3 windows, padding 0 before, 1 after, every pixel read; whole: 1 window, no padding, every pixel read"
    )
    assert figures.draw_windows(6, (2, 2, 1, 2)).get_label() == (
        "3 windows, padding 1 before, 1 after, pixels never read: 0, 2, 4"
    )


def test_bars_carry_their_numbers():
    figure = figures.draw_bars({"one": 1, "many": 1234567}, title="cost", unit="MACs", log=True)
    assert figure.get_label() == "cost: one 1 MACs, many 1,234,567 MACs"
    assert {"1", "1,234,567"} <= set(written(figure))


def test_bars_stand_beside_their_names_whatever_the_names_are():
    figure = figures.draw_bars({5: 1, 3: 2, "3": 4}, title="t", unit="u")
    assert figure.get_label() == "t: 5 1 u, 3 2 u, 3 4 u"
    bars = figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [1, 2, 4]
    assert [bar.get_y() + bar.get_height() / 2 for bar in bars] == [0, 1, 2]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["5", "3", "3"]


def test_large_whole_numbers_are_drawn_where_a_long_has_32_bits(monkeypatch):
    drawn = []
    for name in ("barh", "annotate", "axvline", "text", "set_ylim"):
        monkeypatch.setattr(Axes, name, recorded(getattr(Axes, name), drawn))
    large = 13_087_014_912
    assert "13,087,014,912" in written(figures.draw_bars({"a": large, "b": 1}, title="cost", unit="MACs"))
    figures.draw_curves([1, large], {"a": [1, large]}, mark=large, limits=(0, large), **LABELS)
    assert drawn and not [each for each in drawn if isinstance(each, int) and abs(each) >= 2**31]


def recorded(method, seen):
    """A method that first notes each number that it is given, alone or in a list."""

    def flat(value):
        return [one for each in value for one in flat(each)] if isinstance(value, list | tuple) else [value]

    def recording(self, *arguments, **options):
        seen.extend(flat([arguments, list(options.values())]))
        return method(self, *arguments, **options)

    return recording


@pytest.mark.parametrize(
    ("values", "log", "says"),
    [
        ({}, False, "values … dict from 1 to 40 names to numbers … {}"),
        ([1, 2], False, "values … dict … [1, 2]"),
        ({place: 1 for place in range(41)}, False, "from 1 to 40 names"),
        ({"a": 1, "b": float("nan")}, False, "finite numbers 0 or more … nan for 'b'"),
        ({"a": np.inf}, False, "got inf for 'a'"),
        ({"a": 10**400}, False, "finite numbers 0 or more … 1000"),
        ({"a": -1}, False, "0 or more … -1 for 'a'"),
        ({"a": "5"}, False, "got '5' for 'a'"),
        ({"a": [1, 2]}, False, "got [1, 2] for 'a'"),
        ({"a": 1, "b": 0}, True, "above 0 … log … 0 for 'b'"),
    ],
)
def test_bars_that_cannot_be_are_refused_in_a_sentence(values, log, says):
    with refused(says, ValueError):
        figures.draw_bars(values, title="t", unit="u", log=log)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.draw_bars({"a": 0, "b": 0.0}, title="t", unit="u"),
        lambda: figures.draw_row([np.ones((1, 400))]),
        lambda: figures.draw_row([np.array([[2**62, 0]]), np.full((2, 2), 5e-324)]),
    ],
)
def test_what_is_odd_but_no_mistake_is_drawn(draw):
    assert figures.png(draw())


LABELS = {"title": "Letters", "x_label": "examples", "y_label": "accuracy, %"}


def test_curves_say_their_means_and_spreads():
    figure = figures.draw_curves([30, 1000], {"grey": [[24, 82], [28, 84]], "chance": [10, 10]}, mark=1000, **LABELS)
    assert figure.get_label() == (
        "Letters: accuracy, %, at examples 30, 1,000: grey 26 ± 2.8, 83 ± 1.4; chance 10, 10 "
        "(mean ± standard deviation of 2 seeds); 1,000 is marked"
    )
    assert {"grey", "chance", "1,000"} <= set(written(figure))


def test_curves_draw_means_seeds_and_spreads():
    values = np.random.default_rng(0).normal(size=(3, 5))
    axes = figures.draw_curves(range(5), {"one": values}, **LABELS).axes[0]
    drawn = [line.get_ydata() for line in axes.lines]
    np.testing.assert_allclose(drawn, [values.mean(axis=0), *values])
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    spread = np.sqrt(((values - values.mean(axis=0)) ** 2).sum(axis=0) / 2)
    assert np.isclose(band.max(), (values.mean(axis=0) + spread).max())
    assert np.isclose(band.min(), (values.mean(axis=0) - spread).min())


def test_curves_are_told_apart_without_colour():
    axes = figures.draw_curves([1, 2], {str(i): [i, i] for i in range(6)}, **LABELS).axes[0]
    assert len({line.get_marker() for line in axes.lines}) == 6
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in axes.lines}) == 6


@given(st.floats(0, 1e4), st.integers(2, 60))
@settings(max_examples=10)
def test_a_name_stands_beside_the_end_of_its_curve(height, n):
    (axes,) = figures.draw_curves(range(n), {"a": np.linspace(0, height, n)}, **LABELS).axes
    axes.figure.draw_without_rendering()  # now all scales are final
    (name,) = [text for text in axes.texts if text.get_text() == "a"]
    end = axes.transAxes.inverted().transform(axes.transData.transform((n - 1, height)))
    assert name.xyann[1] == pytest.approx(end[1], abs=0.01)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("n", [2, 6, 900])
def test_names_and_numbers_of_curves_do_not_overlap(log, n):
    series = {f"a net of a longish name {i}": np.full((2, n), 50 + i / 100) for i in range(6)}
    x = np.geomspace(1, 3000, n)
    assert not overlaps(figures.draw_curves(x, series, log=log, limits=(0, 100), mark=x[n // 2], **LABELS))


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8))
def test_names_move_apart_and_no_further_than_needed(places):
    moved = curves.moved_apart(places, 0.5, 10)
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) > 0.5 - 1e-9).all() and moved.min() >= 0 and moved.max() <= 10
    if len(places) == 1 or np.diff(np.sort(places)).min() >= 0.5:
        np.testing.assert_allclose(moved, places, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "series", "extra", "says"),
    [
        ([1, 2], [[1, 2]], {}, "from 1 to 6 names to numbers … list"),
        ([1, 2], {}, {}, "got 0 names"),
        ([1, 2], {str(i): [1, 2] for i in range(7)}, {}, "got 7 names"),
        ([2, 1], {"a": [1, 2]}, {}, "x … increasing"),
        ([1], {"a": [1]}, {}, "x … at least two"),
        ([0, 1], {"a": [1, 2]}, {"log": True}, "x … above 0 … log … 0"),
        ([1, 2], {"a": [1, 2, 3]}, {}, "series 'a' … 2 … x … 3"),
        ([1, 2], {"a": [[[1, 2]]]}, {}, "(point) or (seed, point) … shape (1, 1, 2)"),
        ([1, 2], {"a": [1, np.nan]}, {}, "series 'a' … finite numbers"),
        ([1, 2], {"a": ["x", "y"]}, {}, "series 'a' … finite numbers"),
        ([1, 2], {"a": [[1, 2], [1]]}, {}, "series 'a' … numbers … different lengths"),
        ([1, 2], {"a": [1, 9]}, {"limits": (0, 5)}, "limits … 1 to 9 … (0, 5)"),
        ([1, 2], {"a": [1, 9]}, {"limits": 5}, "limits … (lowest, highest) … 5"),
        ([1, 2], {"a": [1, 9]}, {"limits": ("low", "high")}, "got ('low', 'high')"),
        ([1, 2], {"a": [1, 9]}, {"limits": (0, np.inf)}, "got (0, inf)"),
        ([1, 2], {"a": [1, 9]}, {"limits": ([0], [1, 2])}, "got ([0], [1, 2])"),
        ([1, 2], {"a" * 100: [1, 2]}, {}, "from 1 to about 40 letters … 'aaa"),
        ([1, 2], {" ": [1, 2]}, {}, "from 1 to about 40 letters … ' '"),
        ([1, 2], {"a": [1, 2]}, {"mark": 3}, "mark … from 1 to 2 … 3"),
        ([1, 2], {"a": [1, 2]}, {"mark": "1"}, "mark … from 1 to 2 … '1'"),
        ([1, 2], {"a": [1, 2]}, {"mark": np.nan}, "mark … from 1 to 2 … nan"),
    ],
)
def test_curves_that_cannot_be_are_refused_in_a_sentence(x, series, extra, says):
    with refused(says, ValueError):
        figures.draw_curves(x, series, **LABELS, **extra)


def test_a_figure_is_shown_with_its_words(monkeypatch):
    shown = []
    monkeypatch.setattr(chapter, "display", lambda data, **how: shown.append(data))
    figures.show([np.eye(2)], ['an "eye" & <more>'])
    figures.show_windows(5, (3,))
    figures.show_bars({"a": 1}, title="t", unit="u")
    figures.show_curves([1, 2], {"a": [1, 2]}, **LABELS)
    for data in shown:
        assert set(data) == {"text/html", "text/plain"}
        alt, png = pictures.shown(data["text/html"])
        assert alt == data["text/plain"] != "" and png.startswith(b"\x89PNG")
    assert len(shown) == 4 and 'an "eye" & <more>' in shown[0]["text/plain"]
    figures.show_curves([1, 2], {"a": [1, 2]}, **LABELS)
    assert shown[3] == shown[4]  # to the byte, so that a chapter that is run again stays as it is


@pytest.mark.parametrize(
    ("pictures", "says"),
    [
        (np.eye(3), "put it into a list"),
        ([], "1 to 6 of them … 0"),
        ([np.eye(2)] * 7, "got 7"),
        ([np.ones(4)], "got shape (4,)"),
        ([np.ones((2, 4, 4))], "got shape (2, 4, 4)"),
        ([np.ones((0, 4))], "got shape (0, 4)"),
        ([[["a"]]], "of type <U1"),
        ([np.array([[np.nan]])], "got NaN or infinity"),
        (5, "got 5"),
        (None, "got None"),
        ("kitten", "got 'kitten'"),
        ([[[1, 2], [3]]], "rows of different lengths"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(pictures, says):
    with refused(says, ValueError):
        figures.draw_row(pictures)


def test_titles_and_sizes_are_checked():
    with pytest.raises(ValueError, match="one text for each picture, 2; got 1"):
        figures.draw_row([np.eye(2)] * 2, ["one"])
    for titles in ("ab", 5):
        with pytest.raises(ValueError, match=f"titles must be a list of 2, one text for each picture; got {titles!r}"):
            figures.draw_row([np.eye(2)] * 2, titles)


@pytest.mark.parametrize("limit", [0, -1, np.nan, np.inf, "2", [1]])
def test_a_scale_ends_at_a_number_above_zero(limit):
    with pytest.raises(
        ValueError, match=f"limit must be a finite number above 0, or None; got {re.escape(repr(limit))}"
    ):
        figures.draw_row([np.eye(2)], limit=limit)


@pytest.mark.parametrize(
    ("n", "layers", "says"),
    [
        (10, (), "1 to 6 layers, each such as (3, 2) … 0"),
        (10, ((3,),) * 7, "got 7"),
        (41, ((3, 2),), "at most 40 pixels, padding included, and 24 windows can be drawn … 41 and 20"),
        (40, ((3,),), "got 40 and 38"),
        (10**9, ((3, 10**8),), "got 1,000,000,000 and 10"),
        (2, ((3, 10**8, 10**8),), "got 200,000,002 and 2"),
        (2, ((3,),), "does not fit into 2 pixels"),
        (8.5, ((3,),), "n … 1 or more … 8.5"),
        (8, (3,), "each layer is (kernel_size, stride, padding, dilation)"),
        (8, ((3, 1, "same", 1, 9),), "each layer is (kernel_size, stride, padding, dilation)"),
    ],
)
def test_windows_that_cannot_be_drawn_are_refused_in_a_sentence(n, layers, says):
    with refused(says):
        figures.draw_windows(n, *layers)


def overlaps(figure):
    """The texts of a figure that lie on one another or stick out of it."""
    every = [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]  # of text, not of its arrow
    boxes = [(name, box) for name, box in every if not is_number(name)]
    out = [name for name, box in boxes if not (figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1)]
    out += [name for name, box in boxes if not (figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1)]
    return out + [one for i, (one, box) in enumerate(every) if any(box.overlaps(other) for _, other in every[:i])]


def is_number(text):
    return text.lstrip("−").replace(".", "").isdecimal()


def texts(figure):
    FigureCanvasAgg(figure).draw()  # ticks and labels find their places only now
    every = [*figure.texts, *(text for axes in figure.axes for text in (*axes.texts, axes.title, axes.xaxis.label))]
    return [text for text in every if text.get_text()]


def written(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]
