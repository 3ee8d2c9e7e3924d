"""XlsxWriter's worksheet, without its guessing what a cell may be, and with lines of cells among its own.

A sheet is compressed as it is written, so that its part is never held whole.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import unescape

from xlsxwriter import worksheet
from xlsxwriter.format import Format

from cmme_xl.spreadsheet import celltext
from cmme_xl.spreadsheet.archive import Member, Squeeze
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.lines import Line, Pen, calculated, letters

_RUNS = re.compile("<t(?: [^>]*)?>([^<]*)</t>")

Cell = Any
"""One of XlsxWriter's named tuples, or an _Error; each with a style."""


class _Error(NamedTuple):
    """A cell that holds an error value and no formula, as those that an array formula fills do."""

    error: str
    format: Format


_TAILS: dict[type, Callable[[Cell], str]] = {
    worksheet.CellNumberTuple: lambda cell: f"><v>{cell.number:.16G}</v></c>",
    worksheet.CellStringTuple: lambda cell: f' t="s"><v>{cell.string}</v></c>',
    worksheet.CellRichStringTuple: lambda cell: f' t="s"><v>{cell.string}</v></c>',
    worksheet.CellBlankTuple: lambda cell: "/>",
    worksheet.CellFormulaTuple: lambda cell: calculated(cell.formula, cell.value),
    _Error: lambda cell: f' t="e"><v>{cell.error}</v></c>',
}
"""Kind of a cell -> its XML from behind the style on."""


class Worksheet(worksheet.Worksheet):  # type: ignore[misc]
    """What is written is what XlsxWriter writes, but for the extents of rows, which no reader needs."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._squeeze = Squeeze(level)
        self._lines: defaultdict[int, list[Line]] = defaultdict(list)
        self._pen = Pen()

    # --- cells

    def number(self, row: int, column: int, number: float, style: Format) -> None:
        self._put(row, column, worksheet.CellNumberTuple(number, style))

    def string(self, row: int, column: int, text: str, style: Format) -> None:
        if celltext.too_long(text):
            raise DrawingError(f"{len(text)} characters, too many for a cell: {text[:80]!r}")
        self._put(row, column, worksheet.CellStringTuple(self.str_table._get_shared_string_index(text), style))

    def blank(self, row: int, column: int, style: Format) -> None:
        self._put(row, column, worksheet.CellBlankTuple(style))

    def formula(self, row: int, column: int, text: str, value: str | float, style: Format) -> None:
        """`text` without "=", and the value it has."""
        self._put(row, column, worksheet.CellFormulaTuple(text, style, value))

    def join(self, first_row: int, first: int, last_row: int, last: int, style: Format) -> None:
        """One blank cell in the place of many."""
        self._extend(first_row, first)
        self._extend(last_row, last)
        blank = worksheet.CellBlankTuple(style)
        for row in range(first_row, last_row + 1):
            for column in range(first, last + 1):
                if (row, column) in self.merged_cells:
                    raise DrawingError(f"{self.name} {row},{column}: in two merged cells")
                self.merged_cells[row, column] = True
                self.table[row][column] = blank
        self.merge.append([first_row, first, last_row, last])

    def fill_with_error(self, first_row: int, first: int, last_row: int, last: int, error: str, style: Format) -> None:
        """The cells of an array formula but the first, which XlsxWriter would fill with zeros."""
        for row in range(first_row, last_row + 1):
            for column in range(first, last + 1):
                if (row, column) != (first_row, first):
                    self.table[row][column] = _Error(error, style)

    def line(self, row: int, line: Line) -> None:
        """Cells beside each other."""
        self._extend(row, line.column)
        self._extend(row, line.end - 1)
        self._lines[row].append(line)

    def constants(self) -> Iterator[tuple[int, str | float]]:
        """(row, value) of every text, as it is stored, and number written so far."""
        shared = list(self.str_table.string_table)
        for row, cells in self.table.items():
            for cell in cells.values():
                if isinstance(cell, worksheet.CellStringTuple):
                    yield row, shared[cell.string]
                elif isinstance(cell, worksheet.CellRichStringTuple):
                    yield row, unescape("".join(_RUNS.findall(shared[cell.string])))
                elif isinstance(cell, worksheet.CellNumberTuple):
                    yield row, cell.number
        for row, lines in self._lines.items():
            yield from ((row, each) for line in lines for each in line.values if isinstance(each, (str, float, int)))

    def member(self) -> Member:
        """The sheet's part, once the workbook is closed."""
        return self._squeeze.member()

    def _put(self, row: int, column: int, cell: Cell) -> None:
        self._extend(row, column)
        self.table[row][column] = cell

    def _extend(self, row: int, column: int) -> None:
        if self._check_dimensions(row, column):
            raise DrawingError(f"{self.name}: {row},{column} is off the sheet")

    # --- in place of XlsxWriter's own

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Without a search for thirty functions newer than Excel 2016; ours use none (tests say so)."""
        return formula.removeprefix("=")

    def _set_xml_writer(self, filename: StringIO) -> None:
        super()._set_xml_writer(filename)
        self.fh = self._squeeze

    def _write_rows(self) -> None:
        """Row by row, each let go once it is written."""
        for row in sorted({*self.table, *self.row_info, *self._lines}):
            drawn, lines = self.table.pop(row, {}), self._lines.pop(row, [])
            if not drawn and not lines:
                self._write_empty_row(row, None, self.row_info[row])
                continue
            self._begin_row(row, lines)
            if len(lines) == 1 and not drawn:
                self.fh.write(self._pen.cells(row, lines[0]))
            elif lines:
                self._write_among(row, drawn, lines)
            else:
                for column in sorted(drawn):
                    self._write_cell(row, column, drawn[column])
            self.fh.write("</row>")

    def _begin_row(self, row: int, lines: Sequence[Line]) -> None:
        """The start of a row, which is as tall as it was told to be, else as its lines are."""
        heights = [line.height for line in lines if line.height]
        if heights and row not in self.row_info:
            self.fh.write(f'<row r="{row + 1}" ht="{max(heights) * 0.75:.16g}" customHeight="1">')
        else:
            self._write_row(row, None, self.row_info.get(row))

    def _write_among(self, row: int, drawn: Mapping[int, Cell], lines: Sequence[Line]) -> None:
        """Lines and other cells, from left to right."""
        runs: list[tuple[int, int, Line | Cell]] = [(line.column, line.end, line) for line in lines]
        runs += [(column, column + 1, cell) for column, cell in drawn.items()]
        runs.sort(key=itemgetter(0))
        if any(left[1] > right[0] for left, right in pairwise(runs)):
            raise DrawingError(f"{self.name}, row {row}: a line runs over other cells")
        for column, _, content in runs:
            if isinstance(content, Line):
                self.fh.write(self._pen.cells(row, content))
            else:
                self._write_cell(row, column, content)

    def _write_cell(self, row: int, col: int, cell: Cell) -> None:
        tail = _TAILS.get(type(cell))
        if tail is None:
            super()._write_cell(row, col, cell)
        else:
            self.fh.write(f'<c r="{letters(col)}{row + 1}" s="{cell.format._get_xf_index()}"{tail(cell)}')
