"""The network explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from collections.abc import Sequence as Several

import numpy as np
from numpy.typing import ArrayLike
from traitlets import Dict

from ...layers import Sequential
from ..explorer import Explorer, Result, Setting, StateError, described
from ..modules import joined
from .net.layers import all_weights
from .state import EXAMPLE, NetworkState, private


class _Model(Setting):
    """The network on show: reading it gives a copy, to train or to keep."""

    def read(self, state):
        return private(state.model)


class _Edits(Setting):
    def read(self, state):
        return dict(state.edits)


class _Drawings(Setting):
    """Drawings that were kept: their images, (drawing, channel, row, column), and their labels."""

    def read(self, state):
        labels, pixels = [label for label, _ in state.drawings], b"".join(each for _, each in state.drawings)
        shape = (len(labels), *state.stages[0].shape)
        return np.float32(np.frombuffer(pixels, np.uint8).reshape(shape) / 255), np.array(labels, int)


class NetworkExplorer(Explorer):
    """Draw an image and watch every unit of every layer of a network answer; follow any number down to its pixels.

    model: a `Sequential` of Conv2D, MaxPool2D, AvgPool2D, GlobalAvgPool2D, ReLU, Tanh, Flatten, Dense and Dropout that
        ends in scores, one for each class; at most 12 layers, activations aside, and 262,144 weights. Without one:
        `models.trained_digit_net()`.
    image: the number of an example, or an array (row, column) or (channel, row, column) of the size of the examples, at
        most 64 pixels a side.
    classes: names, one for each score; by default their numbers.
    examples: (images, labels), at most 200, to choose from; by default test digits: of each class three that the model
        classifies correctly, and at most twelve others that it does not.
    move (rows, columns), turn (degrees counter-clockwise), noise (0 to 100) and inverted: what is done to the image.
    edits: weights in place of the model's, {(layer, map, channel, row, column): value}, and biases, {(layer, map):
        value}; layers count from 1, activations aside. unit: the marked one, (layer, map, row, column), or None.
    drawings: those that were kept, (images, labels), as `fit` takes them; at most 40.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once. Setting `model` shows another
    network; reading it gives a copy with the edits in it. `input` is the image as it goes in, `scores` and
    `probabilities` what comes out, (class,). What cannot be raises StateError, and the explorer stays as it was.
    """

    _esm = joined("network/scene.js")
    options = ("_networks", "_pictures")

    model, edits, drawings = _Model(), _Edits(), _Drawings()
    image, unit, move, turn, noise, inverted = Setting.several(6)
    input, scores, probabilities = Result(), Result(), Result()
    _networks = Dict().tag(sync=True)  # stages and weights, by their key

    def __init__(
        self,
        model: Sequential | None = None,
        image: int | ArrayLike = 0,
        *,
        classes: Several[str] | None = None,
        examples: tuple[ArrayLike, ArrayLike] | None = None,
        **settings,
    ):
        self._known = {}  # all networks that there ever were: undo leads back
        try:
            start = NetworkState.start(model, examples, classes)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None
        super().__init__(
            start,
            {"image": image, **settings},
            options={"classes": list(start.names), "labels": list(start.labels), "is_usual": model is None},
            pictures={f"{EXAMPLE}{i}": _small(image) for i, image in enumerate(start.examples)},
        )

    def _arrays(self, told):
        return self._known | super()._arrays(told)

    def _say(self, state, told=None, **refusal):
        """What the settings call by a key goes ahead of them; the network of the start stays, for a reset."""
        networks = {each.key: each for each in (self._start.network, state.network)}
        self._known |= networks
        if networks.keys() != self._networks.keys():
            self._networks = {key: _described(network) for key, network in networks.items()}
        super()._say(state, told, **refusal)


def _described(network):
    learned = described(all_weights(network.model, network.stages))
    return {"stages": [stage.plain() for stage in network.stages], "weights": learned}


def _small(image):
    """An image of whole 255ths, as digits are, in bytes: a quarter of what it else takes on a page."""
    parts = np.uint8(np.rint(255 * image.clip(0, 1)))
    return parts if np.array_equal(np.float32(parts) / np.float32(255), image) else image
