"""Chapters in JupyterLab: those that are run with every change."""

import pytest

from chapters_in_lab import OFTEN, run_twice


@pytest.mark.parametrize("chapter", OFTEN)
def test_a_chapter_runs_twice(lab, chapter):
    run_twice(lab, chapter)
