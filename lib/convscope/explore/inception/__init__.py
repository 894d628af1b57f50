"""Widths of an Inception module, what it makes of its input, and what it costs beside its rivals."""
