"""The sharing explorer: a state, its setting as a trait, and its view."""

from __future__ import annotations

from ..explorer import Explorer, Result, Setting, StateError, described
from ..modules import joined
from .state import SharingState


class SharingExplorer(Explorer):
    """See a dense layer's weights, and beside them the same with every diagonal averaged: as if they were shared.

    matrices: {number of examples: the weights learned from so many}, square matrices (output, input) of one size, at
        most 64 × 64.
    examples: which of them are on show, at first the first.

    `learned` are the weights on show, `averages` those of their diagonals, `shared` the matrix that these make.
    """

    _esm = joined("sharing/scene.js")

    examples = Setting()
    learned, averages, shared = Result(), Result(), Result()

    def __init__(self, matrices, examples=None):
        try:
            start = SharingState.start(matrices)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None
        weights = {name: described(each) for name, each in start.matrices.items()}
        super().__init__(start, {"examples": examples}, options={"weights": weights})
