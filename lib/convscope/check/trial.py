"""A learner's function under one case: run with a limit, and judged in the order type, shape, values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from ..watch import TooLong, copied, in_words, line_of, watched
from .exercise import Case


@dataclass(frozen=True)
class Verdict:
    """What became of a case. `kind` is passed, unsolved, endless, raised, changed, type, shape, values or shared."""

    kind: str
    case: Case
    expected: Any = None
    got: Any = None
    detail: Any = None
    printed: str = ""


def judged(right: Callable, function: Callable, case: Case) -> Verdict:
    """What a function makes of a case, against the right one."""
    given = copied(case)
    said = {"case": case, "expected": right(**copied(case))}
    try:
        got, seen = watched(function, given)
    except TooLong as stop:
        return Verdict("endless", **said, detail=stop.args[0])
    except NotImplementedError:
        return Verdict("unsolved", **said)
    except (Exception, SystemExit) as error:
        return Verdict("raised", **said, detail=(in_words(error), line_of(error)))
    got, expected = plain(got), said["expected"]
    if isinstance(expected, tuple) and isinstance(got, np.ndarray) and got.ndim == np.ndim(expected[0]) + 1:
        got = tuple(got)
    said |= {"got": got, "printed": seen.printed}
    arrays = {name: value for name, value in case.items() if isinstance(value, np.ndarray)}
    for name, value in arrays.items():
        if not same_numbers(value, given[name]):
            return Verdict("changed", **said, detail=(name, given[name]))
    if any(part is Ellipsis for part in parts(got)):
        return Verdict("unsolved", **said)
    if wanted := wrong_type(got, expected):
        return Verdict("type", **said, detail=wanted)
    if [np.shape(part) for part in parts(got)] != [np.shape(part) for part in parts(expected)]:
        return Verdict("shape", **said)
    if not agree(got, expected):
        return Verdict("values", **said)
    for name in arrays:
        if any(np.may_share_memory(part, given[name]) for part in parts(got)):
            return Verdict("shared", **said, detail=name)
    return Verdict("passed", **said, detail=seen.borrowed)


def plain(answer: Any) -> Any:
    """An answer as ordinary arrays and numbers, where it is something like them."""
    if isinstance(answer, np.ma.MaskedArray):
        return np.ma.filled(answer.astype(float), np.nan)
    if type(answer) in (tuple, list):
        return type(answer)(map(plain, answer))
    return np.asarray(answer) if isinstance(answer, np.ndarray) else answer


def wrong_type(got, expected) -> tuple[str, int | None] | None:
    """What is needed in place of what came, and in which of several values; None where it will do."""
    if isinstance(expected, tuple):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return f"{len(expected)} values", None
        wrong = [
            (found[0], nth) for nth, pair in enumerate(zip(got, expected, strict=True)) if (found := wrong_type(*pair))
        ]
        return wrong[0] if wrong else None
    if isinstance(expected, np.ndarray):
        fits = isinstance(got, np.ndarray) and got.dtype.kind in "biuf"
        return None if fits else ("an array of numbers", None)
    kinds, wanted = ("iu", "a whole number") if isinstance(expected, Integral) else ("biuf", "a number")
    is_one = not isinstance(got, tuple | list | dict | str) and np.ndim(got) == 0
    return None if is_one and np.asarray(got).dtype.kind in kinds else (wanted, None)


def parts(answer) -> tuple:
    return tuple(answer) if isinstance(answer, tuple | list) else (answer,)


def agree(a, b) -> bool:
    """Whether two answers are the same numbers in the same shapes."""
    mine, theirs = parts(a), parts(b)
    return len(mine) == len(theirs) and all(
        np.shape(x) == np.shape(y) and right_numbers(x, y).all() for x, y in zip(mine, theirs, strict=True)
    )


def right_numbers(got, expected) -> np.ndarray:
    return np.isclose(got, expected, rtol=1e-5, atol=1e-8, equal_nan=True)


def same_numbers(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
