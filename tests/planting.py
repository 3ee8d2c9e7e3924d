"""Faults for a workbook that was written: a cached value, a range or a number of one sheet, changed in its XML.

One workbook may hold many, since each has to show in its own cell: a cached value is read by no formula, and a range is
held to be noticed only where what its formula reads came out as written.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from openpyxl.utils import rows_from_range
from recalculation import Place

FORMULA = re.compile(r'<c r="(?P<at>[A-Z]+\d+)"[^>]*><f>(?P<text>[^<]+)</f><v>(?P<value>[^<]+)</v>')
NUMBER = re.compile(r'(<c r="(?P<at>[A-Z]+\d+)" s="\d+"><v>)(?P<value>[1-9]\d*)(</v>)')
QUOTED = re.compile(r'"[^"]*"')
CELL = r"\$?[A-Z]+\$?\d+"
BEARING = re.compile(
    rf"\b(?:INDEX|MATCH|SUM|SUMPRODUCT)\((?:--ISNUMBER\(|\d+,|{CELL},)?(?:'[^']+'!)?(?P<cells>{CELL}:{CELL})"
)
"""A range of which each row counts: one that is summed, or looked up by the number of a row."""
READ = re.compile(rf"(?:'(?P<sheet>[^']+)'!)?(?P<cells>{CELL}(?::{CELL})?)\b")


@dataclass(frozen=True)
class Written:
    """A workbook as written; its sheets: name -> part."""

    content: bytes

    @cached_property
    def parts(self) -> Mapping[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def sheets(self) -> dict[str, str]:
        names = re.findall('<sheet name="([^"]*)"', self.parts["xl/workbook.xml"].decode())
        return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}

    def xml(self, sheet: str) -> str:
        return self.parts[self.sheets[sheet]].decode()

    def formulas(self, sheet: str) -> Iterator[re.Match[str]]:
        return FORMULA.finditer(self.xml(sheet))

    def changed(self, path: Path, edits: Mapping[str, str]) -> Path:
        """The workbook with the XML of these sheets changed."""
        parts = {self.sheets[sheet]: xml.encode() for sheet, xml in edits.items()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in {**self.parts, **parts}.items():
                archive.writestr(name, part)
        return path


def off(value: str) -> str:
    """A cached value a little off: a number by a hundredth, a text by a letter."""
    return f"{float(value) + 0.01}" if re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?", value) else f"{value}x"


def a_value(book: Written, sheet: str) -> tuple[Place, str] | None:
    """The place of the sheet's first cached number, else text, and the sheet with it corrupted."""
    found = sorted(book.formulas(sheet), key=lambda each: off(each["value"]).endswith("x"))
    if not found:
        return None
    xml, (first, last) = book.xml(sheet), found[0].span("value")
    return (sheet, found[0]["at"]), xml[:first] + off(xml[first:last]) + xml[last:]


def a_range(book: Written, sheet: str) -> tuple[Place, str] | None:
    """The place of the sheet's first formula with a range that bears on it, and the sheet with that a row short.

    One row cannot be short of any, and becomes the next row.
    """
    for formula in book.formulas(sheet):
        if bearing := BEARING.search(QUOTED.sub("", formula["text"])):
            place = bearing["cells"]
            first_row, last_row = map(int, re.findall(r"\d+", place))
            lower = re.sub(r"\d+", str(first_row + 1), place, count=0 if first_row == last_row else 1)
            xml, (first, last) = book.xml(sheet), formula.span("text")
            return (sheet, formula["at"]), xml[:first] + formula["text"].replace(place, lower) + xml[last:]
    return None


def read_by(book: Written, places: Iterable[Place]) -> set[Place]:
    """The cells that the formulas of these places read."""
    return {
        (match["sheet"] or sheet, cell)
        for sheet, at in places
        for formula in book.formulas(sheet)
        if formula["at"] == at
        for match in READ.finditer(QUOTED.sub("", formula["text"]))
        for row in rows_from_range(match["cells"].replace("$", ""))
        for cell in row
    }


def a_number(book: Written, sheet: str, where: str) -> str:
    """The sheet with its first plain number in the cells that `where` matches tripled."""
    xml = book.xml(sheet)
    number = next(each for each in NUMBER.finditer(xml) if re.fullmatch(where, each["at"]))
    first, last = number.span("value")
    return xml[:first] + str(3 * int(xml[first:last])) + xml[last:]
