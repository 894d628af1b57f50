"""The channel mixer without a browser: what it mixes is a 1 × 1 convolution and a matrix product, whatever is asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from convscope import ChannelMixer, StateError, datasets
from convscope.explore.mixer_state import IMAGES, MOST, RELU, presets
from explorers import AnythingIsAsked, asked, shown

NONSENSE = [0, -1, 2.5, np.nan, np.inf, "three", None, True, [3], (1, 2), 10**30, {}, [[]], [[1], [2, 3]], [["a"]]]


@st.composite
def matrices(draw):
    shape = draw(st.integers(1, 4)), draw(st.sampled_from([3, 3, 4, 8, 2]))
    return np.random.default_rng(draw(st.integers(0, 99))).normal(size=shape).round(2)


VALUES = {
    "image": st.sampled_from([*IMAGES, "dog"]) | st.integers(1, 5).map(lambda n: np.full((n, 3, 4), 0.5)),
    "weights": matrices() | st.sampled_from([*presets(3), *presets(4)]),
    "bias": st.floats(-3, 3) | st.lists(st.floats(-3, 3), min_size=1, max_size=4),
    "relu": st.sampled_from(RELU),
    "row": st.integers(0, 4),
}


class AnythingIsAskedOfMixes(AnythingIsAsked):
    make = ChannelMixer
    values, nonsense = VALUES, NONSENSE

    @initialize(image=st.sampled_from(list(IMAGES)))
    def open(self, image):
        self.explorer.image = image

    @invariant()
    def all_agrees(self):
        mixer = self.explorer
        inputs = np.maximum(mixer.image, 0) if mixer.relu == "before" else mixer.image
        expected = np.einsum("oi,iyx->oyx", mixer.weights, inputs.astype(float)) + mixer.bias[:, None, None]
        expected = np.maximum(expected, 0) if mixer.relu == "after" else expected
        np.testing.assert_allclose(mixer.output, expected, rtol=1e-4, atol=1e-4)
        arrays = shown(mixer._view)
        outputs, count = mixer.weights.shape
        assert len(arrays) == count + outputs * (count + 1)
        for i, panel in enumerate(range(count, len(arrays), count + 1)):
            np.testing.assert_array_equal(np.ravel(arrays[panel : panel + count]), np.float32(mixer.weights[i]))
            np.testing.assert_array_equal(arrays[panel + count], np.float32(mixer.output[i]))
        sliders = [mixer._controls.named[name] for name in (*(f"weight {i}" for i in range(count)), "bias of row")]
        values = [*mixer.weights[mixer.row], mixer.bias[mixer.row]]
        assert all(abs(each.value - value) <= 0.005 for each, value in zip(sliders, values, strict=True))
        assert mixer._view.selected[0] == count + (mixer.row + 1) * (count + 1) - 1
        assert mixer.state.difference <= 1e-4 * max(1, abs(mixer.weights).max())


test_anything_may_be_asked = asked(AnythingIsAskedOfMixes)


def test_grey_is_the_lightness_of_the_photo():
    mixer = ChannelMixer()
    np.testing.assert_allclose(mixer.output[0], datasets.kitten(96, grey=True), atol=1e-6)
    assert mixer.weights.tolist() == [[0.299, 0.587, 0.114]]
    assert "output 0 = 0.299 red + 0.587 green + 0.114 blue." in mixer.sentence
    mixer.weights = "invert"
    np.testing.assert_allclose(mixer.output, 1 - mixer.image, atol=1e-6)


def test_edges_of_both_signs_need_a_relu_before_the_mix():
    mixer = ChannelMixer("edges", weights="sum")
    right = mixer.image[0]
    assert abs(right).max() > 0.1 and abs(mixer.output).max() < 1e-6
    mixer.relu = "after"
    assert abs(mixer.output).max() < 1e-6
    mixer.relu = "before"
    np.testing.assert_allclose(mixer.output[0], abs(mixer.image[0]) + abs(mixer.image[2]), atol=1e-6)


@given(st.integers(1, MOST))
def test_each_named_mix_fits_its_inputs(inputs):
    mixer = ChannelMixer(np.ones((inputs, 2, 3)))
    for name in presets(inputs):
        mixer.weights = name
        assert mixer.weights.shape[1] == inputs and mixer._controls.named["weights"].value == name
    named = presets(inputs)["mean"]
    mixer.weights = "mean"
    np.testing.assert_allclose(mixer.output, 1)
    assert np.shape(named[0]) == (1, inputs)


def test_a_pixel_reads_its_own_place_in_every_channel():
    mixer = ChannelMixer(weights="swap red and blue")
    view = mixer._view
    for i, link in enumerate(view.links):
        rows, columns = (np.frombuffer(table, "<i4") for table in view.tables[2 * i : 2 * i + 2])
        np.testing.assert_array_equal(rows, np.arange(96))
        np.testing.assert_array_equal(columns, np.arange(96))
        if link["weights_of"]:
            (weight,), (channel,) = link["sources"], link["targets"]
            assert view.panels[weight]["title"] == f"× {view.panels[channel]['title']}"
            assert view.panels[link["weights_of"][0]]["group"] == view.panels[weight]["group"]
        else:
            assert link["targets"] == [0, 1, 2]


def test_sliders_edits_and_clicks_change_the_same_weights():
    mixer = ChannelMixer(weights="invert")
    mixer.row = 1
    sliders = mixer._controls.named
    assert [sliders[f"weight {i}"].value for i in range(3)] == [0, -1, 0] and sliders["bias of row"].value == 1
    sliders["weight 0"].value = 0.5
    assert mixer.weights[1].tolist() == [0.5, -1, 0] and mixer.bias.tolist() == [1, 1, 1]
    assert sliders["weights"].value == "your own"
    mixer._view.request = {"serial": 1, "kind": "edit", "panel": 13, "row": 0, "column": 0, "value": 3.5}
    assert mixer.weights[2].tolist() == [0, 0, 3.5] == mixer.weights[mixer.row].tolist()[:2] + [3.5]
    assert (sliders["weight 2"].value, sliders["weight 2"].max, sliders["weight 2"].description) == (3.5, 3.5, "blue")
    mixer._view.request = {"serial": 2, "kind": "choose", "panel": 6, "row": 3, "column": 4}
    assert mixer.row == 0
    sliders["weights"].value = "grey"
    assert len(mixer.output) == 1 and mixer.bias.tolist() == [0]
    sliders["weights"].value = "your own"
    assert mixer.weights[2].tolist() == [0, 0, 3.5] and mixer.bias.tolist() == [1, 1, 1]
    mixer.undo()
    assert sliders["weights"].value == "grey"


def test_rounding_by_the_browser_changes_nothing():
    mixer = ChannelMixer()
    mixer._controls.named["weight 1"].value = 0.59
    assert mixer.weights.tolist() == [[0.299, 0.587, 0.114]] and mixer._controls.named["weights"].value == "grey"


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
        ({"weights": [[1, 2]]}, "weights must be a name or (output, input), 1 to 8 outputs of 3 weights each; got"),
        ({"weights": np.ones((9, 3))}, "got shape (9, 3)."),
        ({"weights": "sum"}, "weights must be one of 'grey', 'mean', 'red'"),
        ({"weights": [["a"]]}, "weights must hold real numbers"),
        ({"weights": [[np.nan, 0, 0]]}, "weights must be finite numbers from −1e+06 to 1e+06."),
        ({"bias": [1, 2]}, "bias must be one number, or one for each of 1 outputs; got shape (2,)."),
        ({"relu": True}, "relu must be one of 'none', 'before', 'after'; got True."),
        ({"row": 1}, "row must be a whole number from 0 to 0; got 1."),
        ({"image": np.ones((9, 20, 20))}, "image must have at most 8 channels; got 9."),
        ({"image": np.ones((20, 20, 3))}, "has its channels last; np.moveaxis(image, -1, 0) puts them first."),
        ({"image": "dog"}, "image must be one of 'kitten in colour', 'edges', 'feature maps'; got 'dog'."),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    mixer = ChannelMixer()
    state = mixer.state
    with pytest.raises(StateError) as refusal:
        mixer.set(**changes)
    assert words in str(refusal.value)
    assert mixer.state is state


def test_it_shows_itself_small_and_in_words():
    for mixer in (ChannelMixer(weights="invert"), ChannelMixer("feature maps", weights="half as many", relu="before")):
        assert len(mixer.figure()._repr_png_()) < 80_000
        assert "conv2d with 1 × 1 kernels gives the same; largest difference: " in mixer._view.caption
        assert "largest difference: " in mixer.page()
