"""The furniture of a presentation page: its grid, head, navigation, section heads, tiles and legends."""

from collections.abc import Sequence

from xlsxwriter.format import Format

from cmme_xl.spreadsheet import measure
from cmme_xl.spreadsheet.sheet import Cached, Sheet

MARGIN_PX = 20
CELL_PX = 46
CELLS = 24
GRID = (MARGIN_PX, *([CELL_PX] * CELLS), MARGIN_PX)
HEAD_ROWS = 6
LOGO_PX, GAP_PX = 36, 12
SUBTITLE_ROW, SUBTITLE_POINTS = 4, 9

Link = tuple[str, str]


def head(
    sheet: Sheet,
    title: str,
    subtitle: str,
    last: int,
    *,
    links: Sequence[Link] = (),
    here: int = -1,
    note: str = "",
    span: int | Sequence[int] = 2,
    title_value: str | None = None,
    subtitle_value: str | None = None,
    shrink: bool = False,
) -> int:
    """The strip, navigation, title and subtitle at the top of a page; returns the first row below.

    `links`: (label, target) per sheet, over `span` columns each (or as many as `span` lists), `here` the one we are
    on; `last` is the last content column. A title that begins with = is a formula, its value in `title_value`; with
    `shrink` it grows smaller rather than longer than the page, and a subtitle takes as many lines as it needs. The
    brand's logo stands at the right end of the title.
    """
    book = sheet.book
    sheet.rows(0, (5, 26, 8, 36, 20, 10))
    sheet.fill(0, 0, last + 1, book.style(bg_color="brand"))
    line = {"bottom": 1, "bottom_color": "rule"}
    sheet.fill(1, 1, last, book.style(**line))
    spans = [span] * len(links) if isinstance(span, int) else span
    first = 1
    for number, (label, target) in enumerate(links):
        on = number == here
        shown = {"bottom": 5, "bottom_color": "accent", "bold": True, "font_color": "brand"} if on else line
        style = book.style(**{"font_size": 9, "align": "center", "font_color": "slate", **shown})
        to = (1, first + spans[number] - 1) if spans[number] > 1 else None
        sheet.jump(1, first, label, target, style, to)
        first += spans[number]
    if note:
        start = first
        right = book.style(font_size=9, font_color="muted", align="right", **line)
        if start <= last:
            sheet.text(1, start, note, right, (1, last))
    end = last
    if book.brand.logo:
        wide = sheet.picture(3, last, book.brand.logo, LOGO_PX, book.brand.author)
        while end > 1 and sheet.span(end + 1, last) < wide + GAP_PX:
            end -= 1
    large = {"font_size": 17, "bold": True, "font_color": "brand", **({"shrink": True} if shrink else {})}
    written(sheet, 3, 1, title, title_value, book.style(**large), (3, end) if shrink else None)
    small = {"font_size": SUBTITLE_POINTS, "font_color": "slate"}
    extra = measure.lines(str(subtitle_value or subtitle), sheet.span(1, last), SUBTITLE_POINTS) - 1
    if shrink and extra:
        sheet.rows(SUBTITLE_ROW, (20 + 16 * extra,))
        lines = book.style(**small, text_wrap=True, valign="top")
        written(sheet, SUBTITLE_ROW, 1, subtitle, subtitle_value, lines, (SUBTITLE_ROW, last))
    else:
        written(sheet, SUBTITLE_ROW, 1, subtitle, subtitle_value, book.style(**small))
    return HEAD_ROWS


def written(
    sheet: Sheet,
    row: int,
    column: int,
    text: str,
    value: Cached | None,
    style: Format,
    to: tuple[int, int] | None = None,
) -> None:
    """Write our own text, or a formula of ours with its value where `value` is given."""
    if value is None:
        sheet.text(row, column, text, style, to)
    else:
        sheet.formula(row, column, text, value, style, to)


def section(sheet: Sheet, row: int, first: int, last: int, title: str, note: str = "") -> None:
    """A section head: bold brand-coloured text over a line; a note at the right end."""
    book = sheet.book
    line = {"bottom": 1, "bottom_color": "brand"}
    sheet.rows(row, (26,))
    sheet.fill(row, first, last, book.style(**line))
    sheet.text(row, first, title, book.style(font_size=11, bold=True, font_color="brand", **line))
    if note:
        sheet.text(row, last, note, book.style(font_size=8, font_color="muted", align="right", **line))


def tile(
    sheet: Sheet,
    row: int,
    first: int,
    last: int,
    label: str,
    value: Cached | None,
    note: str,
    *,
    colour: str = "rule",
    number_format: str = "0.00",
    formula: str | None = None,
    note_formula: str | None = None,
) -> None:
    """A key figure over three rows: label under a coloured rule, the figure, a note."""
    book = sheet.book
    sheet.text(row, first, label, book.style(font_size=9, font_color="slate", top=5, top_color=colour), (row, last))
    big = book.style(font_size=22, bold=True, font_color="brand", num_format=number_format, align="left")
    if formula is not None:
        sheet.formula(row + 1, first, formula, value, big, (row + 1, last))
    elif isinstance(value, str):
        sheet.text(row + 1, first, value, big, (row + 1, last))
    else:
        sheet.number(row + 1, first, value, big, (row + 1, last))
    small = book.style(font_size=9, font_color="slate")
    written(sheet, row + 2, first, note_formula or note, note if note_formula else None, small, (row + 2, last))


def legend(
    sheet: Sheet, row: int, first: int, last: int, entries: Sequence[tuple[str, str, str]], align: str = "left"
) -> None:
    """Glyphs with their words in one line. `entries`: (glyph, colour name, word)."""
    book = sheet.book
    word = book.style(font_size=9, font_color="slate")
    parts: list[tuple[str, Format]] = []
    for glyph, colour, text in entries:
        parts += [(glyph, book.style(font_size=9, bold=True, font_color=colour)), (f" {text}    ", word)]
    to = (row, last) if last > first else None
    sheet.rich(row, first, parts, book.style(font_size=9, font_color="slate", align=align), to)


def header_row(
    sheet: Sheet, row: int, first: int, titles: Sequence[tuple[str, str]], height: int = 30, size: int = 9
) -> None:
    """The head of a data table, white on brand. `titles`: (text, "left" | "center" | "right"); `size` in points."""
    sheet.rows(row, (height,))
    for offset, (text, align) in enumerate(titles):
        style = sheet.book.style(
            font_size=size, bold=True, font_color="white", bg_color="brand", align=align, text_wrap=True
        )
        sheet.text(row, first + offset, text, style)


def footnote(sheet: Sheet, row: int, text: str) -> None:
    """Small print at the foot of a page."""
    sheet.text(row, 1, text, sheet.book.style(font_size=8, font_color="muted"))
