"""The course's own check: silent where all is well, and for each thing that is not, a sentence that says what to do."""

import importlib.metadata

import numpy as np
import pytest

from convscope import ready

WELL = "Everything is in place: the versions fit, and a small convolution is right."


def test_all_is_well_here():
    assert ready.problems() == []
    assert ready.report() == WELL


@pytest.mark.parametrize("name", ["anywidget", "ipython", "ipywidgets", "matplotlib", "numpy", "pillow", "traitlets"])
def test_each_dependency_is_asked_for(name, monkeypatch):
    monkeypatch.setattr(ready, "version", lambda asked: "0.1" if asked == name else "99.0")
    (line,) = ready.problems()
    assert line.startswith(f"{name} 0.1 is too old: the course needs ")
    assert f'Run `%pip install "{name}>=' in line and line.endswith("restart the kernel, and reload the page.")
    assert ready.report() == line


def test_what_is_missing_is_named(monkeypatch):
    def version(asked):
        if asked == "anywidget":
            raise importlib.metadata.PackageNotFoundError(asked)
        return "99.0"

    monkeypatch.setattr(ready, "version", version)
    (line,) = ready.problems()
    assert line.startswith('anywidget is missing. Run `%pip install "anywidget>=')


@pytest.mark.parametrize(
    ("here", "oldest", "enough"),
    [
        ("2.0.0", "2.0", True),
        ("2.10.1", "2.9", True),
        ("1.26.4", "2.0", False),
        ("2.4.0rc1", "2.0", True),
        ("2.1.0.dev0+git20240101.abc", "2.0", True),
        ("0.9.9", "0.9.13", False),
        ("8", "7.7", True),
    ],
)
def test_versions_are_compared_as_numbers(here, oldest, enough, monkeypatch):
    monkeypatch.setattr(ready, "version", lambda asked: here)
    monkeypatch.setattr(ready, "requires", lambda asked: [f"numpy>={oldest}"])
    assert (ready.problems() == []) == enough


def test_an_old_python_is_told_where_to_read_on(monkeypatch):
    monkeypatch.setattr(ready.platform, "python_version", lambda: "3.10.12")
    (line,) = ready.problems()
    assert line.startswith("Python 3.10.12 is too old: the course needs 3.11 or newer.")
    assert "README" in line


def test_wrong_numbers_are_noticed(monkeypatch):
    monkeypatch.setattr(ready, "conv2d", lambda picture, kernel: np.zeros((2, 2)))
    (line,) = ready.problems()
    assert "[[0.0, 0.0], [0.0, 0.0]]" in line and "[[5421, 6532], " in line
    assert "--force-reinstall" in line


def test_a_folder_that_was_never_installed_is_told_of(monkeypatch):
    def requires(asked):
        raise importlib.metadata.PackageNotFoundError(asked)

    monkeypatch.setattr(ready, "requires", requires)
    (line,) = ready.problems()
    assert line.startswith("convscope is not installed") and "README" in line
