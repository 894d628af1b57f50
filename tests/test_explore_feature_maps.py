"""The feature-maps explorer without a browser: maps are what plain loops make, marks are what changes a unit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from convscope import FeatureMapsExplorer, StateError, reference
from convscope.explore.feature_maps_layers import ACTIVATIONS, KINDS, MOST_MAPS, MapLayer, start_kernels
from convscope.layers import AvgPool2D, Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU, Sequential, Subsample2D, Tanh
from explorers import AnythingIsAsked, asked, shown

NONSENSE = [0, -1, 99, 2.5, np.nan, "three", None, True, [3], (3, 3, 3), (1, 0.5), 10**30, {}, [[]]]
VALUES = {
    "image": st.sampled_from(["kitten in colour", "numbers", "letter", "dog"]),
    "layers": st.lists(st.builds(MapLayer, kind=st.sampled_from(list(KINDS)), maps=st.integers(1, 9)), max_size=4),
    "depth": st.integers(1, 5),
    "layer": st.integers(1, 5),
    "unit": st.tuples(st.integers(0, 8), st.integers(0, 40), st.integers(0, 40)),
    "kind": st.sampled_from(list(KINDS)),
    "kernel_size": st.integers(1, 11) | st.tuples(st.integers(1, 5), st.integers(1, 5)),
    "stride": st.integers(1, 4) | st.tuples(st.integers(1, 3), st.integers(1, 3)),
    "padding": st.sampled_from(["valid", "same", "full", "half"]) | st.integers(0, 6),
    "maps": st.integers(1, 12),
    "activation": st.sampled_from(ACTIVATIONS),
}
SMALL = np.random.default_rng(3).normal(size=(2, 9, 10))


def decoded(explorer):
    """The arrays as the browser gets them, under the name of their group."""
    groups = {}
    for values, panel in zip(shown(explorer._view), explorer._view.panels, strict=True):
        groups.setdefault(panel["group"], []).append(values)
    return groups


class AnythingIsAskedOfLayers(AnythingIsAsked):
    values, nonsense = VALUES, NONSENSE

    def make(self):
        return FeatureMapsExplorer([MapLayer(maps=3), MapLayer("max pool", 2, 2, "valid"), MapLayer()])

    @initialize(image=st.sampled_from(["letter", "numbers"]))
    def open(self, image):
        self.ask(lambda: self.explorer.set(image=image))

    @invariant()
    def all_agrees(self):
        explorer = self.explorer
        state, groups = explorer.state, decoded(self.explorer)
        for number in range(1, explorer.depth + 1):
            np.testing.assert_array_equal(groups[f"layer {number}"], np.float32(state.outputs[number]))
        assert all(output.shape == shape for output, shape in zip(state.outputs, state.shapes, strict=False))
        assert all(0 <= n < most for n, most in zip(explorer.unit, state.shapes[explorer.layer], strict=True))
        panel, *cell = explorer._view.selected
        assert explorer._view.panels[panel]["title"] == f"map {explorer.unit[0]}" and tuple(cell) == explorer.unit[1:]
        slices = [group for group in groups if group.startswith("kernel")]
        assert (explorer.kind == "conv") == bool(slices)
        assert f"Layer {explorer.layer}, " in explorer._view.caption


test_anything_may_be_asked = asked(AnythingIsAskedOfLayers)


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
    for layer in explorer.model.layers:
        x = by_loops(layer, x)
    np.testing.assert_allclose(explorer.state.outputs[-1], x, atol=1e-6)


def marked(explorer, layer, which, row, column):
    """The input pixels, [channel, row, column], to which the view's links lead from a unit."""
    view = explorer._view
    tables = [np.frombuffer(table, "<i4") for table in view.tables]
    seen = np.zeros((len(explorer.state.input), *view.panels[0]["shape"]), bool)
    first = sum(shape[0] for shape in explorer.state.shapes[:layer])
    ways = [(first + which, {row}, {column})]
    for panel, rows, columns in ways:
        if panel < len(seen):
            seen[panel][np.ix_(sorted(rows), sorted(columns))] = True
        for i, link in enumerate(view.links):
            if panel in link["sources"] and not link["weights_of"]:
                axes = []
                for axis, cells in enumerate((rows, columns)):
                    table = tables[2 * i + axis].reshape(view.panels[panel]["shape"][axis], -1)
                    axes.append({int(place) for cell in cells for place in table[cell] if place >= 0})
                ways += [(target, *axes) for target in link["targets"] if (target, *axes) not in ways]
    return seen


@settings(max_examples=15)
@given(
    st.sampled_from(["conv", "average pool"]),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["valid", "same"]),
    st.data(),
)
def test_the_marks_are_the_pixels_that_change_the_unit(kind, size, stride, padding, data):
    below = MapLayer("conv", 2, 1, "same", maps=2, activation="none")
    try:
        explorer = FeatureMapsExplorer([below, MapLayer(kind, size, stride, padding, activation="none")], image=SMALL)
    except StateError:
        return
    state = explorer.state
    unit = tuple(data.draw(st.integers(0, n - 1)) for n in state.shapes[-1])
    changes = np.zeros(SMALL.shape, bool)
    for pixel in np.ndindex(SMALL.shape):
        other = SMALL.copy()
        other[pixel] += 10
        changes[pixel] = abs(state.changed(image=other).outputs[-1][unit] - state.outputs[-1][unit]) > 1e-9
    seen = marked(explorer, 2, *unit)
    assert not (changes & ~seen).any()  # some weights may be 0, some sums cancel out
    assert changes[seen].mean() > 0.7


def test_a_kernel_covers_every_map_below_and_a_pool_one():
    explorer = FeatureMapsExplorer()
    links = explorer._view.links
    assert {"sources": [5, 6, 7, 8], "targets": [1, 2, 3, 4]} not in links
    assert [(link["sources"], link["targets"]) for link in links[1:5]] == [([5 + i], [1 + i]) for i in range(4)]
    assert (links[5]["sources"], links[5]["targets"]) == ([*range(9, 15)], [5, 6, 7, 8])
    slices = [(link["sources"], link["targets"]) for link in links if link["weights_of"]]
    assert slices == [([15 + i], [5 + i]) for i in range(4)]
    assert (
        "covers all 4 maps of layer 2: 4 · 3 · 3 weights and a bias, 37; 6 maps, 222 in all" in explorer._view.caption
    )
    assert explorer.model.layers[-2].parameter_count((4, 48, 48)) == 222


def test_a_model_is_copied_and_its_head_left_out():
    model = Sequential(
        Conv2D(4, 3), Tanh(1.7, 0.6), Dropout(), Sequential(MaxPool2D(), Conv2D(5, 3), ReLU()), Flatten(), Dense(2)
    )
    model.build((1, 28, 28), seed=2)
    model.layers[0].parameters["bias"][:] = 0.1
    explorer = FeatureMapsExplorer(model, image="digit")
    assert [layer.kind for layer in explorer.layers] == ["conv", "max pool", "conv"]
    x = explorer.image[None, None]
    expected = [model.layers[1](model.layers[0](x))]
    expected += [model.layers[3].layers[0](expected[0]), model.layers[3](expected[0])]
    for output, maps in zip(explorer.state.outputs[1:], expected, strict=True):
        np.testing.assert_allclose(output, maps[0], rtol=1e-5, atol=1e-6)
    model.layers[0].parameters["kernels"][:] = 0
    np.testing.assert_allclose(explorer.model(x), expected[-1], rtol=1e-5, atol=1e-6)
    explorer.model.layers[0].parameters["kernels"][:] = 0
    np.testing.assert_allclose(explorer.model(x), expected[-1], rtol=1e-5, atol=1e-6)


TABLE = np.array([[True, False, True, False], [False, True, True, True]])


@pytest.mark.parametrize(
    "layer", [Conv2D(4, 3, groups=2), Conv2D(2, 2, connections=TABLE, bias=False), Subsample2D(2), AvgPool2D((2, 1))]
)
def test_who_reads_only_some_maps_is_linked_to_these_alone(layer):
    image = np.random.default_rng(0).normal(size=(4, 8, 8)).astype(np.float32)
    layer.build((4, 8, 8), seed=1)
    explorer = FeatureMapsExplorer([layer], image=image)
    np.testing.assert_allclose(explorer.state.outputs[1], layer(image[None])[0], rtol=1e-5, atol=1e-6)
    for which in range(explorer.maps):
        seen = marked(explorer, 1, which, 1, 1).any(axis=(1, 2))
        other = image + np.eye(4, dtype=np.float32)[:, :, None, None] * 3  # [which channel is lit, channel, y, x]
        changes = abs(layer(other)[:, which, 1, 1] - layer(image[None])[:, which, 1, 1]) > 1e-6
        np.testing.assert_array_equal(seen, changes)


def test_another_size_keeps_the_middle_of_trained_kernels_and_comes_back():
    layer = Conv2D(4, 3, padding="same").build((1, 28, 28), seed=5)
    explorer = FeatureMapsExplorer([layer, Conv2D(2, 1).build((4, 28, 28))], image="digit")
    explorer.layer = 1
    explorer.set(kernel_size=5, maps=6)
    weights = explorer.state.weights.kernels
    np.testing.assert_array_equal(weights[:4, :, 1:4, 1:4], layer.parameters["kernels"])
    assert abs(weights).sum() > 0 and not weights[:4, :, 0].any() and weights[4:].any()
    read = explorer.state.layers[1].weights_for(1, 6).kernels
    assert read[:, :4].any() and not read[:, 4:].any()
    explorer.set(kernel_size=3, maps=4)
    np.testing.assert_array_equal(explorer.state.weights.kernels, layer.parameters["kernels"])


@given(st.integers(0, 3), st.integers(1, 5), st.tuples(st.integers(1, 11), st.integers(1, 11)))
def test_a_new_map_leaves_the_others_as_they_are(index, channels, size):
    fewer, more = start_kernels(index, 3, channels, size), start_kernels(index, 4, channels, size)
    np.testing.assert_array_equal(fewer, more[:3])
    positive = more.clip(0).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(positive[positive > 0], 1, rtol=1e-5)


def test_another_kind_starts_as_that_kind_does():
    explorer = FeatureMapsExplorer()
    explorer.layer = 1
    explorer.kind = "max pool"
    assert (explorer.kernel_size, explorer.stride, explorer.padding, explorer.maps) == (2, 2, "valid", 1)
    assert explorer._controls.named["maps"].layout.display == "none" and len(explorer._view.panels) == 1 + 1 + 1 + 6
    explorer.kind = "average pool"
    assert explorer.kernel_size == 2
    explorer.set(kind="conv", stride=2)
    assert (explorer.kernel_size, explorer.stride, explorer.padding, explorer.maps) == (3, 2, "same", 4)


def test_a_click_chooses_a_unit_and_an_edit_changes_its_kernel():
    explorer = FeatureMapsExplorer()
    explorer._view.request = {"serial": 1, "kind": "choose", "panel": 3, "row": 7, "column": 9}
    assert (explorer.layer, explorer.unit) == (1, (2, 7, 9))
    assert explorer._view.panels[-1]["group"] == "kernel of layer 1, map 2"
    before = explorer.state.outputs[1].copy()
    explorer._view.request = {"serial": 2, "kind": "edit", "panel": 15, "row": 0, "column": 1, "value": -2.0}
    assert explorer.state.weights.kernels[2, 0, 0, 1] == -2
    after = explorer.state.outputs[1]
    np.testing.assert_array_equal(before[[0, 1, 3]], after[[0, 1, 3]])
    assert (before[2] != after[2]).any()
    explorer._view.request = {"serial": 3, "kind": "edit", "panel": 15, "row": 0, "column": 1, "value": 1e30}
    assert "A weight must be from" in explorer._view.refusal and explorer.state.weights.kernels[2, 0, 0, 1] == -2
    explorer.undo()
    np.testing.assert_array_equal(explorer.state.outputs[1], before)
    for panel, kind in [(0, "choose"), (15, "choose"), (3, "edit"), (99, "edit")]:
        explorer._view.request = {"serial": panel, "kind": kind, "panel": panel, "row": 0, "column": 0, "value": 1.0}
        assert "or is gone" in explorer._view.refusal


def test_a_unit_stays_where_its_place_does():
    explorer = FeatureMapsExplorer(unit=(5, 40, 3))
    explorer.set(kernel_size=5, maps=3)
    assert explorer.unit == (2, 40, 3)
    explorer.stride = 2
    assert explorer.unit == (2, 12, 12)
    explorer.layer = 1
    assert explorer.unit == (2, 48, 48)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depth": 6}, "depth must be a whole number from 1 to 5; got 6."),
        ({"layer": 4}, "layer must be a whole number from 1 to 3; got 4."),
        ({"unit": (6, 0, 0)}, "unit must be (map, row, column), from 0 and less than (6, 48, 48) in this layer"),
        ({"unit": 3}, "unit must be (map, row, column); got 3."),
        ({"kind": "pool"}, "kind must be one of 'conv', 'max pool', 'average pool'; got 'pool'."),
        ({"kernel_size": 12}, "kernel_size must be a whole number from 1 to 11, or (rows, columns) of these; got 12."),
        ({"stride": 0}, "stride must be a whole number from 1 to 11"),
        ({"padding": "half"}, 'padding must be "valid", "same", "full"'),
        ({"padding": 99}, "padding must be at most 15 a side; got 99."),
        ({"maps": 33}, "maps must be a whole number from 1 to 32; got 33."),
        ({"layer": 2, "maps": 9}, "maps of a max pool are those that come to it, 4; set them in a layer before."),
        ({"layer": 2, "padding": 3}, "layer 2 does not fit: "),
        ({"activation": "sigmoid"}, "activation must be one of 'none', 'ReLU', 'tanh'; got 'sigmoid'."),
        ({"layers": []}, "layers must be 1 to 8 of Conv2D, MaxPool2D, AvgPool2D or Subsample2D"),
        ({"layers": [Flatten()]}, "got 0 such layers first."),
        ({"layers": [Conv2D(MOST_MAPS + 1, 3)]}, "of at most 32 maps; got 0 such layers first."),
        ({"layers": [MapLayer()] * 9}, "got 9 such layers first."),
        ({"layers": [(3, 1)]}, "layers must be a Sequential or a list of layers"),
        ({"layers": [Conv2D(2, 12)]}, "kernel_size must be a whole number from 1 to 11"),
        ({"layers": [MapLayer(padding="full", kernel_size=11)] * 8, "image": np.ones((500, 500))}, "512 can be shown."),
        ({"image": "dog"}, "image 'dog' is unknown"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = FeatureMapsExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value)
    assert explorer.state is state


def test_a_smaller_image_makes_windows_smaller_and_no_smaller_than_it_must():
    explorer = FeatureMapsExplorer([Conv2D(2, 5, dilation=3), MaxPool2D(5, stride=2, padding=2)], image="kitten")
    explorer.image = np.eye(7)
    assert [(each.kernel_size, each.dilation, each.padding) for each in explorer.layers] == [(5, 1, "valid"), (5, 1, 2)]
    explorer.image = np.eye(3, 9)
    assert [each.kernel_size for each in explorer.layers] == [3, 5]
    explorer.undo()
    explorer.undo()
    assert (explorer.state.picture, explorer.layers[0].dilation) == ("kitten", 3)
    with pytest.raises(StateError, match="layer 2 does not fit"):
        explorer.set(image=np.eye(3), layer=2, kernel_size=9)
    explorer.set(image=np.eye(1))
    assert explorer.state.shapes[-1] == (2, 1, 1)


def test_numbers_beyond_what_can_be_shown_are_refused():
    layer = Conv2D(1, 1).build((1, 28, 28))
    layer.parameters["kernels"][:] = 1e30
    explorer = FeatureMapsExplorer(image="digit")
    for value in (1e30, np.nan):
        layer.parameters["kernels"][:] = value
        with pytest.raises(StateError, match="layer . makes numbers beyond"):
            explorer.layers = [layer, layer]
    assert len(explorer.layers) == 5


def test_it_shows_itself_small_and_in_words():
    explorer = FeatureMapsExplorer(image="kitten in colour")
    assert len(explorer.figure()._repr_png_()) < 80_000
    assert "conv 3×3, padding same, ReLU gives 6 × 48 × 48" in explorer.sentence
    assert "kernel of layer 3, map 0" in explorer.page()


def test_layers_may_be_changed_and_put_back():
    explorer = FeatureMapsExplorer()
    explorer.layers = [replace(layer, activation="none") for layer in explorer.layers[:3]]
    assert explorer.depth == 3 and explorer._view.panels[1]["colours"] == "signed"
    explorer.undo()
    assert len(explorer.layers) == 5 and explorer._view.panels[1]["colours"] == "grey"
