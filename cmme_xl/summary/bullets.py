"""A table of nodes with bars for current and markers for what it is compared with, over the table's own rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.chart import Chart

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant
from cmme_xl.spreadsheet import charts
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import GAP, GAP_MARKED, PERCENT, SCORE, as_seen, write
from cmme_xl.summary.view import OUTSIDE, View, flag

HEAD_PX = 34


@dataclass(frozen=True, slots=True)
class Columns:
    """First and last column of the names and of the chart; the figures follow, one column each."""

    name: tuple[int, int]
    chart: tuple[int, int]

    @property
    def figure(self) -> int:
        return self.chart[1] + 1


Figure = tuple[str, str, str, str]
"""Heading, angle, figure, number format."""


def level_format(context: Context) -> str:
    """The number format that shows a level as "3 级" or "L3"."""
    before, _, after = context.words["overview.level_short"].partition("{level}")
    return "".join(f'"{part}"' if part != "0" else part for part in (before, "0", after) if part)


def figures(context: Context) -> list[Figure]:
    """The figures of a row where there is room for four."""
    words = context.words
    found = [(context.label("current"), "current", "score", SCORE)]
    if context.others:
        first = context.others[0]
        found += [(context.short(first), first, "score", SCORE), (words["overview.gap"], first, "gap", GAP)]
    else:
        found += [(words["dimensions.coverage"], "current", "coverage", PERCENT)]
    return [*found, (words["overview.level"], "current", "level", level_format(context))]


def draw(
    context: Context,
    view: View,
    role: str,
    row: int,
    columns: Columns,
    nodes: Sequence[tuple[str, str, str]],
    row_px: int,
    shown: Sequence[Figure],
) -> int:
    """The table from `row` on; returns the row after it. `nodes`: (id, label, target of its link or "")."""
    sheet, book = context.sheets[role], context.book
    sheet.rows(row, (HEAD_PX, *([row_px] * len(nodes))))
    last = columns.figure + len(shown) - 1
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.fill(row, columns.name[0], last, book.style(**line))
    for offset, (title, _, _, _) in enumerate(shown):
        sheet.text(row, columns.figure + offset, title, book.style(**line, align="right", text_wrap=True))
    hair = {"bottom": 1, "bottom_color": "hair"}
    points = 10 if context.lang == "zh" else 9
    for number, (node, label, link) in enumerate(nodes, row + 1):
        name, to = book.style(**hair, shrink=True, font_size=points), (number, columns.name[1])
        if link:
            sheet.jump(number, columns.name[0], label, link, name, to)
        else:
            sheet.text(number, columns.name[0], label, name, to)
        sheet.fill(number, *columns.chart, book.style(**hair))
        inside = ex.has(view.at(node, "current", "weight"))
        outside = ex.choose(inside, constant(""), constant(context.words["overview.outside"]))
        write(sheet, number, columns.chart[0], outside, book.style(**hair, font_size=8, font_color="muted", indent=2))
        for offset, (_, angle, figure, pattern) in enumerate(shown):
            strong = {"bold": True, "font_color": "brand"} if offset == 0 else {"font_color": "slate"}
            style = book.style(**hair, **strong, num_format=pattern, align="right", shrink=figure == "gap")
            found = view.at(node, angle, figure)
            missing = context.absent(angle, node) if figure == "score" else DASH
            found = as_seen(found) if figure == "gap" else found
            absent = ex.choose(inside, constant(missing), constant(""))
            write(sheet, number, columns.figure + offset, ex.choose(ex.has(found), found, absent), style)
        flags(context, role, number, 0, view.at(node, "current", "marks"))
    pale = f"=LEN({local(row + 1, columns.chart[0], fix_column=True)})>0"
    options = {"type": "formula", "criteria": pale, "format": book.change(font_color="muted")}
    sheet.condition(row + 1, columns.name[0], row + len(nodes), columns.name[1], options)
    for offset, (_, angle, figure, pattern) in enumerate(shown):
        area = (row + 1, row + len(nodes), columns.figure + offset)
        if figure == "gap":
            gap_looks(context, role, area, 0, angle)
        if figure == "level":
            starred(context, role, area, 0, pattern)
    _charts(context, view, role, row, columns, [node for node, _, _ in nodes], row_px)
    return row + 1 + len(nodes)


Area = tuple[int, int, int]
"""First row, last row, column."""


def flags(context: Context, role: str, row: int, column: int, marks: Expression, **look: object) -> None:
    """A row's marks, unseen, for the conditional formats of its cells: those see no other sheet."""
    unseen = context.book.style(**look | {"font_size": 1, "font_color": "white", "num_format": ";;;"})
    write(context.sheets[role], row, column, marks, unseen)


def gap_looks(context: Context, role: str, area: Area, flags_column: int, angle: str) -> None:
    """A whole step of the scale behind, or more, stands out; what is no plain difference is marked."""
    first, last, column = area
    sheet, change = context.sheets[role], context.book.change
    at = local(first, column)
    behind, marked = f"AND(ISNUMBER({at}),ROUND({at},2)>=1)", flagged(first, flags_column, flag(angle))
    looks = [
        (f"=AND({behind},{marked})", change(font_color="alert", bold=True, num_format=GAP_MARKED)),
        (f"={marked}", change(num_format=GAP_MARKED)),
        (f"={behind}", change(font_color="alert", bold=True)),
    ]
    for rule, look in looks:
        options = {"type": "formula", "criteria": rule, "format": look, "stop_if_true": True}
        sheet.condition(first, column, last, column, options)


def pale(context: Context, role: str, area: tuple[int, int, int, int], flags_column: int) -> None:
    """Rows of what the chosen scope does not have step back. `area`: first row and column, last row and column."""
    first, left, last, right = area
    rule = f"={flagged(first, flags_column, OUTSIDE)}"
    options = {"type": "formula", "criteria": rule, "format": context.book.change(font_color="muted")}
    context.sheets[role].condition(first, left, last, right, options)


def marked_gap(context: Context, role: str, area: Area, flags_column: int, angle: str) -> None:
    """A gap that is no plain difference is marked, and keeps its colour."""
    first, last, column = area
    rule = f"={flagged(first, flags_column, flag(angle))}"
    options = {"type": "formula", "criteria": rule, "format": context.book.change(num_format=GAP_MARKED)}
    context.sheets[role].condition(first, column, last, column, options)


def starred(context: Context, role: str, area: Area, flags_column: int, pattern: str) -> None:
    """A provisional level carries a star."""
    first, last, column = area
    rule = f"={flagged(first, flags_column, flag('current'))}"
    look = context.book.change(num_format=f'{pattern}"*"')
    context.sheets[role].condition(first, column, last, column, {"type": "formula", "criteria": rule, "format": look})


def flagged(row: int, column: int, part: int) -> str:
    """The condition that a row's marks have this part (view.flag)."""
    return f"MOD(INT({local(row, column, fix_column=True)}/{part}),2)=1"


def _charts(
    context: Context, view: View, role: str, row: int, columns: Columns, nodes: Sequence[str], row_px: int
) -> None:
    sheet, book = context.sheets[role], context.book
    rows = charts.RowChart(len(nodes), HEAD_PX, row_px, sheet.span(*columns.chart))
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    current = charts.bar(
        book.brand,
        context.label("current"),
        "=" + view.label(nodes).text,
        "=" + view.column(nodes, "current", "feed").text,
        "current",
    )
    drawn = context.drawn(nodes)
    if not drawn:
        return
    described = " · ".join(context.label(angle) for angle in drawn)
    sheet.chart(row, columns.chart[0], charts.row_bars(book, rows, [current], gap=170, low=low, high=high), described)
    marks = [
        charts.dots(
            book.brand,
            context.label(angle),
            "=" + view.column(nodes, angle, "mark_x").text,
            "=" + view.column(nodes, angle, "mark_y").text,
            angle,
        )
        for angle in reversed(drawn)
        if angle != "current"
    ]
    if marks:
        sheet.chart(row, columns.chart[0], charts.row_markers(book, rows, marks, low=low, high=high), described)


PLOT = (0.2, 0.14, 0.6, 0.64)


def radar(
    context: Context,
    view: View,
    nodes: Sequence[str],
    width: int,
    height: int,
    points: float,
    plot: tuple[float, float, float, float] = PLOT,
    *,
    legend: bool = True,
) -> Chart:
    """A radar of the nodes: benchmark, competitor and target beneath, current on top; absent angles left out."""
    order = [angle for angle in ("benchmark", "competitor", "target", "current") if angle in context.drawn(nodes)]
    series = [
        charts.Series(
            angle,
            context.label(angle),
            "=" + view.label(nodes, short=True).text,
            "=" + view.column(nodes, angle, "feed").text,
        )
        for angle in order
    ]
    return charts.radar(
        context.book,
        series,
        width,
        height,
        low=context.catalogue.scale_min,
        high=context.catalogue.scale_max,
        label_points=points,
        plot=plot,
        legend=legend,
    )
