"""Build the course for a browser alone, as JupyterLite in build/site/lite. Needs npm, which has Pyodide.

The kernel starts with the library installed, so that no learner waits for pip. What is pure Python stands beside the
chapters, in the versions that the lock pins. What is compiled, as NumPy is, comes from Pyodide's own address.
"""

import contextlib
import hashlib
import json
import re
import shutil
import sys
import tarfile
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from environment import OVERRIDES, ROOT, enter, run

TARGET = ROOT / "build" / "site" / "lite"
# The library, and what Pyodide's kernel would fetch for itself. Their needs follow, but for the halves of ipywidgets
# that are for the page, which has them.
LOADED = ["convscope", "comm", "ipython", "jedi", "micropip"]
OF_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
PURE = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]


def build(target=TARGET):
    """Build it. What stood there before goes: JupyterLite would mix old settings with new ones."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        (source / "static").mkdir()
        add_pyodide(source / "static")
        add_wheels(source / "static" / "pyodide")
        for kind in ("notebooks", "images"):
            shutil.copytree(ROOT / kind, source / "course" / kind, ignore=shutil.ignore_patterns(".*"))
        shutil.copy(OVERRIDES, source)
        (source / "jupyter-lite.json").write_text(json.dumps({"jupyter-config-data": settings()}), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        options = ["--lite-dir=.", "--contents=course", f"--output-dir={target}", "--apps=lab", "--no-sourcemaps"]
        with contextlib.chdir(source):  # where it keeps a record of what it has done
            run(sys.executable, "-m", "jupyterlite_core", "build", *options)


def settings():
    kernel = {"loadPyodideOptions": {"packages": LOADED}}
    return {"appName": "ConvScope", "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}


def add_pyodide(folder):
    """Put the Pyodide for which the kernel was made into folder/pyodide."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed, which brings Pyodide. It comes with Node: nodejs.org.")
    run(npm, "pack", "--silent", f"--pack-destination={folder}", f"pyodide@{PYODIDE_VERSION}")
    (packed,) = folder.glob("pyodide-*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()
    (folder / "package").rename(folder / "pyodide")


def add_wheels(folder):
    """Put wheels of pure Python into a folder of Pyodide, and write into its lock where to find everything."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_PYTHON_VERSION

    file = folder / "pyodide-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    packages = lock["packages"]
    for package in packages.values():
        package["file_name"] = f"{PYODIDE_CDN_URL}/{package['file_name']}"
    pure = {name: needs for name, needs in all_needs(packages).items() if is_pure(packages.get(name))}
    pip = [sys.executable, "-m", "pip"]
    kinds = [*PURE, f"--python-version={PYODIDE_PYTHON_VERSION}"]
    pins = [f"{name}=={here(name) or packages[name]['version']}" for name in pure if name != "convscope"]
    run(*pip, "download", "--quiet", "--no-deps", *kinds, f"--dest={folder}", *pins)
    run(*pip, "wheel", "--quiet", "--no-deps", f"--wheel-dir={folder}", str(ROOT))
    for wheel in folder.glob("*.whl"):
        entry = described(wheel)
        packages[entry["name"]] = entry | {"depends": pure.pop(entry["name"])}
    assert not pure, f"no wheel of {', '.join(pure)}"
    file.write_text(json.dumps(lock), encoding="utf-8")


def all_needs(packages):
    """Return what is loaded, with all that it needs: {name: names of what it needs}."""
    found, ahead = {}, list(LOADED)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = needs(name) if is_pure(packages.get(name)) and here(name) else packages[name]["depends"]
            ahead += found[name]
    return found


def needs(name):
    """Return the names of what an installed package needs in the browser."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    browser = {"extra": "", "python_version": PYODIDE_PYTHON_VERSION}
    browser |= {"os_name": "posix", "sys_platform": "emscripten", "platform_system": "Emscripten"}
    stated = map(Requirement, metadata.requires(name) or [])
    names = {canonicalize_name(need.name) for need in stated if need.marker is None or need.marker.evaluate(browser)}
    return sorted(names - OF_THE_PAGE)


def here(name):
    """Return the installed version of a package, which is the locked one; None if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def is_pure(package):
    """Return whether an entry of Pyodide's lock is pure Python, as is all that it does not know."""
    return package is None or package["file_name"].endswith("-none-any.whl")


def described(wheel):
    """Return a wheel's entry for Pyodide's lock."""
    from packaging.utils import parse_wheel_filename

    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        modules = {re.match(r"[^/.]+", path)[0] for path in archive.namelist() if ".dist-info/" not in path}
    return {
        "name": name,
        "version": str(version),
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(modules),
        "unvendored_tests": False,
    }


if __name__ == "__main__":
    enter("site")
    build()
    size = sum(file.stat().st_size for file in TARGET.rglob("*") if file.is_file())
    print(f"{TARGET}: {size / 1e6:.0f} MB. Any web server can serve it.")
