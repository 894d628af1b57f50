"""Weights in a file: they come back exactly, and only into a network like the one that they were saved from."""

import io
import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convscope import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    accuracy,
    datasets,
    load,
    models,
    save,
)
from refusing import refused


@pytest.fixture
def file(tmp_path):
    return tmp_path / "net.npz"


def branched():
    branches = Parallel(Conv2D(2, 1, bias=False), Sequential(Conv2D(3, 3, padding="same"), ReLU()))
    return Sequential(branches.named("eyes"), MaxPool2D(), Flatten(), Dense(4))


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (models.digit_net, (1, 28, 28)),
        (models.lenet5_1998, (1, 32, 32)),
        (branched, (2, 6, 6)),
        (lambda: Dense(3), (5,)),
    ],
)
@pytest.mark.parametrize("built", [True, False])
def test_a_saved_network_comes_back(make, shape, built, file):
    model, other = make().build(shape, seed=1), make()
    if built:
        other.build(shape, seed=2)
    save(model, file)
    assert load(other, str(file)) is other
    x = np.random.default_rng(0).random((3, *shape), np.float32)
    assert_array_equal(other(x), model(x))
    assert other.parameters.keys() == model.parameters.keys()
    save(other, file)  # as one that was trained


def test_a_network_that_was_built_by_its_first_batch_is_saved_for_its_shape(file):
    model = models.digit_net()
    x = np.ones((1, 1, 28, 28))
    y = model(x)
    save(model, file)
    assert_array_equal(load(models.digit_net(), file)(x), y)


@pytest.mark.parametrize(
    ("other", "parts"),
    [
        (models.digit_net(pool="average"), "net.npz … layer 2 … max pool 2×2 … average pool"),
        (models.digit_net(3), "net.npz … layer 0 … conv 5×5 → (4, 24, 24) … conv 3×3"),
        (Sequential(*models.digit_net().layers[:-1]), "net.npz … layer 7 … dense → (10,) … missing"),
        (Sequential(*models.digit_net().layers, ReLU()), "net.npz … layer 8 … missing … relu"),
        (models.lenet5(), "(1, 28, 28) … C5 conv 5×5"),
        (Dense(10), "(1, 28, 28) … dense takes"),
    ],
    ids=repr,
)
def test_other_layers_are_named_and_stay_as_they_were(other, parts, file):
    save(models.digit_net().build((1, 28, 28)), file)
    before = {name: array.copy() for name, array in other.parameters.items()}
    with refused(parts, ValueError):
        load(other, file)
    assert {name: array.tolist() for name, array in other.parameters.items()} == {
        name: array.tolist() for name, array in before.items()
    }


def written(file, **changes):
    """A file as `save` writes it, with other arrays under some names, or without those that are None."""
    save(models.digit_net().build((1, 28, 28)), file)
    with np.load(file) as kept:
        arrays = {name: kept[name] for name in kept.files} | changes
    np.savez(file, **{name: array for name, array in arrays.items() if array is not None})


def about(**changes):
    return json.dumps({"convscope": 1, "input_shape": [1, 28, 28], "layers": []} | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"about": None},
        {"about": "no JSON"},
        {"about": "[1]"},
        {"about": about(input_shape="wide")},
        {"about": about(layers=None)},
        {"0.kernels": None},
        {"0.kernels": np.zeros((4, 1, 3, 3), np.float32)},
        {"0.kernels": np.array(["text"])},
        {"0.kernels": np.array([{"an": "object"}])},
        {"9.kernels": np.zeros(3)},
    ],
    ids=str,
)
def test_a_foreign_file_is_refused(changes, file):
    written(file, **changes)
    with refused("net.npz", ValueError):
        load(models.digit_net(), file)


def test_a_later_format_is_refused(file):
    written(file, about=about(convscope=2))
    with refused("net.npz … format 2", ValueError):
        load(models.digit_net(), file)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.6, 0.999])
def test_a_truncated_file_is_refused(share, file):
    save(models.digit_net().build((1, 28, 28)), file)
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with refused("net.npz … damaged", ValueError):
        load(models.digit_net(), file)


def test_a_changed_byte_anywhere_is_refused_or_harmless(file):
    model = models.digit_net().build((1, 28, 28))
    save(model, file)
    content = file.read_bytes()
    for place in range(0, len(content), 97):
        file.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        try:
            found = load(models.digit_net(), file)
        except ValueError as error:
            assert "net.npz" in str(error)
        else:
            for name, array in model.parameters.items():
                assert_array_equal(found.parameters[name], array)


@pytest.mark.parametrize("content", [b"some text", b"\x89PNG\r\n", np.ones(3).tobytes()])
def test_what_is_no_archive_is_refused(content, file):
    file.write_bytes(content)
    with refused("net.npz … damaged", ValueError):
        load(models.digit_net(), file)


def test_an_array_alone_is_refused(file):
    content = io.BytesIO()
    np.save(content, np.ones(3))
    file.write_bytes(content.getvalue())
    with refused("net.npz … damaged", ValueError):
        load(models.digit_net(), file)


def test_a_missing_file_is_told_by_its_name(file):
    with pytest.raises(FileNotFoundError, match=r"net\.npz"):
        load(models.digit_net(), file)


@pytest.mark.parametrize("model", [models.digit_net(), Sequential(ReLU()).build((3,))], ids=repr)
def test_a_network_without_weights_is_not_saved(model, file):
    with refused("model … weights … fit", ValueError):
        save(model, file)
    assert not file.exists()


def test_the_trained_network_reads_digits():
    model = models.trained_digit_net()
    assert sum(array.size for array in model.parameters.values()) == 2202
    assert 0.955 < accuracy(model, *datasets.digits()[1]) < 0.98
