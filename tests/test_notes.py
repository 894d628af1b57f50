"""Nothing of the notes that the course grew from is lost: each section, claim, term and picture has its place in it.

The notes' sections stand here in their order; what each says is kept, or put right, where the line says.
"""

import re
from functools import cache

import nbformat
import pytest

import notebooks
from convscope.figures import NOTES

# What the notes say, by their sections: the chapter, its heading, and words that its section holds.
PLACES = {
    "Structure helps learning": {
        "structure in the data can be put into a network": ("01", "10 What was put in", "how it was put in"),
        "then it takes less training": ("01", "4 Grey or colour", "worth letters"),
        "letters are learned faster in grey": ("01", "6 Who stops too early", "It does learn in fewer steps"),
        "and better: with few letters, and no longer with many": ("01", "4 Grey or colour", "the order turns"),
        "a letter's colours need not be learned": ("01", "1 Ten letters in all colours", "an A is an A in any of them"),
    },
    "Statistical invariance": {
        "a kitten is a kitten on the left, in the middle, on the right": (
            *("02", "7 The kitten on the left and on the right"),
            "at three places",
        ),
        "translation invariance": ("02", "7 The kitten on the left and on the right", "**invariant**"),
        "it is used to train faster": ("02", "1 A noun anywhere", "times as many sentences"),
        "a noun means the same anywhere in a text": ("02", "1 A noun anywhere", "the place does not matter"),
        "features that do not change across time or space": ("02", "10 The bet behind it", "across space or time"),
        "weight sharing: inputs that mean the same": (
            "02",
            "1 A noun anywhere",
            "**weight sharing**: inputs that mean",
        ),
        "shared weights are trained together": ("02", "5 The gradients add up", "sum of these wishes"),
    },
    "ConvNets": {
        "they share their weights across space": ("02", "Where next", "share their weights across space"),
        "a function of patches of the input": ("03", "1 One sum at every place", "**patch**"),
        "width, height and depth; smaller, and deeper or not": (
            "04",
            "7 Four ways to 128×128×16",
            "need not be deeper",
        ),
        "from 256×256×3 to 128×128×16": ("04", "7 Four ways to 128×128×16", "256×256×3"),
        "matrix products or convolutions": ("03", "8 One matrix product", "one matrix product"),
        "a pyramid with a classifier on top": ("05", "7 A pyramid with a classifier on top", "summary("),
    },
    "Convolutional Lingo": {
        "patch and kernel": ("03", "1 One sum at every place", "The **kernel** is *weights*"),
        "feature maps of the depth": ("03", "5 Many filters and many maps", "feature map"),
        "the three channels of a photo": ("03", "4 One kernel and three slices", "channel"),
        "stride": ("04", "1 Five words", "The **stride** is the step"),
        "padding": ("04", "4 Padding puts zeros round the input", "Nothing is ever filled into the output"),
        "same padding": ("04", "4 Padding puts zeros round the input", "**same**"),
        "valid padding": ("04", "4 Padding puts zeros round the input", "**valid**"),
    },
    "Pooling": {
        "it makes a map smaller": ("05", "1 One number for each window", "no weights"),
        "the largest of 2×2": ("05", "1 One number for each window", "**Max pooling** keeps the largest"),
        "the pooled size": ("05", "2 How large is what comes out", "**width / 2 × height / 2**"),
        "more accurate than a stride": ("05", "5 A stride or a pool", "accuracy"),
        "a stride loses information, a max looks at all": ("05", "3 What is kept", "looks at all"),
        "it costs more": ("05", "5 A stride or a pool", "MACs"),
        "two famous networks, and who won what": ("05", "LeNet-5, 1998", "won no challenge"),
        "and AlexNet": ("05", "AlexNet, 2012", "AlexNet did win"),
        "two convolutions, two pools, two dense layers": ("05", "8 Two famous networks", "It is true of neither"),
        "average pooling blurs": ("05", "3 What is kept", "average pooling is a blur"),
    },
    "1x1 Convolutions": {
        "strange at first: where is the context?": ("06", "3 Blind to neighbours", "that was the point of them"),
        "behind a regular convolution": ("06", "3 Blind to neighbours", "*behind* a layer that has looked"),
        "a matrix product": ("06", "2 A dense layer for each pixel", "**one matrix product** does it"),
        "it makes the network deeper": ("06", "7 A ReLU between two mixes", "if a nonlinearity stands between"),
        "it adds parameters, or saves them": ("06", "8 Fewer channels, less work", "8.5 times fewer"),
        "what Inception modules need": ("06", "Where next", "Inception module"),
    },
    "Inception Module": {
        "pools and convolutions of several sizes": ("07", "6 The Inception module", "Four branches"),
        "their outputs are concatenated": ("07", "5 Side by side", "**concatenated**"),
        "parameters without the cost": ("07", "9 Four numbers, not one", "Not faster in proportion"),
        "few parameters": ("07", "7 What the 1×1 saves", "The reduction saves"),
        "better than a single convolution": ("07", "2 One size of kernel", "With two sizes there is nothing to trade"),
    },
}
# Where each of the notes' words is explained: in bold, or in italics where a word is met in passing.
TERMS = {
    "weight sharing": "02",
    "statistical invariance": "02",
    "equivariant": "02",
    "invariant": "02",
    "patch": "03",
    "kernel": "03",
    "feature map": "03",
    "filter": "03",
    "stride": "04",
    "padding": "04",
    "same": "04",
    "valid": "04",
    "max pooling": "05",
    "average pooling": "05",
    "1×1 convolution": "06",
    "inception module": "07",
}
CLAIMS = [(claim, *place) for claims in PLACES.values() for claim, place in claims.items()]
GLOSSARY = ("convolution", "feature map", "kernel", "padding", "patch", "pooling", "stride", "weight sharing", "depth")


@cache
def sections(chapter):
    """The text of each section of a chapter, prose, code and outputs, by its heading without marks."""
    (file,) = [file for file in notebooks.CHAPTERS if file.name.startswith(chapter)]
    found, heading = {}, None
    for cell in nbformat.read(file, as_version=4).cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and re.match(r"#+ ", line):
                heading = line.lstrip("#").strip()
            found[heading] = found.get(heading, "") + line + "\n"
        for output in cell.get("outputs", ()):
            found[heading] += output.get("text", "") + output.get("data", {}).get("text/plain", "")
    return found


@pytest.mark.parametrize(("claim", "chapter", "heading", "words"), CLAIMS, ids=[claim for claim, *_ in CLAIMS])
def test_each_claim_has_its_place(claim, chapter, heading, words):
    assert words in sections(chapter)[heading]


@pytest.mark.parametrize("term", TERMS)
def test_each_term_is_explained(term):
    text = "\n".join(sections(TERMS[term]).values())
    assert re.search(rf"\*\*?(?:[Aa]n? )?{re.escape(term)}\*\*?", text, re.IGNORECASE)


@pytest.mark.parametrize("term", GLOSSARY)
def test_the_glossary_has_the_notes_words(term):
    assert re.search(rf"\*\*[^*\n]*{term}[^*\n]*\*\*", sections("00")["The course's words"])


@pytest.mark.parametrize("name", NOTES)
def test_each_picture_is_shown(name):
    shown = [file.name for file in notebooks.CHAPTERS if f'show_picture("{name}")' in str(sections(file.name))]
    assert len(shown) == 1
