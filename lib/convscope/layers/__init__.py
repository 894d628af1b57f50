"""Layers: each is a function of arrays, its gradient, and the weights that it learns.

A network is a layer too: `Sequential` passes each layer's output to the next, `Parallel` puts layers side by side.
"""

from .base import Layer
from .containers import Parallel, Sequential
from .convolution import Conv1D, Conv2D
from .dense import Dense, Flatten
from .pointwise import Dropout, ReLU, Tanh
from .pooling import AvgPool2D, GlobalAvgPool2D, GlobalMaxPool, MaxPool2D, Subsample2D
from .saving import load, save
from .summary import summary

__all__ = [
    "AvgPool2D",
    "Conv1D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2D",
    "GlobalMaxPool",
    "Layer",
    "MaxPool2D",
    "Parallel",
    "ReLU",
    "Sequential",
    "Subsample2D",
    "Tanh",
    "load",
    "save",
    "summary",
]
