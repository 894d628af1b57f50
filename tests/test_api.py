"""The public names: all there from the start, told apart at a glance, and typed."""

import ast
import importlib.resources
import pickle
import pkgutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import convscope

MODULES = [convscope, *[getattr(convscope, each.name) for each in pkgutil.iter_modules(convscope.__path__)]]


def test_no_two_public_names_differ_by_capitals_alone():
    spellings = defaultdict(set)
    for module in MODULES:
        for name in getattr(module, "__all__", ()):
            spellings[name.casefold()].add(name)
    # a layer and its operation may: PyTorch writes them so, and so do all who learned from it
    assert [names for names in spellings.values() if len(names) > 1 and not names & set(convscope.ops.__all__)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_is_there_and_listed(module):
    for name in getattr(module, "__all__", ()):
        assert getattr(module, name) is not None
        assert name in dir(module)


def test_type_checkers_are_told_of_every_public_name():
    tree = ast.parse(Path(convscope.__file__).read_text(encoding="utf-8"))
    ours = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    told = {alias.name for node in ours for alias in node.names} - {"*"}
    assert told | {*convscope.layers.__all__, *convscope.ops.__all__} == set(convscope.__all__)


def test_other_processes_can_be_sent_an_operation():
    for name in convscope.ops.__all__:
        function = getattr(convscope, name)
        assert pickle.loads(pickle.dumps(function)) is function


def test_completion_sees_modules_and_the_version():
    modules = {each.name for each in pkgutil.iter_modules(convscope.__path__)}
    assert modules | {"__version__", "__doc__", "conv2d", "ConvolutionExplorer"} <= set(dir(convscope))
    assert not any(name.startswith("_") and not name.startswith("__") for name in dir(convscope))


def test_lazy_modules_are_there_before_anything_lazy_was_asked_for():
    program = (
        "import sys, convscope\n"
        "assert not {'matplotlib', 'ipywidgets', 'tqdm'} & {*sys.modules}, 'import convscope is to stay quick'\n"
        "convscope.style.ink, convscope.ready.report, convscope.check.progress\n"
        "assert 'ipywidgets' not in sys.modules, 'each returned notebook that is graded begins with this'\n"
        "convscope.explore.Predict\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_type_checkers_are_told_that_there_are_types():
    assert (importlib.resources.files("convscope") / "py.typed").is_file()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'convscope' has no attribute 'predict'"):
        convscope.predict  # noqa: B018
