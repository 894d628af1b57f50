"""The feature-maps explorer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, Shown, monkey, number, python, until

from convscope import AvgPool2D, Conv2D, FeatureMapsExplorer, MaxPool2D, Parallel, ReLU, Sequential, models

GAP = 5  # pixels between the tiles of a sheet
PLACE = """(root, title) => {
    const is_it = (picture) => picture.querySelector("h3").textContent === title;
    const { x, y } = [...root.querySelectorAll(".picture")].find(is_it).querySelector("canvas").getBoundingClientRect();
    return [x, y, root.querySelector(".frame").getBoundingClientRect().width];
}"""


class FeatureMaps(Shown):
    def point(self, maps, layer, which, row, column):
        """Point at a unit of a layer."""
        left, top, side = self.root.evaluate(PLACE, f"layer {layer}")
        count, rows, columns = maps.shape
        across = int(np.ceil(np.sqrt(count)))
        tile = (side - GAP * (across - 1)) / across
        cell = tile / max(rows, columns)
        x, y = which % across * (tile + GAP), which // across * (tile + GAP)
        self.mouse.move(left + x + (column + 0.5) * cell, top + y + (row + 0.5) * cell)
        return self.settle()

    def weight(self, i):
        return self.root.locator(".card").nth(1).locator(".cell").nth(i)

    def where(self):
        """Row, column and map of the unit that the words are about."""
        return tuple(map(int, re.search(r"Unit \((\d+), (\d+)\) of map (\d+)", self.text(".readout")).groups()))

    def value(self):
        return number(self.text(".total").split("→")[-1])

    def choose_layer(self, which):
        self.radio(str(which)).check()
        return self.settle()

    def is_true(self, explorer=None):
        """Shapes and values of all units that are pointed at are NumPy's for the settings on show, and so is a sum."""
        if explorer is None and "with other weights" in self.root.locator("pre").text_content():
            return None  # of which the code says nothing
        explorer = explorer or self.expected()
        rng = np.random.default_rng(0)
        for title in self.root.locator(".picture:not([hidden]) header").all_inner_texts()[1:]:
            layer, note = re.fullmatch(r"layer (\d+)\s+(.*)", title).groups()
            maps = explorer.state.outputs[int(layer)]
            sizes = " × ".join(map(str, maps.shape[1:]))
            assert note == (f"{len(maps)} of {sizes}" if len(maps) > 1 else sizes)
            for unit in zip(*(rng.integers(0, n, 2) for n in maps.shape), strict=True):
                self.point(maps, layer, *unit)
                row, column, which = self.where()  # a cell of a fraction of a pixel is hard to hit
                most = float(abs(maps).max())
                assert self.value() == pytest.approx(maps[which, row, column], rel=6e-3, abs=1e-5 * most + 1e-9)
        self.mouse.move(1, 1)
        return explorer


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, FeatureMaps)


def test_every_control_works_without_python(pages):
    shown = pages(FeatureMapsExplorer())
    shown.more()
    for layer, name, key, setting, value in [
        (3, "maps", "ArrowLeft", "maps", 8),
        (2, "kernel size", "ArrowRight", "kernel_size", 3),
        (1, "stride", "ArrowRight", "stride", 2),
        (1, "zeros a side", "ArrowRight", "padding", 2),
    ]:
        shown.choose_layer(layer).slider(name).press(key)
        explorer = shown.expected()
        assert (explorer.layer, getattr(explorer, setting)) == (layer, value)
    shown.is_true()
    for word in ("valid", "full", "same"):
        shown.radio(word).check()
        assert shown.expected().padding == word
    for kind in ("average pool", "max pool", "conv"):
        shown.choose("kind", kind)
        assert shown.is_true().kind == kind
    for word in ("none", "ReLU", "tanh"):
        shown.radio(word).check()
        assert shown.expected().activation == word
    for image in ("letter", "numbers", "kitten", "kitten in colour"):
        shown.choose("image", image)
        assert shown.expected().state.picture == image
    shown.root.get_by_label("rows and columns apart").check()
    shown.slider("kernel columns").press("ArrowRight")
    shown.slider("stride columns").press("ArrowRight")
    assert shown.is_true().kernel_size == (3, 4)
    shown.button("undo").click()
    assert shown.is_true().stride == 1
    shown.button("redo").click()
    assert shown.expected().stride == (1, 2)
    shown.button("reset").click()
    assert shown.is_true().state.settings == FeatureMapsExplorer().state.settings


def test_a_weight_is_dragged_and_typed_and_its_map_alone_answers(pages):
    start = FeatureMapsExplorer()
    shown = pages(start)
    row, column, which = shown.where()
    shown.weight(9 * 2 + 4).click()  # the middle of the third slice
    shown.keyboard.type("-2")
    shown.keyboard.press("Enter")
    layers = [*start.layers[:2], replace(start.layers[2], edits=(((which, 2, 1, 1), -2.0),))]
    edited = FeatureMapsExplorer(layers)
    assert (edited.output[which] != start.output[which]).any()
    shown.is_true(edited)
    assert "# with other weights" in shown.root.locator("pre").text_content()
    assert (row, column, which) == shown.where()  # the mark stays
    box = shown.weight(0).bounding_box()
    shown.mouse.move(box["x"] + 5, box["y"] + 5)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 5, box["y"] - 40, steps=6)
    shown.mouse.up()
    value = number(shown.weight(0).get_attribute("aria-valuetext"))
    layers[2] = replace(layers[2], edits=(*layers[2].edits, ((which, 0, 0, 0), value)))
    shown.is_true(FeatureMapsExplorer(layers))
    for _ in range(2):
        shown.button("undo").click()
    shown.is_true(start)
    assert shown.button("undo").is_disabled()
    shown.choose_layer(2).weight(0).click()
    assert shown.root.locator(".field").count() == 0 and shown.weight(0).get_attribute("role") is None  # a pool's


def test_a_weight_lights_its_map_below_and_its_share(pages):
    shown = pages(FeatureMapsExplorer())
    shown.weight(9 + 3).hover()
    assert shown.root.locator(".cell.hot").count() == 3
    slices = shown.root.locator(".written .term")
    assert slices.count() == 4 and "hot" in slices.nth(1).get_attribute("class")
    share, words = slices.nth(1).inner_text(), shown.text(".readout").replace("−", "")
    assert "of map 1: " in words and f"its slice adds {share} in all" in words


def test_slices_add_up_to_the_sum(pages):
    explorer = FeatureMapsExplorer(layer=3, kernel_size=(2, 3), stride=(2, 1), activation="none")
    shown = pages(explorer)
    rng = np.random.default_rng(1)
    for unit in zip(*(rng.integers(0, n, 6) for n in explorer.output.shape), strict=True):
        shown.point(explorer.output, 3, *unit)
        words = shown.text(".written").removeprefix("slice by slice: ").replace(" − ", " + −").split(" = ")
        parts = [number(part) for part in words[0].split(" + ")]
        assert sum(parts) == pytest.approx(number(words[1]), abs=5e-3 * sum(map(abs, parts)) + 1e-9)
        row, column, which = shown.where()
        assert number(words[1]) == pytest.approx(explorer.output[which, row, column], rel=6e-3, abs=1e-6)


def test_padding_has_no_share_of_an_average(pages):
    explorer = FeatureMapsExplorer([AvgPool2D((2, 3), padding="same")], image="numbers")
    shown = pages(explorer)
    shown.point(explorer.output, 1, 0, 3, 2)  # two of whose six places are pixels
    products = shown.root.locator(".card").nth(2).locator(".cell").all_inner_texts()
    assert sum(map(number, products)) == pytest.approx(explorer.output[0, 3, 2], rel=6e-3) != 0


def test_clicks_digits_and_arrows_choose_a_unit_and_a_layer(pages):
    explorer = FeatureMapsExplorer()
    shown = pages(explorer)
    shown.point(explorer.state.outputs[2], 2, 3, 20, 30)
    shown.mouse.down()
    shown.mouse.up()
    shown.mouse.move(1, 1)
    assert shown.where() == (20, 30, 3) and shown.expected().layer == 2
    assert shown.root.get_by_role("radiogroup", name="layer").locator("label:visible").count() == 3
    assert shown.root.locator(".picture h3").all_inner_texts() == ["input", "layer 2", "layer 3"]  # nothing moved
    assert "the largest of " in shown.text(".written") and "through map 3 alone" in shown.text(".readout")
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("1")
    assert shown.where() == (21, 31, 1)
    shown.keyboard.press("9")  # there are four
    assert shown.where()[2] == 3
    shown.choose_layer(1)
    assert shown.root.locator(".picture h3").all_inner_texts() == ["input", "layer 1", "layer 2"]
    assert shown.expected().layer == 1 and "sees 3 × 3 pixels" in shown.text(".readout")


def test_a_trained_network_brings_its_weights(pages):
    model = models.lenet5_1998().build((1, 32, 32), seed=3)
    for layer in model.layers:
        if "bias" in layer.parameters:
            layer.parameters["bias"][:] = np.linspace(-0.5, 0.5, layer.parameters["bias"].size).reshape(-1)
    explorer = FeatureMapsExplorer(model, image=np.random.default_rng(0).random((32, 32)))
    shown = pages(explorer)
    shown.is_true(explorer)
    shown.point(explorer.output, 3, 0, 4, 4)
    assert "through 3 of 6 maps below" in shown.text(".readout")
    assert "From flatten on, nothing is shown" in shown.text(".rule")
    for layer in (5, 1):
        explorer.layer = layer
        shown.choose_layer(layer).is_true(explorer)


def test_a_unit_may_see_padding_alone(pages):
    explorer = FeatureMapsExplorer([Conv2D(2, 1, padding=3), Conv2D(2, 1)], image="numbers", layer=2)
    shown = pages(explorer)
    shown.point(explorer.output, 2, 1, 0, 0)
    assert "sees padding alone, through all 2 maps below." in shown.text(".readout")


@pytest.mark.parametrize("image", ["kitten", "kitten in colour"])
def test_one_layer_alone_stands_beside_its_picture(pages, image):
    shown = pages(FeatureMapsExplorer([Conv2D(5, (3, 5)), ReLU()], image=image))
    explorer = shown.is_true()
    assert shown.root.locator("canvas:visible").count() == 2 and explorer.kernel_size == (3, 5)
    slices = shown.root.locator(".card").nth(1).locator(".slice").count()
    assert slices == (3 if image == "kitten in colour" else 0)


def test_what_only_python_can_run_is_said_on_a_page(pages):
    branches = Parallel(Conv2D(2, 1), Sequential(Conv2D(2, 3, padding="same"), ReLU()))
    explorer = FeatureMapsExplorer([Conv2D(3, 3), ReLU(), branches, MaxPool2D()], image="letter", layer=3)
    shown = pages(explorer)
    assert "needs a layer that only Python can run, and Python is not here" in shown.text(".written")
    below = explorer.state.outputs[1]
    shown.choose_layer(1).point(below, 1, 2, 9, 9)
    assert shown.value() == pytest.approx(below[2, 9, 9], rel=6e-3, abs=1e-6)
    shown.slider("kernel size").press("ArrowRight")
    shown.settle()
    assert "3 of 29 × 29" == shown.root.locator(".picture .note").nth(1).inner_text()


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(FeatureMapsExplorer(), width=width, height=700)
    before = shown.places()
    for name, key in [("stride", "ArrowRight"), ("maps", "Home"), ("kernel size", "End")]:
        shown.slider(name).press(key)
        assert shown.settle().places() == before
    assert shown.choose_layer(2).places() == before
    assert shown.overflow() <= 0
    wide = """root => [...root.querySelectorAll(".rule *, .picture header, .card header, .total")]
        .filter(node => node.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
        .map(node => node.textContent)"""
    assert shown.root.evaluate(wide) == []
    assert shown.root.bounding_box()["height"] <= 550 or width <= 700


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_true_maps(pages, seed):
    monkey(pages(FeatureMapsExplorer(), theme="dark"), seed, touches=80)


def test_a_hand_and_a_program_change_one_state_and_python_runs_what_only_it_can(open_notebook):
    opened, shown = open_notebook(
        FeatureMaps,
        "from convscope import *\n"
        "branches = Parallel(Conv2D(2, 1), Conv2D(2, 3, padding='same'))\n"
        "explorer = FeatureMapsExplorer([Conv2D(3, 3), ReLU(), branches, MaxPool2D()], image='letter', layer=1)\n"
        "explorer",
    )
    shown.slider("kernel size").press("ArrowRight")
    until(opened, "print(explorer.kernel_size, explorer.output.shape)", "4 (3, 29, 29)")
    expect(shown.root.locator(".picture .note").nth(2)).to_have_text("4 of 29 × 29")
    shown.choose_layer(3)
    until(opened, "print(explorer.layer)", "3")
    expect(shown.root.locator(".written")).to_contain_text("the largest of")
    value = python(opened, "print(explorer.output[1, 3, 4])")
    explorer = FeatureMapsExplorer([Conv2D(3, 4), ReLU(), Conv2D(4, 1), MaxPool2D()], image="letter", layer=3)
    shown.point(explorer.output, 3, 1, 3, 4)  # of the same shapes
    assert shown.value() == pytest.approx(float(value), rel=6e-3, abs=1e-6)
    python(opened, "explorer.set(layer=1, maps=2)")
    expect(shown.root.locator(".picture .note").nth(1)).to_have_text("2 of 29 × 29")
    assert "maps must be a whole number" in python(opened, "explorer.maps = 999")
    assert opened.console_errors() == []
