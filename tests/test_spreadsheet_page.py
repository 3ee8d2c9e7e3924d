"""Page furniture and charts: what is drawn where, and that the result is a clean workbook."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from cmme_xl.spreadsheet import Book, Brand, Sheet, charts, page
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))


def drawn(draw: Callable[[Book, Sheet], object]) -> bytes:
    with Book(BRAND, "zh", "Made up") as book:
        draw(book, book.sheet("S", page.GRID))
        data = book.bytes()
    assert lint(data) == ()
    return data


def values(data: bytes) -> dict[str, object]:
    """Every cell of the sheet that holds something."""
    sheet = load_workbook(io.BytesIO(data), data_only=True)["S"]
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.value not in (None, "")}


def chart_xml(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/charts/chart1.xml").decode()


def test_the_grid_is_as_wide_as_it_says() -> None:
    with Book(BRAND, "zh", "Made up") as book:
        sheet = book.sheet("S", page.GRID)
        assert sheet.span(0, page.CELLS + 1) == 2 * page.MARGIN_PX + page.CELLS * page.CELL_PX


def test_a_head_with_navigation() -> None:
    links = [("Overview", "'S'!A1"), ("Gaps", "'S'!A9")]
    rows: list[int] = []
    data = drawn(
        lambda book, sheet: rows.append(
            page.head(sheet, "=not a formula", "n = 3", 24, links=links, here=1, note="2026")
        )
    )
    assert rows == [page.HEAD_ROWS]
    assert values(data) == {"B2": "Overview", "D2": "Gaps", "F2": "2026", "B4": "=not a formula", "B5": "n = 3"}


@pytest.mark.parametrize("last", [1, 2])
def test_a_note_on_a_narrow_page_is_kept(last: int) -> None:
    assert values(drawn(lambda book, sheet: page.head(sheet, "T", "s", last, note="2026")))["B2"] == "2026"


def test_a_live_title_is_a_formula_with_its_value() -> None:
    data = drawn(lambda book, sheet: page.head(sheet, '="n = "&3', "s", 24, title_value="n = 3"))
    assert values(data)["B4"] == "n = 3"
    assert load_workbook(io.BytesIO(data))["S"]["B4"].value == '="n = "&3'


@pytest.mark.parametrize(
    ("value", "formula", "shown"),
    [(2.5, None, 2.5), ("—", None, "—"), (None, None, None), (2.5, "=5/2", 2.5), (None, '=""', None)],
)
def test_a_tile_shows_figure_text_or_nothing(value: float | str | None, formula: str | None, shown: object) -> None:
    found = values(drawn(lambda book, sheet: page.tile(sheet, 6, 1, 4, "Total", value, "of 5", formula=formula)))
    assert (found["B7"], found.get("B8"), found["B9"]) == ("Total", shown, "of 5")


def test_section_header_legend_and_footnote() -> None:
    def draw(book: Book, sheet: Sheet) -> None:
        page.section(sheet, 0, 1, 10, "Section", "right")
        page.header_row(sheet, 1, 1, [("=Name", "left"), ("Score", "right")])
        page.legend(sheet, 2, 1, 10, [("●", "current", "now"), ("◆", "target", "wanted")])
        page.footnote(sheet, 3, "+ small print")

    assert values(drawn(draw)) == {
        "B1": "Section",
        "K1": "right",
        "B2": "=Name",
        "C2": "Score",
        "B3": "● now    ◆ wanted    ",
        "B4": "+ small print",
    }


def radar(book: Book, sheet: Sheet, roles: tuple[str, ...]) -> None:
    for row in range(4):
        sheet.number(row, 0, row, book.style())
    reference = f"={sheet.range(0, 0, 3, 0)}"
    series = [charts.Series(role, role, reference, reference) for role in roles]
    sheet.chart(5, 1, charts.radar(book, series, 600, 400, low=0, high=5), "a radar")


def test_a_radar_has_a_fixed_axis_its_own_lines_and_no_title() -> None:
    xml = chart_xml(drawn(lambda book, sheet: radar(book, sheet, ("current",))))
    assert '<c:autoTitleDeleted val="1"/>' in xml
    assert '<c:max val="5"/><c:min val="0"/>' in xml
    assert '<c:majorUnit val="1"/>' in xml


def test_every_role_has_its_own_colour_and_marker() -> None:
    roles = ("current", "target", "benchmark", "competitor")
    xml = chart_xml(drawn(lambda book, sheet: radar(book, sheet, roles)))
    series = re.findall(r"<c:ser>.*?</c:ser>", xml)
    assert [re.findall(r'<a:ln w="\d+"><a:solidFill><a:srgbClr val="(\w+)"', each)[0] for each in series] == [
        BRAND.palette[role] for role in roles
    ]
    assert len({re.findall(r'<c:symbol val="(\w+)"', each)[0] for each in series}) == 4


def test_bars_and_markers_meet_the_rows_they_lie_over() -> None:
    rows = charts.RowChart(count=8, head_px=30, row_px=24, width_px=400)
    assert rows.total_px == 222
    layout = rows.layout
    assert layout["y"] * rows.total_px == pytest.approx(30)
    assert layout["height"] * rows.total_px == pytest.approx(8 * 24)
    assert (layout["x"] + layout["width"]) * rows.width_px == pytest.approx(400 - charts.SIDE_PX)

    def draw(book: Book, sheet: Sheet) -> None:
        radar(book, sheet, ("target",))
        reference = f"={sheet.range(0, 0, 3, 0)}"
        bars = [charts.unseen("a", reference, reference), charts.bar(BRAND, "b", reference, reference, "tint")]
        sheet.chart(9, 1, charts.row_bars(book, rows, bars, stacked=True), "bars")
        sheet.chart(
            9, 1, charts.row_markers(book, rows, [charts.dots(BRAND, "c", reference, reference, "current")]), "dots"
        )

    with zipfile.ZipFile(io.BytesIO(drawn(draw))) as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 3
