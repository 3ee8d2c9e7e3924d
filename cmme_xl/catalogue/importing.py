"""Reading an edited catalogue workbook back: what may be changed is taken, every fault gets its cell.

The hidden sheet carries the catalogue it was exported from: what the sheets do not hold comes from there, and a
question whose wording differs from then gets a new revision.
"""

import copy
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.cells import Sheet, shown
from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.loader import assembled
from cmme_xl.catalogue.model import Catalogue, Text, text_hash
from cmme_xl.catalogue.tables import key_of, kind_of, leaves, part_of, put
from cmme_xl.findings import LANGUAGES, Finding, Place

if TYPE_CHECKING:
    from openpyxl import Workbook

DIMENSION = ("number", "name", "short", "statement", "weight")
INDICATOR = (*DIMENSION, "key", "block", "nature", "effort", "prerequisites", "owner", "why")
Places = dict[tuple[str, str], Place]
EDITED = 6
"""How many digits of its hash an edited catalogue's version carries after a plus sign."""


# faults of a single cell: what else is amiss may be a consequence where something could not be read
OWN = frozenset(("CAT_004", "CAT_005", "CAT_008", "CAT_013", "CAT_017", "CAT_021", "CAT_026", "CAT_030"))


@dataclass(frozen=True)
class _Base:
    """The catalogue that the workbook was exported from, as its hidden sheet has it; `questions`: id -> revision and
    text hash."""

    hash: str
    model: dict[str, Any]
    indicators: tuple[str, ...]
    questions: Mapping[str, tuple[int, str]]


def read_workbook(path: Path) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue in the workbook at `path`, and all faults of form and content, each with its cell.

    None where no catalogue can be made of it. Without edits it is the very catalogue that was exported; else its
    version is that one's with "+" and digits of its hash.
    """
    from cmme_xl.spreadsheet.opening import open_workbook

    book, findings = open_workbook(path)
    catalogue: Catalogue | None = None
    if book is not None:
        base, refused = _base(book)
        if refused is not None:
            findings = (refused,)
        elif base is not None:
            catalogue, findings = _Reader(book, base).read()
        book.close()
    return catalogue, tuple(finding.at(path.name) for finding in findings)


def _base(book: "Workbook") -> tuple[_Base | None, Finding | None]:
    name = workbook.table("hidden")["identity"]
    sheet = next((each for each in book.worksheets if each.title == name), None)
    if sheet is None:
        return None, Finding("CAT_031")
    rows = sheet.iter_rows(max_row=20, max_col=50, values_only=True)
    values = {shown(row[0]): "".join(map(shown, row[1:])) for row in rows}
    if values.get("schema") != workbook.schema():
        return None, Finding("CAT_032", values={"found": values.get("schema", "?"), "expected": workbook.schema()})
    text = values.get("base", "")
    if hashlib.sha256(text.encode()).hexdigest() != values.get("digest"):
        return None, Finding("CAT_033")
    found = json.loads(text)
    questions = {id_: (int(rev), str(hash_)) for id_, (rev, hash_) in found["questions"].items()}
    return _Base(found["hash"], found["model"], tuple(found["indicators"]), questions), None


class _Reader:
    """One pass over the sheets. What is read goes into the tables of a catalogue, where it stands into `places`."""

    def __init__(self, book: "Workbook", base: _Base) -> None:
        self.book = book
        self.base = base
        self.model = copy.deepcopy(base.model)
        self.findings: list[Finding] = []
        self.places: Places = {}
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
        findings = () if faults else tuple(replace(each, place=self._place(each)) for each in check(catalogue))
        if self.findings or faults:
            met = {("", ""), *((each.place.sheet, each.place.cell) for each in self.findings)}
            own = (f for f in findings if f.code in OWN and (f.place.sheet, f.place.cell) not in met)
            return None, (*self.findings, *own)
        return self._versioned(catalogue), findings

    # --- sheets -----------------------------------------------------------------------------------------------

    def _settings(self) -> None:
        sheet = self._sheet("settings")
        if sheet is None:
            return
        rows = self._rows(sheet, "key", {key_of(path) for path, _ in leaves(self.model)})
        fixed = workbook.table("settings")["fixed"]
        for path, value in list(leaves(self.base.model)):
            row = rows.get(key_of(path))
            if row is None:
                continue
            node, field = part_of(self.base.model, path)
            for role, part in (("zh", "zh"), ("en", "en")) if isinstance(value, dict) else (("zh", ""),):
                self.places[node, f"{field}.{part}" if part else field] = sheet.place(row, role)
            self.places.setdefault(("", kind_of(path)), sheet.place(row, "zh"))
            read = self._setting(sheet, row, value)
            if kind_of(path) not in fixed:
                put(self.model, path, read)
            elif read != value:
                sheet.fault("CAT_039", row, "zh", sheet.text(row, "zh"), field=key_of(path))

    def _setting(self, sheet: Sheet, row: int, value: Any) -> Any:
        if isinstance(value, dict):
            return {lang: sheet.text(row, lang) for lang in LANGUAGES}
        if isinstance(value, list):
            return _ids(sheet.text(row, "zh"))
        if isinstance(value, str):
            return sheet.text(row, "zh")
        number = sheet.number(row, "zh", whole=isinstance(value, int))
        return value if number is None else type(value)(number)

    def _indicators(self) -> list[dict[str, Any]]:
        """The tables of the dimensions, their indicators within."""
        sheet = self._sheet("indicators")
        if sheet is None:
            return []
        rows = self._rows(sheet, "id", {*self.model["dimensions"], *self.base.indicators})
        tables: list[dict[str, Any]] = []
        for dimension in (id_ for id_ in self.model["dimensions"] if id_ in rows):
            mine = [id_ for id_ in self.base.indicators if id_ in rows and id_.startswith(f"{dimension}-")]
            indicators = [self._fields(sheet, rows[id_], id_, INDICATOR) | {"question": []} for id_ in mine]
            head = self._fields(sheet, rows[dimension], dimension, DIMENSION)
            tables.append({"dimension": head, "indicator": indicators})
        return tables

    def _fields(self, sheet: Sheet, row: int, id_: str, fields: tuple[str, ...]) -> dict[str, Any]:
        """The entries of a dimension or an indicator."""
        entry: dict[str, Any] = {"id": id_}
        self._field(sheet, row, id_, "number", entry)
        for field in fields:
            self._field(sheet, row, id_, field, entry)
        return entry

    def _field(self, sheet: Sheet, row: int, id_: str, field: str, entry: dict[str, Any]) -> None:
        """One entry, by the kind of its column; a faulty one gets a value that nothing else takes offence at."""
        kinds = {column["role"]: column["kind"] for column in sheet.layout}
        if f"{field}.zh" in kinds:
            entry[field] = {lang: sheet.text(row, f"{field}.{lang}") for lang in LANGUAGES}
            for lang in LANGUAGES:
                self.places[id_, f"{field}.{lang}"] = sheet.place(row, f"{field}.{lang}")
            return
        self.places[id_, field] = sheet.place(row, field)
        kind = kinds[field]
        if kind in ("yesno", "nature", "block"):
            offered = workbook.offered(kind, self.form)
            key = sheet.choice(row, field, offered) or next(iter(offered))
            entry[field] = key == "yes" if kind == "yesno" else key
        elif kind == "ids":
            entry[field] = _ids(sheet.text(row, field))
        else:
            whole = kind in ("effort", "fixed")
            number = sheet.number(row, field, whole=whole)
            entry[field] = (int if whole else float)(1 if number is None else number)

    def _advice(self, indicators: Mapping[str, dict[str, Any]]) -> None:
        sheet = self._sheet("advice")
        if sheet is None:
            return
        parts = workbook.advice_parts(self.form)
        wanted = {f"{id_} {part}" for id_ in self.base.indicators for part in parts}
        rows = self._rows(sheet, "id", wanted, second="part")
        for id_, entry in indicators.items():
            for part in parts:
                field, _, key = part.partition(".")
                row = rows.get(f"{id_} {part}")
                wording = {lang: sheet.text(row, lang) if row else "" for lang in LANGUAGES}
                entry.setdefault(field, {})[key] = wording
                if row:
                    self.places |= {(id_, f"{part}.{lang}"): sheet.place(row, lang) for lang in LANGUAGES}

    def _questions(self, indicators: Mapping[str, dict[str, Any]]) -> None:
        sheet = self._sheet("questions")
        if sheet is None:
            return
        rows = self._rows(sheet, "id", set(self.base.questions), new=True)
        off: list[str] = []
        for id_, row in sorted(rows.items(), key=lambda pair: pair[1]):
            indicator = max((key for key in indicators if id_.startswith(f"{key}-")), key=len, default="")
            self.places[id_, "id"] = sheet.place(row, "id")
            if not indicator:
                # a question whose indicator was deleted is no fault of its own
                if id_ not in self.base.questions:
                    sheet.fault("CAT_038", row, "id", id_, id=id_)
                continue
            used = sheet.choice(row, "used", workbook.offered("yesno", self.form), empty="yes")
            if used == "no":
                off.append(id_)
                continue
            entry: dict[str, Any] = {"id": id_}
            for field in ("text", "minutes", "weight", "short", "evidence", "next"):
                self._field(sheet, row, id_, field, entry)
            entry["tiers"] = self._tiers(sheet, row, id_)
            rev, hash_ = self.base.questions.get(id_, (1, ""))
            entry["rev"] = rev + 1 if hash_ and text_hash(Text(**entry["text"])) != hash_ else rev
            indicators[indicator]["question"].append(entry)
        self._switch_off(off)

    def _tiers(self, sheet: Sheet, row: int, id_: str) -> list[str]:
        asked = []
        mark = workbook.table("marks")["asked"]
        for group in self.form.tiers:
            role = f"{workbook.TIER}{group.id}"
            self.places.setdefault((id_, "tiers"), sheet.place(row, role))
            typed = sheet.text(row, role)
            if typed not in ("", mark):
                sheet.fault("CAT_037", row, role, typed, known=mark)
            elif typed:
                asked.append(group.id)
        return asked

    def _switch_off(self, off: list[str]) -> None:
        """Questions given up keep their ids reserved, and are taken from the lists of outsiders."""
        self.model["retired"] = [*self.model["retired"], *(id_ for id_ in off if id_ in self.base.questions)]
        for group in self.model["group"]:
            if set(off) & set(group["questions"]):
                group["questions"] = [id_ for id_ in group["questions"] if id_ not in off]

    # --- the catalogue ----------------------------------------------------------------------------------------

    def _versioned(self, catalogue: Catalogue) -> Catalogue:
        if catalogue.hash == self.base.hash:
            return catalogue
        return replace(catalogue, version=f"{catalogue.version.partition('+')[0]}+{catalogue.hash[:EDITED]}")

    def _place(self, finding: Finding) -> Place:
        """The cell of a finding of the checks, by the id and the field it names."""
        values = finding.values
        node, field, lang = (str(values.get(key, "")) for key in ("id", "field", "lang"))
        for key in ((node, f"{field}.{lang}"), (node, f"{field}.zh"), (node, field), (node, "id"), (node, "number")):
            if key in self.places:
                return replace(self.places[key], question=node)
        return finding.place

    # --- tables -----------------------------------------------------------------------------------------------

    def _sheet(self, role: str) -> Sheet | None:
        return Sheet.find(self.book, role, workbook.columns(role, self.form), self.findings)

    def _rows(
        self, sheet: Sheet, role: str, known: set[str], *, second: str = "", new: bool = False
    ) -> dict[str, int]:
        """Id -> row; ids that are unknown (unless `new`), given twice or missing become findings."""
        rows: dict[str, int] = {}
        for row in sheet.rows():
            id_ = sheet.text(row, role)
            name = f"{id_} {sheet.text(row, second)}" if second else id_
            if not id_:
                sheet.fault("CAT_041", row, role)
            elif name in rows:
                sheet.fault("CAT_003", row, role, id_, id=name)
            elif name not in known and not new:
                sheet.fault("CAT_038", row, role, id_, id=name)
            else:
                rows[name] = row
        for name in sorted(known - rows.keys()):
            place = Place(sheet=sheet.title, question=name)
            code = "CAT_042" if new else "CAT_040"
            self.findings.append(Finding(code, place, values={"id": name}))
        return rows


def _ids(typed: str) -> list[str]:
    return [part for part in re.split(r"[\s,;，、；]+", typed) if part]
