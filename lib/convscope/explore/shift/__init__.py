"""A picture that moves over blank paper, and a layer whose maps may or may not move with it."""
