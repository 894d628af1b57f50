"""The questions of the course, kept away from the chapters: a cell that held its answer would give it away."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from .predict import Predict


def ask(name) -> Predict:
    """A question of the course, new and not yet answered.

    name: the number of its chapter and its name there, such as "03 weights of a filter"; they stand in
        `questions/03.toml`, each with what `Predict` takes. Without an answer there, a cell measures it and tells by
        `reveal`.
    Raises ValueError, with the names there are, for one that is not among them.
    """
    chapter, _, rest = str(name).partition(" ")
    questions = _questions(chapter)
    if rest not in questions:
        names = (
            ", ".join(repr(f"{chapter} {each}") for each in questions) or "none: names begin with a chapter's number"
        )
        raise ValueError(f"name must be one of the chapter's questions, {names}; got {name!r}.")
    return Predict(**questions[rest])


def question_names() -> list[str]:
    """The names of all questions."""
    chapters = sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))
    return [f"{chapter} {name}" for chapter in chapters for name in _questions(chapter)]


def _questions(chapter):
    file = _folder() / f"{chapter}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if chapter.isdigit() and file.is_file() else {}


def _folder():
    return files(__package__) / "questions"
