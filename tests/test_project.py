"""The files that describe the project agree with one another, and its tools say what to do when they cannot work."""

import ast
import importlib.metadata
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import tomllib
from functools import partial
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import browser
import convscope
import environment
import lab
import links
import lint
from environment import LOCK, ROOT
from pinned import LOCKED, is_locked, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
STATED = [*PROJECT["dependencies"], *(need for extra in EXTRAS if extra != "bench" for need in EXTRAS[extra])]
PYTHONS = ["3.11.0", "3.12.9", "3.13.5", "3.14.2"]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("stated", STATED)
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
    assert pip == "pip" and rest["pip"][:2] == ["-c constraints.txt", "-e ."]
    stated = {Requirement(each).name for each in PROJECT["dependencies"] + EXTRAS["lab"] + EXTRAS["conda"]}
    assert rest["pip"][2:] == sorted(stated - {PROJECT["name"]})
    assert PROJECT["requires-python"] == ">=3.11" and re.fullmatch(r"python=3\.1[1-9]", python)
    assert environment.OLDEST == (3, 11)


def test_the_installed_package_is_this_one():
    assert importlib.metadata.version("convscope") == convscope.__version__


def test_every_link_points_at_the_public_address():
    assert [str(file) for file in links.stale()] == [], "`make links` mends them"


def test_links_are_rewritten_wherever_they_stand():
    def text(name, installed, release, binder):
        return (
            f'%pip install -q \\"convscope @ git+https://github.com/{name}{installed}\\"\\n'
            f"[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{name}/{binder}?labpath=a.ipynb)"
            f"(https://colab.research.google.com/github/{name}/blob/{release}/notebooks/00-start-here.ipynb)"
            f"(https://github.com/{name}/actions/workflows/test.yml/badge.svg) git clone https://github.com/{name}\n"
            f"(https://{name.replace('/', '.github.io/')}/explorers.html)"
            "and not https://github.com/jupyterlab/jupyterlab"
        )

    new = text("new.owner/a-name", "@v1.2.0", "v1.2.0", "v1.2.0")
    for old in (
        text("old/name", "", "main", "HEAD"),
        text("old/name", "@v1.1.0.dev0", "v1.1.0.dev0", "v1.1.0.dev0"),
        new,
    ):
        assert links.relinked(old, "https://github.com/new.owner/a-name", "1.2.0") == new
    with pytest.raises(SystemExit, match="owner/name"):
        links.relinked("", "https://example.org", "1.2.0")


def test_the_release_is_stated_once_and_told_everywhere():
    assert links.version() == convscope.__version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["repository-code"]) == (links.version(), links.address())
    assert citation["license"] == PROJECT["license"] and citation["cff-version"] == "1.2.0"
    newest, *_ = re.findall(r"^## (.*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest == links.version()


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


BY_MAKE = {"MAKELEVEL": "1"}


def tool(name, *arguments, **changes):
    """Run a tool as a user would, with another Python than the project's own."""
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, str(ROOT / "tools" / f"{name}.py"), *arguments]
    env = {each: value for each, value in os.environ.items() if not each.startswith("MAKE")} | changes
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)


def started(program, *arguments):
    """A Python that runs a program beside the tools, in a process group of its own: what it says can be read."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    # a shell has what it runs in the background ignore Ctrl-C, and that is inherited
    heed = None if os.name == "nt" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, cwd=ROOT / "tools", text=True, start_new_session=True, preexec_fn=heed, **pipes)


@pytest.mark.parametrize("port", ["0", "65536", "eighty", ""])
def test_a_port_that_cannot_be_is_refused_in_a_sentence(port):
    done = tool("lab", "--port", port)
    assert done.returncode != 0 and "a port is a whole number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_with_the_way_out_that_can_be_typed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        by_make, without = tool("lab", "--port", str(port), **BY_MAKE), tool("lab", "--port", str(port))
    for done in (by_make, without):
        assert done.returncode != 0 and f"Port {port} is taken" in done.stderr
    assert by_make.stderr.endswith(f": make lab PORT={port + 1}\n")
    assert re.search(rf": py\S* \S*lab\.py --port {port + 1}$", without.stderr)


def test_a_forbidden_port_is_not_called_taken(monkeypatch):
    def bind(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(SystemExit, match=r"Port 80 cannot be used \(Permission denied\)\. .* (PORT=|--port )8888$"):
        lab.check_free(80)


# What people have set for other work, and what each would do to the course.
FOREIGN = {
    "IPYTHONDIR": "start-up files in every kernel",
    "JUPYTER_CONFIG_PATH": "another server's settings",
    "JUPYTER_TOKEN": "no address is printed",
    "MATPLOTLIBRC": "other pictures",
    "MPLBACKEND": "no pictures",
    "PIP_PREFIX": "packages beside .venv",
    "PIP_TARGET": "packages beside .venv",
    "PIP_USER": "pip refuses",
    "PYTHONHOME": "another Python's library",
    "PYTHONPATH": "another Python's packages",
}


def entered(monkeypatch, there=sys.prefix, extra="test", **variables):
    """The environment in which a tool goes on, and the commands as which it does."""
    became = []
    monkeypatch.setattr(os, "environ", os.environ | variables)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(environment, "VENV", Path(there))
    monkeypatch.setattr(environment, "install", lambda *_: None)
    monkeypatch.setattr(environment, "become", lambda *command: became.append(command))
    environment.enter(extra)
    return os.environ, became


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_set_for_other_work_does_not_get_in(name, monkeypatch):
    entered(monkeypatch)
    inside, became = entered(monkeypatch, **{name: "theirs"})
    assert inside.get(name) != "theirs"
    is_ours = name in environment.own_settings(environment.VENV)
    assert len(became) == (not is_ours)  # what this process has read already it cannot forget
    assert entered(monkeypatch)[1] == []  # once is enough


def test_pip_keeps_its_mirror(monkeypatch):
    mirror = {"PIP_CONFIG_FILE": "pip.conf", "PIP_INDEX_URL": "https://mirror.example.org", "PIP_CERT": "mirror.pem"}
    assert mirror.items() <= entered(monkeypatch, **mirror)[0].items()


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own there")
def test_an_environment_behind_a_link_is_entered_once(monkeypatch, tmp_path):
    (tmp_path / ".venv").symlink_to(sys.prefix)
    entered(monkeypatch)
    assert entered(monkeypatch, there=tmp_path / ".venv")[1] == []
    assert entered(monkeypatch, there=tmp_path)[1] == [(str(environment.python_in(tmp_path)), *sys.argv)]


def test_the_web_site_is_built_in_an_environment_of_its_own(monkeypatch):
    inside, became = entered(monkeypatch, extra="site")
    assert became == [(str(environment.python_in(environment.SITE_VENV)), *sys.argv)]
    assert inside["IPYTHONDIR"].startswith(str(environment.SITE_VENV))


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_an_installation_in_a_sentence():
    waits = "print('installing', flush=True); input()"
    program = "import sys, environment as e; sys.excepthook = e.tell; e.run(sys.executable, '-c', sys.argv[1])"
    tool = started(program, waits)
    assert tool.stdout.readline() == "installing\n"
    os.killpg(tool.pid, signal.SIGINT)
    out, err = tool.communicate(timeout=60)
    assert (out, err) == ("", "\nStopped. The same command, given again, goes on.\n") and tool.returncode != 0


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
def test_where_there_is_no_exec_a_tool_outlives_ctrl_c_until_the_program_has_stopped():
    server = """
        try: print("up", flush=True); input()
        except KeyboardInterrupt: print("stopping", flush=True); sys.stdin.readline(); sys.exit(7)
    """
    program = "import os, sys, environment; os.name = 'nt'; environment.become(sys.executable, '-c', sys.argv[1])"
    tool = started(program, "import sys\n" + textwrap.dedent(server))
    assert tool.stdout.readline() == "up\n"
    os.killpg(tool.pid, signal.SIGINT)
    assert tool.stdout.readline() == "stopping\n"
    assert tool.communicate("now\n", timeout=60)[1] == "" and tool.returncode == 7


def test_two_runs_do_not_set_up_the_environment_at_once(tmp_path):
    program = """
        import sys, environment
        from pathlib import Path
        with environment.alone(Path(sys.argv[1])): print("alone", flush=True); input()
    """
    program = textwrap.dedent(program)
    first = started(program, tmp_path / ".venv")
    assert first.stdout.readline() == "alone\n"
    second = started(program, tmp_path / ".venv")
    assert second.stdout.readline() == "Another run is setting up .venv: waiting for it ...\n"
    first.kill()
    assert second.stdout.readline() == "alone\n"
    assert second.communicate("\n", timeout=60) == ("", "")
    first.communicate()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    with pytest.raises(SystemExit, match="cannot write there"), environment.alone(tmp_path / "nowhere" / ".venv"):
        pass


@pytest.mark.parametrize(
    ("found", "flags", "said"),
    [
        (environment.HERE, "", ""),
        ("3.99", "", ""),
        (environment.HERE, " -- PYTHON=python3", ""),
        ("3.99", " -- PORT=8889 PYTHON=python3.13", "Making .venv with Python {} in place of 3.99 ...\n"),
        ("3.9", "", "Making .venv with Python {} in place of 3.9 ...\n"),
        (None, "", "Making .venv with Python {} ...\n"),
    ],
)
def test_the_environment_is_made_again_for_another_python_that_was_asked_for(found, flags, said, monkeypatch, capsys):
    commands = []
    monkeypatch.setenv("MAKEFLAGS", flags)
    monkeypatch.setattr(environment, "version", lambda *_: found)
    monkeypatch.setattr(environment, "run", lambda *command: commands.append(command))
    environment.make_venv(environment.VENV)
    assert capsys.readouterr().out == said.format(environment.HERE)
    assert len(commands) == bool(said)


def test_a_python_tells_its_version():
    assert environment.version(sys.executable) == environment.HERE
    assert environment.version(sys.executable, "no_such_module") is None
    assert environment.version(ROOT / "no-such-python") is None


def test_tests_and_their_kernels_run_in_one_thread_without_bars():
    assert (environment.ONE_THREAD | environment.NO_BARS).items() <= os.environ.items()


def test_rivals_of_a_benchmark_run_first_by_turns(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "bench")
    import paired

    ran = []
    paired.ratio(lambda: ran.append("ours"), lambda: ran.append("theirs"), rounds=3)
    assert ran[2:] == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


@pytest.mark.parametrize("newer, advice", [("python3.13", "PYTHON=python3.13$"), (None, "from python.org")])
def test_an_old_python_is_told_where_a_newer_one_is(monkeypatch, newer, advice):
    monkeypatch.setattr(sys, "version_info", (3, 9, 6))
    monkeypatch.setattr(environment, "HERE", "3.9")
    monkeypatch.setattr(environment, "version", lambda python, modules: python == newer)
    monkeypatch.setenv("MAKELEVEL", "1")
    with pytest.raises(SystemExit, match=rf"needs Python 3\.11 or newer; this is .*3\.9\)\. .*{advice}"):
        environment.check_python()


def test_a_python_that_cannot_make_environments_is_told_how_to_mend_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="cannot make virtual environments.*apt install python3-venv"):
        environment.check_python()


@pytest.mark.parametrize("file", sorted((ROOT / "tools").glob("*.py")), ids=lambda file: file.stem)
def test_an_old_python_can_read_the_tools_far_enough_to_be_told(file):
    text = file.read_text(encoding="utf-8")
    assert text.isascii()  # which any console can show
    if file.stem != "browser":  # which only the project's own Python imports
        ast.parse(text, feature_version=(3, 7))


def test_a_chromium_that_does_not_start_is_told_with_the_way_out():
    program = "import browser; browser.install = lambda: None; browser.found()"
    place = {"cwd": ROOT / "tools", "env": os.environ | {"CHROMIUM": sys.executable}}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, **place)
    assert done.returncode != 0
    assert re.fullmatch(r"The browser tests need Chromium or Chrome\. .*CHROMIUM to its path\.\n", done.stderr)


def test_a_playwright_that_does_not_start_is_told(monkeypatch, capsys):
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", sys.executable)  # a Node that ends at once
    assert browser.find() is None
    assert capsys.readouterr().out.startswith("Playwright does not start: ")


def test_a_command_that_fails_or_hangs_is_told_and_not_fatal(capfd):
    browser.attempt(sys.executable, "-c", "raise SystemExit('no network')", seconds=60)
    browser.attempt(sys.executable, "-c", "import time; time.sleep(60)", seconds=1)
    said = capfd.readouterr().out
    assert "no network" in said and "took more than 1 seconds" in said
