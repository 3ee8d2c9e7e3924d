"""What is being read of a plan: its workbook, and the findings and places that the sheets leave behind."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cmme_xl.catalogue import Catalogue, Text
from cmme_xl.findings import Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.cells import Cells
from cmme_xl.plan.table import find_table
from cmme_xl.reading.grid import RawBook

Places = Mapping[tuple[str, ...], Place]

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
OFFERED = ("lang", "scope", "voice", "combine", "importance", "form", "audience", "yesno", "group", "angle")


@dataclass
class Entries:
    """One pass over a workbook: each sheet leaves its findings and places here. `lang` is the workbook's language."""

    book: RawBook
    catalogue: Catalogue
    lang: str
    findings: list[Finding] = field(default_factory=list)
    places: dict[tuple[str, ...], Place] = field(default_factory=dict)
    offered: dict[str, dict[str, Text]] = field(init=False)

    def __post_init__(self) -> None:
        self.offered = {kind: words.choice_words(kind, self.catalogue) for kind in OFFERED}

    def cells(
        self, sheet: str, required: Iterable[str], headers: Mapping[str, frozenset[str]] | None = None
    ) -> Cells | None:
        """The table of the sheet with that role; None where it is missing or lacks a required column."""
        found, missing = find_table(self.book, sheet, headers or headers_of(sheet), frozenset(required))
        if missing is not None:
            self.findings.append(missing)
        if found is None:
            return None
        cells = Cells(found, self.lang, self.findings)
        self.places |= {("header", sheet, role): cells.place(found.header, role) for role in found.columns}
        return cells

    def rows_by_id(
        self, cells: Cells, known: Mapping[str, object], passed: frozenset[str] = frozenset()
    ) -> dict[str, int]:
        """Id -> row for every known id on the sheet; unknown, repeated and missing ids become findings."""
        rows: dict[str, int] = {}
        for row in cells.table.rows():
            node = cells.fixed(row, "id")
            if not node or node in passed:
                continue
            if node not in known:
                cells.fault("PLN_019", row, "id", node)
            elif node in rows:
                cells.fault("PLN_020", row, "id", node)
            else:
                rows[node] = row
        if gone := [node for node in known if node not in rows]:
            place = Place(sheet=cells.table.sheet.name, question=gone[0])
            self.findings.append(Finding("PLN_021", place, values={"count": len(gone), "listed": words.named(gone)}))
        return rows


def filled_rows(cells: Cells, sheet: str) -> tuple[list[str], list[int]]:
    """The columns of a sheet that people fill in, and the rows in which they did."""
    typed = [column["role"] for column in words.columns(sheet) if column["kind"] != "live"]
    typed = [role for role in typed if role in cells.table.columns]
    return typed, [row for row in cells.table.rows() if not all(cells.empty(row, role) for role in typed)]


def want(cells: Cells, row: int, sheet: str, roles: Iterable[str]) -> None:
    """A finding for each of the cells that is empty."""
    for role in roles:
        if cells.empty(row, role):
            header = next(column["header"] for column in words.columns(sheet) if column["role"] == role)
            cells.fault("PLN_016", row, role, field=words.text(header))


def headers_of(sheet: str) -> dict[str, frozenset[str]]:
    """Role -> the plain spellings of its column's header."""
    return {column["role"]: words.spellings(column["header"]) for column in words.columns(sheet)}


def safe(word: str) -> bool:
    """Whether an id can stand in a file name on every system."""
    return bool(SAFE_ID.fullmatch(word)) and not RESERVED.fullmatch(word.casefold())
