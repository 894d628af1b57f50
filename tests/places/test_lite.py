"""The course in a browser alone: its files, chapters and kernel. Where Pyodide can be reached, a chapter runs whole."""

import json
import urllib.request
from contextlib import suppress

import pytest

import convscope
from lite import LOADED, TARGET
from notebooks import CHAPTERS

PYODIDE = TARGET / "static" / "pyodide"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
SHOW_ALL = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}  # what is out of sight is there too
PATIENCE = 600_000  # ms that a chapter may run

# A notebook, open without a kernel: its cells, the headings of all of them, and whether each picture has pixels.
OPEN = """async path => {
    const preference = { shouldStart: false, canStart: false, autoStartDefault: false };
    const panel = await jupyterapp.commands.execute("docmanager:open", { path, kernelPreference: preference });
    await panel.context.ready;
    await jupyterapp.commands.execute("notebook:expand-all-headings");
    const pictures = [...panel.node.querySelectorAll("img")];
    await Promise.all(pictures.map(each => each.decode().catch(() => null)));
    const found = { cells: panel.content.widgets.length, drawn: pictures.map(each => each.naturalWidth > 0) };
    panel.context.dispose();
    return found;
}"""
READY = """() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """
RUN = """async code => {
    const said = [], { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({ code });
    asked.onIOPub = ({ content }) => said.push(content.text ?? content.evalue ?? "");
    await asked.done;
    return said.join("");
}"""


@pytest.fixture(scope="module")
def lite(address, new_page):
    """Opens JupyterLite with a chapter, or with nothing."""
    opened = []

    def tell(route):
        answer = route.fetch()
        settings = answer.json()
        data = settings["jupyter-config-data"]
        data["exposeAppInBrowser"] = True
        data["settingsOverrides"] = data.get("settingsOverrides", {}) | SHOW_ALL
        route.fulfill(response=answer, json=settings)

    def open_lite(path=""):
        page = new_page(viewport={"width": 1280, "height": 900})
        opened.append(page)
        page.route("**/lite/jupyter-lite.json*", tell)
        page.goto(f"{address}/lite/lab/index.html{path}")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget")
        return page

    yield open_lite
    for page in opened:
        page.context.close()


def settings():
    built = json.loads((TARGET / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    return built["litePluginSettings"][KERNEL]


def test_the_kernel_is_ours_and_loads_the_library():
    assert settings()["loadPyodideOptions"]["packages"] == LOADED
    assert settings()["pyodideUrl"].partition("?")[0] == "./static/pyodide/pyodide.mjs"


def test_what_is_loaded_is_there_or_compiled():
    packages = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    ahead, elsewhere = list(LOADED), set()
    while ahead:
        package = packages[ahead.pop()]
        ahead += package["depends"]
        if package["file_name"].startswith("https://"):
            elsewhere.add(package["name"].lower())
        else:
            assert (PYODIDE / package["file_name"]).is_file()
    assert elsewhere == {"contourpy", "kiwisolver", "matplotlib", "numpy", "pillow"}


def test_each_chapter_opens_with_its_pictures(lite):
    page = lite()
    for chapter in CHAPTERS:
        found = page.evaluate(OPEN, f"notebooks/{chapter.name}")
        assert found["cells"] == len(json.loads(chapter.read_text(encoding="utf-8"))["cells"])
        assert found["drawn"] and all(found["drawn"]), chapter.name


def test_the_kernel_starts_without_a_question_and_has_what_needs_no_numpy(lite):
    page = lite(f"?path=notebooks/{CHAPTERS[0].name}")
    page.wait_for_function(READY)
    code = "import anywidget, ipywidgets, tqdm; from importlib import metadata; print(metadata.version('convscope'))"
    assert page.evaluate(RUN, code) == f"{convscope.__version__}\n"
    assert page.get_by_role("dialog").count() == 0


def can_be_reached(address):
    with suppress(OSError):
        urllib.request.urlopen(address, timeout=10).close()
        return True
    return False


def test_a_chapter_runs_whole(lite):
    numpy = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]["numpy"]["file_name"]
    if not can_be_reached(numpy):
        pytest.skip(f"no way to {numpy}")
    page = lite("?path=notebooks/04-stride-and-padding.ipynb")
    page.set_default_timeout(PATIENCE)
    page.wait_for_function(READY)
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(READY)
    kinds = page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === "code")
            .flatMap(({ model }) => [model.executionCount, ...model.outputs.toJSON().map(each => each.output_type)])"""
    )
    assert None not in kinds and "error" not in kinds
    page.locator(".explorer .written :first-child").first.wait_for(state="attached")
