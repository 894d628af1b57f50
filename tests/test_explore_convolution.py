"""The convolution explorer without a browser: whatever is asked of it, its state can be, and all it shows agrees."""

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from convscope import ConvolutionExplorer, StateError, conv2d, kernels, reference
from convscope.explore.controls import A_NUMBER

NAMES = ["kernel_size", "stride", "padding", "dilation", "image", "kernel"]
NONSENSE = [0, -1, 12, 99, 2.5, 3.0, np.nan, "three", None, True, [3], (3, 3), 10**30, {}, [[]], [[np.nan]]]


@st.composite
def tables(draw, largest):
    """Small whole numbers in any real type and any shape, as a learner would type them."""
    shape = draw(st.tuples(st.integers(1, largest), st.integers(1, largest)))
    values = np.random.default_rng(draw(st.integers(0, 99))).integers(-9, 10, shape)
    return values.astype(draw(st.sampled_from([np.float32, np.float64, np.int16, bool])))


VALUES = {
    "image": st.sampled_from(["kitten", "numbers", "dog"]) | tables(9),
    "kernel": st.sampled_from([*kernels.PRESETS, "SOBEL X", "edge"]) | tables(5) | tables(3).map(lambda k: k[:1, :1]),
    "kernel_size": st.integers(1, 11),
    "stride": st.integers(1, 4),
    "padding": st.sampled_from(["valid", "same", "full", "half"]) | st.integers(0, 10),
    "dilation": st.integers(1, 3),
}
ASKED = {name: values | st.sampled_from(NONSENSE) for name, values in VALUES.items()}


def decoded(explorer):
    """The arrays and tables as the browser gets them."""
    view = explorer._view
    arrays = [
        np.frombuffer(values, "<f4").reshape(panel["shape"])
        for values, panel in zip(view.arrays, view.panels, strict=True)
    ]
    return arrays, [np.frombuffer(table, "<i4") for table in view.tables]


def sliders(explorer):
    controls = explorer._controls
    return {"kernel_size": controls.kernel_size, "stride": controls.stride, "dilation": controls.dilation}


class AnythingIsAsked(RuleBasedStateMachine):
    @initialize(image=VALUES["image"].filter(lambda image: not isinstance(image, str) or image != "dog"))
    def open(self, image):
        self.explorer = ConvolutionExplorer(padding="same")
        self.explorer.image = image

    def ask(self, change):
        """Do `change`; where it is refused, a sentence says why and nothing at all has moved."""
        before = self.explorer.state
        shown = {name: getattr(self.explorer, name) for name in NAMES}
        try:
            change()
        except StateError as refusal:
            assert str(refusal).endswith(".") and len(str(refusal)) > 20
            assert self.explorer.state is before
            assert all(getattr(self.explorer, name) is value for name, value in shown.items())

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def one_setting(self, data, name):
        value = data.draw(ASKED[name])
        self.ask(lambda: setattr(self.explorer, name, value))

    @rule(changes=st.fixed_dictionaries({}, optional=ASKED))
    def several_settings(self, changes):
        self.ask(lambda: self.explorer.set(**changes))

    @rule(changes=st.fixed_dictionaries({}, optional=VALUES))
    def several_settings_held(self, changes):
        def change():
            with self.explorer.hold_trait_notifications():
                for name, value in changes.items():
                    setattr(self.explorer, name, value)

        self.ask(change)

    @rule(data=st.data(), name=st.sampled_from(["kernel_size", "stride", "dilation"]))
    def slider(self, data, name):
        control = sliders(self.explorer)[name]
        control.value = value = data.draw(st.integers(control.min, control.max))
        assert getattr(self.explorer, name) == value and self.explorer._view.refusal == ""

    @rule(data=st.data(), name=st.sampled_from(["image", "kernel", "padding"]))
    def dropdown(self, data, name):
        control = getattr(self.explorer._controls, name)
        control.value = value = data.draw(st.sampled_from(control.options))
        if name == "image" and self.explorer._view.refusal:
            return  # a picture may be too small for every kernel of a preset
        assert control.value == value and self.explorer._view.refusal == ""

    @rule(data=st.data())
    def padding_number(self, data):
        control = self.explorer._controls.padding_number
        if not control.disabled:
            control.value = value = data.draw(st.integers(control.min, control.max))
            assert self.explorer.padding == value and self.explorer._view.refusal == ""

    @invariant()
    def traits_are_the_state(self):
        explorer = self.explorer
        for name in NAMES:
            assert getattr(explorer, name) is getattr(explorer.state, name)
        assert explorer.kernel.shape == (explorer.kernel_size, explorer.kernel_size)
        assert explorer.output is explorer.state.output

    @invariant()
    def output_is_the_convolution(self):
        explorer = self.explorer
        moves = {"stride": explorer.stride, "padding": explorer.padding, "dilation": explorer.dilation}
        np.testing.assert_array_equal(explorer.output, conv2d(explorer.image, explorer.kernel, **moves))
        if explorer.image.size <= 25:
            image, kernel = explorer.image.astype(float), explorer.kernel.astype(float)
            tolerance = {"rtol": 1e-4, "atol": 1e-4 * abs(image).max() * abs(kernel).sum() + 1e-12}
            expected = reference.feature_map(image, kernel, **moves)
            np.testing.assert_allclose(explorer.output, expected, **tolerance)

    @invariant()
    def panels_and_links_make_the_output(self):
        (padded, kernel, output), (rows, columns, weight_rows, weight_columns) = decoded(self.explorer)
        np.testing.assert_array_equal(output, self.explorer.output.astype("f4"))
        size = self.explorer.kernel_size
        rows, columns = rows.reshape(-1, size), columns.reshape(-1, size)
        windows = padded[rows[:, None, :, None], columns[None, :, None, :]].astype(float)
        made = np.einsum("rcij,ij->rc", windows, kernel.astype(float))
        tolerance = {"rtol": 1e-4, "atol": 1e-4 * abs(padded).max() * abs(kernel).sum() + 1e-12}
        np.testing.assert_allclose(made, output, **tolerance)
        np.testing.assert_array_equal(weight_rows.reshape(size, -1), rows.T)
        np.testing.assert_array_equal(weight_columns.reshape(size, -1), columns.T)
        inner = self.explorer._view.panels[0]["inner"]
        image = padded[inner["top"] :][: inner["rows"], inner["left"] :][:, : inner["columns"]]
        np.testing.assert_array_equal(image, self.explorer.image.astype("f4"))
        assert np.isclose(abs(padded).sum(dtype=float), abs(image).sum(dtype=float))

    @invariant()
    def controls_show_the_state_and_offer_what_can_be(self):
        explorer, controls = self.explorer, self.explorer._controls

        def can_be(name, value):
            try:
                return bool(explorer.state.changed(**{name: value}))
            except ValueError:
                return False

        for name, slider in sliders(explorer).items():
            assert slider.value == getattr(explorer, name)
            possible = [value for value in range(1, 13) if can_be(name, value)]
            assert possible == list(range(slider.min, slider.max + 1))
        words = [word for word in ("valid", "same", "full") if can_be("padding", word)]
        numbers = [number for number in range(12) if can_be("padding", number)]
        assert list(controls.padding.options) == words + [A_NUMBER] * bool(numbers)
        assert [name for name in controls.kernel.options if name in kernels.PRESETS] == [
            name for name in kernels.PRESETS if can_be("kernel", name)
        ]
        if isinstance(explorer.padding, int):
            assert controls.padding_number.value == explorer.padding and not controls.padding_number.disabled
            assert numbers == list(range(controls.padding_number.min, controls.padding_number.max + 1))
        else:
            assert controls.padding.value == explorer.padding and controls.padding_number.disabled

    @invariant()
    def words_say_the_output_size(self):
        rows, columns = self.explorer.output.shape
        assert f"gives a {rows} × {columns} feature map." in self.explorer.sentence
        sizes = [line.split(", since")[0].rsplit("= ", 1)[1] for line in self.explorer._view.caption.split("\n")]
        assert [int(size) for size in sizes] in ([rows, columns], [rows] if rows == columns else None)


# Refusals are short to read as they are: shrinking a long history takes minutes and adds little.
AnythingIsAsked.TestCase.settings = settings(
    max_examples=60, stateful_step_count=12, deadline=None, phases=set(Phase) - {Phase.shrink}
)
test_anything_may_be_asked = AnythingIsAsked.TestCase


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel_size": 8, "image": "numbers", "padding": "valid"}, "kernel_size 8 does not fit into 7 pixels"),
        ({"stride": 0}, "stride must be a whole number, 1 or more; got 0."),
        ({"stride": 5}, "stride must be from 1 to 4; got 5."),
        ({"padding": "half"}, 'padding must be "valid", "same", "full" or a whole number from 0 to 10'),
        ({"kernel": "edge"}, "kernel 'edge' is unknown; use one of 'identity'"),
        ({"kernel": np.ones((2, 3))}, "kernel must have as many rows as columns; got 2 × 3."),
        ({"kernel": "Laplacian", "kernel_size": 2}, "kernel_size must be from 3 to 11 for the kernel 'Laplacian'"),
        ({"image": "dog"}, "image 'dog' is unknown; use one of 'kitten', 'numbers'"),
        ({"image": np.ones((3, 4, 3))}, "image must be a 2-D array (row, column)"),
        ({"image": [[1, 2], [3]]}, "rows of different lengths"),
        ({"image": [["a"]]}, "values of type"),
        ({"image": np.ones((513, 2))}, "at most 512 × 512; got shape (513, 2)"),
        ({"image": [[np.inf]]}, "got NaN or infinity"),
        ({"size": 3}, "ConvolutionExplorer has no setting 'size'; its settings are image, kernel"),
    ],
)
def test_a_refusal_says_what_would_do(changes, words):
    explorer = ConvolutionExplorer()
    state = explorer.state
    with pytest.raises(StateError) as refusal:
        explorer.set(**changes)
    assert words in str(refusal.value)
    assert explorer.state is state
    with pytest.raises(ValueError):
        ConvolutionExplorer(**changes)


def test_a_control_that_asks_for_what_cannot_be_is_put_back():
    explorer = ConvolutionExplorer(image="numbers", padding="valid")
    slider = explorer._controls.kernel_size
    slider.max = 11  # as a browser that has not heard of the new bounds
    slider.value = 9
    assert "kernel_size 9 does not fit" in explorer._view.refusal
    assert (slider.value, slider.max, explorer.kernel_size) == (3, 7, 3)
    slider.value = 5
    assert explorer._view.refusal == "" and explorer.kernel_size == 5


def test_several_settings_change_at_once_or_not_at_all():
    explorer = ConvolutionExplorer(image="numbers", padding="valid")
    heard = []
    explorer.observe(lambda change: heard.append((change.name, explorer.output.shape)), ["kernel_size", "padding"])
    explorer.set(kernel_size=9, padding="same")
    assert heard == [("kernel_size", (7, 7)), ("padding", (7, 7))]
    with pytest.raises(StateError):
        explorer.set(stride=2, padding="valid")
    assert (explorer.stride, explorer.padding) == (1, "same")


def test_settings_may_be_held_back_and_named():
    explorer = ConvolutionExplorer()
    with explorer.hold_trait_notifications():
        explorer.kernel = "box blur"
        explorer.kernel_size = 1
        explorer.image = "numbers"
    assert (explorer.state.preset, explorer.state.picture) == ("box blur", "numbers")
    explorer.kernel_size = 2
    np.testing.assert_array_equal(explorer.kernel, np.full((2, 2), 0.25))


def test_an_observer_may_change_the_explorer_and_is_checked_too():
    explorer = ConvolutionExplorer()
    explorer.observe(lambda change: setattr(explorer, "stride", 2), "kernel_size")
    explorer.kernel_size = 5
    assert explorer.output.shape == (48, 48) and explorer._controls.stride.value == 2


def test_a_new_image_lowers_the_dilation_first_then_the_kernel_size():
    explorer = ConvolutionExplorer(kernel="box blur", kernel_size=7, dilation=3, padding="valid")
    explorer.image = "numbers"
    assert (explorer.dilation, explorer.kernel_size) == (1, 7)
    explorer.image = np.ones((4, 9))
    assert (explorer.dilation, explorer.kernel_size) == (1, 4)
    with pytest.raises(StateError):  # what is asked for by name is not bent
        explorer.set(image="numbers", kernel_size=9)


def test_a_preset_is_redrawn_and_an_own_kernel_is_cropped_or_padded():
    explorer = ConvolutionExplorer(kernel="Sobel x")
    explorer.kernel_size = 5
    np.testing.assert_array_equal(explorer.kernel[2] * 16 / 6, [-1, -2, 0, 2, 1])
    explorer.kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert explorer.kernel_size == 3
    explorer.kernel_size = 5
    np.testing.assert_array_equal(explorer.kernel[1:4, 1:4], [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert explorer.kernel.sum() == 45
    explorer.kernel_size = 1
    np.testing.assert_array_equal(explorer.kernel, [[5]])


def test_an_array_equal_to_the_last_is_a_change_too():
    explorer = ConvolutionExplorer(kernel="Gaussian", kernel_size=1)
    explorer.kernel = [[1]]
    assert explorer.state.preset == "your own" and explorer.kernel is explorer.state.kernel


def test_own_arrays_stay_on_offer():
    explorer = ConvolutionExplorer(image=np.eye(8), kernel=np.eye(2))
    explorer.set(image="kitten", kernel="Gaussian")
    explorer._controls.image.value = explorer._controls.kernel.value = "your own"
    np.testing.assert_array_equal(explorer.image, np.eye(8))
    np.testing.assert_array_equal(explorer.kernel, np.eye(2))


def test_nobody_changes_a_state_behind_its_back():
    own = np.eye(5)
    explorer = ConvolutionExplorer(image=own)
    own[:] = 7
    np.testing.assert_array_equal(explorer.image, np.eye(5))
    for array in (explorer.image, explorer.kernel, explorer.output):
        with pytest.raises(ValueError):
            array[0, 0] = 1
        with pytest.raises(ValueError):
            array.flags.writeable = True
    with pytest.raises(Exception, match="output"):
        explorer.output = own


def test_the_formula_can_be_hidden():
    explorer = ConvolutionExplorer(formula=False)
    assert explorer._view.caption == ""
    explorer.formula = True
    assert explorer._view.caption == "rows and columns: ⌊(96 + 1 + 1 − 3) / 1⌋ + 1 = 96"


def test_it_shows_a_live_view_a_picture_and_a_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr("convscope.explore.base.display", lambda bundle, raw: shown.append((bundle, raw)))
    explorer = ConvolutionExplorer()
    explorer._ipython_display_()
    [(bundle, raw)] = shown
    assert raw
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert bundle["text/plain"] == explorer.sentence
    assert bundle["image/png"].startswith("iVBOR")


def test_colours_say_sign_where_weights_cancel_and_lightness_elsewhere():
    explorer = ConvolutionExplorer(kernel="Sobel x")
    output = explorer._view.panels[2]
    assert output["colours"] == "signed" and output["low"] == -output["high"] == -abs(explorer.output).max()
    explorer.kernel = "box blur"
    photo, output = explorer._view.panels[0], explorer._view.panels[2]
    assert [output[key] for key in ("colours", "low", "high")] == [photo[key] for key in ("colours", "low", "high")]
