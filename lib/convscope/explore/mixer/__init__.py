"""The channels of a picture are mixed, pixel by pixel: a 1 × 1 convolution."""
