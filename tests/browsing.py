"""A JupyterLab of the tests' own, and a Chromium that opens notebooks in it.

A test takes the fixture `lab` and says `lab.open("04-stride-and-padding.ipynb", theme="dark")` for a fresh copy of a
chapter, or `lab.scratch("from convscope import …", "…")` for code cells of its own. Then `run_all()`, `cell_errors()`,
`console_errors()`, and all that Playwright's page can do: `notebook.get_by_role("slider").first.press("ArrowRight")`.

A learner's JupyterLab draws nothing that is out of sight: `show(view)` first. And what a key or the pointer does may
take the kernel's answer and a frame to be seen: `settle()` waits for both.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

import browser
from convscope.explore.bundle import as_base64
from environment import OVERRIDES, ROOT, SERVER_CONFIG

PATIENCE = 90  # seconds that a busy machine gets to start a server, to open a notebook, or to show anything
RUN_ALL = 600  # seconds that all cells of a chapter get, for some train networks
TOKEN = "convscope"
expect.set_options(timeout=PATIENCE * 1000)

# A sum is written, or a question.
IS_DRAWN = """view => view.querySelector(".written, .question").textContent !== ''"""
# What the page has told the kernel is answered, and two frames have passed: one to lay out, one to draw.
SETTLE = """async () => {
    for (let frames = 0; frames < 2; frames = window.unanswered?.size ? 0 : frames + 1)
        await new Promise(requestAnimationFrame);
}"""
COUNT_UNANSWERED = """() => {
    window.unanswered = new Set();
    jupyterapp.shell.currentWidget.sessionContext.session.kernel.anyMessage.connect((_, { msg, direction }) => {
        if (direction === "send" && msg.header.msg_type === "comm_msg") unanswered.add(msg.header.msg_id);
        if (msg.content.execution_state === "idle") unanswered.delete(msg.parent_header.msg_id);
    });
}"""


ALIVE = """async ([module, state]) => {
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    const { default: view, mount, revived } = await import(url);
    const place = document.querySelector("main") ?? document.body;
    mount(view.render, place.appendChild(document.createElement("div")), revived(state));
}"""


def bring_to_life(page: Page, *questions) -> None:
    """Put questions on a page, as a site does: by their module and their states, without Python."""
    for question in questions:
        state = json.dumps({"_asked": question._asked, "_said": question._said}, default=as_base64)
        page.evaluate(ALIVE, [question._esm, state])


def patient_page(chromium: Browser, **context) -> Page:
    """An empty page in a context of its own."""
    opened = chromium.new_context(**context)
    opened.set_default_timeout(PATIENCE * 1000)
    return opened.new_page()


class Sight:
    """A page, and what is to be seen on it. Whatever else is asked of it, Playwright's page answers."""

    def __init__(self, page: Page):
        self.page = page
        self._console: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self._console.append(f"{error.name}: {error.message}"))

    def _listen(self, message):
        if message.type == "error":
            self._console.append(f"{message.text} ({message.location['url']})")

    def __getattr__(self, name):
        return getattr(self.page, name)

    def show(self, view: Locator) -> Locator:
        """Scroll a view, or a part of it, into sight and wait until the view is drawn; returns what it was given."""
        view.scroll_into_view_if_needed()
        whole = view.evaluate_handle("part => part.closest('.explorer')")
        self.page.wait_for_function(IS_DRAWN, arg=whole)
        self.settle()
        return view

    def settle(self) -> None:
        """Wait until the kernel has answered all that the page has told it, and what it said is drawn."""
        self.page.evaluate(SETTLE)

    def console_errors(self) -> list[str]:
        """What the browser's console has called an error so far."""
        return list(self._console)


class Notebook(Sight):
    """One notebook, open in JupyterLab."""

    kind = ""  # of window, for a notebook that may be used again

    def hold(self, *cells: str) -> None:
        """Have these code cells, and nothing of those before."""
        self.settle()
        self.page.mouse.move(1, 1)
        self.page.evaluate(
            """sources => {
                const { content } = jupyterapp.shell.currentWidget, notebook = content.model.sharedModel;
                notebook.transact(() => {
                    notebook.deleteCellRange(0, notebook.cells.length);
                    notebook.insertCells(0, sources.map(source => ({ cell_type: "code", source })));
                });
                content.activeCellIndex = 0;
            }""",
            cells,
        )
        self.settle()
        self._console.clear()

    def run_all(self) -> None:
        """Run every cell and wait until the kernel is idle. A cell that raises ends the run."""
        self.page.evaluate(
            """async seconds => {
                const kernel = () => jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const run = async () => {
                    await jupyterapp.commands.execute("notebook:run-all-cells");
                    while (kernel().status !== "idle") await new Promise(next => setTimeout(next, 20));
                };
                const late = new Promise((_, fail) => setTimeout(fail, seconds * 1000, new Error("run_all: too slow")));
                await Promise.race([run(), late]);
            }""",
            RUN_ALL,
        )

    def execute(self, code: str) -> None:
        """Run code in the kernel that is in no cell."""
        reply = self.page.evaluate(
            """async code => {
                const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
                return (await kernel.requestExecute({ code, silent: true, store_history: false }).done).content;
            }""",
            code,
        )
        assert reply["status"] == "ok", reply

    def outputs(self) -> list[list[dict]]:
        """What each code cell has put out, as in the file format."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets
                .filter(cell => cell.model.type === "code").map(cell => cell.model.outputs.toJSON())"""
        )

    def cell_errors(self) -> list[str]:
        """One line for each cell that raised."""
        outputs = itertools.chain.from_iterable(self.outputs())
        return [f"{each['ename']}: {each['evalue']}" for each in outputs if each["output_type"] == "error"]

    def close(self) -> None:
        """Stop the kernel and close the page; a second time does nothing."""
        with suppress(Exception):  # a page or a kernel that is gone already needs no stopping
            self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.context.close()


class Lab:
    """A JupyterLab server with settings and files of its own, and the browser that looks at it."""

    def __init__(self, folder: Path, new_page: Callable[..., Page]):
        self.folder, self.new_page = folder, new_page
        self.opened: list[Notebook] = []
        self.idle: dict[str, list[Notebook]] = defaultdict(list)
        self.places = itertools.count()
        settings = json.loads(OVERRIDES.read_text())
        settings["@jupyterlab/apputils-extension:themes"] = {"adaptive-theme": True}  # the browser's colour scheme
        (folder / "overrides.json").write_text(json.dumps(settings))
        options = {
            "IdentityProvider.token": TOKEN,
            "LabApp.app_settings_dir": folder,
            "LabApp.expose_app_in_browser": True,
            "ServerApp.allow_root": True,
            "ServerApp.config_file": SERVER_CONFIG,
            "ServerApp.open_browser": False,
            "ServerApp.port": 0,  # any that is free, which the server then tells
            "ServerApp.root_dir": folder,
        }
        own = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
        with open(folder / "server.log", "w") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
                env=os.environ | own | {"IPYTHONDIR": str(folder / "ipython")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.server.poll() is None:
            with suppress(OSError, ValueError):  # its file is not there, or not yet whole; or it does not listen
                [told] = (self.folder / "JUPYTER_RUNTIME_DIR").glob("jpserver-*.json")
                self.address = f"http://127.0.0.1:{json.loads(told.read_text())['port']}"
                urllib.request.urlopen(f"{self.address}/api/status?token={TOKEN}", timeout=5).close()
                return
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"JupyterLab did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}")

    def open(self, name: str, *, theme="light", width=1280, height=900, **context) -> Notebook:
        """Open a fresh copy of notebooks/`name`. `context` is for Playwright's new_context: reduced_motion="reduce"."""
        return self._open(self._course() / name, theme, width, height, context)

    def scratch(self, *cells: str, theme="light", width=1280, height=900, **context) -> Notebook:
        """A notebook of these code cells, beside the chapters. One that a test has done with is used again."""
        kind = repr((theme, width, height, context))
        if self.idle[kind]:
            notebook = self.idle[kind].pop()
            self.opened.append(notebook)
        else:
            path = self._course() / "scratch.ipynb"
            new = nbformat.v4.new_notebook()
            new.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
            nbformat.write(new, path)
            notebook = self._open(path, theme, width, height, context)
            notebook.kind = kind
        notebook.hold(*cells)
        return notebook

    def put_away(self, notebook: Notebook, well: bool) -> None:
        """Close a notebook, or keep it for another test: with its kernel, for both take seconds to start.

        One is closed that a test failed with, or has loaded again.
        """
        self.opened.remove(notebook)
        if well and notebook.kind and notebook.evaluate("() => window.unanswered !== undefined"):
            notebook.hold("")
            self.idle[notebook.kind].append(notebook)
        else:
            notebook.close()

    def _course(self) -> Path:
        """A copy of the chapters with a path of its own, for that is what JupyterLab gives a kernel to."""
        place = self.folder / f"course-{next(self.places)}"
        for folder in ("notebooks", "images"):
            if (ROOT / folder).is_dir():
                shutil.copytree(ROOT / folder, place / folder)
        return place / "notebooks"

    def _open(self, path, theme, width, height, context) -> Notebook:
        page = self.new_page(color_scheme=theme, viewport={"width": width, "height": height}, **context)
        notebook = Notebook(page)
        self.opened.append(notebook)
        place = path.relative_to(self.folder).as_posix()
        page.goto(f"{self.address}/lab/workspaces/{place.partition('/')[0]}/tree/{place}?token={TOKEN}")
        page.wait_for_function(
            """place => {
                const panel = window.jupyterapp?.shell.currentWidget;
                return panel?.context?.path === place && panel.sessionContext.session?.kernel?.status === "idle";
            }""",
            arg=place,
        )
        page.evaluate(COUNT_UNANSWERED)
        if width < 900:
            page.evaluate("() => jupyterapp.shell.collapseLeft()")  # the file browser would take all the room
            expect(page.locator("#jp-left-stack")).to_be_hidden()
        return notebook

    def stop(self) -> None:
        self.server.terminate()
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.server.kill()


@pytest.fixture(scope="session")
def chromium():
    """A Chromium with scroll bars, as people have it."""
    path = browser.find()
    if path is None:
        pytest.fail("No Chromium starts here. `make test` finds or installs one.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=path, args=browser.FLAGS, ignore_default_args=["--hide-scrollbars"]
        )


@pytest.fixture(scope="session")
def new_page(chromium):
    """Opens an empty page in it: new_page(viewport=…, color_scheme=…)."""
    return partial(patient_page, chromium)


@pytest.fixture
def open_page(new_page):
    """Opens an empty page that is closed with the test."""
    opened = []

    def open_sight(**context):
        opened.append(Sight(new_page(**context)))
        return opened[-1]

    yield open_sight
    for sight in opened:
        sight.context.close()


@pytest.fixture(scope="session")
def lab(new_page, tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"), new_page)
    yield lab
    for notebook in itertools.chain(lab.opened, *lab.idle.values()):
        notebook.close()
    lab.stop()


@pytest.fixture(autouse=True)
def put_away_what_was_opened(request):
    """A notebook is done with when the test that opened it is; one that a wider fixture opened stays."""
    if "lab" not in request.fixturenames:  # a page needs no server
        yield
        return
    lab = request.getfixturevalue("lab")
    before, failed = len(lab.opened), request.session.testsfailed
    yield
    for notebook in lab.opened[before:]:
        lab.put_away(notebook, well=request.session.testsfailed == failed)


@pytest.fixture(scope="session")
def idle_pages():
    """Pages that tests have done with, and their problems, by the context of the page: a new one takes a while."""
    return defaultdict(list)


def watched_page(chromium, **context):
    """An empty page, and a list of what goes wrong on it: errors, and whatever is fetched."""
    page, problems = patient_page(chromium, **context), []
    page.on("pageerror", lambda error: problems.append(str(error.stack)))
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("request", lambda asked: asked.url.startswith(("file:", "blob:")) or problems.append(asked.url))
    return page, problems


@pytest.fixture
def open_explorer(chromium, idle_pages, tmp_path):
    """Opens its page from disk: open_explorer(Shown, explorer, width=…, theme=…). Nothing may be fetched or fail."""
    opened = []

    def open_one(kind, explorer, width=1000, height=900, theme="light", **context):
        context |= {"viewport": {"width": width, "height": height}, "color_scheme": theme}
        idle = idle_pages[repr(context)]
        page, problems = idle.pop() if idle else watched_page(chromium, **context)
        opened.append((page, problems, idle))
        page.emulate_media(color_scheme=theme, media="screen")  # a test before may have changed it, and the size
        page.set_viewport_size(context["viewport"])
        file = tmp_path / f"page-{len(opened)}.html"
        file.write_text(explorer.page(), encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_function("width => innerWidth === width", arg=width)  # which comes later than the page, at times
        return kind(page).settle()

    yield open_one
    for page, problems, idle in opened:
        assert problems == []
        page.mouse.move(0, 0)
        page.goto("about:blank")
        idle.append((page, problems))


@pytest.fixture
def open_notebook(lab):
    """Runs cells in a notebook: open_notebook(Shown, *cells) gives it and the explorer in it."""

    def open_one(kind, *cells, **how):
        notebook = lab.scratch(*cells, **how)
        notebook.run_all()
        assert notebook.cell_errors() == []
        return notebook, kind(notebook.page)

    return open_one
