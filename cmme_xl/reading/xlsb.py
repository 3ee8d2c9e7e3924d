"""Binary workbooks (.xlsb): records instead of XML in the same zip, read by their numbers ([MS-XLSB] 2.3).

No library is called: what there is turns errors into blanks or formulas into values, without saying so.
"""

import struct
from collections.abc import Iterator
from datetime import datetime

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, a1, decoded
from cmme_xl.reading.notes import beside
from cmme_xl.reading.styles import Styles, format_kind
from cmme_xl.reading.tally import Tally
from cmme_xl.reading.workbook import MAX_STRINGS, properties, related, warnings
from cmme_xl.reading.xml import MAX_ELEMENTS

_ROW, _SHEET, _BOOK, _STRING, _FORMAT, _STYLE, _MERGE = 0, 156, 153, 19, 44, 47, 176
_STYLES_BEGIN, _STYLES_END = 617, 618
_COMMENT, _COMMENT_TEXT = 635, 637
# The records of cells; the short ones, from 12, stand in the column after the last.
_BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(1, 8)
_OF_FORMULA = {8: _TEXT, 9: _REAL, 10: _BOOL, 11: _ERROR}
_RICH = 62
_SHORT, _SHORT_END = 12, 19
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip


def read_xlsb(archive: Archive) -> tuple[RawBook, tuple[Finding, ...]]:
    """Every worksheet of the workbook in `archive`. Of a formula only its result is known (see `unread`).

    Raises Refused: what `Archive.read` raises, FIL_004 (records that break off), FIL_015 (too many cells).
    """
    parts = related(archive, "")
    main = parts.first("/officeDocument") or "xl/workbook.bin"
    relations = related(archive, main)
    tally = Tally()
    findings = warnings(archive)
    worksheets: list[tuple[str, str]] = []
    try:
        listed, date1904 = _sheets(archive.read(main))
        reader = _Cells(
            tally,
            _strings(archive.read(relations.first("/sharedStrings") or "xl/sharedStrings.bin")),
            _styles(archive.read(relations.first("/styles") or "xl/styles.bin"), date1904),
        )
        for name, hidden, relation in listed:
            kind, target = relations.by_id.get(relation, ("", ""))
            if kind.endswith(("/chartsheet", "/dialogsheet", "/xlMacrosheet")):
                continue
            sheet = tally.sheet(name, hidden)
            worksheets.append((sheet.name, target))
            if target in archive:
                reader.read(archive.read(target), sheet)
            else:
                findings.append(Finding("FIL_027", Place(sheet=name)))
    except (struct.error, IndexError) as error:
        raise Refused("FIL_004", detail=str(error)) from error
    findings += beside(archive, worksheets, _comments)
    return RawBook(tally.sheets, *properties(archive, parts)), tuple(findings)


def unread(text: str) -> str:
    """What stands for a formula whose text cannot be had but whose result is `text`."""
    return f"=? ({text})" if text else "=?"


class _Cells:
    """Reads worksheets one after another."""

    def __init__(self, tally: Tally, strings: list[str], styles: Styles) -> None:
        self._tally = tally
        self._strings = strings
        self._styles = styles
        self._records = 0

    def read(self, data: bytes, sheet: RawSheet) -> None:
        row = column = 0
        for kind, body in _records(data):
            self._records += 1
            if self._records > MAX_ELEMENTS:
                raise Refused("FIL_015", size=f"> {MAX_ELEMENTS:,}")
            if kind == _ROW:
                row, column = struct.unpack_from("<I", body)[0] + 1, 0
            elif _BLANK <= kind <= 11 or kind == _RICH:
                column, style = struct.unpack_from("<II", body)
                column += 1
                self._put(sheet, row, column, kind, style & 0xFFFFFF, body[8:])
            elif _SHORT <= kind < _SHORT_END:
                column, style = column + 1, struct.unpack_from("<I", body)[0]
                self._put(sheet, row, column, kind - _SHORT + _BLANK, style & 0xFFFFFF, body[4:])
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                self._tally.merge(sheet, top + 1, left + 1, bottom + 1, right + 1)

    def _put(self, sheet: RawSheet, row: int, column: int, kind: int, style: int, body: bytes) -> None:
        cell = self._value(_OF_FORMULA.get(kind, kind), str(style), body)
        if kind in _OF_FORMULA:
            cell = cell._replace(formula=unread(cell.text))
        if cell.kind is not CellKind.EMPTY or cell.formula:
            self._tally.put(sheet, row, column, cell)

    def _value(self, kind: int, style: str, body: bytes) -> Cell:
        match kind:
            case 2:  # RK
                return self._number(_rk(struct.unpack_from("<I", body)[0]), style)
            case 5:
                return self._number(struct.unpack_from("<d", body)[0], style)
            case 3:
                return Cell(CellKind.ERROR, _ERRORS.get(body[0], "#?"))
            case 4:
                return Cell(CellKind.BOOL, "TRUE" if body[0] else "FALSE")
            case 7:
                number = struct.unpack_from("<I", body)[0]
                if number >= len(self._strings):
                    return Cell(CellKind.BROKEN, str(number))
                text = self._strings[number]
            case 6:
                text = _text(body)[0]
            case 62:
                text = _text(body[1:])[0]
            case _:
                return Cell(CellKind.EMPTY, "")
        return Cell(CellKind.TEXT if text else CellKind.EMPTY, text)

    def _number(self, number: float, style: str) -> Cell:
        text = f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
        return self._styles.cell(style, text, "") if style in self._styles.special else Cell(CellKind.NUMBER, text)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, content) of every record. Raises IndexError where the last one breaks off."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + size > end:
            raise IndexError(f"{at} + {size} > {end}")
        yield kind, data[at : at + size]
        at += size


def _text(body: bytes, at: int = 0) -> tuple[str, int]:
    """A text with its length before it, and where it ends; none is marked by the greatest length."""
    length = struct.unpack_from("<I", body, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(body):
        raise IndexError(f"{end} > {len(body)}")
    return decoded(body[at + 4 : end].decode("utf-16-le", "surrogatepass")), end


def _rk(coded: int) -> float:
    """A number of 30 bits: an integer or the upper half of a float, perhaps in hundredths."""
    if coded & 2:
        number = float((coded >> 2) - (1 << 30 if coded & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", struct.pack("<II", 0, coded & 0xFFFFFFFC))[0]
    return number / 100 if coded & 1 else number


def _sheets(data: bytes) -> tuple[list[tuple[str, bool, str]], bool]:
    """(name, hidden, relation id) of every sheet in order, and whether dates count from 1904."""
    sheets: list[tuple[str, bool, str]] = []
    date1904 = False
    for kind, body in _records(data):
        if kind == _SHEET:
            relation, at = _text(body, 8)
            sheets.append((_text(body, at)[0], struct.unpack_from("<I", body)[0] != 0, relation))
        elif kind == _BOOK:
            date1904 = bool(body[0] & 1)
    return sheets, date1904


def _strings(data: bytes) -> list[str]:
    found: list[str] = []
    for kind, body in _records(data):
        if kind == _STRING:
            if len(found) >= MAX_STRINGS:
                raise Refused("FIL_015", size=f"> {MAX_STRINGS:,}")
            found.append(_text(body, 1)[0])
    return found


def _comments(data: bytes) -> list[tuple[str, str]]:
    """The cell and text of every comment. Raises Refused FIL_004."""
    found: list[tuple[str, str]] = []
    cell = ""
    try:
        for kind, body in _records(data):
            if kind == _COMMENT:
                row, _, column = struct.unpack_from("<3I", body, 4)
                cell = a1(row + 1, column + 1)
            elif kind == _COMMENT_TEXT:
                found.append((cell, _text(body, 1)[0]))
    except (struct.error, IndexError) as error:
        raise Refused("FIL_004", detail=str(error)) from error
    return found


def _styles(data: bytes, date1904: bool) -> Styles:
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside = False
    for kind, body in _records(data):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            formats.append(struct.unpack_from("<H", body, 2)[0])
    kinds = {number: format_kind(format_, codes.get(format_, "")) for number, format_ in enumerate(formats)}
    special = {str(number): kind for number, kind in kinds.items() if kind is not CellKind.NUMBER}
    return Styles(special, datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))
