"""Opening a workbook that came from people: guards first, then the library; a finding, never a traceback."""

import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from cmme_xl.findings import Finding

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST_FILE = 20_000_000
LARGEST_CONTENT = 300_000_000
MOST_PARTS = 2_000
MEGABYTE = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_workbook(path: Path) -> tuple["Workbook | None", tuple[Finding, ...]]:
    """The workbook at `path` with formulas as they stand, or None and the reason why not."""
    refused = _guard(path)
    if refused:
        return None, (refused,)
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_workbook(path), ()
        except Exception as error:  # the library raises whatever a damaged part leads it to
            return None, (Finding("WBK_005", values={"detail": f"{type(error).__name__}: {error}"}),)


def _guard(path: Path) -> Finding | None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        return Finding("WBK_001", values={"detail": error.strerror or type(error).__name__})
    if size > LARGEST_FILE:
        return _too_large(size, LARGEST_FILE)
    if start == _OLE:
        return Finding("WBK_004")
    if not start.startswith(b"PK"):
        return Finding("WBK_003")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        return Finding("WBK_005", values={"detail": str(error)})
    if "xl/workbook.xml" not in names:
        return Finding("WBK_003")
    content = sum(part.file_size for part in parts)
    if content > LARGEST_CONTENT or len(parts) > MOST_PARTS:
        return _too_large(content, LARGEST_CONTENT)
    return None


def _too_large(size: int, limit: int) -> Finding:
    return Finding("WBK_002", values={"size": f"{size / MEGABYTE:.0f} > {limit // MEGABYTE}"})
