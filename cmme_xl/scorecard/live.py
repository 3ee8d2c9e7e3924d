"""Every figure twice, hidden: by native formulas, and by one call into Python for the whole block.

What sheets show is IFERROR(Python, native): without the add-in, or where it fails, the native figure stands. A node has
the same row on every sheet. The call takes the answers from the sheet of scores; nothing else calls Python but one cell
that asks for its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import NONE, ONE, Engine
from cmme_xl.calculation.expression import Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.calculation.ground import by_id, raw
from cmme_xl.catalogue import ROOT
from cmme_xl.results.compute import rules
from cmme_xl.scorecard.cells import FIRST_ROW, WEIGHT_ROW, ScoreCells
from cmme_xl.scorecard.context import Context
from cmme_xl.scoring import Node

ANSWERED = ("value", "low", "high", "coverage", "level", "gap")
"""What the call answers with, in the order of its columns."""
NO_NAME = "#NAME?"
MISSING = "#N/A"
PARENT, WEIGHT, OTHER, FIRST_ANSWER = 1, 2, 3, 4
VERSION_CELL = (1, 1)
SETTINGS_ROW, SETTINGS_COLUMN, PEOPLE_COLUMN = 3, 12, 15


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
    native = _Native(context, engine)
    python = _Python(context, cells, native)
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


def _figures(live: Live, native: "_Native", python: "_Python", node: str, figures: Sequence[str]) -> None:
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


def _shares(live: Live, native: "_Native") -> None:
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


class _Native:
    """The engine's figures under the plan's scope."""

    def __init__(self, context: Context, engine: Engine) -> None:
        self.context, self.engine = context, engine
        self.indicators = {each.id for each in context.indicators}
        self.thresholds = [level.threshold for level in context.catalogue.levels]

    def _scope(self, node: str) -> str:
        return self.context.scope if node not in self.indicators and node in self.context.ids else ""

    def _at(self, node: str, angle: str, figure: str) -> Expression:
        return self.engine.at(node, angle, figure, self._scope(node))

    def _weight_of(self, node: str, angle: str) -> Expression:
        """The weight under the plan's scope, "" where that leaves the node out."""
        return self._at(node, angle, f"weight_{self.context.scope}" if node in self.indicators else "weight")

    def weight(self, node: str) -> Expression:
        return self._weight_of(node, "current")

    def weights(self, nodes: Sequence[str]) -> Block:
        """The weights of siblings."""
        found = [self.weight(node) for node in nodes]
        first, last = found[0].text, found[-1].text.rpartition("!")[2]
        return Block(f"{first}:{last}", tuple(each.value for each in found))

    def _inside(self, node: str, angle: str) -> Expression:
        """Whether the node counts: beneath an indicator that is out, all is out."""
        own = ex.has(self._weight_of(node, angle))
        if node in self.context.ids:
            return own
        return ex.both(own, ex.has(self._weight_of(self.context.parents[node], angle)))

    def _within(self, node: str, angle: str, found: Expression) -> Expression:
        if node in self.context.ids and node not in self.indicators:
            return found
        return ex.choose(self._inside(node, angle), found, NONE)

    def value(self, node: str, angle: str) -> Expression:
        return self._within(node, angle, self._at(node, angle, "score"))

    def raw(self, node: str) -> Expression:
        return self.value(node, raw("current"))

    def rate(self, node: str) -> Expression:
        """The response rate (scoring.md rule 6)."""
        counts = (self._at(node, "current", figure) for figure in ("scored", "asked", "na"))
        return ex.choose(ex.has(self.weight(node)), ex.response_rate(*counts), NONE)

    def gap(self, node: str, other: str) -> Expression:
        """other - current, like for like, where both are in scope (scoring.md rule 8)."""
        there = ex.both(ex.has(self._weight_of(node, "current")), ex.has(self._weight_of(node, other)))
        return ex.choose(there, self._at(node, other, "gap"), NONE)

    def figure(self, node: str, figure: str) -> Expression:
        """What the call into Python answers, by native formulas."""
        if figure == "value":
            return self.value(node, "current")
        if figure in ("low", "high"):
            return self._within(node, "current", self._at(node, "current", figure))
        if figure == "coverage":
            covered, reached = (self._at(node, "current", each) for each in ("covered", "reached"))
            return ex.coverage(covered, reached, self.weight(node))
        if figure == "level":
            return ex.level(self.value(node, "current"), self.thresholds, self.context.catalogue.limits.decimals)
        return self.gap(node, self.context.others[0]) if self.context.others else NONE

    def compared(self, node: str) -> Expression:
        """A node's value in the first other angle, as one column holds it: of questions what they came to, above them
        only a figure for the whole node."""
        other = self.context.others[0]
        if node not in self.context.ids:
            return self.value(node, other)
        figures = [each for each in (self._figure(node, other)) if each is not None]
        return ex.with_figures(figures, NONE)

    def _figure(self, node: str, other: str) -> tuple[Expression | None, ...]:
        settings = ScoreCells(self.context)
        return settings.calibrated(other, node), settings.given(other, node)


class _Python:
    """The sheet with the call: its nodes, what it compares with, its settings, and the block it fills."""

    def __init__(self, context: Context, cells: ScoreCells, native: _Native) -> None:
        self.context, self.cells, self.native = context, cells, native
        self.sheet = context.sheets["python"]
        self.grid = Grid(self.sheet)
        self.version = Expression(self.sheet.cell(*VERSION_CELL), NO_NAME)
        self._draw()

    def cell(self, node: str, figure: str) -> Expression:
        """Where the call puts a figure."""
        column = FIRST_ANSWER + ANSWERED.index(figure)
        return Expression(self.sheet.cell(self.cells.rows[node], column), NO_NAME)

    def _draw(self) -> None:
        words, style = self.context.words, self.sheet.book.style(font_size=9)
        self.grid.head(0, 0, words["live.python"])
        self.grid.head(1, 0, words["live.version"])
        self.sheet.formula(*VERSION_CELL, "=CMME_VERSION()", NO_NAME, style)
        for column, key in enumerate(("id", "parent", "weight", "other", *ANSWERED)):
            self.grid.head(FIRST_ROW - 1, column, words.section("columns").get(key, key))
        tree = by_id(self.context.angle("current", self.context.scope).tree)
        self._node(tree[ROOT], "")
        for node, parent in self.context.parents.items():
            self._node(tree[node], parent)
        given = [self._nodes(), self._answers(), self._compared(), self._people(), self._settings()]
        first, last = FIRST_ROW, self.cells.last_row
        width = FIRST_ANSWER + len(ANSWERED) - 1
        call = f"=CMME_ROLLUP({','.join(given)})"
        self.sheet.array(first, FIRST_ANSWER, last, width, call, NO_NAME, style)

    def _node(self, node: Node, parent: str) -> None:
        row = self.cells.rows[node.id]
        self.grid.put(row, 0, constant(node.id))
        if parent:
            self.grid.put(row, PARENT, constant(parent))
        if node.in_scope:
            self.grid.put(row, WEIGHT, constant(node.weight))
        if self.context.others:
            self.grid.put(row, OTHER, self.native.compared(node.id))

    def _nodes(self) -> str:
        return self.sheet.range(FIRST_ROW, 0, self.cells.last_row, WEIGHT)

    def _answers(self) -> str:
        block = self.cells.blocks["current"]
        return self.cells.sheet.range(FIRST_ROW, block.given, self.cells.last_row, block.last)

    def _compared(self) -> str:
        return self.sheet.range(FIRST_ROW, OTHER, self.cells.last_row, OTHER) if self.context.others else ""

    def _people(self) -> str:
        """Weight and tier of each column of answers."""
        block = self.cells.blocks["current"]
        if not block.people:
            return ""
        for column, person in enumerate(block.people):
            weight = Expression(self.cells.sheet.cell(WEIGHT_ROW, block.person + column), person.weight)
            self.grid.put(SETTINGS_ROW, PEOPLE_COLUMN + column, weight)
            self.grid.put(SETTINGS_ROW + 1, PEOPLE_COLUMN + column, constant(person.group))
        last = PEOPLE_COLUMN + len(block.people) - 1
        return self.sheet.range(SETTINGS_ROW, PEOPLE_COLUMN, SETTINGS_ROW + 1, last)

    def _settings(self) -> str:
        found, catalogue = rules(self.context.plan, "current"), self.context.catalogue
        lines: list[tuple[str, Any]] = [("voice", found.voice), ("combine", found.combine)]
        lines += [("low", found.scale.low), ("high", found.scale.high), ("decimals", float(found.decimals))]
        lines += [("threshold", each) for each in found.ladder.thresholds]
        lines += [(f"share:{tier}", float(share)) for tier, share in sorted(found.tier_shares.items())]
        lines += [("na", word) for word in dict.fromkeys((catalogue.na.zh, catalogue.na.en))]
        for row, (key, value) in enumerate(lines, SETTINGS_ROW):
            self.grid.put(row, SETTINGS_COLUMN, constant(key))
            self.grid.put(row, SETTINGS_COLUMN + 1, constant(value))
        return self.sheet.range(SETTINGS_ROW, SETTINGS_COLUMN, SETTINGS_ROW + len(lines) - 1, SETTINGS_COLUMN + 1)
