"""ConvScope: convolutional networks that you can touch."""

from __future__ import annotations

from .geometry import output_size, padding_amounts, receptive_field, window_indices

__version__ = "0.1.0"
