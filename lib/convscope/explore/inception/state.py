"""The widths of an Inception module, as a state that is always possible, and what it costs beside its rivals.

`state.js` is its twin in the browser, and `inception` there that of the modules; a test holds both to these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

from ...layers import Conv2D, Parallel
from ...models import GOOGLENET, Widths, inception
from ..arrays import OWN, State
from ..settings import checked, checks, limits, whole_among, word_among
from .words import MODULE, NAIVE, PLAIN, sentence

LIMITS = limits(__package__)
WIDTHS = Widths._fields[1:]
_CHECKS = checks(LIMITS)
BOXES = {"1×1": ("one",), "3×3": ("reduce_three", "three"), "5×5": ("reduce_five", "five"), "pool": ("pool",)}


class Cost(NamedTuple):
    """What a layer, or a module, gives and takes."""

    shape: tuple[int, int, int]  # that comes out
    weights: int  # without biases, as GoogLeNet's paper counts
    parameters: int  # with biases
    macs: int


class Box(NamedTuple):
    """One convolution of a module, by the name of its width."""

    name: str
    kernel_size: int
    reads: int  # maps
    maps: int  # that it makes
    weights: int


class Branch(NamedTuple):
    """One way from the input to the concatenation."""

    label: str
    boxes: tuple[Box, ...]
    maps: int  # that it brings there


@dataclass(frozen=True)
class InceptionState(State):
    """`Widths`, each of them a field."""

    input_shape: tuple[int, int, int]
    one: int
    reduce_three: int
    three: int
    reduce_five: int
    five: int
    pool: int
    naive: bool = False

    sentence = property(sentence)

    @classmethod
    def start(cls):
        """GoogLeNet's first module, 3a."""
        return cls(*GOOGLENET["3a"])

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        The module comes first, then what is set of it.
        """
        new = self
        if "module" in settings and settings["module"] != self.module:
            new = replace(new, **GOOGLENET[word_among("module", settings["module"], GOOGLENET)]._asdict())
        if "input_shape" in settings:
            new = replace(new, input_shape=_input_shape(settings["input_shape"]))
        new = replace(new, **checked(settings, _CHECKS))
        inception(new.widths)  # refuses what is no module
        return new

    def asked(self, settings, arrays):
        """The changes that settings of the browser are: the widths say which module it is."""
        return {name: value for name, value in super().asked(settings, arrays).items() if name != "module"}

    @property
    def settings(self) -> dict:
        widths = self.widths._asdict() | {"input_shape": list(self.input_shape)}
        return {"module": self.module, **widths, "naive": self.naive}

    @cached_property
    def widths(self) -> Widths:
        """The module as `models.inception` takes it."""
        return Widths(*(getattr(self, name) for name in Widths._fields))

    @cached_property
    def module(self) -> str:
        """The name of GoogLeNet's module with these widths; your own, where it has none."""
        return next((name for name, widths in GOOGLENET.items() if widths == self.widths), OWN)

    @property
    def model(self) -> Parallel:
        """The module that is on show, without weights yet."""
        return inception(self.widths if self.module == OWN else self.module, naive=self.naive)

    @property
    def costs(self) -> dict[str, Cost]:
        """What the module costs, its naive twin, and one convolution of 5×5 that gives as many maps."""
        return dict(self._costs)

    @cached_property
    def _costs(self):
        depth, *_ = inception(self.widths).output_shape(self.input_shape)
        makers = {
            MODULE: partial(inception, self.widths),
            NAIVE: partial(inception, self.widths, naive=True),
            PLAIN: partial(Conv2D, depth, 5, padding="same"),
        }
        return {name: _cost(make, self.input_shape) for name, make in makers.items()}

    def branches(self, naive=None) -> list[Branch]:
        """The branches of the module on show, or of the one with or without its reductions; none that is left out."""
        made = []
        for branch in inception(self.widths, naive=self.naive if naive is None else naive, bias=False).layers:
            layers = [(each, shape) for each, shape in branch.inputs(self.input_shape) if isinstance(each, Conv2D)]
            names = BOXES[branch.label][-len(layers) :]  # of two, the first may be left out
            boxes = tuple(_box(name, *each) for name, each in zip(names, layers, strict=False))
            made.append(Branch(branch.label, boxes, branch.output_shape(self.input_shape)[0]))
        return made


def _box(name, layer, shape):
    return Box(name, layer.kernel_size[0], shape[0], layer.filters, layer.parameter_count(shape))


def _cost(make, shape) -> Cost:
    bare, whole = make(bias=False), make(bias=True)
    return Cost(bare.output_shape(shape), bare.parameter_count(shape), whole.parameter_count(shape), bare.macs(shape))


def _input_shape(value):
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        raise TypeError(f"input_shape must be (channel, row, column), such as (192, 28, 28); got {value!r}.")
    ends = zip(LIMITS["input_shape"].items(), value, strict=True)
    return tuple([whole_among(name, n, range(least, most + 1)) for (name, (least, most)), n in ends])
