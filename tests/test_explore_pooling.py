"""The pooling explorer without a browser: winners, striding and gradients are those of plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.stateful import invariant
from matplotlib.patches import Circle

import telling
from convscope import PoolingExplorer, StateError, kernels, padding_amounts
from convscope.explore.pooling.state import KINDS, PoolingState
from telling import both, led_back, of_axes, told

NONSENSE = [-1, 6, 2.5, np.nan, "half", None, 10**30, [], {}, (1, 2, 3), (1, 0.5), [[np.nan]], np.zeros((2, 2, 2))]
tables = st.tuples(st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(-2, 3))
)


VALUES = {
    "image": st.sampled_from(["numbers", "digit", "step edge", "kitten in colour"]) | tables,
    "kernel": st.sampled_from(["none", "none", "Sobel x", "box blur"]),
    "kind": st.sampled_from(KINDS),
    "size": of_axes(1, 5),
    "stride": of_axes(1, 5),
    "padding": st.sampled_from(["valid", "same"]) | of_axes(0, 2),
    "gradient": st.booleans(),
    "grad_y": st.none() | arrays(float, (3, 3), elements=st.integers(-2, 2)) | tables,
}


def windows(state):
    """For each output its place, and the pixels of its window in reading order."""
    sizes, steps = both(state.size), both(state.stride)
    befores = [
        padding_amounts(n, size, stride=step, padding=each)[0]
        for n, size, step, each in zip(state.x.shape, sizes, steps, both(state.padding), strict=True)
    ]
    for place in np.ndindex(state.output.shape):
        top, left = (at * step - before for at, step, before in zip(place, steps, befores, strict=True))
        around = [(row, column) for row in range(top, top + sizes[0]) for column in range(left, left + sizes[1])]
        yield place, [(r, c) for r, c in around if 0 <= r < state.x.shape[0] and 0 <= c < state.x.shape[1]]


def check_by_loops(state):
    """All that is shown of a state, pixel by pixel."""
    grad_x = np.zeros(state.x.shape)
    for place, pixels in windows(state):
        values = [state.x[pixel] for pixel in pixels]
        winner = pixels[values.index(max(values))]
        assert divmod(state.winners[place], state.x.shape[1]) == winner
        assert state.pooled("striding")[place] == values[0]
        assert state.pooled("max")[place] == max(values)
        assert state.pooled("average")[place] == pytest.approx(sum(values) / len(values), rel=1e-5, abs=1e-6)
        for pixel in {"max": [winner], "striding": pixels[:1], "average": pixels}[state.kind]:
            grad_x[pixel] += state.grad_y[place] / (len(pixels) if state.kind == "average" else 1)
    np.testing.assert_allclose(state.grad_x, grad_x, rtol=1e-5, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(tables, st.fixed_dictionaries({name: VALUES[name] for name in ("kind", "size", "stride", "padding")}))
def test_winners_striding_and_gradients_are_those_of_loops(image, changes):
    try:
        state = PoolingState.start().changed(image=image, gradient=True, **changes)
    except ValueError as refusal:
        assert "fit" in str(refusal) or "padding" in str(refusal)
        return
    grad_y = np.random.default_rng(0).integers(-3, 4, state.output.shape)
    check_by_loops(state.changed(grad_y=grad_y))


def test_a_feature_map_is_pooled_after_relu():
    explorer = PoolingExplorer("kitten", kernel="Sobel y")
    padded, kernel = np.pad(explorer.image, 1, mode="edge"), kernels.preset("Sobel y")
    for row, column in [(0, 0), (9, 13), (14, 10), (95, 95)]:
        total = (padded[row : row + 3, column : column + 3] * kernel).sum()
        assert explorer.state.x[row, column] == pytest.approx(max(total, 0), abs=1e-5)
    assert "max pooling of kitten under Sobel y and ReLU, 96 × 96" in explorer.sentence


def test_a_feature_map_has_no_edge_where_the_picture_ends():
    assert not PoolingExplorer(np.full((4, 5), 0.5), kernel="Laplacian").state.x.any()


def test_it_begins_where_the_largest_and_the_first_differ_most_and_says_so():
    explorer = PoolingExplorer()
    assert explorer.output.tolist() == [[0, 5, 5], [9, 5, 5], [2, 3, 2]] and explorer.state.marked == (1, 0)
    assert "Striding keeps the first pixel of each window: the largest in 4 of 9." in explorer.sentence
    assert explorer.state.sum_in_words == "output (1, 0): of its window max 9, average 2.25, striding 0"


def test_another_shape_has_a_gradient_of_ones():
    explorer = PoolingExplorer(gradient=True, grad_y=np.eye(3))
    explorer.kind = "average"
    assert explorer.grad_y.tolist() == np.eye(3).tolist()
    explorer.stride = 1
    assert explorer.grad_y.tolist() == np.ones((6, 6)).tolist()
    assert "refusal" not in told(explorer, stride=2, grad_y=(2 * np.eye(3)).tolist())
    assert explorer.grad_y.tolist() == (2 * np.eye(3)).tolist()
    assert "refusal" not in told(explorer, grad_y=None)  # as undo says it
    assert explorer.grad_y.tolist() == np.ones((3, 3)).tolist()


def test_an_edited_picture_is_handed_in_by_the_view():
    explorer = PoolingExplorer()
    pixels = explorer.image.astype("f4")
    pixels[1, 1] = 6.5
    picture = {"shape": [7, 7], "data": pixels.tobytes()}
    assert "refusal" not in told(explorer, image="your own x", picture=picture)
    assert explorer.output[0, 0] == 6.5 and explorer.state.winners[0, 0] == 8 and explorer.state.has_own_image


class AnythingIsAsked(telling.AnythingIsAsked):
    make, values, nonsense, by_hands = PoolingExplorer, VALUES, NONSENSE, list(VALUES)[1:-1]

    @invariant()
    def all_agrees(self):
        explorer, state = self.explorer, self.explorer.state
        assert state.grad_y.shape == state.output.shape and state.grad_x.shape == state.x.shape
        assert f"gives {state.output.shape[0]} × {state.output.shape[1]}." in explorer.sentence == repr(explorer)
        if led_back(explorer).x.size <= 49:
            check_by_loops(state)


AnythingIsAsked.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestAnything = AnythingIsAsked.TestCase


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 6}, "size must be a whole number from 1 to 5, or (rows, columns) of these; got 6."),
        ({"size": (1, 0)}, "(rows, columns) of these; got (1, 0)."),
        ({"size": 5, "image": [[1, 2]]}, "size 5 does not fit into"),
        ({"padding": 2}, "padding must be smaller than the window"),
        ({"padding": "full"}, 'padding must be "valid", "same", a whole number from 0 to 4'),
        ({"kind": "min"}, "kind must be one of 'max', 'average', 'striding'; got 'min'."),
        ({"kernel": "edge"}, "kernel must be one of 'none', 'identity'"),
        ({"gradient": 1}, "gradient must be True or False; got 1."),
        ({"compare": True}, "PoolingExplorer has no setting 'compare'; its settings are image, kernel"),
        ({"grad_y": np.ones((2, 2))}, "the shape of the output, (3, 3); got (2, 2)."),
        ({"image": "kitten in colour"}, "image must be a plain picture, (row, column); got shape (3, 96, 96)."),
        ({"image": np.ones((257, 3))}, "at most 256 × 256; got shape (257, 3)."),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = PoolingExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value) and explorer.state is state


def test_the_still_picture_rings_the_winner():
    figure = PoolingExplorer().figure()
    rings = [patch for patch in figure.axes[0].patches if isinstance(patch, Circle)]
    assert {ring.center for ring in rings} == {(1.5, 2.5)} and len(figure.axes) == 4
    figure = PoolingExplorer(gradient=True, padding="same").figure()
    words = [text.get_text() for text in figure.texts]
    assert "gradient of the input" in words and any("the first among equals: 16 of 49 pixels" in each for each in words)
