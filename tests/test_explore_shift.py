"""The shift explorer without a browser: its errors are those of plain loops, and its state can always be."""

from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from convscope import ShiftExplorer, StateError, receptive_field, reference
from convscope.explore.shift_state import FURTHEST, PAPER, RANGES, ShiftState, kernels
from explorers import AnythingIsAsked, asked, shown

ODD_ONES_OUT = [
    0,
    -1,
    9,
    2.5,
    np.nan,
    "three",
    None,
    True,
    (0, 0, 0),
    (0.5, 0),
    (99, 0),
    10**30,
    [],
    {},
    np.zeros((3, 3)),
]
VALUES = {
    "image": st.sampled_from(["digit", "letter", "kitten", " Digit"]) | st.just(np.eye(20) - 0.5),
    "shift": st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    "layer": st.sampled_from(["convolution"] * 4 + ["dense"]),
    **{name: st.sampled_from(among) for name, among in RANGES.items()},
    "pooling": st.sampled_from(["none", "max", "average"]),
    "global_pool": st.sampled_from(["max", "average"]),
}
POOLS = {"max": reference.max_pool2d, "average": reference.avg_pool2d}


def moved(picture, rows, columns):
    """A picture, or a map, moved pixel by pixel; what leaves is lost."""
    answer = np.zeros_like(picture)
    height, width = picture.shape
    for row, column in np.ndindex(picture.shape):
        if 0 <= row + rows < height and 0 <= column + columns < width:
            answer[row + rows, column + columns] = picture[row, column]
    return answer


def looked_at(picture, state):
    """The maps of a picture by plain loops."""
    maps = reference.conv2d(picture[None, None], kernels(state.kernel_size), stride=state.stride, padding="same")
    maps = np.where(maps > 0, maps, 0)
    if state.pooling != "none":
        maps = POOLS[state.pooling](maps, state.pool_size, stride=state.pool_stride, padding="same")
    return maps[0]


@settings(max_examples=12)
@given(st.fixed_dictionaries({name: VALUES[name] for name in ("stride", "pooling", "kernel_size")}), st.data())
def test_the_error_is_that_of_plain_loops(changes, data):
    if changes["pooling"] != "none":
        changes |= {name: data.draw(VALUES[name]) for name in ("pool_size", "pool_stride")}
    state = ShiftState.start().changed(image=np.pad([[1.0, 2.0], [4.0, 3.0]], 3), **changes)
    (least, most), columns = state.room[0], state.room[1]
    state = state.changed(shift=(data.draw(st.integers(least, most)), data.draw(st.integers(*columns))))
    step = changes["stride"] * (state.pool_stride if changes["pooling"] != "none" else 1)
    before, after = looked_at(state.paper, state), looked_at(moved(state.paper, *state.shift), state)
    expected = [moved(each, *(floor(step_of / step + 0.5) for step_of in state.shift)) for each in before]
    np.testing.assert_array_equal(state.maps_of_shifted, after)
    np.testing.assert_array_equal(state.shifted_maps, expected)
    error = np.sqrt(((after - expected) ** 2).sum() / (before**2).sum()) if before.any() else 0
    assert state.error == pytest.approx(error)
    np.testing.assert_allclose(state.answers, [before.max(axis=(1, 2)), after.max(axis=(1, 2))])


@pytest.mark.parametrize(
    ("changes", "period", "least", "most"),
    [
        ({}, 1, 0, 0),
        ({"kernel_size": 5}, 1, 0, 0),
        ({"stride": 2}, 2, 0.35, 0.65),
        ({"stride": 4}, 4, 0.4, 1.2),
        ({"pooling": "max"}, 2, 0.25, 0.5),
        ({"pooling": "average"}, 2, 0.25, 0.5),
        ({"pooling": "max", "pool_stride": 1}, 1, 0, 0),
        ({"pooling": "average", "pool_stride": 1}, 1, 0, 0),
        ({"stride": 2, "pooling": "max"}, 4, 0.25, 0.8),
    ],
)
def test_the_comb_is_nought_at_whole_steps_alone(changes, period, least, most):
    columns, errors = ShiftExplorer(**changes).curve
    whole = columns % period == 0
    assert (columns == range(-FURTHEST, FURTHEST + 1)).all()
    assert (errors[whole] == 0).all()
    assert ((errors[~whole] >= least) & (errors[~whole] <= most)).all()


@pytest.mark.parametrize("global_pool", ["max", "average"])
def test_a_global_pool_notices_nothing_but_broken_steps(global_pool):
    explorer = ShiftExplorer(global_pool=global_pool, shift=(2, 3))
    assert explorer.answer_error == 0
    explorer.stride = 2
    assert 0.01 < explorer.answer_error < 0.3
    explorer.shift = (2, 4)
    assert explorer.answer_error == 0


def test_a_dense_layer_errs_alike_wherever_the_picture_goes():
    columns, errors = ShiftExplorer(layer="dense").curve
    away = errors[columns != 0]
    assert errors[columns == 0] < 1e-6
    assert 1 < away.min() and away.max() < 1.25


def test_the_curve_runs_through_the_error():
    for changes in ({"stride": 3, "shift": (2, -4)}, {"layer": "dense", "shift": (-3, 5)}):
        explorer = ShiftExplorer(**changes)
        columns, errors = explorer.curve
        assert errors[columns == explorer.shift[1]] == pytest.approx(explorer.error)
        assert explorer._charts[0].marked == explorer.shift[1]
        np.testing.assert_allclose(explorer._charts[0].chart["curves"][0]["y"], errors)


@given(st.fixed_dictionaries({}, optional={name: VALUES[name] for name in ("stride", "kernel_size")}), st.data())
@settings(max_examples=10)
def test_what_is_marked_is_all_that_changes_the_cell(changes, data):
    pool = data.draw(st.booleans())
    changes |= {"pooling": "max"} | {n: data.draw(VALUES[n]) for n in ("pool_size", "pool_stride")} if pool else {}
    explorer = ShiftExplorer(image=np.ones((3, 3)), **changes)
    tables = [np.frombuffer(table, "<i4") for table in explorer._view.tables[:2]]
    cells = explorer.state.maps.shape[-2:]
    at = [data.draw(st.integers(0, n - 1)) for n in cells]
    seen = [set(table.reshape(n, -1)[i]) - {-1} for table, n, i in zip(tables, cells, at, strict=True)]
    noise = np.random.default_rng(0).random((PAPER, PAPER))
    before = looked_at(noise, explorer.state)[:, *at]
    hidden = noise.copy()
    hidden[np.ix_(*map(sorted, seen))] = 0
    np.testing.assert_array_equal(looked_at(noise - hidden, explorer.state)[:, *at], before)
    size = receptive_field(explorer.state.windows, PAPER)[-1].size
    assert max(map(len, seen)) <= size == explorer.state.sight


class AnythingIsAskedOfShifts(AnythingIsAsked):
    make = ShiftExplorer
    values, nonsense = VALUES, ODD_ONES_OUT

    @rule(rows=st.integers(-9, 9) | st.just(None), columns=st.integers(-9, 9))
    def drag(self, rows, columns):
        wanted, room = (rows, columns), self.explorer.state.room
        request = {"serial": next(self.serials), "kind": "move", "panel": 0, "rows": rows, "columns": columns}
        self.explorer._view.refusal = ""
        self.explorer._view.request = request
        can = rows is not None and all(low <= n <= high for n, (low, high) in zip(wanted, room, strict=True))
        assert (self.explorer.shift == wanted) == can and bool(self.explorer._view.refusal) == (not can)

    @invariant()
    def all_agrees(self):
        explorer, state = self.explorer, self.explorer.state
        drag, named = explorer._view.panels[0]["drag"], explorer._controls.named
        assert tuple(drag["at"]) == explorer.shift == (named["rows"].value, named["columns"].value)
        assert np.isfinite(explorer.error)
        arrays = shown(explorer._view)
        np.testing.assert_allclose(arrays[1] - arrays[2], arrays[3], atol=1e-5 * max(abs(arrays[1]).max(), 1))
        idle = [name for name in RANGES if named[name].layout.display == "none"]
        pools = ["pool_size", "pool_stride"]
        assert idle == (list(RANGES) if state.layer == "dense" else pools if state.pooling == "none" else [])


test_anything_may_be_asked = asked(AnythingIsAskedOfShifts)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shift": (9, 0)}, "rows from -8 to 8, columns from -8 to 8; got (9, 0)."),
        ({"shift": (0, 8), "image": np.ones((40, 40))}, "rows from -1 to 1, columns from -1 to 1; got (0, 8)."),
        ({"shift": 3}, "shift must be (rows, columns), whole numbers"),
        ({"shift": (1.5, 0)}, "got (1.5, 0)."),
        ({"layer": "dense", "stride": 2}, "A dense layer has no stride; set layer='convolution'"),
        ({"pool_size": 3}, "pool_size needs a pooling layer; set pooling='max' or 'average'."),
        ({"layer": "pooling"}, "layer must be one of 'convolution', 'dense'; got 'pooling'."),
        ({"kernel": 8}, "kernel must be a whole number from 0 to 7; got 8."),
        ({"stride": True}, "stride must be a whole number from 1 to 4; got True."),
        ({"image": "dog"}, "image must be one of 'digit', 'letter', 'kitten'; got 'dog'."),
        ({"image": np.zeros((5, 5))}, "image must hold more than zeros"),
        ({"image": np.ones((3, 5, 5))}, "image must be a plain picture, (row, column); got shape (3, 5, 5)."),
        ({"image": np.ones((49, 5))}, "at most 48 × 48; got shape (49, 5)."),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = ShiftExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value)
    assert explorer.state is state


def test_a_new_image_without_room_goes_back_to_the_middle():
    explorer = ShiftExplorer(shift=(8, -8))
    explorer.image = "letter"
    assert explorer.shift == (8, -8)
    explorer.image = np.ones((44, 44))
    assert explorer.shift == (0, 0) and explorer.state.room == ((0, 0), (0, 0))
    assert explorer._charts[0].layout.display == "none" and explorer.figure()
    explorer._controls.named["image"].value = "digit"
    explorer._controls.named["image"].value = "your own"
    assert explorer.image.shape == (44, 44)


def test_a_drag_is_undone_as_one():
    explorer = ShiftExplorer()
    explorer._history.clock = lambda: 0.0
    for serial, rows in enumerate([1, 2, 3]):
        explorer._view.request = {"serial": serial, "kind": "move", "panel": 0, "rows": rows, "columns": 0}
    assert explorer.shift == (3, 0)
    explorer.undo()
    assert explorer.shift == (0, 0)


def test_it_says_what_it_shows():
    explorer = ShiftExplorer(stride=2, shift=(0, 1))
    words = f"the maps of the shifted input differ from the shifted maps by {100 * explorer.error:.0f} % of their size."
    assert f"Shifted by 1 right: {words}" in explorer.sentence and words in explorer._view.caption
    assert "only multiples of 2 come out whole" in explorer.sentence
    explorer.set(stride=1, shift=(-2, 1))
    assert "Shifted by 2 up and 1 right: the maps of the shifted input and the shifted maps are the same." in (
        explorer.sentence
    )
    assert "The global max stays as it was." in explorer.sentence
    explorer.set(layer="dense", global_pool="average")
    assert "dense layer" in explorer.sentence and "The global average changes by" in explorer.sentence
    assert "error" in explorer._charts[0].spoken
    assert '"drag":null' in explorer.page() and "Error at each shift of columns, rows 2 up" in explorer.page()
