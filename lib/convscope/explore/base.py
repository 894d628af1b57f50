"""What every explorer does: keep one valid state, show it as traits, and refuse what cannot be."""

from __future__ import annotations

import base64
import io

from IPython.display import display
from ipywidgets import VBox
from traitlets import Any, TraitError

from .drawing import draw
from .view import PanelsView

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class StateError(TraitError, ValueError):
    """A state that cannot be, in a sentence that says what would do. The explorer keeps the state it had."""


class Setting(Any):
    """A trait whose every value, None too, comes before the explorer's validator, and whose every change is told."""

    allow_none = False  # traitlets lets an allowed None pass unasked

    def set(self, obj, value):
        """Store what the validator makes of `value`. Another object is a change: 1 × 1 arrays may be equal."""
        new = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        obj._trait_values[self.name] = new
        if new is not old:
            obj._notify_trait(self.name, old, new)


class Explorer(VBox):
    """One valid state, its settings as traits, and controls and a view that show it.

    A subclass gives each of its `settings` a trait, a `Setting`, and guards them all with one validator,
    `@validate(*settings)`, that calls `_propose`. Its state is an immutable dataclass with the settings as
    fields and `changed(**changes)`, which raises ValueError or TypeError for what cannot be. What the state
    looks like it says in `_panels`, `_links`, `_selected` and `_caption`, how it reads in `sentence`; and
    `_show_controls` puts a state into the controls, which ask for changes through `_request`.
    """

    settings: tuple[str, ...] = ()

    def __init__(self, state, changes, controls, **kwargs):
        self._asked = {}
        self._state = self._proposed = None
        self._view = PanelsView(label=f"{type(self).__name__}: panels")
        super().__init__(children=[controls, self._view], **kwargs)
        self.add_class("convscope-explorer")
        self.observe(lambda _: self._adopt(self._proposed), self.settings)
        self._adopt(state)
        self.set(**changes)

    @property
    def state(self):
        """The settings and what they are made of, as an immutable dataclass."""
        return self._state

    def set(self, **changes):
        """Change several settings at once: all of them or, with a StateError, none."""
        self._adopt(self._changed(changes))

    def figure(self):
        """A matplotlib figure of this state, with one cell and the window it reads marked."""
        return draw(self._panels(self.state), self._links(self.state), self._selected(self.state))

    def _request(self, name, value):
        """What a person asks of a control: done, or refused with its reason and the control put back."""
        try:
            self.set(**{name: value})
        except StateError as error:
            self._show_controls(self.state)
            self._view.refusal = str(error)

    def _show(self, state):
        self._show_controls(state)
        self._view.show(
            self._panels(state),
            self._links(state),
            selected=self._selected(state),
            caption=self._caption(state),
            spoken=self.sentence,
        )

    def _propose(self, proposal):
        """Validate one trait against the whole state, which other traits may be about to change too."""
        name, value = proposal.trait.name, proposal.value
        if value is getattr(self._state, name):
            return value
        waiting = {n: self._as_asked(n) for n in self.settings if getattr(self, n) is not getattr(self._state, n)}
        self._proposed = self._changed(waiting | {name: value})
        accepted = getattr(self._proposed, name)
        self._asked[name] = accepted, value
        return accepted

    def _as_asked(self, name):
        """A setting as its user wrote it: inside hold_trait_notifications "Sobel x" may already be an array."""
        accepted, value = self._asked.get(name, (None, None))
        return value if getattr(self, name) is accepted else getattr(self, name)

    def _changed(self, changes):
        unknown = set(changes) - set(self.settings)
        if unknown:
            names = ", ".join(self.settings)
            raise StateError(f"{type(self).__name__} has no setting {min(unknown)!r}; its settings are {names}.")
        try:
            return self._state.changed(**changes)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None

    def _adopt(self, state):
        """Make `state` the one that outputs, controls, view and, last, the traits show."""
        if state is self._state:
            return
        self._proposed = self._state = state
        self._show(state)
        with self.hold_trait_notifications():
            for name in self.settings:
                setattr(self, name, getattr(state, name))

    def _ipython_display_(self, **_):
        """Show the live view where there is a kernel, the picture and the sentence everywhere else."""
        picture = io.BytesIO()
        self.figure().savefig(picture, format="png", dpi=100)
        display(
            {
                WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
                "image/png": base64.b64encode(picture.getvalue()).decode(),
                "text/plain": self.sentence,
            },
            raw=True,
        )
