"""Every chapter in an environment like Colab's, with its packages and a stand-in for google.colab.

Colab is a service, so its page cannot be here. Its kernel can: the set-up cell installs the library from what the tree
holds now, the chapters run, and explorers are displayed and driven as Colab's page displays and drives them.
"""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

import links
from convscope.explore.bundle import STATE
from environment import ROOT
from notebooks import CHAPTERS, DEAD_WITHOUT_KERNEL, TIMEOUT

PACKAGES = ["numpy==2.0.2", "matplotlib==3.10.0", "ipywidgets==7.7.1", "pillow==11.3.0"]
PACKAGES += ["ipython==7.34.0", "ipykernel==6.17.1", "traitlets==5.7.1"]

# What Colab's kernel does when somebody has custom widgets: it says to the page where their manager is.
OUTPUT = f"""
from IPython import get_ipython


def enable_custom_widget_manager():
    def tell(message):
        if {DEAD_WITHOUT_KERNEL!r} in message["content"]["data"]:
            message["content"]["metadata"][{DEAD_WITHOUT_KERNEL!r}] = {{"colab": {{"custom_widget_manager": {{}}}}}}
        return message

    get_ipython().display_pub.register_hook(tell)
"""
LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]

# As a page does when a hand moves a control: a message to the explorer, which answers with all that it now is.
DRIVE = """
import itertools

import numpy as np
from ipywidgets import Widget

from convscope import ConvolutionExplorer, conv2d
from convscope.explore.explorer import Explorer


def tell(explorer, serial, **told):
    update = {"method": "update", "state": {"_told": {"view": "page", "serial": serial} | told}, "buffer_paths": []}
    explorer.comm.handle_msg({"content": {"comm_id": explorer.model_id, "data": update}, "buffers": []})
    assert (explorer._said["view"], explorer._said["answers"]) == ("page", serial)
    return explorer._said


def drive(explorer):
    whole, moved = [name for name, value in explorer.state.settings.items() if type(value) is int], 0
    for serial, (name, step) in enumerate(itertools.product(whole, (1, -1)), start=1):
        now = explorer.state.settings
        said = tell(explorer, serial, settings=now | {name: now[name] + step}, mine=[name])
        then = explorer.state.settings
        assert said["settings"][name] == then[name]
        moved += then[name] != now[name]
    assert moved or not whole, explorer


def train(explorer):
    assert tell(explorer, 1, act="reset", changes={})["steps"] == 0
    assert tell(explorer, 2, act="train", changes={})["steps"] > 0


for shown in map(Widget.widgets.get, SHOWN):
    drive(shown) if isinstance(shown, Explorer) else train(shown)
explorer = ConvolutionExplorer("kitten", "Sobel x", stride=2)
map_of_ops = conv2d(explorer.image, explorer.kernel, stride=2, padding=explorer.padding)
assert np.allclose(explorer.output, map_of_ops, atol=1e-5)
"""


@pytest.fixture(scope="module")
def colab(new_python, tmp_path_factory):
    """A folder with a kernel in an environment that has not the library yet, and with the stand-in."""
    python = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which("python3.11")
    if python is None:
        pytest.skip("Colab's packages of this test are for Python 3.11, and there is none here.")
    kernel = {"argv": [new_python(*PACKAGES, made_by=python), *LAUNCH], "display_name": "Colab", "language": "python"}
    folder = tmp_path_factory.mktemp("colab")
    for name, text in {
        "kernels/colab/kernel.json": json.dumps(kernel),
        "stand-in/google/colab/__init__.py": "",
        "stand-in/google/colab/output.py": OUTPUT,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def surroundings(colab):
    """The variables of a Colab kernel: git finds the release here, with what the tree holds now."""
    repository, me = colab / "repository", ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    git = ["git", *me, f"--git-dir={repository}", f"--work-tree={ROOT}"]
    commands = [["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "now"], ["tag", f"v{links.version()}"]]
    for command in commands:
        subprocess.run([*git, *command], check=True, cwd=ROOT)
    instead = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf"}
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MPLCONFIGDIR")}
    return kept | instead | {"GIT_CONFIG_VALUE_0": links.address(), "PYTHONPATH": str(colab / "stand-in")}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_chapter_runs_and_its_explorers_are_driven(colab, surroundings, chapter, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(colab))
    notebook = nbformat.read(chapter, as_version=4)
    first = nbformat.v4.new_code_cell("import google.colab.output")
    notebook.cells = [first, *(cell for cell in notebook.cells if cell.cell_type == "code")]
    place = colab / chapter.stem
    place.mkdir()
    options = {"timeout": TIMEOUT, "startup_timeout": TIMEOUT, "resources": {"metadata": {"path": str(place)}}}
    client = NotebookClient(notebook, kernel_name="colab", **options)
    with client.setup_kernel(env=surroundings):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        outputs = [output for cell in notebook.cells for output in cell.outputs]
        assert not [output.text for output in outputs if output.get("name") == "stderr"]
        shown = [output for output in outputs if DEAD_WITHOUT_KERNEL in output.get("data", {})]
        assert shown and all("colab" in output.metadata[DEAD_WITHOUT_KERNEL] for output in shown)
        explorers = [output.data for output in shown if "settings" in output.data.get(STATE, {}).get("_said", {})]
        ids = [data[DEAD_WITHOUT_KERNEL]["model_id"] for data in explorers]
        notebook.cells.append(nbformat.v4.new_code_cell(f"SHOWN = {ids}\n{DRIVE}"))
        client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
