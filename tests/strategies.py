"""What the property tests of geometry and of the operations draw: settings, layers, arrays in every layout."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from convscope.geometry import extent, output_size

small = st.integers(1, 3)
axis_paddings = st.one_of(
    st.sampled_from(["valid", "same", "full", "causal"]), st.integers(0, 3), st.tuples(*[st.integers(0, 3)] * 2)
)
picture_paddings = st.one_of(
    st.sampled_from(["valid", "same", "full"]),
    st.integers(0, 3),
    st.tuples(*[st.integers(0, 3)] * 2),
    st.tuples(*[st.tuples(*[st.integers(0, 3)] * 2)] * 2),
)
pairs = st.one_of(small, st.tuples(small, small))


def fits(n, kernel_size, **settings) -> bool:
    """Whether any window can stand."""
    try:
        return output_size(n, kernel_size, **settings) > 0
    except ValueError:
        return False


@st.composite
def axes(draw):
    """One axis on which a window fits: (n, kernel_size), and the settings by name."""
    kernel_size, dilation = draw(st.integers(1, 5)), draw(small)
    settings = {"stride": draw(st.integers(1, 4)), "padding": draw(axis_paddings), "dilation": dilation}
    n = draw(st.integers(1, 12))
    if not fits(n, kernel_size, **settings):
        n += extent(kernel_size, dilation)
    return n, kernel_size, settings


@dataclass
class Case:
    """One convolution: its arrays, and its settings by name."""

    x: np.ndarray
    kernels: np.ndarray
    bias: np.ndarray | None
    settings: dict

    @property
    def inputs(self):
        return self.x, self.kernels, self.bias


@st.composite
def convolutions(draw, spatial=2, dtypes=("float64",), layouts=True):
    """A convolution over (batch, channel, …) that fits; its arrays in any memory layout, not to be written to."""
    groups, per_group = draw(small), draw(st.integers(1, 2))
    settings = {
        "stride": draw(pairs if spatial == 2 else small),
        "padding": draw(picture_paddings if spatial == 2 else axis_paddings),
        "dilation": draw(pairs if spatial == 2 else small),
        "groups": groups,
    }
    kernel_shape = tuple(draw(st.integers(1, 4)) for _ in range(spatial))
    dilations = np.broadcast_to(settings["dilation"], spatial)
    surplus = st.integers(0, 5)  # large enough for the kernel whatever the padding
    shape = tuple(extent(k, int(d)) + draw(surplus) for k, d in zip(kernel_shape, dilations, strict=True))
    array = arrays if layouts else plain_arrays
    x = draw(array((draw(small), groups * per_group, *shape), dtypes))
    kernels = draw(array((groups * draw(st.integers(1, 2)), per_group, *kernel_shape), dtypes))
    bias = draw(st.none() | array((len(kernels),), dtypes))
    return Case(x, kernels, bias, settings)


@dataclass
class Pool:
    """One pooling: its pictures, and its settings by name; `dilation` is for max pooling alone."""

    x: np.ndarray
    settings: dict
    dilation: int | tuple[int, int]


@st.composite
def pools(draw, dtypes=("float64",)):
    """A pooling over (batch, channel, row, column) in which each window holds a pixel."""
    size, dilation = draw(pairs), draw(pairs)
    sizes, dilations = np.broadcast_to(size, 2), np.broadcast_to(dilation, 2)
    room = [extent(int(k), int(d)) for k, d in zip(sizes, dilations, strict=True)]
    shape = tuple(least + draw(st.integers(0, 5)) for least in room)
    # at most one pixel less than the window, and no more than its holes leave
    amounts = [st.integers(0, int(k) - 1) for k in sizes]
    padding = draw(st.sampled_from(["valid", "same"]) | st.tuples(*[st.tuples(a, a) for a in amounts]))
    x = draw(arrays((draw(small), draw(small), *shape), dtypes))
    return Pool(x, {"size": size, "stride": draw(st.none() | pairs), "padding": padding}, dilation)


@st.composite
def plain_arrays(draw, shape, dtypes=("float64",)):
    """An array of small numbers, in the order of C; its values come from one drawn seed, so that it shrinks fast."""
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    if dtype.kind == "f":
        return rng.normal(size=shape).astype(dtype)
    return rng.integers(0, 2 if dtype.kind == "b" else 100, shape).astype(dtype)


@st.composite
def arrays(draw, shape, dtypes=("float64",)):
    """The same in any memory layout, and read-only."""
    layout = draw(st.sampled_from(LAYOUTS))
    array = layout(draw(plain_arrays(shape, dtypes)))
    array.flags.writeable = False
    return array


def _every_other(array):
    """With gaps between its numbers, which hold NaN or nonsense: nobody may look at them."""
    wide = np.full([2 * n + 1 for n in array.shape], -77).astype(array.dtype)
    view = wide[tuple(slice(1, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def _backwards(array):
    """Stored from its last number to its first: every stride is negative."""
    reverse = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[reverse])[reverse]


def _channels_last(array):
    """Stored with its second axis last, as photos are."""
    if array.ndim < 2:
        return array
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1)


LAYOUTS = [np.ascontiguousarray, np.asfortranarray, _every_other, _backwards, _channels_last]
