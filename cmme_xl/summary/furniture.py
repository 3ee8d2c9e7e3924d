"""What the sheets of the summary share: navigation, cells that show a reference, the words for a level."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlsxwriter.format import Format

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Constant, Expression, constant
from cmme_xl.calculation.shown import GAP as GAP
from cmme_xl.calculation.shown import PERCENT as PERCENT
from cmme_xl.calculation.shown import POINTS as POINTS
from cmme_xl.calculation.shown import SCORE as SCORE
from cmme_xl.calculation.shown import as_seen as as_seen
from cmme_xl.calculation.shown import level_shade as level_shade
from cmme_xl.calculation.shown import show as show
from cmme_xl.calculation.shown import when as when
from cmme_xl.calculation.shown import write as write
from cmme_xl.spreadsheet import Sheet, measure, page
from cmme_xl.summary.context import DASH, Context

if TYPE_CHECKING:
    from cmme_xl.summary.weights import WeightCells

TAB_CELLS, SIGN_CELLS, TAB_PADDING_PX = 2, 4, 16
GAP_MARKED = '"≈"0.00;"≈−"0.00;"≈"0.00'
ROLES = (
    *("overview", "dimensions", "indicators", "gaps", "people", "advice"),
    *("actions", "matrix", "roadmap", "whatif", "blocks", "customers"),
    *("weights", "answers", "calibrations", "evidence", "sources", "method"),
)
ARROW, LEAD = "›", {"font_size": 8, "font_color": "brand2", "align": "center"}
"""What leads to the rows behind a figure where no name can carry the link."""
BEHIND = ("answers", "calibrations", "evidence", "sources")
"""Sheets of raw material: no tabs for them, where tabs are many; each has its own links."""


def head(
    context: Context, role: str, title: Expression, subtitle: Expression, last: int, *, narrow: bool = False
) -> int:
    """The head of a sheet with links to all others; returns the first free row.

    `narrow`: the sheet's columns are too uneven for tabs, so that there are two links, back and on.
    """
    sheet, words = context.sheets[role], context.words
    roles = [each for each in ROLES if each in context.sheets]
    on = role if role in ROLES else "dimensions"
    tabs = [each for each in roles if each not in BEHIND or each == role]
    names = {**words.section("sheets"), **words.section("tabs")}
    links = [(names[each], f"{context.sheets[each].quoted}!A1") for each in tabs]
    signed = TAB_CELLS * len(tabs) + SIGN_CELLS <= last
    written = _given(title), _given(subtitle)
    values = _value(title), _value(subtitle)
    if narrow:
        row = page.head(sheet, *written, last, title_value=values[0], subtitle_value=values[1])
        _back_and_on(context, role, roles, last)
        return row
    return page.head(
        sheet,
        *written,
        last,
        links=links,
        here=tabs.index(on),
        span=_spans([label for label, _ in links], TAB_CELLS * len(tabs) if signed else last),
        note=context.plan.engagement.enterprise if signed else "",
        title_value=values[0],
        subtitle_value=values[1],
        shrink=True,
    )


def _spans(labels: Sequence[str], cells: int) -> list[int]:
    """How many of `cells` each tab takes: one, and one more each time its label is the tightest."""
    spans = [1] * len(labels)
    wide = [measure.width(label, 9, bold=True) + TAB_PADDING_PX for label in labels]
    for _ in range(cells - len(labels)):
        spans[max(range(len(labels)), key=lambda at: wide[at] / spans[at])] += 1
    return spans


def _given(text: Expression) -> str:
    return str(text.value) if isinstance(text, Constant) else "=" + text.text


def _value(text: Expression) -> str | None:
    return None if isinstance(text, Constant) else str(text.value)


def _back_and_on(context: Context, role: str, roles: Sequence[str], last: int) -> None:
    """Back to the overview, on to the next sheet: where columns are too uneven for tabs."""
    sheet, book = context.sheets[role], context.book
    names = context.words.section("sheets")
    following = roles[(roles.index(role) + 1) % len(roles)]
    links = [(f"‹ {names[ROLES[0]]}", ROLES[0]), (f"{names[following]} ›", following)]
    style = book.style(font_size=9, font_color="slate", bottom=1, bottom_color="rule")
    column = 1
    for label, target in links:
        first = column
        while column < last and sheet.span(first, column) < measure.width(label, 9) + 14:
            column += 1
        to = (1, column) if column > first else None
        sheet.jump(1, first, label, f"{context.sheets[target].quoted}!A1", style, to)
        column += 1


def count(sheet: Sheet, row: int, column: int, found: int | str, style: Format) -> None:
    """A count, or the text that hides a small one."""
    if isinstance(found, str):
        sheet.text(row, column, found, style)
    else:
        sheet.number(row, column, found, style)


def leading(label: Expression, sheet: Sheet, row: Expression) -> Expression:
    """A label that leads to a row, counted from 1, of a sheet; nothing where there is no such row. Row and label are
    live, so that the link follows the order of a list."""
    where = formulas.quoted(f"#{sheet.quoted}!B")
    return Expression(f'IFERROR(HYPERLINK({where}&{row.text},{label.text}),"")', label.value)


def lead(sheet: Sheet, row: int, column: int, target: str | None) -> None:
    """A small arrow that leads to what lies behind, where no name can carry the link."""
    if target:
        sheet.jump(row, column, ARROW, target, sheet.book.style(**LEAD))


def level_words(context: Context, level: Expression) -> Expression:
    """The name of a level; a dash without one."""
    names = [each.name.in_(context.lang) for each in context.catalogue.levels]
    value = DASH if level.number is None else names[int(level.number) - 1]
    listed = ",".join(constant(name).text for name in names)
    return Expression(f'IF(ISNUMBER({level.text}),CHOOSE({level.text},{listed}),"{DASH}")', value)


def marks_note(context: Context) -> str:
    """What * and ≈ (and "<3") beside figures mean; once per page."""
    words, limits = context.words, context.catalogue.limits
    parts = [words.fill("marks.provisional", limit=ex.as_shown(limits.provisional_below, "0%"))]
    parts += [words["marks.gap"]] if context.others else []
    parts += [words.fill("marks.withheld", least=limits.tier_shown_min)] if context.withheld else []
    return " ".join(parts)


def nothing(context: Context, settings: "WeightCells") -> Expression:
    """Why there is no total: no shares where each tier's voice is its share, else no answers."""
    words = context.words
    texts = (constant(words[f"overview.{key}"]) for key in ("title_no_shares", "title_none"))
    return ex.choose(settings.shares_missing, *texts)


def scope_words(context: Context, settings: "WeightCells") -> Expression:
    """The name of the chosen scope."""
    words = context.words
    return ex.choose(settings.scope_is_key, constant(words["scope.key"]), constant(words["scope.standard"]))
