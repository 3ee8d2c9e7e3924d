"""Golden workbooks: a workbook as a text that a person can review, compared part by part.

The idea is that of XlsxWriter's own tests (its helperfunctions.py): unpack, leave out what varies by itself,
compare the rest. Here each part is one line with a hash of its content, and each sheet is also written out
cell by cell, so that the difference of two versions reads as what changed on which sheet. A formula that was
filled down is one line, and of a very large sheet (of calculations) each column is one.

    CMME_UPDATE_GOLDEN=1 pytest tests/test_golden.py      writes the texts anew; review them with git diff
"""

import difflib
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from xlsxwriter.utility import xl_cell_to_rowcol

FOLDER = Path(__file__).parent / "golden"
UPDATE = "CMME_UPDATE_GOLDEN"
LONGEST = 200
LARGE_SHEET = 3_000

# Everything that may differ between two runs of the same code on the same content, and nothing else:
# (part, pattern); what matches is left out before hashing.
VOLATILE = (
    ("docProps/core.xml", r"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>"),
    ("xl/workbook.xml", r'(?<=<calcPr )calcId="\d+"'),
    ("xl/workbook.xml", r"<fileVersion [^>]*/>"),
)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def rendered(data: bytes, random: Mapping[str, str] | None = None) -> str:
    """A workbook as text: one line per part with its hash, then per sheet what it holds.

    `random`: texts that the caller knows to be drawn by lot (an issue id) -> what to write instead.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist())}
    parts = {name: _steady(name, content, random or {}) for name, content in parts.items()}
    lines = [f"{name} {hashlib.sha256(content).hexdigest()[:12]}" for name, content in parts.items()]
    strings = _strings(parts)
    for title, part, state in _sheets(parts):
        lines += ["", f"== {title} ({state})", *_sheet(ElementTree.fromstring(parts[part]), strings)]
    return "\n".join(lines) + "\n"


def compare(name: str, data: bytes, random: Mapping[str, str] | None = None) -> None:
    """Assert that a workbook is the golden one called `name`, or make it that where CMME_UPDATE_GOLDEN is set."""
    path = FOLDER / f"{name}.txt"
    found = rendered(data, random)
    if os.environ.get(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, "utf-8", newline="\n")
    assert path.exists(), f"no golden {name}: look at the workbook, then run with {UPDATE}=1"
    meant = path.read_text("utf-8")
    assert found == meant, difference(meant, found, name)


def difference(meant: str, found: str, name: str = "") -> str:
    """What changed, each line under the sheet it stands on."""
    lines: list[str] = []
    sheet = shown = "parts"
    for line in difflib.ndiff(meant.splitlines(), found.splitlines()):
        if line[2:].startswith("== "):
            sheet = line[5:]
        if line.startswith(("+ ", "- ")):
            if sheet != shown or not lines:
                lines.append(f"{name} {sheet}:".strip())
                shown = sheet
            lines.append(f"  {line}")
    return "\n".join(lines)


def _steady(name: str, content: bytes, random: Mapping[str, str]) -> bytes:
    if not name.endswith((".xml", ".rels", ".vml")):
        return content
    text = content.decode("utf-8")
    for part, pattern in VOLATILE:
        if part == name:
            text = re.sub(pattern, "", text)
    for drawn, instead in random.items():
        text = text.replace(drawn, instead)
    return text.encode()


def _strings(parts: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    table = ElementTree.fromstring(parts["xl/sharedStrings.xml"])
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in table]


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Title, part and visibility of each sheet, in order."""
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        yield sheet.get("name", ""), "xl/" + targets[sheet.get(_LINK)], sheet.get("state", "visible")


@dataclass
class _Run:
    """Cells below each other in one column that hold the same formula, seen from where they stand; or one cell."""

    first: str
    look: tuple[str, str]
    formula: str
    row: int
    last: str
    values: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        where = self.first if self.first == self.last else f"{self.first}:{self.last}"
        formula = f"{_clipped('=' + self.formula)} -> " if self.formula else ""
        return f"{where} s{self.look[0]} {formula}{_clipped(' | '.join(self.values))}"


def _sheet(tree: ElementTree.Element, strings: Sequence[str]) -> Iterator[str]:
    runs: list[_Run] = []
    open_: dict[int, _Run] = {}
    for cell in tree.iter(f"{_MAIN}c"):
        value = _value(cell, strings)
        if value is None:
            continue
        place = cell.get("r", "")
        row, column = xl_cell_to_rowcol(place)
        formula = cell.findtext(f"{_MAIN}f") or ""
        look = cell.get("s", "0"), _relative(formula, row, column)
        run = open_.get(column)
        if not (formula and run and run.row == row - 1 and run.look == look):
            run = open_[column] = _Run(place, look, formula, row, place)
            runs.append(run)
        run.row, run.last = row, place
        run.values.append(value)
    lines = [str(run) for run in runs]
    yield from lines if len(lines) <= LARGE_SHEET else _columns(runs, lines)
    for element in tree:
        if element.tag in (f"{_MAIN}sheetData", f"{_MAIN}cols"):
            continue
        text = ElementTree.tostring(element, "unicode")
        name = element.tag.removeprefix(_MAIN)
        yield f"<{name}> {len(element)} {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _columns(runs: Sequence[_Run], lines: Sequence[str]) -> Iterator[str]:
    """One line per column: how much it holds and a hash of all of it."""
    columns: dict[str, list[str]] = {}
    for run, line in zip(runs, lines, strict=True):
        columns.setdefault(run.first.rstrip("0123456789"), []).append(line)
    for column, found in columns.items():
        yield f"{column}: {len(found)} lines {hashlib.sha256(chr(10).join(found).encode()).hexdigest()[:12]}"


def _value(cell: ElementTree.Element, strings: Sequence[str]) -> str | None:
    """What a cell shows; None for one that holds neither value nor formula."""
    value, inline = cell.findtext(f"{_MAIN}v"), cell.find(f"{_MAIN}is")
    if inline is not None:
        return repr("".join(t.text or "" for t in inline.iter(f"{_MAIN}t")))
    if value is None and cell.find(f"{_MAIN}f") is None:
        return None
    return repr(strings[int(value or 0)]) if cell.get("t") == "s" else value or "''"


def _relative(formula: str, row: int, column: int) -> str:
    """A formula with its references as distances, so that one that was filled down is the same in every row."""

    def distance(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = found.groups()
        to_row, to_column = xl_cell_to_rowcol(letters + digits)
        across = f"${to_column}" if fixed_column else f"c{to_column - column}"
        return across + (f"${to_row}" if fixed_row else f"r{to_row - row}")

    return re.sub(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d+)(?![\w(.!])", distance, formula)


def _clipped(line: str) -> str:
    """The line, or its beginning and a hash of the whole."""
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}… {hashlib.sha256(line.encode()).hexdigest()[:12]}"
