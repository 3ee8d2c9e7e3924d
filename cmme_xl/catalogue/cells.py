"""A table of the catalogue workbook, found by its headers, and its cells, read with findings and never with guesses."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import Text
from cmme_xl.catalogue.words import plain
from cmme_xl.findings import LANGUAGES, Finding, Place

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROWS = 60
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
EMOJI_STYLE = "\ufe0f"
"""Follows a check mark typed on some keyboards and cannot be seen."""

Layout = Sequence[Mapping[str, Any]]


class Sheet:
    """One table: its worksheet, the row of its headers and the column of each role, counted from 1.

    A column that is `absent` is a finding at the cell its header belongs in; its cells read as empty.
    """

    def __init__(
        self,
        sheet: "Worksheet",
        header: int,
        columns: Mapping[str, int],
        layout: Layout,
        findings: list[Finding],
    ) -> None:
        self.layout = layout
        self._sheet = sheet
        self._header = header
        self._findings = findings
        self._absent = {str(each["role"]) for each in layout} - columns.keys()
        self._columns = {**_expected(layout, columns), **columns}

    @classmethod
    def find(cls, book: "Workbook", role: str, layout: Layout, findings: list[Finding]) -> "Sheet | None":
        """The table of the sheet with that role: by the sheet's name in either language, else, where it was renamed,
        by its headers. None, and a finding, where there is none or its rows cannot be told apart."""
        names = workbook.table("sheets")
        titles = {each: {plain(name) for name in names[each].values()} for each in names}
        named = [each for each in book.worksheets if plain(each.title) in titles[role]]
        strange = [each for each in book.worksheets if all(plain(each.title) not in known for known in titles.values())]
        for worksheet in (*named, *strange):
            header, columns, doubles = _header(worksheet, layout)
            if worksheet in named or 2 * len(columns) > len(layout):
                break
        else:
            findings.append(Finding("CAT_034", values={"sheet": workbook.text(names[role])}))
            return None
        sheet = cls(worksheet, header, columns, layout, findings)
        if not columns:
            every = Text(*(" / ".join(each["header"][lang] for each in layout) for lang in LANGUAGES))
            findings.append(Finding("CAT_035", Place(sheet=sheet.title), values={"columns": every}))
            return None
        for column in layout:
            words, key = workbook.text(column["header"]), str(column["role"])
            if key in sheet._absent:
                findings.append(Finding("CAT_035", sheet.head(key), values={"columns": words}))
            elif key in doubles:
                values = {"column": words, "first": sheet.head(key).cell}
                findings.append(Finding("CAT_049", sheet._at(header, doubles[key]), values=values))
        return None if str(layout[0]["role"]) in sheet._absent else sheet

    @property
    def title(self) -> str:
        return str(self._sheet.title)

    @property
    def first(self) -> int:
        """The first row below the header."""
        return self._header + 1

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
        """Where a cell is; of a column that is absent, where its header belongs."""
        return self.head(role) if role in self._absent else self._at(row, self._columns[role])

    def head(self, role: str) -> Place:
        """Where a column's header is, or belongs."""
        return self._at(self._header, self._columns[role])

    def _at(self, row: int, column: int) -> Place:
        from openpyxl.utils import get_column_letter

        return Place(sheet=self.title, cell=f"{get_column_letter(column)}{row}")

    def fault(self, code: str, row: int, role: str, raw: object = "", **values: object) -> None:
        """Record a finding at a cell, once."""
        finding = Finding(code, self.place(row, role), shown(raw), values)
        if finding not in self._findings:
            self._findings.append(finding)

    def empty(self, row: int, role: str) -> bool:
        """Whether nothing was entered in a cell."""
        return role in self._absent or not shown(self._sheet.cell(row, self._columns[role]).value).strip()

    def text(self, row: int, role: str) -> str:
        """What was typed, as text; "" where the cell is empty or holds no typed value (a finding)."""
        from openpyxl.cell.cell import MergedCell

        if role in self._absent:
            return ""
        cell = self._sheet.cell(row, self._columns[role])
        if isinstance(cell, MergedCell):
            self.fault("CAT_050", row, role)
        elif cell.data_type in ("f", "e"):
            self.fault("CAT_036", row, role, cell.value)
        elif isinstance(cell.value, date | time | timedelta):
            self.fault("CAT_051", row, role, cell.value)
        else:
            return shown(cell.value).strip()
        return ""

    def unused(self, row: int, role: str) -> None:
        """Nothing is read from this cell: whatever stands there is a finding."""
        if not self.empty(row, role):
            self.fault("CAT_053", row, role, self._sheet.cell(row, self._columns[role]).value)

    def number(self, row: int, role: str, *, whole: bool = False) -> float | None:
        """A finite number, also one typed as text or in full width; None, and a finding, where there is none."""
        typed = self.text(row, role)
        if not typed:
            self._nothing(row, role)
            return None
        found = _number(self._sheet.cell(row, self._columns[role]).value)
        if math.isfinite(found) and (not whole or found == int(found)):
            return found
        self.fault("CAT_043" if whole else "CAT_044", row, role, typed)
        return None

    def choice(self, row: int, role: str, understood: Mapping[str, str], known: Text, empty: str = "") -> str | None:
        """The key of the word chosen; `empty` where none was; None, and a finding that lists what is `known`, where
        it is not one that is understood."""
        typed = self.text(row, role)
        if not typed:
            if not empty:
                self._nothing(row, role)
            return empty if empty and self.empty(row, role) else None
        key = understood.get(plain(typed.replace(EMOJI_STYLE, "")))
        if key is None:
            self.fault("CAT_037", row, role, typed, known=known)
        return key

    def _nothing(self, row: int, role: str) -> None:
        """A finding for an empty cell, unless the cell already has one."""
        place = self.place(row, role)
        if not any((each.place.sheet, each.place.cell) == (place.sheet, place.cell) for each in self._findings):
            self.fault("CAT_041", row, role)


def _header(worksheet: "Worksheet", layout: Layout) -> tuple[int, dict[str, int], dict[str, int]]:
    """The row with most of the headers, the column of each role found there, and of each that stands there twice the
    second column."""
    roles = {plain(word): str(column["role"]) for column in layout for word in column["header"].values()}
    best: tuple[int, dict[str, int], dict[str, int]] = (0, {}, {})
    for row in worksheet.iter_rows(max_row=HEADER_ROWS):
        columns: dict[str, int] = {}
        doubles: dict[str, int] = {}
        for cell in row:
            role = roles.get(plain(cell.value)) if isinstance(cell.value, str) else None
            if role is not None and cell.column is not None:
                (doubles if role in columns else columns).setdefault(role, cell.column)
        if len(columns) > len(best[1]):
            best = row[0].row or 0, columns, doubles
    return best


def _expected(layout: Layout, columns: Mapping[str, int]) -> dict[str, int]:
    """Where the columns that were not found belong: beside the nearest one before them that was."""
    found: dict[str, int] = {}
    before = min(columns.values(), default=1) - 1
    for column in layout:
        before = found[str(column["role"])] = columns.get(str(column["role"]), before + 1)
    return found


def _number(value: object) -> float:
    """The number a cell holds, or is typed into it as text; NaN where there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    typed = unicodedata.normalize("NFKC", shown(value)).strip()
    return float(typed) if NUMBER.fullmatch(typed) else math.nan


def shown(value: object) -> str:
    """A cell's value as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))
