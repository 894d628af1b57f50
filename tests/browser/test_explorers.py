"""Explorers in JupyterLab, all but the convolution: controls, pointer and keys, and what the canvas really shows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from convscope.explore.view import colour_table

CANVAS, READOUT = ".convscope-canvas", ".convscope-readout"
INPUT, OUTPUT = 0, 1


class Seen:
    """The explorer of an open notebook as the browser shows it."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.run()

    def run(self):
        """Run the notebook from the top and bring the explorer into sight."""
        self.notebook.run_all()
        self.notebook.show(self.notebook.locator(".convscope-view").first)

    def control(self, label):
        """The slider handle or dropdown of this name, as a screen reader finds it."""
        return self.notebook.get_by_role("slider", name=label, exact=True).or_(
            self.notebook.get_by_role("combobox", name=label, exact=True)
        )

    def canvas(self, panel):
        return self.notebook.locator(CANVAS).nth(panel)

    def text(self, part):
        return self.notebook.locator(f".convscope-{part}").first.inner_text()

    def settle(self, sentence):
        """Wait until the explorer's words are these, and nothing more is to come."""
        expect(self.notebook.locator(".convscope-spoken").first).to_have_text(sentence)
        self.notebook.settle()

    def hover(self, panel, row, column):
        rows, columns = self.shape(panel)
        box = self.canvas(panel).bounding_box()
        place = {"x": (column + 0.5) * box["width"] / columns, "y": (row + 0.5) * box["height"] / rows}
        self.canvas(panel).hover(position=place)
        self.notebook.settle()

    def shape(self, panel):
        numbers = re.findall(r"\d+", self.notebook.locator(".convscope-note").nth(panel).inner_text())
        return int(numbers[0]), int(numbers[1])

    def colours(self, panel, rows, columns):
        """What the canvas shows in the middle of each cell, or beside a number in it: [rows, columns, 3]."""
        flat = self.canvas(panel).evaluate(
            """(canvas, [rows, columns]) => {
                const pen = canvas.getContext("2d"), [height, width] = [canvas.height / rows, canvas.width / columns];
                const [down, across] = width < 18 * devicePixelRatio ? [0.5, 0.5] : [0.2, 0.3];
                const seen = [];
                for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++)
                    seen.push(...pen.getImageData((c + across) * width, (r + down) * height, 1, 1).data.slice(0, 3));
                return seen;
            }""",
            [rows, columns],
        )
        return np.array(flat).reshape(rows, columns, 3)


def as_colours(values, colours, low, high):
    table = np.frombuffer(colour_table(colours), np.uint8).reshape(256, 3).astype(int)
    share = (np.asarray(values, np.float32).astype(float) - low) / (high - low)
    return table[np.clip(np.floor(share * 256), 0, 255).astype(int)]


def same_picture(seen, values, colours, low, high):
    """The canvas shows `values`: all cells but those under a mark have their colour, give or take rounding."""
    off = abs(seen - as_colours(values, colours, low, high)).max(axis=-1)
    return (off > 6).mean() < 0.02


EVERY = """from convscope import *
from IPython.display import display
explorers = (ChannelMixer, ConvolutionExplorer, FeatureMapsExplorer, InceptionDesigner, PoolingExplorer,
             ReceptiveFieldExplorer, ShiftExplorer)
for each in explorers:
    display(each())"""
AT = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"


@pytest.mark.parametrize("width", [760, 1280])
def test_the_wheel_scrolls_the_page_over_an_explorer_as_over_a_cell(lab, width):
    notebook = lab.scratch(EVERY, width=width)
    notebook.run_all()

    def scrolled_over(part):
        part.hover(position={"x": 20, "y": 20})
        part.evaluate("part => part.scrollTo(0, 0)")
        before = notebook.evaluate(AT)
        notebook.mouse.wheel(0, 50)
        notebook.wait_for_function(f"before => ({AT})() === before + 50", arg=before)

    scrolled_over(notebook.locator(".jp-CodeCell").first)
    explorers = notebook.locator(".convscope-explorer, .explorer")
    for explorer in explorers.all():
        view = explorer.locator(".convscope-view")
        notebook.show(view.first if view.count() else explorer)
        scrolled_over(explorer)
    boxes = explorers.evaluate_all(
        "all => all.map(each => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight])"
    )
    assert boxes == [[0, 0]] * 7
    assert notebook.console_errors() == []
