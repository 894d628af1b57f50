"""A learner's function at work: stopped when it runs too long, and watched for what it calls."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from linecache import getline
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

SECONDS = 2.0  # that one call may take
LIBRARY = Path(__file__).parent


class TooLong(BaseException):
    """Not an Exception, so that `except Exception` in a learner's code does not catch it."""


def watched(function: Callable, case: Mapping[str, Any], seconds: float = SECONDS) -> tuple[Any, str]:
    """(answer, the library's function that was called on the way, or nothing); stops what runs too long.

    Lines are traced, for that works in threads and in the browser, where signals do not.
    """
    began, tracer, rounds, borrowed = perf_counter(), sys.gettrace(), {}, []

    def watch(frame, event, _):
        file = frame.f_code.co_filename
        if event == "call" and Path(file).is_relative_to(LIBRARY) and is_learners(frame.f_back.f_code.co_filename):
            borrowed.append(frame.f_code.co_name)
        if not is_learners(file):
            return None
        if event == "line":
            rounds[frame.f_lineno] = rounds.get(frame.f_lineno, 0) + 1
            if perf_counter() - began > seconds:
                most = max(rounds, key=rounds.get)
                numbers = {k: v for k, v in frame.f_locals.items() if isinstance(v, int | float) and k not in case}
                raise TooLong((most, getline(file, most).strip(), rounds[most], numbers))
        return watch

    sys.settrace(watch)
    try:
        return function(*case.values()), (borrowed or [""])[0]
    finally:
        sys.settrace(tracer)


def lines_run(function: Callable, case: Mapping[str, Any]) -> int:
    """How many lines of a learner's code run: it grows with the picture where a loop goes over its pixels."""
    count, tracer = 0, sys.gettrace()

    def watch(frame, event, _):
        nonlocal count
        count += event == "line"
        return watch if is_learners(frame.f_code.co_filename) else None

    sys.settrace(watch)
    try:
        function(*copied(case).values())
    finally:
        sys.settrace(tracer)
    return count


def copied(case: Mapping[str, Any]) -> dict:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.items()}


def is_learners(file: str) -> bool:
    """Whether a line of this file is a learner's, and not a library's or ours."""
    place = Path(file)
    return not (
        place.is_relative_to(LIBRARY)
        or "site-packages" in place.parts
        or place.is_relative_to(sys.base_prefix)
        or file.startswith("<frozen")
    )
