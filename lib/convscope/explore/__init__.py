"""Live explorers: each a pure state, an explorer that guards it, and a view that computes for itself."""

from .convolution.explorer import ConvolutionExplorer
from .explorer import StateError
from .feature_maps.explorer import FeatureMapsExplorer
from .inception.explorer import InceptionDesigner
from .mixer.explorer import ChannelMixer
from .network.explorer import NetworkExplorer
from .pooling.explorer import PoolingExplorer
from .predict.predict import Predict
from .receptive.explorer import ReceptiveFieldExplorer
from .sharing.explorer import SharingExplorer
from .shift.explorer import ShiftExplorer
from .training.explorer import TrainingExplorer

__all__ = [
    "ChannelMixer",
    "ConvolutionExplorer",
    "FeatureMapsExplorer",
    "InceptionDesigner",
    "NetworkExplorer",
    "PoolingExplorer",
    "Predict",
    "ReceptiveFieldExplorer",
    "SharingExplorer",
    "ShiftExplorer",
    "StateError",
    "TrainingExplorer",
]
