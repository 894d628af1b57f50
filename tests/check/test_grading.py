"""Returned notebooks are graded, and one that is broken or hostile costs its own row alone."""

import csv
import sys

import nbformat
import pytest
from test_check import LOOP

import assignment
import grade
from convscope.check import remote
from convscope.check.progress import GUESSES, Guesses

IMPORTS = "import numpy as np\nfrom convscope import check"
RIGHT = f"{LOOP}\n\ncheck.conv2d(my_conv2d)"
# What a cell does to everybody else, and what is then wrong with the notebook as a whole.
HOSTILE = {
    "while True:\n    pass": "it ran for more than 1 seconds",
    "import os\nos._exit(0)": "its process ended",
    "import os\nfor n in range(64):\n    try: os.write(n, b'00')\n    except OSError: n": "its answer has",
}
# What ends a cell and no more.
CONTAINED = [
    "raise SystemExit",
    "for _ in range(50):\n    print('x' * 2**20)",
    "import os\nos.truncate(os.open('large', os.O_CREAT | os.O_RDWR), 2**30)\nos._exit(0)",
]
if sys.platform == "linux":  # macOS takes a limit of memory and does not heed it
    CONTAINED.append("import mmap, os\nmmap.mmap(-1, 3 * 2**30)\nos._exit(0)")


@pytest.fixture
def returned(tmp_path, monkeypatch):
    """Puts a notebook of these cells, or these bytes, into the folder: returned("ann", cell, …)."""
    monkeypatch.setattr(remote, "SECONDS", 20.0)

    def put(name, *cells, kernel="python"):
        file = tmp_path / f"{name}.ipynb"
        if cells and isinstance(cells[0], bytes):
            file.write_bytes(cells[0])
            return file
        code = [nbformat.v4.new_code_cell(cell) for cell in (IMPORTS, *cells)]
        spec = {"name": "x", "display_name": "x", "language": kernel}
        notebook = nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": spec})
        nbformat.write(notebook, file)
        return file

    return put


def test_right_wrong_and_open_answers(returned):
    problem, found = grade.graded(
        returned(
            "ann",
            RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])"),
            LOOP.replace("my_conv2d", "my_conv2d_fast") + "check.conv2d_fast(my_conv2d_fast)",
            "check.naive_depth(672)\ncheck.table_3a([..., 1, 2, 3, 4])\ncheck.relu_place(['between', 'product'])",
            "check.seven({'kernel_size': 3, 'stride': 2, 'padding': 1})\ncheck.small_network(5)",
        )
    )
    assert problem == ""
    assert found.pop("conv2d") == ("not right yet", "rotating the kernel by 180°")
    assert {name: state for name, (state, _) in found.items()} == {
        "conv2d_fast": "right",  # how many lines run there is not asked from here
        "naive_depth": "not right yet",
        "table_3a": "not yet",
        "relu_place": "right",
        "seven": "right",
        "small_network": "not right yet",
    }


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_hostile_notebook_costs_its_own_row_alone(returned, cell, monkeypatch):
    monkeypatch.setattr(remote, "SECONDS", 1.0 if "while" in cell else 20.0)
    problem, found = grade.graded(returned("eve", cell, "check.naive_depth(864)"))
    assert HOSTILE[cell] in problem and found == {}


def test_a_cell_that_breaks_a_limit_is_stopped_and_the_others_count(returned):
    assert grade.graded(returned("eve", *CONTAINED, "check.naive_depth(864)")) == ("", {"naive_depth": ("right", "")})


@pytest.mark.parametrize(("does", "told"), [("import os; os._exit(1)", "ended"), ("while True: pass", "more than 1 ")])
def test_a_function_that_ends_the_process_or_never_ends_costs_its_own_exercise_alone(returned, does, told, monkeypatch):
    monkeypatch.setattr(remote, "CALL_SECONDS", 1.0)
    bad, good = (f"{LOOP}\n\ncheck.{name}(my_conv2d)" for name in ("conv2d", "conv2d_fast"))
    problem, found = grade.graded(returned("eve", bad.replace("k, l =", f"{does}\n    k, l ="), good))
    assert problem == "" and found["conv2d_fast"] == ("right", "")
    assert found["conv2d"][0] == "stopped" and told in found["conv2d"][1]


@pytest.mark.parametrize("cells, kernel", [((b"{",), ""), ((b"",), ""), (("1",), "R")])
def test_what_is_no_notebook_of_ours_is_told(returned, cells, kernel):
    problem, found = grade.graded(returned("eve", *cells, kernel=kernel))
    assert problem.endswith(".") and not found


def test_deleted_cells_have_no_answer(returned):
    assert grade.graded(returned("eve")) == ("", {})


def test_csv_and_page_tell_of_everybody(tmp_path):
    rows = [("ann", "", {"conv2d": ("right", "")}), ("<eve>", "its process ended", {})]
    grade.write_csv(tmp_path / "grades.csv", ["conv2d"], rows)
    told = list(csv.DictReader(open(tmp_path / "grades.csv", encoding="utf-8")))
    assert [row["points"] for row in told] == ["1", "0"] and told[1]["problem"]
    page = grade.page(["conv2d"], rows, {"How?": [("<b>7</b>", False)]})
    assert "&lt;b&gt;7" in page and "<b>7" not in page


def test_guesses_come_with_the_notebook_that_was_saved(returned):
    told = {"question": "How?", "guess": "7", "right": True}
    bundle = Guesses({"predictions": {"a": told, "b": {"question": "Why?", "guess": "so", "right": False}}})
    files = [returned("ann"), returned("bob", b"{"), returned("eve")]
    for file, data in ((files[0], bundle._repr_mimebundle_()), (files[2], {GUESSES: [told, 5]})):
        notebook = nbformat.read(file, as_version=4)
        notebook.cells[0].outputs = 2 * [nbformat.v4.new_output("display_data", data=data)]
        nbformat.write(notebook, file)
    assert grade.guesses_in(files) == {"How?": [("7", True), ("7", True)], "Why?": [("so", False)]}


def test_a_hand_out_has_no_solutions_no_hints_and_no_outputs():
    cells = [
        nbformat.v4.new_code_cell(IMPORTS, execution_count=1),
        nbformat.v4.new_code_cell("check.conv2d(...)", outputs=[nbformat.v4.new_output("stream", text="not yet")]),
        nbformat.v4.new_markdown_cell("<details><summary>Solution</summary>\n\n```python\n1\n```\n\n</details>"),
    ]
    notebook = assignment.handed_out(nbformat.v4.new_notebook(cells=cells))
    assert [cell.cell_type for cell in notebook.cells] == ["code", "code", "markdown", "code"]
    assert not any(cell.get("outputs") for cell in notebook.cells) and "check.HINTS = False" in notebook.cells[0].source
