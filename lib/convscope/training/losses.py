"""How wrong a model is: probabilities from its scores, and the surprise at the right answer."""

from __future__ import annotations

import numpy as np

from ..ops.arrays import DOUBLE, common_type, exact_sum, numbers


def softmax(logits) -> np.ndarray:
    """Scores as probabilities: (batch, class, …) to the same shape, positive and 1 in sum over the classes.

    Formula: exp(zᵢ) / Σⱼ exp(zⱼ), the largest z taken from all first, which changes nothing but overflows.
    """
    logits = _checked_logits(logits)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / exact_sum(powers, 1)[:, None]


def cross_entropy(logits, labels) -> tuple[float, np.ndarray]:
    """How surprised a model is by the right answers, and how that changes with its logits: (loss, gradient).

    logits: (batch, class), or (batch, class, row, column) where each pixel has a label. labels: whole numbers from 0,
        (batch,) or (batch, row, column).
    Returns the mean of −log softmax(logits)[label], and its gradient in the shape of logits.
    Raises ValueError or TypeError where a label is out of range or the shapes do not go together.
    Formula: gradient = (softmax(logits) − one-hot label) / number of labels (Goodfellow et al. 2016, section 6.2.2.3).
    """
    logits = _checked_logits(logits)
    return loss_and_gradient(logits, checked_labels(labels, logits.shape))


def loss_and_gradient(logits, labels):
    """The same of what was checked: n example, c class, p place."""
    scores = logits.reshape(*logits.shape[:2], -1)
    n, _, p = scores.shape
    right = np.arange(n)[:, None], labels.reshape(n, p), np.arange(p)
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    sums = exact_sum(powers, 1)[:, None]
    count = max(n * p, 1)
    loss = float(np.log(sums).sum(dtype=DOUBLE) - scores[right].sum(dtype=DOUBLE)) / count
    powers /= sums
    powers[right] -= 1
    powers /= count
    return loss, powers.reshape(logits.shape)


def _checked_logits(logits) -> np.ndarray:
    logits = numbers("logits", logits)
    if logits.ndim < 2 or not logits.shape[1]:
        raise ValueError(f"logits must be (batch, class), one score or more for each; got shape {logits.shape}.")
    return logits.astype(common_type(logits), copy=False)


def checked_labels(labels, logits: tuple[int, ...]) -> np.ndarray:
    """Labels as whole numbers that a model with logits of this shape can answer."""
    labels = numbers("labels", labels)
    if labels.dtype.kind not in "iub":
        raise TypeError(f"labels must be whole numbers, the classes counted from 0; got {labels.dtype}.")
    wanted, classes = (logits[0], *logits[2:]), logits[1]
    if labels.shape != wanted:
        raise ValueError(f"labels must be one for each example, shape {wanted}; got shape {labels.shape}.")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels must lie between 0 and {classes - 1}, for the model has {classes} outputs; "
            f"they go from {labels.min()} to {labels.max()}."
        )
    return labels.astype(np.int64, copy=False)
