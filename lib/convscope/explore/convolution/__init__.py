"""A kernel moves over a picture, and the feature map answers."""
