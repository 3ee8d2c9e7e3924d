"""The tables of a plan workbook, found by their headers wherever people have moved them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cmme_xl.findings import Finding, Place
from cmme_xl.plan import words
from cmme_xl.reading.grid import CellKind, RawBook, RawSheet

HEADER_ROWS = 60
"""Headers are looked for in this many rows from the top."""


@dataclass(frozen=True)
class Table:
    """A table: its worksheet, the row of its headers and the column of each role (counted from 1)."""

    sheet: RawSheet
    header: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[int]:
        """The rows below the header that hold anything, in order; sparse: a stray cell far away costs nothing."""
        wanted = frozenset(self.columns.values())
        filled = (row for row, line in self.sheet.rows.items() if row > self.header and not wanted.isdisjoint(line))
        yield from sorted(filled)


def find_table(
    book: RawBook, sheet: str, headers: Mapping[str, frozenset[str]], required: frozenset[str]
) -> tuple[Table | None, Finding | None]:
    """The table of the sheet with that role: on the sheet of its name, else wherever all required headers stand.

    Without one: None, and what is missing.
    """
    entry = words.table("sheets")[sheet]
    names = words.spellings(entry)
    visible = [each for each in book.sheets if not each.name.startswith("_")]
    named = [each for each in visible if words.plain(each.name) in names]
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
    return None, Finding("PLN_010", Place(sheet=named[0].name), values={"columns": " / ".join(missing)})


def _header(
    sheet: RawSheet, headers: Mapping[str, frozenset[str]], required: frozenset[str]
) -> tuple[int, dict[str, int]]:
    """The row that carries most of the required headers, and the columns of the roles found there."""
    best: tuple[int, dict[str, int]] = (0, {})
    for row in sorted(number for number in sheet.rows if number <= HEADER_ROWS):
        found: dict[str, int] = {}
        for column, cell in sorted(sheet.rows[row].items()):
            if cell.kind is CellKind.TEXT and not cell.formula:
                found.setdefault(words.plain(cell.text), column)
        roles = {role: found[word] for role, spelled in headers.items() for word in spelled if word in found}
        if len(required & roles.keys()) > len(required & best[1].keys()):
            best = row, roles
        if required <= roles.keys():
            break
    return best
