"""XlsxWriter's worksheet, without its guessing what a cell may be, and with lines of cells among its own.

A sheet is compressed as it is written, so that its part is never held whole.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import StringIO
from itertools import pairwise, product
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

from xlsxwriter import worksheet
from xlsxwriter.format import Format

from cmme_xl.spreadsheet import celltext
from cmme_xl.spreadsheet.archive import Member, Squeeze
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.lines import Line, Pen, calculated, letters
from cmme_xl.spreadsheet.measure import TALLEST_ROW_PX

_RUNS = re.compile("<t(?: [^>]*)?>([^<]*)</t>")
ROW_PX = 20
Cell = Any
"""One of XlsxWriter's named tuples, or an _Error; each with a style."""


class _Error(NamedTuple):
    """A cell that holds an error value and no formula, as those that an array formula fills do."""

    error: str
    format: Format


def _number(cell: Cell) -> str:
    return f"><v>{cell.number:.16G}</v></c>"


def _shared(cell: Cell) -> str:
    return f' t="s"><v>{cell.string}</v></c>'


def _array(cell: Cell) -> str:
    return f' t="str"><f t="array" ref="{cell.range}">{escape(cell.formula)}</f><v>{escape(cell.value)}</v></c>'


_TAILS: dict[type, Callable[[Cell], str]] = {
    worksheet.CellNumberTuple: _number,
    worksheet.CellDatetimeTuple: _number,
    worksheet.CellStringTuple: _shared,
    worksheet.CellRichStringTuple: _shared,
    worksheet.CellBlankTuple: lambda cell: "/>",
    worksheet.CellFormulaTuple: lambda cell: calculated(cell.formula, cell.value),
    worksheet.CellArrayFormulaTuple: _array,
    _Error: lambda cell: f' t="e"><v>{cell.error}</v></c>',
}
"""Kind of a cell -> its XML from behind the style on."""


class Worksheet(worksheet.Worksheet):  # type: ignore[misc]
    """What is written is what XlsxWriter writes, but for the extents of rows, which no reader needs."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._squeeze = Squeeze(level)
        self._lines: defaultdict[int, list[Line]] = defaultdict(list)

    # --- cells

    def number(self, row: int, column: int, number: float, style: Format) -> None:
        self._put(row, column, worksheet.CellNumberTuple(number, style))

    def string(self, row: int, column: int, text: str, style: Format) -> None:
        if celltext.too_long(text):
            raise DrawingError(f"{len(text)} characters, too many for a cell: {text[:80]!r}")
        self._put(row, column, worksheet.CellStringTuple(self.str_table._get_shared_string_index(text), style))

    def blank(self, row: int, column: int, style: Format) -> None:
        self.fill(row, column, column, style)

    def fill(self, row: int, first: int, last: int, style: Format) -> None:
        """Blank cells beside each other."""
        if first <= last:
            self.table[row].update(dict.fromkeys(range(first, last + 1), worksheet.CellBlankTuple(style)))

    def formula(self, row: int, column: int, text: str, value: str | float, style: Format) -> None:
        """`text` without "=", and the value it has."""
        self._put(row, column, worksheet.CellFormulaTuple(text, style, value))

    def join(self, first_row: int, first: int, last_row: int, last: int, style: Format) -> None:
        """One blank cell in the place of many."""
        rows = range(first_row, last_row + 1)
        area = dict.fromkeys(product(rows, range(first, last + 1)), True)
        if not self.merged_cells.keys().isdisjoint(area):
            raise DrawingError(f"{self.name} {first_row},{first}: a merged cell within another")
        self.merged_cells.update(area)
        for row in rows:
            self.fill(row, first, last, style)
        self.merge.append([first_row, first, last_row, last])

    def fill_with_error(self, first_row: int, first: int, last_row: int, last: int, error: str, style: Format) -> None:
        """The cells of an array formula but the first, which XlsxWriter would fill with zeros."""
        for row in range(first_row, last_row + 1):
            for column in range(first, last + 1):
                if (row, column) != (first_row, first):
                    self.table[row][column] = _Error(error, style)

    def lines(self, first: int, lines: Sequence[Line]) -> None:
        """Cells beside each other, in one row after the other."""
        for row, line in enumerate(lines, first):
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
        self.table[row][column] = cell

    # --- in place of XlsxWriter's own

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Without a search for thirty functions newer than Excel 2016; ours use none (tests say so)."""
        return formula.removeprefix("=")

    def _set_xml_writer(self, filename: StringIO) -> None:
        super()._set_xml_writer(filename)
        self.fh = self._squeeze

    def _write_dimension(self) -> None:
        """The extent of the cells is looked at here, at once, and not as each of them is put."""
        columns = {column for cells in self.table.values() if cells for column in (min(cells), max(cells))}
        columns |= {edge for lines in self._lines.values() for line in lines for edge in (line.column, line.end - 1)}
        if columns:
            rows = {*self.table, *self._lines}
            for row, column in ((min(rows), min(columns)), (max(rows), max(columns))):
                if self._check_dimensions(row, column):
                    raise DrawingError(f"{self.name}: {row},{column} is off the sheet")
        super()._write_dimension()

    def _write_merge_cells(self) -> None:
        if self.merge:
            areas = [f"{letters(first)}{top + 1}:{letters(last)}{foot + 1}" for top, first, foot, last in self.merge]
            merged = "".join([f'<mergeCell ref="{area}"/>' for area in areas])
            self.fh.write(f'<mergeCells count="{len(areas)}">{merged}</mergeCells>')

    def _write_rows(self) -> None:
        """Row by row, each let go once it is written."""
        pen = Pen()
        descent = b' x14ac:dyDescent="0.25"' if self.excel_version == 2010 else b""
        for row in sorted({*self.table, *self.row_info, *self._lines}):
            drawn, lines, told = self.table.pop(row, {}), self._lines.pop(row, []), self.row_info.get(row)
            # as tall as the row was told to be, else as its lines are
            height = told.height if told else max([line.height or 0 for line in lines], default=0)
            begun = b'<row r="%d"%b%b' % (row + 1, _tall(height), descent)
            if drawn or lines:
                self._squeeze.add(b"%b>%b</row>" % (begun, self._cells(row, drawn, lines, pen)))
            else:
                self._squeeze.add(begun + b"/>")

    def _cells(self, row: int, drawn: Mapping[int, Cell], lines: Sequence[Line], pen: Pen) -> bytes:
        """Lines and other cells, from left to right."""
        if not lines:
            return "".join([_alone(row, column, drawn[column]) for column in sorted(drawn)]).encode()
        if len(lines) == 1 and not drawn:
            return pen.cells(row, lines[0])
        runs: list[tuple[int, int, Line | Cell]] = [(line.column, line.end, line) for line in lines]
        runs += [(column, column + 1, cell) for column, cell in drawn.items()]
        runs.sort(key=itemgetter(0))
        if any(left[1] > right[0] for left, right in pairwise(runs)):
            raise DrawingError(f"{self.name}, row {row}: a line runs over other cells")
        return b"".join(
            [
                pen.cells(row, run) if isinstance(run, Line) else _alone(row, column, run).encode()
                for column, _, run in runs
            ]
        )


@lru_cache(1_024)
def _tall(px: float) -> bytes:
    """How a row says that it is as tall as that, and no taller than Excel allows; the usual height need not be said."""
    return b"" if px in (0, ROW_PX) else b' ht="%.16g" customHeight="1"' % (min(px, TALLEST_ROW_PX) * 0.75)


def _alone(row: int, column: int, cell: Cell) -> str:
    return f'<c r="{letters(column)}{row + 1}" s="{cell.format._get_xf_index()}"{_TAILS[type(cell)](cell)}'
