"""An explorer's views as one page of HTML, without kernel or network: pointing and motion work, settings rest."""

from __future__ import annotations

import html
import json

from .bundle import as_base64, plain

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font-family: system-ui, sans-serif; margin: 1rem auto; max-width: 1100px; padding: 0 1rem; }}
h1 {{ overflow-wrap: anywhere; }}
{css}
</style>
<h1>{title}</h1>
<p>{text}</p>
{views}
</html>
"""

_VIEW = """<div id="view-{i}"></div>
<script type="application/json" id="state-{i}">{state}</script>
<script type="module">
{module}
// Stands in for the widget's model: what Python last said, and nobody to ask for anything else.
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const revive = (key, value) => (value && value.base64 !== undefined ? bytes(value.base64) : value);
const state = JSON.parse(document.getElementById("state-{i}").textContent, revive);
const model = {{ get: (name) => state[name], set() {{}}, on() {{}}, off() {{}}, save_changes() {{}} }};
render({{ model, el: document.getElementById("view-{i}") }});
</script>"""


def page(title, text, *views) -> str:
    """A whole page with what these views show now, one under another, under a title and a sentence."""
    return _PAGE.format(
        title=html.escape(title),
        text=html.escape(text),
        css="\n".join(dict.fromkeys(view._css for view in views)),
        views="\n".join(_VIEW.format(i=i, module=view._esm, state=_written(view)) for i, view in enumerate(views)),
    )


def _written(view):
    return _in_script(view.still())


def _in_script(state):
    written = json.dumps(state, default=as_base64, separators=(",", ":"))
    return written.replace("<", "\\u003c")  # or "</script>" in a title would end the script


_ALIVE = """<div id="explorer"></div>
<script type="application/json" id="state">{state}</script>
<script type="module">
{module}
mount(render, document.getElementById("explorer"), revived(document.getElementById("state").textContent));
</script>"""


def state_of(explorer) -> str:
    """What brings an explorer to life, as it stands, on a page with its module, as JSON: `revived` there reads it."""
    return _in_script(plain(explorer) | {"_pictures": explorer._pictures})


def explorer_page(explorer) -> str:
    """A whole page on which an explorer goes on, as it stands, by what its module computes."""
    view = _ALIVE.format(module=explorer._esm, state=state_of(explorer))
    title, text = type(explorer).__name__, explorer.sentence
    return _PAGE.format(title=html.escape(title), text=html.escape(text), css="", views=view)
