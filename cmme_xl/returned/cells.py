"""The cells of one worksheet as they stand in its file: a streaming reader that loses and evaluates nothing.

No library is called, since each loses cells without saying so (returns.md). Cells are found in any OOXML
namespace, strict or transitional, under any prefix; <dimension> is ignored; formulas are kept as text.
"""

import re

from cmme_xl.returned.container import Refused
from cmme_xl.returned.grid import Cell, CellKind, RawSheet, Rows
from cmme_xl.returned.styles import Styles
from cmme_xl.returned.xml import SEPARATOR, integer, new_parser, parse

MAX_CELLS = 250_000
MAX_ELEMENTS = 1_500_000
MAX_MERGES = 50_000
MAX_TEXT = 100_000

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_TAGS = ("c", "v", "f", "t", "row", "rPh", "mergeCell")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def decoded(text: str) -> str:
    """`text` with its _xHHHH_ escapes resolved; those of lone surrogates stay visible as they are."""
    return _ESCAPE.sub(lambda m: m[0] if 0xD800 <= (code := int(m[1], 16)) < 0xE000 else chr(code), text)


class SheetReader:
    """Reads worksheets one after another; the caps count over all of them."""

    def __init__(self, strings: list[Cell], styles: Styles) -> None:
        self._strings = strings
        self._styles = styles
        self._columns: dict[str, int] = {}
        self._cells = 0
        self._elements = 0

    def read(self, data: bytes, sheet: RawSheet) -> None:
        """Adds all cells and merges of the worksheet part `data` to `sheet`. Raises Refused."""
        spaced = {f"{space}{SEPARATOR}{tag}": tag for space in _NAMESPACES for tag in _TAGS}
        tags = spaced | {tag: tag for tag in _TAGS}
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
            tag = tags.get(name)
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
            tag = tags.get(name)
            if tag == "c":
                if value or has_formula:
                    typed = "=" + "".join(formula) if has_formula else ""
                    cell = self._cell(attributes, "".join(value), typed)
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
        match = _REF.fullmatch(reference)
        if match is None or int(match[2]) == 0:
            return row, 0
        number = 0
        for letter in match[1].upper():
            number = number * 26 + ord(letter) - 64
        self._columns[match[1]] = number
        return int(match[2]), number

    def _merge(self, ref: str, sheet: RawSheet) -> None:
        first, _, last = ref.partition(":")
        top, left = self._position(first, 0)
        bottom, right = self._position(last or first, 0)
        if len(sheet.merges) >= MAX_MERGES:
            raise Refused("FIL_015", size=f"> {MAX_MERGES:,}")
        if top and bottom:
            sheet.merges.append((min(top, bottom), min(left, right), max(top, bottom), max(left, right)))

    def _put(self, sheet: RawSheet, rows: Rows, row: int, column: int, cell: Cell) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise Refused("FIL_015", size=f"> {MAX_CELLS:,}")
        line = rows.get(row)
        if line is None:
            line = rows[row] = {}
        if line.setdefault(column, cell) != cell:
            sheet.doubled.add((row, column))

    def _cell(self, attrs: dict[str, str], text: str, formula: str) -> Cell:
        if "_x" in formula:
            formula = decoded(formula)
        kind = attrs.get("t", "n")
        if kind == "s":
            index = integer(text)
            if not 0 <= index < len(self._strings):
                return Cell(CellKind.BROKEN, text, formula)
            shared = self._strings[index]
            return shared._replace(formula=formula) if formula else shared
        if len(text) > MAX_TEXT or len(formula) > MAX_TEXT:
            raise Refused("FIL_015", size=f"> {MAX_TEXT:,}")
        if not text:
            return Cell(CellKind.EMPTY, "", formula)
        match kind:
            case "n":
                style = attrs.get("s", "")
                if style in self._styles.special:
                    return self._styles.cell(style, text, formula)
                return Cell(CellKind.NUMBER, text, formula)
            case "b":
                return Cell(CellKind.BOOL, "TRUE" if text.strip() in ("1", "true") else "FALSE", formula)
            case "e":
                return Cell(CellKind.ERROR, text, formula)
            case "d":
                return Cell(CellKind.DATE, text, formula)
        return Cell(CellKind.TEXT, decoded(text) if "_x" in text else text, formula)
