"""The cells of a plan's tables, read with findings and never with guesses."""

import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from cmme_xl.catalogue import Text
from cmme_xl.findings import Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.table import Table
from cmme_xl.reading.grid import Cell, CellKind, Row, a1

EMPTY = Cell(CellKind.EMPTY, "")
NO_ROW = Row()
NOT_TYPED = {CellKind.ERROR: "PLN_025", CellKind.BROKEN: "PLN_052"}
FIRST_YEAR = 1900
"""A cell's time of day without a day lies before it."""


class Cells:
    """Reads the cells of a table; every fault becomes a finding in `findings`, its value None or ""."""

    def __init__(self, table: Table, lang: str, findings: list[Finding]) -> None:
        self.table = table
        self.lang = lang
        self.findings = findings

    def place(self, row: int, role: str) -> Place:
        """Where a cell is."""
        return Place(sheet=self.table.sheet.name, cell=a1(row, self.table.columns.get(role, 1)))

    def fault(self, code: str, row: int, role: str, raw: str = "", **values: object) -> None:
        """Record a finding at a cell."""
        self.findings.append(Finding(code, self.place(row, role), raw, values))

    def cell(self, row: int, role: str) -> Cell:
        """The cell as it stands in the file; EMPTY where there is none."""
        column = self.table.columns.get(role, 0)
        return self.table.sheet.rows.get(row, NO_ROW).get(column, EMPTY)

    def empty(self, row: int, role: str) -> bool:
        """Whether nothing has been entered in a cell."""
        return _blank(self.cell(row, role))

    def text(self, row: int, role: str) -> str:
        """What was typed, as text; a whole number without its decimal point."""
        cell = self._typed(row, role)
        return "" if cell is None else cell.shown.strip()

    def fixed(self, row: int, role: str) -> str:
        """The text of a cell that nobody is to type into (an id); formulas and errors are no ids."""
        cell = self.cell(row, role)
        return "" if cell.formula or cell.kind in NOT_TYPED else cell.shown.strip()

    def number(
        self, row: int, role: str, low: float = 0, high: float | None = None, *, whole: bool = False
    ) -> float | None:
        """A number from `low` to `high`; None where the cell is empty or faulty."""
        cell = self._typed(row, role)
        if cell is None:
            return None
        value = _number(cell)
        if not math.isfinite(value):
            self.fault("PLN_012", row, role, cell.shown)
            return None
        if value < low or (high is not None and value > high):
            code = "PLN_013" if high is None else "PLN_026"
            self.fault(code, row, role, cell.shown, low=f"{low:g}", high=f"{high or 0:g}")
            return None
        if whole and value != int(value):
            self.fault("PLN_027", row, role, cell.shown)
            return None
        return value

    def moment(self, row: int, role: str) -> datetime | None:
        """A date with or without a time."""
        cell = self._typed(row, role)
        if cell is None:
            return None
        if cell.kind is CellKind.DATE:
            try:
                moment = datetime.fromisoformat(cell.text.strip()).replace(tzinfo=None)
            except ValueError:
                moment = datetime.min
            if moment.year >= FIRST_YEAR:
                return moment
        self.fault("PLN_014", row, role, cell.shown)
        return None

    def choice(self, row: int, role: str, offered: Mapping[str, Text]) -> str | None:
        """The key of the word chosen; None where the cell is empty or faulty."""
        typed = self.text(row, role)
        if not typed:
            return None
        key = words.understood(typed, offered)
        if key is None:
            self.fault("PLN_015", row, role, typed, known=words.listed(offered.values(), self.lang))
        return key

    def _typed(self, row: int, role: str) -> Cell | None:
        """The cell with what was typed; None where it is empty, or a formula or an error value, which is a finding."""
        cell = self.cell(row, role)
        if _blank(cell):
            return None
        if cell.formula:
            self.fault("PLN_011", row, role, cell.formula)
        elif cell.kind in NOT_TYPED:
            self.fault(NOT_TYPED[cell.kind], row, role, cell.text)
        else:
            return cell
        return None


def _blank(cell: Cell) -> bool:
    return not cell.formula and not cell.text.strip()


def _number(cell: Cell) -> float:
    """The number in a cell; nan where it holds none."""
    try:
        if cell.kind is CellKind.PERCENT:
            return float(Decimal(cell.text.removesuffix("%")) / 100)
        return float(cell.text) if cell.kind is CellKind.NUMBER else math.nan
    except (ValueError, ArithmeticError):
        return math.nan
