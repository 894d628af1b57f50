"""The sharing explorer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect
from shown import SCREENS, Shown, colours_agree, number, until

from convscope import SharingExplorer

N = 12
RNG = np.random.default_rng(0)
MATRICES = {
    n: sum(w * np.eye(N, k=k) for k, w in [(-1, 1), (0, -2), (1, 1)]) + RNG.normal(size=(N, N)) * 5 / n
    for n in (9, 40, 900)
}


HEADS = "all => all.map(each => ['cx', 'cy', 'r'].map(name => +each.getAttribute(name)))"


class ShownSharing(Shown):
    """A sharing explorer on a page, as a person sees it."""

    def point_at(self, which, row, column):
        box = self.canvas(which).bounding_box()
        cell = box["width"] / N
        self.canvas(which).hover(position={"x": (column + 0.5) * cell, "y": (row + 0.5) * cell})
        self.settle()

    def average(self):
        return number(self.root.locator(".written b").inner_text())

    def is_true(self, examples):
        """Both matrices, and an average that is pointed at in each, are NumPy's."""
        explorer = SharingExplorer(MATRICES, examples)
        places = {"input": (0, 5), "output": (11, 2)}
        assert f'examples="{examples}"' in self.settle().root.locator("pre").text_content()
        for (which, (row, column)), panel in zip(places.items(), explorer.state.panels, strict=True):
            self.point_at(which, row, column)
            assert colours_agree(self, which, panel.values, panel.scale)
            offset = column - row
            assert self.average() == pytest.approx(explorer.averages[offset + N - 1], rel=6e-3, abs=1e-9)
            diagonal, weight = explorer.learned.diagonal(offset), explorer.learned[row, column]
            said = re.search(r"(\d+) weights on this diagonal, (\S+) to (\S+);", self.text(".written")).groups()
            expected = [N - abs(offset), diagonal.min(), diagonal.max()]
            assert list(map(number, said)) == pytest.approx(expected, rel=6e-3)
            assert self.text(".readout").startswith(f"Output {row} listens to input {column}")
            said = re.search(r"the weight (\S+); averaged, (\S+)\.$", self.text(".readout")).groups()
            expected = [weight, explorer.shared[row, column]]
            assert list(map(number, said)) == pytest.approx(expected, rel=6e-3, abs=1e-9)
            self.check_stems(explorer.averages, offset + N - 1)
        assert self.text(".result") == str(2 * N - 1)
        self.mouse.move(1, 1)

    def check_stems(self, averages, marked):
        """Their heads stand in the order of the averages, and the largest is that of the marked one."""
        heads = self.root.locator(".plot circle").evaluate_all(HEADS)
        _, down, radius = np.array(sorted(heads)).T
        np.testing.assert_array_equal(np.argsort(-down), np.argsort(averages))
        assert radius.argmax() == marked


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, ShownSharing)


def test_every_control_works_without_python(pages):
    shown = pages(SharingExplorer(MATRICES, 40))
    for key, examples in [("ArrowRight", 900), ("Home", 9)]:
        shown.slider("examples").press(key)
        shown.is_true(examples)
    for name, examples in [("undo", 900), ("redo", 9), ("reset", 40)]:
        shown.button(name).click()
        shown.is_true(examples)


def test_a_stem_is_a_diagonal_and_keys_walk(pages):
    shown = pages(SharingExplorer(MATRICES, 900))
    assert shown.root.locator(".plot circle").count() == 2 * N - 1
    box = shown.root.locator(".plot").bounding_box()
    shown.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    assert shown.average() == pytest.approx(-2, abs=0.01)
    shown.canvas("output").focus()
    walk = {"ArrowRight": "1 place to the right", "ArrowDown": "at its own place", "Home": "to the left"}
    for key, words in walk.items():
        shown.keyboard.press(key)
        expect(shown.root.locator(".readout")).to_contain_text(words)


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(SharingExplorer(MATRICES, 40), width=width, height=700)
    before = shown.places()
    for key in ("Home", "End"):
        shown.slider("examples").press(key)
        shown.settle()
        assert shown.places() == before and shown.overflow() <= 0 and shown.cut_off() == []
    assert shown.root.bounding_box()["height"] <= 660 or width <= 700  # from there on it is stacked


def test_python_hears_of_it(open_notebook):
    make = "import numpy as np\nfrom convscope import SharingExplorer\n"
    opened, shown = open_notebook(ShownSharing, make + "e = SharingExplorer({1: np.eye(3), 2: 2 * np.eye(3)})\ne")
    shown.slider("examples").press("End")
    until(opened, "print(e.examples, e.averages[2])", "2 2.0")
    assert opened.console_errors() == []
