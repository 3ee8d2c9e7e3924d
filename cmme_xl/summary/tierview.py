"""How the tiers see the indicators, and what has been decided against what is lived: the figures of the people's sheet.
Hidden.

What each tier says of an indicator comes from the answers as they were returned (scoring.md rule 10), so it stands as
a number; which indicators count, and for how much, is live. A client's file holds what that edition shows, no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import MISSING, View, mark

ROLE = "tier_figures"
FIRST_ROW, FIRST_COLUMN = 4, 2
NATURES = ("intention", "reality")
CLEAN = 12
LISTED = 10
"""How many of the indicators that the tiers see most differently stand in the list."""


@dataclass(frozen=True)
class TierView:
    """References to the figures, by node and figure; a tier's mean is called by the tier's id. `listed`: rows of the
    indicators that the tiers see most differently, widest difference first, as many as can be compared."""

    grid: Grid
    tiers: tuple[str, ...]
    rows: dict[str, int]
    columns: dict[str, int]
    nodes: tuple[str, ...]
    indicators: tuple[str, ...]
    listed: tuple[str, ...]

    def at(self, row: str, figure: str) -> Expression:
        return self.grid.at(self.rows[row], self.columns[figure])

    def column(self, rows: Sequence[str], figure: str) -> Block:
        """A figure of consecutive rows."""
        return self.grid.column_at([self.rows[row] for row in rows], self.columns[figure])

    def name(self, row: str) -> Expression:
        """What a row is called; nothing in a row of the list that is not taken."""
        return self.grid.at(self.rows[row], 1)

    def names(self, rows: Sequence[str]) -> Block:
        """What consecutive rows are called."""
        return self.grid.column_at([self.rows[row] for row in rows], 1)


def build(context: Context, view: View) -> TierView:
    """Write the sheet and return its references."""
    return _Builder(context, view).build()


class _Builder:
    def __init__(self, context: Context, view: View) -> None:
        self.context, self.view, self.facts = context, view, context.facts
        self.tiers = self.facts.heard_tiers
        indicators = tuple(each.id for each in context.indicators)
        nodes = (*(each.id for each in context.dimensions), ROOT)
        figures = [*self.tiers, "n", "shown", "score", "share", "use", "difference", "key", "rank"]
        figures += [*NATURES, "distance", "place", "offset", "length"]
        figures += [f"{tier}_{axis}" for tier in self.tiers for axis in "xy"]
        self.made = TierView(
            Grid(context.sheets[ROLE]),
            self.tiers,
            {},
            {figure: FIRST_COLUMN + number for number, figure in enumerate(figures)},
            nodes,
            indicators,
            tuple(f"#{rank}" for rank in range(1, self._comparable() + 1)),
        )
        rows = (*indicators, *nodes, *self.made.listed)
        self.made.rows.update({row: FIRST_ROW + number for number, row in enumerate(rows)})

    def _comparable(self) -> int:
        """How many rows the list has: as many indicators as more than one tier is shown at, at most LISTED."""
        shown = sum(self._shown(each) for each in self.context.indicators)
        return min(LISTED, shown) if len(self.tiers) > 1 else 0

    def _shown(self, indicator: Indicator) -> bool:
        """Whether every tier's mean may be shown there. To a client one tier alone is none to show: others spoke."""
        means = self.facts.agreement[indicator.id].tiers
        alone = len(self.tiers) == 1 and self.facts.audience == "client"
        return bool(self.tiers) and not alone and all(means.get(tier) is not None for tier in self.tiers)

    def build(self) -> TierView:
        grid, words = self.made.grid, self.context.words
        grid.head(0, 0, words["engine.tiers"])
        names = {tier.id: tier.name.in_(self.context.lang) for tier in self.context.catalogue.tiers}
        for figure, column in self.made.columns.items():
            grid.head(FIRST_ROW - 1, column, names.get(figure, figure))
        for row, at in self.made.rows.items():
            grid.put(at, 0, constant(row))
        for node in self.made.nodes:
            grid.put(self.made.rows[node], 1, constant(self.context.name(node)))
        for each in self.context.indicators:
            grid.put(self.made.rows[each.id], 1, constant(f"{each.number} {each.name.in_(self.context.lang)}"))
            self._indicator(each)
        self._ranks()
        for dimension in self.context.dimensions:
            self._node(dimension.id, [each.id for each in dimension.indicators])
        self._node(ROOT, self.made.indicators)
        for rank, row in enumerate(self.made.listed, 1):
            self._listed(row, rank)
        self._marks(self.made.nodes)
        self._marks(self.made.listed)
        return self.made

    def _put(self, row: str, figure: str, found: Expression) -> Expression:
        return self.made.grid.put(self.made.rows[row], self.made.columns[figure], found)

    def _cell(self, row: str, figure: str) -> Expression:
        return self.made.grid.local(self.made.rows[row], self.made.columns[figure])

    def _block(self, rows: Sequence[str], figure: str) -> Block:
        return self.made.grid.column([self.made.rows[row] for row in rows], self.made.columns[figure])

    # --- indicators

    def _indicator(self, indicator: Indicator) -> None:
        node = indicator.id
        found = self.facts.agreement[node]
        means = [found.tiers.get(tier) for tier in self.tiers]
        for tier, mean in zip(self.tiers, means, strict=True):
            self._put(node, tier, constant(mean))
        self._put(node, "n", constant(found.n if self.facts.audience != "client" else None))
        self._put(node, "shown", constant(float(self._shown(indicator))))
        score = self._put(node, "score", self.view.at(node, "current", "score"))
        self._put(node, "share", self.view.at(node, "current", "valued_share"))
        use = self._put(node, "use", ex.choose(ex.has(score), self._cell(node, "shown"), constant(0.0)))
        counts = Expression(f"{use.text}=1", use.value == 1)
        for nature in NATURES:
            self._put(node, nature, constant(float(indicator.nature == nature)))
        if len(self.tiers) > 1:
            difference = self._apart(node, self.tiers)
            difference = self._put(node, "difference", ex.choose(counts, difference, constant(None)))
            decimals = self.context.catalogue.limits.decimals
            value = None if difference.number is None else round_half_away(abs(difference.number), decimals)
            text = f'IF(ISNUMBER({difference.text}),ROUND(ABS({difference.text}),{decimals}),"")'
            self._put(node, "key", Expression(text, value))

    def _ranks(self) -> None:
        if len(self.tiers) > 1:
            nodes = self.made.indicators
            ranks = ex.ranks(self._block(nodes, "key"), [self._cell(each, "key").text for each in nodes])
            for node, rank in zip(nodes, ranks, strict=True):
                self._put(node, "rank", rank)

    # --- dimensions and the total

    def _node(self, node: str, children: Sequence[str]) -> None:
        use, share, score = (self._block(children, figure) for figure in ("use", "share", "score"))
        for tier in self.tiers:
            self._put(node, tier, _mean(self._block(children, tier), share, use))
        if len(self.tiers) > 1:
            self._put(node, "difference", self._apart(node, self.tiers))
        self._put(node, "n", ex.total(use))
        for nature in NATURES:
            self._put(node, nature, _mean(score, share, self._block(children, nature)))
        self._put(node, "distance", self._apart(node, NATURES))

    def _apart(self, node: str, figures: Sequence[str]) -> Expression:
        """The first of the figures less the last."""
        first, last = self._cell(node, figures[0]), self._cell(node, figures[-1])
        return _minus(first, last, self.context.catalogue.limits.decimals)

    def _listed(self, row: str, rank: int) -> None:
        ranks = self._block(self.made.indicators, "rank")
        value = ranks.values.index(rank) + 1 if rank in ranks.values else None
        place = self._put(row, "place", Expression(f'IFERROR(MATCH({rank},{ranks.text},0),"")', value))
        for figure in (*self.tiers, "difference"):
            block = self._block(self.made.indicators, figure)
            picked = None if value is None else block.values[value - 1]
            self._put(row, figure, Expression(f'IFERROR(INDEX({block.text},{place.text}),"")', picked))
        names = self.made.grid.column([self.made.rows[node] for node in self.made.indicators], 1)
        named = "" if value is None else names.values[value - 1]
        self.made.grid.put(self.made.rows[row], 1, Expression(f'IFERROR(INDEX({names.text},{place.text}),"")', named))

    # --- charts

    def _marks(self, rows: Sequence[str]) -> None:
        """Where the markers of each row lie, and the line from the lowest to the highest."""
        for number, row in enumerate(rows):
            means = [self._cell(row, tier) for tier in self.tiers]
            for tier, mean in zip(self.tiers, means, strict=True):
                x, y = mark(mean, len(rows) - number - 0.5)
                self._put(row, f"{tier}_x", x)
                self._put(row, f"{tier}_y", y)
            numbers = [mean.number for mean in means if mean.number is not None]
            listed = ",".join(mean.text for mean in means) or '""'
            low, high = (min(numbers), max(numbers)) if numbers else (None, None)
            none = f"COUNT({listed})=0"
            offset = Expression(f"IF({none},NA(),MIN({listed}))", MISSING if low is None else low)
            span = MISSING if low is None or high is None else high - low
            self._put(row, "offset", offset)
            self._put(row, "length", Expression(f"IF({none},NA(),MAX({listed})-MIN({listed}))", span))


def _minus(left: Expression, right: Expression, decimals: int) -> Expression:
    """The difference of two means as they are shown beside it, which the sentences name too, without what binary
    fractions leave behind."""
    shown = [None if each.number is None else round_half_away(each.number, decimals) for each in (left, right)]
    value = None if shown[0] is None or shown[1] is None else round_half_away(shown[0] - shown[1], CLEAN)
    apart = "-".join(f"ROUND({each.text},{decimals})" for each in (left, right))
    text = f'IF(AND(ISNUMBER({left.text}),ISNUMBER({right.text})),ROUND({apart},{CLEAN}),"")'
    return Expression(text, value)


def _mean(values: Block, shares: Block, mask: Block) -> Expression:
    """The mean of the values under the mask, weighted by their share of the total."""
    rows = [
        (value, share or 0.0)
        for value, share, used in zip(values.numbers, shares.numbers, mask.numbers, strict=True)
        if value is not None and used
    ]
    weight = sum(share for _, share in rows)
    weights = f"SUMPRODUCT(--ISNUMBER({values.text}),{shares.text},{mask.text})"
    value = sum(v * share for v, share in rows) / weight if weight > 0 else None
    text = f'IF({weights}>0,SUMPRODUCT({values.text},{shares.text},{mask.text})/{weights},"")'
    return Expression(text, value)
