"""A network as a table: the output shape, parameters, multiply–adds and receptive field of each layer."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from ..geometry import ReceptiveField, Window, output_size, padding_amounts
from .base import Layer, Shape, by, check_model
from .containers import Parallel, Sequential

HEADINGS = ("layer", "output shape", "parameters", "MACs", "receptive field")


class Row(NamedTuple):
    """One layer. Its path is how the names of its weights begin: layer 2.1 has "2.1.kernels" and "2.1.bias"."""

    name: str
    output_shape: Shape
    parameters: int
    macs: int
    receptive_field: tuple[int, ...] | str  # pixels along each axis of the input, or "all"
    path: str

    @property
    def depth(self) -> int:
        return self.path.count(".")

    def cells(self) -> tuple[str, ...]:
        """Return the text of each column after the name."""
        seen = self.receptive_field
        return (
            str(self.output_shape),
            f"{self.parameters:,}",
            f"{self.macs:,}",
            seen if isinstance(seen, str) else by(seen),
        )


class Summary(NamedTuple):
    """The rows and totals of a network, shown as a table.

    The row of a container adds up the indented rows below it.
    """

    title: str
    rows: list[Row]
    parameters: int
    macs: int

    def totals(self) -> tuple[str, ...]:
        return "", f"{self.parameters:,}", f"{self.macs:,}", ""

    def __str__(self):
        paths = {depth: max(len(row.path) for row in self.rows if row.depth == depth) for depth in self._depths()}
        names = [f"{'  ' * row.depth}{row.path:<{paths[row.depth]}}  {row.name}" for row in self.rows]
        table = [HEADINGS, *[(name, *row.cells()) for name, row in zip(names, self.rows, strict=True)]]
        table.append(("total", *self.totals()))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [_text_line(cells, widths) for cells in table]
        rule = "─" * len(lines[0])  # the last heading fills its column
        return "\n".join([self.title, "", lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join([_cell("th", heading, _SIDES[index > 0], "col") for index, heading in enumerate(HEADINGS)])
        body = "".join([_html_line(row) for row in self.rows])
        foot = _cell("th", "total", _SIDES[0], "row") + "".join(
            [_cell("th", each, _SIDES[1]) for each in self.totals()]
        )
        title = escape(self.title)
        return (
            f'<div role="region" aria-label="{title}" tabindex="0" style="overflow-x:auto"><table>'
            f'<caption style="text-align:left">{title}</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{body}</tbody><tfoot style="border-top:1px solid"><tr>{foot}</tr></tfoot></table></div>'
        )

    def _depths(self) -> set[int]:
        return {row.depth for row in self.rows}


def summary(model: Layer, input_shape: Shape) -> Summary:
    """Return the table of a model for inputs of a shape, such as (channel, row, column), without building it.

    MACs: multiply–adds for one input. Receptive field: along each axis, from the first to the last pixel of the input
    that can change one output through any branch, padding included; "all" after a layer that reads its whole input.
    Raises ValueError or TypeError, naming the layer, if the shapes do not fit.
    """
    check_model(model)
    shape = model.checked_shape(input_shape)
    model.check_channels("input_shape is", shape)
    model.output_shape(shape)  # raises if the shapes do not fit, before any row is made
    sizes = shape[1:] or shape
    rows, _ = _rows(model, "", shape, [_Axis(n, [ReceptiveField(1, 1, 0)]) for n in sizes])  # a pixel reads itself
    inner = rows[1:] if isinstance(model, (Sequential, Parallel)) else rows
    return Summary(f"{model.name}, input {shape}", inner, rows[0].parameters, rows[0].macs)


class _Axis(NamedTuple):
    """The units along one axis, and the receptive fields of the first, one for each jump that its branches have."""

    n: int
    fields: list[ReceptiveField]

    def through(self, window: Window) -> _Axis:
        before, _ = padding_amounts(self.n, window.kernel_size, **window.moves())
        positions = output_size(self.n, window.kernel_size, **window.moves())
        return _Axis(positions, [field.through(window, before) for field in self.fields])

    def size(self) -> int:
        """Return the pixels from first to last; with different jumps an outermost unit has the largest field."""
        return max(self._seen(0), self._seen(self.n - 1))

    def _seen(self, unit: int) -> int:
        starts = [field.start + unit * field.jump for field in self.fields]
        return max(start + field.size for start, field in zip(starts, self.fields, strict=True)) - min(starts)


_Way = list[_Axis] | None  # the axes, or None after a layer that reads its whole input


def _rows(layer: Layer, path: str, shape: Shape, way: _Way) -> tuple[list[Row], _Way]:
    """Return the rows of a layer and of the layers in it, and the axes of its output."""
    inner, ends = [], []
    if not isinstance(layer, (Sequential, Parallel)):
        way = _further(way, layer)
    else:
        for index, (each, each_shape) in enumerate(layer.inputs(shape)):
            rows, end = _rows(each, f"{path}.{index}".lstrip("."), each_shape, way)
            inner += rows
            ends.append(end)
            way = end if isinstance(layer, Sequential) else way
        if isinstance(layer, Parallel):
            way = None if None in ends else [_joined(branches) for branches in zip(*ends, strict=True)]
    counts = layer.parameter_count(shape), layer.macs(shape)
    seen = "all" if way is None else tuple([axis.size() for axis in way])
    return [Row(layer.name, layer.output_shape(shape), *counts, seen, path), *inner], way


def _further(way: _Way, layer: Layer) -> _Way:
    windows = [layer.window(axis) for axis in range(len(way or ()))]
    if way is None or None in windows:
        return None
    return [axis.through(window) for axis, window in zip(way, windows, strict=True)]


def _joined(branches: tuple[_Axis, ...]) -> _Axis:
    """Return the axis of all branches together: fields with the same jump become one, from first to last pixel."""
    reaches = {}
    for size, jump, start in [field for axis in branches for field in axis.fields]:
        first, stop = reaches.get(jump, (start, start + size))
        reaches[jump] = min(first, start), max(stop, start + size)
    return _Axis(branches[0].n, [ReceptiveField(stop - first, jump, first) for jump, (first, stop) in reaches.items()])


def _text_line(cells, widths) -> str:
    name, *figures = cells
    aligned = [f"{figure:>{width}}" for figure, width in zip(figures, widths[1:], strict=True)]
    return "  ".join([f"{name:<{widths[0]}}", *aligned]).rstrip()


_SIDES = "text-align:left", "text-align:right;font-variant-numeric:tabular-nums"


def _html_line(row: Row) -> str:
    path = f'<span style="opacity:.7">{row.path}</span>&#160; ' if row.path else ""
    inset = f"{_SIDES[0]};font-weight:normal;padding-left:{0.5 + 1.5 * row.depth}em"
    name = _cell("th", path + escape(row.name), inset, "row")
    return f"<tr>{name}{''.join([_cell('td', each, _SIDES[1]) for each in row.cells()])}</tr>"


def _cell(tag: str, content: str, style: str, scope: str | None = None) -> str:
    said = f' scope="{scope}"' if scope else ""
    return f'<{tag}{said} style="{style};white-space:nowrap">{content}</{tag}>'
