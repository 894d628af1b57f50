"""Chapter 7: one kernel size or two, the rivals of two sizes, and a whole Inception module against one plain layer."""

from functools import partial

import numpy as np

from convscope import (
    Adam,
    Conv2D,
    Dense,
    Flatten,
    GlobalMaxPool,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    accuracy,
    datasets,
    fit,
    logits,
    models,
)

ONE_OR_TWO = {  # filters of each kernel size; all but the one with twice as many have about 950 parameters
    "3×3 and 11×11": {3: 6, 11: 6},
    "9×9": {9: 10},
    "11×11": {11: 7},
    "9×9, twice as many": {9: 20},
    "7×7": {7: 15},
    "3×3": {3: 42},
}
DIGIT_SETS = ("one size", "two sizes, centred", "two sizes, small ones anywhere")


def kernel_sizes():
    """Percentages of small and of large symbols classified correctly, by network, by training symbols, seed by seed."""
    enough = {"600": 16, "1500": 8, "3000": 5}  # seeds
    longer = ("3×3 and 11×11", "9×9", "11×11")
    return {
        name: {
            n: _small_and_large(partial(_reader, filters), int(n), range(seeds))
            for n, seeds in enough.items()
            if n == "600" or name in longer
        }
        for name, filters in ONE_OR_TWO.items()
    }


def learning_rates():
    """The same for 600 symbols, at half the rate and at one and a half times the rate, 8 seeds."""
    return {
        name: {
            str(rate): _small_and_large(partial(_reader, ONE_OR_TWO[name]), 600, range(8), rate)
            for rate in (0.02, 0.06)
        }
        for name in ("3×3 and 11×11", "9×9", "11×11")
    }


def three_layers():
    """The same for three layers of 3×3 with two pools, with dilations 1, 2 and 4, and with neither, by training."""
    nets = {
        "two pools": partial(_deep, pools=True),
        "dilations 1, 2, 4": partial(_deep, (1, 2, 4)),
        "neither": _deep,
    }
    training = {"600, 8 epochs": (600, 8, 8), "600, 24 epochs": (600, 24, 6), "1,500, 8 epochs": (1500, 8, 6)}
    return {
        name: {
            how: _small_and_large(make, n, range(seeds), rate=0.01, epochs=epochs)
            for how, (n, epochs, seeds) in training.items()
        }
        for name, make in nets.items()
    }


def module_on_digits():
    """Percentages of 3,000 new digits that a plain 3×3 layer and an Inception module classify, 8 seeds, in pairs."""
    return {
        world: {
            name: [_digits_correct(middle, world, seed) for seed in range(8)]
            for name, middle in {"plain": _plain, "module": _module}.items()
        }
        for world in DIGIT_SETS
    }


def _reader(filters):
    branches = [Conv2D(n, size, padding="same") for size, n in filters.items()]
    return Sequential(Parallel(*branches), GlobalMaxPool(), ReLU(), Dense(12))


def _deep(dilations=(1, 1, 1), pools=False):
    layers = []
    for dilation in dilations:
        layers += [Conv2D(9, 3, padding="same", dilation=dilation), ReLU()]
        layers += [MaxPool2D()] if pools else []
    return Sequential(*layers[: -1 if pools else None], GlobalMaxPool(), Dense(12))


def _small_and_large(make, n, seeds, rate=0.04, epochs=8):
    found = {"small": [], "large": []}
    for seed in seeds:
        x, labels = datasets.symbols(n, seed=seed)
        new, names = datasets.symbols(2000, seed=1000 + seed)
        net = make()
        fit(net, x, labels, epochs=epochs, optimiser=Adam(rate), seed=seed, progress=False)
        correct, large = logits(net, new).argmax(axis=1) == names, names >= 8
        found["small"].append(round(100 * float(correct[~large].mean()), 2))
        found["large"].append(round(100 * float(correct[large].mean()), 2))
    return found


def _plain():
    return Sequential(Conv2D(22, 3, padding="same"), ReLU())


def _module():
    return models.inception(models.Widths((12, 8, 8), one=6, reduce_three=6, three=12, reduce_five=3, five=6, pool=4))


def _digit_reader(middle):
    return Sequential(Conv2D(12, 3, padding="same"), ReLU(), MaxPool2D(), middle, MaxPool2D(), Flatten(), Dense(10))


def _digits(world, seed):
    """2,000 digits to train on and 3,000 others: of 14 pixels, or every other one of 7 pixels."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(5000)
    large, labels = (np.concatenate(each)[order] for each in zip(*datasets.digits(14), strict=True))
    if world == "one size":
        x = datasets.canvas(large, 16)
    else:
        x = datasets.canvas(large, 20)
        small = datasets.canvas(np.concatenate([each for each, _ in datasets.digits(7)])[order], 20)
        if world == "two sizes, small ones anywhere":
            small = datasets.shift(small, *rng.integers(-6, 8, (2, len(small))))  # 6 blank rows above, 7 below
        x[::2] = small[::2]
    return x[:2000], labels[:2000], x[2000:], labels[2000:]


def _digits_correct(middle, world, seed):
    x, labels, new, names = _digits(world, seed)
    net = _digit_reader(middle())
    fit(net, x, labels, epochs=8, optimiser=Adam(5e-3), seed=seed, progress=False)
    return round(100 * accuracy(net, new, names), 2)
