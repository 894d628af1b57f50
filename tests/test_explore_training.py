"""Training, watched, without a browser: what a view asks for slice by slice is what `fit` does, whatever happens."""

import json

import numpy as np
import pytest

from convscope import SGD, Adam, StateError, TrainingExplorer, conv2d, datasets, fit, models
from convscope.explore import bundle
from convscope.explore.training import explorer as module
from convscope.layers import Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sequential
from refusing import refused
from telling import numbers

(X, LABELS), (X_TEST, LABELS_TEST) = datasets.digits(14)
X, LABELS, X_TEST, LABELS_TEST = X[:230], LABELS[:230], X_TEST[:50], LABELS_TEST[:50]
TEST = (X_TEST, LABELS_TEST)
HOW = {"epochs": 3, "rate": 0.01, "batch": 50, "validation": TEST}  # a batch that does not divide 230: 15 steps


def small(kernel_size=3, pool="max"):
    return Sequential(Conv2D(3, kernel_size), ReLU(), MaxPool2D(), Flatten(), Dense(10))


def training(model=small, **changed):
    return TrainingExplorer(model, (X, LABELS), **HOW | changed)


def told(explorer, act, view="a", changes=()):
    """What a view asks for; gives what Python then says."""
    serial = explorer._told.get("serial", 0) + 1
    explorer._told = {"view": view, "serial": serial, "act": act, "changes": dict(changes)}
    said = explorer._said
    assert (said["view"], said["answers"]) == (view, serial)
    return said


def weights(model):
    return {name: array.copy() for name, array in model.parameters.items()}


def assert_same(first, second):
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


@pytest.fixture
def one_step_at_a_time(monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0)


@pytest.fixture
def fitted():
    model = small()
    history = fit(model, X, LABELS, epochs=3, batch=50, optimiser=Adam(0.01), validation=TEST, progress=False)
    return model, history


@pytest.mark.parametrize("make", [lambda: small, small], ids=["a function", "a network"])
def test_what_views_ask_for_slice_by_slice_is_what_fit_does(make, fitted, one_step_at_a_time):
    model, history = fitted
    explorer = training(make())
    said = explorer._said
    assert (said["phase"], said["steps"], said["total"], said["per_epoch"]) == ("ready", 0, 15, 5)
    for i in range(15):
        said = told(explorer, "train", view="ab"[i % 2])  # by two views in turn
        assert said["steps"] == i + 1 and said["refusal"] == ""
    assert said["phase"] == "ended" and told(explorer, "train")["steps"] == 15
    assert_same(weights(explorer.model), weights(model))
    assert explorer.history == history and explorer.trained() is explorer.model
    for slices in (0, 7):  # and the cell below takes it to its end
        begun = training(make())
        for _ in range(slices):
            told(begun, "train")
        assert_same(weights(begun.trained()), weights(model))
    assert said["test"] == {"loss": history.validation_loss, "accuracy": history.validation_accuracy}
    sizes = [50, 50, 50, 50, 30]
    assert said["every"] == 1
    for name, kept in (("loss", history.loss), ("accuracy", history.accuracy)):
        epochs = np.reshape(said["training"][name], (3, 5))
        np.testing.assert_allclose(np.average(epochs, axis=1, weights=sizes), kept)


def test_stopped_is_kept_and_begun_again_is_the_same_from_what_it_knew(fitted, one_step_at_a_time):
    given = small()
    for model in (small, given):
        explorer = training(model)
        start = weights(explorer.model)
        for _ in range(4):
            told(explorer, "train")
        kept = weights(explorer.model)
        assert told(explorer, "stop")["phase"] == "ended"
        told(explorer, "train")
        assert_same(weights(explorer.trained()), kept)
        assert explorer.history.steps == 4
        assert told(explorer, "reset")["steps"] == 0
        assert_same(weights(explorer.model), start)
        assert_same(weights(explorer.trained()), weights(fitted[0]))
    assert explorer.model is given
    again = training(given)
    again.trained()
    again.reset()
    assert_same(weights(given), weights(fitted[0]))


def test_settings_make_the_network_and_the_run_anew():
    explorer = training(models.digit_net, pool="average", kernel_size=3)
    assert explorer.settings == {"rate": 0.01, "batch": 50, "optimiser": "Adam", "kernel_size": 3, "pool": "average"}
    assert "average" in repr(explorer.model)
    explorer = TrainingExplorer(models.digit_net, datasets.digits()[1], epochs=2)
    said = told(explorer, "set", changes={"kernel_size": 3, "batch": 64, "optimiser": "SGD"})
    assert said["refusal"] == "" and said["settings"]["kernel_size"] == 3 and said["total"] == 2 * 16
    assert explorer.model.parameters["0.kernels"].shape == (4, 1, 3, 3)
    assert said["code"].splitlines() == [
        'model = digit_net(kernel_size=3, pool="max")',
        "fit(model, x, labels, epochs=2, batch=64, optimiser=SGD(0.003), seed=0)",
    ]
    said = told(explorer, "train", changes={"batch": 128})  # a message may take the place of one before
    assert said["total"] == 2 * 8 and said["steps"] > 0
    with refused("Settings … start again", StateError):
        explorer.set(rate=0.02)
    explorer.reset()
    explorer.set(rate=0.02)
    rates = explorer._said["choices"]["rate"]
    assert rates == sorted(rates) and 0.02 in rates
    assert [*training(small())._said["choices"]] == ["rate", "batch", "optimiser"]  # of a network given


def test_its_code_is_the_same_training():
    explorer = training(rate=0.02, optimiser="SGD", kernel_size=5)
    names = {"small": small, "fit": fit, "x": X, "labels": LABELS, "validation": TEST, "SGD": SGD}
    exec(explorer._said["code"], names, made := {})
    assert_same(weights(made["model"]), weights(explorer.trained()))


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"rate": 0}, "rate … above 0 … 0"),
        ({"batch": 2.5}, "batch … whole number … 2.5"),
        ({"optimiser": "sgd"}, "optimiser … 'Adam', 'SGD' … 'sgd'"),
        ({"kernel_size": 15}, "kernel_size 15 … fit"),
        ({"pool": "min"}, "pool … 'max', 'average' … 'min'"),
        ({"depth": 3}, "'depth' … rate, batch"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_change_nothing(changes, parts):
    explorer = training()
    before, settings = weights(explorer.model), explorer.settings
    with refused(parts, StateError):
        explorer.set(**changes)
    assert told(explorer, "set", changes=changes)["refusal"].endswith(".")
    assert_same(weights(explorer.model), before)
    assert explorer.settings == settings


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        ({"model": Sequential(Flatten(), Dense(10)), "kernel_size": 3}, "kernel_size … model … function"),
        ({"model": Sequential(Dense(3))}, "dense takes"),
        ({"examples": X}, "examples … pair … ndarray"),
        ({"validation": [X_TEST]}, "validation … pair"),
        ({"examples": (X[:, 0], LABELS)}, "x must be images … (230, 14, 14)"),
        ({"example": 50}, "example … below 50 … 50"),
        ({"seed": "lucky"}, "seed … whole number"),
        ({"epochs": 0}, "epochs … 1 or more"),
        ({"batch": 0}, "batch … 1 or more"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(wrong, parts):
    with refused(parts):
        TrainingExplorer(**{"model": small, "examples": (X, LABELS), "validation": TEST} | wrong)


@pytest.mark.filterwarnings("error", "ignore::DeprecationWarning:ipywidgets")  # the oldest one has some
def test_a_rate_that_is_too_large_is_told_and_the_weights_are_back(one_step_at_a_time):
    explorer = training(rate=1e30, optimiser="SGD")
    before = weights(explorer.model)
    with pytest.raises(FloatingPointError, match=r"smaller rate than 1e\+30"):
        explorer.trained()
    assert explorer._said["phase"] == "ready" and "smaller rate" in explorer._said["refusal"]
    for _ in range(15):
        said = told(explorer, "train")
        json.dumps(said, default=repr, allow_nan=False)
        if said["refusal"]:
            break
    assert "smaller rate" in said["refusal"] and (said["phase"], said["steps"]) == ("ready", 0)
    assert_same(weights(explorer.model), before)
    explorer.set(rate=0.01, optimiser="Adam")
    explorer.trained()
    assert explorer.history.loss[-1] < explorer.history.loss[0]


def test_an_interrupt_ends_a_slice_and_not_the_training(monkeypatch, one_step_at_a_time):
    explorer = training()
    told(explorer, "train")
    run = explorer._session.run

    def interrupted():
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "step", interrupted)
        said = told(explorer, "train")
        assert said["phase"] == "begun" and said["steps"] == 1 and said["refusal"].endswith(".")
        with pytest.raises(KeyboardInterrupt):
            explorer.trained()
    explorer.trained()
    assert explorer.history.steps == 15


@pytest.mark.parametrize(
    "message", [{}, {"act": "dance", "changes": {}}, {"act": "train"}, {"act": "train", "changes": {"rate": "fast"}}]
)
def test_whatever_a_front_end_sends_is_answered_and_changes_nothing(message):
    explorer = training()
    before = weights(explorer.model)
    explorer._told = {"view": "a", "serial": 1, **message}
    assert explorer._said["refusal"] and explorer._said["phase"] == "ready"
    assert_same(weights(explorer.model), before)


def test_kernels_maps_and_answer_are_those_of_the_network():
    def deep():
        return Sequential(Conv2D(12, 3).named("C1"), ReLU(), MaxPool2D(), Conv2D(4, 3), ReLU(), Flatten(), Dense(10))

    explorer = training(deep, example=7)
    said = explorer._said
    sheets = {sheet["title"]: numbers(sheet["maps"]) for sheet in said["sheets"]}
    first, second = (explorer.model.layers[i] for i in (0, 3))
    kernels, bias = first.parameters.values()
    np.testing.assert_array_equal(sheets["kernels"], kernels[:8, 0])
    np.testing.assert_allclose(sheets["C1"], conv2d(X_TEST[7:8], kernels, bias)[0, :8], atol=1e-6)
    below = explorer.model.layers[2](explorer.model.layers[1](first(X_TEST[7:8])))
    np.testing.assert_allclose(sheets["layer 2"], second(below)[0], atol=1e-6)
    scores = np.exp(explorer.model(X_TEST[7:8])[0])
    assert said["answer"]["class"] == scores.argmax() and said["answer"]["classes"] == 10
    assert np.isclose(said["answer"]["share"], scores.max() / scores.sum())
    assert explorer._options["truth"] == LABELS_TEST[7]
    assert training(Sequential(Flatten(), Dense(10)))._said["sheets"] == []


def test_a_long_run_has_curves_of_a_bounded_length():
    explorer = training(lambda: Sequential(Flatten(), Dense(10)), batch=1, epochs=2)
    explorer.trained()
    curve = explorer._said["training"]["loss"]
    assert len(curve) == np.ceil(460 / explorer._said["every"]) <= 100


def test_what_is_kept_shows_the_curves_as_they_came_out(monkeypatch):
    shown = []

    class Handle:
        def update(self, data, **_):
            shown[:] = [data]

    monkeypatch.setattr(bundle, "display", lambda data, **how: shown.append(data) or Handle())
    explorer = training()
    explorer._ipython_display_()
    [empty] = shown
    assert empty[bundle.STATE]["_said"]["steps"] == 0
    explorer.trained()  # in a cell below, before any view has asked
    [full] = shown
    assert full[bundle.STATE]["view"] == "TrainingExplorer" and full[bundle.STATE]["_said"]["steps"] == 15
    assert str(explorer.history) in full["text/plain"] and str(explorer.history) in full["text/html"]
    assert json.loads(json.dumps(full)) == full

    shown.clear()
    watched = training()
    watched._ipython_display_()
    told(watched, "train")
    before = list(shown)
    watched.trained()
    assert shown == before  # a view that is looked at is not put in its place anew


def test_a_figure_has_both_curves_also_before_there_is_anything_to_show(one_step_at_a_time):
    explorer = training(rate=1.0)
    for steps in (0, 1, 15):
        while explorer.history.steps < steps:
            told(explorer, "train")
        figure = explorer.figure()
        for axes, name in zip(figure.axes, ("loss", "accuracy"), strict=True):
            _, train, test = axes.lines
            most = axes.get_ylim()[1]
            np.testing.assert_allclose(train.get_ydata(), np.minimum(explorer._said["training"][name], most))
            assert len(test.get_ydata()) == len(explorer.history.loss)
            assert axes.get_xlim() == (0, 3)
        figure.canvas.draw()
