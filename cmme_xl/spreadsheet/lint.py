"""Faults of a finished workbook that Microsoft's validator passes over and Excel does not (returns.md).

For our own output only: it trusts the file's size and reads it whole.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from xml.etree import ElementTree

from xlsxwriter.utility import xl_cell_to_rowcol

from cmme_xl.spreadsheet import formulatext
from cmme_xl.spreadsheet.celltext import too_long
from cmme_xl.spreadsheet.formulatext import ERRORS, Known

ROWS, COLUMNS = 1_048_576, 16_384
TALLEST_ROW_POINTS, WIDEST_COLUMN = 409.5, 255
REQUIRED = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
BRINGS_CODE = re.compile(r"vbaProject|macroEnabled|activeX|/embeddings/|customUI|macrosheets", re.IGNORECASE)
LIMITS = {"prompt": 255, "error": 255, "promptTitle": 32, "errorTitle": 32}

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHART_REFERENCE = "{http://schemas.openxmlformats.org/drawingml/2006/chart}f"
_NUMBER = re.compile(r"-?\d+(\.\d+)?([Ee][+-]?\d+)?")
_NAME = re.compile(r"[^\W\d][\w.]{0,254}|\\\w*|_xlnm\.\w+")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[rR]\d*([cC]\d*)?|[cC]\d*")
_BAD_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")

Box = tuple[int, int, int, int]
Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the rule it breaks, the part or sheet, the cell or range (may be empty), the text in question."""

    rule: str
    part: str
    cell: str = ""
    detail: str = ""


def lint(data: bytes, functions: Collection[str] | None = None) -> tuple[Fault, ...]:
    """All faults of a workbook. `functions`: those it may use, upper case (None: any); see formulatext.Known."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            parts = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        return (Fault("package", "", detail=str(error)),)
    found = [Fault("part_twice", name) for name, times in Counter(names).items() if times > 1]
    found += [Fault("part_missing", name) for name in REQUIRED if name not in parts]
    trees: dict[str, Element] = {}
    for name, content in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                trees[name] = ElementTree.fromstring(content)
            except ElementTree.ParseError as error:
                found.append(Fault("xml", name, detail=str(error)))
    if not found:
        found += chain(_package(parts, trees), _content(trees, functions))
    return tuple(found)


def _package(parts: Mapping[str, bytes], trees: Mapping[str, Element]) -> Iterator[Fault]:
    for name in parts:
        if BRINGS_CODE.search(name):
            yield Fault("macros", name)
        if name.startswith("xl/externalLinks/"):
            yield Fault("external", name)
    defaults = set()
    overrides = set()
    for entry in trees["[Content_Types].xml"]:
        defaults.add(entry.get("Extension", "").lower())
        overrides.add(entry.get("PartName", "").removeprefix("/"))
        if BRINGS_CODE.search(entry.get("ContentType", "")):
            yield Fault("macros", "[Content_Types].xml", detail=entry.get("ContentType", ""))
    for name in overrides - {""} - set(parts):
        yield Fault("part_missing", name)
    for name in set(parts) - overrides - {"[Content_Types].xml"}:
        if name.rpartition(".")[2].lower() not in defaults:
            yield Fault("content_type", name)
    for name in trees:
        if name.endswith(".rels"):
            yield from _relations(name, trees, parts)


def _relations(name: str, trees: Mapping[str, Element], parts: Mapping[str, bytes]) -> Iterator[Fault]:
    folder, _, file = name.rpartition("_rels/")
    owner = folder + file.removesuffix(".rels")
    targets = _targets(trees, owner)
    for relation in trees[name]:
        if relation.get("TargetMode") == "External":
            yield Fault("external", owner, detail=relation.get("Target", ""))
        elif targets[relation.get("Id", "")] not in parts:
            yield Fault("relation", owner, detail=relation.get("Target", ""))
    if owner in trees:
        for element in trees[owner].iter():
            if element.get(_LINK) is not None and element.get(_LINK) not in targets:
                yield Fault("relation", owner, detail=element.get(_LINK, ""))


def _targets(trees: Mapping[str, Element], part: str) -> dict[str, str]:
    """Relationship id -> name of the part it leads to, for one part."""
    folder, _, file = part.rpartition("/")
    relations = trees.get(posixpath.join(folder, "_rels", f"{file}.rels"), ())
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        for relation in relations
    }


def _content(trees: Mapping[str, Element], functions: Collection[str] | None) -> Iterator[Fault]:
    book = trees["xl/workbook.xml"]
    sheets = book.findall(f"{_MAIN}sheets/{_MAIN}sheet")
    defined = book.findall(f"{_MAIN}definedNames/{_MAIN}definedName")
    tables = [tree.get("displayName", "").lower() for name, tree in trees.items() if name.startswith("xl/tables/")]
    known = Known(
        {sheet.get("name", "").lower() for sheet in sheets},
        {name.get("name", "").lower() for name in defined} | set(tables),
        functions,
    )
    yield from _sheet_names(sheets)
    yield from _defined_names(defined, tables, known)
    targets = _targets(trees, "xl/workbook.xml")
    worksheets = {targets.get(sheet.get(_LINK, ""), ""): sheet.get("name", "") for sheet in sheets}
    strings = trees.get("xl/sharedStrings.xml")
    texts = ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in strings] if strings is not None else []
    used = 0
    for part, name in worksheets.items():
        if part in trees:
            used += sum(cell.get("t") == "s" for cell in trees[part].iter(f"{_MAIN}c"))
            yield from _sheet(name, trees[part], texts, known)
    if strings is not None:
        stated = strings.get("count"), strings.get("uniqueCount")
        if stated != (str(used), str(len(texts))):
            yield Fault("string_count", "xl/sharedStrings.xml", detail=f"{stated}, {used}, {len(texts)}")
        for text in texts:
            if too_long(text):
                yield Fault("text_long", "xl/sharedStrings.xml", detail=text[:40])
    for part, tree in trees.items():
        for reference in tree.iter(_CHART_REFERENCE):
            for rule, detail in formulatext.faults(reference.text or "", known):
                yield Fault(rule, part, detail=detail)


def _sheet_names(sheets: Iterable[Element]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in (sheet.get("name", "") for sheet in sheets):
        reserved = name.lower() == "history"
        if not 0 < len(name) <= 31 or _BAD_IN_SHEET_NAME.search(name) or reserved or name.lower() in seen:
            yield Fault("sheet_name", "xl/workbook.xml", detail=name)
        seen.add(name.lower())
    if all(sheet.get("state") in ("hidden", "veryHidden") for sheet in sheets):
        yield Fault("all_hidden", "xl/workbook.xml")


def _defined_names(defined: Iterable[Element], tables: Iterable[str], known: Known) -> Iterator[Fault]:
    seen: set[tuple[str, str | None]] = {(table, None) for table in tables}
    for entry in defined:
        name = entry.get("name", "")
        key = name.lower(), entry.get("localSheetId")
        if not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
            yield Fault("name", "xl/workbook.xml", detail=name)
        if key in seen:
            yield Fault("name_twice", "xl/workbook.xml", detail=name)
        seen.add(key)
        for rule, detail in formulatext.faults(entry.text or "", known):
            yield Fault(rule, "xl/workbook.xml", name, detail)


def _sheet(name: str, tree: Element, texts: list[str], known: Known) -> Iterator[Fault]:
    merges = [(ref, _box(ref)) for ref in (each.get("ref", "") for each in tree.iter(f"{_MAIN}mergeCell"))]
    for first, second in _overlaps(merges):
        yield Fault("merge_overlap", name, f"{first} {second}")
    yield from (Fault("merge_single", name, ref) for ref, box in merges if box[:2] == box[2:])
    yield from _cells(name, tree, merges, texts, known)
    yield from _validations(name, tree, known)
    for column in tree.iter(f"{_MAIN}col"):
        if float(column.get("width", 0)) > WIDEST_COLUMN:
            yield Fault("column_width", name, detail=column.get("width", ""))
    for formula in tree.iterfind(f"{_MAIN}conditionalFormatting//{_MAIN}formula"):
        for rule, detail in formulatext.faults(formula.text or "", known):
            yield Fault(rule, name, "conditional format", detail)


def _cells(name: str, tree: Element, merges: list[tuple[str, Box]], texts: list[str], known: Known) -> Iterator[Fault]:
    covered = {
        (row, column)
        for _, (top, left, bottom, right) in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    seen: set[str] = set()
    last_row = 0
    for row in tree.iter(f"{_MAIN}row"):
        number = int(row.get("r", 0))
        if number <= last_row:
            yield Fault("row_order", name, str(number))
        last_row = number
        if float(row.get("ht", 0)) > TALLEST_ROW_POINTS:
            yield Fault("row_height", name, str(number), row.get("ht", ""))
        last_column = -1
        for cell in row:
            place = cell.get("r", "")
            at, column = xl_cell_to_rowcol(place)
            if place in seen:
                yield Fault("cell_twice", name, place)
            elif column <= last_column or at + 1 != number:
                yield Fault("cell_order", name, place)
            if at >= ROWS or column >= COLUMNS:
                yield Fault("beyond", name, place)
            if (at, column) in covered and len(cell):
                yield Fault("under_merge", name, place)
            seen.add(place)
            last_column = column
            yield from (Fault(rule, name, place, detail) for rule, detail in _cell(cell, texts, known))


def _cell(cell: Element, texts: list[str], known: Known) -> Iterator[tuple[str, str]]:
    kind, value, formula = cell.get("t", "n"), cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f")
    text = (value.text or "") if value is not None else ""
    if kind == "inlineStr":
        text = "".join(each.text or "" for each in cell.iter(f"{_MAIN}t"))
    if formula is not None:
        if value is None:
            yield "uncached", formula.text or ""
        yield from formulatext.faults(formula.text or "", known)
    empty = formula is not None and not text  # XlsxWriter's way of writing the empty string as a formula's value
    if kind == "n" and value is not None and not empty and not _NUMBER.fullmatch(text):
        yield "numeric", text
    elif kind == "b" and text not in ("0", "1"):
        yield "boolean", text
    elif kind == "e" and text not in ERRORS:
        yield "error_code", text
    elif kind == "s" and not (text.isdecimal() and int(text) < len(texts)):
        yield "string_index", text
    elif kind in ("str", "inlineStr") and too_long(text):
        yield "text_long", text[:40]
    elif kind not in ("n", "b", "e", "s", "str", "inlineStr", "d"):
        yield "cell_type", kind


def _validations(name: str, tree: Element, known: Known) -> Iterator[Fault]:
    areas = []
    for rule in tree.iter(f"{_MAIN}dataValidation"):
        where = rule.get("sqref", "")
        areas += [(ref, _box(ref)) for ref in where.split()]
        for field, limit in LIMITS.items():
            if len(rule.get(field, "")) > limit:
                yield Fault("validation_text", name, where, field)
        for formula in rule:
            text = formula.text or ""
            if rule.get("type") == "list" and text.startswith('"') and len(text) - 2 > LIMITS["prompt"]:
                yield Fault("validation_list", name, where, text[:40])
            else:
                yield from (Fault(code, name, where, detail) for code, detail in formulatext.faults(text, known))
    for first, second in _overlaps(areas):
        yield Fault("validation_overlap", name, f"{first} {second}")


def _box(reference: str) -> Box:
    """Top, left, bottom, right of a range, from 0."""
    first, _, last = reference.replace("$", "").partition(":")
    return *xl_cell_to_rowcol(first), *xl_cell_to_rowcol(last or first)


def _overlaps(areas: Iterable[tuple[str, Box]]) -> Iterator[tuple[str, str]]:
    """Every two areas that share a cell: from top to bottom, each against those that still reach down to it."""
    open_: list[tuple[str, Box]] = []
    for reference, box in sorted(areas, key=lambda area: area[1]):
        open_ = [(other, there) for other, there in open_ if there[2] >= box[0]]
        for other, there in open_:
            if there[1] <= box[3] and box[1] <= there[3]:
                yield other, reference
        open_.append((reference, box))
