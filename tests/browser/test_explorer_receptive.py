"""The receptive-field explorer in a browser: its table, its cone and its marks are those of geometry."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, Shown, monkey, python, until

from convscope import ReceptiveFieldExplorer, datasets
from convscope.words import size


class Receptive(Shown):
    def size(self, which):
        return tuple(map(int, self.note("input").split(" × ")))

    def row(self, name):
        """A row of the table, from the input on."""
        row = self.root.locator("tbody tr", has=self.page.locator("th", has_text=re.compile(f"^{name}$")))
        return row.locator("td").all_inner_texts()

    def is_true(self, image=None):
        """Sizes, fields, marks and cone on show are those of Python for the settings on show."""
        explorer = self.expected(image)
        state = explorer.state
        levels = [state.changed(depth=depth) for depth in range(1, state.depth + 1)]
        assert self.row("map") == [size(shape) for shape in (state.image.shape, *(each.map.shape for each in levels))]
        assert self.row("sees") == ["1 × 1", *(size(field.size for field in each.fields) for each in levels)]
        jumps = [[field.jump for field in each.fields] for each in levels]
        assert self.row("jump") == ["1", *(str(r) if r == c else f"{r}, {c}" for r, c in jumps)]
        results = list(map(int, self.root.locator(".result").all_inner_texts()))
        assert results in ([field.size for field in state.fields], [state.fields[0].size])
        parts = self.root.locator(".rule .part").evaluate_all("all => all.map(each => +each.lastChild.textContent)")
        rule = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        assert [before + (kernel - 1) * jump for before, kernel, jump in rule] == results
        rng = np.random.default_rng(0)
        for pixel in zip(*(rng.integers(0, n, 3) for n in explorer.image.shape), strict=True):
            self.hover("input", *pixel)
            self.check_marks(state)
        self.mouse.move(1, 1)
        return explorer

    def check_marks(self, state):
        """What is said to be seen of the unit that is pointed at, and how wide the cone is."""
        words = self.text(".readout")
        unit = tuple(map(int, re.findall(r"\d+", words)[:2]))
        rows, columns = state.seen(unit)
        if "padding alone" in words:
            assert not len(rows) or not len(columns)
            return
        for noun, places in (("row", rows), ("column", columns)):
            ends = f"{noun} {places[0]}" if len(places) == 1 else f"{noun}s {places[0]} to {places[-1]}"
            assert ends in words
        assert f"down to {len(columns)} columns" in self.root.locator(".tower svg").get_attribute("aria-label")


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Receptive)


def test_every_control_works_without_python(pages):
    shown = pages(ReceptiveFieldExplorer())
    shown.more()
    shown.slider("layers").press("ArrowLeft")
    for name in ("kernel size", "stride", "dilation"):
        shown.slider(name).press("ArrowRight")
    explorer = shown.is_true()
    assert explorer.depth == 3 and explorer.layers[2] == (4, 2, "same", 2)
    shown.slider("set layer").press("Home")
    shown.settle().slider("kernel size").press("ArrowRight")
    assert [layer.kernel_size for layer in shown.expected().layers] == [4, 3, 4, 3]
    shown.radio("valid").check()
    assert [layer.padding for layer in shown.is_true().layers] == ["valid", "same", "same", "same"]
    shown.root.get_by_label("rows and columns apart").check()
    for name in ("kernel columns", "stride columns", "dilation columns"):
        shown.slider(name).press("ArrowRight")
    assert shown.is_true().layers[0] == ((4, 5), (1, 2), "valid", (1, 2))
    for stack, depth in [("dilated", 3), ("with pools", 3), ("plain", 3), ("your own", 3)]:
        shown.choose("stack", stack)
        assert shown.expected().depth == depth
    for image in ("numbers", "letter", "kitten"):
        shown.choose("stack", "plain")
        shown.choose("image", image)
        assert shown.expected().state.picture == image
    assert shown.is_true().depth == 3
    shown.button("undo").click()
    shown.button("reset").click()
    assert shown.is_true().depth == 4 and shown.button("reset").is_disabled()


def test_a_layer_is_chosen_in_the_table_and_what_cannot_be_is_not_on_offer(pages):
    shown = pages(ReceptiveFieldExplorer([(3,), (2, 2)] * 4))
    shown.root.locator("td[data-layer='2']").first.click()
    expect(shown.slider("set layer")).to_have_js_property("value", "2")
    shown.slider("stride").press("ArrowLeft")
    assert [layer.stride for layer in shown.expected().layers][:4] == [1, 1, 1, 2]
    shown.button("undo").click()
    shown.root.locator("td[data-layer='8']").first.click()
    kernel = shown.settle().slider("kernel size")
    assert kernel.get_attribute("max") == "4" and "does not fit into 4 pixels" in kernel.get_attribute("title")
    shown.slider("layers").press("Home")
    assert shown.is_true().depth == 1 and shown.slider("set layer").is_disabled()


def test_dilations_leave_holes_and_the_words_count_them(pages):
    face = datasets.kitten(48, grey=True)
    shown = pages(ReceptiveFieldExplorer([(3, 1, "same", 2)] * 2, image=face))
    shown.hover("input", 20, 20)
    assert shown.text(".written").startswith("One unit of layer 2 sees 9 × 9 pixels, and reads 25 of these 81: 5 and 9")
    shown = pages(ReceptiveFieldExplorer([(3, 1, "same", d) for d in (1, 2, 4, 8)], image=face))
    assert shown.is_true(face).fields[0].size == 31


def test_the_unit_is_walked_pointed_at_in_the_cone_and_played(pages):
    shown = pages(ReceptiveFieldExplorer())
    start = shown.text(".readout")
    assert start.startswith("Unit (32, 32): rows 28 to 36, columns 28 to 36.")
    shown.canvas("input").focus()
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowDown")
    assert shown.text(".readout").startswith("Unit (33, 33)")
    box = shown.root.locator(".tower .plot").bounding_box()
    shown.mouse.click(box["x"] + 10.5 * box["width"] / 64, box["y"] + 30)
    assert shown.text(".readout").startswith("Unit (33, 10)")
    shown.slider("layers").press("ArrowLeft")  # the mark stays on its pixels
    assert shown.text(".readout").startswith("Unit (33, 10)")
    shown.button("play").click()
    expect(shown.root.locator(".readout")).not_to_contain_text("Unit (33, 10)")
    shown.button("pause").click()
    shown.is_true()


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(ReceptiveFieldExplorer([(3,), (2, 2)] * 4), width=width, height=700)
    before = shown.places()
    for name, key in [("layers", "ArrowLeft"), ("stride", "ArrowRight"), ("layers", "Home"), ("kernel size", "End")]:
        shown.slider(name).press(key)
        assert shown.settle().places() == before
        assert shown.overflow() <= 0
    assert shown.root.bounding_box()["height"] <= 660 or width <= 700  # from there on it is stacked
    shown.more()
    assert shown.cut_off() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_a_true_picture(pages, seed):
    monkey(pages(ReceptiveFieldExplorer([(3,), ((2, 1), 2), (3, 1, "same", 2)]), theme="dark"), seed, touches=80)


def test_a_hand_and_a_program_change_one_state(open_notebook):
    make = "from convscope import ReceptiveFieldExplorer\nexplorer = ReceptiveFieldExplorer()\nexplorer"
    opened, shown = open_notebook(Receptive, make)
    shown.slider("layers").press("ArrowLeft")
    until(opened, "print(explorer.depth, explorer.fields[0].size)", "3 7")
    shown.slider("kernel size").press("ArrowRight")
    until(opened, "print(explorer.layers[2].kernel_size)", "4")
    python(opened, "explorer.layers = [((1, 5), 2), (3,)]")
    expect(shown.root.locator("pre")).to_contain_text("[1, 5]")
    assert shown.is_true().depth == 2
    assert opened.console_errors() == []
