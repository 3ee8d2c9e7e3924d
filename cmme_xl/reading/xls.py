"""Old Excel workbooks (.xls), through xlrd; the formulas, which it leaves out, from their records."""

import struct
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from cmme_xl.findings import Finding
from cmme_xl.reading.container import OLE, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, a1
from cmme_xl.reading.notes import Notes
from cmme_xl.reading.styles import Styles, format_kind
from cmme_xl.reading.tally import Tally

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_BOF, _EOF, _BOUNDSHEET, _FORMULA, _CONDITION = 0x0809, 0x000A, 0x0085, 0x0006, 0x01B1
_OBJECT, _OBJECT_TEXT, _CONTINUED, _NOTE = 0x005D, 0x01B6, 0x003C, 0x001C
_GOES_ON = 0xFFFF
"""The row of a note's further pieces."""
_UNKNOWN = 0x0FFF
_PASSED = (_CONDITION, _OBJECT, _OBJECT_TEXT, _NOTE)
_WORKSHEET = 0
# A formula that cannot be turned back into text.
UNKNOWN = "=?"

Formulas = Mapping[tuple[int, int], str]


def read_xls(data: bytes) -> tuple[RawBook, tuple[Finding, ...]]:
    """Every worksheet of the workbook `data`.

    Raises Refused: FIL_004 (xlrd cannot read it), FIL_005 (a password), FIL_015 (too many cells).
    """
    import os

    import xlrd

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        try:
            stream = _stream(data)
            book = xlrd.open_workbook(
                file_contents=_bare(stream),
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
                logfile=nowhere,
            )
            tally = Tally()
            formulas = dict(_formulas(stream, book))
            notes = Notes()
            for number in range(book.nsheets):
                _lay(tally, book.sheet_by_index(number), _styles(book), formulas.get(number, {}))
            for sheet, start in zip(tally.sheets, _starts(stream), strict=False):
                for cell, text in _beside(stream, start, book):
                    notes.add(sheet.name, cell, text)
        except (Refused, MemoryError):
            raise
        except xlrd.XLRDError as error:
            raise Refused("FIL_005" if "ncrypted" in str(error) else "FIL_004", detail=str(error)) from error
        except Exception as error:
            # what xlrd meets in a damaged file shows as any fault of its own code
            raise Refused("FIL_004", detail=f"{type(error).__name__} {error}".strip()) from error
    findings = (Finding("FIL_019", raw="VBA"),) if "_VBA_PROJECT_CUR".encode("utf-16-le") in data else ()
    return RawBook(tally.sheets, {}, *_saved(data, book.user_name)), (*findings, *notes.findings())


def _styles(book: "Book") -> Styles:
    kinds: dict[str, CellKind] = {}
    for number, style in enumerate(book.xf_list):
        format_ = book.format_map.get(style.format_key)
        if format_ is not None:
            kinds[str(number)] = format_kind(style.format_key, format_.format_str)
    special = {number: kind for number, kind in kinds.items() if kind is not CellKind.NUMBER}
    return Styles(special, datetime(1904, 1, 1) if book.datemode else datetime(1899, 12, 30))


def _lay(tally: Tally, source: "Sheet", styles: Styles, formulas: Formulas) -> None:
    import xlrd

    sheet = tally.sheet(source.name, source.visibility != 0)
    for row in range(source.nrows):
        for column, found in enumerate(source.row(row)):
            formula = formulas.get((row, column), "")
            if found.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) and not formula:
                continue
            tally.put(sheet, row + 1, column + 1, _cell(found.ctype, found.value, formula, str(found.xf_index), styles))
    for top, bottom, left, right in source.merged_cells:
        tally.merge(sheet, top + 1, left + 1, bottom, right)


def _cell(kind: int, value: object, formula: str, style: str, styles: Styles) -> Cell:
    import xlrd

    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number = float(str(value))
        text = f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
        return styles.cell(style, text, formula) if style in styles.special else Cell(CellKind.NUMBER, text, formula)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell(CellKind.BOOL, "TRUE" if value else "FALSE", formula)
    if kind == xlrd.XL_CELL_ERROR:
        return Cell(CellKind.ERROR, xlrd.error_text_from_code.get(value, "#?"), formula)
    return Cell(CellKind.TEXT if value else CellKind.EMPTY, str(value), formula)


def _stream(data: bytes) -> bytes:
    """The records of the workbook, taken out of their compound document where they stand in one."""
    if not data.startswith(OLE):
        return data
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as document:
        name = next((name for name in ("Workbook", "Book") if document.exists(name)), "Workbook")
        return bytes(document.openstream(name).read())


def _bare(stream: bytes) -> bytes:
    """The same without conditional formats, notes and drawings, of which xlrd wants no more than to fail of those that
    Excel would not have written so."""
    plain = bytearray(stream)
    for start in _starts(stream):
        for at, kind, _ in _records(stream, start):
            if kind in _PASSED:
                struct.pack_into("<H", plain, at, _UNKNOWN)
    return bytes(plain)


def _formulas(stream: bytes, book: "Book") -> Iterator[tuple[int, Formulas]]:
    """The number of each worksheet, and its formulas by (row, column) from 0."""
    for number, start in enumerate(_starts(stream)):
        yield number, dict(_formulas_of(stream, start, book))


def _starts(stream: bytes) -> list[int]:
    """Where each worksheet begins."""
    bound = (body for _, kind, body in _records(stream, 0) if kind == _BOUNDSHEET and len(body) >= 6)
    return [struct.unpack_from("<I", body)[0] for body in bound if body[5] == _WORKSHEET] or [0]


def _formulas_of(stream: bytes, start: int, book: "Book") -> Iterator[tuple[tuple[int, int], str]]:
    for _, kind, body in _records(stream, start):
        if kind & 0x00FF == _FORMULA and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            yield (row, column), _text(body, row, column, book)


def _beside(stream: bytes, start: int, book: "Book") -> Iterator[tuple[str, str]]:
    """(cell, text) of the notes and text boxes of the worksheet that begins at `start`; of the latter no cell is known.

    A shape has a number, then its text, in as many records as it takes; a note has its cell and the number of its
    shape. Up to Excel 95 a note has its text in itself.
    """
    texts: dict[int, list[str]] = {}
    cells: dict[int, str] = {}
    shape = left = 0
    old = book.biff_version < 80
    for _, kind, body in _records(stream, start):
        if kind == _OBJECT and len(body) >= 8 and not old:
            shape = struct.unpack_from("<H", body, 6)[0]
        elif kind == _OBJECT_TEXT and len(body) >= 12:
            left = struct.unpack_from("<H", body, 10)[0]
        elif kind == _CONTINUED and left and body:
            wide = body[0] & 1
            piece = body[1 : 1 + (left << wide)]
            texts.setdefault(shape, []).append(piece.decode("utf-16-le" if wide else "latin-1", "replace"))
            left -= len(piece) >> wide
        elif kind == _NOTE and len(body) >= 8:
            row, column, _, number = struct.unpack_from("<4H", body)
            if not old:
                cells[number] = a1(row + 1, column + 1)
                continue
            if row != _GOES_ON:
                shape += 1
                cells[shape] = a1(row + 1, column + 1)
            texts.setdefault(shape, []).append(body[6:].decode(book.encoding or "latin-1", "replace"))
    for number, pieces in texts.items():
        yield cells.get(number, ""), "".join(pieces)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """The records of the substream that begins at `at` as (where, kind, content); those of charts within it are passed
    over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _text(body: bytes, row: int, column: int, book: "Book") -> str:
    """The formula of a record as text, UNKNOWN where it is shared with other cells or not understood."""
    from xlrd.formula import FMLA_TYPE_CELL, decompile_formula

    try:
        size = struct.unpack_from("<H", body, 20)[0]
        text = decompile_formula(book, body[22 : 22 + size], size, FMLA_TYPE_CELL, browx=row, bcolx=column)
    except Exception:
        # a formula is shown, never evaluated: whatever it fails of, the cell is known to hold one
        text = None
    return f"={text}" if text else UNKNOWN


def _saved(data: bytes, user: str) -> tuple[str, str]:
    """The program that saved the file and when (ISO), "" where it does not say."""
    if not data.startswith(OLE):
        return "", ""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as document:
            about = document.get_metadata()
    except (OSError, ValueError, struct.error, LookupError, TypeError):
        return "", ""
    program = about.creating_application or b""
    moment = about.last_saved_time
    shown = program.decode("utf-8", "replace") if isinstance(program, bytes) else str(program)
    return shown.strip("\0 "), f"{moment.isoformat()}Z" if isinstance(moment, datetime) else ""
