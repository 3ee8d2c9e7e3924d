"""Every figure twice, hidden: by native formulas, and by one call into Python for the whole block.

What sheets show is IFERROR(Python, native): without the add-in, or where it fails, the native figure stands. A node has
the same row on every sheet. The call takes the answers from the sheet of scores; nothing else calls Python but one cell
that asks for its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import NONE, ONE, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.cells import FIRST_ROW, ScoreCells
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.native import Native
from cmme_xl.scorecard.python import ANSWERED, Python

MISSING = "#N/A"


@dataclass(frozen=True)
class Live:
    """References to all figures. Nodes in consecutive rows of the figures' sheet can be taken as a block."""

    context: Context
    cells: ScoreCells
    engine: Engine
    grid: Grid
    rows: dict[str, int]
    columns: dict[str, int]
    version: Expression
    answer: Expression

    def at(self, node: str, figure: str) -> Expression:
        """A figure of a node: one of ANSWERED, "raw", "rate", "feed", "share", "points"; or "target_value",
        "target_gap" and so on for other angles."""
        return self.grid.at(self.rows[node], self.columns[figure])

    def provisional(self, node: str) -> Expression:
        """Whether its level is provisional (scoring.md rule 6)."""
        limit = self.context.catalogue.limits.provisional_below
        return ex.provisional(self.at(node, "coverage"), self.at(node, "rate"), limit)

    def column(self, nodes: Sequence[str], figure: str) -> Block:
        """A figure of nodes that follow each other without a gap."""
        return self.grid.column_at([self.rows[node] for node in nodes], self.columns[figure])

    def label(self, nodes: Sequence[str], *, short: bool = False) -> Block:
        return self.grid.column_at([self.rows[node] for node in nodes], 2 if short else 1)


def build(context: Context, cells: ScoreCells, engine: Engine) -> Live:
    """Write both hidden sheets and return what sheets may refer to."""
    native = Native(context, engine)
    python = Python(context, cells, native)
    grid = Grid(context.sheets["live"])
    nodes = [ROOT, *(d.id for d in context.dimensions), *(i.id for i in context.indicators)]
    questions = [q.id for each in context.indicators for q in each.questions]
    rows = {node: FIRST_ROW + place for place, node in enumerate([*nodes, *questions])}
    figures = [*ANSWERED, "raw", "rate", "feed", "raw_feed"]
    figures += [f"{angle}_{name}" for angle in context.others for name in ("value", "gap", "feed")]
    figures += ["share", "valued", "valued_share", "to_goal", "points"]
    columns = {figure: 3 + place for place, figure in enumerate(figures)}
    live = Live(context, cells, engine, grid, rows, columns, python.version, python.cell(ROOT, "value"))
    _heads(context, live)
    for node in nodes:
        _figures(live, native, python, node, ANSWERED)
    for question in questions:
        _figures(live, native, python, question, ("value",))
    _shares(live, native)
    return live


def _heads(context: Context, live: Live) -> None:
    words = context.words
    live.grid.head(0, 0, words["live.title"])
    for figure, column in live.columns.items():
        live.grid.head(FIRST_ROW - 1, column, figure)
    shorts = {each.id: each.short.in_(context.lang) for each in context.dimensions}
    shorts |= {each.id: each.short.in_(context.lang) for each in context.indicators}
    for node, row in live.rows.items():
        live.grid.put(row, 0, constant(node))
        if node in context.ids:
            live.grid.put(row, 1, constant(context.numbered(node)))
            live.grid.put(row, 2, constant(shorts.get(node, "").replace("|", "\n")))


def _figures(live: Live, native: Native, python: Python, node: str, figures: Sequence[str]) -> None:
    """One node's figures, those of both engines in one."""
    grid, row, columns, context = live.grid, live.rows[node], live.columns, live.context

    def put(figure: str, found: Expression) -> Expression:
        return grid.put(row, columns[figure], found)

    for figure in figures:
        own = native.figure(node, figure)
        put(figure, Expression(f"IFERROR({python.cell(node, figure).text},{own.text})", own.value))
    if len(figures) == 1:
        put("raw", native.raw(node))
        return
    value = grid.local(row, columns["value"])
    put("rate", native.rate(node))
    put("feed", _feed(value))
    put("raw_feed", _feed(put("raw", native.raw(node))))
    for place, angle in enumerate(context.others):
        put(f"{angle}_feed", _feed(put(f"{angle}_value", native.value(node, angle))))
        # the call compares with the first of the other angles
        gap = grid.local(row, columns["gap"]) if place == 0 else native.gap(node, angle)
        put(f"{angle}_gap", gap)


def _feed(value: Expression) -> Expression:
    """The value for a chart: #N/A, which is left open, where there is none."""
    return Expression(f"IF(ISNUMBER({value.text}),{value.text},NA())", MISSING if value.number is None else value.value)


def _shares(live: Live, native: Native) -> None:
    """Shares of the total, and the points of total that raising an indicator to its goal adds (scoring.md rule 9).

    The goal is the target, else the benchmark, as for the efficient path (rule 13).
    """
    grid, context, columns = live.grid, live.context, live.columns

    def cell(node: str, figure: str) -> Expression:
        return grid.local(live.rows[node], columns[figure])

    for figure in ("share", "valued_share"):
        grid.put(live.rows[ROOT], columns[figure], ONE)
    families = [(ROOT, tuple(d.id for d in context.dimensions))]
    families += [(d.id, tuple(i.id for i in d.indicators)) for d in context.dimensions]
    for parent, children in families:
        rows = [live.rows[child] for child in children]
        weights = native.weights(children)
        for child, row in zip(children, rows, strict=True):
            value = cell(child, "value")
            grid.put(row, columns["valued"], ex.choose(ex.has(value), ONE, NONE))
        valued = grid.column(rows, columns["valued"])
        for child, row in zip(children, rows, strict=True):
            weight = native.weight(child)
            share = ex.effective_share(weight, weights, cell(parent, "share"))
            grid.put(row, columns["share"], share)
            above = cell(parent, "valued_share")
            found = ex.valued_share(cell(child, "valued"), weight, valued, weights, above)
            grid.put(row, columns["valued_share"], found)
    for indicator in context.indicators:
        row = live.rows[indicator.id]
        goals = [cell(indicator.id, f"{a}_gap") for a in ("target", "benchmark") if a in context.others]
        goal = grid.put(row, columns["to_goal"], ex.with_figures(goals, NONE))
        grid.put(row, columns["points"], _points(cell(indicator.id, "valued_share"), goal))


def _points(share: Expression, goal: Expression) -> Expression:
    gains = (share.number or 0.0) * max(goal.number or 0.0, 0.0)
    text = f'IF(ISNUMBER({goal.text}),{share.text}*MAX({goal.text},0),"")'
    return Expression(text, None if goal.number is None else gains)
