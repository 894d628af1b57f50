"""The course's server saves a notebook so that it shows its pictures again, and changes nothing else in any file."""

import copy
import json
import runpy
import subprocess
import sys

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from traitlets.config import Config

from environment import OVERRIDES, ROOT, SERVER_CONFIG
from notebooks import DEAD_WITHOUT_KERNEL as VIEW

PNG, SVG, HTML, TEXT = "image/png", "image/svg+xml", "text/html", "text/plain"


@pytest.fixture
def save(tmp_path):
    """A function that saves a model as the course's server does, and gives what the file then holds."""
    config = Config()
    runpy.run_path(str(SERVER_CONFIG), init_globals={"c": config})
    server = LargeFileManager(root_dir=str(tmp_path), config=config)

    def saved(model, name="file.ipynb"):
        server.save(copy.deepcopy(model), name)
        return (tmp_path / name).read_text(encoding="utf-8")

    return saved


def notebook(*outputs):
    """The model of a notebook whose one code cell has put those out."""
    cells = [nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("1", outputs=list(outputs))]
    metadata = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}}
    return {"type": "notebook", "content": nbformat.v4.new_notebook(cells=cells, metadata=metadata)}


def shown(*kinds):
    view = {"model_id": "12", "version_major": 2, "version_minor": 0}
    data = {kind: view if kind == VIEW else "shown" for kind in kinds}
    return nbformat.v4.new_output("display_data", data, metadata={PNG: {"alt": "a cat"}})


@pytest.mark.parametrize("still", [PNG, SVG, HTML])
def test_a_live_view_goes_where_something_stands_beside_it(still, save):
    content = nbformat.reads(save(notebook(shown(VIEW, still, TEXT))), as_version=4)
    expected = notebook(shown(still, TEXT))["content"]
    for cell, like in zip(content.cells, expected.cells, strict=True):
        like.id = cell.id
    assert content == expected


def test_what_stands_alone_stays(save):
    alone = [shown(VIEW), shown(VIEW, TEXT), shown(PNG, TEXT), nbformat.v4.new_output("stream", text="said")]
    alone.append(nbformat.v4.new_output("error", ename="E", evalue="", traceback=[]))
    model = notebook(*alone)
    assert nbformat.reads(save(model), as_version=4) == model["content"]


def test_older_notebooks_and_other_files_are_saved_as_they_are(save):
    cell = nbformat.v3.new_code_cell("1", outputs=[nbformat.v3.new_output("pyout", output_png="shown")])
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[cell])])
    assert nbformat.reads(save({"type": "notebook", "content": old}), as_version=3).worksheets[0].cells == [cell]
    text = json.dumps({"cells": [{"outputs": [{"data": {VIEW: {}, PNG: ""}}]}]})
    assert save({"type": "file", "format": "text", "content": text}, "file.json") == text
    assert save({"type": "file", "format": "text", "content": text, "chunk": 1}, "large.json") == text


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs Linux")
def test_binder_gets_the_settings_and_the_hook(tmp_path, monkeypatch):
    monkeypatch.setenv("NB_PYTHON_PREFIX", str(tmp_path))
    subprocess.run([ROOT / "postBuild"], cwd=ROOT, check=True)
    (settings,) = tmp_path.glob("share/jupyter/lab/settings/*")
    (server,) = tmp_path.glob("etc/jupyter/*")
    assert (settings.name, settings.read_bytes()) == ("overrides.json", OVERRIDES.read_bytes())
    assert (server.name, server.read_bytes()) == ("jupyter_server_config.py", SERVER_CONFIG.read_bytes())
