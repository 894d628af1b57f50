"""Settings that all tests share."""

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("browsing", "chapters_in_lab", "telling")  # a failure there shows its values too
from browsing import (  # noqa: E402, F401
    chromium,
    idle_pages,
    lab,
    new_page,
    open_explorer,
    open_notebook,
    open_page,
    put_away_what_was_opened,
)

# A busy machine is no failure: examples, and making them, have no time limit. A failure says how to have it again.
settings.register_profile("convscope", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("convscope")
