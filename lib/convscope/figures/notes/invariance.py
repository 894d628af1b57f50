"""Pictures of the reasons for convolution: what a network need not learn, and what is the same everywhere."""

from __future__ import annotations

import numpy as np

from ... import datasets, kernels
from ...ops import conv1d, conv2d, global_max_pool2d
from ...style import BLUE, ORANGE
from ..curves import STYLES
from ..sheet import Sheet


def structure_helps_learning():
    """Draw one letter in many colours: what changes from image to image, and what the label depends on."""
    pairs = datasets.colour_pairs(5, seed=324), datasets.equal_lightness_pairs(1, seed=1)
    ink, paper = (np.concatenate(colours) for colours in zip(*pairs, strict=True))
    plain = {"alphabet": "A", "fonts": "DejaVuSans-Bold", "noise": 0}
    colour, _ = datasets.letters(6, size=24, ink=ink, paper=paper, **plain)
    grey, mask = datasets.grey(colour)[:, 0], np.tile(1 - datasets.letter("A", 24), (6, 1, 1))
    many, _ = datasets.letters(50, **plain)
    differ = [_freedom(many), _freedom(datasets.grey(many)), _freedom(mask)]
    sheet = Sheet(4.7)
    rows = [
        (colour, "in colour", f"{differ[0]} numbers differ: ink\nand paper in red,\ngreen and blue"),
        (grey, "in grey", f"{differ[1]} numbers differ:\nhow light ink is,\nand how light paper"),
        (mask, "the letter", f"{differ[2]} differ: this is all\nthat the label asks"),
    ]
    for line, (pictures, name, words) in enumerate(rows):
        y = 0.35 + 1.33 * line
        for place, picture in enumerate(pictures):
            sheet.picture(picture, 0.2 + 1.08 * place, y, 0.98, grey=True)
            sheet.frame(0.2 + 1.08 * place, y, 0.98, 0.98, "0.5", lw=0.8)
        sheet.text(6.95, y + 0.2, name, ha="left", weight="bold")
        sheet.text(6.95, y + 0.31, words, ha="left", va="top")
    sheet.frame(5.6, 0.35 + 1.33, 0.98, 0.98, ORANGE)
    sheet.text(0.2, 4.55, "orange: ink and paper are equally light, so grey has lost the letter", ha="left")
    return sheet.done(
        "Six pictures of the letter A in random colours, the same in grey, and the letter alone. In colour "
        f"{differ[0]} numbers differ from picture to picture, in grey {differ[1]}, in the letter "
        f"{differ[2]}. The sixth has ink as light as its paper: in grey the letter is gone."
    )


def _freedom(pictures):
    """Return the number of independent ways in which the images differ: the rank after subtracting their mean."""
    table = pictures.reshape(len(pictures), -1).astype(float)
    return int(np.linalg.matrix_rank(table - table.mean(axis=0), tol=1e-3))


def translation_invariance():
    """Draw the kitten at three positions: its feature map shifts with it, but the largest number stays the same."""
    sheet = Sheet(5.25)
    places = {"on the left": 4, "in the middle": 51, "on the right": 98}
    scenes = [_scene(column) for column in places.values()]
    maps = [conv2d(scene, kernels.bank()) for scene in scenes]
    answers = [global_max_pool2d(each)[:, 0, 0] for each in maps]
    same = np.allclose(answers, answers[0], rtol=1e-5)
    end = np.quantile(abs(maps[0][1]), 0.995)
    for i, name in enumerate(places):
        x = 0.2 + 3.15 * i
        sheet.text(x + 1.45, 0.48, name, weight="bold")
        sheet.picture(scenes[i], x, 0.6, 2.9)
        sheet.frame(x, 0.6, 2.9, 2.9 * 72 / 168, "0.5", lw=0.8)
        sheet.arrow((x + 1.45, 1.9), (x + 1.45, 2.4))
        sheet.picture(maps[i][1], x, 2.45, 2.9, end=end)
        sheet.frame(x, 2.45, 2.9, 2.9 * 70 / 166, "0.5", lw=0.8)
        sheet.arrow((x + 1.45, 3.72), (x + 1.45, 4.22))
        sheet.picture(np.tile(answers[i], (2, 1)), x, 4.3, 2.9, end=0.4)
        sheet.frame(x, 4.3, 2.9, 2.9 / 8, BLUE)
    sheet.text(1.8, 2.22, "filters", ha="left")
    sheet.text(4.95, 2.22, "the map moves along", ha="left")
    sheet.text(1.8, 4.04, "maximum", ha="left")
    sheet.text(4.95, 4.04, "of each of 16 maps", ha="left")
    verdict = "the same 16 numbers wherever the kitten is" if same else "not the same numbers"
    sheet.text(4.8, 5.05, verdict, weight="bold")
    return sheet.done(
        "The kitten on the left, in the middle and on the right of a wide picture; a feature map of each, which moves "
        f"as the kitten does; and the largest number of each of 16 feature maps: {verdict}."
    )


def _scene(column):
    """Return the kitten's face, fading into white, at a column of a wide white image."""
    t = np.linspace(-1, 1, 64)
    there = np.clip((1 - (t**4 + t[:, None] ** 4) ** 0.25) / 0.15, 0, 1).astype(np.float32)
    scene = np.ones((3, 72, 168), np.float32)
    scene[:, 4:68, column : column + 64] += there * (datasets.kitten(64) - 1)
    return scene


MEANS = {"kitten": "animal", "sleeps": "action", "saw": "action", "ran": "action", "home": "place"}
SENTENCES = ("my kitten sleeps at home", "we saw a small kitten", "that hungry kitten ran home")


def translation_invariance_2():
    """Draw a noun at three positions of a sentence: one look-up table is used at every position."""
    words, features = sorted(set(" ".join(SENTENCES).split())), sorted(set(MEANS.values()))
    table = np.array([[[MEANS.get(word) == feature] for word in words] for feature in features], float)
    sheet = Sheet(5.5)
    sheet.text(8.8, 0.5, "maximum", weight="bold")
    sheet.text(4.4, 0.5, "what one table says of each word", weight="bold")
    for line, sentence in enumerate(SENTENCES):
        places = np.array([[words.index(word) for word in sentence.split()]])
        found = conv1d(datasets.one_hot(places, len(words)), table)[0]
        y = 0.7 + 1.6 * line
        for row, feature in enumerate(features):
            sheet.text(1.05, y + 0.62 + 0.3 * row, feature, ha="right", va="center")
        for column, word in enumerate(sentence.split()):
            x = 1.2 + 1.3 * column
            colour = ORANGE if word == "kitten" else "black"
            sheet.text(x + 0.6, y + 0.35, word, color=colour, weight="bold" if word == "kitten" else "normal")
            _column(sheet, found[:, column], x + 0.3, y + 0.47)
            if word == "kitten":
                sheet.frame(x + 0.3, y + 0.47, 0.6, 0.9, ORANGE)
        sheet.arrow((7.75, y + 0.92), (8.35, y + 0.92))
        _column(sheet, found.max(axis=1), 8.5, y + 0.47)
        sheet.frame(8.5, y + 0.47, 0.6, 0.9, BLUE)
    return sheet.done(
        "Three sentences, with the word kitten in second, fifth and third place: "
        + "; ".join(SENTENCES)
        + ". One table says of each word whether it is an action, an animal or a place; it says animal of kitten at "
        "every place, and so does the maximum over each sentence."
    )


def _column(sheet, numbers, x, y):
    """Draw numbers one below the other, each 0.6 wide and 0.3 high, with 1 filled in blue."""
    for row, value in enumerate(numbers):
        filled = {"facecolor": BLUE if value else "white", "edgecolor": "0.6", "lw": 0.8}
        sheet.box(x, y + 0.3 * row, 0.6, 0.3, **filled)
        sheet.text(x + 0.3, y + 0.15 + 0.3 * row, f"{value:.0f}", va="center", color="white" if value else "0.3")


def statistical_invariance():
    """Draw the distribution of a kernel's outputs, which is similar in every quarter of a photo and of a signal."""
    sheet = Sheet(5.1)
    in_space, in_time = _quarters_of_the_photo(sheet, 0.6), _quarters_of_a_signal(sheet, 3.45)
    return sheet.done(
        "How often an edge kernel gives which response, in each quarter of the photo of the kitten: mostly near 0, as "
        f"often above as below, with standard deviations {in_space}, so the upper quarters have more strong edges. The "
        f"same for a made-up signal in time, whose quarters are alike: standard deviations {in_time}."
    )


def _quarters_of_the_photo(sheet, y):
    """Draw the photo, its edges, and the distribution of their strength in each quarter; return the spreads."""
    photo, kernel = datasets.kitten(), kernels.preset("Sobel x") / 8
    edges = conv2d(datasets.kitten(grey=True), kernel)
    width, height = 3.1, 3.1 * photo.shape[1] / photo.shape[2]
    sheet.text(1.75, y - 0.15, "in space: a photo", weight="bold")
    sheet.picture(photo, 0.2, y, width)
    sheet.text(5.1, y - 0.15, "edges: Sobel x")
    sheet.picture(edges, 3.55, y, width, end=0.1)
    for style, (row, column) in zip(STYLES, np.ndindex(2, 2), strict=False):
        _quarter(sheet, 0.2 + width / 2 * column, y + height / 2 * row, width / 2, height / 2, style)
    quarters = [part for half in np.array_split(edges, 2) for part in np.array_split(half, 2, axis=1)]
    return _histograms(sheet, quarters, y, height, 0.1)


def _quarters_of_a_signal(sheet, y):
    """Draw a signal, and the distribution of its steps in each quarter; return the spreads."""
    signal, width, height = _ringing(4000), 6.45, 1.2
    steps = conv1d(signal[None, None], np.array([[[-0.5, 0, 0.5]]]))[0, 0]
    sheet.text(2.3, y - 0.15, "in time: a made-up signal", weight="bold")
    for place, (style, part) in enumerate(zip(STYLES, np.split(signal, 4), strict=False)):
        x = 0.2 + width / 4 * place
        sheet.line(np.linspace(x, x + width / 4, len(part)), y + height / 2 - 0.2 * part, style[0], lw=0.8)
        _quarter(sheet, x, y, width / 4, height, style)
    return _histograms(sheet, np.array_split(steps, 4), y, height, 1)


def _quarter(sheet, x, y, width, height, style):
    """Draw a frame that does not overlap those of its neighbours."""
    colour, dashes, _ = style
    sheet.frame(x + 0.03, y + 0.03, width - 0.06, height - 0.06, colour, ls=dashes)


def _ringing(length):
    """Return a synthetic signal: strokes at random times, each with a decaying oscillation."""
    rng = np.random.default_rng(5)
    strokes = rng.normal(size=length) * (rng.random(length) < 0.08)
    t = np.arange(60)
    ring = np.exp(-t / 12) * np.sin(t / 2)
    return conv1d(strokes[None, None], ring[None, None, ::-1].copy(), padding="causal")[0, 0]


def _histograms(sheet, parts, y, height, end):
    """Draw the distribution of the numbers in each part, from −end to end, as a line; return their spreads."""
    x, width = 7.1, 2.3
    bins = np.linspace(-end, end, 26)
    middles = (bins[1:] + bins[:-1]) / 2
    sheet.text(x + width / 2, y - 0.15, "how often, log scale", weight="bold")
    sheet.line([x, x, x + width], [y, y + height, y + height], "0.3", lw=1)
    for part, (colour, dashes, _) in zip(parts, STYLES, strict=False):
        share = np.histogram(part, bins)[0] / part.size
        up = np.clip(1 + np.log10(np.maximum(share, 1e-9)) / 3, 0, 1)  # from 1 in 1,000 at the foot to all at the top
        sheet.line(x + width * (middles / end + 1) / 2, y + height * (1 - up), colour, ls=dashes, lw=2)
    for value in (-end, 0, end):
        sheet.text(x + width * (value / end + 1) / 2, y + height + 0.25, f"{value:g}".replace("-", "−"))
    return "; ".join(f"{part.std():.2g}" for part in parts)


def convnets_weight_sharing():
    """Draw three layers from 12 numbers to 10, as matrices: dense, local, and with one kernel for all positions."""
    rng, kernel = np.random.default_rng(4), np.array([-1.0, 0.4, 0.9])
    shared = conv1d(np.eye(12)[:, None], kernel[None, None])[:, 0].T
    free = rng.uniform(-1, 1, shared.shape)
    layers = [
        ("dense", free, "each output has a\nweight for each input", free.size),
        ("local", np.where(shared, free, 0), "each output sees three\ninputs, own weights", np.count_nonzero(shared)),
        (
            "shared: a convolution",
            shared,
            "the same three weights\nfor every output",
            len(np.unique(shared[shared != 0])),
        ),
    ]
    sheet = Sheet(4.35)
    for i, (name, matrix, words, count) in enumerate(layers):
        x = 0.55 + 3.05 * i
        sheet.text(x + 1.35, 0.75, f"{name}", weight="bold")
        sheet.picture(matrix, x, 0.9, 2.7, end=1)
        sheet.grid(matrix.shape, x, 0.9, 2.7)
        sheet.text(x + 1.35, 3.45, f"{count} weights", weight="bold", color=BLUE)
        sheet.text(x + 1.35, 3.55, words, va="top")
    sheet.text(0.35, 2.05, "10 outputs", va="center", rotation=90)
    sheet.text(0.55, 0.45, "12 inputs", ha="left")
    counts = ", ".join(f"{name} {count}" for name, *_, count in layers)
    return sheet.done(
        f"Three layers from 12 inputs to 10 outputs as matrices of weights: {counts} weights. The dense matrix is "
        "full, the local one a band of three a row, the shared one the same band with the same three in each row."
    )
