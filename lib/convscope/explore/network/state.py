"""A network, what it looks at, and what was changed of both, as a state that is always possible.

`state.js` is its twin in the browser; a test walks both through the same changes.
"""

from __future__ import annotations

import copy
import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from ... import models
from ...arguments import whole
from ...datasets import digits
from ...layers import Sequential
from ...training import logits
from ...words import refusal, size
from ..arrays import OWN, Pictured, frozen, table
from ..feature_maps.network import flat
from ..settings import checked, checks
from . import words
from .net.ink import adjusted
from .net.layers import LIMITS, MOST, Stage, all_weights, has_weights, outputs, stages, weights

EXAMPLE = "example "
RIGHT, WRONG = 3, 12  # usual examples: of each class those classified correctly, of all those that are not


@dataclass(frozen=True, eq=False)
class Network:
    """A network as nobody can change it: a Sequential of read-only weights, its stages, and what to call it."""

    model: Sequential
    stages: tuple[Stage, ...]
    key: str

    @classmethod
    def of(cls, model, shape) -> Network:
        """A copy of a model for inputs of this shape, (channel, row, column); one never built gets initial weights."""
        found = stages(model, shape)
        model = private(model)
        if not model.built:
            model.build(shape)
        for layer in flat(model):
            for name, array in layer.parameters.items():
                layer.parameters[name] = frozen(np.float32(array))
        learned = all_weights(model, found)
        if not np.isfinite(learned).all():
            raise ValueError("model must have finite weights; got NaN or infinity in them: train it anew, more slowly.")
        text = json.dumps([stage.plain() for stage in found]).encode() + learned.tobytes()
        return cls(model, found, f"network {hashlib.sha1(text).hexdigest()[:12]}")

    def edited(self, edits) -> Sequential:
        """The network with these weights in place of its own, read-only too."""
        model = private(self.model)
        for (s, *at), value in edits:
            kernels, bias = weights(model, self.stages[s])
            (bias if len(at) == 1 else kernels)[tuple(at)] = value
        return model

    def has(self, place) -> bool:
        """Whether a weight stands at a place: (stage, map, channel, row, column), or (stage, map) for a bias."""
        if not (0 < place[0] < len(self.stages) and has_weights(self.stages[place[0]])):
            return False
        kernels, bias = weights(self.model, self.stages[place[0]])
        shape = kernels.shape if len(place) == 5 else bias.shape
        return len(place) - 1 == len(shape) and all(0 <= i < n for i, n in zip(place[1:], shape, strict=True))


def private(model) -> Sequential:
    """A copy of a network that can be changed, without what its last pass left in it."""
    made = copy.deepcopy(model)
    for layer in flat(made):
        for name in ("_back", "gradients"):
            vars(layer).pop(name, None)
    return made


@dataclass(frozen=True, eq=False)
class NetworkState(Pictured):
    """A network with edited weights, and an image, turned, moved, made noisy and inverted, that goes through it."""

    network: Network
    examples: np.ndarray  # (example, channel, row, column)
    labels: tuple[int, ...]
    names: tuple[str, ...]  # of the classes
    image: np.ndarray  # (row, column), or (channel, row, column) of several
    picture: str  # "example 3", or the learner's own
    model: Sequential  # the network with its edits
    edits: tuple = ()  # ((place, value), …)
    unit: tuple[int, int, int, int] | None = None  # (stage, map, row, column)
    move: tuple[int, int] = (0, 0)  # (down, right)
    turn: int = 0
    noise: int = 0
    inverted: bool = False
    drawings: tuple[tuple[int, bytes], ...] = ()  # examples of one's own: the class of each, and its pixels in 255ths

    @classmethod
    def start(cls, model=None, examples=None, classes=None):
        """The first example under a network; without a model under the course's own."""
        if model is None and examples is None and classes is None:
            return _usual()
        model = models.trained_digit_net() if model is None else model
        images, labels = _digits(model) if examples is None else _examples(examples)
        network = Network.of(model, images.shape[1:])
        names = _names(range(network.stages[-1].shape[0]) if classes is None else classes)
        made = cls(network, images, labels, names, _plain(images[0]), f"{EXAMPLE}0", network.model)
        made._check_classes()
        return made

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        Another model has no edits; a unit that it does not have is let go.
        """
        new = replace(self, **checked(settings, checks(LIMITS)))
        if "model" in settings:
            new = new._with_network(settings["model"])
        if "image" in settings:
            image, picture = new._image(settings["image"])
            new = replace(new, image=image, picture=picture)
        if "move" in settings:
            new = replace(new, move=_move(settings["move"]))
        if "edits" in settings:
            new = new._with_edits(settings["edits"])
        if "drawings" in settings:
            new = replace(new, drawings=_drawings(settings["drawings"], new.stages[0].shape))
        if "unit" in settings:
            new = replace(new, unit=new._unit(settings["unit"]))
        return new

    def asked(self, settings, arrays):
        """The changes that settings of the browser are. arrays: images and networks by their keys."""
        asked = super().asked(settings, arrays)
        if "model" in asked:
            asked["model"] = arrays.get(asked["model"], asked["model"])
        if isinstance(asked.get("edits"), dict):
            asked["edits"] = {tuple(map(int, at.split(","))): value for at, value in asked["edits"].items()}
        if "drawings" in asked:
            shape = (-1, *self.stages[0].shape)
            labels, texts = zip(*asked["drawings"], strict=True) if asked["drawings"] else ((), ())
            pixels = np.frombuffer(b"".join(map(b64decode, texts)), np.uint8)
            asked["drawings"] = np.float32(pixels.reshape(shape) / 255), np.array(labels, int)
        return asked

    @property
    def settings(self) -> dict:
        return {
            "image": self.picture_key,
            "model": self.network.key,
            "edits": {",".join(map(str, place)): value for place, value in self.edits},
            "unit": None if self.unit is None else list(self.unit),
            "move": list(self.move),
            **{name: getattr(self, name) for name in ("turn", "noise", "inverted")},
            "drawings": [[label, b64encode(pixels).decode()] for label, pixels in self.drawings],
        }

    panels, sum_in_words, sentence = property(words.panels), property(words.sum_in_words), property(words.sentence)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What the network is made of, from its input to the softmax."""
        return self.network.stages

    @property
    def label(self) -> int | None:
        """The class of the example on show; None of an image of one's own, or where there is no such class."""
        label = len(self.names) if self.has_own_image else self.labels[int(self.picture.removeprefix(EXAMPLE))]
        return label if label < len(self.names) else None

    def learned(self, s) -> tuple[np.ndarray, np.ndarray]:
        """The kernels, (map, channel, row, column), and the bias, (map,), of a stage, with its edits."""
        return weights(self.model, self.stages[s])

    @cached_property
    def input(self) -> np.ndarray:
        """What the network reads, (row, column), or (channel, row, column) of several."""
        image = self.image.reshape(self.stages[0].shape)
        tools = {name: getattr(self, name) for name in ("move", "turn", "noise", "inverted")}
        return _plain(frozen(adjusted(image, **tools)))

    @cached_property
    def outputs(self) -> tuple[np.ndarray, ...]:
        """The maps of each stage, (map, row, column)."""
        made = outputs(self.model, self.stages, np.float32(self.input.reshape(1, *self.stages[0].shape)))
        return tuple(frozen(maps[0]) for _, maps in made)

    @property
    def scores(self) -> np.ndarray:
        """What the network gives, (class,)."""
        return self.outputs[-2].reshape(-1)

    @property
    def probabilities(self) -> np.ndarray:
        """The softmax of the scores, (class,)."""
        return self.outputs[-1].reshape(-1)

    @property
    def marked(self) -> tuple[int, int, int, int]:
        """The chosen unit; at first the one whose product is the largest of the answer's."""
        if self.unit is not None:
            return self.unit
        best, below = self.scores.argmax(), self.outputs[-3]
        if has_weights(self.stages[-2]):
            products = self.learned(-2)[0][best] * below
        else:  # of a pool, the largest of its own map
            products = np.where(np.arange(len(below))[:, None, None] == best, below, -np.inf)
        return len(self.stages) - 3, *map(int, np.unravel_index(products.argmax(), products.shape))

    def _with_network(self, model):
        if not isinstance(model, Network):
            model = Network.of(model, self.stages[0].shape)
        if model.key == self.network.key:
            model = self.network
        new = replace(self, network=model, model=model.model, edits=())
        new._check_classes()
        return new if new.unit is None or new._has(new.unit) else replace(new, unit=None)

    def _with_edits(self, edits):
        if not isinstance(edits, dict):
            raise TypeError(refusal("no edits", value=repr(edits)))
        for place, value in edits.items():
            if not (isinstance(place, tuple) and self.network.has(place)):
                raise ValueError(refusal("no weight there", value=repr(place)))
            if not isinstance(value, (int, float, np.number)) or not abs(value) <= MOST["weight"]:
                raise ValueError(refusal("not finite", name="edits"))
        edits = tuple((tuple(map(int, place)), float(value)) for place, value in edits.items())
        return self if edits == self.edits else replace(self, edits=edits, model=self.network.edited(edits))

    def _image(self, image):
        if isinstance(image, str) and image.startswith(EXAMPLE) and image.removeprefix(EXAMPLE).isdecimal():
            image = int(image.removeprefix(EXAMPLE))
        if not np.ndim(image) and not isinstance(image, (str, dict)):
            which = whole("image", image, least=0)
            if which >= len(self.examples):
                raise ValueError(refusal("no example", largest=len(self.examples) - 1, value=which))
            return _plain(self.examples[which]), f"{EXAMPLE}{which}"
        shape = self.stages[0].shape
        array = table("image", image, MOST["pixels"])
        if array.reshape(-1, *array.shape[-2:]).shape != shape:
            raise ValueError(
                f"image must have the shape that the network reads, {size(shape)}; got {size(array.shape)}."
            )
        return _plain(array.reshape(shape)), OWN

    def _unit(self, unit):
        if unit is None:
            return None
        try:
            unit = tuple(whole("unit", each, least=0) for each in unit)
        except (TypeError, ValueError):
            unit = ()
        if len(unit) != 4 or not self._has(unit):
            raise ValueError(refusal("no unit"))
        return unit

    def _has(self, unit):
        s, *at = unit
        return s < len(self.stages) and all(i < n for i, n in zip(at, self.stages[s].shape, strict=True))

    def _check_classes(self):
        scores = self.stages[-1].shape[0]
        if len(self.names) != scores:
            raise ValueError(f"model gives {scores} scores for {len(self.names)} classes: there must be as many.")


def _plain(image):
    """An image without its axis of channels, where it has only one."""
    return image[0] if len(image) == 1 else image


def _move(move):
    most = MOST["move"]
    if not isinstance(move, tuple) or len(move) != 2 or not all(isinstance(n, (int, np.integer)) for n in move):
        raise TypeError(refusal("move", most=most, value=repr(move)))
    if max(map(abs, move)) > most:
        raise ValueError(refusal("move", most=most, value=repr(move)))
    return tuple(map(int, move))


def _drawings(drawings, shape):
    try:
        images, labels = (np.asarray(each) for each in drawings)
        fits = images.shape == (len(labels), *shape) and len(labels) <= MOST["drawings"] and labels.ndim == 1
        if not fits or labels.dtype.kind not in "iu" or not 0 <= images.min(initial=0) <= images.max(initial=1) <= 1:
            raise ValueError
        if min(labels, default=0) < 0 or max(labels, default=0) >= MOST["maps"]:
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(refusal("drawings", most=MOST["drawings"], shape=size(shape))) from None
    pixels = np.uint8(np.rint(255 * images))
    return tuple((int(label), each.tobytes()) for label, each in zip(labels, pixels, strict=True))


def _names(classes):
    if isinstance(classes, str) or not all(isinstance(each, (str, int)) for each in classes):
        raise TypeError(f"classes must be a list of names; got {classes!r}.")
    return tuple(map(str, classes))


def _examples(examples) -> tuple[np.ndarray, tuple[int, ...]]:
    """Images, (example, channel, row, column), frozen, and their labels."""
    try:
        images, labels = (np.asarray(each) for each in examples)
    except (TypeError, ValueError):
        raise TypeError("examples must be (images, labels), as digits()[1] is.") from None
    images = images[:, None] if images.ndim == 3 else images
    if images.ndim != 4 or not 0 < len(images) <= MOST["examples"] or labels.shape != images.shape[:1]:
        shapes = f"{images.shape} and {labels.shape}"
        raise ValueError(
            f"examples must be 1 to {MOST['examples']} images, (example, channel, row, column), and a label for each; "
            f"got {shapes}."
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise TypeError(f"labels of examples must be the numbers of their classes, from 0; got {labels.dtype}.")
    for image in images:
        table("examples", image, MOST["pixels"])
    return frozen(np.float32(images)), tuple(labels.tolist())


def _digits(model):
    """Some of the test digits: of each class some that the model classifies correctly, then some that it does not."""
    x, y = digits()[1]
    try:
        model = Network.of(model, x.shape[1:]).model
    except ValueError as error:
        raise ValueError(f"{error} Or does it read other images? Then give it examples, (images, labels).") from None
    said = logits(model, x).argmax(axis=1)
    right = [i for each in range(10) for i in np.flatnonzero((y == each) & (said == y))[:RIGHT]]
    chosen = [*right, *np.flatnonzero(said != y)[:WRONG]]
    return frozen(x[chosen]), tuple(y[chosen].tolist())


@cache
def _usual():
    return NetworkState.start(models.trained_digit_net())
