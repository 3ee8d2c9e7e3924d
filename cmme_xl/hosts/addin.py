"""cmme.xlam, built from text: the empty add-in that xlwings ships, with our modules, ribbon and one sheet.

Nothing of xlwings' own macros stays: they take settings, and with them the program to run, from whatever workbook is
active. The same sources give the same bytes.
"""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from xml.sax.saxutils import escape

from cmme_xl.findings import LANGUAGES, message
from cmme_xl.hosts import wrapper
from cmme_xl.hosts.package import write
from cmme_xl.hosts.sources import macros

NAME = "cmme.xlam"
SHEET = "cmme.conf"
SETTINGS = ("INTERPRETER", "LANGUAGE")
_BASE = "quickstart_addin_ribbon.xlam"
_DROPPED = ("RibbonMyAddin", "xlwings", "Dictionary")
_WORDS = re.compile(r'(?:Word|Filled|OpenPath)\("([A-Za-z.]+)"')


def modules() -> dict[str, str]:
    """Every macro module of the add-in, by name: ``macros/*.bas`` and the functions' wrapper."""
    version = metadata.version("xlwings")
    texts = {path.stem: path.read_text("ascii") for path in sorted(macros().glob("*.bas"))}
    found = {name: text.replace("%XLWINGS%", version) for name, text in texts.items()}
    return found | {wrapper.MODULE: wrapper.vba()}


def words() -> dict[str, tuple[str, ...]]:
    """Every text the macros and the ribbon show, in zh and en."""
    ribbon = (macros() / "ribbon.xml").read_text("utf-8")
    keys = {key for text in modules().values() for key in _WORDS.findall(text) if not key.endswith(".")}
    keys |= {f"label.{id_}" for id_ in re.findall(r' id="(\w+)"', ribbon)}
    keys |= {f"tip.{id_}" for id_ in re.findall(r'<button id="(\w+)"', ribbon)}
    return {key: tuple(message(f"addin.{key}", lang) for lang in LANGUAGES) for key in sorted(keys)}


def build(path: Path) -> None:
    """Write the add-in to `path`. Raises OSError where that cannot be done."""
    from pyopenvba import ExcelFile

    with tempfile.TemporaryDirectory(prefix="cmme-addin-") as folder:
        work = Path(folder) / NAME
        work.write_bytes((resources.files("xlwings") / _BASE).read_bytes())
        with ExcelFile(work) as book:
            project = book.vba_project()
            for name in _DROPPED:
                project.delete_module(name)
            for name, text in modules().items():
                project.add_module(name, text.replace("\n", "\r\n"))
            book.save()
        with zipfile.ZipFile(work) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    write(path, parts | dict(_parts(parts)))


def _parts(base: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The parts of the package that are ours."""
    yield "customUI/customUI.xml", (macros() / "ribbon.xml").read_bytes()
    yield "xl/worksheets/sheet1.xml", _sheet().encode()
    book = base["xl/workbook.xml"].decode()
    # where its maker had saved it is nobody's business
    book = re.sub(r"<mc:AlternateContent.*?</mc:AlternateContent>", "", book)
    yield "xl/workbook.xml", book.replace('name="_myaddin.conf"', f'name="{SHEET}"').encode()
    yield "docProps/core.xml", _CORE


def _sheet() -> str:
    """The one sheet: settings in A:B, empty until somebody fills them in, and words in D:F."""
    table = list(words().items())
    rows = []
    for index in range(max(len(SETTINGS), len(table))):
        cells = {"A": SETTINGS[index]} if index < len(SETTINGS) else {}
        if index < len(table):
            key, texts = table[index]
            cells |= dict(zip("DEF", (key, *texts), strict=True))
        rows.append(f'<row r="{index + 1}">{"".join(_cell(c, index + 1, text) for c, text in cells.items())}</row>')
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
    return f'{head}<sheetPr codeName="Sheet2"/><sheetData>{"".join(rows)}</sheetData></worksheet>'


def _cell(column: str, row: int, text: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>CMM-E</dc:title><dc:creator>cmme-xl</dc:creator>'
    b"</cp:coreProperties>"
)
