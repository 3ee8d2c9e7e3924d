"""A revision names one wording: rewording goes on from what was exported, and generating refuses what is not so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from interview_plans import CATALOGUE, person, plan

from cmme_xl.catalogue import Catalogue, load, workbook
from cmme_xl.catalogue.exporting import export
from cmme_xl.findings import Refusal
from cmme_xl.interview.generation import Generated, generate
from cmme_xl.plan import issued
from cmme_xl.plan.issued import Asked

FIRST = next(iter(CATALOGUE.questions))


def reworded(path: Path, text: str, rev: int | None = None) -> Catalogue:
    """The catalogue in the workbook at `path` after its first question was reworded, and perhaps its Rev. typed."""
    work = openpyxl.load_workbook(path)
    sheet = work[workbook.sheet_name("questions", "en")]
    roles = [column["role"] for column in workbook.columns("questions", CATALOGUE)]
    sheet.cell(8, 2 + roles.index("text.en")).value = text
    if rev is not None:
        sheet.cell(8, 2 + roles.index("rev")).value = rev
    work.save(path)
    return load(path)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    export(tmp_path / "mine.xlsx", CATALOGUE, "en")
    return tmp_path / "mine.xlsx"


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[Catalogue], Generated]:
    """Generates one interview by a catalogue."""

    def run(catalogue: Catalogue) -> Generated:
        made = replace(plan(person("P1", "senior")), catalogue=catalogue)
        return generate(made, tmp_path / "out", tmp_path / issued.FILE_NAME, reissue=True)

    return run


def test_a_wording_of_a_revision_that_went_out_is_the_only_one(
    mine: Path, tmp_path: Path, sent: Callable[[Catalogue], Generated]
) -> None:
    sent(reworded(mine, "Is it done?"))
    log = (tmp_path / issued.FILE_NAME).read_bytes()
    with pytest.raises(Refusal) as refused:
        sent(reworded(mine, "Is it done every day?"))
    (finding,) = refused.value.findings
    assert (finding.code, finding.place.question) == ("CAT_055", FIRST)
    assert finding.values == {"id": FIRST, "rev": 2, "next": 3}
    assert (tmp_path / issued.FILE_NAME).read_bytes() == log
    raised = reworded(mine, "Is it done every day?", rev=3)
    assert raised.questions[FIRST].rev == 3
    assert len(sent(raised).written) == 1


def test_after_another_export_the_revision_rises_by_itself(
    mine: Path, tmp_path: Path, sent: Callable[[Catalogue], Generated]
) -> None:
    second = reworded(mine, "Is it done?")
    sent(second)
    export(tmp_path / "next.xlsx", second, "en")
    assert load(tmp_path / "next.xlsx").questions[FIRST] == second.questions[FIRST]
    third = reworded(tmp_path / "next.xlsx", "Is it done every day?")
    assert [each.questions[FIRST].rev for each in (CATALOGUE, second, third)] == [1, 2, 3]
    assert len(sent(third).written) == 1


def test_the_next_free_revision_is_told() -> None:
    def issue(*asked: Asked) -> issued.Issue:
        head = dict.fromkeys(issued.Issue.__dataclass_fields__, "")
        return issued.Issue(**head | {"questions": asked, "angles": ()})  # type: ignore[arg-type]

    log = [issue(Asked("A", 1, "x"), Asked("B", 1, "y")), issue(Asked("A", 4, "z"))]
    now = [Asked("A", 1, "new"), Asked("B", 1, "y"), Asked("B", 2, "new"), Asked("C", 1, "new")]
    assert issued.reused(log, now) == {"A": 5}
