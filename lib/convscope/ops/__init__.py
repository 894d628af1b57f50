"""Arrays in, arrays out: convolution and pooling, forward and backward, without a loop over pixels.

`convscope.reference` says what each of these means, in plain loops; here the same numbers come fast, in bounded memory.
"""

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
