"""Workbooks as they really go out, filled in, and the tools to spoil them: the zip's parts, the cells, the format."""

import csv
import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from interview_plans import filled_in, person, plan
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.reading.container import Archive
from cmme_xl.reading.grid import Cell, CellKind, RawBook, Row
from cmme_xl.reading.workbook import read_book
from cmme_xl.returned.model import Returned
from cmme_xl.returned.read import read_folder

TYPED: tuple[str | float, ...] = (4, 3, 2, 5, "不适用", "不知道", 0, 1, 4, 3, 2, 4)


@dataclass(frozen=True)
class Sent:
    """What went out: the plan, the log, and the workbooks as they went, and filled in, by respondent."""

    plan: Plan
    issues: tuple[Issue, ...]
    blank: Mapping[str, bytes]
    filled: Mapping[str, bytes]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.plan.assigned["P1"]

    def read(self, folder: Path) -> Returned:
        return read_folder(self.plan, self.issues, folder)


@cache
def sent() -> Sent:
    """P1 and P2, in Chinese, with targets and the live score, asked a few questions of every dimension and giving
    every kind of answer."""
    settings = Settings(ask_target=True, self_assessment=True)
    whole = plan(person("P1"), person("P2"), settings=settings)
    some = {who: asked[::10][: len(TYPED)] for who, asked in whole.assigned.items()}
    made = replace(whole, assigned=some)
    answers: dict[str, dict[str, str | float]] = {
        question: {"current": typed, "target": 5, "evidence": f"依据 {number}"}
        for number, (question, typed) in enumerate(zip(made.assigned["P1"], TYPED, strict=True))
    }
    with TemporaryDirectory() as folder:
        log = Path(folder) / "issued.jsonl"
        generate(made, Path(folder) / "out", log)
        issues = issued.read(log)
        blank = {issue.respondent: (Path(folder) / "out" / issue.file).read_bytes() for issue in issues}
    filled = {who: filled_in(data, Form.of(made, made.by_id[who]), answers) for who, data in blank.items()}
    return Sent(made, issues, blank, filled)


def returned() -> bytes:
    """What P1 sent back."""
    return sent().filled["P1"]


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Iterable[tuple[str, bytes]] | Mapping[str, bytes], stored: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(name, data)
    return buffer.getvalue()


def with_parts(**changes: bytes | Callable[[bytes], bytes]) -> bytes:
    """P1's workbook with parts changed or added; their names are `questions`, `workbook`, ... (see PARTS)."""
    parts = parts_of(returned())
    for key, change in changes.items():
        name = PARTS.get(key, key)
        parts[name] = change if isinstance(change, bytes) else change(parts[name])
    return zipped(parts)


PARTS = {
    "cover": "xl/worksheets/sheet1.xml",
    "questions": "xl/worksheets/sheet3.xml",
    "workbook": "xl/workbook.xml",
    "strings": "xl/sharedStrings.xml",
    "core": "docProps/core.xml",
    "types": "[Content_Types].xml",
}


_NOTE = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
 path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden"
 fillcolor="#ffffe1" o:insetmode="auto"><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/>
 <x:SizeWithCells/><x:Anchor>3,15,6,10,5,15,9,4</x:Anchor><x:Row>6</x:Row><x:Column>2</x:Column></x:ClientData>
 </v:shape></xml>"""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_BOX = f"""<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"><xdr:twoCellAnchor><xdr:from>
<xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to>
<xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>6</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Box"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr>
<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
</xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>看这里</a:t></a:r></a:p><a:p><a:r><a:t>two</a:t></a:r></a:p>
</xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument"
BESIDE: dict[str, bytes | Callable[[bytes], bytes]] = {
    "xl/worksheets/sheet2.xml": lambda sheet: sheet.replace(
        b"</worksheet>", b'<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/></worksheet>'
    ),
    "xl/worksheets/_rels/sheet2.xml.rels": f"""<Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
 <Relationship Id="rId1" Type="{_OFFICE}/drawing" Target="../drawings/drawing2.xml"/>
 <Relationship Id="rId2" Type="{_OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>
 <Relationship Id="rId3" Type="{_OFFICE}/comments" Target="../comments1.xml"/></Relationships>""".encode(),
    "xl/drawings/drawing2.xml": _BOX.encode(),
    "xl/drawings/vmlDrawing1.vml": _NOTE.encode(),
    "xl/comments1.xml": f"""<comments xmlns="{_MAIN}"><authors><author>张</author></authors><commentList>
 <comment ref="C7" authorId="0"><text><r><t>六月起</t></r><r><t xml:space="preserve">\n只算 2</t></r></text></comment>
 </commentList></comments>""".encode(),
    "types": lambda types: types.replace(
        b"</Types>",
        f"""<Default Extension="vml" ContentType="{_TYPES}.vmlDrawing"/>
 <Override PartName="/xl/comments1.xml" ContentType="{_TYPES}.spreadsheetml.comments+xml"/>
 <Override PartName="/xl/drawings/drawing2.xml" ContentType="{_TYPES}.drawing+xml"/></Types>""".encode(),
    ),
}
"""A comment on C7 of the instructions and a text box in B3, as changes for `with_parts`."""


def edited(change: Callable[[Workbook], object], data: bytes | None = None) -> bytes:
    """P1's workbook after a change by openpyxl, which drops every cached value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(data or returned()))
    change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def raw() -> RawBook:
    """P1's workbook as the reader sees it."""
    return read_book(Archive(returned()))[0]


def as_csv(book: RawBook, sheet: str = "问卷", delimiter: str = ",", tail: str = "") -> str:
    """One sheet as a spreadsheet exports it; `tail` is a last line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    (page,) = (each for each in book.sheets if each.name == sheet)
    for row in range(1, max(page.rows) + 1):
        cells = page.rows.get(row, Row())
        texts = [cells[column].text if column in cells else "" for column in range(1, 7)]
        writer.writerow(texts)
    return buffer.getvalue() + tail


def as_ods(book: RawBook) -> bytes:
    """The book as an OpenDocument spreadsheet, with its gaps as repeated cells and rows."""
    hidden = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    tables = "".join(
        f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{"h" if sheet.hidden else "v"}">'
        + "".join(_ods_rows(sheet.rows))
        + "</table:table>"
        for sheet in book.sheets
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style", "meta")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def _ods_rows(rows: Mapping[int, Mapping[int, Cell]]) -> Iterable[str]:
    before = 0
    for row in sorted(rows):
        if row - before > 1:
            gap = f'table:number-rows-repeated="{row - before - 1}"'
            yield f"<table:table-row {gap}><table:table-cell/></table:table-row>"
        before = row
        yield "<table:table-row>"
        last = 0
        for column in sorted(rows[row]):
            if column - last > 1:
                yield f'<table:table-cell table:number-columns-repeated="{column - last - 1}"/>'
            last = column
            yield _ods_cell(rows[row][column])
        yield "</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    formula = f" table:formula={quoteattr('of:' + cell.formula)}" if cell.formula else ""
    text = escape(cell.text).replace("\n", "</text:p><text:p>")
    shown = f"<text:p>{text}</text:p>" if cell.text else ""
    value = {
        CellKind.NUMBER: f' office:value-type="float" office:value="{cell.text}"',
        CellKind.BOOL: f' office:value-type="boolean" office:boolean-value="{cell.text.lower()}"',
        CellKind.DATE: f' office:value-type="date" office:date-value="{cell.text}"',
        CellKind.PERCENT: f' office:value-type="percentage" office:value="{float(cell.text[:-1] or 0) / 100}"'
        if cell.kind is CellKind.PERCENT
        else "",
    }.get(cell.kind, ' office:value-type="string"' if cell.text else "")
    return f"<table:table-cell{formula}{value}>{shown}</table:table-cell>"


def as_xlsb(book: RawBook) -> bytes:
    """The book as a binary workbook; a formula keeps its result only."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    texts = list(dict.fromkeys(c.text for s in book.sheets for r in s.rows.values() for c in r.values()))
    index = {text: number for number, text in enumerate(texts)}
    sheets = b"".join(
        record(156, struct.pack("<II", 2 * sheet.hidden, n) + _wide(f"rId{n}") + _wide(sheet.name))
        for n, sheet in enumerate(book.sheets, 1)
    )
    formats = b"".join(record(47, struct.pack("<HH", 0, format_) + bytes(12)) for format_ in (0, 14, 9))
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(book.sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{relation}/officeDocument"'
        ' Target="xl/workbook.bin"/></Relationships>'.encode(),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}">{listed}</Relationships>'.encode(),
        "xl/workbook.bin": record(153, bytes(8)) + sheets,
        "xl/sharedStrings.bin": b"".join(record(19, b"\0" + _wide(text)) for text in texts),
        "xl/styles.bin": record(617, b"") + formats + record(618, b""),
    }
    for number, sheet in enumerate(book.sheets, 1):
        rows = [
            record(0, struct.pack("<I", row - 1))
            + b"".join(_binary(cell, column - 1, index) for column, cell in sorted(cells.items()))
            for row, cells in sorted(sheet.rows.items())
        ]
        merges = [
            record(176, struct.pack("<4I", top - 1, bottom - 1, left - 1, right - 1))
            for top, left, bottom, right in sheet.merges
        ]
        parts[f"xl/worksheets/sheet{number}.bin"] = b"".join([*rows, *merges])
    return zipped(parts)


def _binary(cell: Cell, column: int, index: Mapping[str, int]) -> bytes:
    style = {CellKind.DATE: 1, CellKind.PERCENT: 2}.get(cell.kind, 0)
    head = struct.pack("<II", column, style)
    if cell.formula and cell.kind is CellKind.NUMBER:
        return record(9, head + struct.pack("<d", float(cell.text)) + bytes(6))
    if cell.formula and cell.kind is CellKind.ERROR:
        return record(11, head + b"\x2a" + bytes(6))
    if cell.formula:
        return record(8, head + _wide(cell.text) + bytes(6))
    match cell.kind:
        case CellKind.NUMBER:
            number = float(cell.text)
            if number.is_integer() and abs(number) < 2**28:
                return record(2, head + struct.pack("<I", (int(number) << 2 & 0xFFFFFFFF) | 2))
            return record(5, head + struct.pack("<d", number))
        case CellKind.BOOL:
            return record(4, head + bytes([cell.text == "TRUE"]))
        case CellKind.ERROR:
            return record(3, head + b"\x17")
    return record(7, head + struct.pack("<I", index[cell.text]))


def _wide(text: str) -> bytes:
    coded = text.encode("utf-16-le", "surrogatepass")
    return struct.pack("<I", len(coded) // 2) + coded


def record(kind: int, body: bytes) -> bytes:
    """A record of an .xlsb."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return number + length + body
