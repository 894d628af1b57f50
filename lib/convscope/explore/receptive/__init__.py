"""Layer upon layer, and what one unit sees of the picture."""
