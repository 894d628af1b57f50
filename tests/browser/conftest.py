"""A JupyterLab of the tests' own, and a Chromium that opens notebooks in it.

A test takes the fixture `lab` and says `lab.open("04-stride-and-padding.ipynb", theme="dark")` for a fresh copy of a
chapter, or `lab.scratch("from convscope import …", "…")` for code cells of its own. Then `run_all()`, `cell_errors()`,
`console_errors()`, and all that Playwright's page can do: `notebook.get_by_role("slider").first.press("ArrowRight")`.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import browser
from environment import OVERRIDES, ROOT, SERVER_CONFIG

START_UP = 90  # seconds that a busy machine gets to start a server or open a notebook
RUN_ALL = 180  # seconds that all cells of a chapter get
TOKEN = "convscope"


class Notebook:
    """One notebook, open in JupyterLab. Whatever else is asked of it, Playwright's page answers."""

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

    def console_errors(self) -> list[str]:
        """What the browser's console has called an error so far."""
        return list(self._console)

    def close(self) -> None:
        """Stop the kernel and close the page; a second time does nothing."""
        with suppress(Exception):  # a page or a kernel that is gone already needs no stopping
            self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.context.close()


class Lab:
    """A JupyterLab server with settings and files of its own, and the browser that looks at it."""

    def __init__(self, folder: Path, chromium: Browser):
        self.folder, self.chromium = folder, chromium
        self.opened: list[Notebook] = []
        self.places = itertools.count()
        settings = json.loads(OVERRIDES.read_text())
        # The browser's colour scheme picks the theme. Every output exists, scrolled to or not.
        settings["@jupyterlab/apputils-extension:themes"] = {"adaptive-theme": True}
        settings["@jupyterlab/notebook-extension:tracker"] = {"windowingMode": "none"}
        (folder / "overrides.json").write_text(json.dumps(settings))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        options = {
            "IdentityProvider.token": TOKEN,
            "LabApp.app_settings_dir": folder,
            "LabApp.expose_app_in_browser": True,
            "ServerApp.allow_root": True,
            "ServerApp.config_file": SERVER_CONFIG,
            "ServerApp.open_browser": False,
            "ServerApp.port": port,
            "ServerApp.port_retries": 0,
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
        deadline = time.monotonic() + START_UP
        while time.monotonic() < deadline and self.server.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.address}/api/status?token={TOKEN}", timeout=5).close()
                return
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"JupyterLab did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}")

    def open(self, name: str, *, theme="light", width=1280, height=900, **context) -> Notebook:
        """Open a fresh copy of notebooks/`name`. `context` is for Playwright's new_context: reduced_motion="reduce"."""
        return self._open(self._course() / name, theme, width, height, context)

    def scratch(self, *cells: str, theme="light", width=1280, height=900, **context) -> Notebook:
        """Open a new notebook with these code cells, beside the chapters."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        path = self._course() / "scratch.ipynb"
        nbformat.write(notebook, path)
        return self._open(path, theme, width, height, context)

    def _course(self) -> Path:
        """A copy of the chapters with a path of its own, for that is what JupyterLab gives a kernel to."""
        place = self.folder / f"course-{next(self.places)}"
        for folder in ("notebooks", "images"):
            if (ROOT / folder).is_dir():
                shutil.copytree(ROOT / folder, place / folder)
        return place / "notebooks"

    def _open(self, path, theme, width, height, context) -> Notebook:
        size = {"width": width, "height": height}
        page = self.chromium.new_context(color_scheme=theme, viewport=size, **context).new_page()
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
            timeout=START_UP * 1000,
        )
        return notebook

    def stop(self) -> None:
        self.server.terminate()
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.server.kill()


@pytest.fixture(scope="session")
def chromium():
    path = browser.find()
    if path is None:
        pytest.fail("No Chromium starts here. `make test` finds or installs one.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=browser.FLAGS)


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"), chromium)
    yield lab
    for notebook in lab.opened:
        notebook.close()
    lab.stop()


@pytest.fixture(autouse=True)
def close_what_was_opened(lab):
    """Close each notebook with the test that opened it; one that a wider fixture opened stays."""
    before = len(lab.opened)
    yield
    for notebook in lab.opened[before:]:
        notebook.close()
