"""What chapter 7 concludes, with margins: from its results file, and from what the library counts."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from convscope import Conv2D, datasets, models, summary

SIZES, RATES, DEEP, DIGITS = (
    datasets.measured("07", name) for name in ("kernel_sizes", "learning_rates", "three_layers", "module_on_digits")
)


def every(found):
    """Per cent of all twelve symbols, of which eight are small."""
    return (2 * np.array(found["small"]) + found["large"]) / 3


def mean(values):
    return float(np.mean(values))


def test_one_size_fails_at_one_kind_of_symbol_and_two_sizes_at_neither():
    found = {name: each["600"] for name, each in SIZES.items()}
    assert mean(found["3×3"]["small"]) > 98 and 20 < mean(found["3×3"]["large"]) < 35
    assert mean(found["11×11"]["large"]) > 95 and mean(found["11×11"]["small"]) < 91
    pair = found["3×3 and 11×11"]
    assert mean(pair["small"]) > 93 and mean(pair["large"]) > 94
    for rival in ("9×9", "11×11"):
        assert mean(every(pair) > every(found[rival])) > 0.6, "ahead in most runs"


def test_large_kernels_catch_up_with_more_symbols_or_more_filters():
    pair, nine, eleven = (SIZES[name] for name in ("3×3 and 11×11", "9×9", "11×11"))
    assert mean(every(nine["1500"])) > mean(every(pair["600"]))
    assert mean(every(eleven["3000"])) > mean(every(pair["600"])) > mean(every(eleven["1500"])) - 1
    assert mean(every(SIZES["9×9, twice as many"]["600"])) > mean(every(pair["600"])) + 1


@pytest.mark.parametrize("rate", ["0.02", "0.06"])
def test_the_pair_is_ahead_at_other_rates(rate):
    pair, *rivals = (mean(every(RATES[name][rate])) for name in ("3×3 and 11×11", "9×9", "11×11"))
    assert pair > max(rivals)


def test_pools_lose_small_symbols_and_dilations_do_not():
    for how in DEEP["neither"]:
        pools, dilated, neither = (DEEP[name][how] for name in ("two pools", "dilations 1, 2, 4", "neither"))
        assert mean(dilated["small"]) > mean(pools["small"]) + 15
        assert min(mean(pools["large"]), mean(dilated["large"])) > 80 and mean(neither["large"]) < 45
        assert mean(neither["small"]) > 93, "so it is not depth that loses them"


def test_dilated_layers_come_close_to_the_pair_once_they_have_more_symbols():
    few, many = (DEEP["dilations 1, 2, 4"][how] for how in ("600, 8 epochs", "1,500, 8 epochs"))
    assert np.std(few["small"]) > 4 * np.std(many["small"]), "their runs differ widely"
    assert abs(mean(every(SIZES["3×3 and 11×11"]["1500"])) - mean(every(many))) < 4


def test_a_module_is_behind_a_plain_layer_by_less_than_the_spread():
    for each in DIGITS.values():
        lead = np.subtract(each["module"], each["plain"])
        assert len(lead) == 8 and 0 < -lead.mean() < lead.std(ddof=1)


def test_up_to_6_pixels_the_large_symbols_are_one_set_of_windows():
    x, labels = datasets.symbols(200, noise=0, seed=1)
    large = [x[np.argmax(labels == which), 0] for which in range(8, 12)]

    def windows(image, k):
        return frozenset(map(bytes, sliding_window_view(np.pad(image, k), (k, k)).reshape(-1, k * k)))

    sets = [len({windows(image, k) for image in large}) for k in range(1, 12)]
    assert sets[:6] == [1] * 6 and sets[6:] == [4] * 5


def test_one_5_by_5_convolution_as_deep_as_3a_has_seven_and_a_half_times_its_weights():
    shape = models.GOOGLENET["3a"].input_shape
    one, module = Conv2D(256, 5, padding="same", bias=False), models.inception("3a", bias=False)
    assert one.parameter_count(shape) / module.parameter_count(shape) == pytest.approx(7.52, abs=0.01)


def test_the_modules_of_googlenet_take_more_work_than_alexnet():
    work = sum(models.inception(name).macs(widths.input_shape) for name, widths in models.GOOGLENET.items())
    assert work == 1_103_972_352 > summary(models.alexnet(), (3, 227, 227)).macs
