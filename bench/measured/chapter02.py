"""Chapter 2: what a shared table and a max are worth apart, and which networks shifted copies help."""

import numpy as np

from convscope import (
    Adam,
    Conv1D,
    Conv2D,
    Dense,
    Flatten,
    GlobalMaxPool,
    MaxPool2D,
    ReLU,
    Sequential,
    accuracy,
    datasets,
    fit,
)

SEEDS = range(6)
SIZES = [25, 35, 50, 70, 100, 140, 200, 280, 400, 570, 800, 1130, 1600, 2260]  # sentences: each 1.4 times the last


def sharing_and_max():
    """Per cent of 1,000 new sentences right, (seed, size), with and without a shared table, with and without a max."""
    nets = {  # the net, and whether its table tells positions apart
        "one table, max": (lambda: Sequential(Conv1D(16, 1, bias=False), GlobalMaxPool(), Dense(4)), False),
        "one table, no max": (lambda: Sequential(Conv1D(16, 1, bias=False), Flatten(), Dense(4)), False),
        "a table for each position, max": (
            lambda: Sequential(Conv1D(16, 1, bias=False), GlobalMaxPool(), Dense(4)),
            True,
        ),
        "separate": (lambda: Sequential(Flatten(), Dense(16), ReLU(), Dense(4)), False),
    }
    right = {name: [[_right(*net, n, seed) for n in SIZES] for seed in SEEDS] for name, net in nets.items()}
    return {"sizes": SIZES, "right": right}


def _right(net, own_tables, n, seed):
    view = _by_position if own_tables else lambda x: x
    (words, labels), (new_words, new_labels) = datasets.sentences(n, seed=seed), datasets.sentences(1000, seed=99)
    model = net()
    fit(model, view(datasets.one_hot(words)), labels, steps=300, optimiser=Adam(0.02), seed=seed, progress=False)
    return round(100 * accuracy(model, view(datasets.one_hot(new_words)), new_labels), 1)


def _by_position(x):
    """Each word as another word at each position, so that one table holds a table for each: (batch, 12 · 50, 12)."""
    apart = x[:, None] * np.eye(12, dtype=x.dtype)[:, None]  # n sentence, p table, w word, t time: p = t
    return apart.reshape(len(x), -1, 12)


def augmentation():
    """Per cent right after training on 300 centred digits, shown as they are or moved by up to 1 or 2 pixels.

    {net: {epochs: {pixels: {"old", "centred", "moved": one number for each seed}}}}: old digits, 2,000 new ones, and
    the new ones moved by up to 2 pixels each way. All arms of one length take the same number of steps.
    """
    nets = {"ConvNet": (_conv_net, 0.01), "dense": (_dense_net, 0.004)}
    return {
        name: {epochs: {by: _augmented(*net, epochs, by) for by in (0, 1, 2)} for epochs in (40, 120)}
        for name, net in nets.items()
    }


def _conv_net():
    convolutions = [[Conv2D(filters, 3, padding="same"), ReLU(), MaxPool2D(2)] for filters in (8, 16)]
    return Sequential(*sum(convolutions, []), Flatten(), Dense(10))


def _dense_net():
    return Sequential(Flatten(), Dense(64), ReLU(), Dense(10))


def _augmented(net, rate, epochs, by):
    (x, y), (more_x, more_y) = datasets.digits(14)
    x, y = datasets.canvas(np.concatenate([x, more_x]), 18), np.concatenate([y, more_y])
    found = {"old": [], "centred": [], "moved": []}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(x))
        old, new = order[:300], order[300:2300]
        moved = datasets.shift(x[new], *rng.integers(-2, 3, (2, len(new))))
        copies = [datasets.shift(x[old], *rng.integers(-by, by + 1, (2, len(old)))) for _ in range(epochs)]
        model = net()
        labels = np.tile(y[old], epochs)
        fit(model, np.concatenate(copies), labels, epochs=1, optimiser=Adam(rate), seed=seed, progress=False)
        for name, digits, answers in [("old", x[old], y[old]), ("centred", x[new], y[new]), ("moved", moved, y[new])]:
            found[name].append(round(100 * accuracy(model, digits, answers), 2))
    return found
