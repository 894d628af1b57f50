"""The data of the course: part of the package or computed, never downloaded.

Images are float32, channels first, from 0 (black) to 1 (white or full colour). Random data is determined by a seed.
`data/SOURCES.md` gives the source of each.
"""

from .colours import LUMA, colour_pairs, equal_lightness_pairs, grey, hue_pairs
from .handwriting import centre, digit, digits
from .language import OPINION_VOCABULARY, TOPICS, VOCABULARY, as_text, one_hot, opinions, sentences
from .lettering import FONTS, letter, letters
from .measured import measured
from .pictures import canvas, checkerboard, kitten, numbers, rotate, shift, standardise, step_edge
from .symbols import SYMBOL_NAMES, symbols

__all__ = [
    "FONTS",
    "OPINION_VOCABULARY",
    "SYMBOL_NAMES",
    "TOPICS",
    "LUMA",
    "VOCABULARY",
    "as_text",
    "canvas",
    "centre",
    "checkerboard",
    "colour_pairs",
    "digit",
    "digits",
    "equal_lightness_pairs",
    "grey",
    "hue_pairs",
    "kitten",
    "letter",
    "letters",
    "measured",
    "numbers",
    "one_hot",
    "opinions",
    "rotate",
    "sentences",
    "shift",
    "standardise",
    "step_edge",
    "symbols",
]
