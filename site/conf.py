"""How Sphinx makes pages of what contents.py writes."""

import base64
import hashlib
import re
from pathlib import Path

import contents
import furo
import library

project = "ConvScope"
html_title = project
extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["doctrees", "made"]

nb_execution_mode = "off"  # the notebooks keep their outputs
nb_ipywidgets_js = {}  # or every page asks other servers for a widget manager that it does not need
myst_heading_anchors = 4
myst_heading_slug_func = "contents.anchor"
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]

nb_code_prompt_show = nb_code_prompt_hide = "imports"  # all that chapters have as hidden code

maximum_signature_line_length = 88

html_theme = "furo"
html_static_path = ["static", str(contents.MADE)]
html_css_files = ["site.css"]
html_js_files = [("page.js", {"type": "module"})]
html_show_sphinx = html_show_copyright = html_copy_source = False
pygments_style = "default"
FONTS = {
    "font-stack": 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
    "font-stack--monospace": 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
}
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": FONTS | contents.colours("light"),
    "dark_css_variables": contents.colours("dark"),
}

# A page may use what comes with it, and nothing else. The one script within a page is the theme's, which sets
# light or dark before anything is drawn. Explorers set sizes as style attributes, and save
# pictures by way of data: and blob:.
BASE = (Path(furo.__file__).parent / "theme" / "furo" / "base.html").read_text(encoding="utf-8")
[INLINE] = re.findall(r"<script>(.*?)</script>", BASE, re.DOTALL)
HASH = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
HEADING = 'class="caption" role="heading"'
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "img-src": "'self' data: blob:",
    "script-src": f"'self' 'sha256-{HASH}'",
    "style-src": "'self' 'unsafe-inline'",
}


def dress(app, pagename, templatename, context, doctree):
    """Put the policy first into a page's head, and a chapter's buttons under its title."""
    policy = "; ".join(f"{what} {where}" for what, where in POLICY.items())
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    context["metatags"] = head + context.get("metatags", "")
    if "body" in context:
        context["body"] = for_everyone(context["body"]).replace("</h1>", f"</h1>{contents.buttons(pagename)}", 1)
    # the theme's titles in the sidebar are headings without a level
    context["furo_navigation_tree"] = context["furo_navigation_tree"].replace(HEADING, f'{HEADING} aria-level="2"')


def for_everyone(body):
    """A page's body as screen readers understand it: Sphinx puts a list into a term, MyST-NB hides a fold's name."""
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return re.sub(r'<dl>\s*(<dd><em class="sig-param">.*?)</dl>', as_lines, body, flags=re.DOTALL)


def as_lines(arguments):
    lines = arguments[1].replace("<dd>", '<span class="argument">').replace("</dd>", "</span>")
    return f'<span class="arguments">{lines}</span>'


def setup(app):
    app.connect("html-page-context", dress, priority=900)  # after the theme's own
    app.connect("doctree-resolved", lambda app, tree, name: contents.fold(tree))
    app.connect("autodoc-process-docstring", library.as_rst)
    app.connect("autodoc-process-signature", library.as_written)
