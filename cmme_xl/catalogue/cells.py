"""A table of the catalogue workbook, found by its headers, and its cells, read with findings and never with guesses."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import Text
from cmme_xl.catalogue.words import plain
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row, a1

HEADER_ROWS = 60
EMPTY = Cell(CellKind.EMPTY, "")
NOT_TYPED = (CellKind.ERROR, CellKind.BROKEN)
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
        sheet: RawSheet,
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
        self._covered = _covered(sheet, columns.values())

    @classmethod
    def find(cls, book: RawBook, role: str, layout: Layout, findings: list[Finding]) -> "Sheet | None":
        """The table of the sheet with that role: by the sheet's name in either language, else, where it was renamed,
        by its headers. None, and a finding, where there is none or its rows cannot be told apart. A second sheet
        with these headers and other content, such as an edited copy, is a finding: it is not read."""
        names = workbook.table("sheets")
        titles = {each: {plain(name) for name in names[each].values()} for each in names}
        named = [each for each in book.sheets if plain(each.name) in titles[role]]
        strange = [each for each in book.sheets if all(plain(each.name) not in known for known in titles.values())]
        alike = [each for each in strange if 2 * len(_header(each, layout)[1]) > len(layout)]
        if not (named or alike):
            findings.append(Finding("CAT_034", values={"sheet": workbook.text(names[role])}))
            return None
        raw, *others = (*named, *alike)
        for other in others:
            if other.rows != raw.rows:
                findings.append(Finding("CAT_059", Place(sheet=other.name), values={"sheet": raw.name}))
        header, columns, doubles = _header(raw, layout)
        sheet = cls(raw, header, columns, layout, findings)
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
        return self._sheet.name

    @property
    def first(self) -> int:
        """The first row below the header."""
        return self._header + 1

    def rows(self) -> Iterator[int]:
        """The rows below the header that hold anything, in order."""
        wanted = set(self._columns.values())
        for row, line in sorted(self._sheet.rows.items()):
            if row > self._header and any(line[column].shown.strip() for column in wanted.intersection(line)):
                yield row

    def place(self, row: int, role: str) -> Place:
        """Where a cell is; of a column that is absent, where its header belongs."""
        return self.head(role) if role in self._absent else self._at(row, self._columns[role])

    def head(self, role: str) -> Place:
        """Where a column's header is, or belongs."""
        return self._at(self._header, self._columns[role])

    def _at(self, row: int, column: int) -> Place:
        return Place(sheet=self.title, cell=a1(row, column))

    def _cell(self, row: int, role: str) -> Cell:
        """The cell as it stands in the file; EMPTY where there is none, or no such column."""
        return EMPTY if role in self._absent else self._sheet.rows.get(row, Row()).get(self._columns[role], EMPTY)

    def fault(self, code: str, row: int, role: str, raw: object = "", **values: object) -> None:
        """Record a finding at a cell, once."""
        finding = Finding(code, self.place(row, role), str(raw), values)
        if finding not in self._findings:
            self._findings.append(finding)

    def empty(self, row: int, role: str) -> bool:
        """Whether nothing was entered in a cell."""
        return not self._cell(row, role).shown.strip()

    def text(self, row: int, role: str) -> str:
        """What was typed, as text; "" where the cell is empty or holds no typed value (a finding)."""
        cell = self._cell(row, role)
        if (row, self._columns[role]) in self._covered:
            self.fault("CAT_050", row, role)
        elif cell.formula or cell.kind in NOT_TYPED:
            self.fault("CAT_036", row, role, cell.shown)
        elif cell.kind is CellKind.DATE:
            self.fault("CAT_051", row, role, cell.shown)
        else:
            return cell.shown.strip()
        return ""

    def unused(self, row: int, role: str) -> None:
        """Nothing is read from this cell: whatever stands there is a finding."""
        if not self.empty(row, role):
            self.fault("CAT_053", row, role, self._cell(row, role).shown)

    def number(self, row: int, role: str, *, whole: bool = False) -> float | None:
        """A finite number, also one typed as text or in full width; None, and a finding, where there is none."""
        typed = self.text(row, role)
        if not typed:
            self._nothing(row, role)
            return None
        found = _number(self._cell(row, role))
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


def _header(sheet: RawSheet, layout: Layout) -> tuple[int, dict[str, int], dict[str, int]]:
    """The row with most of the headers, the column of each role found there, and of each that stands there twice the
    second column."""
    roles = {plain(word): str(column["role"]) for column in layout for word in column["header"].values()}
    best: tuple[int, dict[str, int], dict[str, int]] = (0, {}, {})
    for row in sorted(number for number in sheet.rows if number <= HEADER_ROWS):
        columns: dict[str, int] = {}
        doubles: dict[str, int] = {}
        for column, cell in sorted(sheet.rows[row].items()):
            typed = cell.kind is CellKind.TEXT and not cell.formula
            role = roles.get(plain(cell.text)) if typed else None
            if role is not None:
                (doubles if role in columns else columns).setdefault(role, column)
        if len(columns) > len(best[1]):
            best = row, columns, doubles
    return best


def _expected(layout: Layout, columns: Mapping[str, int]) -> dict[str, int]:
    """Where the columns that were not found belong: beside the nearest one before them that was."""
    found: dict[str, int] = {}
    before = min(columns.values(), default=1) - 1
    for column in layout:
        before = found[str(column["role"])] = columns.get(str(column["role"]), before + 1)
    return found


def _covered(sheet: RawSheet, columns: Collection[int]) -> frozenset[tuple[int, int]]:
    """The cells of those columns that lie under a neighbour in a merged range, in rows that hold anything."""
    return frozenset(
        (row, column)
        for top, left, bottom, right in sheet.merges
        for column in columns
        if left <= column <= right
        for row in (sheet.rows.keys() & range(top, bottom + 1))
        if (row, column) != (top, left)
    )


def _number(cell: Cell) -> float:
    """The number a cell holds, or is typed into it as text; NaN where there is none."""
    if cell.kind is CellKind.NUMBER:
        return float(cell.text)
    typed = unicodedata.normalize("NFKC", cell.text).strip()
    if cell.kind is CellKind.PERCENT:
        return float(Decimal(typed.removesuffix("%")) / 100)
    return float(typed) if NUMBER.fullmatch(typed) else math.nan
