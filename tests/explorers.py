"""What every explorer must bear, without a browser: whatever is asked of it, it stays whole or says why not."""

from itertools import count

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from convscope import StateError
from convscope.explore.arrays import OWN


class AnythingIsAsked(RuleBasedStateMachine):
    """Settings, right and wrong, one or several at once, and all that a person may do in controls and view.

    A subclass says how to `make` the explorer, by its class or a method; `values`, {setting: what it may be given, some
    of it in vain}; and `nonsense`. What else must hold it adds as rules and invariants.
    """

    values: dict
    nonsense: list

    def __init__(self):
        super().__init__()
        self.explorer = self.make()
        self.serials = count(1)

    def ask(self, change):
        """Do `change`; where it is refused, a sentence says why and nothing at all has moved."""
        before, shown = self.explorer.state, self.traits()
        try:
            change()
        except StateError as refusal:
            assert str(refusal).endswith(".") and len(str(refusal)) > 20
            assert self.explorer.state is before
            assert all(value is shown[name] for name, value in self.traits().items())

    def traits(self):
        return {name: getattr(self.explorer, name) for name in self.explorer.settings}

    def changes(self, data, wrong):
        """Values for some settings."""
        asked = {name: values | st.sampled_from(wrong) if wrong else values for name, values in self.values.items()}
        return data.draw(st.fixed_dictionaries({}, optional=asked))

    @rule(data=st.data())
    def one_setting(self, data):
        name = data.draw(st.sampled_from(list(self.values)))
        value = data.draw(self.values[name] | st.sampled_from(self.nonsense))
        self.ask(lambda: setattr(self.explorer, name, value))

    @rule(data=st.data())
    def several_settings(self, data):
        changes = self.changes(data, self.nonsense)
        self.ask(lambda: self.explorer.set(**changes))

    @rule(data=st.data())
    def several_settings_held(self, data):
        """One after another, but told at the end: `set` would make the same of those that are new."""
        changes, before, traits = self.changes(data, wrong=[]), self.explorer.state, self.traits()

        def change():
            with self.explorer.hold_trait_notifications():
                for name, value in changes.items():
                    setattr(self.explorer, name, value)
            new = {name: value for name, value in changes.items() if value is not traits[name]}
            self.traits_are_those_of(before.changed(**new))

        self.ask(change)

    @rule(data=st.data())
    def control(self, data):
        """What a control offers is what it then shows."""
        named = self.explorer._controls.named
        name = data.draw(st.sampled_from([name for name, each in named.items() if each.layout.display != "none"]))
        each = named[name]
        self.explorer._view.refusal = ""
        each.value = value = data.draw(offered(each))
        assert self.explorer._view.refusal == "" and each.value == value
        if hasattr(each, "min") and name in self.explorer.settings:
            assert getattr(self.explorer, name) == value

    @precondition(lambda self: self.explorer._kept)
    @rule(data=st.data())
    def own_again(self, data):
        """What a learner made can be chosen again where it is on offer."""
        explorer, name = self.explorer, data.draw(st.sampled_from(list(self.explorer._kept)))
        control = getattr(explorer._controls, "named", vars(explorer._controls))[name]
        if OWN not in control.options:
            return
        explorer._view.refusal = ""
        control.value = OWN
        assert explorer._view.refusal == "" and getattr(explorer.state, explorer._own[name][0]) == OWN
        for part, value in explorer._own_in(explorer.state, name).items():
            assert same(getattr(explorer, part), value)

    @precondition(lambda self: hasattr(self.explorer._view, "panels"))
    @rule(
        data=st.data(),
        kind=st.sampled_from(["edit", "choose"]),
        value=st.floats(-9, 9) | st.sampled_from([np.nan, 1e30]),
    )
    def cell(self, data, kind, value):
        """Any cell of any panel, there or not, that may be edited, or chosen, or not."""
        view, before = self.explorer._view, self.explorer.state
        panel = data.draw(st.integers(-1, len(view.panels)))
        there = 0 <= panel < len(view.panels)
        shape = view.panels[panel]["shape"] if there else (3, 3)
        place = tuple(data.draw(st.integers(-1, n)) for n in shape)
        can = there and all(0 <= at < n for at, n in zip(place, shape, strict=True))
        can = can and view.panels[panel][f"{'edit' if kind == 'edit' else 'choos'}able"]
        can = can and (kind == "choose" or abs(value) <= 9)
        view.refusal = ""
        cell = {"panel": panel, "row": place[0], "column": place[1], "value": value}
        view.request = {"serial": next(self.serials), "kind": kind, **cell}
        assert bool(view.refusal) == (not can) and (can or self.explorer.state is before)
        if can and kind == "edit":
            assert shown(view)[panel][place] == np.float32(value)

    @rule(do=st.sampled_from(["undo", "redo", "reset"]))
    def button(self, do):
        explorer, before = self.explorer, self.explorer.state
        past, future = list(explorer._history.past), list(explorer._history.future)
        explorer._buttons[do].click()
        after = {"undo": [before, *past][-1], "redo": [before, *future][-1], "reset": explorer._start}
        assert explorer.state is after[do]
        if explorer.state is not before and do != "redo":
            (explorer.redo if do == "undo" else explorer.undo)()
            assert explorer.state is before

    @invariant()
    def traits_and_controls_are_those_of_the_state(self):
        explorer = self.explorer
        self.traits_are_those_of(explorer.state)
        assert all(getattr(explorer, name) is getattr(explorer.state, name) for name in explorer._own)
        assert explorer._buttons["undo"].disabled == (not explorer._history.past)
        for name, each in getattr(getattr(explorer, "_controls", None), "named", {}).items():
            if name in explorer.settings and name not in explorer._own and each.layout.display != "none":
                assert each.value == getattr(explorer, name)

    def traits_are_those_of(self, state):
        for name in (*self.explorer.settings, *self.explorer._results):
            assert same(getattr(self.explorer, name), getattr(state, name))


def same(one, other):
    return np.array_equal(one, other) if isinstance(other, np.ndarray) else one == other


def offered(control):
    """Any value that a control offers."""
    if hasattr(control, "options"):
        return st.sampled_from([each[-1] if isinstance(each, tuple) else each for each in control.options])
    if not hasattr(control, "min"):
        return st.booleans()
    if isinstance(control.min, int):
        return st.integers(control.min, control.max)
    return st.integers(0, 40).map(lambda share: control.min + (control.max - control.min) * share / 40)


def shown(view):
    """The arrays as the browser gets them."""
    return [
        np.frombuffer(values, "<f4").reshape(panel["shape"])
        for values, panel in zip(view.arrays, view.panels, strict=True)
    ]


def asked(machine, examples=25):
    """The test of a machine. A failure is not shrunk, which takes minutes: its dozen steps can be read."""
    machine.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=12, phases=set(Phase) - {Phase.shrink}
    )
    return machine.TestCase
