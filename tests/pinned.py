"""What the lock pins."""

import importlib.metadata
import platform

from packaging.markers import default_environment
from packaging.requirements import Requirement

from environment import LOCK

LOCKED = [
    Requirement(line) for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
]


def pins(name, python):
    """Return the versions that the lock pins for a package on this system under that Python."""
    place = default_environment() | {"python_version": python.rpartition(".")[0], "python_full_version": python}
    fits = [one for one in LOCKED if one.name == name and (one.marker is None or one.marker.evaluate(place))]
    return [next(iter(one.specifier)).version for one in fits]


def is_locked(name):
    """Return whether the installed version of a package is the one that the lock pins."""
    return pins(name, platform.python_version()) == [importlib.metadata.version(name)]
