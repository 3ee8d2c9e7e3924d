"""A page of scores: a radar, beside it a row per dimension with its bar and figures, and the ladder of levels below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cmme_xl.catalogue import Dimension
from cmme_xl.interview.form import Form
from cmme_xl.interview.wording import Live
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.charts import RowChart, Series, bar, radar, row_bars
from cmme_xl.spreadsheet.page import CELLS, GRID, head, section

RADAR = (1, 10)
NAME, BARS = 12, 15
HEAD_PX, ROW_PX, RADAR_PX = 30, 48, 470
FEWEST_FOR_RADAR = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: what heads it, how its numbers are shown, and whether it is the one to be read first."""

    head: str
    pattern: str = "0.00"
    first: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """What a page says. `key`: its sheet and the prefix of its words; `figures`: what stands in the columns for a
    dimension, or (None) for the whole; `radar` and `bars`: what is drawn, the bars of one series."""

    key: str
    title: Live
    columns: Sequence[Column]
    figures: Callable[[Dimension | None], Sequence[Live]]
    radar: Sequence[Series]
    bars: Series


def draw(book: Book, form: Form, board: Board, header: str, footer: str | None) -> Sheet:
    """Add the page."""
    words = form.words
    sheet = book.sheet(words.sheet(board.key), GRID, tab="target", header=header, footer=footer)
    here = form.sheets.index(board.key)
    row = head(
        sheet, board.title.formula, words(f"{board.key}.subtitle"), CELLS,
        links=form.navigation, here=here, span=3, title_value=str(board.title.value),
    )  # fmt: skip
    sheet.rows(row, [12])
    top = row + 1
    section(sheet, top, *RADAR, words("scores.radar"))
    section(sheet, top, NAME, CELLS, words("scores.table"))
    last = _table(sheet, form, board, top + 1)
    _bars(sheet, form, board, top + 1)
    _radar(sheet, form, board, top + 1)
    while sum((HEAD_PX, *([ROW_PX] * (last - top - 1)))) < RADAR_PX:
        last += 1
        sheet.rows(last, [ROW_PX])
    sheet.rows(last + 1, [12, 24])
    sheet.text(last + 2, 1, _ladder(form), book.style(font_size=9, font_color="slate"), (last + 2, CELLS))
    sheet.print_to(last + 2, CELLS + 1)
    sheet.protect()
    return sheet


def _ladder(form: Form) -> str:
    """The levels and where each begins, in one line."""
    steps = (
        form.words("scores.ladder_step", number=level.number, name=level.name.in_(form.lang), threshold=level.threshold)
        for level in form.catalogue.levels
    )
    return form.words("scores.ladder", levels=" · ".join(steps))


def _figures(board: Board) -> int:
    """The first column of the figures, which end where the page ends."""
    return CELLS + 1 - len(board.columns)


def _table(sheet: Sheet, form: Form, board: Board, top: int) -> int:
    """Heading, a row per dimension, the total; returns the last row."""
    book = sheet.book
    small = {"font_size": 9, "font_color": "slate", "bottom": 1, "bottom_color": "rule"}
    sheet.rows(top, [HEAD_PX])
    sheet.fill(top, NAME, CELLS, book.style(**small))
    for number, column in enumerate(board.columns, _figures(board)):
        sheet.text(top, number, column.head, book.style(align="right", text_wrap=True, **small))
    for row, dimension in enumerate((*form.dimensions, None), top + 1):
        _row(sheet, form, board, row, dimension)
    return top + 1 + len(form.dimensions)


def _row(sheet: Sheet, form: Form, board: Board, row: int, dimension: Dimension | None) -> None:
    book = sheet.book
    line = {"bottom": 1, "bottom_color": "hair"} if dimension else {"top": 1, "top_color": "brand", "bold": True}
    sheet.rows(row, [ROW_PX])
    sheet.fill(row, NAME, CELLS, book.style(**line))
    name = dimension.name.in_(form.lang) if dimension else form.words("scores.total")
    sheet.text(row, NAME, name, book.style(font_color="brand", text_wrap=True, **line), (row, BARS - 1))
    cells = zip(board.columns, board.figures(dimension), strict=True)
    for number, (column, figure) in enumerate(cells, _figures(board)):
        look = {"bold": True, "font_color": "brand"} if column.first else {"font_color": "slate", "font_size": 9}
        style = book.style(align="right", num_format=column.pattern, **{**line, **look})
        sheet.formula(row, number, figure.formula, figure.value, style)


def _bars(sheet: Sheet, form: Form, board: Board, top: int) -> None:
    """A bar per dimension over the table's rows."""
    book, catalogue, each = sheet.book, form.catalogue, board.bars
    rows = RowChart(len(form.dimensions), HEAD_PX, ROW_PX, sheet.span(BARS, _figures(board) - 1))
    series = [bar(book.brand, each.name, each.categories, each.values, each.role)]
    chart = row_bars(book, rows, series, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, BARS, chart, form.words(f"{board.key}.bars_text"))


def _radar(sheet: Sheet, form: Form, board: Board, top: int) -> None:
    if len(form.dimensions) < FEWEST_FOR_RADAR:
        return
    catalogue, width = form.catalogue, sheet.span(*RADAR)
    chart = radar(sheet.book, board.radar, width, RADAR_PX, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, RADAR[0], chart, form.words(f"{board.key}.radar_text"), dy=6)
