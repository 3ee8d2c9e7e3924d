"""Where a summary may be written: never over what the run reads, never over somebody else's file."""

from collections.abc import Iterator
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan.target import misplaced, previous
from cmme_xl.results.audience import exposed, voices, withheld
from cmme_xl.results.compute import rules
from cmme_xl.results.model import Results
from cmme_xl.summary.mark import is_summary

RESULTS_MARK = b'"schema"'
MARK_WITHIN = 100


def refuse_misplaced(plan: Path, folder: Path, target: Path, json_path: Path | None) -> None:
    """Raise Refusal, naming every fault, where `target` or `json_path` may not be written."""
    faults = [misplaced(plan, folder, target, (".xlsx",), is_summary)]
    if json_path is not None:
        faults.append(misplaced(plan, folder, json_path, (".json",), _is_results))
    if found := [fault for fault in faults if fault is not None]:
        raise Refusal(found)


def keep_previous(target: Path) -> Iterator[Finding]:
    """Keep the summary that is about to be replaced beside it, since people may have typed into it."""
    kept = previous(target)
    if kept is not None:
        yield Finding("OUT_004", Place(kept.name), values={"file": kept.name})


def refuse_recognisable(results: Results) -> Iterator[Finding]:
    """Of a client's edition (scoring.md rule 15): raise Refusal where so few people scored that it would show whose
    answer is whose, or a single indicator that cannot be hidden; a finding where some are hidden."""
    needed = results.plan.catalogue.limits.tier_shown_min
    angle, hears = results.chosen.angles["current"], rules(results.plan, "current").hears
    n = len(voices(angle.tree, hears))
    if angle.n and n < needed:
        raise Refusal([Finding("OUT_005", values={"n": n, "needed": needed})])
    if open_ := exposed(results):
        raise Refusal([Finding("OUT_014", values={"indicators": ", ".join(open_), "needed": needed})])
    hidden = {indicator for angle, indicator in withheld(results, "client") if angle == "current"}
    indicators = {each.id: each for dimension in angle.tree.children for each in dimension.children}
    few = [id_ for id_ in sorted(hidden) if len(voices(indicators[id_], hears)) < needed]
    if few:
        values = {"count": len(few), "needed": needed, "indicators": ", ".join(few), "more": len(hidden) - len(few)}
        yield Finding("OUT_006", values=values)


def _is_results(path: Path) -> bool:
    with path.open("rb") as file:
        return RESULTS_MARK in file.read(MARK_WITHIN)
