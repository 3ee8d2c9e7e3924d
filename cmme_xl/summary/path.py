"""The efficient path to the next level, hidden: one row per indicator, beside them one row per step (scoring.md 13)."""

from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, ZERO, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import View

ROLE = "path_figures"
FIRST_ROW = 5


@dataclass(frozen=True)
class PathView:
    """References to the path. Steps count from 0; `next_level` and `threshold` are none at the top."""

    grid: Grid
    columns: dict[str, int]
    count: int
    next_level: Expression
    threshold: Expression

    def at(self, figure: str, step: int) -> Expression:
        return self.grid.at(FIRST_ROW + step, self.columns[figure])

    def column(self, figure: str) -> Block:
        return self.grid.column_at(range(FIRST_ROW, FIRST_ROW + self.count), self.columns[figure])

    @cached_property
    def length(self) -> Expression:
        """How many steps the path has."""
        return ex.count(self.column("total"))

    @cached_property
    def end(self) -> Expression:
        """The total at its end; none without a step."""
        totals = self.column("total")
        value = max((number for number in totals.numbers if number is not None), default=None)
        return Expression(f'IF(COUNT({totals.text})=0,"",MAX({totals.text}))', value)

    def taken(self, step: int) -> Expression:
        """The place, from 1, of the indicator that a step of the path raises; none after its end."""
        return ex.choose(ex.has(self.at("total", step)), self.at("step", step), NONE)


def build(context: Context, view: View) -> PathView:
    """Write the path's sheet and return its references."""
    grid, fine = Grid(context.sheets[ROLE]), context.catalogue.limits.importance_decimals
    count, ids = len(context.indicators), [each.id for each in context.indicators]
    most = max(len(each.prerequisites) for each in context.indicators)
    befores = [f"before{which}" for which in range(most)]
    keys = ("number", "points", "effort", "key", "turn", *befores, "step_turn", "step", "total")
    columns = {key: number for number, key in enumerate(keys)}
    grid.head(0, 0, context.words["engine.path"])
    for key, column in columns.items():
        grid.head(FIRST_ROW - 2, column, key)

    def put(row: int, figure: str, expression: Expression) -> Expression:
        return grid.put(FIRST_ROW + row, columns[figure], expression)

    def cell(row: int, figure: str) -> Expression:
        return grid.local(FIRST_ROW + row, columns[figure])

    def block(figure: str, rows: range | None = None) -> Block:
        return grid.column([FIRST_ROW + row for row in rows or range(count)], columns[figure])

    for row, indicator in enumerate(context.indicators):
        put(row, "number", constant(float(row + 1)))
        points = put(row, "points", _points(context, view, indicator.id))
        effort = put(row, "effort", constant(float(indicator.effort)))
        gains = points.number is not None and points.number > 1e-9
        value = round_half_away((points.number or 0.0) / indicator.effort, fine) if gains else None
        each = f'IF({points.text}>1E-9,ROUND({points.text}/{effort.text},{fine}),"")'
        put(row, "key", Expression(f'IF(ISNUMBER({points.text}),{each},"")', value))
    addresses = [cell(row, "key").text for row in range(count)]
    for row, turn in enumerate(ex.order_turns(block("key"), addresses)):
        put(row, "turn", turn)
    for row, indicator in enumerate(context.indicators):
        known = [ids.index(each) for each in indicator.prerequisites if each in ids]
        for which, figure in enumerate(befores):
            if which < len(known):
                holds = ex.above_zero(cell(known[which], "turn"))
                put(row, figure, ex.choose(holds, cell(known[which], "number"), ZERO))
            else:
                put(row, figure, ZERO)
    next_level, threshold = _goal(context, view)
    threshold = put(-1, "points", threshold)
    put(-1, "step", ZERO)
    put(-1, "total", ex.choose(ex.has(threshold), view.at(ROOT, "current", "score"), NONE))
    turns, numbers, all_points = block("turn"), block("number"), block("points")
    waits = [*map(block, befores)]
    for row in range(count):
        taken = block("step", range(-1, row))
        turn = put(row, "step_turn", ex.next_turn(turns, numbers, waits, taken))
        step = put(row, "step", ex.taken_next(turn, turns))
        total = ex.path_total(cell(row - 1, "total"), step, all_points, threshold, context.catalogue.limits.decimals)
        put(row, "total", total)
    return PathView(grid, columns, count, next_level, grid.at(FIRST_ROW - 1, columns["points"]))


def _points(context: Context, view: View, node: str) -> Expression:
    """What raising an indicator to its target, else to its benchmark, adds, whatever the setting of importance."""
    found = {a: view.at(node, a, "gap") for a in ("target", "benchmark") if a in context.others}
    if not found:
        return NONE
    share = view.at(node, "current", "valued_share")
    to_target, to_benchmark = found.get("target", NONE), found.get("benchmark", NONE)
    gap = next((each.number for each in (to_target, to_benchmark) if each.number is not None), None)
    value = None if gap is None else (share.number or 0.0) * max(gap, 0.0)
    return Expression(formulas.importance(share.text, to_target.text, to_benchmark.text, "target"), value)


def _goal(context: Context, view: View) -> tuple[Expression, Expression]:
    """The next level and where it begins; none at the top, and without a score."""
    level, levels = view.at(ROOT, "current", "level"), context.catalogue.levels
    there = level.number is not None and level.number < len(levels)
    number = int(level.number or 0)
    following = Expression(f"{level.text}+1", number + 1 if there else None)
    below = Expression(f"IF(ISNUMBER({level.text}),{level.text}<{len(levels)},FALSE)", there)
    starts = ",".join(f"{each.threshold:g}" for each in levels[1:])
    where = Expression(f"CHOOSE({level.text},{starts})", levels[number].threshold if there else None)
    return ex.choose(below, following, NONE), ex.choose(below, where, NONE)
