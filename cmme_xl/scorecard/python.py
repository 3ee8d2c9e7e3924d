"""The hidden sheet with the one call into Python: nodes, what it compares with, settings, the block it fills."""

from typing import Any

from cmme_xl.calculation.expression import Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.calculation.ground import by_id
from cmme_xl.catalogue import ROOT
from cmme_xl.results.compute import rules
from cmme_xl.scorecard.cells import FIRST_ROW, WEIGHT_ROW, ScoreCells
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.native import Native
from cmme_xl.scoring import Node

ANSWERED = ("value", "low", "high", "coverage", "level", "gap")
"""What the call answers with, in the order of its columns."""
NO_NAME = "#NAME?"
PARENT, WEIGHT, OTHER, FIRST_ANSWER = 1, 2, 3, 4
VERSION_CELL = (1, 1)
SETTINGS_ROW, SETTINGS_COLUMN, PEOPLE_COLUMN = 3, 12, 15


class Python:
    """The sheet with the call: its nodes, what it compares with, its settings, and the block it fills."""

    def __init__(self, context: Context, cells: ScoreCells, native: Native) -> None:
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
