"""The weights of a model in a file: NumPy's own .npz, without pickle, so that reading one runs no code.

The file also says which layers they belong to, because weights alone do not tell a max pool from an average.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from os import PathLike
from pathlib import Path
from typing import TypeVar

import numpy as np

from .base import Arrays, Layer, Shape, check_model

Model = TypeVar("Model", bound=Layer)
FORMAT = 1  # of the file; higher where an older version of the library could not read it
ABOUT = "about"  # the text beside the weights, whose names have dots


def save(model: Layer, file: str | PathLike) -> None:
    """Write the weights of a model to a file, replacing an earlier one.

    file: a path; its name usually ends in ".npz".
    Raises ValueError for a model that has no weights, because it was not built yet or none of its layers has any.
    """
    check_model(model)
    if not (model.built and model.parameters):
        raise ValueError("model has no weights to save: train it with fit, or start it with build.")
    shape = model.leaves()[0].input_shape
    about = {"convscope": FORMAT, "input_shape": shape, "layers": list(_described(model, shape))}
    content = io.BytesIO()
    np.savez_compressed(content, **{ABOUT: json.dumps(about)}, **model.parameters)
    Path(file).write_bytes(content.getvalue())


def load(model: Model, file: str | PathLike) -> Model:
    """Return a model after giving it the weights that `save` wrote.

    model: the same layers as those of the saved one, built or not; labels may differ.
    Raises OSError if there is no such file, and ValueError if it is damaged, was not written by `save`, or holds the
    weights of other layers; the model is then as it was before.
    """
    check_model(model)
    input_shape, layers, weights = _read(file)
    try:
        own = list(_described(model, input_shape))
    except ValueError as error:
        raise ValueError(
            f"The network in {file} takes inputs of shape {input_shape}, and this one not. {error}"
        ) from None
    for index, (theirs, ours) in enumerate(zip_longest(layers, own, fillvalue="missing")):
        if theirs != ours:
            raise ValueError(f"{file} holds another network: its layer {index} is {theirs}, and here it is {ours}.")
    if {name: array.shape for name, array in weights.items()} != model.weight_shapes(input_shape):
        raise ValueError(_unreadable(file))
    model.build(input_shape)
    for name, array in model.parameters.items():
        array[...] = weights[name]
    return model


def _described(model: Layer, input_shape: Shape) -> Iterator[str]:
    """Yield what each layer is and gives, such as "conv 5×5 → (4, 24, 24)", without containers and labels."""
    if model.leaves() == [model]:
        yield f"{model.kind} → {model.output_shape(input_shape)}"
    else:
        for layer, shape in model.inputs(input_shape):
            yield from _described(layer, shape)


def _read(file) -> tuple[Shape, list[str], Arrays]:
    content = Path(file).read_bytes()
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            about = json.loads(str(kept[ABOUT]))
            version = about["convscope"]
            if version == FORMAT:
                weights = {name: kept[name].astype(np.float32) for name in kept.files if name != ABOUT}
                return tuple(map(int, about["input_shape"])), list(map(str, about["layers"])), weights
    except (ValueError, TypeError, KeyError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise ValueError(_unreadable(file)) from None
    raise ValueError(
        f"{file} was written by another version of ConvScope, in format {version}: this one reads {FORMAT}."
    )


def _unreadable(file) -> str:
    return f"{file} is damaged, or was not written by convscope's save."
