"""Chapter 06: where the ReLU goes, why half of the edges is not found, and how narrow a waist may be."""

import numpy as np

from convscope import (
    Adam,
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    Tanh,
    accuracy,
    conv2d,
    cross_entropy,
    datasets,
    fit,
    kernels,
    logits,
    summary,
)

PARTS = {
    "conv": lambda: Conv2D(8, 3),
    "1×1": lambda: Conv2D(1, 1),
    "eight 1×1": lambda: Conv2D(8, 1),
    "ReLU": ReLU,
    "Tanh": Tanh,
    "scores": lambda: Conv2D(2, 1),
    "one conv": lambda: Conv2D(2, 3),
}
AFTER = "conv → 1×1 → ReLU → scores"
ORDERS = (
    "one conv",
    "conv → 1×1 → scores",
    AFTER,
    "conv → ReLU → 1×1 → scores",
    "conv → Tanh → 1×1 → scores",
    "conv → eight 1×1 → ReLU → scores",
)


def relu_place():
    """The overlap of each order with both kinds of edges, by seed, as in the chapter; and of one kind without ReLU."""
    _, both, one_kind = _edges()
    found = {order: [_overlap(_marks(_trained(order, both, seed)), both) for seed in range(10)] for order in ORDERS}
    straight = [_trained("conv → 1×1 → scores", one_kind, seed) for seed in range(10)]
    return found | {"one kind": [_overlap(_marks(model), one_kind) for model in straight]}


def why_not_half():
    """20 starts with the ReLU after the 1×1, at a rate of 0.03: overlap, loss, and the share of the map above 0.

    Loss and share are those of the half that was learned from.
    """
    x, both, _ = _edges()
    half, labels = x[..., :48], both[None, :, :46]
    found = {"overlap": [], "loss": [], "above 0": []}
    for seed in range(20):
        model = _trained(AFTER, both, seed, rate=0.03)
        found["overlap"].append(_overlap(_marks(model), both))
        found["loss"].append(float(cross_entropy(logits(model, half), labels)[0]))
        found["above 0"].append(float((Sequential(*model.layers[:-1])(half) > 0).mean()))
    return found


def _edges():
    """The standardised photo, both kinds of its strong edges, and one kind."""
    grey = datasets.kitten(96, grey=True)
    sobel = conv2d(grey, kernels.preset("Sobel x").astype(np.float32) / 4)
    x = ((grey - grey.mean()) / grey.std())[None, None]
    return x, (abs(sobel) > 0.12).astype(int), (sobel > 0.12).astype(int)


def _trained(order, wanted, seed, rate=0.1):
    x, _, _ = _edges()
    model = Sequential(*[PARTS[name]() for name in order.split(" → ")])
    fit(model, x[..., :48], wanted[None, :, :46], steps=250, optimiser=Adam(rate), seed=seed, progress=False)
    return model


def _marks(model):
    return logits(model, _edges()[0]).argmax(axis=1)[0]


def _overlap(marked, wanted):
    marked, wanted = marked[..., 48:] == 1, wanted[..., 48:] == 1
    return 100 * float((marked & wanted).sum() / (marked | wanted).sum())


WIDTH = 32
WAISTS = (16, 8, 4, 2)


def waist():
    """What stands in for a 3×3 convolution in a digit network: its cost, and accuracy by rate and seed.

    1,000 digits for 24 epochs, tested on the 4,000 others; four seeds at each of two rates, so that each network can be
    judged at the one that suits it.
    """
    both = datasets.digits(14)
    images = datasets.canvas(np.concatenate([x for x, _ in both]), 16)
    labels = np.concatenate([y for _, y in both])

    def percent(name, rate, seed):
        order = np.random.default_rng(seed).permutation(len(images))
        old, new = order[:1000], order[1000:]
        model = _digit_net(name)
        fit(model, images[old], labels[old], epochs=24, optimiser=Adam(rate), seed=seed, progress=False)
        return 100 * accuracy(model, images[new], labels[new])

    found = {}
    for name in ("3×3", *map(str, WAISTS), "nothing", "depthwise"):
        cost = summary(_digit_net(name), images.shape[1:])
        found[name] = {"parameters": cost.parameters, "macs": cost.macs}
        found[name] |= {str(rate): [percent(name, rate, seed) for seed in range(4)] for rate in (0.003, 0.01)}
    return found


def _digit_net(middle):
    first = Conv2D(WIDTH, 3, padding=1), ReLU(), MaxPool2D()
    return Sequential(*first, *_middle(middle), MaxPool2D(), Flatten(), Dense(10))


def _middle(name):
    if name == "nothing":
        return []
    if name == "3×3":
        return [Conv2D(WIDTH, 3, padding=1), ReLU()]
    if name == "depthwise":
        return [Conv2D(WIDTH, 3, padding=1, groups=WIDTH), Conv2D(WIDTH, 1), ReLU()]
    waist = int(name)
    return [Conv2D(waist, 1), ReLU(), Conv2D(waist, 3, padding=1), ReLU(), Conv2D(WIDTH, 1), ReLU()]
