"""Reading a plan workbook back: inputs only, found by words and ids; every fault a finding, and reading goes on."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Choices, assign
from cmme_xl.plan.cells import EMPTY
from cmme_xl.plan.entries import Entries, Places
from cmme_xl.plan.figures import read_figures
from cmme_xl.plan.marks import read_marks
from cmme_xl.plan.model import ALL_READ, Engagement, Person, Plan, Unread
from cmme_xl.plan.persons import read_persons
from cmme_xl.plan.scope import read_scope
from cmme_xl.plan.setup import read_setup
from cmme_xl.reading.grid import RawBook
from cmme_xl.reading.opening import open_book
from cmme_xl.templates import template

ALIKE = ("PLN_016", "PLN_022")
"""Faults of cells that are one finding wherever the same is wrong on a sheet."""


@dataclass(frozen=True)
class PlanReading:
    """What was read from a plan workbook.

    `plan` is None where the file is no plan for this catalogue; with errors among `findings` it is the part that
    was understood, good for further checks and for nothing else. `choices` are the marks it was assigned by.
    `places`: where an entry stands. Keys: ("engagement", role), ("share", tier), ("person", id, role),
    ("weight", node), ("question", id), ("asked", node), ("figure", index in plan.given, role), ("header", sheet, role).
    """

    plan: Plan | None
    findings: tuple[Finding, ...]
    places: Places = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    lang: str = LANGUAGES[0]
    unread: Unread = ALL_READ


def read_plan(path: Path, catalogue: Catalogue) -> PlanReading:
    """The plan in the workbook at `path`, as far as it can be understood, with all faults at once."""
    book, findings = open_book(path, (words.table("hidden")["calc"],))
    reading = PlanReading(None, ())
    if book is not None:
        lang, refused = _identity(book, catalogue)
        reading = PlanReading(None, (refused,), lang=lang) if refused else _read(Entries(book, catalogue, lang))
    placed = {key: Place(path.name, place.sheet, place.cell) for key, place in reading.places.items()}
    found = tuple(finding.at(path.name) for finding in (*findings, *reading.findings))
    return replace(reading, findings=found, places=placed)


def _identity(book: RawBook, catalogue: Catalogue) -> tuple[str, Finding | None]:
    """The workbook's language, and why it is no plan for this catalogue."""
    name = words.table("hidden")["identity"]
    sheet = next((each for each in book.sheets if each.name == name), None)
    if sheet is None:
        return LANGUAGES[0], Finding("PLN_006")
    stored = {line.get(1, EMPTY).shown: line.get(2, EMPTY).shown for line in sheet.rows.values()}
    lang = stored.get("lang", "")
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    schema = str(template("plan")["schema"])
    if stored.get("schema") != schema:
        values = {"found": stored.get("schema", "?"), "expected": schema}
        return lang, Finding("PLN_007", values=values)
    expected = (catalogue.id, catalogue.version, catalogue.hash)
    made_for = tuple(stored.get(key, "?") for key in ("catalogue_id", "catalogue_version", "catalogue_hash"))
    if made_for != expected:
        return lang, Finding("PLN_008", values={"found": " ".join(made_for), "expected": " ".join(expected)})
    return lang, None


def _read(entries: Entries) -> PlanReading:
    fields, settings = read_setup(entries)
    persons = read_persons(entries, fields["lang"])
    scope = read_scope(entries)
    choices = Choices(read_marks(entries, persons.ids_by_row), scope.asked)
    given, unread_angles = read_figures(entries)
    fields["starts"] = fields["starts"] or _earliest(persons.people)
    dropped = frozenset(scope.dropped)
    assigned = assign(entries.catalogue, persons.people, choices.marks, scope.asked, settings.form, dropped)
    plan = Plan(
        entries.catalogue,
        Engagement(**fields),
        settings,
        persons.people,
        assigned,
        scope.weights,
        dropped,
        given,
    )
    unread = Unread(persons.unread, unread_angles)
    return PlanReading(plan, _together(entries.findings), entries.places, choices, entries.lang, unread)


def _together(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in their order; of those that are alike one, at the first cell, that lists all cells."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        wanted = finding.values.get("field", finding.values.get("known"))
        key = (finding.code, finding.place.sheet, wanted) if finding.code in ALIKE else number
        groups.setdefault(key, []).append(finding)
    return tuple(_listing(alike) if alike[0].code in ALIKE else alike[0] for alike in groups.values())


def _listing(alike: list[Finding]) -> Finding:
    cells = [f"{each.place.cell} ({each.raw})" if each.raw else each.place.cell for each in alike]
    return replace(alike[0], values={**alike[0].values, "count": len(cells), "listed": words.named(cells)})


def _earliest(people: tuple[Person, ...]) -> date:
    """What stands in for a missing first day (a finding already) so that checking can go on."""
    appointments = [person.appointment.date() for person in people if person.appointment]
    return min(appointments, default=date.min)
