"""A training run with its settings: begun anew from the seed, advanced for a while, stopped, and measured."""

from __future__ import annotations

import json
from functools import partial
from inspect import signature
from itertools import islice
from math import ceil
from time import perf_counter

import numpy as np

from ...arguments import number, whole
from ...layers import Conv2D, Layer
from ...training import SGD, Adam, Run, softmax
from ...training.fitting import pair_of
from ..settings import checked, word_among

OPTIMISERS = {"Adam": Adam, "SGD": SGD}
CHOICES = {
    "rate": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "batch": (8, 16, 32, 64, 128),
    "optimiser": tuple(OPTIMISERS),
    "kernel_size": (3, 5, 7),
    "pool": ("max", "average"),
}
CHECKS = {
    "rate": lambda value: number("rate", value, " above 0", lambda rate: rate > 0),
    "batch": partial(whole, "batch"),
    "optimiser": partial(word_among, "optimiser", words=CHOICES["optimiser"]),
    "kernel_size": partial(whole, "kernel_size"),
    "pool": partial(word_among, "pool", words=CHOICES["pool"]),
}
OF_THE_NETWORK = ("kernel_size", "pool")  # settings that a function which makes one may take
POINTS = 100  # of a training curve, at most
MOST_LAYERS, MOST_MAPS = 2, 8  # that are shown


class Session:
    """A network and its training run, which is "ready", "begun" or "ended".

    Arguments are those of `TrainingExplorer`. curves: for each part of the run, of `every` steps, the means over its
    batches of loss and share of right answers.
    """

    def __init__(self, model, examples, *, validation, epochs, seed, example, settings):
        self.examples, self.validation = pair_of("examples", examples), validation
        images, labels = self.examples if validation is None else pair_of("validation", validation)
        for x, y in (self.examples, (images, labels)):
            if np.ndim(x) != 4 or np.ndim(y) != 1:
                raise ValueError(
                    "x must be images, (example, channel, row, column), with one label each; "
                    f"got shapes {np.shape(x)} and {np.shape(y)}."
                )
        self.epochs, self.seed = epochs, whole("seed", seed, least=0)
        if whole("example", example, least=0) >= min(len(images), len(labels)):
            raise ValueError(f"example must be below {len(images)}, the number of images; got {example}.")
        self.image, self.label = np.asarray(images[example : example + 1], np.float32), int(labels[example])
        self._given, self._start = model, None
        taken = {} if isinstance(model, Layer) else signature(model).parameters
        for name in OF_THE_NETWORK:
            if name not in taken and settings[name] is not None:
                raise ValueError(f"{name} can be set where model is a function that takes {name}; this one does not.")
        defaults = {name: taken[name].default for name in OF_THE_NETWORK if name in taken}
        own = {name: value for name, value in settings.items() if value is not None}
        self.settings = {}
        self.begin(**(defaults | own))

    def set(self, **changes) -> None:
        """Change settings before the start; raise ValueError after it, or if they cannot be."""
        if self.phase != "ready":
            raise ValueError("Settings can be changed before the training begins: start again first.")
        if unknown := set(changes) - set(self.settings):
            names = ", ".join(self.settings)
            raise ValueError(f"There is no setting {min(unknown)!r} here; the settings are {names}.")
        self.begin(**changes)

    def begin(self, **changes) -> None:
        """Make network and run anew, from the seed, with some settings changed; raise ValueError if that cannot be."""
        settings = self.settings | checked(changes, CHECKS)
        model = self._fresh(settings)
        how = {"epochs": self.epochs, "batch": settings["batch"], "seed": self.seed, "validation": self.validation}
        self.run = Run(model, *self.examples, optimiser=OPTIMISERS[settings["optimiser"]](settings["rate"]), **how)
        self.settings, self.model, self.phase = settings, model, "ready"
        [self.classes] = model.output_shape(self.image.shape[1:])
        self.every = ceil(self.run.total / POINTS)
        self.curves, self._part = {"loss": [], "accuracy": []}, []

    def advance(self, seconds: float) -> None:
        """Train for so long, but at least one step; a FloatingPointError leaves a network that is ready again."""
        until = perf_counter() + seconds
        while self.phase != "ended":
            self.phase = "begun"
            try:
                self._measure(*self.run.step())
            except FloatingPointError:
                self.begin()
                raise
            if not self.run.left:
                self.phase = "ended"
            if perf_counter() >= until:
                return

    def stop(self) -> None:
        """Leave the network as it is."""
        self.phase = "ended"

    def choices(self) -> dict:
        """What a person may choose for each setting; what a program has chosen is among it."""
        return {
            name: CHOICES[name] if value in CHOICES[name] else sorted((*CHOICES[name], value))
            for name, value in self.settings.items()
        }

    def watched(self) -> tuple[int, float, dict]:
        """What the network now makes of the watched image: the class that it sees, how sure it is, 0 to 1, and sheets.

        Sheets are the kernels of the first convolution and the maps of the first ones, by title: (map, row, column).
        """
        y, maps, kernels = self.image, {}, {}
        with np.errstate(over="ignore", invalid="ignore"):  # of weights that a rate too large has made
            for layer in getattr(self.model, "layers", (self.model,)):
                y = layer(y)
                if isinstance(layer, Conv2D):
                    kernels = kernels or {"kernels": layer.parameters["kernels"][:MOST_MAPS, 0]}
                    maps[layer.label or f"layer {len(maps) + 1}"] = y[0, :MOST_MAPS]
            [shares] = np.nan_to_num(softmax(y))
        return int(shares.argmax()), float(shares.max()), kernels | dict(islice(maps.items(), MOST_LAYERS))

    def code(self) -> str:
        """The same training without this explorer."""
        rest = dict(self.settings)
        optimiser, rate, batch = (rest.pop(name) for name in ("optimiser", "rate", "batch"))
        made = getattr(self._given, "__name__", "")
        asked = ", ".join(f"{name}={json.dumps(value)}" for name, value in rest.items())
        lines = [f"model = {made}({asked})"] if made.isidentifier() else []
        tested = "" if self.validation is None else "validation=validation, "
        how = f"epochs={self.epochs}, batch={batch}, optimiser={optimiser}({rate:g}), {tested}seed={self.seed}"
        return "\n".join([*lines, f"fit(model, x, labels, {how})"])

    def _fresh(self, settings) -> Layer:
        if not isinstance(self._given, Layer):
            return self._given(**{name: settings[name] for name in OF_THE_NETWORK if name in settings})
        if not self._given.built:
            self._given.build(np.shape(self.examples[0])[1:], self.seed)
        if self._start is None:
            self._start = {name: weights.copy() for name, weights in self._given.parameters.items()}
        for name, weights in self._given.parameters.items():
            weights[...] = self._start[name]
        return self._given

    def _measure(self, loss, share):
        self._part.append((loss, share))
        if len(self._part) == self.every or not self.run.left:
            for curve, mean in zip(self.curves.values(), np.mean(self._part, axis=0), strict=True):
                curve.append(float(mean))
            self._part = []
