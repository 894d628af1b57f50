"""Where data comes from: files that are checked when they are read, and random numbers that follow from a seed."""

from __future__ import annotations

import hashlib
import zlib
from importlib.resources import files

import numpy as np

from ..geometry import whole

SHA256 = {
    "digits.npz": "0d3536555144723c0ff3ad7119dbb2800e79e3fdb7b1f8f59d347c0fb6016f4f",
    "kitten.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
}


def content(name: str) -> bytes:
    """A bundled file; OSError where it is not the one that was shipped."""
    found = (files("convscope") / "data" / name).read_bytes()
    if hashlib.sha256(found).hexdigest() != SHA256[name]:
        raise OSError(f"{name} is damaged: its checksum is not the one this version ships; reinstall convscope.")
    return found


def generator(seed, purpose: str) -> np.random.Generator:
    """A stream of random numbers of its own for each purpose: with one seed, colours know nothing of letters.

    seed: a whole number, 0 or more, or a NumPy Generator, which is used as it is.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng([whole("seed", seed, least=0), zlib.crc32(purpose.encode())])
