"""Text with a delimiter (.csv): one sheet, no hidden ones, no formats. What looks like a number is one."""

import codecs
import csv
import re
from collections import Counter
from io import StringIO

from cmme_xl.findings import Finding
from cmme_xl.reading.cells import MAX_TEXT
from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook
from cmme_xl.reading.tally import Tally

MAX_CHARACTERS = 2**24
_DELIMITERS = ",;\t"
_LOOKED_AT = 2**16
_NUMBER = re.compile(r"[+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[Ee][+-]?[0-9]{1,3})?")
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_delimited(data: bytes) -> tuple[RawBook, tuple[Finding, ...]]:
    """The text `data` as a workbook of one sheet without a name.

    Raises Refused: FIL_009 (no encoding or delimiter fits), FIL_015 (too many cells).
    """
    text = _decoded(data)
    if len(text) > MAX_CHARACTERS:
        raise Refused("FIL_015", size=f"> {MAX_CHARACTERS:,}")
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=([,;\t])"?\s*', first)
    delimiter, body = (said[1], rest) if said else (_delimiter(text), text)
    tally = Tally()
    sheet = tally.sheet("", False)
    csv.field_size_limit(MAX_TEXT)
    try:
        for number, line in enumerate(csv.reader(StringIO(body, newline=""), delimiter=delimiter), 1):
            for column, typed in enumerate(line, 1):
                if typed:
                    tally.put(sheet, number, column, _cell(typed))
    except csv.Error as error:
        raise Refused("FIL_009", detail=str(error)) from error
    return RawBook(tally.sheets, {}, "", ""), ()


def _decoded(data: bytes) -> str:
    encodings = [name for mark, name in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("FIL_009")


def _delimiter(text: str) -> str:
    """The one by which most lines have equally many parts."""
    lines = list(StringIO(text[:_LOOKED_AT], newline=""))

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(line) for line in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        width, count = max(((w, c) for w, c in widths.items() if w > 1), key=lambda pair: pair[::-1], default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=agreement)


def _cell(typed: str) -> Cell:
    if _NUMBER.fullmatch(typed):
        return Cell(CellKind.NUMBER, typed)
    if typed in ("TRUE", "FALSE"):
        return Cell(CellKind.BOOL, typed)
    return Cell(CellKind.ERROR if _ERROR.fullmatch(typed) else CellKind.TEXT, typed)
