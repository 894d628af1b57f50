"""A picture goes through layers, and every map of every layer is live."""

from .explorer import FeatureMapsExplorer

__all__ = ["FeatureMapsExplorer"]
