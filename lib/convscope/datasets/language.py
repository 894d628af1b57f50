"""Made-up sentences of twelve words, in which one or two words determine the label.

The other words are fillers of changing kinds (a conjunction, a person, a verb, …), so that a sentence can be read. In
`sentences` the label depends on *which* word occurs, in `opinions` on *which two words are neighbours*.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import Seed, check_room, generator, whole
from ..ops.arrays import numbers as array_of

LENGTH = 12  # words
TOPICS = ("animals", "food", "vehicles", "music")
"""The topics of `sentences`, by label."""

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
_KEY_TURN = 3  # the key word replaces a _WHAT or _WHERE

VOCABULARY = np.array([*_NOUNS, *sum(_TURNS, ())])
"""The 50 words of `sentences`: 20 nouns, five for each topic in turn, then 30 fillers."""

OPINION_VOCABULARY = np.array([*_ADJECTIVES, *sum(_OPINION_TURNS, ()), "not"])
"""The 50 words of `opinions`: ten bad and ten good adjectives, 29 fillers, and "not"."""


def sentences(n: int, *, positions: Iterable[int] = range(LENGTH), seed: Seed = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return n sentences, each about one of four `TOPICS`, and their labels: (words, labels).

    One noun in each sentence belongs to the topic.
    positions: where that noun may be, numbers from 0 to 11; by default anywhere.
    seed: a whole number or a NumPy Generator.
    words: (n, 12), indices into `VOCABULARY`; labels: (n,), indices into `TOPICS`; both int64.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    n, rng, positions = whole("n", n, least=0), generator(seed, "sentences"), _checked_positions(positions)
    check_room((n, LENGTH), "use a smaller n")
    at, labels = rng.choice(positions, n), rng.integers(0, len(TOPICS), n)
    words = _fillers(at, LENGTH, _TURNS, len(_NOUNS), rng)
    each = len(_NOUNS) // len(TOPICS)
    words[np.arange(n), at] = labels * each + rng.integers(0, each, n)
    return words, labels


def opinions(n: int, *, seed: Seed = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return n sentences with a bad (0) or a good (1) opinion, and their labels: (words, labels).

    Every sentence has one adjective and one "not". In half of them "not" is just before the adjective and reverses it,
    so that "not good" is bad and "not bad" is good.
    words: (n, 12), indices into `OPINION_VOCABULARY`; labels: (n,); both int64.
    seed: a whole number or a NumPy Generator.
    """
    n, rng = whole("n", n, least=0), generator(seed, "opinions")
    check_room((n, LENGTH), "use a smaller n")
    at, sign, turned = rng.integers(0, LENGTH - 1, n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    words = _fillers(at, LENGTH - 1, _OPINION_TURNS, len(_ADJECTIVES), rng)
    each = len(_ADJECTIVES) // 2
    words[np.arange(n), at] = sign * each + rng.integers(0, each, n)
    period = len(_OPINION_TURNS)
    elsewhere = np.where(at + period < LENGTH - 1, at + period, at - period)  # before another _WHERE
    position = np.where(turned, at, elsewhere)[:, None]
    time = np.arange(LENGTH)
    words = np.take_along_axis(words, np.minimum(time - (time > position), LENGTH - 2), axis=1)
    words[time == position] = len(OPINION_VOCABULARY) - 1
    return words, sign ^ turned


def as_text(words: ArrayLike, vocabulary: np.ndarray = VOCABULARY) -> str:
    """Return one sentence as text. words: (time,), indices into the vocabulary."""
    words = _checked_words(words, len(vocabulary))
    if words.ndim != 1:
        raise ValueError(f"words must be one sentence, (time,); got shape {words.shape}.")
    return " ".join(vocabulary[word] for word in words)


def one_hot(words: ArrayLike, size: int = 50) -> np.ndarray:
    """Return each word as a column of zeros with a one in the word's own row, float32.

    words: (batch, time), indices into a vocabulary of `size` words.
    Returns (batch, size, time), so that the words of the vocabulary are channels.
    """
    size = whole("size", size)
    words = _checked_words(words, size)
    check_room((*words.shape, size), "use fewer words or a smaller size")
    return (words[..., None, :] == np.arange(size)[:, None]).astype(np.float32)


def _fillers(at, length, turns, first, rng) -> np.ndarray:
    """Return fillers for sentences whose key word is at position `at`, so that their kinds continue around it."""
    turn = (np.arange(length) - at[:, None] + _KEY_TURN) % len(turns)
    sizes = np.array([len(kind) for kind in turns])
    starts = first + np.cumsum(sizes) - sizes
    return starts[turn] + (rng.random(turn.shape) * sizes[turn]).astype(np.int64)


def _checked_positions(positions) -> list[int]:
    if isinstance(positions, str) or not np.iterable(positions):
        raise TypeError(f"positions must be a list of numbers from 0 to {LENGTH - 1}; got {positions!r}.")
    positions = [whole("positions", position, least=0) for position in positions]
    if not positions or max(positions) >= LENGTH:
        raise ValueError(f"positions must hold at least one number, each from 0 to {LENGTH - 1}; got {positions}.")
    return positions


def _checked_words(words, size) -> np.ndarray:
    words = array_of("words", words)
    if words.dtype.kind not in "iu" or not words.ndim:
        raise TypeError(
            f"words must be whole numbers, indices into a vocabulary; got {words.dtype} of shape {words.shape}."
        )
    if words.size and not 0 <= words.min() <= words.max() < size:
        raise ValueError(f"words must be from 0 to {size - 1}; got words from {words.min()} to {words.max()}.")
    return words
