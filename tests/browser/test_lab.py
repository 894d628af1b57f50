"""The course opens in JupyterLab as a learner meets it: it runs, and nothing else asks for attention."""

import re

import nbformat
from playwright.sync_api import expect

from chapters_in_lab import run_twice
from convscope.explore.bundle import STATE
from environment import ROOT
from notebooks import DEAD_WITHOUT_KERNEL


def chapter_cell(chapter, cell_id):
    """The source of a cell, by its id."""
    cells = nbformat.read(ROOT / "notebooks" / chapter, as_version=4).cells
    return next(cell.source for cell in cells if cell.id == cell_id)


def choose_kernel(explorer, name):
    explorer.get_by_role("combobox", name="kernel", exact=True).select_option(label=name)
    expect(explorer.locator("pre")).to_contain_text(name)  # the code that makes what is on show


def test_the_first_chapter_is_there_to_play_with_and_nothing_asks_for_news_or_updates(lab):
    notebook = lab.open("00-start-here.ipynb")
    assert notebook.locator("body").get_attribute("data-jp-theme-light") == "true"
    notebook.locator(".jp-MarkdownCell").first.click()
    for _ in range(3):
        notebook.keyboard.press("Shift+Enter")
    explorer = notebook.show(notebook.locator(".explorer").first)
    notebook.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, 0)")
    screen = notebook.viewport_size["height"]
    boxes = [canvas.bounding_box() for canvas in explorer.locator("canvas").all()]
    assert len(boxes) == 2 and all(box["y"] + box["height"] < screen for box in boxes)
    words = explorer.evaluate(
        """root => [root.innerText, ...[...root.querySelectorAll("select")].map((each) => each.selectedOptions[0].text)]
            .join(" ")"""
    )
    for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", chapter_cell("00-start-here.ipynb", "play")):
        assert name in words
    choose_kernel(explorer, "Sobel y")
    run_twice(notebook)
    assert "Everything is in place" in notebook.outputs()[-2][0]["text"]
    notebook.evaluate("() => jupyterapp.restored")  # when JupyterLab would ask
    notebook.settle()
    assert notebook.locator(".Toastify__toast, .jp-Dialog").all_inner_texts() == []


def test_what_goes_wrong_is_seen(lab):
    notebook = lab.scratch("1 / 0", "2")
    notebook.run_all()
    assert notebook.cell_errors() == ["ZeroDivisionError: division by zero"]
    notebook.evaluate("console.error('not this')")
    with notebook.expect_event("pageerror"):
        notebook.evaluate("setTimeout(() => { throw new RangeError('nor this') })")
    assert [text for text in notebook.console_errors() if "this" in text] == notebook.console_errors()
    assert len(notebook.console_errors()) == 2


def test_a_saved_notebook_stays_alive_and_shows_its_stills_when_it_is_opened_again(lab):
    question = 'convscope.Predict("How many are left?", ["a half", "a quarter"], answer="a quarter")'
    notebook = lab.scratch("import convscope", question, "convscope.ConvolutionExplorer()")
    notebook.run_all()
    explorer = notebook.show(notebook.locator(".explorer").last)
    path = notebook.evaluate(
        """async () => {
            await jupyterapp.commands.execute("docmanager:save");
            return jupyterapp.shell.currentWidget.context.path;
        }"""
    )
    saved = [output.data for cell in nbformat.read(lab.folder / path, as_version=4).cells for output in cell.outputs]
    assert [DEAD_WITHOUT_KERNEL in data for data in saved] == [False, False]
    assert all({STATE, "text/html"} <= set(data) for data in saved)
    choose_kernel(explorer, "Sobel y")

    notebook.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook.reload()
    notebook.locator(".jp-OutputArea-output img").first.wait_for()
    notebook.get_by_text("Predict. How many are left?").wait_for()
    assert notebook.get_by_text("model not found").count() == 0
