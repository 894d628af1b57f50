"""The feature-maps explorer: a state, its settings as traits, and its view."""

from __future__ import annotations

from numpy.typing import ArrayLike
from traitlets import Dict

from ..arrays import PICTURES, picture
from ..explorer import Explorer, Result, Setting, described
from ..modules import joined
from .state import FeatureMapsState

CONTROLS = ["image", "layer", "kind", "maps", "kernel_size", "stride"]  # in sight


class FeatureMapsExplorer(Explorer):
    """Send a picture through a stack of layers; choose any unit of any map, and see what it sees and what made it.

    model: a `Sequential`, or a list of layers, at most 8 that make at most 128 maps each. Left out is all from the
        first layer on that makes no maps (Flatten, Dense …); the sentence says so. Weights that it has are copied; a
        layer not built yet starts with edges, bells and corners, mixed by fixed random numbers further up. Without a
        model: convolutions of 4 and 9 maps with a max pool between.
    image: as for `ConvolutionExplorer`. layer: the number of the chosen layer, from 1.
    kind ("conv", "max pool" or "average pool"), kernel_size and stride (1 to 11, an int or (rows, columns)), padding,
        maps (1 to 128) and activation ("none", "ReLU" or "tanh"): of the chosen layer.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once, the layer first; `layers`
    takes another model; `output` is the chosen layer's maps. What cannot be raises StateError, and the explorer stays
    as it was. Without Python, a view shows all layers but those that only Python can run: such as have branches, or
    learned weights beyond 262,144 in all.
    """

    _esm = joined("feature_maps/scene.js")
    options = ("_weights",)

    image, layers, layer, kind, kernel_size = Setting.several(5)
    stride, padding, maps, activation = Setting.several(4)
    output = Result()
    _weights = Dict().tag(sync=True)  # kernels and biases that were learned, by their key

    def __init__(self, model=None, image: ArrayLike = "kitten", **settings):
        self._known = {}  # all learned weights and all layers for Python alone that there ever were: undo leads back
        changes = {"image": image, **settings} if model is None else {"layers": model, "image": image, **settings}
        pictures = {name: picture(name)[0] for name in PICTURES}
        super().__init__(FeatureMapsState.start(), changes, options={"controls": CONTROLS}, pictures=pictures)

    def _arrays(self, told):
        return self._known | super()._arrays(told)

    def _say(self, state, told=None, **refusal):
        """What the settings call by a key goes ahead of them."""
        self._known |= {layer.key: layer.layer or layer.weights for layer in state.layers if layer.key}
        learned = {layer.key: layer.weights for layer in state.layers if layer.weights}
        if learned.keys() != self._weights.keys():
            self._weights = {
                key: {
                    "kernels": described(each.kernels.reshape(-1, *each.kernels.shape[2:])),
                    "bias": each.bias.tolist(),
                }
                for key, each in learned.items()
            }
        super()._say(state, told, **refusal)
