"""Open the course in JupyterLab, on this machine alone."""

import argparse
import os
import socket
import sys

from environment import ROOT, VENV, enter


def port(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a whole number from 1 to 65535, not " + repr(text))
    return int(text)


def is_free(number):
    with socket.socket() as probe:
        if os.name != "nt":  # a port in its last minute of closing is free; on Windows this option means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port, default=8888)
    number = parser.parse_args().port
    if not is_free(number):
        sys.exit(
            f"Port {number} is taken, perhaps by a JupyterLab that still runs. "
            f"Stop that one, or choose another port: make lab PORT={number + 1}"
        )
    enter("lab")

    # The course keeps to its tree: it neither reads nor changes what you have set up for notebooks of your own.
    for name in ("CONFIG", "DATA", "RUNTIME"):
        os.environ[f"JUPYTER_{name}_DIR"] = str(VENV / "jupyter" / name.lower())
    os.environ["IPYTHONDIR"] = str(VENV / "jupyter" / "ipython")

    from jupyterlab.labapp import main as jupyterlab

    options = {
        "KernelManager.transport_encryption": "auto",  # else each kernel warns that it has none
        "LabApp.default_url": "/lab/tree/notebooks/00-start-here.ipynb",
        "ServerApp.answer_yes": True,  # one Ctrl-C stops it
        "ServerApp.ip": "127.0.0.1",
        "Application.log_level": "ERROR",  # which leaves the address to open, and what goes wrong
        "ServerApp.port": number,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": ROOT,
    }
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    print("JupyterLab starts; Ctrl-C stops it.", flush=True)
    sys.exit(jupyterlab([f"--{name}={value}" for name, value in options.items()] + as_root))


if __name__ == "__main__":
    main()
