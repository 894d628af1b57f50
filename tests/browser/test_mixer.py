"""The channel mixer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import io
import re
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, Shown, colours_agree, monkey, number, opened_at, python, until

from convscope import ChannelMixer
from convscope.explore.mixer.mixes import RELU, presets

CARDS = ("pixel", "weights", "products", "sum")
SHADES = """canvas => new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size"""


class ShownMixer(Shown):
    """A mixer on a page, as a person sees it."""

    WORDS = f"{Shown.WORDS}, .thumbnails label, .cell, .total"

    def radio(self, group, name):
        return self.root.get_by_role("radiogroup", name=group, exact=True).get_by_role("radio", name=name, exact=True)

    def cell(self, card, i):
        return self.root.locator(".card").nth(CARDS.index(card)).locator(".cell").nth(i)

    def picker(self, name):
        """Of a picture's parts: all of them, or one."""
        return self.root.get_by_role("radiogroup", name=f"{name} on show").get_by_role("radio")

    def point_at(self, which, row, column, shape):
        """Hover a pixel of a picture that stands alone."""
        cell = self.canvas(which).bounding_box()["width"] / shape[1]
        self.canvas(which).hover(position={"x": (column + 0.5) * cell, "y": (row + 0.5) * cell})
        self.settle()

    def rest(self):
        """And all inputs and outputs are on show."""
        super().rest()
        for name in ("input", "output"):
            if self.picker(name).first.is_visible():
                self.picker(name).first.check()

    def is_true(self, image=None):
        """Sums, terms and colours on show are those of NumPy for the settings on show.

        Of several outputs the first and the last are looked at alone.
        """
        mixer = self.expected(image)
        last, shape = len(mixer.weights) - 1, mixer.output.shape[1:]
        for output, place in {last: (shape[0] - 1, 0), 0: (shape[0] // 3, shape[1] // 2)}.items():
            if last:
                self.picker("output").nth(1 + output).check()
            self.point_at("output", *place, shape)
            assert colours_agree(self, "output", mixer.output[output], mixer.state.scales[1])
            row, column = map(int, re.findall(r"\d+", self.root.locator(".card .note").first.text_content()))
            sizes = abs(mixer.state.inputs[:, row, column] * mixer.weights[output])
            near = partial(pytest.approx, rel=6e-3, abs=1e-6 * sizes.max() + 1e-9)
            assert number(self.text(".total").split("→")[-1]) == near(mixer.output[output, row, column])
            weights = self.root.locator(".card").nth(1).locator(".cell").all_inner_texts()
            np.testing.assert_allclose(list(map(number, weights)), mixer.weights[output], rtol=6e-3)
            terms = map(number, self.root.locator(".term").all_inner_texts())
            assert sum(sorted(terms)) == near(sizes.sum() + abs(mixer.bias[output]))
        if last:
            self.picker("output").first.check()
        self.mouse.move(1, 1)
        return mixer


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, ShownMixer)


def test_every_control_works_without_python(pages):
    shown = pages(ChannelMixer())
    for name in presets(3):
        shown.radio("weights", name).check()
        assert shown.is_true().state.preset == name
    shown.slider("bias").press("Home")
    assert shown.is_true().bias.tolist() == [-1, -1, -1]
    assert not shown.radio("weights", "invert").is_checked()  # its bias is another
    shown.choose("image", "edges")
    for name, relu in zip(presets(4), [*RELU, "before"], strict=True):
        shown.radio("weights", name).check()
        shown.radio("ReLU", relu).check()
        mixer = shown.is_true()
        assert (mixer.state.picture, mixer.state.preset, mixer.relu) == ("edges", name, relu)
    for _ in range(3):
        shown.button("undo").click()
    shown.button("redo").click()
    assert shown.is_true().relu == "after"
    shown.button("reset").click()
    assert shown.is_true().state.settings == ChannelMixer().state.settings


def test_edges_cancel_until_a_relu_comes_before_the_sum(pages):
    shown = pages(ChannelMixer("edges"))
    thumbnail = shown.root.locator(".thumbnails canvas").first
    assert "The inputs cancel: the sum is 0 everywhere." in shown.text(".readout") and shown.text(".total") == "0"
    assert thumbnail.evaluate(SHADES) <= 4
    shown.radio("ReLU", "after").check()
    assert "The inputs cancel" in shown.text(".readout")
    shown.radio("ReLU", "before").check()
    assert shown.text(".readout") == "output = ReLU(right) + ReLU(left) + ReLU(below) + ReLU(above)"
    cut = ["→ 0" in text for text in shown.root.locator(".named .cell").all_inner_texts()]
    assert sorted(cut) == [False, False, True, True]
    assert shown.total() > 0.5 and thumbnail.evaluate(SHADES) > 50


def test_weights_are_dragged_typed_stepped_and_refused(pages):
    shown = pages(ChannelMixer())
    box = shown.cell("weights", 0).bounding_box()
    shown.mouse.move(box["x"] + 20, box["y"] + 20)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 20, box["y"] - 21, steps=8)  # 41 pixels: ten steps of 0.05
    shown.mouse.up()
    assert shown.expected().weights.tolist() == [[0.8, 0.587, 0.114]]
    shown.cell("weights", 1).click()
    shown.keyboard.type("-1/2")
    shown.keyboard.press("Enter")
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("+")
    assert shown.expected().weights.tolist() == [[0.8, -0.5, 0.15]]
    shown.cell("weights", 2).click()
    shown.keyboard.type("9e6")
    shown.keyboard.press("Enter")
    assert "weights must be finite numbers from −1e+06 to 1e+06." in shown.text(".readout")
    assert shown.is_true().weights.tolist() == [[0.8, -0.5, 0.15]]
    for _ in range(3):  # the drag was one step
        shown.button("undo").click()
    assert shown.expected().state.preset == "grey" and shown.button("undo").is_disabled()
    shown.radio("weights", "swap red and blue").check()
    shown.cell("weights", 5).click()  # green, into the third output
    shown.keyboard.type("2")
    shown.keyboard.press("Enter")
    assert shown.expected().weights.tolist() == [[0, 0, 1], [0, 1, 0], [1, 2, 0]]
    shown.radio("output on show", "green").check()
    shown.slider("bias").press("ArrowRight")  # of the output on show
    assert shown.is_true().bias.tolist() == [0, 0.05, 0]


def test_channels_and_outputs_are_looked_at_alone(pages):
    mixer = ChannelMixer("feature maps", weights="half as many")
    shown = pages(mixer)
    assert str(mixer.state.marked) in shown.text(".card .note")
    sheet = shown.canvas("input").bounding_box()["width"]
    assert shown.root.locator(".card").nth(1).locator(".cell").count() == 32
    shown.radio("output on show", "3").check()
    shown.settle()
    assert shown.root.locator(".card").nth(1).locator(".cell").count() == 8
    assert shown.text(".readout") == "output 3 = 0.5 map 6 + 0.5 map 7"
    shown.radio("input on show", "7").check()
    shown.settle()
    assert shown.canvas("input").bounding_box()["width"] == pytest.approx(sheet, abs=2)
    shown.radio("weights", "sum").check()  # there is one output now
    expect(shown.root.get_by_role("radiogroup", name="output on show")).to_be_hidden()
    shown.is_true()


def test_keys_walk_over_the_pixels_and_a_channel_is_the_same_in_all_squares(pages):
    shown = pages(ChannelMixer(weights=[[0.5, 0.25, -1]]))
    shown.canvas("output").focus()
    place = shown.root.locator(".card .note").first
    for key, column in [("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1), ("End", 95)]:
        shown.keyboard.press(key)
        expect(place).to_have_text(re.compile(rf"\(\d+, {column}\)"))
    shown.keyboard.press("PageUp")
    shown.keyboard.press("a")
    shown.cell("products", 1).hover()
    assert re.fullmatch(r"green: 0\.\d+ · 0\.25 = 0\.\d+", shown.text(".readout"))
    assert shown.root.locator(".cell.hot").count() == 3 and shown.root.locator(".term.hot").count() == 1


def test_a_picture_of_ones_own(pages):
    shown = pages(ChannelMixer("edges", weights=[[1, 2, 3, 4]]))
    grey = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
    for picture, channels in [(grey, 1), (np.stack([grey, 255 - grey, grey // 2], axis=-1), 3)]:
        stream = io.BytesIO()
        Image.fromarray(picture).save(stream, "PNG")
        shown.root.locator("input[type=file]").set_input_files(
            {"name": "own.png", "mimeType": "image/png", "buffer": stream.getvalue()}
        )
        expect(shown.root.locator(".named .cell")).to_have_count(channels)
        image = np.moveaxis(np.atleast_3d(picture), -1, 0) / np.float32(255)
        assert shown.is_true(image).weights.tolist() == [[1, 2, 3, 4][:channels] if channels == 1 else [1, 0, 0]]


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(ChannelMixer("edges"), width=width, height=700)
    before = shown.places()
    for act in (
        shown.radio("ReLU", "before").check,
        lambda: shown.slider("bias").press("End"),
        shown.radio("weights", "mean").check,
        shown.radio("input on show", "left").check,
    ):
        act()
        shown.settle()
        assert shown.places() == before and shown.overflow() <= 0 and shown.cut_off() == []
    assert shown.root.bounding_box()["height"] <= 660 or width <= 700  # from there on it is stacked


@pytest.mark.parametrize("power", [1e12, 1e-9, 1e3])
def test_long_numbers_stay_in_their_places(pages, power):
    image = np.random.default_rng(0).normal(size=(3, 6, 6)) * power
    shown = pages(ChannelMixer(image, weights=[[0.5, -1, 1 / 3]], relu="before"))
    for width in (1000, 760, 390):
        shown.page.set_viewport_size({"width": width, "height": 900})
        for place in [(0, 0), (3, 3)]:
            shown.point_at("output", *place, (6, 6))
            assert shown.cut_off() == []


def test_targets_are_large_enough_for_fingers(pages):
    shown = pages(ChannelMixer(weights="invert"), width=390, has_touch=True)
    sizes = shown.root.evaluate(
        """root => [...root.querySelectorAll("button, select, input[type=range], .thumbnails label, .row .segments")]
            .map(node => node.getBoundingClientRect().height)"""
    )
    assert min(size for size in sizes if size) >= 44
    pickers = shown.root.locator(".picker label").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(pickers) >= 24


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"weights": None}, "weights must be a name"),
        ({"weights": [["x", 0, 0]]}, "weights must be finite"),
        ({"bias": None}, "bias must be finite"),
    ],
)
def test_what_a_link_asks_for_and_cannot_be_is_refused_and_a_possible_state_is_shown(pages, settings, words):
    shown = pages(opened_at(ChannelMixer(), **settings))
    assert words in shown.text(".readout")
    assert shown.expected().state.settings == ChannelMixer().state.settings
    shown.radio("weights", "red").check()
    assert shown.expected().state.preset == "red"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_a_true_picture(pages, seed):
    monkey(pages(ChannelMixer(weights="invert"), theme="dark"), seed, touches=80)


def test_a_hand_and_a_program_change_one_mix(open_notebook):
    make = "from convscope import ChannelMixer\nmixer = ChannelMixer()\nmixer"
    opened, shown = open_notebook(ShownMixer, make)
    shown.radio("weights", "invert").check()
    until(opened, "print(mixer.state.preset, mixer.bias)", "invert [1. 1. 1.]")
    python(opened, "mixer.set(image='edges', relu='before')")
    expect(shown.root.locator(".named .cell")).to_have_count(4)
    assert shown.is_true().state.settings["weights"] == "sum"
    assert opened.console_errors() == []
