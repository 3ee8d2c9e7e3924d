"""From a plan and a folder of returns to the scorecard: made anew, or refreshed with all that was typed into it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cmme_xl import templates
from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.plan.target import misplaced, previous
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.calibrations import read_calibrations
from cmme_xl.returned.read import read_folder
from cmme_xl.returned.scorecard import Entry, angle_name
from cmme_xl.scorecard.context import calibratable, shown_angles
from cmme_xl.scorecard.identity import is_scorecard
from cmme_xl.scorecard.write import scorecard_bytes
from cmme_xl.spreadsheet import lock, save


@dataclass(frozen=True, slots=True)
class Made:
    """The results as calibrated, every finding, and the file written."""

    results: Results
    findings: tuple[Finding, ...]
    file: Path


def make(
    plan: Plan,
    plan_path: Path,
    folder: Path,
    target: Path,
    today: date,
    lang: str = "",
    advance: Callable[[int, int], None] | None = None,
) -> Made:
    """Read everything in `folder`, compute, and write the scorecard to `target`, in `lang`, by default the plan's.

    What was typed into a scorecard that stands there is carried over by id, understood or not; what finds no place is
    a finding that quotes it, and the former file is kept beside the new one. Raises Refusal (nothing to be written
    there, no scorecard of this engagement, issue log damaged), spreadsheet.Locked and OSError (cannot be written).
    """
    fault = misplaced(plan_path, folder, target, (".xlsx",), is_scorecard)
    if fault is not None:
        raise Refusal([fault])
    with lock(target):
        former = read_calibrations(target if target.exists() else None, plan)
        returned = read_folder(plan, issued.read(plan_path.parent / issued.FILE_NAME), folder, advance)
        results = compute(plan, returned, calibrations=former.calibrations)
        entries = {(each.angle, each.node): each for each in former.entries if _has_place(results, each)}
        brand = templates.brand()
        data = scorecard_bytes(results, entries, lang or plan.engagement.lang, brand, today)
        findings = [*former.findings, *_kept(target, former.entries, entries)]
        save(target, data)
    return Made(results, (*findings, *results.returned.told), target)


def _has_place(results: Results, entry: Entry) -> bool:
    """Whether there are yellow cells for it."""
    return entry.node in calibratable(results) and entry.angle in shown_angles(results)


def _kept(target: Path, typed: Sequence[Entry], placed: Mapping[tuple[str, str], Entry]) -> Iterator[Finding]:
    """The former file, and every entry that found no place in the new one."""
    kept = previous(target)
    if kept is None:
        return
    yield Finding("CAL_022", Place(kept.name), values={"file": kept.name, "count": len(placed)})
    for entry in typed:
        if (entry.angle, entry.node) not in placed:
            place = Place(kept.name, entry.place.sheet, entry.place.cell, entry.node)
            yield Finding("CAL_021", place, entry.shown, {"angle": angle_name(entry.angle)})
