"""A folder of returns: identity, versions, and a ledger that balances."""

import os
import shutil
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import fault_books
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interview_plans import CATALOGUE
from returned_books import IDS, answer, book, codes, full, issue, plan, read, statuses

from cmme_xl.findings import Refusal
from cmme_xl.interview.dispatch import dispatch_bytes
from cmme_xl.plan.issued import Asked
from cmme_xl.plan.write import plan_bytes
from cmme_xl.returned.ledger import balance
from cmme_xl.returned.model import Answers, Outcome, Returned, ReturnedFile, Status, tally_by_angle
from cmme_xl.returned.read import read_file, read_folder
from cmme_xl.returned.version import Unbalanced


def only(returned: Returned) -> tuple[str, list[str]]:
    (file,) = returned.files
    return file.status.value, codes(returned, file.name)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"hidden": False, "code": False}, "IDN_001"),
        ({"properties": {"cmme_respondent": "P9"}}, "IDN_003"),
        ({"engagement": "OTHER"}, "IDN_004"),
        ({"number": 7}, "IDN_005"),
    ],
)
def test_what_cannot_be_placed_is_quarantined(tmp_path: Path, how: dict[str, object], code: str) -> None:
    book(tmp_path / "a.xlsx", full(), **how)  # type: ignore[arg-type]
    returned = read(tmp_path)
    assert only(returned) == ("quarantined", [code])
    assert returned.tally()["missing"] == 14


def test_a_code_that_contradicts_the_hidden_sheet_is_quarantined(tmp_path: Path) -> None:
    def forge(workbook: object) -> None:
        workbook["封面"]["B20"] = "CMME:Q7-2026:P2:00000000000000p2"  # type: ignore[index]

    book(tmp_path / "a.xlsx", full(), edit=forge)
    assert only(read(tmp_path)) == ("quarantined", ["IDN_003"])


def test_a_foreign_workbook_is_not_ours(tmp_path: Path) -> None:
    def empty(workbook: object) -> None:
        del workbook["问卷"]  # type: ignore[attr-defined]

    book(tmp_path / "a.xlsx", "", hidden=False, code=False, edit=empty)
    assert only(read(tmp_path)) == ("quarantined", ["IDN_002"])


def test_the_log_decides_whose_issue_it_is(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(), respondent="P1")
    mixed = issue("P2", id=issue().id)
    assert only(read(tmp_path, (mixed,), plan("P1", "P2"))) == ("quarantined", ["IDN_007"])


def test_a_person_taken_out_of_the_plan_is_not_expected(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    returned = read(tmp_path, plan_=plan("P2"))
    assert returned.files[0].status is Status.QUARANTINED
    assert codes(returned) == ["IDN_006", "LED_005", "LED_010"]
    assert returned.answers == ()


def test_the_visible_code_is_enough_where_the_hidden_sheet_is_gone(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(), hidden=False)
    returned = read(tmp_path)
    assert returned.tally()["scored"] == 14
    assert "IDN_008" in codes(returned)


def test_a_question_reworded_since_is_rejected_and_listed(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    old = issue()
    old = replace(old, questions=(Asked(IDS[0], 0, "before"), *old.questions[1:]))
    returned = read(tmp_path, (old,))
    assert answer(returned, 1).outcome is Outcome.REJECTED
    assert answer(returned, 2).outcome is Outcome.SCORED
    assert codes(returned).count("ANS_021") == 2


def test_foreign_files_are_set_aside_each_with_its_reason(tmp_path: Path) -> None:
    for name, data in {
        "~$a.xlsx": b"x", ".DS_Store": b"x", "a.csv": b"a,b\n", "a.pdf": b"%PDF-1", "a.html": b"<html>", "e.xlsx": b"",
        ".plan.xlsx.lock": b"{}", ".s.xlsx.k2.part": b"PK", ".123-ab.part": b"",
        "b.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0k\0b\0o\0o\0k\0\0\0", "issued.jsonl": b"{}",
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
    returned = read(tmp_path)
    found = {file.name: (file.status.value, file.findings[0].code) for file in returned.files}
    assert found == {
        "~$a.xlsx": ("system_file", "FIL_001"),
        ".DS_Store": ("system_file", "FIL_001"),
        ".plan.xlsx.lock": ("system_file", "FIL_001"),
        ".s.xlsx.k2.part": ("system_file", "FIL_001"),
        ".123-ab.part": ("system_file", "FIL_001"),
        "issued.jsonl": ("system_file", "FIL_024"),
        "a.csv": ("unreadable", "FIL_009"),
        "a.pdf": ("unreadable", "FIL_011"),
        "a.html": ("unreadable", "FIL_010"),
        "e.xlsx": ("unreadable", "FIL_002"),
        "b.xls": ("unreadable", "FIL_004"),
    }


def test_links_and_pipes_are_not_followed_and_subfolders_are(tmp_path: Path) -> None:
    outside = book(tmp_path / "elsewhere" / "a.xlsx", full())
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.xlsx").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.xlsx")
    book(folder / "sub" / "b.xlsx", full())
    returned = read(folder)
    assert {tuple(codes(returned, name)) for name in ("loop", "link.xlsx", "pipe.xlsx")} == {("FIL_022",)}
    assert statuses(returned) == {
        "loop": "unreadable",
        "link.xlsx": "unreadable",
        "pipe.xlsx": "unreadable",
        "sub/b.xlsx": "accepted",
    }


def test_same_bytes_twice_is_a_duplicate_of_the_shorter_name(tmp_path: Path) -> None:
    shutil.copy(book(tmp_path / "a.xlsx", full()), tmp_path / "a (1).xlsx")
    returned = read(tmp_path)
    assert statuses(returned) == {"a.xlsx": "accepted", "a (1).xlsx": "duplicate"}
    assert returned.tally()["scored"] == 14


def test_same_answers_saved_twice_is_a_duplicate(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    book(tmp_path / "bb.xlsx", full(), saved=datetime(2026, 12, 1))
    returned = read(tmp_path)
    assert statuses(returned) == {"a.xlsx": "accepted", "bb.xlsx": "duplicate"}
    assert "LED_003" in codes(returned, "bb.xlsx")


def test_different_versions_are_a_conflict_with_the_difference_shown(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4))
    book(tmp_path / "bb.xlsx", full(4).replace("3 | 4", "3 | 2"))
    returned = read(tmp_path)
    assert statuses(returned) == {"a.xlsx": "conflict", "bb.xlsx": "conflict"}
    (finding,) = (finding for finding in returned.files[0].findings if finding.code == "LED_001")
    assert finding.values["differences"] == f"{IDS[2]} current: 4 / 2"
    assert (returned.tally()["conflict"], returned.tally()["scored"]) == (1, 13)
    assert (answer(returned, 3).score, answer(returned, 3).raw) == (None, "4 | 2")


def test_differing_evidence_is_a_conflict_that_costs_no_answer(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4))
    book(tmp_path / "bb.xlsx", full(4).replace("3 | 4 | 5 | 台账", "3 | 4 | 5 | 报表"))
    returned = read(tmp_path)
    assert statuses(returned) == {"a.xlsx": "conflict", "bb.xlsx": "conflict"}
    (finding,) = (finding for finding in returned.files[0].findings if finding.code == "LED_001")
    assert finding.values["differences"] == f"{IDS[2]} evidence: 台账 / 报表"
    assert returned.tally()["scored"] == 14
    assert answer(returned, 3).evidence == "台账\n报表"


def test_the_newest_counts_only_where_the_plan_says_so(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4), saved=datetime(2026, 12, 1))
    book(tmp_path / "bb.xlsx", full(2), saved=datetime(2026, 12, 2))
    assert read(tmp_path).tally()["conflict"] == 7
    newest = read(tmp_path, plan_=plan(prefer_newest=True))
    assert statuses(newest) == {"a.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert "LED_007" in codes(newest, "a.xlsx")
    assert answer(newest, 1).score == 2.0


def test_a_tie_in_time_stays_a_conflict(tmp_path: Path) -> None:
    for name, score in (("a.xlsx", 4), ("bb.xlsx", 2)):
        book(tmp_path / name, full(score), saved=datetime(2026, 12, 1))
    returned = read(tmp_path, plan_=plan(prefer_newest=True))
    assert returned.tally()["conflict"] == 7
    assert "LED_001" in codes(returned, "a.xlsx")


def test_a_version_that_does_not_say_when_it_was_saved_stays_a_conflict(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4), saved=datetime(2026, 12, 1))
    whole = fault_books.parts_of(book(tmp_path / "bb.xlsx", full(2)).read_bytes())
    (tmp_path / "bb.xlsx").write_bytes(fault_books.zipped(whole | {"docProps/core.xml": b"<coreProperties/>"}))
    returned = read(tmp_path, plan_=plan(prefer_newest=True))
    assert returned.tally()["conflict"] == 7
    assert "LED_001" in codes(returned, "a.xlsx")


def test_an_interviewers_record_stands_for_the_interview(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4))
    book(tmp_path / "bb.xlsx", full(2), number=2)
    record = issue(number=2, kind="record", predecessor=issue().id)
    returned = read(tmp_path, (issue(), record))
    assert statuses(returned) == {"a.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert answer(returned, 1).score == 2.0


def test_a_clarification_adds_to_what_it_clarifies(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4).replace("1 | 4", "1 | '3-4"))
    book(tmp_path / "bb.xlsx", "1 | 3\n2 |", number=2)
    second = issue(number=2, kind="clarification", predecessor=issue().id, ids=IDS[:2])
    returned = read(tmp_path, (issue(), second))
    assert {file.status.counted for file in returned.files} == {True}
    assert returned.tally()["expected"] == 14
    assert (answer(returned, 1).score, answer(returned, 2).score, answer(returned, 3).score) == (3.0, 4.0, 4.0)


def test_what_was_wrong_in_a_file_that_another_stands_for_needs_nobody(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4).replace("1 | 4", "1 | '3-4"))
    book(tmp_path / "bb.xlsx", full(4), number=2)
    returned = read(tmp_path, (issue(), issue(number=2, kind="clarification", predecessor=issue().id)))
    assert statuses(returned) == {"a.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert "ANS_004" in codes(returned, "a.xlsx")
    told = {finding.code for finding in returned.told}
    assert "LED_002" in told
    assert "ANS_004" not in told


def test_an_older_issue_fills_what_is_still_asked(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4))
    later = issue(number=2, ids=IDS[:5], predecessor=issue().id)
    returned = read(tmp_path, (issue(), later))
    assert returned.tally() == {
        "expected": 10,
        "scored": 10,
        "na": 0,
        "dk": 0,
        "blank": 0,
        "rejected": 0,
        "missing": 0,
        "conflict": 0,
    }
    assert codes(returned, "a.xlsx") == ["IDN_011", "ANS_023"]
    assert "LED_008" in codes(returned)


def test_questions_added_or_removed_since_are_reported(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(4))
    changed = replace(plan(), assigned={"P1": (*IDS[:5], *tuple(CATALOGUE.questions)[7:10])})
    (finding,) = read(tmp_path, plan_=changed).findings
    assert (finding.code, finding.values["added"], finding.values["removed"]) == ("LED_009", 3, 2)
    out_of_scope = replace(changed, dropped=frozenset(IDS[5:]))
    assert [each.values["removed"] for each in read(tmp_path, plan_=out_of_scope).findings] == [0]


def test_whoever_was_never_sent_a_workbook_is_named(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    found = read(tmp_path, plan_=plan("P1", "P2")).findings
    assert [(each.code, each.values["respondent"]) for each in found] == [("LED_010", "P2")]


def test_our_own_workbooks_are_no_returns(tmp_path: Path) -> None:
    (tmp_path / "d.xlsx").write_bytes(dispatch_bytes(plan(), {"P1": issue(file="a.xlsx")}))
    (tmp_path / "p.xlsx").write_bytes(plan_bytes(CATALOGUE, "zh"))
    found = {(file.status, *codes(read(tmp_path), file.name)) for file in read(tmp_path).files}
    assert found == {(Status.SYSTEM, "FIL_024")}


def test_check_tells_a_missing_file_from_a_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "gone.xlsx", "FIL_030"), (tmp_path, "FIL_031")):
        file, answers = read_file(path, CATALOGUE)
        assert (file.name, file.status, answers) == (path.name, Status.UNREADABLE, ())
        assert [(finding.code, finding.place.file) for finding in file.findings] == [(code, path.name)]


def test_answers_are_counted_by_angle(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full(3).replace("1 | 3", "1 | '3-4"))
    counts = tally_by_angle(read(tmp_path).answers)
    assert list(counts) == ["current", "target"]
    assert (counts["current"]["scored"], counts["current"]["rejected"], counts["target"]["scored"]) == (6, 1, 7)
    assert {count["expected"] for count in counts.values()} == {7}


def test_an_empty_return_gives_way_to_a_filled_one(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", "\n".join(map(str, range(1, 8))))
    assert read(tmp_path).tally()["blank"] == 14
    book(tmp_path / "bb.xlsx", full())
    returned = read(tmp_path)
    assert statuses(returned) == {"a.xlsx": "superseded", "bb.xlsx": "accepted"}
    assert codes(returned, "a.xlsx") == ["LED_006"]


def test_the_workbook_as_sent_is_no_answer(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", full())
    digest = read_file(path, CATALOGUE)[0].sha256
    returned = read(tmp_path, (issue(sha256=digest),))
    assert only(returned) == ("system_file", ["FIL_025"])
    assert returned.tally()["missing"] == 14


def test_nobody_is_forgotten(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    returned = read(tmp_path, (issue(), issue("P2")), plan("P1", "P2"))
    assert returned.tally() == {
        "expected": 28,
        "scored": 14,
        "na": 0,
        "dk": 0,
        "blank": 0,
        "rejected": 0,
        "missing": 14,
        "conflict": 0,
    }
    assert [finding.values["respondent"] for finding in returned.findings if finding.code == "LED_004"] == ["P2"]


def test_check_reads_a_file_without_a_plan(tmp_path: Path) -> None:
    file, answers = read_file(book(tmp_path / "a.xlsx", full(3)), CATALOGUE)
    assert (file.respondent, file.status) == ("P1", Status.ACCEPTED)
    assert {(each.respondent, each.score) for each in answers if each.angle == "current"} == {("P1", 3.0)}


def test_progress_is_told_of_every_file(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    told: list[tuple[int, int]] = []
    read_folder(plan(), (), tmp_path, lambda *step: told.append(step))
    assert told == [(1, 2), (2, 2)]


def test_files_are_listed_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.csv", "A copy of a.csv", "a.csv", "C.csv"):
        (tmp_path / name).write_text("same" if "a." in name else name)
    files = read(tmp_path).files
    assert [file.name for file in files] == ["A copy of a.csv", "a.csv", "b.csv", "C.csv"]
    assert [file.name for file in files if file.status is Status.DUPLICATE] == ["A copy of a.csv"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read(tmp_path / "gone")
    assert [finding.code for finding in caught.value.findings] == ["FIL_029"]


def test_the_ledger_notices_what_does_not_balance() -> None:
    file = ReturnedFile("a", "", 0, Status.ACCEPTED)
    balance(Returned((file,), Answers()), 1)
    with pytest.raises(Unbalanced):
        balance(Returned((file,), Answers()), 2)


def test_three_thousand_merges_and_many_sheets_cost_no_time(tmp_path: Path) -> None:
    def merge(workbook: object) -> None:
        page = workbook["问卷"]  # type: ignore[index]
        for row in range(20, 3020):
            page.merged_cells.add(f"A{row}:XFD{row}")

    book(tmp_path / "a.xlsx", full(), edit=merge)
    began = time.process_time()
    assert read(tmp_path).tally()["scored"] == 14
    assert time.process_time() - began < 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), max_size=6), cut=st.floats(0.2, 1))
def test_no_damage_ends_in_an_exception(tmp_path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    whole = tmp_path / "whole.xlsx"
    if not whole.exists():
        book(whole, full())
    data = bytearray(whole.read_bytes())
    for at, byte in flips:
        data[int(at * len(data))] = byte
    damaged = tmp_path / "in"
    damaged.mkdir(exist_ok=True)
    (damaged / "a.xlsx").write_bytes(data[: int(cut * len(data))])
    returned = read(damaged)
    assert "FIL_028" not in codes(returned)
    assert returned.tally()["expected"] == 14


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_no_bytes_end_in_an_exception(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    returned = read(tmp_path)
    assert "FIL_028" not in codes(returned)
    assert len(returned.files) == 1
