"""The Inception designer in the browser: a preset redraws the module, a slider its boxes, its bars and its words."""

import re

import pytest
from playwright.sync_api import expect

from convscope import InceptionDesigner


def strips(notebook):
    """How wide each part of a strip is drawn, in the order of Python's boxes."""
    parts = notebook.locator(".convscope-part")
    return parts.evaluate_all("all => all.map(each => +each.getAttribute('width'))")


def numbers(notebook):
    """What stands at the bars, chart by chart."""
    texts = [
        text for i in (1, 2) for text in notebook.locator(".convscope-chart").nth(i).locator("text").all_text_contents()
    ]
    return [int(text.replace(",", "")) for text in texts if re.fullmatch(r"[\d,]+", text)]


def settled(notebook, **changes):
    """Wait until the browser shows this module; what Python shows of it."""
    expected = InceptionDesigner(**changes)
    words = expected._view.spoken
    expect(notebook.locator(".convscope-spoken").first).to_have_text(words)
    notebook.settle()
    bars = [bar["value"] for chart in expected._charts for bar in chart.chart["bars"]]
    return expected, bars


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 480)])
def test_presets_and_sliders_redraw_the_module_and_its_costs(lab, theme, width):
    notebook = lab.scratch("from convscope import InceptionDesigner\nInceptionDesigner()", theme=theme, width=width)
    notebook.run_all()
    for i in range(3):
        notebook.show(notebook.locator(".convscope-chart").nth(i))
    slider = notebook.get_by_role("slider", name="5×5", exact=True)
    reduction = notebook.get_by_role("slider", name="1×1 before 5×5", exact=True)
    presets = notebook.get_by_role("combobox", name="module")
    for act, changes in [
        (lambda: None, {}),
        (lambda: slider.press("ArrowRight"), {"five": 33}),
        (lambda: presets.select_option("4e"), {"module": "4e"}),
        (lambda: slider.press("Home"), {"module": "4e", "five": 0}),
        (lambda: presets.select_option("3a"), {"module": "3a"}),
        (lambda: presets.select_option("your own"), {"module": "4e", "five": 0}),
        (lambda: notebook.get_by_role("button", name="reset").click(), {}),
    ]:
        act()
        expected, bars = settled(notebook, **changes)
        assert presets.input_value() == expected.module
        assert reduction.evaluate("handle => Boolean(handle.closest('[disabled]'))") == (expected.five == 0)
        assert numbers(notebook) == bars
        amounts = [amount for box in expected._view.chart["blocks"] for amount, _ in box["parts"]]
        drawn = strips(notebook)
        assert [width / amount for width, amount in zip(drawn, amounts, strict=True)] == pytest.approx(
            [drawn[0] / amounts[0]] * len(amounts)
        )
        expect(notebook.locator(".convscope-caption").first).to_have_text(expected._view.caption)
    assert notebook.cell_errors() == notebook.console_errors() == []
