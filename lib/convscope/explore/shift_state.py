"""A picture that moves over blank paper, and a layer that may or may not follow: is f(shift x) the same as shift f(x)?

The measure is ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ over all maps of the layer: 0 where the layer is equivariant. The map
is shifted by the shift of the picture over the layer's step, to the nearest whole cell, halves up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from math import floor

import numpy as np

from .. import datasets
from ..arguments import whole
from ..geometry import Window, receptive_field
from ..ops import avg_pool2d, conv2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from .arrays import frozen, plain_picture
from .settings import Choosing, whole_among, word_among

PAPER = 48  # rows and columns of the paper
FURTHEST = 8  # rows or columns of a shift, where the margin has so many
KERNELS = 8
PICTURES = {
    "digit": partial(datasets.digit, 3),
    "letter": partial(datasets.letter, "A", 28),
    "kitten": partial(datasets.kitten, 24, grey=True),
}
LAYERS = ("convolution", "dense")
POOLS = {"none": None, "max": max_pool2d, "average": avg_pool2d}
GLOBAL_POOLS = {"max": global_max_pool2d, "average": global_avg_pool2d}
RANGES = {
    "kernel": range(KERNELS),
    "kernel_size": range(1, 6),
    "stride": range(1, 5),
    "pool_size": range(1, 5),
    "pool_stride": range(1, 5),
}
OF_CONVOLUTION = ("kernel", "kernel_size", "stride", "pooling", "pool_size", "pool_stride")
OF_POOLING = ("pool_size", "pool_stride")


@dataclass(frozen=True, eq=False)
class ShiftState(Choosing):
    """A picture on blank paper, how far it is shifted, and the layer that looks at it; always possible."""

    image: np.ndarray  # (row, column), in the middle of the paper before it is shifted
    picture: str  # its name
    shift: tuple[int, int] = (0, 0)  # rows down and columns to the right
    layer: str = "convolution"
    kernel: int = 2  # which map is on show
    kernel_size: int = 3
    stride: int = 1
    pooling: str = "none"
    pool_size: int = 2
    pool_stride: int = 2
    global_pool: str = "max"

    @classmethod
    def start(cls):
        """A digit under an ordinary convolution."""
        return cls(_named("digit"), "digit")

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        A new image goes back to the middle where it has no room for the shift.
        """
        new = replace(self, **{name: check(settings[name]) for name, check in _CHECKS.items() if name in settings})
        if "image" in settings:
            image, name = _picture(settings["image"])
            new = replace(new, image=image, picture=name)
            if "shift" not in settings and not new._has_room():
                new = replace(new, shift=(0, 0))
        new._check_use(settings)
        new._check_room()
        return new

    @cached_property
    def paper(self) -> np.ndarray:
        """The paper with the picture in its middle, before the shift: (row, column)."""
        paper = np.zeros((PAPER, PAPER))
        top, left = ((PAPER - n) // 2 for n in self.image.shape)
        paper[top : top + self.image.shape[0], left : left + self.image.shape[1]] = self.image
        return paper

    @property
    def windows(self) -> list[Window]:
        """The windows of convolution and pooling, one upon the other; none in a dense layer."""
        if self.layer == "dense":
            return []
        pool = [Window(self.pool_size, self.pool_stride, "same")] if self.pooling != "none" else []
        return [Window(self.kernel_size, self.stride, "same"), *pool]

    @property
    def sight(self) -> int:
        """How many pixels a cell of the map sees in each direction; of a dense layer, where all see all, 0."""
        return receptive_field(self.windows, PAPER)[-1].size if self.windows else 0

    @property
    def jump(self) -> int:
        """How many pixels of the input one cell of the map is worth."""
        return receptive_field(self.windows, PAPER)[-1].jump if self.windows else 1

    @cached_property
    def room(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The least and the most shift of rows and of columns: beyond it stay as many blank pixels as a cell sees."""
        ends = []
        for places in np.nonzero(self.paper):
            before, after = places.min(), PAPER - 1 - places.max()
            ends.append(tuple(int(np.clip(blank - self.sight, 0, FURTHEST)) for blank in (before, after)))
        (up, down), (left, right) = ends
        return (-up, down), (-left, right)

    @cached_property
    def shifted(self) -> np.ndarray:
        """The paper with the picture shifted: (row, column)."""
        return datasets.shift(self.paper, *self.shift)

    @cached_property
    def maps(self) -> np.ndarray:
        """f(x), of the picture in the middle: (map, row, column)."""
        return self._look(self.paper[None])[0]

    @cached_property
    def maps_of_shifted(self) -> np.ndarray:
        """f(shift x): (map, row, column)."""
        return self._look(self.shifted[None])[0]

    @cached_property
    def shifted_maps(self) -> np.ndarray:
        """shift f(x): (map, row, column)."""
        return self._shift_maps(*self.shift)

    @property
    def error(self) -> float:
        """‖f(shift x) − shift f(x)‖ / ‖f(x)‖; 0 where the maps are all 0."""
        return _relative(self.maps_of_shifted - self.shifted_maps, self.maps)

    @cached_property
    def answers(self) -> np.ndarray:
        """What the global pool says of each map, of the picture in the middle and of the shifted one: (2, map)."""
        pool = GLOBAL_POOLS[self.global_pool]
        return np.stack([pool(maps)[:, 0, 0] for maps in (self.maps, self.maps_of_shifted)])

    @property
    def answer_error(self) -> float:
        """By how much of its size the global answer changes with the shift."""
        before, after = self.answers
        return _relative(after - before, before)

    @cached_property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Every shift of columns that there is room for, the rows as they are, and the error at each."""
        rows, (least, most) = self.shift[0], self.room[1]
        columns = np.arange(least, most + 1)
        pictures = np.stack([datasets.shift(self.paper, rows, int(column)) for column in columns])
        errors = [
            _relative(maps - self._shift_maps(rows, int(column)), self.maps)
            for column, maps in zip(columns, self._look(pictures), strict=True)
        ]
        return columns, np.array(errors)

    def _look(self, pictures):
        """The layer's maps of pictures (batch, row, column), after ReLU and pooling: (batch, map, row, column)."""
        if self.layer == "dense":
            sums = pictures.reshape(len(pictures), -1).astype(np.float32) @ _dense_weights()
            return np.maximum(sums, 0).reshape(-1, 1, PAPER, PAPER)
        maps = conv2d(pictures[:, None], kernels(self.kernel_size), stride=self.stride, padding="same")
        maps = np.maximum(maps, 0)
        pool = POOLS[self.pooling]
        return pool(maps, self.pool_size, stride=self.pool_stride, padding="same") if pool else maps

    def _shift_maps(self, rows, columns):
        return datasets.shift(self.maps, *(floor(step / self.jump + 0.5) for step in (rows, columns)))

    def _check_use(self, settings):
        """Refuse settings of what is not there."""
        if self.layer == "dense" and (idle := [name for name in OF_CONVOLUTION if name in settings]):
            raise ValueError(f"A dense layer has no {idle[0]}; set layer='convolution' for one that has.")
        if self.pooling == "none" and (idle := [name for name in OF_POOLING if name in settings]):
            raise ValueError(f"{idle[0]} needs a pooling layer; set pooling='max' or 'average'.")

    def _has_room(self):
        return all(least <= step <= most for step, (least, most) in zip(self.shift, self.room, strict=True))

    def _check_room(self):
        if not self._has_room():
            (up, down), (left, right) = self.room
            sees = f"beyond it the {self.sight} blank pixels that a cell of the map sees" if self.sight else "it whole"
            raise ValueError(
                f"shift must leave the picture on the paper, {sees}: rows from {up} to {down}, "
                f"columns from {left} to {right}; got {self.shift}."
            )


@cache
def kernels(size) -> np.ndarray:
    """The eight random kernels of a size, (8, 1, size, size), always the same ones.

    Normal, in steps of 1/64: with pixels in single precision and sums in double, no sum is rounded, whatever the order
    it is made in, so that what is equal is equal to the last bit.
    """
    weights = np.random.default_rng(size).normal(size=(KERNELS, 1, size, size))
    return frozen(np.round(64 * weights) / 64)


@cache
def _dense_weights() -> np.ndarray:
    """A weight for each pixel in each sum, none shared, float32 [pixels, sums]: 20 MiB, made when first needed."""
    pixels = PAPER * PAPER
    weights = np.random.default_rng(0).standard_normal((pixels, pixels), np.float32)
    weights /= np.float32(np.sqrt(pixels))
    return weights


def _relative(difference, whole_of) -> float:
    size = np.linalg.norm(whole_of)
    return float(np.linalg.norm(difference) / size) if size else 0.0


def _picture(image):
    """A picture by name or as an array: (row, column), in single precision and not all blank; and its name."""
    if isinstance(image, str):
        return _named(word_among("image", image.strip().casefold(), PICTURES)), image.strip().casefold()
    pixels, name = plain_picture(image, PAPER)
    if not pixels.astype(np.float32).any():
        raise ValueError("image must hold more than zeros: blank paper looks the same wherever it is.")
    return frozen(pixels.astype(np.float32)), name


@cache
def _named(name):
    return frozen(PICTURES[name]())


def _shift(shift):
    advice = "shift must be (rows, columns), whole numbers: down and to the right, or below 0 up and to the left"
    if not isinstance(shift, (tuple, list, np.ndarray)) or len(shift) != 2:
        raise ValueError(f"{advice}; got {shift!r}.")
    try:
        return tuple(whole("shift", step, least=-PAPER) for step in shift)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{advice}; got {shift!r}.") from None


_CHECKS = {
    "shift": _shift,
    **{name: partial(whole_among, name, among=among) for name, among in RANGES.items()},
    "layer": partial(word_among, "layer", words=LAYERS),
    "pooling": partial(word_among, "pooling", words=POOLS),
    "global_pool": partial(word_among, "global_pool", words=GLOBAL_POOLS),
}
