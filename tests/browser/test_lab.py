"""The course opens in JupyterLab as a learner meets it: it runs, and nothing else asks for attention."""

import re

import nbformat

from environment import ROOT
from notebooks import DEAD_WITHOUT_KERNEL


def chapter_cell(chapter, cell_id):
    """The source of a cell, by its id."""
    cells = nbformat.read(ROOT / "notebooks" / chapter, as_version=4).cells
    return next(cell.source for cell in cells if cell.id == cell_id)


def test_the_first_chapter_opens_and_runs_and_nothing_asks_for_news_or_updates(lab):
    notebook = lab.open("00-start-here.ipynb")
    notebook.run_all()
    assert notebook.cell_errors() == []
    assert notebook.locator("body").get_attribute("data-jp-theme-light") == "true"
    assert "Everything is in place" in notebook.outputs()[-2][0]["text"]
    notebook.evaluate("() => jupyterapp.restored")  # when JupyterLab would ask
    notebook.settle()
    assert notebook.locator(".Toastify__toast, .jp-Dialog").all_inner_texts() == []
    assert notebook.console_errors() == []


def test_the_first_screen_is_there_to_play_with(lab):
    notebook = lab.open("00-start-here.ipynb")
    notebook.locator(".jp-MarkdownCell").first.click()
    for _ in range(3):
        notebook.keyboard.press("Shift+Enter")
    notebook.show(notebook.locator(".convscope-canvas").last)
    notebook.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, 0)")
    screen = notebook.viewport_size["height"]
    boxes = [canvas.bounding_box() for canvas in notebook.locator(".convscope-canvas:visible").all()[:3]]
    assert len(boxes) == 3 and all(box["y"] + box["height"] < screen for box in boxes)
    for name in re.findall(r"\*(.+?)\*", chapter_cell("00-start-here.ipynb", "play")):
        assert notebook.locator(".convscope-explorer").get_by_text(name, exact=True).is_visible(), name
    notebook.locator(".widget-dropdown", has_text="kernel").locator("select").select_option("Sobel y")
    notebook.get_by_text("Sobel y, 3 × 3").wait_for()


def test_a_saved_notebook_stays_alive_and_shows_its_stills_when_it_is_opened_again(lab):
    notebook = lab.scratch("import convscope", 'convscope.ask("00 map at stride 2")', "convscope.ConvolutionExplorer()")
    notebook.run_all()
    notebook.locator(".convscope-canvas").first.wait_for()
    path = notebook.evaluate(
        """async () => {
            await jupyterapp.commands.execute("docmanager:save");
            return jupyterapp.shell.currentWidget.context.path;
        }"""
    )
    saved = [output.data for cell in nbformat.read(lab.folder / path, as_version=4).cells for output in cell.outputs]
    assert [DEAD_WITHOUT_KERNEL in data for data in saved] == [False, False]
    assert all({"image/png", "text/html"} & set(data) for data in saved)

    notebook.locator(".widget-dropdown", has_text="kernel").locator("select").select_option("Sobel y")
    notebook.get_by_text("Sobel y, 3 × 3").wait_for()

    notebook.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook.reload()
    notebook.locator(".jp-OutputArea-output img").first.wait_for()
    notebook.get_by_text("How many has it at stride 2?").wait_for()
    assert notebook.get_by_text("model not found").count() == 0


def test_what_goes_wrong_is_seen(lab):
    notebook = lab.scratch("1 / 0", "2")
    notebook.run_all()
    assert notebook.cell_errors() == ["ZeroDivisionError: division by zero"]
    notebook.evaluate("console.error('not this')")
    with notebook.expect_event("pageerror"):
        notebook.evaluate("setTimeout(() => { throw new RangeError('nor this') })")
    assert [text for text in notebook.console_errors() if "this" in text] == notebook.console_errors()
    assert len(notebook.console_errors()) == 2
