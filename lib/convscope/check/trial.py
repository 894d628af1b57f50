"""A learner's function under one case: run with a limit, and judged in the order type, shape, values."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from traceback import extract_tb
from typing import Any

import numpy as np

from ..watch import TooLong, copied, is_learners, watched
from .exercise import Case


@dataclass(frozen=True)
class Verdict:
    """What became of a case. `kind` is passed, unsolved, endless, raised, changed, type, shape or values."""

    kind: str
    case: Case
    expected: Any = None
    got: Any = None
    detail: Any = None
    printed: str = ""


def judged(right: Callable, function: Callable, case: Case, tolerance: float = 1e-5) -> Verdict:
    """What a function makes of a case, against the right one."""
    given, printed = copied(case), io.StringIO()
    expected = right(**copied(case))
    said = {"case": case, "expected": expected}
    try:
        with contextlib.redirect_stdout(printed):
            got, borrowed = watched(function, given)
    except TooLong as stop:
        return Verdict("endless", **said, detail=stop.args[0])
    except NotImplementedError:
        return Verdict("unsolved", **said)
    except (Exception, SystemExit) as error:
        steps = [step for step in extract_tb(error.__traceback__) if is_learners(step.filename)]
        where = (steps[-1].lineno, steps[-1].line) if steps else None
        return Verdict("raised", **said, detail=(type(error).__name__, str(error)[:200], where))
    said |= {"got": got, "printed": printed.getvalue()}
    for name, value in case.items():
        if isinstance(value, np.ndarray) and not same_numbers(value, given[name]):
            return Verdict("changed", **said, detail=(name, given[name]))
        if any(np.may_share_memory(part, given[name]) for part in parts(got) if isinstance(given[name], np.ndarray)):
            return Verdict("changed", **said, detail=(name, None))
    if got is Ellipsis:
        return Verdict("unsolved", **said)
    if wanted := wrong_type(got, expected):
        return Verdict("type", **said, detail=wanted)
    if [np.shape(part) for part in parts(got)] != [np.shape(part) for part in parts(expected)]:
        return Verdict("shape", **said)
    if not agree(got, expected, tolerance):
        return Verdict("values", **said)
    return Verdict("passed", **said, detail=borrowed)


def wrong_type(got, expected) -> str | None:
    """What is needed in place of what came, in words; None where it will do."""
    if isinstance(expected, tuple):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return f"{len(expected)} values"
        return next(filter(None, map(wrong_type, got, expected)), None)
    if isinstance(expected, np.ndarray):
        return None if isinstance(got, np.ndarray) and got.dtype.kind in "biuf" else "an array of numbers"
    if isinstance(expected, Integral):
        return None if isinstance(got, Integral) else "a whole number"
    return None if np.ndim(got) == 0 and np.asarray(got).dtype.kind in "biuf" else "a number"


def parts(answer) -> tuple:
    return tuple(answer) if isinstance(answer, tuple | list) else (answer,)


def agree(a, b, tolerance: float = 1e-5) -> bool:
    """Whether two answers of the same type and shapes are the same numbers."""
    pairs = list(zip(parts(a), parts(b), strict=False))
    return len(parts(a)) == len(parts(b)) and all(
        np.shape(x) == np.shape(y) and right_numbers(x, y, tolerance).all() for x, y in pairs
    )


def right_numbers(got, expected, tolerance: float = 1e-5) -> np.ndarray:
    return np.isclose(got, expected, rtol=tolerance, atol=tolerance / 1000, equal_nan=True)


def same_numbers(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
