"""The data of the course: bundled with the package or made on the spot, never downloaded.

Pictures are float32, channel first, from 0 (black) to 1 (full). `data/SOURCES.md` says where each comes from.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files

import matplotlib.image
import numpy as np

from .geometry import whole

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""How much red, green and blue add to lightness (ITU-R BT.601)."""

_SHA256 = {"kitten.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"}
_FACE = (6, 294, 80, 368)  # first and last row, first and last column of the square around the kitten's face


def kitten(size=None, *, grey=False) -> np.ndarray:
    """The photo of Chelsea the cat: (3, row, column), or (row, column) when grey.

    size: None for all 300 × 451 pixels; otherwise the face alone, size × size pixels (1 to 288), each the
        average of a square of photo pixels.
    grey: True for the lightness alone, 0.299 red + 0.587 green + 0.114 blue.
    Raises ValueError or TypeError for a size that is not a whole number from 1 to 288.
    """
    photo = np.moveaxis(_load_png("kitten.png"), -1, 0)
    if size is not None:
        photo = _square(photo, whole("size", size))
    return np.ascontiguousarray(np.tensordot(LUMA, photo, 1) if grey else photo)


def numbers() -> np.ndarray:
    """A 7 × 7 table of small whole numbers with an edge, a bright spot and a corner: small enough to check by hand."""
    return np.array(
        [
            [0, 0, 0, 5, 5, 5, 5],
            [0, 0, 0, 5, 5, 5, 5],
            [0, 9, 0, 5, 5, 5, 5],
            [0, 0, 0, 5, 5, 5, 5],
            [0, 0, 0, 2, 2, 2, 2],
            [1, 2, 3, 2, 2, 2, 2],
            [1, 2, 3, 2, 2, 2, 2],
        ],
        dtype=np.float32,
    )


def _square(photo, size):
    """The face, as large a centred part of it as divides into `size` blocks, each block averaged."""
    top, bottom, left, right = _FACE
    if size > bottom - top:
        raise ValueError(f"size must be at most {bottom - top}, the pixels of the kitten's face; got {size}.")
    block = (bottom - top) // size
    margin = (bottom - top - block * size) // 2
    rows = slice(top + margin, top + margin + block * size)
    columns = slice(left + margin, left + margin + block * size)
    return photo[:, rows, columns].reshape(3, size, block, size, block).mean(axis=(2, 4))


def _load_png(name):
    """A bundled PNG as float32 in 0 … 1, channel last; OSError when the file is not the one that was shipped."""
    file = files(__package__) / "data" / name
    with file.open("rb") as stream:
        if hashlib.sha256(stream.read()).hexdigest() != _SHA256[name]:
            raise OSError(f"{name} is damaged: its checksum is not the one this version ships; reinstall convscope.")
        stream.seek(0)
        return matplotlib.image.imread(stream, format="png")
