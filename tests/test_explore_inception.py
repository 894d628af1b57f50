"""The Inception designer without a browser: GoogLeNet's figures come out of it, and its state can always be."""

import copy
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from PIL import Image

import pictures
import telling
from convscope import InceptionDesigner, StateError
from convscope.explore.inception.state import BOXES, MODULE, NAIVE, PLAIN, WIDTHS
from convscope.models import GOOGLENET
from refusing import refused
from telling import told

NONSENSE = [-1, 1025, 2.5, np.nan, "three", None, True, (), (3, 4), (0, 4, 4), (3, 4, 999), 10**30, [], {}]
VALUES = {
    "module": st.sampled_from(list(GOOGLENET)),
    "input_shape": st.tuples(st.integers(1, 40), st.integers(1, 9), st.integers(1, 9)),
    **dict.fromkeys(WIDTHS, st.just(0) | st.integers(0, 12)),
    "naive": st.booleans(),
}


def test_3a_and_its_rivals():
    designer, plain = InceptionDesigner(), 192 * 256 * 25
    costs = {
        MODULE: ((256, 28, 28), 163_328, 163_696, 128_049_152),
        NAIVE: ((416, 28, 28), 387_072, 387_296, 303_464_448),
        PLAIN: ((256, 28, 28), plain, plain + 256, plain * 28 * 28),
    }
    assert designer.costs == costs
    assert designer.sentence.startswith(
        "InceptionDesigner: Inception 3a: 192 maps of 28 × 28 become 256, by 163,328 weights (163,696 with biases), "
        "128,049,152 MACs. The naive module, without reductions: 387,072 weights"
    )
    assert "2.37 times as many weights and MACs, and 416 maps of 28 × 28." in designer.sentence
    assert "On show" not in designer.sentence
    designer.naive = True
    assert designer.costs == costs and designer.sentence.endswith("On show is the naive module.")


@given(
    VALUES["input_shape"].filter(lambda shape: shape[2] > 4),  # or its channels would seem to come last
    st.tuples(*[VALUES[name] for name in WIDTHS]).filter(lambda w: w[0] or w[2] or w[4]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_costs_and_boxes_are_those_of_the_module_that_runs(shape, widths, naive):
    designer = InceptionDesigner(input_shape=shape, **dict(zip(WIDTHS, widths, strict=True)), naive=naive)
    model = designer.model.build(shape)
    cost = designer.costs[NAIVE if naive else MODULE]
    assert model(np.ones((1, *shape), np.float32)).shape[1:] == cost.shape
    kernels = [array.size for name, array in model.parameters.items() if name.endswith("kernels")]
    assert cost.parameters == sum(array.size for array in model.parameters.values())
    assert cost.weights == sum(kernels) and cost.macs == cost.weights * shape[1] * shape[2]
    for rival in designer.costs.values():  # one ratio tells of both
        assert rival.macs * cost.weights == rival.weights * cost.macs
    branches = designer.state.branches()
    boxes = [box for branch in branches for box in branch.boxes]
    assert sorted(box.weights for box in boxes) == sorted(kernels)
    assert sum(branch.maps for branch in branches) == cost.shape[0]
    assert all(box.maps == getattr(designer, box.name) for box in boxes)
    assert [branch.label for branch in branches] == [label for label in BOXES if label in {b.label for b in branches}]


def test_the_naive_module_is_its_own_rival():
    designer = InceptionDesigner(reduce_three=0, reduce_five=0, pool=0)
    assert designer.costs[MODULE] == designer.costs[NAIVE]
    assert designer.costs[MODULE].shape == (416, 28, 28)
    assert "This is a naive module" in designer.sentence
    designer.naive = True
    assert "On show" not in designer.sentence
    designer.pool = 192  # gives as many maps as come to it, but has weights
    assert "This is a naive module" not in designer.sentence


def test_a_branch_left_out_takes_its_reduction_along_and_brings_it_back():
    designer = InceptionDesigner(five=0)
    assert [branch.label for branch in designer.state.branches()] == ["1×1", "3×3", "pool"]
    assert designer.reduce_five == 16 and designer.costs[MODULE].weights == 163_328 - 15_872
    designer.five = 32
    assert designer.module == "3a"


def test_presets_and_ones_own():
    designer = InceptionDesigner("4b")
    designer.three = 100
    assert designer.module == "your own" and "Your own Inception module: 512 maps" in designer.sentence
    designer.module = "5b"
    assert designer.input_shape == (832, 7, 7) and "Inception 5b: 832 maps of 7 × 7" in designer.sentence
    designer.reset()
    assert designer.module == "4b" and designer.widths == GOOGLENET["4b"]
    assert designer.state.asked({"module": "5b", "pool": 1}, {}) == {"pool": 1}  # the widths say which module
    designer.set(module="3b", pool=1)
    assert designer.widths == GOOGLENET["3b"]._replace(pool=1)


def test_what_is_told_of_it_cannot_be_changed():
    designer = InceptionDesigner()
    designer.costs.clear()
    assert designer.costs[MODULE].weights == 163_328
    assert copy.deepcopy(designer.state) == designer.state


class AnythingIsAsked(telling.AnythingIsAsked):
    make, values, nonsense = InceptionDesigner, VALUES, NONSENSE

    @rule(data=st.data(), name=st.sampled_from(list(VALUES)[1:]))
    def by_hand(self, data, name):
        value, before = data.draw(VALUES[name]), self.explorer.state
        said = told(self.explorer, **{name: value, "module": "3a"})  # which the widths say, not a hand
        if "refusal" in said:
            assert said["refusal"].endswith(".") and self.explorer.state is before
        else:
            assert getattr(self.explorer, name) == value

    @invariant()
    def all_agrees(self):
        designer = self.explorer
        assert designer.widths == tuple(getattr(designer, name) for name in ("input_shape", *WIDTHS))
        assert (designer.module in GOOGLENET) == (designer.widths in GOOGLENET.values())
        assert designer._said["settings"] == designer.state.settings
        assert designer.state.changed(**designer.state.asked(designer.state.settings, {})) == designer.state


AnythingIsAsked.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestAnything = AnythingIsAsked.TestCase


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"one": 0, "three": 0, "five": 0}, "one, three and five must not all be 0"),
        ({"module": "6a"}, "module must be one of '3a', '3b', '4a'"),
        ({"module": "your own"}, "got 'your own'."),
        ({"three": 1025}, "three must be a whole number from 0 to 1024; got 1025."),
        ({"pool": 2.5}, "pool must be a whole number from 0 to 1024; got 2.5."),
        ({"reduce_five": None}, "reduce_five must be a whole number"),
        ({"naive": 1}, "naive must be True or False; got 1."),
        ({"input_shape": (192, 0, 28)}, "rows of input_shape must be a whole number from 1 to 256; got 0."),
        ({"input_shape": (0, 28, 28)}, "channels of input_shape must be a whole number from 1 to 2048; got 0."),
        ({"input_shape": (28, 28)}, "input_shape must be (channel, row, column), such as (192, 28, 28); got (28, 28)."),
        ({"widths": 3}, "InceptionDesigner has no setting 'widths'; its settings are module, input_shape"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    for ask in (InceptionDesigner().set, InceptionDesigner):
        with refused(words, StateError):
            ask(**changes)


def test_it_leaves_a_picture_and_words_and_a_page(monkeypatch):
    designer, shown = InceptionDesigner(), []
    monkeypatch.setattr("convscope.explore.bundle.display", lambda bundle, **how: shown.append(bundle))
    designer._ipython_display_()
    (bundle,) = shown
    alt, png = pictures.shown(bundle["text/html"])
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert len(png) < 45_000 and alt == bundle["text/plain"] == designer.sentence
    red, _, blue = np.moveaxis(np.array(picture, int), -1, 0)
    assert (blue - red > 60).sum() > 200  # the boxes' edges
    assert designer.page().count('<script type="module">') == 1


@pytest.mark.parametrize(
    "changes", [{"five": 0, "reduce_three": 0}, {"naive": True}, {"one": 0, "three": 0, "pool": 0}]
)
def test_every_module_has_a_still_picture(changes):
    designer = InceptionDesigner(**changes)
    written = " ".join(text.get_text() for text in designer.figure().axes[0].texts)
    total = sum(branch.maps for branch in designer.state.branches())
    assert f"= {total:,} maps" in written and f"{designer.costs[NAIVE].weights:,} weights" in written
