"""The feature-maps explorer without a browser: maps are what plain loops make, marks are what changes a unit."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

import telling
from convscope import FeatureMapsExplorer, Layer, MaxPool2D, ReLU, Sequential, StateError, Tanh, models, reference
from convscope.explore.feature_maps.layers import ACTIVATIONS, KINDS, MOST, MapLayer, start_kernels
from convscope.explore.still import png
from convscope.layers import AvgPool2D, Conv2D, Dense, Dropout, Flatten, Parallel, Subsample2D
from telling import numbers, told

NONSENSE = [0, -1, 999, 2.5, np.nan, "three", None, True, [3], (3, 3, 3), (1, 0.5), 10**30, {}, [{}]]
VALUES = {
    "image": st.sampled_from(["kitten in colour", "numbers", "letter", "dog"]),
    "layers": st.lists(st.builds(MapLayer, kind=st.sampled_from(list(KINDS)), maps=st.integers(1, 9)), max_size=4),
    "layer": st.integers(1, 5),
    "kind": st.sampled_from(list(KINDS)),
    "kernel_size": st.integers(1, 11) | st.tuples(st.integers(1, 5), st.integers(1, 5)),
    "stride": st.integers(1, 4) | st.tuples(st.integers(1, 3), st.integers(1, 3)),
    "padding": st.sampled_from(["valid", "same", "full", "half"]) | st.integers(0, 6),
    "maps": st.integers(1, 12),
    "activation": st.sampled_from(ACTIVATIONS),
}
SMALL = np.random.default_rng(3).normal(size=(2, 9, 10))


def with_layer(explorer, number, **changes):
    """The settings' layers with another one in place of one of them, as a view has them."""
    layers = explorer.state.settings["layers"]
    return [layer | changes if i == number else layer for i, layer in enumerate(layers, 1)]


class AnythingIsAsked(telling.AnythingIsAsked):
    values, nonsense = VALUES, NONSENSE

    def make(self):
        layers = [MapLayer(maps=3), MapLayer("max pool", 2, 2, "valid"), MapLayer()]
        return FeatureMapsExplorer(layers, image="letter")

    @initialize(image=VALUES["image"])
    def open(self, image):
        self.ask(lambda: self.explorer.set(image=image))

    @rule(data=st.data())
    def by_hand(self, data):
        explorer, before = self.explorer, self.explorer.state
        name = data.draw(st.sampled_from(["kernel_size", "stride", "padding", "maps", "activation"]))
        number, value = data.draw(st.integers(1, len(explorer.layers))), data.draw(VALUES[name])
        said = told(explorer, layers=with_layer(explorer, number, **{name: value}))
        assert "refusal" not in said or explorer.state is before

    @invariant()
    def all_agrees(self):
        explorer, said = self.explorer, self.explorer._said
        state = explorer.state
        assert said["settings"] == state.settings == json.loads(json.dumps(state.settings))
        for number, shape in enumerate(state.shapes):
            assert state.outputs[number].shape == shape
            if number:
                described = numbers(said["numbers"][f"layer {number}"])
                np.testing.assert_array_equal(described, np.float32(state.outputs[number]))
        assert explorer.output is state.outputs[explorer.layer] and explorer.maps == len(explorer.output)
        assert all(0 <= n < most for n, most in zip(state.marked, explorer.output.shape, strict=True))
        assert f"Marked: layer {explorer.layer}, map {state.marked[0]}, " in repr(explorer)


TestAnythingIsAsked = AnythingIsAsked.TestCase
TestAnythingIsAsked.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


def as_network(explorer):
    """The layers on show, as a network that runs."""
    return Sequential(*(layer for stage in explorer.state.stages for layer in stage))


def by_loops(layer, x):
    """What a layer makes of maps, by the plain loops of the reference and NumPy's functions of one number."""
    if isinstance(layer, Conv2D):
        weights = layer.parameters
        return reference.conv2d(x[None], weights["kernels"], weights["bias"], **layer.settings)[0]
    if isinstance(layer, MaxPool2D):
        return reference.max_pool2d(x[None], **layer.settings)[0]
    return np.maximum(x, 0)


@settings(max_examples=15)
@given(stride=st.integers(1, 2), padding=st.sampled_from(["valid", "same", 2]), size=st.integers(1, 3))
def test_the_maps_are_what_plain_loops_make(stride, padding, size):
    layers = [
        MapLayer("conv", size, stride, padding, 3),
        MapLayer("max pool", 2, 1, "valid", activation="none"),
        MapLayer(),
    ]
    explorer = FeatureMapsExplorer(layers, image=SMALL)
    x = SMALL
    for layer in as_network(explorer).layers:
        x = by_loops(layer, x)
    np.testing.assert_allclose(explorer.state.outputs[-1], x, atol=1e-6)


@settings(max_examples=15)
@given(
    st.sampled_from(["conv", "average pool"]),
    st.integers(1, 3) | st.just((1, 3)),
    st.integers(1, 2) | st.just((2, 1)),
    st.sampled_from(["valid", "same"]),
)
def test_the_marks_are_the_pixels_that_change_the_unit(kind, size, stride, padding):
    below = MapLayer("conv", 2, 1, "same", maps=2, activation="none")
    explorer = FeatureMapsExplorer(
        [below, MapLayer(kind, size, stride, padding, activation="none")], image=SMALL, layer=2
    )
    state = explorer.state
    row, column, rows, columns = state.field(0)
    changes = np.zeros(SMALL.shape[1:], bool)
    for pixel in np.ndindex(changes.shape):
        other = SMALL.copy()
        other[:, *pixel] += 10
        after = state.changed(image=other).output[state.marked]
        changes[pixel] = abs(after - state.output[state.marked]) > 1e-9
    seen = np.zeros(changes.shape, bool)
    seen[row : row + rows, column : column + columns] = True
    assert not (changes & ~seen).any()
    edges = [changes[row], changes[row + rows - 1], changes[:, column], changes[:, column + columns - 1]]
    assert all(edge.any() for edge in edges)  # no smaller field holds them all


def test_a_model_is_copied_and_its_head_left_out():
    model = Sequential(
        Conv2D(4, 3), Tanh(1.7, 0.6), Dropout(), Sequential(MaxPool2D(), Conv2D(5, 3), ReLU()), Flatten(), Dense(2)
    )
    model.build((1, 28, 28), seed=2)
    model.layers[0].parameters["bias"][:] = 0.1
    explorer = FeatureMapsExplorer(model, image="digit")
    assert [layer.kind for layer in explorer.layers] == ["conv", "max pool", "conv"] and explorer.layer == 3
    assert repr(explorer).endswith("From flatten on, nothing is shown: it makes no maps.")
    x = explorer.image[None, None]
    expected = [model.layers[1](model.layers[0](x))]
    expected += [model.layers[3].layers[0](expected[0]), model.layers[3](expected[0])]
    for output, maps in zip(explorer.state.outputs[1:], expected, strict=True):
        np.testing.assert_allclose(output, maps[0], rtol=1e-5, atol=1e-6)
    model.layers[0].parameters["kernels"][:] = 0
    np.testing.assert_allclose(as_network(explorer)(x), expected[-1], rtol=1e-5, atol=1e-6)
    told(explorer, layers=with_layer(explorer, 3, stride=2))
    assert explorer.state.cut == "From flatten on, nothing is shown: it makes no maps."


@pytest.mark.parametrize(
    ("model", "image", "kinds", "cut"),
    [
        (models.lenet5_1998(), np.zeros((32, 32)), "conv conv conv conv conv", "From flatten on"),
        (models.lenet5(2), "digit", "conv max conv max conv", "From flatten on"),
        (
            models.alexnet(),
            "kitten in colour",
            "conv max",
            "From conv2 conv 5×5, 2 groups on, nothing is shown: it makes",
        ),
        (
            [Conv2D(4, 3), models.inception(((4, 26, 26), 4, 2, 3, 1, 2, 2)), MaxPool2D()],
            "letter",
            "conv other max",
            "",
        ),
        (Sequential(AvgPool2D(2, padding=1, count_padding=True), Conv2D(2, 3)), "letter", "other conv", ""),
        ([Conv2D(1, 1)] * 9, "letter", " ".join(["conv"] * 8), "on, nothing is shown: 8 layers can be."),
    ],
)
def test_it_takes_any_network_and_says_what_it_leaves_out(model, image, kinds, cut):
    explorer = FeatureMapsExplorer(model, image=image)
    assert " ".join(layer.kind.split()[0] for layer in explorer.layers) == kinds
    assert cut in explorer.state.cut and bool(cut) == bool(explorer.state.cut)
    made = as_network(explorer)(explorer.state.input[None])[0]
    np.testing.assert_allclose(made, explorer.state.outputs[-1], atol=1e-5)


class Brighter(Layer):
    """A layer that nobody but its maker knows."""

    kind = "brighter"

    def _run(self, x, weights, training):
        return x + 1, lambda grad_y: (grad_y, {})


def test_a_layer_that_only_python_can_run_stays_itself_through_a_view():
    explorer = FeatureMapsExplorer([Conv2D(2, 3), Brighter(), Tanh(), Conv2D(3, 3)], image="letter", layer=1)
    np.testing.assert_allclose(explorer.state.outputs[2], np.tanh(explorer.output + 1), atol=1e-6)
    said = told(explorer, layers=with_layer(explorer, 1, stride=2))
    assert "refusal" not in said and explorer.stride == 2
    np.testing.assert_allclose(numbers(said["numbers"]["layer 2"]), np.tanh(explorer.output + 1), atol=1e-6)
    with pytest.raises(StateError, match="layer 2, brighter, tanh, is as it is"):
        explorer.set(layer=2, stride=2)
    assert explorer.state.field(0) is not None
    explorer.layer = 3
    assert explorer.state.field(0) is None and explorer.state.field(2) is not None


def test_what_has_learned_to_read_colours_is_not_shown_a_grey_picture():
    model = Sequential(Conv2D(4, 3), ReLU()).build((3, 28, 28))
    with pytest.raises(StateError, match="layer 1 .* 3 channels, .* has 1"):
        FeatureMapsExplorer(model)
    explorer = FeatureMapsExplorer(model, image="kitten in colour")
    assert "3 channels" in told(explorer, image="letter")["refusal"]


def test_weights_too_large_to_travel_stay_with_python():
    explorer = FeatureMapsExplorer(
        Sequential(Conv2D(96, 11), Conv2D(128, 5)).build((3, 96, 96)), image="kitten in colour"
    )
    assert [layer.kind for layer in explorer.layers] == ["conv", "other"] and len(explorer._weights) == 1
    weights = 4 * sum(len(each["bias"]) + np.prod(each["kernels"]["shape"]) for each in explorer._weights.values())
    assert weights < 2**20
    several = Sequential(*(Conv2D(64, 7, padding="same") for _ in range(3))).build((1, 28, 28))
    assert [layer.kind for layer in FeatureMapsExplorer(several, image="digit").layers] == ["conv", "conv", "other"]


TABLE = np.array([[True, False, True, False], [False, True, True, True]])


@pytest.mark.parametrize(
    "layer", [Conv2D(4, 3, groups=2), Conv2D(2, 2, connections=TABLE, bias=False), Subsample2D(2), AvgPool2D((2, 1))]
)
def test_who_reads_only_some_maps_has_no_weights_on_the_others(layer):
    image = np.random.default_rng(0).normal(size=(4, 8, 8)).astype(np.float32)
    layer.build((4, 8, 8), seed=1)
    explorer = FeatureMapsExplorer([layer], image=image)
    np.testing.assert_allclose(explorer.output, layer(image[None])[0], rtol=1e-5, atol=1e-6)


def test_another_size_keeps_the_middle_of_trained_kernels_and_comes_back():
    layer = Conv2D(4, 3, padding="same").build((1, 28, 28), seed=5)
    explorer = FeatureMapsExplorer([layer, Conv2D(2, 1).build((4, 28, 28))], image="digit")
    explorer.layer = 1
    explorer.set(kernel_size=5, maps=6)
    weights = explorer.layers[0].weights_for(0, 1).kernels
    np.testing.assert_array_equal(weights[:4, :, 1:4, 1:4], layer.parameters["kernels"])
    assert abs(weights).sum() > 0 and not weights[:4, :, 0].any() and weights[4:].any()
    read = explorer.layers[1].weights_for(1, 6).kernels
    assert read[:, :4].any() and not read[:, 4:].any()
    explorer.set(kernel_size=3, maps=4)
    np.testing.assert_array_equal(explorer.layers[0].weights_for(0, 1).kernels, layer.parameters["kernels"])


@given(st.integers(0, 3), st.integers(1, 5), st.tuples(st.integers(1, 11), st.integers(1, 11)))
def test_a_new_map_leaves_the_others_as_they_are(index, channels, size):
    fewer, more = start_kernels(index, 3, channels, size), start_kernels(index, 4, channels, size)
    np.testing.assert_array_equal(fewer, more[:3])
    positive = more.clip(0).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(positive[positive > 0], 1, rtol=1e-5)


def test_another_kind_starts_as_that_kind_does():
    explorer = FeatureMapsExplorer(layer=1)
    explorer.kind = "max pool"
    assert (explorer.kernel_size, explorer.stride, explorer.padding, explorer.maps) == (2, 2, "valid", 1)
    explorer.kind = "average pool"
    assert explorer.kernel_size == 2
    explorer.set(kind="conv", stride=2)
    assert (explorer.kernel_size, explorer.stride, explorer.padding, explorer.maps) == (3, 2, "same", 4)


def test_a_weight_that_a_view_edits_changes_its_map_alone():
    explorer = FeatureMapsExplorer(layer=1)
    before = explorer.output
    said = told(explorer, layers=with_layer(explorer, 1, edits={"2,0,0,1": -2.0}))
    assert "refusal" not in said and explorer.layers[0].weights_for(0, 1).kernels[2, 0, 0, 1] == -2
    np.testing.assert_array_equal(before[[0, 1, 3]], explorer.output[[0, 1, 3]])
    assert (before[2] != explorer.output[2]).any()
    for wrong in ({"2,0,0,1": 1e30}, {"2,0,0,9": 1.0}, {"2,0": 1.0}, {"x": 1.0}, {"2,0,0,1": "much"}):
        assert "refusal" in told(explorer, layers=with_layer(explorer, 1, edits=wrong)), wrong
    assert "A weight must be from" in told(explorer, layers=with_layer(explorer, 1, edits={"0,0,0,0": 1e30}))["refusal"]
    told(explorer, layers=with_layer(explorer, 1, edits={}))
    np.testing.assert_array_equal(explorer.output, before)
    told(explorer, layers=with_layer(explorer, 1, edits={"2,0,0,1": -2.0}))
    explorer.kernel_size = 5  # at which it has no place
    assert explorer.layers[0].edits == ()


def test_undo_in_a_view_leads_back_to_an_earlier_network():
    explorer = FeatureMapsExplorer(Sequential(Conv2D(2, 3)).build((1, 28, 28), seed=1), image="digit")
    before, settings_ = explorer.output, explorer.state.settings
    explorer.layers = Sequential(Conv2D(2, 3)).build((1, 28, 28), seed=2)
    assert (explorer.output != before).any() and len(explorer._weights) == 1
    said = told(explorer, layers=settings_["layers"])
    np.testing.assert_array_equal(explorer.output, before)
    assert list(explorer._weights) == [said["settings"]["layers"][0]["own"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layer": 4}, "layer must be a whole number from 1 to 3; got 4."),
        ({"kind": "pool"}, "kind must be one of 'conv', 'max pool', 'average pool'; got 'pool'."),
        ({"kernel_size": 12}, "kernel_size must be a whole number from 1 to 11, or (rows, columns) of these; got 12."),
        ({"stride": 0}, "stride must be a whole number from 1 to 11"),
        ({"padding": "half"}, 'padding must be "valid", "same", "full"'),
        ({"padding": 99}, "padding must be at most 15 a side; got 99."),
        ({"maps": 129}, "maps must be a whole number from 1 to 128; got 129."),
        ({"layer": 2, "maps": 9}, "in a layer before"),
        ({"layer": 2, "padding": 3}, "layer 2 does not fit: "),
        ({"activation": "sigmoid"}, "activation must be one of 'none', 'ReLU', 'tanh'; got 'sigmoid'."),
        ({"layers": []}, "layers must begin with one that makes maps of a picture, as Conv2D(4, 3)."),
        ({"layers": [Flatten()]}, "From flatten on, nothing is shown: it makes no maps."),
        ({"layers": [Conv2D(MOST["maps"] + 1, 3)]}, "it makes 129 maps, and 128 can be."),
        ({"layers": [(3, 1)]}, "layers must be a Sequential or a list of layers"),
        ({"layers": 5}, "layers must be a Sequential or a list of layers"),
        ({"layers": [Conv2D(2, 12)]}, "kernel_size must be a whole number from 1 to 11"),
        ({"layers": [Parallel(Conv2D(1, 1), Conv2D(1, 3))]}, "it makes no maps of what comes."),
        ({"layers": [Conv2D(2, 5, dilation=3)], "image": np.eye(7)}, "layer 1 does not fit: "),
        ({"layers": [Conv2D(1, 11, padding="full")] * 8, "image": np.ones((500, 500))}, "512 a side can be shown."),
        ({"layers": [MapLayer(maps=100)] * 2, "image": np.ones((200, 200))}, "more than 4,194,304 numbers"),
        ({"image": "dog"}, "image 'dog' is unknown"),
        ({"depth": 2}, "has no setting 'depth'; its settings are image, layers, layer"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = FeatureMapsExplorer()
    state = explorer.state
    with pytest.raises(StateError, match=re.escape(words)):
        explorer.set(**changes)
    assert explorer.state is state


def test_numbers_beyond_what_can_be_shown_are_refused():
    layer = Conv2D(1, 1).build((1, 28, 28))
    explorer = FeatureMapsExplorer(image="digit")
    for value in (1e30, np.nan):
        layer.parameters["kernels"][:] = value
        with pytest.raises(StateError, match="layer . makes numbers beyond"):
            explorer.layers = [layer, layer]
    assert len(explorer.layers) == 3


def test_it_shows_itself_small_and_in_words():
    explorer = FeatureMapsExplorer(image="kitten in colour")
    figure = explorer.figure()
    assert len(png(figure)) < 60_000 and explorer.state.panels[-1].scale[0] == "grey"
    words = [text.get_text() for text in figure.texts]
    assert "layer 2" in words and "4 of 48 × 48" in words and any("slice by slice: " in each for each in words)
    assert "conv 3×3, padding same, ReLU gives 9 × 48 × 48" in explorer.sentence
    assert explorer.sentence in explorer.page()
    explorer.activation = "none"
    assert explorer.state.panels[-1].scale[0] == "signed"
    explorer.layer = 2
    assert "the largest of its window on map" in explorer.state.sum_in_words


def test_a_unit_may_see_padding_alone():
    explorer = FeatureMapsExplorer([Conv2D(1, 1, padding=3)], image=np.zeros((4, 4)))
    assert explorer.output.shape == (1, 10, 10) and explorer.state.field(0) is None and len(explorer.figure().axes) == 2
