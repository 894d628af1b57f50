"""Live explorers: each a pure state, an explorer that guards it, and a view that computes for itself."""

from .convolution import ConvolutionExplorer
from .explorer import StateError
from .feature_maps import FeatureMapsExplorer
from .inception import InceptionDesigner
from .mixer import ChannelMixer
from .pooling import PoolingExplorer
from .predict import Predict
from .receptive import ReceptiveFieldExplorer
from .sharing import SharingExplorer
from .shift import ShiftExplorer

__all__ = [
    "ChannelMixer",
    "ConvolutionExplorer",
    "FeatureMapsExplorer",
    "InceptionDesigner",
    "PoolingExplorer",
    "Predict",
    "ReceptiveFieldExplorer",
    "SharingExplorer",
    "ShiftExplorer",
    "StateError",
]
