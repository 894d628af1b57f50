"""Settings that all tests share."""

from hypothesis import settings

# A busy machine is no failure: examples have no time limit.
settings.register_profile("convscope", deadline=None)
settings.load_profile("convscope")
