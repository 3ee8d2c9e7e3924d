"""The what-if, hidden: which improvements count, what they add, and what the total and the dimensions come to."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import ONE, ZERO, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.live import MISSING, Live
from cmme_xl.scorecard.path import Path

ROLE = "whatif"
"""The sheet on which people choose; its cells that are read here:"""
TILE_ROW, FIRST_ROW = 6, 11
TICK, GOAL_LEVEL, SWITCH = 1, 16, 18


@dataclass(frozen=True)
class Choice:
    """Hidden: what is chosen, and what it comes to. `at` of an indicator: 1 where it counts, and the points it adds; of
    the total or a dimension: its value once what is chosen is done, and the same for charts."""

    grid: Grid
    rows: dict[str, int]

    def at(self, node: str, *, second: bool = False) -> Expression:
        return self.grid.at(self.rows[node], 1 + second)

    def column(self, nodes: Sequence[str], *, second: bool = False) -> Block:
        return self.grid.column_at([self.rows[node] for node in nodes], 1 + second)


def _cell(context: Context, row: int, column: int, value: float | str | None) -> Expression:
    return Expression(context.sheets[ROLE].cell(row, column), value)


def goal_level(context: Context, live: Live) -> Expression:
    """The level to reach: at first the next one."""
    levels = len(context.catalogue.levels)
    here = live.at(ROOT, "level").number
    value = levels if here is None else min(levels, int(here) + 1)
    return _cell(context, TILE_ROW + 1, GOAL_LEVEL, value)


def threshold(context: Context, live: Live) -> Expression:
    """The total from which that level is reached."""
    level = goal_level(context, live)
    thresholds = [each.threshold for each in context.catalogue.levels]
    listed = ",".join(f"{each:g}" for each in thresholds)
    return Expression(f"INDEX({{{listed}}},{level.text})", thresholds[int(level.number or 1) - 1])


def _takes_path(context: Context) -> Expression:
    """Whether the efficient path is taken instead of what is ticked."""
    words = context.words
    cell = _cell(context, TILE_ROW + 1, SWITCH, words["whatif.by_tick"])
    return Expression(f"{cell.text}={constant(words['whatif.by_path']).text}", False)


def build(context: Context, live: Live, path: Path) -> Choice:
    """Write the sheet: an indicator counts where it is ticked, or lies on the path where that is taken."""
    indicators = [each.id for each in context.indicators]
    nodes = [*indicators, ROOT, *(each.id for each in context.dimensions)]
    grid = Grid(context.sheets["choice"])
    choice = Choice(grid, {node: FIRST_ROW + place for place, node in enumerate(nodes)})
    grid.head(0, 0, context.words["live.choice"])
    takes = _takes_path(context)
    for row, node in enumerate(indicators, FIRST_ROW):
        grid.put(row, 0, constant(node))
        ticked = Expression(f"LEN({_cell(context, row, TICK, None).text})>0", False)
        on = ex.choose(takes, ex.has(path.step(node)), ticked)
        points = live.at(node, "points")
        chosen = grid.put(row, 1, ex.choose(ex.both(on, ex.has(points)), ONE, ZERO))
        grid.put(row, 2, ex.choose(ex.same(chosen, ONE), points, ZERO))
    families = {ROOT: indicators}
    families |= {each.id: [i.id for i in each.indicators] for each in context.dimensions}
    for node, below in families.items():
        row = choice.rows[node]
        grid.put(row, 0, constant(node))
        after = grid.put(row, 1, _after(live, node, ex.total(choice.column(below, second=True))))
        feed = f"IF(ISNUMBER({after.text}),{after.text},NA())"
        grid.put(row, 2, Expression(feed, MISSING if after.number is None else after.value))
    return choice


def _after(live: Live, node: str, gained: Expression) -> Expression:
    """A node's value with the points of total that are gained beneath it: its own gain is those by its share."""
    value, share = live.at(node, "value"), live.at(node, "valued_share")
    found = None
    if value.number is not None:
        found = value.number + ((gained.number or 0.0) / share.number if share.number else 0.0)
    return Expression(
        f'IF(ISNUMBER({value.text}),{value.text}+IF({share.text}>0,{gained.text}/{share.text},0),"")', found
    )
