"""A picture, or its feature map, and the window that pools it: what each window keeps, and where a gradient goes.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from ... import kernels
from ...arguments import pair
from ...ops import avg_pool2d, avg_pool2d_backward, conv2d, max_pool2d, max_pool2d_backward
from ...words import number, refusal, size
from ..arrays import Pictured, frozen, grey_range, plain_picture, table
from ..settings import as_json, checked, checks, limits, word_among
from ..still import Panel
from ..windows import Windowed

LIMITS = limits(__package__)
KINDS, KERNELS = tuple(LIMITS["among"]["kind"]), ("none", *kernels.PRESETS)
_CHECKS = checks(LIMITS) | {"kernel": partial(word_among, "kernel", words=KERNELS)}


@dataclass(frozen=True, eq=False)
class PoolingState(Pictured, Windowed):
    """A picture, the kernel before the pool if any, and how the pool moves; always possible."""

    image: np.ndarray  # (row, column)
    picture: str  # its name
    grad_y: np.ndarray  # how a loss changes with each output
    kernel: str = "none"
    kind: str = "max"
    size: int | tuple[int, int] = 2
    stride: int | tuple[int, int] = 2
    padding: str | int | tuple[int, int] = "valid"
    gradient: bool = False

    @classmethod
    def start(cls):
        """The table of small numbers under 2 × 2 windows, side by side."""
        return cls(*plain_picture("numbers"), frozen(np.ones((3, 3))))

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        Where the output gets another shape, its gradient is all ones again.
        """
        new = replace(self, **checked(settings, _CHECKS))
        if "image" in settings:
            image, name = plain_picture(settings["image"], LIMITS["image"])
            new = replace(new, image=image, picture=name)
        shape = new.pooled("max").shape  # or the refusal of a window that does not fit
        grad_y = settings.get("grad_y", new.grad_y if new.grad_y.shape == shape else None)
        grad_y = frozen(np.ones(shape)) if grad_y is None else table("grad_y", grad_y, LIMITS["image"])
        if grad_y.shape != shape:
            raise ValueError(refusal("grad_y shape", shape=shape, got=grad_y.shape))
        return replace(new, grad_y=grad_y)

    @property
    def settings(self) -> dict:
        moves = as_json({name: getattr(self, name) for name in LIMITS["least"]})
        grad_y = None if (self.grad_y == 1).all() else self.grad_y.tolist()  # all ones
        named = {"image": self.picture_key, "kernel": self.kernel, "kind": self.kind}
        return named | moves | {"gradient": self.gradient, "grad_y": grad_y}

    @property
    def numbers(self) -> dict:
        return {kind: self.pooled(kind) for kind in KINDS} | {"grad_x": self.grad_x}

    @property
    def sentence(self) -> str:
        under = f"{self.picture} under {self.kernel} and ReLU" if self.kernel != "none" else self.picture
        window, (striding, most) = size(pair("size", self.size)), (self.pooled(kind) for kind in ("striding", "max"))
        kept = f"{number((striding == most).sum())} of {number(most.size)}"
        return (
            f"PoolingExplorer: {self.kind} pooling of {under}, {size(self.x.shape)}, windows {window}, stride "
            f"{self.stride}, padding {self.padding}, gives {size(self.output.shape)}. Striding keeps the first pixel "
            f"of each window: the largest in {kept}.{self._gradient_in_words()}"
        )

    @cached_property
    def x(self) -> np.ndarray:
        """What is pooled: the image, or its feature map after ReLU: (row, column).

        The image's rim is repeated before the kernel comes: zeros would draw an edge there, brighter than its own.
        Sums are of double precision, as the browser's are, so that both find the same winners.
        """
        if self.kernel == "none":
            return self.image
        return np.maximum(conv2d(np.pad(self.image.astype(float), 1, mode="edge"), kernels.preset(self.kernel)), 0)

    @property
    def under(self) -> np.ndarray:
        """What the window slides over."""
        return self.x

    @property
    def window(self) -> tuple:
        """How it moves, as `Windowed` wants it."""
        return self.size, self.stride, self.padding, 1

    @property
    def moves(self) -> dict:
        """The settings that the pools of `ops` take by keyword."""
        return {"size": self.size, "stride": self.stride, "padding": self.padding}

    @cached_property
    def output(self) -> np.ndarray:
        """What is kept of x: (row, column)."""
        return self.pooled(self.kind)

    def pooled(self, kind) -> np.ndarray:
        """What a pool of that kind makes of x; striding keeps the first pixel of each window."""
        if kind == "striding":
            return frozen(self.x.ravel()[self.firsts])
        return frozen({"max": max_pool2d, "average": avg_pool2d}[kind](self.x, **self.moves))

    @cached_property
    def firsts(self) -> np.ndarray:
        """The place in reading order of the first pixel of each window: [row, column]."""
        rows, columns = (
            np.where(reads < 0, n, reads).min(axis=1) for reads, n in zip(self.windows, self.x.shape, strict=True)
        )
        return frozen(rows[:, None] * self.x.shape[1] + columns)

    @cached_property
    def winners(self) -> np.ndarray:
        """The place in reading order of the largest pixel of each window, the first among equals: [row, column]."""
        rows, columns = self.windows[0][:, None, :, None], self.windows[1][None, :, None, :]
        is_pixel = (rows >= 0) & (columns >= 0)
        places = np.where(is_pixel, rows * self.x.shape[1] + columns, 0).reshape(*self.output_shape(), -1)
        values = np.where(is_pixel.reshape(places.shape), self.x.ravel()[places], -np.inf)
        return frozen(np.take_along_axis(places, values.argmax(axis=-1)[..., None], axis=-1)[..., 0])

    @cached_property
    def grad_x(self) -> np.ndarray:
        """The gradient of the output, routed back to x: (row, column)."""
        if self.kind == "striding":
            grad_x = np.zeros(self.x.shape)
            np.add.at(grad_x.reshape(-1), self.firsts, self.grad_y)
            return frozen(grad_x)
        backward = {"max": max_pool2d_backward, "average": avg_pool2d_backward}[self.kind]
        return frozen(backward(self.grad_y, self.x, **self.moves))

    @cached_property
    def marked(self) -> tuple[int, int]:
        """The output to look at first: where the largest and the first of a window differ most."""
        differences = self.pooled("max") - self.pooled("striding")
        return tuple(map(int, np.unravel_index(differences.argmax(), differences.shape)))

    @property
    def panels(self) -> list[Panel]:
        """The input and what is kept of it, or its gradient and the output's, as a still picture shows them."""
        cell, framed = (*self.marked, 1, 1), self.framed(self.marked)
        if self.gradient:
            most = max(abs(self.grad_x).max(), abs(self.grad_y).max()) or 1.0
            scale, padded = ("signed", -most, most), np.pad(self.grad_x, self.padding_amounts, constant_values=np.nan)
            shown = [Panel("gradient of the input", padded, scale, framed, self.inner)]
            return [*shown, Panel("gradient of the output", self.grad_y, scale, cell)]
        scale = ("grey", *grey_range(self.x))
        shown = np.pad(self.x, self.padding_amounts, constant_values=np.nan)  # padding is no pixel
        winner = divmod(int(self.winners[self.marked]), self.x.shape[1])
        ring = tuple(at + before for at, (before, _) in zip(winner, self.padding_amounts, strict=True))
        shown = [Panel("input", shown, scale, framed, self.inner, ring)]
        return shown + [Panel(kind, self.pooled(kind), scale, cell) for kind in KINDS]

    @property
    def sum_in_words(self) -> str:
        row, column = self.marked
        kept = ", ".join(f"{kind} {number(self.pooled(kind)[self.marked])}" for kind in KINDS)
        return self._gradient_in_words().strip() or f"output ({row}, {column}): of its window {kept}"

    def _gradient_in_words(self):
        if not self.gradient:
            return ""
        if self.kind == "average":
            return " Each gradient is divided evenly among the pixels of its window."
        places, name = (self.winners, "winner") if self.kind == "max" else (self.firsts, "first pixel")
        among = ", the first among equals" if self.kind == "max" else ""
        pixels = f"{number(len(np.unique(places)))} of {number(self.x.size)} pixels"
        return f" Each gradient goes to the {name} of its window{among}: {pixels}."
