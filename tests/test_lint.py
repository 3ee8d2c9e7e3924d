"""Our own checks of a finished workbook: each fault is planted into a good one by editing its parts."""

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from allowed_functions import EXCEL_2016

from cmme_xl.spreadsheet import Book, Brand, charts
from cmme_xl.spreadsheet.formulatext import Known, faults
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.templates import template

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
CHART = "xl/charts/chart1.xml"
LONG = "x" * 256


@cache
def good() -> bytes:
    """A small workbook with one of everything that is checked."""
    with Book(Brand.from_table(template("brand")), "en", "Made up") as book:
        plain = book.style()
        first = book.sheet("First", (80, 80, 80))
        first.rows(0, (20, 30))
        first.text(0, 0, "merged", plain, (0, 2))
        first.text(1, 0, "alpha", plain)
        first.text(1, 1, "beta", plain)
        first.number(2, 0, 1.5, plain)
        first.number(2, 1, 2, plain)
        first.formula(3, 0, "=SUM(A3:B3)&limit", "3.54", plain)
        first.formula(3, 1, "=IF(A3>1,\"\",'Data sheet'!$A$1)", None, plain)
        first.formula(4, 0, "=_xlfn.STDEV.P(A3,B3)", 0.25, plain)
        first.formula(4, 1, "=A3>1", True, plain)
        first.formula(4, 2, "=1/0", "#DIV/0!", plain)
        first.text(6, 0, "second merge", plain, (7, 1))
        first.jump(8, 0, "there", "'Data sheet'!A1", plain)
        first.choices(9, 0, 9, 0, ["yes", "no"], title="title", prompt="prompt")
        first.choices(10, 0, 10, 0, "='Data sheet'!$A$1:$A$2")
        first.condition(9, 0, 9, 0, {"type": "formula", "criteria": "=$A$10>1", "format": book.change(bold=True)})
        data = book.sheet("Data sheet", (80,))
        data.number(0, 0, 4, plain)
        data.number(1, 0, 5, plain)
        series = charts.Series("current", "one", data.range(0, 0, 1, 0), data.range(0, 0, 1, 0))
        references = charts.Series("current", "one", f"={series.categories}", f"={series.values}")
        first.chart(12, 0, charts.radar(book, [references], 300, 200, low=0, high=5), "a radar")
        hidden = book.hidden_sheet("_x")
        hidden.text(0, 0, "kept", plain)
        book.name("limit", data.cell(0, 0))
        return book.bytes()


def rebuilt(change: Callable[[dict[str, str]], None]) -> bytes:
    """The good workbook after `change` has edited its parts (name -> text)."""
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def replaced(part: str, old: str, new: str) -> bytes:
    """The good workbook with the first match of the pattern `old` in `part` replaced by the text `new`."""

    def change(parts: dict[str, str]) -> None:
        parts[part], times = re.subn(old, lambda _: new, parts[part], count=1, flags=re.DOTALL)
        assert times == 1, f"{old} is not in {part}: {parts[part]}"

    return rebuilt(change)


def rules(data: bytes) -> set[str]:
    return {fault.rule for fault in lint(data, EXCEL_2016)}


def test_a_good_workbook_has_no_faults() -> None:
    assert lint(good(), EXCEL_2016) == ()


FORMULA = r"<f>SUM\(A3:B3\)&amp;limit</f>"

PLANTED = [
    ("cell_twice", SHEET, r'<c r="B2"', '<c r="A2"'),
    ("cell_order", SHEET, r'<c r="A3"', '<c r="C3"'),
    ("cell_order", SHEET, r'<c r="A3"', '<c r="A44"'),
    ("row_order", SHEET, r'<row r="3".*?</row>', '<row r="1"/>'),
    ("row_height", SHEET, r'ht="22.5"', 'ht="410"'),
    ("column_width", SHEET, r'width="[\d.]+"', 'width="256"'),
    ("beyond", SHEET, r'<c r="B3"', '<c r="XFE3"'),
    ("merge_overlap", SHEET, r'<mergeCell ref="A7:B8"/>', '<mergeCell ref="A1:B8"/>'),
    ("merge_single", SHEET, r'<mergeCell ref="A7:B8"/>', '<mergeCell ref="A7"/>'),
    ("under_merge", SHEET, r'<c r="B7"( s="\d+")?/>', '<c r="B7"><v>1</v></c>'),
    ("numeric", SHEET, r"<v>1.5</v>", "<v>NaN</v>"),
    ("numeric", SHEET, r"<v>1.5</v>", "<v>1,5</v>"),
    ("numeric", SHEET, r"<v>1.5</v>", "<v></v>"),
    ("boolean", SHEET, r't="b"><f>A3&gt;1</f><v>1</v>', 't="b"><f>A3&gt;1</f><v>TRUE</v>'),
    ("error_code", SHEET, r"<v>#DIV/0!</v>", "<v>#OOPS!</v>"),
    ("cell_type", SHEET, r't="e"', 't="x"'),
    ("string_index", SHEET, r't="s"><v>\d+</v>', 't="s"><v>99</v>'),
    ("text_long", SHEET, r"<v>3.54</v>", f"<v>{'x' * 32_768}</v>"),
    (
        "text_long",
        SHEET,
        r"<c r=\"A3\"( s=\"\d+\")?><v>1.5</v></c>",
        f'<c r="A3" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>',
    ),
    ("text_long", STRINGS, "alpha", "\U0001f600" * 16_384),
    ("string_count", STRINGS, r' count="\d+"', ' count="1"'),
    ("string_count", STRINGS, r'uniqueCount="\d+"', 'uniqueCount="1"'),
    ("uncached", SHEET, r"(?<=limit</f>)<v>3.54</v>", ""),
    ("formula_text", SHEET, FORMULA, "<f>SUM(A3:B3&amp;limit</f>"),
    ("formula_text", SHEET, FORMULA, "<f>SUM(A3:B3))&amp;limit</f>"),
    ("formula_text", SHEET, FORMULA, "<f>SUM({A3:B3)}&amp;limit</f>"),
    ("formula_text", SHEET, FORMULA, '<f>"open&amp;limit</f>'),
    ("formula_text", SHEET, FORMULA, "<f>=A3</f>"),
    ("formula_text", SHEET, FORMULA, "<f>A3+</f>"),
    ("formula_text", SHEET, FORMULA, "<f></f>"),
    ("formula_text", SHEET, FORMULA, "<f>SUM（A3）</f>"),
    ("formula_text", SHEET, FORMULA, "<f>#REF!+1</f>"),
    ("formula_long", SHEET, FORMULA, f"<f>1{'+1' * 4_096}</f>"),
    ("literal_long", SHEET, FORMULA, f'<f>A3&amp;"{LONG}"</f>'),
    ("function", SHEET, r"<f>_xlfn.STDEV.P\(A3,B3\)</f>", "<f>STDEV.P(A3,B3)</f>"),
    ("function", SHEET, FORMULA, "<f>_xlfn.TEXTJOIN(A3,B3)</f>"),
    ("sheet_reference", SHEET, r"'Data sheet'!\$A\$1\)</f>", "'Gone sheet'!$A$1)</f>"),
    ("sheet_reference", SHEET, FORMULA, "<f>Gone!A1</f>"),
    ("sheet_reference", SHEET, r"#'Data sheet'!A1\"", "#'Gone sheet'!A1\""),
    ("sheet_reference", CHART, r"<c:f>'Data sheet'!", "<c:f>'Gone sheet'!"),
    ("sheet_reference", SHEET, r"<formula1>'Data sheet'!", "<formula1>'Gone sheet'!"),
    ("sheet_reference", BOOK, r">'Data sheet'!\$A\$1</definedName>", ">Gone!$A$1</definedName>"),
    ("formula_text", SHEET, r"<formula>\$A\$10&gt;1</formula>", "<formula>($A$10</formula>"),
    ("name_reference", SHEET, r"limit</f>", "limits</f>"),
    ("name", BOOK, r'<definedName name="limit"', '<definedName name="limit 1"'),
    ("name", BOOK, r'<definedName name="limit"', '<definedName name="AB12"'),
    ("name_twice", BOOK, r"</definedNames>", '<definedName name="LIMIT">1</definedName></definedNames>'),
    ("sheet_name", BOOK, r'name="First"', 'name="data SHEET"'),
    ("sheet_name", BOOK, r'name="First"', f'name="{"x" * 32}"'),
    ("sheet_name", BOOK, r'name="First"', 'name="a/b"'),
    ("sheet_name", BOOK, r'name="First"', 'name="History"'),
    ("validation_text", SHEET, r'prompt="prompt"', f'prompt="{LONG}"'),
    ("validation_text", SHEET, r'promptTitle="title"', f'promptTitle="{"x" * 33}"'),
    ("validation_list", SHEET, r'"yes,no"', f'"{LONG}"'),
    ("validation_overlap", SHEET, r'sqref="A11"', 'sqref="C3 A9:B10"'),
    ("relation", "xl/_rels/workbook.xml.rels", r"worksheets/sheet2.xml", "worksheets/sheet9.xml"),
    ("relation", BOOK, r'r:id="rId1"', 'r:id="rId77"'),
    ("external", "xl/_rels/workbook.xml.rels", r'Target="styles.xml"', 'Target="x" TargetMode="External"'),
    ("part_missing", TYPES, r'PartName="/xl/styles.xml"', 'PartName="/xl/gone.xml"'),
    ("content_type", TYPES, r'<Default Extension="rels"[^>]*/>', ""),
    ("macros", TYPES, r"spreadsheetml.sheet.main", "sheet.macroEnabled.main"),
    ("xml", SHEET, r"</worksheet>", "</worksheets>"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "part", "old", "new"), PLANTED)
def test_a_planted_fault_is_found(rule: str, part: str, old: str, new: str) -> None:
    assert rule in rules(replaced(part, old, new))


def test_all_sheets_hidden() -> None:
    def hide(parts: dict[str, str]) -> None:
        parts[BOOK] = re.sub(r'<sheet name="(First|Data sheet)"', r'<sheet state="hidden" name="\1"', parts[BOOK])

    assert rules(rebuilt(hide)) == {"all_hidden"}


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "_rels/.rels", TYPES])
def test_a_part_that_every_workbook_needs(part: str) -> None:
    assert "part_missing" in rules(rebuilt(lambda parts: parts.__delitem__(part)))


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("macros", "xl/vbaProject.bin"),
        ("macros", "xl/embeddings/oleObject1.bin"),
        ("external", "xl/externalLinks/externalLink1.xml"),
    ],
)
def test_a_part_that_none_of_ours_may_have(rule: str, part: str) -> None:
    assert rule in rules(rebuilt(lambda parts: parts.update({part: "<x/>"})))


def test_a_part_given_twice() -> None:
    buffer = io.BytesIO(good())
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(BOOK, "<x/>")
    assert "part_twice" in rules(buffer.getvalue())


@pytest.mark.parametrize("data", [b"", b"no zip at all", good()[:-40], good()[:2000] + b"\0" * 20 + good()[2020:]])
def test_no_package_at_all(data: bytes) -> None:
    assert rules(data) == {"package"}


def test_any_function_is_allowed_where_none_are_named() -> None:
    odd = replaced(SHEET, FORMULA, "<f>CMME_SCORE(A3)</f>")
    assert lint(odd) == ()
    assert [fault.detail for fault in lint(odd, EXCEL_2016)] == ["CMME_SCORE"]


def test_a_fault_names_sheet_cell_and_text() -> None:
    (fault,) = lint(replaced(SHEET, r"<v>1.5</v>", "<v>much</v>"))
    assert (fault.rule, fault.part, fault.cell, fault.detail) == ("numeric", "First", "A3", "much")


KNOWN = Known({"a b", "表", "q1"}, {"top", "sales"}, EXCEL_2016)


@pytest.mark.parametrize(
    "formula",
    [
        "1.5E-3+.5-50%",
        "'a b'!$A$1:$B$2+表!A1+Q1!C3",
        'IF(A1="say ""(""",TRUE,FALSE)',
        "SUM($A:$C)+SUM(A:A)+SUM($1:$3)",
        "LOG10(A1)*AB12^2",
        "SUMPRODUCT({1,2;3,4}*(A1:B2<>\"\"))",
        "Sales[[#This Row],[Units]]+TOP",
        "IFERROR(A1,#N/A)",
    ],
)  # fmt: skip
def test_formulas_as_they_should_be(formula: str) -> None:
    assert list(faults(formula, KNOWN)) == []
