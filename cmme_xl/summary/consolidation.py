"""From a plan and a folder of returns to the summary workbook: the main job in one function."""

import gc
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from cmme_xl import templates
from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place, Refusal, Severity
from cmme_xl.plan import issued
from cmme_xl.plan.checks import check
from cmme_xl.plan.model import Plan
from cmme_xl.plan.read import read_plan
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.results.model import ANGLES, Results
from cmme_xl.returned.calibrations import read_calibrations
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet import lock, save
from cmme_xl.spreadsheet.saving import refuse_if_open
from cmme_xl.summary.entries import ACTION, of_plan
from cmme_xl.summary.former import Former, read_former
from cmme_xl.summary.kept import Kept, applied, changes, listed, unplaced
from cmme_xl.summary.target import keep_previous, refuse_misplaced, refuse_recognisable
from cmme_xl.summary.write import summary_bytes

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What a consolidation came to: the results, every finding, and the file written."""

    results: Results
    findings: tuple[Finding, ...]
    summary: Path


@dataclass(frozen=True, slots=True)
class Choices:
    """What may differ from the plan for one run; None takes the plan's setting.

    `scorecard`: the workbook whose calibrations count.
    """

    scope: str | None = None
    lang: str | None = None
    audience: str | None = None
    prefer_newest: bool | None = None
    scorecard: Path | None = None


def usable_plan(path: Path, catalogue: Catalogue) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan in `path` with all its findings. Raises Refusal where an error among them forbids its use."""
    reading = read_plan(path, catalogue)
    findings = tuple(reading.findings) + (check(reading.plan, reading.places, reading.unread) if reading.plan else ())
    if reading.plan is None or any(f.severity is Severity.ERROR for f in findings):
        raise Refusal(findings)
    return reading.plan, findings


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Python looks for cycles among all objects again and again; here are very many, and next to no cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@_seldom_collected()
def consolidate(
    plan_path: Path,
    folder: Path,
    target: Path,
    catalogue: Catalogue,
    choices: Choices = Choices(),
    json_path: Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    *,
    fresh: bool = False,
) -> Consolidated:
    """Read the plan and everything in `folder`, compute, and write the summary to `target` (and JSON, where asked).

    `executor` reads the returns; by default this machine does.

    Nothing in `folder` is changed; a former summary is kept beside the new one. What people typed into it, settings
    and action plan, is taken over into the new one, unless `fresh`; what found no place there is a finding.

    Raises Refusal (plan, scorecard or issue log not usable, nothing to be written there, a client's edition of too few
    people), spreadsheet.Locked (target open or another run at work) and OSError (cannot be written).
    """
    started = perf_counter()
    refuse_misplaced(plan_path, folder, target, json_path)
    plan, findings = usable_plan(plan_path, catalogue)
    plan = _with(plan, choices)
    log.info("plan read: %d people, %.2f s", len(plan.people), perf_counter() - started)
    # what cannot be written is known before the work is done, and before one of the two is there without the other
    for path in (each for each in (target, json_path) if each):
        refuse_if_open(path)
    with lock(target), lock(json_path) if json_path else nullcontext():
        issues = issued.read(plan_path.parent / issued.FILE_NAME)
        record = plan
        former: Former | None = None
        carried: tuple[Finding, ...] = ()
        if target.exists() and not fresh:
            plan, former, carried = _taken_over(target, plan, choices)
        returned = read_folder(plan, issues, folder, progress, executor)
        log.info("returns read: %d files, %.2f s", len(returned.files), perf_counter() - started)
        returned = replace(returned, findings=(*returned.findings, *carried))
        reading = read_calibrations(choices.scorecard, plan)
        results = compute(plan, returned, calibrations=reading.calibrations)
        log.info("computed, %.2f s", perf_counter() - started)
        findings += reading.findings
        if plan.settings.audience == "client":
            findings += tuple(refuse_recognisable(results))
        lang = choices.lang or plan.engagement.lang
        brand = templates.brand()
        data = summary_bytes(results, lang, brand, plan.settings.audience, Kept(record, former))
        log.info("summary drawn: %d bytes, %.2f s", len(data), perf_counter() - started)
        findings += tuple(keep_previous(target))
        save(target, data)
        if json_path:
            save(json_path, json.dumps(as_json(results, lang), ensure_ascii=False, indent=1).encode())
    return Consolidated(results, findings + results.returned.told, target)


def _taken_over(target: Path, plan: Plan, choices: Choices) -> tuple[Plan, Former | None, tuple[Finding, ...]]:
    """The plan with the settings that people changed in the former summary at `target`; that summary; and what to say.

    A scope named for this run goes before the summary's.
    """
    former, findings = read_former(target, plan.catalogue)
    if former is None or not former.is_of(plan):
        return plan, None, (*findings, Finding("OUT_007", Place(target.name), values={"file": target.name}))
    found = changes(former, plan, of_plan(plan, [a for a in ANGLES if a != "current"]))
    found = tuple(each for each in found if not (choices.scope and each.key.of == "scope"))
    findings += tuple(unplaced(former, plan.catalogue))
    if found:
        values = {"count": len(found), "listed": listed(found, plan.catalogue)}
        findings += (Finding("OUT_009", Place(target.name), values=values),)
    actions = {key.of for key in former.typed if key.kind == ACTION}
    if actions:
        findings += (Finding("OUT_010", Place(target.name), values={"count": len(actions)}),)
    return applied(plan, found), former, findings


def _with(plan: Plan, choices: Choices) -> Plan:
    chosen = {
        name: value for name in ("scope", "audience", "prefer_newest") if (value := getattr(choices, name)) is not None
    }
    return replace(plan, settings=replace(plan.settings, **chosen))
