"""The house stands: imports point one way, a state knows of no widget, and no room is too full to see what is in it."""

import ast
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

import pytest

import convscope

HOUSE = Path(convscope.__file__).parent
# Each imports from those before it. The front door, convscope/__init__.py, leads to all of them.
FLOORS = "words arguments geometry ops reference kernels layers models training datasets style figures ready".split()
FLOORS += ["watch", "kept", "explore", "check"]
WIDGETS = {"IPython", "anywidget", "ipywidgets", "traitlets"}
MOST = 15  # files in a room
ROOMS = {path.parent.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.*") if path.suffix != ".pyc"}


def name_of(path):
    *packages, last = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(packages if last == "__init__" else [*packages, last])


MODULES = {name_of(path): path for path in HOUSE.rglob("*.py")}


@cache
def imported(name) -> frozenset[str]:
    """The modules that a module imports anywhere in its text: ours by their whole names, of others the first part."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            home = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            found |= {whole if (whole := f"{home}.{alias.name}") in MODULES else home for alias in node.names}
    return frozenset(each if each in MODULES else each.partition(".")[0] for each in found)


def reached(name) -> set[str]:
    """All that a module imports, and what that imports in turn."""
    seen, waiting = set(), [name]
    while waiting:
        new = imported(waiting.pop()) - seen
        seen |= new
        waiting += new & MODULES.keys()
    return seen


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"convscope"}))
def test_imports_point_upwards(name):
    floor = FLOORS.index(name.split(".")[1])
    ours = {each for each in imported(name) if each in MODULES}
    assert "convscope" not in ours, "the front door is for visitors"
    above = {each for each in ours if FLOORS.index(each.split(".")[1]) > floor}
    assert not above, f"{name} imports {above}, which come after it"


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.endswith(".state")))
def test_a_state_knows_of_no_widget(name):
    assert not WIDGETS & reached(name)
    explorer = name.replace(".state", ".explorer")
    assert "anywidget" in reached(explorer) and name in reached(explorer)  # or it would find nothing


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_room_is_too_full(room):
    files = [path.name for path in (HOUSE / room).iterdir() if path.is_file()]
    assert len(files) <= MOST, f"{room} holds {len(files)} files"
