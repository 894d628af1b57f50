"""A kernel over a picture, as a state that is always possible: its settings, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .. import kernels
from ..geometry import output_size, padding_amounts, whole, window_indices
from ..ops import conv2d
from .arrays import OWN, frozen, picture, table

LARGEST_STRIDE, LARGEST_DILATION, LARGEST_PADDING = 4, 3, 10
PADDING_WORDS = ("valid", "same", "full")


@dataclass(frozen=True, eq=False)
class ConvolutionState:
    """A picture, a kernel and how it moves; always possible. `changed` makes the next one or says why not."""

    image: np.ndarray
    picture: str  # the name of the image
    kernel: np.ndarray
    preset: str  # the name of the kernel
    kernel_size: int = 3
    stride: int = 1
    padding: str | int = "same"
    dilation: int = 1

    @classmethod
    def start(cls, **settings):
        """The kitten under a 3 × 3 Sobel kernel, with these settings in place of its own."""
        kernel = frozen(kernels.preset("Sobel x"))
        return cls(*picture("kitten"), kernel, "Sobel x").changed(**settings)

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        A new kernel array brings its size with it. A new size redraws a preset, and crops or pads any other
        kernel about its centre. A new image lowers the dilation, then the kernel size, until the kernel fits.
        """
        new = replace(self, **{name: settings[name] for name in ("stride", "padding", "dilation") if name in settings})
        new = replace(
            new,
            stride=_within("stride", new.stride, LARGEST_STRIDE),
            padding=_padding(new.padding),
            dilation=_within("dilation", new.dilation, LARGEST_DILATION),
        )
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

    @property
    def axis_settings(self) -> dict:
        """The settings that `geometry` and `ops` take by keyword."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @cached_property
    def output(self) -> np.ndarray:
        """The feature map: (row, column)."""
        return frozen(conv2d(self.image, self.kernel, **self.axis_settings))

    @cached_property
    def padding_amounts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """((top, bottom), (left, right)): the zeros that go round the image."""
        return tuple(padding_amounts(n, self.kernel_size, **self.axis_settings) for n in self.image.shape)

    @cached_property
    def padded(self) -> np.ndarray:
        """The image with its zeros round it: what the kernel moves over."""
        return np.pad(self.image, self.padding_amounts)

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, and which columns, of `padded` each output reads: [outputs, kernel_size] each."""
        return tuple(
            window_indices(n, self.kernel_size, stride=self.stride, dilation=self.dilation) for n in self.padded.shape
        )

    def _with_image(self, image):
        image, name = picture(image)
        return replace(self, image=image, picture=name)

    def _with_kernel(self, kernel, kernel_size):
        if isinstance(kernel, str):
            size = self.kernel_size if kernel_size is None else kernel_size
            return replace(self, preset=kernels.preset_name(kernel))._with_kernel_size(size)
        kernel = table("kernel", kernel, kernels.LARGEST)
        if kernel.shape[0] != kernel.shape[1]:
            raise ValueError(f"kernel must have as many rows as columns; got {kernel.shape[0]} × {kernel.shape[1]}.")
        new = replace(self, kernel=kernel, preset=OWN, kernel_size=len(kernel))
        return new if kernel_size is None else new._with_kernel_size(kernel_size)

    def _with_kernel_size(self, size):
        size = _within("kernel_size", size, kernels.LARGEST)
        kernel = kernels.resized(self.kernel, size) if self.preset == OWN else kernels.preset(self.preset, size)
        return replace(self, kernel=frozen(kernel), kernel_size=size)

    def _adapted(self, free):
        """This state with a smaller dilation, then a smaller kernel, where the image is too small for it."""
        for name in ("dilation", "kernel_size"):
            if name in free and not self._fits():
                possible = self.choices(name, range(1, getattr(self, name)))
                value = max(possible, default=1)
                self = self._with_kernel_size(value) if name == "kernel_size" else replace(self, dilation=value)
        return self

    def _could_be(self, name, value):
        if name == "kernel":
            return value == OWN or kernels.least_size(value) <= self.kernel_size
        if name == "kernel_size" and value < kernels.least_size(self.preset):
            return False
        return replace(self, **{name: value})._fits()

    def _fits(self):
        try:
            self._check_fit()
        except ValueError:
            return False
        return True

    def _check_fit(self):
        for n in self.image.shape:
            output_size(n, self.kernel_size, **self.axis_settings)


def _within(name, value, largest):
    value = whole(name, value)
    if value > largest:
        raise ValueError(f"{name} must be from 1 to {largest}; got {value}.")
    return value


def _padding(padding):
    if isinstance(padding, str) and padding in PADDING_WORDS:
        return padding
    if isinstance(padding, str) or whole("padding", padding, least=0) > LARGEST_PADDING:
        words = ", ".join(f'"{word}"' for word in PADDING_WORDS)
        raise ValueError(f"padding must be {words} or a whole number from 0 to {LARGEST_PADDING}; got {padding!r}.")
    return whole("padding", padding, least=0)
