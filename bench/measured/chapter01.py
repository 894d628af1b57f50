"""Chapter 01: letters in grey and in colour, with more seeds, rates and networks than the chapter has time for.

Accuracies are per cent of 1,000 new letters unless a docstring says otherwise, in lists of one number a seed.
"""

from contextlib import suppress

import numpy as np

from convscope import SGD, Conv2D, Dense, Dropout, Flatten, ReLU, Sequential, accuracy, fit, logits
from convscope.datasets import LUMA, colour_pairs, grey, letters, standardise


def crossing(seeds=10):
    """Return the accuracy in grey and in colour by the number of letters, after 1,600 steps: seed, size."""
    sizes = [30, 100, 300, 1000, 3000]
    found = {
        name: [[_percent(view, n, seed, steps=1600) for n in sizes] for seed in range(seeds)]
        for name, view in VIEWS.items()
    }
    return {"letters": sizes, **found}


def lightness(seeds=6):
    """Return the accuracy after 3,000 letters and 1,600 steps, by how far ink and paper differ in lightness."""
    limits = [0, 0.05, 0.1, 0.2, 1]
    found = {"limits": limits, "share": [], **{name: [] for name in VIEWS}}
    for seed in range(seeds):
        ink, paper = colour_pairs(1000, seed=1000 + seed)
        band = np.digitize(abs((ink - paper) @ LUMA), limits) - 1
        found["share"].append([100 * float((band == each).mean()) for each in range(4)])
        for name, view in VIEWS.items():
            correct = _correct(view, 3000, seed, steps=1600)
            found[name].append([100 * float(correct[band == each].mean()) for each in range(4)])
    return found


def rates(seeds=6):
    """Return the accuracy with few letters and with many, by the rate, after 800 steps: rate, seed.

    A run that breaks, as single ones do at 0.2, counts as the guess that it started from.
    """
    found = {"rate": [0.025, 0.05, 0.1, 0.2]}
    for n in (300, 3000):
        for name, view in VIEWS.items():
            found[f"{n} {name}"] = [
                [_percent(view, n, seed, rate=rate) for seed in range(seeds)] for rate in found["rate"]
            ]
    return found


def narrowing(seeds=6):
    """Return what narrows the gap between old letters and new: the accuracy on both, 100 and 300 letters in colour."""
    networks = {
        "as it is": _network,
        "8 units": lambda: _network(units=8),
        "256 units": lambda: _network(units=256),
        "dropout": lambda: _network(after=(Dropout(0.5),)),
        "three weights": _mixing,
        "grey": _network,
    }
    found = {}
    for n in (100, 300):
        for name, network in networks.items():
            view = grey if name == "grey" else _colour
            pairs = [_old_and_new(view, n, seed, network()) for seed in range(seeds)]
            found[f"{n} {name}"] = {"old": [old for old, _ in pairs], "new": [new for _, new in pairs]}
    return found


def gap(seeds=6):
    """Return the accuracy on old letters and on new after 800 steps at a steady rate, by the number of letters."""
    found = {"letters": [30, 100, 300, 1000, 3000]}
    for name, view in VIEWS.items():
        pairs = [[_old_and_new(view, n, seed, _network()) for seed in range(seeds)] for n in found["letters"]]
        for place, which in enumerate(("old", "new")):
            found[f"{name} {which}"] = [[pair[place] for pair in each] for each in pairs]
    return found


def three_weights(seeds=6):
    """Return the accuracy in colour, through one learned mix of the channels, and in grey, with few and many letters.

    1,600 steps at a rate of 0.02: at 0.05 single runs with a learned mix break.
    """
    arms = {"colour": (_colour, _network), "three weights": (_colour, _mixing), "grey": (grey, _network)}
    how = {"steps": 1600, "rate": 0.02}
    return {
        f"{n} {name}": [_percent(view, n, seed, network=network, **how) for seed in range(seeds)]
        for n in (300, 3000)
        for name, (view, network) in arms.items()
    }


def hidden(seeds=3):
    """Return the mixes that were found in 300 letters, as shares, by the mix that was hidden: seed, channel."""
    mixes = {"grey": LUMA, "blue": (0.1, 0.1, 0.8), "red": (1, 0, 0), "less green": (0.6, -0.2, 0.2)}
    return {
        name: {"hidden": _shares(mix).tolist(), "found": [_found(_shares(mix), seed).tolist() for seed in range(seeds)]}
        for name, mix in mixes.items()
    }


def rivals(seeds=3, tries=100_000):
    """Return the per cent of random mixes in which all of 300 letters are dark on light, and clearly so."""
    found = {"dark": [], "clearly dark": []}
    for seed in range(seeds):
        ink, paper = colour_pairs(300, darker=0.25, mix=_shares((0.3, 0, 0.7)), seed=seed)
        tried = np.random.default_rng(seed).normal(size=(tries, 3)).astype(np.float32)
        tried /= abs(tried).sum(axis=1, keepdims=True)
        least = np.concatenate([((paper - ink) @ part.T).min(axis=0) for part in np.split(tried, 100)])
        found["dark"].append(100 * float((least > 0).mean()))
        found["clearly dark"].append(100 * float((least > 0.15).mean()))
    return found


def _colour(x):
    return x


VIEWS = {"grey": grey, "colour": _colour}


def _network(*front, units=64, after=()):
    return Sequential(*front, Flatten(), Dense(units), ReLU(), *after, Dense(10))


def _mixing():
    return _network(Conv2D(1, 1))


def _task(view, n, seed, new=1000):
    (x, labels), (x_new, answers) = letters(n, seed=seed), letters(new, seed=1000 + seed)
    return *standardise(view(x), view(x_new)), labels, answers


def _correct(view, n, seed, network=_network, steps=800, rate=0.05):
    x, new, labels, answers = _task(view, n, seed)
    model = network()
    with suppress(FloatingPointError):  # a run that breaks leaves its weights as they were: a guess
        fit(model, x, labels, steps=steps, batch=64, optimiser=SGD(rate), seed=seed, progress=False)
    return logits(model, new).argmax(axis=1) == answers


def _percent(*args, **settings):
    return 100 * float(_correct(*args, **settings).mean())


def _old_and_new(view, n, seed, model):
    """The accuracy on old letters and on 2,000 new ones, at the small steady rate at which no run breaks."""
    x, new, labels, answers = _task(view, n, seed, new=2000)
    fit(model, x, labels, steps=800, batch=64, optimiser=SGD(0.01), decay=False, seed=seed, progress=False)
    return 100 * accuracy(model, x, labels), 100 * accuracy(model, new, answers)


def _shares(mix):
    mix = np.array(mix, dtype=float)
    return mix / abs(mix).sum()


def _found(mix, seed):
    ink, paper = colour_pairs(300, darker=0.25, mix=mix, seed=seed)
    x, labels = letters(300, ink=ink, paper=paper, seed=seed)
    model, how = _mixing(), {"optimiser": SGD(0.03), "decay": False}
    fit(model, standardise(x), labels, steps=400, batch=64, seed=seed, progress=False, **how)
    weights = _shares(model.layers[0].parameters["kernels"].ravel())
    return weights * np.sign(weights @ mix)
