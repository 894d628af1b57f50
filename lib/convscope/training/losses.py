"""The loss of a classifier: probabilities from its scores, and the cross-entropy with the labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..ops.arrays import DOUBLE, common_type, numbers, sum_in_double


def softmax(logits: ArrayLike) -> np.ndarray:
    """Return scores as probabilities, which are positive and add up to 1 over the classes.

    logits: (batch, class, …); the result has the same shape. Raises ValueError or TypeError for anything else.
    Formula: exp(zᵢ) / Σⱼ exp(zⱼ). The largest z is subtracted first, which changes no result but avoids overflow.
    """
    logits = _checked_logits(logits)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / sum_in_double(powers, 1)[:, None]


def cross_entropy(logits: ArrayLike, labels: ArrayLike) -> tuple[float, np.ndarray]:
    """Return the mean of −log softmax(logits)[label] and its gradient with respect to the logits: (loss, gradient).

    logits: (batch, class), or (batch, class, row, column) with a label for each pixel.
    labels: whole numbers from 0, (batch,) or (batch, row, column).
    The gradient has the shape of logits.
    Raises ValueError or TypeError if a label is out of range or the shapes do not fit.
    Formula: gradient = (softmax(logits) − one-hot label) / number of labels (Goodfellow et al. 2016, section 6.2.2.3).
    """
    logits = _checked_logits(logits)
    return loss_and_gradient(logits, checked_labels(labels, logits.shape))


def loss_and_gradient(logits, labels):
    """Return `cross_entropy` of checked arguments. Indices: n example, c class, p position."""
    scores = logits.reshape(*logits.shape[:2], -1)
    n, _, p = scores.shape
    right = np.arange(n)[:, None], labels.reshape(n, p), np.arange(p)
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    sums = sum_in_double(powers, 1)[:, None]
    count = max(n * p, 1)
    loss = float(np.log(sums).sum(dtype=DOUBLE) - scores[right].sum(dtype=DOUBLE)) / count
    powers /= sums
    powers[right] -= 1
    powers /= count
    return loss, powers.reshape(logits.shape)


def _checked_logits(logits) -> np.ndarray:
    logits = numbers("logits", logits)
    if logits.ndim < 2 or not logits.shape[1]:
        raise ValueError(f"logits must be (batch, class), with at least one class; got shape {logits.shape}.")
    return logits.astype(common_type(logits), copy=False)


def checked_labels(labels, logits: tuple[int, ...]) -> np.ndarray:
    """Return labels as int64; raise an error unless they fit logits of this shape."""
    labels = numbers("labels", labels)
    if labels.dtype.kind not in "iub":
        raise TypeError(f"labels must be whole numbers, with classes counted from 0; got {labels.dtype}.")
    wanted, classes = (logits[0], *logits[2:]), logits[1]
    if labels.shape != wanted:
        raise ValueError(f"labels must hold one for each example, shape {wanted}; got shape {labels.shape}.")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1}, because the model has {classes} outputs; "
            f"got labels from {labels.min()} to {labels.max()}."
        )
    return labels.astype(np.int64, copy=False)
