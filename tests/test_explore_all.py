"""What holds for every explorer, without a browser."""

import numpy as np
import pytest

from convscope import SharingExplorer
from telling import WITH_STATE


@pytest.mark.parametrize("make", WITH_STATE.values(), ids=WITH_STATE)
def test_no_array_of_a_state_can_be_changed(make):
    state = make().state
    names = [name for name in (*vars(type(state)), *dir(type(state)), *vars(state)) if not name.startswith("_")]
    for name in names:
        value = getattr(state, name)
        for array in value if isinstance(value, (tuple, list)) else [value]:
            assert not isinstance(array, np.ndarray) or not array.flags.writeable, name


@pytest.mark.parametrize("make", WITH_STATE.values(), ids=WITH_STATE)
def test_a_view_is_told_of_what_the_class_usually_shows(make):
    explorer = make()
    options = explorer._options
    usual = options["start"] | options["usual"]
    assert usual == type(explorer.state).start(*([{3: np.eye(4)}] if "examples" in usual else [])).settings


def test_no_name_ends_the_script_of_a_page():
    plain, sly = (SharingExplorer({name: np.eye(3)}).page() for name in ("9", "</script><script>alert(1)//"))
    assert sly.count("</script>") == plain.count("</script>") and "<script>alert" not in sly
