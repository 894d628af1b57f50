"""Every chapter in JupyterLab. Of these tests, `make test` runs the first chapter's, in test_lab.py."""

import pytest

from chapters_in_lab import run_twice
from notebooks import CHAPTERS


@pytest.mark.parametrize("chapter", [chapter.name for chapter in CHAPTERS[1:]])
def test_a_chapter_runs_twice(lab, chapter):
    notebook = lab.open(chapter, theme="dark")
    run_twice(notebook)
    assert notebook.locator("body").get_attribute("data-jp-theme-light") == "false"
