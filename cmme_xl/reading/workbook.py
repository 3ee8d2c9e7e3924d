"""A whole workbook from its parts: relations, shared strings, styles, properties and every worksheet."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.cells import MAX_TEXT, SheetReader
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, decoded
from cmme_xl.reading.strings import strings
from cmme_xl.reading.styles import read_styles
from cmme_xl.reading.xml import SEPARATOR, local_name, new_parser, parse

MAX_STRINGS = 400_000
MAX_RELATIONS = 20_000
MAX_SHEETS = 1_000
LONGEST_TARGET = 1_000
_LONGEST_KEPT = 2**14

_ACTIVE = ("xl/vbaproject", "xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/macrosheets/")


def read_book(
    archive: Archive, spared: Collection[str] = (), *, once: bool = False
) -> tuple[RawBook, tuple[Finding, ...]]:
    """Every worksheet of the workbook in `archive`; those named in `spared` are left empty.

    `once`: no other workbook of its form is going to be read, and nothing of it is worth remembering.

    Raises Refused: what `Archive.read` raises, FIL_004 (not well-formed), FIL_015 (too many cells),
    FIL_017 (a document type).
    """
    parts = related(archive, "")
    main = parts.first("/officeDocument") or "xl/workbook.xml"
    relations = related(archive, main)
    sheets, date1904 = _sheet_list(archive.read(main))
    styles = read_styles(archive.read(relations.first("/styles") or "xl/styles.xml"), date1904)
    shared = read_strings(archive.read(relations.first("/sharedStrings") or "xl/sharedStrings.xml"))
    reader = SheetReader(shared, styles, once)
    book = RawBook([], *properties(archive, parts))
    findings = list(warnings(archive))
    for name, hidden, target in _worksheets(archive, sheets, relations):
        sheet = RawSheet(name, hidden)
        if name in spared:
            pass
        elif target in archive:
            reader.read(archive.read(target), sheet)
        else:
            findings.append(Finding("FIL_027", Place(sheet=name)))
        book.sheets.append(sheet)
        if name.lower().endswith((".conf", ".py")):
            findings.append(Finding("FIL_026", Place(sheet=name)))
    return book, tuple(findings)


def _worksheets(
    archive: Archive, sheets: Sequence[tuple[str, str, str]], related: "Related"
) -> Iterator[tuple[str, bool, str]]:
    """(name, hidden, part) of every worksheet; where the book lists none, the worksheet parts that are there."""
    for name, state, relation in sheets:
        kind, target = related.by_id.get(relation, ("", ""))
        if not kind.endswith(("/chartsheet", "/dialogsheet", "/xlMacrosheet")):
            yield name, state in ("hidden", "veryHidden"), target
    if not sheets:
        yield from ((part.rpartition("/")[2], False, part) for part in archive.under("xl/worksheets/sheet"))


def worksheets(archive: Archive) -> Iterator[tuple[str, bool, str]]:
    """(name, hidden, part) of every worksheet of the workbook in `archive`. Raises Refused."""
    main = related(archive, "").first("/officeDocument") or "xl/workbook.xml"
    return _worksheets(archive, _sheet_list(archive.read(main))[0], related(archive, main))


def warnings(archive: Archive) -> list[Finding]:
    """What is to be said of the parts of a workbook: those that climb out (FIL_020), active ones (FIL_019)."""
    found = [Finding("FIL_020", values={"part": part}, raw=part) for part in archive.climbing]
    active = [name for name in archive.under(*_ACTIVE) if "/_rels/" not in name]
    if active:
        found.append(Finding("FIL_019", raw=", ".join(active[:5])))
    return found


@dataclass(frozen=True, slots=True)
class Related:
    """The relations of a part: id -> (type, full name of the target)."""

    by_id: Mapping[str, tuple[str, str]]

    def first(self, kind: str) -> str:
        """The target of the first relation whose type ends in `kind`, else ""."""
        return next((target for type_, target in self.by_id.values() if type_.endswith(kind)), "")


def related(archive: Archive, part: str) -> Related:
    """The relations of `part` ("" for the package): id -> (type, full name of the target)."""
    folder, _, name = part.replace("\\", "/").rpartition("/")
    data = archive.read(f"{folder}/_rels/{name}.rels")
    # files of one form have these in common
    return (_relations_once if len(data) <= _LONGEST_KEPT else _relations)(data, folder)


def _relations(data: bytes, folder: str) -> Related:
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attrs: dict[str, str]) -> None:
        target = attrs.get("Target", "").replace("\\", "/")
        internal = local_name(tag) == "Relationship" and attrs.get("TargetMode") != "External"
        if internal and len(found) < MAX_RELATIONS and len(target) <= LONGEST_TARGET:
            full = target if target.startswith("/") else f"{folder}/{target}"
            found[attrs.get("Id", "")] = (attrs.get("Type", ""), _resolved(full))

    parse(data, start)
    return Related(found)


_relations_once = lru_cache(64)(_relations)


def _resolved(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in ("", ".", ".."):
            steps.append(step)
    return "/".join(steps)


def _sheet_list(data: bytes) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    """(name, state, relation id) of every sheet in order, and whether dates count from 1904."""
    return (_sheets_once if len(data) <= _LONGEST_KEPT else _sheets)(data)


def _sheets(data: bytes) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    sheets: list[tuple[str, str, str]] = []
    flags = {"1904": False}

    def start(tag: str, attrs: dict[str, str]) -> None:
        match local_name(tag):
            case "sheet":
                if len(sheets) >= MAX_SHEETS:
                    raise Refused("FIL_018", limit=MAX_SHEETS)
                relation = next((value for key, value in attrs.items() if local_name(key) == "id"), "")
                sheets.append((decoded(attrs.get("name", "")), attrs.get("state", ""), relation))
            case "workbookPr":
                flags["1904"] = attrs.get("date1904", "") in ("1", "true", "on")

    parse(data, start)
    return tuple(sheets), flags["1904"]


_sheets_once = lru_cache(64)(_sheets)


def properties(archive: Archive, parts: Related) -> tuple[Mapping[str, str], str, str]:
    """Custom properties by name; the program that saved the file; the time it was saved (ISO)."""

    def of(transitional: str, strict: str, default: str) -> Mapping[str, str]:
        data = archive.read(parts.first(transitional) or parts.first(strict) or default)
        return (_properties_once if len(data) <= _LONGEST_KEPT else _properties)(data)

    custom = of("/custom-properties", "/customProperties", "docProps/custom.xml")
    application = of("/extended-properties", "/extendedProperties", "docProps/app.xml")
    core = of("/core-properties", "/coreProperties", "docProps/core.xml")
    program = f"{application.get('Application', '')} {application.get('AppVersion', '')}".strip()
    return dict(custom), program, core.get("modified", "").strip()


def _properties(data: bytes) -> Mapping[str, str]:
    """The texts of a part of properties, by the names of custom ones or of their elements."""
    values: dict[str, str] = {}
    name, buffer = "", [""]

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal name
        buffer.clear()
        if local_name(tag) == "property":
            name = attrs.get("name", "")

    def end(tag: str) -> None:
        local = local_name(tag)
        if buffer and local not in ("Properties", "coreProperties", "property"):
            values[name if tag.endswith("Types" + SEPARATOR + local) else local] = "".join(buffer)
        buffer.clear()

    parse(data, start, end, buffer.append)
    return values


_properties_once = lru_cache(64)(_properties)


def read_strings(data: bytes) -> list[Cell]:
    """The shared strings as ready cells; phonetic runs are left out. Raises Refused."""
    plain = strings(data)
    return _stream_strings(data) if plain is None else plain


def _string(text: str) -> Cell:
    if len(text) > MAX_TEXT:
        raise Refused("FIL_015", size=f"> {MAX_TEXT:,}")
    return Cell(CellKind.TEXT, decoded(text))


def _stream_strings(data: bytes) -> list[Cell]:
    found: list[Cell] = []
    buffer: list[str] = []
    parser = new_parser()
    phonetic = False

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal phonetic
        local = local_name(tag)
        if local == "t" and not phonetic:
            parser.CharacterDataHandler = buffer.append
        elif local == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal phonetic
        local = local_name(tag)
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "rPh":
            phonetic = False
        elif local == "si":
            if len(found) >= MAX_STRINGS:
                raise Refused("FIL_015", size=f"> {MAX_STRINGS:,}")
            found.append(_string("".join(buffer)))
            buffer.clear()

    parse(data, start, end, None, parser)
    return found
