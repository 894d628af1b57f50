"""Convolution: how fast a kernel is learned from different images, and whether learned kernels read digits better."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convscope import (
    Adam,
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    accuracy,
    conv2d,
    datasets,
    fit,
    kernels,
)

SIZE, CLOSE = 64, 0.1  # pixels of a side; the share of a kernel's norm by which it may be off
NEVER = 10**12  # steps
RATES = 0.003, 0.01, 0.03  # of Adam


def _steps(image, hidden):
    """Steps of gradient descent from zeros until the kernel is close, at the largest rate at which no direction grows.

    In closed form: a step shrinks what is missing along each eigenvector of the patches' second moments by
    1 − eigenvalue / largest eigenvalue.
    """
    columns = sliding_window_view(image, (3, 3)).reshape(-1, 9).T
    sizes, directions = np.linalg.eigh(columns @ columns.T / columns.shape[1])
    missing, shrinks = directions.T @ hidden.ravel(), 1 - np.clip(sizes / sizes[-1], 0, 1)
    enough, too_few = NEVER, 0
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        is_close = np.linalg.norm(missing * shrinks**middle) <= CLOSE * np.linalg.norm(hidden)
        enough, too_few = (middle, too_few) if is_close else (enough, middle)
    return enough


def steps_from_crops():
    """Sobel x and the Laplacian from 400 crops of the photo, as they are and with their mean subtracted."""
    photo, rng = datasets.kitten(grey=True).astype(float), np.random.default_rng(0)
    corners = rng.integers(0, np.array(photo.shape) - SIZE + 1, size=(400, 2))
    crops = [photo[row : row + SIZE, column : column + SIZE] for row, column in corners]
    found = {}
    for name in ("Sobel x", "Laplacian"):
        hidden = kernels.preset(name)
        found[name] = [_steps(crop, hidden) for crop in crops]
        found[f"{name}, centred"] = [_steps(crop - crop.mean(), hidden) for crop in crops]
    return found


def steps_from_noise():
    """Sobel x from noise of three kinds, 20 seeds: mean 0; 0 to 1; with the mean and spread of the chapter's crop."""
    crop, hidden = datasets.kitten(grey=True)[100:164, 150:214].astype(float), kernels.preset("Sobel x")
    found = {"mean 0": [], "from 0 to 1": [], "mean and spread of the photo": []}
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(size=(SIZE, SIZE))
        even = np.random.default_rng(seed).uniform(size=(SIZE, SIZE))
        for kind, image in zip(found, (noise, even, crop.mean() + crop.std() * noise), strict=True):
            found[kind].append(_steps(image, hidden))
    return found


def _eight_angles():
    """Sobel kernels at eight angles, with the norm that random weights start with."""
    turns = np.arange(8) * np.pi / 4
    x, y = kernels.preset("Sobel x"), kernels.preset("Sobel y")
    return _filters([np.cos(turn) * x + np.sin(turn) * y for turn in turns])


def _presets():
    """A mixed bag of eight: the image itself, a blur, and differences of both signs."""
    names = "identity", "Gaussian", "Sobel x", "Sobel y", "Laplacian"
    each = [kernels.preset(name) for name in names]
    return _filters([*each, *(-kernel for kernel in each[2:])])


def _filters(kernels):
    return np.float32([[np.sqrt(2) * kernel / np.linalg.norm(kernel)] for kernel in kernels])


def _accuracy_with(filters, old, labels, new, truth, *, rate, steps, seed):
    """Accuracy of filters, a ReLU, a pool and a dense layer, all but the filters learned; those, too, if None."""
    head = [ReLU(), MaxPool2D(), Flatten(), Dense(10)]
    if filters is None:
        model = Sequential(Conv2D(8, 3, padding=1, bias=False), *head)
    else:
        model, old, new = Sequential(*head), *(conv2d(x, filters, padding=1) for x in (old, new))
    fit(model, old, labels, steps=steps, optimiser=Adam(rate), seed=seed, progress=False)
    return accuracy(model, new, truth)


def by_hand_or_learned():
    """New digits read correctly, in per cent, by origin of eight filters and by rate: 8 seeds, three training sets."""
    both = datasets.digits(14)
    images = datasets.canvas(np.concatenate([x for x, _ in both]), 16)
    labels = np.concatenate([y for _, y in both])
    found = {}
    for n, steps in ((100, 750), (1000, 750), (4000, 3000)):
        arms = {name: {f"{rate}": [] for rate in RATES} for name in ("random", "Sobel", "mixed", "learned")}
        for seed in range(8):
            order = np.random.default_rng(seed).permutation(len(images))
            old, new = order[:n], order[4000:]
            data = images[old], labels[old], images[new], labels[new]
            drawn = np.float32(np.random.default_rng(seed).normal(size=(8, 1, 3, 3)) * np.sqrt(2 / 9))
            filters = {"random": drawn, "Sobel": _eight_angles(), "mixed": _presets(), "learned": None}
            for name, rates in arms.items():
                for rate in RATES:
                    share = _accuracy_with(filters[name], *data, rate=rate, steps=steps, seed=seed)
                    rates[f"{rate}"].append(round(100 * share, 2))
        found[f"{n:,} digits"] = arms
    return found
