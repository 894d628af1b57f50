"""Learning from examples: step after step through batches, with an account of how it goes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from math import ceil, isfinite

import numpy as np
from tqdm import tqdm

from ..arguments import flag, generator, whole
from ..layers.base import check_model
from ..ops.arrays import numbers
from .losses import checked_labels, loss_and_gradient
from .optimisers import SGD, Optimiser

AT_ONCE = 256  # examples that go through a model together where nothing is learned
BAR = {"unit": "step", "leave": False, "ncols": 90, "delay": 0.3}  # text, gone when all is done


class _Bar(tqdm):
    monitor_interval = 0  # tqdm's watchdog is a thread, and Python in a browser cannot start one


@dataclass(repr=False)
class History:
    """What a training run measured, epoch by epoch; accuracies are shares, 0 to 1.

    loss, accuracy: on the training batches, while the model still changed. validation_loss, validation_accuracy: at the
    end of the epoch; empty without validation. steps: how many were taken. stopped: why it ended early, or None.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    steps: int = 0
    stopped: str | None = None

    def __repr__(self):
        said = f"{len(self.loss)} epoch{'s' * (len(self.loss) != 1)}, {self.steps:,} step{'s' * (self.steps != 1)}"
        if self.loss:
            said += f": loss {self.loss[-1]:.3f}, accuracy {self.accuracy[-1]:.1%}"
        if self.validation_loss:
            said += f"; validation loss {self.validation_loss[-1]:.3f}, accuracy {self.validation_accuracy[-1]:.1%}"
        return f"{said}. {self.stopped or ''}".rstrip()


def fit(
    model,
    x,
    labels,
    *,
    epochs=None,
    steps=None,
    batch=32,
    optimiser=None,
    decay=True,
    validation=None,
    patience=None,
    seed=0,
    replacement=False,
    progress=True,
) -> History:
    """Train a model on examples, in place, and tell how it went.

    model: a `Layer` that gives logits; one that was never built is built for x with `seed`. x: (example, …), worked on
        in float32. labels: (example,), whole numbers from 0, or as `cross_entropy` takes them.
    epochs or steps: how long; an epoch is as many steps of `batch` examples as there are examples to see.
    optimiser: `SGD()` if left out. decay: whether its rate falls, step by step, in a straight line to 0.
    validation: (x, labels) to be measured after each epoch. patience: stop when the validation loss has not fallen for
        so many epochs; then, or at the end, the best epoch's weights are put back.
    seed: of the order in which examples are seen; the same seeds give the same weights, bit by bit, on one machine.
    replacement: draw each batch from all examples; otherwise each example is seen once in an epoch.
    progress: whether to show a bar while it runs.
    Returns the `History` of the run. Raises ValueError or TypeError for arguments that cannot be, and
    FloatingPointError when the loss is no longer a number: the weights are then as they were. KeyboardInterrupt goes
    on to the caller, so that a loop over seeds stops too; before that, the history so far is printed, and the model
    keeps what it has learned.
    """
    x, labels = _examples(model, x, labels)
    validation = None if validation is None else _examples(model, *_pair(validation))
    best = _Best(model, patience, validation)
    batch = whole("batch", batch) if flag("replacement", replacement) else min(whole("batch", batch), len(x))
    each = ceil(len(x) / batch)
    run = _Run(model, optimiser, decay, _steps(epochs, steps, each))
    rng, progress = generator(seed), flag("progress", progress)
    if not model.built:
        model.build(x.shape[1:], seed)
    before = _copied(model.parameters)
    try:
        with _bar(run.total, progress) as bar, np.errstate(over="ignore", invalid="ignore"):
            while run.goes_on:
                for chosen in _batches(len(x), batch, each, replacement, rng)[: run.left]:
                    run.step(x[chosen], labels[chosen])
                    bar.update()
                run.end_epoch(validation)
                best.look(run.history)
                bar.set_postfix_str(f"epoch {len(run.history.loss)}, loss {run.history.loss[-1]:.3f}", refresh=False)
    except FloatingPointError:
        _put_back(model, before, run.optimiser)
        raise
    except KeyboardInterrupt:
        best.put_back(run.optimiser)
        run.history.stopped = f"Interrupted after step {run.history.steps:,}: what was learned until then is kept."
        print(run.history)
        raise
    best.put_back(run.optimiser)
    return run.history


def logits(model, x) -> np.ndarray:
    """The logits of a model for all of x, some hundred examples at a time, as they are outside training."""
    check_model(model)
    x = numbers("x", x)
    if not x.ndim:
        raise ValueError("x must hold examples along its first axis; got a single number.")
    return np.concatenate([model(x[i : i + AT_ONCE]) for i in range(0, max(len(x), 1), AT_ONCE)])


def accuracy(model, x, labels) -> float:
    """The share of examples, 0 to 1, whose largest logit is that of their label."""
    scores = logits(model, x)
    if not len(scores):
        raise ValueError("x must hold one example or more: of none, no share can be right.")
    return float((scores.argmax(axis=1) == checked_labels(labels, scores.shape)).mean())


class _Run:
    """A training run on its way: takes steps, and keeps the account."""

    def __init__(self, model, optimiser, decay, total):
        optimiser = SGD() if optimiser is None else optimiser
        if not isinstance(optimiser, Optimiser):
            raise TypeError(f"optimiser must be one such as SGD(0.02) or Adam(0.001); got {optimiser!r}.")
        self.model, self.optimiser, self.decay, self.total = model, optimiser, flag("decay", decay), total
        self.history = History()
        self.losses, self.right, self.seen = [], 0, 0

    @property
    def left(self) -> int:
        return self.total - self.history.steps

    @property
    def goes_on(self) -> bool:
        return self.left > 0 and not self.history.stopped

    def step(self, x, labels):
        scores = self.model.forward(x, training=True)
        loss, gradient = loss_and_gradient(scores, labels)
        self._check(loss)
        self.model.backward(gradient)
        share = self.left / self.total if self.decay else 1.0
        self.optimiser.step(self.model.parameters, self.model.gradients, share)
        self.history.steps += 1
        self.losses.append(loss * labels.size)
        self.right += int((scores.argmax(axis=1) == labels).sum())
        self.seen += labels.size

    def end_epoch(self, validation):
        self.history.loss.append(sum(self.losses) / self.seen)
        self.history.accuracy.append(self.right / self.seen)
        self.losses, self.right, self.seen = [], 0, 0
        if validation is not None:
            x, labels = validation
            scores = logits(self.model, x)
            self.history.validation_loss.append(loss_and_gradient(scores, labels)[0])
            self.history.validation_accuracy.append(float((scores.argmax(axis=1) == labels).mean()))
        self._check(*self.history.validation_loss[-1:], *map(np.sum, self.model.parameters.values()))

    def _check(self, *values):
        if not all(map(isfinite, values)):
            raise FloatingPointError(
                f"The loss is no longer a number after step {self.history.steps}: a smaller rate than "
                f"{self.optimiser.rate:g} would do. The weights are as they were before training."
            )


class _Best:
    """The weights of the epoch with the lowest validation loss, where there is patience to wait for a better one."""

    def __init__(self, model, patience, validation):
        if patience is not None and validation is None:
            raise ValueError("patience needs validation=(x, labels): examples on which to see that nothing improves.")
        self.patience = None if patience is None else whole("patience", patience)
        self.model, self.weights, self.epoch = model, None, 0

    def look(self, history):
        if self.patience is None:
            return
        losses = history.validation_loss
        if losses[-1] < min(losses[:-1], default=np.inf):
            self.weights, self.epoch = _copied(self.model.parameters), len(losses)
        elif len(losses) - self.epoch >= self.patience:
            history.stopped = f"Stopped after epoch {len(losses)}: the validation loss was lowest after {self.epoch}."

    def put_back(self, optimiser):
        if self.weights is not None:
            _put_back(self.model, self.weights, optimiser)


def _bar(total, progress):
    # where one is wanted, TQDM_DISABLE in the environment may still say that nobody is watching
    return _Bar(total=total, file=sys.stdout, **BAR, **({} if progress else {"disable": True}))


def _batches(n, batch, count, replacement, rng):
    """Which examples each step of an epoch sees."""
    if replacement:
        return list(rng.integers(0, n, (count, batch)))
    return np.split(rng.permutation(n), range(batch, n, batch))


def _copied(parameters):
    return {name: weights.copy() for name, weights in parameters.items()}


def _put_back(model, weights, optimiser):
    for name, array in model.parameters.items():
        array[...] = weights[name]
    optimiser.forget()


def _examples(model, x, labels):
    """Examples as a model takes them, and their labels as it can answer them."""
    check_model(model)
    x = numbers("x", x)
    if x.ndim < 2 or not len(x):
        raise ValueError(f"x must hold one example or more along its first axis, (example, …); got shape {x.shape}.")
    x = x.astype(np.float32, copy=False)
    if not np.isfinite(x).all():
        raise ValueError("x must hold finite numbers; it has NaN or infinity.")
    if not model.built:
        model.check_channels("x holds pictures of shape", x.shape[1:])
    return x, checked_labels(labels, (len(x), *model.output_shape(x.shape[1:])))


def _pair(validation):
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise TypeError(f"validation must be a pair, (x, labels); got {type(validation).__name__}.")
    return validation


def _steps(epochs, steps, each) -> int:
    if (epochs is None) == (steps is None):
        raise ValueError(f"Say how long to train: either epochs or steps; got epochs={epochs}, steps={steps}.")
    return whole("steps", steps) if epochs is None else whole("epochs", epochs) * each
