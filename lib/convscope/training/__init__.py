"""Training: a loss, its gradient sent back through a model, and an optimiser that changes the weights step by step.

A model is a `Layer` that returns logits, one score for each class; the class with the largest is its prediction.
"""

from .fitting import History, Run, accuracy, fit, logits
from .losses import cross_entropy, softmax
from .optimisers import SGD, Adam, Optimiser

__all__ = ["SGD", "Adam", "History", "Optimiser", "Run", "accuracy", "cross_entropy", "fit", "logits", "softmax"]
