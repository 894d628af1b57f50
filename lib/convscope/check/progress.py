"""What is solved, by chapter: a row of squares for the exercises, a row of dots for the predictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from html import escape

from ..kept import PROGRESS
from .exercise import Exercise

SQUARES = {"right": "■", "tried": "◪", "": "□"}
DOTS = {"right": "●", "wrong": "○"}
GUESSES = "application/vnd.convscope.guesses+json"  # what `make grade` reads from a returned notebook
KEY = "■ solved  ◪ tried  □ to come    ● right  ○ wrong"


class Progress:
    """Shows itself at the end of a cell, and prints as text."""

    def __init__(self, exercises: Iterable[Exercise], kept: dict):
        self.rows = defaultdict(lambda: ([], []))  # chapter: states of exercises, of predictions
        for exercise in exercises:
            self.rows[exercise.chapter][0].append(kept["exercises"].get(exercise.name, ""))
        for told in kept["predictions"].values():
            self.rows[str(told.get("chapter"))][1].append("right" if told.get("right") is True else "wrong")
        solved, states = [[state for row in self.rows.values() for state in row[i]] for i in (0, 1)]
        self.said = (
            f"{solved.count('right')} of {len(solved)} exercises solved, "
            f"{states.count('right')} of {len(states)} predictions right"
        )

    def marks(self):
        """(chapter, squares, dots), line by line."""
        for chapter, (exercises, predictions) in sorted(self.rows.items()):
            yield chapter, "".join(map(SQUARES.get, exercises)), "".join(map(DOTS.get, predictions))

    def __repr__(self):
        lines = [f"{chapter}  {squares:<8}  {dots}".rstrip() for chapter, squares, dots in self.marks()]
        return "\n".join([f"Progress: {self.said}", *lines, KEY, f"Kept in {PROGRESS}, and sent nowhere."])

    def _repr_html_(self):
        rows = "".join(
            f'<tr><th scope="row">{chapter}</th><td style="text-align:left"><code>{squares}</code></td>'
            f'<td style="text-align:left"><code>{dots}</code></td></tr>'
            for chapter, squares, dots in self.marks()
        )
        return (
            f"<p><b>Progress</b>: {escape(self.said)}</p><table><thead><tr><th>chapter</th><th>exercises</th>"
            f"<th>predictions</th></tr></thead><tbody>{rows}</tbody></table>"
            f"<p><small>{escape(KEY)}. Kept in <code>{PROGRESS}</code> beside the notebooks, and sent nowhere; delete "
            "the file to begin anew.</small></p>"
        )


class Guesses:
    """What was guessed before each answer. It shows itself, and stays in a notebook that is saved and handed in."""

    def __init__(self, kept: dict):
        self.told = [
            {key: told.get(key) for key in ("question", "guess", "right")} for told in kept["predictions"].values()
        ]

    def __repr__(self):
        lines = [f"{told['question']} {told['guess']}" for told in self.told]
        return "\n".join(["Guessed before each answer:", *lines] if lines else ["Nothing is guessed yet."])

    def _repr_mimebundle_(self, **_):
        return {GUESSES: self.told, "text/plain": repr(self)}
