"""Live explorers: a pure state, traits that guard it, and one view that draws it."""

from .base import StateError
from .convolution import ConvolutionExplorer
from .predict import Predict
from .receptive import ReceptiveFieldExplorer
from .shift import ShiftExplorer

__all__ = ["ConvolutionExplorer", "Predict", "ReceptiveFieldExplorer", "ShiftExplorer", "StateError"]
