"""Live explorers: a pure state, traits that guard it, and one view that draws it."""

from .base import StateError
from .convolution import ConvolutionExplorer
from .receptive import ReceptiveFieldExplorer

__all__ = ["ConvolutionExplorer", "ReceptiveFieldExplorer", "StateError"]
