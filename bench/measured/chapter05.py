"""Chapter 5 over more seeds: pools against strides, and a global pool against dense layers.

Each seed draws its training digits from all 5,000 and is tested on others. Every list has one number per seed, the
percentage of new digits that are classified correctly.
"""

from functools import partial

import numpy as np

from convscope import (
    Adam,
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool,
    MaxPool2D,
    ReLU,
    Sequential,
    accuracy,
    datasets,
    fit,
)


def pools_and_strides_6_epochs():
    """Train on 1,000 digits for 6 epochs, ten seeds."""
    return _compared(_SHRINKING, 1000, 6, range(10))


def pools_and_strides_24_epochs():
    """Train on 1,000 digits for 24 epochs, ten seeds."""
    return _compared(_SHRINKING, 1000, 24, range(10))


def pools_and_strides_4000_digits():
    """Train on 4,000 digits for 8 epochs, five seeds."""
    return _compared({name: _SHRINKING[name] for name in ("largest", "first", "first, wider")}, 4000, 8, range(5))


def heads_8_epochs():
    """Put a dense layer, a global mean or a global max on the same convolutions: 1,000 digits, 8 epochs, four seeds."""
    return _heads(8)


def heads_24_epochs():
    """Train the same for 24 epochs."""
    return _heads(24)


class _Doubled(AvgPool2D):
    """Twice the mean: as large as the max where two of four numbers are 0."""

    def _run(self, x, weights, training):
        y, back = super()._run(x, weights, training)
        return 2 * y, lambda grad_y: back(2 * grad_y)


def _shrinking(*pool, stride=1, filters=(8, 16)):
    """Two convolutions, what shrinks each of their outputs, and a dense layer."""
    layers = []
    for count in filters:
        layers += [Conv2D(count, 3, stride=stride, padding=1), ReLU(), *(make(count) for make in pool)]
    return Sequential(*layers, Flatten(), Dense(10))


_SHRINKING = {
    "largest": partial(_shrinking, lambda _: MaxPool2D()),
    "first": partial(_shrinking, stride=2),
    "first, wider": partial(_shrinking, stride=2, filters=(18, 30)),
    "mean": partial(_shrinking, lambda _: AvgPool2D()),
    "mean, doubled": partial(_shrinking, lambda _: _Doubled()),
    "one more convolution": partial(
        _shrinking, lambda count: Conv2D(count, 3, stride=2, padding=1), lambda _: ReLU()
    ),  # after Springenberg et al. 2014
}


def _heads(epochs):
    """Each head at the better of the rates 0.005 and 0.01; digits as they are, and moved by 3 pixels to one side."""
    heads = {
        "dense": ((Flatten, partial(Dense, 10)), 0.005),
        "global mean": ((GlobalAvgPool2D, partial(Dense, 10)), 0.01),
        "global max": ((GlobalMaxPool, partial(Dense, 10)), 0.01),
    }
    images, labels = _digits(14, 20)
    found = {}
    for name, (head, rate) in heads.items():
        each = [
            _percent(_with_head(head), images, labels, 1000, epochs, Adam(rate), seed, moved=True) for seed in range(4)
        ]
        found[name], found[f"{name}, moved by 3 pixels"] = map(list, zip(*each, strict=True))
    return found


def _with_head(head):
    body = []
    for count, pools in zip((16, 32, 32), ([MaxPool2D()], [MaxPool2D()], []), strict=True):
        body += [Conv2D(count, 3, padding=1), ReLU(), *pools]
    return Sequential(*body, *(make() for make in head))


def _digits(size, canvas):
    images, labels = map(np.concatenate, zip(*datasets.digits(size), strict=True))
    return datasets.canvas(images, canvas), labels


def _compared(nets, train, epochs, seeds):
    images, labels = _digits(14, 16)
    return {
        name: [_percent(net(), images, labels, train, epochs, Adam(0.01), seed)[0] for seed in seeds]
        for name, net in nets.items()
    }


def _percent(model, images, labels, train, epochs, optimiser, seed, moved=False):
    """The percentage of new digits that a trained model gets right, and of the same moved by 3 pixels."""
    order = np.random.default_rng(seed).permutation(len(images))
    old, new = order[:train], order[train:]
    fit(model, images[old], labels[old], epochs=epochs, optimiser=optimiser, seed=seed, progress=False)
    found = [100 * accuracy(model, images[new], labels[new])]
    if moved:
        sides = np.array([(0, 3), (0, -3), (3, 0), (-3, 0)])[np.arange(len(new)) % 4]
        found.append(100 * accuracy(model, datasets.shift(images[new], *sides.T), labels[new]))
    return [round(float(percent), 3) for percent in found]
