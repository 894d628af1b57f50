"""Training a model step by step on batches of examples, and measuring it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from math import ceil, isfinite

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from ..arguments import Seed, flag, generator, whole, with_known_arguments
from ..layers.base import Layer, check_model
from ..ops.arrays import numbers
from .losses import checked_labels, loss_and_gradient
from .optimisers import SGD, Optimiser

AT_ONCE = 256  # examples in one batch outside training
BAR = {"unit": "step", "leave": False, "ncols": 90, "delay": 0.3}  # as text, removed at the end


class _Bar(tqdm):
    monitor_interval = 0  # tqdm's monitor is a thread, which Python in a browser cannot start


@dataclass(repr=False)
class History:
    """The measurements of a training run, one for each epoch; accuracies are shares, 0 to 1.

    loss, accuracy: the means over the training batches, each measured before its step. validation_loss,
    validation_accuracy: at the end of the epoch; empty without validation. steps: their number.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    steps: int = 0

    def __repr__(self):
        said = f"{len(self.loss)} epoch{'s' * (len(self.loss) != 1)}, {self.steps:,} step{'s' * (self.steps != 1)}"
        if self.loss:
            said += f": loss {self.loss[-1]:.3f}, accuracy {self.accuracy[-1]:.1%}"
        if self.validation_loss:
            said += f"; validation loss {self.validation_loss[-1]:.3f}, accuracy {self.validation_accuracy[-1]:.1%}"
        return f"{said}."


@with_known_arguments
def fit(
    model: Layer,
    x: ArrayLike,
    labels: ArrayLike,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    batch: int = 32,
    optimiser: Optimiser | None = None,
    decay: bool = True,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    seed: Seed = 0,
    progress: bool = True,
) -> History:
    """Train a model on examples, in place, and return the `History` of the run.

    model: a `Layer` that returns logits; if it was never built, it is built for x with `seed`.
    x: (example, …), converted to float32. labels: (example,), whole numbers from 0, or as `cross_entropy` takes them.
    epochs or steps: how long to train; give one of them. An epoch is one pass through all examples.
    batch: examples in a step. optimiser: `SGD()` by default. decay: whether its rate falls linearly to 0.
    validation: (x, labels), measured after each epoch.
    seed: determines the order of the examples; the same seeds give exactly the same weights on one machine.
    progress: whether to show a progress bar.
    Raises ValueError or TypeError for an invalid argument, and FloatingPointError if the loss becomes infinite or NaN;
    the weights are then what they were before. After a KeyboardInterrupt the history is printed and the model keeps
    what it has learned; the interrupt is raised again, so that a loop over seeds stops too.
    """
    progress = flag("progress", progress)
    how = {"epochs": epochs, "steps": steps, "batch": batch, "optimiser": optimiser, "decay": decay}
    run = Run(model, x, labels, validation=validation, seed=seed, **how)
    try:
        with _bar(run.total, progress) as bar:
            while run.left:
                run.step()
                bar.update()
                if run.history.loss:
                    epochs, loss = len(run.history.loss), run.history.loss[-1]
                    bar.set_postfix_str(f"epoch {epochs}, loss {loss:.3f}", refresh=False)
    except KeyboardInterrupt:
        print(f"{run.history} Interrupted after step {run.history.steps:,}; the model keeps what it has learned.")
        raise
    return run.history


def logits(model: Layer, x: ArrayLike) -> np.ndarray:
    """Return the logits of a model for all of x, (example, …), computed in batches and without dropout."""
    check_model(model)
    x = numbers("x", x)
    if not x.ndim:
        raise ValueError("x must hold examples along its first axis; got a single number.")
    return np.concatenate([model(x[i : i + AT_ONCE]) for i in range(0, max(len(x), 1), AT_ONCE)])


def accuracy(model: Layer, x: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of examples, 0 to 1, that a model classifies correctly: their largest logit is the label's.

    x: (example, …), at least one. labels: (example,), whole numbers from 0.
    Raises ValueError or TypeError if x or labels do not fit the model.
    """
    scores = logits(model, x)
    if not len(scores):
        raise ValueError(f"x must contain at least one example; got an array of shape {np.shape(x)}.")
    return float((scores.argmax(axis=1) == checked_labels(labels, scores.shape)).mean())


class Run:
    """A training run that is taken step by step; `fit` is such a run, taken to its end.

    Arguments and errors are those of `fit`. history: the `History` so far. total, left: how many steps there are, and
    how many are left. per_epoch: how many make an epoch. However long one waits between two steps, the weights will
    be the same.
    """

    def __init__(
        self,
        model: Layer,
        x: ArrayLike,
        labels: ArrayLike,
        *,
        epochs: int | None = None,
        steps: int | None = None,
        batch: int = 32,
        optimiser: Optimiser | None = None,
        decay: bool = True,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        seed: Seed = 0,
    ):
        self.x, self.labels = _examples(model, x, labels)
        self.validation = None if validation is None else _examples(model, *pair_of("validation", validation))
        self.batch = whole("batch", batch)
        self.per_epoch = ceil(len(self.x) / self.batch)
        self.optimiser = SGD() if optimiser is None else optimiser
        if not isinstance(self.optimiser, Optimiser):
            raise TypeError(f"optimiser must be an optimiser, such as SGD(0.02) or Adam(0.001); got {optimiser!r}.")
        self.model, self.decay = model, flag("decay", decay)
        self.total, self.history, self._rng = _steps(epochs, steps, self.per_epoch), History(), generator(seed)
        if not model.built:
            model.build(self.x.shape[1:], seed)
        self._before = {name: weights.copy() for name, weights in model.parameters.items()}
        self._waiting: list[np.ndarray] = []  # the batches that are left of this epoch
        self._losses, self._right, self._seen = [], 0, 0

    @property
    def left(self) -> int:
        return self.total - self.history.steps

    def step(self) -> tuple[float, float]:
        """Take the next step, which may end an epoch; return the loss and the share of right answers of its batch.

        Both are measured before the weights change. Raises FloatingPointError as `fit` does, and RuntimeError if no
        step is left.
        """
        if not self.left:
            raise RuntimeError(f"No step is left of {self.total}: begin another run.")
        if not self._waiting:
            self._waiting = np.split(self._rng.permutation(len(self.x)), range(self.batch, len(self.x), self.batch))
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                measured = self._learn(self._waiting[0])
                del self._waiting[0]
                if not (self._waiting and self.left):
                    self._end_epoch()
        except FloatingPointError:
            self._undo()
            raise
        return measured

    def _learn(self, chosen):
        x, labels = self.x[chosen], self.labels[chosen]
        scores = self.model.forward(x, training=True)
        loss, gradient = loss_and_gradient(scores, labels)
        self._check(loss)
        self.model.backward(gradient)
        share = self.left / self.total if self.decay else 1.0
        self.optimiser.step(self.model.parameters, self.model.gradients, share)
        self.history.steps += 1
        right = int((scores.argmax(axis=1) == labels).sum())
        self._losses.append(loss * labels.size)
        self._right += right
        self._seen += labels.size
        return loss, right / labels.size

    def _end_epoch(self):
        self.history.loss.append(sum(self._losses) / self._seen)
        self.history.accuracy.append(self._right / self._seen)
        self._losses, self._right, self._seen = [], 0, 0
        if self.validation is not None:
            x, labels = self.validation
            scores = logits(self.model, x)
            self.history.validation_loss.append(loss_and_gradient(scores, labels)[0])
            self.history.validation_accuracy.append(float((scores.argmax(axis=1) == labels).mean()))
        self._check(*self.history.validation_loss[-1:], *map(np.sum, self.model.parameters.values()))

    def _undo(self):
        """Put the weights back to what they were before the run, of which no step is left then."""
        for name, weights in self.model.parameters.items():
            weights[...] = self._before[name]
        self.optimiser.forget()
        self.total = self.history.steps

    def _check(self, *values):
        if not all(map(isfinite, values)):
            raise FloatingPointError(
                f"The loss is no longer a number after step {self.history.steps}: use a smaller rate than "
                f"{self.optimiser.rate:g}. The weights are what they were before training."
            )


def _bar(total, progress):
    # without `disable`, the environment variable TQDM_DISABLE decides
    return _Bar(total=total, file=sys.stdout, **BAR, **({} if progress else {"disable": True}))


def _examples(model, x, labels):
    """Return x as float32 and labels as int64; raise an error unless they fit the model."""
    check_model(model)
    x = numbers("x", x)
    if x.ndim < 2 or not len(x):
        raise ValueError(f"x must contain at least one example, (example, …); got shape {x.shape}.")
    x = x.astype(np.float32, copy=False)
    if not np.isfinite(x).all():
        raise ValueError("x must contain finite numbers only; it has NaN or infinity.")
    if not model.built:
        model.check_channels("x holds images of shape", x.shape[1:])
    return x, checked_labels(labels, (len(x), *model.output_shape(x.shape[1:])))


def pair_of(name, value):
    """Return `value` if it is a pair, (x, labels); raise TypeError otherwise."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(f"{name} must be a pair, (x, labels); got {type(value).__name__}.")
    return value


def _steps(epochs, steps, each) -> int:
    if (epochs is None) == (steps is None):
        raise ValueError(f"Give either epochs or steps, to say how long to train; got epochs={epochs}, steps={steps}.")
    return whole("steps", steps) if epochs is None else whole("epochs", epochs) * each
