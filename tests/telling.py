"""What tests of explorers share without a browser: what views and Python say, and a walk in which anything is asked."""

import json

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from convscope import (
    ChannelMixer,
    ConvolutionExplorer,
    FeatureMapsExplorer,
    InceptionDesigner,
    NetworkExplorer,
    PoolingExplorer,
    ReceptiveFieldExplorer,
    SharingExplorer,
    ShiftExplorer,
    StateError,
    TrainingExplorer,
    models,
)
from convscope.datasets import digits
from convscope.explore.explorer import Result, Setting


def trained():
    """A small network after its training, as it is shown without Python too."""
    (x, labels), (x_test, labels_test) = digits()
    examples, validation = (x[:200], labels[:200]), (x_test[:50], labels_test[:50])
    explorer = TrainingExplorer(models.digit_net, examples, validation=validation, epochs=2)
    explorer.trained()
    return explorer


WITH_STATE = {
    "mixer": lambda: ChannelMixer(relu="before"),
    "convolution": lambda: ConvolutionExplorer("kitten in colour", flip=True, dilation=2),
    "transposed convolution": lambda: ConvolutionExplorer("numbers", stride=2, transposed=True),
    "feature maps": FeatureMapsExplorer,
    "inception": InceptionDesigner,
    "network": lambda: NetworkExplorer(image=7, turn=30),
    "pooling": lambda: PoolingExplorer(gradient=True, padding="same"),
    "receptive field": ReceptiveFieldExplorer,
    "sharing": lambda: SharingExplorer({3: np.eye(4)}),
    "shift": ShiftExplorer,
}
EVERY = WITH_STATE | {"training": trained}


def told(explorer, view="a", picture=None, **changes):
    """What a view sends when a person changes something there; gives what Python then says."""
    settings = json.loads(json.dumps(explorer.state.settings | changes))
    explorer._told = {
        "view": view,
        "serial": explorer._told.get("serial", 0) + 1,
        "settings": settings,
        "mine": list(changes),
        "picture": picture,
    }
    return explorer._said


def numbers(described):
    return np.frombuffer(described["data"], "<f4").reshape(described["shape"])


def led_back(explorer):
    """The state that an explorer's settings, as JSON has them, lead to: its own, and the numbers it says are too."""
    state = explorer.state
    for name, array in state.numbers.items():
        np.testing.assert_array_equal(numbers(explorer._said["numbers"][name]), array.astype("f4"))
    settings = json.loads(json.dumps(state.settings))
    image = state.image if state.has_own_image else state.picture
    again = state.changed(**state.asked(settings, {settings["image"]: image}))
    assert again.settings == state.settings
    return again


def both(value):
    """A setting for rows and columns."""
    return value if isinstance(value, tuple) else (value, value)


def of_axes(least, most):
    """A whole number, or one for the rows and one for the columns."""
    each = st.integers(least, most)
    return each | st.tuples(each, each)


def can_be_sent(value):
    """Whether JSON has it."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


class AnythingIsAsked(RuleBasedStateMachine):
    """From a program or by hand: done, or refused in a sentence, and then all stays as it was, unheard.

    A subclass says how to `make` the explorer; `values`, {setting: what it may be given, some of it in vain}; and
    `nonsense`. `by_hands` are the settings that a view sends as they are given here: if not said, all but the first.
    What else must hold it adds as rules and invariants.
    """

    values: dict
    nonsense: list
    by_hands: list | None = None

    def __init__(self):
        super().__init__()
        self.explorer, self.heard = self.make(), []
        traits = self.explorer.class_traits().items()
        self.explorer.observe(self.hear, [name for name, trait in traits if isinstance(trait, (Setting, Result))])

    def hear(self, change):
        """All has changed when anybody hears."""
        now = getattr(self.explorer, change.name)
        assert change.new is now or np.array_equal(change.new, now)
        self.heard.append(change.name)

    def ask(self, action):
        before, heard = self.explorer.state, len(self.heard)
        try:
            action()
        except StateError as refusal:
            assert str(refusal).endswith(".") and len(str(refusal)) > 20
            assert self.explorer.state is before and len(self.heard) == heard

    @rule(data=st.data())
    def one(self, data):
        name = data.draw(st.sampled_from(list(self.values)))
        value = data.draw(self.values[name] | st.sampled_from(self.nonsense))
        self.ask(lambda: setattr(self.explorer, name, value))

    @rule(data=st.data())
    def several(self, data):
        names = data.draw(st.sets(st.sampled_from(list(self.values)), max_size=4))
        changes = {name: data.draw(self.values[name]) for name in names}
        self.ask(lambda: self.explorer.set(**changes))

    @rule(data=st.data())
    def by_hand(self, data):
        name = data.draw(st.sampled_from(self.by_hands or list(self.values)[1:]))
        value, before = data.draw(self.values[name]), self.explorer.state
        said = told(self.explorer, **{name: value})
        assert said["view"] == "a" and said["settings"] == self.explorer.state.settings
        if "refusal" in said:
            assert said["refusal"].endswith(".") and self.explorer.state is before
        else:
            self.is_done(name, value)

    def is_done(self, name, value):
        assert both(getattr(self.explorer, name)) == both(value)

    @rule(data=st.data())
    def nonsense_by_hand(self, data):
        name = data.draw(st.sampled_from(list(self.values)))
        told(self.explorer, **{name: data.draw(st.sampled_from([each for each in self.nonsense if can_be_sent(each)]))})
        assert self.explorer._said["settings"] == self.explorer.state.settings

    @rule()
    def reset(self):
        self.explorer.reset()
        assert self.explorer.state is self.explorer._start

    @rule()
    def reset_by_hand(self):
        """What a view's *reset* sends: all that differs, whether it is in use or not."""
        start, now = self.explorer._start.settings, self.explorer.state.settings
        said = told(self.explorer, **{name: start[name] for name in start if start[name] != now[name]})
        assert "refusal" not in said and said["settings"] == start
