"""Lines of cells are what the same cells are when drawn one by one, and nothing of them is lost without a word."""

import io
import math
import zipfile
from collections.abc import Callable, Sequence

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.format import Format

from cmme_xl.spreadsheet import Book, Brand, Content, DrawingError, Formula, Line, Link, Sheet
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
Draw = Callable[[Book, Sheet], object]
CONTENTS: tuple[Content, ...] = (
    0,
    -2.5,
    1 / 3,
    1e-12,
    12345678901234567,
    "",
    "plain",
    "林岚 😀",
    " spaces\tkept ",
    "two\nlines",
    "half \ud83d pair",
    "<b>&amp;</b>",
    "<r><t>injected</t></r>",
    "=1+1",
    "{=1+1}",
    "@SUM(A1)",
    "#N/A",
    "http://example.invalid/a",
    "0012",
    "x" * 32_767,
    Formula("1+1", 2),
    Formula("1/3", 1 / 3),
    Formula('"a"&"<b>&_x0041_"', "a<b>&_x0041_"),
    Formula('""', None),
    Formula("1<2", True),
    Formula("1>2", False),
    Formula("NA()", "#N/A"),
    Formula("UNICHAR(1)", "\x01"),
    Link('say "<b>&"', "'S'!A1"),
    Link("#N/A", "'S'!A1"),
)


def drawn(draw: Draw) -> bytes:
    with Book(BRAND, "en", "Made up") as book:
        draw(book, book.sheet("S", (100, 100)))
        data = book.bytes()
    assert lint(data) == ()
    return data


def shown(data: bytes) -> dict[str, object]:
    """Every cell: formula or value, cached value, kind and look; and the sheet's extent and heights."""
    sheet, cached = (_sheet(data, values) for values in (False, True))
    found: dict[str, object] = {
        cell.coordinate: (cell.value, cached[cell.coordinate].value, cell.data_type, cell.font.b, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if cell.has_style
    }
    heights = {number: row.height for number, row in sheet.row_dimensions.items() if row.customHeight}
    return found | {"extent": sheet.dimensions, "heights": heights}


def _sheet(data: bytes, values: bool) -> Worksheet:
    return load_workbook(io.BytesIO(data), data_only=values)["S"]


def styles(book: Book) -> tuple[Format, Format]:
    return book.style(bold=True), book.style(num_format="0.00")


def one_by_one(
    sheet: Sheet, row: int, column: int, contents: Sequence[Content | None], looks: Sequence[Format]
) -> None:
    for at, (content, look) in enumerate(zip(contents, looks, strict=True), column):
        if content is not None:
            sheet.content(row, at, content, look)


@pytest.mark.parametrize("content", CONTENTS, ids=repr)
def test_a_cell_of_a_line_is_the_cell_drawn_alone(content: Content) -> None:
    line = drawn(lambda book, sheet: sheet.line(3, 2, (content, content), book.style()))
    alone = drawn(lambda book, sheet: one_by_one(sheet, 3, 2, (content, content), [book.style()] * 2))
    assert shown(line) == shown(alone)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("line\r\nend", "line_x000D_\nend"),
        ("a\x00b\x1fc", "a_x0000_b_x001F_c"),
        ("\ufffe\uffff", "_xFFFE__xFFFF_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
    ],
)
def test_what_xml_cannot_hold_is_kept_in_escapes(text: str, stored: str) -> None:
    """In the XML, since not every reader takes the escapes of a text in its cell for what they are."""
    with zipfile.ZipFile(io.BytesIO(drawn(lambda book, sheet: sheet.line(0, 0, (text,), book.style())))) as archive:
        assert f"<t>{stored}</t>" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_lines_stand_among_other_cells() -> None:
    """Left of, between, right of, above and below what is drawn in the usual way; rows with and without a height."""

    def cells(book: Book, sheet: Sheet, put: Callable[..., object]) -> None:
        bold, number = styles(book)
        sheet.rows(0, (30, 40))
        sheet.text(1, 2, "between", number)
        sheet.text(8, 0, "under the lines", bold)
        put(sheet, 1, 3, (1, None, "z"), (bold, number, number))
        put(sheet, 1, 0, ("a", 2), (number, bold))
        put(sheet, 0, 1, (None, 5), (bold, bold))
        put(sheet, 5, 4, (Formula("A2", "a"), ""), (bold, number))
        put(sheet, 9, 30, (7,), (number,))

    lines = drawn(lambda book, sheet: cells(book, sheet, Sheet.line))
    assert shown(lines) == shown(drawn(lambda book, sheet: cells(book, sheet, one_by_one)))


def test_lines_below_each_other_are_those_drawn_one_by_one() -> None:
    def rows(book: Book) -> list[Line]:
        bold, number = styles(book)
        return [Line(2, ("a", 1), (bold, number), 40), Line(1, ("b",), bold), Line(5, (None, 3), number)]

    def one_after_the_other(book: Book, sheet: Sheet) -> None:
        for row, line in enumerate(rows(book), 4):
            sheet.line(row, *line)

    together = drawn(lambda book, sheet: sheet.lines(4, rows(book)))
    assert shown(together) == shown(drawn(one_after_the_other))


def test_a_line_sets_the_height_of_its_row() -> None:
    def two(book: Book, sheet: Sheet) -> None:
        sheet.line(1, 0, ("a",), book.style(), 40)
        sheet.line(99, 0, ("a",), book.style(), 4_000)

    assert shown(drawn(two))["heights"] == {2: 30, 100: 409.5}


def test_an_empty_line_leaves_the_sheet_as_it_is() -> None:
    assert shown(drawn(lambda book, sheet: sheet.line(0, 0, (None, None), book.style()))) == shown(
        drawn(lambda book, sheet: None)
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda book, sheet: sheet.line(0, 0, (math.nan,), book.style()),
        lambda book, sheet: sheet.line(0, 0, (1, math.inf), book.style()),
        lambda book, sheet: sheet.line(0, 0, (Formula("1/0", math.inf),), book.style()),
        lambda book, sheet: sheet.line(0, 0, ("x" * 32_768,), book.style()),
        lambda book, sheet: sheet.line(0, 0, ("\ud800" * 6_000,), book.style()),
        lambda book, sheet: sheet.line(0, 16_383, (1, 2), book.style()),
        lambda book, sheet: sheet.line(1_048_576, 0, (1,), book.style()),
        lambda book, sheet: [sheet.line(0, column, (1, 2), book.style()) for column in (0, 1)],
        lambda book, sheet: [sheet.line(0, 0, (1, 2), book.style()), sheet.text(0, 1, "x", book.style())],
        lambda book, sheet: [sheet.line(0, 0, (1, 2), book.style()), sheet.text(0, 0, "x", book.style())],
        lambda book, sheet: sheet.line(0, 0, (Formula("\x01", 1),), book.style()),
        lambda book, sheet: sheet.line(0, 0, (Link("\x01", "S!A1"),), book.style()),
        lambda book, sheet: sheet.line(0, 0, (Link("x" * 256, "S!A1"),), book.style()),
        lambda book, sheet: sheet.line(0, 0, (Link("x", "S!A1" + "1" * 251),), book.style()),
        lambda book, sheet: sheet.lines(1_048_575, [Line(0, (1,), book.style())] * 2),
        lambda book, sheet: sheet.lines(0, [Line(column, (1,), book.style()) for column in (0, 16_384)]),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_raises(draw: Draw) -> None:
    with pytest.raises(DrawingError):
        drawn(draw)
