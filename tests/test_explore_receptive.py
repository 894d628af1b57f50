"""The receptive-field explorer without a browser: what it marks is what changes the unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from convscope import ReceptiveFieldExplorer, StateError, receptive_field
from explorers import AnythingIsAsked, asked, offered, shown

windows = st.tuples(
    st.integers(1, 4), st.integers(1, 3), st.sampled_from(["valid", "same", "full", 0, 1, (1, 0)]), st.integers(1, 2)
)


def marked(explorer, row, column):
    """The input pixels that the view's links lead to from a unit of the last layer."""
    tables = [np.frombuffer(table, "<i4") for table in explorer._view.tables]
    cells = [{row}, {column}]
    for layer in reversed(range(explorer.depth)):
        units = explorer._view.panels[layer + 1]["shape"]
        for axis in (0, 1):
            table = tables[2 * layer + axis].reshape(units[axis], -1)
            cells[axis] = {pixel for unit in cells[axis] for pixel in table[unit] if pixel >= 0}
    return [sorted(axis) for axis in cells]


@settings(max_examples=40)
@given(st.lists(windows, min_size=1, max_size=3), st.tuples(st.integers(6, 10), st.integers(6, 10)), st.data())
def test_the_marks_are_the_pixels_that_change_the_unit(layers, shape, data):
    try:
        explorer = ReceptiveFieldExplorer(layers, image=np.zeros(shape), depth=len(layers))
    except StateError as refusal:
        assert "does not fit" in str(refusal)
        return
    units = explorer.state.maps[-1].shape
    row, column = (data.draw(st.integers(0, n - 1)) for n in units)
    rows, columns = marked(explorer, row, column)
    changes = np.zeros(shape, bool)
    for pixel in np.ndindex(shape):
        lit = np.zeros(shape)
        lit[pixel] = 1
        changes[pixel] = explorer.state.changed(image=lit).maps[-1][row, column] > 0
    expected = np.zeros(shape, bool)
    expected[np.ix_(rows, columns)] = True
    np.testing.assert_array_equal(changes, expected)


@given(st.lists(windows, min_size=1, max_size=3))
def test_the_caption_says_what_receptive_field_says(layers):
    try:
        explorer = ReceptiveFieldExplorer(layers, depth=len(layers))
    except StateError:
        return
    field = receptive_field(layers, 64)[-1]
    assert explorer.fields == (field, field)
    assert f"layer {len(layers)} sees {field.size} × {field.size} pixels" in explorer._view.caption
    assert f"{field.jump} pixel" in explorer._view.caption


def test_the_slider_goes_as_deep_as_there_are_layers():
    explorer = ReceptiveFieldExplorer([(3, 1, "same")] * 5, depth=5)
    assert (explorer._slider.value, explorer._slider.max) == (5, 5)
    explorer._slider.value = 2
    assert explorer.depth == 2 and len(explorer._view.panels) == 3
    explorer.set(layers=[(3,)], depth=1)
    assert (explorer._slider.value, explorer._slider.max) == (1, 1)
    explorer.layers = [(2, 2), (2, 2)]
    assert (explorer.depth, explorer._slider.max) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depth": 5}, "depth must be from 1 to 4, the number of layers; got 5."),
        ({"depth": 1.5}, "depth must be a whole number"),
        ({"layers": []}, "layers must be 1 to 8"),
        ({"layers": [(3,)] * 9}, "got 9."),
        ({"layers": 3}, "layers must be a list of (kernel_size, stride, padding, dilation); got 3."),
        ({"layers": [3]}, "layers holds 3; each layer is (kernel_size"),
        ({"layers": [(3, 0)]}, "stride must be a whole number, 1 or more; got 0."),
        ({"layers": [{"size": 3}]}, "layers holds {'size': 3}"),
        ({"layers": [(65,)]}, "kernel_size 65 does not fit into 64 pixels"),
        ({"layers": [(3, 1, "causal")]}, 'know no "causal" padding'),
        ({"layers": [(3, 1, "same", 1000)]}, "span and step at most 512 pixels"),
        ({"layers": [(3, 1, 3000)]}, "maps of at most 512 pixels; (3, 1, (3000, 3000), 1) gives 6062."),
        ({"image": "kitten in colour"}, "image must be a plain picture, (row, column)"),
        ({"image": "dog"}, "image 'dog' is unknown"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = ReceptiveFieldExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value)
    assert explorer.state is state


class AnythingIsAskedOfWindows(AnythingIsAsked):
    make = ReceptiveFieldExplorer
    values = {
        "image": st.sampled_from(["numbers", "letter", "dog", np.eye(9)]),
        "layers": st.lists(windows, max_size=4),
        "depth": st.integers(1, 5),
    }
    nonsense = [0, -1, 99, 2.5, np.nan, "three", None, True, [(3, 0)], [3, "x"], {}, [[]], 10**30]

    @rule(data=st.data())
    def control(self, data):
        self.explorer._view.refusal = ""
        self.explorer._slider.value = depth = data.draw(offered(self.explorer._slider))
        assert self.explorer.depth == depth and self.explorer._view.refusal == ""

    @invariant()
    def all_agrees(self):
        explorer = self.explorer
        assert explorer._slider.value == explorer.depth and explorer._slider.max == len(explorer.layers)
        for values, made in zip(shown(explorer._view), explorer.state.maps, strict=True):
            np.testing.assert_array_equal(values, np.float32(made))
        assert explorer._view.selected[0] == explorer.depth == len(explorer._view.panels) - 1


test_anything_may_be_asked = asked(AnythingIsAskedOfWindows)
