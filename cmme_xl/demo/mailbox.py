"""Filling the interview workbooks in as their people would, as files, and mailing them back."""

import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cmme_xl.demo.story import Reply, replies, story
from cmme_xl.plan.model import Person, Plan
from cmme_xl.templates import template

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def answer_all(plan: Plan, sent: Mapping[str, Path], returned: Path) -> tuple[Path, ...]:
    """Open every workbook in `sent` (person id -> file), answer it, and save it into `returned`.

    One person never answers, one file comes twice, one has its sheet renamed, and a stray workbook lies in
    the mailbox: what happens in every real assessment. Returns the files, in the order they came.
    """
    mail = story()["mail"]
    returned.mkdir(parents=True, exist_ok=True)
    came: list[Path] = []
    for person in plan.people:
        if person.id == mail["silent"]:
            continue
        target = returned / sent[person.id].name
        fill_in(sent[person.id], target, plan, person, mail["renamed_to"] if person.id == mail["renamed"] else None)
        came.append(target)
        if person.id == mail["twice"]:
            copy = returned / mail["copy"][person.lang].format(stem=target.stem)
            shutil.copy2(target, copy)
            came.append(copy)
    came.append(_stray(returned, plan.engagement.lang))
    return tuple(came)


def fill_in(sent: Path, target: Path, plan: Plan, person: Person, rename: Mapping[str, str] | None = None) -> None:
    """Answer one workbook and save it as `target`, renaming the questionnaire sheet where told."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # what openpyxl does not know it drops, and says so: returned files really do come back like that
        warnings.simplefilter("ignore", UserWarning)
        work = load_workbook(sent)
    sheet = work[template("interview")["sheets"]["questions"][person.lang]]
    _type(sheet, replies(plan, person), _columns(sheet, person.lang), plan.angles(person)[0])
    if rename:
        sheet.title = rename[person.lang]
    work.save(target)


def _columns(sheet: "Worksheet", lang: str) -> dict[str, int]:
    """The column number of each role, by the words in the header row."""
    table = template("interview")
    roles = {column["header"][lang]: column["role"] for column in table["columns"]}
    roles[table["external"]["header"][lang]] = "external"
    heads = {cell.column: str(cell.value) for cell in sheet[1] if cell.value}
    return {roles[text]: column for column, text in heads.items() if text in roles}


def _type(sheet: "Worksheet", typed: Mapping[str, Reply], columns: Mapping[str, int], angle: str) -> None:
    score = columns["current" if angle == "current" else "external"]
    for row in range(2, sheet.max_row + 1):
        reply = typed.get(str(sheet.cell(row, columns["id"]).value))
        if reply is None:
            continue
        for column, value in (
            (score, reply.score),
            (columns.get("target"), reply.target),
            (columns.get("evidence"), reply.evidence),
        ):
            if column and value != "":
                sheet.cell(row, column).value = value


def _stray(returned: Path, lang: str) -> Path:
    from openpyxl import Workbook

    mail = story()["mail"]
    path: Path = returned / mail["stray"][lang]
    work = Workbook()
    work.worksheets[0]["A1"] = mail["stray_text"][lang]
    work.save(path)
    return path
