"""Each chapter, opened in JupyterLab, runs top to bottom, and again, and its explorers are alive."""

import pytest

from environment import ROOT

CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("0[1-9]-*.ipynb"))

# Views on the page that show nothing yet: a picture tells of its marked cell, a chart is drawn, a question asks.
SILENT = """() => [...document.querySelectorAll(".convscope-view")].filter((view) => {
    if (!view.offsetParent) return false; // hidden: it has nothing to show
    if (view.matches(".convscope-chart")) return !view.querySelector("svg text");
    if (view.matches(".convscope-predict")) return !view.querySelector(".convscope-question").textContent;
    return !view.querySelector(".convscope-readout").textContent.includes(" = ");
}).length"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_twice(lab, chapter):
    notebook = lab.open(chapter, theme="dark")
    for _ in range(2):
        notebook.run_all()
        assert notebook.cell_errors() == []
    assert notebook.locator(".convscope-view").count() > 0
    notebook.wait_for_function(f"() => ({SILENT})() === 0")
    assert notebook.console_errors() == []
