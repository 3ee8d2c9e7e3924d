"""What was changed in a summary taken into the plan, which is the record."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan.adopt import adopted
from cmme_xl.plan.model import Plan
from cmme_xl.plan.read import read_plan
from cmme_xl.plan.target import previous
from cmme_xl.results.model import ANGLES
from cmme_xl.spreadsheet import lock, save
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.summary.consolidation import usable_plan
from cmme_xl.summary.entries import NODE, of_plan
from cmme_xl.summary.former import read_former
from cmme_xl.summary.kept import Change, applied, changes


@dataclass(frozen=True, slots=True)
class Adopted:
    """The changes taken over, in order; `kept` is where the former plan lies, None without a change."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    kept: Path | None


def adopt(plan_path: Path, summary: Path, catalogue: Catalogue) -> Adopted:
    """Take weights, scope, given figures and settings changed in `summary` into the plan at `plan_path`.

    Only the cells that say otherwise are typed over; the former plan is kept beside the new one. Raises Refusal
    (plan or summary not usable, or of different engagements or catalogues; plan cannot be written into),
    spreadsheet.Locked and OSError.
    """
    plan, findings = usable_plan(plan_path, catalogue)
    former, said = read_former(summary, catalogue)
    alien = Finding("OUT_011", Place(summary.name), values={"file": summary.name, "plan": plan_path.name})
    if former is None:
        raise Refusal([alien if finding.code == "OUT_003" else finding for finding in said])
    if not former.is_of(plan) or former.mark.get("catalogue_hash") != catalogue.hash:
        raise Refusal([alien])
    others = [angle for angle in ANGLES if angle != "current"]
    found = changes(former, plan, of_plan(plan, others))
    settings = {place.sheet for key, place in former.places.items() if key.kind == NODE}
    ignored = tuple(each for each in former.findings if each.place.sheet in settings or each.code == "OUT_013")
    findings = (*findings, *said, *ignored)
    if not found:
        return Adopted((), findings, None)
    wanted = applied(plan, found)
    with lock(plan_path):
        former_plan = plan_path.read_bytes()
        try:
            data = adopted(former_plan, read_plan(plan_path, catalogue), wanted)
        except (KeyError, DrawingError, ValueError) as error:
            raise _cannot(plan_path, str(error)) from error
        if not _says(data, wanted):
            raise _cannot(plan_path, "read back")
        kept = previous(plan_path)
        save(plan_path, data)
    return Adopted(found, findings, kept)


def _says(data: bytes, wanted: Plan) -> bool:
    """Whether a plan workbook, read back, says what was to be written into it, and nothing else has changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(data)
        found = read_plan(path, wanted.catalogue).plan
    if found is None:
        return False
    # who is asked what follows from the rest
    both = (replace(each, assigned={}, given=tuple(sorted(each.given, key=repr))) for each in (found, wanted))
    return next(both) == next(both)


def _cannot(path: Path, detail: str) -> Refusal:
    return Refusal([Finding("OUT_012", Place(path.name), values={"file": path.name, "detail": detail})])
