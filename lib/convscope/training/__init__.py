"""Learning from examples: a loss, its gradient sent back through a model, and small steps downhill, again and again.

A model is a `Layer` whose outputs are logits, one score for each class; the largest is its answer.
"""

from .fitting import History, accuracy, fit, logits
from .losses import cross_entropy, softmax
from .optimisers import SGD, Adam, Optimiser

__all__ = ["SGD", "Adam", "History", "Optimiser", "accuracy", "cross_entropy", "fit", "logits", "softmax"]
