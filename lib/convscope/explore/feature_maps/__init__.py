"""A picture goes through layers, and every map of every layer is live."""
