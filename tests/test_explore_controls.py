"""Controls are put to a state in one message: told piece by piece, a page clamps a value and sends that back."""

import ipywidgets
import pytest

from convscope.explore.controls import Controls, fine_slider, slide, slider


@pytest.mark.skipif(ipywidgets.__version__.startswith("7."), reason="ipywidgets 7 sends nothing where no kernel runs")
@pytest.mark.parametrize("control", [slider("size"), fine_slider("weight", 0.1)], ids=["whole", "fine"])
def test_a_slider_gets_its_bounds_and_its_value_together(control, monkeypatch):
    sent = []
    monkeypatch.setattr(control, "_send", lambda message, buffers=None: sent.append(message["state"]))
    slide(control, 3, range(1, 8))
    assert sent == [{"min": 1, "max": 7, "value": 3}]
    slide(control, 12, range(10, 20))
    assert sent[1:] == [{"min": 10, "max": 19, "value": 12}]


def test_what_is_shown_is_no_request_and_what_a_person_does_is():
    asked = []
    controls = Controls(lambda run, **changes: asked.append((run, changes)), size=slider("size"))
    controls.show({"size": (5, range(3, 9))})
    assert asked == []
    controls.named["size"].value = 4
    assert asked == [("size", {"size": 4})]
    controls.show({})
    assert controls.named["size"].layout.display == "none"
