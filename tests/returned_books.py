"""Returned workbooks from small tables: the smallest thing that carries identity, ids, headers and answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from interview_plans import CATALOGUE, person
from interview_plans import plan as make_plan
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from cmme_xl.plan.issued import Asked, Issue
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.returned.model import Answer, Returned
from cmme_xl.returned.read import read_folder
from cmme_xl.templates import template

IDS = tuple(CATALOGUE.questions)[:7]
CONTRACT = template("interview")
HEADERS = tuple(column["header"]["zh"] for column in CONTRACT["columns"])
Edit = Callable[[Workbook], object]


def plan(*people: str, **settings: object) -> Plan:
    """A plan in which everyone (default: P1) is asked the first seven questions of the catalogue."""
    made = make_plan(*(person(id_) for id_ in people or ("P1",)), settings=Settings(**settings))  # type: ignore[arg-type]
    return replace(made, assigned=dict.fromkeys(made.by_id, IDS))


def issue(
    respondent: str = "P1",
    number: int = 1,
    ids: Sequence[str] = IDS,
    angles: Sequence[str] = ("current", "target"),
    **fields: str,
) -> Issue:
    """An issue of the engagement; its id is made of respondent and number."""
    base = Issue(
        id=issue_id(respondent, number),
        engagement="Q7-2026",
        respondent=respondent,
        kind="interview",
        lang="zh",
        angles=tuple(angles),
        questions=tuple(Asked(id_, CATALOGUE.questions[id_].rev, CATALOGUE.questions[id_].text_hash) for id_ in ids),
        catalogue_id=CATALOGUE.id,
        catalogue_version=CATALOGUE.version,
        catalogue_hash=CATALOGUE.hash,
        predecessor="",
        file="",
        sha256="",
        issued="2026-11-23T09:00:00+00:00",
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def issue_id(respondent: str, number: int = 1) -> str:
    return f"{respondent.lower()}{number}".rjust(16, "0")


def book(
    path: Path,
    table: str,
    respondent: str = "P1",
    number: int = 1,
    *,
    engagement: str = "Q7-2026",
    hidden: bool = True,
    code: bool = True,
    properties: dict[str, str] | None = None,
    saved: datetime | None = None,
    edit: Edit | None = None,
) -> Path:
    """Write a returned workbook. `table` has one line per question: number | current | target | evidence | comment,
    where 4 is a number, '4 a text, =4 a formula, @2026-05-04 a date, TRUE a truth value, #REF! an error."""
    workbook = Workbook()
    cover = workbook.active
    assert cover is not None
    cover.title = CONTRACT["sheets"]["cover"]["zh"]
    triple = {"engagement": engagement, "respondent": respondent, "issue": issue_id(respondent, number)}
    if code:
        cover["B20"] = CONTRACT["identity"]["code"].format(**triple)
    sheet = workbook.create_sheet(CONTRACT["sheets"]["questions"]["zh"])
    sheet.append(HEADERS)
    for line in filter(None, map(str.strip, table.splitlines())):
        which, *cells = (part.strip() for part in line.split("|"))
        question = IDS[int(which) - 1]
        sheet.append([question, CATALOGUE.questions[question].text.zh, *map(typed, cells)])
    if hidden:
        _identity(workbook, triple)
    for name, value in (properties or {}).items():
        workbook.custom_doc_props.append(StringProperty(name=name, value=value))  # type: ignore[attr-defined]
    if edit is not None:
        edit(workbook)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    if saved is not None:
        _date(path, saved)
    return path


def _date(path: Path, saved: datetime) -> None:
    """Puts the time of saving into a workbook; openpyxl itself always writes the present."""
    with ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for info, data in parts.items():
            if info.filename == "docProps/core.xml":
                stamp = f'W3CDTF">{saved.isoformat()}Z</dcterms:modified'.encode()
                data, count = re.subn(rb'W3CDTF">[^<]*</dcterms:modified', stamp, data)
                assert count == 1
            archive.writestr(info, data)


def typed(text: str) -> object:
    """What a person typed, as the cell value it becomes."""
    if text.startswith("'"):
        return text[1:]
    if text.startswith("@"):
        return date.fromisoformat(text[1:])
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text or None


def full(score: object = 4) -> str:
    """A table in which all seven questions have the current score `score` and the target 5."""
    return "\n".join(f"{number} | {score} | 5 | 台账" for number in range(1, 8))


def read(folder: Path, issues: Sequence[Issue] | None = None, plan_: Plan | None = None) -> Returned:
    """The folder read against the plan and issue log (defaults: one person, one issue)."""
    return read_folder(plan_ or plan(), issues or (issue(),), folder)


def answer(returned: Returned, number: int, angle: str = "current", respondent: str = "P1") -> Answer:
    """The answer to the question with that number."""
    wanted = (respondent, IDS[number - 1], angle)
    (found,) = (each for each in returned.answers if (each.respondent, each.question, each.angle) == wanted)
    return found


def codes(returned: Returned, name: str = "") -> list[str]:
    """The finding codes of a file (default: of all files and the folder), in order."""
    files = [file for file in returned.files if not name or file.name == name]
    own = [finding.code for file in files for finding in file.findings]
    return own if name else own + [finding.code for finding in returned.findings]


def statuses(returned: Returned) -> dict[str, str]:
    """File name -> status."""
    return {file.name: file.status.value for file in returned.files}


def _identity(workbook: Workbook, triple: dict[str, str]) -> None:
    contract = CONTRACT["identity"]
    sheet = workbook.create_sheet(contract["sheet"])
    sheet.sheet_state = "veryHidden"
    values = {"schema": contract["schema"], "kind": "interview", "lang": "zh", "angles": "current,target", **triple}
    for key in contract["keys"]:
        sheet.append([key, values.get(key, "")])
    sheet.append([])
    sheet.append(contract["head"])
    for question in IDS:
        asked = CATALOGUE.questions[question]
        sheet.append([question, asked.rev, asked.text_hash])
