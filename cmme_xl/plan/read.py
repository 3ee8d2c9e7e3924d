"""Reading a plan workbook back: inputs only, found by words and ids; every fault a finding, and reading goes on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmme_xl.catalogue import ROOT, Catalogue, Text
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Choices, Mark, assign, catalogue_marks
from cmme_xl.plan.cells import Cells, Table, find_table, referred_row, shown
from cmme_xl.plan.model import UNKNOWN, Engagement, Given, Person, Plan, Settings
from cmme_xl.spreadsheet.opening import open_workbook
from cmme_xl.templates import template

if TYPE_CHECKING:
    from openpyxl import Workbook

Places = Mapping[tuple[str, ...], Place]

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
YEARS = (1900, 2200)
OFFERED = ("lang", "scope", "voice", "combine", "importance", "form", "audience", "yesno")


@dataclass(frozen=True)
class PlanReading:
    """What was read from a plan workbook.

    `plan` is None where the file is no plan for this catalogue; with errors among `findings` it is the part that
    was understood, good for further checks and for nothing else. `choices` are the marks it was assigned by.
    `places`: where an entry stands. Keys: ("engagement", role), ("share", tier), ("person", id, role),
    ("weight", node), ("question", id), ("asked", node), ("figure", index in plan.given, role), ("header", sheet, role).
    `unread`: the group, or UNKNOWN, of each person whose row is faulty and so not in the plan.
    """

    plan: Plan | None
    findings: tuple[Finding, ...]
    places: Places = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    lang: str = LANGUAGES[0]
    unread: tuple[str, ...] = ()


def read_plan(path: Path, catalogue: Catalogue) -> PlanReading:
    """The plan in the workbook at `path`, as far as it can be understood, with all faults at once."""
    book, findings = open_workbook(path, frozenset((str(words.table("hidden")["calc"]),)))
    reading = PlanReading(None, findings)
    if book is not None:
        lang, refused = _identity(book, catalogue)
        if refused is None:
            reading = _Reader(book, catalogue, lang).reading()
        else:
            reading = PlanReading(None, (refused,), lang=lang)
        book.close()
    placed = {key: Place(path.name, place.sheet, place.cell) for key, place in reading.places.items()}
    found = tuple(finding.at(path.name) for finding in reading.findings)
    return PlanReading(reading.plan, found, placed, reading.choices, reading.lang, reading.unread)


def _identity(book: "Workbook", catalogue: Catalogue) -> tuple[str, Finding | None]:
    """The workbook's language, and why it is no plan for this catalogue."""
    name = words.table("hidden")["identity"]
    sheet = next((each for each in book.worksheets if each.title == name), None)
    if sheet is None:
        return LANGUAGES[0], Finding("PLN_006")
    rows = sheet.iter_rows(max_row=20, max_col=2, values_only=True)
    stored = {shown(key): shown(value) for key, value in rows if key is not None}
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


class _Reader:
    """One pass over the sheets; each section leaves its values and findings behind."""

    def __init__(self, book: "Workbook", catalogue: Catalogue, lang: str) -> None:
        self.book = book
        self.catalogue = catalogue
        self.lang = lang
        self.findings: list[Finding] = []
        self.places: dict[tuple[str, ...], Place] = {}
        self.unread: list[str] = []
        self.offered = {kind: words.choice_words(kind, catalogue) for kind in (*OFFERED, "group", "angle")}

    def reading(self) -> PlanReading:
        fields, settings = self._engagement()
        people, ids_by_row = self._people(fields["lang"])
        weights, dropped = self._weights()
        question_weights, dropped_questions, question_marks = self._questions()
        dropped |= dropped_questions
        choices = Choices(self._marks(ids_by_row), question_marks)
        fields["starts"] = fields["starts"] or _earliest(people)
        assigned = assign(
            self.catalogue, people, choices.marks, question_marks, settings.form, frozenset(dropped)
        )
        plan = Plan(
            self.catalogue,
            Engagement(**fields),
            settings,
            people,
            assigned,
            weights | question_weights,
            frozenset(dropped),
            self._figures(),
        )
        return PlanReading(plan, tuple(self.findings), self.places, choices, self.lang, tuple(self.unread))

    # --- engagement and settings ------------------------------------------------------------------------------

    def _engagement(self) -> tuple[dict[str, Any], Settings]:
        section = words.table("engagement")
        fields: dict[str, Any] = {}
        settings: dict[str, Any] = {}
        shares: dict[str, float] = {}
        headers = {role: words.spellings(section[role]) for role in ("label", "value")}
        cells = self._cells("engagement", headers, frozenset(headers))
        rows = _labels(cells) if cells else {}
        for entry in section["row"]:
            row = self._labelled(rows, words.spellings(entry["label"]), words.text(entry["label"]), cells)
            into = settings if entry.get("setting") else fields
            into[entry["role"]] = self._entry(cells, row, entry) if cells and row else None
            if cells and row:
                self.places["engagement", entry["role"]] = cells.place(row, "value")
        for tier in self.catalogue.tiers:
            label = Text(*(section["share"][lang].format(tier=tier.name.in_(lang)) for lang in LANGUAGES))
            row = self._labelled(rows, words.spellings(label), label, cells)
            if cells and row:
                self.places["share", tier.id] = cells.place(row, "value")
                share = cells.number(row, "value")
                shares |= {} if share is None else {tier.id: share}
        fields["lang"] = fields["lang"] or self.lang
        fields |= {role: "" for role, value in fields.items() if value is None and role not in ("starts", "due")}
        chosen = {role: value for role, value in settings.items() if value is not None}
        chosen.setdefault("askers_min", self.catalogue.limits.askers_min)
        return fields, Settings(**chosen, tier_shares=shares)

    def _labelled(
        self, rows: Mapping[str, int], spelled: frozenset[str], label: Text, cells: Cells | None
    ) -> int | None:
        row = next((rows[word] for word in spelled if word in rows), None)
        if row is None and cells is not None:
            self.findings.append(
                Finding("PLN_028", Place(sheet=cells.table.sheet.title), values={"field": label})
            )
        return row

    def _entry(self, cells: Cells, row: int, entry: Mapping[str, Any]) -> Any:
        kind, role = entry["kind"], entry["role"]
        if cells.empty(row, "value"):
            if entry.get("required"):
                cells.fault("PLN_016", row, "value", field=words.text(entry["label"]))
            return None
        if kind == "date":
            moment = cells.moment(row, "value")
            return moment.date() if moment else None
        if kind == "number":
            number = cells.number(row, "value", 1, whole=True)
            return None if number is None else int(number)
        if kind == "yesno":
            word = cells.choice(row, "value", self.offered["yesno"])
            return None if word is None else word == "yes"
        if kind in OFFERED:
            return cells.choice(row, "value", self.offered[kind])
        typed = cells.text(row, "value")
        if role == "id" and typed and not safe(typed):
            cells.fault("PLN_017", row, "value", typed)
        return typed

    # --- people ---------------------------------------------------------------------------------------------------

    def _people(self, lang: str) -> tuple[tuple[Person, ...], dict[int, str]]:
        """The people, and the id that stands in each row of their sheet."""
        people: dict[str, Person] = {}
        ids_by_row: dict[int, str] = {}
        cells = self._cells("people", required=frozenset(("id", "name", "group")))
        if cells is None:
            self.unread.append(UNKNOWN)
            return (), {}
        seen: set[str] = set()
        typed = [column["role"] for column in words.columns("people") if column["kind"] != "live"]
        typed = [role for role in typed if role in cells.table.columns]
        for row in cells.table.rows():
            if all(cells.empty(row, role) for role in typed):
                continue
            person = self._person(cells, row, lang)
            ids_by_row[row] = person.id
            repeated = person.id.casefold() in seen
            if repeated:
                cells.fault("PLN_018", row, "id", person.id)
            if not person.id or not person.group or repeated:
                self.unread.append(person.group)
                seen |= {person.id.casefold()} - {""}
                continue
            seen.add(person.id.casefold())
            people[person.id] = person
            for role in typed:
                self.places["person", person.id, role] = cells.place(row, role)
        return tuple(people.values()), ids_by_row

    def _person(self, cells: Cells, row: int, lang: str) -> Person:
        for role in ("id", "name", "group"):
            if cells.empty(row, role):
                cells.fault("PLN_016", row, role, field=_header_text("people", role))
        person = cells.text(row, "id")
        if person and not safe(person):
            cells.fault("PLN_017", row, "id", person)
        weight = cells.number(row, "weight")
        return Person(
            id=person,
            name=cells.text(row, "name"),
            group=cells.choice(row, "group", self.offered["group"]) or UNKNOWN,
            department=cells.text(row, "department"),
            title=cells.text(row, "title"),
            lang=cells.choice(row, "lang", self.offered["lang"]) or lang,
            email=cells.text(row, "email"),
            interviewer=cells.text(row, "interviewer"),
            appointment=cells.moment(row, "appointment"),
            minutes=cells.number(row, "minutes", 1),
            weight=1.0 if weight is None else weight,
        )

    # --- weights and questions ------------------------------------------------------------------------------------

    def _weights(self) -> tuple[dict[str, float], set[str]]:
        own = {dimension.id: dimension.weight for dimension in self.catalogue.dimensions}
        own |= {indicator.id: indicator.weight for indicator in self.catalogue.indicators}
        weights: dict[str, float] = {}
        dropped: set[str] = set()
        cells = self._cells("weights", required=frozenset(("id", "scope", "weight")))
        if cells is not None:
            rows = self._by_id(cells, own, passed=frozenset((ROOT,)))
            self._weightless(cells, rows, own)
            for node, row in rows.items():
                self.places["weight", node] = cells.place(row, "weight")
                self._weight_and_scope(cells, row, node, own[node], weights, dropped)
        return weights, dropped

    def _questions(self) -> tuple[dict[str, float], set[str], dict[str, frozenset[str]]]:
        own = {question.id: question.weight for question in self.catalogue.questions.values()}
        weights: dict[str, float] = {}
        dropped: set[str] = set()
        marks = catalogue_marks(self.catalogue)
        groups = {f"group:{group.id}": words.spellings(group.name) for group in self.catalogue.groups}
        required = frozenset(("id", "scope", "weight", *groups))
        cells = self._cells("questions", _headers("questions") | groups, required)
        if cells is None:
            return weights, dropped, marks
        rows = self._by_id(cells, own)
        self._weightless(cells, rows, own)
        for question, row in rows.items():
            self.places["question", question] = cells.place(row, "id")
            self._weight_and_scope(cells, row, question, own[question], weights, dropped)
            asked = {
                group.id for group in self.catalogue.groups if self._asked(cells, row, f"group:{group.id}")
            }
            marks[question] = frozenset(asked)
        return weights, dropped, marks

    def _weightless(self, cells: Cells, rows: Mapping[str, int], own: Mapping[str, float]) -> None:
        """One finding for all rows of a sheet that have no weight."""
        empty = [node for node, row in rows.items() if cells.empty(row, "weight")]
        if empty:
            listed = words.named([f"{node} ({own[node]:g})" for node in empty])
            cells.fault("PLN_024", rows[empty[0]], "weight", count=len(empty), listed=listed)

    def _weight_and_scope(
        self, cells: Cells, row: int, node: str, own: float, weights: dict[str, float], dropped: set[str]
    ) -> None:
        weight = cells.number(row, "weight")
        if weight is not None and weight != own:
            weights[node] = weight
        if cells.choice(row, "scope", self.offered["yesno"]) == "no":
            dropped.add(node)

    def _asked(self, cells: Cells, row: int, role: str) -> bool:
        typed = cells.text(row, role)
        marks = words.table("marks")
        if typed not in ("", marks["asked"]):
            cells.fault("PLN_022", row, role, typed, known=marks["asked"])
        return bool(typed == marks["asked"])

    # --- assignment -----------------------------------------------------------------------------------------------

    def _marks(self, ids_by_row: Mapping[int, str]) -> dict[str, dict[str, Mark]]:
        """Person id -> node id -> mark. A column belongs to the person whose row its header refers to, or names."""
        people = set(ids_by_row.values())
        nodes = {node: text for node, text in self.catalogue.names.items() if node != ROOT}
        headers = {role: found for role, found in _headers("assignment").items() if role in ("id", "name")}
        found = self._cells("assignment", headers, frozenset(headers))
        marks: dict[str, dict[str, Mark]] = {}
        if found is None:
            return marks
        sheet, header = found.table.sheet, found.table.header
        rows = self._by_id(found, nodes)
        for node, row in rows.items():
            self.places["asked", node] = found.place(row, "id")
        live = {word for spelled in _headers("assignment").values() for word in spelled}
        columns = sorted({column for row, column in sheet._cells if row in set(rows.values())})
        for column in columns:
            head = sheet.cell(header, column).value
            if column in found.table.columns.values() or (isinstance(head, str) and words.plain(head) in live):
                continue
            cells = Cells(Table(sheet, header, {"mark": column}), self.catalogue, self.lang, self.findings)
            read = {node: mark for node, row in rows.items() if (mark := self._mark(cells, row))}
            referred = referred_row(head)
            person = ids_by_row.get(referred, "") if referred else shown(head).strip()
            if read and not person:
                cells.fault("PLN_023", header, "mark", head)
            elif read and person in people:
                marks[person] = {**marks.get(person, {}), **read}
            elif read and not referred:
                cells.fault("PLN_023", header, "mark", head)
        return marks

    def _mark(self, cells: Cells, row: int) -> Mark | None:
        typed = cells.text(row, "mark")
        marks = words.table("marks")
        if not typed:
            return None
        if typed == marks["asked"]:
            return Mark.ALL
        if typed in (marks["none"], marks["none_typed"]):
            return Mark.NONE
        cells.fault("PLN_022", row, "mark", typed, known=f"{marks['asked']} / {marks['none']}")
        return None

    # --- given figures --------------------------------------------------------------------------------------------

    def _figures(self) -> tuple[Given, ...]:
        given: list[Given] = []
        cells = self._cells("figures", required=frozenset(("angle", "node", "value")))
        if cells is None:
            return ()
        typed = [column["role"] for column in words.columns("figures") if column["kind"] != "live"]
        typed = [role for role in typed if role in cells.table.columns]
        for row in cells.table.rows():
            if all(cells.empty(row, role) for role in typed):
                continue
            figure = self._figure(cells, row)
            if figure is None:
                continue
            if any((each.angle, each.node) == (figure.angle, figure.node) for each in given):
                cells.fault("PLN_029", row, "node", figure.node, angle=self.offered["angle"][figure.angle])
                continue
            for role in typed:
                self.places["figure", str(len(given)), role] = cells.place(row, role)
            given.append(figure)
        return tuple(given)

    def _figure(self, cells: Cells, row: int) -> Given | None:
        for role in ("angle", "node", "value"):
            if cells.empty(row, role):
                cells.fault("PLN_016", row, role, field=_header_text("figures", role))
        angle = cells.choice(row, "angle", self.offered["angle"])
        node = cells.text(row, "node")
        known = {word.casefold(): word for word in (*self.catalogue.names, *self.catalogue.questions)}
        if node and node.casefold() not in known:
            cells.fault("PLN_019", row, "node", node)
        value = cells.number(row, "value", self.catalogue.scale_min, self.catalogue.scale_max)
        year = cells.number(row, "year", *YEARS, whole=True)
        n = cells.number(row, "n", 1, whole=True)
        source, industry, size = (cells.text(row, role) for role in ("source", "industry", "size"))
        if angle is None or value is None or node.casefold() not in known:
            return None
        return Given(
            angle,
            known[node.casefold()],
            value,
            source,
            None if year is None else int(year),
            None if n is None else int(n),
            industry,
            size,
        )

    # --- shared ---------------------------------------------------------------------------------------------------

    def _cells(
        self,
        sheet: str,
        headers: Mapping[str, frozenset[str]] | None = None,
        required: frozenset[str] = frozenset(),
    ) -> Cells | None:
        found, missing = find_table(self.book, sheet, headers or _headers(sheet), required)
        if missing is not None:
            self.findings.append(missing)
        if found is None:
            return None
        cells = Cells(found, self.catalogue, self.lang, self.findings)
        self.places |= {("header", sheet, role): cells.place(found.header, role) for role in found.columns}
        return cells

    def _by_id(
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
            place = Place(sheet=cells.table.sheet.title, question=gone[0])
            self.findings.append(Finding("PLN_021", place, values={"count": len(gone), "listed": words.named(gone)}))
        return rows


def safe(word: str) -> bool:
    """Whether an id can stand in a file name on every system."""
    return bool(SAFE_ID.fullmatch(word)) and not RESERVED.fullmatch(word.casefold())


def _headers(sheet: str) -> dict[str, frozenset[str]]:
    return {column["role"]: words.spellings(column["header"]) for column in words.columns(sheet)}


def _header_text(sheet: str, role: str) -> Text:
    return next(words.text(column["header"]) for column in words.columns(sheet) if column["role"] == role)


def _labels(cells: Cells) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row in cells.table.rows():
        label = words.plain(cells.fixed(row, "label"))
        if label:
            rows.setdefault(label, row)
    return rows


def _earliest(people: tuple[Person, ...]) -> date:
    """What stands in for a missing first day (a finding already) so that checking can go on."""
    appointments = [person.appointment.date() for person in people if person.appointment]
    return min(appointments, default=date.min)
