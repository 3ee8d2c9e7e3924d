"""Where a report may be written: never over what the run reads, never over somebody else's file."""

from collections.abc import Iterator
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan.target import misplaced, previous, says

SUFFIXES = (".docx", ".pptx")
MARK = "cmme-xl report"
"""Stands as the category among a report's properties; it is still there after someone has edited the report."""


def refuse_misplaced(plan: Path, folder: Path, target: Path) -> None:
    """Raise Refusal where `target` may not be written."""
    fault = misplaced(plan, folder, target, SUFFIXES, is_report)
    if fault is not None:
        raise Refusal([fault])


def keep_previous(target: Path) -> Iterator[Finding]:
    """Keep the report that is about to be replaced beside it, since people may have edited it."""
    kept = previous(target)
    if kept is not None:
        yield Finding("RPT_001", Place(kept.name), values={"file": kept.name})


def is_report(path: Path) -> bool:
    """Whether the file at `path` is a report of ours, by its mark; False for whatever cannot be opened."""
    return says(path, "docProps/core.xml", f"<cp:category>{MARK}</cp:category>")
