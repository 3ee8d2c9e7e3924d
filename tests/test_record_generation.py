"""From returns to records and back: who gets one, what a second run does, and the whole round trip."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import lanes
import openpyxl
import pytest
from interview_plans import CATALOGUE, person, plan, shortened
from openpyxl.workbook import Workbook

from cmme_xl.findings import Refusal
from cmme_xl.interview.clarification import clarify
from cmme_xl.interview.generation import generate
from cmme_xl.interview.record.generation import Recorded, record
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.results.agreed import agreed
from cmme_xl.results.progress import State, progress
from cmme_xl.returned.model import Answer, Outcome, Returned
from cmme_xl.returned.read import read_folder
from cmme_xl.returned.session import Point
from cmme_xl.templates import template

SENT, HELD = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC)
IDS = tuple(question.id for question in CATALOGUE.asked_of("middle"))[:8]
Typed = Mapping[str, Mapping[str, object]]
ANSWERED: Typed = {
    IDS[0]: {"current": 4, "target": 5, "evidence": "台账"},
    IDS[1]: {"current": 3},
    IDS[2]: {"current": "四左右"},
    IDS[3]: {"current": "不适用"},
    IDS[4]: {"current": 5, "comment": "见附件"},
}
SETTLED: Typed = {
    IDS[0]: {"current": 2, "proof": "Document seen", "evidence": "第三版"},
    IDS[2]: {"current": 4, "proof": "口述"},
    IDS[3]: {"current": 1},
}


@dataclass(frozen=True)
class Desk:
    """An engagement's folder."""

    folder: Path
    plan: Plan

    @property
    def log(self) -> Path:
        return self.folder / issued.FILE_NAME

    @property
    def returns(self) -> Path:
        return self.folder / "returned"

    def send(self) -> dict[str, Path]:
        generate(self.plan, self.folder / "out", self.log, now=SENT)
        sent = issued.latest(each for each in issued.read(self.log) if each.kind == "interview")
        return {id_: self.folder / "out" / issue.file for id_, issue in sent.items()}

    def records(self, *, reissue: bool = False) -> Recorded:
        return record(self.plan, self.returns, self.folder / "records", self.log, reissue=reissue, now=HELD)

    def issues(self) -> list[issued.Issue]:
        return [issue for issue in issued.read(self.log) if issue.kind == issued.RECORD]

    def returned(self) -> Returned:
        return read_folder(self.plan, issued.read(self.log), self.returns)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "returned").mkdir()
    made = plan(person("P1"), person("P2"), person("B1", "benchmark", department=""))
    return Desk(tmp_path, shortened(made, len(IDS)))


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def fill_in(path: Path, target: Path, typed: Typed, session: Mapping[str, object] | None = None) -> Path:
    """The workbook as another program saves it after typing: question -> role of the column -> what is typed."""
    book, contract = opened(path), template("interview")
    columns = [*contract["columns"], *contract["record"]["columns"]]
    heads = {head: column["role"] for column in columns for head in column["header"].values()}
    labels = {text: key for key, words in contract["record"]["session"].items() for text in words.values()}
    for sheet in book.worksheets:
        places = {heads[str(cell.value)]: int(cell.column or 0) for cell in sheet[1] if cell.value in heads}
        for row in range(1, sheet.max_row + 1):
            for role, value in typed.get(str(sheet.cell(row, 1).value), {}).items():
                if "current" in places:
                    sheet.cell(row, places[role]).value = value  # type: ignore[assignment]
            if sheet.cell(row, 2).value in labels and (session or {}).get(labels[sheet.cell(row, 2).value]) is not None:
                sheet.cell(row, 6).value = session[labels[sheet.cell(row, 2).value]]  # type: ignore[index, assignment]
            if sheet.cell(row, 2).value == "OP1" and session:
                sheet.cell(row, 3).value = session["point"]  # type: ignore[assignment]
    book.save(target)
    return target


def own_column(path: Path) -> dict[str, object]:
    """Question -> what the record shows as the person's own score."""
    contract = template("interview")
    sheet = next(each for each in opened(path).worksheets if each.title in contract["sheets"]["record"].values())
    heads = [cell.value for cell in sheet[1]]
    (column,) = (heads.index(head) + 1 for head in ("自评", "Self") if head in heads)
    return {str(sheet.cell(row, 1).value): sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)}


def said(returned: Returned, who: str = "P1") -> dict[tuple[str, str], Answer]:
    return {(each.question, each.angle): each for each in returned.answers if each.respondent == who}


def codes(made: Recorded) -> list[str]:
    return [finding.code for finding in made.findings]


# --- who gets one


def test_one_for_each_of_the_enterprises_people(desk: Desk) -> None:
    sent = desk.send()
    fill_in(sent["P1"], desk.returns / sent["P1"].name, ANSWERED)
    made = desk.records()
    assert [path.name for path in made.written] == ["P1_受访者P1_访谈记录.xlsx", "P2_受访者P2_访谈记录.xlsx"]
    first, second = desk.issues()
    interviews = issued.latest(each for each in issued.read(desk.log) if each.kind == "interview")
    assert (first.predecessor, second.predecessor) == (interviews["P1"].id, interviews["P2"].id)
    assert sorted(codes(made)) == ["REC_004", "REC_005"]
    shown = own_column(made.written[0])
    assert [shown[id_] for id_ in IDS] == [4, 3, "四左右", "不适用", 5, None, None, None]
    assert {own_column(made.written[1])[id_] for id_ in IDS} == {None}


def test_two_versions_are_shown_side_by_side(desk: Desk) -> None:
    sent = desk.send()
    fill_in(sent["P1"], desk.returns / "a.xlsx", ANSWERED)
    fill_in(sent["P1"], desk.returns / "bb.xlsx", {**ANSWERED, IDS[1]: {"current": 1}})
    made = desk.records()
    assert own_column(made.written[0])[IDS[1]] in ("3 | 1", "1 | 3")


def test_no_interview_is_needed(desk: Desk) -> None:
    made = desk.records()
    assert {issue.predecessor for issue in desk.issues()} == {""}
    fill_in(made.written[0], desk.returns / "r.xlsx", SETTLED)
    assert said(desk.returned())[IDS[0], "current"].score == 2.0
    standing = progress(desk.plan, issued.read(desk.log), desk.returned(), date(2026, 12, 8)).people[0]
    assert (standing.state, standing.answered) == (State.PARTIAL, 3)


def test_a_person_without_questions_gets_none(desk: Desk) -> None:
    made = Desk(desk.folder, replace(desk.plan, assigned={"P1": IDS})).records()
    assert (len(made.written), codes(made)) == (1, ["REC_004", "GEN_002"])


# --- a second run


def test_again_makes_only_what_is_new(desk: Desk) -> None:
    first = desk.records()
    again = desk.records()
    assert (again.written, again.skipped) == ((), ("P1", "P2"))
    assert len(desk.issues()) == 2
    first.written[0].unlink()
    assert desk.records().written == (first.written[0],)
    assert len({issue.id for issue in desk.issues()}) == 2


def test_a_record_not_yet_begun_is_brought_up_to_date(desk: Desk) -> None:
    sent = desk.send()
    path = desk.records().written[0]
    fill_in(sent["P1"], desk.returns / sent["P1"].name, ANSWERED)
    made = desk.records()
    assert (made.written, made.skipped) == ((path,), ("P2",))
    assert own_column(path)[IDS[0]] == 4
    assert len({issue.id for issue in desk.issues()}) == 2
    # the file as it was written last is no session
    (desk.returns / "as_sent.xlsx").write_bytes(path.read_bytes())
    assert {file.name: file.status.value for file in desk.returned().files} == {
        sent["P1"].name: "accepted_with_findings",
        "as_sent.xlsx": "system_file",
    }


def test_an_earlier_state_of_a_record_in_another_folder_is_not_taken_for_begun(desk: Desk) -> None:
    sent = desk.send()
    path = desk.records().written[0]
    fill_in(sent["P1"], desk.returns / sent["P1"].name, ANSWERED)
    elsewhere = record(desk.plan, desk.returns, desk.folder / "elsewhere", desk.log, now=HELD)
    assert [each.parent.name for each in elsewhere.written] == ["elsewhere", "elsewhere"]
    assert path in desk.records().written
    assert own_column(path)[IDS[0]] == 4


def test_no_record_lies_among_the_returns(desk: Desk) -> None:
    for target in (desk.returns, desk.returns / "records"):
        with pytest.raises(Refusal, match="OUT_002"):
            record(desk.plan, desk.returns, target, desk.log, now=HELD)
    assert [*desk.returns.iterdir()] == []


def begun(desk: Desk) -> Path:
    """P1's record, filled in before their answers came."""
    sent = desk.send()
    path = desk.records().written[0]
    fill_in(path, path, SETTLED)
    fill_in(sent["P1"], desk.returns / sent["P1"].name, ANSWERED)
    return path


def test_a_record_that_was_begun_is_left_alone(desk: Desk) -> None:
    path = begun(desk)
    before = path.read_bytes()
    made = desk.records()
    assert path.read_bytes() == before
    assert (made.written, codes(made)) == ((), ["REC_002"])


def test_what_a_successor_leaves_blank_stays_as_agreed_before(desk: Desk) -> None:
    begun(desk)
    successor = desk.records(reissue=True)
    assert [each.name for each in successor.written] == ["P1_受访者P1_访谈记录_2.xlsx"]
    assert "REC_003" in codes(successor)
    assert desk.issues()[-1].predecessor == desk.issues()[0].id
    for path in sorted((desk.folder / "records").glob("P1_*")):
        typed: Typed = {IDS[1]: {"current": 0}} if path.stem.endswith("_2") else {}
        fill_in(path, desk.returns / f"r{path.name}", typed)
    found = said(desk.returned())
    assert [found[id_, "current"].score for id_ in IDS[:5]] == [2.0, 0.0, 4.0, 1.0, 5.0]
    assert found[IDS[0], "current"].proof == "document"


def test_changed_questions_are_reported(desk: Desk) -> None:
    desk.records()
    later = Desk(desk.folder, shortened(desk.plan, 5))
    made = later.records()
    assert (made.written, codes(made)) == ((), ["REC_001", "REC_001"])
    assert len(later.records(reissue=True).written) == 2


def test_a_record_that_came_back_is_not_written_again(desk: Desk) -> None:
    path = desk.records().written[0]
    fill_in(path, desk.returns / path.name, SETTLED)
    path.unlink()
    assert desk.records().skipped == ("P1", "P2")


def test_another_engagements_log_is_refused(desk: Desk) -> None:
    desk.records()
    with pytest.raises(Refusal):
        Desk(desk.folder, replace(desk.plan, engagement=replace(desk.plan.engagement, id="X"))).records()


# --- the round trip


def held(desk: Desk) -> Path:
    """P1 has answered, and the record of the session lies ready to be put with the returns."""
    sent = desk.send()
    fill_in(sent["P1"], desk.returns / sent["P1"].name, ANSWERED)
    path = desk.records().written[0]
    session = {"day": date(2026, 12, 8), "minutes": 80, "point": "=补交规定"}
    return fill_in(path, desk.folder / path.name, SETTLED, session)


def check(desk: Desk) -> None:
    returned = desk.returned()
    found = said(returned)
    assert [found[id_, "current"].score for id_ in IDS[:5]] == [2.0, 3.0, 4.0, 1.0, 5.0]
    assert (found[IDS[0], "current"].proof, found[IDS[0], "current"].evidence) == ("document", "第三版\n台账")
    assert found[IDS[0], "target"].score == 5.0
    (kept,) = returned.records
    (session,) = kept.sessions
    assert (session.interviewer, session.day[:10], session.minutes) == ("周明", "2026-12-08", "80")
    assert session.points == (Point("=补交规定", "", ""),)
    own = {answer.question: answer for answer in kept.own if answer.angle == "current"}
    assert (own[IDS[0]].score, own[IDS[2]].outcome) == (4.0, Outcome.REJECTED)
    (talk,) = agreed(desk.plan, returned).people
    assert (talk.agreed, talk.difference.n, talk.difference.difference) == (3, 1, -2.0)
    problems = [f for file in returned.files for f in file.findings if f.severity.value != "note"]
    assert {finding.place.question for finding in problems} <= {IDS[2]}


def test_through_openpyxl(desk: Desk) -> None:
    path = held(desk)
    path.rename(desk.returns / path.name)
    check(desk)


@pytest.mark.lane("libreoffice")
def test_through_libreoffice(desk: Desk, soffice: lanes.Office) -> None:
    path = held(desk)
    again = soffice.recalculated([path])[path]
    (desk.returns / path.name).write_bytes(again.read_bytes())
    check(desk)


def test_a_settled_answer_is_not_clarified(desk: Desk) -> None:
    path = held(desk)
    files = sorted(desk.returns.iterdir())
    made = clarify(desk.plan, [*files, path], desk.folder / "again", desk.log)
    assert (made.written, [finding.code for finding in made.findings]) == ({}, ["CLR_004"])
