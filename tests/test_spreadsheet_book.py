"""Books and sheets: text stays text, nothing is dropped without a word, and the brand reaches everything."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.exceptions import DuplicateWorksheetName, InvalidWorksheetName

from cmme_xl.spreadsheet import Book, Brand, DrawingError, Sheet, charts, local, local_range, page
from cmme_xl.spreadsheet.lines import Formula
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
EMOJI = "\U0001f600"


def drawn(draw: Callable[[Book, Sheet], object], lang: str = "en", brand: Brand = BRAND, **sheet: object) -> bytes:
    """A workbook with one sheet called S, drawn on by `draw` and free of lint."""
    with Book(brand, lang, "Made up") as book:
        draw(book, book.sheet("S", (100, 100), **sheet))  # type: ignore[arg-type]
        data = book.bytes()
    assert lint(data) == ()
    return data


def read(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data))["S"]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


OUTSIDE = [
    "=1+1",
    "{=1+1}",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    "=HYPERLINK(\"http://example.invalid\")",
    "=cmd|'/c calc'!A0",
    "http://example.invalid/a",
    "mailto:a@example.invalid",
    "internal:S!A1",
    "file:///etc/x",
    "12.50",
    "1e5",
    "0012",
    "TRUE",
    "#N/A",
    "2026-01-02",
    "'quoted",
    " spaces  kept ",
    "<b>&amp;</b>",
    "<r>no xml</r>",
    "<r><t>injected</t></r>",
    "<r>&unclosed</r>",
    "表格 ＝1",
    EMOJI,
]  # fmt: skip


@pytest.mark.parametrize("text", OUTSIDE)
def test_text_stays_text(text: str) -> None:
    cell = read(drawn(lambda book, sheet: sheet.text(0, 0, text, book.style())))["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("text", OUTSIDE)
def test_merged_text_stays_text(text: str) -> None:
    sheet = read(drawn(lambda book, sheet: sheet.text(0, 0, text, book.style(), (1, 1))))
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:B2"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\x00b\x1fc", "a_x0000_b_x001F_c"),
        ("line\r\nend", "line_x000D_\nend"),
        ("_x0041_", "_x005F_x0041_"),
        ("\ufffe\uffff", "_xFFFE__xFFFF_"),
        ("half \ud83d pair", "half \\ud83d pair"),
    ],
)
def test_what_xml_cannot_hold_is_kept_in_escapes(text: str, stored: str) -> None:
    strings = parts(drawn(lambda book, sheet: sheet.text(0, 0, text, book.style())))["xl/sharedStrings.xml"]
    assert [t.text for t in ElementTree.fromstring(strings).iter() if t.tag.endswith("}t")] == [stored]


@pytest.mark.parametrize("text", ["x" * 32_767, EMOJI * 16_383])
def test_the_longest_text_is_written_whole(text: str) -> None:
    assert read(drawn(lambda book, sheet: sheet.text(0, 0, text, book.style())))["A1"].value == text


@pytest.mark.parametrize("text", ["x" * 32_768, EMOJI * 16_384, "\ud800" * 6_000])
def test_a_longer_text_is_refused(text: str) -> None:
    with pytest.raises((DrawingError, UserWarning)):
        drawn(lambda book, sheet: sheet.text(0, 0, text, book.style()))


@pytest.mark.parametrize("text", ["a\x01b", "half \ud83d pair"])
def test_such_characters_are_harmless_wherever_text_can_go(text: str) -> None:
    shown = re.sub("[\x01\ud83d]", lambda found: f"\\u{ord(found[0]):04x}", text)
    with Book(BRAND, "en", text, text) as book:
        sheet = book.sheet("S", (100,), header=text, footer=text)
        sheet.rich(0, 0, [(text, book.style(bold=True)), (text, book.style())], book.style())
        sheet.choices(1, 0, 1, 0, ["a"], title=text, prompt=text, error_title=text, error=text)
        sheet.formula(2, 0, "=T(A1)", text, book.style())
        book.property("where", text)
        series = charts.Series("current", "one", f"={sheet.range(0, 0, 1, 0)}", f"={sheet.range(0, 0, 1, 0)}")
        sheet.chart(3, 0, charts.radar(book, [series], 300, 200, low=0, high=5), text)
        data = book.bytes()
    assert lint(data) == ()
    assert load_workbook(io.BytesIO(data)).properties.title == shown
    assert read(data).data_validations.dataValidation[0].prompt == shown


@pytest.mark.parametrize(
    "draw",
    [
        lambda book, sheet: sheet.number(0, 0, float("nan"), book.style()),
        lambda book, sheet: sheet.number(0, 0, float("inf"), book.style()),
        lambda book, sheet: sheet.formula(0, 0, "SUM(A1)", 0, book.style()),
        lambda book, sheet: sheet.formula(0, 0, "=1", float("nan"), book.style()),
        lambda book, sheet: sheet.formula(0, 0, '="\x01"', "", book.style()),
        lambda book, sheet: sheet.text(1_048_576, 0, "x", book.style()),
        lambda book, sheet: sheet.text(0, 16_384, "x", book.style()),
        lambda book, sheet: sheet.number(0, 16_384, 1, book.style()),
        lambda book, sheet: sheet.formula(0, 16_384, "=1", 1, book.style()),
        lambda book, sheet: sheet.blank(0, 16_384, book.style()),
        lambda book, sheet: sheet.fill(0, 16_384, 16_384, book.style()),
        lambda book, sheet: sheet.rows(1_048_576, (20,)),
        lambda book, sheet: sheet.hide_columns(16_384, 16_384),
        lambda book, sheet: sheet.text(0, 16_383, "x", book.style(), (0, 16_384)),
        lambda book, sheet: sheet.text(0, 0, "x" * 32_768, book.style()),
        lambda book, sheet: sheet.text(3, 3, "x", book.style(), (2, 3)),
        lambda book, sheet: sheet.text(3, 3, "x", book.style(), (3, 2)),
        lambda book, sheet: sheet.rich(0, 0, [("only one", book.style())][:0], book.style()),
        lambda book, sheet: sheet.rich(0, 0, [("", book.style()), ("b", book.style())], book.style()),
        lambda book, sheet: sheet.jump(0, 0, "x" * 256, "S!A1", book.style()),
        lambda book, sheet: sheet.rows(0, (20, 0)),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["yes, but", "no"]),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ['so "called"']),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["x" * 128, "y" * 128]),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["a"], prompt="x" * 256),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["a"], error="x" * 256),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["a"], title="x" * 33),
        lambda book, sheet: sheet.choices(0, 0, 0, 0, ["a"], error_title="x" * 33),
        lambda book, sheet: sheet.validation(0, 0, 0, 0, {"validate": "nonsense"}),
        lambda book, sheet: sheet.condition(0, 0, 0, 0, {"type": "nonsense"}),
        lambda book, sheet: sheet.filter(0, 16_384, 1, 16_384),
        lambda book, sheet: sheet.print_scale(5),
        lambda book, sheet: book.chart("nonsense"),
        lambda book, sheet: book.name("not a name", "=S!$A$1"),
        lambda book, sheet: book.name("A1", "=S!$A$1"),
        lambda book, sheet: [book.name(name, "=S!$A$1") for name in ("one", "ONE")],
        lambda book, sheet: book.property("n" * 256, "x"),
        lambda book, sheet: book.sheet(""),
        lambda book, sheet: book.sheet("a\x01"),
        lambda book, sheet: book.sheet("T", (2_000,)),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_raises(draw: Callable[[Book, Sheet], object]) -> None:
    with pytest.raises((DrawingError, UserWarning)):
        drawn(draw)


@pytest.mark.parametrize("code", [-1, -2, 1])
def test_every_return_code_other_than_0_raises(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of XlsxWriter that can say no is made to say no."""
    calls: dict[str, Callable[[Book, Sheet], object]] = {
        "write_rich_string": lambda book, sheet: sheet.rich(
            0, 0, [("a", book.style()), ("b", book.style())], book.style()
        ),
        "write_datetime": lambda book, sheet: sheet.datetime(0, 0, 1, book.style()),
        "set_row_pixels": lambda book, sheet: sheet.rows(0, (20,)),
        "set_column": lambda book, sheet: sheet.hide_columns(0, 0),
        "set_column_pixels": lambda book, sheet: book.sheet("T", (10,)),
        "repeat_rows": lambda book, sheet: sheet.repeat(0, 1),
        "print_area": lambda book, sheet: sheet.print_to(1, 1),
        "autofilter": lambda book, sheet: sheet.filter(0, 0, 1, 1),
        "data_validation": lambda book, sheet: sheet.choices(0, 0, 0, 0, ["a"]),
        "conditional_format": lambda book, sheet: sheet.condition(0, 0, 0, 0, {}),
        "insert_chart": lambda book, sheet: sheet.chart(0, 0, book.chart("bar"), ""),
    }
    for name, draw in calls.items():
        with Book(BRAND, "en", "Made up") as book, monkeypatch.context() as patch:
            sheet = book.sheet("S")
            patch.setattr(f"xlsxwriter.worksheet.Worksheet.{name}", lambda *_, **__: code)
            with pytest.raises(DrawingError, match=f"returned {code} "):
                draw(book, sheet)


def test_overlapping_merges_raise() -> None:
    def twice(book: Book, sheet: Sheet) -> None:
        sheet.text(0, 0, "one", book.style(), (1, 1))
        sheet.text(1, 1, "two", book.style(), (2, 2))

    with pytest.raises(DrawingError):
        drawn(twice)


@pytest.mark.parametrize("name", ["S", "s"])
def test_two_sheets_of_one_name_raise(name: str) -> None:
    with pytest.raises(DuplicateWorksheetName):
        drawn(lambda book, sheet: book.sheet(name))


@pytest.mark.parametrize("name", ["x" * 32, "a/b", "'a", "a'"])
def test_sheet_names_excel_forbids_raise(name: str) -> None:
    with pytest.raises(InvalidWorksheetName):
        drawn(lambda book, sheet: book.sheet(name))


def test_a_warning_of_any_kind_is_an_error_within_the_block_only() -> None:
    with pytest.raises(UserWarning, match="told"), Book(BRAND, "en", "Made up"):
        warnings.warn("told", stacklevel=1)
    with pytest.warns(UserWarning, match="again"):
        warnings.warn("again", stacklevel=1)


def test_a_book_outside_a_with_block_is_refused() -> None:
    book = Book(BRAND, "en", "Made up")
    book.sheet("S")
    with pytest.raises(DrawingError, match="with"):
        book.bytes()
    with book:
        assert lint(book.bytes()) == ()


def test_a_hidden_first_sheet_is_refused_unless_another_is_shown_first() -> None:
    def build(activate: bool) -> bytes:
        with Book(BRAND, "en", "Made up") as book:
            book.hidden_sheet("_x").text(0, 0, "id", book.style())
            seen = book.sheet("S")
            if activate:
                seen.activate()
            return book.bytes()

    with pytest.raises(DrawingError, match="_x"):
        build(activate=False)
    workbook = load_workbook(io.BytesIO(build(activate=True)))
    assert [sheet.sheet_state for sheet in workbook] == ["veryHidden", "visible"]


def test_hidden_sheets_are_as_hidden_as_told() -> None:
    def hide(book: Book, sheet: Sheet) -> None:
        book.hidden_sheet("_v")
        book.hidden_sheet("_h", very=False)

    states = {sheet.title: sheet.sheet_state for sheet in load_workbook(io.BytesIO(drawn(hide)))}
    assert states == {"S": "visible", "_v": "veryHidden", "_h": "hidden"}


def test_the_same_content_gives_the_same_bytes() -> None:
    first, second = (drawn(lambda book, sheet: page.head(sheet, "Title", "sub", 1)) for _ in range(2))
    assert first == second


def test_numbers_dates_and_formulas_are_what_they_are() -> None:
    def draw(book: Book, sheet: Sheet) -> None:
        sheet.number(0, 0, 2.5, book.style())
        sheet.number(1, 0, None, book.style())
        sheet.formula(2, 0, "=A1*2", 5, book.style())
        sheet.formula(3, 0, '=IF(A1>9,A1,"")', None, book.style())
        sheet.formula(4, 0, "=NA()", "#N/A", book.style())
        sheet.formula(5, 0, "=A1>1", True, book.style())

    data = drawn(draw)
    cached = load_workbook(io.BytesIO(data), data_only=True)["S"]
    assert [cached.cell(row, 1).value for row in range(1, 7)] == [2.5, None, 5, None, "#N/A", True]
    assert read(data)["A3"].value == "=A1*2"


def test_a_jump_survives_quotes_in_sheet_names() -> None:
    def draw(book: Book, sheet: Sheet) -> None:
        there = book.sheet('The "other\'s"')
        sheet.jump(0, 0, 'say "go"', there.cell(0, 0), book.style())

    assert read(drawn(draw))["A1"].value == '=HYPERLINK("#\'The ""other\'\'s""\'!$A$1","say ""go""")'


def test_protection_leaves_unlocked_cells_open() -> None:
    def draw(book: Book, sheet: Sheet) -> None:
        sheet.blank(0, 0, book.style(locked=False))
        sheet.blank(0, 1, book.style())
        sheet.protect()

    sheet = read(drawn(draw))
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert (sheet["A1"].protection.locked, sheet["B1"].protection.locked) == (False, True)


def test_a_drop_down_warns_unless_strict() -> None:
    def draw(book: Book, sheet: Sheet) -> None:
        sheet.choices(0, 0, 0, 0, ["a", "b"], prompt="x" * 255, title="t" * 32)
        sheet.choices(1, 0, 1, 0, "=S!$B$1:$B$2", strict=True)

    loose, strict = read(drawn(draw)).data_validations.dataValidation
    assert (loose.errorStyle, loose.formula1, strict.errorStyle, strict.formula1) == (
        "warning",
        '"a,b"',
        None,
        "S!$B$1:$B$2",
    )


def test_rows_are_never_taller_than_excel_can_draw() -> None:
    sheet = read(drawn(lambda book, sheet: sheet.rows(0, (40, 9_000))))
    assert (sheet.row_dimensions[1].height, sheet.row_dimensions[2].height) == (30, 409.5)


def test_page_breaks_hold_where_a_scale_is_set() -> None:
    sheet = read(drawn(lambda book, sheet: sheet.print_scale(70, [10, 20])))
    assert [each.id for each in sheet.row_breaks.brk] == [10, 20]
    assert sheet.page_setup.scale == 70
    assert not getattr(sheet.sheet_properties.pageSetUpPr, "fitToPage", None)


@pytest.mark.parametrize("text", ["R&G [Picture] &G", "&[Picture]", "A&B", "&" * 300, "长" * 300, EMOJI * 200, ""])
def test_any_text_can_stand_in_a_header(text: str) -> None:
    header = read(drawn(lambda book, sheet: None, header=text, footer=text)).oddHeader
    assert header is not None
    assert header.left is not None
    assert header.right is not None
    shown = (header.left.text or "").replace("&&", "&").replace("\u200b", "")
    assert text.startswith(shown)
    assert shown == text or len(text) > 100
    assert header.right.text == "&A"


def test_references() -> None:
    with Book(BRAND, "en", "Made up") as book:
        sheet = book.sheet("Ann's", (10, 20, 30))
        assert sheet.cell(0, 1) == "'Ann''s'!$B$1"
        assert sheet.range(0, 0, 8, 1) == "'Ann''s'!$A$1:$B$9"
        assert sheet.span(1, 2) == 50
    assert local(0, 1) == "B1"
    assert local(0, 1, fix_row=True) == "B$1"
    assert local(0, 1, fix_column=True) == "$B1"
    assert local_range(0, 0, 8, 1) == "A1:B9"


def everything(brand: Brand, lang: str) -> dict[str, str]:
    """All parts of a workbook that uses every colour of the palette."""

    def draw(book: Book, sheet: Sheet) -> None:
        for row, name in enumerate(brand.palette):
            sheet.text(row, 0, name, book.style(font_color=name, bg_color=name, bottom=1, bottom_color=name))
        page.legend(sheet, 90, 0, 1, [("●", "current", "one"), ("◆", "target", "two")])
        references = f"={sheet.range(0, 0, 3, 0)}"
        series = [
            charts.Series(role, role, references, references)
            for role in ("current", "target", "benchmark", "competitor")
        ]
        sheet.chart(0, 3, charts.radar(book, series, 400, 300, low=0, high=5), "all")

    return parts(drawn(draw, lang, brand, tab="brand"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_second_brand_changes_every_colour_and_every_font(lang: str) -> None:
    palette = {name: f"{0xA00000 + 257 * number:06X}" for number, name in enumerate(BRAND.palette)}
    other = Brand(palette, {"zh": "Song & Sons", "en": 'Serif "A"'}, "Other", {"zh": "别的", "en": "Other"})
    text = "\n".join(everything(other, lang).values())
    text = re.sub(r'<a:font script="(?!Hans)[^>]*>', "", text)  # Excel's fonts for other scripts
    ours = set(BRAND.palette.values()) - {"FFFFFF"}
    assert [colour for colour in ours if re.search(colour, text, re.IGNORECASE)] == []
    assert [font for font in BRAND.fonts.values() if font in text] == []
    assert "Aptos" not in text
    assert all(colour in text for colour in palette.values())
    assert BRAND.author not in text


def test_the_theme_carries_both_fonts_and_the_accents() -> None:
    theme = ElementTree.fromstring(BRAND.theme("en"))
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for kind in ("majorFont", "minorFont"):
        (fonts,) = theme.iter(f"{space}{kind}")
        latin, chinese = fonts.find(f"{space}latin"), fonts.find(f"{space}ea")
        assert latin is not None
        assert chinese is not None
        assert (latin.get("typeface"), chinese.get("typeface")) == ("Arial", "Microsoft YaHei")
    accents = [next(theme.iter(f"{space}accent{n}"))[0].get("val") for n in range(1, 7)]
    assert accents == [BRAND.palette[n] for n in ("current", "target", "benchmark", "competitor", "brand2", "alert")]


@pytest.mark.parametrize("value", ["#12355B", "12355", "blue", "12355B0", 12])
def test_a_colour_that_is_none_is_refused(value: object) -> None:
    table = template("brand")
    with pytest.raises(ValueError, match="brand3"):
        Brand.from_table({**table, "palette": {**table["palette"], "brand3": value}})


def test_an_unknown_colour_or_property_is_a_bug_that_shows() -> None:
    with Book(replace(BRAND), "en", "Made up") as book:
        with pytest.raises(KeyError):
            book.style(font_color="mauve")
        with pytest.raises(AttributeError):
            book.style(font_colour="ink")
        assert book.style(bold=True) is book.style(bold=True)
        assert book.style() is not book.change()


def test_what_stands_in_a_sheet_can_be_told_before_it_is_written() -> None:
    found: list[tuple[int, str | float]] = []

    def draw(book: Book, sheet: Sheet) -> None:
        style = book.style()
        sheet.text(0, 0, "one & two", style)
        sheet.text(0, 1, "<r><t>x</t></r>", style)
        sheet.rich(1, 0, [("a < ", book.style(bold=True)), ("b", style)], style)
        sheet.number(1, 1, 2.5, style)
        sheet.line(2, 0, ["in a line", None, 4, Formula("1+1", 2)], style)
        sheet.formula(3, 0, "=1+1", 2, style)
        sheet.blank(3, 1, style)
        found.extend(sheet.constants())

    drawn(draw)
    texts = [(0, "one & two"), (0, "<r><t>x</t></r>"), (1, "a < b"), (1, 2.5), (2, "in a line"), (2, 4)]
    assert found == texts
