"""Find a Chromium for the browser tests, or install one."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

# A quiet Chromium: no first-run pages, no calls home. The sandbox needs rights that root in a container lacks.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]

SHELL = "chromium-headless-shell"  # Debian's Chromium without windows, which are opened and drawn for nobody


def find() -> str | None:
    """The path of the first Chromium that starts: the one that CHROMIUM names, the system's, or Playwright's own."""
    try:
        with sync_playwright() as playwright:
            for path in candidates(playwright):
                with suppress(Error):  # a stub that only tells you to install something, or a missing library
                    playwright.chromium.launch(executable_path=path, args=FLAGS).close()
                    return path
    except Exception as error:  # Playwright raises no class of its own when its Node cannot start
        print(f"Playwright does not start: {error}", flush=True)
    return None


def candidates(playwright):
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
        return
    for name in (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            yield path
    places = ["/Applications/Chromium.app/Contents/MacOS/Chromium"]
    places += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        places.append(f"{os.environ.get(folder)}/Google/Chrome/Application/chrome.exe")
    places.append(playwright.chromium.executable_path)
    yield from (place for place in places if Path(place).is_file())


def install() -> None:
    """Fetch Playwright's own Chromium or, where we may, install Debian's package."""
    may_use_apt = shutil.which("apt-get") and os.geteuid() == 0
    print("No Chromium here: fetching Playwright's own ...", flush=True)
    # A closed network can make the fetch hang. With another way left, wait less.
    attempt(sys.executable, "-m", "playwright", "install", "chromium", seconds=120 if may_use_apt else 1200)
    for package in (SHELL, "chromium") if may_use_apt else ():
        if not find():
            print(f"Still none that starts: installing Debian's {package} ...", flush=True)
            attempt("apt-get", "update", "-q", seconds=300)
            attempt("apt-get", "install", "-qy", "--no-install-recommends", package, seconds=1200)


def attempt(*command: str, seconds: int) -> None:
    """Run a command that may fail: what it said is told only then."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    try:
        done = subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, timeout=seconds, **quiet)
        if done.returncode != 0:
            print(f"{' '.join(command)} failed: {done.stdout[-500:]}", flush=True)
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command)} took more than {seconds} seconds.", flush=True)


def found() -> str:
    """The path of a Chromium, installed if need be; without one, stop with a sentence."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        sys.exit("The browser tests need Chromium or Chrome. Install one, or set the variable CHROMIUM to its path.")
    return path
