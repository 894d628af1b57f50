"""Sentences of twelve words, made up: one word or two decide the label, the rest is filling.

Fillers come in turns (a joining word, a person, a doing word, …), so that a sentence can be read, if not believed. Two
sentences tell their labels by different means: by *which* word is in it, or by which *two stand side by side*.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..arguments import check_room, generator, whole
from ..ops.arrays import numbers as array_of

LENGTH = 12  # words
TOPICS = ("animals", "food", "vehicles", "music")
"""What `sentences` can be about: label 0, 1, 2, 3."""

_NOUNS = (
    *("kittens", "puppies", "rabbits", "horses", "ducks"),
    *("apples", "noodles", "cakes", "lemons", "soup"),
    *("trains", "buses", "bicycles", "lorries", "boats"),
    *("songs", "drums", "violins", "flutes", "pianos"),
)
_ADJECTIVES = (
    *("bad", "sad", "dull", "ugly", "nasty", "awful", "boring", "cold", "weak", "dirty"),
    *("good", "happy", "bright", "pretty", "kind", "lovely", "funny", "warm", "strong", "clean"),
)
_JOINING = ("and", "but", "so", "while", "because", "though")
_PEOPLE = ("we", "they", "you", "all", "many", "some")
_WHEN = ("today", "again", "often", "early", "then", "now")
_DOING = ("saw", "liked", "found", "wanted", "missed", "drew")
_WHAT = ("it", "this", "that", "those", "these", "none")
_BEING = ("were", "looked", "felt", "seemed", "stayed", "remained")
_WHERE = ("here", "there", "inside", "outside", "near")

_TURNS, _OPINION_TURNS = (_JOINING, _PEOPLE, _DOING, _WHAT, _WHEN), (_JOINING, _PEOPLE, _BEING, _WHERE, _WHEN)
_KEY_TURN = 3  # the key word takes the place of a _WHAT or _WHERE

VOCABULARY = np.array([*_NOUNS, *sum(_TURNS, ())])
"""The 50 words of `sentences`: 20 nouns, five for each topic in turn, then 30 fillers."""

OPINION_VOCABULARY = np.array([*_ADJECTIVES, *sum(_OPINION_TURNS, ()), "not"])
"""The 50 words of `opinions`: ten bad and ten good ones, 29 fillers, and "not"."""


def sentences(n: int, *, positions: Iterable[int] = range(LENGTH), seed=0) -> tuple[np.ndarray, np.ndarray]:
    """n sentences about one of four `TOPICS`, (words, labels): one noun in each tells which.

    positions: where the noun may stand, numbers from 0 to 11; left out, anywhere. seed: a whole number or a NumPy
        Generator.
    Returns words (n, 12), places in `VOCABULARY`, and labels (n,), both int64.
    """
    n, rng, positions = whole("n", n, least=0), generator(seed, "sentences"), _checked_positions(positions)
    check_room((n, LENGTH), "use a smaller n")
    at, labels = rng.choice(positions, n), rng.integers(0, len(TOPICS), n)
    words = _fillers(at, LENGTH, _TURNS, len(_NOUNS), rng)
    each = len(_NOUNS) // len(TOPICS)
    words[np.arange(n), at] = labels * each + rng.integers(0, each, n)
    return words, labels


def opinions(n, *, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """n sentences that find something bad (0) or good (1), (words, labels): "not good" is bad, "not bad" good.

    "not" stands in each of them, in half of them just before the adjective, which it turns over.
    Returns words (n, 12), places in `OPINION_VOCABULARY`, and labels (n,), both int64. seed: a whole number or a NumPy
    Generator.
    """
    n, rng = whole("n", n, least=0), generator(seed, "opinions")
    check_room((n, LENGTH), "use a smaller n")
    at, sign, turned = rng.integers(0, LENGTH - 1, n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    words = _fillers(at, LENGTH - 1, _OPINION_TURNS, len(_ADJECTIVES), rng)
    each = len(_ADJECTIVES) // 2
    words[np.arange(n), at] = sign * each + rng.integers(0, each, n)
    period = len(_OPINION_TURNS)
    elsewhere = np.where(at + period < LENGTH - 1, at + period, at - period)  # before another _WHERE
    place = np.where(turned, at, elsewhere)[:, None]
    time = np.arange(LENGTH)
    words = np.take_along_axis(words, np.minimum(time - (time > place), LENGTH - 2), axis=1)
    words[time == place] = len(OPINION_VOCABULARY) - 1
    return words, sign ^ turned


def as_text(words, vocabulary=VOCABULARY) -> str:
    """One sentence as text. words: (time,), places in the vocabulary."""
    words = _checked_words(words, len(vocabulary))
    if words.ndim != 1:
        raise ValueError(f"words must be one sentence, (time,); got shape {words.shape}.")
    return " ".join(vocabulary[word] for word in words)


def one_hot(words, size=50) -> np.ndarray:
    """Each word as a column of zeros with a one in its own row: float32.

    words: (batch, time), places in a vocabulary of `size` words. Returns (batch, word, time): words are channels.
    """
    size = whole("size", size)
    words = _checked_words(words, size)
    check_room((*words.shape, size), "use fewer words or a smaller size")
    return (words[..., None, :] == np.arange(size)[:, None]).astype(np.float32)


def _fillers(at, length, turns, first, rng) -> np.ndarray:
    """Fillers whose turns fall so that the key turn comes at place `at` of each sentence."""
    turn = (np.arange(length) - at[:, None] + _KEY_TURN) % len(turns)
    sizes = np.array([len(kind) for kind in turns])
    starts = first + np.cumsum(sizes) - sizes
    return starts[turn] + (rng.random(turn.shape) * sizes[turn]).astype(np.int64)


def _checked_positions(positions) -> list[int]:
    if isinstance(positions, str) or not np.iterable(positions):
        raise TypeError(f"positions must be a list of numbers from 0 to {LENGTH - 1}; got {positions!r}.")
    places = [whole("positions", place, least=0) for place in positions]
    if not places or max(places) >= LENGTH:
        raise ValueError(f"positions must hold numbers from 0 to {LENGTH - 1}, one or more; got {places}.")
    return places


def _checked_words(words, size) -> np.ndarray:
    words = array_of("words", words)
    if words.dtype.kind not in "iu" or not words.ndim:
        raise TypeError(
            f"words must be whole numbers, places in a vocabulary; got {words.dtype} of shape {words.shape}."
        )
    if words.size and not 0 <= words.min() <= words.max() < size:
        raise ValueError(f"words must lie between 0 and {size - 1}; they go from {words.min()} to {words.max()}.")
    return words
