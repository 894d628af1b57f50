"""An explorer's view as one page of HTML, without kernel or network: pointing and motion work, settings rest."""

from __future__ import annotations

import base64
import html
import json

_TRAITS = """
    panels arrays links tables picks picked colour_maps selected columns label caption spoken code
""".split()

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font-family: system-ui, sans-serif; margin: 1rem auto; max-width: 1100px; padding: 0 1rem; }}
{css}
</style>
<h1>{title}</h1>
<p>{text}</p>
<div id="view"></div>
<script type="application/json" id="state">{state}</script>
<script type="module">
{module}
// Stands in for the widget's model: what Python last said, and nobody to ask for anything else.
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const revive = (key, value) => (value && value.base64 !== undefined ? bytes(value.base64) : value);
const state = JSON.parse(document.getElementById("state").textContent, revive);
const model = {{ get: (name) => state[name], set() {{}}, on() {{}}, off() {{}}, save_changes() {{}} }};
render({{ model, el: document.getElementById("view") }});
</script>
</html>
"""


def page(view, title, text="") -> str:
    """A whole page with what `view`, a PanelsView, shows now, under a title and a sentence, the view's own if none."""
    state = {name: getattr(view, name) for name in _TRAITS}
    state["panels"] = [panel | {"editable": False, "drag": None} for panel in view.panels]  # nobody answers a request
    written = json.dumps(state | {"refusal": "", "request": {}}, default=_as_base64, separators=(",", ":"))
    return _PAGE.format(
        title=html.escape(title),
        text=html.escape(text or view.spoken),
        css=view._css,
        module=view._esm,
        state=written.replace("<", "\\u003c"),  # or "</script>" in a title would end the script
    )


def _as_base64(value):
    return {"base64": base64.b64encode(value).decode()}
