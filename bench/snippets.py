"""Run *The same in PyTorch* of each chapter: every snippet by itself, and what it says that it prints."""

import contextlib
import io
import re
import sys
from pathlib import Path

import nbformat

SNIPPET = re.compile(r"The same in PyTorch.*?```python\n(.*?)```", re.DOTALL)
SAYS = re.compile(r"^\s*print\(.*\)  # (.+)$", re.MULTILINE)


def wrong(code):
    """What a snippet prints against its comments, as a sentence; None where it does what it says."""
    said, printed = SAYS.findall(code), io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<snippet>", "exec"), {})
    lines = printed.getvalue().splitlines()
    return None if lines == said else f"says {said}, prints {lines}"


def main():
    failed = 0
    for chapter in sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(chapter, as_version=4).cells
        snippets = [code for cell in cells if cell.cell_type == "markdown" for code in SNIPPET.findall(cell.source)]
        for number, code in enumerate(snippets, start=1):
            try:
                problem = wrong(code)
            except Exception as error:
                problem = f"raises {type(error).__name__}: {error}"
            failed += problem is not None
            print(f"{chapter.stem}, PyTorch {number} of {len(snippets)}: {problem or 'as it says'}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
