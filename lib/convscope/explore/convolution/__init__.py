"""A kernel moves over a picture, and the feature map answers."""

from .explorer import ConvolutionExplorer

__all__ = ["ConvolutionExplorer"]
