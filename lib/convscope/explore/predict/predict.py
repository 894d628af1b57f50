"""A question that takes the learner's guess first, keeps it, and then opens the answer beside it.

It works without a kernel: the page holds the answer, encoded, never as text. A later cell that measures the answer
folds its output away, and tells the question what came out; the guess opens both, or the hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from contextlib import contextmanager
from functools import cache
from html import escape
from importlib.resources import files
from itertools import count
from math import inf

import anywidget
from IPython.display import display
from IPython.utils.capture import capture_output
from traitlets import Any, Bool, Dict, validate

from ... import kept
from ...words import number
from ..arrays import LARGEST_VALUE
from ..bundle import WIDGET_VIEW, display_card
from ..explorer import StateError
from ..modules import joined

LATER = "Run the cell that measures it: the answer then opens here."
THOUSANDS = re.compile(r"(?<=\d)[, \u00a0\u202f](?=\d{3}(?!\d))")
_SERIALS = count()


class Predict(anywidget.AnyWidget):
    """A question: the guess first, locked in, then the answer and the why beside it.

    question: in plain words; what stands between backticks is shown as code, here and in `why`.
    choices: the texts to choose from, two or more; without them the guess is a number.
    unit: of that number. low, high: between which it lies, where they are given.
    key: the question's name in the course's file of answers, such as "03 weights of a filter", for an answer that no
        cell measures.
    answer, why: one of the choices, or a number, and the reason in plain words; in place of a key.
    Without either a later cell measures the answer: `with question.folded(): …; question.reveal(72.4)`.

    A guess can also be made by setting `guess`, once: `reset()` asks again. What cannot be a guess raises StateError,
    and the question stays as it was. Raises ValueError for a question or an answer that cannot be.
    """

    _esm = joined("predict/card.js")

    guess = Any(help="What the learner said: a choice or a number; None before.")
    answered = Bool(read_only=True, help="Whether the answer is open.")
    _asked = Dict().tag(sync=True)
    _said = Dict().tag(sync=True)  # from Python: the guess, whether the answer is open, and the answer, encoded
    _told = Dict().tag(sync=True)  # from a view: its guess, and whether somebody opened the answer there

    def __init__(self, question, choices=None, *, unit="", low=None, high=None, key=None, answer=None, why=""):
        self._choices = None if choices is None else tuple(map(str, choices))
        if self._choices is not None and not 1 < len(self._choices) == len(set(self._choices)):
            raise ValueError(f"choices must be two texts or more, all different; got {choices!r}.")
        self._question, self._unit, self._low, self._high = question, unit, low, high
        self._answer = self._locked = None
        self._inside = False  # whether a cell is folding its output away
        if key is not None:
            answer, why = _answer_to(key)
        super().__init__()
        self._why = why
        self._answer = None if answer is None else self._possible("answer", answer)
        name = hashlib.sha1(f"{question}{choices}".encode()).hexdigest()[:10]
        asked = {"question": question, "choices": None if choices is None else list(self._choices), "unit": unit}
        self._asked = {"id": name, **asked, "low": low, "high": high}
        self.observe(lambda change: self._on_told(change.new), "_told")
        self.observe(lambda change: change.new is None or self._open(), "guess")
        self._say()

    @property
    def answer(self):
        """The answer; None where it is still to be measured."""
        return self._answer

    @property
    def sentence(self) -> str:
        """Where the question stands, in words: the guess beside the answer, or what is missing."""
        if not self.answered:
            return self._question if self.guess is None else f"You said {self._in_words(self.guess)}. {LATER}"
        if self.guess is None:
            return f"It is {self._in_words(self._answer)}."
        return f"You said {self._in_words(self.guess)}; it is {self._in_words(self._answer)}."

    def reveal(self, answer, why=None) -> None:
        """Tell the answer that was just measured and, if it is known only now, why.

        The page opens it beside the guess; where there is no guess yet, it goes on asking, and says it folded away.
        """
        self._answer = self._possible("answer", answer)
        self._why = self._why if why is None else why
        if self.guess is not None or self.answered:
            self._open()
        else:
            self._say()
        text = f"It is {self._in_words(self._answer)}. {self._why}".strip()
        if self._inside:
            print(text)
        else:
            self._show_folded(f"<p>{_marked_up(text)}</p>", text)

    @contextmanager
    def folded(self):
        """For the cell that measures: all that it shows goes into one fold, which the guess opens, or the hand."""
        self._inside = True
        try:
            with capture_output() as captured:
                yield
        except BaseException:
            captured.show()
            raise
        finally:
            self._inside = False
        self._show_folded(*_as_html(captured))
        for output in captured.outputs:
            if WIDGET_VIEW in output.data:  # alive: it cannot be put into a text
                output.display()

    def show(self) -> None:
        """Open the answer, with a guess or without."""
        if self._answer is None:
            raise StateError(f"The answer is not known yet. {LATER}")
        self._open()

    def reset(self) -> None:
        """Ask again: no guess, and the answer closed."""
        self._locked = None
        self.guess = None
        self.set_trait("answered", False)
        self._say()

    @validate("guess")
    def _check(self, proposal):
        if proposal.value is None:
            return None
        try:
            guess = self._possible("your guess", proposal.value)
        except ValueError as error:
            raise StateError(f"{str(error)[0].upper()}{str(error)[1:]}") from None
        if self._locked is not None and guess != self._locked:
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
            raise ValueError(f"{what} must be {self._range()}; got {self._in_words(plain)}.")
        return plain

    def _range(self):
        if self._low is None or self._high is None:
            only = self._low if self._high is None else self._high
            return f"{self._in_words(only)} or {'more' if self._high is None else 'less'}"
        return f"from {number(self._low)} to {self._in_words(self._high)}"

    def _in_words(self, value):
        unit = self._unit if self._unit == "%" else f" {self._unit}"
        return value if self._choices else f"{number(value)}{unit}".strip()

    def _open(self):
        """Lock the guess in and open the answer, if there is one."""
        self._locked = self.guess
        self.set_trait("answered", self._answer is not None)
        if self.answered and self.guess is not None:
            kept.note_prediction(self._asked["id"], self._question, self._in_words(self.guess), self._is_right())
        self._say()

    def _is_right(self):
        """Whether the guess is the answer; a number, to within a tenth of it."""
        if self._choices is not None:
            return self.guess == self._answer
        return bool(abs(self.guess - self._answer) <= abs(self._answer) / 10)

    def _on_told(self, told):
        """What a person did in a view; whatever a front end sends, the question goes on."""
        try:
            if told["guess"] is None and not told["opened"]:
                self.reset()
            elif told["guess"] is not None:
                self.guess = told["guess"]
            elif self._answer is not None:
                self._open()
        except Exception as error:
            self._say(refusal=str(error))
        else:
            self._say(to=told)

    def _say(self, to=None, refusal=""):
        """Tell every view. Of an answer that is closed only its code is in the page."""
        known = {} if self._answer is None else {"answer": self._answer, "why": self._why}
        sealed = base64.b64encode(json.dumps(known).encode()).decode() if known else ""
        state = {"guess": self.guess, "opened": self.answered, "sealed": sealed, "refusal": refusal}
        self._said = {"serial": next(_SERIALS), "to": (to or {}).get("serial"), "view": (to or {}).get("view"), **state}

    def _ipython_display_(self, **_):
        """Show the live question where there is a kernel, the question with its answer folded away everywhere else."""
        asked = " ".join([f"Predict: {self._question}", *(f"({i}) {c}" for i, c in enumerate(self._choices or (), 1))])
        display_card(self, {"_asked": self._asked, "_said": self._said}, html=self._as_html(), text=asked)

    def _as_html(self):
        choices = "".join(f"<li>{_marked_up(choice)}</li>" for choice in self._choices or ())
        parts = [f"<p><strong>Predict.</strong> {_marked_up(self._question)}</p>", choices and f"<ul>{choices}</ul>"]
        if self._answer is None:
            return "".join(
                [*parts, "<p><em>Make a guess before you read on: a cell below measures the answer.</em></p>"]
            )
        why = f" {_marked_up(self._why)}" if self._why else ""
        answer = f"<p><strong>{_marked_up(self._in_words(self._answer))}.</strong>{why}</p>"
        return "".join([*parts, f"<details><summary>Answer</summary>{answer}</details>"])

    def _show_folded(self, html, text):
        is_open = " open" if self.guess is not None or self.answered else ""
        summary = "What came out (your guess above opens this)"
        fold = f'<details data-question="{self._asked["id"]}"{is_open}><summary>{summary}</summary>{html}</details>'
        display({"text/html": fold, "text/plain": text}, raw=True)


def _as_printed(text):
    """Text in columns, also on a page whose style does not say so."""
    return f'<pre style="font-family: monospace">{escape(text)}</pre>'


def _as_html(captured) -> tuple[str, str]:
    """What a cell has shown, as HTML and as text: words, and pictures with their alternative texts."""
    parts, texts = [], []
    written = captured.stdout.strip("\n")
    for output in captured.outputs:
        text = output.data.get("text/plain", "")
        if WIDGET_VIEW not in output.data:
            parts.append(output.data.get("text/html") or _picture(output.data, text) or _as_printed(text))
            texts.append(text)
    if written:
        parts.append(_as_printed(written))
        texts.append(written)
    return "".join(parts), "\n".join(texts)


def _picture(data, text):
    png = data.get("image/png")
    return png and f'<img alt="{escape(text)}" src="data:image/png;base64,{png}">'


def _as_number(what, value, unit):
    """A number as it is written or said: 442,368 or 442 368 or 60 %. True is none, nor is 0,5."""
    plain = value
    if isinstance(value, str):
        plain = THOUSANDS.sub("", value.strip().removesuffix(unit).strip()).replace("−", "-")
    try:
        plain = float("" if isinstance(value, bool) else plain)
    except OverflowError:
        plain = inf
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number, such as 60 or 0.5; got {value!r:.60}.") from None
    if not abs(plain) <= LARGEST_VALUE:
        raise ValueError(f"{what} must be a finite number, at most {LARGEST_VALUE:.0e}; got {plain}.")
    return int(plain) if plain.is_integer() else plain


def _marked_up(text):
    """Text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace("\n", "<br>")


def _answer_to(key):
    answers = answer_file()
    if key not in answers:
        names = ", ".join(map(repr, answers))
        raise ValueError(f"key must be one of the course's questions, {names}; got {key!r}.")
    return answers[key]["answer"], answers[key]["why"]


@cache
def answer_file() -> dict:
    """The answers that no cell measures, by the key of their question: kept away from the cells that ask."""
    return tomllib.loads((files(__package__) / "answers.toml").read_text(encoding="utf-8"))
