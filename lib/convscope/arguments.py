"""Checks of arguments: each returns a plain Python value, or raises an error that names the argument."""

from __future__ import annotations

import difflib
import operator
import zlib
from functools import wraps
from inspect import Parameter, signature
from math import inf, isfinite, prod
from numbers import Real

import numpy as np

Seed = int | np.random.Generator
LARGEST_SETTING = 2**31 - 1  # so that products of two settings still fit into 64-bit integers
MOST_NUMBERS = 2**32  # in one output: 32 GiB of float64, more than a course needs


def whole(name: str, value, *, least: int = 1) -> int:
    """Return `value` as an int; raise TypeError or ValueError unless it is from `least` to `LARGEST_SETTING`."""
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
    """Return an int, or a (rows, columns) pair, as a pair of ints, each at least `least`."""
    if not is_sequence(value):
        return (whole(name, value, least=least),) * 2
    if len(value) != 2:
        raise ValueError(f"{name} must be a whole number or a (rows, columns) pair; got {value!r}.")
    return whole(name, value[0], least=least), whole(name, value[1], least=least)


def number(name: str, value, wanted: str = "", fits=lambda number: True) -> float:
    """Return `value` as a finite float; raise TypeError or ValueError unless `fits` accepts it.

    wanted: what `fits` asks for, as the message says it after "must be a number", such as ", 0 or more".
    """
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
    """Return `value` as a bool; raise TypeError for anything else, such as a number meant for another argument."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}.")
    return bool(value)


def generator(seed: Seed, purpose: str = "") -> np.random.Generator:
    """Return a NumPy Generator; different purposes with one seed get independent random numbers.

    seed: a whole number, 0 or more, or a NumPy Generator, which is returned as it is.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    seed = whole("seed", seed, least=0)
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())] if purpose else seed)


def check_room(shape: tuple[int, ...], instead="use less padding or a larger stride") -> None:
    """Raise ValueError, before any memory is allocated, for an output of more than `MOST_NUMBERS` numbers."""
    if prod(shape) > MOST_NUMBERS:
        raise ValueError(
            f"The output would have shape {shape}, {prod(shape):,} numbers; at most {MOST_NUMBERS:,} are allowed: "
            f"{instead}."
        )


def with_known_arguments(function):
    """Return `function`, or an __init__, with a TypeError for an unknown argument that says which ones there are.

    Whoever comes from another library brings its names: avg_pool2d(x, 2, ceil_mode=True).
    """
    parameters = signature(function).parameters
    if any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values()):
        return function
    bare = {"annotation": Parameter.empty, "default": Parameter.empty}
    known = [str(each.replace(**bare)) for each in parameters.values() if each.name != "self"]  # "x", or "*layers"

    @wraps(function)
    def checked(*args, **named):
        for unknown in [each for each in named if each not in known]:
            name = type(args[0]).__name__ if function.__name__ == "__init__" else function.__name__
            raise TypeError(f"{name} has no argument {unknown}; it takes {', '.join(known)}.{meant(unknown, known)}")
        return function(*args, **named)

    checked.__code__ = checked.__code__.replace(co_name=function.__name__)  # as tracebacks are to name it
    return checked


def is_sequence(value) -> bool:
    """Return whether a value is a tuple, a list or an array with axes."""
    return isinstance(value, (tuple, list)) or isinstance(value, np.ndarray) and value.ndim > 0


def meant(word, words) -> str:
    """Return a suggestion to end an error message with, " Did you mean 'same'?", or "" if no known word is close."""
    spelled = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), spelled, 1) if isinstance(word, str) else []
    return f" Did you mean {spelled[close[0]]!r}?" if close else ""
