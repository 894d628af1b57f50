"""Live explorers: a pure state, traits that guard it, and one view that draws it."""

from .bundle import display_alive
from .chart import Bars, Block, Blocks, ChartView, Curves
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
    "Bars",
    "Block",
    "Blocks",
    "ChannelMixer",
    "ChartView",
    "ConvolutionExplorer",
    "Curves",
    "FeatureMapsExplorer",
    "InceptionDesigner",
    "PoolingExplorer",
    "Predict",
    "ReceptiveFieldExplorer",
    "SharingExplorer",
    "ShiftExplorer",
    "StateError",
    "display_alive",
]
