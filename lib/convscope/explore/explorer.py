"""What every explorer is: one valid state, its settings as traits, and a view that computes for itself.

The view writes `_told`: its settings, which of them a hand has changed, and its own name. Python changes those alone,
so that a hand and a program do not undo each other's work, and says in `_said` what the settings are now, with the
numbers for them. What a program changes it says there too, with no view's name: an order, which every view follows.
"""

from __future__ import annotations

import threading
from dataclasses import fields
from itertools import count

import anywidget
import numpy as np
from traitlets import Bunch, Dict, TraitError, TraitType

from .bundle import display_explorer
from .page import explorer_page, state_of
from .still import draw

_SERIALS = count()


class StateError(TraitError, ValueError):
    """A state that cannot be, in a sentence that says what would do. The explorer keeps the state it had."""


class _OfState(TraitType):
    def get(self, obj, cls=None):
        return self.read(obj.state)

    def read(self, state):
        """What of a state it shows."""
        return getattr(state, self.name)


class Setting(_OfState):
    """A setting of an explorer's state: reading it asks the state, setting it asks for another."""

    @classmethod
    def several(cls, count):
        return (cls() for _ in range(count))

    def set(self, obj, value):
        obj.set(**{self.name: value})


class Result(_OfState):
    """What follows from a state, as a read-only array."""

    read_only = True


class Explorer(anywidget.AnyWidget):
    """One valid state, its settings as traits, and a live view of it.

    A subclass gives a `Setting` for each field of its `State` that can be set, a `Result` for each that follows, and
    `_esm`, its view. `options` names traits of its view alone.

    All that is set, from Python or from a view, goes through `set`, one at a time. Observers hear when all is done.
    """

    options: tuple[str, ...] = ()

    _told = Dict().tag(sync=True)
    _said = Dict().tag(sync=True)
    _own = Dict().tag(sync=True)  # the image, by its key, where it is one that has no name
    _pictures = Dict().tag(sync=True)  # those that have one
    _options = Dict().tag(sync=True)

    def __init__(self, start, changes, *, options=None, pictures=None, **traits):
        self._lock = threading.RLock()
        self._kept = None  # the image that `_own` holds
        self._state = start
        self._state = self._start = self._changed(changes)
        super().__init__(_pictures={name: described(array) for name, array in (pictures or {}).items()}, **traits)
        made = self._start.settings
        usual = {name: value for name, value in start.settings.items() if value != made[name]}
        self._options = {"label": type(self).__name__, "start": made, "usual": usual} | (options or {})
        self._say(self._start)
        self.observe(lambda change: self._on_told(change.new), "_told")

    def __setattr__(self, name, value):
        if not name.startswith("_") and not hasattr(type(self), name):
            raise StateError(self._unknown(name))
        super().__setattr__(name, value)

    @property
    def state(self):
        """The settings and what they are made of, as an immutable dataclass."""
        return self._state

    @property
    def sentence(self) -> str:
        """The state in words."""
        return self.state.sentence

    def set(self, **changes):
        """Change several settings at once: all of them or, with a StateError, none."""
        self._adopt(lambda: self._changed(changes))

    def reset(self):
        """Go back to the state that the explorer was made with."""
        self._adopt(lambda: self._start)

    def figure(self):
        """A matplotlib figure of this state, with one cell and the window it reads marked."""
        return draw(self.state.panels, self.state.sum_in_words)

    def page(self) -> str:
        """A page of HTML that shows this state alive: without kernel or network, every control works."""
        return explorer_page(self, state_of(self))

    def __repr__(self):
        return self.sentence

    def _adopt(self, next_state):
        """Make the state that a function gives the explorer's: an order, which every view follows."""
        with self._lock:
            old, new = self._state, next_state()
            if new is not old:
                self._say(new)
                self._state = new
        self._notify(old, new)

    def _on_told(self, told):
        """A view has other settings: they become the explorer's, and are answered, or are refused with the reason."""
        with self._lock:
            old = new = self._state
            try:
                mine = {name: told["settings"][name] for name in told["mine"]}
                new = self._changed(old.asked(mine, self._arrays(told)))
                self._say(new, told)
            except Exception as error:  # whatever a front end sends, its view goes on
                new = old
                self._say(old, told, refusal=str(error))
            self._state = new
        self._notify(old, new)

    def _arrays(self, told) -> dict:
        """Images that have no name, by their keys: the one that a view has handed in, or the one that there is."""
        key, picture = told["settings"].get("image"), told.get("picture")
        if picture is not None:
            return {key: np.frombuffer(picture["data"], "<f4").reshape(picture["shape"])}
        return {key: self._state.image} if key in self._own else {}

    def _say(self, state, told=None, **refusal):
        """Tell every view of a state. Its numbers are worked out first, so that an error leaves all as it was."""
        numbers, told = {name: described(array) for name, array in state.numbers.items()}, told or {}
        to = {"view": told.get("view", ""), "answers": told.get("serial", 0)}
        settings = self._as_views_know(state, told)
        # an equal message would not be sent
        self._said = {"serial": next(_SERIALS), **to, "settings": settings, "numbers": numbers, **refusal}

    def _as_views_know(self, state, told) -> dict:
        """A state's settings; an image that has no name stands there under the key that its view has given it."""
        settings = state.settings
        if not state.has_own_image:
            self._own, self._kept = {}, None
        elif state.image is not self._kept:
            key = told["settings"]["image"] if told else settings["image"]
            self._own, self._kept = {key: described(state.image)}, state.image
        return settings | ({"image": next(iter(self._own))} if self._own else {})

    def _changed(self, changes):
        unknown = set(changes) - set(self._settings())
        if unknown:
            raise StateError(self._unknown(min(unknown)))
        # an array that a setting is already is no wish: a named image, set to its own pixels, keeps its name
        state = self._state
        there = {
            name for name, value in changes.items() if isinstance(value, np.ndarray) and value is getattr(state, name)
        }
        changes = {name: value for name, value in changes.items() if name not in there}
        try:
            new = self._state.changed(**changes)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None
        return self._state if _same(self._state, new) else new

    def _notify(self, old, new):
        """Tell observers what has changed, when all of it has."""
        if new is old:
            return
        for name, trait in self.class_traits().items():
            if isinstance(trait, _OfState) and not _equal(getattr(old, name), getattr(new, name)):
                change = {"old": trait.read(old), "new": trait.read(new)}
                self.notify_change(Bunch(name=name, **change, owner=self, type="change"))

    @classmethod
    def _settings(cls) -> list[str]:
        members = (member for kind in reversed(cls.__mro__) for member in vars(kind).items())
        return [name for name, trait in members if isinstance(trait, Setting)]

    def _unknown(self, name):
        return f"{type(self).__name__} has no setting {name!r}; its settings are {', '.join(self._settings())}."

    def _ipython_display_(self, **_):
        """Show the live view where there is a kernel, the picture and the sentence everywhere else."""
        display_explorer(self)


def in_sight(controls, settings) -> list[str]:
    """Which settings have their control in sight, as a list; StateError where they are not some of these settings."""
    if isinstance(controls, str) or not set(controls) <= set(settings):
        names = ", ".join(map(repr, settings))
        raise StateError(f"controls must be a list of settings, some of {names}; got {controls!r}.")
    return list(controls)


def described(array) -> dict:
    """An array as the browser takes it: in float32, or as 255ths where it is of bytes."""
    if array.dtype == np.uint8:
        return {"shape": list(array.shape), "data": np.ascontiguousarray(array).data.cast("B"), "parts": 255}
    return {"shape": list(array.shape), "data": np.ascontiguousarray(array, "<f4").data.cast("B")}


def _same(one, other) -> bool:
    """Whether two states agree in all their fields: asking for what is already there is no change."""
    return all(_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def _equal(one, other) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one == other
