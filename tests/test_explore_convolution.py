"""The convolution explorer without a browser: whatever is asked of it, its state can be, and all it says agrees."""

import json
import threading

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from ipywidgets import IntSlider, VBox
from traitlets import dlink, link

import telling
from convscope import ConvolutionExplorer, StateError, conv_transpose2d, kernels, ops, reference
from convscope.explore import bundle
from telling import both, led_back, numbers, of_axes, told

NONSENSE = [0, -1, 17, 99, 2.5, 3.0, np.nan, "three", None, True, [3], (3, 3, 3), (1, 0.5), 10**30, {}, [[]]]
SETTINGS = ("image", "kernel", "kernel_size", "stride", "padding", "dilation", "flip", "transposed")


@st.composite
def tables(draw, largest):
    """Small whole numbers in any real type and any shape, as a learner would type them."""
    shape = draw(st.tuples(st.integers(1, largest), st.integers(1, largest)))
    shape = draw(st.sampled_from([(), (), (1,), (3,), (5,)])) + shape
    values = np.random.default_rng(draw(st.integers(0, 99))).integers(-9, 10, shape)
    return values.astype(draw(st.sampled_from([np.float32, np.float64, np.int16, bool])))


VALUES = {
    "image": st.sampled_from(["kitten", "kitten in colour", "numbers", "letter", "dog"]) | tables(9),
    "kernel": st.sampled_from([*kernels.PRESETS, "SOBEL X", "edge"]) | tables(5) | tables(1),
    "kernel_size": of_axes(1, 12),
    "stride": of_axes(1, 5),
    "padding": st.sampled_from(["valid", "same", "full", "half"]) | of_axes(0, 16),
    "dilation": of_axes(1, 4),
    "flip": st.booleans(),
    "transposed": st.booleans(),
}


class AnythingIsAsked(telling.AnythingIsAsked):
    make, values, nonsense, by_hands = ConvolutionExplorer, VALUES, NONSENSE, SETTINGS[2:]

    def hear(self, change):
        assert change.new is getattr(self.explorer, change.name)
        super().hear(change)

    @initialize(asked=st.fixed_dictionaries({name: VALUES[name] for name in ("image", "kernel", "flip", "transposed")}))
    def open(self, asked):
        self.ask(lambda: self.explorer.set(**asked))

    @invariant()
    def output_is_the_convolution(self):
        explorer, state = self.explorer, self.explorer.state
        turned = explorer.kernel[..., ::-1, ::-1] if explorer.flip else explorer.kernel
        assert explorer.kernel.shape == (*explorer.image.shape[:-2], *both(explorer.kernel_size))
        x, weights = (each.reshape(1, -1, *each.shape[-2:]).astype(float) for each in (explorer.image, turned))
        tolerance = {"rtol": 1e-4, "atol": 1e-4 * abs(x).max() * abs(weights).sum() + 1e-12}
        by = reference if x.size <= 25 else ops
        function = by.conv_transpose2d if explorer.transposed else by.conv2d
        weights = weights.swapaxes(0, 1) if explorer.transposed else weights
        moves = {"stride": explorer.stride, "padding": explorer.padding, "dilation": explorer.dilation}
        np.testing.assert_allclose(explorer.output, function(x, weights, **moves)[0, 0], **tolerance)
        for place in {state.marked, (0, 0), tuple(n - 1 for n in state.output.shape)}:
            total = (state.read(place).astype(float) * state.met).sum()
            np.testing.assert_allclose(total, explorer.output[place], **tolerance)
        rows, columns = explorer.output.shape
        assert f"gives a {rows} × {columns} feature map." in explorer.sentence == repr(explorer)

    @invariant()
    def what_is_said_is_the_state(self):
        explorer = self.explorer
        scale = abs(explorer.image).max() * abs(explorer.kernel).sum()  # a kernel in float32 comes back in float64
        np.testing.assert_allclose(led_back(explorer).output, explorer.output, rtol=1e-4, atol=1e-5 * scale + 1e-12)

    @invariant()
    def its_code_makes_its_output(self):
        names = {"explorer": self.explorer}
        exec(self.explorer.code(), names)
        np.testing.assert_allclose(names["output"], self.explorer.output, rtol=1e-4, atol=1e-4)


AnythingIsAsked.TestCase.settings = hypothesis_settings(max_examples=30, stateful_step_count=15, deadline=None)
TestAnything = AnythingIsAsked.TestCase


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel_size": 8, "image": "numbers", "padding": "valid"}, "kernel_size 8 does not fit into 7 pixels"),
        ({"stride": 0}, "stride must be a whole number from 1 to 4, or (rows, columns) of these; got 0."),
        ({"padding": "half"}, 'padding must be "valid", "same", "full", a whole number from 0 to 15'),
        ({"padding": (1, 16)}, "of these; got (1, 16)."),
        ({"flip": 1}, "flip must be True or False; got 1."),
        ({"image": "numbers", "padding": 15, "transposed": True}, "padding crops 30 of 9 pixels and leaves none"),
        ({"kernel": "edge"}, "kernel 'edge' is unknown; use one of 'identity'"),
        ({"kernel": np.ones((2, 3, 3))}, "kernel must be (row, column) for this image; got shape (2, 3, 3)."),
        ({"image": "kitten in colour", "kernel": np.ones((2, 3, 3))}, "with 3 slices for this image; got shape"),
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
    assert words in str(refusal.value) and explorer.state is state
    with pytest.raises(ValueError):
        ConvolutionExplorer(**changes)


def test_several_settings_change_at_once_or_not_at_all_and_observers_see_what_they_make():
    explorer = ConvolutionExplorer(image="numbers", padding="valid")
    heard = []
    seen = ["kernel_size", "output", "padding"]
    explorer.observe(lambda change: heard.append((change.name, explorer.kernel_size, explorer.output.shape)), seen)
    explorer.set(kernel_size=9, padding="same")
    assert heard == [(name, 9, (7, 7)) for name in seen]
    told(explorer, kernel_size=5, padding="valid")
    assert heard[-3:] == [(name, 5, (3, 3)) for name in seen]
    with pytest.raises(StateError):
        explorer.set(kernel_size=9, padding="valid")
    assert (explorer.kernel_size, explorer.padding) == (5, "valid")


def test_an_error_in_the_middle_leaves_settings_and_outputs_one_state():
    explorer = ConvolutionExplorer()
    with pytest.raises(NameError), explorer.hold_trait_notifications():
        explorer.stride = 2
        undefined_name  # noqa: B018, F821
    assert (explorer.stride, explorer.output.shape) == (2, (48, 48))
    with pytest.raises(StateError), explorer.hold_trait_notifications():
        explorer.stride = 99
    assert (explorer.stride, explorer.output.shape) == (2, (48, 48))


def test_an_interrupt_while_it_computes_leaves_all_as_it_was(monkeypatch):
    explorer = ConvolutionExplorer()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("convscope.explore.convolution.state.conv2d", interrupted)
    with pytest.raises(KeyboardInterrupt):
        explorer.stride = 2
    monkeypatch.undo()
    assert (explorer.stride, explorer.output.shape, explorer._said["settings"]["stride"]) == (1, (96, 96), 1)


def test_an_observer_may_change_the_explorer_or_raise():
    explorer = ConvolutionExplorer()
    explorer.observe(lambda change: setattr(explorer, "stride", 2), "kernel_size")
    explorer.kernel_size = 5
    assert explorer.output.shape == (48, 48)
    explorer.observe(lambda change: 1 / 0, "dilation")
    with pytest.raises(ZeroDivisionError):
        explorer.dilation = 2
    assert explorer.dilation == 2 and explorer._said["settings"]["dilation"] == 2


def test_it_links_with_other_widgets():
    explorer, slider = ConvolutionExplorer(), IntSlider(1, 1, 4)
    link((explorer, "stride"), (slider, "value"))
    slider.value = 3
    assert explorer.stride == 3 and VBox([explorer, slider]).children[0] is explorer
    explorer.stride = 2
    other = ConvolutionExplorer()
    dlink((explorer, "kernel"), (other, "kernel"))
    explorer.kernel = np.eye(3)
    assert slider.value == 2
    np.testing.assert_array_equal(other.kernel, np.eye(3))


def test_two_explorers_share_nothing():
    one, other = ConvolutionExplorer(formula=False), ConvolutionExplorer("numbers")
    told(other, stride=2)
    assert one.stride == 1 and (one.formula, other.formula) == (False, True)


def test_two_views_and_a_program_agree_in_the_end():
    explorer = ConvolutionExplorer("numbers")
    said = []
    explorer.observe(lambda change: said.append(change.new), "_said")
    told(explorer, "a", stride=2)
    told(explorer, "b", kernel_size=5)
    explorer.padding = "full"
    assert [(each["view"], each["settings"]["stride"]) for each in said] == [("a", 2), ("b", 2), ("", 2)]
    assert explorer._said["settings"] == explorer.state.settings


def test_what_a_view_has_not_heard_of_yet_is_not_undone_by_its_hand():
    explorer = ConvolutionExplorer("numbers")
    seen = dict(explorer.state.settings)
    explorer.dilation = 2  # an order on its way to the view, where meanwhile
    explorer._told = {"view": "a", "serial": 1, "settings": seen | {"stride": 3}, "mine": ["stride"], "picture": None}
    assert (explorer.stride, explorer.dilation) == (3, 2)
    assert explorer._said["settings"] == explorer.state.settings


def test_hands_and_a_program_at_the_same_time_end_in_one_state():
    explorer = ConvolutionExplorer("numbers")
    last = {}
    explorer.observe(lambda change: last.update(change.new), "_said")

    def hand(view):
        for i in range(60):
            told(explorer, view, stride=i % 4 + 1)

    threads = [threading.Thread(target=hand, args=(view,)) for view in "ab"]
    for thread in threads:
        thread.start()
    for i in range(120):
        explorer.set(kernel_size=i % 5 + 1, padding="same", kernel="box blur")
    for thread in threads:
        thread.join()
    state = explorer.state
    assert explorer._said["settings"]["stride"] == explorer.stride
    np.testing.assert_array_equal(explorer.output, state.changed(stride=state.stride).output)
    np.testing.assert_array_equal(numbers(explorer._said["numbers"]["output"]), explorer.output.astype("f4"))


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


def test_colour_has_a_slice_for_each_channel_and_adds_up():
    explorer = ConvolutionExplorer("kitten in colour", "Gaussian")
    assert explorer.kernel.shape == (3, 3, 3)
    slices = np.arange(27.0).reshape(3, 3, 3)
    told(explorer, kernel=slices.tolist())
    np.testing.assert_array_equal(explorer.kernel, slices)
    explorer.image = "kitten"  # one channel: the mean of the slices
    np.testing.assert_allclose(explorer.kernel, slices.mean(axis=0))
    explorer.image = np.ones((2, 9, 9))
    np.testing.assert_allclose(explorer.kernel, [slices.mean(axis=0)] * 2)


def test_transposed_the_pixels_that_reach_an_output_are_framed():
    explorer = ConvolutionExplorer([[2, 0], [0, -1]], np.ones((3, 3)), stride=2, padding="valid", transposed=True)
    assert explorer.state.framed((2, 2)) == (0, 0, 2, 2)  # all four reach the middle
    assert explorer.state.framed((1, 2)) == (0, 0, 1, 2)  # and two the cell above it
    explorer.set(kernel=[[5]], stride=3, padding="same")
    assert explorer.output.shape == (6, 6) and explorer.state.framed((1, 1)) is None  # no pixel reaches it
    told(explorer, transposed=False)
    assert explorer.output.shape == (1, 1)


def test_a_new_image_changes_nothing_else_where_it_is_transposed():
    explorer = ConvolutionExplorer(kernel="box blur", kernel_size=5, padding=6, transposed=True)
    with pytest.raises(StateError, match="padding crops 12 of 11 pixels"):
        explorer.image = "numbers"
    explorer.set(image="numbers", padding=5)
    assert (explorer.kernel_size, explorer.output.shape) == (5, (1, 1))


def test_a_picture_handed_in_by_a_view_stays_known_until_another_comes():
    explorer = ConvolutionExplorer()
    pixels = np.linspace(0, 1, 20, dtype="f4").reshape(4, 5)
    picture = {"shape": [4, 5], "data": pixels.tobytes()}
    assert "refusal" not in told(explorer, image="your own x", picture=picture, kernel_size=3)
    np.testing.assert_array_equal(explorer.image, pixels)
    assert list(explorer._own) == ["your own x"]  # for other views
    said = told(explorer, image="your own x", stride=2)
    assert "refusal" not in said and explorer.stride == 2
    assert bundle.plain(explorer)["_said"]["settings"]["image"] in explorer._own  # so that a page shows it
    explorer.image = "kitten"
    assert explorer._own == {}
    assert "'your own x' is unknown" in told(explorer, image="your own x")["refusal"]


@pytest.mark.parametrize("settings", [None, {}, {"stride": 1}, {"image": 5}, "text"])
def test_whatever_a_front_end_sends_the_explorer_goes_on(settings):
    explorer = ConvolutionExplorer()
    explorer._told = {"view": "a", "serial": 1, "settings": settings, "mine": ["stride", "image"]}
    assert explorer._said["refusal"] and explorer._said["settings"] == explorer.state.settings
    explorer.stride = 2
    assert "refusal" not in explorer._said


def test_nobody_changes_a_state_from_outside():
    own = np.eye(5)
    explorer = ConvolutionExplorer(image=own)
    own[:] = 7
    np.testing.assert_array_equal(explorer.image, np.eye(5))
    for array in (explorer.image, explorer.kernel, explorer.output, explorer.state.padded):
        with pytest.raises(ValueError):
            array[0, 0] = 1
        with pytest.raises(ValueError):
            array.flags.writeable = True
    with pytest.raises(Exception, match="output"):
        explorer.output = own
    with pytest.raises(StateError, match="has no setting 'strides'; its settings are image"):
        explorer.strides = 2


def test_asking_for_what_is_there_is_no_change():
    explorer, heard = ConvolutionExplorer(), []
    explorer.observe(heard.append, SETTINGS)
    before = explorer.state
    explorer.set(kernel="Sobel x", stride=(1, 1), kernel_size=3)
    explorer.set()
    assert heard == [] and explorer.state is before


def test_controls_are_checked():
    with pytest.raises(StateError, match="controls must be a list of settings, some of 'image'.*got .'size'"):
        ConvolutionExplorer(controls=["size"])
    with pytest.raises(StateError, match="controls"):
        ConvolutionExplorer(controls="stride")


def shown(monkeypatch, explorer):
    caught = []
    monkeypatch.setattr(bundle, "display", lambda data, **how: caught.append(data))
    explorer._ipython_display_()
    return caught[-1]


def test_one_bundle_holds_the_live_view_the_still_the_sentence_and_the_state(monkeypatch):
    explorer = ConvolutionExplorer(stride=2)
    data = shown(monkeypatch, explorer)
    assert data[bundle.WIDGET_VIEW]["model_id"] == explorer.model_id
    assert data["text/plain"] == explorer.sentence and f'alt="{explorer.sentence}"' in data["text/html"]
    assert len(data["text/html"]) < 4 / 3 * 40_000
    state = json.dumps(data[bundle.STATE])
    assert json.loads(state)["_said"]["settings"] == explorer.state.settings
    assert len(json.dumps(data[bundle.STATE]["_said"])) < 2000


class Shell:
    """Stands in for IPython: which cell runs, for the how-manieth time, and what has a name."""

    def __init__(self):
        self.user_ns, self.run = {}, 0

    def get_parent(self):
        return {"metadata": {"cellId": "cell"}, "header": {"msg_id": str(self.run)}}


def test_a_cell_run_again_closes_what_it_showed_before(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(bundle, "get_ipython", lambda: shell)
    monkeypatch.setattr(bundle, "_shown", {})
    named = ConvolutionExplorer("numbers")
    shell.user_ns["named"] = named
    shown(monkeypatch, named)
    made = []
    for run in range(1, 4):
        shell.run = run
        for _ in range(2):  # a cell may show two
            made.append(ConvolutionExplorer("numbers"))
            shown(monkeypatch, made[-1])
    assert [each.comm is not None for each in made] == [False] * 4 + [True] * 2
    assert named.comm is not None


def test_its_still_shows_input_kernel_output_and_the_sum():
    explorer = ConvolutionExplorer("numbers", "box blur", stride=2)
    figure = explorer.figure()
    assert [len(axes.images) for axes in figure.axes] == [1, 1, 1]
    np.testing.assert_allclose(figure.axes[2].images[0].get_array(), explorer.output)
    row, column = explorer.state.marked
    words = [text.get_text() for text in figure.texts]
    assert any(f"output ({row}, {column}) = " in each for each in words) and "input" in words


def test_it_begins_at_the_largest_answer_that_is_not_at_the_rim():
    ramp = np.add.outer(np.arange(40.0), np.arange(24.0))
    marked = [ConvolutionExplorer(image, "box blur").state.marked for image in (ramp, ramp[::-1, ::-1])]
    assert marked == [(35, 19), (4, 4)]  # an eighth of the shorter side away, and half a kernel
    assert ConvolutionExplorer(-ramp, "box blur").state.marked == (35, 19)


def test_a_map_of_rounding_errors_is_drawn_as_nothing():
    ramp = 0.1 * np.arange(25.0).reshape(5, 5)
    explorer = ConvolutionExplorer(ramp, "Laplacian", padding="valid")
    kind, low, high = explorer.state.panels[2].scale
    assert high > 1e6 * abs(explorer.output).max()


def loop(x, kernel, stride=1):
    rows, columns = [(n - k) // stride + 1 for n, k in zip(x.shape, kernel.shape, strict=True)]
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)[::stride, ::stride]
    return (windows[:rows, :columns] * kernel).sum(axis=(2, 3))


def raises(x, kernel):
    raise IndexError("out of bounds")


def endless(x, kernel):
    while True:
        pass


@pytest.mark.parametrize(
    ("function", "settings", "sign", "says"),
    [
        (loop, {}, "✓", "all 25"),
        (loop, {"stride": 2}, "✓", "all 9"),
        (loop, {"padding": "same"}, "✗", "takes no padding, which is same"),
        (loop, {"dilation": 2}, "✗", "takes no dilation"),
        (lambda x, kernel: loop(x, kernel.T), {}, "✗", "in 18 of 25"),
        (lambda x, kernel: x, {}, "✗", "7 × 7 and not 5 × 5"),
        (loop, {"transposed": True}, "✗", "takes no transposed, which is True here"),
        (lambda x, kernel, transposed: conv_transpose2d(x, kernel), {"transposed": True}, "✓", "all 81"),
        (lambda x, kernel: "no", {}, "✗", "ValueError"),
        (lambda x, kernel: ..., {}, "○", "not written yet"),
        (lambda x, kernel, padding: np.zeros((9, 9)) + padding, {"padding": "full"}, "✗", "of 81 numbers"),
        (lambda x, kernel, **settings: loop(x, kernel), {}, "✓", "all 25"),
        (raises, {}, "✗", "IndexError: out of bounds"),
        (endless, {}, "✗", "ran too long"),
    ],
)
def test_a_function_of_the_learners_is_compared(function, settings, sign, says):
    explorer = ConvolutionExplorer("numbers", "Sobel x", **{"padding": "valid", **settings}, function=function)
    told = explorer._yours
    assert told["settings"] == explorer._said["settings"]
    assert told["sentence"].startswith(sign) and says in told["sentence"]
    if sign == "✓":
        np.testing.assert_allclose(numbers(told["numbers"]), explorer.output, rtol=1e-5)


def test_a_function_is_asked_again_when_something_changes_and_cannot_change_the_image():
    def greedy(x, kernel):
        answer = loop(x, kernel)
        x[:] = 0
        return answer

    explorer = ConvolutionExplorer("numbers", "Sobel x", padding="valid", function=greedy)
    told(explorer, kernel="Sobel y")
    assert explorer._yours["settings"]["kernel"] == "Sobel y" and "✓" in explorer._yours["sentence"]
    assert explorer.image.any()


def test_what_is_no_function_is_refused():
    with pytest.raises(StateError, match="without brackets"):
        ConvolutionExplorer(function=5)


@pytest.mark.parametrize(("weight", "kind"), [(-0.98, "signed"), (-0.6, "grey"), (0.5, "grey")])
def test_a_map_has_signs_where_weights_cancel_out(weight, kind):
    explorer = ConvolutionExplorer("numbers", [[1, weight]], padding="valid")
    assert explorer.state.panels[2].scale[0] == kind
