"""What a widget leaves in a notebook: itself where a kernel runs; a picture, a page or a sentence everywhere else."""

from __future__ import annotations

import base64
import json

from IPython import get_ipython
from IPython.display import display

from ..figures.chapter import as_html
from .still import png

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.convscope.state+json"  # what a page needs to bring an explorer to life
AWAKE = "<p><em>A still picture: run this cell to play with it.</em></p>"


def display_explorer(explorer):
    """Show an explorer with its still picture, its sentence, and its state for pages without a kernel."""
    sentence = explorer.sentence
    still = as_html(png(explorer.figure()), sentence) + AWAKE
    display_card(explorer, plain(explorer), html=still, text=sentence)


def display_card(widget, state, *, html, text, again=None):
    """Show a widget in one bundle: alive, as HTML, as text, and the state from which a page can bring it to life.

    Run again, a cell closes the widget that it showed before, unless that one is still held under a name.
    again: what this gave before, to have that display show the widget as it is now.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    state = {"view": type(widget).__name__, **state}
    shown = {WIDGET_VIEW: view, STATE: state, "text/html": html, "text/plain": text}
    if again:
        return again.update(shown, raw=True)
    _close_earlier(widget)
    return display(shown, raw=True, display_id=True)


def plain(explorer) -> dict:
    """What brings an explorer to life elsewhere, as JSON: its settings and options, an own image as base64."""
    said = {"view": "", "settings": explorer._said["settings"]}  # which call an own image as `_own` does
    state = {"_options": explorer._options, "_own": explorer._own, "_said": said}
    return as_json(state | {name: getattr(explorer, name) for name in explorer.options})


def as_json(state) -> dict:
    """A state as JSON has it, arrays as base64."""
    return json.loads(json.dumps(state, default=as_base64))


def as_base64(array) -> dict:
    return {"base64": base64.b64encode(array).decode()}


_shown: dict[str, list] = {}  # widgets by the cell that shows them, each with the run that did


def _close_earlier(widget):
    shell = get_ipython()
    header = getattr(shell, "get_parent", dict)() if shell else {}
    cell, run = header.get("metadata", {}).get("cellId"), header.get("header", {}).get("msg_id")
    if cell is None:
        return
    names = {id(value) for name, value in shell.user_ns.items() if not name.startswith("_")}
    kept = []
    for earlier_run, earlier in _shown.get(cell, []):
        if earlier_run == run or id(earlier) in names:
            kept.append((earlier_run, earlier))
        else:
            earlier.layout.close()
            earlier.close()
    _shown[cell] = [*kept, (run, widget)]
