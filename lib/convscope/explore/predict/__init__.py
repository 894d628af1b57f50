"""A question that takes a guess first."""

from .predict import Predict

__all__ = ["Predict"]
