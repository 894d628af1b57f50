"""Checks of the exercises: `check.conv2d(my_conv2d)` says at once whether an answer is right, and if not, where.

Each exercise has its name here; `dir(check)` lists them. `check.hint("conv2d")` gives its hints one by one, and
`check.progress()` shows what is solved.
"""

from __future__ import annotations

from functools import partial

from .. import kept
from ..arguments import meant
from .exercise import Exercise, Write
from .exercises import EXERCISES
from .progress import Guesses, Progress
from .report import Report, unmarked
from .says import reported

HINTS = True  # a hand-out of `make assignment` says False
_hints_given: dict[str, int] = {}


def hint(name: str) -> None:
    """Print the next hint for an exercise; after the last, the first again."""
    exercise = _named(name)
    if not HINTS:
        print("This hand-out comes without hints.")
        return
    given = _hints_given.get(name, 0)
    _hints_given[name] = given + 1
    nth = given % len(exercise.hints)
    print(f"Hint {nth + 1} of {len(exercise.hints)}: {unmarked(exercise.hints[nth])}")


def progress() -> Progress:
    """Return what is solved and which predictions were right, by chapter, as a picture that shows itself."""
    return Progress(EXERCISES.values(), kept.read())


def guesses() -> Guesses:
    """Return what was guessed before each answer, as a list that stays in this notebook for whoever teaches."""
    return Guesses(kept.read())


def checked(exercise: Exercise, answer) -> Report:
    """Return what to tell of an answer; a right function goes into mine.py, and the state is remembered."""
    report = reported(exercise, answer)
    if report.state != "not yet":
        kept.note_exercise(exercise.name, "right" if report.is_right else "tried")
    if report.is_right and isinstance(exercise, Write) and exercise.keeps:
        report.lines.append(kept.keep_source(answer, exercise.call.partition("(")[0]))
    return report


def _named(name: str) -> Exercise:
    if name not in EXERCISES:
        raise ValueError(f"no exercise is called {name!r}.{meant(name, EXERCISES)}")
    return EXERCISES[name]


def __getattr__(name):
    if name not in EXERCISES:
        raise AttributeError(f"check has no exercise {name!r}.{meant(name, EXERCISES)}")
    return partial(checked, EXERCISES[name])


def __dir__():
    return sorted([*EXERCISES, "guesses", "hint", "progress"])
