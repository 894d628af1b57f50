"""Learning from examples: a loss, its gradient sent back through a model, and small steps downhill, again and again.

A model is a `Layer` whose outputs are logits, one score for each class; the largest is its answer.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from math import ceil, isfinite

import numpy as np
from tqdm import tqdm

from .geometry import whole
from .layers import Layer
from .ops.arrays import common_type, numbers

AT_ONCE = 256  # examples that go through a model together where nothing is learned
BAR = {"unit": "step", "leave": False, "ncols": 90, "delay": 0.3}  # text, gone when all is done


def softmax(logits) -> np.ndarray:
    """Scores as probabilities: (batch, class, …) to the same shape, positive and 1 in sum over the classes.

    Formula: exp(zᵢ) / Σⱼ exp(zⱼ), the largest z taken from all first, which changes nothing but overflows.
    """
    logits = _checked_logits(logits)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits, labels) -> tuple[float, np.ndarray]:
    """How surprised a model is by the right answers, and how that changes with its logits: (loss, gradient).

    logits: (batch, class), or (batch, class, row, column) where each pixel has a label. labels: whole numbers from 0,
        (batch,) or (batch, row, column).
    Returns the mean of −log softmax(logits)[label], and its gradient in the shape of logits.
    Raises ValueError or TypeError where a label is out of range or the shapes do not go together.
    Formula: gradient = (softmax(logits) − one-hot label) / number of labels (Goodfellow et al. 2016, section 6.2.2.3).
    """
    logits = _checked_logits(logits)
    return _cross_entropy(logits, _checked_labels(labels, logits.shape))


class _Optimiser:
    """What optimisers share: a rate, and what they remember of each array of weights."""

    def __init__(self, rate):
        self.rate = _number("rate", rate, 0, np.inf)
        self._memory = {}

    def step(self, parameters, gradients, share=1.0) -> None:
        """Change each array of parameters, in place, by its gradient; both are dictionaries with the same names.

        share: the part of the rate that this step takes, where the rate falls during training.
        """
        for name, weights in parameters.items():
            known, *memory = self._memory.get(name, (None,))
            if known is not weights:  # other weights than last time: nothing to remember
                memory = self._start(weights)
            self._memory[name] = (weights, *self._change(weights, gradients[name], self.rate * share, *memory))


class SGD(_Optimiser):
    """Stochastic gradient descent with momentum: velocity = momentum · velocity + gradient; weights −= rate · velocity.

    rate: above 0. momentum: from 0 (none) to below 1.
    Source: Polyak 1964, in the form of Sutskever et al. 2013 that keeps the rate out of the velocity, as PyTorch does.
    """

    def __init__(self, rate=0.02, momentum=0.9):
        super().__init__(rate)
        self.momentum = momentum if momentum == 0 else _number("momentum", momentum, 0, 1)

    def _start(self, weights):
        return [np.zeros_like(weights)]

    def _change(self, weights, gradient, rate, velocity):
        velocity *= self.momentum
        velocity += gradient
        weights -= rate * velocity
        return [velocity]


class Adam(_Optimiser):
    """Steps of nearly equal size for each weight: its mean gradient divided by the root of its mean square.

    rate: above 0. The means forget by factors 0.9 and 0.999 a step.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    FORGETS, SQUARE_FORGETS, SMALLEST = 0.9, 0.999, 1e-8

    def __init__(self, rate=1e-3):
        super().__init__(rate)

    def _start(self, weights):
        return [np.zeros_like(weights), np.zeros_like(weights), 0]

    def _change(self, weights, gradient, rate, mean, square, steps):
        steps += 1
        mean += (1 - self.FORGETS) * (gradient - mean)
        square += (1 - self.SQUARE_FORGETS) * (gradient * gradient - square)
        size = np.sqrt(square / (1 - self.SQUARE_FORGETS**steps)) + self.SMALLEST
        weights -= (rate / (1 - self.FORGETS**steps)) * mean / size
        return [mean, square, steps]


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
        said = f"{len(self.loss)} epochs, {self.steps:,} steps"
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
    An interruption ends training, keeps what was learned, and says so. Raises ValueError or TypeError for arguments
    that cannot be, and FloatingPointError when the loss is no longer a number: the weights are then as they were.
    """
    x, labels = _examples(model, x, labels, seed)
    validation = None if validation is None else _examples(model, *_pair(validation), seed)
    if patience is not None and validation is None:
        raise ValueError("patience needs validation=(x, labels): examples on which to see that nothing improves.")
    batch = whole("batch", batch) if replacement else min(whole("batch", batch), len(x))
    each = ceil(len(x) / batch)
    run = _Run(model, optimiser or SGD(), decay, _steps(epochs, steps, each))
    best = _Best(model, None if patience is None else whole("patience", patience))
    rng = np.random.default_rng(seed)
    # where a bar is wanted, TQDM_DISABLE in the environment may still decide that nobody is watching
    bar = tqdm(total=run.total, file=sys.stdout, **BAR, **({} if progress else {"disable": True}))
    try:
        with bar, np.errstate(over="ignore", invalid="ignore"):
            while run.history.steps < run.total and not run.history.stopped:
                for chosen in _batches(len(x), batch, each, replacement, rng)[: run.total - run.history.steps]:
                    run.step(x[chosen], labels[chosen])
                    bar.update()
                run.end_epoch(validation)
                best.look(run.history)
                bar.set_postfix_str(f"epoch {len(run.history.loss)}, loss {run.history.loss[-1]:.3f}", refresh=False)
    except KeyboardInterrupt:
        run.history.stopped = f"Interrupted after step {run.history.steps:,}: what was learned until then is kept."
        print(run.history.stopped)
    best.put_back()
    return run.history


def predict(model, x) -> np.ndarray:
    """The logits of a model for all of x, some hundred examples at a time, as they are outside training."""
    x = numbers("x", x)
    if not x.ndim:
        raise ValueError("x must hold examples along its first axis; got a single number.")
    return np.concatenate([model(x[i : i + AT_ONCE]) for i in range(0, max(len(x), 1), AT_ONCE)])


def accuracy(model, x, labels) -> float:
    """The share of examples, 0 to 1, whose largest logit is that of their label."""
    logits = predict(model, x)
    return float((logits.argmax(axis=1) == _checked_labels(labels, logits.shape)).mean())


class _Run:
    """A training run on its way: takes steps, and keeps the account."""

    def __init__(self, model, optimiser, decay, total):
        self.model, self.optimiser, self.decay, self.total = model, optimiser, decay, total
        self.history = History()
        self.before = {name: weights.copy() for name, weights in model.parameters.items()}
        self.losses, self.right, self.seen = [], 0, 0

    def step(self, x, labels):
        logits = self.model.forward(x, training=True)
        loss, gradient = _cross_entropy(logits, labels)
        if not isfinite(loss):
            _restore(self.model, self.before)
            raise FloatingPointError(
                f"The loss is no longer a number after step {self.history.steps}: a smaller rate than "
                f"{self.optimiser.rate:g} would do. The weights are those from before."
            )
        self.model.backward(gradient)
        share = 1 - self.history.steps / self.total if self.decay else 1.0
        self.optimiser.step(self.model.parameters, self.model.gradients, share)
        self.history.steps += 1
        self.losses.append(loss * labels.size)
        self.right += int((logits.argmax(axis=1) == labels).sum())
        self.seen += labels.size

    def end_epoch(self, validation):
        self.history.loss.append(sum(self.losses) / self.seen)
        self.history.accuracy.append(self.right / self.seen)
        self.losses, self.right, self.seen = [], 0, 0
        if validation is not None:
            x, labels = validation
            logits = predict(self.model, x)
            self.history.validation_loss.append(_cross_entropy(logits, labels)[0])
            self.history.validation_accuracy.append(float((logits.argmax(axis=1) == labels).mean()))


class _Best:
    """The weights of the epoch with the lowest validation loss, where there is patience to wait for a better one."""

    def __init__(self, model, patience):
        self.model, self.patience, self.weights, self.epoch = model, patience, None, 0

    def look(self, history):
        if self.patience is None:
            return
        losses = history.validation_loss
        if losses[-1] < min(losses[:-1], default=np.inf):
            self.weights = {name: weights.copy() for name, weights in self.model.parameters.items()}
            self.epoch = len(losses)
        elif len(losses) - self.epoch >= self.patience:
            history.stopped = f"Stopped after epoch {len(losses)}: the validation loss was lowest after {self.epoch}."

    def put_back(self):
        if self.weights is not None:
            _restore(self.model, self.weights)


def _cross_entropy(logits, labels):
    """The same of what was checked: n example, c class, p place."""
    scores = logits.reshape(*logits.shape[:2], -1)
    n, _, p = scores.shape
    right = np.arange(n)[:, None], labels.reshape(n, p), np.arange(p)
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    sums = powers.sum(axis=1, keepdims=True)
    count = max(n * p, 1)
    loss = float(np.log(sums).sum() - scores[right].sum()) / count
    powers /= sums
    powers[right] -= 1
    powers /= count
    return loss, powers.reshape(logits.shape)


def _batches(n, batch, count, replacement, rng):
    """Which examples each step of an epoch sees."""
    if replacement:
        return list(rng.integers(0, n, (count, batch)))
    return np.split(rng.permutation(n), range(batch, n, batch))


def _restore(model, weights):
    for name, array in model.parameters.items():
        array[...] = weights[name]


def _examples(model, x, labels, seed):
    """Examples as a model takes them, and their labels as it can answer them."""
    if not isinstance(model, Layer):
        raise TypeError(f"model must be a layer, such as Sequential(Flatten(), Dense(10)); got {model!r}.")
    x = numbers("x", x)
    if x.ndim < 2 or not len(x):
        raise ValueError(f"x must hold one example or more along its first axis, (example, …); got shape {x.shape}.")
    x = x.astype(np.float32, copy=False)
    if not np.isfinite(x).all():
        raise ValueError("x must hold finite numbers; it has NaN or infinity.")
    if not model.built:
        model.build(x.shape[1:], seed)
    return x, _checked_labels(labels, (len(x), *model.output_shape(x.shape[1:])))


def _pair(validation):
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise TypeError(f"validation must be a pair, (x, labels); got {type(validation).__name__}.")
    return validation


def _steps(epochs, steps, each) -> int:
    if (epochs is None) == (steps is None):
        raise ValueError(f"Say how long to train: either epochs or steps; got epochs={epochs}, steps={steps}.")
    return whole("steps", steps) if epochs is None else whole("epochs", epochs) * each


def _checked_logits(logits) -> np.ndarray:
    logits = numbers("logits", logits)
    if logits.ndim < 2 or not logits.shape[1]:
        raise ValueError(f"logits must be (batch, class), one score or more for each; got shape {logits.shape}.")
    return logits.astype(common_type(logits), copy=False)


def _checked_labels(labels, logits: tuple[int, ...]) -> np.ndarray:
    """Labels as whole numbers that a model with logits of this shape can answer."""
    labels = numbers("labels", labels)
    if labels.dtype.kind not in "iub":
        raise TypeError(f"labels must be whole numbers, the classes counted from 0; got {labels.dtype}.")
    wanted, classes = (logits[0], *logits[2:]), logits[1] if len(logits) > 1 else 0
    if labels.shape != wanted:
        raise ValueError(f"labels must be one for each example, shape {wanted}; got shape {labels.shape}.")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels must lie between 0 and {classes - 1}, for the model has {classes} outputs; "
            f"they go from {labels.min()} to {labels.max()}."
        )
    return labels.astype(np.int64, copy=False)


def _number(name, value, least, most) -> float:
    """A plain number between two bounds that it may not touch."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number; got {value!r}.") from None
    if not least < number < most:
        bound = f"above {least}" if most == np.inf else f"from {least} to below {most}"
        raise ValueError(f"{name} must be {bound}; got {value!r}.")
    return number
