"""An explorer as one page of HTML, without kernel or network: every control works."""

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
h1 {{ font-size: 1.5rem; overflow-wrap: anywhere; }}
</style>
<main>
<h1>{title}</h1>
<p>{text}</p>
{view}
</main>
</html>
"""

_ALIVE = """<div id="explorer"></div>
<script type="application/json" id="state">{state}</script>
<script type="module">
{module}
mount(render, document.getElementById("explorer"), revived(document.getElementById("state").textContent));
</script>"""


def state_of(explorer) -> str:
    """What brings an explorer to life, as it stands, on a page with its module, as JSON: `revived` there reads it."""
    return in_script(plain(explorer) | {"_pictures": explorer._pictures})


def explorer_page(explorer, state) -> str:
    """A whole page on which an explorer goes on, from a state as `in_script` has it, by what its module computes."""
    view = _ALIVE.format(module=explorer._esm, state=state)
    title, text = type(explorer).__name__, explorer.sentence
    return _PAGE.format(title=html.escape(title), text=html.escape(text), view=view)


def in_script(state) -> str:
    """A state as JSON that may stand in a script."""
    written = json.dumps(state, default=as_base64, separators=(",", ":"))
    return written.replace("<", "\\u003c")  # or "</script>" in a title would end the script
