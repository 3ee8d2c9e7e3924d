"""The same scores by building block and by realm: the figures of the blocks' sheet. Hidden.

Dimensions and indicators in catalogue order, for each angle's shares; then the indicators sorted by block; then the
blocks themselves, and in a last row the realm of each angle's total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import SCOPES, Engine
from cmme_xl.calculation.expression import ONE, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import View, differs, feed, flag, mark
from cmme_xl.summary.weights import WeightCells

ROLE = "block_figures"
FIRST_ROW = 4
FIRST_COLUMN = 3
NAME, LABEL = 1, 2
FIGURES = ("weight", "score", "share", "gap", "level", "key", "feed", "marks", "mark_x", "mark_y", "realm")
WORDS = {"key": "strength_key"}


@dataclass(frozen=True)
class BlockView:
    """References to the figures. `members`: block id -> its indicators, in the order of the blocks."""

    grid: Grid
    rows: dict[str, int]
    columns: dict[tuple[str, str], int]
    members: dict[str, tuple[Indicator, ...]]

    def at(self, row: str, angle: str, figure: str) -> Expression:
        """A figure of a block, of the member "block/indicator", or the `realm` of ROOT."""
        return self.grid.at(self.rows[row], self.columns[angle, figure])

    def column(self, angle: str, figure: str) -> Block:
        """A figure of all blocks."""
        return self.grid.column_at([self.rows[block] for block in self.members], self.columns[angle, figure])

    def names(self, column: int = NAME) -> Block:
        return self.grid.column_at([self.rows[block] for block in self.members], column)

    def drawn(self, angles: Sequence[str]) -> tuple[str, ...]:
        """The angles in which any block has a value: those worth a series."""
        return tuple(a for a in angles if any(n is not None for n in self.column(a, "score").numbers))


def build(context: Context, engine: Engine, view: View, settings: WeightCells) -> BlockView:
    """Write the sheet and return its references."""
    return _Builder(context, engine, view, settings).build()


def members(context: Context) -> dict[str, tuple[Indicator, ...]]:
    """The indicators of every block that the plan leaves any of, in the order of the blocks."""
    found = {b.id: tuple(i for i in context.indicators if i.block == b.id) for b in context.catalogue.blocks}
    return {block: indicators for block, indicators in found.items() if any(map(context.kept, indicators))}


class _Builder:
    def __init__(self, context: Context, engine: Engine, view: View, settings: WeightCells) -> None:
        self.context, self.engine, self.view, self.settings = context, engine, view, settings
        sorted_ = members(context)
        keys = [*(each.id for each in context.dimensions), *(each.id for each in context.indicators)]
        keys += [f"{block}/{each.id}" for block, indicators in sorted_.items() for each in indicators]
        keys += [*sorted_, ROOT]
        columns = [(angle, figure) for angle in context.present for figure in FIGURES]
        self.made = BlockView(
            Grid(context.sheets[ROLE]),
            {key: FIRST_ROW + number for number, key in enumerate(keys)},
            {key: FIRST_COLUMN + number for number, key in enumerate(columns)},
            sorted_,
        )

    def build(self) -> BlockView:
        self._heads()
        for angle in self.context.present:
            self._shares(angle)
            for block, indicators in self.made.members.items():
                for each in indicators:
                    self._member(angle, f"{block}/{each.id}", each.id)
            for block in self.made.members:
                self._block(angle, block)
            self._markers(angle)
            if self.context.catalogue.realms:
                self._put(ROOT, angle, realm=self._realm(angle))
        for block in self.made.members:
            self._marks(block)
        return self.made

    def _heads(self) -> None:
        words, grid = self.context.words, self.made.grid
        grid.head(0, 0, words["engine.blocks"])
        for column, key in enumerate(("id", "name", "label")):
            grid.head(FIRST_ROW - 1, column, words[f"engine.{key}"])
        for (angle, figure), column in self.made.columns.items():
            grid.head(FIRST_ROW - 2, column, self.context.label(angle))
            grid.head(FIRST_ROW - 1, column, words[f"engine.{WORDS.get(figure, figure)}"])
        names = {block.id: block.name.in_(self.context.lang) for block in self.context.catalogue.blocks}
        for key, row in self.made.rows.items():
            node = key.rpartition("/")[2]
            name = names[key] if key in self.made.members else self.context.name(node)
            for column, text in enumerate((key, name, name.replace(" ", "\n"))):
                grid.put(row, column, constant(text))

    def _cell(self, row: str, angle: str, figure: str) -> Expression:
        return self.made.grid.local(self.made.rows[row], self.made.columns[angle, figure])

    def _column(self, rows: Sequence[str], angle: str, figure: str) -> Block:
        return self.made.grid.column([self.made.rows[row] for row in rows], self.made.columns[angle, figure])

    def _put(self, row: str, angle: str, **figures: Expression) -> None:
        for figure, expression in figures.items():
            self.made.grid.set(self.made.rows[row], self.made.columns[angle, figure], expression)

    # --- effective shares over the valued nodes in scope, angle by angle (scoring.md rules 6 and 9)

    def _shares(self, angle: str) -> None:
        families = [(ROOT, tuple(each.id for each in self.context.dimensions))]
        families += [(each.id, tuple(i.id for i in each.indicators)) for each in self.context.dimensions]
        for parent, children in families:
            for child in children:
                self._put(child, angle, weight=self._weight(child, angle))
            weights, values = self._column(children, angle, "weight"), self.view.column(children, angle, "score")
            above = ONE if parent == ROOT else self._cell(parent, angle, "share")
            for child in children:
                score, weight = self.view.at(child, angle, "score"), self._cell(child, angle, "weight")
                self._put(child, angle, share=ex.valued_share(score, weight, values, weights, above))

    def _weight(self, node: str, angle: str) -> Expression:
        """The weight under the chosen scope: of an indicator by column, of a dimension by row."""
        if node in self.view.indicator_ids:
            found = [self.engine.at(node, angle, f"weight_{scope}") for scope in SCOPES]
        else:
            found = [self.engine.at(node, angle, "weight", scope) for scope in SCOPES]
        return ex.choose(self.settings.scope_is_key, found[1], found[0])

    # --- blocks

    def _member(self, angle: str, row: str, indicator: str) -> None:
        self._put(row, angle, score=self.view.at(indicator, angle, "score"))
        self._put(row, angle, share=self._cell(indicator, angle, "share"))
        if angle != "current":
            self._put(row, angle, gap=self.view.at(indicator, angle, "gap"))

    def _block(self, angle: str, block: str) -> None:
        rows = [f"{block}/{each.id}" for each in self.made.members[block]]
        shares = self._column(rows, angle, "share")
        score = ex.mean(self._column(rows, angle, "score"), shares)
        self._put(block, angle, score=score, share=ex.total(shares))
        score = self._cell(block, angle, "score")
        self._put(block, angle, feed=feed(score))
        if angle != "current":
            weights = self._column(rows, "current", "share")
            self._put(block, angle, gap=ex.mean(self._column(rows, angle, "gap"), weights))
            return
        limits = self.context.catalogue.limits
        thresholds = [level.threshold for level in self.context.catalogue.levels]
        rounded = None if score.number is None else round_half_away(score.number, limits.decimals)
        key = Expression(formulas.rounded(score.text, limits.decimals), rounded)
        self._put(block, angle, level=ex.level(score, thresholds, limits.decimals), key=key)

    def _marks(self, block: str) -> None:
        """Which gaps are not the plain difference of the scores beside them, as `view.flag` has it: indicators without
        a figure on one side count in the other side's score alone."""
        current, text, value = self._cell(block, "current", "score"), "0", 0
        for angle in self.context.others:
            gap, other = (self._cell(block, angle, figure) for figure in ("gap", "score"))
            found = differs(gap, ONE, current, other)
            text += f"+{flag(angle)}*{found.text}"
            value += flag(angle) * int(found.number or 0)
        self._put(block, "current", marks=Expression(text, value))

    def _markers(self, angle: str) -> None:
        count = len(self.made.members)
        for number, block in enumerate(self.made.members):
            x, y = mark(self._cell(block, angle, "score"), count - number - 0.5)
            self._put(block, angle, mark_x=x, mark_y=y)

    def _realm(self, angle: str) -> Expression:
        """Which realm the angle's total is in, decided like a level (scoring.md rule 7)."""
        catalogue, total = self.context.catalogue, self.view.at(ROOT, angle, "score")
        return ex.level(total, catalogue.realm_thresholds, catalogue.limits.decimals)
