"""A picture that moves over blank paper, and a layer that may or may not follow: is f(shift x) the same as shift f(x)?

The measure is ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ over all maps of the layer: 0 where the layer is equivariant. The map
is shifted by the shift of the picture over the layer's step, to the nearest whole cell, halves up. `state.js` is its
twin in the browser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from math import floor

import numpy as np

from ... import datasets
from ...arguments import pair, whole
from ...geometry import ReceptiveField, Window, receptive_field
from ...ops import avg_pool2d, conv2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from ...words import refusal
from ..arrays import Pictured, frozen, plain_picture
from ..settings import as_json, checked, checks, limits, word_among
from . import words
from .weights import dense_weights, kernels

LIMITS = limits(__package__)
PAPER, FURTHEST = LIMITS["paper"], LIMITS["furthest"]  # pixels a side, and of a shift where the margin has so many
OF_CONVOLUTION, OF_POOLING = LIMITS["of_convolution"], LIMITS["of_pooling"]
PICTURES = {
    "digit": partial(datasets.digit, 3),
    "letter": partial(datasets.letter, "A", 28),
    "kitten": partial(datasets.kitten, 24, grey=True),
}
POOLS = {"max": max_pool2d, "average": avg_pool2d}
GLOBAL_POOLS = {"max": global_max_pool2d, "average": global_avg_pool2d}
EVERYTHING = ReceptiveField(0, 1, 0)  # of a dense layer, whose every cell sees all of the paper, and no margin


@dataclass(frozen=True, eq=False)
class ShiftState(Pictured):
    """A picture on blank paper, how far it is shifted, and the layer that looks at it; always possible.

    Sizes and strides are an int where rows and columns agree, else a (rows, columns) pair.
    """

    image: np.ndarray  # (row, column), in the middle of the paper before it is shifted
    picture: str  # its name
    shift: tuple[int, int] = (0, 0)  # rows down and columns to the right
    layer: str = "convolution"
    kernel: int = 2  # which map is on show
    kernel_size: int | tuple[int, int] = 3
    stride: int | tuple[int, int] = 1
    pooling: str = "none"
    pool_size: int | tuple[int, int] = 2
    pool_stride: int | tuple[int, int] = 2
    global_pool: str = "max"

    @classmethod
    def start(cls):
        """A digit under an ordinary convolution."""
        return cls(named("digit"), "digit")

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        A new image goes back to the middle where it has no room for the shift.
        """
        new = replace(self, **checked(settings, _CHECKS))
        if "image" in settings:
            image, name = _picture(settings["image"])
            new = replace(new, image=image, picture=name)
            if "shift" not in settings and not new._has_room():
                new = replace(new, shift=(0, 0))
        new._check_use(settings)
        if not new._has_room():
            raise ValueError(refusal("no room to shift", **new._room_in_words()))
        return new

    def asked(self, settings, arrays) -> dict:
        """The changes that settings of the browser are; reset brings back idle ones too, with what leaves them idle."""
        return super().asked({"layer": self.layer, "pooling": self.pooling} | settings, arrays)

    @property
    def settings(self) -> dict:
        names = ["shift", "layer", *OF_CONVOLUTION, "global_pool"]
        return {"image": self.picture_key} | as_json({name: getattr(self, name) for name in names})

    panels, sum_in_words, sentence = property(words.panels), property(words.caption), property(words.sentence)

    @property
    def numbers(self) -> dict:
        return {"there": self.maps_of_shifted, "back": self.shifted_maps}

    @cached_property
    def paper(self) -> np.ndarray:
        """The paper with the picture in its middle, before the shift: (row, column)."""
        paper = np.zeros((PAPER, PAPER))
        top, left = ((PAPER - n) // 2 for n in self.image.shape)
        paper[top : top + self.image.shape[0], left : left + self.image.shape[1]] = self.image
        return frozen(paper)

    def windows(self, axis) -> list[Window]:
        """The windows of convolution and pooling along an axis, one upon the other; none in a dense layer."""
        if self.layer == "dense":
            return []
        layers = [(self.kernel_size, self.stride), (self.pool_size, self.pool_stride)]
        layers = layers[: 1 if self.pooling == "none" else 2]
        return [Window(pair("size", size)[axis], pair("stride", stride)[axis], "same") for size, stride in layers]

    @cached_property
    def fields(self) -> tuple[ReceptiveField, ReceptiveField]:
        """What a cell of the map sees, along rows and columns."""
        return tuple([EVERYTHING, *receptive_field(self.windows(axis), PAPER)][-1] for axis in (0, 1))

    @cached_property
    def room(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The least and the most shift of rows and of columns: beyond it stay as many blank pixels as a cell sees."""
        ends = []
        for places, field in zip(np.nonzero(self.paper), self.fields, strict=True):
            before, after = places.min(), PAPER - 1 - places.max()
            ends.append([int(np.clip(blank - field.size, 0, FURTHEST)) for blank in (before, after)])
        (up, down), (left, right) = ends
        return (-up, down), (-left, right)

    @cached_property
    def shifted(self) -> np.ndarray:
        """The paper with the picture shifted: (row, column)."""
        return frozen(datasets.shift(self.paper, *self.shift))

    @cached_property
    def maps(self) -> np.ndarray:
        """f(x), of the picture in the middle: (map, row, column)."""
        return frozen(self._look(self.paper[None])[0])

    @cached_property
    def maps_of_shifted(self) -> np.ndarray:
        """f(shift x): (map, row, column)."""
        return frozen(self._look(self.shifted[None])[0])

    @cached_property
    def shifted_maps(self) -> np.ndarray:
        """shift f(x): (map, row, column)."""
        return frozen(self._shift_maps(*self.shift))

    @cached_property
    def error(self) -> float:
        """‖f(shift x) − shift f(x)‖ / ‖f(x)‖; 0 where the maps are all 0."""
        return _relative(self.maps_of_shifted - self.shifted_maps, self.maps)

    @cached_property
    def answers(self) -> np.ndarray:
        """What the global pool says of each map, of the picture in the middle and of the shifted one: (2, map)."""
        pool = GLOBAL_POOLS[self.global_pool]
        return frozen(np.stack([pool(maps[None])[0, :, 0, 0] for maps in (self.maps, self.maps_of_shifted)]))

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
        return frozen(columns), frozen(np.array(errors))

    def _look(self, pictures):
        """The layer's maps of pictures (batch, row, column), after ReLU and pooling: (batch, map, row, column)."""
        if self.layer == "dense":
            sums = pictures.reshape(len(pictures), -1).astype(np.float32) @ dense_weights(PAPER * PAPER)
            return np.maximum(sums, 0).reshape(-1, 1, PAPER, PAPER)
        weights = kernels(*pair("kernel_size", self.kernel_size))
        maps = np.maximum(conv2d(pictures[:, None], weights, stride=self.stride, padding="same"), 0)
        pool = POOLS.get(self.pooling)
        return pool(maps, self.pool_size, stride=self.pool_stride, padding="same") if pool else maps

    def _shift_maps(self, *steps):
        moves = (floor(step / field.jump + 0.5) for step, field in zip(steps, self.fields, strict=True))
        return datasets.shift(self.maps[:, None], *moves)[:, 0]  # or narrow maps would seem to be channels

    def _check_use(self, settings):
        """Refuse settings of what is not there, unless what they are of is set along with them, as undo does."""
        if self.layer == "dense" and "layer" not in settings and (idle := [n for n in OF_CONVOLUTION if n in settings]):
            raise ValueError(refusal("of a convolution", name=idle[0]))
        if self.pooling == "none" and "pooling" not in settings and (idle := [n for n in OF_POOLING if n in settings]):
            raise ValueError(refusal("of a pool", name=idle[0]))

    def _has_room(self):
        return all(least <= step <= most for step, (least, most) in zip(self.shift, self.room, strict=True))

    def _room_in_words(self):
        (up, down), (left, right) = self.room
        sizes = list(dict.fromkeys(field.size for field in self.fields))  # rows first
        sees = " × ".join(map(str, sizes))
        beyond = f"beyond it the {sees} blank pixels that a cell of the map sees" if sizes[-1] else "it whole"
        return {"beyond": beyond, "up": up, "down": down, "left": left, "right": right, "value": self.shift}


def _relative(difference, whole_of) -> float:
    size = np.linalg.norm(whole_of)
    return float(np.linalg.norm(difference) / size) if size else 0.0


def _picture(image):
    """A picture by name or as an array: (row, column), in single precision and not all blank; and its name."""
    if isinstance(image, str):
        name = word_among("image", image.strip().casefold(), PICTURES)
        return named(name), name
    pixels, name = plain_picture(image, PAPER)
    if not pixels.astype(np.float32).any():
        raise ValueError(refusal("blank"))
    return frozen(pixels.astype(np.float32)), name


@cache
def named(name) -> np.ndarray:
    """A picture of that name, (row, column)."""
    return frozen(PICTURES[name]())


def _shift(shift):
    advice = "shift must be (rows, columns), whole numbers: down and to the right, or below 0 up and to the left"
    if not isinstance(shift, (tuple, list, np.ndarray)) or len(shift) != 2:
        raise ValueError(f"{advice}; got {shift!r}.")
    try:
        return tuple(whole("shift", step, least=-PAPER) for step in shift)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{advice}; got {shift!r}.") from None


_CHECKS = checks(LIMITS) | {"shift": _shift}
