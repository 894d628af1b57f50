"""The browser's twin of geometry, operations, kernels and words gives what Python gives, for random cases."""

import base64
import mimetypes
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from convscope import NetworkExplorer, conv2d, conv_transpose2d, datasets, geometry, kernels, models, ops, words
from convscope.explore.arrays import PICTURES, map_scale, weight_scale
from convscope.explore.convolution.state import ConvolutionState
from convscope.explore.feature_maps.layers import start_kernels
from convscope.explore.feature_maps.state import FeatureMapsState
from convscope.explore.inception.state import WIDTHS, InceptionState
from convscope.explore.mixer.mixes import IMAGES, RELU, named, presets
from convscope.explore.mixer.state import MixerState
from convscope.explore.network.net.ink import adjusted
from convscope.explore.network.net.layers import all_weights, outputs
from convscope.explore.network.net.layers import stages as network_stages
from convscope.explore.network.state import Network, NetworkState
from convscope.explore.pooling.state import KERNELS, KINDS, PoolingState
from convscope.explore.receptive.state import FACE, ReceptiveFieldState, face
from convscope.explore.shift.state import ShiftState
from convscope.explore.shift.weights import dense_weights
from convscope.layers import AvgPool2D, Conv2D, Dense, Flatten, GlobalAvgPool2D, MaxPool2D, ReLU, Sequential, Tanh
from convscope.models import GOOGLENET, Widths, inception

LIBRARY = Path(str(files("convscope")))
TWIN = "http://convscope.test/explore/view/twin"
MANY = 2000


@pytest.fixture(scope="module")
def browser_page(chromium):
    """A page that can import the library's modules as they are, one by one."""
    page = chromium.new_context().new_page()

    def serve(route):
        file = LIBRARY / route.request.url.removeprefix("http://convscope.test/")
        if file.is_file():
            kind = {".js": "text/javascript"}.get(file.suffix) or mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_text(encoding="utf-8"), content_type=f"{kind}; charset=utf-8")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://convscope.test/**", serve)
    page.goto("http://convscope.test/")
    yield page
    page.context.close()


def both(page, module, function, cases, python):
    """The answers, or the refusals, of the browser and of Python, case by case."""
    theirs = page.evaluate(
        """async ([module, name, cases]) => {
            const { [name]: function_ } = await import(module);
            return cases.map((arguments_) => {
                try { return function_(...arguments_); } catch (refusal) { return { refused: refusal.message }; }
            });
        }""",
        [module, function, cases],
    )
    ours = []
    for case in cases:
        try:
            ours.append(python(*case))
        except ValueError as refusal:
            ours.append({"refused": str(refusal)})
    return list(zip(cases, theirs, ours, strict=True))


def axis_cases(rng, many):
    for _ in range(many):
        padding = rng.choice(["valid", "same", "full", "amounts"])
        amounts = rng.integers(0, 6, 2).tolist()
        moves = {"stride": int(rng.integers(1, 6)), "dilation": int(rng.integers(1, 4))}
        moves["padding"] = amounts if padding == "amounts" else str(padding)
        yield [int(rng.integers(1, 30)), int(rng.integers(1, 9)), moves]


@pytest.mark.parametrize("name", ["output_size", "transposed_size", "padding_amounts", "window_indices"])
def test_geometry_is_that_of_python_and_refuses_the_same(browser_page, name):
    def python(n, size, moves):
        answer = getattr(geometry, name)(n, size, **moves)
        return np.asarray(answer).tolist()

    pairs = both(browser_page, f"{TWIN}/geometry.js", name, list(axis_cases(np.random.default_rng(0), MANY)), python)
    assert sum(isinstance(ours, dict) for _, _, ours in pairs) > MANY / 50
    for case, theirs, ours in pairs:
        assert theirs == ours, case


def test_receptive_fields_are_those_of_python(browser_page):
    rng = np.random.default_rng(6)
    cases = []
    for _ in range(500):
        layers = [moves | {"kernel_size": size} for _, size, moves in axis_cases(rng, int(rng.integers(1, 7)))]
        cases.append([layers, int(rng.integers(1, 200))])

    def python(layers, n):
        return [field._asdict() for field in geometry.receptive_field(layers, n)]

    pairs = both(browser_page, f"{TWIN}/geometry.js", "receptive_field", cases, python)
    assert 10 < sum(isinstance(ours, dict) for _, _, ours in pairs) < 250
    for case, theirs, ours in pairs:
        assert theirs == ours or ours["refused"].endswith(theirs["refused"]), case


def planes(array):
    return [{"rows": a.shape[0], "columns": a.shape[1], "data": a.ravel().tolist()} for a in array]


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_convolutions_are_those_of_python(browser_page, name):
    function, filters = {"conv2d": (conv2d, 0), "conv_transpose2d": (conv_transpose2d, 1)}[name]
    rng = np.random.default_rng(1)
    cases, expected = [], []
    for _ in range(300):
        channels, *shape = rng.integers(1, 4), *rng.integers(1, 12, 2)
        x = rng.normal(size=(channels, *shape)).astype("f4")
        kernel = rng.normal(size=(channels, *rng.integers(1, 6, 2)))
        pair = lambda most, least=1: rng.integers(least, most, 2).tolist()  # noqa: E731
        padding = str(rng.choice(["valid", "same", "full"])) if rng.random() < 0.6 else pair(4, 0)
        moves = {"stride": pair(4), "dilation": pair(3), "padding": padding}
        cases.append([planes(x), planes(kernel), moves])
        try:
            expected.append(function(x.astype(float), np.expand_dims(kernel, filters), **moves)[0])
        except ValueError as refusal:
            expected.append(str(refusal))
    made = browser_page.evaluate(
        """async ([module, name, cases]) => {
            const { [name]: convolved } = await import(module);
            const plane = (one) => ({ ...one, data: Float32Array.from(one.data) });
            const slice = (one) => ({ ...one, data: Float64Array.from(one.data) });
            return cases.map(([picture, kernel, moves]) => {
                try {
                    const { rows, columns, data } = convolved(picture.map(plane), kernel.map(slice), moves);
                    return { rows, columns, data: [...data] };
                } catch (refusal) { return refusal.message; }
            });
        }""",
        [f"{TWIN}/ops.js", name, cases],
    )
    assert 10 < sum(isinstance(each, str) for each in expected) < 200
    for theirs, ours in zip(made, expected, strict=True):
        if isinstance(ours, str):
            assert ours.endswith(theirs)  # there with the axis before it
        else:
            assert (theirs["rows"], theirs["columns"]) == ours.shape
            np.testing.assert_allclose(np.reshape(theirs["data"], ours.shape), ours, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pools_and_their_gradients_are_those_of_python(browser_page, kind):
    rng = np.random.default_rng(4)
    cases, expected = [], []
    for _ in range(300):
        x = rng.integers(-3, 4, rng.integers(1, 10, 2)).astype(float)  # whole numbers: ties are common
        size, pair = rng.integers(1, 5, 2).tolist(), rng.integers(1, 5, 2).tolist()
        padding = str(rng.choice(["valid", "same"])) if rng.random() < 0.6 else rng.integers(0, 3, 2).tolist()
        moves = {"stride": pair, "padding": padding}
        try:
            pooled = getattr(ops, f"{kind}_pool2d")(x, tuple(size), **moves)
            grad_y = rng.integers(-4, 5, pooled.shape).astype(float)
            expected.append((pooled, getattr(ops, f"{kind}_pool2d_backward")(grad_y, x, tuple(size), **moves)))
        except ValueError as refusal:
            grad_y = np.zeros((1, 1))
            expected.append(str(refusal))
        cases.append([*planes([x, grad_y]), size, moves | {"dilation": 1}])
    made = browser_page.evaluate(
        """async ([module, kind, cases]) => {
            const twin = await import(module);
            const [pool, backward] = [twin[`${kind}_pool2d`], twin[`${kind}_pool2d_backward`]];
            return cases.map(([x, grad_y, size, moves]) => {
                try {
                    return [pool(x, size, moves), backward(grad_y, x, size, moves)].map(({ data }) => [...data]);
                } catch (refusal) { return refusal.message; }
            });
        }""",
        [f"{TWIN}/ops.js", kind, cases],
    )
    assert 10 < sum(isinstance(each, str) for each in expected) < 200
    for theirs, ours in zip(made, expected, strict=True):
        if isinstance(ours, str):
            assert theirs == ours
        else:
            for one, other in zip(theirs, ours, strict=True):
                np.testing.assert_allclose(np.reshape(one, other.shape), other, rtol=1e-12, atol=1e-12)


def test_a_grey_picture_is_that_of_python(browser_page):
    photo = np.random.default_rng(5).random((3, 4, 5))
    [(_, theirs, ours)] = both(
        browser_page, f"{TWIN}/colours.js", "grey", [[planes(photo)]], lambda _: planes(datasets.grey(photo))
    )
    np.testing.assert_allclose(theirs[0]["data"], ours[0]["data"], rtol=1e-6)


def test_every_preset_at_every_size_is_that_of_python(browser_page):
    sizes = [[rows, columns] for rows in (1, 2, 3, 4, 5, 8, 11, 12) for columns in (1, 3, 4, 7, 11)]
    cases = [[name, size] for name in (*kernels.PRESETS, "edge") for size in sizes]

    def python(name, size):
        preset = kernels.preset(name, tuple(size))
        return {"rows": preset.shape[0], "columns": preset.shape[1], "data": preset.ravel().tolist()}

    theirs = browser_page.evaluate(
        """async ([module, cases]) => {
            const { preset } = await import(module);
            return cases.map((each) => {
                try { const made = preset(...each); return { ...made, data: [...made.data] }; }
                catch (refusal) { return { refused: refusal.message }; }
            });
        }""",
        [f"{TWIN}/kernels.js", cases],
    )
    for case, made in zip(cases, theirs, strict=True):
        try:
            ours = python(*case)
        except ValueError:
            assert made["refused"].startswith("kernel"), case
            continue
        assert (made["rows"], made["columns"]) == (ours["rows"], ours["columns"])
        np.testing.assert_allclose(made["data"], ours["data"], atol=1e-12, err_msg=str(case))


def test_numbers_are_written_as_in_python(browser_page):
    rng = np.random.default_rng(2)
    values = [0.0, -0.0, 0.5, 1.125, 0.0625, 99.95, 999.5, 1e-3, 1e7, 9999999.5, 0.00099999, 2.5, 100.5, 101.5]
    values += (rng.normal(size=MANY) * 10.0 ** rng.integers(-9, 12, MANY)).tolist()
    values += (rng.integers(-4000, 4000, MANY) / 8).tolist()
    for value, theirs, ours in both(browser_page, f"{TWIN}/words.js", "number", [[v] for v in values], words.number):
        assert theirs == ours, value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("−1", -1),
        ("1/4", 0.25),
        (" 2e3 ", 2000),
        ("−1 / 8", -0.125),
        ("1,000", "write it without a comma"),
        ("1/0", "divided by 0"),
        ("abc", "is not a number"),
        ("", "is not a number"),
        ("0x10", "is not a number"),
        ("1e999", "too large"),
        ("9" * 5000, "too large"),
    ],
)
def test_what_is_typed_is_read_or_refused_in_a_short_sentence(browser_page, typed, value):
    [(_, read, _)] = both(browser_page, f"{TWIN}/words.js", "number_in", [[typed]], lambda text: None)
    if isinstance(value, str):
        assert value in read["refused"] and len(read["refused"]) < 120
    else:
        assert read == value


CONVOLUTION = {
    "image": ["kitten", "kitten in colour", "numbers", "letter", "dog"],
    "kernel": [*kernels.PRESETS, [[1, 2], [3, 4]], [[0.5]], [[1, 0, -1]], np.eye(4).tolist(), "edge"],
    "kernel_size": [1, 2, 3, 5, 8, 11, 12, 0, [3, 1], [2, 5]],
    "stride": [1, 2, 3, 4, 5, [1, 2]],
    "padding": ["valid", "same", "full", "half", 0, 1, 5, 15, 16, [0, 2]],
    "dilation": [1, 2, 3, 4, [1, 3]],
    "flip": [True, False],
    "transposed": [True, False],
}
POOLING = {
    "image": ["kitten", "kitten in colour", "numbers", "letter", "dog"],
    "kernel": [*KERNELS, "edge"],
    "kind": [*KINDS, "min"],
    "size": [1, 2, 3, 4, 5, 6, [2, 1], [5, 3]],
    "stride": [1, 2, 3, 5, 6, [1, 2]],
    "padding": ["valid", "same", "full", 0, 1, 2, 4, 5, [0, 2]],
    "gradient": [True, False],
    "grad_y": [None, np.eye(3).tolist(), np.ones((3, 4)).tolist()],
}
STACKS = [[[3, 1, "same", 1]] * 3, [[[1, 3], 2, "valid", [2, 1]]], [[2, 2, [0, 1], 1]] * 4, [[9, 1, "full", 9]] * 2]
RECEPTIVE = {
    "image": ["kitten", "face", "numbers", "letter", "dog"],
    "layers": [
        *STACKS,
        [],
        [[0, 1, "valid", 1]],
        [[3, 1, "valid", 300]],
        [[3, 1, [300, 0], 1]] * 2,
        [[1, 1, "valid", 1]] * 9,
    ],
    "depth": [1, 2, 3, 4, 5, 0],
}
STATES = {
    "convolution": (ConvolutionState, CONVOLUTION),
    "pooling": (PoolingState, POOLING),
    "receptive": (ReceptiveFieldState, RECEPTIVE),
}


@pytest.mark.parametrize("folder", STATES)
def test_settings_change_in_the_browser_as_they_do_in_python(browser_page, folder):
    """A random walk of changes: the same settings, or a refusal, on both sides; a refused one leaves all as it was."""
    kind, possible = STATES[folder]
    rng = np.random.default_rng(3)
    state = kind.start()
    named = PICTURES | {FACE: face}
    shapes = {name: named[name]().shape for name in possible["image"][:-1]}
    settings, walk = [state.settings], []
    for _ in range(400):
        name = str(rng.choice(list(possible)))
        value = possible[name][rng.integers(len(possible[name]))]
        walk.append({name: value})
        try:
            state = state.changed(**state.asked({name: value}, {}))
            settings.append(state.settings)
        except (TypeError, ValueError):
            settings.append(None)
    theirs = browser_page.evaluate(
        """async ([folder, start, walk, shapes]) => {
            const { changed } = await import(`http://convscope.test/explore/${folder}/state.js`);
            const { plane } = await import("http://convscope.test/explore/view/twin/ops.js");
            const pictures = new Map(Object.entries(shapes).map(([name, shape]) => {
                const [rows, columns] = shape.slice(-2);
                return [name, Array.from({ length: shape.length === 3 ? shape[0] : 1 }, () => plane(rows, columns))];
            }));
            let settings = start;
            return walk.map((changes) => {
                try {
                    settings = changed(settings, changes, { pictures });
                    return settings;
                } catch {
                    return null;
                }
            });
        }""",
        [folder, settings[0], walk, {name: list(shape) for name, shape in shapes.items()}],
    )
    assert 20 < settings.count(None) < 300
    for change, made, ours in zip(walk, theirs, settings[1:], strict=True):
        assert made == ours, change


def test_numbers_with_little_room_are_short(browser_page):
    cases = [[0.5], [-999_999], [1e6], [-1.8179e12], [float(10**15)], [5.44e-4]]
    texts = [theirs for _, theirs, _ in both(browser_page, f"{TWIN}/words.js", "short", cases, words.number)]
    assert texts == ["0.5", "−999,999", "1e6", "−1.82e12", "1e15", "5.44e−4"]


def test_inception_modules_are_those_of_the_layers(browser_page):
    rng = np.random.default_rng(4)
    widths = lambda: [int(rng.integers(0, 40)) if rng.random() < 0.7 else 0 for _ in WIDTHS]  # noqa: E731
    cases = [
        ({"input_shape": list(each.input_shape), **each._asdict()}, naive)
        for each in GOOGLENET.values()
        for naive in (False, True)
    ]
    for _ in range(300):
        cases.append(
            (
                dict(zip(WIDTHS, widths(), strict=True)) | {"input_shape": [int(n) for n in rng.integers(1, 300, 3)]},
                bool(rng.random() < 0.5),
            )
        )

    def python(settings, naive):
        each = Widths(**settings | {"input_shape": tuple(settings["input_shape"])})
        made = inception(each, naive=naive, bias=False)
        branches = InceptionState(*each).branches(naive)
        listed = [
            {"label": label, "boxes": [box._asdict() for box in boxes], "maps": maps} for label, boxes, maps in branches
        ]
        return {
            "branches": listed,
            "maps": made.output_shape(each.input_shape)[0],
            "weights": made.parameter_count(each.input_shape),
            "macs": made.macs(each.input_shape),
        }

    pairs = both(browser_page, f"{TWIN}/models.js", "inception", [list(case) for case in cases], python)
    assert 5 < sum("refused" in ours for _, _, ours in pairs) < 100
    for case, theirs, ours in pairs:
        macs = ours.pop("macs", None)
        theirs.pop("boxes", None)
        assert theirs == ours, case
        if macs is not None:
            rows, columns = case[0]["input_shape"][1:]
            assert macs == theirs["weights"] * rows * columns


MODULE_CHANGES = {
    "module": [*GOOGLENET, "6a"],
    **{name: [0, 1, 17, 1024, 1025, 2.5] for name in WIDTHS},
    "input_shape": [[192, 28, 28], [1, 1, 1], [3, 7, 9], [0, 3, 3], [4, 4, 257]],
    "naive": [True, False, "yes"],
}


def test_modules_change_in_the_browser_as_they_do_in_python(browser_page):
    rng = np.random.default_rng(5)
    state = InceptionState.start()
    settings, walk = [state.settings], []
    for _ in range(400):
        name = str(rng.choice(list(MODULE_CHANGES)))
        value = MODULE_CHANGES[name][rng.integers(len(MODULE_CHANGES[name]))]
        walk.append({name: value})
        try:
            state = state.changed(**{name: tuple(value) if isinstance(value, list) else value})
            settings.append(state.settings)
        except (TypeError, ValueError) as refusal:
            settings.append(str(refusal))
    theirs = browser_page.evaluate(
        """async ([settings, walk, modules]) => {
            const { changed } = await import("http://convscope.test/explore/inception/state.js");
            return walk.map((changes) => {
                try {
                    settings = changed(settings, changes, { options: { modules } });
                    return settings;
                } catch (refusal) { return refusal.message; }
            });
        }""",
        [settings[0], walk, {name: widths._asdict() for name, widths in GOOGLENET.items()}],
    )
    assert 50 < sum(isinstance(each, str) for each in settings) < 300
    for change, made, ours in zip(walk, theirs, settings[1:], strict=True):
        assert made == ours or change == {"naive": "yes"} and "True or False" in made, change


MIXES = {
    "image": [*IMAGES, "dog"],
    "weights": [
        *presets(3),
        *presets(4),
        [[1, 2, 3]],
        [[1, 0], [0, 1]],
        np.eye(8).tolist(),
        [[9e6, 0, 0]],
        np.ones((9, 3)).tolist(),
    ],
    "bias": [0.5, [1], [1, 2, 3], [-1] * 8, 9e6],
    "relu": [*RELU, "behind"],
}


def test_mixes_change_in_the_browser_as_they_do_in_python(browser_page):
    """A random walk of changes, the same settings or the same refusal on both sides, and what they then make."""
    rng = np.random.default_rng(5)
    state, walk, answers, outputs = MixerState.start(), [], [], []
    start, images = state.settings, {name: rng.normal(size=(len(named(name)), 3, 4)) for name in IMAGES}
    images["kitten in colour"] = rng.random((3, 3, 4))
    for _ in range(400):
        name = str(rng.choice(list(MIXES)))
        walk.append({name: MIXES[name][rng.integers(len(MIXES[name]))]})
        try:
            state = state.changed(**walk[-1])
            answers.append(state.settings)
        except (TypeError, ValueError) as refusal:
            answers.append(str(refusal))
        outputs.append(replace(state, image=images[state.picture]).output)
    theirs = browser_page.evaluate(
        """async ([settings, walk, images]) => {
            const { changed, mixed } = await import("http://convscope.test/explore/mixer/state.js");
            const typed = (plane) => ({ ...plane, data: Float32Array.from(plane.data) });
            const pictures = new Map(images.map(([name, planes]) => [name, planes.map(typed)]));
            const whole = (work) => {
                for (;;) {
                    const { done, value } = work.next();
                    if (done) return value.output;
                }
            };
            return walk.map((changes) => {
                let answer;
                try {
                    settings = answer = changed(settings, changes, { pictures });
                } catch (refusal) { answer = refusal.message; }
                return [answer, whole(mixed(settings, pictures.get(settings.image))).map(({ data }) => [...data])];
            });
        }""",
        [start, walk, [[name, planes(image)] for name, image in images.items()]],
    )
    assert 50 < sum(isinstance(each, str) for each in answers) < 300
    for change, (answer, made), ours, output in zip(walk, theirs, answers, outputs, strict=True):
        assert answer == ours, change
        np.testing.assert_allclose(np.reshape(made, output.shape), output, rtol=1e-5, atol=1e-5)


def test_pictures_are_shifted_as_in_python(browser_page):
    rng = np.random.default_rng(7)
    cases, expected = [], []
    for _ in range(200):
        picture, steps = rng.integers(-9, 10, rng.integers(1, 8, 2)).astype(float), rng.integers(-9, 10, 2).tolist()
        cases.append([*planes(picture[None]), *steps])
        expected.append(datasets.shift(picture, *steps))
    made = browser_page.evaluate(
        """async ([module, cases]) => {
            const { shift } = await import(module);
            const moved = ([one, ...steps]) => shift({ ...one, data: Float64Array.from(one.data) }, ...steps);
            return cases.map((each) => [...moved(each).data]);
        }""",
        [f"{TWIN}/shift.js", cases],
    )
    for theirs, ours in zip(made, expected, strict=True):
        assert theirs == ours.ravel().tolist()


def test_dense_weights_are_those_of_python_to_the_last_bit(browser_page):
    made = browser_page.evaluate(
        """async (module) => {
            const { dense_weights } = await import(module);
            const work = dense_weights(1000);
            for (;;) {
                const { done, value } = work.next();
                if (done) return [...value.subarray(0, 500), ...value.subarray(-500)];
            }
        }""",
        f"{TWIN}/shift.js",
    )
    weights = dense_weights(1000).ravel()
    assert made == [*weights[:500].tolist(), *weights[-500:].tolist()]


SHIFT_CHANGES = {
    "image": ["digit", "letter", "kitten", "dog"],
    "shift": [[0, 0], [3, -2], [8, 8], [-8, 5], [9, 0], [1, 1]],
    "layer": ["convolution", "convolution", "dense", "pooling"],
    "kernel": [0, 7, 8],
    "kernel_size": [1, 3, 5, 6, [1, 4], [5, 2]],
    "stride": [1, 2, 4, 5, [1, 3]],
    "pooling": ["none", "max", "average", "mean"],
    "pool_size": [1, 2, 4, 5, [1, 2]],
    "pool_stride": [1, 2, 4, 0, [2, 1]],
    "global_pool": ["max", "average", "none"],
}


def test_shifts_change_in_the_browser_as_they_do_in_python(browser_page):
    rng = np.random.default_rng(8)
    state = ShiftState.start()
    settings, walk = [state.settings], []
    for _ in range(500):
        names = rng.choice(list(SHIFT_CHANGES), int(rng.integers(1, 3)), replace=False)
        changes = {str(name): SHIFT_CHANGES[name][rng.integers(len(SHIFT_CHANGES[name]))] for name in names}
        walk.append(changes)
        try:
            state = state.changed(**{n: tuple(v) if isinstance(v, list) else v for n, v in changes.items()})
            settings.append(state.settings)
        except (TypeError, ValueError):
            settings.append(None)
    images = {name: state.changed(image=name, shift=(0, 0)).image for name in SHIFT_CHANGES["image"][:-1]}
    pictures = {name: planes(image[None]) for name, image in images.items()}
    theirs = browser_page.evaluate(
        """async ([settings, walk, given]) => {
            const { changed } = await import("http://convscope.test/explore/shift/state.js");
            const plane = (one) => ({ ...one, data: Float32Array.from(one.data) });
            const pictures = new Map(Object.entries(given).map(([name, [one]]) => [name, [plane(one)]]));
            return walk.map((changes) => {
                try {
                    settings = changed(settings, changes, { pictures });
                    return settings;
                } catch { return null; }
            });
        }""",
        [settings[0], walk, pictures],
    )
    assert 50 < settings.count(None) < 400
    for change, made, ours in zip(walk, theirs, settings[1:], strict=True):
        assert made == ours, change


def test_scales_of_maps_and_weights_are_those_of_python(browser_page):
    rng = np.random.default_rng(9)
    cases, expected = [], []
    for _ in range(300):
        weights = rng.normal(size=int(rng.integers(1, 10))) + rng.choice([0.0, 0.0, 1.0])
        weights -= weights.mean() * rng.choice([0.0, 0.9, 1.0])
        maps = rng.normal(size=(int(rng.integers(1, 3)), 3, 4)) * 10.0 ** rng.choice([-9, -3, 0]) + rng.choice(
            [0.0, 1.0]
        )
        maps = abs(maps) if rng.random() < 0.3 else maps
        low, high = (0.0, 1.0) if rng.random() < 0.6 else (-2.0, 2.0)
        scale = [str(rng.choice(["grey", "signed"])), low, high]
        cases.append([planes(maps), weights.tolist(), scale])
        expected.append((map_scale(maps, weights, tuple(scale)), weight_scale(weights)))
    made = browser_page.evaluate(
        """async ([module, cases]) => {
            const { map_scale, weight_scale } = await import(module);
            return cases.map(([maps, weights, scale]) => [map_scale(maps, weights, scale), weight_scale(weights)]);
        }""",
        ["http://convscope.test/explore/view/draw/colours.js", cases],
    )
    assert {scale[0] for scale, _ in expected} == {"grey", "signed"}
    for case, theirs, ours in zip(cases, made, expected, strict=True):
        for one, other in zip(theirs, ours, strict=True):
            assert one[0] == other[0], case
            assert one[1:] == pytest.approx(other[1:]), case


@pytest.mark.parametrize("size", [2, 3, 5, 11])
def test_the_bank_is_that_of_python(browser_page, size):
    theirs = browser_page.evaluate(
        """async ([module, size]) => {
            const { bank } = await import(module);
            return bank(size).map((slices) => slices.map(({ data }) => [...data]));
        }""",
        [f"{TWIN}/kernels.js", size],
    )
    np.testing.assert_allclose(np.reshape(theirs, (16, 3, size, size)), kernels.bank(size), atol=1e-7)


def test_start_kernels_are_those_of_python(browser_page):
    cases = [
        [index, 9, channels, size] for index in (0, 1, 5) for channels in (1, 2, 3, 40) for size in ([1, 1], [3, 2])
    ]
    theirs = browser_page.evaluate(
        """async (cases) => {
            const { start_kernels } = await import("http://convscope.test/explore/feature_maps/layers.js");
            return cases.map((each) => start_kernels(...each).map((slices) => slices.map(({ data }) => [...data])));
        }""",
        cases,
    )
    for (index, maps, channels, size), made in zip(cases, theirs, strict=True):
        ours = start_kernels(index, maps, channels, tuple(size))
        np.testing.assert_allclose(np.reshape(made, ours.shape), ours, rtol=1e-5, atol=1e-6)


LAYERS = {
    "image": ["kitten", "kitten in colour", "numbers", "letter", "dog"],
    "layer": [1, 2, 3, 4, 0],
    "kind": ["conv", "max pool", "average pool", "pool"],
    "kernel_size": [1, 2, 3, 5, 8, 11, 12, 0, [3, 1], [2, 5]],
    "stride": [1, 2, 3, 4, 12, [1, 2]],
    "padding": ["valid", "same", "full", "half", 0, 1, 5, 15, 16, [0, 2]],
    "maps": [1, 2, 5, 9, 16, 129, 0],
    "activation": ["none", "ReLU", "tanh", "sigmoid"],
}


def test_layers_change_in_the_browser_as_they_do_in_python(browser_page):
    """A random walk of changes: the same settings and maps, or a refusal, on both sides."""
    rng = np.random.default_rng(4)
    state = FeatureMapsState.start()
    pictures = {name: state.changed(image=name).input for name in LAYERS["image"][:-1]}
    settings, outputs, walk = [state.settings], [], []
    for _ in range(250):
        name = str(rng.choice(list(LAYERS)))
        value = LAYERS[name][rng.integers(len(LAYERS[name]))]
        walk.append({name: value})
        try:
            state = state.changed(**{name: tuple(value) if isinstance(value, list) else value})
            settings.append(state.settings)
            outputs.append([state.output.shape, float(state.output.sum(dtype=float)), float(state.output.max())])
        except (TypeError, ValueError):
            settings.append(None)
            outputs.append(None)
    theirs = browser_page.evaluate(
        """async ([start, walk, pictures]) => {
            const { changed } = await import("http://convscope.test/explore/feature_maps/state.js");
            const { made_by, weights_for } = await import("http://convscope.test/explore/feature_maps/layers.js");
            const { plane } = await import("http://convscope.test/explore/view/twin/ops.js");
            const known = new Map(Object.entries(pictures).map(([name, [channels, rows, columns, data]]) => {
                const of = (c) => Float32Array.from(data.slice(c * rows * columns, (c + 1) * rows * columns));
                return [name, Array.from({ length: channels }, (_, c) => plane(rows, columns, of(c)))];
            }));
            const run = (work) => { for (;;) { const { done, value } = work.next(); if (done) return value; } };
            let settings = start;
            return walk.map((changes) => {
                try {
                    settings = changed(settings, changes, { pictures: known });
                } catch {
                    return [null, null];
                }
                let maps = known.get(settings.image);
                for (const [i, layer] of settings.layers.slice(0, settings.layer).entries()) {
                    maps = run(made_by(layer, maps, layer.kind === "conv" ? weights_for(layer, i, maps.length) : null));
                }
                const [{ rows, columns }] = maps, all = maps.flatMap(({ data }) => [...data]);
                const most = all.reduce((a, b) => Math.max(a, b));
                return [settings, [[maps.length, rows, columns], all.reduce((a, b) => a + b, 0), most]];
            });
        }""",
        [settings[0], walk, {name: [*image.shape, image.ravel().tolist()] for name, image in pictures.items()}],
    )
    assert 20 < settings.count(None) < 200
    for change, (made, numbers), ours, output in zip(walk, theirs, settings[1:], outputs, strict=True):
        assert made == ours, change
        if output:
            assert numbers[0] == list(output[0])
            np.testing.assert_allclose(numbers[1:], output[1:], rtol=2e-4, atol=1e-3)


def random_network(rng, size):
    """A network of any kind that the explorer shows, for images of two channels."""
    odd = lambda most: int(rng.integers(1, most))  # noqa: E731
    act = lambda: [[], [ReLU()], [Tanh(1.7, 0.6)]][rng.integers(3)]  # noqa: E731
    pool = [MaxPool2D, AvgPool2D][rng.integers(2)]
    conv = Conv2D(odd(5), (odd(4), odd(4)), stride=odd(3), padding=str(rng.choice(["valid", "same", "full"])))
    second = Conv2D(odd(4), 2, dilation=odd(3), padding=1, bias=bool(rng.integers(2)))
    end = [Flatten(), Dense(odd(6)), *act(), Dense(4)] if rng.random() < 0.7 else [GlobalAvgPool2D(), Dense(4)]
    layers = [conv, *act(), pool((2, 3), stride=odd(4), padding=int(rng.integers(2))), *act(), second, *act(), *end]
    return Sequential(*layers).build((2, *size), seed=int(rng.integers(99)))


def test_networks_are_those_of_the_layers_with_what_each_unit_reads_and_answers_to(browser_page):
    """All maps, sums of windows, fields, gradients and what hiding does, of random networks and of the course's own."""
    rng, cases, expected = np.random.default_rng(8), [], []
    lenet = models.lenet5(2).build((1, 28, 28), seed=1)
    nets = [(models.trained_digit_net(), digit[0]) for digit in datasets.digits()[1][0][:, None][:12]] + [
        (lenet, datasets.digits()[1][0][0])
    ]
    nets += [(random_network(rng, (9, 11)), rng.normal(size=(2, 9, 11)).astype("f4")) for _ in range(30)]
    for model, image in nets:
        stages = network_stages(model, image.shape)
        both = [(sums[0], maps[0]) for sums, maps in outputs(model, stages, image[None])]
        units = [[s, *(int(rng.integers(n)) for n in stage.shape)] for s, stage in enumerate(stages)]
        which = int(rng.integers(stages[-1].shape[0]))
        y = model(image[None])
        saliency = model.backward(np.eye(y.shape[1], dtype=y.dtype)[[which]])[0]
        corner = image.copy()
        corner[:, :3, :3] = 0  # under a patch whose middle is pixel (0, 0)
        cases.append(
            {
                "described": {"stages": [stage.plain() for stage in stages]},
                "weights": all_weights(model, stages).tolist(),
                "image": planes(image),
                "units": units,
                "which": which,
            }
        )
        leads = [x[which] - np.delete(x, which).max() for x in (model(each[None])[0] for each in (corner, image))]
        expected.append((both, units, saliency, leads[0] - leads[1], stages))
    made = browser_page.evaluate(
        """async (cases) => {
            const at = "http://convscope.test/explore/network/net/net.js";
            const { network_of, forward, opened, field, feeds, pixel_gradient, occlusion } = await import(at);
            return cases.map(({ described, weights, image, units, which }) => {
                const data = new DataView(Float32Array.from(weights).buffer);
                const network = network_of({ ...described, weights: { data } });
                const input = image.map((each) => ({ ...each, data: Float32Array.from(each.data) }));
                const made = forward(network, input), top = made.length - 1;
                const all = (planes) => planes.flatMap(({ data }) => [...data]);
                const work = occlusion(network, input, which, { patch: 5, step: 100 });
                work.next();
                return {
                    stages: made.map(({ sums, maps }) => [all(sums), all(maps)]),
                    units: units.map((unit) => {
                        const { strips, bias, sum } = opened(network, made, unit), seen = field(network, unit, 0);
                        const total = strips.reduce((all, each) => all + each.sum, bias), [s, , r, c] = unit;
                        const up = seen.rows ? feeds(network, [0, 0, seen.row, seen.column], s) : null;
                        const holds = ({ row, column, rows, columns }) =>
                            row <= r && r < row + rows && column <= c && c < column + columns;
                        return [strips.length ? total - sum : 0, seen, !up || holds(up)];
                    }),
                    saliency: all(pixel_gradient(network, made, [top, which, 0, 0])),
                    hidden: work.next().value.data[0],
                };
            });
        }""",
        cases,
    )
    for theirs, (stages_made, units, saliency, hidden, stages) in zip(made, expected, strict=True):
        for ours, (sums, maps) in zip(stages_made, theirs["stages"], strict=True):
            scale = 1 + abs(ours[0]).max()
            np.testing.assert_allclose(sums, ours[0].ravel(), atol=2e-6 * scale)
            np.testing.assert_allclose(maps, ours[1].ravel(), atol=2e-6 * scale)
        for unit, (gap, seen, is_fed) in zip(units, theirs["units"], strict=True):
            assert abs(gap) < 1e-4 and is_fed, unit
            assert seen_by(stages, unit) == [seen["row"], seen["column"], seen["rows"], seen["columns"]], unit
        np.testing.assert_allclose(theirs["saliency"], saliency.ravel(), atol=2e-6 * (1 + abs(saliency).max()))
        assert theirs["hidden"] == pytest.approx(hidden, rel=1e-4, abs=1e-4)


def seen_by(stages, unit):
    """The pixels that a unit sees, [row, column, rows, columns], by the windows of all stages under it."""
    places = []
    for axis in (0, 1):
        seen = {unit[2 + axis]}
        for s in range(min(unit[0], len(stages) - 2), 0, -1):
            window = stages[s].windows[axis]
            reads = geometry.window_indices(stages[s - 1].shape[1 + axis], window.kernel_size, **window.moves())
            seen = {i for place in seen for i in reads[place].tolist() if i >= 0}
        places.append(seen)
    if not all(places):
        return [0, 0, 0, 0]
    return [min(each) for each in places] + [max(each) - min(each) + 1 for each in places]


def test_what_is_done_to_images_is_what_python_does(browser_page):
    rng, cases, expected = np.random.default_rng(9), [], []
    for _ in range(60):
        image = rng.random((int(rng.integers(1, 4)), *rng.integers(4, 30, 2)), np.float32) * (rng.random() < 0.9)
        tools = {"move": rng.integers(-9, 9, 2).tolist(), "turn": int(rng.integers(-180, 181))}
        tools |= {"noise": int(rng.choice([0, 0, 30])), "inverted": bool(rng.random() < 0.3)}
        tools |= {"move": [0, 0], "turn": 0} if rng.random() < 0.2 else {}
        cases.append([planes(image), tools])
        expected.append((adjusted(image, **tools), datasets.centre(image[0])))
    made = browser_page.evaluate(
        """async (cases) => {
            const { adjusted, centred } = await import("http://convscope.test/explore/network/net/pen.js");
            return cases.map(([image, tools]) => {
                const typed = image.map((each) => ({ ...each, data: Float32Array.from(each.data) }));
                return [adjusted(typed, tools).flatMap(({ data }) => [...data]), [...centred(typed[0]).data]];
            });
        }""",
        cases,
    )
    for case, theirs, ours in zip(cases, made, expected, strict=True):
        for one, other in zip(theirs, ours, strict=True):
            np.testing.assert_allclose(one, other.ravel(), atol=2e-6, err_msg=str(case[1]))


def test_images_in_bytes_are_those_that_python_has(browser_page):
    explorer = NetworkExplorer()
    made = browser_page.evaluate(
        """async (data) => {
            const { planes } = await import("http://convscope.test/explore/view/wire.js");
            const shape = [1, 28, 28], bytes = new DataView(Uint8Array.from(data).buffer);
            return [...planes({ shape, data: bytes, parts: 255 })[0].data];
        }""",
        list(explorer._pictures["example 7"]["data"]),
    )
    np.testing.assert_array_equal(np.float32(made), explorer.state.examples[7].ravel())


DRAWING = [3, base64.b64encode(bytes(784)).decode()]
NETWORK_CHANGES = {
    "image": ["example 0", "example 41", "example 42", "kitten"],
    "model": ["first", "other", "unknown"],
    "edits": [{}, {"1,0,0,4,4": 2.0}, {"1,0": -1.0, "3,7,3,0,0": 0.5}, {"2,0": 1.0}, {"1,0,0,5,0": 1.0}, {"1,0": 1e7}],
    "unit": [None, [3, 7, 7, 7], [1, 3, 23, 0], [6, 9, 0, 0], [3, 8, 0, 0], [7, 0, 0, 0], [0, 0, 27, 27], [1, 2]],
    "move": [[0, 0], [3, -64], [65, 0], [1], [0.5, 0]],
    "turn": [0, 45, -180, 181, 2.5],
    "noise": [0, 100, -1],
    "inverted": [True, False, "yes"],
    "drawings": [[], [DRAWING], [DRAWING] * 41, [[-1, DRAWING[1]]], [[3, "AAAA"]]],
}


def test_network_settings_change_in_the_browser_as_they_do_in_python(browser_page):
    """A random walk of changes: the same settings, or a refusal, on both sides."""
    rng, state = np.random.default_rng(10), NetworkState.start()
    other = Sequential(Conv2D(4, 5), Flatten(), Dense(10)).build((1, 28, 28), seed=1)
    networks = {"first": state.network, "other": Network.of(other, (1, 28, 28))}
    named = lambda settings: settings | {"model": keys[settings["model"]]}  # noqa: E731
    keys = {network.key: name for name, network in networks.items()}
    settings, walk = [named(state.settings)], []
    for _ in range(500):
        name = str(rng.choice(list(NETWORK_CHANGES)))
        walk.append({name: NETWORK_CHANGES[name][rng.integers(len(NETWORK_CHANGES[name]))]})
        try:
            state = state.changed(**state.asked(walk[-1], networks))
            settings.append(named(state.settings))
        except (TypeError, ValueError):
            settings.append(None)
    theirs = browser_page.evaluate(
        """async ([settings, walk, described]) => {
            const { changed } = await import("http://convscope.test/explore/network/state.js");
            const networks = new Map(Object.entries(described));
            const pictures = new Map(Array.from({ length: 42 }, (_, i) => [`example ${i}`, []]));
            return walk.map((changes) => {
                try { return (settings = changed(settings, changes, { pictures, networks })); } catch { return null; }
            });
        }""",
        [
            settings[0],
            walk,
            {name: {"stages": [stage.plain() for stage in each.stages]} for name, each in networks.items()},
        ],
    )
    assert 100 < settings.count(None) < 350
    for change, made, ours in zip(walk, theirs, settings[1:], strict=True):
        assert made == ours, change
