"""From a plan and a folder of returns to the status: read, counted, and written where asked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from cmme_xl.findings import Refusal
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.plan.target import has_sheet, misplaced
from cmme_xl.results.progress import Progress, progress
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet import lock, save
from cmme_xl.status.workbook import MARK, status_bytes


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

    Raises Refusal where nothing may be written to `target`, or the folder or the issue log cannot be read,
    spreadsheet.Locked and OSError where it cannot be written.
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
    fault = misplaced(plan_path, folder, target, (".xlsx",), lambda path: has_sheet(path, MARK))
    if fault is not None:
        raise Refusal([fault])
