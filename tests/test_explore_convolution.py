"""The convolution explorer without a browser: whatever is asked of it, its state can be, and all it shows agrees."""

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

import pictures
from convscope import ConvolutionExplorer, StateError, conv2d, kernels, reference
from convscope.explore.convolution_controls import A_NUMBER, SLIDERS
from explorers import AnythingIsAsked, asked, shown

NAMES = ["kernel_size", "stride", "padding", "dilation", "image", "kernel", "flip"]
NONSENSE = [
    0,
    -1,
    17,
    99,
    2.5,
    3.0,
    np.nan,
    "three",
    None,
    True,
    [3],
    (3, 3, 3),
    (1, 0.5),
    10**30,
    {},
    [[]],
    [[np.nan]],
]


@st.composite
def tables(draw, largest):
    """Small whole numbers in any real type and any shape, as a learner would type them."""
    shape = draw(st.tuples(st.integers(1, largest), st.integers(1, largest)))
    shape = draw(st.sampled_from([(), (), (1,), (3,), (5,)])) + shape
    values = np.random.default_rng(draw(st.integers(0, 99))).integers(-9, 10, shape)
    return values.astype(draw(st.sampled_from([np.float32, np.float64, np.int16, bool])))


def of_axes(least, most):
    """A whole number, or one for the rows and one for the columns."""
    numbers = st.integers(least, most)
    return numbers | st.tuples(numbers, numbers)


VALUES = {
    "image": st.sampled_from(["kitten", "kitten in colour", "numbers", "letter", "dog"]) | tables(9),
    "kernel": st.sampled_from([*kernels.PRESETS, "SOBEL X", "edge"]) | tables(5) | tables(1),
    "kernel_size": of_axes(1, 11),
    "stride": of_axes(1, 4),
    "padding": st.sampled_from(["valid", "same", "full", "half"]) | of_axes(0, 15),
    "dilation": of_axes(1, 3),
    "flip": st.booleans(),
}


def decoded(explorer):
    """The arrays and tables as the browser gets them."""
    view = explorer._view
    return shown(view), [np.frombuffer(table, "<i4") for table in view.tables]


def both(value):
    return value if isinstance(value, tuple) else (value, value)


class AnythingIsAskedOfConvolutions(AnythingIsAsked):
    values, nonsense = VALUES, NONSENSE

    def make(self):
        return ConvolutionExplorer(padding="same")

    @initialize(image=VALUES["image"])
    def open(self, image):
        self.ask(lambda: self.explorer.set(image=image))

    @rule(data=st.data(), name=st.sampled_from(list(SLIDERS)), axis=st.integers(0, 1))
    def slider(self, data, name, axis):
        self.explorer._view.refusal = ""
        controls = self.explorer._controls
        control = (controls.rows, controls.columns)[axis][name]
        if control.disabled or control.layout.display == "none":
            return
        control.value = value = data.draw(st.integers(control.min, control.max))
        assert both(getattr(self.explorer, name))[axis] == value and self.explorer._view.refusal == ""

    @rule(apart=st.booleans())
    def by_axis(self, apart):
        self.explorer._view.refusal = ""
        self.explorer._controls.by_axis.value = apart
        if not apart and self.explorer._view.refusal == "":
            assert not any(isinstance(getattr(self.explorer, name), tuple) for name in SLIDERS)

    @rule(data=st.data())
    def compare(self, data):
        control = self.explorer._controls.compare
        label, padding = data.draw(st.sampled_from(control.options))
        control.value = padding
        rows, columns = self.explorer.output.shape
        assert self.explorer.padding == padding and label.endswith(f": {rows} × {columns}")

    @rule(data=st.data(), name=st.sampled_from(["image", "kernel", "padding"]))
    def control(self, data, name):
        self.explorer._view.refusal = ""
        control = getattr(self.explorer._controls, name)
        control.value = value = data.draw(st.sampled_from(control.options))
        if name != "padding" and self.explorer._view.refusal:
            return  # a picture may be too small for every kernel of a preset
        assert control.value == value and self.explorer._view.refusal == ""

    @invariant()
    def kernel_fits_the_image(self):
        explorer = self.explorer
        assert explorer.kernel.shape == (*explorer.image.shape[:-2], *both(explorer.kernel_size))

    @invariant()
    def output_is_the_convolution(self):
        explorer, state = self.explorer, self.explorer.state
        moves = {"stride": explorer.stride, "padding": explorer.padding, "dilation": explorer.dilation}
        turned = explorer.kernel[..., ::-1, ::-1] if explorer.flip else explorer.kernel
        x, weights = (each.reshape(1, -1, *each.shape[-2:]).astype(float) for each in (explorer.image, turned))
        tolerance = {"rtol": 1e-4, "atol": 1e-4 * abs(x).max() * abs(weights).sum() + 1e-12}
        np.testing.assert_allclose(explorer.output, conv2d(x, weights, **moves)[0, 0], **tolerance)
        if x.size <= 25:
            np.testing.assert_allclose(explorer.output, reference.conv2d(x, weights, **moves)[0, 0], **tolerance)
        np.testing.assert_allclose(state.channel_maps.sum(axis=0), explorer.output, **tolerance)

    @invariant()
    def panels_and_links_make_the_output(self):
        explorer = self.explorer
        arrays, tables = decoded(explorer)
        np.testing.assert_array_equal(arrays[-1], explorer.output.astype("f4"))
        rows, columns = both(explorer.kernel_size)
        for channel in range(explorer.state.channels or 1):
            padded, weights, made = (each.astype(float) for each in arrays[3 * channel : 3 * channel + 3])
            mine = tables[6 * channel + 2 :] if explorer.state.channels else tables
            of_rows, of_columns = mine[0].reshape(-1, rows), mine[1].reshape(-1, columns)
            weight_rows, weight_columns = mine[2].reshape(rows, -1), mine[3].reshape(columns, -1)
            pixels = padded[weight_rows[:, None, :, None], weight_columns[None, :, None, :]]
            tolerance = {"rtol": 1e-4, "atol": 1e-4 * abs(padded).max() * abs(weights).sum() + 1e-12}
            np.testing.assert_allclose(np.einsum("ijrc,ij->rc", pixels, weights), made, **tolerance)
            np.testing.assert_array_equal(np.sort(weight_rows.T), of_rows)
            np.testing.assert_array_equal(np.sort(weight_columns.T), of_columns)
            self.padding_is_zeros_round_the_image(padded, channel)

    def padding_is_zeros_round_the_image(self, padded, channel):
        inner = self.explorer._view.panels[3 * channel]["inner"]
        image = padded[inner["top"] :][: inner["rows"], inner["left"] :][:, : inner["columns"]]
        np.testing.assert_array_equal(image, self.explorer.image.reshape(-1, *image.shape)[channel].astype("f4"))
        assert np.isclose(abs(padded).sum(), abs(image).sum())

    @invariant()
    def controls_show_the_state_and_offer_what_can_be(self):
        explorer, controls = self.explorer, self.explorer._controls

        def can_be(name, value):
            try:
                return bool(explorer.state.changed(**{name: value}))
            except ValueError:
                return False

        apart = controls.by_axis.value
        for name in SLIDERS:
            value = getattr(explorer, name)
            assert controls.rows[name].disabled == isinstance(value, str)
            if isinstance(value, str):
                continue
            rows, columns = both(value)
            assert apart or rows == columns
            assert (controls.rows[name].value, controls.columns[name].value) == (rows, columns)
            largest = range(17)
            slider, possible = controls.rows[name], [v for v in largest if can_be(name, (v, columns) if apart else v)]
            assert possible == list(range(slider.min, slider.max + 1))
            if apart:
                slider, possible = controls.columns[name], [v for v in largest if can_be(name, (rows, v))]
                assert possible == list(range(slider.min, slider.max + 1))
        words = [word for word in ("valid", "same", "full") if can_be("padding", word)]
        assert [word for word in controls.padding.options if word != A_NUMBER] == words
        assert controls.padding.value == (explorer.padding if isinstance(explorer.padding, str) else A_NUMBER)
        assert [name for name in controls.kernel.options if name in kernels.PRESETS] == [
            name for name in kernels.PRESETS if can_be("kernel", name)
        ]
        for label, padding in controls.compare.options:
            size = explorer.state.changed(padding=padding).output.shape
            assert label.endswith(f": {size[0]} × {size[1]}")

    @invariant()
    def its_code_makes_its_output(self):
        names = {"explorer": self.explorer}
        exec(self.explorer.code(), names)
        np.testing.assert_allclose(names["output"], self.explorer.output, rtol=1e-4, atol=1e-4)
        assert names["output"].dtype == self.explorer.output.dtype

    @invariant()
    def words_say_the_output_size(self):
        rows, columns = self.explorer.output.shape
        assert f"gives a {rows} × {columns} feature map." in self.explorer.sentence
        sizes = [line.split(", since")[0].rsplit("= ", 1)[1] for line in self.explorer._view.caption.split("\n")]
        assert [int(size) for size in sizes] in ([rows, columns], [rows] if rows == columns else None)


test_anything_may_be_asked = asked(AnythingIsAskedOfConvolutions, examples=60)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel_size": 8, "image": "numbers", "padding": "valid"}, "kernel_size 8 does not fit into 7 pixels"),
        ({"stride": 0}, "stride must be a whole number from 1 to 4, or (rows, columns) of these; got 0."),
        ({"stride": 5}, "stride must be a whole number from 1 to 4, or (rows, columns) of these; got 5."),
        (
            {"padding": "half"},
            'padding must be "valid", "same", "full", a whole number from 0 to 15, or (rows, columns)',
        ),
        ({"padding": (1, 16)}, "of these; got (1, 16)."),
        ({"flip": 1}, "flip must be True (true convolution) or False (cross-correlation); got 1."),
        ({"kernel": "edge"}, "kernel 'edge' is unknown; use one of 'identity'"),
        ({"kernel": np.ones((2, 3, 3))}, "kernel must be (row, column) for this image; got shape (2, 3, 3)."),
        (
            {"image": "kitten in colour", "kernel": np.ones((2, 3, 3))},
            "with 3 slices for this image; got shape (2, 3, 3)",
        ),
        ({"kernel": "Laplacian", "kernel_size": 2}, "kernel_size must be from 3 to 11 for the kernel 'Laplacian'"),
        ({"image": "dog"}, "image 'dog' is unknown; use one of 'kitten', 'kitten in colour'"),
        ({"image": np.ones((5, 4, 3))}, "has its channels last; np.moveaxis(image, -1, 0) puts them first."),
        ({"image": np.ones((5, 6, 6))}, "image must have at most 4 channels; got 5."),
        ({"image": np.ones(4)}, "image must be (row, column) or (channel, row, column), finite numbers"),
        ({"image": [[1, 2], [3]]}, "rows of different lengths"),
        ({"image": [["a"]]}, "values of type"),
        ({"image": np.ones((513, 2))}, "at most 512 × 512; got shape (513, 2)"),
        ({"image": [[np.inf]]}, "got NaN or infinity"),
        ({"image": np.full((3, 3), 1e16)}, "image must hold values from −1e+15 to 1e+15"),
        ({"image": np.ma.masked_less(np.eye(3), 1)}, "fill them, image.filled(0)."),
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
    slider = explorer._controls.rows["kernel_size"]
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
    assert explorer.output.shape == (48, 48) and explorer._controls.rows["stride"].value == 2


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


def test_a_name_that_is_no_setting_is_refused():
    explorer = ConvolutionExplorer()
    with pytest.raises(StateError, match="has no setting 'strides'; its settings are image"):
        explorer.strides = 2


def test_undo_takes_a_drag_back_as_one_and_an_edit_alone():
    explorer, now = ConvolutionExplorer(), 0.0
    explorer._history.clock = lambda: now
    slider = explorer._controls.rows["kernel_size"]
    for size in (4, 5, 6):
        slider.value = size
        now += 0.5
    for column in (0, 1):
        explorer._view.request = {"serial": column, "kind": "edit", "panel": 1, "row": 0, "column": column, "value": 9}
    assert list(explorer.kernel[0, :2]) == [9, 9]
    explorer.undo()
    assert explorer.kernel[0, 0] == 9 != explorer.kernel[0, 1]
    explorer.undo()
    assert explorer.state.preset == "Sobel x" and explorer.kernel_size == 6
    explorer.undo()
    assert explorer.kernel_size == 3 and explorer._buttons["undo"].disabled
    explorer.redo()
    assert explorer.kernel_size == 6
    explorer.stride = 2
    assert explorer._buttons["redo"].disabled
    explorer.reset()
    assert explorer.state is explorer._start and explorer._buttons["reset"].disabled
    explorer.undo()
    assert (explorer.kernel_size, explorer.stride) == (6, 2)


def test_a_pause_ends_a_drag_and_the_nudges_of_one_weight_are_one_drag():
    explorer, now = ConvolutionExplorer(), 0.0
    explorer._history.clock = lambda: now
    slider = explorer._controls.rows["kernel_size"]
    slider.value = 5
    now += 1.5
    slider.value = 9
    explorer.undo()
    assert explorer.kernel_size == 5
    for i in range(20):
        explorer._view.request = {"serial": i, "kind": "edit", "panel": 1, "row": 0, "column": 0, "value": i}
    explorer.undo()
    assert explorer.state.preset == "Sobel x"


def test_history_keeps_settings_alone():
    explorer = ConvolutionExplorer(np.zeros((300, 300)))
    for stride in (2, 3, 4, 1) * 5:
        explorer.stride = stride
    held = {id(array) for state in explorer._history.past for array in vars(state).values() if hasattr(array, "nbytes")}
    assert held == {id(explorer.image), id(explorer.kernel)}


@pytest.mark.parametrize("cell", [(1, 9, 0), (1, 0, -1), (0, 0, 0), (2, 0, 0), (7, 0, 0)])
def test_only_cells_of_the_kernel_can_be_edited(cell):
    explorer = ConvolutionExplorer()
    panel, row, column = cell
    explorer._view.request = {"serial": 1, "kind": "edit", "panel": panel, "row": row, "column": column, "value": 1}
    assert "cannot be edited, or is gone" in explorer._view.refusal and explorer.state is explorer._start


def test_a_picture_that_is_cut_short_is_refused():
    explorer = ConvolutionExplorer()
    explorer._view.request = {"serial": 1, "kind": "upload", "rows": 2, "columns": 2, "pixels": bytes(15)}
    assert "did not arrive whole" in explorer._view.refusal
    explorer._view.request = {
        "serial": 2,
        "kind": "upload",
        "rows": 1,
        "columns": 2,
        "pixels": bytes([255, 0, 51, 255] * 2),
    }
    np.testing.assert_allclose(explorer.image, [[[1, 1]], [[0, 0]], [[0.2, 0.2]]])


def test_a_kernel_of_ones_own_fits_whatever_picture_there_is_now():
    explorer = ConvolutionExplorer("kitten in colour")
    own = np.arange(27.0).reshape(3, 3, 3)
    explorer.set(kernel=own)
    explorer.set(kernel="Gaussian", image="kitten")
    explorer._controls.kernel.value = "your own"
    assert explorer._view.refusal == ""
    np.testing.assert_allclose(explorer.kernel, own.mean(axis=0))


def test_its_figure_shows_itself():
    explorer = ConvolutionExplorer()
    assert explorer.figure()._repr_png_().startswith(b"\x89PNG")


def test_asking_for_what_is_there_is_no_change():
    explorer = ConvolutionExplorer()
    heard = []
    assert explorer.on_change(heard.append)
    explorer.set(kernel="Sobel x", stride=(1, 1), kernel_size=3)
    explorer.set()
    assert heard == [] and explorer._buttons["undo"].disabled
    explorer.set(stride=2, padding="valid")
    assert heard == [explorer]


def test_colour_has_a_slice_for_each_channel_and_adds_up():
    explorer = ConvolutionExplorer("kitten in colour", "Gaussian")
    assert explorer.kernel.shape == (3, 3, 3) and len(explorer._view.panels) == 10
    explorer._view.request = {"serial": 1, "kind": "edit", "panel": 4, "row": 2, "column": 0, "value": -5}
    assert explorer.kernel[1, 2, 0] == -5 and (explorer.kernel == -5).sum() == 1
    slices = explorer.kernel
    explorer.image = "kitten"  # one channel: the mean of the slices
    np.testing.assert_allclose(explorer.kernel, slices.mean(axis=0))
    explorer.image = np.ones((2, 9, 9))
    np.testing.assert_allclose(explorer.kernel, [slices.mean(axis=0)] * 2)


def test_flip_is_true_convolution():
    impulse = np.zeros((5, 5))
    impulse[2, 2] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    explorer = ConvolutionExplorer(impulse, kernel, flip=True)
    np.testing.assert_array_equal(explorer.output[1:4, 1:4], kernel)
    explorer.flip = False
    np.testing.assert_array_equal(explorer.output[1:4, 1:4], kernel[::-1, ::-1])


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
    assert explorer._view.caption == "" and explorer._controls.compare.layout.display == "none"
    explorer.formula = True
    assert explorer._controls.compare.layout.display is None
    assert explorer._view.caption == "rows and columns: ⌊(96 + 1 + 1 − 3) / 1⌋ + 1 = 96"


def test_it_shows_a_live_view_a_picture_and_a_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr("convscope.explore.bundle.display", lambda bundle, **how: shown.append((bundle, how)))
    explorer = ConvolutionExplorer()
    explorer._ipython_display_()
    [(bundle, how)] = shown
    assert how == {"raw": True}
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert bundle["text/plain"] == explorer.sentence
    alt, png = pictures.shown(bundle["text/html"])
    assert alt == explorer.sentence and png.startswith(b"\x89PNG") and b"atplotlib" not in png


def test_colours_say_sign_where_weights_cancel_and_lightness_elsewhere():
    explorer = ConvolutionExplorer(kernel="Sobel x")
    output = explorer._view.panels[2]
    assert output["colours"] == "signed" and output["low"] == -output["high"] == -abs(explorer.output).max()
    explorer.kernel = "box blur"
    photo, output = explorer._view.panels[0], explorer._view.panels[2]
    assert [output[key] for key in ("colours", "low", "high")] == [photo[key] for key in ("colours", "low", "high")]


def test_the_figure_veils_what_is_never_read():
    def dotted(**settings):
        figure = ConvolutionExplorer(**settings).figure()
        return sum(patch.get_hatch() == "...." for patch in figure.axes[0].patches)

    assert [dotted(stride=stride, padding="valid") for stride in (1, 2)] == [0, 2]
    assert dotted(image="numbers", kernel="identity", kernel_size=1, stride=2, padding="valid") == 6
