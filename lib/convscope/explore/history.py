"""Undo and redo: the states that were, and those that were taken back."""

from __future__ import annotations

import time
from dataclasses import fields

MOST = 200  # states; only what was set of each is kept, not what follows from it
PAUSE = 1.0  # seconds after which the steps of a drag are a new drag


class History:
    """States before and after the present one, which the explorer itself holds."""

    def __init__(self):
        self.past, self.future = [], []
        self.clock = time.monotonic
        self._run, self._last = None, 0.0

    def add(self, state, run=None):
        """Remember `state`, which is about to be left. The steps of one `run`, a drag, count as one."""
        now = self.clock()
        if run is None or run != self._run or not self.past or now - self._last > PAUSE:
            self.past = [*self.past, _bare(state)][-MOST:]
        self.future = []
        self._run, self._last = run, now

    def back(self, state):
        """The state before `state`, or `state` itself where there is none."""
        return self._step(state, self.past, self.future)

    def forward(self, state):
        """The state that the last undo left, or `state` itself where there is none."""
        return self._step(state, self.future, self.past)

    def _step(self, state, source, other):
        self._run = None
        if not source:
            return state
        other.append(_bare(state))
        return source.pop()


def _bare(state):
    """The state without what was worked out from its fields: large arrays, and quick to work out again."""
    for name in vars(state).keys() - {field.name for field in fields(state)}:
        del vars(state)[name]
    return state
