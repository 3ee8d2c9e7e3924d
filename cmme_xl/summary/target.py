"""Where a summary may be written: never over what the run reads, never over somebody else's file."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan import issued
from cmme_xl.results.audience import exposed, withheld
from cmme_xl.results.model import Results
from cmme_xl.spreadsheet import save
from cmme_xl.summary.mark import is_summary

PREVIOUS = ".previous"
RESULTS_MARK = b'"schema"'
MARK_WITHIN = 100


def refuse_misplaced(plan: Path, folder: Path, target: Path, json_path: Path | None) -> None:
    """Raise Refusal, naming every fault, where `target` or `json_path` may not be written."""
    faults = [*_misplaced(plan, folder, target, ".xlsx", is_summary)]
    if json_path is not None:
        faults += _misplaced(plan, folder, json_path, ".json", _is_results)
    if faults:
        raise Refusal(faults)


def keep_previous(target: Path) -> Iterator[Finding]:
    """Keep the summary that is about to be replaced beside it, since people may have typed into it."""
    if target.exists():
        kept = target.with_name(f"{target.stem}{PREVIOUS}{target.suffix}")
        save(kept, target.read_bytes())
        yield _fault("OUT_004", kept)


def refuse_recognisable(results: Results) -> Iterator[Finding]:
    """Of a client's edition (scoring.md rule 15): raise Refusal where so few people scored that it would show whose
    answer is whose, or a single indicator that cannot be hidden; a finding where some are hidden."""
    needed = results.plan.catalogue.limits.tier_shown_min
    n = results.chosen.angles["current"].n
    if 0 < n < needed:
        raise Refusal([Finding("OUT_005", values={"n": n, "needed": needed})])
    if open_ := exposed(results):
        raise Refusal([Finding("OUT_007", values={"indicators": ", ".join(open_), "needed": needed})])
    hidden = {indicator for angle, indicator in withheld(results, "client") if angle == "current"}
    few = [id_ for id_ in sorted(hidden) if results.agreement[id_].n < needed]
    if few:
        values = {"count": len(few), "needed": needed, "indicators": ", ".join(few), "more": len(hidden) - len(few)}
        yield Finding("OUT_006", values=values)


def _misplaced(plan: Path, folder: Path, path: Path, suffix: str, is_ours: Callable[[Path], bool]) -> Iterator[Finding]:
    place = path.resolve()
    read = (plan.resolve(), (plan.parent / issued.FILE_NAME).resolve())
    if place in read or folder.resolve() in place.parents:
        yield _fault("OUT_002", path)
    elif path.suffix.lower() != suffix:
        yield _fault("OUT_001", path, suffix=suffix)
    elif path.exists() and not is_ours(path):
        yield _fault("OUT_003", path)


def _is_results(path: Path) -> bool:
    with path.open("rb") as file:
        return RESULTS_MARK in file.read(MARK_WITHIN)


def _fault(code: str, path: Path, **values: object) -> Finding:
    return Finding(code, Place(path.name), values={"file": path.name, **values})
