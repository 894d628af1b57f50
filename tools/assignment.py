"""Write a chapter as a hand-out, without solutions and hints: `python tools/assignment.py 04` does chapter 4."""

import sys

from environment import ROOT, enter
from notebooks import CHAPTERS


def handed_out(notebook):
    """The notebook without its folded solutions, run by nobody yet, its hints turned off."""
    notebook.cells = [cell for cell in notebook.cells if "<summary>Solution</summary>" not in cell.source]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[0].source += "\n\ncheck.HINTS = False"
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    return notebook


def main():
    enter("test")
    import nbformat

    chosen = [file for file in CHAPTERS if len(sys.argv) == 2 and file.name.startswith(sys.argv[1])]
    if len(chosen) != 1:
        sys.exit("Name one chapter that has exercises, such as 04.")
    target = ROOT / "assignments" / chosen[0].name
    target.parent.mkdir(exist_ok=True)
    notebook = handed_out(nbformat.read(chosen[0], as_version=4))
    target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    print(f"{target}: hand this out. What comes back, `make grade DIR=folder` grades.")


if __name__ == "__main__":
    main()
