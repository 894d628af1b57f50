"""A question that takes the learner's guess first, keeps it, and then opens the answer beside it.

The answer waits in Python: until there is a guess, or somebody asks to be shown, it is nowhere in the page.
"""

from __future__ import annotations

import re
from html import escape
from math import isfinite
from numbers import Integral

import anywidget
from traitlets import Any, Bool, Dict, Unicode, validate

from ..words import number
from .base import StateError
from .bundle import display_alive
from .view import static

LATER = "Run the cell that measures it: the answer then opens here."
THOUSANDS = re.compile(r"(?<=\d)[, \u00a0\u202f](?=\d{3}(?!\d))")
CLOSE, FAR = 0.1, 2  # of the answer: off by at most a tenth of it; by twice or half at least


class Verdict(str):
    """A sentence that a notebook shows as it is, without quotes."""

    __repr__ = str.__str__


class Predict(anywidget.AnyWidget):
    """A question: the guess first, locked in, then the answer and the why beside it.

    question: in plain words; what stands between backticks is shown as code, here and in `why`.
    choices: the texts to choose from, two or more; without them the guess is a number.
    unit: of that number. low, high: between which it lies, where they are given.
    answer: one of the choices, or a number; or a function of nothing that gives it, called when it is first needed;
        or None where a later cell measures it and tells: `question.reveal(72.4)`.
    why: the reason, in plain words.

    A guess can also be made by setting `guess`, once: `reset()` asks again. What cannot be a guess raises StateError,
    and the question stays as it was. Raises ValueError for a question or an answer that cannot be.
    """

    guess = Any(help="What the learner said: a choice or a number; None before.")
    answered = Bool(read_only=True, help="Whether the answer is open.")
    page = Dict().tag(sync=True)  # all that is on show
    refusal = Unicode().tag(sync=True)
    request = Dict().tag(sync=True)  # what a person asks of Python: serial, kind (guess, show, reset), and the guess

    def __init__(self, question, choices=None, *, unit="", low=None, high=None, answer=None, why=""):
        super().__init__()
        self._question, self._unit, self._why = question, unit, why
        self._choices = None if choices is None else tuple(map(str, choices))
        if self._choices is not None and not 1 < len(self._choices) == len(set(self._choices)):
            raise ValueError(f"choices must be two texts or more, all different; got {choices!r}.")
        self._low, self._high = low, high
        self._answer = answer if answer is None or callable(answer) else self._possible("answer", answer)
        self._locked = False
        self._listeners = []
        self.observe(lambda change: self._on_request(change.new), "request")
        self.observe(lambda change: change.new is None or self._open(), "guess")
        self._draw()

    @property
    def answer(self):
        """The answer, worked out if need be; None where it is still to be measured."""
        if callable(self._answer):
            self._answer = self._possible("answer", self._answer())
        return self._answer

    @property
    def sentence(self) -> str:
        """Where the question stands, in words: the guess beside the answer, or what is missing."""
        if not self.answered:
            return self._question if self.guess is None else f"You said {self._said(self.guess)}. {LATER}"
        if self.guess is None:
            return f"It is {self._said(self.answer)}."
        return self._compared()

    def reveal(self, answer, why=None) -> Verdict:
        """Tell the answer that was just measured and, if it is known now, why; gives a sentence that says it too.

        The page opens it beside the guess; where there is no guess yet, it goes on asking.
        """
        self._answer = self._possible("answer", answer)
        self._why = self._why if why is None else why
        if self.guess is None and not self.answered:
            self._draw()
            return Verdict(f"It is {self._said(self._answer)}.")
        self._open()
        return Verdict(self.sentence)

    def show(self):
        """Open the answer, with a guess or without."""
        if self.answer is None:
            raise StateError(f"The answer is not known yet. {LATER}")
        self._open()

    def reset(self):
        """Ask again: no guess, and the answer closed."""
        self._locked = False
        self.guess = None
        self.set_trait("answered", False)
        self._changed()

    def on_change(self, listener):
        """Call `listener(question)` when a guess is made, the answer opens, or all begins again. Returns it."""
        self._listeners.append(listener)
        return listener

    @validate("guess")
    def _check(self, proposal):
        try:
            guess = None if proposal.value is None else self._possible("your guess", proposal.value)
        except ValueError as error:
            raise StateError(f"{str(error)[0].upper()}{str(error)[1:]}") from None
        if self._locked and guess != self.guess:
            raise StateError("Your guess is locked in; reset() asks again.")
        return guess

    def _possible(self, what, value):
        """A guess or an answer as one of the choices or as a number, or ValueError."""
        if self._choices is not None:
            if str(value) not in self._choices:
                raise ValueError(f"{what} must be one of {', '.join(map(repr, self._choices))}; got {value!r}.")
            return str(value)
        plain = _as_number(what, value, self._unit)
        if not (self._low is None or plain >= self._low) or not (self._high is None or plain <= self._high):
            raise ValueError(f"{what} must be {self._range()}; got {self._said(plain)}.")
        return plain

    def _range(self):
        if self._low is None or self._high is None:
            return f"{self._said(self._low)} or more" if self._high is None else f"{self._said(self._high)} or less"
        return f"from {number(self._low)} to {self._said(self._high)}"

    def _said(self, value):
        return value if self._choices else f"{number(value)} {self._unit}".strip()

    def _compared(self):
        guess, answer = self._said(self.guess), self._said(self.answer)
        if self._choices:  # which stand there, marked
            return f"You were right: {answer}." if guess == answer else f"You guessed otherwise. It is: {answer}."
        if guess == answer:
            return f"You said {guess}, and so it is."
        return f"You said {guess}; it is {answer}: {self._distance()}."

    def _distance(self):
        """How far the guess lies from the answer: as a factor where it is far, else as a difference."""
        guess, answer = self.guess, self.answer
        side = "high" if guess > answer else "low"
        if min(guess, answer) > 0 and max(guess, answer) >= FAR * min(guess, answer):
            return f"{number(max(guess, answer) / min(guess, answer), 2)} times too {side}"
        close = "close, " if abs(guess - answer) <= CLOSE * abs(answer) else ""
        return f"{close}{number(abs(guess - answer))} too {side}"

    def _open(self):
        """Lock the guess in and open the answer, if there is one; a function that gives it may fail."""
        self._locked = True
        try:
            self.set_trait("answered", self.answer is not None)
        finally:
            self._changed()

    def _changed(self):
        self._draw()
        for listener in self._listeners:
            listener(self)

    def _draw(self):
        """What the page shows, and no more: of an answer that is closed, nothing."""
        page = {"question": self._question, "choices": self._choices, "unit": self._unit, "answered": self.answered}
        page["guess"] = None if self.guess is None else self._said(self.guess)
        page["hint"] = "" if self._choices or self._low is self._high is None else self._range()
        page["known"] = self._answer is not None
        page["verdict"] = "" if self.guess is None and not self.answered else self.sentence
        if self.answered:
            page |= {"answer": self._said(self.answer), "why": self._why, "lengths": self._lengths()}
        with self.hold_sync():
            self.page, self.refusal = page, ""

    def _lengths(self):
        """Guess and answer as parts of the larger: two numbers to compare by eye; none where that says nothing."""
        if self._choices or self.guess is None or min(self.guess, self.answer) < 0 or not (self.guess or self.answer):
            return []
        return [value / max(self.guess, self.answer) for value in (self.guess, self.answer)]

    def _on_request(self, request):
        """What a person does in the page. Whatever an answer's function raises is said there, and asked again."""
        try:
            if request["kind"] == "guess":
                self.guess = request["guess"]
            elif request["kind"] in ("show", "reset"):
                getattr(self, request["kind"])()
        except StateError as error:
            self._refuse(error)
        except Exception as error:
            self._refuse(f"The answer cannot be worked out yet ({error}). Run the cells before it, then ask again.")

    def _refuse(self, sentence):
        self.refusal = ""  # so that the same sentence is said again
        self.refusal = str(sentence)

    def _ipython_display_(self, **_):
        """Show the live question where there is a kernel, the question with its answer folded away everywhere else."""
        asked = " ".join([f"Predict: {self._question}", *(f"({i}) {c}" for i, c in enumerate(self._choices or (), 1))])
        display_alive(self, asked, html=self._folded())

    def _folded(self):
        choices = "".join(f"<li>{_marked_up(choice)}</li>" for choice in self._choices or ())
        parts = [f"<p><strong>Predict.</strong> {_marked_up(self._question)}</p>", choices and f"<ul>{choices}</ul>"]
        if self._answer is None or callable(self._answer):
            return "".join([*parts, "<p><em>Make a guess before you read on: the answer is measured.</em></p>"])
        why = f" {_marked_up(self._why)}" if self._why else ""
        answer = f"<p><strong>{_marked_up(self._said(self._answer))}.</strong>{why}</p>"
        return "".join([*parts, f"<details><summary>Answer</summary>{answer}</details>"])


def _as_number(what, value, unit):
    """A number as it is written or said: 442,368 or 442 368 or 60 %. True is none, nor is 0,5."""
    plain = value
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        plain = THOUSANDS.sub("", value.strip().removesuffix(unit).strip()).replace("−", "-")
    try:
        plain = float("" if isinstance(value, bool) else plain)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number, such as 60 or 0.5; got {value!r}.") from None
    if not isfinite(plain):
        raise ValueError(f"{what} must be a finite number; got {value!r}.")
    return int(plain) if plain.is_integer() else plain


def _marked_up(text):
    """Text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace("\n", "<br>")


Predict._esm = static("basics.js", "predict.js")
Predict._css = static("basics.css", "predict.css")
