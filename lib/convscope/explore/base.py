"""What every explorer does: keep one valid state, show it as traits, and refuse what cannot be."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from types import ModuleType

import numpy as np
from ipywidgets import Button, HBox, Layout, VBox
from traitlets import Any

from .bundle import display_alive
from .chart import ChartView
from .drawing import draw
from .explorer import StateError
from .history import History
from .own import KeepsOwn
from .page import page
from .view import PanelsView

BUTTONS = ("undo", "redo", "reset")


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


class Explorer(KeepsOwn, VBox):
    """One valid state, its settings as traits, and controls and a view that show it.

    A subclass gives each of its `settings` a trait, a `Setting`, and guards them all with one validator,
    `@validate(*settings)`, that calls `_propose`. Its state is an immutable dataclass with the settings as
    fields and `changed(**changes)`, which raises ValueError or TypeError for what cannot be. `_looks` is the module
    that says what the state looks like, `scene(state)`, and how it reads, `caption(state)` and `sentence(state)`; and
    `_show_controls` puts a state into the controls, which ask for changes through `_request`.
    """

    settings: tuple[str, ...] = ()
    _results: tuple[str, ...] = ()  # traits that are only read, each under the name that the state has for it
    _looks: ModuleType
    _charts: tuple[ChartView, ...] = ()  # below the view

    def __init__(self, state, changes, controls, **kwargs):
        self._asked = {}
        self._history = History()
        self._state = self._proposed = None
        self._view = self._new_view()
        self._view.observe(lambda change: self._on_request(change.new), "request")
        self._buttons = {name: Button(description=name, layout=Layout(width="auto")) for name in BUTTONS}
        for name, button in self._buttons.items():
            button.on_click(partial(self._on_button, name))
        super().__init__(children=[controls, HBox(list(self._buttons.values())), self._view], **kwargs)
        self.add_class("convscope-explorer")
        self.observe(lambda _: self._adopt(self._proposed), self.settings)
        self._start = state
        self._start = self._changed(changes)
        self._adopt(self._start)

    def __setattr__(self, name, value):
        if not name.startswith("_") and not hasattr(type(self), name):
            raise StateError(self._unknown(name))
        super().__setattr__(name, value)

    @property
    def sentence(self) -> str:
        """The state in words."""
        return self._looks.sentence(self.state)

    @property
    def state(self):
        """The settings and what they are made of, as an immutable dataclass."""
        return self._state

    def set(self, **changes):
        """Change several settings at once: all of them or, with a StateError, none."""
        self._adopt(self._changed(changes))

    def undo(self):
        """Go back to the state before the last change; at the first one, stay."""
        self._adopt(self._history.back(self._state), remember=False)

    def redo(self):
        """Take the last undo back; where there is none, stay."""
        self._adopt(self._history.forward(self._state), remember=False)

    def reset(self):
        """Go back to the state that the explorer was made with. It can be undone."""
        self._adopt(self._start)

    def figure(self):
        """A matplotlib figure of this state, with one cell and the window it reads marked."""
        return draw(*self._looks.scene(self.state))

    def page(self) -> str:
        """A page of HTML that shows this state without kernel or network: pointing and motion work, settings rest."""
        charts = [chart for chart in self._charts if chart.layout.display != "none"]
        return page(type(self).__name__, self.sentence, self._view, *charts)

    def _new_view(self):
        """The view that draws the state and says what was refused; a subclass may have another."""
        return PanelsView(label=f"{type(self).__name__}: panels")

    def _request(self, run=None, **changes):
        """What a person asks of a control: done, or refused with its reason and the control put back.

        run: the name of a slider; its steps, one after another, are undone as one.
        """
        before = self.state
        try:
            self._adopt(self._changed(self._with_own(changes)), run=run)
        except StateError as error:
            self._refuse(error)
        if self.state is before:
            self._show_controls(before)

    def _on_button(self, name, _):
        getattr(self, name)()

    def _on_request(self, request):
        """What a person does in the view: edit or choose a cell of a panel, or move a picture."""
        try:
            if request["kind"] in ("edit", "choose"):
                cell = request["panel"], request["row"], request["column"]
                self._check_cell(request["kind"], *cell)
                self._edit(*cell, request["value"]) if request["kind"] == "edit" else self._choose(*cell)
            elif request["kind"] == "move":
                self._move(request["rows"], request["columns"])
        except StateError as error:
            self._refuse(error)

    def _check_cell(self, kind, panel, row, column):
        """Refuse to edit, or choose, a cell that is not, or no longer, there: a new state may be on its way."""
        rows, columns = self._view.panels[panel]["shape"] if 0 <= panel < len(self._view.panels) else (0, 0)
        may = {"edit": "editable", "choose": "choosable"}[kind]
        if not (0 <= row < rows and 0 <= column < columns and self._view.panels[panel][may]):
            done = {"edit": "edited", "choose": "chosen"}[kind]
            raise StateError(f"That cell cannot be {done}, or is gone: what is shown has changed. Try again.")

    def _refuse(self, error):
        self._view.refusal = ""  # so that the same sentence is said again
        self._view.refusal = str(error)

    def _drawing(self, state):
        """What the view is to show of a state, by name."""
        words = {"caption": self._looks.caption(state), "spoken": self._looks.sentence(state)}
        return self._looks.scene(state)._asdict() | words

    def _show(self, drawing):
        for name in self._results:
            self.set_trait(name, getattr(self.state, name))
        self._keep_own(self.state)
        self._show_controls(self.state)
        self._buttons["undo"].disabled = not self._history.past
        self._buttons["redo"].disabled = not self._history.future
        self._buttons["reset"].disabled = self.state is self._start
        self._view.show(**drawing)

    def _propose(self, proposal):
        """Validate one trait against the whole state, which other traits may be about to change too."""
        name, value = proposal.trait.name, proposal.value
        if value is getattr(self._state, name):
            return value
        moved = [n for n in self.settings if n in self._asked or getattr(self, n) is not getattr(self._state, n)]
        self._proposed = self._changed({n: self._as_asked(n) for n in moved} | {name: value})
        accepted = getattr(self._proposed, name)
        if self._proposed is not self._state:
            self._asked[name] = accepted, value
        return accepted

    def _as_asked(self, name):
        """A setting as its user wrote it: inside hold_trait_notifications "Sobel x" may already be an array."""
        accepted, value = self._asked.get(name, (None, None))
        return value if getattr(self, name) is accepted else getattr(self, name)

    def _unknown(self, name):
        return f"{type(self).__name__} has no setting {name!r}; its settings are {', '.join(self.settings)}."

    def _changed(self, changes):
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise StateError(self._unknown(min(unknown)))
        state = self._state or self._start
        try:
            new = state.changed(**changes)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None
        return state if _same(state, new) else new

    def _adopt(self, state, *, run=None, remember=True):
        """Make `state` the one that outputs, controls, view and, last, the traits show."""
        if state is self._state:
            return
        drawing = self._drawing(state)  # before anything moves: should it fail, the old state stands
        if remember and self._state is not None:
            self._history.add(self._state, run)
        self._proposed = self._state = state
        self._asked = {}
        self._show(drawing)
        with self.hold_trait_notifications():
            for name in self.settings:
                setattr(self, name, getattr(state, name))

    def _ipython_display_(self, **_):
        """Show the live view where there is a kernel, the picture and the sentence everywhere else."""
        display_alive(self, self.sentence, png=self.figure()._repr_png_())


def _same(one, other):
    """Whether two states agree in all their fields: asking for what is already there is no change."""

    def equal(a, b):
        return np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b

    return all(equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
