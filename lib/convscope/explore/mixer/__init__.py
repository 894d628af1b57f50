"""The channels of a picture are mixed, pixel by pixel: a 1 × 1 convolution."""

from .explorer import ChannelMixer

__all__ = ["ChannelMixer"]
