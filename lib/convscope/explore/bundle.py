"""What a widget leaves in a notebook: itself where a kernel runs; a picture, a page or a sentence everywhere else."""

from __future__ import annotations

from IPython.display import display

from ..figures.chapter import as_html

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def display_alive(widget, sentence, *, png=None, html=None):
    """Show a live widget in one bundle with what stands for it without a kernel.

    sentence: in words; png: a picture, as bytes, whose alternative text is the sentence; html: a text with marks.
    Tools keep what they can show.
    """
    data = {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
    if png is not None:
        html = as_html(png, sentence)
    if html is not None:
        data["text/html"] = html
    display(data | {"text/plain": sentence}, raw=True)
