"""The project's own Python: a virtual environment in the tree, made when it is needed, from the lock.

Every tool begins with `enter(extra)`: whichever Python started it, it goes on in `.venv` with that extra of
pyproject.toml installed. Standard library only, and words that a Python of 2017 knows, so that an old Python can read
this far and be told what is wrong.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "constraints.txt"
OVERRIDES = ROOT / "tools" / "overrides.json"  # no news and no questions when JupyterLab opens
OLDEST = (3, 11)

# Sums differ in their last digits with the number of threads, and the numbers in the notebooks are compared.
LIBRARIES = ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "VECLIB_MAXIMUM")
ONE_THREAD = {f"{library}_THREADS": "1" for library in LIBRARIES}

# Nobody watches these runs, and what a bar of progress shows depends on the clock.
NO_BARS = {"TQDM_DISABLE": "1"}


def enter(extra):
    """Go on in `.venv` with `extra` ("lab", "test" or "bench") installed."""
    os.environ.update(ONE_THREAD, PYTHONUTF8="1")  # text is UTF-8, on Windows too
    install(extra)
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    command = [str(VENV_PYTHON), *sys.argv]
    if os.name == "nt":  # where exec would hand the prompt back at once
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def install(extra):
    """Make `.venv` hold the locked dependencies of `extra` and the package itself, editable; quick when it does."""
    recipe = hashlib.sha256(str(ROOT).encode())  # a tree that was moved needs its paths written again
    for file in (ROOT / "pyproject.toml", LOCK, OVERRIDES):
        recipe.update(file.read_bytes())
    stamp = VENV / f"{extra}.stamp"
    if stamp.is_file() and stamp.read_text() == recipe.hexdigest() and runs(VENV_PYTHON):
        return

    if not runs(VENV_PYTHON):  # never made, or made from a Python that is gone
        check_python()
        print("Making a virtual environment in .venv …", flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    print("Installing the locked dependencies into .venv; the first time takes about a minute …", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run(*pip, "--constraint", str(LOCK), "--editable", f"{ROOT}[{extra}]")
    settings = VENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    shutil.copy(str(OVERRIDES), str(settings))
    stamp.write_text(recipe.hexdigest())


def check_python():
    """Say what to do when this Python is too old, or cannot make virtual environments."""
    here = f"{sys.executable} (Python {sys.version_info[0]}.{sys.version_info[1]})"
    if sys.version_info < OLDEST:
        newer = [name for name in (f"python3.{minor}" for minor in range(30, 10, -1)) if runs(name, "ensurepip, venv")]
        way_out = f"Name the newer one: make lab PYTHON={newer[0]}" if newer else "Install a newer one from python.org."
        sys.exit(f"ConvScope needs Python 3.11 or newer; this is {here}. {way_out}")
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            f"{here} cannot make virtual environments. On Debian and Ubuntu, `apt install python3-venv` mends that. "
            "Or name another Python: make lab PYTHON=python3.13"
        )


def runs(python, modules="pip"):
    """Whether there is such a Python, it starts, and it has those modules."""
    try:
        return subprocess.call([str(python), "-c", f"import {modules}"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(*command):
    """Run a command that speaks for itself; stop with a sentence when it fails."""
    if subprocess.call(command) != 0:
        sys.exit(f"That failed, for the reason above: {' '.join(command)}\nMend it (no network?) and run this again.")
