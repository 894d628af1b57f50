"""ConvScope: convolutional networks that you can touch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from . import arguments, geometry, layers, models, ops, words
from .geometry import IntPair, Padding, output_size, padding_amounts, receptive_field, window_indices
from .layers import *  # noqa: F403
from .ops import *  # noqa: F403

__all__ = [
    "IntPair",
    "Padding",
    "arguments",
    "geometry",
    "layers",
    "models",
    "ops",
    "output_size",
    "padding_amounts",
    "receptive_field",
    "window_indices",
    "words",
]
__all__ += layers.__all__
__all__ += ops.__all__

__version__ = "0.1.0"

if TYPE_CHECKING:
    from . import check, datasets, explore, figures, kept, kernels, ready, reference, style, training, watch
    from .explore import (
        ChannelMixer,
        ConvolutionExplorer,
        FeatureMapsExplorer,
        InceptionDesigner,
        NetworkExplorer,
        PoolingExplorer,
        Predict,
        ReceptiveFieldExplorer,
        SharingExplorer,
        ShiftExplorer,
        StateError,
        TrainingExplorer,
    )
    from .training import SGD, Adam, accuracy, cross_entropy, fit, logits, softmax

# What needs more than NumPy is imported when it is first asked for, so that `import convscope` stays quick.
_LAZY = {
    **dict.fromkeys("check datasets explore figures kept kernels ready reference style training watch".split()),
    **dict.fromkeys(
        "ChannelMixer ConvolutionExplorer FeatureMapsExplorer InceptionDesigner NetworkExplorer PoolingExplorer "
        "Predict ReceptiveFieldExplorer SharingExplorer ShiftExplorer StateError TrainingExplorer".split(),
        "explore",
    ),
    **dict.fromkeys("SGD Adam accuracy cross_entropy fit logits softmax".split(), "training"),
}
__all__ += _LAZY


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _LAZY[name]
    return getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)


def __dir__():
    return sorted({*__all__, *[name for name in globals() if name.startswith("__")]})
