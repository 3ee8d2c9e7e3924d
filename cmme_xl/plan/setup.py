"""The sheet of the engagement: its names and dates, the settings of scoring, the shares of the tiers."""

from collections.abc import Mapping
from typing import Any

from cmme_xl.catalogue import Text
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.cells import Cells
from cmme_xl.plan.entries import OFFERED, Entries, safe
from cmme_xl.plan.model import Settings


def read_setup(entries: Entries) -> tuple[dict[str, Any], Settings]:
    """The fields of the engagement (`starts` and `due` None where not given), and the settings."""
    section = words.table("engagement")
    fields: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    shares: dict[str, float] = {}
    headers = {role: words.spellings(section[role]) for role in ("label", "value")}
    cells = entries.cells("engagement", headers, headers)
    rows = _labels(cells) if cells else {}
    for entry in section["row"]:
        row = _labelled(entries, rows, words.text(entry["label"]), cells)
        into = settings if entry.get("setting") else fields
        into[entry["role"]] = _entry(entries, cells, row, entry) if cells and row else None
        if cells and row:
            entries.places["engagement", entry["role"]] = cells.place(row, "value")
    for tier in entries.catalogue.tiers:
        label = Text(*(section["share"][lang].format(tier=tier.name.in_(lang)) for lang in LANGUAGES))
        row = _labelled(entries, rows, label, cells)
        if cells and row:
            entries.places["share", tier.id] = cells.place(row, "value")
            share = cells.number(row, "value")
            shares |= {} if share is None else {tier.id: share}
    fields["lang"] = fields["lang"] or entries.lang
    fields |= {role: "" for role, value in fields.items() if value is None and role not in ("starts", "due")}
    chosen = {role: value for role, value in settings.items() if value is not None}
    chosen.setdefault("askers_min", entries.catalogue.limits.askers_min)
    return fields, Settings(**chosen, tier_shares=shares)


def _labels(cells: Cells) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row in cells.table.rows():
        label = words.plain(cells.fixed(row, "label"))
        if label:
            rows.setdefault(label, row)
    return rows


def _labelled(entries: Entries, rows: Mapping[str, int], label: Text, cells: Cells | None) -> int | None:
    row = next((rows[word] for word in words.spellings(label) if word in rows), None)
    if row is None and cells is not None:
        place = Place(sheet=cells.table.sheet.name)
        entries.findings.append(Finding("PLN_028", place, values={"field": label}))
    return row


def _entry(entries: Entries, cells: Cells, row: int, entry: Mapping[str, Any]) -> Any:
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
        word = cells.choice(row, "value", entries.offered["yesno"])
        return None if word is None else word == "yes"
    if kind in OFFERED:
        return cells.choice(row, "value", entries.offered[kind])
    typed = cells.text(row, "value")
    if role == "id" and typed and not safe(typed):
        cells.fault("PLN_017", row, "value", typed)
    return typed
