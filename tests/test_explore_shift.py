"""The shift explorer without a browser: its errors are those of plain loops, and its state can always be."""

import re
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import telling
from convscope import ShiftExplorer, StateError, receptive_field, reference
from convscope.arguments import pair
from convscope.explore.shift.state import FURTHEST, LIMITS, OF_CONVOLUTION, OF_POOLING, PAPER, ShiftState
from convscope.explore.shift.weights import dense_weights, kernels
from telling import numbers, of_axes, told

NONSENSE = [0, -1, 9, 2.5, np.nan, "three", None, True, (0, 0, 0), (0.5, 0), (99, 0), 10**30, [], {}, np.zeros((3, 3))]
VALUES = {
    "image": st.sampled_from(["digit", "letter", "kitten", " Digit"]) | st.just(np.eye(20) - 0.5),
    "shift": st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    "layer": st.sampled_from(["convolution"] * 4 + ["dense"]),
    "kernel": st.integers(0, 7),
    **{name: of_axes(1, largest) for name, largest in LIMITS["largest"].items()},
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
    weights = kernels(*pair("kernel_size", state.kernel_size))
    maps = reference.conv2d(picture[None, None], weights, stride=state.stride, padding="same")
    maps = np.where(maps > 0, maps, 0)
    if state.pooling != "none":
        maps = POOLS[state.pooling](maps, state.pool_size, stride=state.pool_stride, padding="same")
    return maps[0]


@settings(max_examples=12, deadline=None)
@given(st.fixed_dictionaries({name: VALUES[name] for name in ("stride", "pooling", "kernel_size")}), st.data())
def test_the_error_is_that_of_plain_loops(changes, data):
    if changes["pooling"] != "none":
        changes |= {name: data.draw(VALUES[name]) for name in OF_POOLING}
    state = ShiftState.start().changed(image=np.pad([[1.0, 2.0], [4.0, 3.0]], 3), **changes)
    state = state.changed(shift=tuple(data.draw(st.integers(*room)) for room in state.room))
    pooled = pair("stride", state.pool_stride if changes["pooling"] != "none" else 1)
    steps = [one * other for one, other in zip(pair("stride", changes["stride"]), pooled, strict=True)]
    before, after = looked_at(state.paper, state), looked_at(moved(state.paper, *state.shift), state)
    cells = [floor(shift / step + 0.5) for shift, step in zip(state.shift, steps, strict=True)]
    expected = [moved(each, *cells) for each in before]
    np.testing.assert_array_equal(state.maps_of_shifted, after)
    np.testing.assert_array_equal(state.shifted_maps, expected)
    error = np.sqrt(((after - expected) ** 2).sum() / (before**2).sum()) if before.any() else 0
    assert state.error == pytest.approx(error)
    answers = np.stack([before.max(axis=(1, 2)), after.max(axis=(1, 2))])
    np.testing.assert_allclose(state.answers, answers)
    wanted = np.linalg.norm(answers[1] - answers[0]) / np.linalg.norm(answers[0]) if before.any() else 0
    assert state.answer_error == pytest.approx(wanted)
    columns, errors = state.curve
    assert errors[columns == state.shift[1]] == pytest.approx(error)


def test_a_reset_brings_back_settings_of_what_is_not_there():
    explorer = ShiftExplorer()
    explorer.set(pool_size=1, pooling="none")
    assert "refusal" not in told(explorer, pool_size=2) and explorer.pool_size == 2
    explorer.set(layer="dense", stride=2)
    assert "refusal" not in told(explorer, stride=1) and explorer.stride == 1


def test_as_many_maps_as_rows_and_few_columns_are_no_channels_in_the_last_place():
    narrow = {"stride": (2, 4), "pooling": "max", "pool_size": 1, "pool_stride": 3}
    state = ShiftState.start().changed(image=np.eye(8), **narrow)
    assert state.maps.shape == state.shifted_maps.shape == (8, 8, 4) and state.answers.shape == (2, 8)


@pytest.mark.parametrize(
    ("changes", "period", "least", "most"),
    [
        ({}, 1, 0, 0),
        ({"kernel_size": 5}, 1, 0, 0),
        ({"kernel_size": (1, 5)}, 1, 0, 0),
        ({"stride": (3, 1)}, 1, 0, 0),
        ({"stride": 2}, 2, 0.35, 0.65),
        ({"stride": (1, 2)}, 2, 0.3, 0.65),
        ({"stride": 4}, 4, 0.4, 1.2),
        ({"pooling": "max"}, 2, 0.25, 0.5),
        ({"pooling": "average"}, 2, 0.25, 0.5),
        ({"pooling": "max", "pool_stride": 1}, 1, 0, 0),
        ({"pooling": "average", "pool_stride": 1}, 1, 0, 0),
        ({"stride": 2, "pooling": "max"}, 4, 0.25, 0.8),
    ],
)
def test_the_comb_is_nought_at_whole_steps_alone(changes, period, least, most):
    columns, errors = ShiftExplorer(**changes).state.curve
    whole = columns % period == 0
    assert (columns == range(-FURTHEST, FURTHEST + 1)).all()
    assert (errors[whole] == 0).all()
    assert ((errors[~whole] >= least) & (errors[~whole] <= most)).all()


@pytest.mark.parametrize("global_pool", ["max", "average"])
def test_a_global_pool_notices_nothing_but_broken_steps(global_pool):
    explorer = ShiftExplorer(global_pool=global_pool, shift=(2, 3))
    assert explorer.state.answer_error == 0
    explorer.stride = 2
    assert 0.01 < explorer.state.answer_error < 0.3
    explorer.shift = (2, 4)
    assert explorer.state.answer_error == 0


def test_a_dense_layer_errs_alike_wherever_the_picture_goes():
    columns, errors = ShiftExplorer(layer="dense").state.curve
    away = errors[columns != 0]
    assert errors[columns == 0] < 1e-6
    assert 1 < away.min() and away.max() < 1.25
    state = ShiftExplorer(layer="dense", shift=(8, 8)).state
    difference = state.maps_of_shifted - state.shifted_maps
    assert state.error == pytest.approx(np.linalg.norm(difference) / np.linalg.norm(state.maps))


def test_dense_weights_are_about_normal_and_share_nothing():
    weights = dense_weights(100)
    assert weights.shape == (100, 100) and weights.dtype == np.float32
    assert abs(weights.mean()) < 0.005 and weights.std() * 10 == pytest.approx(1, rel=0.05)
    rows = np.corrcoef(weights)
    assert abs(rows[~np.eye(100, dtype=bool)]).max() < 0.5
    assert abs(np.corrcoef(weights.T)[~np.eye(100, dtype=bool)]).max() < 0.5


@given(st.fixed_dictionaries({}, optional={name: VALUES[name] for name in ("stride", "kernel_size")}), st.data())
@settings(max_examples=10, deadline=None)
def test_a_cell_sees_no_more_than_its_field(changes, data):
    if data.draw(st.booleans()):
        changes |= {"pooling": "max"} | {name: data.draw(VALUES[name]) for name in OF_POOLING}
    state = ShiftState.start().changed(image=np.ones((3, 3)), **changes)
    at = [data.draw(st.integers(0, n - 1)) for n in state.maps.shape[-2:]]
    noise = np.random.default_rng(0).random((PAPER, PAPER))
    hidden = noise.copy()
    for axis, (cell, field) in enumerate(zip(at, state.fields, strict=True)):
        first = field.start + cell * field.jump
        seen = np.zeros(PAPER, bool)
        seen[max(first, 0) : first + field.size] = True
        hidden = np.where(np.expand_dims(seen, 1 - axis), hidden, 0)
        assert field == receptive_field(state.windows(axis), PAPER)[-1]
    np.testing.assert_array_equal(*(state.changed(image=image).maps[:, *at] for image in (hidden, noise)))


class AnythingIsAsked(telling.AnythingIsAsked):
    make, values, nonsense = ShiftExplorer, VALUES, NONSENSE

    @invariant()
    def all_agrees(self):
        explorer, said = self.explorer, self.explorer._said
        assert np.isfinite(explorer.error)
        if "refusal" not in said:
            for name, maps in (("there", explorer.state.maps_of_shifted), ("back", explorer.state.shifted_maps)):
                np.testing.assert_array_equal(numbers(said["numbers"][name]), maps.astype("f4"))
        state = explorer.state
        image = state.image if state.has_own_image else state.picture
        again = state.changed(**state.asked(state.settings, {state.settings["image"]: image}))
        assert again.settings == state.settings


AnythingIsAsked.TestCase.settings = settings(max_examples=20, stateful_step_count=10, deadline=None)
TestAnything = AnythingIsAsked.TestCase


@pytest.mark.parametrize(
    ("before", "changes", "words"),
    [
        ({}, {"shift": (9, 0)}, "rows from -8 to 8, columns from -8 to 8; got (9, 0)."),
        ({}, {"shift": (0, 8), "image": np.ones((40, 40))}, "rows from -1 to 1, columns from -1 to 1; got (0, 8)."),
        ({}, {"shift": 3}, "shift must be (rows, columns), whole numbers"),
        ({}, {"shift": (1.5, 0)}, "got (1.5, 0)."),
        ({"layer": "dense"}, {"stride": 2}, "A dense layer has no stride; "),
        ({}, {"pool_size": 3}, "pooling='max' or 'average'"),
        ({}, {"layer": "pooling"}, "layer must be one of 'convolution', 'dense'; got 'pooling'."),
        ({}, {"kernel": 8}, "kernel must be a whole number from 0 to 7; got 8."),
        ({}, {"stride": True}, "stride must be a whole number from 1 to 4, or (rows, columns) of these; got True."),
        ({}, {"kernel_size": (3, 6)}, "kernel_size must be a whole number from 1 to 5, or (rows, columns)"),
        ({}, {"image": "dog"}, "image must be one of 'digit', 'letter', 'kitten'; got 'dog'."),
        ({}, {"image": np.zeros((5, 5))}, "image must hold more than zeros"),
        ({}, {"image": np.ones((3, 5, 5))}, "image must be a plain picture, (row, column); got shape (3, 5, 5)."),
        ({}, {"image": np.ones((49, 5))}, "at most 48 × 48; got shape (49, 5)."),
        ({}, {"size": 3}, "ShiftExplorer has no setting 'size'; its settings are image, shift, layer"),
    ],
)
def test_a_refusal_says_what_would_do(before, changes, words):
    explorer = ShiftExplorer(**before)
    state = explorer.state
    with pytest.raises(StateError, match=re.escape(words)):
        explorer.set(**changes)
    assert explorer.state is state


def test_a_layer_may_bring_settings_along_that_are_not_in_use():
    explorer = ShiftExplorer(stride=(1, 2), pooling="max", pool_size=3)
    explorer.set(layer="dense", stride=1, pooling="none", pool_size=2)
    explorer.layer = "convolution"
    assert (explorer.stride, explorer.pool_size) == (1, 2)
    assert {"kernel", *OF_POOLING} < set(OF_CONVOLUTION)


def test_a_new_image_without_room_goes_back_to_the_middle():
    explorer = ShiftExplorer(shift=(8, -8))
    explorer.image = "letter"
    assert explorer.shift == (8, -8)
    explorer.image = np.ones((44, 44))
    assert explorer.shift == (0, 0) and explorer.state.room == ((0, 0), (0, 0))
    assert len(explorer.state.curve[0]) == 1 and explorer.figure()
    assert explorer._said["settings"]["image"].startswith("your own")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stride": 2, "shift": (0, 1)}, ["1 right", "{error:.0f} %", "worth 2 pixels", "{answer_error:.2g} %"]),
        ({"stride": (2, 1)}, ["not shifted", "the same", "worth 2 × 1 pixels"]),
        ({"shift": (-2, 1)}, ["2 up and 1 right", "the same", "global max stays"]),
        ({"layer": "dense", "shift": (0, 1), "global_pool": "average"}, ["dense", "{error:.0f} %", "global average"]),
    ],
)
def test_it_says_what_it_shows(changes, words):
    explorer = ShiftExplorer(**changes)
    shares = {name: 100 * getattr(explorer.state, name) for name in ("error", "answer_error")}
    for each in words:
        assert each.format(**shares) in explorer.sentence.lower()
    assert explorer.state.sum_in_words in {text.get_text() for text in explorer.figure().texts}
