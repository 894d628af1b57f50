"""Chapter 8: the small network over three seeds, and where it fails."""

from pathlib import Path

import convscope
from convscope import Adam, accuracy, datasets, fit, models, save

KEPT = Path(convscope.__file__).parent / "data" / "digit_net.npz"  # what `models.trained_digit_net` reads


def digit_net():
    """Percentages of the test digits that the small network classifies correctly, 3 seeds; the last one is kept."""
    nets = [_trained(seed) for seed in range(3)]
    save(nets[-1], KEPT)
    return {"test": [round(100 * accuracy(net, *datasets.digits()[1]), 2) for net in nets]}


def _trained(seed):
    net = models.digit_net()
    fit(net, *datasets.digits()[0], epochs=15, optimiser=Adam(0.003), seed=seed, progress=False)
    return net
