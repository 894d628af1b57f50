"""A kernel over a picture, as a state that is always possible: its settings, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .. import kernels
from ..geometry import Window, output_size, padding_amounts, pair, window_indices
from ..ops import conv2d
from .arrays import OWN, frozen, picture, table
from .settings import Choosing

LARGEST_STRIDE, LARGEST_DILATION, LARGEST_PADDING = 4, 3, 15
PADDING_WORDS = ("valid", "same", "full")


@dataclass(frozen=True, eq=False)
class ConvolutionState(Choosing):
    """A picture, a kernel and how it moves; always possible. `changed` makes the next one or says why not.

    Settings of both axes are an int where rows and columns agree, else a (rows, columns) pair.
    """

    image: np.ndarray  # (row, column) or (channel, row, column)
    picture: str  # the name of the image
    kernel: np.ndarray  # with as many axes as the image: a slice for each channel
    preset: str  # the name of the kernel
    kernel_size: int | tuple[int, int] = 3
    stride: int | tuple[int, int] = 1
    padding: str | int | tuple[int, int] = "same"
    dilation: int | tuple[int, int] = 1
    flip: bool = False

    @classmethod
    def start(cls):
        """The kitten under a 3 × 3 Sobel kernel."""
        return cls(*picture("kitten"), frozen(kernels.preset("Sobel x")), "Sobel x")

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        A new kernel array brings its size with it. A new size redraws a preset, and crops or pads any other
        kernel about its centre. A new image gives the kernel as many slices as it has channels, and lowers the
        dilation, then the kernel size, until the kernel fits.
        """
        new = replace(self, **{name: check(settings[name]) for name, check in _CHECKS.items() if name in settings})
        if "image" in settings:
            new = new._with_image(settings["image"])
        if "kernel" in settings:
            new = new._with_kernel(settings["kernel"], settings.get("kernel_size"))
        elif "kernel_size" in settings:
            new = new._with_kernel_size(settings["kernel_size"])
        if "image" in settings:
            new = new._adapted(free={"dilation", "kernel_size"} - set(settings))
        new._check_fit()
        return new

    def choices(self, name, values) -> list:
        """Those of `values` that the setting `name` could take with all others as they are."""
        return [value for value in values if self._could_be(name, value)]

    def fitted(self, kernel) -> np.ndarray:
        """`kernel` with a slice for each channel of the image: of too many the mean, of one the same on each."""
        if kernel.ndim == 3 and len(kernel) != self.channels:
            kernel = kernel.mean(axis=0)
        if self.channels and kernel.ndim == 2:
            kernel = np.broadcast_to(kernel, (self.channels, *kernel.shape))
        return kernel

    @property
    def channels(self) -> int:
        """How many channels the image has; 0 for a plain picture, which has no axis for them."""
        return len(self.image) if self.image.ndim == 3 else 0

    @property
    def moves(self) -> dict:
        """The settings that `ops` takes by keyword."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @property
    def axes(self) -> tuple[tuple[int, Window], tuple[int, Window]]:
        """For the rows and for the columns: how many pixels there are, and how the window slides over them."""
        settings = [
            (each,) * 2 if isinstance(each, (int, str)) else each
            for each in (self.kernel_size, self.stride, self.padding, self.dilation)
        ]
        rows, columns = zip(*settings, strict=True)
        return (self.image.shape[-2], Window(*rows)), (self.image.shape[-1], Window(*columns))

    @cached_property
    def channel_maps(self) -> np.ndarray:
        """What each channel's slice makes of it, (channel, row, column): the output is their sum."""
        weights = self.kernel[..., ::-1, ::-1] if self.flip else self.kernel
        images, weights = (each.reshape(-1, *each.shape[-2:]) for each in (self.image, weights))
        return frozen(conv2d(images, weights[:, None], groups=len(images), **self.moves))

    @cached_property
    def output(self) -> np.ndarray:
        """The feature map: (row, column)."""
        return frozen(self.channel_maps.sum(axis=0)) if self.channels else self.channel_maps[0]

    @cached_property
    def padding_amounts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """((top, bottom), (left, right)): the zeros that go round the image."""
        return tuple(padding_amounts(n, window.kernel_size, **window.moves()) for n, window in self.axes)

    @cached_property
    def padded(self) -> np.ndarray:
        """The image with its zeros round it, (channel, row, column): what the kernel moves over."""
        return np.pad(self.image.reshape(-1, *self.image.shape[-2:]), ((0, 0), *self.padding_amounts))

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, and which columns, of `padded` each output reads: [outputs, kernel_size] each."""
        return tuple(
            window_indices(n, window.kernel_size, stride=window.stride, dilation=window.dilation)
            for n, (_, window) in zip(self.padded.shape[-2:], self.axes, strict=True)
        )

    def output_shape(self, padding=None) -> tuple[int, int]:
        """Rows and columns of the output, with another padding if one is given."""
        state = self if padding is None else replace(self, padding=padding)
        return tuple(output_size(n, window.kernel_size, **window.moves()) for n, window in state.axes)

    def _with_image(self, image):
        new, name = picture(image)
        return replace(self, image=new, picture=name)._with_slices(self.kernel)

    def _with_kernel(self, kernel, kernel_size):
        if isinstance(kernel, str):
            size = self.kernel_size if kernel_size is None else kernel_size
            return replace(self, preset=kernels.preset_name(kernel))._with_kernel_size(size)
        kernel = table("kernel", kernel, kernels.LARGEST)
        if kernel.ndim == 3 and len(kernel) != self.channels:
            wanted = f"(channel, row, column) with {self.channels} slices" if self.channels else "(row, column)"
            raise ValueError(f"kernel must be {wanted} for this image; got shape {kernel.shape}.")
        rows, columns = kernel.shape[-2:]
        new = replace(self, preset=OWN, kernel_size=rows if rows == columns else (rows, columns))._with_slices(kernel)
        return new if kernel_size is None else new._with_kernel_size(kernel_size)

    def _with_kernel_size(self, size):
        size = both_axes("kernel_size", size, kernels.LARGEST)
        kernel = kernels.resized(self.kernel, size) if self.preset == OWN else kernels.preset(self.preset, size)
        return replace(self, kernel_size=size)._with_slices(kernel)

    def _with_slices(self, kernel):
        return replace(self, kernel=frozen(self.fitted(kernel)))

    def _adapted(self, free):
        """This state with a smaller dilation, then a smaller kernel, where the image is too small for it."""
        for name in ("dilation", "kernel_size"):
            if name in free and not self._fits():
                largest = getattr(self, name)
                possible = self.choices(name, range(1, largest if isinstance(largest, int) else max(largest)))
                value = max(possible, default=1)
                self = self._with_kernel_size(value) if name == "kernel_size" else replace(self, dilation=value)
        return self

    def _could_be(self, name, value):
        if name == "kernel":
            return value == OWN or kernels.least_size(value) <= np.min(self.kernel_size)
        if name == "kernel_size" and self.preset != OWN and np.min(value) < kernels.least_size(self.preset):
            return False
        return replace(self, **{name: value})._fits()

    def _fits(self):
        try:
            self._check_fit()
        except ValueError:
            return False
        return True

    def _check_fit(self):
        self.output_shape()


def both_axes(name, value, largest, least=1, words=()):
    """A setting of rows and columns: an int where they agree, else a pair."""
    choices = "".join(f'"{word}", ' for word in words)
    advice = f"{name} must be {choices}a whole number from {least} to {largest}, or (rows, columns) of these"
    try:
        rows, columns = pair(name, value, least=least)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{advice}; got {value!r}.") from None
    if max(rows, columns) > largest:
        raise ValueError(f"{advice}; got {value!r}.")
    return rows if rows == columns else (rows, columns)


def _padding(padding):
    if isinstance(padding, str) and padding in PADDING_WORDS:
        return padding
    return both_axes("padding", padding, LARGEST_PADDING, least=0, words=PADDING_WORDS)


def _flip(flip):
    if not isinstance(flip, (bool, np.bool_)):
        raise TypeError(f"flip must be True (true convolution) or False (cross-correlation); got {flip!r}.")
    return bool(flip)


_CHECKS = {
    "stride": lambda value: both_axes("stride", value, LARGEST_STRIDE),
    "padding": _padding,
    "dilation": lambda value: both_axes("dilation", value, LARGEST_DILATION),
    "flip": _flip,
}
