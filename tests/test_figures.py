"""The pictures that code draws: those in images/ are the ones that the code draws now, and helpers refuse nonsense."""

import io
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from convscope import ConvolutionExplorer, datasets, figures
from convscope.figures import chapter
from convscope.ops import avg_pool2d

IMAGES = Path(__file__).parents[1] / "images"


def pixels(png):
    """A PNG's colours, (3, row, column), each the mean of 4 × 4 pixels: fonts differ by less, pictures by more."""
    picture = matplotlib.image.imread(io.BytesIO(png), format="png")[..., :3]
    return avg_pool2d(np.moveaxis(picture, -1, 0), 4)


def same_picture(one, other):
    one, other = pixels(one), pixels(other)
    return one.shape == other.shape and (abs(one - other).max(axis=0) > 0.2).mean() < 0.002


@pytest.mark.parametrize("name", figures.PICTURES)
def test_a_committed_picture_is_what_the_code_draws(name):
    drawn = figures.png(figures.PICTURES[name]())
    assert same_picture((IMAGES / name).read_bytes(), drawn), f"images/{name} is stale: make figures"


@pytest.mark.parametrize(
    "change",
    [{"stride": 1}, {"stride": 3}, {"kernel": "Sobel y"}, {"kernel_size": 5}, {"padding": "valid"}, {"padding": 2}],
)
def test_a_changed_picture_is_noticed(change):
    explorer = ConvolutionExplorer("kitten", "Sobel x", stride=2, padding="same")
    before = figures.png(explorer.figure())
    assert same_picture(before, before)
    explorer.set(**change)
    assert not same_picture(before, figures.png(explorer.figure()))


def test_the_command_draws_every_picture(tmp_path):
    figures.main(tmp_path / "images")
    folder = tmp_path / "images"
    assert {file.relative_to(folder).as_posix() for file in folder.rglob("*.png")} == set(figures.PICTURES)


def test_every_committed_picture_has_code_that_draws_it():
    assert {file.relative_to(IMAGES).as_posix() for file in IMAGES.rglob("*.png")} == set(figures.PICTURES)


@pytest.mark.parametrize("name", figures.NOTES)
def test_a_picture_of_the_notes_is_legible_and_says_what_it_shows(name):
    figure = figures.NOTES[name]()
    assert len(figure.get_label()) > 60
    assert not overlaps(figure)
    assert all(text.get_fontsize() >= 14 for text in texts(figure) if not is_number(text.get_text()))


def test_the_photo_becomes_the_block_that_the_notes_speak_of():
    label = figures.NOTES["convolutions-3"]().get_label()
    assert "128×128×16" in label and "16 × (3·3·3 + 1 bias) = 448" in label and "/ 2⌋ + 1 = 128" in label


def test_a_picture_of_the_notes_is_shown_by_name(monkeypatch):
    shown = []
    monkeypatch.setattr(chapter, "display", lambda data, **how: shown.append(data))
    figures.show_picture("cnn-stride")
    assert "3 positions" in shown[0]["text/plain"] and len(shown[0]["image/png"]) > 10_000
    with pytest.raises(ValueError, match="one of 'convolutions-1'.*; got 'stride'"):
        figures.show_picture("stride")


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
    assert written(figures.draw_row([np.array([[0.125, -0.001], [250.4, 3]])])) == ["0.12", "0", "250", "3"]
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


def test_bars_carry_their_numbers():
    figure = figures.draw_bars({"one": 1, "many": 1234567}, title="cost", unit="MACs", log=True)
    assert figure.get_label() == "cost: one 1 MACs, many 1,234,567 MACs"
    assert {"1", "1,234,567"} <= set(written(figure))


def test_a_figure_is_shown_with_its_words(monkeypatch):
    shown = []
    monkeypatch.setattr(chapter, "display", lambda data, **how: shown.append((data, how)))
    figures.show([np.eye(2)], ["eye"])
    figures.show_windows(5, (3,))
    figures.show_bars({"a": 1}, title="t", unit="u")
    for data, how in shown:
        assert set(data) == {"image/png", "text/plain"}
        assert how["metadata"]["image/png"]["alt"] == data["text/plain"] != ""
    assert len(shown) == 3


@pytest.mark.parametrize(
    ("pictures", "says"),
    [
        (np.eye(3), "put it into a list"),
        ([], "1 to 6 of them; got 0"),
        ([np.eye(2)] * 7, "got 7"),
        ([np.ones(4)], r"got shape \(4,\)"),
        ([np.ones((2, 4, 4))], r"got shape \(2, 4, 4\)"),
        ([np.ones((0, 4))], r"got shape \(0, 4\)"),
        ([[["a"]]], "of type <U1"),
        ([np.array([[np.nan]])], "got NaN or infinity"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(pictures, says):
    with pytest.raises(ValueError, match=says):
        figures.draw_row(pictures)


def test_titles_and_sizes_are_checked():
    with pytest.raises(ValueError, match="one text for each picture, 2; got 1"):
        figures.draw_row([np.eye(2)] * 2, ["one"])
    with pytest.raises(ValueError, match="at most 40 pixels"):
        figures.draw_windows(41, (3, 2))
    with pytest.raises(ValueError, match="does not fit into 2 pixels"):
        figures.draw_windows(2, (3,))


def overlaps(figure):
    """The texts of a figure that lie on one another or stick out of it."""
    boxes = {text.get_text(): text.get_window_extent() for text in texts(figure) if not is_number(text.get_text())}
    numbers = [text.get_window_extent() for text in texts(figure) if is_number(text.get_text())]
    every = [*boxes.values(), *numbers]
    out = [name for name, box in boxes.items() if not (figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1)]
    out += [name for name, box in boxes.items() if not (figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1)]
    return out + [one for i, one in enumerate(every) if any(one.overlaps(other) for other in every[:i])]


def is_number(text):
    return text.lstrip("−").replace(".", "").isdecimal()


def texts(figure):
    FigureCanvasAgg(figure).draw()  # ticks and labels find their places only now
    every = [*figure.texts, *(text for axes in figure.axes for text in (*axes.texts, axes.title, axes.xaxis.label))]
    return [text for text in every if text.get_text()]


def written(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]
