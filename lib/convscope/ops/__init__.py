"""Convolution and pooling as functions of arrays, forward and backward, without a loop over pixels.

`convscope.reference` computes the same numbers with plain loops, which are easier to read. Here they come fast, and
with little memory beyond input and output.

Read `conv2d` and `conv2d_backward` in convolution.py first, then `gather` and `scatter` in windows.py, which they call.
Pooling lets the same windows slide, and arrays.py checks what comes in.
"""

from ..arguments import with_known_arguments
from .convolution import conv1d, conv1d_backward, conv2d, conv2d_backward, conv_transpose2d
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
]


def _public(function):
    """Return an operation that refuses unknown arguments, and that pickle finds here."""
    checked = with_known_arguments(function)
    checked.__module__ = __name__
    return checked


globals().update({name: _public(globals()[name]) for name in __all__})
