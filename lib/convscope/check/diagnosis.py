"""From what a function made of all cases: where it is wrong, which known mistake that is, the smallest case of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from ..watch import TooLong, copied, watched
from .exercise import Case, Mistake, Write
from .trial import Verdict, agree, judged, parts, right_numbers

WRONG = ("shape", "values")  # kinds that a known mistake may explain


@dataclass(frozen=True)
class Diagnosis:
    """What to tell of a function: the verdict that is shown, and what all verdicts together say."""

    exercise: Write
    verdicts: list[Verdict]
    shown: Verdict
    where: str = ""  # what the failing cases have in common
    guess: tuple[Mistake, ...] = ()  # one, or two at once
    explained: int = 0  # failing cases that the guess explains
    failing: int = 0
    weights: tuple[np.ndarray, np.ndarray] | None = None  # that met each number: expected, and found

    @property
    def right(self) -> int:
        return sum(verdict.kind == "passed" for verdict in self.verdicts)


def diagnosed(exercise: Write, function: Callable) -> Diagnosis:
    """Run all cases, and find what is wrong; a function that is not written or never ends is asked once."""
    verdicts = []
    for case in exercise.cases:
        verdicts.append(judged(exercise.right, function, case))
        if verdicts[-1].kind in ("unsolved", "endless"):
            break
    failed = [verdict for verdict in verdicts if verdict.kind != "passed"]
    if not failed:
        unfair = borrowed(verdicts) or loop_over_pixels(exercise, function)
        return Diagnosis(exercise, verdicts, unfair or verdicts[-1])
    where = in_common(exercise, verdicts)
    wrong = [verdict for verdict in failed if verdict.kind in WRONG]
    first = next((verdict for verdict in failed if verdict.kind == "changed"), failed[0])
    if not wrong or first.kind in ("changed", "type"):
        return Diagnosis(exercise, verdicts, first, where)
    guess = guessed(exercise, verdicts, wrong)
    shown = smallest(exercise, function, wrong, guess)
    many = explained(exercise, guess, wrong) if guess else 0
    return Diagnosis(
        exercise, verdicts, shown, where, guess, many, len(failed), weights_used(exercise, function, shown)
    )


def borrowed(verdicts: list[Verdict]) -> Verdict | None:
    """A verdict on a function that leaves the work to this library."""
    return next((replace(verdict, kind="borrowed") for verdict in verdicts if verdict.detail), None)


def loop_over_pixels(exercise: Write, function: Callable) -> Verdict | None:
    """A verdict on a function that was to do without a loop over pixels, and has one."""
    if exercise.without_loop is None:
        return None
    few, many = (watched(function, copied(exercise.without_loop(n)))[1].lines for n in (8, 16))
    return Verdict("loops", exercise.without_loop(16), detail=(few, many)) if many > few + 4 else None


def guessed(exercise: Write, verdicts: list[Verdict], wrong: list[Verdict]) -> tuple[Mistake, ...]:
    """The mistake, or two at once, that explain most failing cases, over half, and leave right what is right."""
    right = [verdict for verdict in verdicts if verdict.kind == "passed"]
    singles = [(mistake,) for mistake in exercise.mistakes]
    best, most = (), len(wrong) / 2
    few = wrong[:: len(wrong) // 6 + 1]
    for known in (singles, permutations(exercise.mistakes, 2)):
        for mistakes in known:
            if len(mistakes) > 1 and 2 * explained(exercise, mistakes, few) < len(few):
                continue  # there are hundreds of pairs
            many = explained(exercise, mistakes, wrong)
            if len(mistakes) > 1 and many < 3:  # too few to tell two mistakes at once from something else
                continue
            if many > most and explained(exercise, mistakes, right) == len(right):
                best, most = mistakes, many
        if best:  # one mistake is likelier than two
            return best
    return ()


def explained(exercise: Write, mistakes: tuple[Mistake, ...], verdicts: list[Verdict]) -> int:
    return sum(agree(made(exercise, mistakes, each.case), each.got) for each in verdicts)


def made(exercise: Write, mistakes: tuple[Mistake, ...], case: Case) -> Any:
    """What the mistakes give; nothing at all where they cannot be made, as with a kernel that no longer fits."""
    function = exercise.right
    for mistake in mistakes:
        function = mistake.makes(function)
    try:
        return function(**copied(case))
    except Exception:
        return ()


def smallest(exercise: Write, function: Callable, wrong: list[Verdict], guess: tuple[Mistake, ...]) -> Verdict:
    """The smallest failing case that tells the guess from other mistakes, with numbers as plain as can be."""

    def tells(verdict):
        others = [(other,) for other in exercise.mistakes if guess and (other,) != guess]
        return explained(exercise, guess, [verdict]) == bool(guess) and not any(
            explained(exercise, other, [verdict]) for other in others
        )

    telling = [verdict for verdict in wrong if tells(verdict)]
    best = min(telling or wrong, key=lambda verdict: sum(map(np.size, verdict.case.values())))
    for case in exercise.plainer(best.case) if best.kind == "values" else ():
        verdict = judged(exercise.right, function, case)
        if verdict.kind == best.kind and (tells(verdict) or not telling):
            return verdict
    return best


def in_common(exercise: Write, verdicts: list[Verdict]) -> str:
    """What all failing cases have and few of the right ones, in words; nothing where that says little."""
    right = [verdict.case for verdict in verdicts if verdict.kind == "passed"]
    wrong = [verdict.case for verdict in verdicts if verdict.kind != "passed"]
    also = {
        name: sum(map(lambda case: has(**case), right))
        for name, has in exercise.features.items()
        if all(has(**case) for case in wrong)
    }
    best = min(also, key=also.get, default="")
    if not right or not best or also[best] * 3 > len(right):
        return ""
    return f"It is wrong {'only when' if also[best] else 'whenever'} {best}."


def wrong_number(verdict: Verdict) -> tuple[int, tuple[int, ...]]:
    """The first part of an answer that differs, and the first of its numbers."""
    for nth, (got, expected) in enumerate(zip(parts(verdict.got), parts(verdict.expected), strict=True)):
        off = np.argwhere(~np.atleast_1d(right_numbers(got, expected)))
        if len(off):
            return nth, tuple(map(int, off[0]))[: np.ndim(expected)]
    raise ValueError("verdict must hold an answer that differs")


def weights_used(exercise: Write, function: Callable, verdict: Verdict):
    """What each input was multiplied by on its way into the first wrong output: (expected, found), as arrays.

    A 1 is sent through alone. None where these weights do not explain the number that came.
    """
    if not exercise.linear or verdict.kind != "values":
        return None
    x, (nth, cell) = verdict.case[exercise.linear], wrong_number(verdict)

    def through(f, given):
        weights = np.zeros(x.shape)
        for pixel in np.ndindex(x.shape):
            alone = np.zeros_like(x)
            alone[pixel] = 1
            answer, _ = watched(f, copied({**given, exercise.linear: alone}))
            weights[pixel] = parts(answer)[nth][cell]
        return weights

    try:
        found = through(function, verdict.case)
    except (Exception, TooLong):
        return None
    if not np.isclose((found * x).sum(), parts(verdict.got)[nth][cell]):
        return None
    return through(lambda *given: exercise.right(**dict(zip(verdict.case, given, strict=True))), verdict.case), found
