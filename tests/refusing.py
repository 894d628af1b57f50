"""How tests know a refusal: by the argument that it names, the value that came and the advice, not by its wording."""

import re
from contextlib import contextmanager

import pytest


@contextmanager
def refused(parts, error=(TypeError, ValueError)):
    """Expect an error whose message has these parts in this order, written "argument … advice … value", and an end."""
    with pytest.raises(error) as caught:
        yield
    said = str(caught.value)
    assert re.search(".*".join(map(re.escape, parts.split(" … "))), said, re.DOTALL), said
    assert said.endswith((".", "?")), said
    assert "broadcast" not in said and "operand" not in said, said
