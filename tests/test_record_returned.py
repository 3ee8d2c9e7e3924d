"""An interviewer's record comes back: what stands, what is kept beside it, and how far the two differ."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fault_books import edited
from interview_plans import CATALOGUE
from openpyxl import Workbook
from returned_books import CONTRACT, IDS, answer, book, codes, full, issue, plan, read, statuses, typed

from cmme_xl.catalogue import ROOT
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan
from cmme_xl.results.agreed import agreed, shown
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.returned.model import Answer, Outcome, Returned
from cmme_xl.returned.session import Point, Session

COLUMNS = CONTRACT["record"]["columns"]
OWN = full(4).replace("7 | 4", "7 | 3")


def record(
    path: Path,
    table: str,
    respondent: str = "P1",
    number: int = 2,
    lang: str = "zh",
    session: Sequence[tuple[str, date | int | str | None]] = (),
    points: Sequence[tuple[str, ...]] = (),
) -> Path:
    """Write a returned record. `table` has one line per question: number | agreed | target | status of the evidence |
    evidence | notes; questions not named are left blank. `session`: (key, value); `points`: what, who, when."""
    contract = CONTRACT["record"]

    def edit(workbook: Workbook) -> None:
        sheet = workbook[CONTRACT["sheets"]["questions"]["zh"]]
        sheet.delete_rows(1, sheet.max_row)
        sheet.append([column["header"][lang] for column in COLUMNS])
        filled = dict(line.strip().split("|", 1) for line in table.splitlines() if line.strip())
        lines = {int(which): cells.split("|") for which, cells in filled.items()}
        for number, question in enumerate(IDS, 1):
            cells = [part.strip() for part in lines.get(number, ())]
            wording = f"{CATALOGUE.questions[question].text.zh}\n加一分：另有一段"
            sheet.append([question, wording, 4, 5, "台账", *map(typed, cells)])
        cover = workbook[CONTRACT["sheets"]["cover"]["zh"]]
        for row, (key, value) in enumerate(session, 30):
            cover.cell(row, 2, contract["session"][key][lang])
            cover.cell(row, 5, value)
        for column, heads in enumerate(contract["points"]["heads"].values(), 3):
            cover.cell(40, column, heads[lang])
        for row, texts in enumerate(points, 41):
            cover.cell(row, 2, contract["points"]["id"].format(number=row - 40))
            for column, text in enumerate(texts, 3):
                cover.cell(row, column, text)

    return book(path, "", respondent, number, edit=edit)


def issues(*respondents: str) -> tuple[Issue, ...]:
    """An interview and a record for each."""
    found: list[Issue] = []
    for whose in respondents or ("P1",):
        found += (issue(whose), issue(whose, 2, kind="record", predecessor=issue(whose).id))
    return tuple(found)


def read_records(folder: Path, plan_: Plan | None = None) -> Returned:
    plan_ = plan_ or plan()
    return read(folder, issues(*plan_.by_id), plan_)


# --- what stands


def test_what_was_agreed_stands_and_a_blank_keeps_what_was_answered(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | 2 | 3\n2 | |\n3 | 不适用")
    returned = read_records(tmp_path)
    found = [answer(returned, number) for number in range(1, 8)]
    assert [each.score for each in found] == [2.0, 4.0, None, 4.0, 4.0, 4.0, 3.0]
    assert found[2].outcome is Outcome.NA
    assert [each.file for each in found[:2]] == ["bb.xlsx", "a.xlsx"]
    assert (answer(returned, 1, "target").score, answer(returned, 2, "target").score) == (3.0, 5.0)
    assert statuses(returned) == {"a.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert "LED_011" in codes(returned, "a.xlsx")
    assert returned.tally()["expected"] == 14


def test_hidden_sheets_that_a_program_shows_hold_no_answers(tmp_path: Path) -> None:
    """Gnumeric shows every hidden sheet; that of a record computes beside the ids of its questions."""

    def show(workbook: Workbook) -> None:
        sheet = workbook.create_sheet(CONTRACT["live"]["record"]["sheet"])
        sheet.append([column["header"]["zh"] for column in COLUMNS])
        for number, question in enumerate(IDS, 2):
            sheet.append([question, *[f"=A{number}"] * (len(COLUMNS) - 1)])

    record(tmp_path / "bb.xlsx", "1 | 2\n2 |")
    (tmp_path / "bb.xlsx").write_bytes(edited(show, (tmp_path / "bb.xlsx").read_bytes()))
    returned = read_records(tmp_path)
    assert statuses(returned) == {"bb.xlsx": "accepted"}
    assert (answer(returned, 1).score, answer(returned, 2).outcome) == (2.0, Outcome.BLANK)


def test_both_are_kept(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | 2\n2 |")
    (kept,) = read_records(tmp_path).records
    own, settled = (
        {each.question: each for each in reply if each.angle == "current"} for reply in (kept.own, kept.agreed)
    )
    assert [own[id_].score for id_ in IDS] == [4.0] * 6 + [3.0]
    assert (settled[IDS[0]].score, settled[IDS[1]].outcome) == (2.0, Outcome.BLANK)
    assert {each.respondent for each in own.values()} == {"P1"}


def test_a_record_alone_is_enough(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2\n2 |")
    returned = read_records(tmp_path)
    assert statuses(returned) == {"bb.xlsx": "accepted"}
    assert (answer(returned, 1).score, answer(returned, 2).outcome) == (2.0, Outcome.BLANK)
    assert {key: count for key, count in returned.tally().items() if count} == {
        "expected": 14,
        "scored": 1,
        "blank": 13,
    }
    (kept,) = returned.records
    assert {each.outcome for each in kept.own} == {Outcome.MISSING}


def test_a_record_for_someone_who_was_never_sent_an_interview(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2")
    returned = read(tmp_path, (issue(number=2, kind="record"),))
    assert (answer(returned, 1).score, returned.tally()["expected"]) == (2.0, 14)


def test_a_record_that_did_not_come_back_changes_nothing(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    returned = read_records(tmp_path)
    assert statuses(returned) == {"a.xlsx": "accepted"}
    assert codes(returned) == []
    assert returned.records == ()


def test_two_versions_of_a_record_are_a_conflict_where_they_differ(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | 2\n2 | 3")
    record(tmp_path / "ccc.xlsx", "1 | 1\n2 | 3")
    returned = read_records(tmp_path)
    assert statuses(returned) == {"a.xlsx": "superseded", "bb.xlsx": "conflict", "ccc.xlsx": "conflict"}
    assert (answer(returned, 1).outcome, answer(returned, 2).score, answer(returned, 3).score) == (
        Outcome.CONFLICT,
        3.0,
        4.0,
    )
    assert [session.file for session in returned.records[0].sessions] == ["bb.xlsx", "ccc.xlsx"]


def test_a_later_record_stands_for_the_earlier_one(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2")
    record(tmp_path / "ccc.xlsx", "1 | 1", number=3)
    later = issue(number=3, kind="record", predecessor=issue(number=2).id)
    returned = read(tmp_path, (*issues(), later))
    assert statuses(returned) == {"bb.xlsx": "superseded", "ccc.xlsx": "accepted"}
    assert answer(returned, 1).score == 1.0


def test_a_record_settles_what_two_versions_of_the_answers_had_left_open(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    book(tmp_path / "aa.xlsx", OWN.replace("1 | 4", "1 | 3"))
    record(tmp_path / "bb.xlsx", "1 | 2")
    returned = read_records(tmp_path)
    assert answer(returned, 1).score == 2.0
    assert statuses(returned) == {"a.xlsx": "superseded", "aa.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert codes(returned) == ["LED_011", "LED_011"]


def test_what_a_record_leaves_open_between_two_versions_stays_a_conflict(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    book(tmp_path / "aa.xlsx", OWN.replace("1 | 4", "1 | 3"))
    record(tmp_path / "bb.xlsx", "2 | 2")
    returned = read_records(tmp_path)
    assert answer(returned, 1).outcome is Outcome.CONFLICT
    assert codes(returned, "a.xlsx") == ["LED_001", "LED_011"]


def test_a_record_stands_for_a_clarification_too(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    book(tmp_path / "aa.xlsx", full(3).replace("7 | 3", "7 | 2"), number=3)
    record(tmp_path / "bb.xlsx", "1 | 2")
    clarification = issue(number=3, kind="clarification", predecessor=issue().id)
    returned = read(tmp_path, (*issues(), clarification))
    assert statuses(returned) == {"a.xlsx": "superseded", "aa.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert (answer(returned, 1).score, answer(returned, 2).score) == (2.0, 3.0)


def test_what_cannot_be_read_in_a_record_is_open_and_not_the_own_score(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | '2-3")
    returned = read_records(tmp_path)
    assert answer(returned, 1).outcome is Outcome.REJECTED
    assert "ANS_004" in codes(returned, "bb.xlsx")


def test_a_record_of_someone_the_plan_no_longer_names_is_set_aside(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2", "P2")
    returned = read(tmp_path, issues("P1", "P2"), plan("P1"))
    assert statuses(returned) == {"bb.xlsx": "quarantined"}
    assert codes(returned, "bb.xlsx") == ["IDN_006"]
    assert returned.records == ()


def test_an_untouched_record_is_no_session(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | |")
    returned = read_records(tmp_path)
    assert statuses(returned) == {"a.xlsx": "accepted", "bb.xlsx": "superseded"}
    assert returned.records == ()


# --- evidence and session


@pytest.mark.parametrize(
    ("said", "proof"),
    [("口述", "stated"), ("Document seen", "document"), (" seen IN use ", "in_use"), ("已见在用", "in_use"), ("", "")],
)
def test_the_status_of_evidence_is_understood_in_either_language(tmp_path: Path, said: str, proof: str) -> None:
    record(tmp_path / "bb.xlsx", f"1 | 2 | | {said} | 制度 | 再查")
    found = answer(read_records(tmp_path), 1)
    assert (found.proof, found.evidence, found.comment) == (proof, "制度", "再查")


def test_another_word_is_quoted_and_the_answer_counts(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2 | | 大概见过 | 制度")
    returned = read_records(tmp_path)
    (finding,) = returned.files[0].findings
    assert (finding.code, finding.raw, finding.place.question) == ("ANS_043", "大概见过", IDS[0])
    assert (answer(returned, 1).score, answer(returned, 1).proof) == (2.0, "")


def test_evidence_of_both_is_kept(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", OWN)
    record(tmp_path / "bb.xlsx", "1 | 2 | | 已见文件 | 回访规定\n2 | | | 口述")
    returned = read_records(tmp_path)
    assert answer(returned, 1).evidence == "回访规定\n台账"
    assert (answer(returned, 2).evidence, answer(returned, 2).proof) == ("台账", "stated")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_session_is_read(tmp_path: Path, lang: str) -> None:
    said: list[tuple[str, date | int | str | None]] = [
        ("interviewer", "周明"),
        ("day", date(2026, 12, 8)),
        ("minutes", 75),
    ]
    points = [("补交回访规定", "市场部", "12-15"), ("", "", ""), ("=1+1", "", "")]
    record(tmp_path / "bb.xlsx", "1 | 2", session=said, points=points, lang=lang)
    (session,) = read_records(tmp_path).records[0].sessions
    assert session == Session(
        "bb.xlsx",
        "周明",
        "2026-12-08",
        "75",
        (Point("补交回访规定", "市场部", "12-15"), Point("=1+1", "", "")),
    )


def test_an_entry_left_empty_does_not_take_the_next_label(tmp_path: Path) -> None:
    record(tmp_path / "bb.xlsx", "1 | 2", session=[("interviewer", None), ("day", "昨天")])
    (session,) = read_records(tmp_path).records[0].sessions
    assert (session.interviewer, session.day, session.minutes) == ("", "昨天", "")


# --- the difference


def settled(tmp_path: Path) -> tuple[Plan, Returned]:
    """Three people: P1 from 4 to 2, 4, N/A; P2 answered nothing; P3 from 4 to 5."""
    plan_ = plan("P1", "P2", "P3")
    book(tmp_path / "a1.xlsx", OWN)
    book(tmp_path / "a3.xlsx", OWN, "P3")
    record(tmp_path / "r1.xlsx", "1 | 2\n2 | 4\n3 | 不适用\n4 |")
    record(tmp_path / "r2.xlsx", "1 | 1", "P2")
    record(tmp_path / "r3.xlsx", "1 | 5", "P3")
    return plan_, read_records(tmp_path, plan_)


def test_the_difference_per_person(tmp_path: Path) -> None:
    first, second, third = agreed(*settled(tmp_path)).people
    assert (first.asked, first.agreed, first.difference.n) == (7, 3, 2)
    assert (first.difference.own, first.difference.agreed, first.difference.difference) == (4.0, 3.0, -1.0)
    assert (first.difference.raised, first.difference.lowered) == (0, 1)
    assert [(each.question, each.difference) for each in first.changes] == [(IDS[0], -2.0), (IDS[2], None)]
    assert (second.agreed, second.difference.n, second.difference.difference) == (1, 0, None)
    assert [(each.own.outcome, each.agreed.score) for each in second.changes] == [(Outcome.MISSING, 1.0)]
    assert third.difference.difference == 1.0


def test_the_difference_per_node(tmp_path: Path) -> None:
    found = agreed(*settled(tmp_path))
    assert (found.nodes[IDS[0]].n, found.nodes[IDS[0]].people, found.nodes[IDS[0]].difference) == (2, 2, -0.5)
    assert found.total == found.nodes[ROOT]
    assert found.total.difference == pytest.approx(-1 / 3)
    assert IDS[6] not in found.nodes
    assert agreed(*settled(tmp_path), "target").total.n == 0


def test_a_client_sees_no_person_and_no_small_number(tmp_path: Path) -> None:
    plan_, returned = settled(tmp_path)
    seen = shown(agreed(plan_, returned), plan_, "client")
    assert (seen.people, seen.nodes) == ((), {})
    results = compute(plan_, returned)
    for audience, names in (("client", []), ("consultant", ["P1", "P2", "P3"])):
        settings = replace(plan_.settings, audience=audience)
        exported = as_json(replace(results, plan=replace(plan_, settings=settings)), "zh")["agreed"]
        assert [each["respondent"] for each in exported["current"]["people"]] == names  # type: ignore[index]


def test_the_total_follows_what_was_agreed(tmp_path: Path) -> None:
    plan_, returned = settled(tmp_path)
    votes: list[Answer] = [each for each in returned.answers if each.question == IDS[0] and each.angle == "current"]
    assert [vote.score for vote in votes] == [2.0, 1.0, 5.0]
    assert compute(plan_, returned).chosen.angles["current"].nodes[IDS[0]].score == pytest.approx(8 / 3)
