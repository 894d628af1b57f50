"""A convolution in numbers and as code: the size formula of a state, and the program that makes its output."""

from __future__ import annotations

import numpy as np

from ...geometry import extent
from ..arrays import OWN, picture_code


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
