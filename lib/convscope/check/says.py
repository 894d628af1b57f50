"""From a diagnosis to sentences: what is wrong, in the smallest case, and what it looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..watch import SECONDS, in_words, line_of
from ..words import number
from .diagnosis import Diagnosis, diagnosed, wrong_number
from .exercise import Design, Exercise, Unmet, Value, Write
from .report import Report, pictures
from .trial import Verdict, parts, right_numbers

NOTHING_YET = "There is nothing to check yet. Fill in this cell, then run it again."


def reported(exercise: Exercise, answer: Any) -> Report:
    """What to tell of an answer; one with `...` in it is none yet."""
    if is_open(answer):
        return not_yet(exercise)
    if isinstance(exercise, Write):
        if not callable(answer):
            return Report(
                exercise.name, "not right yet", [f"Give the function itself, without brackets; got {answer!r}."]
            )
        return of_function(diagnosed(exercise, answer), getattr(answer, "__name__", "your function"))
    return (
        of_value(exercise, answer)
        if isinstance(exercise, Value)
        else of_design(exercise, lambda: exercise.measure(answer))
    )


def is_open(answer: Any) -> bool:
    if isinstance(answer, dict):
        return is_open(list(answer.values()))
    return answer is Ellipsis or answer is None or isinstance(answer, tuple | list) and any(map(is_open, answer))


def not_yet(exercise: Exercise) -> Report:
    return Report(exercise.name, "not yet", [NOTHING_YET], note=hint_note(exercise))


def hint_note(exercise: Exercise) -> str:
    return f'`check.hint("{exercise.name}")` gives a hint.'


def of_design(exercise: Design, measure: Callable[[], Any]) -> Report:
    try:
        found = measure()
        unmet = next(filter(None, (demand(found) for demand in exercise.demands)), None)
    except NotImplementedError:
        return not_yet(exercise)
    except Unmet as error:
        unmet = str(error)
    except (Exception, SystemExit) as error:
        unmet = stopped(error)
    if unmet:
        return Report(exercise.name, "not right yet", [unmet], note=hint_note(exercise))
    return Report(exercise.name, "right", list(filter(None, [exercise.done(found)])))


def stopped(error: BaseException) -> str:
    """An exception in a sentence: where it came from, or alone where it is our own word on an argument."""
    if line := line_of(error):
        return f"This stopped in line {line[0]}, `{line[1]}`, with {in_words(error)}"
    return f"{str(error)[:1].upper()}{str(error)[1:]}" or in_words(error)


def of_value(exercise: Value, answer) -> Report:
    """What to tell of a number, a word or a table of them; of a table, its first wrong entry."""
    wanted, known, entries = exercise.right, exercise.wrong, exercise.entries
    got = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if entries is None:
        got, wanted, known = (got,), (wanted,), [((wrong,), ask) for wrong, ask in known]
    elif not isinstance(got, tuple | list) or len(got) != len(wanted):
        return wrong_value(exercise, f"This needs {len(wanted)} entries: {', '.join(entries)}.")
    off = [i for i, pair in enumerate(zip(got, wanted, strict=True)) if not matches(*pair)]
    if not off:
        return Report(exercise.name, "right", list(filter(None, [exercise.why])))
    first, rest = off[0], len(off) - 1
    which = f"The entry for {entries[first]}, `{got[first]!r}`," if entries else f"`{got[first]!r}`"
    more = f", nor {'is' if rest == 1 else 'are'} {rest} more" if rest else ""
    whole = [ask for wrong, ask in known if matches(got, wrong)]
    in_part = [ask for wrong, ask in known if matches(got[first], wrong[first])]
    misfit = of_another_kind(got[first], wanted[first], [wrong[first] for wrong, _ in known])
    return wrong_value(exercise, f"{which} is not right{more}.", [*whole, *in_part, misfit][0])


def of_another_kind(got, wanted, others) -> str:
    """What to write in place of an entry that is not even of the right kind."""
    if isinstance(wanted, str):
        return f"Choose one of {', '.join(f'`{word}`' for word in sorted({wanted, *others}))}."
    if isinstance(wanted, tuple):
        fits = isinstance(got, tuple | list) and len(got) == len(wanted)
        return "" if fits else f"Write {len(wanted)} numbers in brackets for it."
    return "" if isinstance(got, int | float | np.number) else "Write it as a plain number, without quotes or brackets."


def wrong_value(exercise, said, guess=""):
    return Report(exercise.name, "not right yet", [said], guess=guess, note=hint_note(exercise))


def matches(answer, wanted) -> bool:
    if isinstance(wanted, str) or isinstance(answer, str):
        return isinstance(answer, str) and isinstance(wanted, str) and answer.strip().casefold() == wanted.casefold()
    if isinstance(wanted, tuple):
        fits = isinstance(answer, tuple | list) and len(answer) == len(wanted)
        return fits and all(map(matches, answer, wanted))
    try:
        return not isinstance(answer, bool) and float(answer) == float(wanted)
    except (TypeError, ValueError):
        return False


def of_function(found: Diagnosis, name: str) -> Report:
    """What to tell of a function of that name."""
    shown, exercise = found.shown, found.exercise
    marks = tuple(verdict.kind == "passed" for verdict in found.verdicts)
    if shown.kind == "passed":
        return Report(exercise.name, "right", [f"All {len(marks)} cases are right."], marks=marks)
    if shown.kind == "unsolved":
        return not_yet(exercise)
    call = exercise.call.format(**shown.case)  # its settings are in it, its arrays by name
    said = {"marks": marks, "note": hint_note(exercise), "code": as_code(shown), "grids": inputs(shown)}
    lines, more = TELLS[shown.kind](found, name, call)
    count = len(shown.printed.splitlines())
    if count:
        lines.append(
            f"It also printed {'a line, which is' if count == 1 else f'{count:,} lines, which are'} left out here."
        )
    return Report(exercise.name, "not right yet", list(filter(None, lines)), **{**said, **more})


def of_loops(found, name, call):
    few, many = found.shown.detail
    lines = [
        "All its numbers are right, but a Python loop runs over the pixels.",
        f"`{name}` runs {few:,} lines for 8 × 8 pixels and {many:,} for 16 × 16. The number of lines should not depend "
        "on the image.",
    ]
    return lines, {"grids": [], "marks": ()}


def of_borrowed(found, name, call):
    ours = found.shown.detail
    return [f"The numbers are right, but `{name}` calls `{ours}` of this library. Do it with NumPy alone."], {
        "grids": [],
        "marks": (),
    }


def of_endless(found, name, call):
    line, code, rounds, numbers = found.shown.detail
    often = "once" if rounds == 1 else f"{rounds:,} times"
    still = ", ".join(f"{each} = {number(value)}" for each, value in numbers.items())
    lines = [
        f"`{name}` was stopped: after {SECONDS:.0f} seconds it was still running, on `{call}`.",
        f"Line {line}, `{code}`, ran {often}{f'; by then {still}' if still else ''}.",
    ]
    return lines, {"marks": ()}


def of_raised(found, name, call):
    what, where = found.shown.detail
    lines = [found.where, f"`{call}` stopped with {what}"]
    return lines + ([f"That was in line {where[0]} of its cell: `{where[1]}`"] if where else []), {}


def of_changed(found, name, call):
    what, after = found.shown.detail
    lines = [
        f"`{name}` changes its input `{what}`, which its caller may still need.",
        f"Begin with `{what} = {what}.copy()`, or build the answer in an array of its own.",
    ]
    before = pictures(f"{what} before", found.shown.case[what])
    return lines, {"grids": [*before, *pictures(f"{what} after", after)]}


def of_shared(found, name, call):
    what = found.shown.detail
    lines = [
        f"The numbers are right, but `{name}` returns a view of its input `{what}`: whoever changes one changes both. "
        "End with `.copy()`."
    ]
    return lines, {"grids": []}


def of_type(found, name, call):
    needed, nth = found.shown.detail
    got = found.shown.got if nth is None else found.shown.got[nth]
    which = "" if nth is None else of_part(found, nth)
    return [f"`{call}` should return {needed}{which}, and returns {kind_of(got, needed)}"], {}


def of_shape(found, name, call):
    pairs = list(zip(parts(found.shown.got), parts(found.shown.expected), strict=True))
    nth = next(i for i, (got, expected) in enumerate(pairs) if np.shape(got) != np.shape(expected))
    got, expected = pairs[nth]
    lines = [
        found.where,
        f"`{call}` should return the shape `{np.shape(expected)}`{of_part(found, nth)}, and returns `{np.shape(got)}`.",
    ]
    grids = [*inputs(found.shown), *pictures("expected", expected), *pictures("yours", got)]
    return lines, {"grids": grids, "guess": guessed_words(found)}


def of_values(found, name, call):
    shown = found.shown
    nth, cell = wrong_number(shown)
    got, expected = (np.asarray(parts(each)[nth]) for each in (shown.got, shown.expected))
    grids = [*inputs(shown), *compared(got, expected, cell)]
    after = [difference(found, nth, cell, got, expected)]
    lines = [found.where, f"The smallest case that fails is `{call}`."]
    return lines, {"grids": grids, "after": after, "guess": guessed_words(found)}


# How each kind of verdict is told: the sentences, and what else its report has.
TELLS = {
    "loops": of_loops,
    "borrowed": of_borrowed,
    "endless": of_endless,
    "raised": of_raised,
    "changed": of_changed,
    "shared": of_shared,
    "type": of_type,
    "shape": of_shape,
    "values": of_values,
}


def kind_of(value, needed: str) -> str:
    """What came instead of what is needed, as the end of a sentence."""
    if value is None:
        return "nothing (`None`): does it end with `return`?"
    name = type(value).__name__
    if isinstance(value, list | tuple):
        said = f"a {name} of {len(value)}"
        if "array" not in needed:
            return f"{said}."
        if name == "list" or all(isinstance(each, float | int) for each in value):
            return f"{said}: `np.array(…)` makes an array of it."
        return f"{said}: return the one of them that is asked for."
    if isinstance(value, np.ndarray):
        return f"an array of shape `{value.shape}` and type `{value.dtype}`."
    if name.startswith("float") and "whole" in needed:
        return f"{float(value)}, which is a float: use `//` for whole numbers, or `int(…)`."
    if isinstance(value, float | int | np.number):
        return f"a single number, {number(value)}."
    return f"{'an' if name[0] in 'aeiou' else 'a'} `{name}`."


def of_part(found: Diagnosis, nth: int) -> str:
    """Which of several values is spoken of."""
    return f" as `{found.exercise.returns[nth]}`" if found.exercise.returns else ""


def inputs(verdict: Verdict):
    return [
        grid for name, value in verdict.case.items() if isinstance(value, np.ndarray) for grid in pictures(name, value)
    ]


def compared(got, expected, cell):
    """Expected and found, side by side: of a stack of maps, the first that differs."""
    lead, at = cell[: max(len(cell) - 2, 0)], cell[-2:]
    at = (0, *at) if len(at) == 1 else at or (0, 0)
    got, expected = np.atleast_2d(got[lead]), np.atleast_2d(expected[lead])
    which = f"[{', '.join(map(str, lead))}]" if lead else ""
    wrong = frozenset(map(tuple, np.argwhere(~right_numbers(got, expected)).tolist()))
    framed = frozenset([at])
    return [
        *pictures(f"expected{which}", expected, framed=framed),
        *pictures(f"yours{which}", got, framed=framed, wrong=wrong),
        *(pictures("yours − expected", got - expected, framed=framed) if got.size > 1 else []),
    ]


def difference(found: Diagnosis, nth, cell, got, expected) -> str:
    """One sentence on the first number that differs."""
    at = ", ".join(map(str, cell))
    what = f"Output `{at if len(cell) == 1 else cell}`" if cell else "The answer"
    if found.exercise.returns:
        what = f"`{found.exercise.returns[nth]}{f'[{at}]' if at else ''}`"
    if found.weights is None:
        return f"{what} should be {number(expected[cell])}; yours is {number(got[cell])}."
    (wanted, used), x = found.weights, found.shown.case[found.exercise.linear]
    lit = list(zip(*np.nonzero(x), strict=True))
    if len(lit) == 1:
        (pixel,) = lit
        place = f"`{found.exercise.linear}[{', '.join(map(str, pixel))}]`"
        due = f"should read {place} times {number(wanted[pixel])}" if wanted[pixel] else f"should not read {place}"
        done = f"reads it times {number(used[pixel])}" if used[pixel] else "does not read it"
        return f"{what} {due}; your function {done}."

    def sum_of(weights, total):
        terms = [f"{number(x[p])} · {number(weights[p])}" for p in lit if weights[p]]
        return " = ".join([" + ".join(terms), number(total)] if terms else ["0"])

    return f"{what} should be {sum_of(wanted, expected[cell])}. Yours is {sum_of(used, got[cell])}."


def guessed_words(found: Diagnosis) -> str:
    if not found.guess:
        return (
            "We do not recognise this mistake. Call your function on this case in a cell of its own, and print each "
            "step there."
        )
    what = " and ".join(mistake.says for mistake in found.guess)
    same = "these numbers" if found.shown.kind == "values" else "this shape"
    if found.failing == 1:
        told = "in the case that fails"
    elif found.explained == found.failing:
        told = f"in all {found.failing} cases that fail"
    else:
        told = f"in {found.explained} of the {found.failing} cases that fail"
    return (
        f"{what[0].upper()}{what[1:]} gives exactly {same}, {told}. {' '.join(mistake.ask for mistake in found.guess)}"
    )


def as_code(verdict: Verdict) -> str:
    def written(value):
        return f"np.array({value.tolist()}, dtype=np.{value.dtype})" if isinstance(value, np.ndarray) else repr(value)

    return "\n".join(f"{name} = {written(value)}" for name, value in verdict.case.items())
