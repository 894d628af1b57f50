"""Pictures drawn by code: arrays in chapters, and the pictures of the notes in images/cnns/.

`show`, `show_windows`, `show_bars` and `show_curves` display arrays below a cell, `show_picture` a picture of the
notes, and `main` draws those again.
"""

from __future__ import annotations

from pathlib import Path

from .chapter import display_with_words, draw_bars, draw_row, draw_windows, png, show, show_bars, show_windows
from .curves import draw_curves, show_curves
from .notes import NOTES

__all__ = [
    "NOTES",
    "draw_bars",
    "draw_curves",
    "draw_row",
    "draw_windows",
    "main",
    "png",
    "show",
    "show_bars",
    "show_curves",
    "show_picture",
    "show_windows",
]


def show_picture(name: str) -> None:
    """Display a picture of the notes below the cell; name: one of `NOTES`, such as "cnn-stride"."""
    if not isinstance(name, str) or name not in NOTES:
        raise ValueError(f"name must be one of {', '.join(map(repr, NOTES))}; got {name!r}.")
    display_with_words(NOTES[name]())


def main(folder="images"):
    """Draw every picture of the notes into the subfolder `cnns` of a folder."""
    for name, draw in NOTES.items():
        file = Path(folder, "cnns", f"{name}.png")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(draw()))
        print(file)
