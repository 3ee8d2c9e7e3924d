"""A former summary, read for what people typed into it: settings, and the action plan. Guarded as returns are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cmme_xl import templates
from cmme_xl.catalogue import ROOT, Catalogue, Text
from cmme_xl.catalogue.words import plain, understood
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, a1
from cmme_xl.reading.opening import open_book
from cmme_xl.results.actions import BEFORES, CRITERIA, STATUSES
from cmme_xl.summary import entries, mark
from cmme_xl.summary.actionrows import QUARTER_TYPED
from cmme_xl.summary.entries import ACTION, ANSWERS, CALIBRATION, NO, NODE, SETTING, SETTINGS, YES, Key

READ = ("actions", "roadmap", "weights", "answers", "calibrations")
EMPTY = Cell(CellKind.EMPTY, "")
HEADER_ROWS = 60
MOST_NAMED = 12
SMALL = {"effort": (1.0, 5.0), "urgency": (1.0, 3.0)} | dict.fromkeys(CRITERIA, (1.0, 3.0))
PLANNED = {"chosen": "✓", "key": "actions.key", "row": "actions.row", "indicator": "actions.indicator"}
PLANNED |= {name: f"actions.{name}" for name in ("text", "effort", "urgency")}
PLANNED |= {name: f"criterion.{name}" for name in CRITERIA}
ROAD = {name: f"roadmap.{name}" for name in ("key", "owner", "start", "quarters", "status", "note")}
ROAD |= {f"after{which}": f"roadmap.after{which}" for which in range(1, BEFORES + 1)}
CALIBRATED = {"key": "calibrations.id", "angle": "calibrations.angle", "score": "calibrations.score"}
WEIGHTS = {"key": "weights.id", "weight": "weights.weight", "inside": "weights.inside"}
NEVER_EMPTY = ("weight", "inside", "share", *SETTINGS)


@dataclass(frozen=True)
class Former:
    """A summary as somebody left it.

    `mark`: what it was made from; `written`: its entries when it was written; `now`: its entries now; `places`: where
    they stand; `findings`: entries that cannot be understood, which stand in neither.
    """

    mark: Mapping[str, str]
    written: Mapping[Key, str]
    now: Mapping[Key, str] = field(default_factory=dict)
    places: Mapping[Key, Place] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def typed(self) -> dict[Key, str]:
        """The entries that are no longer what was written."""
        return {key: value for key, value in self.now.items() if value != self.written.get(key, "")}

    def is_of(self, plan: Plan) -> bool:
        """Whether it is a summary of this engagement, under some version of this catalogue: ids are permanent."""
        made = self.mark.get("engagement"), self.mark.get("catalogue_id")
        return made == (plan.engagement.id, plan.catalogue.id)


def read_former(path: Path, catalogue: Catalogue) -> tuple[Former | None, tuple[Finding, ...]]:
    """The summary at `path`, as far as it can be read; None, with the reason, where it is none or not to be trusted."""
    wanted = {plain(word) for role in READ for word in _both(f"sheets.{role}")} | {mark.SHEET, entries.SHEET}
    every = {word for lang in LANGUAGES for word in templates.words("summary", "sheets", lang).values()}
    book, findings = open_book(path, [word for word in every if plain(word) not in wanted])
    placed = tuple(finding.at(path.name) for finding in findings)
    if book is None:
        return None, placed
    marks = {line.get(1, EMPTY).text: line.get(2, EMPTY).text for line in _hidden(book, mark.SHEET)}
    if marks.get("schema") != mark.SCHEMA:
        return None, (*placed, Finding("OUT_003", Place(path.name), values={"file": path.name}))
    written = {
        Key(*(line.get(column, EMPTY).text for column in (1, 2, 3))): line.get(4, EMPTY).text
        for line in _hidden(book, entries.SHEET)
    }
    reader = _Reader(book, catalogue, Former(marks, written), path.name)
    return reader.read(), placed


def _hidden(book: RawBook, name: str) -> Iterator[Mapping[int, Cell]]:
    for sheet in book.sheets:
        if sheet.name == name:
            yield from (sheet.rows[row] for row in sorted(sheet.rows))


class _Reader:
    """One pass over the sheets with entries; every cell that cannot be understood leaves a finding."""

    def __init__(self, book: RawBook, catalogue: Catalogue, former: Former, file: str) -> None:
        self.catalogue, self.file = catalogue, file
        self.sheets = {role: _sheet(book, role) for role in READ}
        self.former = former
        self.now: dict[Key, str] = {}
        self.places: dict[Key, Place] = {}
        self.findings: list[Finding] = []

    def read(self) -> Former:
        self._actions()
        self._weights()
        self._answers()
        self._calibrations()
        found = tuple(self.findings)
        return replace(self.former, now=self.now, places=self.places, findings=found)

    # --- the action plan

    def _actions(self) -> None:
        rows: dict[str, str] = {}
        for role, headers in (("actions", PLANNED), ("roadmap", ROAD)):
            sheet = self.sheets[role]
            if sheet is None:
                continue
            head, columns = _header(sheet, headers)
            for row in sorted(number for number in sheet.rows if number > head and "key" in columns):
                line = sheet.rows[row]
                key = line.get(columns["key"], EMPTY).text.strip()
                if not key or (role == "roadmap" and key not in rows.values()):
                    continue
                if role == "actions":
                    rows[line.get(columns.get("row", 0), EMPTY).shown] = key
                for name in columns.keys() - {"key", "row"}:
                    self._put(sheet, row, columns[name], Key(ACTION, key, name), rows)
        self._begins()

    def _begins(self) -> None:
        sheet = self.sheets["roadmap"]
        for row, column, label in _labels(sheet):
            if label in {plain(word) for word in _both("roadmap.begins")} and sheet:
                self._put(sheet, row, column + 1, Key(SETTING, "begins", ""), {})
                return

    # --- weights and settings

    def _weights(self) -> None:
        sheet = self.sheets["weights"]
        if sheet is None:
            return
        angles = {}
        for angle in templates.template("summary")["angle"]:
            spelled = (self._given(angle, lang) for lang in LANGUAGES)
            angles[angle] = frozenset(spelled)
        head, columns = _header(sheet, WEIGHTS, angles)
        for row in sorted(number for number in sheet.rows if number > head and "key" in columns):
            node = sheet.rows[row].get(columns["key"], EMPTY).text.strip() or (ROOT if row == head + 1 else "")
            if node not in self.catalogue.names:
                continue
            for name in columns.keys() - {"key"} - ({"weight", "inside"} if node == ROOT else set()):
                self._put(sheet, row, columns[name], Key(NODE, node, name), {})
        self._settings(sheet, max(columns.values(), default=0))

    def _given(self, angle: str, lang: str) -> str:
        words = templates.words("summary", "weights", lang)
        return plain(words["given"].format(angle=templates.words("summary", "angle", lang)[angle]))

    def _settings(self, sheet: RawSheet, left: int) -> None:
        labels = {plain(word): Key(SETTING, name, "") for name in SETTINGS for word in _both(f"weights.{name}")}
        tiers = self.catalogue.tiers
        labels |= {plain(tier.name.in_(lang)): Key(SETTING, "share", tier.id) for tier in tiers for lang in LANGUAGES}
        for row, column, label in _labels(sheet):
            if column > left and label in labels and labels[label] not in self.now:
                self._put(sheet, row, column + 1, labels[label], {})

    # --- answers, which a summary only quotes

    def _answers(self) -> None:
        """A finding for the rows where answers, or the weights of persons, are no longer those that were written."""
        sheet = self.sheets["answers"]
        self._changed(sheet, [(row, key, found) for row, key, found in self._rows_of(sheet)])

    def _calibrations(self) -> None:
        """The same for calibrated scores, which come from a scorecard."""
        sheet, found = self.sheets["calibrations"], []
        if sheet is not None:
            head, columns = _header(sheet, CALIBRATED)
            for row in sorted(number for number in sheet.rows if number > head and len(columns) == len(CALIBRATED)):
                texts = [sheet.rows[row].get(columns[name], EMPTY).shown for name in CALIBRATED]
                found.append((row, Key(CALIBRATION, texts[0], texts[1]), texts[2]))
        self._changed(sheet, found)

    def _changed(self, sheet: RawSheet | None, rows: Sequence[tuple[int, Key, str]]) -> None:
        """One finding for all rows that say otherwise than what was written."""
        written = self.former.written
        changed = [(row, key.of) for row, key, found in rows if written.get(key, found) != found]
        if sheet and changed:
            named = [of or _both("answers.weight")[0] for _, of in changed]
            listed = ", ".join(named[:MOST_NAMED]) + (" …" if named[MOST_NAMED:] else "")
            place = Place(self.file, sheet.name, a1(changed[0][0], 1))
            self.findings.append(Finding("OUT_013", place, values={"count": len(named), "listed": listed}))

    def _rows_of(self, sheet: RawSheet | None) -> Iterator[tuple[int, Key, str]]:
        weights = {plain(word) for word in _both("answers.weight")}
        for row in sorted(sheet.rows if sheet else ()):
            cells = sorted(sheet.rows[row].items()) if sheet else []
            texts = [cell.shown for _, cell in cells if cell.text and not cell.formula]
            of = "" if texts and plain(texts[0]) in weights else texts[0] if texts else None
            if of in self.catalogue.questions or of == "":
                yield row, Key(ANSWERS, of, ""), entries.digest(map(str.strip, texts))

    # --- one cell

    def _put(self, sheet: RawSheet, row: int, column: int, key: Key, rows: Mapping[str, str]) -> None:
        cell = sheet.rows[row].get(column, EMPTY) if row in sheet.rows else EMPTY
        place = Place(self.file, sheet.name, a1(row, column))
        value = None if cell.formula or cell.kind in (CellKind.ERROR, CellKind.BROKEN) else _understood(key, cell, rows)
        if value is None:
            self.findings.append(Finding("OUT_008", place, cell.shown))
        else:
            self.now[key], self.places[key] = value, place


def _understood(key: Key, cell: Cell, rows: Mapping[str, str]) -> str | None:
    """What a cell says, as an entry; None where that is nothing that may stand there."""
    text = cell.text.strip()
    name = key.of if key.kind == SETTING else key.field
    if not text:
        return None if name in NEVER_EMPTY else ""
    if name == "chosen":
        return YES
    if name == "inside":
        return understood(text, {code: _text(f"weights.{code}") for code in (YES, NO)})
    if name == "status":
        return understood(text, {code: _text(f"action_status.{code}") for code in STATUSES})
    if key.kind == SETTING and key.of in SETTINGS:
        offered = templates.template("summary")[key.of]
        return understood(text, {code: _text(f"{key.of}.{code}") for code in offered})
    if name.startswith("after"):
        return rows.get(cell.shown)
    if name in ("start", "begins"):
        typed = QUARTER_TYPED.fullmatch(text)
        return None if typed is None else f"{typed[1]} Q{typed[2]}"
    if name in ("text", "owner", "note"):
        return cell.shown
    return _number(cell, *SMALL.get(name, (0.0, float("inf"))))


def _number(cell: Cell, low: float, high: float) -> str | None:
    try:
        value = float(cell.text)
    except ValueError:
        return None
    return entries.figure(value) if low <= value <= high else None


# --- words in both languages


def _both(key: str) -> tuple[str, ...]:
    section, _, rest = key.partition(".")
    return tuple(templates.words("summary", section, lang)[rest] for lang in LANGUAGES)


def _text(key: str) -> Text:
    return Text(*_both(key))


def _sheet(book: RawBook, role: str) -> RawSheet | None:
    names = {plain(word) for word in _both(f"sheets.{role}")}
    return next((sheet for sheet in book.sheets if plain(sheet.name) in names), None)


def _header(
    sheet: RawSheet, headers: Mapping[str, str], more: Mapping[str, frozenset[str]] | None = None
) -> tuple[int, dict[str, int]]:
    """The row that carries most of the headers, and the column of each that stands there."""
    spelled = {
        name: frozenset(map(plain, _both(key) if "." in key else (key,))) for name, key in headers.items()
    } | dict(more or {})
    best: tuple[int, dict[str, int]] = (0, {})
    for row in sorted(number for number in sheet.rows if number <= HEADER_ROWS):
        words = {plain(cell.text): column for column, cell in sorted(sheet.rows[row].items(), reverse=True)}
        found = {name: words[word] for name, known in spelled.items() for word in known if word in words}
        if len(found) > len(best[1]):
            best = row, found
    return best


def _labels(sheet: RawSheet | None) -> Iterator[tuple[int, int, str]]:
    for row in sorted(sheet.rows if sheet else ()):
        for column, cell in sorted(sheet.rows[row].items() if sheet else ()):
            if cell.kind is CellKind.TEXT:
                yield row, column, plain(cell.text)
