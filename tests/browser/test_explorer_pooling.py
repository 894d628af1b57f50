"""The pooling explorer in a browser: all that its page shows, by its module alone, is what NumPy says."""

import io
import re
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, Shown, colours_agree, monkey, number, python, until

from convscope import PoolingExplorer

KINDS = ("max", "average", "striding")


class Pooling(Shown):
    image = None  # the learner's own, where there is one
    canvases = {"input": 0, "output": 1, "max": 2, "average": 3, "striding": 4}

    def __init__(self, page):
        super().__init__(page)
        self.chance = np.random.default_rng(0)

    def size(self, which):
        state = self.expected(self.image).state
        return state.padded.shape if which == "input" else state.output.shape

    def canvas(self, which):
        return super().canvas(self.canvases[which])

    def values(self, title):
        """The numbers in the card of that title; a place of padding has none."""
        card = self.root.locator(".card", has=self.page.get_by_role("heading", name=title, exact=True))
        return [number(text) if text else None for text in card.locator(".cell").all_inner_texts()]

    def place_of_mark(self):
        return tuple(map(int, re.findall(r"\d+", self.text(".readout"))[:2]))

    def is_true(self, image=None):
        """Maps, and the window, sum and gradient of another cell each time, are NumPy's for the settings on show."""
        self.image = image
        if image is None and "explorer.image" in self.root.locator("pre").text_content():
            self.choose("image", "numbers")  # of which the page cannot tell what has been edited
        explorer = self.expected(image)
        state, output = explorer.state, explorer.output
        if not explorer.gradient:
            scale = state.panels[0].scale
            for kind in KINDS:
                assert colours_agree(self, kind, state.pooled(kind), scale), kind
            assert colours_agree(self, "output", output, scale)
        else:
            assert colours_agree(self, "output", explorer.grad_y, state.panels[1].scale)
            (top, bottom), (left, right) = state.padding_amounts
            if not top + bottom + left + right:
                assert colours_agree(self, "input", explorer.grad_x, state.panels[0].scale)
        self.hover("output", *(int(self.chance.choice([0, n - 1, self.chance.integers(n)])) for n in output.shape))
        self.check_cell(explorer, self.place_of_mark())
        self.mouse.move(1, 1)
        return explorer

    def check_cell(self, explorer, place):
        state, near = explorer.state, partial(pytest.approx, rel=6e-3, abs=1e-6)
        window = np.pad(state.x, state.padding_amounts, constant_values=np.nan)[state.cells(place)].ravel().tolist()
        window = [None if value != value else near(value) for value in window]
        assert self.values("window") == window
        if explorer.gradient:
            pixels = sum(value is not None for value in window)
            assert self.values("gradient") == [near(explorer.grad_y[place])]
            shares = [value for value in self.values("share") if value is not None]
            assert sum(shares) == near(1) and (explorer.kind != "average" or max(shares) == near(1 / pixels))
        else:
            for kind in KINDS:
                note = self.root.locator(".card.map .note").nth(KINDS.index(kind)).inner_text()
                assert number(note) == near(state.pooled(kind)[place])


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Pooling)


def test_every_control_works_without_python(pages):
    shown = pages(PoolingExplorer())
    shown.more()
    for name, key in [("stride", "Home"), ("window", "ArrowRight"), ("padding a side", "ArrowRight")]:
        shown.slider(name).press(key)
    explorer = shown.is_true()
    assert (explorer.size, explorer.stride, explorer.padding) == (3, 1, 1)
    shown.slider("window").press("Home")
    assert shown.expected().size == 2  # the least that padding of 1 allows
    for word in ("valid", "same"):
        shown.radio(word).check()
        assert shown.expected().padding == word
    for show, gradient in [("gradient", True), ("values", False)]:
        shown.radio(show).check()
        for kind in KINDS:
            shown.radio(kind).check()
            explorer = shown.is_true()
            assert (explorer.kind, explorer.gradient) == (kind, gradient)
    for image, kernel in [("kitten", "Sobel x"), ("letter", "none")]:
        shown.choose("image", image)
        shown.choose("first", kernel)
        explorer = shown.is_true()
        assert (explorer.state.picture, explorer.kernel) == (image, kernel)
    shown.root.get_by_label("rows and columns apart").check()
    for name in ("window columns", "stride columns"):
        shown.slider(name).press("ArrowRight")
    explorer = shown.is_true()
    assert explorer.size == (2, 3) and explorer.stride == (1, 2)


def test_what_cannot_be_is_not_on_offer_and_says_why(pages):
    shown = pages(PoolingExplorer(size=2))
    shown.more()
    slider = shown.slider("padding a side")
    assert slider.get_attribute("max") == "1" and "wholly on padding" in slider.get_attribute("title")
    shown = pages(PoolingExplorer(np.array([[1.0, 2, 3]]), size=1))
    assert shown.slider("window").is_disabled()


def test_it_begins_where_max_and_striding_differ_most(pages):
    shown = pages(PoolingExplorer())
    assert shown.place_of_mark() == (1, 0) and shown.root.locator(".cell.ring").inner_text() == "9"
    assert shown.text(".written") == "The largest of 0, 9, 0, 0 is 9."
    shown.root.locator(".card .cell").nth(2).hover()
    assert "change it up to 9, and the output stays" in shown.text(".readout")


def test_a_number_of_the_window_is_dragged_typed_and_undone(pages):
    shown = pages(PoolingExplorer())
    cell = shown.root.locator(".card .cell").first
    box = cell.bounding_box()
    shown.mouse.move(box["x"] + 20, box["y"] + 20)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 20, box["y"] - 21, steps=8)  # 41 pixels: ten steps of 0.1
    shown.mouse.up()
    image = PoolingExplorer().image.astype(float).copy()
    image[2, 0] = 1
    assert shown.is_true(image).state.has_own_image and shown.place_of_mark() == (1, 0)
    cell.click()
    shown.keyboard.type("12")
    shown.keyboard.press("Enter")
    image[2, 0] = 12
    assert shown.is_true(image).output[1, 0] == 12
    shown.button("undo").click()
    shown.button("undo").click()  # the drag was one step
    assert shown.is_true().state.picture == "numbers" and shown.place_of_mark() == (1, 0)


def test_the_gradient_is_typed_and_goes_to_the_winner(pages):
    shown = pages(PoolingExplorer(gradient=True, stride=1))
    shown.root.locator(".card.blue .cell").click()
    shown.keyboard.type("-3")
    shown.keyboard.press("Enter")
    explorer = shown.is_true()
    assert "goes to pixel (2, 1)" in shown.text(".written")
    assert (explorer.grad_y == -3).sum() == 1 and explorer.grad_y[shown.place_of_mark()] == -3
    shown.slider("window").press("ArrowRight")  # another shape: all ones again
    assert (shown.is_true().grad_y == 1).all()


def test_padding_has_no_share_of_a_gradient(pages):
    shown = pages(PoolingExplorer(kind="average", padding="same", gradient=True))
    shown.hover("output", 3, 2)  # half of whose window is padding
    shown.check_cell(shown.expected(), (3, 2))
    assert shown.text(".written").startswith("1 / 2 = 0.5")
    shown.radio("values").check()
    shown.hover("output", 3, 2)
    assert shown.text(".written") == "(2 + 2) / 2 = 2"


def test_a_map_is_chosen_where_it_stands(pages):
    shown = pages(PoolingExplorer("kitten", kernel="Sobel x"))
    shown.canvas("striding").click(position={"x": 30, "y": 40})
    explorer = shown.is_true()
    assert explorer.kind == "striding" and shown.radio("striding").is_checked()


def test_a_pixel_tells_of_its_windows(pages):
    shown = pages(PoolingExplorer(size=3, stride=1))
    shown.hover("input", 2, 1)
    assert shown.text(".readout") == "Pixel (2, 1) = 9 is read by 6 windows, and is the largest of 6."
    shown = pages(PoolingExplorer(padding="same"))
    shown.hover("input", 7, 7)
    assert "Padding is no pixel" in shown.text(".readout")
    shown.hover("output", 3, 3)
    assert shown.root.locator(".gold .cell.zero").count() == 3  # of four


def test_a_photo_of_ones_own_is_pooled_in_grey(pages):
    shown, photo = pages(PoolingExplorer("kitten")), io.BytesIO()
    Image.new("RGB", (12, 9), "#f80").save(photo, "PNG")
    file = {"name": "own.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    shown.root.locator("input[type=file]").set_input_files(file)
    expect(shown.root.locator(".picture .note").first).to_contain_text("9 × 12")
    grey = np.full((9, 12), 0.299 + 0.587 * 136 / 255)
    assert shown.is_true(grey).output.shape == (4, 6)


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(PoolingExplorer(), width=width, height=700)
    before = shown.places()
    for name, key in [("stride", "ArrowRight"), ("window", "ArrowRight"), ("stride", "End"), ("window", "Home")]:
        shown.slider(name).press(key)
        assert shown.settle().places() == before
        assert shown.overflow() <= 0
    shown.radio("gradient").check()
    assert shown.settle().overflow() <= 0
    assert shown.root.bounding_box()["height"] <= 660 or width <= 700  # there, it is stacked


def test_no_word_is_cut_off(pages):
    for width in (760, 1000):
        shown = pages(PoolingExplorer(size=(2, 3), padding="same"), width=width)
        shown.more()
        assert shown.cut_off() == []
        shown.choose("image", "kitten")  # whose numbers take more room
        notes = shown.settle().root.locator(".map .note, .map h3")
        assert notes.evaluate_all("all => all.every(each => each.scrollWidth <= each.clientWidth + 1)")
        ends = shown.root.locator(".map").evaluate_all(
            """all => all.map(map => {
                const [note, outer] = [map.querySelector(".note"), map].map((each) => each.getBoundingClientRect());
                return note.right - outer.right;
            })"""
        )
        assert max(ends) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_a_true_picture(pages, seed):
    monkey(pages(PoolingExplorer(size=3), theme="dark"), seed, touches=80)


def test_a_hand_and_a_program_change_one_state(open_notebook):
    opened, shown = open_notebook(
        Pooling, "from convscope import PoolingExplorer\nexplorer = PoolingExplorer()\nexplorer"
    )
    shown.slider("window").press("ArrowRight")
    until(opened, "print(explorer.size, explorer.output.shape)", "3 (3, 3)")
    shown.root.locator(".card .cell").nth(8).click()
    shown.keyboard.type("7")
    shown.keyboard.press("Enter")
    until(opened, "print(explorer.output[0, 0], explorer.state.picture)", "9.0 your own")
    python(opened, "explorer.set(kind='average', gradient=True)")
    expect(shown.radio("gradient")).to_be_checked()
    python(opened, "explorer.image = 'numbers'")
    expect(shown.root.locator("pre")).not_to_contain_text("explorer.image")
    assert shown.is_true().kind == "average"
    assert opened.console_errors() == []
