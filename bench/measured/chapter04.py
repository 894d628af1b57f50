"""Chapter 4: how much gradient an activation function lets back, and what a network learns with it."""

import numpy as np

from convscope import Adam, Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU, Sequential, Tanh, accuracy, datasets, fit
from convscope.training import cross_entropy

SEEDS, RATES = range(5), (0.001, 0.003, 0.01, 0.03, 0.1)


class _Sigmoid(Layer):
    """1 / (1 + e^−x), between 0 and 1."""

    kind = "sigmoid"
    gain = 1.0

    def _run(self, x, weights, training):
        y = 1 / (1 + np.exp(-x))
        return y, lambda grad_y: (grad_y * y * (1 - y), {})


_ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "sigmoid": _Sigmoid}


def _network(activation):
    layers = []
    for maps in (8, 16, 32):
        layers += [Conv2D(maps, 3, padding="same"), activation(), MaxPool2D(2)]
    return Sequential(*layers[:-1], Flatten(), Dense(10))


def _digits(seed):
    """Return 1,000 digits to learn from and 1,000 others, drawn for this seed from all 5,000, on 16×16 pixels."""
    both = datasets.digits(14)
    images = (datasets.canvas(np.concatenate([x for x, _ in both]), 16) - 0.1) / 0.28
    labels = np.concatenate([y for _, y in both])
    order = np.random.default_rng(seed).permutation(len(images))
    return [(images[chosen], labels[chosen]) for chosen in (order[:1000], order[1000:2000])]


def _trained(activation, rate, seed, epochs):
    """Return (per cent of new digits correct, units that are 0 for each of them) after training."""
    (old, old_labels), (new, new_labels) = _digits(seed)
    model = _network(activation)
    fit(model, old, old_labels, epochs=epochs, optimiser=Adam(rate), seed=seed, progress=False)
    dead, x = 0, new
    for layer in model.layers:
        x = layer(x)
        dead += int((x == 0).all(axis=(0, 2, 3)).sum()) if layer.kind in _ACTIVATIONS else 0
    return 100 * accuracy(model, new, new_labels), dead


def _first_gradient(activation, seed):
    """Return the norm of the first layer's gradient before training, as a fraction of its weights' norm."""
    (images, labels), _ = _digits(seed)
    model = _network(activation).build(images.shape[1:], seed)
    _, grad_y = cross_entropy(model(images[:256]), labels[:256])
    model.backward(grad_y)
    first = model.layers[0]
    return float(np.linalg.norm(first.gradients["kernels"]) / np.linalg.norm(first.parameters["kernels"]))


def activations():
    """Measure three activation functions, each at the best of five rates of Adam, with five seeds."""
    found = {}
    for name, activation in _ACTIVATIONS.items():
        runs = {rate: [_trained(activation, rate, seed, 8) for seed in SEEDS] for rate in RATES}
        best = max(RATES, key=lambda rate: np.mean([correct for correct, _ in runs[rate]]))
        found |= {f"{name} rate": best, f"{name} correct": [correct for correct, _ in runs[best]]}
        found[f"{name} gradient"] = [_first_gradient(activation, seed) for seed in SEEDS]
        if name == "relu":
            found |= {f"relu dead at {rate}": [dead for _, dead in runs[rate]] for rate in RATES}
    found["sigmoid longer"] = [_trained(_Sigmoid, 0.003, seed, 32)[0] for seed in SEEDS]
    return found
