"""What the committed chapters show, for the tests of what they conclude."""

import re
from functools import cache

import nbformat
import numpy as np

import notebooks


@cache
def cells(chapter):
    """The cells of a chapter, such as "05", by their ids."""
    (file,) = [file for file in notebooks.CHAPTERS if file.name.startswith(chapter)]
    return {cell.id: cell for cell in nbformat.read(file, as_version=4).cells}


def printed(chapter, name):
    """What a cell printed, with what it folded away and the words of its pictures."""
    outputs = cells(chapter)[name].get("outputs", [])
    return "\n".join(each.get("text") or each.get("data", {}).get("text/plain", "") for each in outputs)


def numbers(text):
    found = re.findall(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?", text)
    return [float(each.replace("−", "-").replace(",", "")) for each in found]


def curve(chapter, name, curve):
    """The means of a curve, point by point, as its picture's words give them."""
    points = re.search(rf"[:;] {re.escape(curve)} ([^;(]*)", printed(chapter, name))[1]
    return np.array(numbers(re.sub(r" ± [\d.]+", "", points)))
