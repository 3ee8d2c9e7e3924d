"""One sheet being drawn. Rows and columns count from 0; sizes are pixels."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.utility import xl_range

from cmme_xl.spreadsheet.archive import Member
from cmme_xl.spreadsheet.celltext import controls_escaped, forbidden, printable, writable
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.lines import Content, Formula, Line, Link, letters
from cmme_xl.spreadsheet.measure import TALLEST_ROW_PX
from cmme_xl.spreadsheet.worksheet import ROW_PX, Worksheet

if TYPE_CHECKING:
    from cmme_xl.spreadsheet.book import Book

LONGEST_PROMPT = 255
LONGEST_PROMPT_TITLE = 32
WIDEST_COLUMN_PX = 1790
Cached = str | float | int | bool


class Sheet:
    """A worksheet whose every write is checked. Styles come from `book.style(...)`."""

    def __init__(self, book: "Book", worksheet: Worksheet, name: str, columns: Sequence[int]) -> None:
        self.book = book
        self.name = name
        self.columns = list(columns)
        self._heights: dict[int, int] = {}
        self._sheet = worksheet
        for column, px in enumerate(columns):
            if px > WIDEST_COLUMN_PX:
                raise DrawingError(f"{name}: column {column} is {px} px wide, more than Excel allows")
            _check(worksheet.set_column_pixels(column, column, px), "column")

    # --- cells ------------------------------------------------------------------------------------------------

    def text(self, row: int, column: int, value: str, style: Format, to: tuple[int, int] | None = None) -> None:
        """Write text as text, whatever it looks like; `to` merges down to that (row, column)."""
        self._merge(row, column, style, to)
        if value == "":
            self._sheet.blank(row, column, style)
        else:
            self._string(row, column, writable(value), style)

    def number(
        self, row: int, column: int, value: float | None, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """Write a finite number; None leaves the cell empty."""
        self._merge(row, column, style, to)
        if value is None:
            self._sheet.blank(row, column, style)
        elif math.isfinite(value):
            self._sheet.number(row, column, value, style)
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
        self._formula(row, column, formula[1:], value, style, to)

    def array(
        self, first_row: int, first: int, last_row: int, last: int, formula: str, error: str, style: Format
    ) -> None:
        """One formula ("=...") over a whole block, each of whose cells shows `error` until it is calculated.

        For functions of an add-in: without it that is what a spreadsheet makes of them.
        """
        self.formula(first_row, first, formula, error, style)  # checked as any other
        code = self._sheet.write_array_formula(first_row, first, last_row, last, formula, style, error)
        _check(code, formula)
        self._sheet.fill_with_error(first_row, first, last_row, last, error, style)

    def content(
        self, row: int, column: int, content: Content, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """Text as text, a finite number, or a formula with its value."""
        if isinstance(content, Link):
            content = content.formula
        if isinstance(content, Formula):
            self._formula(row, column, content.text, content.value, style, to)
        elif isinstance(content, str):
            self.text(row, column, content, style, to)
        else:
            self.number(row, column, content, style, to)

    def blank(self, row: int, column: int, style: Format, to: tuple[int, int] | None = None) -> None:
        """An empty cell with a style."""
        self._merge(row, column, style, to)
        self._sheet.blank(row, column, style)

    def fill(self, row: int, first: int, last: int, style: Format) -> None:
        """Empty cells with a style from column `first` to `last`."""
        self._sheet.fill(row, first, last, style)

    def line(
        self,
        row: int,
        column: int,
        values: Sequence[Content | None],
        styles: Format | tuple[Format, ...],
        height: int | None = None,
    ) -> None:
        """Many cells of one row at once: text as text, numbers finite, `Formula`; None leaves no cell at all.

        `styles` is one for all of them or one for each; `height` is the row's, in place of `rows`. For cells by the
        ten thousand: `values` are kept as they are until the book is closed, which then raises DrawingError for what
        cannot be written. Charts show such cells only once they are opened: their cached values know none of them.
        """
        self.lines(row, [Line(column, values, styles, height)])

    def lines(self, row: int, lines: Sequence[Line]) -> None:
        """Many such lines one below the other, from `row` on."""
        if lines:
            self._sheet.lines(row, lines)

    def rich(
        self,
        row: int,
        column: int,
        parts: Sequence[tuple[str, Format]],
        style: Format,
        to: tuple[int, int] | None = None,
    ) -> None:
        """Text in differently formatted parts (at least two)."""
        self._merge(row, column, style, to)
        flat: list[object] = []
        for text, form in parts:
            flat += [form, printable(text)]
        _check(self._sheet.write_rich_string(row, column, *flat, style), "rich string")

    def jump(
        self, row: int, column: int, label: str, target: str, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """A link inside the workbook to `target` ('Sheet'!A1) that keeps its style. `label` is our own text."""
        self.content(row, column, Link(label, target), style, to)

    def constants(self) -> Iterator[tuple[int, str | float]]:
        """(row, value) of every text, as it is stored, and number written so far; formulas aside."""
        return self._sheet.constants()

    def _formula(
        self, row: int, column: int, text: str, value: Cached | None, style: Format, to: tuple[int, int] | None
    ) -> None:
        if forbidden(text):
            raise DrawingError(f"{self.name} {row},{column}: control character in {text!r}")
        if isinstance(value, float) and not math.isfinite(value):
            raise DrawingError(f"{self.name} {row},{column}: {text} = {value}")
        self._merge(row, column, style, to)
        cached = "" if value is None else controls_escaped(value) if isinstance(value, str) else value
        self._sheet.formula(row, column, text, cached, style)

    def _string(self, row: int, column: int, text: str, style: Format) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a string for finished XML and would copy it raw; in two runs it is text again.
            _check(self._sheet.write_rich_string(row, column, text[0], style, text[1:], style), text)
        else:
            self._sheet.string(row, column, text, style)

    def _merge(self, row: int, column: int, style: Format, to: tuple[int, int] | None) -> None:
        if to and (to[0] < row or to[1] < column):
            raise DrawingError(f"{self.name}: a merge from {row},{column} back to {to[0]},{to[1]}")
        if to and to != (row, column):
            self._sheet.join(row, column, *to, style)

    # --- shape ------------------------------------------------------------------------------------------------

    def rows(self, start: int, heights: Sequence[int]) -> int:
        """Set the heights of consecutive rows, above 0 and at most Excel's tallest; returns the row after them."""
        if any(px <= 0 for px in heights):
            raise DrawingError(f"{self.name}: row heights {heights} from {start} on")
        for offset, px in enumerate(heights):
            self._heights[start + offset] = min(px, TALLEST_ROW_PX)
            _check(self._sheet.set_row_pixels(start + offset, self._heights[start + offset]), "row")
        return start + len(heights)

    def column_style(self, first: int, last: int, style: Format) -> None:
        """The style of all cells of these columns that have none of their own; widths stay."""
        for column in range(first, last + 1):
            _check(self._sheet.set_column_pixels(column, column, self.columns[column], style), "column")

    def hide_columns(self, first: int, last: int) -> None:
        _check(self._sheet.set_column(first, last, None, None, {"hidden": True}), "column")

    def span(self, first: int, last: int) -> int:
        """The width in pixels of columns `first` to `last`."""
        return sum(self.columns[first : last + 1])

    def height(self, first: int, last: int) -> int:
        """The height in pixels of rows `first` to `last`."""
        return sum(self._heights.get(row, ROW_PX) for row in range(first, last + 1))

    def freeze(self, row: int, column: int = 0) -> None:
        self._sheet.freeze_panes(row, column)

    def repeat(self, first: int, last: int) -> None:
        """Repeat rows at the top of every printed page."""
        _check(self._sheet.repeat_rows(first, last), "repeat")

    def repeat_columns(self, first: int, last: int) -> None:
        """Repeat columns at the left of every printed page."""
        _check(self._sheet.repeat_columns(first, last), "repeat")

    def print_to(self, row: int, column: int) -> None:
        """The print area, from A1 to this cell."""
        _check(self._sheet.print_area(0, 0, row, column), "print area")

    def print_while(self, last: str) -> None:
        """A print area from A1 to the cell that the formula text `last` names, so that it grows with the entries.

        Excel follows it (and freezes it when the page setup is changed); LibreOffice prints all that is there.
        """
        self._sheet.print_area_range = f"{self.quoted}!$A$1:{last}"

    def print_scale(self, percent: int, breaks: Sequence[int] = (), column_breaks: Sequence[int] = ()) -> None:
        """Print at this size; a page begins at each row of `breaks` and each column of `column_breaks`."""
        self._sheet.set_print_scale(percent)
        if breaks:
            self._sheet.set_h_pagebreaks(list(breaks))
        if column_breaks:
            self._sheet.set_v_pagebreaks(list(column_breaks))

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
        """A drop-down: a list of values or a reference ("='Lists'!$A$1:$A$9"); a warning unless `strict`.

        A value in a list holds neither comma, which would part it, nor quotation mark: such lists go by reference.
        """
        if not isinstance(source, str) and any(set(',"') & set(str(value)) for value in source):
            raise DrawingError(f"{self.name} {first_row},{first}: comma or quotation mark in {source}")
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
        if max(map(len, (prompt, error))) > LONGEST_PROMPT:
            raise DrawingError(f"prompt too long: {max(prompt, error, key=len)}")
        if max(map(len, (title, error_title))) > LONGEST_PROMPT_TITLE:
            raise DrawingError(f"prompt title too long: {max(title, error_title, key=len)}")
        options = dict(rule)
        texts = {"input_title": title, "input_message": prompt, "error_title": error_title, "error_message": error}
        options |= {name: printable(text) for name, text in texts.items() if text}
        options["error_type"] = "stop" if strict else "warning"
        _check(self._sheet.data_validation(first_row, first, last_row, last, options), "validation")

    def condition(self, first_row: int, first: int, last_row: int, last: int, options: Mapping[str, object]) -> None:
        """A conditional format in XlsxWriter's form; take its `format` from `book.change(...)`."""
        _check(self._sheet.conditional_format(first_row, first, last_row, last, dict(options)), "condition")

    def chart(self, row: int, column: int, chart: Chart, description: str, dx: int = 0, dy: int = 0) -> None:
        """Place a chart with its upper left corner in a cell; `description` is read out to those who cannot see it."""
        options = {"object_position": 1, "description": printable(description), "x_offset": dx, "y_offset": dy}
        _check(self._sheet.insert_chart(row, column, chart, options), "chart")

    def picture(self, row: int, last: int, data: bytes, height_px: int, description: str) -> int:
        """A picture (PNG or JPEG) with its right edge at that of column `last`, as tall as told; returns its width."""
        found = Image(io.BytesIO(data))
        # the size that Excel would give it, from its own resolution
        wide, tall = found.width * 96 / found.x_dpi, found.height * 96 / found.y_dpi
        scale = height_px / tall
        first, left = last, self.span(last, last) - wide * scale
        while left < 0 and first > 0:
            first -= 1
            left += self.span(first, first)
        options = {"image_data": io.BytesIO(data), "x_scale": scale, "y_scale": scale, "x_offset": max(0, left)}
        options |= {"object_position": 3, "description": printable(description)}
        _check(self._sheet.insert_image(row, first, "logo", options), "picture")
        return int(wide * scale) + 1

    def member(self) -> Member:
        """This sheet's part, once the book is closed."""
        return self._sheet.member()

    # --- references -------------------------------------------------------------------------------------------

    def cell(self, row: int, column: int) -> str:
        """An absolute reference to a cell of this sheet, usable anywhere: 'Sheet'!$A$1."""
        return f"{self.quoted}!${letters(column)}${row + 1}"

    def range(self, first_row: int, first: int, last_row: int, last: int) -> str:
        """An absolute reference to a block of this sheet: 'Sheet'!$A$1:$B$9."""
        return f"{self.quoted}!${letters(first)}${first_row + 1}:${letters(last)}${last_row + 1}"

    @property
    def part(self) -> str:
        """The name of this sheet's part inside the file."""
        return f"xl/worksheets/sheet{self._sheet.index + 1}.xml"

    @cached_property
    def quoted(self) -> str:
        return "'" + self.name.replace("'", "''") + "'"


def local(row: int, column: int, *, fix_row: bool = False, fix_column: bool = False) -> str:
    """A reference within a sheet: A1, with $ where fixed."""
    return f"{'$' if fix_column else ''}{letters(column)}{'$' if fix_row else ''}{row + 1}"


def local_range(first_row: int, first: int, last_row: int, last: int) -> str:
    """A relative block within a sheet: A1:B9."""
    return str(xl_range(first_row, first, last_row, last))


def _check(code: int | None, what: str) -> None:
    if code not in (0, None):
        raise DrawingError(f"XlsxWriter returned {code} for {what[:80]!r}")
