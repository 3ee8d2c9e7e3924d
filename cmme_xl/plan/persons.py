"""The sheet of the people."""

from typing import NamedTuple

from cmme_xl.plan.cells import Cells
from cmme_xl.plan.entries import Entries, filled_rows, safe, want
from cmme_xl.plan.model import UNKNOWN, Person


class Persons(NamedTuple):
    """`ids_by_row`: the id that stands in each row of the sheet; `unread`: the groups of people whose rows are
    faulty."""

    people: tuple[Person, ...]
    ids_by_row: dict[int, str]
    unread: tuple[str, ...]


def read_persons(entries: Entries, lang: str) -> Persons:
    """The people; those without a language of their own get `lang`."""
    required = ("id", "name", "group")
    cells = entries.cells("people", required)
    if cells is None:
        return Persons((), {}, (UNKNOWN,))
    people: dict[str, Person] = {}
    ids_by_row: dict[int, str] = {}
    unread: list[str] = []
    seen: set[str] = set()
    typed, rows = filled_rows(cells, "people")
    for row in rows:
        want(cells, row, "people", required)
        person = _person(entries, cells, row, lang)
        ids_by_row[row] = person.id
        folded = person.id.casefold()
        repeated = folded in seen
        if repeated:
            cells.fault("PLN_018", row, "id", person.id)
        if person.id:
            seen.add(folded)
        if not person.id or not person.group or repeated:
            unread.append(person.group)
            continue
        people[person.id] = person
        for role in typed:
            entries.places["person", person.id, role] = cells.place(row, role)
    return Persons(tuple(people.values()), ids_by_row, tuple(unread))


def _person(entries: Entries, cells: Cells, row: int, lang: str) -> Person:
    person = cells.text(row, "id")
    if person and not safe(person):
        cells.fault("PLN_017", row, "id", person)
    weight = cells.number(row, "weight")
    return Person(
        id=person,
        name=cells.text(row, "name"),
        group=cells.choice(row, "group", entries.offered["group"]) or UNKNOWN,
        department=cells.text(row, "department"),
        title=cells.text(row, "title"),
        lang=cells.choice(row, "lang", entries.offered["lang"]) or lang,
        email=cells.text(row, "email"),
        interviewer=cells.text(row, "interviewer"),
        appointment=cells.moment(row, "appointment"),
        minutes=cells.number(row, "minutes", 1),
        weight=1.0 if weight is None else weight,
    )
