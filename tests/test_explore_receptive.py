"""The receptive-field explorer without a browser: what it marks is what changes the unit."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import telling
from convscope import Conv2D, MaxPool2D, ReceptiveFieldExplorer, StateError, receptive_field
from convscope.geometry import Window
from convscope.words import size
from telling import both, of_axes, told

paddings = st.sampled_from(["valid", "same", "full", 0, 1, (1, 0)])
windows = st.tuples(of_axes(1, 4), of_axes(1, 3), paddings, of_axes(1, 2))


def along(axis, layers):
    """Windows of rows and columns as those of one axis."""
    return [Window(both(size)[axis], both(stride)[axis], pad, both(gap)[axis]) for size, stride, pad, gap in layers]


@settings(max_examples=40, deadline=None)
@given(st.lists(windows, min_size=1, max_size=3), st.tuples(st.integers(6, 10), st.integers(6, 10)), st.data())
def test_the_marks_are_the_pixels_that_change_the_unit(layers, shape, data):
    try:
        explorer = ReceptiveFieldExplorer(layers, image=np.zeros(shape))
    except StateError as refusal:
        assert "does not fit" in str(refusal)
        return
    row, column = (data.draw(st.integers(0, n - 1)) for n in explorer.state.map.shape)
    rows, columns = explorer.state.seen((row, column))
    assert explorer.fields == tuple(receptive_field(along(axis, layers), shape[axis])[-1] for axis in (0, 1))
    changes = np.zeros(shape, bool)
    for pixel in np.ndindex(shape):
        lit = np.zeros(shape)
        lit[pixel] = 1
        changes[pixel] = explorer.state.changed(image=lit).map[row, column] > 0
    expected = np.zeros(shape, bool)
    expected[np.ix_(rows, columns)] = True
    np.testing.assert_array_equal(changes, expected)


def test_layers_of_a_network_will_do():
    explorer = ReceptiveFieldExplorer([Conv2D(4, (1, 3)), MaxPool2D(2), {"kernel_size": 3, "dilation": (2, 1)}])
    assert [field.size for field in explorer.fields] == [10, 8] and explorer.depth == 3
    assert explorer.layers == (
        Window((1, 3), 1, "valid", 1),
        Window(2, 2, "valid", 1),
        Window(3, 1, "valid", (2, 1)),
    )


def test_new_layers_lower_the_depth_where_there_are_fewer():
    explorer = ReceptiveFieldExplorer([(3, 1, "same")] * 5)
    assert explorer.depth == 5
    told(explorer, depth=2)
    assert explorer.depth == 2
    explorer.set(layers=[(3,)], depth=1)
    explorer.layers = [(2, 2), (2, 2)]
    assert explorer.depth == 1
    explorer.depth = 2
    told(explorer, layers=[[[3, 1], 1, "same", 1]])
    assert explorer.layers == (Window((3, 1), 1, "same", 1),) and explorer.depth == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depth": 5}, "depth must be from 1 to 4, the number of layers; got 5."),
        ({"depth": 1.5}, "depth must be a whole number"),
        ({"layers": []}, "layers must be 1 to 8 windows; got 0."),
        ({"layers": [(3,)] * 9}, "got 9."),
        ({"layers": 3}, "layers must be a list of (kernel_size, stride, padding, dilation); got 3."),
        ({"layers": [3]}, "layers holds 3; each layer is (kernel_size"),
        ({"layers": [(3, 0)]}, "stride must be a whole number, 1 or more; got 0."),
        ({"layers": [(3, (1, 0))]}, "stride must be a whole number, 1 or more; got 0."),
        ({"layers": [((1, 2, 3),)]}, "kernel_size must be a whole number"),
        ({"layers": [{"size": 3}]}, "layers holds {'size': 3}"),
        ({"layers": [(65,)]}, "kernel_size 65 does not fit into 64 pixels"),
        ({"layers": [(3, 1, "causal")]}, 'know no "causal" padding'),
        ({"layers": [(3, 1, "same", 1000)]}, "at most 512 pixels; got (3, 1, 'same', 1000)"),
        ({"layers": [(3, 1, 3000)]}, "maps of at most 512 pixels; (3, 1, (3000, 3000), 1) gives 6062."),
        ({"image": "kitten in colour"}, "image must be a plain picture, (row, column)"),
        ({"image": "dog"}, "image 'dog' is unknown"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = ReceptiveFieldExplorer()
    state = explorer.state
    with pytest.raises(StateError, match=re.escape(words)):
        explorer.set(**changes)
    assert explorer.state is state
    with pytest.raises(StateError):
        ReceptiveFieldExplorer(**changes)


class AnythingIsAsked(telling.AnythingIsAsked):
    make = ReceptiveFieldExplorer
    values = {
        "image": st.sampled_from(["numbers", "letter", "dog", "face"]),
        "layers": st.lists(windows, max_size=4),
        "depth": st.integers(1, 5),
    }
    nonsense = [0, -1, 99, 2.5, np.nan, "three", None, True, [(3, 0)], [3, "x"], {}, [[]], 10**30]
    by_hands = list(values)

    def is_done(self, name, value):
        """Layers are told in a shorter form."""

    @invariant()
    def what_is_said_is_the_state(self):
        state = self.explorer.state
        heard = json.loads(json.dumps(state.settings))
        again = state.changed(**state.asked(heard, {heard["image"]: state.image} if state.has_own_image else {}))
        assert again.settings == state.settings and again.layers == state.layers
        assert 1 <= state.depth <= len(state.layers)


AnythingIsAsked.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestAnything = AnythingIsAsked.TestCase


def test_its_still_shows_what_the_unit_in_the_middle_sees():
    explorer = ReceptiveFieldExplorer([(3,), (2, (2, 1))], image=np.arange(100.0).reshape(10, 10))
    sees, unit = (panel.mark for panel in explorer.state.panels)
    assert unit == (2, 3, 1, 1) and sees == (4, 3, 4, 4)
    assert "layer 2 sees 4 × 4 pixels" in repr(explorer) and "2 pixels further down or 1 to the right" in repr(explorer)
    words = [text.get_text() for text in explorer.figure().texts]
    assert "layer 2" in words and explorer.state.sum_in_words in words
    assert "padding included" not in repr(explorer)
    for kernel_size, shape in [((4, 5), (9, 4)), ((5, 4), (4, 9))]:
        beyond = ReceptiveFieldExplorer([(kernel_size, 1, "same")], image=np.eye(*shape))
        assert f"{size(kernel_size)} pixels of the input, padding included" in repr(beyond)
    ReceptiveFieldExplorer([(1, 1, 9)], image="numbers").figure()  # the unit in the middle
