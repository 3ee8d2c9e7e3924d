"""A hidden sheet of formulas, filled cell by cell, that remembers what each cell holds."""

from collections import defaultdict
from collections.abc import Sequence

from xlsxwriter.format import Format

from cmme_xl.calculation.expression import Block, Expression, Value
from cmme_xl.spreadsheet import Content, Formula, Sheet
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

    def put(self, row: int, column: int, expression: Expression, style: Format | None = None) -> Expression:
        """Write a formula, or a constant as such; returns the local reference."""
        value = expression.value
        if not expression.constant or value is None:  # an empty cell would be read as 0
            self._write(row, column, Formula(expression.text, value), style or self._plain)
        else:
            self._write(row, column, value if isinstance(value, str) else float(value), style or self._plain)
        self._values[column][row] = value
        return self.local(row, column)

    def _write(self, row: int, column: int, content: Content, style: Format) -> None:
        self.sheet.content(row, column, content, style)

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
        self._rows: dict[int, dict[int, tuple[Content, Format]]] = {}

    def _write(self, row: int, column: int, content: Content, style: Format) -> None:
        self._rows.setdefault(row, {})[column] = content, style

    def draw(self) -> None:
        """Write everything that was put."""
        nothing = None, self._plain
        for row, cells in sorted(self._rows.items()):
            first = min(cells)
            contents, styles = zip(*(cells.get(each, nothing) for each in range(first, max(cells) + 1)), strict=True)
            self.sheet.line(row, first, contents, styles)
