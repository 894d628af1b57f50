"""What an exercise is: data. A case is a dict of arguments, a mistake turns a right function into a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Case = Mapping[str, Any]


class Mistake(NamedTuple):
    """A known way to be wrong. `makes` takes a right function and returns the wrong one, so that two compose."""

    says: str  # what was done, as the subject of "… gives exactly these numbers"
    ask: str  # what to look at
    makes: Callable[[Callable], Callable]


class Unmet(Exception):
    """What a design lacks, in a sentence, where it cannot even be tried."""


@dataclass(frozen=True)
class Write:
    """An exercise in which a function is written. Its cases go from the simplest to the nasty."""

    chapter: str
    name: str
    call: str  # how a learner writes a call: "my_conv2d(x, kernel, stride={stride})"
    right: Callable
    cases: list[Case]
    mistakes: list[Mistake]
    hints: list[str]
    features: dict[str, Callable[..., bool]] = field(default_factory=dict)  # what a case may have: says where it fails
    plainer: Callable[[Case], Iterable[Case]] = lambda case: ()  # cases of the same shapes with plainer numbers
    linear: str = ""  # the argument in which the function is linear: tells what each of its numbers was multiplied by
    keeps: bool = False  # whether a right answer goes into mine.py
    without_loop: Callable[[int], Case] | None = None  # a case of n × n pixels: no Python loop may run over them
    returns: tuple[str, ...] = ()  # what its values are called, where it returns more than one


@dataclass(frozen=True)
class Value:
    """An exercise in which a number, a word or a table is filled in."""

    chapter: str
    name: str
    right: Any
    wrong: list[tuple[Any, str]]  # an answer that a known mistake gives, whole or in one entry, and what to look at
    hints: list[str]
    entries: list[str] | None = None  # what the entries of a table are called
    why: str = ""  # said once it is right


@dataclass(frozen=True)
class Design:
    """An exercise with many right answers: each demand looks at one, and says what is not met, or nothing.

    `measure` makes plain numbers and arrays of an answer that is none itself, such as a model; `demands` and `done`
    look at those. When returned notebooks are graded, it runs where the learner's code does, and they run elsewhere.
    """

    chapter: str
    name: str
    demands: list[Callable[[Any], str | None]]
    hints: list[str]
    done: Callable[[Any], str] = lambda answer: ""  # what a right answer achieves
    measure: Callable[[Any], Any] = lambda answer: answer


Exercise = Write | Value | Design


def before(change: Callable[..., Case]) -> Callable[[Callable], Callable]:
    """A mistake in what goes in: `change` takes a case and returns the arguments that differ."""
    return lambda function: lambda **case: function(**{**case, **change(**case)})


def after(change: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """A mistake in what comes out: `change` takes the answer and the case."""
    return lambda function: lambda **case: change(function(**case), **case)


def instead(wrong: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """A mistake that is a function of its own."""
    return lambda _: wrong
