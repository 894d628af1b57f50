"""Layer upon layer, and what one unit sees of the picture."""

from .explorer import ReceptiveFieldExplorer

__all__ = ["ReceptiveFieldExplorer"]
