"""The view of every explorer in the browser: sums, magnifier, motion, edits, pins and pages against NumPy's numbers."""

import inspect
import re
from importlib.resources import files

import numpy as np
import pytest

from convscope import conv2d, datasets, kernels, window_indices
from convscope.explore.page import page
from convscope.explore.view import Link, Panel, PanelsView, colour_table, in_digits


def convolution(label, pictures, weights, padding=0, stride=1, refusal=""):
    """A view of pictures (channel, row, column) under weights (channel, row, column), and the output it shows."""
    names = ["red", "green", "blue"] if len(pictures) > 1 else [""]
    padded = np.pad(pictures, ((0, 0), (padding, padding), (padding, padding)))
    tables = [window_indices(n, k, stride=stride) for n, k in zip(padded.shape[1:], weights.shape[1:], strict=True)]
    maps = [conv2d(x, w, stride=stride) for x, w in zip(padded, weights, strict=True)]
    output, last = sum(maps), 3 * len(maps) if len(maps) > 1 else 2
    inner, most = (padding, padding, *pictures.shape[1:]), abs(output).max()
    panels, links = [], []
    for i, name in enumerate(names):
        first = 3 * i
        panels += [
            Panel(f"input {name}".strip(), "picture", padded[i], "grey", 0, padded.max(), inner=inner),
            Panel(f"kernel {name}".strip(), "weights", weights[i], "signed", -2, 2, scale="kernel", editable=True),
            Panel(f"map {name}".strip() if last > 2 else "output", "map", maps[i], "signed", -most, most),
        ]
        links += [
            Link(first + 2, first, *tables),
            Link(first + 1, first, *(table.T for table in tables), weights_of=(first + 2, last)),
        ]
        if last > 2:
            links.append(Link(last, first + 2, *(np.arange(n)[:, None] for n in output.shape)))
    if last > 2:
        panels.append(Panel("output", "sum", output, "signed", -most, most))
    view = PanelsView(label=label)
    view.show(
        panels,
        links,
        selected=[last, output.shape[0] // 2, output.shape[1] // 2],
        spoken=f"{label}: {len(maps)} of {output.shape}",
        columns=3 if last > 2 else 0,
    )
    view.refusal = refusal
    return view, output


def table(**settings):
    return convolution("table", datasets.numbers()[None].astype(float), kernels.preset("Sobel x")[None], 1, **settings)


def kitten():
    return convolution("kitten", datasets.kitten(96, grey=True)[None], kernels.preset("box blur", 5)[None], 0, 4)


def colour():
    return convolution("colour", datasets.kitten(96), np.stack([kernels.preset("Sobel x")] * 3), 1)


def large():
    picture = datasets.kitten(256, grey=True).repeat(2, 0).repeat(2, 1)
    return convolution("large", picture[None], kernels.preset("Gaussian", 11)[None], 5)


IMPORTS = """import numpy as np
from convscope import conv2d, datasets, kernels, window_indices
from convscope.explore.view import Link, Panel, PanelsView"""
EDITABLE = """view, _ = table()
weights = kernels.preset("Sobel x").astype(float)
def edit(change):
    asked = change.new
    if abs(asked["value"]) > 100:
        view.refusal = "weights must be at most 100"
        return
    weights[asked["row"], asked["column"]] = asked["value"]
    new, _ = convolution("table", datasets.numbers()[None].astype(float), weights[None], 1)
    with view.hold_sync():
        for name in ("panels", "arrays", "links", "tables", "spoken"):
            setattr(view, name, getattr(new, name))
        view.refusal = ""
view.observe(edit, "request")
view"""


class Shown:
    """One view on a page or in a notebook, by its label."""

    def __init__(self, place, label):
        self.place = place
        self.root = place.show(place.locator(f'.convscope-view[aria-label="{label}"]'))

    def part(self, name):
        return self.root.locator(f".convscope-{name}")

    def text(self, name):
        self.place.settle()
        return self.part(name).first.text_content()

    def canvas(self, panel):
        return self.part("canvas").nth(panel)

    def at(self, panel, row, column, rows, columns):
        """Where in a panel's canvas a cell is, as Playwright's position."""
        box = self.canvas(panel).bounding_box()
        return {"x": (column + 0.5) * box["width"] / columns, "y": (row + 0.5) * box["height"] / rows}

    def hover(self, panel, cell, shape):
        self.canvas(panel).hover(position=self.at(panel, *cell, *shape))
        return self.text("readout")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def terms(self):
        """The terms on show as pairs of numbers: pixels and weights."""
        self.place.settle()
        written = [re.sub(r"[+ ()]|kernel \w+", "", each) for each in self.part("term").all_text_contents()]
        return np.array([[number(part) for part in each.split("·")] for each in written])

    def total(self):
        return number(self.text("sum-total").rpartition("= ")[2])

    def progress(self):
        return int(re.sub(r"\D", "", self.text("progress").split(" of ")[0]))

    def marks(self, panel, row, column, rows, columns):
        """Red, green, blue and alpha of what is drawn over the middle of a cell."""
        return (
            self.part("marks")
            .nth(panel)
            .evaluate(
                """(canvas, [y, x]) => Array.from(canvas.getContext("2d")
                .getImageData(x * canvas.width, y * canvas.height, 1, 1).data)""",
                [(row + 0.5) / rows, (column + 0.5) / columns],
            )
        )


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


@pytest.fixture(scope="module")
def notebook(lab):
    functions = "\n\n".join(inspect.getsource(each) for each in (convolution, table, kitten, colour, large))
    views = [f"{name}()[0]" for name in ("kitten", "colour", "large")]
    notebook = lab.scratch(f"{IMPORTS}\n{functions}", EDITABLE, *views, height=1000)
    notebook.run_all()
    assert notebook.cell_errors() == []
    return notebook


@pytest.fixture
def pages(open_page, tmp_path):
    """Opens the page of a view in a browser of its own kind: open(view, width=…, reduced_motion=…)."""

    def open_view(view, width=1000, height=900, **context):
        opened = open_page(viewport={"width": width, "height": height}, **context)
        (tmp_path / "page.html").write_text(page(view.label, view.spoken, view), encoding="utf-8")
        opened.errors = []
        opened.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.on("request", lambda asked: asked.url.startswith("file:") or opened.errors.append(asked.url))
        opened.goto((tmp_path / "page.html").as_uri())
        opened.settle()
        return opened

    return open_view


def test_a_small_sum_is_written_out_whole(notebook):
    seen, (_, output) = Shown(notebook, "table"), table()
    padded, weights = np.pad(datasets.numbers(), 1), kernels.preset("Sobel x")
    for row, column, outside in [(0, 0, 5), (3, 4, 0), (6, 6, 5)]:
        words = seen.hover(2, (row, column), output.shape)
        assert words.startswith(f"output[{row}, {column}] = ")
        shown = seen.terms()
        np.testing.assert_array_equal(shown[:, 0], padded[row : row + 3, column : column + 3].ravel())
        np.testing.assert_array_equal(shown[:, 1], weights.ravel())
        assert seen.total() == output[row, column] == shown.prod(axis=1).sum()
        assert seen.part("term-padding").count() == outside
    notebook.mouse.move(1, 1)


def test_a_large_sum_shows_its_largest_terms(notebook):
    seen, (view, output) = Shown(notebook, "large"), large()
    padded, weights = np.frombuffer(view.arrays[0], "<f4").reshape(522, 522), kernels.preset("Gaussian", 11)
    row, column = 100, 301
    seen.hover(2, (row, column), output.shape)
    row, column = map(int, re.findall(r"\d+", seen.text("readout"))[:2])  # the pixel of a large picture is hard to hit
    products = np.sort((padded[row : row + 11, column : column + 11] * weights).ravel())[::-1]
    np.testing.assert_allclose(seen.terms().prod(axis=1), products[:9], atol=2e-3)
    rest = re.match(r"\+ (\S+) from 112 smaller terms = (\S+)$", seen.text("sum-total"))
    assert number(rest[1]) == pytest.approx(products[9:].sum(), abs=0.005)
    assert number(rest[2]) == pytest.approx(output[row, column], abs=0.005)


def test_channels_add_up_in_rows_with_the_output_beside(notebook):
    seen, (view, output) = Shown(notebook, "colour"), colour()
    seen.hover(2, (10, 20), output.shape)  # the red map: its place in the output is written out
    row, column = map(int, re.findall(r"\d+", seen.text("readout"))[:2])
    assert seen.text("readout").startswith("map red[")
    assert seen.text("sum-title").startswith(f"output[{row}, {column}] is a sum of 27 products")
    maps = [np.frombuffer(view.arrays[i], "<f4").reshape(96, 96)[row, column] for i in (2, 5, 8)]
    parts = seen.text("sum-total").removeprefix("= ").replace("− ", "+ -").split(" = ")
    np.testing.assert_allclose([number(part) for part in parts[0].split("+ ")], maps, atol=0.006)
    assert number(parts[1]) == pytest.approx(output[row, column], abs=0.006)
    tops = [seen.canvas(i).bounding_box() for i in range(10)]
    for i in (0, 3, 6):
        assert tops[i]["y"] + tops[i]["height"] / 2 == pytest.approx(
            tops[i + 2]["y"] + tops[i + 2]["height"] / 2, abs=2
        )
        assert tops[i]["x"] < tops[i + 1]["x"] < tops[i + 2]["x"] and tops[i]["height"] <= 190
    assert tops[9]["x"] > tops[2]["x"] + tops[2]["width"] and tops[0]["y"] < tops[9]["y"] < tops[6]["y"]
    assert seen.part("glass").count() == 3


def test_the_magnifier_shows_the_window_and_never_moves(notebook):
    seen, (_, output) = Shown(notebook, "kitten"), kitten()
    picture, before = datasets.kitten(96, grey=True), seen.root.bounding_box()
    for panel, cell, shape in [
        (2, (3, 5), output.shape),
        (1, (0, 0), (5, 5)),
        (0, (50, 50), (96, 96)),
        (2, (22, 0), output.shape),
    ]:
        seen.hover(panel, cell, shape)
        assert seen.root.bounding_box() == before
    caption = re.findall(r"(\d+)–(\d+)", seen.text("glass-caption"))
    (top, bottom), (left, right) = [(int(first), int(last) + 1) for first, last in caption]
    assert (top, bottom, left, right) == (87, 94, 0, 7)  # window rows 88–92, columns 0–4, and neighbours
    colours = seen.part("glass-canvas").evaluate(
        """canvas => Array.from({length: 49}, (_, i) => {
            const [x, y, cell] = [(i % 7) + 0.12, Math.floor(i / 7) + 0.15, canvas.width / 7];
            return Array.from(canvas.getContext("2d").getImageData(x * cell, y * cell, 1, 1).data.slice(0, 3));
        })"""
    )
    grey = np.frombuffer(colour_table("grey"), np.uint8).reshape(256, 3).astype(int)
    expected = grey[np.floor(picture[top:bottom, left:right] / picture.max() * 256).clip(0, 255).astype(int)]
    off = abs(np.array(colours) - expected.reshape(49, 3)).max(axis=1)
    assert (off > 6).sum() <= 14  # those on the window's frame


def test_what_is_never_read_is_dotted_and_named(notebook):
    seen = Shown(notebook, "kitten")
    assert seen.text("unread") == "Rows 93–95 and columns 93–95 of input: never read (dotted)."
    assert Shown(notebook, "table").text("unread") == ""
    variety = seen.canvas(0).evaluate(
        """(canvas, ends) => ends.map(([from, to]) => {
            const width = Math.round(canvas.width * (to - from));
            const {data} = canvas.getContext("2d").getImageData(canvas.width * from, 0, width, canvas.height / 3);
            let black = 0;
            for (let i = 0; i < data.length; i += 4) black += data[i] < 8;
            return 4 * black / data.length;
        })""",
        [[93 / 96, 1], [60 / 96, 90 / 96]],
    )
    assert variety[0] > 0.1 > 0.02 > variety[1]


def test_a_weight_is_typed_refused_and_nudged(notebook):
    seen = Shown(notebook, "table")
    keys = notebook.keyboard
    weights = kernels.preset("Sobel x").astype(float)

    def shows(row, column, value):
        weights[row, column] = value
        output = conv2d(np.pad(datasets.numbers(), 1), weights)
        notebook.wait_for_function(
            """([line, total]) => {
                const shown = Number(line.textContent.replace('−', '-').split('= ').at(-1));
                return Math.abs(shown - total) <= 0.006 * Math.max(1, Math.abs(total));
            }""",
            arg=[seen.part("sum-total").element_handle(), output[3, 3]],
        )

    seen.canvas(1).focus()
    keys.press("Home")
    keys.type("2.5")
    assert seen.part("field").get_attribute("aria-label") == "kernel[1, 0]"
    keys.press("Enter")
    shows(1, 0, 2.5)
    assert seen.canvas(1).evaluate("canvas => canvas === document.activeElement")
    keys.press("Shift+ArrowUp")
    keys.press("Shift+ArrowUp")
    keys.press("Shift+ArrowUp")
    shows(1, 0, 2.8)
    keys.press("Enter")
    keys.type("1/4")
    keys.press("Tab")
    shows(1, 0, 0.25)
    assert seen.part("field").get_attribute("aria-label") == "kernel[1, 1]"
    keys.type("two")
    keys.press("Enter")
    assert "“two” is not a number" in seen.text("refusal")
    assert seen.part("field").get_attribute("aria-invalid") == "true"
    keys.press("Escape")
    assert seen.part("field").count() == 0
    keys.press("5")
    keys.type("00")
    keys.press("Enter")
    notebook.wait_for_function("() => /at most 100/.test(document.body.textContent)")
    seen.canvas(1).dblclick(position=seen.at(1, 2, 1, 3, 3))
    keys.type("−1")
    seen.canvas(2).click(position={"x": 3, "y": 3})  # a field that loses the focus keeps what was typed
    keys.press("Escape")
    notebook.mouse.move(1, 1)
    shows(2, 1, -1)
    assert seen.text("refusal") == ""


def test_a_weight_is_dragged(notebook):
    seen = Shown(notebook, "table")
    box, place = seen.canvas(1).bounding_box(), seen.at(1, 0, 1, 3, 3)
    notebook.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
    notebook.mouse.down()
    notebook.mouse.move(box["x"] + place["x"], box["y"] + place["y"] - 41, steps=8)
    notebook.mouse.up()
    notebook.wait_for_function(
        "view => view.querySelector('.convscope-readout').textContent.startsWith('kernel[0, 1] = 0.4')",
        arg=seen.root.element_handle(),
    )
    seen.canvas(1).focus()
    notebook.keyboard.press("Escape")
    notebook.mouse.move(1, 1)


def test_the_window_travels_while_the_output_fills(notebook):
    seen = Shown(notebook, "kitten")
    notebook.mouse.move(1, 1)
    assert seen.text("progress") == "all 529 windows"
    seen.button("Step: one window on").click()
    assert seen.text("progress") == "window 1 of 529" and seen.text("readout").startswith("output[0, 0]")
    assert seen.marks(2, 5, 5, 23, 23)[3] == 255 and seen.marks(0, 50, 50, 96, 96)[3] == 0
    seen.button("Step: one window on").press("Enter")
    assert seen.text("readout").startswith("output[0, 1]")
    seen.button("Back: one window back").click()
    assert seen.progress() == 1
    seen.root.get_by_role("slider", name="window").fill("300")
    assert seen.text("readout").startswith("output[13, 0]")  # 299 = 13 · 23
    assert seen.marks(2, 12, 20, 23, 23)[3] == 0 and seen.marks(2, 13, 5, 23, 23)[3] == 255
    seen.button("Show all: stop and show the whole output").click()
    assert seen.text("progress") == "all 529 windows" and seen.marks(2, 20, 5, 23, 23)[3] == 0


def test_play_moves_on_frame_by_frame_and_rests_where_somebody_points(notebook):
    seen = Shown(notebook, "kitten")
    seen.root.get_by_role("combobox", name="speed").select_option("fast")
    seen.button("play").click()
    frames = seen.root.evaluate(
        """async view => {
            const slider = view.querySelector('[type=range]'), seen = [];
            const height = view.getBoundingClientRect().height;
            for (let i = 0; i < 40; i++) {
                await new Promise(requestAnimationFrame);
                seen.push(slider.valueAsNumber);
            }
            return {seen, jumped: view.getBoundingClientRect().height - height};
        }"""
    )
    assert frames["seen"] == sorted(frames["seen"]) and frames["seen"][-1] > frames["seen"][0] + 10
    assert frames["jumped"] == 0
    seen.hover(2, (1, 1), (23, 23))
    assert seen.button("play").count() == 1  # it was "pause"
    at = seen.progress()
    notebook.settle()
    assert seen.progress() == at and f"paused at window {at}" in seen.text("announced")
    notebook.mouse.move(1, 1)
    seen.button("play").press("Escape")
    assert seen.text("progress") == "all 529 windows"
    seen.root.get_by_role("slider", name="window").fill("525")
    seen.button("play").click()
    notebook.wait_for_function("view => /window 529 of/.test(view.textContent)", arg=seen.root.element_handle())
    seen.button("play").wait_for()
    seen.button("Show all: stop and show the whole output").click()


def test_a_click_pins_and_only_what_is_kept_is_announced(notebook):
    seen = Shown(notebook, "kitten")
    shape = (23, 23)
    seen.canvas(2).click(position=seen.at(2, 4, 6, *shape))
    assert "pinned" in seen.text("readout") and seen.text("announced").startswith("output[4, 6] = ")
    seen.hover(2, (9, 9), shape)
    assert seen.text("readout").startswith("output[9, 9]") and seen.text("announced").startswith("output[4, 6]")
    notebook.mouse.move(1, 1)
    assert seen.text("readout").startswith("output[4, 6]")
    seen.canvas(2).click(position=seen.at(2, 4, 6, *shape))
    notebook.mouse.move(1, 1)
    assert "pinned" not in seen.text("readout") and seen.text("readout").startswith("output[11, 11]")
    seen.canvas(2).click(position=seen.at(2, 4, 6, *shape))
    notebook.keyboard.press("Escape")
    notebook.mouse.move(1, 1)
    assert seen.text("readout").startswith("output[11, 11]")
    notebook.keyboard.press("ArrowRight")
    assert seen.text("announced").startswith("output[11, 12] = ")
    notebook.keyboard.press("Escape")


def test_pointing_repaints_no_picture(notebook):
    seen = Shown(notebook, "large")
    notebook.evaluate(
        """() => {
            const paint = CanvasRenderingContext2D.prototype.putImageData;
            window.painted = 0;
            CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
                window.painted = Math.max(window.painted, image.width);
                return paint.call(this, image, ...place);
            };
        }"""
    )
    for i in range(0, 500, 50):
        seen.hover(2, (i, i), (512, 512))
    assert notebook.evaluate("() => window.painted") <= 11  # the magnifier's cells


def test_no_error_reached_the_console(notebook):
    assert notebook.console_errors() == []


def test_a_page_without_a_kernel_says_the_same(notebook, pages):
    view, output = colour()
    opened = pages(view)
    live, still = Shown(notebook, "colour"), Shown(opened, "colour")
    for panel, cell, shape in [(9, (5, 7), (96, 96)), (0, (0, 40), (98, 98)), (2, (50, 3), (96, 96))]:
        row, column = cell
        live.canvas(panel).focus()
        assert live.hover(panel, cell, shape).split(" = ")[0] in still.hover(panel, cell, shape)
    assert opened.title() == "colour" and opened.locator("p").first.text_content() == view.spoken
    still.button("Step: one window on").click()
    assert still.text("progress") == "window 1 of 9,216"
    still.canvas(1).dblclick()
    assert still.part("field").count() == 0  # nobody would answer
    assert opened.errors == []


@pytest.mark.parametrize("make", [table, kitten, colour])
def test_pointing_moves_nothing(pages, make):
    view, output = make()
    opened = pages(view, width=700)
    seen = Shown(opened, view.label)
    opened.mouse.move(1, 1)
    opened.evaluate("() => scrollTo(0, 0)")
    opened.settle()
    parts = "glass, .convscope-sum, .convscope-caption, .convscope-canvas"
    places = "parts => parts.map(part => JSON.stringify(part.getBoundingClientRect()))"
    before = seen.part(parts).evaluate_all(places)
    last = seen.part("canvas").count() - 1
    for panel in (0, 1, 2, last):
        for share in (0.01, 0.5, 0.99):
            box = seen.canvas(panel).bounding_box()
            opened.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
            opened.settle()
            assert seen.part(parts).evaluate_all(places) == before


def test_the_keyboard_reaches_everything_by_name(pages):
    opened = pages(table()[0])
    seen = Shown(opened, "table")
    opened.keyboard.press("Tab")
    named = []
    for _ in range(9):
        named.append(opened.evaluate("() => document.activeElement.getAttribute('aria-label').split(',')[0]"))
        assert opened.evaluate("() => document.activeElement.matches(':focus-visible')")
        opened.keyboard.press("Tab")
    buttons = ["Back: one window back", "play", "Step: one window on", "Show all: stop and show the whole output"]
    assert named == ["input", "kernel", "output", *buttons, "speed", "window"]
    assert seen.root.get_attribute("role") == "group" and seen.part("announced").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("width", [360, 480, 700, 1920])
@pytest.mark.parametrize("make", [table, kitten, colour])
def test_nothing_is_wider_than_its_column(pages, make, width):
    opened = pages(make()[0], width=width)
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= width
    too_wide = opened.locator(".convscope-view").evaluate(
        """view => [...view.querySelectorAll("*")].filter(part => {
            const [place, frame] = [part, view].map(each => each.getBoundingClientRect());
            return place.width > 1 && (place.right > frame.right + 2 || place.left < frame.left - 2);
        }).map(part => part.className.toString())"""
    )
    assert too_wide == [] and opened.errors == []


def test_reduced_motion_steps_and_never_plays(pages):
    opened = pages(table()[0], reduced_motion="reduce")
    seen = Shown(opened, "table")
    assert seen.button("play").is_disabled() and "reduced motion" in seen.text("progress")
    seen.button("Step: one window on").click()
    assert seen.text("progress").startswith("window 1 of 49")


def test_numbers_are_written_alike_by_python_and_the_browser(open_page):
    values = [
        0,
        -0.0,
        1 / 3,
        0.125,
        -0.0625,
        12.345,
        99.6,
        100.4,
        999.4,
        999.6,
        1234.5,
        99999,
        123456,
        -4.8e7,
        1e-6,
        5e-4,
    ]
    basics = (files("convscope.explore") / "static" / "basics.js").read_text(encoding="utf-8")
    page = open_page()
    for digits in (2, 3):
        script = f"([values, digits]) => {{ {basics}; return values.map(value => inDigits(value, digits)) }}"
        assert page.evaluate(script, [values, digits]) == [in_digits(value, digits) for value in values]
