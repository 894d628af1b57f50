"""Settings that all tests share."""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("explorers")  # a failure there shows its values too

# A busy machine is no failure: examples have no time limit.
settings.register_profile("convscope", deadline=None)
settings.load_profile("convscope")
