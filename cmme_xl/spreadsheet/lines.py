"""Lines of cells in numbers too large for XlsxWriter, which keeps, orders and writes cell by cell.

They are woven into a sheet's part once XlsxWriter has drawn all else. The first cell of every style is drawn blank,
so that the part tells the number the style has; what stands there in the end is the line's own cell. A text is stored
in its cell, not in the table of shared strings: for a reader the two are the same.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, repeat
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

from cmme_xl.spreadsheet import celltext
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.formulatext import ERRORS

ROWS, COLUMNS = 1_048_576, 16_384
_NUMBER = "\0"
"""Stands for the number of the row; no text in XML holds it."""
_ROW = re.compile(r'<row r="([0-9]+)"(?: spans="[0-9:]+")?([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_DATA = re.compile("<sheetData>(.*)</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r'(?<=<dimension ref=")([A-Z0-9]+)(?::([A-Z0-9]+))?(?=")')


class Formula(NamedTuple):
    """A formula of ours, without "=", and the value it has: None is the empty string."""

    text: str
    value: str | float | int | bool | None


Content = str | float | Formula
"""What stands in a cell; "" is an empty one."""


class Line(NamedTuple):
    """Cells beside each other, from `column` on, none where a value is None; `styles`: one for all or one for each.

    `height` is that of the row in pixels, where XlsxWriter is not told.
    """

    column: int
    values: Sequence[Content | None]
    styles: Format | tuple[Format, ...]
    height: int | None = None


class Lines:
    """The lines of one sheet, by row."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Line]] = {}
        self._marks: dict[Format, str] = {}
        self._marked: set[Format | tuple[Format, ...]] = set()

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, row: int, line: Line) -> list[tuple[int, Format]]:
        """Remember a line; returns where a blank cell must be drawn: column and style of the first of each style."""
        if row >= ROWS or line.column + len(line.values) > COLUMNS:
            raise DrawingError(f"a line of {len(line.values)} cells from {row},{line.column} on leaves the sheet")
        self._rows.setdefault(row, []).append(line)
        if line.styles in self._marked:
            return []
        new = []
        for column, value, style in _cells(line):
            if value is not None and style not in self._marks:
                self._marks[style] = xl_rowcol_to_cell(row, column)
                new.append((column, style))
        if self._marks.keys() >= ({line.styles} if isinstance(line.styles, Format) else {*line.styles}):
            self._marked.add(line.styles)
        return new

    def woven(self, part: str) -> Iterator[str]:
        """The sheet's part with the lines in it, in pieces. Raises DrawingError where cells would stand twice."""
        data = _DATA.search(part)
        if data is None:
            yield part
            return
        marks = set(self._marks.values())
        pen = _Pen({style: _number(part, place) for style, place in self._marks.items()})
        yield _DIMENSION.sub(self._dimension, part[: data.start(1)], count=1)
        waiting = sorted(self._rows, reverse=True)
        for drawn in _ROW.finditer(data[1]):
            row = int(drawn[1]) - 1
            while waiting and waiting[-1] < row:
                yield self._row(waiting.pop(), "", (), pen)
            if waiting and waiting[-1] == row:
                cells = [cell for cell in _CELL.finditer(drawn[3] or "") if cell[1] not in marks]
                yield self._row(waiting.pop(), drawn[2], cells, pen)
            else:
                yield drawn[0]
        yield from (self._row(row, "", (), pen) for row in reversed(waiting))
        yield part[data.end(1) :]

    def _row(self, row: int, attributes: str, drawn: Sequence[re.Match[str]], pen: "_Pen") -> str:
        """A row: what XlsxWriter drew of it and its lines, from left to right."""
        lines = self._rows[row]
        for line in lines:
            if line.height is not None and " ht=" not in attributes:
                attributes += f' ht="{line.height * 0.75:.16g}" customHeight="1"'
        if not drawn and len(lines) == 1:
            return f'<row r="{row + 1}"{attributes}>{pen.cells(row, lines[0])}</row>'
        runs = [(line.column, line.column + len(line.values), pen.cells(row, line)) for line in lines]
        for cell in drawn:
            _, column = xl_cell_to_rowcol(cell[1])
            runs.append((column, column + 1, cell[0]))
        runs.sort()
        if any(left[1] > right[0] for left, right in pairwise(runs)):
            raise DrawingError(f"row {row}: a line runs over other cells")
        return f'<row r="{row + 1}"{attributes}>{"".join(run[2] for run in runs)}</row>'

    def _dimension(self, drawn: re.Match[str]) -> str:
        """The extent of the sheet, from what XlsxWriter drew and the lines."""
        corners = [xl_cell_to_rowcol(place) for place in (drawn[1], drawn[2] or drawn[1])]
        corners += [(row, line.column) for row, lines in self._rows.items() for line in lines]
        corners += [(row, line.column + len(line.values) - 1) for row, lines in self._rows.items() for line in lines]
        rows, columns = zip(*corners, strict=True)
        return f"{xl_rowcol_to_cell(min(rows), min(columns))}:{xl_rowcol_to_cell(max(rows), max(columns))}"


def _cells(line: Line) -> Iterator[tuple[int, Content | None, Format]]:
    styles = repeat(line.styles) if isinstance(line.styles, Format) else line.styles
    return zip(range(line.column, line.column + len(line.values)), line.values, styles, strict=False)


class _Pen:
    """Writes lines as XML, for which it knows the number of every style."""

    def __init__(self, numbers: Mapping[Format, str]) -> None:
        self._numbers = numbers
        self._tails = _Tails()
        self._heads: dict[tuple[int, int, object], list[str]] = {}

    def cells(self, row: int, line: Line) -> str:
        tails = self._tails
        if None in line.values:
            cells = [
                f"{head}{tails[value]}"
                for head, value in zip(self._line(line), line.values, strict=True)
                if value is not None
            ]
            return "".join(cells).replace(_NUMBER, str(row + 1))
        flat = [""] * (2 * len(line.values))
        flat[::2], flat[1::2] = self._line(line), [tails[value] for value in line.values]
        return "".join(flat).replace(_NUMBER, str(row + 1))

    def _line(self, line: Line) -> list[str]:
        """How each cell of such a line begins, in whatever row."""
        key = line.column, len(line.values), line.styles
        if key not in self._heads:
            self._heads[key] = [
                f'<c r="{letters(column)}{_NUMBER}" s="{self._numbers.get(style)}"' for column, _, style in _cells(line)
            ]
        return self._heads[key]


class _Tails(dict[Content | None, str]):
    """Value -> the XML of its cell from behind the style on; a value that comes again is not written again."""

    def __missing__(self, value: Content | None) -> str:
        if isinstance(value, Formula):
            return _of_formula(value)
        found = self[value] = _of_text(value) if isinstance(value, str) else _of_number(value)
        return found


def _of_text(text: str) -> str:
    if text == "":
        return "/>"
    if celltext.too_long(celltext.writable(text)):
        raise DrawingError(f"{len(text)} characters, too many for a cell: {text[:80]!r}")
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{celltext.stored(text)}</t></is></c>'


def _of_number(number: float | None) -> str:
    if number is None or not math.isfinite(number):
        raise DrawingError(f"no number: {number}")
    return f"><v>{number:.16G}</v></c>"


def _of_formula(formula: Formula) -> str:
    text, value = formula
    if celltext.FORBIDDEN.search(text):
        raise DrawingError(f"control character in {text!r}")
    kind, shown = "", value
    if isinstance(value, bool):
        kind, shown = ' t="b"', int(value)
    elif isinstance(value, str):
        kind = "" if value == "" else ' t="e"' if value in ERRORS else ' t="str"'
        shown = celltext.as_formula(value)
    elif value is None:
        shown = ""
    elif isinstance(value, float) and not math.isfinite(value):
        raise DrawingError(f"{text} = {value}")
    return f"{kind}><f>{celltext.as_formula(text)}</f><v>{shown}</v></c>"


@lru_cache(COLUMNS)
def letters(column: int) -> str:
    """A column's name."""
    return str(xl_col_to_name(column))


def _number(part: str, place: str) -> str:
    """The number of the style of a blank cell."""
    found = re.search(f'<c r="{place}" s="([0-9]+)"/>', part)
    if found is None:
        raise DrawingError(f"{place} was to be blank")
    return found[1]
