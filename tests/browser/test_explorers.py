"""Explorers in JupyterLab, all but the convolution: controls, pointer and keys, and what the canvas really shows."""

import ast
import os
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from convscope import ChannelMixer, FeatureMapsExplorer, PoolingExplorer, ShiftExplorer
from convscope.explore.view import colour_table

EXPLORER = "from convscope import PoolingExplorer\nexplorer = PoolingExplorer('kitten')\nexplorer"
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

    def settle(self, sentence=None, **expected):
        """Wait until the explorer's words are these, or speak of these settings, and nothing more is to come."""
        words = sentence or pooled(**expected).sentence
        expect(self.notebook.locator(".convscope-spoken").first).to_have_text(words)
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


def pooled(**settings):
    return PoolingExplorer(**{"image": "kitten", **settings})


def as_colours(values, colours, low, high):
    table = np.frombuffer(colour_table(colours), np.uint8).reshape(256, 3).astype(int)
    share = (np.asarray(values, np.float32).astype(float) - low) / (high - low)
    return table[np.clip(np.floor(share * 256), 0, 255).astype(int)]


def same_picture(seen, values, colours, low, high):
    """The canvas shows `values`: all cells but those under a mark have their colour, give or take rounding."""
    off = abs(seen - as_colours(values, colours, low, high)).max(axis=-1)
    return (off > 6).mean() < 0.02


@pytest.fixture(scope="module", params=["light", "dark"])
def kitten(lab, request):
    return Seen(lab.scratch(EXPLORER, theme=request.param))


def expected(**settings):
    explorer = pooled(**settings)
    panel = explorer._view.panels[-1]
    return explorer.output, panel["colours"], panel["low"], panel["high"]


def test_every_control_by_keyboard_and_what_the_canvas_then_shows(kitten):
    state = {}
    for name, key, value in [
        ("size", "ArrowRight", 3),
        ("stride", "ArrowRight", 3),
        ("size", "End", 5),
        ("size", "ArrowLeft", 4),
        ("stride", "Home", 1),
    ]:
        kitten.control(name).press(key)
        state[name] = value
        kitten.settle(**state)
        output, *colours = expected(**state)
        assert same_picture(kitten.colours(OUTPUT, *output.shape), output, *colours)
    for name, value in [
        ("padding", "same"),
        ("padding", "valid"),
        ("kind", "average"),
        ("kernel", "box blur"),
        ("image", "numbers"),
        ("image", "kitten"),
    ]:
        kitten.control(name).focus()
        kitten.control(name).select_option(value)
        state[name] = value
        kitten.settle(**state)
        output, *colours = expected(**state)
        assert same_picture(kitten.colours(OUTPUT, *output.shape), output, *colours)
    assert kitten.notebook.console_errors() == []


def test_every_slider_by_mouse(lab):
    seen = Seen(lab.scratch(EXPLORER))
    for name in ("size", "stride"):
        handle = seen.control(name)
        track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
        handle.hover()
        seen.notebook.mouse.down()
        seen.notebook.mouse.move(track["x"] + track["width"], track["y"] + track["height"] / 2, steps=5)
        seen.notebook.mouse.up()
        seen.settle(**{name: 5})
        handle.press("Home")
        handle.press("ArrowRight")
        seen.settle()
    assert seen.notebook.console_errors() == []


def test_arrow_keys_walk_over_the_cells_and_leave_the_notebook_alone(lab):
    seen = Seen(lab.scratch(EXPLORER, "1 + 1"))
    seen.canvas(OUTPUT).focus()
    for key, place in [
        ("ArrowDown", "25, 24"),
        ("ArrowRight", "25, 25"),
        ("ArrowUp", "24, 25"),
        ("Home", "24, 0"),
        ("ArrowLeft", "24, 0"),
        ("End", "24, 47"),
        ("Escape", "24, 24"),
    ]:
        seen.notebook.keyboard.press(key)
        seen.notebook.wait_for_function(
            "place => document.querySelector('.convscope-readout').textContent.startsWith(`max pool[${place}]`)",
            arg=place,
        )
    for letter in "abdxy":  # JupyterLab's own keys for new, copied and deleted cells
        seen.notebook.keyboard.press(letter)
    assert len(seen.notebook.outputs()) == 2
    seen.canvas(INPUT).focus()
    expect(seen.notebook.locator(READOUT)).to_contain_text("input[48, 48] = ")


def test_python_and_the_browser_show_one_state(lab):
    seen = Seen(lab.scratch(EXPLORER, "explorer.set(kind='average', size=5, stride=3)"))
    seen.settle(kind="average", size=5, stride=3)
    assert seen.control("size").get_attribute("aria-valuenow") in ("5", "5.0")
    assert seen.control("kind").input_value() == "average"
    output, *colours = expected(kind="average", size=5, stride=3)
    assert same_picture(seen.colours(OUTPUT, *output.shape), output, *colours)
    seen.run()
    seen.run()
    assert seen.notebook.cell_errors() == [] and seen.notebook.console_errors() == []


COUNT_FRAMES = """() => {
    const paint = CanvasRenderingContext2D.prototype.putImageData;
    window.painted = 0;
    CanvasRenderingContext2D.prototype.putImageData = function (...args) { window.painted++; paint.apply(this, args) };
}"""
TEN_FRAMES = """() => new Promise(done => {
    const next = left => left ? requestAnimationFrame(() => next(left - 1)) : done(window.painted);
    next(10);
})"""


def test_a_drag_of_a_hundred_steps_ends_on_the_last(lab):
    seen = Seen(lab.scratch(EXPLORER))
    handle, page = seen.control("size"), seen.notebook
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
    page.evaluate(COUNT_FRAMES)
    handle.hover()
    page.mouse.down()
    for step in range(100):
        share = abs(step % 20 - 10) / 10  # to and fro
        page.mouse.move(track["x"] + share * track["width"], track["y"] + track["height"] / 2)
    page.mouse.move(track["x"] + 0.5 * track["width"], track["y"] + track["height"] / 2)
    page.mouse.up()
    page.settle()
    seen.settle(size=3)
    painted = page.evaluate("() => window.painted")
    assert 0 < painted == page.evaluate(TEN_FRAMES)  # nothing comes after the last
    output, *colours = expected(size=3)
    assert same_picture(seen.colours(OUTPUT, *output.shape), output, *colours)


KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape", "Tab", "Enter", *"5.-+abdxyz"]
STATE = """
own = {name: getattr(explorer, name) for name in explorer.settings}
own |= {"image": explorer.image.tolist(), "grad_y": explorer.grad_y.tolist(), "sentence": explorer.sentence}
print(repr(own | {"changes": len(explorer._history.past)}))
"""


PARTS = ".noUi-target, select, button, canvas, [type=checkbox], summary"


def touch(part, monkey):
    """Choose any of a list, or press anywhere on a control or canvas, once or twice. Returns what was done."""
    if part.evaluate("part => part.tagName") == "SELECT":
        chosen = int(monkey.integers(part.locator("option").count()))
        part.select_option(index=chosen)
        return f"chose option {chosen}"
    box, times = part.bounding_box(), int(monkey.integers(1, 3))
    place = {"x": monkey.random() * box["width"], "y": monkey.random() * box["height"]}
    part.click(position=place, force=True, click_count=times)
    return f"{times} × clicked at {place}"


# A walk that failed is walked again: MONKEYS=7 python3 tools/test.py tests/browser/test_explorers.py -k monkey
@pytest.mark.parametrize("seed", os.environ.get("MONKEYS", "5 6").split())
def test_a_monkey_leaves_no_error_and_a_true_picture(lab, seed):
    print(f"The walk of MONKEYS={seed}:")  # shown with a failure
    seen, monkey = Seen(lab.scratch(EXPLORER, STATE)), np.random.default_rng(int(seed))
    page = seen.notebook
    page.on("filechooser", lambda chooser: None)  # a dialog that nobody answers would stop the page
    parts = page.locator(".convscope-explorer").locator(PARTS).locator("visible=true")
    for _ in range(100):
        count = parts.count()
        part = int(monkey.integers(count))
        print(f"part {part} of {count}:", touch(parts.nth(part), monkey))
        page.settle()
        expect(page.locator(".noUi-state-tap")).to_have_count(0)  # a handle on its way would take the next click
        if page.evaluate("() => document.activeElement.closest('.convscope-explorer') !== null"):
            key = str(monkey.choice(KEYS))
            page.keyboard.press(key)
            print("pressed", key)
        page.settle()
    page.keyboard.press("Escape")
    page.mouse.move(2, 2)
    page.settle()
    page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-cell')")
    page.wait_for_function("() => jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.length")
    state = ast.literal_eval(page.outputs()[1][0]["text"])
    assert state.pop("changes") > 3
    sentence = state.pop("sentence")
    print(sentence)
    if not state["gradient"]:
        del state["grad_y"]
    page.show(page.locator(CANVAS).first)
    seen.settle(sentence)
    explorer = PoolingExplorer(**state)
    read = np.ix_(*(np.unique(windows[windows >= 0]) for windows in explorer.state.windows))
    for i, panel in enumerate(explorer._view.panels):
        values = np.frombuffer(explorer._view.arrays[i], "<f4").reshape(panel["shape"])
        shown = seen.colours(i, *values.shape)
        if i == INPUT:  # what is never read is dotted
            shown, values = shown[read], values[read]
        assert same_picture(shown, values, panel["colours"], panel["low"], panel["high"]), panel["title"]
    assert page.console_errors() == []


@pytest.mark.parametrize("width", [480, 760, 1280])
def test_nothing_is_wider_than_its_column(lab, width):
    seen = Seen(lab.scratch(EXPLORER, width=width))
    too_wide = seen.notebook.evaluate(
        """() => {
            const frame = document.querySelector('.convscope-explorer').getBoundingClientRect();
            return [...document.querySelectorAll('.convscope-explorer *')].filter(part => {
                const place = part.getBoundingClientRect();
                return place.width > 1 && (place.right > frame.right + 2 || place.left < frame.left - 2);
            }).map(part => part.className.toString());
        }"""
    )
    assert too_wide == []


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


def test_a_stack_of_layers_answers_to_its_slider(lab):
    seen = Seen(lab.scratch("from convscope import ReceptiveFieldExplorer\nReceptiveFieldExplorer()"))
    assert seen.notebook.locator(CANVAS).count() == 2
    seen.control("layers").press("End")
    seen.notebook.wait_for_function("() => document.querySelectorAll('.convscope-canvas').length === 5")
    seen.notebook.wait_for_function(
        "() => document.querySelector('.convscope-readout').textContent.startsWith('layer 4[')"
    )
    words = seen.text("readout")
    assert words.startswith("layer 4[32, 32]") and "in all sees input rows 28–36, columns 28–36" in words
    assert seen.notebook.console_errors() == []


def test_a_picture_is_dragged_and_moved_by_keys_and_its_map_is_that_of_the_moved_picture(lab):
    seen = Seen(lab.scratch("from convscope import ShiftExplorer\nShiftExplorer(stride=2)"))
    page = seen.notebook

    def drag(rows, columns):
        box = seen.canvas(INPUT).bounding_box()
        x, y, cell = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 48
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + columns * cell, y + rows * cell, steps=9)

    def shows(shift):
        state = ShiftExplorer(stride=2, shift=shift)
        seen.settle(sentence=state.sentence)
        for i, panel in enumerate(state._view.panels[:4]):
            values = np.frombuffer(state._view.arrays[i], "<f4").reshape(panel["shape"])
            colours = panel["colours"], panel["low"], panel["high"]
            assert same_picture(seen.colours(i, *values.shape), values, *colours)

    drag(2, -3)
    shows((2, -3))  # while the button is down
    page.mouse.up()
    drag(20, 1)  # beyond the margin: no further than there is room
    page.mouse.up()
    shows((8, -2))
    seen.canvas(INPUT).focus()
    for key in ["ArrowUp"] * 9 + ["ArrowRight"] * 3:
        page.keyboard.press(key)
    shows((-1, 1))
    page.get_by_role("button", name="reset").click()
    shows((0, 0))
    seen.canvas(INPUT).press("ArrowLeft")
    shows((0, -1))
    assert page.console_errors() == []


def test_a_window_names_its_winner_and_a_changed_number_takes_its_place(lab):
    seen = Seen(lab.scratch("from convscope import PoolingExplorer\nPoolingExplorer(gradient=True)"))
    seen.hover(1, 2, 1)
    words = "max pool[2, 1] = 3; reads input rows 4–5, columns 2–3; won by input[5, 2]"
    assert seen.text("readout") == words
    seen.hover(2, 2, 1)
    assert seen.text("readout").endswith("; goes to gradient of the input[5, 2]")
    seen.canvas(INPUT).focus()  # its middle: [3, 3]
    for key in ["ArrowLeft", "7", "Enter"]:
        seen.notebook.keyboard.press(key)
    numbers = PoolingExplorer().image.copy()
    numbers[3, 2] = 7
    state = PoolingExplorer(numbers, gradient=True)
    seen.settle(sentence=state.sentence)
    for i, panel in enumerate(state._view.panels):
        values = np.frombuffer(state._view.arrays[i], "<f4").reshape(panel["shape"])
        shown = seen.colours(i, *values.shape)[:6, :6]  # the last row and column of the input are dotted: never read
        assert same_picture(shown, values[:6, :6], panel["colours"], panel["low"], panel["high"])
    seen.hover(1, 1, 1)
    assert seen.text("readout").endswith("= 7; reads input rows 2–3, columns 2–3; won by input[3, 2]")
    assert seen.notebook.console_errors() == []


def test_feature_maps_follow_their_controls_and_a_click_shows_the_kernel(lab):
    # so wide that each cell of a small map has a pixel of its own: smaller ones are blended
    seen = Seen(lab.scratch("from convscope import FeatureMapsExplorer\nFeatureMapsExplorer()", width=1440))
    page = seen.notebook
    assert page.locator(CANVAS).count() == 1 + 4 + 4 + 6 + 4
    seen.control("stride").press("ArrowRight")
    explorer = FeatureMapsExplorer(stride=2)
    seen.settle(explorer.sentence)
    for panel, values in [(3, explorer.state.outputs[1][2]), (10, explorer.state.outputs[3][1])]:
        shown = seen.colours(panel, *values.shape)
        assert same_picture(shown, values, "grey", 0, values.max())
    seen.canvas(3).click(position={"x": 20, "y": 30})
    expect(page.get_by_text("kernel of layer 1, map 2")).to_be_visible()
    words = seen.text("readout")
    row, column = map(int, re.match(r"layer 1, map 2\[(\d+), (\d+)\] = ", words).groups())
    explorer.set(layer=1, unit=(2, row, column))
    seen.settle(explorer.sentence)
    assert page.locator(CANVAS).count() == 1 + 4 + 4 + 6 + 1 and "used by 1 cell of layer 2" in words
    assert seen.text("sum-title") == f"layer 1, map 2[{row}, {column}] is a sum of 9 products:"
    seen.canvas(9).focus()  # the first map of layer 3
    page.keyboard.press("Enter")
    expect(page.get_by_text("kernel of layer 3, map 0")).to_be_visible()
    expect(page.locator(".convscope-readout")).to_contain_text("reads layer 2 rows 24–26, columns 24–26 (each of 4")
    expect(page.locator(".convscope-sum-title")).to_contain_text("36 products; the 9 largest:")
    assert page.console_errors() == []


def test_channels_are_mixed_by_slider_and_by_cell(lab):
    seen = Seen(lab.scratch("from convscope import ChannelMixer\nChannelMixer()"))
    page = seen.notebook
    assert seen.control("weights").input_value() == "grey"  # though the sliders round what they show
    seen.control("weights").select_option("invert")
    mixer = ChannelMixer(weights="invert")
    seen.settle(mixer.sentence)
    assert same_picture(seen.colours(6, 96, 96), *shown_as(mixer, 0))
    seen.control("red").press("End")
    seen.settle(ChannelMixer(weights=[[2, 0, 0], [0, -1, 0], [0, 0, -1]], bias=1).sentence)
    seen.canvas(8).focus()  # the weight of green in output 1
    page.keyboard.press("Enter")
    page.keyboard.type("1/2")
    page.keyboard.press("Enter")
    mixer = ChannelMixer(weights=[[2, 0, 0], [0, 0.5, 0], [0, 0, -1]], bias=1)
    seen.settle(mixer.sentence)
    assert same_picture(seen.colours(10, 96, 96), *shown_as(mixer, 1))
    expect(seen.control("green")).to_have_attribute("aria-valuenow", "0.5")
    box = seen.canvas(10).bounding_box()
    seen.canvas(10).hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator(".convscope-sum-title")).to_have_text(
        re.compile(r"^output 1\[4\d, 4\d\] is a sum of 3 products:$")
    )
    assert "largest difference: 0" in seen.text("caption") and page.console_errors() == []


def shown_as(mixer, output):
    """An output with its colours, as the mixer's panel has them."""
    panel = mixer._view.panels[6 + 4 * output]
    return mixer.output[output], panel["colours"], panel["low"], panel["high"]


@pytest.mark.parametrize("label", ["size", "kind"])
def test_letters_on_controls_are_not_for_the_notebook(lab, label):
    seen = Seen(lab.scratch(EXPLORER, "1 + 1"))
    seen.control(label).focus()
    for letter in "abxdy":
        seen.notebook.keyboard.press(letter)
    seen.notebook.settle()
    assert len(seen.notebook.outputs()) == 2
