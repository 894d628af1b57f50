"""Numbers, words and seeds at the door: as plain Python has them, or refused in a sentence that names the argument."""

from __future__ import annotations

import difflib
import operator
import zlib
from math import inf, isfinite, prod
from numbers import Real

import numpy as np

LARGEST_SETTING = 2**31 - 1  # of any one whole number: what follows from a few of them, NumPy can still count
MOST_NUMBERS = 2**32  # in one answer: 32 GiB of float64, more than a course needs


def whole(name: str, value, *, least: int = 1) -> int:
    """`value` as a Python int from `least` to `LARGEST_SETTING`; otherwise an error that names the argument."""
    advice = f"{name} must be a whole number, {least} or more"
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{advice}; got {value}.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{advice}; got {value!r}.") from None
    if number < least:
        raise ValueError(f"{advice}; got {number}.")
    if number > LARGEST_SETTING:
        raise ValueError(f"{name} must be a whole number, {LARGEST_SETTING} or less; got {number}.")
    return number


def pair(name: str, value, *, least: int = 1) -> tuple[int, int]:
    """An int, or a (rows, columns) pair, as a pair of ints."""
    if not is_sequence(value):
        return (whole(name, value, least=least),) * 2
    if len(value) != 2:
        raise ValueError(f"{name} must be a whole number or a (rows, columns) pair; got {value!r}.")
    return whole(name, value[0], least=least), whole(name, value[1], least=least)


def number(name: str, value, wanted: str = "", fits=lambda number: True) -> float:
    """`value` as a finite float that fits; otherwise an error that says what is wanted, as in ", 0 or more"."""
    refusal = f"{name} must be a number{wanted}; got {value!r}."
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(refusal)
    try:
        plain = float(value)
    except OverflowError:
        plain = inf
    if not isfinite(plain) or not fits(plain):
        raise ValueError(refusal)
    return plain


def flag(name: str, value) -> bool:
    """`value` as True or False; a number given by mistake, as for the units of another layer, is refused."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}.")
    return bool(value)


def generator(seed, purpose: str = "") -> np.random.Generator:
    """A stream of random numbers, of its own for each purpose: with one seed, colours know nothing of letters.

    seed: a whole number, 0 or more, or a NumPy Generator, which is used as it is.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    seed = whole("seed", seed, least=0)
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())] if purpose else seed)


def check_room(shape: tuple[int, ...], instead="use less padding or a larger stride") -> None:
    """Refuse an answer of more than `MOST_NUMBERS` numbers, before memory is asked for it; say what to do instead."""
    if prod(shape) > MOST_NUMBERS:
        raise ValueError(
            f"The answer would have shape {shape}, {prod(shape):,} numbers, and may have {MOST_NUMBERS:,}; {instead}."
        )


def is_sequence(value) -> bool:
    return isinstance(value, (tuple, list)) or isinstance(value, np.ndarray) and value.ndim > 0


def meant(word, words) -> str:
    """A suggestion to end a refusal with, " Did you mean 'same'?"; nothing where no known word is close."""
    spelled = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), spelled, 1) if isinstance(word, str) else ()
    return "".join([f" Did you mean {spelled[each]!r}?" for each in close])
