"""A function of the learner's beside the library's: its numbers for a state, and where they differ."""

from __future__ import annotations

import inspect

import numpy as np

from ...watch import TooLong, in_words, watched
from ...words import size


def compared(function, state) -> tuple[str, np.ndarray | None]:
    """What to say of a function's feature map, and the map where it has the right shape.

    The function is called as `function(image, kernel, …)`, with those of stride, padding, dilation and transposed for
    which it has an argument; padding is a number of zeros then.
    """
    name = getattr(function, "__name__", "your function")
    try:
        settings = understood(function, state)
        given = {"x": state.image.copy(), "kernel": state.weights.copy()}
        got, _ = watched(lambda x, kernel: function(x, kernel, **settings), given)
        if got is ...:
            raise NotImplementedError
        got = np.asarray(got, dtype=float)
    except NotImplementedError:
        return f"○ {name} is not written yet.", None
    except TooLong:
        return f"✗ {name} was stopped, because it ran too long.", None
    except (Exception, SystemExit) as error:
        return f"✗ {name}: {error if isinstance(error, Unasked) else in_words(error)}", None
    if got.shape != state.output.shape:
        return f"✗ {name} returns {size(got.shape) or 'one number'} and not {size(state.output.shape)} numbers.", None
    wrong = int((~np.isclose(got, state.output, rtol=1e-4, atol=1e-4 * abs(state.output).max())).sum())
    if not wrong:
        return f"✓ {name} returns all {got.size:,} numbers as NumPy does.", got
    return f"✗ {name} differs from NumPy in {wrong:,} of {got.size:,} numbers, which are ringed.", got


class Unasked(ValueError):
    """A setting that the function cannot be told."""


def understood(function, state) -> dict:
    """The settings that a function takes, by keyword; Unasked where one that it does not take is in use."""
    taken = inspect.signature(function).parameters
    takes_all = any(each.kind is each.VAR_KEYWORD for each in taken.values())
    found = {}
    for name, usual in {"stride": 1, "padding": 0, "dilation": 1, "transposed": False}.items():
        value = in_numbers(state) if name == "padding" else getattr(state, name)
        if name in taken or takes_all:
            found[name] = value
        elif value != usual:
            raise Unasked(f"it takes no {name}, which is {getattr(state, name)} here.")
    return found


def in_numbers(state) -> int | tuple:
    """The padding as one number of zeros where all sides have it, else as ((top, bottom), (left, right))."""
    amounts = state.padding_amounts
    sides = {amount for ends in amounts for amount in ends}
    return sides.pop() if len(sides) == 1 else amounts
