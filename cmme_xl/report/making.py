"""From a plan and a folder of returns to the report or the deck: the job of `cmme-xl report` in one function."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cmme_xl import templates
from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding
from cmme_xl.plan import issued
from cmme_xl.report.target import keep_previous, refuse_misplaced
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import facts
from cmme_xl.results.model import Results
from cmme_xl.returned.calibrations import read_calibrations
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet import Brand, lock, save
from cmme_xl.summary.consolidation import Choices, usable_plan
from cmme_xl.summary.target import refuse_recognisable

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """The results a report was made from, every finding, and the file written."""

    results: Results
    findings: tuple[Finding, ...]
    file: Path


def make(
    plan_path: Path,
    folder: Path,
    target: Path,
    catalogue: Catalogue,
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> Made:
    """Read the plan and everything in `folder`, compute, and write the report (.docx) or the deck (.pptx).

    Nothing in `folder` is changed; a former report is kept beside the new one. Raises Refusal (plan, scorecard
    or issue log not usable, nothing to be written there, a client's edition of too few people), spreadsheet.Locked
    (target open or another run at work) and OSError (cannot be written).
    """
    choices = choices or Choices()
    refuse_misplaced(plan_path, folder, target)
    plan, findings = usable_plan(plan_path, catalogue)
    chosen = {name: getattr(choices, name) for name in ("scope", "audience", "prefer_newest")}
    told = {name: value for name, value in chosen.items() if value is not None}
    plan = replace(plan, settings=replace(plan.settings, **told))
    with lock(target):
        returned = read_folder(plan, issued.read(plan_path.parent / issued.FILE_NAME), folder, progress=progress)
        reading = read_calibrations(choices.scorecard, plan)
        results = compute(plan, returned, calibrations=reading.calibrations)
        findings += reading.findings
        if plan.settings.audience == "client":
            findings += tuple(refuse_recognisable(results))
        lang = choices.lang or plan.engagement.lang
        data = report_bytes(results, lang, templates.brand(), target.suffix.lower())
        findings += tuple(keep_previous(target))
        save(target, data)
    return Made(results, findings + results.returned.told, target)


def report_bytes(results: Results, lang: str, brand: Brand, suffix: str) -> bytes:
    """The report for the audience that the plan names, in `lang`: a document for ".docx", a deck for ".pptx"."""
    from cmme_xl.report import deck, document

    write = {".docx": document.written, ".pptx": deck.written}[suffix]
    return write(facts(results), lang, brand)
