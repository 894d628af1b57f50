"""Settings at an explorer's door: whole numbers in a range, words among a few, and what a state could take instead."""

from __future__ import annotations

import numpy as np

from ..arguments import whole


class Choosing:
    """For a state with `changed`: which values a setting could take."""

    def allows(self, **settings) -> bool:
        """Whether the state could have these settings."""
        try:
            self.changed(**settings)
        except (TypeError, ValueError):
            return False
        return True

    def choices(self, name, values) -> list:
        """Those of `values` that the setting `name` could take with all others as they are."""
        return [value for value in values if self.allows(**{name: value})]


def whole_among(name, value, among: range) -> int:
    """`value` as an int in the range; ValueError or TypeError says what would do."""
    advice = f"{name} must be a whole number from {among[0]} to {among[-1]}"
    try:
        number = whole(name, value, least=among[0])
    except (TypeError, ValueError) as error:
        raise type(error)(f"{advice}; got {value!r}.") from None
    if number not in among:
        raise ValueError(f"{advice}; got {number}.")
    return number


def yes_or_no(name, value) -> bool:
    """`value` if it is True or False; TypeError for anything else."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}.")
    return bool(value)


def word_among(name, value, words) -> str:
    """`value` if it is one of the words; ValueError says which there are."""
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, words))}; got {value!r}.")
    return value
