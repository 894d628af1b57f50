"""The network explorer without a browser: its numbers are those of layers, what it reads is what changes a unit."""

import json
import re

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import telling
from convscope import NetworkExplorer, StateError, datasets, models
from convscope.explore.feature_maps.network import flat
from convscope.explore.network.net.ink import adjusted
from convscope.explore.network.net.layers import outputs
from convscope.explore.network.words import FEW
from convscope.explore.still import png
from convscope.layers import (
    AvgPool2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    Tanh,
)
from convscope.training import SGD, fit, softmax
from telling import told

RNG = np.random.default_rng(0)
SMALL = RNG.random((5, 2, 9, 10), np.float32), np.arange(5) % 3


def small(*last, seed=3):
    """A network for images of two channels."""
    first = [Conv2D(3, 3, padding="same"), Tanh(1.7, 0.6), MaxPool2D(3, stride=2, padding="same"), Dropout()]
    second = [Conv2D(4, (2, 3), stride=(1, 2)), Sequential(ReLU(), Flatten()), Dense(5), ReLU()]
    return Sequential(*first, *second, *(last or [Dense(3)])).build((2, 9, 10), seed)


def without_numbers():
    model = small()
    model.parameters["0.bias"][0] = np.nan
    return model


def explorer_of(model, **settings):
    return NetworkExplorer(model, examples=SMALL, **settings)


OTHER = models.digit_net().build((1, 28, 28), seed=1)
NONSENSE = [-1, 999, 2.5, np.nan, "example x", None, True, [3], (3, 3, 3), (1, 0.5), 10**30, {}, [[]], {(1,): 2}]
VALUES = {
    "model": st.sampled_from([OTHER, Sequential(Flatten(), Dense(10)), Sequential(Flatten(), Dense(9))]),
    "image": st.integers(0, 45) | st.sampled_from([datasets.digit(4), np.zeros((28, 28))]),
    "unit": st.none() | st.tuples(*(st.integers(0, most) for most in (7, 8, 5, 5))),
    "move": st.tuples(st.integers(-70, 70), st.integers(-9, 9)),
    "turn": st.integers(-190, 190),
    "noise": st.integers(-1, 101),
    "inverted": st.booleans(),
    "edits": st.dictionaries(st.tuples(st.integers(1, 2), st.integers(0, 4)), st.floats(-2, 2), max_size=2),
    "drawings": st.sampled_from([(np.ones((2, 1, 28, 28)), [3, 4]), (np.ones((0, 1, 28, 28)), np.arange(0))]),
}


class AnythingIsAsked(telling.AnythingIsAsked):
    values, nonsense = VALUES, NONSENSE
    by_hands = ("move", "turn", "noise", "inverted", "unit")

    def make(self):
        return NetworkExplorer()

    def hear(self, change):
        self.heard.append(change.name)

    @invariant()
    def all_agrees(self):
        state = self.explorer.state
        assert self.explorer._said["settings"] == state.settings == json.loads(json.dumps(state.settings))
        x = np.float32(self.explorer.input[None, None])
        np.testing.assert_allclose(softmax(self.explorer.model(x))[0], self.explorer.probabilities, atol=1e-6)
        assert [maps.shape for maps in state.outputs] == [stage.shape for stage in state.stages]
        assert set(self.explorer._networks) == {state.settings["model"], self.explorer._start.network.key}
        stage, *place = state.marked
        assert all(0 <= i < n for i, n in zip(place, state.stages[stage].shape, strict=True))
        said = state.names[self.explorer.probabilities.argmax()]
        assert f"It says {said}, " in repr(self.explorer) and "Marked: " in repr(self.explorer)


TestAnythingIsAsked = AnythingIsAsked.TestCase
TestAnythingIsAsked.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)


NETWORKS = {
    "small": small(),
    "global average": Sequential(
        Conv2D(4, 3, dilation=2, padding="full"), AvgPool2D(3, stride=2, padding=1), GlobalAvgPool2D(), Dense(3)
    ),
    "no convolution": Sequential(Flatten(), Dense(6), Tanh(), Dense(3)),
    "global average at the end": Sequential(Conv2D(3, 3, bias=False), ReLU(), GlobalAvgPool2D()),
    "a pool with an activation": Sequential(AvgPool2D((2, 1)), Tanh(), Flatten(), Dense(3)),
}


@pytest.mark.parametrize("model", NETWORKS.values(), ids=NETWORKS)
def test_networks_of_any_such_layers_are_shown(model):
    explorer = explorer_of(model, image=2)
    np.testing.assert_allclose(explorer.scores, explorer.model(SMALL[0][2:3])[0], atol=1e-6)
    assert f"It says {explorer.scores.argmax()}, " in repr(explorer) and len(png(explorer.figure())) > 3000
    state, best, (s, *place) = explorer.state, explorer.scores.argmax(), explorer.state.marked
    is_dense = state.stages[-2].kind == "dense"
    kernels = state.learned(-2)[0][best] if is_dense else np.eye(3)[best][:, None, None]
    products = kernels * state.outputs[-3]  # of which the largest is marked at first
    assert s == len(state.stages) - 3 and products[tuple(place)] == products.max()


@pytest.mark.parametrize("unit", [(1, 2, 4, 0), (2, 1, 3, 4), (3, 3, 1, 0), (4, 4, 0, 0), (0, 1, 3, 5)])
def test_the_mark_on_the_input_holds_the_pixels_that_change_the_unit(unit):
    explorer = explorer_of(small(), image=1, unit=unit)
    state, [s, *place] = explorer.state, unit
    row, column, rows, columns = state.panels[0].mark
    changes = np.zeros((9, 10), bool)
    for by in (10, -10):
        others = explorer.image + by * np.eye(180, dtype=np.float32).reshape(180, 2, 9, 10)  # a pixel in each
        units = outputs(state.model, state.stages, others)[s][1][:, *place]
        changes |= (abs(units - state.outputs[s][*place]) > 1e-5).reshape(2, 9, 10).any(axis=0)
    changes[row : row + rows, column : column + columns] = False
    assert not changes.any() and 0 < rows * columns < 91


def test_a_model_is_copied_both_ways():
    model = small()
    model(SMALL[0])
    explorer = explorer_of(model)
    assert all("_back" not in vars(layer) for layer in flat(explorer.model))  # what its last pass needed
    before = explorer.scores
    model.parameters["0.kernels"][:] = 0
    mine = explorer.model
    np.testing.assert_array_equal(explorer.scores, before)
    fit(mine, *SMALL, epochs=1, batch=2, optimiser=SGD(0.1), progress=False)
    np.testing.assert_array_equal(explorer.scores, before)
    explorer.model = mine
    np.testing.assert_allclose(explorer.scores, mine(SMALL[0][:1])[0], rtol=1e-6)
    assert not explorer.state.model.parameters["0.kernels"].flags.writeable
    NetworkExplorer(never_built := models.digit_net())
    assert not never_built.built


def test_weights_that_a_view_changes_reach_the_model():
    explorer = NetworkExplorer(image=3)
    before, own = explorer.scores, explorer.model.parameters
    said = told(explorer, edits={"1,2,0,4,1": 2.5, "3,1": -0.5, "5,7,3,0,2": 1.0})
    changed = explorer.model.parameters
    assert "refusal" not in said and explorer.edits == {(1, 2, 0, 4, 1): 2.5, (3, 1): -0.5, (5, 7, 3, 0, 2): 1.0}
    assert changed["0.kernels"][2, 0, 4, 1] == 2.5 and changed["3.bias"][1] == -0.5
    assert changed["7.weights"][7, 3 * 16 + 2] == 1
    assert sum((changed[name] != own[name]).sum() for name in own) == 3
    np.testing.assert_allclose(explorer.model(explorer.input[None, None])[0], explorer.scores, rtol=1e-6)
    for wrong in ({"2,0": 1.0}, {"1,4,0,0,0": 1.0}, {"1,0,0,0": 1.0}, {"1,0": 1e9}, {"1,0": "much"}, 3):
        assert told(explorer, edits=wrong)["refusal"].endswith("."), wrong
    told(explorer, edits={})
    np.testing.assert_array_equal(explorer.scores, before)


def test_another_model_has_no_edits_and_undo_leads_back():
    explorer = NetworkExplorer(unit=(3, 7, 2, 2), edits={(1, 0): 1.0})
    first = explorer.state.settings
    explorer.model = Sequential(Flatten(), Dense(10))
    assert explorer.edits == {} and explorer.unit is None
    assert first["model"] in explorer._networks and len(explorer._networks) == 2
    told(explorer, **{name: first[name] for name in ("model", "edits", "unit")})
    assert explorer.state.settings == first and list(explorer._networks) == [first["model"]]
    explorer.model = models.trained_digit_net()  # which it is, but for the edits
    assert explorer.state.settings["model"] == first["model"] and explorer.edits == {}


def test_examples_are_digits_right_and_wrong():
    explorer = NetworkExplorer()
    images, labels = explorer.state.examples, np.array(explorer.state.labels)
    said = explorer.model(images).argmax(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(said == labels), np.arange(30))
    assert np.bincount(labels[:30]).tolist() == [3] * 10 and len(labels) == 42
    assert explorer._options["labels"] == labels.tolist()
    assert set(explorer._pictures) == {f"example {i}" for i in range(42)}


def test_what_is_done_to_an_image_is_what_datasets_do():
    explorer, digit = NetworkExplorer(image=5), NetworkExplorer(image=5).image
    explorer.set(move=(2, -6))
    np.testing.assert_array_equal(explorer.input, datasets.shift(digit, 2, -6))
    explorer.set(turn=45)
    np.testing.assert_array_equal(explorer.input, datasets.shift(datasets.rotate(digit, 45), 2, -6))
    explorer.set(move=(0, 0), turn=0, inverted=True)
    np.testing.assert_array_equal(explorer.input, 1 - digit)
    noisy = adjusted(np.full((1, 28, 28), 0.5, np.float32), noise=10)
    assert abs(noisy.mean() - 0.5) < 0.02 and abs(noisy.std() - 0.1) < 0.01
    np.testing.assert_array_equal(noisy, adjusted(np.full((1, 28, 28), 0.5, np.float32), noise=10))


def test_drawings_are_kept_and_can_be_trained_on():
    explorer = NetworkExplorer()
    explorer.drawings = datasets.digits()[1][0][:3], [7, 1, 2]
    images, labels = explorer.drawings
    np.testing.assert_array_equal(images, datasets.digits()[1][0][:3])
    assert labels.tolist() == [7, 1, 2]
    again = NetworkExplorer()
    assert "refusal" not in told(again, drawings=explorer.state.settings["drawings"])
    np.testing.assert_array_equal(again.drawings[0], images)
    fit(again.model, images, labels, epochs=1, progress=False)
    for wrong in ([[3, ""]], [[-1, explorer.state.settings["drawings"][0][1]]], [[3]], 3, [[0, "AAAA"]] * 50):
        assert told(again, drawings=wrong)["refusal"], wrong
    assert len(again.drawings[0]) == 3


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ([Conv2D(4, 11), Flatten(), Dense(3)], "conv 11×11 cannot take shape .* use a smaller one"),
        ([Conv2D(4, 3), Dense(3)], r"dense takes .* Put Flatten\(\) before it"),
        ([Conv2D(4, 3)], r"model must end in scores.* add Flatten\(\) and Dense\(10\)"),
        ([Conv2D(4, 3), Flatten()], r"model must end in scores.* \(4, 7, 8\)"),
        ([Flatten()], r"model must end in scores.* \(2, 9, 10\)"),
        ([Parallel(Conv2D(4, 3)), Flatten(), Dense(3)], "parallel cannot be shown; .* made of Conv2D"),
        ([Conv2D(4, 3), GlobalMaxPool(), Dense(3)], "global max pool cannot be shown"),
        ([Conv2D(4, 3, groups=2), Flatten(), Dense(3)], "2 groups cannot be shown: each of its filters must read all"),
        ([AvgPool2D(3, padding=1, count_padding=True), Flatten(), Dense(3)], "average pool 3×3.* counts padding"),
        ([ReLU(), Conv2D(4, 3), Flatten(), Dense(3)], "relu cannot be shown where it stands"),
        ([Conv2D(4, 3), ReLU(), Tanh(), Flatten(), Dense(3)], "tanh cannot be shown where it stands"),
        ([Flatten(), *(Dense(3) for _ in range(13))], "at most 12 layers, activations aside"),
        ([Conv2D(300, 3), Flatten(), Dense(3)], "conv 3×3 has shape .* at most 256 maps"),
        ([Conv2D(64, 3), Conv2D(256, 7, padding="same"), Flatten(), Dense(3)], "at most 262,144 weights"),
    ],
)
def test_what_cannot_be_shown_is_named_with_the_reason(layers, why):
    with pytest.raises(StateError, match=why):
        explorer_of(Sequential(*layers))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"model": 3}, "model must be a Sequential"),
        ({"model": models.lenet5()}, "C5 .* Or does it read other images"),
        ({"examples": 3}, r"examples must be \(images, labels\)"),
        ({"examples": (SMALL[0], [1])}, "a label for each"),
        ({"examples": (SMALL[0], SMALL[1] - 1)}, "labels of examples must be the numbers"),
        ({"model": small(), "examples": (SMALL[0] * np.nan, SMALL[1])}, "NaN"),
        ({"model": without_numbers(), "examples": SMALL}, "model must have finite weights"),
        ({"classes": "digits"}, "classes must be a list of names"),
        ({"classes": ["a", "b"]}, "model gives 10 scores for 2 classes"),
        ({"image": 42}, "from 0 to 41"),
        ({"image": np.zeros((27, 28))}, "1 × 28 × 28; got 27 × 28"),
        ({"image": "kitten"}, "image must be"),
        ({"sound": 3}, "has no setting 'sound'"),
    ],
)
def test_what_cannot_be_is_refused_when_made(arguments, why):
    with pytest.raises(StateError, match=why):
        NetworkExplorer(**arguments)


def test_a_network_of_the_learner_with_its_classes_and_colours():
    explorer = explorer_of(small(), classes=["cat", "dog", "horse"], image=4)
    assert repr(explorer).startswith("NetworkExplorer: a 2 × 9 × 10 image (example 4, of class dog); conv 1 gives")
    assert any(f"It says {name}, " in repr(explorer) for name in explorer.state.names)
    with pytest.raises(StateError, match="model gives 4 scores for 3 classes"):
        explorer.model = small(Dense(4))
    assert '"cat"' in explorer.page()


@pytest.mark.parametrize("unit", [None, (0, 0, 3, 4), (1, 0, 3, 4), (2, 1, 3, 4), (3, 2, 1, 1), (5, 3, 0, 0)])
def test_a_still_picture_marks_what_the_unit_sees(unit):
    explorer = NetworkExplorer(image=9, unit=unit)
    first, *others = explorer.state.panels
    assert [panel.title for panel in (first, *others)] == ["input", "conv 1", "pool 1", "conv 2", "pool 2"]
    marked = [bool(panel.marks) for panel in others]
    assert first.mark and marked == [i <= explorer.state.marked[0] for i in range(1, 5)]
    assert len(png(explorer.figure())) > 3000


@pytest.mark.parametrize(
    ("unit", "parts"), [((1, 2, 4, 4), 2), ((3, 2, 4, 4), 5), ((5, 2, 0, 0), 9), ((4, 2, 1, 1), 0)]
)
def test_how_a_unit_comes_about_adds_up_in_words(unit, parts):
    explorer = NetworkExplorer(unit=unit)
    words, [s, which, *place] = explorer.state.sum_in_words.replace("−", "-"), unit
    if not parts:  # of a pool
        assert ", the largest of 4. " in words
    elif parts > FEW + 1:
        assert f", a sum of {parts - 1} slices and a bias. " in words
    else:
        added, total = re.search(r": ([^=:]*) = (-?[\d.]+)", words).groups()
        terms = [float(each) for each in re.sub(r"([+-]) ", r"\1", added).split()]
        assert len(terms) == parts and sum(terms) == pytest.approx(float(total), abs=0.02)
        assert max(float(total), 0) == pytest.approx(explorer.state.outputs[s][which, *place], abs=0.005)
