"""A convolution in words and as code: the sentence, the size formula with its numbers, the program."""

from __future__ import annotations

import numpy as np

from ..geometry import extent
from .arrays import OWN, picture_code, times


def sentence(state) -> str:
    """The whole state, for print, for screen readers and for whoever reads without a kernel."""
    channels = f" of {state.channels} channels" if state.channels else ""
    turned = ", turned by half a turn" if state.flip else ""
    return (
        f"ConvolutionExplorer: a {_sides(state.image)} picture{channels} ({state.picture}) under a "
        f"{_sides(state.kernel)} kernel ({state.preset}{turned}), stride {state.stride}, padding {state.padding}, "
        f"dilation {state.dilation}, gives a {times(state.output)} feature map."
    )


def size_in_words(state) -> str:
    """The size formula with this state's numbers, for the rows and, where they differ, the columns."""
    rows, columns = (_axis_in_words(state, axis) for axis in (0, 1))
    if rows == columns:
        return f"rows and columns: {rows}"
    return f"rows: {rows}\ncolumns: {columns}"


def _axis_in_words(state, axis):
    n, window = state.axes[axis]
    before, after = state.padding_amounts[axis]
    span, size = extent(window.kernel_size, window.dilation), state.output.shape[axis]
    formula = f"⌊({n} + {before} + {after} − {span}) / {window.stride}⌋ + 1 = {size}"
    if window.dilation == 1:
        return formula
    return f"{formula}, since the kernel spans {window.dilation} · ({window.kernel_size} − 1) + 1 = {span}"


def as_code(state) -> str:
    """A program whose `output` is this state's; an image of one's own it takes from a variable `explorer`."""
    image = "explorer.image  # your own array" if state.picture == OWN else picture_code(state.picture)
    settings = "".join(f", {name}={value!r}" for name, value in state.moves.items())
    weights = "kernel[..., ::-1, ::-1]" if state.flip else "kernel"
    call = f"conv2d(image, {weights}[None]{settings})[0]" if state.channels else f"conv2d(image, {weights}{settings})"
    lines = ["import numpy as np", "from convscope import conv2d, datasets", ""]
    lines += [f"image = {image}", f"kernel = np.{_array_in_full(state.kernel)}", f"output = {call}"]
    return "\n".join(lines)


def _array_in_full(array):
    """The array as NumPy writes it, with every digit that it takes to make it again."""
    with np.printoptions(floatmode="unique", precision=None, suppress=False, threshold=array.size + 1, linewidth=100):
        return repr(np.array(array)).replace("dtype=float32", "dtype=np.float32")


def _sides(array):
    return times(array[0] if array.ndim == 3 else array)
