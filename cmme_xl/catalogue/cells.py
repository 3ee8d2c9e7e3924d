"""A table of the catalogue workbook, found by its headers, and its cells, read with findings and never with guesses."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import Text
from cmme_xl.catalogue.words import plain, understood
from cmme_xl.findings import Finding, Place

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROWS = 60


class Sheet:
    """One table: its worksheet, the row of its headers and the column of each role, counted from 1."""

    def __init__(
        self,
        sheet: "Worksheet",
        header: int,
        columns: Mapping[str, int],
        layout: Sequence[Mapping[str, Any]],
        findings: list[Finding],
    ) -> None:
        self.layout = layout
        self._sheet = sheet
        self._header = header
        self._columns = columns
        self._findings = findings

    @classmethod
    def find(
        cls, book: "Workbook", role: str, layout: Sequence[Mapping[str, Any]], findings: list[Finding]
    ) -> "Sheet | None":
        """The table of the sheet with that role, by the sheet's name in either language; None, and a finding, where
        the sheet or a column is missing."""
        names = workbook.table("sheets")[role]
        titles = {plain(name) for name in names.values()}
        sheet = next((each for each in book.worksheets if plain(each.title) in titles), None)
        if sheet is None:
            findings.append(Finding("CAT_034", values={"sheet": workbook.text(names)}))
            return None
        headers = {plain(word): str(column["role"]) for column in layout for word in column["header"].values()}
        header, columns = 0, dict[str, int]()
        for row in sheet.iter_rows(max_row=HEADER_ROWS):
            cells = [(cell.column, plain(cell.value)) for cell in row if isinstance(cell.value, str)]
            found = {headers[word]: column for column, word in reversed(cells) if word in headers}
            if len(found) > len(columns):
                header, columns = row[0].row or 0, found
        missing = [column["header"] for column in layout if column["role"] not in columns]
        if missing:
            listed = Text(*(" / ".join(words[lang] for words in missing) for lang in ("zh", "en")))
            findings.append(Finding("CAT_035", Place(sheet=sheet.title), values={"columns": listed}))
            return None
        return cls(sheet, header, columns, layout, findings)

    @property
    def title(self) -> str:
        return str(self._sheet.title)

    def rows(self) -> Iterator[int]:
        """The rows below the header that hold anything, in order."""
        wanted = set(self._columns.values())
        filled = {
            row
            for (row, column), cell in self._sheet._cells.items()
            if row > self._header and column in wanted and shown(cell.value).strip()
        }
        yield from sorted(filled)

    def place(self, row: int, role: str) -> Place:
        from openpyxl.utils import get_column_letter

        return Place(sheet=self.title, cell=f"{get_column_letter(self._columns[role])}{row}")

    def fault(self, code: str, row: int, role: str, raw: object = "", **values: object) -> None:
        """Record a finding at a cell."""
        self._findings.append(Finding(code, self.place(row, role), shown(raw), values))

    def text(self, row: int, role: str) -> str:
        """What was typed, as text; "" where the cell is empty or holds no typed value."""
        cell = self._sheet.cell(row, self._columns[role])
        if cell.data_type in ("f", "e"):
            place = self.place(row, role)
            finding = Finding("CAT_036", place, shown(cell.value))
            if finding not in self._findings:
                self._findings.append(finding)
            return ""
        return shown(cell.value).strip()

    def number(self, row: int, role: str, *, whole: bool = False) -> float | None:
        """A finite number; None, and a finding, where there is none."""
        typed = self.text(row, role)
        value = self._sheet.cell(row, self._columns[role]).value
        if not typed:
            if not shown(value).strip():
                self.fault("CAT_041", row, role)
            return None
        fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        found = float(typed) if fine else math.nan
        if fine and (not whole or found == int(found)):
            return found
        self.fault("CAT_043" if whole else "CAT_044", row, role, value)
        return None

    def choice(self, row: int, role: str, offered: Mapping[str, Text], empty: str = "") -> str | None:
        """The key of the word chosen; `empty` where none was; None, and a finding, where it is not one offered."""
        typed = self.text(row, role)
        if not typed and empty:
            return empty
        key = understood(typed, offered) if typed else None
        if key is None:
            known = Text(*(" / ".join(wording.in_(lang) for wording in offered.values()) for lang in ("zh", "en")))
            self.fault("CAT_037", row, role, typed, known=known)
        return key


def shown(value: object) -> str:
    """A cell's value as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))
