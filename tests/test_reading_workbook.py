"""The cells of a workbook as they stand in its file."""

import io
import zipfile

import pytest

from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, a1
from cmme_xl.reading.workbook import read_book
from cmme_xl.reading.xml import MAX_ELEMENTS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(sheet: str, strings: str = "", *, target: str = "worksheets/sheet1.xml", **parts: str) -> bytes:
    """A workbook with one worksheet part; `parts` are further parts by name with __ for / and _ for ."""
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _rels(("o", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _rels(("r1", "worksheet", target), ("r2", "sharedStrings", "sharedStrings.xml")),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}"/>',
        **{name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _rels(*entries: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{RELS}/{t}" Target="{target}"/>' for i, t, target in entries)
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def sheet(rows: str, tail: str = "", space: str = MAIN) -> str:
    return f'<worksheet xmlns="{space}"><dimension ref="A1"/><sheetData>{rows}</sheetData>{tail}</worksheet>'


def load(data: bytes) -> RawBook:
    return read_book(Archive(data))[0]


def cells(rows: str, strings: str = "") -> dict[str, Cell]:
    return placed(load(packed(sheet(rows), strings)))


def placed(book: RawBook) -> dict[str, Cell]:
    return {a1(r, c): cell for r, row in book.sheets[0].rows.items() for c, cell in row.items()}


def test_every_type_of_cell() -> None:
    found = cells(
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>in</t></is></c>'
        '<c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#REF!</v></c><c r="F2" t="str"><f>A1&amp;"x"</f><v>ax</v></c>'
        '<c r="G2"><f>1+1</f></c><c r="H2" t="d"><v>2026-05-04</v></c><c r="I2" s="0"/>'
        '<c r="J2" t="s"><v>9</v></c></row>',
        f'<sst xmlns="{MAIN}"><si><t>one</t></si></sst>',
    )
    assert found == {
        "A2": Cell(CellKind.NUMBER, "4"),
        "B2": Cell(CellKind.TEXT, "one"),
        "C2": Cell(CellKind.TEXT, "in"),
        "D2": Cell(CellKind.BOOL, "TRUE"),
        "E2": Cell(CellKind.ERROR, "#REF!"),
        "F2": Cell(CellKind.TEXT, "ax", '=A1&"x"'),
        "G2": Cell(CellKind.EMPTY, "", "=1+1"),
        "H2": Cell(CellKind.DATE, "2026-05-04"),
        "J2": Cell(CellKind.BROKEN, "9"),
    }


def test_rich_text_is_joined_and_phonetic_runs_left_out() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>客户</t></r><r><t xml:space="preserve"> 战略</t></r>'
        "<rPh><t>かな</t></rPh><phoneticPr/></si><si><t>a_x000D_b_x005F_x000D_ _xD800_</t></si></sst>"
    )
    found = cells('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>', strings)
    assert found["A1"].text == "客户 战略"
    assert found["B1"].text == "a\rb_x000D_ _xD800_"


def test_cells_without_references_follow_one_another() -> None:
    found = cells(
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="5"><c r="C5"><v>5</v></c><c><v>6</v></c></row>'
        "<row><c><v>7</v></c></row>"
    )
    assert {at: cell.text for at, cell in found.items()} == {"A1": "1", "C1": "3", "C5": "5", "D5": "6", "A6": "7"}


def test_references_are_believed_before_rows_and_dimensions() -> None:
    found = cells(
        '<row r="1"><c r="b7"><v>1</v></c></row><row r="2"><c r="XFD1048576"><v>2</v></c><c r="A112"><v>3</v></c></row>'
    )
    assert {at: cell.text for at, cell in found.items()} == {"B7": "1", "XFD1048576": "2", "A112": "3"}


@pytest.mark.parametrize("space", [MAIN, STRICT])
def test_strict_and_prefixed_namespaces(space: str) -> None:
    prefixed = f'<x:worksheet xmlns:x="{space}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>4</x:v></x:c>'
    prefixed += "</x:row></x:sheetData></x:worksheet>"
    assert placed(load(packed(prefixed)))["A1"].text == "4"
    assert placed(load(packed(sheet('<row r="1"><c r="A1"><v>5</v></c></row>', space=space))))["A1"].text == "5"


@pytest.mark.parametrize(
    "target", ["/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml", "../xl/Worksheets/Sheet1.xml"]
)
def test_targets_are_found_however_they_are_written(target: str) -> None:
    assert placed(load(packed(sheet('<row r="1"><c r="A1"><v>4</v></c></row>'), target=target)))["A1"].text == "4"


def test_a_listed_sheet_without_a_part_is_reported() -> None:
    book, findings = read_book(Archive(packed(sheet(""), target="worksheets/gone.xml")))
    assert [finding.code for finding in findings] == ["FIL_027"]
    assert book.sheets[0].rows == {}


def test_numbers_shown_as_dates_and_percentages_are_told_apart() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[Red]0&quot; days&quot;"/>'
        '<numFmt numFmtId="165" formatCode="yyyy/m/d"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/>'
        '<xf numFmtId="165"/></cellXfs><dxfs><dxf><numFmt numFmtId="165" formatCode="0"/></dxf></dxfs></styleSheet>'
    )
    typed = ((0, 4), (1, 46146), (2, 0.8), (3, 4), (4, 4))
    row = "".join(f'<c s="{style}"><v>{value}</v></c>' for style, value in typed)
    found = placed(load(packed(sheet(f'<row r="1">{row}</row>'), xl__styles_xml=styles)))
    assert [found[f"{at}1"] for at in "ABCDE"] == [
        Cell(CellKind.NUMBER, "4"),
        Cell(CellKind.DATE, "2026-05-04"),
        Cell(CellKind.PERCENT, "80%"),
        Cell(CellKind.NUMBER, "4"),
        Cell(CellKind.DATE, "1900-01-04"),
    ]


def test_merges_are_kept_sparse_and_values_under_them_are_read() -> None:
    tail = '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'
    book = load(packed(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', tail)))
    assert book.sheets[0].merges == [(1, 1, 2, 2)]
    assert placed(book)["B1"].text == "2"


def test_a_cell_given_twice_is_noticed() -> None:
    book = load(packed(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')))
    assert book.sheets[0].doubled == {(1, 1)}


def test_macros_and_links_are_a_warning() -> None:
    _, findings = read_book(
        Archive(packed(sheet(""), xl__vbaProject_bin="", xl__externalLinks__externalLink1_xml="<a/>"))
    )
    assert [finding.code for finding in findings] == ["FIL_019"]


@pytest.mark.parametrize(
    "part",
    [
        "xl__sharedStrings_xml",
        "xl__workbook_xml",
        "xl__worksheets__sheet1_xml",
        "xl__styles_xml",
        "docProps__custom_xml",
    ],
)
def test_a_document_type_is_refused_in_any_part(part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(Refused, match="FIL_017"):
        load(packed(**{"sheet": sheet("")} | {part: bomb}))


@pytest.mark.parametrize(
    "xml", ["", "<worksheet", "not xml", '<?xml version="1.0" encoding="zlib_codec"?><a/>', "\0\0"]
)
def test_what_is_not_well_formed_is_refused_or_empty(xml: str) -> None:
    if xml:
        with pytest.raises(Refused, match="FIL_004"):
            load(packed(xml))
    else:
        assert placed(load(packed(xml))) == {}


def test_endless_cells_are_refused() -> None:
    with pytest.raises(Refused, match="FIL_015"):
        load(packed(sheet("<row>" + "<c/>" * (MAX_ELEMENTS + 1) + "</row>")))
