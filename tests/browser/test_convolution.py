"""The convolution explorer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import io
import json
import re
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from shown import SCREENS, SEEDS, Shown, colours_agree, monkey, number, python, until

from convscope import ConvolutionExplorer
from convscope.explore.page import state_of

CARDS = ("window", "kernel", "products", "sum")


class Convolution(Shown):
    def __init__(self, page, nth=0):
        super().__init__(page, nth)
        self.chance = np.random.default_rng(0)

    def card(self, which):
        return self.root.locator(".card").nth(CARDS.index(which))

    def cell(self, card, i):
        return self.card(card).locator(".cell").nth(i)

    def numbers(self, card):
        return list(map(number, self.card(card).locator(".cell").all_inner_texts()))

    def check(self, label):
        self.root.get_by_label(label).check()

    def type(self, i, text):
        """Another weight, by hand."""
        self.cell("kernel", i).click()
        self.keyboard.type(text)
        self.keyboard.press("Enter")

    def drag(self, i, up, steps):
        """Press on a weight and move up by so many pixels."""
        box = self.cell("kernel", i).bounding_box()
        x, y = box["x"] + 20, box["y"] + 20
        self.mouse.move(x, y)
        self.mouse.down()
        self.mouse.move(x, y - up, steps=steps)
        return x, y - up

    def marked(self):
        """Row and column of the output that is written out."""
        return tuple(map(int, re.findall(r"\d+", self.settle().card("sum").locator(".note").inner_text())))

    def at_widths(self, *widths):
        """Go on at these widths of the window, one after another."""
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.settle()
            yield width

    def is_true(self, image=None):
        """Sizes, colours and a sum on show, of another cell each time, are those of NumPy for the settings on show."""
        explorer = self.expected(image)
        output = explorer.output
        assert self.note("output") == " × ".join(map(str, output.shape))
        results = self.root.locator(".result").all_inner_texts()
        assert list(map(int, results)) in ([], list(output.shape), list(output.shape[:1]))
        assert colours_agree(self, "output", output, explorer.state.panels[2].scale)
        self.hover("output", *(int(self.chance.choice([0, n - 1, self.chance.integers(n)])) for n in output.shape))
        row, column = self.marked()  # a cell of a fraction of a pixel is hard to hit
        assert self.total() == pytest.approx(output[row, column], rel=6e-3, abs=1e-6 * abs(output).max() + 1e-9)
        self.mouse.move(1, 1)
        return explorer


MOUNT = """async ([module, ...states]) => {
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    const { mount, render, revived } = await import(url);
    for (const state of states) mount(render, document.body, revived(state));
}"""


def on_one_page(page, *states):
    """An explorer for each of these states, on an empty page."""
    page.evaluate(MOUNT, [ConvolutionExplorer._esm, *states])
    return [Convolution(page.page, nth) for nth in range(len(states))]


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Convolution)


@pytest.fixture
def notebook(open_notebook):
    return partial(open_notebook, Convolution)


def test_every_control_works_without_python(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    shown.more()
    for name in ("kernel size", "stride", "dilation", "zeros a side"):
        shown.slider(name).press("ArrowRight")
        explorer = shown.is_true()
    assert (explorer.kernel_size, explorer.stride, explorer.dilation) == (4, 2, 2)
    for word in ("valid", "full", "same"):
        shown.radio(word).check()
        assert shown.expected().padding == word
    shown.choose("kernel", "emboss")
    shown.choose("image", "kitten in colour")
    explorer = shown.is_true()
    assert (explorer.state.preset, explorer.state.picture) == ("emboss", "kitten in colour")
    shown.choose("image", "step edge")
    shown.check("flip the kernel")
    assert shown.is_true().flip is True
    shown.check("rows and columns apart")
    shown.slider("kernel columns").press("ArrowRight")
    shown.slider("stride columns").press("ArrowRight")
    explorer = shown.is_true()
    assert explorer.kernel_size == (4, 5) and explorer.stride == (2, 3)
    shown.root.get_by_label("rows and columns apart").uncheck()
    assert shown.is_true().kernel_size == 4
    shown.check("one scale")
    shown.settle()
    assert shown.canvas("output").bounding_box()["width"] < shown.canvas("input").bounding_box()["width"]


def test_what_cannot_be_is_not_on_offer_and_says_why(pages):
    shown = pages(ConvolutionExplorer("numbers", "box blur", padding="valid"))
    slider = shown.slider("kernel size")
    assert slider.get_attribute("max") == "7" and "does not fit into 7 pixels" in slider.get_attribute("title")
    shown.slider("kernel size").press("Home")
    option = shown.root.locator("option", has_text="Laplacian")
    expect(option).to_be_disabled()
    assert "kernel_size must be from 3 to 11" in option.get_attribute("title")
    shown.slider("kernel size").press("End")
    assert shown.expected().kernel_size == 7


def test_controls_that_the_lesson_does_not_need_are_behind_more(pages):
    shown = pages(ConvolutionExplorer("numbers", controls=["kernel_size"]))
    assert shown.slider("kernel size").is_visible() and not shown.slider("stride").is_visible()
    shown.more()
    assert shown.slider("stride").is_visible()


def test_weights_are_dragged_typed_stepped_and_refused(pages):
    shown = pages(ConvolutionExplorer("numbers", padding="valid"))
    shown.drag(4, up=41, steps=8)  # ten steps of 0.1
    shown.mouse.up()
    assert shown.is_true().kernel[1, 1] == 1
    shown.type(0, "1/4")
    assert shown.expected().kernel[0, 0] == 0.25
    for key in ("ArrowRight", "ArrowDown", "+"):
        shown.keyboard.press(key)
    assert shown.is_true().kernel[1, 1] == 1.1
    shown.keyboard.press("Enter")
    shown.keyboard.type("1,000")
    shown.keyboard.press("Enter")
    assert "without a comma" in shown.text(".readout") and shown.root.get_by_role("alert").is_visible()
    assert shown.root.locator(".field").get_attribute("aria-invalid") == "true"
    shown.keyboard.press("Escape")
    assert shown.root.locator(".field").count() == 0 and shown.expected().kernel[1, 1] == 1.1
    for _ in range(3):  # the drag was one step
        shown.button("undo").click()
    assert shown.is_true().state.preset == "Sobel x" and shown.button("undo").is_disabled()
    shown.button("redo").click()
    assert shown.expected().kernel[1, 1] == 1
    shown.button("reset").click()
    assert shown.expected().state.preset == "Sobel x" and shown.button("reset").is_disabled()
    shown.choose("kernel", "your own")  # the last own one stays on offer
    assert shown.is_true().state.preset == "your own"


def test_a_released_drag_changes_nothing_and_selects_nothing(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    x, y = shown.drag(4, up=41, steps=4)
    assert shown.page.evaluate("() => String(getSelection())") == ""
    shown.card("kernel").locator(".cells").evaluate("grid => grid.releasePointerCapture(1)")
    for further in (-1, 41):
        shown.mouse.move(x, y + further, steps=4)
        assert shown.expected().kernel[1, 1] == 1
    shown.mouse.up()


def test_each_channel_has_a_slice_with_a_name_and_room_for_fingers(pages):
    shown = pages(ConvolutionExplorer("kitten in colour", "box blur"))
    middle = shown.cell("kernel", 13)  # of the second slice
    for width in shown.at_widths(390, 1000):
        assert shown.card("kernel").locator(".names").inner_text().split() == ["red", "green", "blue"]
        box = middle.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        shown.cell("window", 20).hover()
        assert ", blue: " in shown.text(".readout")
        assert shown.root.bounding_box()["height"] <= 640 or width < 700
    assert middle.get_attribute("aria-label") == "weight, row 1, column 1, green"
    shown.type(13, "-2")
    explorer = shown.is_true()
    assert explorer.kernel[1, 1, 1] == -2 and (explorer.kernel == -2).sum() == 1


def test_what_was_done_is_undone_and_done_again_by_keys(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    slider = shown.slider("stride")
    slider.press("ArrowRight")
    slider.press("Control+z")
    assert shown.is_true().stride == 1
    for key in ("Control+Shift+Z", "Control+y"):
        shown.keyboard.press(key)
        assert shown.expected().stride == 2
        shown.keyboard.press("Control+z")
    shown.canvas("output").focus()
    shown.keyboard.press("Control+y")
    assert shown.is_true().stride == 2
    shown.cell("kernel", 0).click()
    shown.keyboard.type("5")
    shown.keyboard.press("Control+z")  # of the field alone
    assert shown.root.locator(".field").is_visible() and shown.expected().stride == 2


def test_two_explorers_on_one_page_share_nothing(open_page):
    page, made = open_page(), (ConvolutionExplorer("numbers"), ConvolutionExplorer("letter", stride=2))
    first, second = on_one_page(page, *map(state_of, made))
    first.slider("stride").press("ArrowRight")
    second.slider("kernel size").press("ArrowRight")
    second.keyboard.press("Control+z")
    assert (first.is_true().stride, first.expected().kernel_size) == (2, 3)
    assert (second.is_true().stride, second.expected().kernel_size) == (2, 3)
    assert page.console_errors() == []


REFUSED = [
    ({"kernel_size": 999}, "from 1 to 11"),
    ({"stride": 0}, "from 1 to 4"),
    ({"image": "dog"}, "image 'dog' is unknown"),
    ({"kernel": "x" * 5000}, f"kernel '{'x' * 59}… is unknown"),
    ({"kernel": [[1, 2], [3]]}, "kernel must be"),
    ({"kernel": None}, "kernel must be"),
    ({"padding": "half"}, "padding must be"),
    ({"flip": "yes"}, "flip must be"),
    ({"padding": "valid", "dilation": 3, "kernel_size": 4}, "does not fit"),
]


def test_what_a_link_asks_for_and_cannot_be_is_refused_and_a_possible_state_is_shown(open_page):
    page, explorer = open_page(), ConvolutionExplorer("numbers")
    state = json.loads(state_of(explorer))
    asked = [state["_said"] | {"settings": explorer.state.settings | settings} for settings, _ in REFUSED]
    shown = on_one_page(page, *(json.dumps(state | {"_said": said}) for said in asked))
    for each, (settings, words) in zip(shown, REFUSED, strict=True):
        assert words in each.text(".readout"), settings
        assert each.expected().state.settings == explorer.state.settings
        each.slider("stride").press("ArrowRight")
        assert each.expected().stride == 2
    assert shown[-1].is_true() and page.console_errors() == []


def test_a_picture_of_one_row_leaves_every_title_in_sight(pages):
    shown = pages(ConvolutionExplorer(np.random.default_rng(0).random((1, 256)), "box blur", kernel_size=(1, 3)))
    headings = shown.root.locator("h3").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"
    )
    pictures = [shown.canvas(which).bounding_box() for which in ("input", "output")]
    for box in pictures:
        assert not [top for top, bottom in headings if top < box["y"] + box["height"] - 1 and bottom > box["y"] + 1]


def test_the_marked_cell_is_a_sum_that_adds_up(pages):
    shown = pages(ConvolutionExplorer("numbers", stride=2))
    for row, column in [(0, 0), (1, 2), (3, 3)]:
        shown.hover("output", row, column)
        terms = [number(term) for term in shown.root.locator(".term").all_inner_texts()]
        assert len(terms) == 9 and f"({row}, {column})" in shown.text(".readout")
        products = shown.numbers("products")
        assert sum(products) == pytest.approx(shown.total()) and sorted(map(abs, products)) == sorted(terms)
    shown.cell("window", 5).hover()
    assert shown.text(".readout").startswith("Pixel (") and shown.root.locator(".term.hot").count() == 1
    assert shown.root.locator(".cell.hot").count() == 3  # one place is the same place in all three grids


def test_it_begins_at_the_largest_answer_that_is_not_at_the_rim(pages):
    ramp = np.add.outer(np.arange(40.0), np.arange(24.0))
    for image in (ramp, -ramp[::-1, ::-1]):
        explorer = ConvolutionExplorer(image, "box blur")
        assert pages(explorer).marked() == explorer.state.marked


def test_an_input_pixel_is_looked_back_from(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    # places in the padded input: a corner, an edge, the middle, padding
    for (row, column), outputs in {(1, 1): 4, (1, 4): 6, (4, 4): 9, (0, 4): 3}.items():
        shown.hover("input", row, column)
        words = shown.text(".readout")
        assert f"is read by {outputs} outputs, through {outputs} weights." in words
        assert words.startswith("This zero of padding" if row == 0 else f"Pixel ({row - 1}, {column - 1}) = ")


def test_transposed_each_pixel_adds_the_kernel(pages):
    shown = pages(ConvolutionExplorer("numbers", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], padding="valid"))
    shown.more()
    shown.check("transposed")
    explorer = shown.is_true()
    assert explorer.transposed is True and explorer.output.shape == (9, 9)
    shown.slider("stride").press("ArrowRight")
    assert shown.is_true().output.shape == (15, 15)
    shown.hover("input", 4, 4)
    assert "adds the kernel, times itself, to 9 outputs." in shown.text(".readout")
    below = {(4, 4): "rows 1 to 2, columns 1 to 2.", (4, 5): "rows 1 to 2, column 2.", (0, 1): "row 0, column 0."}
    for place, reads in below.items():
        shown.hover("output", *place)
        assert shown.marked() == place and f" reads {reads}" in shown.text(".readout")
        assert sum(shown.numbers("products")) == pytest.approx(shown.total())
    shown.type(0, "-1")  # drawn by half a turn: the last weight of the kernel
    assert shown.is_true().kernel.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, -1]]
    shown.slider("crop a side").press("ArrowRight")
    explorer = shown.expected()
    assert (explorer.padding, explorer.output.shape) == (1, (13, 13))
    for name in ("kernel size", "dilation"):
        shown.slider(name).press("ArrowRight")
        shown.is_true()
    shown.radio("same").check()
    shown.check("flip the kernel")
    shown.choose("image", "kitten in colour")
    explorer = shown.is_true()
    assert explorer.flip and explorer.transposed and explorer.output.shape == (192, 192)
    shown.check("one scale")
    shown.settle()
    sizes = [shown.canvas(which).bounding_box()["width"] for which in ("input", "output")]
    assert sizes[1] == pytest.approx(2 * sizes[0])
    shown.button("reset").click()
    assert shown.is_true().transposed is False
    shown.button("undo").click()
    assert shown.expected().transposed is True


def test_an_output_that_no_pixel_reaches_is_zero(pages):
    shown = pages(ConvolutionExplorer("numbers", "identity", kernel_size=1, stride=3, transposed=True))
    shown.hover("output", 7, 7)
    assert shown.total() == 0 and shown.text(".readout") == "Output (7, 7) reads no pixel."
    shown.hover("output", 6, 6)
    assert shown.text(".readout") == "Output (6, 6) reads row 2, column 2." and shown.is_true()


def test_a_crop_of_everything_is_not_on_offer_and_says_why(pages):
    shown = pages(ConvolutionExplorer("numbers", padding=15))
    shown.more()
    box = shown.root.get_by_label("transposed")
    expect(box).to_be_disabled()
    assert "padding crops 30 of 9 pixels" in box.get_attribute("title")
    shown.slider("zeros a side").press("Home")
    box.check()
    assert shown.slider("crop a side").get_attribute("max") == "4" and shown.is_true().transposed


def test_keys_walk_and_the_mark_keeps_its_pixels(pages):
    shown = pages(ConvolutionExplorer("kitten"))
    shown.canvas("output").focus()
    columns = []
    for key in ["Home", "ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft"]:
        shown.keyboard.press(key)
        columns.append(shown.marked()[1])
    assert columns[1:] == [1, 2, 95, 95, 94]
    shown.hover("output", 40, 30)
    shown.canvas("output").click(position=shown.place("output", 40, 30))
    shown.mouse.move(1, 1)
    shown.slider("stride").press("ArrowRight")
    row, column = shown.marked()
    assert abs(2 * row - 40) <= 1 and abs(2 * column - 30) <= 2
    shown.more()
    shown.check("transposed")
    row, column = shown.marked()
    assert abs(row / 2 - 40) <= 1 and abs(column / 2 - 30) <= 1


def test_play_sweeps_pauses_and_steps(pages):
    shown = pages(ConvolutionExplorer("numbers", padding="valid"), reduced_motion="reduce")
    shown.button("one step on").click()
    first = shown.text(".readout")
    shown.button("one step on").click()
    assert shown.text(".readout") != first
    shown.button("play").click()
    shown.button("pause").wait_for()
    shown.page.wait_for_function(
        """before => {
            const { shadowRoot } = document.querySelector("#explorer > div");
            return shadowRoot.querySelector(".readout").textContent !== before;
        }""",
        arg=shown.text(".readout"),
    )
    shown.button("pause").click()
    shown.button("play").wait_for()
    place = shown.text(".readout")
    assert shown.settle().text(".readout") == place
    shown.is_true()


def encoded(picture, format):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format)
    return stream.getvalue()


def test_pictures_of_ones_own_and_what_is_none(pages):
    shown = pages(ConvolutionExplorer("kitten", "box blur"))
    chosen = shown.root.locator("input[type=file]")

    def choose(name, content):
        chosen.set_input_files({"name": name, "mimeType": "image/png", "buffer": content})

    huge = encoded(np.zeros((1, 1), np.uint8), "PNG")
    huge = huge[:16] + (10_000).to_bytes(4, "big") + (6_000).to_bytes(4, "big") + huge[24:]
    orange = np.tile(np.array([255, 128, 0], np.uint8), (60, 80, 1))
    for name, content, words in [
        ("notes.txt", b"no picture at all", "notes.txt is no PNG, JPEG, WebP or GIF picture; choose one that is."),
        ("empty.png", b"", "empty.png is no PNG"),
        ("huge.png", huge, "huge.png has 60 megapixels; choose one of at most 50."),
        ("broken.png", encoded(orange, "PNG")[:60], "broken.png is broken: the browser cannot read it."),
        ("<img src=x onerror=alert(1)>.png", b"", "<img src=x onerror=alert(1)>.png is no PNG"),
    ]:
        choose(name, content)
        expect(shown.root.locator(".readout")).to_contain_text(words)
        assert shown.note("input") == "96 × 96"
    grey = np.random.default_rng(0).integers(0, 256, (40, 50), dtype=np.uint8)
    for name, content, size in [
        ("grey.png", encoded(grey, "PNG"), "40 × 50"),
        ("small.webp", encoded(orange, "WEBP"), "60 × 80"),
        ("small.gif", encoded(orange, "GIF"), "60 × 80"),
        ("wide.jpg", encoded(np.repeat(np.repeat(orange, 5, 0), 10, 1), "JPEG"), "96 × 256"),
    ]:
        choose(name, content)
        expect(shown.root.locator(".picture .note").first).to_have_text(size)
        slices = shown.card("kernel").locator(".slice").count()
        assert slices == (0 if name == "grey.png" else 3)  # grey stays grey
    for _ in range(3):
        shown.button("undo").click()
    shown.is_true(grey / np.float32(255))
    shown.choose("image", "kitten")
    shown.choose("image", "your own")
    shown.is_true(grey / np.float32(255))


def test_a_picture_is_dropped_or_pasted(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    picture = list(encoded(np.full((5, 6), 128, np.uint8), "PNG"))
    for kind in ("drop", "paste"):
        shown.canvas("input").hover()  # what is pasted goes to the explorer under the pointer
        shown.root.locator(".frame").first.evaluate(
            """(frame, [kind, bytes]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], "own.png", {type: "image/png"}));
                frame.dispatchEvent(kind === "drop" ? new DragEvent("drop", {dataTransfer: transfer, bubbles: true})
                    : new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, composed: true}));
            }""",
            [kind, picture],
        )
        expect(shown.root.locator(".picture .note").first).to_have_text("5 × 6")
        shown.button("undo").click()
        expect(shown.root.locator(".picture .note").first).to_have_text("7 × 7")


@pytest.mark.parametrize("width", SCREENS)
def test_it_fits_and_nothing_jumps(pages, width):
    shown = pages(ConvolutionExplorer("numbers"), width=width, height=700)
    before = shown.places()
    keys = [("stride", "ArrowRight"), ("kernel size", "ArrowRight"), ("stride", "End"), ("kernel size", "Home")]
    for name, key in keys:
        shown.slider(name).press(key)
        assert shown.settle().places() == before
        assert shown.overflow() <= 0
    assert (
        shown.root.bounding_box()["height"] <= (640 if width >= 1000 else 660) or width <= 700
    )  # there, it is stacked
    shown.more()
    before = shown.settle().places()
    shown.check("transposed")
    assert shown.settle().places() == before
    assert shown.overflow() <= 0 and shown.cut_off() == []


def test_targets_are_large_enough_for_fingers(pages):
    shown = pages(ConvolutionExplorer("numbers"), width=390, has_touch=True)
    sizes = shown.root.evaluate(
        """root => [...root.querySelectorAll("button, select, input[type=range]")]
            .map(node => node.getBoundingClientRect().height)"""
    )
    assert min(size for size in sizes if size) >= 44


def test_the_theme_is_followed_while_it_changes(pages):
    shown = pages(ConvolutionExplorer("kitten"))
    shown.page.emulate_media(color_scheme="dark")
    shown.root.and_(shown.page.locator(".dark")).wait_for()
    shown.is_true()
    shown.page.evaluate("() => document.documentElement.dataset.theme = 'light'")  # a site's own switch wins
    shown.page.locator(".explorer:not(.dark)").wait_for()
    shown.is_true()


@pytest.mark.parametrize("settings", [{}, {"stride": 2, "transposed": True}])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_leaves_no_error_and_a_true_picture(pages, seed, settings):
    monkey(pages(ConvolutionExplorer("numbers", **settings), theme="dark"), seed)


# ---- with Python behind it

MAKE = "from convscope import ConvolutionExplorer\nexplorer = ConvolutionExplorer('numbers')\nexplorer"


def background(notebook, code):
    """Have the kernel begin with it."""
    notebook.page.evaluate(
        "code => { jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code}) }", code
    )


def test_a_hand_and_a_program_change_one_state(notebook):
    opened, shown = notebook(MAKE)
    shown.slider("stride").press("ArrowRight")
    until(opened, "print(explorer.stride, explorer.output.shape)", "2 (4, 4)")
    shown.cell("kernel", 0).click()
    shown.keyboard.type("5")
    shown.keyboard.press("Enter")
    until(opened, "print(explorer.kernel[0, 0], explorer.state.preset)", "5.0 your own")
    python(opened, "explorer.set(kernel='Laplacian', kernel_size=5, stride=1)")
    expect(shown.slider("kernel size")).to_have_js_property("value", "5")
    assert shown.is_true().state.preset == "Laplacian"
    python(opened, "import numpy as np\nexplorer.image = np.eye(9)")
    expect(shown.root.locator(".picture .note").first).to_have_text("9 × 9")
    shown.is_true(np.eye(9))
    assert "whole number from 1 to 4" in python(opened, "explorer.stride = 9")
    assert opened.console_errors() == []


def test_letters_are_for_the_explorer_and_shortcuts_for_jupyterlab(notebook):
    opened, shown = notebook(MAKE, "1 + 1")
    for part in (shown.slider("stride"), shown.canvas("output"), shown.cell("kernel", 0)):
        part.focus()
        for letter in "abx":  # JupyterLab's own keys for new and deleted cells
            shown.keyboard.press(letter)
    assert len(opened.outputs()) == 2
    shown.keyboard.press("Control+s")
    opened.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
    shown.slider("stride").press("ArrowRight")
    shown.keyboard.press("Control+z")
    assert shown.is_true().stride == 1
    until(opened, "print(explorer.stride)", "1")
    assert len(opened.outputs()) == 2


def test_two_views_agree_and_a_loop_does_not_disturb_a_hand(notebook):
    opened, one = notebook(MAKE, "explorer")
    other = Convolution(opened.page, 1)
    one.slider("stride").press("ArrowRight")
    expect(other.slider("stride")).to_have_js_property("value", "2")
    other.slider("kernel size").press("ArrowRight")
    expect(one.slider("kernel size")).to_have_js_property("value", "4")
    loop = """import time
for i in range(150):
    explorer.dilation = i % 2 + 1
    time.sleep(0.005)
explorer.dilation = 1"""
    background(opened, loop)
    for key in ["ArrowRight", "ArrowLeft"] * 10 + ["End"]:
        one.slider("stride").press(key)
    until(opened, "print(explorer.stride, explorer.dilation)", "4 1")  # the hand's last word, and the program's
    for shown in (one, other):
        expect(shown.slider("stride")).to_have_js_property("value", "4")
        expect(shown.root.locator("pre")).not_to_contain_text("dilation=")
        assert shown.is_true().stride == 4


def test_a_busy_kernel_and_a_dead_one_are_one_quiet_line(notebook, tmp_path):
    opened, shown = notebook(MAKE)
    seen = tmp_path / "seen"
    background(opened, f"import os, time\nwhile not os.path.exists({str(seen)!r}): time.sleep(0.01)")
    shown.slider("stride").press("ArrowRight")
    assert shown.is_true().stride == 2  # at once
    expect(shown.root.locator(".status")).to_contain_text("busy")
    seen.touch()
    until(opened, "print(explorer.stride)", "2")
    expect(shown.root.locator(".status")).to_be_hidden()
    opened.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(shown.root.locator(".status")).to_contain_text("run this cell again")
    shown.slider("stride").press("ArrowRight")
    assert shown.is_true().stride == 3


def test_a_cell_run_again_leaves_no_widget_behind(notebook):
    opened, shown = notebook("from convscope import ConvolutionExplorer", "ConvolutionExplorer('numbers')")
    count = "import ipywidgets\nprint(len(ipywidgets.widgets.widget._instances))"
    before = python(opened, count)
    for _ in range(2):
        opened.run_all()
    assert python(opened, count) == before
    Convolution(opened.page).is_true()
    assert opened.page.locator(".explorer").count() == 1


@pytest.mark.parametrize("power", [1e12, 1e-9, 1e3])
def test_long_numbers_stay_in_their_places(pages, power):
    image = np.random.default_rng(0).normal(size=(6, 6)) * power
    shown = pages(ConvolutionExplorer(image))
    overflows = """root => [...root.querySelectorAll(".cell, .total, .picture header")]
        .filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"""
    for _ in shown.at_widths(390, 760, 1000):
        for row, column in [(0, 0), (2, 3), (5, 5)]:
            shown.hover("output", row, column)
            assert shown.root.evaluate(overflows) == []
        assert shown.cell("kernel", 0).inner_text() == "−1"


def test_words_agree_with_their_numbers(pages):
    shown = pages(ConvolutionExplorer(np.array([[3.0]]), "box blur", kernel_size=1))
    assert "reads row 0, column 0." in shown.text(".readout")
    assert shown.text(".rule .note") == "1 × 1 = 1 output"


def test_no_word_is_cut_off(pages):
    shown = pages(ConvolutionExplorer("kitten in colour", controls=("stride",)))
    shown.more()
    for _ in shown.at_widths(390, 760, 1000):
        shown.hover("input", 40, 40)
        assert shown.cut_off() == []


def test_large_work_says_so_and_leaves_the_page_alive(pages):
    image = np.random.default_rng(0).random((3, 512, 512))
    shown = pages(ConvolutionExplorer(image, "Gaussian", kernel_size=11))
    shown.root.locator(".readout").evaluate(
        """readout => {
            window.said = [];
            new MutationObserver(() => said.push(readout.textContent)).observe(readout, {childList: true});
        }"""
    )
    expect(shown.root.locator(".readout")).to_contain_text("reads rows")
    for _ in range(8):  # each begins the work anew, long before it could be done
        shown.slider("stride").press("ArrowRight")
        shown.slider("stride").press("ArrowLeft")
    expect(shown.root.locator(".readout")).to_contain_text("reads rows")
    assert "computing …" in shown.page.evaluate("said")
    expect(shown.root).to_have_attribute("aria-busy", "false")
    busy = shown.slider("stride").evaluate(
        """slider => {
            slider.value = 2;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            return slider.closest(".explorer").ariaBusy;
        }"""
    )
    assert busy == "true"
    shown.slider("stride").press("ArrowLeft")
    expect(shown.root).to_have_attribute("aria-busy", "false")
    assert shown.note("output") == "512 × 512"


def test_what_is_taken_back_while_it_is_worked_out_is_not_shown(pages):
    image = np.random.default_rng(0).random((3, 512, 512))
    shown = pages(ConvolutionExplorer(image, "Gaussian", kernel_size=11)).settle()
    shown.slider("stride").evaluate(
        """async slider => {
            slider.value = 2;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); // it has begun
            slider.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
        }"""
    )
    assert shown.settle().note("output") == "512 × 512"
    assert shown.button("undo").is_disabled()


def test_undo_remembers_neither_every_picture_nor_every_step(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    state = """async module => {
        const url = URL.createObjectURL(new Blob([module + "; export { Store };"], {type: "text/javascript"}));
        const { Store } = await import(url);
        const store = new Store({image: 0}, {
            change: (settings, changes) => ({ ...settings, ...changes }), weigh: ({ image }) => [image, 2 ** 20],
            changed() {}, refuse() {},
        });
        for (let image = 1; image <= 100; image++) store.ask({ image });
        const pictures = store.past.length;
        for (let step = 1; step <= 2000; step++) store.ask({ step });
        const has = (n) => store.reaches(({ image }) => image === n);
        return [pictures, store.past.length, has(1), has(100)];
    }"""
    pictures, steps, first, last = shown.page.evaluate(state, ConvolutionExplorer._esm)
    assert pictures < 32 and steps <= 500 and not first and last


def test_a_function_of_the_learners_has_its_wrong_numbers_ringed(open_notebook):
    cell = """import numpy as np
from convscope import ConvolutionExplorer

def my_conv2d(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return (windows * kernel.T).sum(axis=(2, 3))

explorer = ConvolutionExplorer("numbers", "Sobel x", padding="valid", function=my_conv2d)
explorer"""
    notebook, shown = open_notebook(Convolution, cell)
    notebook.show(shown.root)
    verdict, rings = shown.root.locator(".verdict"), shown.root.locator(".marks .wrong")
    expect(verdict).to_contain_text("18 of 25")
    expect(rings).to_have_count(18)
    right = ConvolutionExplorer("numbers", "Sobel x", padding="valid")
    wrong = ConvolutionExplorer("numbers", right.kernel.T, padding="valid")
    boxes, outer = [ring.bounding_box() for ring in rings.all()], shown.canvas("output").bounding_box()
    cell = outer["width"] / 5
    places = [[(box[axis] - outer[axis]) / cell for axis in "yx"] for box in boxes]
    np.testing.assert_allclose(places, np.argwhere(right.output != wrong.output), atol=0.2)
    shown.hover("output", 0, 1)
    expect(shown.card("sum").locator(".note")).to_contain_text("yours: ")
    shown.choose("kernel", "identity")
    expect(verdict).to_contain_text("all 25")
    expect(rings).to_have_count(0)
    assert shown.cut_off() == []
