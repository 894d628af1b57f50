"""Of what a type checker says, the library's calls are kept: each report is about the call that it is found in."""

import pytest

import calls

CODE = """import numpy as np
from convscope import conv2d
def mine(x): return x
"×"; conv2d(mine(1), [[1]]); np.sum(conv2d(2))
max(mine(3))
"""


def report(text, rule):
    """A report on this text of CODE, which occurs there once."""
    before, _ = CODE.split(text)
    line, column = before.count("\n"), len(before.rpartition("\n")[2])
    ends = [{"line": line, "character": column + extra} for extra in (0, len(text))]
    return {"rule": rule, "range": dict(zip(("start", "end"), ends, strict=True))}


@pytest.mark.parametrize(
    ("text", "rule", "name", "ours"),
    [
        ("mine(1)", "reportArgumentType", "conv2d", True),
        ("mine(1)", "reportCallIssue", "mine", False),
        ("conv2d(2)", "reportCallIssue", "conv2d", True),
        ("conv2d(2)", "reportArgumentType", "np", False),
        ("mine(3)", "reportArgumentType", "max", False),
    ],
)
def test_a_report_belongs_to_the_call_around_it(text, rule, name, ours):
    assert calls.called(CODE, report(text, rule)) == name
    assert (name not in calls.others(CODE)) == ours


def test_examples_and_cells_are_found():
    found = calls.sources()
    assert any("conv2d" in code for code in found["README.md"])
    assert set(found) >= {f"notebooks/{chapter.name}" for chapter in calls.CHAPTERS}
