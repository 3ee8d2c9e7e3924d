"""Where a report may be written: never over what the run reads, never over somebody else's file."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan import issued
from cmme_xl.spreadsheet import save

SUFFIXES = (".docx", ".pptx")
PREVIOUS = ".previous"
MARK = "cmme-xl report"
"""Stands as the category among a report's properties; it is still there after someone has edited the report."""


def refuse_misplaced(plan: Path, folder: Path, target: Path) -> None:
    """Raise Refusal where `target` may not be written."""
    place = target.resolve()
    values = {"file": target.name, "suffix": " / ".join(SUFFIXES)}
    code = ""
    if place in (plan.resolve(), (plan.parent / issued.FILE_NAME).resolve()) or folder.resolve() in place.parents:
        code = "OUT_002"
    elif target.suffix.lower() not in SUFFIXES:
        code = "OUT_001"
    elif target.exists() and not is_report(target):
        code = "OUT_003"
    if code:
        raise Refusal([Finding(code, Place(target.name), values=values)])


def keep_previous(target: Path) -> Iterator[Finding]:
    """Keep the report that is about to be replaced beside it, since people may have edited it."""
    if target.exists():
        kept = target.with_name(f"{target.stem}{PREVIOUS}{target.suffix}")
        save(kept, target.read_bytes())
        yield Finding("RPT_001", Place(kept.name), values={"file": kept.name})


def is_report(path: Path) -> bool:
    """Whether the file at `path` is a report of ours, by its mark; False for whatever cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            return f"<cp:category>{MARK}</cp:category>".encode() in archive.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
