"""What the sheets of the summary share: navigation, cells that show a reference, the words for a level."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlsxwriter.format import Format

from cmme_xl.spreadsheet import Sheet, page
from cmme_xl.summary import expression as ex
from cmme_xl.summary.context import Context
from cmme_xl.summary.expression import Expression, constant

if TYPE_CHECKING:
    from cmme_xl.summary.weights import WeightCells

SCORE = "0.00"
POINTS = "0.000"
GAP = '0.00;"−"0.00;0.00'
PERCENT = "0%"
DASH = "–"
PRESENTED = (
    "overview", "dimensions", "indicators", "gaps", "blocks", "customers", "weights", "answers", "evidence", "sources",
    "method",
)  # fmt: skip


def head(
    context: Context, role: str, title: Expression, subtitle: Expression, last: int, *, narrow: bool = False
) -> int:
    """The head of a sheet with links to all others; returns the first free row.

    `narrow`: the sheet's columns are too uneven for tabs, so that there is one link, back to the overview.
    """
    sheet, words = context.sheets[role], context.words
    roles = [each for each in PRESENTED if each in context.sheets]
    links = [(words[f"sheets.{each}"], f"{context.sheets[each].quoted}!A1") for each in roles]
    written = _given(title), _given(subtitle)
    values = _value(title), _value(subtitle)
    if narrow:
        row = page.head(sheet, *written, last, title_value=values[0], subtitle_value=values[1])
        _links_in_line(context, role, links, roles, last)
        return row
    return page.head(
        sheet,
        *written,
        last,
        links=links,
        here=roles.index(role),
        note="" if len(links) * 2 + 4 > last else context.plan.engagement.enterprise,
        title_value=values[0],
        subtitle_value=values[1],
    )


def _given(text: Expression) -> str:
    return str(text.value) if _plain(text) else "=" + text.text


def _value(text: Expression) -> str | None:
    return None if _plain(text) else str(text.value)


def _plain(text: Expression) -> bool:
    return text == constant(text.value)


def _links_in_line(
    context: Context, role: str, links: Sequence[tuple[str, str]], roles: Sequence[str], last: int
) -> None:
    """Links spread over columns wide enough for their words; what finds no room is reached from the overview."""
    sheet, book = context.sheets[role], context.book
    column = 1
    for (label, target), each in zip(links, roles, strict=True):
        needed = 9 * 4 / 3 * len(label) + 16 if context.lang == "zh" else 7 * len(label) + 16
        first = column
        while column < last and sheet.span(first, column) < needed:
            column += 1
        if sheet.span(first, column) < needed or column > last:
            return
        line = {"bottom": 1, "bottom_color": "rule"}
        if each == role:
            line = {"bottom": 5, "bottom_color": "accent"}
        style = book.style(
            font_size=9,
            align="center",
            bold=each == role,
            font_color="brand" if each == role else "slate",
            **line,
        )
        sheet.jump(1, first, label, target, style, (1, column) if column > first else None)
        column += 1


def show(
    sheet: Sheet,
    row: int,
    column: int,
    value: Expression,
    style: Format,
    to: tuple[int, int] | None = None,
) -> None:
    """A figure, or a dash where there is none: never 0, never an error."""
    formula = f'=IF(ISNUMBER({value.text}),{value.text},"{DASH}")'
    sheet.formula(row, column, formula, DASH if value.number is None else value.value, style, to)


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


def level_words(context: Context, level: Expression) -> Expression:
    """The name of a level; a dash without one."""
    names = [each.name.in_(context.lang) for each in context.catalogue.levels]
    value = DASH if level.number is None else names[int(level.number) - 1]
    listed = ",".join(constant(name).text for name in names)
    return Expression(f'IF(ISNUMBER({level.text}),CHOOSE({level.text},{listed}),"{DASH}")', value)


def when(condition: Expression, yes: Expression, no: Expression | None = None) -> Expression:
    """Text that stands only under a condition."""
    return ex.choose(condition, yes, no or constant(""))


def scope_words(context: Context, settings: "WeightCells") -> Expression:
    """The name of the chosen scope."""
    words = context.words
    return ex.choose(settings.scope_is_key, constant(words["scope.key"]), constant(words["scope.standard"]))


def level_shade(level: int, levels: int) -> int:
    """Which of the five level colours a level takes, on a ladder of any length."""
    return 1 + round((level - 1) * 4 / max(levels - 1, 1))
