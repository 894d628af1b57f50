"""What stays between sessions: the learner's own functions in mine.py, and what is solved in a small file beside it.

Both lie in the folder of the notebooks, are sent nowhere, and may be deleted.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

MINE, PROGRESS = Path("mine.py"), Path(".convscope-progress.json")
HEAD = '"""Functions that I wrote in the exercises of ConvScope; each has passed its check."""\n\nimport numpy as np\n'


def keep_source(function: Callable) -> str:
    """Put a function into mine.py, in place of an earlier one of its name; returns a sentence on what was done."""
    try:
        source = dedent(inspect.getsource(function)).rstrip() + "\n"
        text = MINE.read_text(encoding="utf-8") if MINE.exists() else HEAD
        MINE.write_text(replaced(text, function.__name__, source), encoding="utf-8")
    except (OSError, TypeError, SyntaxError):
        return "Its source could not be written to `mine.py`, so keep this notebook."
    for_now = " On Colab it lasts as long as this session: download it." if "google.colab" in sys.modules else ""
    return f"`mine.py` now holds `{function.__name__}`, and later exercises can import it.{for_now}"


def replaced(text: str, name: str, source: str) -> str:
    """A module's text with this function in it once, where it stood before or at the end."""
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return "".join([*lines[: node.lineno - 1], source, *lines[node.end_lineno :]])
    return f"{text.rstrip()}\n\n\n{source}"


def read() -> dict:
    """{"exercises": {name: "right" or "tried"}, "predictions": {key: {"guess": …, "right": …}}}, of this folder."""
    return read_from(PROGRESS)


def read_from(file: Path) -> dict:
    """The same of another file; what is not as it should be is left out."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    wanted = {"exercises": str, "predictions": dict}
    return {
        kind: {name: value for name, value in kept[kind].items() if isinstance(value, like)}
        if isinstance(kept.get(kind), dict)
        else {}
        for kind, like in wanted.items()
    }


def note_exercise(name: str, state: str) -> None:
    """Remember how an exercise went; what was right once stays so."""
    kept = read()
    if kept["exercises"].get(name) not in ("right", state):
        kept["exercises"][name] = state
        _write(kept)


def note_prediction(key: str, guess: str, right: bool) -> None:
    """Remember the first guess at a question: later ones have seen the answer."""
    kept = read()
    if key not in kept["predictions"]:
        kept["predictions"][key] = {"guess": guess, "right": right}
        _write(kept)


def _write(kept: dict) -> None:
    """Where nothing can be written, nothing is remembered."""
    with contextlib.suppress(OSError):
        PROGRESS.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
