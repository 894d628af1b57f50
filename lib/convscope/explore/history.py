"""Undo and redo: the states that were, and those that were taken back."""

from __future__ import annotations

MOST = 200  # states, each a few small arrays


class History:
    """States before and after the present one, which the explorer itself holds."""

    def __init__(self):
        self.past, self.future = [], []
        self._run = None

    def add(self, state, run=None):
        """Remember `state`, which is about to be left. The steps of one `run`, a slider's drag, count as one."""
        if run is None or run != self._run or not self.past:
            self.past = [*self.past, state][-MOST:]
        self.future = []
        self._run = run

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
        other.append(state)
        return source.pop()
