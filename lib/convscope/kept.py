"""What stays between sessions: the learner's own functions in mine.py, and what is solved in a small file beside it.

Both lie in the folder of the notebooks, are sent nowhere, and may be deleted.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from IPython import get_ipython

MINE, PROGRESS = Path("mine.py"), Path(".convscope-progress.json")
HEAD = '"""Functions that I wrote in the exercises of ConvScope; each has passed its check."""\n\nimport numpy as np\n'


def keep_source(function: Callable, name: str) -> str:
    """Put a function into mine.py, in place of an earlier one of its name; returns a sentence on what was done.

    Kept is a plain `def` of the name that later exercises import, if it needs nothing that stands outside of it but
    NumPy and functions that are kept already.
    """
    try:
        source = dedent(inspect.getsource(function)).rstrip() + "\n"
        found = ast.parse(source).body
        text = MINE.read_text(encoding="utf-8") if MINE.exists() else HEAD
        kept = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    except (OSError, TypeError, SyntaxError):
        found, kept = [], set()
    if len(found) != 1 or not isinstance(found[0], ast.FunctionDef) or found[0].decorator_list:
        return "Only a plain `def` can be kept in `mine.py`: write your function as one to use it later."
    if found[0].name != name:
        return f"To keep it in `mine.py` for later exercises, call it `{name}`."
    outside = inspect.getclosurevars(function)
    if missing := sorted({*outside.globals, *outside.nonlocals} - {"np", name} - kept):
        return f"It uses `{missing[0]}` from outside. To keep it in `mine.py`, move that into the function."
    try:
        MINE.write_text(replaced(text, name, source), encoding="utf-8")
    except OSError:
        return "Its source could not be written to `mine.py`, so keep this notebook."
    for_now = " On Colab it lasts as long as this session: download it." if "google.colab" in sys.modules else ""
    return f"`mine.py` now holds `{name}`, and later exercises can import it.{for_now}"


def replaced(text: str, name: str, source: str) -> str:
    """A module's text with this function in it once, where it stood before or at the end."""
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return "".join([*lines[: node.lineno - 1], source, *lines[node.end_lineno :]])
    return f"{text.rstrip()}\n\n\n{source}"


def read(file: Path | None = None) -> dict:
    """Return what is remembered in a file, this folder's if none is named; what is not as it should be is left out.

    {"exercises": {name: "right" or "tried"}, "predictions": {id: {"chapter", "question", "guess", "right"}}}
    """
    try:
        kept = json.loads((file or PROGRESS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    found = {}
    for kind, like in {"exercises": str, "predictions": dict}.items():
        part = kept.get(kind) if isinstance(kept, dict) else None
        found[kind] = (
            {name: each for name, each in part.items() if isinstance(each, like)} if isinstance(part, dict) else {}
        )
    return found


def note_exercise(name: str, state: str) -> None:
    """Remember how an exercise went; what was right once stays so."""
    kept = read()
    if kept["exercises"].get(name) not in ("right", state):
        kept["exercises"][name] = state
        _write(kept)


def note_prediction(name: str, question: str, guess: str, right: bool) -> None:
    """Remember the first guess at a question, in a notebook: later guesses have seen the answer."""
    kept = read()
    if get_ipython() is not None and name not in kept["predictions"]:
        chapter = Path(os.environ.get("JPY_SESSION_NAME", "")).name[:2]  # the notebook that JupyterLab gave a kernel to
        told = {"chapter": chapter if chapter.isdigit() else "", "question": question, "guess": guess, "right": right}
        kept["predictions"][name] = told
        _write(kept)


def _write(kept: dict) -> None:
    """Where nothing can be written, nothing is remembered."""
    with contextlib.suppress(OSError):
        PROGRESS.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
