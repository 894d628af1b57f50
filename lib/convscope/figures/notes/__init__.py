"""The pictures of the notes, each drawn from real arrays and each with a text that says what it shows.

Orange frames what is read, blue what is made.
"""

from __future__ import annotations

from . import convolution

NOTES = {
    "convolutions-1": convolution.convolutions_1,
    "convolutions-2": convolution.convolutions_2,
    "convolutions-3": convolution.convolutions_3,
    "cnn-patch-feature-map": convolution.patch_feature_map,
    "cnn-stride": convolution.stride,
}
"""The pictures of the notes, by name, in their order there."""
