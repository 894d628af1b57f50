"""What the site is made of: the chapters as they are committed, the explorers' modules, and the pages that list them.

Nothing is run. An explorer's output says what brings it to life; its still picture stays for print, and where no script
runs.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from functools import cache
from html import escape
from inspect import getdoc
from pathlib import Path
from statistics import geometric_mean
from string import Template

import docutils.nodes
import library
from PIL import Image

import links
from convscope import ConvolutionExplorer, explore
from convscope.explore.bundle import AWAKE, STATE, plain
from convscope.explore.explorer import Explorer
from convscope.explore.modules import apart
from convscope.explore.page import in_script
from convscope.explore.still import png
from convscope.figures.chapter import as_html
from environment import ROOT
from notebooks import CHAPTERS

PAGES = ROOT / "build" / "pages"  # what Sphinx reads
SITE = ROOT / "build" / "site"
MADE = PAGES / "made"  # files that pages load, beside those of static/
HERE = Path(__file__).parent
DEEPER = "Go deeper"  # the section that JupyterLab shows folded
EMBEDDED = re.compile(r'src="data:image/png;base64,([^"]+)"')
ABSOLUTE = re.compile(r"\]\(\.\./([^)]+)\)")  # a link out of notebooks/
MAPPED = re.compile(r"^\| \[[^]]+\]\(notebooks/([^)]+)\.ipynb\) \| ([^|]+) \|", re.MULTILINE)  # a line of README's map


def write():
    """Write all that Sphinx reads."""
    for folder in ("explorers", "pictures", "stills"):
        (MADE / folder).mkdir(parents=True, exist_ok=True)
    for name, text in modules().items():
        write_text(MADE / "explorers" / name, text)
    for chapter in CHAPTERS:
        write_text(PAGES / chapter.name, json.dumps(page_of(chapter)))
    write_text(PAGES / "explorers.md", gallery())
    write_text(PAGES / "index.md", front())
    write_text(PAGES / "speed.md", speed())
    library.write(PAGES)


def write_text(file, text):
    file.write_text(text, encoding="utf-8", newline="\n")


# ---- chapters


def page_of(chapter) -> dict:
    """A chapter as a notebook for MyST-NB."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = ABSOLUTE.sub(rf"]({links.address()}/blob/main/\1)", text)
        else:
            views = {output.get("data", {}).get(STATE, {}).get("view") for output in cell["outputs"]}
            tags = ["hide-input"] * text.startswith("import ") + ["remove-input"] * ("Predict" in views)
            cell["metadata"] = {"tags": tags}
            cell["outputs"] = [output for output in cell["outputs"] if not is_of_an_exercise(output)]
            for output in cell["outputs"]:
                output["metadata"] = {}
                revive(output.get("data", {}))
    return notebook


def is_of_an_exercise(output) -> bool:
    """Whether an output says that nobody has solved an exercise yet."""
    return '<div class="convscope-check' in "".join(output.get("data", {}).get("text/html", ""))


def revive(data):
    """Put a live figure, or pictures in files, where an output has HTML."""
    if "text/html" in data:
        still = "".join(data["text/html"])
        data["text/html"] = figure(data[STATE], still) if STATE in data else in_files(still)
    data.pop(STATE, None)


def figure(state, still) -> str:
    """What wake.js brings to life, on one line: a state, and the still that is there before."""
    kept = in_files(still.replace(AWAKE, ""))
    kinds = "live question" if state["view"] == "Predict" else "live"
    return (
        f'<figure class="{kinds}" data-view="{state["view"]}"><script type="application/json">'
        f'{in_script(state)}</script><div class="still">{kept}</div></figure>'
    )


def in_files(html) -> str:
    """HTML whose pictures are files, loaded when they come near, with room kept for them."""
    return EMBEDDED.sub(lambda match: as_file(base64.b64decode(match[1])), html)


def as_file(picture) -> str:
    name = hashlib.sha256(picture).hexdigest()[:16]
    (MADE / "stills" / f"{name}.png").write_bytes(picture)
    width, height = Image.open(io.BytesIO(picture)).size
    return f'src="_static/stills/{name}.png" width="{width}" height="{height}" loading="lazy" decoding="async"'


def fold(tree):
    """Fold what goes deeper, as JupyterLab does."""
    for section in list(tree.findall(docutils.nodes.section)):
        title, *others = section.children
        if title.astext() == DEEPER:
            begin, end, last = (
                docutils.nodes.raw("", text, format="html")
                for text in ('<details class="deeper"><summary>', "</summary>", "</details>")
            )
            section.children = []
            section.extend([begin, title, end, *others, last])


def anchor(title) -> str:
    """The anchor of a heading, as Jupyter has it."""
    return re.sub("[`*]", "", title).replace(" ", "-")


def buttons(page) -> str:
    """The ways to run a chapter; nothing on other pages."""
    if page not in [chapter.stem for chapter in CHAPTERS]:
        return ""
    ways = {
        "run in the browser": f"lite/lab/index.html?path=notebooks/{page}.ipynb",
        "Binder": links.on_binder(page),
        "Colab": links.on_colab(page),
    }
    shown = "".join(f'<a href="{way}">{name}</a>' for name, way in ways.items())
    return f'<p class="ways">{shown}<a href="notebooks/{page}.ipynb" download>download</a></p>'


# ---- explorers


@cache
def kinds() -> dict:
    """Every explorer, and the question, by name."""
    named = {name: getattr(explore, name) for name in explore.__all__}
    return {name: kind for name, kind in named.items() if hasattr(kind, "_esm")}


def folder(kind) -> str:
    return kind.__module__.split(".")[2]


@cache
def example(kind):
    """One explorer of a kind: its state, still and pictures. Where its name is not enough, it is a chapter's."""
    try:
        made = kind()
    except TypeError:
        return next((data[STATE], "".join(data["text/html"]), {}) for data in outputs_of(kind.__name__))
    state = plain(made) | {"view": kind.__name__}
    return state, as_html(png(made.figure()), made.sentence), made._pictures


def outputs_of(view):
    for chapter in CHAPTERS:
        for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if output.get("data", {}).get(STATE, {}).get("view") == view:
                    yield output["data"]


def modules() -> dict:
    """The modules of all kinds, and which module and which pictures each has; writes the pictures."""
    entries = {f"{folder(kind)}.js": f"{folder(kind)}/{view_of(kind)}" for kind in kinds().values()}
    known = {name: {"module": f"{folder(kind)}.js", "pictures": pictures(kind)} for name, kind in kinds().items()}
    return {**apart(entries), "kinds.js": f"export default {json.dumps(known)};\n"}


def view_of(kind) -> str:
    found = (Path(explore.__file__).parent / folder(kind) / name for name in ("scene.js", "card.js"))
    return next(file.name for file in found if file.is_file())


def pictures(kind) -> dict:
    """The pictures that a kind has by name, each as its file and its shape; none where a state brings its own."""
    state, _, named = example(kind) if issubclass(kind, Explorer) else ({}, "", {})
    found = {}
    for name, array in () if "_pictures" in state else named.items():
        file = hashlib.sha256(array["data"]).hexdigest()[:16]
        (MADE / "pictures" / file).write_bytes(array["data"])
        found[name] = {"file": file, "shape": array["shape"]}
    return found


# ---- pages


def gallery() -> str:
    """The page of all explorers, each alone."""
    course = "".join(chapter.read_text(encoding="utf-8") for chapter in CHAPTERS)
    shown = [kind for kind in kinds().values() if issubclass(kind, Explorer)]
    shown.sort(key=lambda kind: course.find(f'"view": "{kind.__name__}"') % (len(course) + 1))  # as in the course
    tabs = "".join(f'<a href="#{folder(kind)}">{in_words(kind)}</a>' for kind in shown)
    figures = []
    for kind in shown:
        state, still, _ = example(kind)
        about = getdoc(kind).partition("\n")[0]
        figures.append(
            f'<section class="alone" id="{folder(kind)}"><p>{escape(about)}</p>{figure(state, still)}</section>'
        )
    return filled("explorers.md", tabs=tabs, figures="\n\n".join(figures))


def in_words(kind) -> str:
    """ReceptiveFieldExplorer: receptive field."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", kind.__name__.removesuffix("Explorer")).lower()


def front() -> str:
    """The first page."""
    made = ConvolutionExplorer()
    still = as_html(png(made.figure()), made.sentence)
    found = dict(MAPPED.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    cards = [
        f'<a class="card" href="{chapter.stem}.html"><b>{chapter.stem[:2]}</b> '
        f"<strong>{escape(title_of(chapter))}</strong><span>{escape(found[chapter.stem])}</span></a>"
        for chapter in CHAPTERS
    ]
    entries = "\n".join(f"{chapter.stem[:2]} {title_of(chapter)} <{chapter.stem}>" for chapter in CHAPTERS)
    state = plain(made) | {"view": type(made).__name__}
    return filled(
        "index.md", explorer=figure(state, still), cards="".join(cards), entries=entries, repository=links.address()
    )


def speed() -> str:
    """The page of the benchmark, as it was last measured."""
    measured = json.loads((ROOT / "bench" / "measured.json").read_text(encoding="utf-8"))
    columns = {"convolution": ["forward", "backward"], "pooling": ["max", "backward", "average", "backward"]}
    return filled("speed.md", **{name: bars(columns[name], rows) for name, rows in measured.items()})


def bars(columns, rows) -> str:
    """A table of ratios, each with a bar as long."""
    head = "".join(f'<th scope="col">{column}</th>' for column in ["", *columns])
    body = ""
    for name, ratios in [
        *rows,
        ("geometric mean", [geometric_mean(column) for column in zip(*(ratios for _, ratios in rows), strict=True)]),
    ]:
        cells = "".join(f'<td style="--ratio: {ratio:.2f}">{ratio:.2f}×</td>' for ratio in ratios)
        body += f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
    return f'<table class="bars"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def title_of(chapter) -> str:
    first = json.loads(chapter.read_text(encoding="utf-8"))["cells"][0]["source"]
    return "".join(first).partition("\n")[0].removeprefix("# ")


def filled(name, **parts) -> str:
    return Template((HERE / name).read_text(encoding="utf-8")).substitute(parts)


def colours(theme) -> dict:
    """The explorers' palette under the names that the theme has for it."""
    palette = json.loads((Path(explore.__file__).parent / "view/draw/palette.json").read_text(encoding="utf-8"))[theme]
    uses = {
        "accent": ["brand-primary", "brand-content", "brand-visited", "link", "link--visited"],
        "ground": ["background-primary"],
        "raised": ["background-secondary", "code-background"],
        "line": ["background-border"],
        "ink": ["foreground-primary"],
        "quiet": ["foreground-secondary", "foreground-muted"],
        "accent-wash": ["wash"],
    }
    return {f"color-{use}": palette[name] for name, names in uses.items() for use in names}
