"""The named kernels are what the field means by their names; the bundled photo is the one that was shipped."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscope import conv2d, datasets, kernels

sizes = st.tuples(st.integers(1, 11), st.integers(1, 11))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("Gaussian", np.outer([1, 2, 1], [1, 2, 1]) / 16),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("Sobel x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("Sobel y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("Laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    ],
)
def test_three_by_three(name, expected):
    np.testing.assert_allclose(kernels.preset(name), expected)


@pytest.mark.parametrize("size", [2, 3, 7])
def test_the_bank_has_sixteen_filters_of_equal_strength_and_its_shapes(size):
    bank = kernels.bank(size)
    assert bank.shape == (16, 3, size, size) and bank.dtype == np.float32
    np.testing.assert_allclose(abs(bank).sum(axis=(1, 2, 3)), 1, rtol=1e-6)
    assert (bank[0] > 0).all() and np.allclose(bank[0], bank[0, 0])
    np.testing.assert_allclose(bank[1], -bank[1, :, :, ::-1], atol=1e-7)  # left against right
    np.testing.assert_allclose(bank[2], -bank[2, :, ::-1], atol=1e-7)  # up against down
    np.testing.assert_allclose(bank[4:].sum(axis=1), 0, atol=1e-7)  # grey does not move differences of colours
    assert np.linalg.matrix_rank(bank.reshape(16, -1), tol=1e-6) == 12  # of four mixes one follows from two


def test_a_bank_of_one_pixel_is_refused():
    with pytest.raises(ValueError, match="kernel_size must be a whole number, 2 or more; got 1"):
        kernels.bank(1)


def test_five_by_five_sobel():
    np.testing.assert_allclose(kernels.preset("sobel x", 5) * 16, np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1]))


@given(st.sampled_from(kernels.PRESETS), sizes)
def test_every_size_keeps_what_the_kernel_adds_up_to(name, size):
    if min(size) < kernels.least_size(name):
        with pytest.raises(ValueError, match="kernel_size must be from 3 to 11"):
            kernels.preset(name, size)
        return
    kernel = kernels.preset(name, size)
    assert kernel.shape == size
    total = {"Sobel x": 0, "Sobel y": 0, "Laplacian": 0, "random": kernel.sum()}.get(name, 1)
    assert np.isclose(kernel.sum(), total)


@given(sizes, sizes)
def test_resized_keeps_the_middle(old, new):
    kernel = np.arange(1.0, 1 + old[0] * old[1]).reshape(old)
    back = kernels.resized(kernels.resized(kernel, np.maximum(old, new)), old)
    np.testing.assert_array_equal(back, kernel)
    smaller = kernels.resized(kernel, np.minimum(old, new))
    assert set(smaller.ravel()) <= set(kernel.ravel())
    if old[0] % 2 == new[0] % 2 and old[1] % 2 == new[1] % 2:
        middle = kernels.resized(kernel, new)[new[0] // 2, new[1] // 2]
        assert middle == kernel[old[0] // 2, old[1] // 2]


def test_an_unknown_kernel_lists_the_known():
    with pytest.raises(ValueError, match="kernel 'edge' is unknown; use one of 'identity', 'box blur'"):
        kernels.preset("edge")
    with pytest.raises(ValueError, match="from 1 to 11"):
        kernels.preset("identity", 12)
    with pytest.raises(TypeError, match="whole number"):
        kernels.preset("identity", 2.5)


def test_the_photo():
    photo = datasets.kitten()
    assert photo.shape == (3, 300, 451) and photo.dtype == np.float32
    assert 0 <= photo.min() < 0.05 and 0.85 < photo.max() <= 1
    grey = datasets.kitten(grey=True)
    np.testing.assert_allclose(grey, 0.299 * photo[0] + 0.587 * photo[1] + 0.114 * photo[2], rtol=1e-5)


@settings(max_examples=25)
@given(st.integers(1, 288))
def test_a_smaller_photo_averages_blocks_of_the_face(size):
    face = datasets.kitten(size)
    assert face.shape == (3, size, size) and face.dtype == np.float32
    block, margin = 288 // size, (288 - 288 // size * size) // 2
    average = np.full((3, 1, block, block), 1 / block**2)
    corner = datasets.kitten()[:, 6 + margin :, 80 + margin :][:, : block * size, : block * size]
    np.testing.assert_allclose(face, conv2d(corner, average, stride=block, groups=3), atol=1e-3)


@pytest.mark.parametrize(
    ("size", "words"), [(289, "at most 288"), (0, "1 or more"), (2.5, "whole number"), ("big", "whole")]
)
def test_sizes_that_cannot_be(size, words):
    with pytest.raises((TypeError, ValueError), match=words):
        datasets.kitten(size)


def test_a_damaged_file_is_refused(monkeypatch):
    monkeypatch.setitem(datasets._SHA256, "kitten.png", "0" * 64)
    with pytest.raises(OSError, match="kitten.png is damaged"):
        datasets.kitten()


def test_digits_are_split_evenly_and_stay_in_order():
    (x_train, y_train), (x_test, y_test) = datasets.digits()
    assert x_train.shape == (4000, 1, 28, 28) and x_test.shape == (1000, 1, 28, 28)
    assert x_train.dtype == np.float32 and y_train.dtype == np.int64
    assert x_train.min() == 0 and x_train.max() == 1
    np.testing.assert_array_equal(np.bincount(y_train), [400] * 10)
    np.testing.assert_array_equal(np.bincount(y_test), [100] * 10)
    assert list(y_test[:8]) == [5, 9, 0, 6, 6, 8, 1, 3]
    np.testing.assert_array_equal(datasets.digit(3), x_test[7, 0])
    means = np.array([x_train[y_train == d, 0].mean(axis=0) for d in range(10)])
    nearest = abs(x_test - means).sum(axis=(2, 3)).argmin(axis=1)
    assert (nearest == y_test).mean() > 0.6  # pictures and labels belong together


def test_letters_are_ink_on_paper():
    ink = datasets.letter("A", 32)
    assert ink.shape == (32, 32) and ink.dtype == np.float32
    assert ink.min() == 0 and ink.max() == 1
    np.testing.assert_allclose(ink, ink[:, ::-1], atol=0.2)  # an A is its own mirror image
    assert not np.array_equal(datasets.letter("B", 32), ink)
    assert datasets.letter("W", 8).sum() > 5


@pytest.mark.parametrize("character", ["", "AB", " ", "中", 5])
def test_what_is_no_letter_is_refused(character):
    with pytest.raises(ValueError, match="character"):
        datasets.letter(character)


def test_made_patterns():
    board = datasets.checkerboard(4, 2)
    np.testing.assert_array_equal(board, [[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]])
    np.testing.assert_array_equal(datasets.step_edge(4), [[0, 0, 1, 1]] * 4)
    with pytest.raises(ValueError, match="digit from 0 to 9"):
        datasets.digit(10)
