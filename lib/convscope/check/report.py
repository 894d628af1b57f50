"""What a learner is told: sentences and pictures, as HTML where that is shown and as plain text everywhere.

Both are made of the same sentences, in which backticks mark code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from ..words import number, size

MOST_CELLS = 8  # rows or columns that a picture shows
SIGNS = {"right": "✓", "not yet": "○", "not right yet": "✗"}
PALETTE = json.loads((files("convscope") / "explore/view/draw/palette.json").read_text(encoding="utf-8"))
STYLE = (files(__package__) / "report.css").read_text(encoding="utf-8")


class Grid(NamedTuple):
    """One picture: numbers in rows and columns, some of them wrong, some of them framed."""

    title: str
    numbers: np.ndarray
    note: str = ""
    wrong: frozenset[tuple[int, int]] = frozenset()
    framed: frozenset[tuple[int, int]] = frozenset()

    def text(self) -> list[str]:
        """Its lines, all of one length."""
        cells = [
            [number(v) + "≠" * ((r, q) in self.wrong) for q, v in enumerate(row)] for r, row in enumerate(self.numbers)
        ]
        wide = max([len(cell) for row in cells for cell in row], default=0)
        lines = [self.title, *["  ".join(f"{cell:>{wide}}" for cell in row) for row in cells]]
        return [f"{line:<{max(map(len, lines))}}" for line in lines]

    def html(self, most: float) -> str:
        rows = "".join(
            "<tr>" + "".join(self._cell(r, q, value, most) for q, value in enumerate(row)) + "</tr>"
            for r, row in enumerate(self.numbers)
        )
        head = f"<b>{escape(self.title)}</b> <span>{escape(self.note)}</span>"
        return f'<div class="grid">{head}<table><tbody>{rows}</tbody></table></div>'

    def _cell(self, r, q, value, most):
        kinds = [kind for kind in ("wrong", "framed") if (r, q) in getattr(self, kind)]
        text = f"<b>{number(value)}<i> ≠</i></b>" if "wrong" in kinds else number(value)
        return f'<td class="{" ".join(kinds)}" style="{colours(value, most)}">{text}</td>'


@dataclass(frozen=True)
class Report:
    """The answer to an answer. Shown at the end of a cell, or printed."""

    name: str
    state: str  # right, not yet, or not right yet
    lines: list[str]  # before the pictures
    grids: list[Grid] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # the pictures
    guess: str = ""
    code: str = ""  # the case that is shown
    marks: tuple[bool, ...] = ()  # of each case
    note: str = ""

    @property
    def is_right(self) -> bool:
        return self.state == "right"

    def __repr__(self):
        tally = f" ({sum(self.marks)} of {len(self.marks)} cases)" if self.marks else ""
        said = [f"{SIGNS[self.state]} {self.name}: {self.state}{tally}", *self.lines]
        if self.grids:
            columns = [grid.text() for grid in self.grids]
            tall = max(map(len, columns))
            filled = [[*column, *[" " * len(column[0])] * (tall - len(column))] for column in columns]
            said += ["", *["    " + "    ".join(row).rstrip() for row in zip(*filled, strict=True)], ""]
        case = ["The case as code:", *self.code.splitlines()] if self.code and self.grids else []
        return unmarked("\n".join([*said, *self.after, *filter(None, [self.guess, *case, self.note])]))

    def _repr_html_(self):
        state = self.state.replace(" ", "-")
        strip = "".join(f"<i{'' if right else ' class=no'}></i>" for right in self.marks)
        tally = f"<span>{sum(self.marks)} of {len(self.marks)} cases right</span>" if self.marks else ""
        said = [
            f'<p class="head"><b>{SIGNS[self.state]} {self.name}: {self.state}</b> {tally}',
            f'<span class="strip" aria-hidden="true">{strip}</span></p>',
            *map(paragraph, self.lines),
        ]
        if self.grids:
            numbers = np.concatenate([np.ravel(grid.numbers) for grid in self.grids])
            most = float(abs(numbers[np.isfinite(numbers)]).max(initial=0)) or 1
            said.append(f'<div class="row">{"".join(grid.html(most) for grid in self.grids)}</div>')
        said += map(paragraph, self.after)
        said.append(f'<p class="guess">{marked(self.guess)}</p>' if self.guess else "")
        if self.code:
            said.append(f"<details><summary>This case as code</summary><pre>{escape(self.code)}</pre></details>")
        said.append(f'<p class="note">{marked(self.note)}</p>' if self.note else "")
        return (
            f'<div class="convscope-check {state}" role="group" aria-label="check of {self.name}">'
            f"<style>{STYLE}</style>{''.join(said)}</div>"
        )


def unmarked(text: str) -> str:
    """Plain text of a sentence in which backticks mark code and asterisks what is stressed."""
    return re.sub(r"(?<![\w*])\*([\w ]+)\*(?![\w*])", r"\1", text.replace("`", ""))


def paragraph(sentence: str) -> str:
    return f"<p>{marked(sentence)}</p>"


def marked(sentence: str) -> str:
    marked_code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence, quote=False))
    return re.sub(r"(?<![\w*])\*([\w ]+)\*(?![\w*])", r"<em>\1</em>", marked_code)


def colours(value: float, most: float) -> str:
    """A number's colour and that of its digits, by the page's light or dark, as CSS variables."""
    said = []
    for theme, names in (("light", "ai"), ("dark", "kj")):
        stops = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in PALETTE[theme]["signed"]])
        share = value / most if np.isfinite(value) else 0
        at = np.sign(share) * abs(share) ** PALETTE["strength"] * 3 + 3
        ground = [round(float(np.interp(at, range(7), stops[:, part]))) for part in range(3)]
        linear = (np.array(ground) / 255) ** 2.2
        ink = "#000" if linear @ [0.2126, 0.7152, 0.0722] > 0.18 else "#fff"
        said += [f"--{names[0]}:rgb({','.join(map(str, ground))})", f"--{names[1]}:{ink}"]
    return ";".join(said)


def pictures(title: str, array, **marks) -> list[Grid]:
    """An array as one picture or, with channels, as up to four; none where it is too large to show."""
    array = np.asarray(array)
    shape, stack = array.shape[-2:], array.shape[:-2]
    if array.dtype.kind not in "biuf" or not array.size or max(shape, default=1) > MOST_CELLS or np.prod(stack) > 4:
        return []
    if not stack:
        return [Grid(title, np.atleast_2d(array), size(shape) if array.ndim > 1 else "", **marks)]
    return [Grid(f"{title}[{', '.join(map(str, at))}]", array[at], size(shape)) for at in np.ndindex(stack)]
