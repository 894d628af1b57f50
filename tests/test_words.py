"""Numbers as people read them: short, and never shown as what they are not."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscope.words import number, refusal, size


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1 / 256, "0.00391"),
        (-1 / 256, "−0.00391"),
        (1e-5, "1e−5"),
        (5.4449e-4, "5.44e−4"),
        (0.0009996, "0.001"),
        (0.125, "0.125"),
        (2.25, "2.25"),
        (2.50, "2.5"),
        (12.345, "12.3"),
        (99.95, "100"),
        (123.4, "123"),
        (999.5, "1,000"),
        (1000.5, "1,001"),
        (-1000.5, "−1,001"),
        (1e9, "1,000,000,000"),
        (13_087_014_912, "13,087,014,912"),
        (2**53 + 1, "9,007,199,254,740,993"),
        (np.int64(-1234), "−1,234"),
        (np.float32(0.1), "0.1"),
        (Fraction(1, 3), "0.333"),
    ],
)
def test_a_number_is_written_in_three_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.01234, "0.012"), (124.4, "124"), (99.6, "100"), (-2.5, "−2.5"), (0.125, "0.13")]
)
def test_a_number_is_written_in_two_digits(value, text):
    assert number(value, 2) == text


def read(text):
    return Decimal(text.replace("−", "-").replace(",", ""))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_what_is_written_is_the_number_to_so_many_digits(value, digits):
    exact, written = Decimal(value), read(number(value, digits))
    half_a_digit = Decimal(10) ** (exact.adjusted() - digits + 1) / 2 if value else 0
    assert abs(written - exact) <= half_a_digit
    assert (written == 0) == (value == 0)


@given(st.integers())
def test_a_whole_number_keeps_every_digit(value):
    assert read(number(value)) == value and not number(value).startswith("−0")


@pytest.mark.parametrize(("value", "text"), [(1.25e15, "1.25e15"), (-np.inf, "−∞"), (np.nan, "NaN"), (1e300, "1e300")])
def test_what_would_be_too_long_has_a_power_of_ten(value, text):
    assert number(value) == text


def test_sizes_and_refusals():
    assert size((7, 7)) == "7 × 7"
    sentence = refusal("out of range", name="stride", least=1, largest=4, value=9)
    assert sentence == "stride must be a whole number from 1 to 4, or (rows, columns) of these; got 9."
