"""Tables of a plan, found by their headers, and their cells, read with findings and never with guesses."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cmme_xl.catalogue import Catalogue, Text
from cmme_xl.findings import Finding, Place
from cmme_xl.plan import words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROWS = 60
"""Headers are looked for in this many rows from the top."""

REFERENCE = re.compile(r"!\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True)
class Table:
    """A table: its worksheet, the row of its headers and the column of each role (counted from 1)."""

    sheet: "Worksheet"
    header: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[int]:
        """The rows below the header that hold anything, in order; sparse: a stray cell far away costs nothing."""
        wanted = set(self.columns.values())
        cells = self.sheet._cells
        yield from sorted({row for row, column in cells if row > self.header and column in wanted})


def find_table(
    book: "Workbook", sheet: str, headers: Mapping[str, frozenset[str]], required: frozenset[str]
) -> tuple[Table | None, Finding | None]:
    """The table of the sheet with that role: on the sheet of its name, else wherever all required headers stand.

    Without one: None, and what is missing.
    """
    entry = words.table("sheets")[sheet]
    names = words.spellings(entry)
    visible = [each for each in book.worksheets if not each.title.startswith("_")]
    named = [each for each in visible if words.plain(each.title) in names]
    best: Mapping[str, int] = {}
    for worksheet in [*named, *(each for each in visible if each not in named)]:
        header, found = _header(worksheet, headers, required)
        if required <= found.keys():
            return Table(worksheet, header, found), None
        if worksheet in named:
            best = found
    if not named:
        return None, Finding("PLN_009", values={"sheet": words.text(entry)})
    missing = sorted(min(headers[role]) for role in required - best.keys())
    return None, Finding("PLN_010", Place(sheet=named[0].title), values={"columns": " / ".join(missing)})


def _header(
    worksheet: "Worksheet", headers: Mapping[str, frozenset[str]], required: frozenset[str]
) -> tuple[int, dict[str, int]]:
    """The row that carries most of the required headers, and the columns of the roles found there."""
    best: tuple[int, dict[str, int]] = (0, {})
    rows: dict[int, dict[str, int]] = {}
    for (row, column), cell in sorted(worksheet._cells.items()):
        if row <= HEADER_ROWS and isinstance(cell.value, str):
            rows.setdefault(row, {}).setdefault(words.plain(cell.value), column)
    for row, found in rows.items():
        roles = {
            role: found[word] for role, spelled in headers.items() for word in spelled if word in found
        }
        if len(required & roles.keys()) > len(required & best[1].keys()):
            best = row, roles
    return best


class Cells:
    """Reads the cells of a table; every fault becomes a finding in `findings`, its value None or ""."""

    def __init__(self, table: Table, catalogue: Catalogue, lang: str, findings: list[Finding]) -> None:
        self.table = table
        self.catalogue = catalogue
        self.lang = lang
        self.findings = findings

    def place(self, row: int, role: str) -> Place:
        """Where a cell is."""
        return self.at(row, self.table.columns.get(role, 1))

    def at(self, row: int, column: int) -> Place:
        from openpyxl.utils import get_column_letter

        return Place(sheet=self.table.sheet.title, cell=f"{get_column_letter(column)}{row}")

    def fault(self, code: str, row: int, role: str, raw: object = "", **values: object) -> None:
        """Record a finding at a cell."""
        self.findings.append(Finding(code, self.place(row, role), shown(raw), values))

    def empty(self, row: int, role: str) -> bool:
        """Whether nothing has been entered in a cell."""
        value = self._cell(row, role).value if role in self.table.columns else None
        return value is None or (isinstance(value, str) and not value.strip())

    def text(self, row: int, role: str) -> str:
        """What was typed, as text; a whole number without its decimal point."""
        if self.empty(row, role) or not self._plain(row, role):
            return ""
        return shown(self._cell(row, role).value).strip()

    def fixed(self, row: int, role: str) -> str:
        """The text of a cell that nobody is to type into (an id); formulas and errors are no ids."""
        cell = self._cell(row, role)
        return "" if cell.value is None or cell.data_type in "fe" else shown(cell.value).strip()

    def number(
        self, row: int, role: str, low: float = 0, high: float | None = None, *, whole: bool = False
    ) -> float | None:
        """A number from `low` to `high`; None where the cell is empty or faulty."""
        if self.empty(row, role) or not self._plain(row, role):
            return None
        value = self._cell(row, role).value
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault("PLN_012", row, role, value)
            return None
        if value < low or (high is not None and value > high):
            code = "PLN_013" if high is None else "PLN_026"
            self.fault(code, row, role, value, low=f"{low:g}", high=f"{high or 0:g}")
            return None
        if whole and value != int(value):
            self.fault("PLN_027", row, role, value)
            return None
        return float(value)

    def moment(self, row: int, role: str) -> datetime | None:
        """A date with or without a time."""
        if self.empty(row, role) or not self._plain(row, role):
            return None
        value = self._cell(row, role).value
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        self.fault("PLN_014", row, role, value)
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

    def _cell(self, row: int, role: str) -> "Cell":
        found = self.table.sheet.cell(row, self.table.columns[role])
        return found  # type: ignore[return-value]

    def _plain(self, row: int, role: str) -> bool:
        """Whether a cell holds a typed value: a formula or an error value is a finding."""
        cell = self._cell(row, role)
        if cell.data_type == "f":
            self.fault("PLN_011", row, role, cell.value)
        elif cell.data_type == "e":
            self.fault("PLN_025", row, role, cell.value)
        return cell.data_type not in "fe"


def shown(value: object) -> str:
    """A cell's value as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return str(getattr(value, "text", value))


def referred_row(formula: object) -> int | None:
    """The row that a formula's first reference to another sheet points at; None without one."""
    found = REFERENCE.search(shown(formula))
    return int(found[2]) if found else None
