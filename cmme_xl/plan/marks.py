"""The sheet of the assignment: what is marked for one person beside what the person's group is asked."""

import re
from collections.abc import Mapping

from cmme_xl.catalogue import ROOT
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Mark
from cmme_xl.plan.cells import Cells
from cmme_xl.plan.entries import Entries, headers_of
from cmme_xl.plan.table import Table
from cmme_xl.reading.grid import Cell, CellKind

REFERENCE = re.compile(r"!\$?[A-Z]{1,3}\$?([0-9]{1,7})")


def read_marks(entries: Entries, ids_by_row: Mapping[int, str]) -> dict[str, dict[str, Mark]]:
    """Person id -> node id -> mark. A column belongs to the person whose row its header refers to, or names."""
    people = {*ids_by_row.values()} - {""}
    nodes = {node: text for node, text in entries.catalogue.names.items() if node != ROOT}
    known = headers_of("assignment")
    found = entries.cells("assignment", ("id", "name"), {role: known[role] for role in ("id", "name")})
    marks: dict[str, dict[str, Mark]] = {}
    if found is None:
        return marks
    sheet, header = found.table.sheet, found.table.header
    rows = entries.rows_by_id(found, nodes)
    for node, row in rows.items():
        entries.places["asked", node] = found.place(row, "id")
    live = {word for spelled in known.values() for word in spelled}
    marked = words.table("marks")
    shapes = {marked["asked"]: Mark.ALL, marked["none"]: Mark.NONE, marked["none_typed"]: Mark.NONE}
    plain = {Cell(CellKind.TEXT, typed): mark for typed, mark in shapes.items()}  # what stands in most of the cells
    own = set(found.table.columns.values())
    for column in sorted({column for row in rows.values() for column in sheet.rows[row]} - own):
        cells = Cells(Table(sheet, header, {"mark": column}), entries.lang, entries.findings)
        head = cells.cell(header, "mark")
        if not head.formula and words.plain(head.text) in live:
            continue
        given = {node: plain.get(cells.cell(row, "mark")) or _mark(cells, row, shapes) for node, row in rows.items()}
        read = {node: mark for node, mark in given.items() if mark}
        reference = REFERENCE.search(head.formula)
        person = ids_by_row.get(int(reference[1]), "") if reference else head.text.strip()
        if read and person in people:
            marks[person] = {**marks.get(person, {}), **read}
        elif read:
            cells.fault("PLN_023", header, "mark", head.shown)
    return marks


def _mark(cells: Cells, row: int, known: Mapping[str, Mark]) -> Mark | None:
    typed = cells.text(row, "mark")
    mark = known.get(typed)
    if typed and mark is None:
        cells.fault("PLN_022", row, "mark", typed, known=" / ".join(list(known)[:2]))
    return mark
