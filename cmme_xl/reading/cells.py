"""The cells of one worksheet as they stand in its file: a streaming reader that loses and evaluates nothing.

No library is called, since each loses cells without saying so (returns.md). Cells are found in any OOXML
namespace, strict or transitional, under any prefix; <dimension> is ignored; formulas are kept as text.
"""

import re
from functools import lru_cache

from cmme_xl.reading.container import Refused
from cmme_xl.reading.forms import Plain, plain
from cmme_xl.reading.grid import Cell, CellKind, Range, RawSheet, Row, Rows, decoded
from cmme_xl.reading.styles import Styles
from cmme_xl.reading.tiles import column_number
from cmme_xl.reading.xml import MAX_ELEMENTS, SHEET_TAGS, integer, new_parser, parse

MAX_CELLS = 250_000
MAX_MERGES = 50_000
MAX_TEXT = 100_000

_LONGEST_RANGE = 30
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class SheetReader:
    """Reads worksheets one after another; the caps count over all of them. `once`: they are like no others."""

    def __init__(self, strings: list[Cell], styles: Styles, once: bool = False) -> None:
        self._once = once
        self._strings = strings
        self._styles = styles
        self._columns: dict[str, int] = {}
        self._cells = 0
        self._elements = 0

    def read(self, data: bytes, sheet: RawSheet) -> None:
        """Adds all cells and merges of the worksheet part `data` to the empty `sheet`. Raises Refused."""
        read = plain(data, self._styles, self._strings, self._once)
        if read is None or not self._lay(read, sheet):
            self.stream(data, sheet)

    def _lay(self, read: Plain, sheet: RawSheet) -> bool:
        """Makes a plain worksheet of `sheet`; nothing where a cap is in the way."""
        cells, elements = self._cells + read.cells, self._elements + read.elements
        if cells > MAX_CELLS or elements > MAX_ELEMENTS or len(read.merges) > MAX_MERGES:
            return False
        self._cells, self._elements = cells, elements
        read.lay(sheet)
        for ref in read.merges:
            self._merge(ref, sheet)
        return True

    def stream(self, data: bytes, sheet: RawSheet) -> None:
        """The same for a worksheet in any form that XML allows."""
        parser = new_parser()
        columns, rows = self._columns, sheet.rows
        value: list[str] = []
        formula: list[str] = []
        attributes: dict[str, str] = {}
        # The last reference seen in this row, and how many cells without one have come after it.
        row, row_text, reference, beyond = 0, "", "", 0
        phonetic = has_formula = False

        def start(name: str, attrs: dict[str, str]) -> None:
            nonlocal row, row_text, reference, beyond, attributes, phonetic, has_formula
            tag = SHEET_TAGS.get(name)
            if tag is None:
                return
            if tag == "c":
                self._elements += 1
                attributes = attrs
                if "r" in attrs:
                    reference, beyond = attrs["r"], 0
                else:
                    beyond += 1
            elif tag == "v" or (tag == "t" and not phonetic):
                parser.CharacterDataHandler = value.append
            elif tag == "f":
                has_formula = True
                parser.CharacterDataHandler = formula.append
            elif tag == "row":
                self._elements += 1
                number = integer(attrs.get("r", ""))
                row = number if number > 0 else row + 1
                row_text, reference, beyond = str(row), "", 0
            elif tag == "rPh":
                phonetic = True
            elif tag == "mergeCell":
                self._merge(attrs.get("ref", ""), sheet)
            if self._elements > MAX_ELEMENTS:
                raise Refused("FIL_015", size=f"> {MAX_ELEMENTS:,}")

        def end(name: str) -> None:
            nonlocal row, row_text, phonetic, has_formula
            tag = SHEET_TAGS.get(name)
            if tag == "c":
                if value or has_formula:
                    typed = "=" + "".join(formula) if has_formula else ""
                    kind, style = attributes.get("t", "n"), attributes.get("s", "")
                    cell = self._cell(kind, style, "".join(value), typed)
                    column = columns.get(reference[: -len(row_text)]) if reference.endswith(row_text) else None
                    if column is None:
                        row, column = self._position(reference, row)
                        row_text = str(row)
                    self._put(sheet, rows, row, column + beyond, cell)
                    value.clear()
                    formula.clear()
                    has_formula = False
            elif tag == "rPh":
                phonetic = False
            elif tag is not None:
                parser.CharacterDataHandler = None

        parse(data, start, end, None, parser)

    def _position(self, reference: str, row: int) -> tuple[int, int]:
        """The place a reference names; one that names none stands before the first column of `row`."""
        letters, number, column = _place(reference)
        if not number:
            return row, 0
        self._columns[letters] = column
        return number, column

    def _merge(self, ref: str, sheet: RawSheet) -> None:
        if len(sheet.merges) >= MAX_MERGES:
            raise Refused("FIL_015", size=f"> {MAX_MERGES:,}")
        merged = _range(ref) if len(ref) <= _LONGEST_RANGE else None
        if merged is not None:
            sheet.merges.append(merged)

    def _put(self, sheet: RawSheet, rows: Rows, row: int, column: int, cell: Cell) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise Refused("FIL_015", size=f"> {MAX_CELLS:,}")
        line = rows.get(row)
        if line is None:
            line = rows[row] = Row()
        if line.setdefault(column, cell) != cell:
            sheet.doubled.add((row, column))

    def _cell(self, kind: str, style: str, text: str, formula: str) -> Cell:
        if kind == "s":
            index = integer(text)
            if not 0 <= index < len(self._strings):
                return Cell(CellKind.BROKEN, text, decoded(formula))
            shared = self._strings[index]
            return shared._replace(formula=decoded(formula)) if formula else shared
        if len(text) > MAX_TEXT or len(formula) > MAX_TEXT:
            raise Refused("FIL_015", size=f"> {MAX_TEXT:,}")
        if kind == "n" and text and style in self._styles.special:
            return self._styles.cell(style, text, decoded(formula))
        return Cell.of(kind, text, formula)


def _place(reference: str) -> tuple[str, int, int]:
    """The letters, row and column of a reference; row 0 where it names none."""
    match = _REF.fullmatch(reference)
    if match is None or int(match[2]) == 0:
        return "", 0, 0
    return match[1], int(match[2]), column_number(match[1])


@lru_cache(8_192)  # the files of one form merge the same cells
def _range(ref: str) -> Range | None:
    """The range of a merge, None where it names none."""
    first, _, last = ref.partition(":")
    (_, top, left), (_, bottom, right) = _place(first), _place(last or first)
    if not (top and bottom):
        return None
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)
