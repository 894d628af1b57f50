"""Arrays at an explorer's door: named pictures, the learner's own tables, and copies that nobody can change."""

from __future__ import annotations

import hashlib
from functools import cache, cached_property, partial
from typing import ClassVar

import numpy as np

from .. import datasets
from .settings import from_json

LARGEST_VALUE = 1e15  # sums of products of two such still fit the float32 that the view is sent
LARGEST_PICTURE, MOST_CHANNELS = 512, 4
OWN = "your own"
ROUNDING = 1e-6  # of the largest sum that there could be: what is smaller is no answer but rounding
PICTURES = {
    "kitten": partial(datasets.kitten, 96, grey=True),
    "kitten in colour": partial(datasets.kitten, 96),
    "numbers": partial(datasets.numbers),
    "letter": partial(datasets.letter, "A"),
    "digit": partial(datasets.digit, 3),
    "checkerboard": partial(datasets.checkerboard),
    "step edge": partial(datasets.step_edge),
}
PLAIN_PICTURES = tuple(name for name in PICTURES if name != "kitten in colour")


class State:
    """What the states of all explorers are: frozen dataclasses of settings that can be, and what follows from them.

    A subclass has `start()`, the state of an explorer made without arguments; `changed(**settings)`, the next state, or
    ValueError or TypeError with a sentence; `settings`, as the browser has them; `numbers`, the arrays that a view
    shows, by the names that it has for them; and for people `sentence`, `sum_in_words` and a still picture's `panels`.
    """

    numbers: ClassVar[dict] = {}
    has_own_image: ClassVar[bool] = False

    def asked(self, settings, arrays) -> dict:
        """The changes that settings of the browser are, as `changed` takes them.

        arrays: images that have no name, by the keys that the settings have for them.
        """
        asked = from_json(settings)
        if "image" in asked:
            asked["image"] = arrays.get(asked["image"], asked["image"])
        return asked


class Pictured(State):
    """For a state with an `image` and its name, `picture`."""

    @property
    def has_own_image(self) -> bool:
        """Whether the image is one that has no name."""
        return self.picture == OWN

    @cached_property
    def picture_key(self) -> str:
        """What the browser calls the image: its name, or one made from its pixels."""
        if not self.has_own_image:
            return self.picture
        return f"{OWN} {hashlib.sha1(self.image.tobytes() + str(self.image.shape).encode()).hexdigest()[:12]}"


def picture_code(name) -> str:
    """The expression that makes a named picture."""
    made = PICTURES[name]
    arguments = [*map(repr, made.args), *(f"{key}={value!r}" for key, value in made.keywords.items())]
    return f"datasets.{made.func.__name__}({', '.join(arguments)})"


def frozen(array) -> np.ndarray:
    """A copy that nobody can write to, not even by setting a flag."""
    return np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape)


def picture(image, largest=LARGEST_PICTURE) -> tuple[np.ndarray, str]:
    """An image given by name or as an array of at most so many rows and columns, frozen, and its name."""
    if not isinstance(image, str):
        return table("image", image, largest), OWN
    image = image.strip().casefold()
    if image not in PICTURES:
        names = ", ".join(map(repr, PICTURES))
        raise ValueError(f"image {image!r} is unknown; use one of {names}, or an array (row, column).")
    return _named(image), image


def plain_picture(image, largest=LARGEST_PICTURE) -> tuple[np.ndarray, str]:
    """The same without channels: (row, column), and its name."""
    pixels, name = picture(image, largest)
    if pixels.ndim != 2:
        raise ValueError(f"image must be a plain picture, (row, column); got shape {pixels.shape}.")
    return pixels, name


def table(name, values, largest, channels=MOST_CHANNELS) -> np.ndarray:
    """The learner's own numbers, frozen: (row, column) or (channel, row, column), float32 or float64."""
    advice = f"{name} must be (row, column) or (channel, row, column), finite numbers, at most {largest} × {largest}"
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{advice}; got masked values: fill them, {name}.filled(0).")
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{advice}; got rows of different lengths.") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{advice}; got values of type {array.dtype}.")
    if array.ndim == 3 and array.shape[0] > channels >= array.shape[2]:
        first = f"np.moveaxis({name}, -1, 0) puts them first"
        raise ValueError(f"{name} of shape {array.shape} has its channels last; {first}.")
    if array.ndim not in (2, 3) or not 0 < min(array.shape) <= max(array.shape[-2:]) <= largest:
        raise ValueError(f"{advice}; got shape {array.shape}.")
    if array.ndim == 3 and len(array) > channels:
        raise ValueError(f"{name} must have at most {channels} channels; got {len(array)}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{advice}; got NaN or infinity in it.")
    if abs(array.astype(float)).max() > LARGEST_VALUE:
        raise ValueError(
            f"{name} must hold values from −{LARGEST_VALUE:.0e} to {LARGEST_VALUE:.0e}; divide it by its largest."
        )
    return frozen(array if array.dtype == np.float32 else array.astype(float))


def grey_range(image) -> tuple[float, float]:
    """Which values are black and white: 0, or below, and the brightest; a blank picture has no brightest pixel."""
    low, high = min(0.0, image.min()), image.max()
    return low, high if high > low else low + 1.0


def weight_scale(weights) -> tuple[str, float, float]:
    """Equal weights get the middle tone, a kernel with a peak its full one."""
    most = float(max(abs(weights).max(), 2 * abs(weights).mean())) or 1.0
    return "signed", -most, most


def map_scale(maps, weights, picture_scale) -> tuple[str, float, float]:
    """Of maps that weights make of a picture: what weights that cancel out make has a sign, and so has what a picture
    with signs becomes; the rest is grey, on the picture's greys if it fits them."""
    kind, low, high = picture_scale
    least, most, sizes = float(maps.min()), float(maps.max()), float(abs(weights).sum())
    largest = sizes * max(abs(low), abs(high))
    if max(-least, most) <= ROUNDING * largest:
        return "signed", -(largest or 1.0), largest or 1.0
    if least < -ROUNDING * largest and (kind == "signed" or abs(weights.sum()) < 0.05 * sizes):
        return "signed", -max(-least, most), max(-least, most)
    fits = kind == "grey" and low <= least and most <= high
    return picture_scale if fits else ("grey", min(least, 0.0), max(most, 0.0))


def is_colour(image) -> bool:
    """Whether an image is one picture in colour: three channels of numbers from 0 to 1."""
    return image.ndim == 3 and len(image) == 3 and 0 <= image.min() and image.max() <= 1


def scattered(numbers):
    """A fixed random number from −1 to 1 for each whole number, by which the browser comes to the same ones."""
    x = (numbers + 1) * 2654435761 % 2**32
    x ^= x >> 15
    x = x * 2246822519 % 2**32
    x ^= x >> 13
    return x / 2**31 - 1


@cache
def _named(name):
    return frozen(PICTURES[name]())
