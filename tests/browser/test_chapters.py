"""Each chapter, opened in JupyterLab, runs top to bottom, and again, and its explorers are alive."""

import pytest

from environment import ROOT

CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("0[1-9]-*.ipynb"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_twice(lab, chapter):
    notebook = lab.open(chapter, theme="dark")
    for _ in range(2):
        notebook.run_all()
        assert notebook.cell_errors() == []
    explorers = notebook.locator(".convscope-explorer").count()
    assert explorers > 0
    notebook.wait_for_function(
        """explorers => [...document.querySelectorAll('.convscope-explorer')].filter(
            explorer => explorer.querySelector('.convscope-readout')?.textContent.includes(' = ')
        ).length === explorers""",
        arg=explorers,
    )
    assert notebook.console_errors() == []
