"""The Inception designer without a browser: GoogLeNet's figures come out of it, and its state can always be."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose
from PIL import Image

import pictures
from convscope import InceptionDesigner, StateError
from convscope.explore.inception_state import MODULE, NAIVE, PLAIN, WIDTHS
from convscope.figures.curves import STYLES
from convscope.models import GOOGLENET
from explorers import AnythingIsAsked, asked
from test_models import MODULES

ODD_ONES_OUT = [-1, 1025, 2.5, np.nan, "three", None, True, (), (3, 4), (0, 4, 4), (3, 4, 999), 10**30, [], {}]
VALUES = {
    "module": st.sampled_from(list(GOOGLENET)),
    "input_shape": st.tuples(st.integers(1, 40), st.integers(1, 9), st.integers(1, 9)),
    **dict.fromkeys(WIDTHS, st.just(0) | st.integers(0, 12)),
}


@pytest.mark.parametrize("name", GOOGLENET)
def test_the_figures_of_googlenet(name):
    weights, macs, naive_weights, naive_depth, ratio = MODULES[name]
    designer = InceptionDesigner(name)
    module, naive, plain = (designer.costs[rival] for rival in (MODULE, NAIVE, PLAIN))
    assert (module.weights, module.macs, naive.weights, naive.shape[0]) == (weights, macs, naive_weights, naive_depth)
    assert round(naive.weights / module.weights, 2) == ratio
    assert (f"{weights:,} weights" in designer.sentence) and (f"{macs:,} MACs" in designer.sentence)
    assert f"has {ratio} times as many weights and MACs, and gives {naive_depth:,} maps." in designer._view.caption
    assert plain.shape == module.shape and plain.weights == GOOGLENET[name].input_shape[0] * module.shape[0] * 25
    shown = [{bar["name"].partition(":")[0]: bar["value"] for bar in view.chart["bars"]} for view in designer._charts]
    assert shown == [
        {MODULE: weights, NAIVE: naive_weights, PLAIN: plain.weights},
        {MODULE: macs, NAIVE: naive.macs, PLAIN: plain.macs},
    ]


def test_3a_with_biases():
    designer = InceptionDesigner()
    assert designer.costs[MODULE].parameters == 163_696 and "163,328 weights, 163,696 with" in designer._view.caption
    assert designer.costs[NAIVE].macs == 303_464_448
    assert designer.model.parameter_count((192, 28, 28)) == 163_696


@given(VALUES["input_shape"], st.tuples(*[VALUES[name] for name in WIDTHS]).filter(lambda w: w[0] or w[2] or w[4]))
@settings(max_examples=40)
def test_costs_and_boxes_are_those_of_the_module_that_runs(shape, widths):
    designer = InceptionDesigner(input_shape=shape, **dict(zip(WIDTHS, widths, strict=True)))
    model = designer.model.build(shape)
    cost = designer.costs[MODULE]
    assert model(np.ones((1, *shape), np.float32)).shape[1:] == cost.shape
    kernels = [array.size for name, array in model.parameters.items() if name.endswith("kernels")]
    assert cost.parameters == sum(array.size for array in model.parameters.values())
    assert cost.weights == sum(kernels) and cost.macs == cost.weights * shape[1] * shape[2]
    for rival in designer.costs.values():  # one ratio tells of both
        assert rival.macs * cost.weights == rival.weights * cost.macs
    chart = designer._view.chart
    boxes = chart["blocks"]
    said = [note for box in boxes for note in box["notes"] if note.endswith("weights")]
    assert sorted(int(note.split()[0].replace(",", "")) for note in said) == sorted(kernels)
    depths = [sum(amount for amount, _ in box["parts"]) for box in boxes]
    assert (depths[0], depths[-1]) == (shape[0], cost.shape[0])
    assert [sum(depths[start] for start, end in chart["arrows"] if end == len(boxes) - 1)] == depths[-1:]
    assert all(boxes[start]["row"] < boxes[end]["row"] for start, end in chart["arrows"])


def test_the_naive_module_is_its_own_rival():
    designer = InceptionDesigner(reduce_three=0, reduce_five=0, pool=0)
    assert designer.costs[MODULE] == designer.costs[NAIVE]
    assert designer.costs[MODULE].shape == (416, 28, 28)
    assert "This is a naive module" in designer._view.caption and "This is a naive module" in designer.sentence
    designer.pool = 192  # gives as many maps as come to it, but has weights
    assert "This is a naive module" not in designer._view.caption


def test_a_branch_left_out_takes_its_reduction_along_and_brings_it_back():
    designer = InceptionDesigner(five=0)
    titles = [box["title"] for box in designer._view.chart["blocks"]]
    assert titles == ["input", "conv 1×1", "conv 1×1", "conv 3×3", "max pool 3×3", "conv 1×1", "concatenation"]
    assert designer._controls.named["reduce_five"].disabled and designer.reduce_five == 16
    assert designer.costs[MODULE].weights == 163_328 - 15_872
    designer.five = 32
    assert designer.module == "3a" and not designer._controls.named["reduce_five"].disabled


def test_presets_and_ones_own():
    designer = InceptionDesigner("4b")
    dropdown = designer._controls.named["module"]
    assert tuple(dropdown.options) == tuple(GOOGLENET)
    designer._controls.named["three"].value = 100
    assert designer.module == dropdown.value == "your own" and dropdown.options[-1] == "your own"
    assert designer._view.chart["title"] == "Your own Inception module"
    dropdown.value = "5b"
    assert designer.input_shape == (832, 7, 7) and designer._view.chart["title"] == "Inception 5b"
    dropdown.value = "your own"
    assert designer.widths == GOOGLENET["4b"]._replace(three=100)
    designer.undo()
    assert designer.module == "5b"
    designer.reset()
    assert designer.module == "4b"
    designer.set(module="3b", pool=1)
    assert designer.widths == GOOGLENET["3b"]._replace(pool=1)


def test_a_module_and_a_width_of_it_held_together():
    designer = InceptionDesigner(one=7)
    with designer.hold_trait_notifications():
        designer.module, designer.one = "4b", 8
    assert designer.widths == GOOGLENET["4b"]._replace(one=8)
    designer.pool = 1
    assert designer.widths == GOOGLENET["4b"]._replace(one=8, pool=1)


class AnythingIsAskedOfInception(AnythingIsAsked):
    make = InceptionDesigner
    values, nonsense = VALUES, ODD_ONES_OUT

    @invariant()
    def all_agrees(self):
        designer, named = self.explorer, self.explorer._controls.named
        assert designer.widths == tuple(getattr(designer, name) for name in ("input_shape", *WIDTHS))
        assert designer.module == named["module"].value
        assert (designer.module in GOOGLENET) == (designer.widths in GOOGLENET.values())
        assert [named[name].value for name in WIDTHS] == list(designer.widths[1:])
        assert named["depth"].value == designer.input_shape[0]
        assert (named["size"].layout.display == "none") == (designer.input_shape[1] != designer.input_shape[2])
        assert designer._view.chart["blocks"][-1]["notes"][0].startswith(f"{designer.costs[MODULE].shape[0]:,} map")


test_anything_may_be_asked = asked(AnythingIsAskedOfInception, examples=20)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"one": 0, "three": 0, "five": 0}, "one, three and five must not all be 0"),
        ({"module": "6a"}, "module must be one of '3a', '3b', '4a'"),
        ({"module": "your own"}, "got 'your own'."),
        ({"three": 1025}, "three must be a whole number from 0 to 1024; got 1025."),
        ({"pool": 2.5}, "pool must be a whole number from 0 to 1024; got 2.5."),
        ({"reduce_five": None}, "reduce_five must be a whole number"),
        ({"input_shape": (192, 0, 28)}, "rows of input_shape must be a whole number from 1 to 256; got 0."),
        ({"input_shape": (0, 28, 28)}, "channels of input_shape must be a whole number from 1 to 2048; got 0."),
        ({"input_shape": (28, 28)}, "input_shape must be (channel, row, column), such as (192, 28, 28); got (28, 28)."),
        ({"widths": 3}, "InceptionDesigner has no setting 'widths'; its settings are module, input_shape"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    designer = InceptionDesigner()
    state = designer.state
    with pytest.raises(StateError) as refusal:
        designer.set(**changes)
    assert words in str(refusal.value)
    assert designer.state is state


def test_the_last_convolution_cannot_be_slid_away():
    designer = InceptionDesigner(one=0, five=0)
    assert [designer._controls.named[name].min for name in ("one", "three", "five")] == [0, 1, 0]
    designer._request(three=0)  # as a control would that had not heard of it yet
    assert designer._view.refusal.startswith("one, three and five must not all be 0")
    designer.five = 1
    assert designer._view.refusal == "" and designer._controls.named["three"].min == 0


def test_it_leaves_a_picture_and_words_and_a_page(monkeypatch):
    designer = InceptionDesigner("3a")
    assert designer.sentence.startswith(
        "InceptionDesigner: Inception 3a: 192 maps of 28 × 28 become 256, by 163,328 weights (163,696 with biases), "
        "128,049,152 MACs. The naive module, without reductions: 387,072 weights"
    )
    shown = []
    monkeypatch.setattr("convscope.explore.bundle.display", lambda bundle, **how: shown.append(bundle))
    designer._ipython_display_()
    (bundle,) = shown
    alt, png = pictures.shown(bundle["text/html"])
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert len(png) < 45_000 and alt == bundle["text/plain"] == designer.sentence
    seen = np.array(picture, int).reshape(-1, 3)
    for colour, *_ in STYLES[:4]:  # one for each branch
        wanted = 255 * np.array(to_rgb(colour))
        assert (abs(seen - wanted).max(axis=1) < 12).sum() > 100
    page = designer.page()
    assert page.count('<script type="module">') == 3 and r'"title":"conv 5\u00d75"' in page
    assert "387,072" in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert_allclose([view.chart["bars"][0]["value"] for view in designer._charts], [163_328, 128_049_152])
