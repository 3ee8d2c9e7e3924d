"""From a plan and a folder of returns to the status: read, counted, and written where asked."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.results.progress import Progress, progress
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet import lock, save
from cmme_xl.status.workbook import MARK, status_bytes

SUFFIX, BOOK_PART = ".xlsx", "xl/workbook.xml"


def status(
    plan: Plan,
    plan_path: Path,
    folder: Path,
    today: date,
    target: Path | None = None,
    lang: str = "",
    advance: Callable[[int, int], None] | None = None,
) -> Progress:
    """The progress of the engagement of `plan`, read from `folder`; written to `target` where given, in `lang`, by
    default the plan's. Nothing in the folder is changed.

    Raises Refusal where nothing may be written to `target` or the folder cannot be read, spreadsheet.Locked and
    OSError where it cannot be written, ValueError where the issue log is damaged.
    """
    if target is not None:
        refuse_misplaced(plan_path, folder, target)
    issues = issued.read(plan_path.parent / issued.FILE_NAME)
    found = progress(plan, issues, read_folder(plan, issues, folder, advance), today)
    if target is not None:
        with lock(target):
            save(target, status_bytes(found, lang or plan.engagement.lang))
    return found


def refuse_misplaced(plan_path: Path, folder: Path, target: Path) -> None:
    """Raise Refusal where `target` is what the run reads, no .xlsx, or somebody else's file."""
    place, read = target.resolve(), {plan_path.resolve(), (plan_path.parent / issued.FILE_NAME).resolve()}
    if place in read or folder.resolve() in place.parents:
        code = "OUT_002"
    elif target.suffix.lower() != SUFFIX:
        code = "OUT_001"
    elif target.exists() and not _is_status(target):
        code = "OUT_003"
    else:
        return
    raise Refusal([Finding(code, Place(target.name), values={"file": target.name, "suffix": SUFFIX})])


def _is_status(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return f'name="{MARK}"'.encode() in archive.read(BOOK_PART)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
