"""A network in training, watched: curves, kernels and maps that change as it learns."""
