"""The table of a network: its figures against what running shows, and its two forms."""

import tracemalloc
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscope.layers import (
    AvgPool2D,
    Conv1D,
    Conv2D,
    Dense,
    Flatten,
    GlobalMaxPool,
    MaxPool2D,
    Parallel,
    ReLU,
    Sequential,
    summary,
)
from convscope.models import alexnet

NET = Sequential(
    Conv2D(4, 3, padding="same").named("<first>"),
    Parallel(
        Sequential(Conv2D(1200, 1, padding="same"), ReLU()).named("narrow"),
        Sequential(Conv2D(2, (5, 3), padding="same"), Conv2D(2, 3, padding="same")).named("wide"),
    ),
    MaxPool2D(),
    Flatten(),
    Dense(3),
).named("a net")
TEXT = """\
a net, input (1, 8, 6)

layer                output shape  parameters     MACs  receptive field
───────────────────────────────────────────────────────────────────────
0  <first> conv 3×3     (4, 8, 6)          40    1,728              3×3
1  parallel          (1202, 8, 6)       6,160  237,888              9×7
  1.0  narrow        (1200, 8, 6)       6,000  230,400              3×3
    1.0.0  conv 1×1  (1200, 8, 6)       6,000  230,400              3×3
    1.0.1  relu      (1200, 8, 6)           0        0              3×3
  1.1  wide             (2, 8, 6)         160    7,488              9×7
    1.1.0  conv 5×3     (2, 8, 6)         122    5,760              7×5
    1.1.1  conv 3×3     (2, 8, 6)          38    1,728              9×7
2  max pool 2×2      (1202, 4, 3)           0        0             10×8
3  flatten               (14424,)           0        0             10×8
4  dense                     (3,)      43,275   43,272              all
───────────────────────────────────────────────────────────────────────
total                                  49,475  282,888"""


def test_the_text():
    assert str(summary(NET, (1, 8, 6))) == TEXT == repr(summary(NET, [1, 8, 6]))


def test_the_html_is_one_plain_table_with_the_same_cells():
    html = summary(NET, (1, 8, 6))._repr_html_()
    assert html == summary(NET, (1, 8, 6))._repr_html_()
    box = ElementTree.fromstring(html)  # every name escaped, every tag closed
    tags = {"div", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "span"}
    assert {each.tag for each in box.iter()} == tags
    assert box.findtext("table/caption") == "a net, input (1, 8, 6)"
    lines = ["  ".join("".join(cell.itertext()) for cell in line).split() for line in box.iter("tr")]
    assert lines == [line.split() for line in TEXT.splitlines()[2:] if "─" not in line]
    assert {head.get("scope") for head in box.findall("table/thead/tr/th")} == {"col"}
    for name, *figures in [*box.find("table/tbody"), *box.find("table/tfoot")]:
        assert (name.tag, name.get("scope")) == ("th", "row")
        assert all("text-align:right" in each.get("style") for each in figures)


def test_rows_and_totals():
    table = summary(NET, (1, 8, 6))
    rows = {row.path: row for row in table.rows}
    assert rows["1.1.0"][:5] == ("conv 5×3", (2, 8, 6), 122, 5760, (7, 5))
    assert rows["4"].receptive_field == "all"
    assert (
        table.parameters == NET.parameter_count((1, 8, 6)) == sum(row.parameters for row in table.rows if not row.depth)
    )
    assert table.macs == NET.macs((1, 8, 6))
    names = {key.rpartition(".")[0] for key in NET.build((1, 8, 6)).parameters}
    assert names == {row.path for row in table.rows if row.parameters and "conv" in row.name or row.name == "dense"}


layers = st.one_of(
    st.builds(
        lambda size, stride, dilation: Conv2D(1, size, stride=stride, dilation=dilation),
        st.tuples(st.integers(1, 3), st.integers(1, 3)),
        st.tuples(st.integers(1, 2), st.integers(1, 2)),
        st.integers(1, 2),
    ),
    st.builds(lambda size, stride: AvgPool2D(size, stride=stride), st.integers(1, 3), st.integers(1, 2)),
    st.builds(ReLU),
)
stacks = st.lists(layers, max_size=2)  # a unit of two such stacks sees at most 61 pixels


def pixels_seen(net, shape, unit=None):
    """How far apart the first and last pixel are that an output answers to, the middle one if none is said."""
    x = np.ones((1, *shape))
    net.build(shape)
    for array in net.parameters.values():
        array[...] = 1  # nothing cancels out
    y = net(x)
    grad_y = np.zeros_like(y)
    row, column = (y.shape[2] // 2, y.shape[3] // 2) if unit is None else (unit, unit)
    grad_y[:, :, row, column] = 1
    rows, columns = np.nonzero(net.backward(grad_y)[0, 0])
    return np.ptp(rows) + 1, np.ptp(columns) + 1


@given(stacks, stacks)
def test_the_receptive_field_is_what_the_gradient_reaches(first, second):
    net, shape = Sequential(Sequential(*first), *second), (1, 64, 64)
    expected = pixels_seen(net, shape)
    assert summary(Sequential(net), shape).rows[0].receptive_field == expected


@st.composite
def branches(draw, stride):
    """A branch that keeps the size, but for the stride; its kernel need not be a square, nor its padding even."""
    sizes = [draw(st.integers(1, 7)) for _ in "rc"]
    paddings = [(before, size - 1 - before) for size in sizes for before in [draw(st.integers(0, size - 1))]]
    return Conv2D(1, sizes, stride=stride, padding=paddings)


@settings(max_examples=40)  # each runs a network on a large picture
@given(stacks, st.integers(1, 2).flatmap(lambda stride: st.lists(branches(stride), min_size=1, max_size=3)), stacks)
def test_beside_each_other_all_branches_count(before, beside, after):
    net, shape = Sequential(*before, Parallel(*beside), Conv2D(1, 1), *after), (1, 224, 224)  # or it sees padding
    assert summary(net, shape).rows[-1].receptive_field == pixels_seen(net, shape)


@pytest.mark.parametrize("after", [[ReLU()], [Conv2D(1, 2)], [AvgPool2D(2, stride=1), ReLU()]])
def test_branches_of_different_strides_count_at_the_unit_that_sees_most(after):
    net, shape = Sequential(Parallel(Conv2D(1, 1, stride=8), Conv2D(1, 1, stride=6)), *after), (1, 17, 17)
    units = range(net.output_shape(shape)[1])
    assert summary(net, shape).rows[-1].receptive_field == max(pixels_seen(net, shape, unit) for unit in units)


def test_same_padding_at_a_stride_asks_for_the_size_of_the_input():
    net = Sequential(Conv2D(1, 3, stride=2, padding="same"), MaxPool2D(3, stride=2, padding="same"))
    assert summary(net, (1, 9, 8)).rows[-1].receptive_field == (7, 7)


def test_what_reads_all_places_sees_all():
    net = Parallel(Sequential(Conv1D(2, 3), ReLU(), GlobalMaxPool()), Sequential(Conv1D(1, 2), Flatten()))
    fields = {row.path: row.receptive_field for row in summary(net, (1, 9)).rows}
    assert [fields[path] for path in ("0.0", "0.2", "0", "1")] == [(3,), "all", "all", (2,)]
    assert summary(Sequential(net, ReLU()), (1, 9)).rows[-1].receptive_field == "all"
    flat = summary(Sequential(ReLU(), Dense(2), ReLU()), (5,))
    assert [row.receptive_field for row in flat.rows] == [(1,), "all", "all"]


def test_a_single_layer_and_an_empty_net_have_tables_too():
    (row,) = summary(Dense(2), (3,)).rows
    assert row[:5] == ("dense", (2,), 8, 6, "all")
    assert str(summary(Sequential(), (3,))).splitlines()[-1].split() == ["total", "0", "0"]


def test_a_table_costs_no_memory():
    tracemalloc.start()
    try:
        str(summary(alexnet(), (3, 227, 227)))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shape", [(8, 6), 5, (1, 0, 6), (1, 1, 1)])
def test_a_shape_that_cannot_go_in_is_refused(shape):
    with pytest.raises((ValueError, TypeError), match="takes|tuple|whole number|cannot take"):
        summary(NET, shape)


def test_what_is_no_layer_has_no_table():
    with pytest.raises(TypeError, match="model must be a layer, such as Sequential"):
        summary(Dense, (3,))
    assert summary(Dense(2), list(np.array([3]))).title == "dense, input (3,)"
