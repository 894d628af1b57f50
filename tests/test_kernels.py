"""The named kernels are what the field means by their names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscope import kernels

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


def test_a_kernel_may_be_a_list_and_a_name_in_any_case():
    assert kernels.resized([[1]], 3).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert kernels.least_size("sobel X") == 3 and kernels.least_size("Identity ") == 1
    with pytest.raises(ValueError, match=r"kernel must have rows and columns, .*; got shape \(2,\)"):
        kernels.resized([1, 2], 3)
    with pytest.raises(ValueError, match="kernel 'edge' is unknown"):
        kernels.least_size("edge")


def test_an_unknown_kernel_lists_the_known():
    with pytest.raises(ValueError, match="kernel 'edge' is unknown; use one of 'identity', 'box blur'"):
        kernels.preset("edge")
    with pytest.raises(ValueError, match="or a 2-D array. Did you mean 'Gaussian'?"):
        kernels.preset("gauss")
    with pytest.raises(ValueError, match="from 1 to 11"):
        kernels.preset("identity", 12)
    with pytest.raises(TypeError, match="whole number"):
        kernels.preset("identity", 2.5)
