"""What was typed into a scorecard, as it stands in the file: rows by their ids, columns by their headers."""

from collections.abc import Iterator
from typing import NamedTuple

from cmme_xl.catalogue import Text
from cmme_xl.findings import LANGUAGES, Finding, Place, Refusal
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, a1
from cmme_xl.returned.answer import folded
from cmme_xl.returned.pages import NUMBERS, brought_back, knows, numbered
from cmme_xl.templates import template

TEMPLATE = "scorecard"
ANGLES = ("current", "target", "benchmark", "competitor")
FIELDS = ("score", "by", "when", "why")
SCORES = "scores"
PAGES = ("meeting", SCORES, "results", "whatif", "guide")
"""The sheets that are seen; that of the scores may bear any name."""
HEADER_ROWS = 60
MOST_STRAY = 100
LONGEST_RAW = 300
EMPTY = Cell(CellKind.EMPTY, "")


class Entry(NamedTuple):
    """What was typed for a node in an angle's calibration columns, as it stands in the file."""

    angle: str
    node: str
    score: Cell
    by: Cell
    when: Cell
    why: Cell
    place: Place

    @property
    def typed(self) -> tuple[Cell, ...]:
        return self.score, self.by, self.when, self.why

    @property
    def shown(self) -> str:
        """All of it in one line, to be quoted."""
        return " | ".join(cell.shown for cell in self.typed if cell.shown)


def header(field: str, angle: str, lang: str) -> str:
    """What heads an angle's column of that field."""
    words = template(TEMPLATE)
    return str(words["calibration"][field][lang].format(angle=words["angle"][angle][lang]))


def id_header(lang: str) -> str:
    return str(template(TEMPLATE)["scores"]["id"][lang])


def field_name(field: str) -> Text:
    """A field's name in a message."""
    return _text("field", field)


def angle_name(angle: str) -> Text:
    """An angle's name in a message."""
    return _text("angle", angle)


def _text(section: str, key: str) -> Text:
    wording = template(TEMPLATE)[section][key]
    return Text(wording["zh"], wording["en"])


# --- what kind of workbook


def calculation_sheets() -> tuple[str, ...]:
    names = template(TEMPLATE)["sheets"]
    return tuple(names[role][lang] for role in ("engine", "live", "python", "path", "choice") for lang in LANGUAGES)


def _marked(book: RawBook) -> dict[str, str] | None:
    """The keys and values of the sheet that says what the workbook is; a long value stands in several cells."""
    name = template(TEMPLATE)["identity"]["sheet"]
    sheet = next((each for each in book.sheets if each.name == name), None)
    if sheet is None:
        return None
    lines = [[cell.shown for _, cell in sorted(line.items())] for line in sheet.rows.values()]
    return {key: "".join(values) for key, *values in filter(None, lines)}


def identity(book: RawBook, plan: Plan) -> Iterator[Finding]:
    stored = _marked(book)
    if stored is None:
        raise Refusal([Finding("CAL_001")])
    if stored.get("schema") != template(TEMPLATE)["identity"]["schema"]:
        raise Refusal([Finding("CAL_003", values={"found": stored.get("schema", "?")})])
    if stored.get("engagement") != plan.engagement.id:
        values = {"found": stored.get("engagement", "?"), "expected": plan.engagement.id}
        raise Refusal([Finding("CAL_002", values=values)])
    made_for = tuple(stored.get(f"catalogue_{key}", "?") for key in ("id", "version", "hash"))
    expected = (plan.catalogue.id, plan.catalogue.version, plan.catalogue.hash)
    if made_for != expected:
        yield Finding("CAL_004", values={"found": " ".join(made_for), "expected": " ".join(expected)})


def added(book: RawBook) -> Iterator[Finding]:
    """A finding for each sheet that somebody put beside ours and wrote on; one with calibrations on it is read."""
    ours = {name for names in template(TEMPLATE)["sheets"].values() for name in names.values()}
    for sheet in book.sheets:
        if sheet.hidden or sheet.name in ours or columns_of(sheet):
            continue
        written = [cell.shown for line in sheet.rows.values() for cell in line.values() if cell.text.strip()]
        if written:
            raw = " | ".join(written)[:LONGEST_RAW]
            yield Finding("CAL_024", Place(sheet=sheet.name), raw, {"sheet": sheet.name})


# --- what was typed


def stray(book: RawBook) -> Iterator[Finding]:
    """What was typed on the scorecard's own pages beside the calibrations: the first `MOST_STRAY` one by one (CAL_026),
    the rest counted (CAL_027). It is told from what stood there by the digests that the workbook carries."""
    known = brought_back((_marked(book) or {}).get("texts", ""))
    pages = {name for role in PAGES for name in template(TEMPLATE)["sheets"][role].values()}
    more = 0
    for sheet in book.sheets:
        # a program that drops formulas leaves what they said, which looks like typed
        ours = not sheet.hidden and (sheet.name in pages or columns_of(sheet) is not None) and sheet.computes
        for number, (row, column, cell) in enumerate(_stray(sheet, known) if ours and known else (), more):
            if number < MOST_STRAY:
                yield Finding("CAL_026", Place(sheet=sheet.name, cell=a1(row, column)), cell.shown[:LONGEST_RAW])
            more = number + 1
    if more > MOST_STRAY:
        yield Finding("CAL_027", values={"count": more - MOST_STRAY})


def _stray(sheet: RawSheet, known: str) -> Iterator[tuple[int, int, Cell]]:
    top, id_column, columns = columns_of(sheet) or (0, 0, {})
    read = {column for places in columns.values() for column in places.values()}
    above = [cells for row, line in sheet.rows.items() if row <= top for cells in line.items()]
    headed = {column for column, cell in above if cell.formula or knows(known, cell.text)}
    for row, line in sheet.rows.items():
        ours = id_column in line or any(cell.formula for cell in line.values())
        for column, cell in line.items():
            if cell.formula or not cell.text.strip() or (row > top and column in read):
                continue
            if cell.kind not in NUMBERS:
                typed = not knows(known, cell.text)
            elif columns and row > top:  # answers, or beside and below them
                typed = not ours or column not in headed
            else:
                typed = not knows(known, numbered(SCORES if columns else sheet.name, cell.text))
            if typed:
                yield row, column, cell


def entries(sheet: RawSheet) -> Iterator[Entry]:
    """Every row of the sheet in which anything was typed into a calibration column, by angle."""
    found = columns_of(sheet)
    if found is None:
        return
    top, id_column, columns = found
    for row in sorted(number for number in sheet.rows if number > top):
        line = sheet.rows[row]
        for angle, places in columns.items():
            cells = {field: line.get(places.get(field, 0), EMPTY) for field in FIELDS}
            if any(cell.formula or cell.text.strip() for cell in cells.values()):
                where = places["score"]
                place = Place(sheet=sheet.name, cell=a1(row, where))
                yield Entry(angle, line.get(id_column, EMPTY).shown.strip(), **cells, place=place)


def columns_of(sheet: RawSheet) -> tuple[int, int, dict[str, dict[str, int]]] | None:
    """The row of headers, the column of ids, and per angle the columns of its fields."""
    ids = {folded(id_header(lang)) for lang in LANGUAGES}
    known = {
        folded(header(field, angle, lang)): (angle, field) for angle in ANGLES for field in FIELDS for lang in LANGUAGES
    }
    for row in sorted(number for number in sheet.rows if number <= HEADER_ROWS):
        words = {column: folded(" ".join(cell.text.split())) for column, cell in sheet.rows[row].items()}
        id_column = next((column for column, word in sorted(words.items()) if word in ids), 0)
        columns: dict[str, dict[str, int]] = {}
        for column, word in sorted(words.items()):
            if word in known:
                angle, field = known[word]
                columns.setdefault(angle, {}).setdefault(field, column)
        columns = {angle: places for angle, places in columns.items() if "score" in places}
        if id_column and columns:
            return row, id_column, columns
    return None
