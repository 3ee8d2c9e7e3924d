"""A few cells of somebody's workbook changed, and everything else left as it is, byte for byte."""

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter.utility import xl_cell_to_rowcol

from cmme_xl.spreadsheet.celltext import stored, writable
from cmme_xl.spreadsheet.error import DrawingError

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
Typed = str | float | None
Cells = Mapping[tuple[str, str], Typed]
"""(sheet, cell in A1 notation) -> what to type there; None empties the cell."""

_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(
    r'(?P<head><(?P<p>(?:\w+:)?)c\b[^>]*?\br="(?P<at>[A-Z]+[0-9]+)"[^>]*>)'
    r"(?P<formula><(?P=p)f\b[^>]*?(?:/>|>.*?</(?P=p)f>))"
    r"(?P<value>(?:<(?P=p)v>[^<]*</(?P=p)v>|<(?P=p)v/>)?)(?=</(?P=p)c>)",
    re.DOTALL,
)


def patched(data: bytes, cells: Cells, drawn: bytes) -> bytes:
    """The workbook `data` with these cells typed into, to be recalculated by whoever opens it.

    `drawn` is a workbook of ours with the same entries: formulas that both have at the same place take its values
    at once. Not so on a sheet with emptied rows, which a new drawing would close up: there the formulas of those rows
    show nothing until they are calculated. Raises DrawingError where a sheet is missing or holds what this cannot read.
    """
    by_sheet: dict[str, dict[str, Typed]] = {}
    for (sheet, cell), typed in cells.items():
        by_sheet.setdefault(sheet, {})[cell] = typed
    with ZipFile(io.BytesIO(data)) as archive, ZipFile(io.BytesIO(drawn)) as fresh:
        parts, ours = _parts(archive), _parts(fresh)
        if missing := by_sheet.keys() - parts.keys():
            raise DrawingError(f"no sheet {', '.join(sorted(missing))}")
        changed = {BOOK: _recalculated(archive.read(BOOK).decode())}
        for sheet, part in parts.items():
            xml = archive.read(part).decode()
            for cell, typed in by_sheet.get(sheet, {}).items():
                xml = _typed(xml, cell, typed)
            if emptied := _emptied(by_sheet.get(sheet, {})):
                xml = _hushed(xml, emptied)
            elif sheet in ours:
                xml = _refreshed(xml, fresh.read(ours[sheet]).decode())
            changed[part] = xml
        buffer = io.BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as target:
            for info in archive.infolist():
                content = changed.get(info.filename)
                target.writestr(info, archive.read(info) if content is None else content.encode())
    return buffer.getvalue()


def _parts(archive: ZipFile) -> dict[str, str]:
    """Name of a worksheet -> its part."""
    targets = {each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(archive.read(RELATIONS))}
    names = archive.namelist()
    found = {}
    for each in ElementTree.fromstring(archive.read(BOOK)).iter():
        if each.tag.endswith("}sheet"):
            target = targets.get(each.get(_LINK), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                found[each.get("name", "")] = part
    return found


def _recalculated(book: str) -> str:
    """The workbook's part, with the wish that formulas be calculated on opening."""
    wished = 'fullCalcOnLoad="1"'
    if wished in book:
        return book
    match = re.search(r"<(\w+:)?calcPr\b", book)
    if match:
        return f"{book[: match.end()]} {wished}{book[match.end() :]}"
    prefix = re.search(r"<(\w+:)?workbook\b", book)
    name = f"{(prefix and prefix[1]) or ''}calcPr"
    # the schema wants it behind sheets, names and the like
    after = [match.end() for match in re.finditer(r"</(?:\w+:)?(?:sheets|definedNames|externalReferences)>", book)]
    if not after:
        raise DrawingError("a workbook without sheets")
    return f"{book[: max(after)]}<{name} {wished}/>{book[max(after) :]}"


def _typed(xml: str, cell: str, typed: Typed) -> str:
    row, column = xl_cell_to_rowcol(cell)
    match = re.search(rf'<((?:\w+:)?)c\b([^>]*?)\br="{cell}"([^>]*?)(?:/>|>(?:.*?)</\1c>)', xml, re.DOTALL)
    if match:
        style = re.search(r'\bs="[0-9]+"', match[2] + match[3])
        return xml[: match.start()] + _cell(match[1], cell, style[0] if style else "", typed) + xml[match.end() :]
    line = re.search(rf'(<((?:\w+:)?)row\b[^>]*?\br="{row + 1}"[^>]*?)(?:/>|>(.*?)</\2row>)', xml, re.DOTALL)
    if line:
        cells, prefix = line[3] or "", line[2]
        new = _cell(prefix, cell, "", typed)
        places = re.finditer(rf'<{prefix}c\b[^>]*?\br="([A-Z]+)[0-9]+"', cells)
        at = next((m.start() for m in places if xl_cell_to_rowcol(m[1] + "1")[1] > column), len(cells))
        filled = f"{line[1]}>{cells[:at]}{new}{cells[at:]}</{prefix}row>"
        return xml[: line.start()] + filled + xml[line.end() :]
    table = re.search(r"<((?:\w+:)?)sheetData\b[^>]*?(?:/>|>(.*?)</\1sheetData>)", xml, re.DOTALL)
    if table is None:
        raise DrawingError(f"no cells around {cell}")
    rows, prefix = table[2] or "", table[1]
    new = f'<{prefix}row r="{row + 1}">{_cell(prefix, cell, "", typed)}</{prefix}row>'
    places = re.finditer(rf'<{prefix}row\b[^>]*?\br="([0-9]+)"', rows)
    at = next((m.start() for m in places if int(m[1]) > row + 1), len(rows))
    filled = f"<{prefix}sheetData>{rows[:at]}{new}{rows[at:]}</{prefix}sheetData>"
    return xml[: table.start()] + filled + xml[table.end() :]


def _cell(prefix: str, cell: str, style: str, typed: Typed) -> str:
    start = f'<{prefix}c r="{cell}"{" " + style if style else ""}'
    if typed is None:
        return f"{start}/>"
    if isinstance(typed, str):
        text = stored(writable(typed))
        inline = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
        return f'{start} t="inlineStr">{inline}</{prefix}c>'
    return f"{start}><{prefix}v>{typed:.16g}</{prefix}v></{prefix}c>"


def _emptied(cells: Mapping[str, Typed]) -> set[int]:
    """The rows, from 0, in which cells are emptied and none is typed into."""
    rows = {xl_cell_to_rowcol(cell)[0] for cell in cells}
    return rows - {xl_cell_to_rowcol(cell)[0] for cell, typed in cells.items() if typed is not None}


def _hushed(xml: str, rows: set[int]) -> str:
    """The sheet with no values in the formulas of these rows."""

    def value(match: re.Match[str]) -> str:
        if xl_cell_to_rowcol(match["at"])[0] not in rows:
            return match[0]
        head = re.sub(r' t="\w+"', "", match["head"])
        return f'{head[:-1]} t="str">{match["formula"]}<{match["p"]}v></{match["p"]}v>'

    return _FORMULA.sub(value, xml)


def _refreshed(xml: str, ours: str) -> str:
    """The values of the formulas that both have at the same place: as in `ours`."""
    fresh = {match["at"]: match for match in _FORMULA.finditer(ours)}

    def value(match: re.Match[str]) -> str:
        other = fresh.get(match["at"])
        if other is None or other["formula"] != match["formula"] or match["p"]:
            return match[0]
        kind = re.search(r' t="\w+"', other["head"])
        head = re.sub(r' t="\w+"', "", match["head"])
        return f"{head[:-1]}{kind[0] if kind else ''}>{match['formula']}{other['value']}"

    return _FORMULA.sub(value, xml)
