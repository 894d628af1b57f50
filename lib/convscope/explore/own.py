"""What a learner made, kept so that "your own" in a dropdown brings it back."""

from __future__ import annotations

from collections.abc import Mapping

from .arrays import OWN


class KeepsOwn:
    """For an explorer: whatever of its states had no name is kept, the last of each setting.

    `_own` tells of each setting that takes names what holds the name in a state, then what makes its value there.
    """

    _own: Mapping[str, tuple[str, ...]] = {}

    def __init__(self, *args, **kwargs):
        self._kept = {}
        super().__init__(*args, **kwargs)

    def _keep_own(self, state):
        """Keep what a learner made, so that it can be chosen again."""
        for name, (origin, *parts) in self._own.items():
            if getattr(state, origin) == OWN:
                self._kept[name] = {part: getattr(state, part) for part in parts}

    def _own_in(self, state, name) -> dict:
        """The changes that bring back the learner's own as it fits this state; none where there never was any."""
        return self._kept.get(name, {})

    def _offer_own(self, state, name) -> list[str]:
        """What a dropdown offers after all names: the learner's own, if there is one that can be."""
        own = self._own_in(state, name)
        return [OWN] if own and state.allows(**own) else []

    def _with_own(self, changes):
        """The changes, with what was the learner's own where a control asks for that."""
        brought = {}
        for name, value in changes.items():
            is_own = name in self._kept and isinstance(value, str) and value == OWN
            brought |= self._own_in(self.state, name) if is_own else {name: value}
        return brought
