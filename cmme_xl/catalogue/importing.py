"""Reading an edited catalogue workbook back: what may be changed is taken, every fault gets its cell.

The hidden sheet carries the catalogue it was exported from: what the sheets do not hold comes from there, and a
question whose wording differs from then gets a new revision.
"""

import copy
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.base import Base, base_of
from cmme_xl.catalogue.cells import Sheet
from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.loader import assembled
from cmme_xl.catalogue.model import Catalogue, Text, text_hash
from cmme_xl.catalogue.places import INDICATOR_ROW, QUESTION_ROW, Places
from cmme_xl.catalogue.rows import match
from cmme_xl.catalogue.tables import key_of, kind_of, leaves, natural, part_of, put
from cmme_xl.catalogue.words import plain
from cmme_xl.findings import LANGUAGES, Finding, Severity
from cmme_xl.reading.grid import RawBook
from cmme_xl.reading.opening import open_book

DIMENSION = ("number", "name", "short", "statement", "weight")
INDICATOR = (*DIMENSION, "key", "block", "nature", "effort", "prerequisites", "owner", "why")
QUESTION = ("text", "minutes", "weight", "short", "evidence", "next")
EDITED = 6
"""How many digits of its hash an edited catalogue's version carries after a plus sign."""


def read_workbook(path: Path) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue in the workbook at `path`, and all faults of form and content, each with its cell.

    None where no catalogue can be made of it. Without edits it is the very catalogue that was exported; else its
    version is that one's with "+" and digits of its hash.
    """
    book, findings = open_book(path)
    catalogue: Catalogue | None = None
    if book is not None:
        base, refused = base_of(book)
        if refused is not None:
            findings = (*findings, refused)
        elif base is not None:
            catalogue, read = _Reader(book, base).read()
            findings = (*findings, *read)
    return catalogue, tuple(finding.at(path.name) for finding in findings)


class _Reader:
    """One pass over the sheets. What is read goes into the tables of a catalogue, where it stands into `places`."""

    def __init__(self, book: RawBook, base: Base) -> None:
        self.book = book
        self.base = base
        self.model = copy.deepcopy(base.model)
        self.findings: list[Finding] = []
        self.places = Places()
        # every indicator by its id in plain form
        self.indicators = {plain(id_): id_ for id_ in base.indicators}
        self.known = self.indicators | {plain(id_): id_ for id_ in base.questions}
        # the form of the catalogue as it was: its groups, blocks and bands give the columns and choices
        self.form = assembled(base.model, "", (), [])

    def read(self) -> tuple[Catalogue | None, tuple[Finding, ...]]:
        self._settings()
        dimensions = self._indicators()
        indicators = {entry["id"]: entry for table in dimensions for entry in table["indicator"]}
        self._advice(indicators)
        self._questions(indicators)
        faults: list[Finding] = []
        catalogue = assembled(self.model, "", [("", table) for table in dimensions], faults)
        checked = () if faults else check(catalogue)
        findings = (*self.findings, *faults, *self.places.placed(checked, self.findings))
        if faults or any(finding.severity is Severity.ERROR for finding in self.findings):
            return None, findings
        return self._versioned(catalogue), findings

    # --- sheets -----------------------------------------------------------------------------------------------

    def _settings(self) -> None:
        values = list(leaves(self.base.model))
        sheet = self._sheet("settings")
        if sheet is None:
            return
        rows = self._match(sheet, [key_of(path) for path, _ in values], ("key",))
        fixed = workbook.table("settings")["fixed"]
        for path, value in values:
            row = rows.get(key_of(path))
            if row is None:
                continue
            node, field = part_of(self.base.model, path)
            if isinstance(value, dict):
                self.places.of |= {(node, f"{field}.{lang}"): sheet.place(row, lang) for lang in LANGUAGES}
            else:
                self.places.of[node, field] = sheet.place(row, "zh")
                sheet.unused(row, "en")
            read = self._setting(sheet, row, value)
            if kind_of(path) not in fixed:
                put(self.model, path, read)
            elif read != value:
                sheet.fault("CAT_039", row, "zh", sheet.text(row, "zh"), field=key_of(path))

    def _setting(self, sheet: Sheet, row: int, value: Any) -> Any:
        if isinstance(value, dict):
            return {lang: sheet.text(row, lang) for lang in LANGUAGES}
        if isinstance(value, list):
            return self._ids(sheet.text(row, "zh"))
        if isinstance(value, str):
            return sheet.text(row, "zh")
        number = sheet.number(row, "zh", whole=isinstance(value, int))
        return value if number is None else type(value)(number)

    def _indicators(self) -> list[dict[str, Any]]:
        """The tables of the dimensions, their indicators within."""
        dimensions: list[str] = self.model["dimensions"]
        order = [
            id_
            for dimension in dimensions
            for id_ in (dimension, *(each for each in self.base.indicators if each.startswith(f"{dimension}-")))
        ]
        sheet = self._sheet("indicators")
        if sheet is None:
            self.places.unread |= {(id_, INDICATOR_ROW) for id_ in order}
            return []
        rows = self._match(sheet, order, ("id",), INDICATOR_ROW)
        tables: list[dict[str, Any]] = []
        for id_, row in sorted(rows.items(), key=lambda pair: order.index(pair[0])):
            self.places.of[id_, "id"] = sheet.place(row, "id")
            if id_ in dimensions:
                tables.append({"dimension": self._fields(sheet, row, id_, DIMENSION), "indicator": []})
                for column in sheet.layout:
                    if str(column["role"]).partition(".")[0] not in ("id", *DIMENSION):
                        sheet.unused(row, column["role"])
                continue
            entry = self._fields(sheet, row, id_, INDICATOR) | {"question": []}
            if tables and id_.startswith(f"{tables[-1]['dimension']['id']}-"):
                tables[-1]["indicator"].append(entry)
        return tables

    def _fields(self, sheet: Sheet, row: int, id_: str, fields: tuple[str, ...]) -> dict[str, Any]:
        """The entries of a dimension or an indicator."""
        entry: dict[str, Any] = {"id": id_}
        for field in fields:
            self._field(sheet, row, id_, field, entry)
        return entry

    def _field(self, sheet: Sheet, row: int, id_: str, field: str, entry: dict[str, Any]) -> None:
        """One entry, by the kind of its column; a faulty one gets a value that nothing else takes offence at."""
        kinds = {column["role"]: column["kind"] for column in sheet.layout}
        if f"{field}.zh" in kinds:
            entry[field] = {lang: sheet.text(row, f"{field}.{lang}") for lang in LANGUAGES}
            self.places.of |= {(id_, f"{field}.{lang}"): sheet.place(row, f"{field}.{lang}") for lang in LANGUAGES}
            return
        self.places.of[id_, field] = sheet.place(row, field)
        kind = kinds[field]
        if kind in ("yesno", "nature", "block"):
            key = self._choice(sheet, row, field, kind) or next(iter(workbook.offered(kind, self.form)))
            entry[field] = key == "yes" if kind == "yesno" else key
        elif kind == "ids":
            entry[field] = self._ids(sheet.text(row, field))
        else:
            whole = kind in ("effort", "fixed")
            number = sheet.number(row, field, whole=whole)
            entry[field] = (int if whole else float)(1 if number is None else number)

    def _choice(self, sheet: Sheet, row: int, role: str, kind: str, empty: str = "") -> str | None:
        offered = workbook.offered(kind, self.form).values()
        known = Text(*(" / ".join(wording.in_(lang) for wording in offered) for lang in LANGUAGES))
        return sheet.choice(row, role, workbook.understood(kind, self.form), known, empty)

    def _advice(self, indicators: Mapping[str, dict[str, Any]]) -> None:
        parts = workbook.advice_parts(self.form)
        sheet = self._sheet("advice")
        order = [f"{id_} {part}" for id_ in self.base.indicators for part in parts]
        rows: Mapping[str, int] = {}
        if sheet is not None:
            rows = self._match(sheet, order, ("id", "part"), within=indicators)
        for id_, entry in indicators.items():
            for part in parts:
                field, _, key = part.partition(".")
                row = rows.get(f"{id_} {part}")
                wording = {lang: sheet.text(row, lang) if sheet and row else "" for lang in LANGUAGES}
                entry.setdefault(field, {})[key] = wording
                if sheet and row:
                    self.places.of |= {(id_, f"{part}.{lang}"): sheet.place(row, lang) for lang in LANGUAGES}

    def _questions(self, indicators: Mapping[str, dict[str, Any]]) -> None:
        sheet = self._sheet("questions")
        if sheet is None:
            self.places.unread |= {(id_, QUESTION_ROW) for id_ in self.base.questions}
            return
        for group in self.form.groups:
            asked = sheet.head("short" if group.external else f"{workbook.TIER}{group.id}")
            if group.questions:
                asked = self.places.of.get((f"group {group.id}", "questions"), asked)
            self.places.of[f"group {group.id}", "asked"] = asked
        order = list(self.base.questions)
        rows = self._match(sheet, order, ("id",), QUESTION_ROW, within=indicators)
        known = sorted((id_ for id_ in rows if id_ in self.base.questions), key=order.index)
        for id_ in sorted(rows.keys() - set(known), key=natural):
            siblings = [each for each in known if self._indicator(each) == self._indicator(id_)]
            at = known.index(siblings[-1]) + 1 if siblings else len(known)
            known.insert(at, id_)
        hashes: dict[str, str] = {}
        for id_ in known:
            indicator = self._indicator(id_)
            entry = self._question(sheet, rows[id_], id_)
            hashes[id_] = text_hash(Text(**entry["text"]))
            if indicator in indicators:
                indicators[indicator]["question"].append(entry)
        self._moved(sheet, rows, hashes)

    def _moved(self, sheet: Sheet, rows: Mapping[str, int], hashes: Mapping[str, str]) -> None:
        """A wording that left its own id for another one's: ids were swapped, or sorted without their rows."""
        exported = {hash_: id_ for id_, (_, hash_) in self.base.questions.items()}
        for id_, hash_ in hashes.items():
            other = exported.get(hash_, id_)
            if other != id_ and hashes.get(other) != hash_:
                sheet.fault("CAT_058", rows[id_], "id", id_, id=id_, other=other)

    def _question(self, sheet: Sheet, row: int, id_: str) -> dict[str, Any]:
        self.places.of |= {(id_, role): sheet.place(row, role) for role in ("id", "used", "rev")}
        used = self._choice(sheet, row, "used", "yesno", "" if id_ in self.base.questions else "yes")
        entry: dict[str, Any] = {"id": id_, "used": used != "no"}
        for field in QUESTION:
            self._field(sheet, row, id_, field, entry)
        entry["tiers"] = self._tiers(sheet, row, id_)
        entry["rev"] = self._rev(sheet, row, id_, Text(**entry["text"]))
        self.places.of.setdefault((self._indicator(id_), "questions"), sheet.place(row, "used"))
        if entry["used"]:
            self.places.of.setdefault((self._indicator(id_), "questions.short"), sheet.place(row, "short"))
            self.places.of.setdefault((self._indicator(id_), "questions.tiers"), self.places.of[id_, "tiers"])
        return entry

    def _tiers(self, sheet: Sheet, row: int, id_: str) -> list[str]:
        asked = []
        for group in self.form.tiers:
            role = f"{workbook.TIER}{group.id}"
            self.places.of[id_, f"tiers.{group.id}"] = sheet.place(row, role)
            self.places.of.setdefault((id_, "tiers"), sheet.place(row, role))
            mark = workbook.table("marks")["asked"]
            if sheet.choice(row, role, workbook.understood("tier", self.form), Text(mark, mark), "no") == "yes":
                asked.append(group.id)
        return asked

    def _rev(self, sheet: Sheet, row: int, id_: str, text: Text) -> int:
        """The revision of a wording: as exported, one more where it was reworded, or a higher one that was typed."""
        before, hash_ = self.base.questions.get(id_, (0, ""))
        least = before if text_hash(text) == hash_ else before + 1
        number = None if sheet.empty(row, "rev") else sheet.number(row, "rev", whole=True)
        if number is None or number == before:
            return least
        if int(number) < least or least == before:
            sheet.fault("CAT_054", row, "rev", int(number), id=id_, rev=least)
        return int(number)

    # --- the catalogue ----------------------------------------------------------------------------------------

    def _versioned(self, catalogue: Catalogue) -> Catalogue:
        if catalogue.hash == self.base.hash:
            return catalogue
        return replace(catalogue, version=f"{catalogue.version.partition('+')[0]}+{catalogue.hash[:EDITED]}")

    # --- tables -----------------------------------------------------------------------------------------------

    def _sheet(self, role: str) -> Sheet | None:
        return Sheet.find(self.book, role, workbook.columns(role, self.form), self.findings)

    def _match(
        self,
        sheet: Sheet,
        order: list[str],
        roles: tuple[str, ...],
        kind: str = "",
        *,
        within: Mapping[str, object] | None = None,
    ) -> dict[str, int]:
        """The rows of a table; where they belong to indicators, only the rows of those `within` are needed. Of the
        `kind` QUESTION_ROW there may be new ones; what cannot be read of a kind is remembered."""
        new = kind == QUESTION_ROW

        def needed(name: str) -> bool:
            return within is None or self._indicator(name) in within

        def added(typed: str) -> str:
            indicator = self._indicator(typed) if new else ""
            rest = typed[len(indicator) :]
            return indicator + (rest.upper() if indicator.isupper() else rest) if indicator else ""

        rows = match(sheet, order, roles, missing="CAT_042" if new else "CAT_040", needed=needed, added=added)
        if kind:
            self.places.unread |= {(name, kind) for name in (*rows.missing, *rows.refused)}
        return rows.of

    def _indicator(self, name: str) -> str:
        """The indicator that an id, or an id and a part, belongs to, in whatever case; "" for none."""
        pieces = re.split("([- ])", plain(name))
        heads = ("".join(pieces[:end]) for end in range(len(pieces) - 2, 0, -2))
        return next((self.indicators[head] for head in heads if head in self.indicators), "")

    def _ids(self, typed: str) -> list[str]:
        """The ids in a list, those that are known in whatever case or width."""
        parts = re.split(r"[\s,;，、；]+", unicodedata.normalize("NFKC", typed))
        return [self.known.get(plain(part), part) for part in parts if part]
