"""The channel mixer without a browser: what it mixes is a 1 × 1 convolution and a matrix product, whatever is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import telling
from convscope import ChannelMixer, StateError, datasets
from convscope.explore.mixer.mixes import IMAGES, MOST, RELU, presets
from refusing import refused
from telling import told

NONSENSE = [0, -1, 2.5, np.nan, np.inf, "three", None, True, [3], (1, 2), 10**30, {}, [[]], [[1], [2, 3]], [["a"]]]


def mix(outputs, inputs, seed):
    return np.random.default_rng(seed).normal(size=(outputs, inputs)).round(2).tolist()


VALUES = {
    "image": st.sampled_from([*IMAGES, "dog"]) | st.integers(1, 5).map(lambda n: np.full((n, 3, 4), 0.5)),
    "weights": st.builds(mix, st.integers(1, 4), st.sampled_from([3, 3, 4, 8, 2]), st.integers(0, 99))
    | st.sampled_from([*presets(3), *presets(4)]),
    "bias": st.floats(-3, 3) | st.lists(st.floats(-3, 3), min_size=1, max_size=4),
    "relu": st.sampled_from(RELU),
}


class AnythingIsAsked(telling.AnythingIsAsked):
    make, values, nonsense = ChannelMixer, VALUES, NONSENSE

    def is_done(self, name, value):
        now = getattr(self.explorer, name)
        if name == "weights" and isinstance(value, str):
            now, (value, _) = now.tolist(), presets(len(self.explorer.image))[value]
        assert np.array_equal(now, np.broadcast_to(value, np.shape(now)))

    @invariant()
    def it_is_the_product(self):
        mixer = self.explorer
        inputs = np.maximum(mixer.image, 0) if mixer.relu == "before" else mixer.image
        expected = np.einsum("oi,iyx->oyx", mixer.weights, inputs.astype(float)) + mixer.bias[:, None, None]
        expected = np.maximum(expected, 0) if mixer.relu == "after" else expected
        np.testing.assert_allclose(mixer.output, expected, rtol=1e-4, atol=1e-4)
        assert mixer.weights.shape == (len(mixer.bias), len(mixer.image)) and len(mixer.weights) <= MOST
        assert mixer._said["settings"] == mixer.state.settings
        assert mixer.state.marked in np.ndindex(mixer.image.shape[1:])


AnythingIsAsked.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestAnything = AnythingIsAsked.TestCase


def test_grey_is_the_lightness_of_the_photo():
    mixer = ChannelMixer()
    np.testing.assert_allclose(mixer.output[0], datasets.kitten(96, grey=True), atol=1e-6)
    assert mixer.weights.tolist() == [[0.299, 0.587, 0.114]]
    np.testing.assert_allclose(mixer.weights[0], datasets.LUMA)
    assert "output = 0.299 red + 0.587 green + 0.114 blue." in mixer.sentence
    mixer.weights = "invert"
    np.testing.assert_allclose(mixer.output, 1 - mixer.image, atol=1e-6)
    assert "output 0 = −red + 1; output 1 = −green + 1" in mixer.sentence


def test_edges_of_both_signs_need_a_relu_before_the_mix():
    mixer = ChannelMixer("edges", weights="sum")
    right = mixer.image[0]
    assert abs(right).max() > 0.1 and abs(mixer.output).max() < 1e-6
    mixer.relu = "after"
    assert abs(mixer.output).max() < 1e-6
    assert mixer.sentence.endswith("output = ReLU(right + left + below + above).")
    assert "after a ReLU" not in mixer.sentence
    mixer.relu = "before"
    assert "after a ReLU" in mixer.sentence
    np.testing.assert_allclose(mixer.output[0], abs(mixer.image[0]) + abs(mixer.image[2]), atol=1e-6)


@given(st.integers(1, MOST))
def test_each_named_mix_fits_its_inputs(inputs):
    mixer = ChannelMixer(np.ones((inputs, 2, 3)))
    for name in presets(inputs):
        mixer.weights = name
        assert mixer.weights.shape[1] == inputs and mixer.state.preset == name
    mixer.weights = "mean"
    assert mixer.weights.shape == (1, inputs)
    np.testing.assert_allclose(mixer.output, 1)


def test_a_name_brings_its_bias_and_own_weights_keep_what_there_was():
    mixer = ChannelMixer(weights="invert")
    mixer.weights = -np.eye(3)[:2]
    assert mixer.bias.tolist() == [1, 1] and mixer.state.preset == "your own"
    mixer.weights = np.eye(3)
    assert mixer.bias.tolist() == [1, 1, 0]
    mixer.bias = 0.5
    assert mixer.bias.tolist() == [0.5, 0.5, 0.5]
    mixer.set(weights="grey", bias=[2])
    assert mixer.bias.tolist() == [2]
    mixer.weights = "grey"
    assert mixer.bias.tolist() == [0]


def test_own_weights_follow_the_number_of_channels():
    mixer = ChannelMixer(weights=[[1, 2, 3]])
    mixer.image = "edges"
    assert mixer.weights.tolist() == [[1, 2, 3, 0]]
    mixer.image = np.ones((2, 5, 5))
    assert mixer.weights.tolist() == [[1, 2]] and mixer.output.max() == 3
    mixer.weights = "same"
    mixer.image = "kitten in colour"
    assert mixer.weights.tolist() == [[0.299, 0.587, 0.114]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": [[1, 2]]}, "1 to 8 outputs of 3 weights each; got"),
        ({"weights": np.ones((9, 3))}, "got shape (9, 3)."),
        ({"weights": "sum"}, "weights must be one of 'grey', 'mean', 'red'"),
        ({"weights": [["a"]]}, "weights must hold real numbers"),
        ({"weights": [[np.nan, 0, 0]]}, "weights must be finite numbers from −1e+06 to 1e+06."),
        ({"bias": [1, 2]}, "1 outputs; got shape (2,)."),
        ({"weights": np.eye(3), "bias": [1]}, "3 outputs; got shape (1,)."),
        ({"relu": True}, "relu must be one of 'none', 'before', 'after'; got True."),
        ({"image": np.ones((9, 20, 20))}, "image must have at most 8 channels; got 9."),
        ({"image": np.ones((20, 20, 3))}, "has its channels last; np.moveaxis(image, -1, 0) puts them first."),
        ({"image": "dog"}, "image must be one of 'kitten in colour', 'edges', 'feature maps'; got 'dog'."),
        ({"row": 1}, "ChannelMixer has no setting 'row'; its settings are image, weights, bias, relu."),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    with refused(words, StateError):
        ChannelMixer().set(**changes)


def test_which_controls_are_in_sight_can_be_chosen():
    assert ChannelMixer("edges", controls=("relu",))._options["controls"] == ["relu"]
    for controls in ("relu", ["row"]):
        with pytest.raises(StateError, match="controls must be a list of settings, some of 'image', 'weights'"):
            ChannelMixer(controls=controls)


def test_a_view_and_a_program_change_one_state():
    mixer = ChannelMixer()
    said = told(mixer, weights="invert", bias=[1, 1, 1])
    assert mixer.state.preset == "invert" and said["answers"] == mixer._told["serial"]
    np.testing.assert_allclose(np.frombuffer(said["numbers"]["output"]["data"], "<f4"), mixer.output.ravel())
    mixer.relu = "after"
    told(mixer, bias=[0, 0, 0.5])  # of what a hand has not changed, nothing is undone
    assert mixer.relu == "after" and mixer.state.preset == "invert" and mixer.bias.tolist() == [0, 0, 0.5]
    told(mixer, weights=[[1, 0, 0]])
    assert mixer.weights.tolist() == [[1, 0, 0]] and mixer.bias.tolist() == [0]
    grey = {"shape": [2, 3], "data": np.linspace(0, 1, 6).astype("<f4").tobytes()}
    told(mixer, image="your own 1", picture=grey)
    assert mixer.image.shape == (1, 2, 3) and mixer.weights.tolist() == [[1]]
    assert mixer._said["settings"]["image"] == "your own 1" and list(mixer._own) == ["your own 1"]


def test_its_still_shows_inputs_weights_and_outputs():
    def titles(mixer):
        return [panel.title for panel in mixer.state.panels]

    assert titles(ChannelMixer()) == ["in colour", "weights", "output"]
    assert titles(ChannelMixer(weights="swap red and blue")) == ["in colour", "weights", "in colour"]
    mixer = ChannelMixer("edges")
    assert titles(mixer) == ["right", "left", "below", "above", "weights", "output"]
    assert mixer.state.panels[-1].scale[0] == "signed" and mixer.state.panels[-1].scale[2] > 0.1
    mixer.set(relu="before", weights=[[2, 1, 1, 1]], bias=-0.5)
    row, column = mixer.state.marked
    products = np.maximum(mixer.image[:, row, column], 0) * [2, 1, 1, 1]
    assert f"= output ({row}, {column}) = " in mixer.state.sum_in_words
    assert mixer.output[0, row, column] == pytest.approx(products.sum() - 0.5, abs=1e-6)
    assert mixer.figure().get_size_inches()[0] > 5
    mixer = ChannelMixer("feature maps")
    row, column = mixer.state.marked
    assert np.ptp(mixer.image[:, row, column]) == np.ptp(mixer.image, axis=0)[12:-12, 12:-12].max()
    assert all(title.startswith("map") for title in titles(ChannelMixer(np.ones((2, 3, 3))))[:2])


def test_colours_are_mixed_to_light_and_dark_unless_they_are_set_against_each_other():
    def scale(**settings):
        return ChannelMixer(**settings).state.panels[-1].scale

    assert scale()[:2] == ("grey", 0)
    kind, low, _ = scale(bias=-0.5)
    assert kind == "grey" and low < -0.2
    assert scale(weights="red − green")[0] == "signed"
    assert scale(image="edges", weights=[[1, 0, 0, 0]])[0] == "signed"
