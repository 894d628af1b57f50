"""The network explorer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect
from shown import SEEDS, Shown, monkey, number, python, until

from convscope import (
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    MaxPool2D,
    NetworkExplorer,
    ReLU,
    Sequential,
    Tanh,
    models,
)

GAP = 5  # pixels between the maps of a layer
MOST = 8  # maps on show
THREE = [(0.35, 0.25), (0.6, 0.22), (0.66, 0.35), (0.5, 0.47), (0.66, 0.6), (0.6, 0.78), (0.33, 0.75)]
OTHERS = {
    "LeNet-5": (models.lenet5(padding=2).build((1, 28, 28), seed=1), {}),
    "three channels": (
        Sequential(
            *(Conv2D(3, 3, padding="same"), Tanh(), AvgPool2D(2), Conv2D(11, 3), ReLU(), Conv2D(5, 3, stride=2)),
            *(GlobalAvgPool2D(), Dense(4)),
        ).build((3, 20, 24), seed=2),
        {"examples": (np.random.default_rng(0).random((6, 3, 20, 24), np.float32), np.arange(6) % 4)}
        | {"classes": ["circle", "triangle", "square", "star"]},
    ),
    "deep": (
        Sequential(MaxPool2D(2), Conv2D(12, 5), ReLU(), Flatten(), Dense(30), Tanh(), Dense(10)).build(
            (1, 28, 28), seed=3
        ),
        {},
    ),
}


class Network(Shown):
    def layer(self, s):
        return self.root.locator(".layers canvas").nth(s - 1)

    def chips(self):
        return [chip.split("\n") for chip in self.settle().root.locator(".chip").all_inner_texts()]

    def level(self):
        """The stage whose sentence is on show."""
        return self.root.locator(".chip").evaluate_all("all => all.findIndex((chip) => chip.matches('.on'))")

    def unit(self, s):
        """The marked unit of a stage, (map, row, column), and its number."""
        name, value = self.chips()[s]
        places = [int(n) for n in re.findall(r"\d+", name)]
        value = number(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        if "pixel" in name:
            return (places[2] if len(places) > 2 else 0, *places[:2]), value
        return (*places, 0, 0)[:3], value

    def place(self, shape, which, row, column):
        """Where a unit is on the canvas of its layer."""
        maps, rows, columns = shape
        if rows * columns == 1:  # units in one map
            rows = columns = int(np.ceil(np.sqrt(maps)))
            which, row, column, maps = 0, *divmod(which, columns), 1
        across = min(maps, 2)
        box = self.canvas_box
        cell = (box["width"] - GAP * (across - 1)) / across / columns
        down, right = divmod(which % MOST, across)
        return {
            "x": right * (columns * cell + GAP) + (column + 0.5) * cell,
            "y": down * ((columns if across > 1 else rows) * cell + GAP) + (row + 0.5) * cell,
        }

    def click_unit(self, stage, s, which, row, column):
        while (pager := self.root.locator(".layers .picture").nth(s - 1).locator(".plain")).is_visible():
            if which // MOST == int(pager.inner_text().split("–")[0]) // MOST:
                break
            pager.click()
            self.settle()
        self.canvas_box = self.layer(s).bounding_box()
        self.layer(s).click(position=self.place(stage.shape, which, row, column))
        self.mouse.move(1, 1)
        self.settle()

    def paper(self):
        return self.root.locator(".pad canvas")

    def drag(self, points):
        """Go over the paper with the button down, from the first of some points to the last, as shares of its width."""
        box = self.paper().bounding_box()
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.mouse.move(*at[0])
        self.mouse.down()
        for x, y in at[1:]:
            self.mouse.move(x, y, steps=5)
        self.settle()

    def pictures(self):
        """What is on the paper and on all maps."""
        return (
            self.settle()
            .root.locator(".pad canvas, .layers canvas")
            .evaluate_all("all => all.map((canvas) => canvas.toDataURL())")
        )

    def scores(self):
        return [number(text) for text in self.settle().root.locator(".score").all_inner_texts()]

    def is_true(self, explorer=None):
        """Scores are NumPy's for the settings on show, and so is the number of each unit on the path."""
        if explorer is None and "explorer.image" in self.settle().root.locator("pre").text_content():
            return None  # an image of which the code says nothing
        explorer = explorer or self.expected()
        state = explorer.state
        np.testing.assert_allclose(self.scores(), state.scores, rtol=6e-3, atol=0.06)
        for s, (_, value) in enumerate(self.chips()):
            if value == "–":
                continue
            unit, shown = self.unit(s)
            if s >= len(state.stages) - 2:  # which have the names of classes
                name = self.chips()[s - 1 if s == len(state.stages) - 1 else s][0].removeprefix("score of ")
                unit = (state.names.index(name), 0, 0)
            true = state.outputs[s][unit]
            if state.stages[s].activation == "ReLU":
                shown, true = max(shown, 0), max(true, 0)
            elif state.stages[s].activation == "tanh" and state.stages[s + 1].kind.endswith("pool"):
                height, slope = state.stages[s].tanh
                shown = height * np.tanh(slope * shown)
            assert shown == pytest.approx(true, rel=6e-3, abs=6e-3 if s == len(state.stages) - 1 else 1e-3), (s, unit)
        return explorer

    def sentence_is_true(self, explorer):
        """The window, its kernel and what each strip adds are NumPy's; of a convolution or scores."""
        state, s = explorer.state, self.level()
        (which, row, column), _ = self.unit(s)
        kernels, bias = state.learned(s)
        rows, columns = kernels.shape[2:]
        strips = [line for line in self.root.locator(".line").all_inner_texts() if line.startswith(("map", "products"))]
        below = state.outputs[s - 1][:, row : row + rows, column : column + columns]
        sums = (kernels[which] * below).sum(axis=(1, 2))
        if len(sums) <= MOST:
            np.testing.assert_allclose([number(line.split("\n")[-1]) for line in strips], sums, atol=0.006)
        note = re.findall(r"map (\d+)", self.text(".card:nth-child(1) .note"))
        one = int(note[0]) if note else 0
        for card, wanted in enumerate([below[one], kernels[which, one], below[one] * kernels[which, one]]):
            texts = self.root.locator(".card").nth(card).locator(".cell").all_inner_texts()
            if all(texts):
                np.testing.assert_allclose([number(text) for text in texts], wanted.ravel(), rtol=0.06, atol=0.006)
        lines = dict(
            line.split("\n")[:: len(line.split("\n")) - 1] for line in self.root.locator(".line").all_inner_texts()
        )
        assert number(lines["sum"]) == pytest.approx(sums.sum() + bias[which], abs=0.006)


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Network)


@pytest.fixture
def notebook(open_notebook):
    return partial(open_notebook, Network)


@pytest.mark.parametrize("image", [3, 20, 35])
def test_one_unit_is_followed_from_its_probability_down_to_the_paper(pages, image):
    explorer = NetworkExplorer(image=image)
    shown, last = pages(explorer), len(explorer.state.stages) - 1
    shown.root.locator(".share").nth(int(explorer.scores.argmax())).click()
    shown.mouse.move(1, 1)
    for s in range(last, -1, -1):
        assert shown.settle().level() == s
        shown.is_true(NetworkExplorer(image=image))
        if explorer.state.stages[s].kind in ("conv", "dense"):
            shown.sentence_is_true(explorer)
        if s == last:  # by its chip, and from there with keys
            shown.root.locator(".chip").nth(s - 1).click()
        elif s == last - 1:
            shown.layer(s - 1).focus()
            shown.keyboard.press("Enter")
        elif s > 0:
            shown.keyboard.press("Enter")
    shown.keyboard.press("Backspace")
    assert shown.settle().level() == 1


def test_any_unit_can_be_kept_and_is_numpys(pages):
    rng, explorer = np.random.default_rng(0), NetworkExplorer(image=12)
    shown = pages(explorer)
    for s, stage in enumerate(explorer.state.stages[1:-2], 1):
        for unit in zip(*(rng.integers(0, n, 3) for n in stage.shape), strict=True):
            shown.click_unit(stage, s, *unit)
            assert shown.unit(s)[0] == unit
            assert shown.is_true().unit == (s, *unit)
            if stage.kind == "conv":
                shown.sentence_is_true(explorer)


def test_a_second_click_goes_down_and_a_click_in_the_window_too(pages):
    explorer = NetworkExplorer()
    shown, stage = pages(explorer), explorer.state.stages[3]
    shown.click_unit(stage, 3, 5, 4, 4)
    shown.click_unit(stage, 3, 5, 4, 4)
    assert shown.level() == 2
    shown.root.locator(".chip").nth(3).click()
    below = shown.settle().root.locator(".card").first
    which = int(re.findall(r"map (\d+)", below.locator(".note").inner_text())[0])
    below.locator(".cell").nth(7).click()
    assert shown.settle().level() == 2
    assert shown.unit(2)[0] == (which, 5, 6)


def way_down(state):
    """The unit of each stage that one is led to from the answer, (map, row, column): along the largest product."""
    which, row, column = int(state.scores.argmax()), 0, 0
    found = [(which, 0, 0)] * 2
    for s in range(len(state.stages) - 2, 0, -1):
        is_pool, both = state.stages[s].kind == "max pool", zip(state.stages[s].windows, (row, column), strict=True)
        rows, columns = (slice(each.stride * at, each.stride * at + each.kernel_size) for each, at in both)
        window = state.outputs[s - 1][:, rows, columns]
        parts = window[which] * np.ones((1, 1, 1)) if is_pool else state.learned(s)[0][which] * window
        channel, r, c = map(int, np.unravel_index(parts.argmax(), parts.shape))
        which, row, column = which if is_pool else channel, rows.start + r, columns.start + c
        found.append((which, row, column))
    return found[::-1]


@pytest.mark.parametrize("image", [3, 20, 35])
def test_down_goes_along_the_largest_product_and_the_panel_shows_its_strip(pages, image):
    explorer = NetworkExplorer(image=image)
    shown, stages, path = pages(explorer), explorer.state.stages, way_down(explorer.state)
    led = shown.button("▶ follow it down")
    shown.click_unit(stages[3], 3, 5, 7, 0)
    led.click()  # anew from the answer, whatever was kept
    for s in range(len(stages) - 3, -1, -1):
        assert shown.unit(s)[0] == path[s]
    shown.button("❚❚ stop").click()
    for s in range(len(stages) - 2, 1, -1):
        shown.root.locator(".chip").nth(s).click()
        if "pool" not in stages[s].kind:
            assert shown.text(".card:nth-child(1) .note") == f"of map {path[s - 1][0]}"
    shown.root.locator(".score").nth(int(explorer.scores.argmax())).click()
    assert [shown.unit(s)[0] for s in range(len(stages) - 2)] == path[:-2]


def test_a_score_and_a_probability_are_kept_by_a_click_and_left_downwards_by_another(pages):
    shown = pages(NetworkExplorer())
    for part, level in ((".share", 6), (".share", 5), (".score", 4)):
        shown.root.locator(part).nth(4).click()
        shown.mouse.move(1, 1)
        assert shown.settle().level() == level


@pytest.mark.parametrize("what", ["invert", "kernel", "key", "chip"])
def test_whoever_does_something_else_is_led_down_no_further(pages, what):
    shown = pages(NetworkExplorer())
    shown.button("▶ follow it down").click()
    shown.button("❚❚ stop").wait_for()
    if what == "invert":
        shown.button("invert").click()
    elif what == "kernel":
        shown.root.locator(".kernel .cell").first.hover()
        shown.mouse.down()
    elif what == "key":
        shown.keyboard.press("ArrowDown")
    else:
        shown.root.locator(".chip").nth(1).click()
    shown.button("▶ follow it down").wait_for()


def test_a_pen_changes_all_maps_at_once_and_a_stroke_is_one_step_of_undo(pages):
    shown = pages(NetworkExplorer(image=3))
    before = shown.pictures()
    shown.drag(THREE)
    drawn = shown.pictures()
    assert all(one != other for one, other in zip(before, drawn, strict=True))
    shown.mouse.up()
    shown.page.wait_for_function(
        "([paper, before]) => paper.toDataURL() !== before", arg=[shown.paper().element_handle(), drawn[0]]
    )
    assert np.argmax(shown.scores()) == 3  # centred, as the digits were that it learned from
    shown.button("undo").click()
    assert shown.pictures()[0] == drawn[0]
    shown.button("undo").click()
    assert shown.pictures() == before
    shown.button("clear").click()
    assert not shown.root.locator(".hint").is_hidden()


def test_all_tools_work_with_keys_alone(pages):
    shown = pages(NetworkExplorer())
    shown.button("clear").press("Enter")
    blank = shown.pictures()
    shown.paper().focus()
    for key in (" ", *["ArrowDown"] * 6, " ", "ArrowRight"):
        shown.keyboard.press(key)
    drawn = shown.pictures()
    assert all(one != other for one, other in zip(blank, drawn, strict=True))
    shown.radio("move").check()
    shown.paper().focus()
    shown.keyboard.press("ArrowRight")
    assert shown.settle().root.locator("pre").text_content().count("move=(0, 1)") == 1
    shown.radio("ask").check()
    shown.paper().focus()
    shown.keyboard.press("ArrowUp")
    assert shown.text(".readout .back") == ""
    shown.keyboard.press(" ")
    assert shown.settle().level() == 0
    shown.radio("erase").check()
    shown.paper().focus()
    for key in (" ", *["ArrowDown"] * 9, " "):
        shown.keyboard.press(key)
    assert shown.pictures()[0] != drawn[0]


def test_a_weight_is_typed_stepped_and_taken_back_and_the_whole_network_answers(pages):
    shown = pages(NetworkExplorer(image=9))
    before, pictures = shown.scores(), shown.pictures()
    shown.root.locator(".chip").nth(1).click()
    shown.root.locator(".kernel .cell[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "2", ".", "5", "Enter"):
        shown.keyboard.press(key)
    explorer = shown.is_true()
    ((stage, _, channel, row, column), value) = next(iter(explorer.edits.items()))
    assert (stage, channel, row, column, value) == (1, 0, 1, 1, 2.5)
    assert shown.scores() != before
    shown.keyboard.press("+")
    assert next(iter(shown.is_true().edits.values())) == pytest.approx(2.6)
    shown.root.locator(".chip").nth(1).focus()
    for _ in range(2):
        shown.keyboard.press("Control+z")
    assert shown.scores() == before
    shown.keyboard.press("Control+y")
    shown.button("restore").click()
    assert (shown.scores(), shown.pictures()) == (before, pictures)


def test_a_weight_is_dragged(pages):
    shown = pages(NetworkExplorer(image=9, unit=(5, 2, 0, 0)))
    box = shown.root.locator(".kernel .cell").nth(5).bounding_box()
    shown.mouse.move(box["x"] + 5, box["y"] + 5)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 5, box["y"] - 60, steps=6)
    shown.mouse.up()
    shown.mouse.move(1, 1)
    assert len(shown.is_true().edits) == 1
    shown.button("undo").click()
    assert shown.is_true().edits == {}


def test_what_fools_it_says_what_was_and_is_taken_back(pages):
    shown = pages(NetworkExplorer(image=4))
    before = shown.pictures()
    for name, setting, value in [
        ("move by 6 px", "move", (0, 6)),
        ("rotate 45°", "turn", 45),
        ("invert", "inverted", True),
    ]:
        toggle = shown.button(name)
        toggle.click()
        assert getattr(shown.is_true(), setting) == value
        expect(toggle).to_have_attribute("aria-pressed", "true")
        assert shown.root.locator(".share u").evaluate_all("all => all.some((each) => !each.hidden)")
        toggle.click()
        shown.is_true()
        assert shown.pictures() == before
    shown.button("letter A").click()
    assert shown.pictures()[0] != before[0]
    shown.button("letter A").click()
    assert shown.pictures() == before
    shown.slider("noise").press("ArrowRight")
    shown.slider("turn").press("ArrowLeft")
    explorer = shown.is_true()
    assert explorer.noise > 0 > explorer.turn


def test_why_is_asked_of_the_answer_and_of_any_other_class(pages):
    shown = pages(NetworkExplorer(image=7))
    hide = shown.root.locator(".why canvas").first
    lead = re.compile("changes the lead of")
    expect(hide).to_have_attribute("aria-label", lead)
    title, first = shown.text(".why h3"), hide.get_attribute("aria-label")
    shown.root.locator(".score").nth(4).click()
    shown.mouse.move(1, 1)
    assert shown.text(".why h3") != title
    expect(hide).not_to_have_attribute("aria-label", first)
    expect(hide).to_have_attribute("aria-label", lead)
    paper = shown.pictures()[0]
    for canvas in shown.root.locator(".why canvas").all():
        canvas.hover(position={"x": 40, "y": 40})
        assert shown.pictures()[0] != paper
    shown.mouse.move(1, 1)
    assert shown.pictures()[0] == paper


def test_drawings_are_kept_with_their_label(pages):
    shown = pages(NetworkExplorer())
    keep = shown.button("keep")
    assert keep.is_disabled()
    shown.drag(THREE)
    shown.mouse.up()
    shown.choose("what it is", "3")
    keep.click()
    shown.button("clear").click()
    shown.root.locator(".kept button").click()
    assert np.argmax(shown.scores()) == 3
    shown.button("forget").click()
    assert shown.settle().root.locator(".kept button").count() == 0
    shown.button("undo").click()
    assert shown.settle().root.locator(".kept button").count() == 1


def test_a_drawing_is_what_was_chosen_for_it_or_what_it_was_drawn_on_whatever_the_network_says(pages):
    shown = pages(NetworkExplorer(image=3))
    what = shown.root.get_by_label("what it is")
    called = lambda: shown.settle().root and what.evaluate("node => node.value")  # noqa: E731
    assert (called(), what.is_disabled()) == ("1", True)
    shown.drag(THREE)
    shown.mouse.up()
    assert called() == "?"
    shown.button("keep").click()  # which asks what it is
    expect(what).to_be_focused()
    assert shown.root.locator(".kept button").count() == 0
    shown.choose("what it is", "5")
    expect(shown.root.locator(".verdict")).to_contain_text("this 5 is called")
    shown.drag(THREE[:2])
    shown.mouse.up()
    assert called() == "5"
    shown.button("keep").click()
    expect(shown.root.get_by_role("button", name="your 5")).to_be_visible()
    shown.button("letter A").click()
    assert called() == "?"
    shown.button("letter A").click()
    assert called() == "5"
    shown.button("the next example").click()
    shown.drag(THREE[:2])
    shown.mouse.up()
    assert called() == "0"


@pytest.mark.parametrize("name", OTHERS)
def test_other_networks_show_every_unit(pages, name):
    model, more = OTHERS[name]
    explorer, rng = NetworkExplorer(model, **more), np.random.default_rng(1)
    shown = pages(explorer)
    shown.is_true(explorer)
    for s, stage in enumerate(explorer.state.stages[1:-2], 1):
        unit = tuple(int(rng.integers(0, n)) for n in stage.shape)
        shown.click_unit(stage, s, *unit)
        assert (
            shown.unit(s)[0][: 1 if stage.shape[1:] == (1, 1) else 3] == unit[: 1 if stage.shape[1:] == (1, 1) else 3]
        )
        shown.is_true(explorer)
    shown.root.locator(".share").nth(1).click()
    for s in range(len(explorer.state.stages) - 1, -1, -1):
        shown.root.locator(".chip").nth(s).click()
        shown.is_true(explorer)


@pytest.mark.parametrize("width", [390, 760, 1000, 1100])
def test_nothing_moves_while_one_draws_or_points(pages, width):
    shown = pages(NetworkExplorer(), width=width, height=1500)
    places = shown.places()
    shown.drag(THREE)
    assert shown.places() == places
    shown.mouse.up()
    for canvas in shown.root.locator(".layers canvas, .why canvas").all():
        canvas.hover(position={"x": 9, "y": 9})
        assert shown.settle().places() == places
    shown.button("rotate 45°").click()
    for k in (0, 7):
        shown.root.locator(".share").nth(k).click()
        for s in range(6, -1, -1):
            shown.root.locator(".chip").nth(s).click()
            assert shown.settle().places() == places


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 480, 540, 600, 700, 740, 760, 899, 950, 1100, 1600])
def test_it_fits_its_page(pages, width, theme):
    shown = pages(NetworkExplorer(), width=width, theme=theme)
    assert shown.overflow() <= 0
    assert shown.cut_off() == []
    assert all(shown.root.locator(".lens .cell").all_inner_texts())


@pytest.mark.parametrize("seed", SEEDS)
def test_touches_and_keys_at_random(pages, seed):
    monkey(pages(NetworkExplorer(image=2)), seed, touches=60)


def test_a_drawing_and_a_weight_reach_python_and_a_network_the_view(notebook):
    running, shown = notebook("from convscope import NetworkExplorer, models\nexplorer = NetworkExplorer(); explorer")
    shown.drag(THREE)
    shown.mouse.up()
    until(running, "print(explorer.scores.argmax())", "3")
    until(running, "print(round(explorer.input.sum()) > 20)", "True")
    running.execute("explorer.unit = (1, 2, 3, 4)")
    expect(shown.root.locator(".chip").nth(1)).to_contain_text("map 2 (3, 4)")
    shown.root.locator(".kernel .cell").first.click()
    for key in ("4", "Enter"):
        shown.keyboard.press(key)
    until(running, "print(explorer.edits)", "{(1, 2, 0, 0, 0): 4.0}")
    running.execute("explorer.model = models.lenet5(padding=2).build((1, 28, 28), seed=1)")
    expect(shown.root.locator(".layers .picture")).to_have_count(6)
    assert python(running, "print(explorer.edits)") == "{}"
    assert running.console_errors() == []
