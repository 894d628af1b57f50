"""Chapter 8: the small network, where it fails before and after a cure, and LeNet-5 changed piece by piece."""

from functools import partial
from pathlib import Path

import numpy as np

import convscope
from convscope import (
    SGD,
    Adam,
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    Tanh,
    accuracy,
    datasets,
    fit,
    logits,
    models,
    save,
    softmax,
)

KEPT = Path(convscope.__file__).parent / "data" / "digit_net.npz"  # what `models.trained_digit_net` reads
SIDES = np.array([(0, 6), (0, -6), (6, 0), (-6, 0)])  # rows and columns


def digit_net():
    """Percentages of the test digits that the small network classifies correctly, 3 seeds; the last one is kept."""
    nets = [_trained(seed) for seed in range(3)]
    save(nets[-1], KEPT)
    return {"test": [round(100 * accuracy(net, *datasets.digits()[1]), 2) for net in nets]}


def failures():
    """What it makes of digits that were changed, and of what is no digit, 3 seeds, in per cent."""
    return _judged([_trained(seed) for seed in range(3)])


def cured():
    """The same after training on digits that are moved by up to 6 pixels each way, in as many steps."""
    return _judged([_trained(seed, moved=True) for seed in range(3)])


def lenet5():
    """Per cent correct after changing LeNet-5's pools and nonlinearities one at a time, at five rates each, 4 seeds.

    It learns 1,000 of the 5,000 digits in 8 epochs, and is tested on the others.
    """
    return _lenets((0.01, 0.02, 0.05, 0.1, 0.2), 1000, 8, range(4))


def lenet5_4000_digits():
    """The same with 4,000 digits in 6 epochs, at the three rates in the middle, 3 seeds."""
    return _lenets((0.02, 0.05, 0.1), 4000, 6, range(3))


def _trained(seed, moved=False):
    x, labels = datasets.digits()[0]
    epochs = 15
    if moved:  # three copies of each digit, each moved in its own way
        rng = np.random.default_rng(seed)
        x = np.concatenate([datasets.shift(x, *rng.integers(-6, 7, (2, len(x)))) for _ in range(3)])
        labels, epochs = np.tile(labels, 3), 5
    net = models.digit_net()
    fit(net, x, labels, epochs=epochs, optimiser=Adam(0.003), seed=seed, progress=False)
    return net


def _judged(nets):
    x, labels = datasets.digits()[1]
    sides = SIDES[np.arange(len(x)) % 4]
    digits = {
        "as they are": x,
        "moved by 6 pixels": datasets.shift(x, *sides.T),
        "rotated by 45°": datasets.rotate(x, 45),
        "inverted": 1 - x,
    }
    letters = [datasets.letter(character, 28, font) for character in "ABCDEFGH" for font in datasets.FONTS]
    windows = np.lib.stride_tricks.sliding_window_view(datasets.kitten(96, grey=True), (28, 28))[::4, ::4]
    others = {
        "letters A to H": np.stack(letters)[:, None],
        "noise": np.random.default_rng(0).random((1000, 1, 28, 28), np.float32),
        "parts of the kitten": windows.reshape(-1, 1, 28, 28),
    }
    found = {name: [_told(net, images, labels) for net in nets] for name, images in digits.items()}
    found |= {name: [_told(net, images, np.full(len(images), -1)) for net in nets] for name, images in others.items()}
    return {name: {what: [each[what] for each in told] for what in told[0]} for name, told in found.items()}


def _told(net, images, labels):
    """How one network fares on images, in per cent; with labels of −1 no answer is right."""
    shares = softmax(logits(net, images))
    sure, wrong = shares.max(axis=1), shares.argmax(axis=1) != labels
    found = {
        "right": (~wrong).mean(),
        "confidence": sure.mean(),
        "confidence where wrong": sure[wrong].mean(),
        "wrong and over 90% sure": (wrong & (sure > 0.9)).mean(),
    }
    return {name: round(100 * float(share), 2) for name, share in found.items()}


def _lenets(rates, train, epochs, seeds):
    images, labels = map(np.concatenate, zip(*datasets.digits(), strict=True))
    images = (images - 0.1) / 0.28
    arms = {
        f"{act.kind}, {name}, rate {rate}": (partial(_lenet, act, pool), rate)
        for act in (Tanh, ReLU)
        for name, pool in {"mean": AvgPool2D, "max": MaxPool2D}.items()
        for rate in rates
    }
    found = {}
    for name, (make, rate) in arms.items():
        found[name] = []
        for seed in seeds:
            order = np.random.default_rng(seed).permutation(len(images))
            old, new = order[:train], order[train:]
            net = make()
            fit(net, images[old], labels[old], epochs=epochs, optimiser=SGD(rate), seed=seed, progress=False)
            found[name].append(round(100 * accuracy(net, images[new], labels[new]), 2))
    return found


def _lenet(act, pool):
    """LeNet-5 with 61,706 parameters, whatever its nonlinearity and pools."""
    body = [Conv2D(6, 5, padding=2), act(), pool(), Conv2D(16, 5), act(), pool(), Conv2D(120, 5), act()]
    return Sequential(*body, Flatten(), Dense(84), act(), Dense(10, start=0.1))
