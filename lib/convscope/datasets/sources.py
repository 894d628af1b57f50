"""The files of the data sets, checked when they are read."""

from __future__ import annotations

import hashlib
from importlib.resources import files

SHA256 = {
    "digits.npz": "0d3536555144723c0ff3ad7119dbb2800e79e3fdb7b1f8f59d347c0fb6016f4f",
    "kitten.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
}


def content(name: str) -> bytes:
    """Return the bytes of a bundled file; raise OSError if it is not the one that was shipped."""
    found = (files("convscope") / "data" / name).read_bytes()
    if hashlib.sha256(found).hexdigest() != SHA256[name]:
        raise OSError(f"{name} is damaged, because its checksum is wrong: install convscope again.")
    return found
