"""ConvScope: convolutional networks that you can touch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from . import arguments, geometry, layers, models, ops, words
from .geometry import IntPair, Padding, output_size, padding_amounts, receptive_field, window_indices
from .layers import (
    AvgPool2D,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool,
    Layer,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    Subsample2D,
    Tanh,
    load,
    save,
    summary,
)
from .ops import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

__all__ = [
    "AvgPool2D",
    "Conv1D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2D",
    "GlobalMaxPool",
    "IntPair",
    "Layer",
    "MaxPool2D",
    "Padding",
    "Parallel",
    "ReLU",
    "Sequential",
    "Subsample2D",
    "Tanh",
    "arguments",
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "geometry",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "layers",
    "load",
    "max_pool2d",
    "max_pool2d_backward",
    "models",
    "ops",
    "output_size",
    "padding_amounts",
    "receptive_field",
    "save",
    "summary",
    "window_indices",
    "words",
]

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
