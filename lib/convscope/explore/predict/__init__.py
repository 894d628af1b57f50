"""A question that takes a guess first."""
