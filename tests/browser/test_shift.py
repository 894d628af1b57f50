"""The shift explorer in a browser: its maps, its error and its comb are NumPy's, wherever the picture is dragged."""

import io
import re
from functools import partial

import numpy as np
import pytest
import shown
from PIL import Image
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, colours_agree, monkey, number, opened_at, python, until

from convscope import ShiftExplorer

INPUT, ONE, OTHER, DIFFERENCE = range(4)  # canvases


class Shown(shown.Shown):
    """A shift explorer as a person sees it."""

    WORDS = f"{shown.Shown.WORDS}, .note"

    def is_true(self, image=None):
        """Maps, error, comb, sign and answers are those of NumPy for the settings on show."""
        self.mouse.move(1, 1)
        explorer = self.expected(image)
        state = explorer.state
        which = 0 if state.layer == "dense" else state.kernel
        one, other = state.maps_of_shifted[which], state.shifted_maps[which]
        most = max(one.max(), other.max()) or 1
        apart = max(abs(one - other).max(), most / 4)
        assert colours_agree(self, ONE, one, ("grey", 0, most))
        assert colours_agree(self, OTHER, other, ("grey", 0, most))
        assert colours_agree(self, DIFFERENCE, one - other, ("signed", -apart, apart))
        assert self.total() == pytest.approx(explorer.error, rel=6e-3, abs=1e-12)
        assert self.root.locator(".sign").text_content() == ("≠" if explorer.error else "=")
        words = self.text(".written")
        assert ("Equivariant." in words) != bool(explorer.error)
        assert f"{one.shape[0]} × {one.shape[1]}" == self.root.locator(".picture .note").nth(1).inner_text()
        self.comb_is(*state.curve, explorer.shift[1])
        self.bars_are(state.answers)
        return explorer

    def comb_is(self, columns, errors, marked):
        stems = self.root.locator(".comb circle").evaluate_all(
            "all => all.map(each => ['cx', 'cy', 'r'].map(name => +each.getAttribute(name)))"
        )
        x, y, radius = np.array(sorted(stems)).T
        height = self.root.locator(".comb .plot").evaluate("plot => plot.clientHeight")
        base, top = height - 20, max(0.2, errors.max())
        np.testing.assert_allclose((base - y) / (base - 12) * top, errors, atol=2e-3 * top)
        assert columns[radius.argmax()] == marked and len(x) == len(columns)

    def bars_are(self, answers):
        height = self.root.locator(".answers .plot").evaluate("plot => plot.clientHeight")
        paths = self.root.locator(".answers path").evaluate_all("all => all.map(each => each.getAttribute('d'))")
        for path, values in zip(paths, answers, strict=False):
            bars = re.findall(r"V([\d.e-]+)h[\d.e-]+V([\d.e-]+)Z", path)
            heights = [float(base) - float(top) for top, base in bars]
            np.testing.assert_allclose(heights, values / (answers.max() or 1) * (height - 2), atol=0.5)

    def word(self, group, name):
        """One of the words that stand side by side."""
        return self.root.get_by_role("radiogroup", name=group, exact=True).get_by_role("radio", name=name)

    def drag(self, rows, columns):
        """Take the picture by its middle and move it by so many pixels of the paper."""
        box = self.canvas(INPUT).bounding_box()
        x, y, cell = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 48
        self.mouse.move(x, y)
        self.mouse.down()
        self.mouse.move(x + columns * cell, y + rows * cell, steps=5)


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Shown)


def test_every_control_works_without_python(pages):
    page = pages(ShiftExplorer(shift=(1, 2)))
    page.more()
    for name, key, setting, value in [
        ("stride", "ArrowRight", "stride", 2),
        ("kernel size", "ArrowRight", "kernel_size", 4),
        ("map", "End", "kernel", 7),
        ("down", "ArrowLeft", "shift", (0, 2)),
        ("to the right", "End", "shift", (0, 8)),
    ]:
        page.slider(name).press(key)
        assert getattr(page.expected(), setting) == value
    page.slider("to the right").press("ArrowLeft")
    assert page.is_true().shift == (0, 7)
    for pool in ("mean", "none", "max"):
        page.word("pooling", pool).check()
        assert page.is_true().pooling == {"mean": "average"}.get(pool, pool)
    page.slider("pool stride").press("ArrowLeft")
    page.slider("pool size").press("ArrowRight")
    explorer = page.is_true()
    assert (explorer.pool_stride, explorer.pool_size) == (1, 3)
    page.root.get_by_label("rows and columns apart").check()
    page.slider("stride columns").press("Home")
    page.slider("kernel columns").press("Home")
    page.word("global pool", "mean").check()
    explorer = page.is_true()
    assert (explorer.stride, explorer.kernel_size, explorer.global_pool) == ((2, 1), (4, 1), "average")
    for image in ("letter", "digit", "kitten"):
        page.choose("image", image)
        assert page.expected().state.picture == image
    page.word("layer", "dense").check()
    expect(page.root.locator(".readout")).to_contain_text("none is shared")
    assert page.is_true().layer == "dense"
    for name in ("stride", "pool stride", "kernel size", "map"):  # which a dense layer does not have
        expect(page.slider(name)).to_be_disabled()
    page.word("layer", "convolution").check()
    assert page.is_true().stride == (2, 1)
    page.button("reset").click()
    assert page.is_true().state.settings == ShiftExplorer(shift=(1, 2)).state.settings


def test_the_controls_of_a_lesson_are_in_sight(pages):
    page = pages(ShiftExplorer(controls=("shift",)))
    assert page.slider("down").is_visible() and page.slider("to the right").is_visible()
    assert page.slider("stride").is_hidden() and "stride" in page.root.locator("summary").inner_text()
    page.more()
    page.slider("stride").press("ArrowRight")
    assert page.is_true().stride == 2


def test_the_picture_is_dragged_as_far_as_there_is_room_and_undone_as_one(pages):
    page = pages(ShiftExplorer(stride=2))
    page.drag(2, -3)
    assert page.expected().shift == (2, -3)  # while the button is down
    page.mouse.up()
    page.drag(20, 1)
    page.mouse.up()
    assert page.is_true().shift == (8, -2)
    page.button("undo").click()
    assert page.is_true().shift == (2, -3)
    page.canvas(INPUT).focus()
    for key in ["ArrowUp"] * 12 + ["ArrowRight"] * 2:
        page.keyboard.press(key)
    assert page.is_true().shift == (-8, -1)
    page.button("reset").click()
    assert page.is_true().shift == (0, 0)


def test_a_picture_of_ones_own_is_laid_on_the_paper(pages):
    page = pages(ShiftExplorer(shift=(1, 2)))
    chosen = page.root.locator("input[type=file]")

    def choose(pixels):
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "PNG")
        chosen.set_input_files({"name": "own.png", "mimeType": "image/png", "buffer": stream.getvalue()})

    grey = np.random.default_rng(0).integers(1, 256, (12, 20), dtype=np.uint8)
    choose(grey)
    expect(page.root.get_by_role("combobox", name="image")).to_have_value("own")
    assert page.is_true(grey / np.float32(255)).shift == (1, 2)
    choose(np.zeros((5, 5), np.uint8))
    expect(page.root.locator(".readout")).to_contain_text("image must hold more than zeros")
    choose(np.full((60, 90, 3), (255, 128, 0), np.uint8))  # in colour, and larger than the paper
    half = page.canvas(INPUT).bounding_box()["width"] / 2
    expect(page.root.locator(".marks rect").first).to_have_attribute("width", re.compile(rf"^{half:g}"))
    page.button("undo").click()
    page.is_true(grey / np.float32(255))


def test_the_comb_is_a_slider(pages):
    page = pages(ShiftExplorer("kitten", pooling="max", shift=(0, 2)))
    comb = page.root.get_by_role("slider", name="shift of columns")
    comb.press("ArrowRight")
    assert page.is_true().shift == (0, 3) and comb.input_value() == "3"
    comb.press("Home")
    assert page.is_true().shift == (0, -8)
    box = comb.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 30)
    page.mouse.down()
    assert page.expected().shift == (0, 8)
    page.mouse.move(box["x"] + box["width"] / 2 + 4, box["y"] + 30, steps=4)
    page.mouse.up()
    assert page.is_true().shift == (0, 0)


def test_a_cell_is_framed_in_all_maps_with_what_it_sees_and_told(pages):
    explorer = ShiftExplorer(stride=2, pooling="max", shift=(0, 1))
    page = pages(explorer)
    box = page.canvas(ONE).bounding_box()
    cell = box["width"] / 12
    page.canvas(ONE).hover(position={"x": 5.5 * cell, "y": 6.5 * cell})
    page.settle()
    state = explorer.state
    one, other = state.maps_of_shifted[2, 6, 5], state.shifted_maps[2, 6, 5]
    said = re.findall(r"−?\d+(?:\.\d+)?", page.text(".readout"))[2:]
    assert [number(each) for each in said] == pytest.approx([one, other, one - other], rel=6e-3, abs=1e-9)
    frames = page.root.locator(".marks rect[stroke-width='2.6']").evaluate_all(
        "all => all.map(each => +each.getAttribute('width'))"
    )
    assert len(frames) == 4
    field = state.fields[0]
    pixel = page.canvas(INPUT).bounding_box()["width"] / 48
    assert frames[0] == pytest.approx(field.size * pixel + 3, abs=1)
    page.mouse.move(1, 1)
    assert page.settle().root.locator(".marks rect[stroke-width='2.6']").count() == 0
    page.canvas(OTHER).focus()
    page.keyboard.press("ArrowRight")
    assert page.text(".readout").startswith("Cell (6, 7)")


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    page = pages(ShiftExplorer("kitten"), width=width, height=700)
    before = page.places()
    for act in [
        lambda: page.slider("stride").press("ArrowRight"),
        lambda: page.canvas(INPUT).press("ArrowRight"),
        lambda: page.word("pooling", "max").check(),
        lambda: page.word("layer", "dense").check(),
    ]:
        act()
        expect(page.root.locator(".readout")).not_to_have_text("computing …")
        page.settle()
        assert page.places() == before
        assert page.overflow() <= 0
        assert page.cut_off() == []
    height = page.root.bounding_box()["height"]
    assert height <= 560 or width <= 700  # from there on it is stacked


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_a_true_picture(pages, seed):
    monkey(pages(ShiftExplorer("letter", shift=(1, 1)), theme="dark"), seed)


def test_what_a_link_asks_for_and_cannot_be_is_refused_and_a_possible_state_is_shown(pages):
    page = pages(opened_at(ShiftExplorer(), shift=[9, 0]))
    assert "on the paper, beyond it the 3 blank pixels" in page.text(".readout")
    page.slider("stride").press("ArrowRight")
    assert page.is_true().stride == 2


def test_a_hand_and_a_program_change_one_state(open_notebook):
    make = "from convscope import ShiftExplorer\nexplorer = ShiftExplorer('kitten')\nexplorer"
    opened, page = open_notebook(Shown, make)
    page.slider("stride").press("ArrowRight")
    until(opened, "print(explorer.stride, explorer.state.maps.shape)", "2 (8, 24, 24)")
    page.canvas(INPUT).scroll_into_view_if_needed()
    page.drag(2, 3)
    page.mouse.up()
    until(opened, "print(explorer.shift, explorer.error > 0.1)", "(2, 3) True")
    python(opened, "explorer.set(layer='dense', shift=(0, 4))")
    expect(page.root.get_by_role("slider", name="shift of columns")).to_have_js_property("value", "4")
    assert page.is_true().layer == "dense"
    page.button("reset").click()
    until(opened, "print(explorer.layer, explorer.stride, explorer.shift)", "convolution 1 (0, 0)")
    python(opened, "import numpy as np\nexplorer.image = np.eye(9)")
    expect(page.root.get_by_role("combobox", name="image")).to_have_value("own")
    page.is_true(np.eye(9))
    assert "on the paper" in python(opened, "explorer.shift = (9, 9)")
    assert opened.console_errors() == []
