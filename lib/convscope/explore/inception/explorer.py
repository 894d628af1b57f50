"""The Inception designer: a state, its settings as traits, and its view."""

from __future__ import annotations

from ...layers import Parallel
from ...models import GOOGLENET, Widths
from ..explorer import Explorer, Setting
from ..modules import joined
from .diagram import figure
from .state import Cost, InceptionState


class InceptionDesigner(Explorer):
    """Design an Inception module, and see its branches, its depth, and its cost beside two rivals of it.

    module: one of GoogLeNet's, "3a" to "5b"; "your own" once anything of it is changed.
    input_shape: what comes to it, (channel, row, column): at most 2,048 maps of 256 × 256.
    one, three, five: how many filters of 1×1, 3×3 and 5×5 it has, 0 to 1,024; 0 leaves the branch out, not all three.
    reduce_three, reduce_five: 1×1 filters before them; pool: 1×1 filters after the pool. 0 leaves out the reduction
        alone, and what comes goes on as it is.
    naive: True shows the module without any of the three.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once, the module first; `costs` tells
    shape, weights and MACs of "this module", of the "naive module" without reductions, and of "one 5×5 convolution"
    that gives as many maps as this one; `model` is the module on show, to be built and run. What cannot be raises
    StateError, and the designer stays as it was.
    """

    _esm = joined("inception/scene.js")

    module, input_shape, one, reduce_three, three = Setting.several(5)
    reduce_five, five, pool, naive = Setting.several(4)

    def __init__(self, module="3a", **settings):
        modules = {name: widths._asdict() for name, widths in GOOGLENET.items()}
        changes = {"module": module, **settings}
        super().__init__(InceptionState.start(), changes, options={"modules": modules})

    @property
    def widths(self) -> Widths:
        """The module as `models.inception` takes it."""
        return self.state.widths

    @property
    def model(self) -> Parallel:
        """The module on show as a layer, with no weights yet."""
        return self.state.model

    @property
    def costs(self) -> dict[str, Cost]:
        """Shape, weights, parameters and MACs of this module and of its two rivals, by name."""
        return self.state.costs

    def figure(self):
        """A matplotlib figure of this state: the module over what it costs."""
        return figure(self.state)
