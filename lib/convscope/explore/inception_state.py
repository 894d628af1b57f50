"""The state of the Inception designer: the widths of a module, and what it costs beside its rivals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ..layers import Conv2D, Parallel
from ..models import GOOGLENET, Widths, inception
from .arrays import OWN
from .settings import Choosing, whole_among, word_among

WIDTHS = Widths._fields[1:]
MAPS, PIXELS = range(1, 2049), range(1, 257)  # what may come in
MOST_FILTERS = 1024
MODULE, NAIVE, PLAIN = "this module", "naive module", "one 5×5 convolution"


class Cost(NamedTuple):
    """What a layer, or a module, gives and takes."""

    shape: tuple[int, int, int]  # that comes out
    weights: int  # without biases, as GoogLeNet's paper counts
    parameters: int  # with biases
    macs: int


@dataclass(frozen=True)
class InceptionState(Choosing):
    """`Widths`, each of them a field."""

    input_shape: tuple[int, int, int]
    one: int
    reduce_three: int
    three: int
    reduce_five: int
    five: int
    pool: int

    @classmethod
    def start(cls):
        """GoogLeNet's first module, 3a."""
        return cls(*GOOGLENET["3a"])

    def changed(self, **settings):
        """The state with these settings; ValueError or TypeError, in a sentence, where it cannot be.

        The module comes first, then what is set of it.
        """
        new = self
        if "module" in settings:
            name = settings["module"]
            new = self if name == self.module else InceptionState(*GOOGLENET[word_among("module", name, GOOGLENET)])
        if "input_shape" in settings:
            new = replace(new, input_shape=_input_shape(settings["input_shape"]))
        filters = range(MOST_FILTERS + 1)
        widths = {name: whole_among(name, settings[name], filters) for name in WIDTHS if name in settings}
        new = replace(new, **widths)
        inception(new.widths)  # refuses what is no module
        return new

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
        """The module, without weights yet."""
        return inception(self.widths if self.module == OWN else self.module)

    @cached_property
    def costs(self) -> Mapping[str, Cost]:
        """What the module costs, its naive twin, and one convolution of 5×5 that gives as many maps."""
        (depth, *_) = inception(self.widths).output_shape(self.input_shape)
        rivals = {
            MODULE: lambda bias: inception(self.widths, bias=bias),
            NAIVE: lambda bias: inception(self.widths, naive=True, bias=bias),
            PLAIN: lambda bias: Conv2D(depth, 5, padding="same", bias=bias),
        }
        return MappingProxyType({name: _cost(make, self.input_shape) for name, make in rivals.items()})


def _cost(make, shape) -> Cost:
    bare, whole = make(False), make(True)
    return Cost(bare.output_shape(shape), bare.parameter_count(shape), whole.parameter_count(shape), bare.macs(shape))


def _input_shape(value):
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        raise TypeError(f"input_shape must be (channel, row, column), such as (192, 28, 28); got {value!r}.")
    names = "channels of input_shape", "rows of input_shape", "columns of input_shape"
    return tuple([whole_among(*each) for each in zip(names, value, (MAPS, PIXELS, PIXELS), strict=True)])
