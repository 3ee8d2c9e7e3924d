"""References to what the sheets show; all of it is computed on one hidden sheet (see `viewsheet`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT
from cmme_xl.results.model import ANGLES
from cmme_xl.scoring import round_half_away

NUMBER_COLUMN = 3
MISSING = "#N/A"
MERE_ROUNDING = 0.015
OUTSIDE = 1 << len(ANGLES)
"""The part of `marks` that says: the chosen scope does not have the node."""


@dataclass(frozen=True)
class View:
    """References to what is shown. `nodes`: total, dimensions, indicators, in the order of their rows."""

    grid: Grid
    rows: dict[str, int]
    columns: dict[tuple[str, str], int]
    dimension_ids: tuple[str, ...]
    indicator_ids: tuple[str, ...]

    def at(self, node: str, angle: str, figure: str) -> Expression:
        """A node's figure under the chosen scope."""
        return self.grid.at(self.rows[node], self.columns[angle, figure])

    def column(self, nodes: Sequence[str], angle: str, figure: str) -> Block:
        """A figure of consecutive nodes."""
        return self.grid.column_at([self.rows[node] for node in nodes], self.columns[angle, figure])

    def label(self, nodes: Sequence[str], *, short: bool = False) -> Block:
        """The names of consecutive nodes, or their labels broken for a radar."""
        return self.grid.column_at([self.rows[node] for node in nodes], 2 if short else 1)

    def holder(self, nodes: Sequence[str], figure: str, rank: int) -> Expression:
        """The place (from 1) among `nodes` of the one whose rank is `rank`; #N/A where there is none."""
        ranks = self.column(nodes, "current", figure)
        value = ranks.values.index(rank) + 1 if rank in ranks.values else None
        return Expression(f"MATCH({rank},{ranks.text},0)", value)

    def ranked(self, nodes: Sequence[str], figure: str, rank: int, shown: Block, missing: str = "") -> Expression:
        """What stands in `shown` at the node whose rank is `rank`; `missing` where there is none."""
        place = self.holder(nodes, figure, rank)
        value = missing if place.value is None else shown.values[int(place.number or 1) - 1]
        return Expression(
            f"IFERROR(INDEX({shown.text},{place.text}),{formulas.quoted(missing)})", "" if value is None else value
        )

    def all_provisional(self, nodes: Sequence[str]) -> Expression:
        """Whether there are scores among `nodes`, and none of them is firm."""
        scores, firm = (self.column(nodes, "current", figure) for figure in ("score", "firm"))
        return ex.both(ex.above_zero(ex.count(scores)), none(firm))

    def firm_share(self, angle: str, limit: float) -> Expression:
        """Whether an angle's total rests on enough of its weight to stand for the whole (scoring.md rule 6)."""
        coverage = self.at(ROOT, angle, "coverage")
        value = coverage.number is not None and round_half_away(coverage.number) >= limit
        return Expression(f"IF(ISNUMBER({coverage.text}),ROUND({coverage.text},2)>={limit:g},FALSE)", value)

    def numbers(self) -> Block:
        """The indicators' numbers, beside the view's rows."""
        return self.grid.column_at([self.rows[node] for node in self.indicator_ids], NUMBER_COLUMN)

    def level_count(self, level: int) -> Expression:
        """How many indicators stand at a level."""
        levels = self.column(self.indicator_ids, "current", "level")
        return Expression(f"COUNTIF({levels.text},{level})", levels.values.count(level))


def flag(angle: str) -> int:
    """The part of `marks` that says: current's level is provisional; an angle's gap is no plain difference."""
    return 1 << ANGLES.index(angle)


def differs(gap: Expression, share: Expression, current: Expression, other: Expression) -> Expression:
    """1 where a gap is not the plain difference of the two figures shown beside it (scoring.md rule 8), else 0.

    It rests on less than all weight, or on other questions than they do. What rounding alone makes, does not count.
    """
    numbers = [round_half_away(each.number or 0.0) for each in (gap, other, current)]
    apart = abs(numbers[0] - numbers[1] + numbers[2]) > MERE_ROUNDING
    value = int(gap.number is not None and (round_half_away(share.number or 0.0) < 1 or apart))
    rounded = "ROUND({},2)".format
    plain = f"{rounded(gap.text)}-{rounded(other.text)}+{rounded(current.text)}"
    test = f"OR({rounded(share.text)}<1,ABS({plain})>{MERE_ROUNDING})"
    stands = ",".join(f"ISNUMBER({each.text})" for each in (gap, other, current))
    return Expression(f"IF(AND({stands}),IF({test},1,0),0)", value)


def mark(value: Expression, height: float) -> tuple[Expression, Expression]:
    """x and y of a marker. Without a value it is y that is #N/A: one #N/A among the x would renumber them all."""
    there = ex.has(value)
    x = ex.choose(there, value, constant(0.0))
    y = Expression(f"IF({there.text},{height:g},NA())", height if there.value else MISSING)
    return x, y


def feed(value: Expression) -> Expression:
    """The value for a chart: #N/A, which is left open, where there is none."""
    return Expression(f"IF(ISNUMBER({value.text}),{value.text},NA())", MISSING if value.number is None else value.value)


def none(block: Block) -> Expression:
    """Whether there is no number in it."""
    return Expression(f"COUNT({block.text})=0", ex.count(block).value == 0)
