"""The Inception designer in a browser: its streams, bars and words are those of the layers, whatever one does."""

import re
from functools import partial

import pytest
import shown
from playwright.sync_api import expect
from shown import SCREENS, opened_at, python, until

from convscope import InceptionDesigner
from convscope.explore.inception.state import LIMITS, MODULE, NAIVE, PLAIN, WIDTHS
from convscope.models import GOOGLENET

LABELS = dict(zip(WIDTHS, ["1×1", "before 3×3", "3×3", "before 5×5", "5×5", "after pool"], strict=True))
GRIPS = "all => all.map(each => ['width', 'y'].map(name => +each.getAttribute(name)))"
PIECES = "all => all.map(each => [+each.getAttribute('x'), each.textContent])"
NAMES = "all => all.map(each => each.dataset.name)"
OUTSIDE = """root => {
    const box = root.querySelector(".plot").getBoundingClientRect();
    return [...root.querySelectorAll(".plot text")].filter(text => {
        const { left, right } = text.getBoundingClientRect();
        return left < box.left - 4 || right > box.right + 4;
    }).map(text => text.textContent);
}"""


class Shown(shown.Shown):
    """An Inception designer as a person sees it."""

    WORDS = f"{shown.Shown.WORDS}, .costs .line > *, .formula .line"

    def width(self, name):
        return self.slider(LABELS[name])

    def grip(self, name):
        return self.root.locator(f".box[data-name={name}] .grip")

    def drag(self, name, by, side=1):
        """Take a box by its right edge, or by its left one, move that by so many pixels and let it go."""
        self.take(name, by, side)
        self.mouse.up()

    def take(self, name, by, side=1):
        """The same without letting it go; gives where the pointer then is."""
        box = self.grip(name).bounding_box()
        x, y = box["x"] + (box["width"] - 1 if side > 0 else 1), box["y"] + box["height"] / 2
        self.mouse.move(x, y)
        self.mouse.down()
        self.mouse.move(x + by, y, steps=5)
        return x + by

    def is_true(self):
        """Boxes, bars and numbers are those of the layers."""
        self.mouse.move(1, 1)
        designer = self.expected()
        state, costs, total = designer.state, designer.costs, sum(branch.maps for branch in designer.state.branches())
        boxes = [box for branch in state.branches() for box in branch.boxes]
        assert self.root.locator(".box").evaluate_all(NAMES) == [box.name for box in boxes]
        drawn, tops = zip(*self.root.locator(".grip").evaluate_all(GRIPS), strict=True)
        scale = max(drawn) / max(box.maps for box in boxes)
        assert drawn == pytest.approx([max(2, box.maps * scale) for box in boxes])
        top = dict(zip([box.name for box in boxes], tops, strict=True))
        assert all(top[name] < top[name.removeprefix("reduce_")] for name in top if name.startswith("reduce_"))
        parts = self.root.locator(".rule .part").evaluate_all("all => all.map(each => each.lastChild.textContent)")
        assert parts == [f"{branch.maps:,}" for branch in state.branches()]
        pieces, written = self.root.locator(".plot .on-gold, .plot .on-quiet").evaluate_all(PIECES), iter(parts)
        assert pieces == sorted(pieces) and all(text in written for _, text in pieces)  # where there is room for them
        assert self.text(".result") == f"{total:,}" and total == costs[NAIVE if designer.naive else MODULE].shape[0]
        pieces = {PLAIN: [costs[PLAIN].weights]}
        for name in (MODULE, NAIVE):
            pieces[name] = [box.weights for branch in state.branches(name == NAIVE) for box in branch.boxes]
        most = max(cost.weights for cost in costs.values())
        for row, name in zip(self.root.locator(".costs .line").all(), (MODULE, NAIVE, PLAIN), strict=True):
            _, weights, macs, times = row.locator("b").all_inner_texts()
            assert weights == f"{costs[name].weights:,}"
            assert number_in_words(macs) == pytest.approx(costs[name].macs, rel=6e-3)
            assert shown.number(times) == pytest.approx(costs[name].weights / costs[MODULE].weights, rel=6e-3)
            maps = costs[name].shape[0]
            assert row.locator("small").first.inner_text() == (f"{maps:,} maps" if maps > 1 else "1 map")
            shares = row.locator("i").evaluate_all("all => all.map(each => parseFloat(each.style.width))")
            assert shares == pytest.approx([100 * each / most for each in pieces[name]], rel=1e-3)
        return designer


def number_in_words(text):
    digits, _, word = text.partition(" ")
    return shown.number(digits) * {"": 1, "million": 1e6, "billion": 1e9}[word]


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Shown)


def test_every_control_works_without_python(pages):
    page = pages(InceptionDesigner())
    page.more()
    for name in WIDTHS:
        before = getattr(page.expected(), name)
        for key, value in {"ArrowRight": before + 1, "Home": 0, "End": LIMITS["reach"][name]}.items():
            page.width(name).press(key)
            designer = page.expected()
            assert getattr(designer, name) == value and designer.module == "your own"
        page.is_true()
    for module in ("5b", "3b"):
        page.choose("module", module)
        assert page.is_true().module == module
    page.choose("module", "your own")  # the last one of one's own is still there
    assert page.is_true().widths[1:] == tuple(LIMITS["reach"][name] for name in WIDTHS)
    page.button("reset").click()
    page.slider("input maps").press("ArrowLeft")
    page.slider("input rows").press("ArrowRight")
    page.slider("input columns").press("ArrowLeft")
    assert page.is_true().input_shape == (191, 29, 27)
    assert page.text(".chart .note") == "191 maps of 29 × 27" and "29 · 27 places" in page.text(".readout")
    page.root.get_by_role("radio", name="naive").check()
    assert page.is_true().naive is True
    for name in ("reduce_three", "reduce_five", "pool"):
        expect(page.width(name)).to_be_disabled()
    page.button("undo").click()
    page.button("undo").click()
    assert page.expected().input_shape == (191, 29, 28)
    page.button("redo").click()
    assert page.is_true().input_shape == (191, 29, 27)


def test_edges_are_dragged_in_one_step_of_undo(pages):
    page = pages(InceptionDesigner())
    scale = page.grip("three").bounding_box()["width"] / 128
    x = page.take("three", 60)
    box = page.settle().grip("three").bounding_box()
    assert box["x"] + box["width"] == pytest.approx(x, abs=5)  # follows the pointer, though it is the widest one now
    page.mouse.up()
    assert page.is_true().three == pytest.approx(128 + 2 * 60 / scale, abs=5)  # in the middle: both edges move
    page.button("undo").click()
    assert page.is_true().module == "3a"
    page.drag("three", 24, side=-1)
    assert page.is_true().three == pytest.approx(128 - 2 * 24 / scale, abs=5)
    page.drag("five", -400)  # as far as nothing
    designer = page.is_true()
    assert designer.five == 0 and "left out" in page.root.locator("svg").first.text_content()
    expect(page.width("reduce_five")).to_be_disabled()
    page.drag("pool", 2000)
    assert page.is_true().pool == LIMITS["reach"]["pool"]
    assert "after pool" in page.text(".written")  # what has been dragged stays marked


def test_the_last_convolution_cannot_be_taken_away(pages):
    page = pages(InceptionDesigner(one=0, five=0))
    assert page.width("three").get_attribute("min") == "1"
    page.drag("three", -400)
    assert "one, three and five must not all be 0" in page.text(".readout")
    assert page.root.get_by_role("alert").is_visible()
    assert page.expected().three > 0
    page.width("five").press("ArrowRight")
    assert page.is_true().five == 1 and page.width("three").get_attribute("min") == "0"


def test_the_marked_box_is_gold_everywhere_and_told_in_words(pages):
    page = pages(InceptionDesigner())
    assert "3×3: 3 · 3 · 96 maps in · 128 out = 110,592 weights, 67.7 % of all" in page.text(".written")
    assert page.text(".readout") == "Each is used at 28 · 28 places: 86.7 million of 128 million multiply–adds."
    page.grip("reduce_five").hover()
    assert "1×1 before 5×5: 192 maps in · 16 out = 3,072 weights" in page.text(".written")
    assert page.root.locator(".bar .marked").evaluate_all(NAMES) == ["reduce_five"]
    page.mouse.move(1, 1)
    assert "3×3" in page.text(".written")
    page.root.locator(".costs i[data-name=five]").last.hover()  # of the naive one's bar
    assert "5×5: 5 · 5 · 16 maps in" in page.text(".written")
    assert page.root.locator(".bar .marked").count() == 2
    page.mouse.move(1, 1)
    page.width("pool").focus()  # by the keyboard, a control marks what it sets
    assert "after pool" in page.text(".written")
    page.grip("reduce_five").hover()
    assert "before 5×5" in page.text(".written")


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    page = pages(InceptionDesigner(), width=width, height=700)
    before = page.places()
    for act in [
        lambda: page.width("three").press("End"),
        lambda: page.choose("module", "5b"),
        lambda: page.root.get_by_role("radio", name="naive").check(),
        lambda: page.slider("input maps").press("End"),
    ]:
        act()
        page.settle()
        assert page.places() == before and page.overflow() <= 0
        assert page.cut_off() == page.root.evaluate(OUTSIDE) == []
    assert page.root.bounding_box()["height"] <= 680 or width <= 700  # from there on it is stacked


def test_targets_are_large_enough_for_fingers(pages):
    page = pages(InceptionDesigner(), width=390, has_touch=True)
    sizes = page.root.evaluate(
        """root => [...root.querySelectorAll("button, select, input[type=range]")]
            .map(node => node.getBoundingClientRect().height)"""
    )
    assert min(size for size in sizes if size) >= 44


def test_what_a_link_asks_for_and_cannot_be_is_refused_and_a_possible_state_is_shown(pages):
    page = pages(opened_at(InceptionDesigner(), three=9999))
    assert "three must be a whole number from 0 to 1024; got 9999." in page.text(".readout")
    assert page.is_true().module == "3a"
    page.width("one").press("ArrowRight")
    assert page.is_true().one == 65


def test_a_hand_and_a_program_change_one_module(open_notebook):
    opened, page = open_notebook(
        Shown, "from convscope import InceptionDesigner\ndesigner = InceptionDesigner()\ndesigner"
    )
    page.width("five").press("ArrowRight")
    until(opened, "print(designer.five, designer.module)", "33 your own")
    python(opened, "designer.set(module='4e', pool=100)")
    expect(page.width("pool")).to_have_js_property("value", "100")
    assert page.is_true().widths == GOOGLENET["4e"]._replace(pool=100)
    page.choose("module", "3a")
    until(opened, "print(designer.module, designer.costs['this module'].weights)", "3a 163328")
    assert "must not all be 0" in python(opened, "designer.set(one=0, three=0, five=0)")
    page.grip("three").scroll_into_view_if_needed()
    page.drag("three", 30)
    wide = page.is_true().three
    assert wide > 128
    until(opened, "print(designer.three)", str(wide))
    assert re.match(r"InceptionDesigner\(three=\d+\)", page.root.locator("pre").text_content())
    assert opened.console_errors() == []
