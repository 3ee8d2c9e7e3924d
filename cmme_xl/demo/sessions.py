"""Filling in the interviewer's records of the sessions that were held, as files, as a consultant would."""

import random
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cmme_xl.demo.story import SEED, Reply, replies, story
from cmme_xl.plan.model import Person, Plan
from cmme_xl.returned.model import Proof
from cmme_xl.templates import template

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def hold_all(plan: Plan, records: Mapping[str, Path], returned: Path) -> tuple[Path, ...]:
    """Fill in the records (person id -> file) of those who were interviewed and save them into `returned`."""
    told = story()["session"]
    came: list[Path] = []
    for person_id, minutes in zip(told["people"], told["minutes"], strict=True):
        target = returned / records[person_id].name
        hold(records[person_id], target, plan, plan.by_id[person_id], minutes)
        came.append(target)
    return tuple(came)


def hold(record: Path, target: Path, plan: Plan, person: Person, minutes: int) -> None:
    """Fill in one record and save it as `target`."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # as in the mailbox: what openpyxl does not know it drops, and says so
        warnings.simplefilter("ignore", UserWarning)
        work = load_workbook(record, rich_text=True)
    names = template("interview")["sheets"]
    _agree(work[names["record"][person.lang]], plan, person)
    _note(work[names["session"][person.lang]], person, minutes)
    work.save(target)


def _agree(sheet: "Worksheet", plan: Plan, person: Person) -> None:
    contract = template("interview")["record"]
    roles = {column["header"][person.lang]: column["role"] for column in contract["columns"]}
    columns = {roles[str(cell.value)]: int(cell.column or 0) for cell in sheet[1] if cell.value in roles}
    dice = random.Random(f"{SEED} session {person.id}")
    given = replies(plan, person)
    for row in range(2, sheet.max_row + 1):
        reply = given.get(str(sheet.cell(row, columns["id"]).value))
        if reply is not None:
            for role, value in _settled(plan, person, reply, dice).items():
                if value != "":
                    sheet.cell(row, columns[role]).value = value


def _settled(plan: Plan, person: Person, reply: Reply, dice: random.Random) -> dict[str, int | str]:
    """What is agreed on one answer: score, status of the evidence and evidence, "" for what is left blank."""
    told = story()["session"]
    odds, proofs = told["odds"], template("interview")["record"]["proof"]
    chance, drawn = dice.random(), dice.random()
    if not isinstance(reply.score, int) or chance < odds["blank"]:
        return {}
    unproven = reply.score >= plan.catalogue.steps[-2].value and not reply.evidence
    if drawn < (odds["unproven_lowered"] if unproven else odds["lowered"]):
        score = max(int(plan.catalogue.scale_min), reply.score - dice.choice((1, 1, 2)))
        return _line(score, proofs[Proof.STATED][person.lang], dice.choice(told["lowered"][person.lang]))
    score = min(int(plan.catalogue.scale_max), reply.score + int(drawn > 1 - odds["raised"]))
    if not reply.evidence:
        return _line(score, proofs[Proof.STATED][person.lang], "")
    seen = dice.choice((Proof.STATED, Proof.DOCUMENT, Proof.DOCUMENT, Proof.IN_USE))
    return _line(
        score, proofs[seen][person.lang], "" if seen is Proof.STATED else dice.choice(told["seen"][person.lang])
    )


def _line(score: int, proof: str, evidence: str) -> dict[str, int | str]:
    return {"current": score, "proof": proof, "evidence": evidence}


def _note(sheet: "Worksheet", person: Person, minutes: int) -> None:
    """Day, minutes and open points on the first page, each found by its label."""
    contract = template("interview")["record"]
    labels = {text[person.lang]: key for key, text in contract["session"].items()}
    heads = {text[person.lang]: key for key, text in contract["points"]["heads"].items()}
    points = [point for point in story()["session"]["point"] if point["person"] == person.id]
    typed = {"day": person.appointment.date() if person.appointment else None, "minutes": minutes}
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value in heads]
    columns = {heads[str(cell.value)]: int(cell.column or 0) for cell in cells}
    for row in range(1, sheet.max_row + 1):
        key = labels.get(str(sheet.cell(row, 2).value), "")
        if key in typed:
            sheet.cell(row, 6).value = typed[key]
        for number, point in enumerate(points, 1):
            if sheet.cell(row, 2).value == contract["points"]["id"].format(number=number):
                for field, column in columns.items():
                    sheet.cell(row, column).value = point[field][person.lang]
