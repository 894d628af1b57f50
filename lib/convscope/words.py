"""Numbers as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Integral

SMALLEST = Decimal("0.001")  # that is written without a power of ten


def number(value, digits=3) -> str:
    """Return a number in so many significant digits, whole where it takes more: 0.333, 2.5, 1,235, −12, 5.44e−4.

    Whole numbers (int, not float) keep every digit. Halves round away from zero, zeros at the end are left out, and
    nothing but zero is written as 0.
    """
    if isinstance(value, Integral):
        return f"{int(value):,}".replace("-", "−")
    exact, power = Decimal(float(value)), ""
    if abs(float(value)) >= 10 ** (digits - 1):
        text = f"{exact.to_integral_value(ROUND_HALF_UP):,f}"
    else:
        rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(exact) + 0  # + 0 makes −0 plain 0
        if 0 < abs(rounded) < SMALLEST:
            power = f"e{rounded.adjusted()}"
            rounded = rounded.scaleb(-rounded.adjusted())
        text = f"{rounded.normalize():f}{power}"
    return text.replace("-", "−")
