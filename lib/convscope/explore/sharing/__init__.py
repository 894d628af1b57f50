"""The weights of a dense layer, and what is left of them when each diagonal is one number: a convolution."""
