"""The list of gaps in its live order: which indicator stands at which position, and what its chart needs. Hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import MISSING, View, mark

FIRST_ROW = 3


@dataclass(frozen=True)
class Order:
    """Positions count from 0. `names` (with the key mark) and `dimensions` stand in catalogue order."""

    grid: Grid
    columns: dict[str, int]
    count: int
    names: Block
    dimensions: Block

    def block(self, column: str) -> Block:
        """A column of the list, in its order."""
        return self.grid.column_at(_rows(self.count), self.columns[column])

    def place(self, position: int) -> Expression:
        """The place in catalogue order, from 1, of the indicator of this position."""
        return self.grid.at(FIRST_ROW + position, self.columns["place"])

    def pick(self, position: int, shown: Block) -> Expression:
        """What stands in `shown`, a column in catalogue order, at the indicator of this position."""
        return _index(shown, self.place(position))


def build(context: Context, view: View) -> Order:
    """Write the list's sheet."""
    grid = Grid(context.sheets["order"])
    keys = ["catalogue_name", "catalogue_dimension", "place", "name", "offset", "length"]
    keys += [f"{angle}_{axis}" for angle in context.present for axis in "xy"]
    columns = {key: number for number, key in enumerate(keys)}
    count = len(context.indicators)
    grid.head(0, 0, context.words["engine.order"])
    for key, column in columns.items():
        grid.head(FIRST_ROW - 1, column, key)
    for number, indicator in enumerate(context.indicators):
        dimension = context.catalogue.dimension_of[indicator.id]
        name = f"{indicator.name.in_(context.lang)}{' ★' if indicator.key else ''}"
        grid.put(FIRST_ROW + number, columns["catalogue_name"], constant(name))
        grid.put(FIRST_ROW + number, columns["catalogue_dimension"], constant(dimension.name.in_(context.lang)))
    named, grouped = (grid.column_at(_rows(count), columns[f"catalogue_{key}"]) for key in ("name", "dimension"))
    order = Order(grid, columns, count, named, grouped)
    positions = view.column(view.indicator_ids, "current", "position")
    for position in range(count):
        row = FIRST_ROW + position
        place = Expression(f"MATCH({position + 1},{positions.text},0)", positions.values.index(position + 1) + 1)
        grid.put(row, columns["place"], place)
        grid.put(row, columns["name"], order.pick(position, named))
        _chart_cells(context, view, order, position)
    return order


def _chart_cells(context: Context, view: View, order: Order, position: int) -> None:
    row, grid, columns = FIRST_ROW + position, order.grid, order.columns
    scores = []
    for angle in context.present:
        score = order.pick(position, view.column(view.indicator_ids, angle, "score"))
        x, y = mark(score, order.count - position - 0.5)
        grid.put(row, columns[f"{angle}_x"], x)
        grid.put(row, columns[f"{angle}_y"], y)
        if ex.is_number(score.value):
            scores.append(float(score.number or 0.0))
    xs = [grid.address(row, columns[f"{angle}_x"]) for angle in context.present]
    ys = [grid.address(row, columns[f"{angle}_y"]) for angle in context.present]
    there = "+".join(f"ISNUMBER({y})" for y in ys)
    lows = ",".join(f"IF(ISNUMBER({y}),{x},9E9)" for x, y in zip(xs, ys, strict=True))
    highs = ",".join(f"IF(ISNUMBER({y}),{x},-9E9)" for x, y in zip(xs, ys, strict=True))
    low = Expression(f"IF({there}=0,NA(),MIN({lows}))", min(scores, default=MISSING))
    span = max(scores) - min(scores) if scores else MISSING
    length = Expression(f"IF({there}=0,NA(),MAX({highs})-MIN({lows}))", span)
    grid.put(row, columns["offset"], low)
    grid.put(row, columns["length"], length)


def _rows(count: int) -> Sequence[int]:
    return range(FIRST_ROW, FIRST_ROW + count)


def _index(shown: Block, place: Expression) -> Expression:
    return Expression(f"INDEX({shown.text},{place.text})", shown.values[int(place.number or 1) - 1])
