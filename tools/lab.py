"""Open the course in JupyterLab, on this machine alone."""

import argparse
import errno
import os
import socket
import sys

from environment import ROOT, SERVER_CONFIG, as_typed, enter


def port(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a whole number from 1 to 65535, not " + repr(text))
    return int(text)


def check_free(number):
    """Say what to do when no server can have that port."""
    with socket.socket() as probe:
        if os.name != "nt":  # a port in its last minute of closing is free; on Windows this option means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            why = f"cannot be used ({error.strerror}). Choose"
            if error.errno == errno.EADDRINUSE:
                why = "is taken, perhaps by a JupyterLab that still runs. Stop that one, or choose"
            other = number + 1 if 1024 <= number < 65535 else 8888
            sys.exit(f"Port {number} {why} another port: {as_typed(port=other)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port, default=8888)
    number = parser.parse_args().port
    check_free(number)
    enter("lab")

    from jupyterlab.labapp import main as jupyterlab

    options = {
        "ServerApp.config_file": SERVER_CONFIG,
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
