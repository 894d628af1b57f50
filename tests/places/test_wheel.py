"""What is released: a wheel and an sdist that hold all they need, installed alone and driven."""

import subprocess
import tarfile
import zipfile

import pytest
from playwright.sync_api import expect

import convscope
from environment import ROOT

# All that stands beside the modules, far from the tree: data, answers, refusals, limits and JavaScript.
DRIVE = """
import sys
from pathlib import Path

import numpy as np

import convscope
from convscope import ConvolutionExplorer, Predict, StateError, conv2d, datasets, explore, ready

assert "site-packages" in convscope.__file__, convscope.__file__
assert ready.report().startswith("Everything is in place"), ready.report()
assert len(datasets.digits()[0]) and datasets.measured("05", "heads_24_epochs")
assert Predict("?", ["17 × 47", "34 × 94"], key="00 map at stride 2").answer == "17 × 47"
explorer = ConvolutionExplorer("kitten", "Sobel x")
explorer.stride = 2
map_of_ops = conv2d(explorer.image, explorer.kernel, stride=2, padding=explorer.padding)
assert np.allclose(explorer.output, map_of_ops, atol=1e-5)
explorer.figure()
try:
    explorer.stride = 0
except StateError as refusal:
    assert "from 1 to 4" in str(refusal)
for name in explore.__all__:
    kind = getattr(explore, name)
    try:
        made = kind()
    except TypeError:  # it needs more than its name
        continue
    if hasattr(made, "page"):
        Path(sys.argv[1], f"{name}.html").write_text(made.page(), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def built(new_python, tmp_path_factory):
    """The folder of both, built as the release builds them: the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([new_python("uv"), "-m", "uv", "build", "--quiet", "--out-dir", folder, ROOT], check=True)
    return folder


def test_the_wheel_is_the_library_whole(built):
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"convscope-{convscope.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "convscope"]
    assert packed == set(subprocess.check_output(command, cwd=ROOT / "lib", text=True).split())


def test_the_sdist_holds_what_the_wheel_is_made_of_and_no_more(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    beside = {name for name in names if not name.startswith("lib/")}
    assert beside == {".gitignore", "CHANGELOG.md", "CITATION.cff", "LICENSE", "PKG-INFO", "pyproject.toml"}


def test_the_wheel_alone_answers_and_its_pages_live(built, new_python, open_page, tmp_path):
    python = new_python(*built.glob("*.whl"))
    subprocess.run([python, "-I", "-c", DRIVE, tmp_path], cwd=tmp_path, check=True)
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) >= 7
    for page in pages:
        sight = open_page()
        sight.goto(page.as_uri())
        sight.locator(".explorer .written :first-child").first.wait_for(state="attached")
        assert sight.console_errors() == []
    sight = open_page()
    sight.goto((tmp_path / "ConvolutionExplorer.html").as_uri())
    code = sight.locator(".explorer pre")
    before = code.text_content()
    sight.get_by_role("slider", name="kernel size", exact=True).press("ArrowRight")
    expect(code).not_to_have_text(before)
