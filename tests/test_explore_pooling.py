"""The pooling explorer without a browser: winners, striding and gradients are those of plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.stateful import invariant

from convscope import PoolingExplorer, StateError, kernels, padding_amounts
from convscope.explore.pooling_panels import MOST_EDITABLE
from convscope.explore.pooling_state import PoolingState
from explorers import AnythingIsAsked, asked

WRONG = [0, -1, 6, 2.5, np.nan, "half", None, 10**30, [], {}, (1, 2), [[np.nan]], np.zeros((2, 2, 2))]
tables = st.tuples(st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(-2, 3))
)
VALUES = {
    "image": st.sampled_from(["numbers", "digit", "step edge", "kitten in colour"]) | tables,
    "kernel": st.sampled_from(["none", "none", "Sobel x", "box blur"]),
    "kind": st.sampled_from(["max", "average"]),
    "size": st.integers(1, 5),
    "stride": st.integers(1, 5),
    "padding": st.sampled_from(["valid", "same", 0, 1, 2]),
    "compare": st.booleans(),
    "gradient": st.booleans(),
    "grad_y": arrays(float, (3, 3), elements=st.integers(-2, 2)) | tables,
}


def windows(state):
    """For each output its place, and the pixels of its window in reading order."""
    befores = [padding_amounts(n, state.size, stride=state.stride, padding=state.padding)[0] for n in state.x.shape]
    for place in np.ndindex(state.output.shape):
        top, left = (at * state.stride - before for at, before in zip(place, befores, strict=True))
        around = [(row, column) for row in range(top, top + state.size) for column in range(left, left + state.size)]
        yield place, [(r, c) for r, c in around if 0 <= r < state.x.shape[0] and 0 <= c < state.x.shape[1]]


def check_by_loops(state):
    """All that is shown of a state, pixel by pixel."""
    grad_x = np.zeros(state.x.shape)
    for place, pixels in windows(state):
        values = [state.x[pixel] for pixel in pixels]
        winner = pixels[values.index(max(values))]
        assert divmod(state.winners[place], state.x.shape[1]) == winner
        assert state.strided[place] == values[0]
        assert state.pooled("max")[place] == max(values)
        assert state.pooled("average")[place] == pytest.approx(sum(values) / len(values), rel=1e-5, abs=1e-6)
        for pixel in [winner] if state.kind == "max" else pixels:
            grad_x[pixel] += state.grad_y[place] / (1 if state.kind == "max" else len(pixels))
    np.testing.assert_allclose(state.grad_x, grad_x, rtol=1e-5, atol=1e-6)


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
    assert explorer._view.panels[0]["title"] == "feature map" and not explorer._view.panels[0]["editable"]
    assert "max pooling of kitten under Sobel y and ReLU, 96 × 96" in explorer.sentence


def test_a_feature_map_has_no_edge_where_the_picture_ends():
    assert not PoolingExplorer(np.full((4, 5), 0.5), kernel="Laplacian").state.x.any()


def test_the_numbers_by_hand():
    explorer = PoolingExplorer()
    assert explorer.output.tolist() == [[0, 5, 5], [9, 5, 5], [2, 3, 2]]
    assert explorer._view.caption == "rows and columns: ⌊(7 + 0 + 0 − 2) / 2⌋ + 1 = 3"
    explorer.set(kind="average", compare=True)
    assert explorer.output.tolist() == [[0, 2.5, 5], [2.25, 2.5, 5], [0.75, 1.75, 2]]
    assert explorer.state.strided.tolist() == [[0, 0, 5], [0, 0, 5], [0, 0, 2]]
    assert "Striding keeps the first pixel of each window: the largest in 4 of 9." in explorer.sentence


def test_ties_go_to_the_first_and_overlaps_add_up():
    explorer = PoolingExplorer(np.full((3, 3), 4.0), size=2, stride=1, gradient=True)
    assert explorer.grad_x.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    explorer.image = [[0, 0, 0], [0, 7, 0], [0, 0, 0]]
    assert explorer.grad_x.tolist() == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]
    assert "the first among equals: 1 of 9 pixels." in explorer._view.caption
    explorer.kind = "average"
    assert explorer.grad_x.tolist() == [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]


def test_an_edit_makes_another_win():
    explorer = PoolingExplorer(gradient=True)
    explorer._view.request = {"serial": 1, "kind": "edit", "panel": 0, "row": 1, "column": 1, "value": 6.5}
    assert explorer.output[0, 0] == 6.5 and explorer.state.winners[0, 0] == 8 and explorer.state.picture == "your own"
    explorer._view.request = {"serial": 2, "kind": "edit", "panel": 2, "row": 0, "column": 0, "value": -3}
    assert explorer.grad_y[0, 0] == explorer.grad_x[1, 1] == -3
    assert explorer._view.panels[2]["colours"] == explorer._view.panels[3]["colours"] == "signed"
    explorer.undo()
    explorer.undo()
    assert explorer.grad_x[0, 0] == 1 and explorer.state.picture == "numbers"


def test_another_shape_has_a_gradient_of_ones():
    explorer = PoolingExplorer(gradient=True, grad_y=np.eye(3))
    explorer.kind = "average"
    assert explorer.grad_y.tolist() == np.eye(3).tolist()
    explorer.stride = 1
    assert explorer.grad_y.tolist() == np.ones((6, 6)).tolist()
    explorer.undo()
    assert explorer.grad_y.tolist() == np.eye(3).tolist()


class AnythingIsAskedOfPools(AnythingIsAsked):
    make = PoolingExplorer
    values, nonsense = VALUES, WRONG

    @invariant()
    def all_agrees(self):
        explorer, state, view = self.explorer, self.explorer.state, self.explorer._view
        assert state.grad_y.shape == state.output.shape and state.grad_x.shape == state.x.shape
        titles = [panel["title"] for panel in view.panels]
        pools = ["max pool", "average pool", "striding"] if state.compare else [f"{state.kind} pool"]
        assert titles[1 : len(pools) + 1] == pools and len(titles) == 1 + len(pools) + 2 * state.gradient
        assert view.panels[0]["editable"] == (state.kernel == "none" and max(state.x.shape) <= MOST_EDITABLE)
        shapes = [tuple(panel["shape"]) for panel in view.panels]
        for pick, places in zip(view.picks, view.picked, strict=True):
            assert len(np.frombuffer(places, "<i4")) == np.prod(shapes[pick["source"]])
            assert shapes[pick["target"]] == state.x.shape
        assert f"gives {state.output.shape[0]} × {state.output.shape[1]}." in explorer.sentence
        if state.x.size <= 49:
            check_by_loops(state)


test_anything_may_be_asked = asked(AnythingIsAskedOfPools, examples=30)


@pytest.mark.parametrize("kind", ["max", "average"])
def test_a_pixel_is_linked_to_the_gradients_it_is_made_of(kind):
    explorer = PoolingExplorer(gradient=True, kind=kind, size=3, stride=2, padding="same")
    tables = [np.frombuffer(table, "<i4") for table in explorer._view.tables]
    link = [link for link in explorer._view.links if link["sources"] == [3]][0]
    at = explorer._view.links.index(link)
    rows, columns = (tables[2 * at + axis].reshape(7, -1) for axis in (0, 1))
    for pixel in np.ndindex(7, 7):
        marked = {(r, c) for r in rows[pixel[0]] for c in columns[pixel[1]] if min(r, c) >= 0}
        assert link["targets"] == [2] and marked == {
            place for place, pixels in windows(explorer.state) if pixel in pixels
        }


def test_its_controls_offer_what_can_be():
    named = PoolingExplorer([[1, 2, 3]], size=1)._controls.named
    assert (named["size"].min, named["size"].max) == (1, 1)
    assert named["padding"].options == ("valid", "same")
    named = PoolingExplorer(size=3)._controls.named
    assert named["padding"].options == ("valid", "same", 1, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 6}, "size must be a whole number from 1 to 5; got 6."),
        ({"size": 5, "image": [[1, 2]]}, "size 5 does not fit into"),
        ({"padding": 2}, "padding must be smaller than the window"),
        ({"padding": "full"}, "padding must be one of 'valid', 'same'; got 'full'."),
        ({"kind": "min"}, "kind must be one of 'max', 'average'; got 'min'."),
        ({"kernel": "edge"}, "kernel must be one of 'none', 'identity'"),
        ({"compare": 1}, "compare must be True or False; got 1."),
        ({"grad_y": np.ones((3, 3))}, "only where gradient is True; set it too."),
        ({"gradient": True, "grad_y": np.ones((2, 2))}, "the shape of the output, (3, 3); got (2, 2)."),
        ({"image": "kitten in colour"}, "image must be a plain picture, (row, column); got shape (3, 96, 96)."),
        ({"image": np.ones((129, 3))}, "at most 128 × 128; got shape (129, 3)."),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = PoolingExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value)
    assert explorer.state is state


def test_the_still_picture_rings_the_winner():
    figure = PoolingExplorer(gradient=True).figure()
    rings = [patch for patch in figure.axes[0].patches if type(patch).__name__ == "Circle"]
    studs = len(rings) - 2
    assert studs == 2 * 9  # nine winners, on the input and on its gradient
    assert PoolingExplorer().page().count('"verb":"won by"') == 1
