"""Numbers, sizes and error messages as text, the same everywhere; in the browser, `explore/view/twin/words.js`."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib.resources import files
from math import isfinite
from numbers import Integral

SMALLEST, LARGEST = Decimal("0.001"), Decimal(10) ** 15  # numbers outside are written with a power of ten


def number(value, digits=3) -> str:
    """Return a number as text, rounded to `digits` significant digits: 0.333, 2.5, 1,235, −12, 5.44e−4.

    An int keeps every digit, and so does the whole part of a float. Halves are rounded away from zero, trailing zeros
    are left out, and only zero itself is written as 0.
    """
    if isinstance(value, Integral):
        return f"{int(value):,}".replace("-", "−")
    size, sign = abs(float(value)), "−" if value < 0 else ""
    if not isfinite(size):
        return "NaN" if size != size else f"{sign}∞"
    exact = Decimal(size)
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(exact)
    if size == 0:
        return "0"
    if not SMALLEST <= rounded < LARGEST:
        power = rounded.adjusted()
        return f"{sign}{rounded.scaleb(-power).normalize():f}e{power}".replace("-", "−")
    if size >= 10 ** (digits - 1):
        return f"{sign}{exact.to_integral_value(ROUND_HALF_UP):,f}"
    return f"{sign}{rounded.normalize():f}"


def size(shape) -> str:
    """Return a shape as text: 7 × 7."""
    return " × ".join(map(str, shape))


def sum_of(values) -> str:
    """Return the numbers written as a sum: 3 − 2 + 0.5."""
    return " ".join(f"{'−' if value < 0 else '+'} {number(abs(value))}" for value in values).removeprefix("+ ")


def refusal(which, /, **values) -> str:
    """Return an error message of refusals.json, which Python and the browser share, with the values filled in."""
    return _refusals()[which].format(**values)


@cache
def _refusals():
    return json.loads((files(__package__) / "refusals.json").read_text(encoding="utf-8"))
