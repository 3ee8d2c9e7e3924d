"""OpenDocument spreadsheets: the cells of content.xml, streamed. Repeated cells are counted before they are made."""

from collections.abc import Callable

from cmme_xl.findings import Finding
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row, a1
from cmme_xl.reading.notes import Notes
from cmme_xl.reading.tally import Tally
from cmme_xl.reading.xml import SEPARATOR, integer, local_name, new_parser, parse

_SPACES = {
    f"urn:oasis:names:tc:opendocument:xmlns:{space}:1.0{SEPARATOR}": prefix
    for space, prefix in (
        ("office", ""), ("table", "table-"), ("text", "text-"), ("style", "style-"), ("meta", "meta-")
    )
}
_CALC_TYPE = f"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0{SEPARATOR}value-type"
# What a cell or a sheet may hold that is not its value: notes, drawings, deleted rows, copies of linked tables.
_BESIDE = frozenset(("annotation", "table-shapes", "table-tracked-changes", "table-dde-links", "forms", "draw"))
_WRITTEN = ("annotation", "draw")
_CELLS = ("table-table-cell", "table-covered-table-cell")
_ERRORS = ("#", "Err:")
_CHART = "application/vnd.oasis.opendocument.chart"
_LONGEST_RUN = 1_000


def read_ods(archive: Archive) -> tuple[RawBook, tuple[Finding, ...]]:
    """Every sheet of the document in `archive`.

    Raises Refused: what `Archive.read` raises, FIL_004 (not well-formed), FIL_005 (a password), FIL_015 (too many
    cells), FIL_017 (a document type).
    """
    manifest = archive.read("META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise Refused("FIL_005")
    content = _Content()
    content.read(archive.read("content.xml"))
    properties, program, saved = _meta(archive.read("meta.xml"))
    drawn = (*_charts(manifest), "objectreplacements/")
    active = [name for name in archive.under("basic/", "scripts/", "object") if "script-l" not in name]
    active = [name for name in active if not name.startswith(drawn)]
    findings = [Finding("FIL_019", raw=", ".join(active[:5]))] if active else []
    findings += content.notes.findings()
    return RawBook(content.tally.sheets, properties, program, saved), tuple(findings)


def _charts(manifest: bytes) -> list[str]:
    """The folders of embedded objects that are charts, which cannot act; none where the manifest cannot be read."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        attrs = {local_name(key): value for key, value in attributes.items()}
        if attrs.get("media-type") == _CHART and attrs.get("full-path", "").endswith("/"):
            found.append(attrs["full-path"].lower())

    try:
        parse(manifest, start)
    except Refused:  # nothing else depends on it, and old programs give it a document type
        return []
    return found


class _Content:
    """The state of a pass over content.xml."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.notes = Notes()
        self._hidden: set[str] = set()
        self._style = ""
        self._sheet: RawSheet | None = None
        self._depth = 0  # of tables: one within a cell is no sheet
        self._beside = 0
        self._row, self._row_times = 1, 1
        self._line: dict[int, Cell] = {}
        self._column = 1
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []
        self._paragraphs = 0
        self._written: list[str] = []
        self._hearing: Callable[[str], None] | None = None
        self._anchored = False
        self._parser = new_parser()

    def read(self, data: bytes) -> None:
        parse(data, self._start, self._end, None, self._parser)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _short(name)
        if self._beside or tag in _BESIDE:
            self._start_beside(tag)
            return
        attrs = {_short(key): value for key, value in attributes.items()}
        match tag:
            case "style-style":
                self._style = attrs.get("style-name", "")
            case "style-table-properties" if attrs.get("table-display") == "false":
                self._hidden.add(self._style)
            case "table-table":
                self._depth += 1
                if self._depth == 1:
                    hidden = attrs.get("table-style-name", "") in self._hidden
                    self._sheet = self.tally.sheet(attrs.get("table-name", ""), hidden)
                    self._row = 1
            case "table-table-row" if self._depth == 1:
                self._row_times = _times(attrs, "table-number-rows-repeated")
                self._line, self._column = {}, 1
            case "table-table-cell" | "table-covered-table-cell" if self._depth == 1:
                self._attributes = attrs
                self._text, self._paragraphs = [], 0
            case "text-p" if self._depth == 1:
                if self._paragraphs:
                    self._text.append("\n")
                self._paragraphs += 1
                self._parser.CharacterDataHandler = self._characters
            case "text-s" if self._depth == 1:
                self._text.append(" " * min(_times(attrs, "text-c"), _LONGEST_RUN))
            case "text-tab":
                self._text.append("\t")
            case "text-line-break":
                self._text.append("\n")

    def _characters(self, text: str) -> None:
        self._text.append(text)

    def _start_beside(self, tag: str) -> None:
        if not self._beside:
            self._anchored = tag != "table-shapes"
            self._hearing, self._parser.CharacterDataHandler = self._parser.CharacterDataHandler, None
        self._beside += 1
        match tag:
            case "text-p":
                self._parser.CharacterDataHandler = self._written.append
            case "text-s" | "text-tab" | "text-line-break":
                self._written.append("\n" if tag == "text-line-break" else " ")

    def _end(self, name: str) -> None:
        if self._beside:
            self._end_beside(_short(name))
            return
        tag = _short(name)
        if tag == "text-p":
            self._parser.CharacterDataHandler = None
        elif tag in _CELLS and self._depth == 1:
            self._cell(self._attributes)
        elif tag == "table-table-row" and self._depth == 1:
            self._lay()
        elif tag == "table-table":
            self._depth -= 1

    def _end_beside(self, tag: str) -> None:
        self._beside -= 1
        if tag == "text-p":
            self._parser.CharacterDataHandler = None
            self._written.append("\n")
        elif tag in _WRITTEN or not self._beside:
            if tag in _WRITTEN and self._sheet is not None and self._depth:
                cell = a1(self._row, self._column) if self._anchored else ""
                self.notes.add(self._sheet.name, cell, "".join(self._written))
            self._written.clear()
        if not self._beside:
            self._parser.CharacterDataHandler = self._hearing

    def _cell(self, attrs: dict[str, str]) -> None:
        times = _times(attrs, "table-number-columns-repeated")
        cell = _cell(attrs, "".join(self._text))
        if cell.kind is not CellKind.EMPTY or cell.formula:
            self.tally.count(times * self._row_times, len(cell.text) + len(cell.formula))
            self._line |= dict.fromkeys(range(self._column, self._column + times), cell)
        down, right = _times(attrs, "table-number-rows-spanned"), _times(attrs, "table-number-columns-spanned")
        if self._sheet is not None and down * right > 1:
            bottom, last = self._row + down - 1, self._column + right - 1
            self.tally.merge(self._sheet, self._row, self._column, bottom, last)
        self._column += times
        self._attributes = {}

    def _lay(self) -> None:
        if self._sheet is not None and self._line:
            for row in range(self._row, self._row + self._row_times):
                self._sheet.rows[row] = Row(self._line)
        self._row += self._row_times


def _cell(attrs: dict[str, str], text: str) -> Cell:
    formula = attrs.get("table-formula", "")
    typed = "=" + formula.partition("=")[2] if formula else ""
    value = attrs.get("value", "")
    match attrs.get("value-type", ""):
        case _ if attrs.get("calc-type") == "error" or (typed and text.startswith(_ERRORS)):
            return Cell(CellKind.ERROR, text, typed)
        case "float" | "currency":
            return Cell(CellKind.NUMBER, value, typed)
        case "percentage":
            return Cell(CellKind.PERCENT, _percent(value), typed)
        case "date":
            return Cell(CellKind.DATE, attrs.get("date-value", "").replace("T", " "), typed)
        case "time":
            return Cell(CellKind.DATE, attrs.get("time-value", ""), typed)
        case "boolean":
            return Cell(CellKind.BOOL, "TRUE" if attrs.get("boolean-value") == "true" else "FALSE", typed)
    text = attrs.get("string-value", "") or text
    return Cell(CellKind.TEXT if text else CellKind.EMPTY, text, typed)


def _percent(value: str) -> str:
    try:
        return f"{float(value) * 100:.15g}%"
    except ValueError:
        return value


def _times(attrs: dict[str, str], name: str) -> int:
    return max(1, integer(attrs.get(name, "1")))


def _short(name: str) -> str:
    """The name with the prefix used here for its namespace; drawings have one name, what is of no use none."""
    space, separator, local = name.rpartition(SEPARATOR)
    prefix = _SPACES.get(space + separator)
    if prefix is not None:
        return prefix + local
    if name == _CALC_TYPE:
        return "calc-type"
    return "draw" if ":drawing:" in space else ""


def _meta(data: bytes) -> tuple[dict[str, str], str, str]:
    """Custom properties by name; the program that saved the file; when (ISO)."""
    properties: dict[str, str] = {}
    found = {"meta-generator": "", "date": ""}
    name, buffer = "", [""]

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal name
        buffer.clear()
        name = {_short(key): value for key, value in attrs.items()}.get("meta-name", "")

    def end(tag: str) -> None:
        text, local = "".join(buffer), tag.rpartition(SEPARATOR)[2]
        if _short(tag) == "meta-user-defined":
            properties[name] = text
        elif local in ("generator", "date"):
            found["meta-generator" if local == "generator" else "date"] = text
        buffer.clear()

    parse(data, start, end, buffer.append)
    return properties, found["meta-generator"].partition("$")[0].strip(), found["date"].strip()
