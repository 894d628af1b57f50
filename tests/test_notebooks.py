"""Committed chapters are whole: executed in order, readable without a kernel, and free of what was left behind.

That their outputs are right is nbval's question; here is asked what a reader sees who runs nothing.
"""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns

import links
import notebooks
import pictures
from convscope.explore.bundle import STATE
from convscope.figures.chapter import as_html
from environment import ROOT

FOLDER = ROOT / "notebooks"
LARGEST = 1_000_000  # bytes, so that a page shows it and a repository bears its history
GUARD = 'if importlib.util.find_spec("convscope") is None:'
# Folders of somebody's machine, addresses in memory (they differ from run to run), and servers that are gone.
LEFT_BEHIND = re.compile(r"/(?:root|home|Users|tmp)/\w|[A-Z]:\\\w|\b0x[0-9a-f]{8,}|localhost|127\.0\.0\.1|file://")


def problems(notebook, folder=FOLDER):
    """What is wrong with a committed notebook, one sentence each."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    yield from unexecuted(code)
    yield from bad_set_up(code)
    yield from bad_headings(notebook.cells)
    yield from bad_links(prose(notebook), folder)
    yield from bad_pictures(code)
    for cell in notebook.cells:
        for text in [cell.source, *map(shown_text, cell.get("outputs", []))]:
            if found := LEFT_BEHIND.search(text):
                yield f"{found.group()!r} was left behind in: {text[:80]}"
    if nbformat.writes(notebook) != nbformat.writes(notebooks.clean(nbformat.from_dict(notebook))):
        yield "It holds what differs from run to run: `make notebooks` cleans it"


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def unexecuted(code):
    counts = [cell.execution_count for cell in code]
    if counts != list(range(1, len(code) + 1)):
        yield f"Its cells were not run once, in order: `make notebooks` does. They say {counts}"
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        yield "A cell ended in an error"


def bad_set_up(code):
    source = code[0].source if code else ""
    if GUARD not in source or f'"convscope @ git+{links.address()}@v{links.version()}"' not in source:
        yield "Its first code cell does not install the library where it is missing"
    lines = ast.parse(notebooks.plain(source)).body
    if not all(isinstance(line, ast.Import | ast.ImportFrom | ast.If) for line in lines):
        yield "Its first code cell does more than import"


def bad_headings(cells):
    prose = [re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL) for cell in cells if cell.cell_type == "markdown"]
    levels = [len(marks) for source in prose for marks in re.findall(r"^(#+) ", source, re.MULTILINE)]
    if levels.count(1) != 1 or not cells[0].source.startswith("# "):
        yield "It does not begin with its one title"
    if any(deeper > level + 1 for level, deeper in zip(levels, levels[1:], strict=False)):
        yield f"Its headings skip a level: {levels}"


def bad_links(text, folder):
    for alt, target in re.findall(r"!\[(.*?)\]\((\S+?)\)", text):
        if len(alt) < 10:
            yield f"Its picture {target} has no alternative text that says what it shows"
    for tag in re.findall(r"<img\b[^>]*>", text):
        if not re.search(r"""\balt=["'][^"']{10}""", tag):
            yield f"Its picture {tag} has no alternative text that says what it shows"
    targets = re.findall(r"\]\(([^)\s]+)", text) + re.findall(r"""\bsrc=["']([^"']+)""", text)
    for target in targets:
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        if not (folder / file).exists():
            yield f"It links to {target}, which is not there"
        elif anchor and anchor not in anchors(prose(nbformat.read(folder / file, as_version=4)) if file else text):
            yield f"It links to {target}, and no heading is called that"


def anchors(text):
    """What JupyterLab calls the headings: by their text, with a hyphen for each space."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub("[*`]", "", heading).replace(" ", "-") for heading in headings}


def bad_pictures(code):
    """An <img> carries its alternative text; that of an image/png is left out by JupyterLab and nbconvert."""
    for data in (output.data for cell in code for output in cell.outputs if "data" in output):
        if any(kind.startswith("image/") for kind in data):
            yield f"An output shows a picture without an <img alt>: convscope.figures makes one: {sorted(data)}"
        for image in pictures.images(data.get("text/html", "")):
            if len(image.get("alt") or "") < 10:
                yield f"An output's picture has no alternative text that says what it shows: {image.get('alt')!r}"


def shown_text(output):
    data = output.get("data", {})
    html = re.sub(r"(?<=;base64,)[\w+/=]+", "", data.get("text/html", ""))
    return "\n".join([output.get("text", ""), data.get("text/plain", ""), html])


@pytest.mark.parametrize("chapter", notebooks.CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_chapter_reads_whole_without_a_kernel(chapter):
    notebook = nbformat.read(chapter, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert list(problems(notebook)) == []
    assert chapter.stat().st_size < LARGEST
    assert nbformat.writes(notebook) + "\n" == chapter.read_text(encoding="utf-8")


@pytest.mark.parametrize(("chapter", "following"), list(pairwise(notebooks.CHAPTERS)))
def test_a_chapter_leads_to_the_next_on_colab_too(chapter, following):
    text = prose(nbformat.read(chapter, as_version=4))
    assert f"]({following.name}) ([in Colab]({links.on_colab(following.stem)}))" in text


def sound():
    """A small notebook that has no problem."""
    install = f'    %pip install -q "convscope @ git+{links.address()}@v{links.version()}"'
    setup = f"import importlib.util\n\n{GUARD}\n{install}\n\nimport convscope"
    text = "# Do `this`, now\n\n## First\n\n![A kernel on a photo](photo.png)"
    cells = [nbformat.v4.new_markdown_cell(f"{text} [up](#Do-this,-now) [there](other.ipynb#First)")]
    for count, source in enumerate([setup, "2"], start=1):
        cells.append(nbformat.v4.new_code_cell(source, execution_count=count))
    cells[-1].outputs.append(nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=2))
    return notebooks.clean(nbformat.v4.new_notebook(cells=cells))


def spoilt(change):
    notebook = sound()
    change(notebook)
    return notebook


def error():
    return nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])


def picture(data):
    return lambda it: it.cells[-1].outputs.append(nbformat.v4.new_output("display_data", data))


def view():
    return nbformat.v4.new_output("display_data", {notebooks.DEAD_WITHOUT_KERNEL: {}, "text/plain": "a sentence"})


SPOILERS = {
    "in order": lambda it: it.cells[-1].update(execution_count=7),
    "not run": lambda it: it.cells[-1].update(execution_count=None),
    "ended in an error": lambda it: it.cells[-1].outputs.append(error()),
    "where it is missing": lambda it: it.cells[1].update(source="import convscope"),
    "more than import": lambda it: it.cells[1].update(source=it.cells[1].source + "\nprint(1)"),
    "one title": lambda it: it.cells[0].update(source="Hello\n\n# Title"),
    "skip a level": lambda it: it.cells[0].update(source="# Title\n\n### Detail"),
    "alternative text": lambda it: it.cells[0].update(source="# Title\n\n![](photo.png)"),
    "picture <img": lambda it: it.cells[0].update(source="# Title\n\n<img src='photo.png'>"),
    "without an <img alt>": picture({"image/png": "iVBORw0K", "text/plain": "a kernel on a photo"}),
    "no alternative text that says what it shows: ''": picture(
        {"text/html": '<img alt="" src="data:image/png;base64,">'}
    ),
    "what it shows: None": picture({"text/html": '<img src="data:image/png;base64,">'}),
    "which is not there": lambda it: it.cells[0].update(source="# Title\n\n[next](05-nowhere.ipynb)"),
    "no heading is called": lambda it: it.cells[0].update(source="# Title, long\n\n[up](#Title-long)"),
    "#Second, and no": lambda it: it.cells[0].update(source="# Title\n\n[there](other.ipynb#Second)"),
    "'/home/a' was left": lambda it: it.cells[-1].outputs[0].data.update({"text/plain": "/home/ann/photo.png"}),
    "'0x7f00deadbeef'": lambda it: it.cells[-1].outputs[0].data.update({"text/plain": "<object at 0x7f00deadbeef>"}),
    "from run to run": lambda it: it.cells[-1].outputs.append(view()),
    "cleans it": lambda it: it.metadata.update(widgets={}),
}


@pytest.fixture
def folder(tmp_path):
    """What the small notebook and its spoilt kin link to."""
    (tmp_path / "photo.png").touch()
    nbformat.write(sound(), tmp_path / "other.ipynb")
    return tmp_path


def test_a_sound_notebook_has_no_problem(folder):
    assert list(problems(sound(), folder)) == []


@pytest.mark.parametrize("sentence", SPOILERS)
def test_each_problem_is_found(sentence, folder):
    assert sentence in "\n".join(problems(spoilt(SPOILERS[sentence]), folder))


def test_nbval_compares_the_words_of_a_picture_and_not_its_pixels(pytestconfig):
    rules = get_sanitize_patterns(Path(pytestconfig.getoption("nbval_sanitize_with")).read_text(encoding="utf-8"))

    def compared(png, words):
        html = as_html(png, words)
        for pattern, replacement in rules:
            html = re.sub(pattern, replacement, html)
        return html

    assert compared(b"one", "an edge") == compared(b"another", "an edge") != compared(b"one", "a corner")


def test_running_a_chapter_keeps_what_can_be_read_and_nothing_else(tmp_path):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("from convscope import figures\nfigures.show([[[1, 0], [0, 1]]], ['ones'])"),
            nbformat.v4.new_code_cell("from convscope import ConvolutionExplorer\nConvolutionExplorer('numbers')"),
            nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider(description='stride')"),
            nbformat.v4.new_code_cell("for n in range(300):\n    print(n, flush=True)"),
            nbformat.v4.new_code_cell("from tqdm import tqdm\nfor n in tqdm(range(3)):\n    pass"),
        ]
    )
    chapter = tmp_path / "chapter.ipynb"
    nbformat.write(notebook, chapter)
    first, second = (nbformat.writes(notebooks.run(chapter)) for _ in range(2))
    assert first == second
    picture, explorer, slider, stream, bar = (cell.outputs for cell in nbformat.reads(first, as_version=4).cells)
    for (output,) in (picture, explorer):
        alt, png = pictures.shown(output.data["text/html"])
        assert set(output.data) - {STATE} == {"text/html", "text/plain"} and alt == output.data["text/plain"]
        assert b"atplotlib" not in png  # its version differs from machine to machine
    assert STATE in explorer[0].data
    assert set(slider[0].data) == {"text/plain"}
    assert [output.text for output in stream] == ["".join(f"{n}\n" for n in range(300))]
    assert not bar  # what it showed would depend on the clock
