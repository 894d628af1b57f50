"""The files that describe the project agree with one another, and its tools say what to do when they cannot work."""

import ast
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

import browser
import convscope
import environment
import links
import lint
from environment import LOCK, ROOT
from pinned import LOCKED, is_locked, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ["3.11.0", "3.12.9", "3.13.5", "3.14.2"]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("stated", PROJECT["dependencies"] + EXTRAS["lab"] + EXTRAS["test"])
def test_the_lock_pins_one_version_of_each_dependency_in_its_range(stated, python):
    need = Requirement(stated)
    if need.name == PROJECT["name"]:
        return
    (pin,) = pins(need.name, python)
    assert need.specifier.contains(pin)


def test_the_lock_holds_versions_only_and_leaves_torch_out():
    for one in LOCKED:
        assert one.url is None and not one.extras and [each.operator for each in one.specifier] == ["=="], one
    assert "torch" not in {one.name for one in LOCKED}
    assert not re.search(r"--|://|sha256", LOCK.read_text(encoding="utf-8"))


def test_each_dependency_has_an_oldest_version():
    for stated in [*PROJECT["dependencies"], *sum(EXTRAS.values(), [])]:
        need = Requirement(stated)
        assert need.name == PROJECT["name"] or {each.operator for each in need.specifier} <= {">=", "=="}, stated
        assert need.name == PROJECT["name"] or need.specifier, stated


def test_conda_and_binder_take_what_pyproject_states_and_the_lock_pins():
    python, pip, rest = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert rest == {"pip": ["-c constraints.txt", "-e .[lab]"]}
    assert pip == "pip"
    assert PROJECT["requires-python"] == ">=3.11" and re.fullmatch(r"python=3\.1[1-9]", python)
    assert environment.OLDEST == (3, 11)


def test_the_installed_package_is_this_one():
    assert importlib.metadata.version("convscope") == convscope.__version__


def test_every_link_points_at_the_public_address():
    assert [str(file) for file in links.stale()] == [], "`make links` mends them"


def test_links_are_rewritten_wherever_they_stand():
    def text(name):
        return (
            f'%pip install -q \\"convscope @ git+https://github.com/{name}\\"\\n'
            f"[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{name}/HEAD?urlpath=lab)"
            f"(https://colab.research.google.com/github/{name}/blob/main/notebooks/00-start-here.ipynb)"
            f"(https://github.com/{name}/actions/workflows/test.yml/badge.svg) git clone https://github.com/{name}\n"
            "and not https://github.com/jupyterlab/jupyterlab"
        )

    assert links.relinked(text("old/name"), "https://github.com/new.owner/a-name") == text("new.owner/a-name")
    with pytest.raises(SystemExit, match="owner/name"):
        links.relinked("", "https://example.org")


@pytest.mark.skipif(not is_locked("ruff"), reason="another ruff, with other opinions")
def test_the_code_is_in_style(capfd):
    assert lint.lint(), "`make format` mends most of it"


def test_ci_runs_what_a_newcomer_runs():
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "make test"
    assert os.name == "nt" or os.access(script, os.X_OK)


def test_workflows_pin_each_action_by_commit_and_may_only_read():
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for action in re.findall(r"uses: (.*)", text):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*", action), action
        assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_help_lists_every_target():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.findall(r"^make (\w+) +\S", listed, re.MULTILINE) == phony.split()


def tool(name, *arguments, **changes):
    """Run a tool as a user would, with another Python than the project's own."""
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, str(ROOT / "tools" / f"{name}.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | changes)


@pytest.mark.parametrize("port", ["0", "65536", "eighty", ""])
def test_a_port_that_cannot_be_is_refused_in_a_sentence(port):
    done = tool("lab", "--port", port)
    assert done.returncode != 0 and "a port is a whole number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = tool("lab", "--port", str(port))
    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr and f"make lab PORT={port + 1}" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own there")
def test_an_environment_behind_a_link_is_entered_once(monkeypatch, tmp_path):
    (tmp_path / ".venv").symlink_to(sys.prefix)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "install", lambda extra: None)
    monkeypatch.setattr(os, "execv", lambda *command: pytest.fail("entered again"))
    environment.enter("test")


def test_rivals_of_a_benchmark_run_first_by_turns(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "bench")
    import paired

    ran = []
    paired.ratio(lambda: ran.append("ours"), lambda: ran.append("theirs"), rounds=3)
    assert ran[2:] == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


@pytest.mark.parametrize("newer, advice", [("python3.13", "PYTHON=python3.13$"), (None, "from python.org")])
def test_an_old_python_is_told_where_a_newer_one_is(monkeypatch, newer, advice):
    monkeypatch.setattr(sys, "version_info", (3, 9, 6))
    monkeypatch.setattr(environment, "runs", lambda python, modules: python == newer)
    with pytest.raises(SystemExit, match=rf"needs Python 3\.11 or newer; this is .*3\.9\)\. .*{advice}"):
        environment.check_python()


def test_a_python_that_cannot_make_environments_is_told_how_to_mend_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="cannot make virtual environments.*apt install python3-venv"):
        environment.check_python()


@pytest.mark.parametrize("file", sorted((ROOT / "tools").glob("*.py")), ids=lambda file: file.stem)
def test_an_old_python_can_read_the_tools_far_enough_to_be_told(file):
    if file.stem != "browser":  # which only the project's own Python imports
        ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_chromium_that_does_not_start_is_told_with_the_way_out():
    program = "import browser; browser.install = lambda: None; browser.found()"
    place = {"cwd": ROOT / "tools", "env": os.environ | {"CHROMIUM": sys.executable}}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, **place)
    assert done.returncode != 0
    assert re.fullmatch(r"The browser tests need Chromium or Chrome\. .*CHROMIUM=.*\n", done.stderr)


def test_a_command_that_fails_or_hangs_is_told_and_not_fatal(capfd):
    browser.attempt(sys.executable, "-c", "raise SystemExit('no network')", seconds=60)
    browser.attempt(sys.executable, "-c", "import time; time.sleep(60)", seconds=1)
    said = capfd.readouterr().out
    assert "no network" in said and "took more than 1 seconds" in said
