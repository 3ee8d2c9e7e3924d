"""One sheet being drawn. Rows and columns count from 0; sizes are pixels."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from cmme_xl.spreadsheet.book import Book

LONGEST_PROMPT = 255
Cached = str | float | int | bool


class DrawingError(Exception):
    """Something could not be drawn as told: a bug of the caller, never a fault of the user."""


class Sheet:
    """A worksheet whose every write is checked. Styles come from `book.style(...)`."""

    def __init__(self, book: "Book", worksheet: Worksheet, name: str, columns: Sequence[int]) -> None:
        self.book = book
        self.name = name
        self.columns = list(columns)
        self._sheet = worksheet
        for column, px in enumerate(columns):
            _check(worksheet.set_column_pixels(column, column, px), "column")

    # --- cells ------------------------------------------------------------------------------------------------

    def text(self, row: int, column: int, value: str, style: Format, to: tuple[int, int] | None = None) -> None:
        """Write text as text, whatever it looks like; `to` merges down to that (row, column)."""
        self._merge(row, column, style, to)
        if value == "":
            _check(self._sheet.write_blank(row, column, None, style), "blank")
        else:
            _check(self._sheet.write_string(row, column, writable(value), style), value)

    def number(
        self, row: int, column: int, value: float | None, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """Write a finite number; None leaves the cell empty."""
        self._merge(row, column, style, to)
        if value is None:
            _check(self._sheet.write_blank(row, column, None, style), "blank")
        elif math.isfinite(value):
            _check(self._sheet.write_number(row, column, value, style), str(value))
        else:
            raise DrawingError(f"{self.name} {row},{column}: {value}")

    def datetime(self, row: int, column: int, value: Any, style: Format) -> None:
        """Write a date or time; `style` carries its number format. None leaves the cell empty."""
        if value is None:
            self.blank(row, column, style)
        else:
            _check(self._sheet.write_datetime(row, column, value, style), str(value))

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        value: Cached | None,
        style: Format,
        to: tuple[int, int] | None = None,
    ) -> None:
        """Write a formula of ours ("=..." ) with the value it has: None is the empty string."""
        if not formula.startswith("="):
            raise DrawingError(f"{self.name} {row},{column}: no formula: {formula}")
        self._merge(row, column, style, to)
        cached = "" if value is None else value
        _check(self._sheet.write_formula(row, column, formula, style, cached), formula)

    def blank(self, row: int, column: int, style: Format, to: tuple[int, int] | None = None) -> None:
        """An empty cell with a style."""
        self._merge(row, column, style, to)
        _check(self._sheet.write_blank(row, column, None, style), "blank")

    def fill(self, row: int, first: int, last: int, style: Format) -> None:
        """Empty cells with a style from column `first` to `last`."""
        for column in range(first, last + 1):
            _check(self._sheet.write_blank(row, column, None, style), "blank")

    def rich(
        self, row: int, column: int, parts: Sequence[tuple[str, Format]], style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """Text in differently formatted parts (at least two)."""
        self._merge(row, column, style, to)
        flat: list[object] = []
        for text, form in parts:
            flat += [form, writable(text)]
        _check(self._sheet.write_rich_string(row, column, *flat, style), "rich string")

    def jump(
        self, row: int, column: int, label: str, target: str, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """A link inside the workbook to `target` ('Sheet'!A1) that keeps its style. `label` is our own text."""
        quoted = label.replace('"', '""')
        self.formula(row, column, f'=HYPERLINK("#{target}","{quoted}")', label, style, to)

    def _merge(self, row: int, column: int, style: Format, to: tuple[int, int] | None) -> None:
        if to and to != (row, column):
            _check(self._sheet.merge_range(row, column, *to, "", style), "merge")

    # --- shape ------------------------------------------------------------------------------------------------

    def rows(self, start: int, heights: Sequence[int]) -> int:
        """Set the heights of consecutive rows; returns the row after them."""
        for offset, px in enumerate(heights):
            _check(self._sheet.set_row_pixels(start + offset, px), "row")
        return start + len(heights)

    def hide_columns(self, first: int, last: int) -> None:
        _check(self._sheet.set_column(first, last, None, None, {"hidden": True}), "column")

    def span(self, first: int, last: int) -> int:
        """The width in pixels of columns `first` to `last`."""
        return sum(self.columns[first : last + 1])

    def freeze(self, row: int, column: int = 0) -> None:
        self._sheet.freeze_panes(row, column)

    def repeat(self, first: int, last: int) -> None:
        """Repeat rows at the top of every printed page."""
        _check(self._sheet.repeat_rows(first, last), "repeat")

    def print_to(self, row: int, column: int) -> None:
        """The print area, from A1 to this cell."""
        _check(self._sheet.print_area(0, 0, row, column), "print area")

    def print_scale(self, percent: int, breaks: Sequence[int] = ()) -> None:
        self._sheet.set_print_scale(percent)
        if breaks:
            self._sheet.set_h_pagebreaks(list(breaks))

    def filter(self, first_row: int, first: int, last_row: int, last: int) -> None:
        _check(self._sheet.autofilter(first_row, first, last_row, last), "filter")

    def activate(self, row: int = 0, column: int = 0) -> None:
        """Show this sheet first, with the cursor on that cell."""
        self._sheet.activate()
        self._sheet.set_first_sheet()
        self._sheet.set_selection(row, column, row, column)

    def select(self, row: int, column: int) -> None:
        self._sheet.set_selection(row, column, row, column)

    def protect(self) -> None:
        """Lock all but unlocked cells, without a password; sizes may still be changed."""
        self._sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    # --- behaviour --------------------------------------------------------------------------------------------

    def choices(
        self,
        first_row: int,
        first: int,
        last_row: int,
        last: int,
        source: Sequence[object] | str,
        *,
        title: str = "",
        prompt: str = "",
        error_title: str = "",
        error: str = "",
        strict: bool = False,
    ) -> None:
        """A drop-down: a list of values or a reference ("='Lists'!$A$1:$A$9"); a warning unless `strict`."""
        options = {"validate": "list", "source": source if isinstance(source, str) else list(source)}
        self.validation(
            first_row, first, last_row, last, options, title=title, prompt=prompt, error_title=error_title,
            error=error, strict=strict,
        )  # fmt: skip

    def validation(
        self,
        first_row: int,
        first: int,
        last_row: int,
        last: int,
        rule: Mapping[str, object],
        *,
        title: str = "",
        prompt: str = "",
        error_title: str = "",
        error: str = "",
        strict: bool = False,
    ) -> None:
        """Any validation rule of XlsxWriter's form, with our prompt and, unless `strict`, the warning style."""
        if max(map(len, (prompt, error))) > LONGEST_PROMPT or max(map(len, (title, error_title))) > 32:
            raise DrawingError(f"prompt too long: {prompt or error}")
        options = dict(rule)
        texts = {"input_title": title, "input_message": prompt, "error_title": error_title, "error_message": error}
        options |= {name: text for name, text in texts.items() if text}
        options["error_type"] = "stop" if strict else "warning"
        _check(self._sheet.data_validation(first_row, first, last_row, last, options), "validation")

    def condition(
        self, first_row: int, first: int, last_row: int, last: int, options: Mapping[str, object]
    ) -> None:
        """A conditional format in XlsxWriter's form; take its `format` from `book.change(...)`."""
        _check(self._sheet.conditional_format(first_row, first, last_row, last, dict(options)), "condition")

    def chart(self, row: int, column: int, chart: Chart, description: str, dx: int = 0, dy: int = 0) -> None:
        """Place a chart with its upper left corner in a cell; `description` is read out to those who cannot see it."""
        options = {"object_position": 1, "description": description, "x_offset": dx, "y_offset": dy}
        _check(self._sheet.insert_chart(row, column, chart, options), "chart")

    # --- references -------------------------------------------------------------------------------------------

    def cell(self, row: int, column: int) -> str:
        """An absolute reference to a cell of this sheet, usable anywhere: 'Sheet'!$A$1."""
        return f"{self.quoted}!{xl_rowcol_to_cell(row, column, True, True)}"

    def range(self, first_row: int, first: int, last_row: int, last: int) -> str:
        """An absolute reference to a block of this sheet: 'Sheet'!$A$1:$B$9."""
        corners = xl_rowcol_to_cell(first_row, first, True, True), xl_rowcol_to_cell(last_row, last, True, True)
        return f"{self.quoted}!{corners[0]}:{corners[1]}"

    @property
    def quoted(self) -> str:
        return "'" + self.name.replace("'", "''") + "'"


def local(row: int, column: int, *, fix_row: bool = False, fix_column: bool = False) -> str:
    """A reference within a sheet: A1, with $ where fixed."""
    return str(xl_rowcol_to_cell(row, column, fix_row, fix_column))


def local_range(first_row: int, first: int, last_row: int, last: int) -> str:
    """A relative block within a sheet: A1:B9."""
    return str(xl_range(first_row, first, last_row, last))


def writable(text: str) -> str:
    """`text` with lone surrogates, which no file can hold, shown as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _check(code: int | None, what: str) -> None:
    if code not in (0, None):
        raise DrawingError(f"XlsxWriter returned {code} for {what[:80]!r}")
