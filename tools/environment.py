"""The project's own Python: a virtual environment in the tree, made when it is needed, from the lock.

Every tool begins with `enter(extra)`: whichever Python started it, it goes on in that extra's environment, with that
extra of pyproject.toml installed. Standard library only, and words that a Python of 2017 knows, so that an old Python
can read this far and be told what is wrong. ASCII only, because a console may know nothing else.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SITE_VENV = ROOT / ".venv-site"  # for "site": JupyterLite needs an extension that breaks the course's JupyterLab
LOCK = ROOT / "constraints.txt"
OVERRIDES = ROOT / "tools" / "overrides.json"  # no news and no questions when JupyterLab opens
SERVER_CONFIG = ROOT / "tools" / "jupyter_server_config.py"
OLDEST = (3, 11)
HERE = "{}.{}".format(*sys.version_info)

# Sums differ in their last digits with the number of threads, and the numbers in the notebooks are compared.
LIBRARIES = ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "VECLIB_MAXIMUM")
ONE_THREAD = {f"{library}_THREADS": "1" for library in LIBRARIES}

# Nobody watches these runs, and what a bar of progress shows depends on the clock.
NO_BARS = {"TQDM_DISABLE": "1"}

# The course keeps to its tree: it neither reads nor changes what you have set up for Python, Jupyter and Matplotlib.
# Variables that begin like these are dropped; those that tell pip of a mirror, a proxy or a certificate stay.
FOREIGN = ("IPYTHON", "JUPYTER", "MATPLOTLIB", "MPL", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET")
FOREIGN += ("PYTHONHOME", "PYTHONIOENCODING", "PYTHONOPTIMIZE", "PYTHONPATH", "PYTHONSTARTUP")


def enter(extra):
    """Go on in the environment of `extra` ("lab", "test", "site" or "bench"), with that extra installed."""
    sys.excepthook = tell
    venv = SITE_VENV if extra == "site" else VENV
    settings = own_settings(venv)
    foreign = [name for name in os.environ if name.startswith(FOREIGN) and name not in settings]
    for name in foreign:
        del os.environ[name]
    os.environ.update(settings, **ONE_THREAD)
    install(extra, venv)
    if foreign or Path(sys.prefix).resolve() != venv.resolve():
        become(str(python_in(venv)), *sys.argv)


def python_in(venv):
    """The Python of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def own_settings(venv):
    """The variables by which Python, Jupyter and Matplotlib keep what they write inside that environment."""
    own = venv / "jupyter"
    settings = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings.update(IPYTHONDIR=str(own / "ipython"), MPLCONFIGDIR=str(own / "matplotlib"))
    # Install into the environment, whatever pip.conf says; text is UTF-8, on Windows too.
    return dict(settings, PIP_USER="0", PYTHONUTF8="1")


def tell(kind, error, traceback):
    """Report what ended a tool: Ctrl-C in a sentence."""
    if issubclass(kind, KeyboardInterrupt):
        print("\nStopped. The same command, given again, goes on.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


def become(*command):
    """Go on as that command. On Windows, where exec would hand the prompt back at once, wait for its end instead."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, lambda *_: None)  # the child hears Ctrl-C too, and may take its time to obey
    sys.exit(subprocess.Popen(command).wait())


def install(extra, venv):
    """Make `venv` hold the locked dependencies of `extra` and the package itself, editable; quick when it does."""
    recipe = hashlib.sha256(str(ROOT).encode())  # a tree that was moved needs its paths written again
    for file in (ROOT / "pyproject.toml", LOCK, OVERRIDES):
        recipe.update(file.read_bytes())
    stamp = venv / f"{extra}.stamp"

    def done():
        return fits(version(python_in(venv))) and stamp.is_file() and stamp.read_text() == recipe.hexdigest()

    if done():
        return
    with alone(venv):
        if done():  # by the run that this one waited for
            return
        make_venv(venv)
        print(f"Installing the locked dependencies into {venv.name}: about a minute, the first time ...", flush=True)
        pip = [str(python_in(venv)), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        run(*pip, "--constraint", str(LOCK), "--editable", f"{ROOT}[{extra}]")
        settings = venv / "share" / "jupyter" / "lab" / "settings"
        settings.mkdir(parents=True, exist_ok=True)
        (venv / "jupyter").mkdir(exist_ok=True)  # in which IPython makes a folder of its own
        shutil.copy(str(OVERRIDES), str(settings))
        stamp.write_text(recipe.hexdigest())


def fits(found):
    """Whether an environment with Python `found` can stay: only `make PYTHON=...` asks for a certain Python."""
    if found is None or tuple(map(int, found.split("."))) < OLDEST:
        return False
    return found == HERE or "PYTHON=" not in os.environ.get("MAKEFLAGS", "")


def make_venv(venv):
    """Make the environment unless it can stay as it is."""
    # None when it was never made, made from a Python that is gone, or left by an interrupt with half a pip
    found = version(python_in(venv), "pip._internal.commands.install")
    if not fits(found):
        check_python()
        print(f"Making {venv.name} with Python {HERE}" + (f" in place of {found} ..." if found else " ..."), flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(venv))


@contextlib.contextmanager
def alone(venv):
    """Wait until no other run sets up `venv`: the system unlocks the file when that run ends, however it ends."""
    try:
        file = open(f"{venv}.lock", "w")
    except OSError as error:
        sys.exit(f"ConvScope sets up {venv.name} in its folder, but cannot write there: {error}")
    with file:
        if not locked(file):
            print(f"Another run is setting up {venv.name}: waiting for it ...", flush=True)
            while not locked(file):
                time.sleep(0.2)
        yield


def locked(file):
    """Whether this process now has the file to itself."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # some network drives know no locks: there, runs do not wait
        return not isinstance(error, (BlockingIOError, PermissionError))
    return True


def check_python():
    """Say what to do when this Python is too old, or cannot make virtual environments."""
    here = f"{sys.executable} (Python {HERE})"
    if sys.version_info < OLDEST:
        names = [f"python3.{minor}" for minor in range(30, 10, -1)]
        newer = [name for name in names if version(name, "ensurepip, venv")]
        way_out = f"Name the newer one: {as_typed(newer[0])}" if newer else "Install a newer one from python.org."
        sys.exit(f"ConvScope needs Python 3.11 or newer; this is {here}. {way_out}")
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            f"{here} cannot make virtual environments. On Debian and Ubuntu, `apt install python3-venv` adds what is "
            f"missing. Or name another Python: {as_typed('python3.13')}"
        )


def as_typed(python=None, port=None):
    """The command that opens the course with another Python or port, as whoever started this tool can type it."""
    if "MAKELEVEL" in os.environ:
        return "make lab" + (f" PYTHON={python}" if python else "") + (f" PORT={port}" if port else "")
    python = python or ("py" if os.name == "nt" else Path(sys.executable).name)
    return f"{python} {sys.argv[0]}" + (f" --port {port}" if port else "")


def version(python, modules="sys"):
    """Which Python that is, such as "3.13"; None where it does not start or lacks one of those modules."""
    program = f"import {modules}, sys; print('{{}}.{{}}'.format(*sys.version_info))"
    try:
        said = subprocess.check_output([str(python), "-c", program], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.decode().strip()


def run(*command):
    """Run a command and pass on what it says, but for the traceback that Ctrl-C gives it; stop where it fails."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        line = child.stdout.readline()
        while line:  # a loop of calls, because Ctrl-C is raised after a call: before the child's traceback is passed on
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            line = child.stdout.readline()
    if child.returncode != 0:
        sys.exit(
            f"That failed, for the reason above: {' '.join(command)}\n"
            "Put it right (no network? a JupyterLab still open?), then give the same command again."
        )
