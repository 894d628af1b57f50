"""A picture, or its feature map, and the window that pools it: what each window keeps, and where a gradient goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from .. import kernels
from ..geometry import Window, padding_amounts, window_indices
from ..ops import avg_pool2d, avg_pool2d_backward, conv2d, max_pool2d, max_pool2d_backward
from .arrays import frozen, plain_picture, table
from .settings import Choosing, whole_among, word_among, yes_or_no

LARGEST = 128  # rows and columns of a picture
POOLS = {"max": (max_pool2d, max_pool2d_backward), "average": (avg_pool2d, avg_pool2d_backward)}
KERNELS = ("none", *kernels.PRESETS)
SIZES, STRIDES = range(1, 6), range(1, 6)
PADDINGS = ("valid", "same", *range(1, SIZES[-1]))


@dataclass(frozen=True, eq=False)
class PoolingState(Choosing):
    """A picture, the kernel before the pool if any, and how the pool moves; always possible."""

    image: np.ndarray  # (row, column)
    picture: str  # its name
    grad_y: np.ndarray  # how a loss changes with each output
    kernel: str = "none"
    kind: str = "max"
    size: int = 2
    stride: int = 2
    padding: str | int = "valid"
    compare: bool = False
    gradient: bool = False

    @classmethod
    def start(cls):
        """The table of small numbers under 2 × 2 windows, side by side."""
        image, name = plain_picture("numbers", LARGEST)
        return cls(image, name, frozen(np.ones((3, 3))))

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        Where the output gets another shape, its gradient is all ones again.
        """
        new = replace(self, **{name: check(settings[name]) for name, check in _CHECKS.items() if name in settings})
        if "image" in settings:
            image, name = plain_picture(settings["image"], LARGEST)
            new = replace(new, image=image, picture=name)
        shape = new.output.shape  # or the refusal of a window that does not fit
        if "grad_y" in settings:
            return new._with_gradient(settings["grad_y"])
        return new if new.grad_y.shape == shape else replace(new, grad_y=frozen(np.ones(shape)))

    @cached_property
    def x(self) -> np.ndarray:
        """What is pooled: the image, or its feature map after ReLU: (row, column).

        The image's rim is repeated before the kernel comes: zeros would draw an edge there, brighter than its own.
        """
        if self.kernel == "none":
            return self.image
        return np.maximum(conv2d(np.pad(self.image, 1, mode="edge"), kernels.preset(self.kernel)), 0)

    @property
    def moves(self) -> dict:
        """The settings that the pools of `ops` take by keyword."""
        return {"size": self.size, "stride": self.stride, "padding": self.padding}

    @property
    def axes(self) -> tuple[tuple[int, Window], tuple[int, Window]]:
        """For the rows and for the columns: how many pixels there are, and how the window slides over them."""
        window = Window(self.size, self.stride, self.padding)
        return tuple((n, window) for n in self.x.shape)

    @property
    def padding_amounts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """((top, bottom), (left, right)): the padding, which is no pixel and never wins."""
        return tuple(padding_amounts(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, and which columns, each window reads, −1 for padding: [outputs, size] each."""
        return tuple(window_indices(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    @cached_property
    def output(self) -> np.ndarray:
        """What the pool makes of x: (row, column)."""
        return self.pooled(self.kind)

    def pooled(self, kind) -> np.ndarray:
        """What the pool of that kind makes of x."""
        return frozen(POOLS[kind][0](self.x, **self.moves))

    @cached_property
    def firsts(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows, and the columns, of the first pixel of each window."""
        pixels = zip(self.windows, self.x.shape, strict=True)
        return tuple(np.where(window < 0, n, window).min(axis=1) for window, n in pixels)

    @property
    def strided(self) -> np.ndarray:
        """What striding keeps: the first pixel of each window, in the shape of the output."""
        return self.x[np.ix_(*self.firsts)]

    @cached_property
    def winners(self) -> np.ndarray:
        """The place in reading order of the largest pixel of each window, the first among equals: [row, column]."""
        rows, columns = self.windows[0][:, None, :, None], self.windows[1][None, :, None, :]
        is_pixel = (rows >= 0) & (columns >= 0)
        places = np.where(is_pixel, rows * self.x.shape[1] + columns, 0).reshape(*self.output.shape, -1)
        values = np.where(is_pixel.reshape(places.shape), self.x.ravel()[places], -np.inf)
        return np.take_along_axis(places, values.argmax(axis=-1)[..., None], axis=-1)[..., 0]

    @cached_property
    def grad_x(self) -> np.ndarray:
        """The gradient of the output, routed back to x: (row, column)."""
        return POOLS[self.kind][1](self.grad_y, self.x, **self.moves)

    def _with_gradient(self, grad_y):
        if not self.gradient:
            raise ValueError("grad_y is routed back only where gradient is True; set it too.")
        grad_y = table("grad_y", grad_y, LARGEST)
        if grad_y.shape != self.output.shape:
            raise ValueError(f"grad_y must have the shape of the output, {self.output.shape}; got {grad_y.shape}.")
        return replace(self, grad_y=grad_y)


def _padding(padding):
    if isinstance(padding, str):
        return word_among("padding", padding, [word for word in PADDINGS if isinstance(word, str)])
    return whole_among("padding", padding, range(SIZES[-1])) or "valid"


_CHECKS = {
    "kernel": partial(word_among, "kernel", words=KERNELS),
    "kind": partial(word_among, "kind", words=POOLS),
    "size": partial(whole_among, "size", among=SIZES),
    "stride": partial(whole_among, "stride", among=STRIDES),
    "padding": _padding,
    "compare": partial(yes_or_no, "compare"),
    "gradient": partial(yes_or_no, "gradient"),
}
