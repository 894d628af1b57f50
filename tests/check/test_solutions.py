"""Each solution of the chapters passes in its exercise's cell; as it is committed, the cell is not yet solved."""

import importlib
import linecache
import re
import sys

import nbformat
import pytest

import notebooks
from convscope.check.exercises import EXERCISES
from convscope.check.report import Report

SOLUTION = re.compile(r"<summary>Solution</summary>\s*```python\n(.*?)```", re.DOTALL)
CALL = re.compile(r"^check\.(\w+)\(.*\)$", re.MULTILINE)
TRAIN = {"small_network", "moved_digits", "my_network"}  # these solutions train for long


def exercises(chapter):
    """(exercise, the call that checks it, its solution) of a chapter, and the source of the chapter's set-up."""
    cells = nbformat.read(chapter, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    setup = notebooks.plain(code[0].source)
    found = []
    for cell, after in zip(cells, cells[1:], strict=False):
        if cell.cell_type == "code" and (call := CALL.search(cell.source)):
            found.append((call[1], call[0], cell, SOLUTION.search(after.source)[1]))
    return setup, found


def test_every_exercise_stands_in_its_chapter_once_in_the_order_of_the_course():
    there = [(chapter.name[:2], name) for chapter in notebooks.CHAPTERS for name, *_ in exercises(chapter)[1]]
    assert there == [(exercise.chapter, exercise.name) for exercise in EXERCISES.values()]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs source as a cell would be, in a folder of its own: run(source, scope)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def run_one(source, scope):
        file = f"<cell {len(linecache.cache)}>"
        linecache.cache[file] = len(source), None, source.splitlines(True), file
        sys.modules.pop("mine", None)
        importlib.invalidate_caches()
        exec(compile(source, file, "exec"), scope)

    yield run_one
    sys.modules.pop("mine", None)


@pytest.mark.parametrize("left_out", [TRAIN, pytest.param(set(), marks=pytest.mark.thorough)], ids=["short", "all"])
def test_solutions_pass_in_the_order_of_the_course(run, left_out):
    for chapter in notebooks.CHAPTERS:
        setup, found = exercises(chapter)
        for name, call, cell, solution in found:
            scope = {}
            run(setup, scope)
            run(cell.source, scope)
            assert eval(call, scope).state == "not yet", name
            if name in left_out:
                continue
            run(solution, scope)
            report = eval(call, scope)
            assert isinstance(report, Report) and report.is_right, report
