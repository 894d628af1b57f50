"""What was built, served as the public has it, by a server that only hands out files; and Pythons of their own."""

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from environment import ROOT

BUILT = ROOT / "build" / "site"


def pytest_itemcollected(item):
    """All that is in this room is for `make places`."""
    item.add_marker("thorough")


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing of what was asked for."""


@pytest.fixture(scope="session")
def address():
    """The address of build/site, which `make places` has built."""
    if not BUILT.is_dir():
        pytest.fail("There is no build/site: `make places` builds it.")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=BUILT)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def new_python(tmp_path_factory):
    """Makes an environment with these packages and gives the path of its Python: new_python("numpy==2.0.2")."""

    def make(*packages, made_by=sys.executable):
        place = tmp_path_factory.mktemp("environment")
        subprocess.run([made_by, "-m", "venv", place], check=True)
        python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", *map(str, packages)], check=True)
        return python

    return make
