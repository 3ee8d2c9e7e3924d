"""Calibrations read back from a scorecard: what consultants put in place of combined values (scoring.md rule 11).

A calibration stands only with
name, date and reason; whatever else was typed is a finding that quotes it, and is kept as an entry.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cmme_xl.catalogue import Text
from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.reading.opening import open_book
from cmme_xl.returned.answer import Vocabulary
from cmme_xl.returned.replies import Outcome
from cmme_xl.returned.scorecard import (
    ANGLES,
    Entry,
    added,
    calculation_sheets,
    columns_of,
    entries,
    field_name,
    identity,
    stray,
)

_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?")
_SERIAL_DAYS = range(36_526, 73_051)
"""The days of the years 2000 to 2099 as a spreadsheet counts them, where a cell has lost its look of a date."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What stands in place of the combined value of a question or indicator in one angle.

    `score` is on the catalogue's scale, None where the node is out of scope (N/A); `by`, `on` and `reason` are all set.
    """

    angle: str
    node: str
    score: float | None
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A scorecard as far as it was understood. `entries`: everything typed into it, understood or not."""

    calibrations: tuple[Calibration, ...]
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


NOTHING = Reading((), (), ())


def read_calibrations(path: Path | None, plan: Plan) -> Reading:
    """The calibrations in the scorecard at `path`, in catalogue order, with every fault in it; none without a path.

    Nothing in the file is run or changed. Raises Refusal where it cannot be opened, is no scorecard, or belongs to
    another engagement.
    """
    if path is None:
        return NOTHING
    book, opened = open_book(path, calculation_sheets())
    if book is None:
        raise Refusal([finding.at(path.name) for finding in opened])
    try:
        findings = [*opened, *identity(book, plan)]
    except Refusal as refused:
        raise Refusal([finding.at(path.name) for finding in refused.findings]) from refused
    typed = [entry for sheet in book.sheets if not sheet.hidden for entry in entries(sheet)]
    if not any(columns_of(sheet) for sheet in book.sheets):
        findings.append(Finding("CAL_005"))
    findings += [*added(book), *stray(book)]
    kept, doubled = _once(typed)
    found, faults = _judged(kept, plan, book.saved_at[:10])
    findings += [*doubled, *faults]
    return Reading(tuple(found), tuple(kept), tuple(finding.at(path.name) for finding in findings))


def _once(entries: Iterable[Entry]) -> tuple[list[Entry], list[Finding]]:
    """Each node once per angle. What was typed twice, differently, counts neither time."""
    seen: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        seen.setdefault((entry.angle, entry.node), []).append(entry)
    kept, findings = [], []
    for listed in seen.values():
        if len({entry.typed for entry in listed}) == 1:
            kept.append(listed[0])
            continue
        places = ", ".join(f"{entry.place.sheet}!{entry.place.cell}" for entry in listed)
        first = listed[0]
        place = Place(sheet=first.place.sheet, cell=first.place.cell, question=first.node)
        findings.append(Finding("CAL_016", place, " / ".join(each.shown for each in listed), {"places": places}))
    return kept, findings


# --- what it means


def _judged(entries: Iterable[Entry], plan: Plan, saved: str) -> tuple[list[Calibration], list[Finding]]:
    vocabulary = Vocabulary.of(plan.catalogue)
    findings: list[Finding] = []
    found: dict[tuple[str, str], Calibration] = {}
    for entry in entries:
        calibration = _calibration(entry, plan, vocabulary, saved, findings)
        if calibration is not None:
            found[entry.node, entry.angle] = calibration
    nodes = [node.id for node in plan.catalogue.nodes]
    listed = [found[node, angle] for node in nodes for angle in ANGLES if (node, angle) in found]
    for each in listed:
        indicator = plan.catalogue.indicator_of.get(each.node)
        if indicator is not None and (indicator.id, each.angle) in found:
            place = Place(question=each.node)
            findings.append(Finding("CAL_020", place, values={"indicator": indicator.id}))
    return listed, findings


def _calibration(
    entry: Entry, plan: Plan, vocabulary: Vocabulary, saved: str, findings: list[Finding]
) -> Calibration | None:
    """The calibration that an entry is, or None and why not. `saved`: the day the scorecard was saved, in ISO form."""
    catalogue = plan.catalogue
    place = Place(sheet=entry.place.sheet, cell=entry.place.cell, question=entry.node)

    def fault(code: str, raw: str = "", **values: object) -> None:
        findings.append(Finding(code, place, raw or entry.score.shown, values))

    known = entry.node in catalogue.questions or any(entry.node == each.id for each in catalogue.indicators)
    if not known:
        fault("CAL_015", entry.shown)
        return None
    formula = next((cell for cell in entry.typed if cell.formula or cell.kind is CellKind.ERROR), None)
    if formula is not None:
        fault("CAL_013", formula.shown)
        return None
    if not entry.score.text.strip():
        fault("CAL_017", entry.shown)
        return None
    reading = vocabulary.read(entry.score)
    if reading.code == "ANS_003":
        fault("CAL_011", low=f"{catalogue.scale_min:g}", high=f"{catalogue.scale_max:g}")
        return None
    if reading.outcome not in (Outcome.SCORED, Outcome.NA):
        fault("CAL_010", low=f"{catalogue.scale_min:g}", high=f"{catalogue.scale_max:g}", na=catalogue.na)
        return None
    by, why, on = entry.by.shown.strip(), entry.why.shown.strip(), day(entry.when)
    if entry.when.text.strip() and on is None:
        fault("CAL_014", entry.when.shown)
        return None
    missing = [field for field, value in (("by", by), ("when", on), ("why", why)) if not value]
    if missing or on is None:
        fault("CAL_012", missing=_listed(missing))
        return None
    if reading.code == "ANS_001":
        fault("CAL_018", understood=catalogue.na if reading.score is None else f"{reading.score:g}")
    if entry.when.kind is not CellKind.DATE:
        fault("CAL_018", entry.when.shown, understood=on.isoformat())
    if saved and (on - timedelta(1)).isoformat() > saved:  # a day may pass between two time zones
        fault("CAL_025", entry.when.shown, saved=saved)
    if not _kept(plan, entry.node):
        fault("CAL_023")
    return Calibration(entry.angle, entry.node, reading.score, by, on, why)


def _kept(plan: Plan, node: str) -> bool:
    """Whether the plan leaves a question or indicator in scope."""
    indicator = plan.catalogue.indicator_of.get(node)
    above = {plan.catalogue.dimension_of[node].id, indicator.id if indicator else node}
    return plan.dropped.isdisjoint((node, *above))


def _listed(fields: Iterable[str]) -> Text:
    names = [field_name(field) for field in fields]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def day(cell: Cell) -> date | None:
    """The day in a cell: a date, or text or a number that can only be one."""
    text = cell.text.strip()
    try:
        if cell.kind is CellKind.DATE:
            moment = datetime.fromisoformat(text)
            return moment.date() if moment.year > 1900 else None
        if cell.kind is CellKind.NUMBER:
            return date(1899, 12, 30) + timedelta(int(float(text))) if int(float(text)) in _SERIAL_DAYS else None
        typed = _DAY.fullmatch(text)
        return date(*map(int, typed.groups())) if typed else None
    except (ValueError, OverflowError):
        return None
