"""A learner's function at work: stopped when it runs too long, its prints kept back, and watched for what it calls."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from linecache import getline
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import Any, NamedTuple

import numpy as np

SECONDS = 2.0  # that one call may take
LIBRARY = Path(__file__).parent
OF_THE_CHECK = (__file__, str(LIBRARY / "check" / "remote.py"))  # ours, but no help to a learner


class TooLong(BaseException):
    """Not an Exception, so that `except Exception` in a learner's code does not catch it."""


class Seen(NamedTuple):
    """What was seen while a function ran."""

    borrowed: str  # a function of this library that it called, or nothing
    lines: int  # that ran
    printed: str


def watched(function: Callable, case: Mapping[str, Any], seconds: float = SECONDS) -> tuple[Any, Seen]:
    """Return a function's answer to a case and what was seen; raises TooLong for one that runs too long.

    Lines are traced, because that works in threads and in the browser, where signals do not. One long call of NumPy
    cannot be stopped that way, nor in Python 3.11 a `while True: pass` that stands in a single line.
    """
    began, tracer, rounds, borrowed, printed = perf_counter(), sys.gettrace(), Counter(), [], io.StringIO()

    def watch(frame, event, _):
        file = frame.f_code.co_filename
        if event == "call" and is_ours(file) and file not in OF_THE_CHECK:
            caller = frame.f_back.f_code.co_filename  # the learner's, or this one where they hand in our own function
            if is_learners(caller) or caller == __file__:
                borrowed.append(frame.f_code.co_name)
        if not is_learners(file):
            return None
        if event == "line":
            rounds[frame.f_lineno] += 1
            if perf_counter() - began > seconds:
                most, times = rounds.most_common(1)[0]
                numbers = {k: v for k, v in frame.f_locals.items() if isinstance(v, int | float) and k not in case}
                raise TooLong((most, getline(file, most).strip(), times, numbers))
        return watch

    sys.settrace(watch)
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings(action="ignore"):
            answer = function(*case.values())
    finally:
        sys.settrace(tracer)
    return answer, Seen((borrowed or [""])[0], rounds.total(), printed.getvalue())


def in_words(error: BaseException) -> str:
    """An exception as one line, also where its own text cannot be had."""
    try:
        text = str(error)[:200]
    except Exception:
        text = ""
    return ": ".join(filter(None, [type(error).__name__, text]))


def line_of(error: BaseException) -> tuple[int, str] | None:
    """The number and text of the learner's line that an exception comes from, if there is one."""
    steps = [step for step in extract_tb(error.__traceback__) if is_learners(step.filename)]
    return (steps[-1].lineno, steps[-1].line) if steps else None


def copied(case: Mapping[str, Any]) -> dict:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.items()}


@cache
def is_ours(file: str) -> bool:
    """Whether a line of this file is this library's."""
    return Path(file).is_relative_to(LIBRARY)


@cache
def is_learners(file: str) -> bool:
    """Whether a line of this file is a learner's, and not a library's or ours."""
    place = Path(file)
    return not (
        is_ours(file)
        or "site-packages" in place.parts
        or place.is_relative_to(sys.base_prefix)
        or file == "<string>"  # code that a library has made
        or file.startswith(("<frozen", "<__array_function__"))
    )
