"""A check that this machine can run the course: its versions, and a convolution whose result is known."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, metadata, requires, version

import numpy as np

from .ops import conv2d

PICTURE, KERNEL = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 10], [100, 1000]]
ANSWER = [[5421, 6532], [8754, 9865]]  # the digits of each window, in reverse order


def report() -> str:
    """Return a sentence that everything works, or a line for each problem with the way to solve it."""
    return "\n".join(problems()) or "Everything is in place: the versions fit, and a small convolution is right."


def problems() -> list[str]:
    """Return the problems that keep the course from running here, each as a sentence or two; [] if there are none."""
    try:
        stated, python = requires("convscope"), metadata("convscope")["Requires-Python"]
    except PackageNotFoundError:
        return ["convscope is not installed; only its folder was found. Open the course as its README says."]
    needs = [line for line in stated if "extra ==" not in line]
    return [line for line in (_python(python), *map(_package, needs), _convolution()) if line]


def _python(stated):
    oldest = stated.removeprefix(">=")
    if _parts(platform.python_version()) >= _parts(oldest):
        return None
    return (
        f"Python {platform.python_version()} is too old: the course needs {oldest} or newer. Install one, and "
        "open the course with it as its README says."
    )


def _package(stated):
    name, oldest = stated.split(">=")
    try:
        here = version(name)
    except PackageNotFoundError:
        return f"{name} is missing. {_way_out(stated)}"
    if _parts(here) >= _parts(oldest):
        return None
    return f"{name} {here} is too old: the course needs {oldest} or newer. {_way_out(stated)}"


def _convolution():
    answer = conv2d(PICTURE, KERNEL)
    if np.array_equal(answer, ANSWER):
        return None
    return f"A small convolution gives {answer.tolist()} instead of {ANSWER}. {_way_out('numpy', again=True)}"


def _way_out(stated, again=False):
    options = " --force-reinstall" if again else ""
    return f'Run `%pip install{options} "{stated}"` in a cell, restart the kernel, and reload the page.'


def _parts(number):
    return tuple(map(int, re.findall(r"\d+", number)[:3]))
