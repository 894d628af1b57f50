"""Nothing of the notes that the course grew from is lost: each section, claim, term and picture has its place in it.

The notes' sections stand here in their order; what each says is kept, or put right, where the line says.
"""

import re
from functools import cache

import pytest

import notebooks
from committed import cells
from convscope.figures import NOTES

# What the notes say, by their sections: the chapter that says it, and under which heading.
PLACES = {
    "Structure helps learning": {
        "structure in the data can be put into a network": "01 What was put in",
        "then it takes less training": "01 Grey or colour",
        "letters are learned faster in grey": "01 How long to train",
        "and better: with few letters, and no longer with many": "01 Grey or colour",
        "a letter's colours need not be learned": "01 Ten letters in all colours",
    },
    "Statistical invariance": {
        "a kitten is a kitten on the left, in the middle, on the right": "02 The kitten on the left and on the right",
        "translation invariance": "02 The kitten on the left and on the right",
        "it is used to train faster": "02 A noun anywhere",
        "a noun means the same anywhere in a text": "02 A noun anywhere",
        "features that do not change across time or space": "02 The bet behind it",
        "weight sharing: inputs that mean the same": "02 A noun anywhere",
        "shared weights are trained together": "02 One weight, many positions",
    },
    "ConvNets": {
        "they share their weights across space": "02 The kitten on the left and on the right",
        "a function of patches of the input": "03 One sum at every position",
        "width, height and depth; smaller, and deeper or not": "04 Four ways to 128×128×16",
        "from 256×256×3 to 128×128×16": "04 Four ways to 128×128×16",
        "matrix products or convolutions": "03 One matrix product",
        "a pyramid with a classifier on top": "05 A pyramid with a classifier on top",
    },
    "Convolutional Lingo": {
        "patch and kernel": "03 One sum at every position",
        "feature maps of the depth": "03 A layer of filters",
        "the three channels of a photo": "03 A filter for colour",
        "stride": "04 Count the positions",
        "padding": "04 Padding puts zeros round the input",
        "same padding": "04 Padding puts zeros round the input",
        "valid padding": "04 Padding puts zeros round the input",
    },
    "Pooling": {
        "it makes a map smaller": "05 One number per window",
        "the largest of 2×2": "05 One number per window",
        "the pooled size": "05 One number per window",
        "more accurate than a stride": "05 What the max buys",
        "a stride loses information, a max looks at all": "05 First, mean or largest?",
        "it costs more": "05 What the max buys",
        "two famous networks, and who won what": "05 Two famous pyramids",
        "and AlexNet": "08 AlexNet, layer by layer",
        "two convolutions, two pools, two dense layers": "05 Two famous pyramids",
        "average pooling blurs": "05 First, mean or largest?",
    },
    "1x1 Convolutions": {
        "strange at first: where is the context?": "06 Blind to neighbours",
        "after a regular convolution": "06 Blind to neighbours",
        "a matrix product": "06 A dense layer for each pixel",
        "it makes the network deeper": "06 A ReLU between two mixes",
        "it adds parameters, or saves them": "06 Fewer channels, less work",
        "what Inception modules need": "06 Where next",
    },
    "Inception Module": {
        "pools and convolutions of several sizes": "07 The Inception module",
        "their outputs are concatenated": "07 Side by side",
        "parameters without the cost": "07 A whole module on digits",
        "few parameters": "07 What the 1×1 saves",
        "better than a single convolution": "07 One size of kernel",
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
CLAIMS = {claim: place for claims in PLACES.values() for claim, place in claims.items()}
GLOSSARY = ("convolution", "feature map", "kernel", "padding", "patch", "pooling", "stride", "weight sharing", "depth")


@cache
def prose(chapter):
    """The text of a chapter, without what is code."""
    return "\n".join(cell.source for cell in cells(chapter).values() if cell.cell_type == "markdown")


@pytest.mark.parametrize("claim", CLAIMS)
def test_each_claim_has_its_place(claim):
    chapter, _, heading = CLAIMS[claim].partition(" ")
    assert re.search(rf"^##+ (?:\d+ )?{re.escape(heading)}$", prose(chapter), re.MULTILINE)


@pytest.mark.parametrize("term", TERMS)
def test_each_term_is_explained(term):
    assert re.search(rf"\*\*?(?:[Aa]n? )?{re.escape(term)}\*\*?", prose(TERMS[term]), re.IGNORECASE)


@pytest.mark.parametrize("term", GLOSSARY)
def test_the_glossary_has_the_notes_words(term):
    assert re.search(rf"\*\*[^*\n]*{term}[^*\n]*\*\*", prose("00").partition("## The course's words")[2])


@pytest.mark.parametrize("name", NOTES)
def test_each_picture_is_shown(name):
    shown = [file for file in notebooks.CHAPTERS if f'show_picture(\\"{name}\\")' in file.read_text(encoding="utf-8")]
    assert len(shown) == 1
