"""A convolution as code: the program that makes its output."""

from __future__ import annotations

import numpy as np

from ..arrays import OWN, picture_code


def as_code(state) -> str:
    """A program whose `output` is this state's; an image of one's own it takes from a variable `explorer`."""
    image = "explorer.image  # your own array" if state.picture == OWN else picture_code(state.picture)
    settings = "".join(f", {name}={value!r}" for name, value in state.moves.items())
    weights = "kernel[..., ::-1, ::-1]" if state.flip else "kernel"
    name, filters = ("conv_transpose2d", "[:, None]") if state.transposed else ("conv2d", "[None]")
    call = f"{name}(image, {weights}{filters if state.channels else ''}{settings}){'[0]' if state.channels else ''}"
    lines = ["import numpy as np", f"from convscope import {name}, datasets", ""]
    lines += [f"image = {image}", f"kernel = np.{_array_in_full(state.kernel)}", f"output = {call}"]
    return "\n".join(lines)


def _array_in_full(array):
    """The array as NumPy writes it, with every digit that it takes to make it again."""
    with np.printoptions(floatmode="unique", precision=None, suppress=False, threshold=array.size + 1, linewidth=100):
        return repr(np.array(array)).replace("dtype=float32", "dtype=np.float32")
