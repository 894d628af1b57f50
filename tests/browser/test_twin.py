"""The browser's twin of geometry, operations, kernels and words gives what Python gives, for random cases."""

import base64
import json
import mimetypes
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from convscope import NetworkExplorer, conv2d, conv_transpose2d, datasets, geometry, kernels, models, ops, words
from convscope.explore.arrays import PICTURES, map_scale, scattered, weight_scale
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
from convscope.explore.settings import from_json
from convscope.explore.shift.state import ShiftState
from convscope.explore.shift.weights import dense_weights
from convscope.layers import AvgPool2D, Conv2D, Dense, Flatten, GlobalAvgPool2D, MaxPool2D, ReLU, Sequential, Tanh
from convscope.models import GOOGLENET, Widths, inception

LIBRARY = Path(str(files("convscope")))
SITE = "http://convscope.test/"
MANY = 2000

# Calls `function` with each of some lists of arguments, where what is called data is an array of numbers. Gives what it
# gives, a generator's work done, or its refusal.
CALLS = """async ([module, name, text]) => {
    const { [name]: called } = await import(module);
    const cases = JSON.parse(text, (key, value) => (key === "data" ? Float64Array.from(value) : value));
    const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
    const answer = (values) => {
        try {
            const made = called(...values);
            if (!made?.next) return made;
            for (;;) {
                const { done, value } = made.next();
                if (done) return value;
            }
        } catch (refusal) { return { refused: refusal.message }; }
    };
    return JSON.stringify(cases.map(answer), plain);
}"""


@pytest.fixture(scope="module")
def browser_page(chromium):
    """A page that can import the library's modules as they are, one by one."""
    page = chromium.new_context().new_page()

    def serve(route):
        file = LIBRARY / route.request.url.removeprefix(SITE)
        if file.is_file():
            kind = {".js": "text/javascript"}.get(file.suffix) or mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_text(encoding="utf-8"), content_type=f"{kind}; charset=utf-8")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route(f"{SITE}**", serve)
    page.goto(SITE)
    yield page
    page.context.close()


def called(page, module, name, cases):
    """What a function of a module in `explore` gives for each list of arguments, {"refused": …} for a refusal."""
    return json.loads(page.evaluate(CALLS, [f"{SITE}explore/{module}.js", name, json.dumps(cases)]))


def agree(page, module, name, cases, python, tolerance=0.0, refusals=None):
    """A function gives for each case what its twin in Python gives, and refuses the same. refusals: least and most."""
    refused = 0
    for case, theirs in zip(cases, called(page, module, name, cases), strict=True):
        try:
            ours = python(*case)
        except ValueError as refusal:
            assert says_the_same(theirs["refused"], str(refusal)), case
            refused += 1
        else:
            assert is_close(theirs, ours, tolerance), case
    least, most = refusals or (0, 0)
    assert least <= refused <= most


def says_the_same(theirs, ours):
    """Whether refusals do: in Python one may say the axis first, and a pair where rows and columns agree."""
    plain = lambda text: re.sub(r"\((\d+), \1\)", r"\1", text.replace('"', "'"))  # noqa: E731
    return plain(ours).endswith(plain(theirs))


def is_close(theirs, ours, tolerance):
    """Whether two structures of lists, dicts, numbers and texts agree, numbers to a tolerance."""
    if isinstance(ours, dict):
        return set(theirs) >= set(ours) and all(is_close(theirs[key], ours[key], tolerance) for key in ours)
    if isinstance(ours, (list, tuple)) and any(isinstance(each, (list, tuple, dict, str)) for each in ours):
        pairs = zip(theirs, ours, strict=True)
        return len(theirs) == len(ours) and all(is_close(one, other, tolerance) for one, other in pairs)
    if isinstance(ours, (str, bool, type(None))) or not tolerance:
        return theirs == (list(ours) if isinstance(ours, tuple) else ours)
    return np.shape(theirs) == np.shape(ours) and np.allclose(theirs, ours, rtol=tolerance, atol=tolerance)


def plane(array):
    return {"rows": array.shape[0], "columns": array.shape[1], "data": array.ravel().tolist()}


def planes(array):
    return [plane(each) for each in array]


def array(planes):
    """The reverse, in double precision."""
    return np.array([each["data"] for each in planes]).reshape(len(planes), planes[0]["rows"], planes[0]["columns"])


# ---- geometry


def axis_cases(rng, many):
    for _ in range(many):
        padding = rng.choice(["valid", "same", "full", "amounts"])
        amounts = rng.integers(0, 6, 2).tolist()
        moves = {"stride": int(rng.integers(1, 6)), "dilation": int(rng.integers(1, 4))}
        moves["padding"] = amounts if padding == "amounts" else str(padding)
        yield [int(rng.integers(1, 30)), int(rng.integers(1, 9)), moves]


@pytest.mark.parametrize("name", ["output_size", "transposed_size", "padding_amounts", "window_indices"])
def test_geometry_is_that_of_python_and_refuses_the_same(browser_page, name):
    cases = list(axis_cases(np.random.default_rng(0), MANY))
    python = lambda n, size, moves: np.asarray(getattr(geometry, name)(n, size, **moves)).tolist()  # noqa: E731
    agree(browser_page, "view/twin/geometry", name, cases, python, refusals=(MANY / 50, MANY / 2))


def test_receptive_fields_are_those_of_python(browser_page):
    rng, cases = np.random.default_rng(6), []
    for _ in range(500):
        layers = [moves | {"kernel_size": size} for _, size, moves in axis_cases(rng, int(rng.integers(1, 7)))]
        cases.append([layers, int(rng.integers(1, 200))])
    python = lambda layers, n: [field._asdict() for field in geometry.receptive_field(layers, n)]  # noqa: E731
    agree(browser_page, "view/twin/geometry", "receptive_field", cases, python, refusals=(10, 250))


# ---- operations


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_convolutions_are_those_of_python(browser_page, name):
    function, filters = {"conv2d": (conv2d, 0), "conv_transpose2d": (conv_transpose2d, 1)}[name]
    rng, cases = np.random.default_rng(1), []
    pair = lambda most, least=1: rng.integers(least, most, 2).tolist()  # noqa: E731
    for _ in range(300):
        channels = rng.integers(1, 4)
        x, kernel = (rng.normal(size=(channels, *rng.integers(1, most, 2))) for most in (12, 6))
        padding = str(rng.choice(["valid", "same", "full"])) if rng.random() < 0.6 else pair(4, 0)
        moves = {"stride": pair(4), "dilation": pair(3), "padding": padding}
        cases.append([planes(x.astype("f4")), planes(kernel), moves])

    def python(x, kernel, moves):
        return plane(function(array(x), np.expand_dims(array(kernel), filters), **moves)[0])

    agree(browser_page, "view/twin/ops", name, cases, python, 1e-6, refusals=(10, 200))


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pools_and_their_gradients_are_those_of_python(browser_page, kind):
    rng, cases, gradients = np.random.default_rng(4), [], []
    pool, backward = (getattr(ops, f"{kind}_pool2d{way}") for way in ("", "_backward"))
    for _ in range(300):
        x = rng.integers(-3, 4, (1, *rng.integers(1, 10, 2)))  # whole numbers: ties are common
        size, stride = rng.integers(1, 5, 2).tolist(), rng.integers(1, 5, 2).tolist()
        padding = str(rng.choice(["valid", "same"])) if rng.random() < 0.6 else rng.integers(0, 3, 2).tolist()
        cases.append([plane(x[0]), size, {"stride": stride, "padding": padding, "dilation": 1}])

    def python(x, size, moves):
        y = pool(array([x]), size, stride=moves["stride"], padding=moves["padding"])
        gradients.append([planes(rng.integers(-4, 5, y.shape))[0], x, size, moves])
        return plane(y[0])

    def python_backward(grad_y, x, size, moves):
        return plane(backward(array([grad_y]), array([x]), size, stride=moves["stride"], padding=moves["padding"])[0])

    agree(browser_page, "view/twin/ops", pool.__name__, cases, python, 1e-12, refusals=(10, 200))
    agree(browser_page, "view/twin/ops", backward.__name__, gradients, python_backward, 1e-12)


def test_a_grey_picture_is_that_of_python(browser_page):
    photo = planes(np.random.default_rng(5).random((3, 4, 5)))
    agree(browser_page, "view/twin/colours", "grey", [[photo]], lambda x: planes(datasets.grey(array(x))), 1e-6)


def test_pictures_are_shifted_as_in_python(browser_page):
    rng = np.random.default_rng(7)
    pictures = [rng.integers(-9, 10, rng.integers(1, 8, 2)) for _ in range(200)]
    cases = [[plane(picture), *rng.integers(-9, 10, 2).tolist()] for picture in pictures]
    python = lambda x, *steps: plane(datasets.shift(array([x])[0], *steps))  # noqa: E731
    agree(browser_page, "view/twin/shift", "shift", cases, python)


# ---- kernels and weights


def test_every_preset_at_every_size_is_that_of_python(browser_page):
    sizes = [[rows, columns] for rows in (1, 2, 3, 4, 5, 8, 11, 12) for columns in (1, 3, 4, 7, 11)]
    cases = [[name, size] for name in (*kernels.PRESETS, "edge") for size in sizes]
    python = lambda name, size: plane(kernels.preset(name, tuple(size)))  # noqa: E731
    agree(browser_page, "view/twin/kernels", "preset", cases, python, 1e-12, refusals=(40, 200))


def test_other_weights_are_those_of_python(browser_page):
    sizes = [[size] for size in (2, 3, 5, 11)]
    bank = lambda size: [planes(slices) for slices in kernels.bank(size)]  # noqa: E731
    agree(browser_page, "view/twin/kernels", "bank", sizes, bank, 1e-7)
    starts = [[index, 9, channels, size] for index in (0, 1, 5) for channels in (1, 3, 40) for size in ([1, 1], [3, 2])]
    start = lambda *case: [planes(slices) for slices in start_kernels(*case[:3], tuple(case[3]))]  # noqa: E731
    agree(browser_page, "feature_maps/layers", "start_kernels", starts, start, 1e-5)
    numbers = [[n] for n in (0, 1, 5, 1000, 2**20)]
    agree(browser_page, "view/twin/scattered", "scattered", numbers, lambda n: float(scattered(np.int64(n))))
    dense = lambda pixels: dense_weights(pixels).ravel().tolist()  # noqa: E731
    agree(browser_page, "view/twin/shift", "dense_weights", [[300]], dense)  # to the last bit


def test_scales_of_maps_and_weights_are_those_of_python(browser_page):
    rng, cases = np.random.default_rng(9), []
    for _ in range(300):
        weights = rng.normal(size=int(rng.integers(1, 10))) + rng.choice([0.0, 0.0, 1.0])
        weights -= weights.mean() * rng.choice([0.0, 0.9, 1.0])
        maps = rng.normal(size=(int(rng.integers(1, 3)), 3, 4)) * 10.0 ** rng.choice([-9, -3, 0])
        maps += rng.choice([0.0, 1.0])
        maps = abs(maps) if rng.random() < 0.3 else maps
        low, high = (0.0, 1.0) if rng.random() < 0.6 else (-2.0, 2.0)
        cases.append([planes(maps), weights.tolist(), [str(rng.choice(["grey", "signed"])), low, high]])
    of_maps = lambda maps, weights, scale: list(map_scale(array(maps), np.array(weights), tuple(scale)))  # noqa: E731
    assert {of_maps(*case)[0] for case in cases} == {"grey", "signed"}
    colours = "view/draw/colours"
    agree(browser_page, colours, "map_scale", cases, of_maps, 1e-6)
    of_weights = lambda weights: list(weight_scale(np.array(weights)))  # noqa: E731
    agree(browser_page, colours, "weight_scale", [[weights] for _, weights, _ in cases], of_weights, 1e-6)


# ---- words


def test_numbers_are_written_as_in_python(browser_page):
    rng = np.random.default_rng(2)
    values = [0.0, -0.0, 0.5, 1.125, 0.0625, 99.95, 999.5, 1e-3, 1e7, 9999999.5, 0.00099999, 2.5, 100.5, 101.5]
    values += (rng.normal(size=MANY) * 10.0 ** rng.integers(-9, 12, MANY)).tolist()
    values += (rng.integers(-4000, 4000, MANY) / 8).tolist()
    agree(browser_page, "view/twin/words", "number", [[value] for value in values], words.number)
    short = {0.5: "0.5", -999_999: "−999,999", 1e6: "1e6", -1.8179e12: "−1.82e12", 1e15: "1e15", 5.44e-4: "5.44e−4"}
    agree(browser_page, "view/twin/words", "short", [[value] for value in short], short.get)


TYPED = {"0.5": 0.5, "0,5": 0.5, "−1": -1, "1/4": 0.25, " 2e3 ": 2000, "−1 / 8": -0.125}
NOT_TYPED = {
    "1,000": "write it without a comma",
    "1/0": "divided by 0",
    **dict.fromkeys(["abc", "", "0x10"], "is not a number"),
    **dict.fromkeys(["1e999", "9" * 5000], "too large"),
}


def test_what_is_typed_is_read_or_refused_in_a_short_sentence(browser_page):
    agree(browser_page, "view/twin/words", "number_in", [[text] for text in TYPED], TYPED.get)
    refusals = called(browser_page, "view/twin/words", "number_in", [[text] for text in NOT_TYPED])
    for refusal, said in zip(refusals, NOT_TYPED.values(), strict=True):
        assert said in refusal["refused"] and len(refusal["refused"]) < 120


# ---- settings: random walks of changes, with the same settings, or a refusal, on both sides

WALK = """async ([module, steps, text]) => {
    const { changed } = await import(module);
    const given = JSON.parse(text, (key, value) => (key === "data" ? Float32Array.from(value) : value));
    const maps = ["pictures", "networks"].map((name) => [name, new Map(Object.entries(given[name] ?? {}))]);
    const view = { ...given, ...Object.fromEntries(maps) };
    let settings = given.start;
    return steps.map((changes) => {
        try {
            return (settings = changed(settings, changes, view));
        } catch (refusal) { return { refused: refusal.message }; }
    });
}"""
WINDOW = {
    "kernel_size": [1, 2, 3, 5, 8, 11, 12, 0, [3, 1], [2, 5]],
    "stride": [1, 2, 3, 4, 5, 12, [1, 2]],
    "padding": ["valid", "same", "full", "half", 0, 1, 5, 15, 16, [0, 2]],
}
STACKS = [[[3, 1, "same", 1]] * 3, [[[1, 3], 2, "valid", [2, 1]]], [[2, 2, [0, 1], 1]] * 4, [[9, 1, "full", 9]] * 2]
NO_STACKS = [[], [[0, 1, "valid", 1]], [[3, 1, "valid", 300]], [[3, 1, [300, 0], 1]] * 2, [[1, 1, "valid", 1]] * 9]
DRAWING = [3, base64.b64encode(bytes(784)).decode()]
NAMED = ["kitten", "kitten in colour", "numbers", "letter"]
POSSIBLE = {
    "convolution": {
        "image": [*NAMED, "dog"],
        "kernel": [*kernels.PRESETS, [[1, 2], [3, 4]], [[0.5]], [[1, 0, -1]], np.eye(4).tolist(), "edge"],
        **WINDOW,
        "dilation": [1, 2, 3, 4, [1, 3]],
        "flip": [True, False],
        "transposed": [True, False],
    },
    "pooling": {
        "image": [*["numbers"] * 4, *NAMED, "dog"],  # whose output often has the shape of a gradient
        "kernel": [*KERNELS, "edge"],
        "kind": [*KINDS, "min"],
        "size": [1, 2, 3, 4, 5, 6, [2, 1], [5, 3]],
        "stride": [1, 2, 3, 5, 6, [1, 2]],
        "padding": ["valid", "same", "full", 0, 1, 2, 4, 5, [0, 2]],
        "gradient": [True, False],
        "grad_y": [None, *[np.eye(3).tolist()] * 3, np.ones((3, 4)).tolist()],
    },
    "receptive": {
        "image": ["kitten", FACE, "numbers", "letter", "dog"],
        "layers": [*STACKS, *NO_STACKS],
        "depth": [1, 2, 3, 4, 5, 0],
    },
    "inception": {
        "module": [*GOOGLENET, "6a"],
        **{name: [0, 1, 17, 1024, 1025, 2.5] for name in WIDTHS},
        "input_shape": [[192, 28, 28], [1, 1, 1], [3, 7, 9], [0, 3, 3], [4, 4, 257]],
        "naive": [True, False, "yes"],
    },
    "mixer": {
        "image": [*IMAGES, "dog"],
        "weights": [
            *[*presets(3), *presets(4), [[1, 2, 3]], [[1, 0], [0, 1]]],
            *[np.eye(8).tolist(), [[9e6, 0, 0]], np.ones((9, 3)).tolist()],
        ],
        "bias": [0.5, [1], [1, 2, 3], [-1] * 8, 9e6],
        "relu": [*RELU, "behind"],
    },
    "shift": {
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
    },
    "feature_maps": {
        "image": [*NAMED, "dog"],
        "layer": [1, 2, 3, 4, 0],
        "kind": ["conv", "max pool", "average pool", "pool"],
        **WINDOW,
        "maps": [1, 2, 5, 9, 16, 129, 0],
        "activation": ["none", "ReLU", "tanh", "sigmoid"],
    },
    "network": {
        "image": ["example 0", "example 41", "example 42", "kitten"],
        "model": ["first", "other", "unknown"],
        "edits": [
            *[{}, {"1,0,0,4,4": 2.0}, {"1,0": -1.0, "3,7,3,0,0": 0.5}],
            *[{"2,0": 1.0}, {"1,0,0,5,0": 1.0}, {"1,0": 1e7}],
        ],
        "unit": [
            *[None, [3, 7, 7, 7], [1, 3, 23, 0], [6, 9, 0, 0], [3, 8, 0, 0]],
            *[[7, 0, 0, 0], [0, 0, 27, 27], [1, 2]],
        ],
        "move": [[0, 0], [3, -64], [65, 0], [1], [0.5, 0]],
        "turn": [0, 45, -180, 181, 2.5],
        "noise": [0, 100, -1],
        "inverted": [True, False, "yes"],
        "drawings": [[], [DRAWING], [DRAWING] * 41, [[-1, DRAWING[1]]], [[3, "AAAA"]]],
    },
}
STARTS = {
    "convolution": ConvolutionState,
    "pooling": PoolingState,
    "receptive": ReceptiveFieldState,
    "inception": InceptionState,
    "mixer": MixerState,
    "shift": ShiftState,
    "feature_maps": FeatureMapsState,
    "network": NetworkState,
}


SAY_THE_SAME = ("convolution", "inception", "mixer", "pooling", "shift")


def walked(folder, steps=400):
    """A random walk: the state at first, the changes, and the state after each, or its refusal."""
    rng, start = np.random.default_rng(3), STARTS[folder].start()
    possible, state, changes, found = POSSIBLE[folder], start, [], []
    for _ in range(steps):
        names = rng.choice(list(possible), int(rng.integers(1, 3)) if folder == "shift" else 1, replace=False)
        changes.append({str(name): possible[name][rng.integers(len(possible[name]))] for name in names})
        try:
            state = state.changed(**as_python_has(folder, state, changes[-1]))
            found.append(state)
        except (TypeError, ValueError) as refusal:
            found.append(str(refusal))
    return start, changes, found


def as_python_has(folder, state, changes):
    if folder == "network":
        return state.asked(changes, NETWORKS)
    return changes if folder == "mixer" else from_json(changes)  # whose weights stay lists


FIRST = NetworkState.start()
OTHER = Sequential(Conv2D(4, 5), Flatten(), Dense(10)).build((1, 28, 28), seed=1)
NETWORKS = {"first": FIRST.network, "other": Network.of(OTHER, (1, 28, 28))}


def given(folder, start):
    """What else a view knows: its pictures, the modules there are, and the networks."""
    if folder == "inception":
        return {"options": {"modules": {name: widths._asdict() for name, widths in GOOGLENET.items()}}}
    if folder == "network":
        described = {name: {"stages": [stage.plain() for stage in each.stages]} for name, each in NETWORKS.items()}
        return {"networks": described, "pictures": {f"example {i}": [] for i in range(42)}}
    makers = PICTURES | {FACE: face} | {name: lambda name=name: named(name) for name in IMAGES if folder == "mixer"}
    made = {name: makers[name]() for name in POSSIBLE[folder]["image"] if name in makers}
    if folder == "shift":  # which wants them smaller
        made = {name: start.changed(image=name, shift=(0, 0)).image for name in made}
    return {"pictures": {name: planes(x.reshape(-1, *x.shape[-2:])) for name, x in made.items()}}


@pytest.mark.parametrize("folder", STARTS)
def test_settings_change_in_the_browser_as_they_do_in_python(browser_page, folder):
    start, changes, found = walked(folder)
    keys = {network.key: name for name, network in NETWORKS.items()}
    plain = lambda settings: settings | ({"model": keys[settings["model"]]} if "model" in settings else {})  # noqa: E731
    text = json.dumps(given(folder, start) | {"start": plain(start.settings)})
    theirs = browser_page.evaluate(WALK, [f"{SITE}explore/{folder}/state.js", changes, text])
    assert 40 < sum(isinstance(each, str) for each in found) < 300
    for change, made, ours in zip(changes, theirs, found, strict=True):
        if isinstance(ours, str):
            assert "refused" in made, change
            is_worded_so = folder in SAY_THE_SAME and "image" not in change  # of which Python knows more
            assert not is_worded_so or says_the_same(made["refused"], ours), change
        else:
            assert made == plain(ours.settings), change


# ---- what settings make


def test_mixes_are_those_of_python(browser_page):
    rng, cases, expected = np.random.default_rng(5), [], {}
    images = {name: rng.normal(size=(len(named(name)), 3, 4)) for name in IMAGES}
    images["kitten in colour"] = rng.random((3, 3, 4))
    for state in walked("mixer")[2]:
        if not isinstance(state, str):
            image = images[state.picture]
            cases.append([state.settings, planes(image)])
            expected[len(cases) - 1] = replace(state, image=image).output
    for i, made in enumerate(called(browser_page, "mixer/state", "mixed", cases)):
        np.testing.assert_allclose(array(made["output"]), expected[i], rtol=1e-5, atol=1e-5)


def test_inception_modules_are_those_of_the_layers(browser_page):
    rng = np.random.default_rng(4)
    widths = lambda: [int(rng.integers(0, 40)) if rng.random() < 0.7 else 0 for _ in WIDTHS]  # noqa: E731
    modules = [each._asdict() for each in GOOGLENET.values() for _ in range(2)]
    for _ in range(300):
        modules.append({"input_shape": rng.integers(1, 300, 3).tolist()} | dict(zip(WIDTHS, widths(), strict=True)))
    cases = [[module, bool(i % 2)] for i, module in enumerate(modules)]

    def python(settings, naive):
        each = Widths(**settings | {"input_shape": tuple(settings["input_shape"])})
        made, parts = inception(each, naive=naive, bias=False), InceptionState(*each).branches(naive)
        branches = [
            {"label": label, "boxes": [box._asdict() for box in boxes], "maps": maps} for label, boxes, maps in parts
        ]
        sizes = {"maps": made.output_shape(each.input_shape)[0], "weights": made.parameter_count(each.input_shape)}
        assert made.macs(each.input_shape) == sizes["weights"] * np.prod(each.input_shape[1:])  # as `macs` there says
        return {"branches": branches, **sizes}

    agree(browser_page, "view/twin/models", "inception", cases, python, refusals=(5, 100))


def test_layers_make_the_maps_that_they_make_in_python(browser_page):
    states = [state for state in walked("feature_maps")[2] if not isinstance(state, str)]
    pictures = given("feature_maps", FeatureMapsState.start())["pictures"]
    made = browser_page.evaluate(
        """async ([all, pictures]) => {
            const { weights_for } = await import("http://convscope.test/explore/feature_maps/layers.js");
            const { made_by } = await import("http://convscope.test/explore/view/twin/layers.js");
            const { finished } = await import("http://convscope.test/explore/view/twin/ops.js");
            const typed = (plane) => ({ ...plane, data: Float32Array.from(plane.data) });
            return all.map(({ image, layers, layer }) => {
                let maps = pictures[image].map(typed);
                for (const [i, each] of layers.slice(0, layer).entries()) {
                    const weights = each.kind === "conv" ? weights_for(each, i, maps.length) : null;
                    maps = finished(made_by(each, maps, weights)).maps;
                }
                const [{ rows, columns }] = maps, all = maps.flatMap(({ data }) => [...data]);
                const most = all.reduce((a, b) => Math.max(a, b));
                return [[maps.length, rows, columns], all.reduce((a, b) => a + b, 0), most];
            });
        }""",
        [[state.settings for state in states], pictures],
    )
    for state, (shape, total, most) in zip(states, made, strict=True):
        assert tuple(shape) == state.output.shape
        assert total == pytest.approx(state.output.sum(dtype=float), rel=2e-4, abs=1e-3)
        assert most == pytest.approx(state.output.max(), rel=2e-4, abs=1e-3)


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
    digits, trained = datasets.digits()[1][0], models.trained_digit_net()
    nets = [(trained, digit) for digit in digits[:12]]
    nets += [(models.lenet5(2).build((1, 28, 28), seed=1), digits[0])]
    nets += [(random_network(rng, (9, 10)), rng.normal(size=(2, 9, 10)).astype("f4")) for _ in range(30)]
    for model, image in nets:
        stages = network_stages(model, image.shape)
        maps = [(sums[0], maps[0]) for sums, maps in outputs(model, stages, image[None])]
        units = [[s, *(int(rng.integers(n)) for n in stage.shape)] for s, stage in enumerate(stages)]
        which = int(rng.integers(stages[-1].shape[0]))
        y = model(image[None])
        saliency = model.backward(np.eye(y.shape[1], dtype=y.dtype)[[which]])[0]
        corner = image.copy()
        corner[:, :3, :3] = 0  # under a patch whose middle is pixel (0, 0)
        described = {"stages": [stage.plain() for stage in stages]}
        cases.append([described, all_weights(model, stages).tolist(), planes(image), units, which])
        leads = [x[which] - np.delete(x, which).max() for x in (model(each[None])[0] for each in (corner, image))]
        expected.append((maps, units, saliency, leads[0] - leads[1], stages))
    made = browser_page.evaluate(
        """async (cases) => {
            const at = "http://convscope.test/explore/network/net/net.js";
            const { network_of, forward, opened, field, feeds, pixel_gradient, occlusion } = await import(at);
            return cases.map(([described, weights, image, units, which]) => {
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
                        const pooled = described.stages[s].kind.endsWith("pool") ? strips[0].weights : null;
                        return [strips.length ? total - sum : 0, seen, !up || holds(up), pooled];
                    }),
                    saliency: all(pixel_gradient(network, made, [top, which, 0, 0])),
                    hidden: work.next().value.data[0],
                };
            });
        }""",
        cases,
    )
    for theirs, (maps_made, units, saliency, hidden, stages) in zip(made, expected, strict=True):
        for ours, (sums, maps) in zip(maps_made, theirs["stages"], strict=True):
            scale = 1 + abs(ours[0]).max()
            np.testing.assert_allclose(sums, ours[0].ravel(), atol=2e-6 * scale)
            np.testing.assert_allclose(maps, ours[1].ravel(), atol=2e-6 * scale)
        for unit, (gap, seen, is_fed, pooled) in zip(units, theirs["units"], strict=True):
            assert abs(gap) < 1e-4 and is_fed, unit
            assert pooled == pooled_by(stages, maps_made, unit), unit
            assert seen_by(stages, unit) == [seen["row"], seen["column"], seen["rows"], seen["columns"]], unit
        np.testing.assert_allclose(theirs["saliency"], saliency.ravel(), atol=2e-6 * (1 + abs(saliency).max()))
        assert theirs["hidden"] == pytest.approx(hidden, rel=1e-4, abs=1e-4)


def pooled_by(stages, maps, unit):
    """A pool as a sum: 1 for the first of the largest numbers, or equal parts of a mean, with none for padding."""
    s, which, *place = unit
    if not stages[s].kind.endswith("pool"):
        return None
    below, kind = maps[s - 1][1][which], stages[s].kind
    rows, columns = (
        geometry.window_indices(n, window.kernel_size, **window.moves())[at].tolist()
        for n, window, at in zip(below.shape, stages[s].windows, place, strict=True)
    )
    values = [None if -1 in (row, column) else below[row, column] for row in rows for column in columns]
    real = [value for value in values if value is not None]
    if kind == "max pool":
        return [int(i == values.index(max(real))) for i in range(len(values))]
    return [0 if value is None else 1 / len(real) for value in values]


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
    rng, cases, first = np.random.default_rng(9), [], []
    for _ in range(60):
        image = rng.random((int(rng.integers(1, 4)), *rng.integers(4, 30, 2)), np.float32) * (rng.random() < 0.9)
        tools = {"move": rng.integers(-9, 9, 2).tolist(), "turn": int(rng.integers(-180, 181))}
        tools |= {"noise": int(rng.choice([0, 0, 30])), "inverted": bool(rng.random() < 0.3)}
        tools |= {"move": [0, 0], "turn": 0} if rng.random() < 0.2 else {}
        cases.append([planes(image), tools])
        first.append([plane(image[0])])
    of_image = lambda image, tools: planes(adjusted(np.float32(array(image)), **tools))  # noqa: E731
    agree(browser_page, "network/net/pen", "adjusted", cases, of_image, 2e-6)
    of_plane = lambda ink: plane(datasets.centre(np.float32(array([ink])[0])))  # noqa: E731
    agree(browser_page, "network/net/pen", "centred", first, of_plane, 2e-6)


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
