"""Charts in the browser: what is drawn where and said, by pointer and by keys, and no text on another."""

from importlib.resources import files
from math import log10

import numpy as np
import pytest
from playwright.sync_api import expect

from convscope.words import number

CHARTS = """import numpy as np
from convscope.explore.chart import Bars, Block, Blocks, ChartView, Curves

def shown(chart, **how):
    view = ChartView()
    view.show(chart, **how)
    return view

X = [30, 100, 300, 1000, 3000]
SERIES = {"grey": [[24, 45, 70, 82, 85], [27, 50, 73, 83, 86]], "colour": [13.7, 24.3, 53.9, 86.6, 95.1],
          "grey three times, as a control": [25, 47, 71, 82, 86]}
letters = shown(Curves(X, SERIES, "Letters", "training examples", "accuracy, %", log=True, limits=(0, 100)), marked=300)
letters"""
SHIFTS = """steps = np.arange(-16, 17)
shown(Curves(steps, {"dense": abs(steps) / 10, "global max": 0 * steps}, "Shifts", "shift, pixels", "error"))"""
BARS = """shown(Bars({"naive": 12_345_678, "reduced by 1×1 convolutions": 1_234_567, "one": 0}, "Cost", "MACs"))"""
BLOCKS = """boxes = {"in": Block("input", 0, 0, 4, ("28 × 28 × 192",), ((192, 0),)),
         "pool": Block("3×3 max pool", 1, 3, 1, ("192 → 192",), ((192, 0),))}
for i, (size, depth) in enumerate([("1×1", 64), ("3×3", 128), ("5×5", 32), ("1×1", 32)]):
    boxes[f"{i}"] = Block(f"{size} convolution", 2, i, 1, (f"192 → {depth}",), ((depth, i + 1),))
boxes["out"] = Block("concatenation", 3, 0, 4, ("28 × 28 × 256",), ((64, 1), (128, 2), (32, 3), (32, 4)))
arrows = [("in", "pool"), ("pool", "3"), *(("in", f"{i}") for i in range(3)), *((f"{i}", "out") for i in range(4))]
shown(Blocks(boxes, tuple(arrows), "Inception module 3a"))"""
LETTERS, SHIFTED, COST, MODULE = range(4)


class Charts:
    """A notebook of four charts."""

    def __init__(self, notebook):
        self.notebook = notebook
        notebook.run_all()

    def chart(self, i):
        return self.notebook.show(self.notebook.locator(".convscope-chart").nth(i))

    def svg(self, i):
        return self.chart(i).locator(".convscope-drawing > svg")

    def readout(self, i):
        return self.chart(i).locator(".convscope-readout")

    def texts(self, i):
        """Each text of a drawing, with the box that it fills: left, top, right, bottom."""
        return (
            self.svg(i)
            .locator("text")
            .evaluate_all(
                """all => all.map(each => {
                const { left, top, right, bottom } = each.getBoundingClientRect();
                return [each.textContent, [left, top, right, bottom]];
            })"""
            )
        )

    def boxes(self, i, part):
        return np.array(
            self.svg(i)
            .locator(part)
            .evaluate_all("all => all.map(each => ['x', 'y', 'width', 'height'].map(name => +each.getAttribute(name)))")
        )

    def marker(self, i, curve):
        """Where the markers of a curve stand, [point, x and y], in pixels of the drawing."""
        paths = self.svg(i).locator(f"svg path[fill*='style-{curve + 1}'][transform]")
        found = paths.evaluate_all(
            """all => all.map(each => each.getAttribute('transform').match(/-?[\\d.]+/g).slice(0, 2).map(Number))"""
        )
        return np.array(found)


@pytest.fixture(scope="module", params=[("light", 1280), ("dark", 480)], ids=["wide", "narrow"])
def charts(lab, request):
    theme, width = request.param
    return Charts(lab.scratch(CHARTS, SHIFTS, BARS, BLOCKS, theme=theme, width=width))


def overlap(one, other, slack=1):
    (left, top, right, bottom), (a, b, c, d) = one, other
    return min(right, c) - max(left, a) > slack and min(bottom, d) - max(top, b) > slack


@pytest.mark.parametrize("chart", range(4))
def test_no_text_lies_on_another_or_outside(charts, chart):
    texts = charts.texts(chart)
    assert len(texts) > 5
    on_another = [(a, b) for i, (a, one) in enumerate(texts) for b, other in texts[:i] if overlap(one, other, slack=2)]
    assert not on_another
    box = charts.svg(chart).bounding_box()
    left, right = box["x"] - 1, box["x"] + box["width"] + 1
    assert not [text for text, (start, _, end, _) in texts if start < left or end > right]
    assert charts.notebook.cell_errors() == charts.notebook.console_errors() == []


def test_points_stand_where_their_numbers_are(charts):
    x = np.log10([30, 100, 300, 1000, 3000])
    means = [[25.5, 47.5, 71.5, 82.5, 85.5], [13.7, 24.3, 53.9, 86.6, 95.1], [25, 47, 71, 82, 86]]
    ticks = {text: box for text, box in charts.texts(LETTERS) if text in ("0", "80")}
    places = [charts.marker(LETTERS, curve)[:5] for curve in range(3)]
    for place, mean in zip(places, means, strict=True):
        for pixels, values in ((place[:, 0], x), (place[:, 1], mean)):
            assert abs(np.corrcoef(pixels, values)[0, 1]) > 0.99999
    slopes = [np.polyfit(mean, place[:, 1], 1)[0] for place, mean in zip(places, means, strict=True)]
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-4)
    heights = {text: (box[1] + box[3]) / 2 for text, box in ticks.items()}
    assert (heights["0"] - heights["80"]) / -80 == pytest.approx(slopes[0], rel=0.02)


def test_a_pointer_reads_all_curves_at_one_place(charts):
    expect(charts.readout(LETTERS)).to_have_text(
        "training examples 300: grey 71.5 ± 2.1; colour 53.9; grey three times, as a control 71"
    )
    x, y = charts.marker(LETTERS, 1)[3]
    height = charts.readout(LETTERS).bounding_box()["height"]
    charts.svg(LETTERS).hover(position={"x": x + 4, "y": y - 20})
    expect(charts.readout(LETTERS)).to_contain_text("training examples 1,000: grey 82.5 ± 0.71; colour 86.6;")
    charts.notebook.mouse.move(0, 0)
    expect(charts.readout(LETTERS)).to_contain_text("training examples 300:")
    assert charts.readout(LETTERS).bounding_box()["height"] == height


def test_keys_go_from_point_to_point_and_are_heard(charts):
    svg = charts.svg(SHIFTED)
    expect(charts.readout(SHIFTED)).to_contain_text("press the arrow keys")
    svg.focus()
    for key, words in [
        ("Home", "shift, pixels −16: dense 1.6; global max 0"),
        ("ArrowLeft", "shift, pixels −16: dense 1.6; global max 0"),
        ("ArrowRight", "shift, pixels −15: dense 1.5; global max 0"),
        ("End", "shift, pixels 16: dense 1.6; global max 0"),
        ("ArrowRight", "shift, pixels 16: dense 1.6; global max 0"),
    ]:
        svg.press(key)
        expect(charts.readout(SHIFTED)).to_have_text(words)
        expect(charts.chart(SHIFTED).locator(".convscope-announced")).to_have_text(words)
    svg.press("Escape")
    expect(charts.readout(SHIFTED)).to_contain_text("press the arrow keys")


def test_bars_are_as_long_as_their_numbers(charts):
    lengths = charts.boxes(COST, "rect")[:, 2]
    np.testing.assert_allclose(lengths / lengths[0], [1, 1_234_567 / 12_345_678, 0], atol=1e-6)


def test_strips_are_as_long_as_their_amounts_and_stand_in_their_boxes(charts):
    strips, blocks = charts.boxes(MODULE, "rect.convscope-part"), charts.boxes(MODULE, "rect.convscope-block")
    amounts = [192, 192, 64, 128, 32, 32, 64, 128, 32, 32]
    np.testing.assert_allclose(strips[:, 2] / strips[0, 2], np.array(amounts) / 192)
    for x, y, width, height in strips:
        inside = (blocks[:, 0] <= x) & (x + width <= blocks[:, 0] + blocks[:, 2])
        inside &= (blocks[:, 1] <= y) & (y + height <= blocks[:, 1] + blocks[:, 3])
        assert inside.sum() == 1
    concatenated = strips[-4:]
    np.testing.assert_allclose(concatenated[1:, 0], concatenated[:-1, 0] + concatenated[:-1, 2])


def test_a_chart_follows_python(lab):
    notebook = lab.scratch(
        CHARTS, "letters.marked = 1000.0", "letters.show(Curves([0, 1], {'a': [2, 3]}, 't', 'x', 'y'))"
    )
    charts = Charts(notebook)
    expect(charts.chart(0).locator(".convscope-title")).to_have_text("t")
    assert len(charts.marker(0, 0)) == 2 and len(charts.marker(0, 1)) == 0


def good_numbers(notebook, cases):
    source = (files("convscope.explore") / "static" / "scales.js").read_text(encoding="utf-8")
    return notebook.evaluate(f"cases => {{ {source}; return cases.map(case_ => goodNumbers(...case_)); }}", cases)


def test_ticks_are_good_numbers(charts):
    random = np.random.default_rng(0)
    lows = random.normal(size=200) * 10.0 ** random.integers(-3, 6, 200)
    spans = abs(random.normal(size=200)) * 10.0 ** random.integers(-3, 6, 200)
    cases = [
        [low, low + span, 6, bool(wide)]
        for low, span, wide in zip(lows, spans, random.integers(0, 2, 200), strict=True)
    ]
    for (low, high, most, wide), ticks in zip(cases, good_numbers(charts.notebook, cases), strict=True):
        assert len(ticks) <= most + 2 * wide
        steps = np.diff(ticks)
        if wide:
            assert ticks[0] <= low and ticks[-1] >= high
        else:
            assert all(low - 1e-9 * abs(low) <= tick <= high + 1e-9 * abs(high) for tick in ticks)
        if len(steps):
            np.testing.assert_allclose(steps, steps[0], rtol=1e-6)
            assert min(abs(steps[0] / 10 ** np.floor(log10(steps[0] * 1.0001)) - good) for good in (1, 2, 5)) < 1e-6


def test_numbers_are_written_as_python_writes_them(charts):
    static = files("convscope.explore") / "static"
    source = "\n".join((static / name).read_text(encoding="utf-8") for name in ("basics.js", "scales.js"))
    random = np.random.default_rng(0)
    values = np.round(random.normal(size=300) * 10.0 ** random.integers(-2, 8, 300), 9)
    values = [*values[abs(values) > 1e-3].tolist(), 0, 1, 999.4, 99.6, 100]
    cases = [[value, digits] for value in values for digits in (2, 3)]
    written = charts.notebook.evaluate(f"cases => {{ {source}; return cases.map(each => inFigures(...each)); }}", cases)
    assert written == [number(value, digits) for value, digits in cases]
