"""Live figures in visible cells: number formats, and what stands where there is no figure."""

from xlsxwriter.format import Format

from cmme_xl.calculation.expression import Expression, choose, constant
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Sheet

DASH = "–"
SCORE = "0.00"
POINTS = "0.000"
GAP = '0.00;"−"0.00;0.00'
PERCENT = "0%"
PLACES = 2


def show(
    sheet: Sheet,
    row: int,
    column: int,
    value: Expression,
    style: Format,
    to: tuple[int, int] | None = None,
    missing: str = DASH,
) -> None:
    """A figure, or a dash (or why it is withheld) where there is none: never 0, never an error."""
    formula = f"=IF(ISNUMBER({value.text}),{value.text},{constant(missing).text})"
    sheet.formula(row, column, formula, missing if value.number is None else value.value, style, to)


def write(
    sheet: Sheet,
    row: int,
    column: int,
    value: Expression,
    style: Format,
    to: tuple[int, int] | None = None,
) -> None:
    """Any formula of ours with its value."""
    sheet.formula(row, column, "=" + value.text, value.value, style, to)


def as_seen(value: Expression) -> Expression:
    """A figure as it is shown: no gap within half a hundredth of 0 is shown as less than 0 (scoring.md rule 14)."""
    found = None if value.number is None else round_half_away(value.number, PLACES) + 0.0
    return Expression(f'IF(ISNUMBER({value.text}),ROUND({value.text},{PLACES}),"")', found)


def when(condition: Expression, yes: Expression, no: Expression | None = None) -> Expression:
    """Text that stands only under a condition."""
    return choose(condition, yes, no or constant(""))


def level_shade(level: int, levels: int) -> int:
    """Which of the five level colours a level takes, on a ladder of any length."""
    return 1 + round((level - 1) * 4 / max(levels - 1, 1))
