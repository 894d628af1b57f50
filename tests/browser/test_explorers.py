"""All explorers in one notebook of JupyterLab."""

import pytest

EVERY = """import numpy as np
from convscope import *
from IPython.display import display
display(ChannelMixer(), ConvolutionExplorer(), FeatureMapsExplorer(), InceptionDesigner(), NetworkExplorer(),
        PoolingExplorer(), ReceptiveFieldExplorer(), ShiftExplorer(), SharingExplorer({100: np.eye(8)}))"""
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
    explorers = notebook.locator(".explorer")
    for explorer in explorers.all():
        notebook.show(explorer)
        scrolled_over(explorer)
    boxes = explorers.evaluate_all(
        "all => all.map(each => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight])"
    )
    assert boxes == [[0, 0]] * 9
    assert notebook.console_errors() == []
