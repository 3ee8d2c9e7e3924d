"""The drawing kit with XlsxWriter as it comes: cells by its public methods, sheets written by its own code."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as Original

from cmme_xl.interview import workbook
from cmme_xl.spreadsheet import Book
from cmme_xl.spreadsheet.worksheet import Worksheet


class _Sheet(Worksheet):
    """A sheet without our shortcuts. What its methods return is checked as little as by most who call them."""

    _prepare_formula = Original._prepare_formula
    _set_xml_writer = Original._set_xml_writer
    _write_rows = Original._write_rows
    _write_cell = Original._write_cell

    def number(self, row: int, column: int, number: float, style: Format) -> None:
        self.write_number(row, column, number, style)

    def string(self, row: int, column: int, text: str, style: Format) -> None:
        self.write_string(row, column, text, style)

    def blank(self, row: int, column: int, style: Format) -> None:
        self.write_blank(row, column, None, style)

    def formula(self, row: int, column: int, text: str, value: str | float, style: Format) -> None:
        self.write_formula(row, column, f"={text}", style, value)

    def join(self, first_row: int, first: int, last_row: int, last: int, style: Format) -> None:
        self.merge_range(first_row, first, last_row, last, "", style)


class _Book(Book):
    def bytes(self) -> bytes:
        self._work.close()
        return self._buffer.getvalue()

    def _add(self, name: str) -> Worksheet:
        added: Worksheet = self._work.add_worksheet(name, partial(_Sheet, self._level))
        return added


@contextmanager
def stock() -> Iterator[None]:
    """Interview workbooks are drawn so within the `with` block."""
    with patch.object(workbook, "Book", _Book):
        yield
