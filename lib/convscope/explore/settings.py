"""Settings at an explorer's door: whole numbers in a range, words among a few, sizes along both axes."""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files

import numpy as np

from ..arguments import pair, whole
from ..words import refusal


def limits(package) -> dict:
    """What an explorer's settings may be: its settings.json, which its twin in the browser reads too."""
    return json.loads((files(package) / "settings.json").read_text(encoding="utf-8"))


def checks(limits) -> dict:
    """For each setting that these limits describe: what gives its value, or raises a sentence.

    least, largest: of rows and columns, of which a padding may be one of `words`, too. among: words. whole: (least,
    largest). flags: names.
    """
    least, largest = limits.get("least", {}), limits.get("largest", {})
    made = {name: partial(both_axes, name, least=least[name], largest=largest[name]) for name in least}
    if "padding" in least:
        made["padding"] = partial(padding_of, words=limits["words"], largest=largest["padding"])
    made |= {name: partial(word_among, name, words=words) for name, words in limits.get("among", {}).items()}
    ranges = {name: range(ends[0], ends[1] + 1) for name, ends in limits.get("whole", {}).items()}
    made |= {name: partial(whole_among, name, among=among) for name, among in ranges.items()}
    return made | {name: partial(yes_or_no, name) for name in limits.get("flags", ())}


def checked(settings, checks) -> dict:
    """Those of the settings that have a check, by what it gives."""
    return {name: check(settings[name]) for name, check in checks.items() if name in settings}


def whole_among(name, value, among: range) -> int:
    """`value` as an int in the range; ValueError or TypeError says what would do."""
    advice = refusal("whole", name=name, least=among[0], largest=among[-1], value=repr(value))
    try:
        number = whole(name, value, least=among[0])
    except (TypeError, ValueError) as error:
        raise type(error)(advice) from None
    if number not in among:
        raise ValueError(advice)
    return number


def yes_or_no(name, value) -> bool:
    """`value` if it is True or False; TypeError for anything else."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(refusal("no flag", name=name, value=repr(value)))
    return bool(value)


def word_among(name, value, words) -> str:
    """`value` if it is one of the words; ValueError says which there are."""
    if not isinstance(value, str) or value not in words:
        raise ValueError(refusal("one of", name=name, words=", ".join(map(repr, words)), value=repr(value)))
    return value


def both_axes(name, value, largest, least=1) -> int | tuple[int, int]:
    """A setting of rows and columns from `least` to `largest`: an int where they agree, else a pair."""
    return _axes(name, value, least, largest, refusal("out of range", name=name, **_bounds(value, least, largest)))


def padding_of(value, words, largest) -> str | int | tuple[int, int]:
    """A padding: one of the words, or zeros a side, for both axes or each."""
    if isinstance(value, str) and value in words:
        return value
    named = ", ".join(f'"{word}"' for word in words)
    advice = refusal("padding out of range", words=named, **_bounds(value, 0, largest))
    return _axes("padding", value, 0, largest, advice)


def _bounds(value, least, largest):
    return {"value": repr(value), "least": least, "largest": largest}


def _axes(name, value, least, largest, advice):
    try:
        rows, columns = pair(name, value, least=least)
    except (TypeError, ValueError) as error:
        raise type(error)(advice) from None
    if max(rows, columns) > largest:
        raise ValueError(advice)
    return plain((rows, columns))


def plain(axes) -> int | tuple[int, int]:
    """(rows, columns) as an int where they agree."""
    rows, columns = axes
    return rows if rows == columns else (rows, columns)


def as_json(settings) -> dict:
    """Settings as the browser has them: pairs are lists there."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()}


def from_json(settings) -> dict:
    """The reverse: lists of two numbers are pairs."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
