"""Each chapter, opened in JupyterLab, runs top to bottom, and again, and its explorers are alive."""

import pytest

from environment import ROOT

CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("0[1-9]-*.ipynb"))
WIDGET = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.widget-view+json']"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_twice(lab, chapter):
    notebook = lab.open(chapter, theme="dark")
    for _ in range(2):
        notebook.run_all()
        assert notebook.cell_errors() == []
    outputs = notebook.locator(WIDGET).all()
    assert outputs
    for output in outputs:
        output.scroll_into_view_if_needed()
        output.locator(".convscope-view, .widget-image").first.wait_for(state="attached")
        for view in output.locator(".convscope-view").all():
            if view.is_visible():
                notebook.show(view)
    assert notebook.console_errors() == []
