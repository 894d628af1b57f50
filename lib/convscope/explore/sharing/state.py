"""A dense layer's weights as learned from some number of examples, and the same with every diagonal averaged.

`state.js` is its twin in the browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...words import number, size
from ..arrays import State, frozen, table
from ..settings import word_among
from ..still import Panel

LARGEST = 64  # inputs, and outputs


@dataclass(frozen=True, eq=False)
class SharingState(State):
    """Weights by the number of examples that they were learned from, and which of them are on show."""

    matrices: Mapping[str, np.ndarray]  # each (output, input), square
    examples: str

    @classmethod
    def start(cls, matrices):
        """The first of these weights; ValueError or TypeError where they are not square matrices of one size."""
        matrices = {str(name): table(f"weights of {name}", each, LARGEST) for name, each in matrices.items()}
        shapes = {each.shape for each in matrices.values()}
        square = len(shapes) == 1 and all(len(shape) == 2 and shape[0] == shape[1] for shape in shapes)
        if not square:
            shown = ", ".join(map(size, sorted(shapes))) or "none"
            raise ValueError(f"matrices must be square and of one size, (output, input); got {shown}.")
        return cls(matrices, next(iter(matrices)))

    def changed(self, examples=None):
        """The state with other weights on show; ValueError names those that there are."""
        if examples is None:
            return self
        return replace(self, examples=word_among("examples", str(examples), self.matrices))

    @property
    def settings(self) -> dict:
        return {"examples": self.examples}

    @property
    def numbers(self) -> dict:
        return {"shared": self.shared}

    @property
    def learned(self) -> np.ndarray:
        """The weights as they were learned, (output, input)."""
        return self.matrices[self.examples]

    @cached_property
    def averages(self) -> np.ndarray:
        """The average of each diagonal, from the one farthest below to the one farthest above."""
        offsets = range(1 - len(self.learned), len(self.learned))
        return frozen(np.array([self.learned.diagonal(offset).mean() for offset in offsets]))

    @cached_property
    def shared(self) -> np.ndarray:
        """The weights with each diagonal at its average: as many free numbers as there are diagonals."""
        place = np.arange(len(self.learned))
        return frozen(self.averages[place - place[:, None] + len(place) - 1])

    @property
    def panels(self) -> list[Panel]:
        most = float(abs(self.averages).max()) or 1.0
        scale = ("signed", -most, most)
        return [Panel("as learned", self.learned, scale), Panel("each diagonal averaged", self.shared, scale)]

    @property
    def sum_in_words(self) -> str:
        middle = len(self.learned) - 1
        near = [number(each) for each in self.averages[max(middle - 1, 0) : middle + 2]]
        return f"Learned from {self.examples} examples. The averages of the middle diagonals: {', '.join(near)}."

    @property
    def sentence(self) -> str:
        return f"SharingExplorer: the weights of a dense layer, {size(self.learned.shape)}. {self.sum_in_words}"
