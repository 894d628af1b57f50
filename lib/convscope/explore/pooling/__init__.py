"""A window moves over a picture, and of its numbers one is kept: the largest, the mean, or the first."""
