"""All explorers in one notebook of JupyterLab, and what their pages hold."""

import pytest
from playwright.sync_api import expect
from shown import Shown, thorough

from convscope import FeatureMapsExplorer, NetworkExplorer, models

EVERY = """import numpy as np
from convscope import *
from IPython.display import display
display(ChannelMixer(), ConvolutionExplorer(), FeatureMapsExplorer(), InceptionDesigner(), NetworkExplorer(),
        PoolingExplorer(), ReceptiveFieldExplorer(), ShiftExplorer(), SharingExplorer({100: np.eye(8)}))"""
AT = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"


@pytest.mark.parametrize("width", [thorough(760), 1280])
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
    explorers = notebook.locator(".explorer")
    for explorer in explorers.all():
        notebook.show(explorer)
        scrolled_over(explorer)
    boxes = explorers.evaluate_all(
        "all => all.map(each => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight])"
    )
    assert boxes == [[0, 0]] * 9
    assert notebook.console_errors() == []


def test_a_page_leads_back_to_the_network_that_its_explorer_began_with(open_explorer):
    explorer = NetworkExplorer(image=3, edits={(1, 0): 0.5})
    explorer.model = models.lenet5(2).build((1, 28, 28))
    shown = open_explorer(Shown, explorer, width=1200)
    maps = shown.root.locator(".layers .picture")
    assert maps.count() == 6 and not shown.root.locator(".refused").count()
    shown.button("reset").click()
    expect(maps).to_have_count(4)
    assert not shown.root.locator(".refused").count()
    shown.button("undo").click()
    expect(maps).to_have_count(6)


# In one frame, before the view has heard of it.
HIDDEN_AND_CHANGED = """root => {
    const slider = root.querySelector("input[type='range']:not(:disabled)");
    root.getRootNode().host.style.display = "none";
    slider.stepUp();
    slider.dispatchEvent(new Event("input"));
}"""


@pytest.mark.parametrize("kind", [FeatureMapsExplorer, NetworkExplorer])
def test_what_is_hidden_while_it_changes_is_drawn_when_it_is_seen_again(open_explorer, kind):
    shown = open_explorer(Shown, kind())
    before = shown.root.locator("pre").text_content()
    widths = "root => [...root.querySelectorAll('.frame > canvas')].map(each => each.width)"
    drawn = shown.root.evaluate(widths)
    shown.root.evaluate(HIDDEN_AND_CHANGED)
    shown.settle().root.evaluate("root => (root.getRootNode().host.style.display = '')")
    expect(shown.root.locator("pre")).not_to_have_text(before)
    assert shown.settle().root.evaluate(widths) == drawn
