"""A hidden sheet of formulas, filled cell by cell, that remembers what each cell holds."""

from collections import defaultdict
from collections.abc import Sequence

from cmme_xl.calculation.expression import Block, Constant, Expression, Value
from cmme_xl.spreadsheet import Content, Sheet
from cmme_xl.spreadsheet.lines import letters


class Grid:
    """Cells of one sheet. References come in two forms: `local` for this sheet's own formulas, `at` for all others."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._values: defaultdict[int, dict[int, Value]] = defaultdict(dict)
        self._plain = sheet.book.style(font_size=9)
        self._head = sheet.book.style(font_size=9, bold=True, bg_color="tint2")

    def head(self, row: int, column: int, text: str) -> None:
        """A heading for whoever unhides the sheet."""
        self.sheet.text(row, column, text, self._head)

    def put(self, row: int, column: int, expression: Expression) -> Expression:
        """Write a formula, or a constant as such; returns the local reference."""
        self.set(row, column, expression)
        return self.local(row, column)

    def set(self, row: int, column: int, expression: Expression) -> None:
        """Write a formula, or a constant as such."""
        value = expression.value
        if value is None or not isinstance(expression, Constant):  # an empty cell would be read as 0
            self._write(row, column, expression)
        else:
            self._write(row, column, value if isinstance(value, str) else float(value))
        self._values[column][row] = value

    def _write(self, row: int, column: int, content: Content) -> None:
        self.sheet.content(row, column, content, self._plain)

    def local(self, row: int, column: int) -> Expression:
        """A reference for formulas of this sheet."""
        return Expression(self.address(row, column), self._values[column].get(row))

    def at(self, row: int, column: int) -> Expression:
        """A reference for formulas of any sheet."""
        return Expression(self.sheet.cell(row, column), self._values[column].get(row))

    def address(self, row: int, column: int) -> str:
        return f"${letters(column)}${row + 1}"

    def column(self, rows: Sequence[int], column: int) -> Block:
        """The cells of consecutive rows in one column, for formulas of this sheet."""
        text = f"{self.address(rows[0], column)}:{self.address(rows[-1], column)}"
        return Block(text, tuple(map(self._values[column].get, rows)))

    def column_at(self, rows: Sequence[int], column: int) -> Block:
        """The same for formulas and charts of any sheet."""
        text = self.sheet.range(rows[0], column, rows[-1], column)
        return Block(text, tuple(map(self._values[column].get, rows)))


class LargeGrid(Grid):
    """A grid that no chart shows, drawn line by line at the end: `draw` it when it is full."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._rows: defaultdict[int, dict[int, Content]] = defaultdict(dict)

    def _write(self, row: int, column: int, content: Content) -> None:
        self._rows[row][column] = content

    def draw(self) -> None:
        """Write everything that was put."""
        for row, cells in sorted(self._rows.items()):
            first = min(cells)
            self.sheet.line(row, first, [*map(cells.get, range(first, max(cells) + 1))], self._plain)
