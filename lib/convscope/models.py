"""Networks that made history, layer by layer; they need no memory until they are built."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .arguments import flag, meant
from .geometry import IntPair, Padding
from .layers import (
    AvgPool2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    Subsample2D,
    Tanh,
    load,
)
from .ops.arrays import numbers, sum_in_double
from .words import refusal

POOLS = {"max": MaxPool2D, "average": AvgPool2D}

# The maps of S2 that each of the sixteen filters of C3 reads (LeCun et al. 1998, table I).
C3_READS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)


def digit_net(kernel_size: IntPair = 5, pool: str = "max") -> Sequential:
    """Return the small network of chapter 8, for digits of (1, 28, 28): 2,202 parameters, and maps that one can follow.

    kernel_size: of both convolutions. pool: "max" or "average", 2×2.
    """
    if pool not in POOLS:
        raise ValueError(f"pool must be one of {', '.join(POOLS)}; got {pool!r}.{meant(pool, POOLS)}")
    return Sequential(
        Conv2D(4, kernel_size),
        ReLU(),
        POOLS[pool](),
        Conv2D(8, kernel_size),
        ReLU(),
        POOLS[pool](),
        Flatten(),
        Dense(10),
    ).named("digit network")


def trained_digit_net() -> Sequential:
    """Return a new `digit_net` with weights from training; it classifies 96 to 97% of new digits correctly.

    `make results` trains it, by `digit_net` in bench/measured/chapter08.py.
    """
    with as_file(files("convscope") / "data" / "digit_net.npz") as file:
        return load(digit_net(), file)


def lenet5_1998() -> Sequential:
    """Return LeNet-5 as it was, for images of (1, 32, 32): 60,000 parameters, 340,908 connections.

    Its scores are the paper's distances with the sign changed, see `Codes`.
    Source: LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", section
    II.B.
    """
    table = np.array([[channel in reads for channel in range(6)] for reads in C3_READS])
    return Sequential(
        Conv2D(6, 5).named("C1"),
        _squash(),
        Subsample2D().named("S2"),
        _squash(),
        Conv2D(16, 5, connections=table).named("C3"),
        _squash(),
        Subsample2D().named("S4"),
        _squash(),
        Conv2D(120, 5).named("C5"),
        _squash(),
        Flatten(),
        Dense(84).named("F6"),
        _squash(),
        Codes(digit_codes()).named("output"),
    ).named("LeNet-5 (1998)")


def lenet5(padding: Padding = 0) -> Sequential:
    """Return LeNet-5 as it is built today, for images of (1, 32, 32): 61,706 parameters.

    padding: zeros around the image, as for `Conv2D`; 2 for digits of 28 × 28.
    Unlike LeCun et al. 1998 it has ReLUs, max pools, filters that read every map, and a dense layer at the end.
    """
    return Sequential(
        Conv2D(6, 5, padding=padding).named("C1"),
        ReLU(),
        MaxPool2D().named("S2"),
        Conv2D(16, 5).named("C3"),
        ReLU(),
        MaxPool2D().named("S4"),
        Conv2D(120, 5).named("C5"),
        ReLU(),
        Flatten(),
        Dense(84).named("F6"),
        ReLU(),
        Dense(10, start=0.1).named("output"),
    ).named("LeNet-5")


def alexnet(groups: int = 2) -> Sequential:
    """Return AlexNet, for images of (3, 227, 227) and 1,000 classes, without its local response normalisation.

    groups: 2, because each of the paper's two graphics cards held half of the maps (60,965,224 parameters), or 1
        (62,378,344).
    The paper says 224 pixels, but without padding that would give (224 − 11) / 4 + 1 = 54.25 positions.
    Source: Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep convolutional neural networks".
    """
    return Sequential(
        Conv2D(96, 11, stride=4).named("conv1"),
        ReLU(),
        MaxPool2D(3, stride=2),
        Conv2D(256, 5, padding=2, groups=groups).named("conv2"),
        ReLU(),
        MaxPool2D(3, stride=2),
        Conv2D(384, 3, padding=1).named("conv3"),
        ReLU(),
        Conv2D(384, 3, padding=1, groups=groups).named("conv4"),
        ReLU(),
        Conv2D(256, 3, padding=1, groups=groups).named("conv5"),
        ReLU(),
        MaxPool2D(3, stride=2),
        Flatten(),
        Dense(4096).named("fc6"),
        ReLU(),
        Dropout(),
        Dense(4096).named("fc7"),
        ReLU(),
        Dropout(),
        Dense(1000).named("fc8"),
    ).named("AlexNet")


class Widths(NamedTuple):
    """The input shape of an Inception module, (channel, row, column), and its number of filters of each kind."""

    input_shape: tuple[int, int, int]
    one: int  # 1×1
    reduce_three: int  # 1×1 before 3×3
    three: int
    reduce_five: int  # 1×1 before 5×5
    five: int
    pool: int  # 1×1 after the pool


# The nine modules of GoogLeNet (Szegedy et al. 2014, table 1).
GOOGLENET = {
    "3a": Widths((192, 28, 28), 64, 96, 128, 16, 32, 32),
    "3b": Widths((256, 28, 28), 128, 128, 192, 32, 96, 64),
    "4a": Widths((480, 14, 14), 192, 96, 208, 16, 48, 64),
    "4b": Widths((512, 14, 14), 160, 112, 224, 24, 64, 64),
    "4c": Widths((512, 14, 14), 128, 128, 256, 24, 64, 64),
    "4d": Widths((512, 14, 14), 112, 144, 288, 32, 64, 64),
    "4e": Widths((528, 14, 14), 256, 160, 320, 32, 128, 128),
    "5a": Widths((832, 7, 7), 256, 160, 320, 32, 128, 128),
    "5b": Widths((832, 7, 7), 384, 192, 384, 48, 128, 128),
}


def inception(widths: str | Sequence, naive: bool = False, bias: bool = True) -> Parallel:
    """Return an Inception module: 1×1, 3×3, 5×5 convolutions and a pool side by side, concatenated along depth.

    widths: the name of one of GoogLeNet's modules, "3a" to "5b", or `Widths`. If `one`, `three` or `five` is 0, its
        branch is left out; if `reduce_three`, `reduce_five` or `pool` is 0, only that 1×1 convolution is left out.
    naive: True to leave out the 1×1 convolutions before 3×3 and 5×5 and after the pool.
    bias: False for convolutions without biases, which the paper does not count.
    Raises ValueError if `one`, `three` and `five` are all 0, or for an unknown name.
    Source: Szegedy et al. 2014, "Going deeper with convolutions", figure 2.
    """
    name = f"inception {widths}" if isinstance(widths, str) else "inception"
    widths = _widths(widths)
    if flag("naive", naive):
        widths = widths._replace(reduce_three=0, reduce_five=0, pool=0)
    if widths.one == widths.three == widths.five == 0:
        raise ValueError(refusal("no module"))
    branches = {
        "1×1": _conv(widths.one, 1, bias),
        "3×3": [*_conv(widths.reduce_three, 1, bias), *_conv(widths.three, 3, bias)] if widths.three else [],
        "5×5": [*_conv(widths.reduce_five, 1, bias), *_conv(widths.five, 5, bias)] if widths.five else [],
        "pool": [MaxPool2D(3, stride=1, padding="same"), *_conv(widths.pool, 1, bias)],
    }
    module = Parallel(*[Sequential(*layers).named(label) for label, layers in branches.items() if layers])
    return module.named(f"naive {name}" if naive else name)


class Codes(Layer):
    """A layer that compares its input with fixed codes: each score is minus the squared distance. It learns nothing.

    codes: (class, feature).
    The output of LeNet-5 (radial basis functions) is the distance itself. With the sign changed, the largest score
    gives the class, as in other networks, and softmax cross-entropy is the paper's equation 9 without its constant.
    """

    takes = (("feature",),)
    kind = "codes"
    gain = 1.0

    def __init__(self, codes: ArrayLike):
        self.codes = numbers("codes", codes).astype(np.float32)
        if self.codes.ndim != 2:
            raise ValueError(f"codes must be (class, feature); got shape {self.codes.shape}.")

    def window(self, axis):
        return None

    def macs(self, input_shape):
        """Return the multiply–adds for one input: one square for each class and feature."""
        self.output_shape(input_shape)
        return self.codes.size

    connections = macs

    def _run(self, x, weights, training):
        if x.shape[1] != self.codes.shape[1]:
            raise ValueError(f"{self.name} takes {self.codes.shape[1]} features; got x of shape {x.shape}.")
        apart = self.codes - x[:, None]
        distances = sum_in_double(apart * apart, 2)
        return -distances, lambda grad_y: (2 * sum_in_double(grad_y[:, :, None] * apart, 1), {})


def digit_codes() -> np.ndarray:
    """Return the ten digits as images of 7 × 12 pixels, ink +1 and paper −1, one in each row: (10, 84).

    LeCun et al. 1998 use such stylised images as codes (their figure 3), so that digits which look alike have similar
    codes. These were drawn for this course.
    """
    bands = [zip(*map(str.split, band.strip().splitlines()), strict=True) for band in _DIGITS.split("\n\n")]
    pictures = ["".join(rows) for band in bands for rows in band]
    return np.array([[1 if pixel == "#" else -1 for pixel in picture] for picture in pictures], np.float32)


_DIGITS = """
....... ....... ....... ....... .......
..###.. ...##.. .#####. .#####. ....##.
.##.##. ..###.. ##...## ##...## ...###.
##...## .####.. ##...## .....## ..####.
##...## ...##.. .....## .....## .##.##.
##...## ...##.. ....##. ..####. ##..##.
##...## ...##.. ...##.. .....## ##..##.
##...## ...##.. ..##... .....## #######
##...## ...##.. .##.... .....## ....##.
.##.##. ...##.. ##..... ##...## ....##.
..###.. .###### ####### .#####. ....##.
....... ....... ....... ....... .......

....... ....... ....... ....... .......
####### ..####. ####### .#####. .#####.
##..... .##.... .....## ##...## ##...##
##..... ##..... .....## ##...## ##...##
######. ##..... ....##. ##...## ##...##
##...## ######. ....##. .#####. ##...##
.....## ##...## ...##.. ##...## .######
.....## ##...## ...##.. ##...## .....##
.....## ##...## ..##... ##...## .....##
##...## ##...## ..##... ##...## ....##.
.#####. .#####. ..##... .#####. .####..
....... ....... ....... ....... .......
"""


def _squash() -> Tanh:
    """Return the layer 1.7159 · tanh(2/3 · x) (LeCun et al. 1998, appendix A)."""
    return Tanh(1.7159, 2 / 3)


def _conv(width: int, size: int, bias: bool) -> list[Layer]:
    return [Conv2D(width, size, padding="same", bias=bias), ReLU()] if width else []


def _widths(widths) -> Widths:
    if isinstance(widths, str):
        if widths not in GOOGLENET:
            raise ValueError(
                f"widths must be one of {', '.join(GOOGLENET)}, or Widths; got {widths!r}.{meant(widths, GOOGLENET)}"
            )
        return GOOGLENET[widths]
    try:
        return Widths(*widths)
    except TypeError:
        raise TypeError(f"widths must be a name or {', '.join(Widths._fields)}; got {widths!r}.") from None
