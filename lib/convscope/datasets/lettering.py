"""Letters in the fonts that matplotlib ships: their masks, and images of them in colour."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font
from numpy.typing import ArrayLike

from ..arguments import Seed, check_room, generator, meant, number, whole
from .colours import checked_colours, colour_pairs

FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSerif", "DejaVuSerif-Bold"),
    *("STIXGeneral", "STIXGeneralBol"),
)
"""The fonts of `letter` and `letters`: six of DejaVu, two of STIX."""

_SMOOTH = 4  # letters are drawn this many times as large, and blocks of pixels averaged


def letter(character: str = "A", size: int = 32, font: str = "DejaVuSans-Bold") -> np.ndarray:
    """Return a letter as an image, (size, size): 1 is ink, 0 is paper, and pixels on an edge are in between.

    character: one character of the font. size: pixels, 8 to 288. font: one of `FONTS`.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    size = whole("size", size, least=8)
    if not isinstance(character, str) or len(character) != 1 or not character.isprintable() or character.isspace():
        raise ValueError(f"character must be one visible character; got {character!r}.")
    if font not in FONTS:
        raise ValueError(f"font must be one of {', '.join(FONTS)}; got {font!r}.{meant(font, FONTS)}")
    return _mask(character, size, font).copy()


def letters(
    n: int,
    *,
    alphabet: str = "ABCDEFGHIJ",
    fonts: str | Iterable[str] = FONTS,
    size: int = 12,
    ink: ArrayLike | None = None,
    paper: ArrayLike | None = None,
    noise: float = 0.05,
    seed: Seed = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return images of n letters, and which letters they are: (x, labels).

    alphabet: the characters; a label is an index into it. fonts: some of `FONTS`. size: pixels, 8 to 288.
    ink, paper: colours, (n, 3), or one for all, (3,); by default those of `colour_pairs(n, seed=seed)`.
    noise: the standard deviation of the noise added to each pixel and channel.
    seed: a whole number or a NumPy Generator; letters and fonts do not depend on the colours.
    x: (n, 3, size, size), float32: paper · (1 − mask) + ink · mask + noise. labels: (n,), int64.
    Raises ValueError or TypeError, naming the argument, for an invalid one.
    """
    n, size = whole("n", n, least=0), whole("size", size, least=8)
    check_room((n, 3, size, size), "use a smaller n or size")
    if not isinstance(alphabet, str) or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError(f"alphabet must be a string of different characters; got {alphabet!r}.")
    fonts = (fonts,) if isinstance(fonts, str) else tuple(fonts or ())
    if not fonts:
        raise ValueError(f"fonts must name at least one of {', '.join(FONTS)}.")
    noise = number("noise", noise, ", 0 or more", lambda noise: noise >= 0)
    drawn = colour_pairs(n, seed=seed)
    ink, paper = (
        checked_colours(name, pair if given is None else given, n)[:, :, None, None]
        for name, given, pair in zip(("ink", "paper"), (ink, paper), drawn, strict=True)
    )
    rng = generator(seed, "letters")
    labels, font = rng.integers(0, len(alphabet), n), rng.integers(0, len(fonts), n)
    masks = np.stack([[letter(character, size, name) for character in alphabet] for name in fonts])[font, labels, None]
    x = paper + (ink - paper) * masks
    x += np.float32(noise) * rng.standard_normal(x.shape, dtype=np.float32)
    return x, labels


@lru_cache(maxsize=1024)
def _mask(character, size, name) -> np.ndarray:
    font = FT2Font(f"{matplotlib.get_data_path()}/fonts/ttf/{name}.ttf")
    if ord(character) not in font.get_charmap():
        raise ValueError(f"character {character!r} is not in {name}; try a letter or a digit.")
    font.set_size(_SMOOTH * 0.8 * size, 72)
    font.set_text(character)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.asarray(font.get_image(), np.float32) / 255
    paper = np.zeros((_SMOOTH * size, _SMOOTH * size), np.float32)
    ink = ink[: len(paper), : len(paper)]
    top, left = ((room - part) // 2 for room, part in zip(paper.shape, ink.shape, strict=True))
    paper[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return paper.reshape(size, _SMOOTH, size, _SMOOTH).mean(axis=(1, 3))
