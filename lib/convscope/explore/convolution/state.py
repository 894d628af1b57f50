"""A kernel over a picture, as a state that is always possible: its settings, and what follows from them.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ... import kernels
from ...arguments import pair
from ...ops import conv2d, conv_transpose2d
from ...words import number, refusal, size, sum_of
from ..arrays import OWN, Pictured, frozen, grey_range, is_colour, map_scale, picture, table, weight_scale
from ..settings import as_json, checked, checks, limits, plain
from ..still import Panel
from ..windows import Windowed

LIMITS = limits(__package__)
LARGEST = LIMITS["largest"]
_CHECKS = checks(LIMITS)
FEW = 9  # products that are written out one by one


@dataclass(frozen=True, eq=False)
class ConvolutionState(Pictured, Windowed):
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
    transposed: bool = False

    @classmethod
    def start(cls):
        """The kitten under a 3 × 3 Sobel kernel."""
        return cls(*picture("kitten"), frozen(kernels.preset("Sobel x")), "Sobel x")

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        A new kernel array brings its size with it. A new size redraws a preset, and crops or pads any other
        kernel about its centre. A new image gives the kernel as many slices as it has channels, and lowers the
        dilation, then the kernel size, until the kernel fits; not where it is transposed.
        """
        wanted = checked(settings, _CHECKS)
        new = replace(self, **wanted)
        if "image" in settings:
            image, name = picture(settings["image"])
            new = replace(new, image=image, picture=name)._with_slices(new.kernel)
        if "kernel" in settings:
            new = new._with_kernel(settings["kernel"], wanted.get("kernel_size"))
        elif "kernel_size" in settings:
            new = new._with_kernel_size(new.kernel_size)
        if "image" in settings and not new.transposed:  # there, a smaller kernel would leave less
            new = new._adapted(free=[name for name in ("dilation", "kernel_size") if name not in settings])
        new.output_shape()  # refuses a window that does not fit, and a crop of everything
        return new

    @property
    def settings(self) -> dict:
        kernel = self.kernel.tolist() if self.preset == OWN else self.preset
        moves = as_json({name: getattr(self, name) for name in LARGEST})
        return {"image": self.picture_key, "kernel": kernel, **moves, "flip": self.flip, "transposed": self.transposed}

    @property
    def numbers(self) -> dict:
        return {"output": self.output}

    @property
    def sentence(self) -> str:
        channels = f" of {self.channels} channels" if self.channels else ""
        turned = ", turned by half a turn" * self.flip + ", transposed" * self.transposed
        return (
            f"ConvolutionExplorer: a {size(self.image.shape[-2:])} picture{channels} ({self.picture}) under a "
            f"{size(self.kernel.shape[-2:])} kernel ({self.preset}{turned}), stride {self.stride}, padding "
            f"{self.padding}, dilation {self.dilation}, gives a {size(self.output.shape)} feature map."
        )

    @property
    def channels(self) -> int:
        """How many channels the image has; 0 for a plain picture, which has no axis for them."""
        return len(self.image) if self.image.ndim == 3 else 0

    @property
    def moves(self) -> dict:
        """The settings that `ops` takes by keyword."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @property
    def under(self) -> np.ndarray:
        """What the kernel slides over."""
        return self.image

    @property
    def window(self) -> tuple:
        """How it does, as `Windowed` wants it."""
        return self.kernel_size, self.stride, self.padding, self.dilation

    @cached_property
    def weights(self) -> np.ndarray:
        """The kernel as it is applied: turned by half a turn where it is flipped."""
        return self.kernel[..., ::-1, ::-1] if self.flip else self.kernel

    @cached_property
    def output(self) -> np.ndarray:
        """The feature map: (row, column)."""
        images, weights = (each.reshape(-1, *each.shape[-2:]) for each in (self.image, self.weights))
        if self.transposed:
            return frozen(conv_transpose2d(images, weights[:, None], **self.moves)[0])
        return frozen(conv2d(images, weights[None], **self.moves)[0])

    @property
    def met(self) -> np.ndarray:
        """The kernel as it meets what an output reads: if transposed, by half a turn from how it is applied."""
        return self.weights[..., ::-1, ::-1] if self.transposed else self.weights

    @cached_property
    def marked(self) -> tuple[int, int]:
        """The output cell to look at first: the largest answer whose window does not reach the picture's rim."""
        inside = self.inside(min(self.image.shape[-2:]) // 8)
        if not inside.any():
            return tuple(n // 2 for n in self.output.shape)
        return np.unravel_index(np.argmax(np.where(inside, abs(self.output), -1)), self.output.shape)

    @property
    def panels(self) -> list[Panel]:
        """Input, kernel and output, as a still picture shows them: of channels, the input in colour or the first."""
        greys = ("grey", *grey_range(self.image))
        shown = self.padded if is_colour(self.image) or not self.channels else self.padded[0]
        inner = None if self.transposed else self.inner
        weights = self.met if not self.channels else self.met[0]
        title = "kernel" if not self.channels else f"kernel, 1 of {self.channels} slices"
        return [
            Panel("input", shown, greys, self.framed(self.marked), inner),
            Panel(title, weights, weight_scale(self.weights)),
            Panel("output", self.output, map_scale(self.output, self.weights, greys), (*self.marked, 1, 1)),
        ]

    @property
    def sum_in_words(self) -> str:
        row, column = self.marked
        products = (self.read(self.marked) * self.met).ravel()
        total = f"output ({row}, {column}) = {number(self.output[row, column])}"
        if len(products) > FEW:
            return f"{total}, a sum of {len(products)} products; the largest is {number(max(products, key=abs))}"
        return f"{sum_of(products)} = {total}"

    def _with_kernel(self, kernel, kernel_size):
        if isinstance(kernel, str):
            return replace(self, preset=kernels.preset_name(kernel))._with_kernel_size(self.kernel_size)
        kernel = table("kernel", kernel, kernels.LARGEST)
        if kernel.ndim == 3 and len(kernel) != self.channels:
            wanted = f"(channel, row, column) with {self.channels} slices" if self.channels else "(row, column)"
            raise ValueError(refusal("kernel slices", wanted=wanted, shape=kernel.shape))
        rows, columns = kernel.shape[-2:]
        new = replace(self, preset=OWN, kernel_size=plain((rows, columns)))._with_slices(kernel)
        return new if kernel_size is None else new._with_kernel_size(kernel_size)

    def _with_kernel_size(self, size):
        kernel = kernels.resized(self.kernel, size) if self.preset == OWN else kernels.preset(self.preset, size)
        return replace(self, kernel_size=size)._with_slices(kernel)

    def _with_slices(self, kernel):
        """With that kernel, a slice for each channel of the image: of too many the mean, of one the same on each."""
        if kernel.ndim == 3 and len(kernel) != self.channels:
            kernel = kernel.mean(axis=0)
        if self.channels and kernel.ndim == 2:
            kernel = np.broadcast_to(kernel, (self.channels, *kernel.shape))
        return replace(self, kernel=frozen(kernel))

    def _adapted(self, free):
        """This state with a smaller dilation, then a smaller kernel, where the image is too small for it."""
        for name in free:
            while not self.fits() and (largest := max(pair(name, getattr(self, name)))) > 1:
                self = replace(self, **{name: largest - 1})
        return self._with_kernel_size(self.kernel_size)
