"""What was built, served as the public has it: by a server that only hands out files."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from environment import ROOT

BUILT = ROOT / "build" / "site"


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
