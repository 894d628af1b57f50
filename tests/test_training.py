"""Losses and optimisers do what their formulas say; training learns, repeats itself, stops well and refuses well."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax

from convscope import datasets, models
from convscope.layers import Conv2D, Dense, Dropout, Flatten, ReLU, Sequential
from convscope.training import SGD, Adam, History, Run, accuracy, cross_entropy, fit, logits, softmax
from refusing import refused
from strategies import arrays

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype(np.float32)
LABELS = (X @ RNG.normal(size=(6, 3))).argmax(axis=1)  # a linear layer can learn them


def linear(seed=0):
    return Sequential(Dense(3)).build((6,), seed)


def weights(model):
    return {name: array.copy() for name, array in model.parameters.items()}


def assert_same(first, second):
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


@st.composite
def answers(draw):
    """Logits with as many spatial axes as one likes, and their labels."""
    batch, classes = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    places = tuple(draw(st.lists(st.integers(1, 3), max_size=2)))
    logits = 5 * draw(arrays((batch, classes, *places)))
    labels = np.random.default_rng(draw(st.integers(0, 99))).integers(0, classes, (batch, *places))
    return logits, labels


@given(answers())
def test_cross_entropy_is_what_scipy_says(case):
    logits, labels = case
    loss, gradient = cross_entropy(logits, labels)
    surprise = -np.take_along_axis(log_softmax(logits, axis=1), labels[:, None], axis=1)
    assert np.isclose(loss, surprise.mean())
    np.testing.assert_allclose(softmax(logits), np.exp(log_softmax(logits, axis=1)))
    assert gradient.shape == logits.shape


@given(answers(), st.data())
def test_the_gradient_of_cross_entropy_equals_differences(case, data):
    logits, labels = case
    place = tuple(data.draw(st.integers(0, n - 1)) for n in logits.shape)
    step = np.zeros_like(logits)
    step[place] = 1e-5
    slope = (cross_entropy(logits + step, labels)[0] - cross_entropy(logits - step, labels)[0]) / 2e-5
    assert np.isclose(cross_entropy(logits, labels)[1][place], slope, atol=1e-7)


def test_large_scores_do_not_overflow():
    logits = np.array([[1e4, 0, -1e4]], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cross_entropy(logits, [0])[0] == 0
        assert cross_entropy(logits, [1])[0] == 1e4
        np.testing.assert_array_equal(softmax(logits), [[1, 0, 0]])
    assert cross_entropy(logits, [1])[1].dtype == np.float32


def a_few_steps(optimiser, shares):
    """Weights after steps along gradients that are drawn, and these gradients."""
    rng = np.random.default_rng(1)
    parameters, gradients = {"w": np.array([1.0, -2.0]), "b": np.array(3.0)}, []
    for share in shares:
        gradients.append({"w": rng.normal(size=2), "b": np.array(rng.normal())})
        optimiser.step(parameters, gradients[-1], share)
    return parameters, gradients


def test_momentum_is_its_formula():
    shares = [1, 0.5, 0.25]
    parameters, gradients = a_few_steps(SGD(0.1, momentum=0.8), shares)
    for name, start in {"w": np.array([1.0, -2.0]), "b": 3.0}.items():
        one, two, three = (gradient[name] for gradient in gradients)
        expected = start - 0.1 * one - 0.05 * (0.8 * one + two) - 0.025 * (0.64 * one + 0.8 * two + three)
        np.testing.assert_allclose(parameters[name], expected)


def test_adam_is_its_formula():
    parameters, gradients = a_few_steps(Adam(0.1), [1, 1, 1, 0.5])
    for name, expected in {"w": np.array([1.0, -2.0]), "b": np.array(3.0)}.items():
        for t, share in enumerate([1, 1, 1, 0.5], start=1):
            seen = [gradient[name] for gradient in gradients[:t]]
            mean = 0.1 * sum(0.9 ** (t - 1 - i) * g for i, g in enumerate(seen)) / (1 - 0.9**t)
            square = 0.001 * sum(0.999 ** (t - 1 - i) * g**2 for i, g in enumerate(seen)) / (1 - 0.999**t)
            expected = expected - 0.1 * share * mean / (np.sqrt(square) + 1e-8)
        np.testing.assert_allclose(parameters[name], expected)


@pytest.mark.parametrize("optimiser", [SGD(0.1), Adam(0.1)])
def test_new_weights_owe_nothing_to_old_ones(optimiser):
    ends = []
    for _ in range(2):
        parameters = {"w": np.array([1.0, 2.0], np.float32)}
        for _ in range(3):
            optimiser.step(parameters, {"w": np.array([1.0, -1.0])})
        ends.append(parameters["w"])
    np.testing.assert_array_equal(*ends)
    assert ends[0].dtype == np.float32


class Spy(SGD):
    """Notes which share of its rate each step takes; may be interrupted before a step."""

    def __init__(self, interrupted=None, **settings):
        super().__init__(**settings)
        self.shares, self.interrupted = [], interrupted

    def step(self, parameters, gradients, share=1.0):
        if len(self.shares) == self.interrupted:
            raise KeyboardInterrupt
        self.shares.append(share)
        super().step(parameters, gradients, share)


class Watched(Sequential):
    """Notes the first number of each example that it is trained on."""

    def forward(self, x, training=False):
        if training:
            self.seen = [*getattr(self, "seen", []), x[:, 0].tolist()]
        return super().forward(x, training)


@pytest.mark.parametrize("optimiser", [SGD(0.1), Adam(0.05)])
def test_what_can_be_learned_is_learned(optimiser):
    model = linear()
    history = fit(model, X, LABELS, epochs=60, optimiser=optimiser, validation=(X, LABELS), progress=False)
    assert len(history.loss) == len(history.accuracy) == len(history.validation_loss) == 60
    assert history.steps == 120
    assert history.validation_accuracy[-1] == accuracy(model, X, LABELS) > 0.95
    assert history.loss[-1] < history.loss[0] / 3
    assert np.isclose(history.validation_loss[-1], cross_entropy(logits(model, X), LABELS)[0])
    assert repr(history).startswith("60 epochs, 120 steps: loss 0.") and "validation loss" in repr(history)


def test_the_loss_of_an_epoch_is_the_mean_over_its_examples():
    model = linear()
    scores = logits(model, X)
    history = fit(model, X, LABELS, epochs=1, batch=20, optimiser=SGD(1e-30), progress=False)  # weights stay
    assert np.isclose(history.loss[0], cross_entropy(scores, LABELS)[0], rtol=1e-5)
    assert history.accuracy[0] == (scores.argmax(axis=1) == LABELS).mean()


def test_the_rate_falls_in_a_straight_line_to_zero():
    spy = Spy()
    fit(linear(), X, LABELS, epochs=2, batch=20, optimiser=spy, progress=False)
    np.testing.assert_allclose(spy.shares, [1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6])
    spy = Spy()
    fit(linear(), X, LABELS, steps=4, batch=20, optimiser=spy, decay=False, progress=False)
    assert spy.shares == [1, 1, 1, 1]


def test_each_epoch_sees_each_example_once_in_a_new_order():
    model = Watched(Dense(3))
    fit(model, X, LABELS, epochs=2, batch=20, progress=False)
    assert [len(batch) for batch in model.seen] == [20, 20, 10] * 2
    first, second = sum(model.seen[:3], []), sum(model.seen[3:], [])
    assert sorted(first) == sorted(second) == sorted(X[:, 0].tolist())
    assert first != second


def test_a_last_epoch_may_be_cut_short():
    model = Watched(Dense(3))
    history = fit(model, X, LABELS, steps=5, batch=20, progress=False)
    assert len(model.seen) == 5 and len(history.loss) == 2  # the second epoch is cut short, and counted


@given(st.integers(0, 5))
def test_the_same_seeds_give_the_same_weights(seed):
    def run(order, start):
        model = Sequential(Dense(4), ReLU(), Dropout(0.3), Dense(3)).build((6,), start)
        fit(model, X, LABELS, epochs=2, seed=order, progress=False)
        return weights(model)

    first = run(seed, seed)
    assert_same(first, run(seed, seed))
    assert any((first[name] != other).any() for name, other in run(seed + 1, seed).items())
    assert any((first[name] != other).any() for name, other in run(seed, seed + 1).items())


def test_a_model_that_was_never_built_is_built_with_the_seed():
    started, built = Sequential(Dense(3)), linear(seed=7)
    for model in (started, built):
        fit(model, X, LABELS, epochs=1, seed=7, progress=False)
    assert_same(weights(started), weights(built))


def test_a_run_goes_on_where_it_ended():
    whole, parts = linear(), linear()
    fit(whole, X, LABELS, epochs=3, decay=False, seed=np.random.default_rng(4), progress=False)
    rng, optimiser = np.random.default_rng(4), SGD()
    for epochs in (1, 2):
        fit(parts, X, LABELS, epochs=epochs, decay=False, seed=rng, optimiser=optimiser, progress=False)
    assert_same(weights(whole), weights(parts))


@pytest.mark.parametrize("length", [{"epochs": 3}, {"steps": 7}])
@pytest.mark.parametrize("optimiser", [lambda: SGD(0.1), lambda: Adam(0.05)])
def test_a_run_in_slices_gives_the_weights_of_fit_bit_for_bit(length, optimiser):
    def dropping():
        return Sequential(Dense(20), ReLU(), Dropout(0.5), Dense(3)).build((6,), 1)

    whole, sliced = dropping(), dropping()
    how = length | {"batch": 20, "seed": 4, "validation": (X, LABELS)}  # a batch that does not divide 50
    history = fit(whole, X, LABELS, optimiser=optimiser(), progress=False, **how)
    run, measured = Run(sliced, X, LABELS, optimiser=optimiser(), **how), []
    while run.left:
        measured += [run.step() for _ in range(min(2, run.left))]
        logits(sliced, X)  # as one who looks on while the run is paused
    assert_same(weights(whole), weights(sliced))
    assert run.history == history and run.total == history.steps == len(measured)
    first, sizes = measured[: run.per_epoch], [20, 20, 10]
    for part, kept in enumerate((history.loss, history.accuracy)):
        assert np.isclose(np.average([each[part] for each in first], weights=sizes), kept[0])
    with pytest.raises(RuntimeError, match="No step is left"):
        run.step()


def test_after_a_divergence_no_step_of_a_run_is_left():
    model = linear()
    before = weights(model)
    run = Run(model, 1e30 * X, LABELS, epochs=50, optimiser=SGD(1e8))
    with pytest.raises(FloatingPointError):
        while run.left:
            run.step()
    assert not run.left
    assert_same(before, weights(model))


def test_an_interruption_keeps_what_was_learned_says_so_and_goes_on(capsys):
    stopped, short = linear(), linear()
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, X, LABELS, epochs=9, batch=20, decay=False, optimiser=Spy(interrupted=4))
    history = fit(short, X, LABELS, steps=4, batch=20, decay=False, progress=False)
    assert_same(weights(stopped), weights(short))
    *_, said = capsys.readouterr().out.splitlines()
    assert said.startswith(f"1 epoch, 4 steps: loss {history.loss[0]:.3f}, ")
    assert "Interrupted after step 4" in said


@pytest.mark.parametrize("optimiser", [SGD(1e8), Adam(1e8)])
def test_after_a_divergence_the_optimiser_starts_afresh(optimiser):
    model, twin = linear(), linear()
    with pytest.raises(FloatingPointError):
        fit(model, 1e30 * X, LABELS, epochs=50, optimiser=optimiser, decay=False, progress=False)
    optimiser.rate = 0.01
    fit(model, X, LABELS, epochs=2, optimiser=optimiser, progress=False)
    fit(twin, X, LABELS, epochs=2, optimiser=type(optimiser)(0.01), progress=False)
    assert_same(weights(model), weights(twin))


@pytest.mark.parametrize("epochs", [1, 9])  # in the last step, or long before
def test_a_loss_that_leaves_the_numbers_is_told_and_undone(epochs):
    model = Sequential(Dense(20), ReLU(), Dense(3)).build((6,))
    before = weights(model)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FloatingPointError, match=r"after step \d.* smaller rate than 1e\+38"):
            fit(model, 1000 * X, LABELS, epochs=epochs, batch=50, optimiser=SGD(1e38), progress=False)
    assert_same(before, weights(model))


def test_refused_training_does_not_even_build_the_model():
    model = Sequential(Dense(3))
    for wrong in ({"seed": -1}, {"epochs": 0}, {"validation": (X, LABELS[:2])}):
        with pytest.raises(ValueError):
            fit(model, X, LABELS, **{"epochs": 1, "progress": False} | wrong)
    assert not model.built


def test_predictions_come_in_batches_and_without_training_mode():
    model = Sequential(Flatten(), Dense(4), Dropout(0.5))
    x = RNG.normal(size=(600, 2, 3)).astype(np.float32)
    np.testing.assert_allclose(logits(model, x), model(x), rtol=1e-5, atol=1e-6)
    assert logits(model, x[:0]).shape == (0, 4)
    assert accuracy(model, x, model(x).argmax(axis=1)) == 1


def test_maps_of_pixels_have_labels_too():
    x = np.random.default_rng(1).normal(size=(4, 1, 6, 6)).astype(np.float32)
    labels = (x[:, 0] > 0).astype(int)
    model = Sequential(Conv2D(2, 1))
    fit(model, x, labels, epochs=80, optimiser=Adam(0.1), progress=False)
    assert accuracy(model, x, labels) > 0.95


REFUSED = {
    "epochs or steps … how long … epochs=None, steps=None": {"epochs": None},
    "either epochs or steps … epochs=1, steps=5": {"steps": 5},
    "epochs … 1 or more … 0": {"epochs": 0},
    "batch … whole number": {"batch": 0.5},
    "labels … one for each example … (50,) … (49,)": {"labels": LABELS[:49]},
    "labels … from 0 to 2 … 3 outputs … from 1 to 3": {"labels": [1, 3] * 25},
    "labels … whole numbers": {"labels": LABELS + 0.5},
    "x … at least one example … (0, 6)": {"x": X[:0]},
    "x … finite": {"x": np.full_like(X, np.nan)},
    "dense takes (feature) … shape (1, 6)": {"x": X[:, None]},
    "was built for 6 features": {"x": X[:, :5]},
    "model … layer": {"model": np.tanh},
    "validation … pair": {"validation": X},
    "labels … one for each example … (2,)": {"validation": (X[:2], LABELS)},
    "optimiser … SGD(0.02) … 'adam'": {"optimiser": "adam"},
    "seed … whole number": {"seed": "lucky"},
    "decay … True or False … 'no'": {"decay": "no"},
    "progress … True or False … None": {"progress": None},
}


@pytest.mark.parametrize("parts", REFUSED)
def test_training_that_cannot_be_is_refused_and_changes_nothing(parts):
    arguments = {"model": linear(), "x": X, "labels": LABELS, "epochs": 1, "progress": False} | REFUSED[parts]
    before = weights(arguments["model"]) if "model" not in REFUSED[parts] else {}
    with refused(parts):
        fit(**arguments)
    assert_same(before, before and weights(arguments["model"]))


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        (lambda: SGD(0), "rate … number above 0 … 0"),
        (lambda: Adam(-1), "rate … number above 0 … -1"),
        (lambda: SGD(float("nan")), "rate … number above 0 … nan"),
        (lambda: SGD("fast"), "rate … number above 0 … 'fast'"),
        (lambda: SGD(momentum=1), "momentum … number from 0 to below 1 … 1"),
        (lambda: cross_entropy([1, 2], [0]), "logits … (batch, class)"),
        (lambda: cross_entropy([[1, 2]], [2]), "labels … from 0 to 1 … 2"),
        (lambda: cross_entropy([[1, 2]], [-1]), "labels … from 0 to 1 … -1"),
        (lambda: softmax(3), "logits … (batch, class)"),
        (lambda: logits(np.tanh, X), "model … layer"),
        (lambda: logits(linear(), 3), "x must hold examples"),
        (lambda: accuracy(linear(), X[:0], LABELS[:0]), "x … at least one example … (0, 6)"),
        (lambda: accuracy(linear(), X, LABELS[:3]), "labels … one for each example"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, parts):
    with refused(parts):
        wrong()


TRAINING = """
import threading
import numpy as np
from convscope import Dense
from convscope.training import fitting
fitting.BAR["delay"] = 0
threading.Thread.start = None  # as in a browser, where none can start
fitting.fit(Dense(2), np.eye(4), [0, 1, 0, 1], epochs=3)
"""


def test_the_bar_is_gone_at_the_end_and_silent_where_nobody_watches():
    quiet = os.environ | {"TQDM_DISABLE": "1"}
    watched = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    for environment, shown in ((watched, True), (quiet, False)):
        command = [sys.executable, "-c", TRAINING]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=True)
        assert ("0/3" in done.stdout) == shown and done.stderr == ""
        assert not done.stdout.rpartition("\r")[0].rpartition("\r")[2].strip()  # spaces over what was there


@pytest.mark.thorough
def test_lenet_learns_to_read_digits():
    (x, labels), (x_test, labels_test) = datasets.digits()
    x, x_test = datasets.standardise(datasets.canvas(x, 32), datasets.canvas(x_test, 32))
    model = models.lenet5()
    history = fit(model, x, labels, epochs=3, progress=False)
    assert history.loss[-1] < 0.1
    assert accuracy(model, x_test, labels_test) > 0.94


def test_an_empty_history_can_be_told():
    assert repr(History()) == "0 epochs, 0 steps."
