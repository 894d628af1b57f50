"""Chapters in JupyterLab: those that `make test` leaves out."""

import pytest

from chapters_in_lab import RARELY, run_twice


@pytest.mark.parametrize("chapter", RARELY)
def test_a_chapter_runs_twice(lab, chapter):
    run_twice(lab, chapter)
