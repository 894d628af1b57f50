"""The feature-maps explorer: a picture through a stack of layers, every map of every layer live."""

from __future__ import annotations

from traitlets import validate

from .. import kernels
from ..layers import Sequential
from . import feature_maps_panels
from .arrays import LARGEST_VALUE, PICTURES
from .base import Explorer, Setting, StateError
from .controls import Controls, dropdown, slider
from .convolution.state import LARGEST_STRIDE, PADDING_WORDS
from .feature_maps_layers import ACTIVATIONS, KINDS
from .feature_maps_state import FeatureMapsState

SLIDER_MAPS = 8  # a slider offers so many; more can be set, or come with a model
PADDINGS = (*PADDING_WORDS, 1, 2, 3)


class FeatureMapsExplorer(Explorer):
    """Send a picture through a stack of layers; choose any unit of any map, and see what it sees and what made it.

    model: a `Sequential`, or a list of layers: Conv2D, MaxPool2D, AvgPool2D and Subsample2D, each with ReLU, Tanh or
        nothing behind it, at most 8, of at most 32 maps; from the first other layer on (Flatten, Dense …) it is left
        out. Weights that it has are copied; a layer not built yet starts with edges, bells and corners, mixed by fixed
        random numbers further up. Left out: three convolutions of 4, 6 and 8 maps with two max pools between.
    image: as for `ConvolutionExplorer`. depth: how many of the layers are on show. layer: the chosen one, from 1.
    unit: the marked one of its units, (map, row, column).
    kind ("conv", "max pool" or "average pool"), kernel_size (1 to 11), stride, padding, maps (1 to 32) and activation
        ("none", "ReLU" or "tanh"): of the chosen layer.

    Each setting is a trait to read, set and observe; `set(…)` changes several at once, the layer first; `layers`
    takes another model; `model` is the stack on show, as a Sequential. What cannot be raises StateError, and the
    explorer stays as it was.
    """

    settings = (
        *("image", "layers", "depth", "layer", "unit"),
        *("kind", "kernel_size", "stride", "padding", "maps", "activation"),
    )
    _own = {"image": ("picture", "image")}
    _looks = feature_maps_panels

    image = Setting(help="The picture, (row, column) or (channel, row, column); set it by name or by array.")
    layers = Setting(help="The layers, first to last; set them by a Sequential or a list of layers.")
    depth = Setting(help="How many of the layers are on show.")
    layer = Setting(help="The number of the chosen layer, from 1.")
    unit = Setting(help="The marked unit of the chosen layer: (map, row, column).")
    kind = Setting(help='What the chosen layer is: "conv", "max pool" or "average pool".')
    kernel_size = Setting(help="Rows and columns of its window, 1 to 11.")
    stride = Setting(help="Pixels from one of its windows to the next.")
    padding = Setting(help='"valid", "same", "full", or zeros a side.')
    maps = Setting(help="How many maps it makes.")
    activation = Setting(help='What is done to each number behind it: "none", "ReLU" or "tanh".')

    def __init__(self, model=None, **settings):
        self._controls = Controls(
            self._request,
            image=dropdown("image"),
            depth=slider("layers"),
            layer=dropdown("chosen layer"),
            kind=dropdown("kind"),
            kernel_size=slider("kernel size"),
            stride=slider("stride"),
            padding=dropdown("padding"),
            maps=slider("maps"),
            activation=dropdown("activation"),
        )
        changes = settings if model is None else {"layers": model, **settings}
        super().__init__(FeatureMapsState.start(), changes, self._controls.box)

    @validate(*settings)
    def _check(self, proposal):
        return self._propose(proposal)

    @property
    def model(self) -> Sequential:
        """The layers on show, with copies of their weights, as a network that runs, trains and is summed up."""
        state = self.state.changed()  # whose layers nobody else has
        return Sequential(*(layer for stage in state.stages for layer in stage))

    def _show_controls(self, state):
        names = [(f"{i}: {layer.name}", i) for i, layer in enumerate(state.layers[: state.depth], 1)]
        most = max(SLIDER_MAPS, state.maps)
        paddings = [*PADDINGS, *([] if state.padding in PADDINGS else [state.padding])]
        self._controls.show(
            {
                "image": (state.picture, [*PICTURES, *self._offer_own(state, "image")]),
                "depth": (state.depth, range(1, len(state.layers) + 1)),
                "layer": (state.layer, names),
                "kind": (state.kind, state.choices("kind", KINDS)),
                "kernel_size": _slide(state, "kernel_size", kernels.LARGEST),
                "stride": _slide(state, "stride", LARGEST_STRIDE),
                "padding": (state.padding, [(str(value), value) for value in state.choices("padding", paddings)]),
                "maps": (state.maps, range(1, most + 1) if state.kind == "conv" else ()),
                "activation": (state.activation, ACTIVATIONS),
            }
        )

    def _changed(self, changes):
        return _checked(super()._changed(changes))

    def _choose(self, panel, row, column):
        """Mark this unit, and show the kernel of its map."""
        layer, which = self._looks.place_of(self.state, panel)
        self.set(layer=layer, unit=(which, row, column))

    def _edit(self, panel, row, column, value):
        """A new value for one weight of the chosen map."""
        if abs(value) > LARGEST_VALUE:
            raise StateError(f"A weight must be from −{LARGEST_VALUE:.0e} to {LARGEST_VALUE:.0e}; got {value:.3g}.")
        place = self.unit[0], panel - self._looks.first_slice(self.state), row, column
        state = _checked(self.state.edited(place, value))
        self._adopt(state, run=("edit", self.layer, panel, row, column))


def _checked(state):
    try:
        state.check_numbers()
    except ValueError as error:
        raise StateError(str(error)) from None
    return state


def _slide(state, name, most):
    """A slider's value and what it offers: nothing where rows and columns differ."""
    value = getattr(state, name)
    return value, () if isinstance(value, tuple) else state.choices(name, range(1, most + 1))
