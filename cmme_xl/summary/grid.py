"""A hidden sheet of formulas, filled cell by cell, that remembers what each cell holds."""

from collections.abc import Sequence

from xlsxwriter.format import Format

from cmme_xl.spreadsheet import Sheet
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.expression import Block, Expression, Value, constant


class Grid:
    """Cells of one sheet. References come in two forms: `local` for this sheet's own formulas, `at` for all others."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.values: dict[tuple[int, int], Value] = {}
        self._plain = sheet.book.style(font_size=9)
        self._head = sheet.book.style(font_size=9, bold=True, bg_color="tint2")

    def head(self, row: int, column: int, text: str) -> None:
        """A heading for whoever unhides the sheet."""
        self.sheet.text(row, column, text, self._head)

    def put(self, row: int, column: int, expression: Expression, style: Format | None = None) -> Expression:
        """Write a formula, or a constant as such; returns the local reference."""
        value, form = expression.value, style or self._plain
        if expression == constant(value):
            if value is None:  # an empty cell would be read as 0
                self.sheet.formula(row, column, '=""', None, form)
            elif isinstance(value, str):
                self.sheet.text(row, column, value, form)
            else:
                self.sheet.number(row, column, float(value), form)
        else:
            self.sheet.formula(row, column, "=" + expression.text, value, form)
        self.values[row, column] = value
        return self.local(row, column)

    def local(self, row: int, column: int) -> Expression:
        """A reference for formulas of this sheet."""
        return Expression(self.address(row, column), self.values.get((row, column)))

    def at(self, row: int, column: int) -> Expression:
        """A reference for formulas of any sheet."""
        return Expression(self.sheet.cell(row, column), self.values.get((row, column)))

    def address(self, row: int, column: int) -> str:
        return local(row, column, fix_row=True, fix_column=True)

    def column(self, rows: Sequence[int], column: int) -> Block:
        """The cells of consecutive rows in one column, for formulas of this sheet."""
        text = f"{self.address(rows[0], column)}:{self.address(rows[-1], column)}"
        return Block(text, tuple(self.values.get((row, column)) for row in rows))

    def column_at(self, rows: Sequence[int], column: int) -> Block:
        """The same for formulas and charts of any sheet."""
        text = self.sheet.range(rows[0], column, rows[-1], column)
        return Block(text, tuple(self.values.get((row, column)) for row in rows))
