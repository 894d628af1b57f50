"""Write a chapter as a hand-out, without solutions and hints: `python tools/assignment.py 04` does chapter 4.

`python tools/assignment.py 04 nbgrader` adds a cell after each exercise that nbgrader gives a point for.
"""

import re
import sys

from environment import ROOT, enter
from notebooks import CHAPTERS

CALL = re.compile(r"^check\.(\w+)\(.+\)$", re.MULTILINE)  # of an exercise: it is given an answer
HAND_IN = """## Hand it in

Run this cell last, and save the notebook. What you guessed before each answer then stays in it, for the lecture."""


def handed_out(notebook):
    """The notebook without solutions, hints and outputs; its last cell keeps the guesses."""
    import nbformat

    notebook.cells = [cell for cell in notebook.cells if "<summary>Solution</summary>" not in cell.source]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[0].source += "\n\ncheck.HINTS = False"
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    notebook.cells += [nbformat.v4.new_markdown_cell(HAND_IN), nbformat.v4.new_code_cell("check.guesses()")]
    return notebook


def with_points(notebook):
    """The notebook with a cell after each exercise that nbgrader runs for a point; all other cells are plain to it."""
    import nbformat

    marks = {"schema_version": 3, "grade": True, "locked": True, "points": 1, "solution": False, "task": False}
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        call = CALL.search(cell.source) if cell.cell_type == "code" else None
        if call:
            cells.append(nbformat.v4.new_code_cell(f"int({call[0]}.is_right)  # the point for nbgrader: 1 or 0"))
            cells[-1].metadata["nbgrader"] = marks | {"grade_id": call[1]}
    notebook.cells = cells
    return notebook


def main():
    enter("test")
    import nbformat

    chapter, also = sys.argv[1:2], sys.argv[2:]
    chosen = [file for file in CHAPTERS if chapter and file.name.startswith(chapter[0])]
    if len(chosen) != 1 or also not in ([], ["nbgrader"]):
        sys.exit("Name one chapter that has exercises, such as 04, and nbgrader after it if you grade with that.")
    notebook = handed_out(nbformat.read(chosen[0], as_version=4))
    target = ROOT / "assignments" / chosen[0].name
    target.parent.mkdir(exist_ok=True)
    target.write_text(nbformat.writes(with_points(notebook) if also else notebook) + "\n", encoding="utf-8")
    what_then = "" if also else " What comes back, `make grade DIR=folder` grades."
    print(f"{target}: hand this out.{what_then}")


if __name__ == "__main__":
    main()
