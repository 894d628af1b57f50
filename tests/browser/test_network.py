"""The network explorer in a browser: on a page from disk, where only its module computes, and in a notebook."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect
from shown import SEEDS, Shown, colours_agree, monkey, number, python, thorough, until

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
from convscope.explore.network.net.layers import outputs

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
    "no dense layer": (
        Sequential(Conv2D(4, 3, padding="same"), ReLU(), GlobalAvgPool2D()).build((1, 12, 12), seed=4),
        {"examples": (np.random.default_rng(0).random((4, 12, 12), np.float32), np.arange(4))},
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

    def chip(self, s):
        return self.root.locator(".chip").nth(s)

    def level(self):
        """The stage whose sentence is on show."""
        return self.settle().root.locator(".chip").evaluate_all("all => all.findIndex((chip) => chip.matches('.on'))")

    def path(self):
        """The marked unit of each stage, (map, row, column), and its number; None where there is none."""
        texts = self.settle().root.locator(".chip").all_inner_texts()
        return [None if text.endswith("–") else self.unit_in(*text.split("\n")) for text in texts]

    @staticmethod
    def unit_in(name, value):
        places = [int(n) for n in re.findall(r"\d+", name)]
        value = number(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        if "pixel" in name:
            return (places[2] if len(places) > 2 else 0, *places[:2]), value
        return (*places, 0, 0)[:3], value

    def place(self, shape, which, row, column, box):
        """Where a unit is on the canvas of its layer."""
        maps, rows, columns = shape
        if rows * columns == 1:  # units in one map
            rows = columns = int(np.ceil(np.sqrt(maps)))
            which, row, column, maps = 0, *divmod(which, columns), 1
        across = min(maps, 2)
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
        self.layer(s).click(position=self.place(stage.shape, which, row, column, self.layer(s).bounding_box()))
        self.mouse.move(1, 1)

    def click(self, part, which):
        self.root.locator(part).nth(which).click()
        self.mouse.move(1, 1)

    def paper(self):
        return self.root.locator(".pad canvas")

    def drag(self, points):
        """Go over the paper with the button down, from the first of some points to the last, as shares of its width."""
        box = self.paper().bounding_box()
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.mouse.move(*at[0])
        self.mouse.down()
        for x, y in at[1:]:
            self.mouse.move(x, y, steps=3)
        self.settle()

    def draw(self, points):
        self.drag(points)
        self.mouse.up()

    def press(self, *keys):
        for key in keys:
            self.keyboard.press(key)

    def pictures(self):
        """What is on the paper and on all maps."""
        sheets = self.settle().root.locator(".pad canvas, .layers canvas")
        return sheets.evaluate_all("all => all.map((canvas) => canvas.toDataURL())")

    def scores(self):
        return [number(text) for text in self.settle().root.locator(".score").all_inner_texts()]

    def is_true(self, explorer=None):
        """Scores are NumPy's for the settings on show, and so is the number of each unit on the path."""
        if explorer is None and "explorer.image" in self.settle().root.locator("pre").text_content():
            return None  # an image of which the code says nothing
        explorer = explorer or self.expected()
        state, stages, path = explorer.state, explorer.state.stages, self.path()
        made = outputs(state.model, stages, np.float32(state.input.reshape(1, *stages[0].shape)))
        np.testing.assert_allclose(self.scores(), state.scores, rtol=6e-3, atol=0.06)
        named = self.chip(len(stages) - 2).inner_text().split("\n")[0].removeprefix("score of ")
        for s, marked in enumerate(path):
            if marked is None:
                continue
            unit, shown = marked
            if s >= len(stages) - 2:  # which have the names of classes
                unit = (state.names.index(named), 0, 0)
            has_pool = stages[min(s + 1, len(stages) - 1)].kind.endswith("pool")  # behind it: then sums are on show
            true = made[s][0 if has_pool else 1][0][unit]
            assert shown == pytest.approx(true, rel=6e-3, abs=6e-3 if s == len(stages) - 1 else 1e-3), (s, unit)
        return explorer

    def sentence_is_true(self, explorer):
        """The window of the largest product, its kernel and what each strip adds are NumPy's; of a sum."""
        state, s = explorer.state, self.level()
        which, row, column = self.path()[s][0]
        kernels, bias = state.learned(s)
        rows, columns = kernels.shape[2:]
        below = state.outputs[s - 1][:, row : row + rows, column : column + columns]
        products = kernels[which] * below
        sums, [one, _, _] = products.sum(axis=(1, 2)), np.unravel_index(products.argmax(), products.shape)
        assert len(sums) == 1 or self.text(".card:nth-child(1) .note") == f"of map {one}"
        lines = [text.split("\n") for text in self.root.locator(".line").all_inner_texts()]
        added = [number(line[-1]) for line in lines if line[0].startswith(("map", "products"))]
        np.testing.assert_allclose(added, sums, atol=0.006)
        for card, wanted in enumerate([below[one], kernels[which, one], products[one]]):
            texts = self.root.locator(".card").nth(card).locator(".cell").all_inner_texts()
            np.testing.assert_allclose([number(text) for text in texts], wanted.ravel(), rtol=0.06, atol=0.006)
        assert [number(line[-1]) for line in lines if line[0] == "sum"] == pytest.approx(
            [sums.sum() + bias[which]], abs=0.006
        )


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Network)


@pytest.fixture
def notebook(open_notebook):
    return partial(open_notebook, Network)


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


@pytest.mark.parametrize("image", [3, 35])
def test_one_unit_is_followed_from_its_probability_down_to_the_paper_along_the_largest_products(pages, image):
    explorer = NetworkExplorer(image=image)
    shown, stages, path = pages(explorer), explorer.state.stages, way_down(explorer.state)
    last = len(stages) - 1
    shown.click(".share", int(explorer.scores.argmax()))
    for s in range(last, -1, -1):
        assert shown.level() == s
        assert [marked[0] for marked in shown.path()[: last - 1]] == path[:-2]
        shown.is_true(explorer)
        if stages[s].kind in ("conv", "dense"):
            shown.sentence_is_true(explorer)
        if s == last:  # by its chip, and from there with keys
            shown.click(".chip", s - 1)
        elif s == last - 1:
            shown.layer(s - 1).focus()
            shown.press("Enter")
        elif s > 0:
            shown.press("Enter")
    shown.press("Backspace")
    assert shown.level() == 1


def test_any_unit_can_be_kept_and_is_numpys(pages):
    rng, explorer = np.random.default_rng(0), NetworkExplorer(image=12)
    shown = pages(explorer)
    for s, stage in enumerate(explorer.state.stages[1:-2], 1):
        for unit in zip(*(rng.integers(0, n, 2) for n in stage.shape), strict=True):
            shown.click_unit(stage, s, *unit)
            assert shown.path()[s][0] == unit
            assert shown.is_true().unit == (s, *unit)
            if stage.kind == "conv":
                shown.sentence_is_true(explorer)


def test_another_click_goes_one_layer_down_and_one_in_the_window_to_its_unit(pages):
    explorer = NetworkExplorer()
    shown, stage = pages(explorer), explorer.state.stages[3]
    shown.click_unit(stage, 3, 5, 4, 4)
    shown.click_unit(stage, 3, 5, 4, 4)
    assert (shown.level(), shown.is_true().unit[0]) == (2, 2)
    shown.click(".chip", 3)
    below = shown.settle().root.locator(".card").first
    which = int(re.findall(r"map (\d+)", below.locator(".note").inner_text())[0])
    below.locator(".cell").nth(7).click()
    assert shown.level() == 2
    assert shown.path()[2][0] == (which, 5, 6)
    for part, level in ((".share", 6), (".share", 5), (".score", 4)):
        shown.click(part, 4)
        assert shown.level() == level


def test_one_is_led_down_from_the_answer_until_one_does_something_else(pages):
    explorer = NetworkExplorer()
    shown = pages(explorer)
    led = shown.button("▶ follow it down")
    shown.click_unit(explorer.state.stages[3], 3, 5, 7, 0)  # which is let go
    led.click()
    assert [marked[0] for marked in shown.path()[:-2]] == way_down(explorer.state)[:-2]
    expect(shown.chip(5)).to_have_attribute("aria-pressed", "true")

    def press():
        shown.root.locator(".kernel .cell").first.hover()
        shown.mouse.down()
        shown.mouse.up()

    for act in (lambda: shown.press("ArrowDown"), press, shown.button("invert").click, shown.chip(1).click):
        if led.count():
            led.click()
        act()
        led.wait_for()
        assert shown.level() > 0  # it did not only come to its end


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

    def use(tool, *keys):
        shown.radio(tool).check()
        shown.paper().focus()
        shown.press(*keys)

    shown.button("clear").press("Enter")
    blank = shown.pictures()
    use("draw", " ", *["ArrowDown"] * 6, " ", "ArrowRight")
    drawn = shown.pictures()
    assert all(one != other for one, other in zip(blank, drawn, strict=True))
    use("move", "ArrowRight")
    assert shown.settle().root.locator("pre").text_content().count("move=(0, 1)") == 1
    use("ask", "ArrowUp")
    assert shown.text(".readout .back") == ""
    shown.press(" ")
    assert shown.level() == 0
    use("erase", " ", *["ArrowDown"] * 9, " ")
    assert shown.pictures()[0] != drawn[0]


def test_a_weight_is_typed_stepped_dragged_and_taken_back_and_the_whole_network_answers(pages):
    shown = pages(NetworkExplorer(image=9))
    before, pictures = shown.scores(), shown.pictures()
    shown.chip(1).click()
    shown.root.locator(".kernel .cell[tabindex='0']").focus()
    shown.press("ArrowRight", "ArrowRight", "ArrowDown", "2", ".", "5", "Enter")
    assert shown.is_true().edits == {(1, shown.path()[1][0][0], 0, 1, 2): 2.5}
    assert shown.scores() != before
    shown.press("+")
    assert [*shown.is_true().edits.values()] == pytest.approx([2.6])
    shown.chip(5).focus()
    shown.press("Control+z", "Control+z")
    assert shown.scores() == before
    shown.press("Control+y")
    shown.button("restore").click()
    assert shown.scores() == before
    assert shown.pictures() == pictures
    shown.chip(5).click()
    shown.settle()  # its cells are made anew
    box = shown.root.locator(".kernel .cell").nth(5).bounding_box()
    shown.mouse.move(box["x"] + 5, box["y"] + 5)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 5, box["y"] - 60, steps=6)
    shown.mouse.up()
    shown.mouse.move(1, 1)
    assert len(shown.is_true().edits) == 1
    shown.button("undo").click()
    assert shown.is_true().edits == {}


def test_what_fools_it_begins_with_the_drawing_as_it_is_and_is_taken_back(pages):
    plain = pages(NetworkExplorer(image=4)).pictures()
    shown, said = pages(NetworkExplorer(image=4, noise=30, turn=-20)), set()
    letter, invert = shown.button("letter A"), shown.button("invert")
    for name, spoilt in {
        "move by 6 px": {"move": (0, 6)},
        "rotate 45°": {"turn": 45},
        "invert": {"inverted": True},
    }.items():
        shown.button(name).click()  # in place of the one before
        explorer = shown.is_true()
        done = {each: getattr(explorer, each) for each in ("move", "turn", "noise", "inverted")}
        assert done == {"move": (0, 0), "turn": 0, "noise": 0, "inverted": False} | spoilt
        expect(shown.button(name)).to_have_attribute("aria-pressed", "true")
        assert shown.root.locator(".fool [aria-pressed='true']").count() == 1
        assert shown.root.locator(".share u").evaluate_all("all => all.some((each) => !each.hidden)")
        said.add(re.match("It was (.*? sure)", shown.text(".readout"))[1])
    assert len(said) == 1  # of the drawing as it is
    for button, is_plain in ((invert, True), (letter, False), (letter, True), (letter, False), (invert, False)):
        button.click()
        assert (shown.pictures() == plain) == is_plain
    assert shown.is_true().inverted  # the drawing, not the letter
    shown.button("undo").click()
    letter.click()
    assert shown.pictures() == plain


def test_why_is_asked_of_the_answer_and_of_any_other_class(pages):
    shown = pages(NetworkExplorer(image=7))
    hide = shown.root.locator(".why canvas").first
    lead = re.compile("changes the lead of")
    expect(hide).to_have_attribute("aria-label", lead)
    title, first = shown.root.locator(".why h3").first, hide.get_attribute("aria-label")
    expect(title).not_to_contain_text("not")
    shown.click(".score", 4)
    expect(title).to_contain_text("not")
    expect(hide).not_to_have_attribute("aria-label", first)
    expect(hide).to_have_attribute("aria-label", lead)
    paper = shown.pictures()[0]
    for canvas in shown.root.locator(".why canvas").all():
        canvas.hover(position={"x": 40, "y": 40})
        assert shown.pictures()[0] != paper
    shown.mouse.move(1, 1)
    assert shown.pictures()[0] == paper


def test_more_ink_is_the_gradient_of_the_score_and_follows_the_drawing(pages):
    shown = pages(NetworkExplorer(image=7))
    shown.click(".score", 4)
    expect(shown.root.locator(".why h3").first).to_contain_text("not 4")
    for turn in (0, 15, 30):
        explorer = NetworkExplorer(image=7, turn=turn)
        model = explorer.model
        model(explorer.state.outputs[0][None])
        gradient = model.backward(np.eye(10, dtype=np.float32)[[4]])[0, 0]
        most, last = abs(gradient).max(), shown.root.locator("canvas").count() - 1
        shown.settle().settle()  # it is drawn in a frame after that of the maps
        assert colours_agree(shown, last, gradient, ("signed", -most, most)), turn
        shown.slider("turn").press("ArrowRight")


def test_drawings_are_kept_as_what_was_chosen_or_what_they_were_drawn_on_whatever_the_network_says(pages):
    shown = pages(NetworkExplorer(image=3))
    what, kept = shown.root.get_by_label("what it is"), shown.root.locator(".kept button")
    called = lambda: shown.settle().root and what.evaluate("node => node.value")  # noqa: E731
    assert (called(), what.is_disabled(), shown.button("keep").is_disabled()) == ("1", True, True)
    shown.more()
    shown.root.get_by_label("centre and scale").uncheck()  # so that a drawing stays as it is
    shown.draw(THREE)
    assert called() == "?"
    shown.button("keep").click()  # which asks what it is
    expect(what).to_be_focused()
    assert kept.count() == 0
    shown.choose("what it is", "5")
    expect(shown.root.locator(".verdict")).to_contain_text("this 5 is called")
    shown.draw(THREE[:2])
    assert called() == "5"
    shown.button("keep").click()
    expect(shown.root.get_by_role("button", name="your 5")).to_be_visible()
    scores = shown.scores()
    for name, word in (("letter A", "?"), ("letter A", "5"), ("clear", "?")):
        shown.button(name).click()
        assert called() == word
    kept.click()
    assert shown.scores() == pytest.approx(scores, abs=0.11)  # of pixels in 255ths
    shown.button("forget").click()
    expect(kept).to_have_count(0)
    shown.button("undo").click()
    expect(kept).to_have_count(1)
    shown.button("the next example").click()
    shown.draw(THREE[:2])
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
        assert shown.path()[s][0] == unit
        shown.is_true(explorer)
    shown.click(".share", 1)
    for s in range(len(explorer.state.stages) - 1, -1, -1):
        shown.chip(s).click()
        shown.is_true(explorer)


WIDTHS = [390, 1100, *map(thorough, (760, 1000))]


@pytest.mark.parametrize("width", WIDTHS)
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
            shown.chip(s).click()
            assert shown.settle().places() == places


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_its_page(pages, theme):
    shown = pages(NetworkExplorer(), theme=theme)
    for width in (320, 390, 480, 540, 600, 700, 740, 760, 899, 950, 1100, 1600):
        shown.page.set_viewport_size({"width": width, "height": 900})
        assert shown.settle().cut_off() == [], width
        assert shown.overflow() <= 0, width
        assert all(shown.root.locator(".lens .cell").all_inner_texts()), width


@pytest.mark.parametrize("seed", SEEDS)
def test_touches_and_keys_at_random(pages, seed):
    monkey(pages(NetworkExplorer(image=2)), seed, touches=60)


def test_a_drawing_and_a_weight_reach_python_and_a_network_the_view(notebook):
    running, shown = notebook("from convscope import NetworkExplorer, models\nexplorer = NetworkExplorer(); explorer")
    shown.draw(THREE)
    until(running, "print(explorer.scores.argmax())", "3")
    until(running, "print(round(explorer.input.sum()) > 20)", "True")
    running.execute("explorer.unit = (1, 2, 3, 4)")
    expect(shown.chip(1)).to_contain_text("map 2 (3, 4)")
    shown.root.locator(".kernel .cell").first.click()
    shown.press("4", "Enter")
    until(running, "print(explorer.edits)", "{(1, 2, 0, 0, 0): 4.0}")
    running.execute("explorer.model = models.lenet5(padding=2).build((1, 28, 28), seed=1)")
    expect(shown.root.locator(".layers .picture")).to_have_count(6)
    assert python(running, "print(explorer.edits)") == "{}"
    assert running.console_errors() == []
