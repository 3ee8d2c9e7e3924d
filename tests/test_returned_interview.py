"""The reader against the workbooks that are really sent."""

import warnings
from dataclasses import replace

import openpyxl
import pytest
from interview_plans import CATALOGUE, person, plan, shortened

from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.returned.model import Outcome, Returned
from cmme_xl.returned.read import read_folder

TYPED = (0, 1, 5, "不适用", "Don't know", "④", "3-4", None)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """Three people, one an outsider, one in English; every answer typed in turn, saved by another program."""
    folder = tmp_path_factory.mktemp("engagement")
    made = shortened(plan(person("P1"), person("P2", lang="en"), person("B1", "benchmark"), person("P3")), 40)
    made = replace(made, settings=replace(made.settings, ask_target=True))
    log = folder / "issued.jsonl"
    came = folder / "returned"
    came.mkdir()
    for path in generate(made, folder / "out", log).written:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(path)
        (page,) = (sheet for sheet in workbook.worksheets if sheet.title in ("问卷", "Questions"))
        rows = [row for row in page.iter_rows() if row[0].value in CATALOGUE.questions]
        for number, row in enumerate(rows):
            row[2].value = TYPED[number % len(TYPED)]
        if not path.name.startswith("P3"):
            workbook.save(came / path.name)
    return read_folder(made, issued.read(log), came)


def test_every_answer_is_accounted_for(returned: Returned) -> None:
    outcomes = {Outcome.SCORED: 20, Outcome.NA: 5, Outcome.DK: 5, Outcome.REJECTED: 5, Outcome.BLANK: 5}
    for who, angle in (("P1", "current"), ("P2", "current"), ("B1", "benchmark")):
        mine = [each.outcome for each in returned.answers if (each.respondent, each.angle) == (who, angle)]
        assert {outcome: mine.count(outcome) for outcome in outcomes} == outcomes
    assert {each.outcome for each in returned.answers if each.respondent == "P1" and each.angle == "target"} == {
        Outcome.BLANK
    }
    assert {each.outcome for each in returned.answers if each.respondent == "P3"} == {Outcome.MISSING}


def test_nothing_our_own_writer_puts_there_is_reported(returned: Returned) -> None:
    assert {finding.code for file in returned.files for finding in file.findings} == {"ANS_001", "ANS_004", "ANS_024"}
