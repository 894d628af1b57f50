"""The data of the course: bundled with the package or made on the spot, never downloaded.

Pictures are float32, channel first, from 0 (black) to 1 (full). `data/SOURCES.md` says where each comes from.
"""

from __future__ import annotations

import hashlib
import io
from importlib.resources import files

import matplotlib.image
import numpy as np
from matplotlib.ft2font import FT2Font

from .geometry import whole

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""How much red, green and blue add to lightness (ITU-R BT.601)."""

_SHA256 = {
    "digits.npz": "0d3536555144723c0ff3ad7119dbb2800e79e3fdb7b1f8f59d347c0fb6016f4f",
    "kitten.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
}
_TRAINING = 4000  # digits; the rest is for tests
_SMOOTH = 4  # letters are drawn this many times as large, then averaged
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


def digits():
    """5,000 handwritten digits, 500 of each, from MNIST: (x_train, y_train), (x_test, y_test).

    x: (4000 or 1000, 1, 28, 28), float32, 0 (paper) to 1 (ink). y: the digits, int64. Both parts hold every digit
    equally often, in a fixed random order.
    """
    with np.load(io.BytesIO(_bytes("digits.npz")), allow_pickle=False) as stored:
        images, labels = stored["images"], stored["labels"]
    x, y = images[:, None].astype(np.float32) / 255, labels.astype(np.int64)
    return (x[:_TRAINING], y[:_TRAINING]), (x[_TRAINING:], y[_TRAINING:])


def digit(which=3) -> np.ndarray:
    """One handwritten digit, (28, 28), 0 (paper) to 1 (ink): the first of its kind in the test part of `digits`.

    which: 0 to 9; ValueError or TypeError for anything else.
    """
    which = whole("which", which, least=0)
    if which > 9:
        raise ValueError(f"which must be a digit from 0 to 9; got {which}.")
    x, y = digits()[1]
    return x[np.argmax(y == which), 0]


def letter(character="A", size=32) -> np.ndarray:
    """A letter in DejaVu Sans Bold, (size, size): 1 is ink, 0 is paper; edges are as grey as they are covered.

    character: one character that the font has. size: pixels, 8 to 288.
    Raises ValueError or TypeError that says what would do.
    """
    size = whole("size", size, least=8)
    if not isinstance(character, str) or len(character) != 1 or not character.isprintable() or character.isspace():
        raise ValueError(f"character must be one visible character; got {character!r}.")
    font = FT2Font(matplotlib.get_data_path() + "/fonts/ttf/DejaVuSans-Bold.ttf")
    if ord(character) not in font.get_charmap():
        raise ValueError(f"character {character!r} is not in DejaVu Sans Bold; try a letter or a digit.")
    font.set_size(_SMOOTH * 0.8 * size, 72)
    font.set_text(character)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.asarray(font.get_image(), np.float32) / 255
    paper = np.zeros((_SMOOTH * size, _SMOOTH * size), np.float32)
    ink = ink[: len(paper), : len(paper)]
    top, left = ((room - part) // 2 for room, part in zip(paper.shape, ink.shape, strict=True))
    paper[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return paper.reshape(size, _SMOOTH, size, _SMOOTH).mean(axis=(1, 3))


def checkerboard(size=16, square=2) -> np.ndarray:
    """Black and white squares, (size, size): 0 and 1, each square `square` pixels wide; the first is black."""
    places = np.arange(whole("size", size)) // whole("square", square)
    return ((places[:, None] + places) % 2).astype(np.float32)


def step_edge(size=16) -> np.ndarray:
    """Dark on the left, bright on the right, (size, size): 0 and 1, the edge in the middle."""
    row = np.arange(whole("size", size)) >= size / 2
    return np.tile(row, (size, 1)).astype(np.float32)


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
    """A bundled PNG as float32 in 0 … 1, channel last."""
    return matplotlib.image.imread(io.BytesIO(_bytes(name)), format="png")


def _bytes(name):
    content = (files(__package__) / "data" / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise OSError(f"{name} is damaged: its checksum is not the one this version ships; reinstall convscope.")
    return content
